"""Engines: what turns segments into logits, and says which words moved them.

``standard`` is a fine-tuned sentence encoder with linear heads; ``fast`` has linear heads over a frozen sentence
vector, n-grams and cues. Each is loaded when a model asks for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

#: name of an engine to its module and class
ENGINES = {
    "standard": ("cxtext.tag.neural", "EncoderEngine"),
    "fast": ("cxtext.tag.linear", "LinearEngine"),
    "learned": ("cxtext.tag.learned", "LearnedEngine"),
}
Arrays = Mapping[str, NDArray[Any]]


class Reading(Protocol):
    """What an engine makes of some segments."""

    logits: NDArray[np.float32]

    def evidence(self, row: int, output: int, code: str) -> str:
        """Why a segment gets a code: stretches of its text (see `cxtext.tag.evidence`)."""


class Engine(Protocol):
    """Turns segments into logits."""

    @property
    def name(self) -> str:
        """Name of the engine."""

    def read(self, segments: pd.DataFrame) -> Reading:
        """Read segments: ``logits`` has shape (n, k)."""

    def save(self, folder: Path) -> tuple[dict[str, Any], Arrays]:
        """Write own files; return what belongs in ``model.json`` and in ``weights.npz``."""


def load_engine(name: str, folder: Path, about: Mapping[str, Any], arrays: Arrays, threads: int) -> Engine:
    """Read an engine that was saved.

    Parameters
    ----------
    name : str
    folder : pathlib.Path
    about : mapping
        Content of ``model.json``.
    arrays : mapping of str to numpy.ndarray
        Content of ``weights.npz``.
    threads : int
        Threads of an encoder; 0 is one per core.

    Returns
    -------
    Engine

    Raises
    ------
    KeyError
        There is no such engine.
    """
    module, engine = ENGINES[name]
    loaded: Engine = getattr(import_module(module), engine).load(folder, about, arrays, threads)
    return loaded
