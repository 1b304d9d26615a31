"""What counts as an answer."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Any

from cxtext.resources import read_data

#: longer texts with a letter or a digit are answers
_LONGEST = 20


def is_no_answer(text: str) -> bool:
    """Whether a text says nothing: empty, signs alone, or "nvt" and the like.

    Parameters
    ----------
    text : str

    Returns
    -------
    bool

    Examples
    --------
    >>> [is_no_answer(text) for text in ("n.v.t.", "-", "", "geen idee", "👍")]
    [True, True, True, False, False]
    """
    if len(text) > _LONGEST and any(c.isalnum() for c in text):
        return False
    kept = "".join(c for c in text.casefold() if unicodedata.category(c)[0] not in "PZC")
    return not kept or kept in table_words()["no_answer"]


def is_error_cell(text: str) -> bool:
    """Whether a text is what Excel shows where a formula failed (``#NAME?``).

    Parameters
    ----------
    text : str

    Returns
    -------
    bool
    """
    return text.startswith("#") and text.strip() in table_words()["error_cells"]


@cache
def table_words() -> dict[str, Any]:
    """Read the lists of ``data/columns.yaml``."""
    words: dict[str, Any] = read_data("columns.yaml")
    return words
