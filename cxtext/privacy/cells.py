"""Small cells: which numbers of respondents have to be withheld, so that they cannot be computed from others either."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)

#: in place of a number that is withheld because a smaller one could be computed from it
WITHHELD = "×"


@dataclass(frozen=True)
class Line(Generic[Key]):
    """Cells that do not overlap and whose total is known.

    Attributes
    ----------
    keys : tuple
        Of the cells.
    rest : int
        Respondents of the total who are in none of them.
    """

    keys: tuple[Key, ...]
    rest: int = 0


def few(below: int) -> str:
    """Text in place of a number from 1 to `below` - 1.

    Examples
    --------
    >>> few(5)
    '<5'
    """
    return f"<{below}"


def withhold(
    counts: Mapping[Key, int], lines: Iterable[Line[Key]] = (), *, below: int, hidden: Collection[Key] = ()
) -> dict[Key, str]:
    """Say which cells are withheld, and by what mark.

    A cell of 1 to `below` - 1 respondents is withheld. What is withheld from a line can be computed together, as its
    total less the cells that are shown; so while that leaves one cell alone, or fewer than `below` respondents in all,
    the smallest cell that is still shown is withheld as well.

    Parameters
    ----------
    counts : Mapping
        Respondents per cell.
    lines : iterable of Line
    below : int
    hidden : collection
        Cells that are withheld for another reason.

    Returns
    -------
    dict
        Cell to `few` or, in a line where that would say too much, `WITHHELD`; cells that are shown are not in it.

    Examples
    --------
    >>> withhold({"a": 9, "b": 6, "c": 2}, below=5)
    {'c': '<5'}
    >>> withhold({"a": 9, "b": 6, "c": 2}, [Line(("a", "b", "c"))], below=5)
    {'c': '×', 'b': '×'}
    """
    marks = dict.fromkeys(hidden, WITHHELD)
    marks |= {key: few(below) for key, count in counts.items() if 0 < count < below and key not in marks}
    lines = list(lines)
    again = True
    while again:
        again = False
        for line in lines:
            gone = [key for key in line.keys if key in marks]
            apart = [*(counts[key] for key in gone), *([line.rest] if line.rest else [])]
            shown = [key for key in line.keys if key not in marks and counts[key]]
            if not gone or not shown or (len(apart) > 1 and sum(apart) >= below):
                continue
            marks |= dict.fromkeys([*gone, min(shown, key=lambda key: counts[key])], WITHHELD)
            again = True
    return marks
