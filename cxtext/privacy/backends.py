"""Names that other programs find: a spaCy pipeline or Deduce, where they are installed."""

from __future__ import annotations

from functools import cache
from typing import Any

from cxtext.errors import ModelError
from cxtext.language import detect_language
from cxtext.privacy.findings import Finding

_PIPELINES = {"nl": "nl_core_news", "en": "en_core_web"}
_SIZES = ("lg", "md", "sm")
_RELEASES = "https://github.com/explosion/spacy-models/releases/download"
_RELEASE = "3.8.0"
_PERSONS = {"PERSON", "PER", "persoon", "patient"}


def find_names_with(backend: str, text: str) -> list[Finding]:
    """Names of persons that a back-end finds; none is sure.

    Parameters
    ----------
    backend : str
        ``spacy`` (the largest ``nl_core_news`` or ``en_core_web`` that is installed, by the language of the text),
        ``deduce``, or the name or folder of a spaCy pipeline.
    text : str

    Returns
    -------
    list of Finding

    Raises
    ------
    ModelError
        It is not installed.
    """
    if backend == "deduce":
        found = [(int(a.start_char), int(a.end_char), a.tag) for a in _deduce().deidentify(text).annotations]
    else:
        language = "en" if backend == "spacy" and detect_language(text) == "en" else "nl"
        pipeline = _pipeline(_installed(language) if backend == "spacy" else backend)
        found = [(entity.start_char, entity.end_char, entity.label_) for entity in pipeline(text).ents]
    return [
        Finding(start, end, "name", f"name: {backend}", sure=False) for start, end, label in found if label in _PERSONS
    ]


def check_backend(backend: str) -> None:
    """Load a back-end, so that what is missing is said before anything is read.

    Raises
    ------
    ModelError
        It is not installed.
    """
    if backend:
        find_names_with(backend, "")


@cache
def _deduce() -> Any:
    try:
        from deduce import Deduce
    except ImportError as error:
        msg = "--backend deduce needs Deduce (LGPL-3), which is not part of cxtext. Run: pip install deduce"
        raise ModelError(msg) from error
    return Deduce()


@cache
def _installed(language: str) -> str:
    """Name of the largest pipeline of a language that is installed."""
    from spacy.util import is_package

    for size in _SIZES:
        if is_package(f"{_PIPELINES[language]}_{size}"):
            return f"{_PIPELINES[language]}_{size}"
    name = f"{_PIPELINES[language]}_md-{_RELEASE}"
    msg = (
        f"--backend spacy needs a pipeline that is not installed, such as {_PIPELINES[language]}_md. "
        f"Run: pip install {_RELEASES}/{name}/{name}-py3-none-any.whl"
    )
    raise ModelError(msg)


@cache
def _pipeline(name: str) -> Any:
    import spacy

    try:
        return spacy.load(name)
    except (OSError, ValueError, ImportError) as error:
        msg = (
            f"--backend {name}: it cannot be loaded as a spaCy pipeline ({error}). "
            "Give spacy, deduce, or the name or folder of a pipeline that is installed."
        )
        raise ModelError(msg) from error
