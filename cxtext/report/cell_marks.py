"""Which numbers of the map are withheld, with those from which they could be computed or too closely bounded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from cxtext.privacy.cells import WITHHELD, Line, withhold

Key = tuple[str, ...]
Cases = Mapping[Key, frozenset[str]]

#: lanes of codes, with their group
GROUPS = {"channels": "channel", "emotions": "emotion"}
#: lanes of themes, that together hold all of a theme
KINDS = ("needs", "pains", "gains")
#: numbers that have to be left for what is withheld
_VALUES = 3


def marks_of(cases: Cases, everybody: frozenset[str], below: int) -> dict[Key, str]:
    """Mark what is withheld: first of phases, themes and codes, then of the cells of the map.

    Parameters
    ----------
    cases : Mapping
        Respondents behind every number: ``("phase", phase)``, ``("theme", theme)``, ``("code", group, code)``,
        ``("sentences", lane, phase)`` and ``("cell", lane, phase, item)``.
    everybody : frozenset of str
    below : int

    Returns
    -------
    dict
        Marks of `cxtext.privacy.cells.withhold`; what is shown is not in it.
    """
    counts = {key: len(own) for key, own in cases.items()}
    heads = {key: count for key, count in counts.items() if key[0] in ("phase", "theme", "code")}
    totals = [
        [key for key in heads if key[0] == kind and key[1:-1] == within]
        for kind, within in dict.fromkeys((key[0], key[1:-1]) for key in heads)
    ]
    felt = [key for key, count in heads.items() if key[:2] == ("code", "sentiment") and count >= below]
    others = [key for key in felt if 0 < len(everybody) - heads[key] < below]
    marks = withhold(heads, _lines([(keys, everybody) for keys in totals], cases), below=below, hidden=others)
    cells = {key: count for key, count in counts.items() if key[0] == "cell"}
    hidden = [key for key in cells if ("phase", key[2]) in marks or _head(key) in marks]
    columns = [
        ([key for key in cells if key[1:3] == (lane, phase)], total)
        for lane, phase in dict.fromkeys(key[1:3] for key in cells)
        for total in [cases["phase", phase], cases.get(("sentences", lane, phase), frozenset())]
    ]
    rows = [
        ([key for key in cells if (key[1], key[3]) == (lane, item)], cases[head])
        for lane, item in dict.fromkeys((key[1], key[3]) for key in cells)
        if (head := _head(("cell", lane, "", item))) in cases
    ]
    lines = list(_lines([*columns, *rows], cases))
    parts: dict[tuple[str, str], list[Key]] = {}
    for key in cells:
        lane = "kinds" if key[1] in KINDS else key[1]
        if lane in (*GROUPS, "kinds", "themes"):
            parts.setdefault((lane, key[3]), []).append(key)
    while True:
        found = withhold(cells, lines, below=below, hidden=hidden)
        more = [key for keys in parts.values() for key in _too_narrow(keys, cases, found, below)]
        if not more:
            return marks | found
        hidden += more


def _too_narrow(keys: list[Key], cases: Cases, marks: Mapping[Key, str], below: int) -> list[Key]:
    """Cells to withhold together, where those that are withheld as few are bounded from below too closely.

    Where respondents are in several cells, these do not add up to their total; but nobody in it is in none, so that the
    cells that are withheld hold at least the total less what is shown.
    """
    gone, shown = [key for key in keys if key in marks], [key for key in keys if key not in marks]
    if not gone or not shown or any(marks[key] == WITHHELD for key in gone):
        return []
    total = len(frozenset[str]().union(*(cases[key] for key in keys)))
    least = total - sum(len(cases[key]) for key in shown) - (len(gone) - 1) * (below - 1)
    if below - max(least, 1) >= min(_VALUES, below - 1):
        return []
    return [*gone, min(shown, key=lambda key: len(cases[key]))]


def _head(cell: Key) -> Key:
    """What the items of a lane are part of: a code, or a theme."""
    return ("code", GROUPS[cell[1]], cell[3]) if cell[1] in GROUPS else ("theme", cell[3])


def _lines(groups: Iterable[tuple[list[Key], frozenset[str]]], cases: Cases) -> Iterator[Line[Key]]:
    """Lines of those groups in which nobody is counted twice; the others do not add up to their total."""
    for keys, total in groups:
        union = frozenset[str]().union(*(cases[key] for key in keys))
        if total and len(union) == sum(len(cases[key]) for key in keys):
            yield Line(tuple(keys), len(total - union))
