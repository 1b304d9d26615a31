"""The net promoter scores to hand on: no score from which a small number of promoters, passives or detractors follows.

With a score and its number of answers, one number is left to guess: 6 answers and a score of -83 are 1 passive and
5 detractors, and nothing else. So a score is withheld where fewer than three divisions with a small part fit it. They
are counted as an attacker can: with scores that are not rounded, and with sums, as the answers of all groups of a
kind, and of those in no group, add up to the total.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

import pandas as pd

from cxtext.privacy.cells import WITHHELD, Line, withhold
from cxtext.report.rows import rows_of

_PARTS = ["promoters", "passives", "detractors"]
_DIVISIONS = 3

_Parts = tuple[int, int, int]
#: a group: its parts, the fewest and the most passives that fit what is known, and below which number a part is small
_Known = tuple[_Parts, int, int, int]


def shared_nps(nps: pd.DataFrame, *, below: int) -> pd.DataFrame:
    """Keep what can be handed on of the NPS of everybody, per wave and per touchpoint.

    Parameters
    ----------
    nps : pandas.DataFrame
        Of a journey.
    below : int
        Least number of respondents.

    Returns
    -------
    pandas.DataFrame
        Its rows of enough respondents, rounded; parts and score may be ``"×"``, and without its parts a row has no
        interval either.
    """
    table = nps[(nps["touchpoint"] == "") | (nps["wave"] == "")].reset_index(drop=True)
    if table.empty or table["respondents"].iloc[0] < below:
        return table.iloc[:0]
    groups = list(zip(table["touchpoint"], table["wave"], strict=True))
    counts = dict(zip(groups, table["respondents"], strict=True))
    lines = []
    for place, part in enumerate(("touchpoint", "wave")):
        own = [group for group in groups if group[place]]
        counts["rest", part] = int(table["n"].iloc[0] - table.loc[table[part] != "", "n"].sum())
        lines.append(Line((*own, ("rest", part))))
    marks = withhold(counts, lines, below=below)
    table = table[[group not in marks for group in groups]].reset_index(drop=True)
    bare, silent = _withheld(table, below)
    table = table.round({"score": 0, "low": 0, "high": 0}).astype(dict.fromkeys([*_PARTS, "score"], object))
    table.loc[sorted(bare), _PARTS] = WITHHELD
    table.loc[sorted(bare), ["low", "high"]] = math.nan
    table.loc[sorted(silent), "score"] = WITHHELD
    return table


def _withheld(table: pd.DataFrame, below: int) -> tuple[set[int], set[int]]:
    """Rows without parts, and those of them without a score; the first row is the total."""
    parts = [(row.promoters, row.passives, row.detractors) for row in rows_of(table)]
    further = (table["n"] - table["respondents"]).tolist()
    bare = {row for row, own in enumerate(parts) if further[row] or _is_small(own, below)}
    silent: set[int] = set()
    kinds = [table.index[table[part] != ""].tolist() for part in ("touchpoint", "wave")]
    while True:
        lines = []
        for own in kinds:
            told = {row: _known(parts[row], row in bare, below + further[row]) for row in own if row not in silent}
            rest = _less(parts[0], (parts[row] for row in told))
            lines.append((told, _known(rest, True, below + sum(further[row] for row in own if row in silent))))
        _, low, high, _ = _known(parts[0], 0 in bare, below)
        for told, other in lines:
            low = max(low, other[1] + sum(known[1] for known in told.values()))
            high = min(high, other[2] + sum(known[2] for known in told.values()))
        total = (parts[0], low, high, below)
        if _is_told(total):
            return set(table.index), set(table.index)
        if not any(_take(told, rest, total, bare, silent) for told, rest in lines):
            return bare, silent


def _take(told: Mapping[int, _Known], rest: _Known, total: _Known, bare: set[int], silent: set[int]) -> bool:
    """Withhold one more part or score of groups that add up to a total, where they tell too much; whether it did."""
    every = [*told.values(), rest]
    fewest, most = sum(known[1] for known in every), sum(known[2] for known in every)

    def within_total(known: _Known) -> _Known:
        parts, low, high, below = known
        return parts, max(low, total[1] - most + high), min(high, total[2] - fewest + low), below

    shown = [row for row in told if row not in bare]
    hidden = [row for row in told if row in bare]
    by_size = sorted(told, key=lambda row: (row in shown, sum(told[row][0])))
    loud = [row for row in hidden if _is_told(within_total(told[row]))]
    if not loud and _is_told(within_total(rest)):
        loud = by_size[:1]
    if loud:
        bare.add(loud[0])
        silent.add(loud[0])
        return True
    left = _less(total[0], (told[row][0] for row in shown))
    sure = sum(told[row][1] for row in shown)
    below = max([rest[3], *(told[row][3] for row in hidden)])
    if shown and _is_told((left, total[1] - sure, total[2] - sure, below)):
        bare.add(min(shown, key=by_size.index))
        return True
    return False


def _less(total: _Parts, parts: Iterable[_Parts]) -> _Parts:
    """What is left of a total."""
    first, second, third = (sum(column) for column in zip((0, 0, 0), *parts, strict=True))
    return total[0] - first, total[1] - second, total[2] - third


def _known(parts: _Parts, bare: bool, below: int) -> _Known:
    """What number and score of a group tell of its passives; all, where its parts are given."""
    promoters, passives, detractors = parts
    if not bare:
        return parts, passives, passives, below
    return parts, passives % 2, passives + 2 * min(promoters, detractors), below


def _is_small(parts: Iterable[int], below: int) -> bool:
    return any(0 < part < below for part in parts)


def _is_told(known: _Known) -> bool:
    """Whether a group has a small part, and too few divisions with a small part fit what is known of it."""
    (promoters, passives, detractors), fewest, most, below = known
    shifts = [(passives - other) // 2 for other in range(fewest, most + 1, 2)]
    divisions = [(promoters + shift, passives - 2 * shift, detractors + shift) for shift in shifts]
    fitting = sum(_is_small(division, below) for division in divisions)
    return _is_small((promoters, passives, detractors), below) and fitting < _DIVISIONS
