r"""What a field of free text holds beside the text: lines that begin with a mark, ``[id] prijs``.

Other programs show such a field as it is, so that it has to read well; what they wrote themselves has no marks and is
text as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_MARK = re.compile(r"\[([a-z]+(?: [a-z]+)?)\] (.*)", re.DOTALL)
#: before a line of a text that looks like a mark, and before what continues a marked text
_GUARD = "| "


@dataclass(frozen=True)
class Marked:
    r"""A text with marked lines under it.

    Attributes
    ----------
    text : str
    marks : Mapping[str, tuple of str]
        Mark to what stands behind it; a mark may occur more than once.

    Examples
    --------
    >>> marked = Marked("Te duur.", {"id": ("prijs",), "example": ("Zo duur!", "Niet te doen.")})
    >>> print(marked)
    Te duur.
    [id] prijs
    [example] Zo duur!
    [example] Niet te doen.
    >>> Marked.read(str(marked)) == marked
    True
    """

    text: str = ""
    marks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __str__(self) -> str:
        lines = [_guarded(line) for line in self.text.split("\n")] if self.text else []
        for mark, values in self.marks.items():
            lines += [f"[{mark}] " + value.replace("\n", "\n" + _GUARD) for value in values]
        return "\n".join(lines)

    @classmethod
    def read(cls, written: str) -> Marked:
        """What `str` of one wrote; a text that it did not write is text as a whole."""
        text: list[str] = []
        marks: dict[str, list[str]] = {}
        mark = ""
        for line in written.split("\n"):
            if found := _MARK.fullmatch(line):
                mark = found[1]
                marks.setdefault(mark, []).append(found[2])
            elif mark and line.startswith(_GUARD):
                marks[mark][-1] += "\n" + line.removeprefix(_GUARD)
            elif mark:
                return cls(written)
            else:
                text.append(line.removeprefix(_GUARD) if _looks_marked(line.removeprefix(_GUARD)) else line)
        read = cls("\n".join(text), {name: tuple(values) for name, values in marks.items()})
        return read if str(read) == written else cls(written)

    def one(self, mark: str) -> str:
        """What stands behind a mark for the first time; empty where it is not there."""
        return next(iter(self.marks.get(mark, ())), "")


def _guarded(line: str) -> str:
    return _GUARD + line if _looks_marked(line) else line


def _looks_marked(line: str) -> bool:
    bare = line
    while bare.startswith(_GUARD):
        bare = bare.removeprefix(_GUARD)
    return _MARK.fullmatch(bare) is not None
