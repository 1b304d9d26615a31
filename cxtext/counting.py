"""Numbers with their noun, in English sentences: messages, logs and what commands show."""

from __future__ import annotations


def counted(count: int, noun: str) -> str:
    """So many of something.

    Examples
    --------
    >>> counted(1, "hit"), counted(2, "hit")
    ('1 hit', '2 hits')
    """
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
