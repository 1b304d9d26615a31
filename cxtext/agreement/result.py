"""What a comparison of coders gives: the differences first, then the figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from cxtext.showing import html_table
from cxtext.tables import TEXT

if TYPE_CHECKING:
    from matplotlib.figure import Figure

AGREEMENT = {
    "group": TEXT, "code": TEXT, "unit": TEXT, "coders": TEXT, "n_units": "int64", "used": TEXT,
    "prevalence": "float64", "percent": "float64", "kappa": "float64", "brennan_prediger": "float64", "ac1": "float64",
    "alpha": "float64", "alpha_low": "float64", "alpha_high": "float64", "p_below_667": "float64",
    "positive": "float64", "negative": "float64", "u_alpha": "float64", "u_alpha_boundaries": "float64",
    "cu_alpha": "float64", "ku_alpha": "float64", "warning": TEXT,
}  # fmt: skip
INTERVALS = {
    "group": TEXT, "code": TEXT, "coefficient": TEXT, "value": "float64", "low": "float64", "high": "float64",
    "undefined": "float64",
}  # fmt: skip
PAIRS = {
    "group": TEXT, "code": TEXT, "coder_a": TEXT, "coder_b": TEXT, "n_units": "int64", "percent": "float64",
    "kappa": "float64", "alpha": "float64",
}  # fmt: skip
_SHOWN = 15
_FIGURES = ["group", "code", "n_units", "used", "percent", "kappa", "ac1", "alpha", "alpha_low", "alpha_high"]


@dataclass(frozen=True)
class Agreement:
    """How far coders agree, and where they differ.

    Attributes
    ----------
    disagreements : pandas.DataFrame
        The units on which coders differ, side by side and in context, the codes that differ most often first; see
        `cxtext.agreement.disagreements`.
    table : pandas.DataFrame
        One row per group (``code`` is ``""``) and per code that a coder used: ``n_units`` that at least two coders
        judged; how many of those each coder ``used`` it for (``"anna 12; bram 9"``) and the ``prevalence``, the share
        of judgements that give it; ``percent``, ``kappa`` (Cohen, two coders only), ``brennan_prediger``, ``ac1``
        (Gwet), Krippendorff's ``alpha`` with its 95 % interval, the share of resamples below .667, and ``positive`` and
        ``negative`` agreement. Of codes these are yes or no; of an exclusive group the code that is given, none being
        one of them; of another group ``percent`` and ``alpha`` are of sets of codes (MASI distance) and the rest is
        missing. Then agreement on where codes begin and end, whatever the unit: ``u_alpha``, ``u_alpha_boundaries``
        (whether anything is coded), ``cu_alpha`` and ``ku_alpha`` (values alone; exclusive groups). ``warning`` says
        why alpha or its interval is not to be trusted.
    intervals : pandas.DataFrame
        Each of the coefficients of `table` with its interval, and the share of resamples in which it has no value.
    pairs : pandas.DataFrame
        ``percent``, ``kappa`` and ``alpha`` of each two coders.
    method : Mapping[str, Any]
        What was compared and how: unit, coders and documents per group, what was drawn for the intervals, what was left
        out.
    """

    disagreements: pd.DataFrame
    table: pd.DataFrame
    intervals: pd.DataFrame
    pairs: pd.DataFrame
    method: Mapping[str, Any]

    def plot(self, *, language: str = "nl") -> Figure:
        """Alpha with its interval per code, beside the lines of .667 and .800.

        Parameters
        ----------
        language : {"nl", "en"}
            Of the labels.

        Returns
        -------
        matplotlib.figure.Figure
        """
        from cxtext.plots.forest import agreement_forest

        return agreement_forest(self.table, language=language)

    def __repr__(self) -> str:
        shown = self.disagreements.drop(columns=["segment", "start", "end", "before", "after"]).head(_SHOWN)
        parts = [self._head()]
        if len(shown):
            parts.append(shown.assign(text=shown["text"].map(_short)).to_string(index=False))
        parts.append(self.table[_FIGURES].round(3).to_string(index=False, na_rep="-"))
        parts += self._warnings()
        return "\n\n".join(parts)

    def _repr_html_(self) -> str:
        differ = [str(name) for name in self.disagreements if name not in ("segment", "start", "end")]
        figures = self.table.to_dict("records")
        return html_table(self.disagreements.to_dict("records"), differ, head=self._head(), most=_SHOWN) + html_table(
            figures, _FIGURES, notes=self._warnings(), most=len(figures)
        )

    def _head(self) -> str:
        method, found = self.method, len(self.disagreements)
        listed = f"the first {_SHOWN} of {found}" if found > _SHOWN else str(found)
        return (
            f"{', '.join(method['coders'])} on {method['unit']}s of {len(method['documents'])} documents; "
            f"intervals by drawing {method['resampled']}. Units on which they differ: {listed}."
        )

    def _warnings(self) -> list[str]:
        warned = self.table[self.table["warning"] != ""]
        names = warned["group"] + ("/" + warned["code"]).where(warned["code"] != "", "")
        return [f"{name}: {warning}" for name, warning in zip(names, warned["warning"], strict=True)]


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"
