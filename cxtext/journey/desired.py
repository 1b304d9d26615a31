"""The desired experience against the realised one: two curves, and the gap between them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from cxtext.errors import OptionError
from cxtext.phases import Phase
from cxtext.showing import html_table
from cxtext.stats import holm, mean_change, mean_interval
from cxtext.tables import TEXT, make_table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

GAPS: dict[str, str] = {
    "phase": TEXT, "name": TEXT, "n": "int64", "desired": "float64", "n_desired": "int64", "realised": "float64",
    "low": "float64", "high": "float64", "gap": "float64", "gap_low": "float64", "gap_high": "float64", "p": "float64",
    "pairs": "int64", "verdict": TEXT,
}  # fmt: skip

_FEW = 3
_LEVEL = 0.05
_SHOWN = ("name", "n", "desired", "realised", "low", "high", "gap", "gap_low", "gap_high", "p", "verdict")


@dataclass(frozen=True)
class ExperienceGap:
    """The desired experience of each phase, the realised one, and what lies between.

    Attributes
    ----------
    table : pandas.DataFrame
        One row per phase: ``n`` respondents with a realised experience, its mean ``realised`` with ``low`` and
        ``high`` (t-interval), the ``desired`` one (of ``n_desired`` respondents; 0 where the organisation set it), the
        ``gap`` (realised less desired; negative falls short) with its interval, of so many ``pairs`` where respondents
        said what they wished, ``p`` (Holm over the phases; NaN where there is none), and a ``verdict``: ``"short"``,
        ``"beyond"``, ``"unsure"``, or ``""`` below 3 respondents or without a desired experience.
    phases : tuple of Phase
    language : str
    """

    table: pd.DataFrame
    phases: tuple[Phase, ...]
    language: str = "nl"

    def plot(self, *, language: str | None = None) -> Figure:
        """Draw both curves with the gap between them.

        Parameters
        ----------
        language : {"nl", "en"}, optional
            Of the labels; that of the table where it is left out.

        Returns
        -------
        matplotlib.figure.Figure
        """
        from cxtext.plots import gap_curves

        language = language or self.language
        return gap_curves(self.table, [replace(p, language=language) for p in self.phases], language=language)

    def __repr__(self) -> str:
        known = self.table[self.table["gap"].notna()]
        return f"ExperienceGap({', '.join(f'{row.phase} {row.gap:+.2f}' for row in known.itertuples()) or 'none'})"

    def _repr_html_(self) -> str:
        return html_table(self.table.to_dict("records"), _SHOWN, head=repr(self))


def experience_gap(
    respondents: pd.DataFrame,
    desired: Mapping[str, float] | pd.DataFrame,
    *,
    phases: Sequence[Phase],
    language: str = "nl",
) -> ExperienceGap:
    """Set the experience that was meant, or wished for, beside the one that was had.

    Parameters
    ----------
    respondents : pandas.DataFrame
        Of a `cxtext.journey.Journey`: ``case``, ``phase``, ``mean`` (-2 to 2).
    desired : Mapping[str, float], or pandas.DataFrame
        What the organisation means people to experience, by phase, from -2 to 2; or what each respondent wished:
        columns ``case``, ``phase`` and ``desired``. Then the gap is that within respondents.
    phases : sequence of Phase
    language : {"nl", "en"}

    Returns
    -------
    ExperienceGap

    Raises
    ------
    OptionError
        A phase is unknown, a column is missing, or a value is not between -2 and 2.

    Examples
    --------
    >>> from cxtext.phases import load_phases
    >>> had = pd.DataFrame({"case": ["a", "b", "c"], "phase": ["use"] * 3, "mean": [0.4, 0.5, 0.6]})
    >>> experience_gap(had, {"use": 1.5}, phases=load_phases())
    ExperienceGap(use -1.00)
    """
    known = {phase.id for phase in phases}
    paired = isinstance(desired, pd.DataFrame)
    for key, values in _levels(desired).items():
        if key not in known:
            msg = f"There is no phase {key!r}. Choose from: {', '.join(sorted(known))}."
            raise OptionError(msg)
        if any(not -2 <= value <= 2 for value in values):
            msg = f"The desired experience of {key!r} has a value outside -2 to 2. Give -2 (bad) to 2 (delightful)."
            raise OptionError(msg)
    rows = []
    for phase in phases:
        own = respondents[respondents["phase"] == phase.id].set_index("case")["mean"].astype("float64")
        rows.append({"phase": phase.id, "name": replace(phase, language=language).name, **_row(own, phase.id, desired)})
    for row, p in zip(rows, holm([row["p"] for row in rows]), strict=True):
        row |= {"p": p, "verdict": _verdict(row | {"p": p}, paired=paired)}
    return ExperienceGap(make_table(rows, GAPS), tuple(phases), language)


def _levels(desired: Mapping[str, float] | pd.DataFrame) -> dict[str, list[float]]:
    """All values by phase."""
    if not isinstance(desired, pd.DataFrame):
        return {phase: [value] for phase, value in desired.items()}
    if missing := {"case", "phase", "desired"} - set(desired.columns):
        msg = f"The desired experience has no column {sorted(missing)[0]!r}. It needs case, phase and desired."
        raise OptionError(msg)
    return {str(phase): own["desired"].tolist() for phase, own in desired.groupby("phase")}


def _row(own: pd.Series, phase: str, desired: Mapping[str, float] | pd.DataFrame) -> dict[str, Any]:
    had = mean_interval(own.to_numpy())
    row: dict[str, Any] = {"n": had.n, "realised": had.value, "low": had.low, "high": had.high, "p": math.nan,
                           "pairs": 0, "n_desired": 0}  # fmt: skip
    if not isinstance(desired, pd.DataFrame):
        level = float(desired.get(phase, math.nan))
        return row | {"desired": level, "gap": had.value - level, "gap_low": had.low - level,
                      "gap_high": had.high - level}  # fmt: skip
    wished = desired[desired["phase"] == phase].groupby("case")["desired"].mean()
    both = pd.concat([wished.rename("wished"), own.rename("had")], axis=1, join="inner")
    change = mean_change(both["wished"].to_numpy(dtype=float), both["had"].to_numpy(dtype=float))
    return row | {
        "desired": float(wished.mean()) if len(wished) else math.nan, "n_desired": len(wished), "gap": change.value,
        "gap_low": change.low, "gap_high": change.high, "p": change.p, "pairs": len(both),
    }  # fmt: skip


def _verdict(row: Mapping[str, Any], *, paired: bool) -> str:
    if row["gap"] != row["gap"] or (row["pairs"] if paired else row["n"]) < _FEW:
        return ""
    if row["gap_low"] != row["gap_low"] or (paired and not row["p"] < _LEVEL):
        return "unsure"
    return "short" if row["gap_high"] < 0 else "beyond" if row["gap_low"] > 0 else "unsure"
