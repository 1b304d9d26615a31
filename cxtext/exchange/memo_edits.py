"""Memos on one coding, joined in one cell, and what a person made of them there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from cxtext.cells import CONTROL, MAX_CHARACTERS, original_cell, safe_cell

_BLANK_LINES = re.compile(r"\n\s*\n")


def in_cell(text: str) -> str:
    r"""What is left of a text in a cell of a workbook, without the apostrophe that guards it.

    Parameters
    ----------
    text : str

    Returns
    -------
    str
        Cut at the most that a cell holds, and without control characters.

    Examples
    --------
    >>> in_cell("a\x01b"), len(in_cell("a" * 40_000))
    ('ab', 32767)
    """
    return original_cell(safe_cell(text)[:MAX_CHARACTERS])


def beyond_cell(text: str) -> str:
    """What of a text is cut off in a cell.

    Examples
    --------
    >>> beyond_cell("kort"), len(beyond_cell("a" * 40_000))
    ('', 7233)
    """
    return CONTROL.sub("", text)[len(in_cell(text)) :]


def edited_memos(memos: Sequence[str], text: str) -> list[str] | None:
    r"""Memos after the text in which they stood one after the other was edited.

    Parameters
    ----------
    memos : sequence of str
        As they were, in the order in which blank lines joined them.
    text : str
        As it is now.

    Returns
    -------
    list of str or None
        The memos in their order, empty where all of one was taken out, and one more where something was written between
        or behind them. A single memo is the text as it is. None where paragraphs of several memos were changed so that
        nobody can tell whose the new ones are.

    Examples
    --------
    >>> edited_memos(["Eerst.", "Toen."], "Eerst!\n\nToen.\n\nNu.")
    ['Eerst!', 'Toen.', 'Nu.']
    >>> edited_memos(["Eerst.", "Toen."], "Alles anders.") is None
    True
    """
    if not text.strip():
        return ["" for _ in memos]
    if len(memos) < 2:
        return [text.strip()]
    old = [(paragraph, owner) for owner, memo in enumerate(memos) for paragraph in _paragraphs(memo)]
    new = list(_paragraphs(text))
    parts: list[list[str]] = [[] for _ in (*memos, "")]
    matcher = SequenceMatcher(None, [_key(paragraph) for paragraph, _ in old], [*map(_key, new)], autojunk=False)
    for _, low, high, first, last in matcher.get_opcodes():
        owners = [owner for _, owner in old[low:high]]
        if len(owners) != last - first:
            if low == high:  # written within a memo, else it is one of its own
                before, behind = (old[at][1] if 0 <= at < len(old) else -1 for at in (low - 1, low))
                owners = [before if before == behind else len(memos)]
            if len({*owners}) > 1 and first != last:
                return None
            owners = owners[:1] * (last - first)
        for owner, paragraph in zip(owners, new[first:last], strict=True):
            parts[owner].append(paragraph)
    after = ["\n\n".join(part) for part in parts]
    kept = [memo if _key(memo) == _key(one) else one for memo, one in zip(memos, after, strict=False)]
    return kept + [one for one in after[len(memos) :] if one]


def _paragraphs(text: str) -> Iterator[str]:
    return (part.strip() for part in _BLANK_LINES.split(text) if part.strip())


def _key(text: str) -> str:
    """By which texts are compared: a cell changes blanks and control characters."""
    return " ".join(CONTROL.sub("", text).split())
