"""Saturation: whether more interviews would bring new codes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from cxtext.journey.mentions import mentions
from cxtext.showing import html_table
from cxtext.stats import NewInformation, Unseen, accumulation, chao2, more_interviews, new_information
from cxtext.tables import TEXT, make_table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from cxtext.themes import Themes

INTERVIEWS: dict[str, str] = {
    "position": "int64", "case": TEXT, "codes": "int64", "new": "int64", "total": "int64", "names": TEXT,
}  # fmt: skip
CURVE: dict[str, str] = {"interviews": "int64", "mean": "float64", "low": "float64", "high": "float64"}


@dataclass(frozen=True)
class Saturation:
    """Codes that each next interview brings.

    Attributes
    ----------
    interviews : pandas.DataFrame
        One row a respondent, in the order of collection: ``position``, ``case``, ``codes``, ``new`` ones, ``total`` so
        far, and the ``names`` of the new ones, joined by ``;``.
    curve : pandas.DataFrame
        Codes after so many ``interviews`` in any order: ``mean``, ``low`` and ``high`` (90 % of the orders).
    threshold : NewInformation
        That of Guest, Namey and Chen.
    unseen : Unseen
        Chao2. An interview can look saturated while many rare codes are unseen: read both.
    more : float
        Further interviews for 95 % of all codes; rough, and NaN without codes.
    mentioned : pandas.Series
        Respondents by code and theme.
    language : str
    """

    interviews: pd.DataFrame
    curve: pd.DataFrame
    threshold: NewInformation
    unseen: Unseen
    more: float
    mentioned: pd.Series
    language: str = "nl"

    def plot(self, *, language: str | None = None) -> Figure:
        """Draw how the codes accumulate.

        Parameters
        ----------
        language : {"nl", "en"}, optional
            Of the labels; that of the table where it is left out.

        Returns
        -------
        matplotlib.figure.Figure
        """
        from cxtext.plots import saturation_curve

        return saturation_curve(self, language=language or self.language)

    def __repr__(self) -> str:
        at = self.threshold.saturated_at
        reached = "not reached" if at is None else f"after {at}+{self.threshold.run} interviews"
        return (
            f"Saturation({len(self.interviews)} interviews, {self.unseen.seen} codes, threshold {reached}, "
            f"Chao2 {self.unseen.corrected:.1f} codes)"
        )

    def _repr_html_(self) -> str:
        return html_table(self.interviews.to_dict("records"), list(INTERVIEWS), head=repr(self))


def saturation(
    segments: pd.DataFrame,
    codings: pd.DataFrame,
    *,
    groups: Sequence[str] = ("kind", "emotion", "channel", "phase", "principle"),
    themes: Themes | None = None,
    base: int = 4,
    run: int = 2,
    threshold: float = 0.05,
    seed: int = 0,
    language: str = "nl",
) -> Saturation:
    """Count the codes that each next respondent brings.

    Parameters
    ----------
    segments, codings : pandas.DataFrame
        Tables `cxtext.tables.SEGMENTS`, whose order of respondents is that of collection, and `cxtext.tables.CODINGS`.
    groups : sequence of str
        Groups whose codes are counted.
    themes : Themes, optional
        Counted as well.
    base, run, threshold
        See `cxtext.stats.new_information`.
    seed : int
        Of the random orders.
    language : {"nl", "en"}

    Returns
    -------
    Saturation

    Notes
    -----
    Saturation of codes says that no new code turns up, not that each is understood (Hennink and Kaiser, 2022).

    Examples
    --------
    >>> from cxtext.tables import CODINGS, SEGMENTS
    >>> saturation(make_table([], SEGMENTS), make_table([], CODINGS))
    Saturation(0 interviews, 0 codes, threshold not reached, Chao2 0.0 codes)
    """
    held = mentions(segments, codings, groups=groups, themes=themes, language=language)
    own: dict[str, set[str]] = {}
    for case, item in zip(held["case"].to_numpy(dtype=object), held["item"].to_numpy(dtype=object), strict=True):
        own.setdefault(case, set()).add(item)
    cases = segments.loc[segments["role"] != "interviewer", "case"].drop_duplicates().to_numpy(dtype=object)
    names = dict(zip(held["item"], held["name"], strict=True))
    sets = [own.get(case, set()) for case in cases]
    rows, known = [], set[str]()
    for position, (case, items) in enumerate(zip(cases, sets, strict=True), start=1):
        fresh = sorted(items - known)
        known |= items
        rows.append({
            "position": position, "case": case, "codes": len(items), "new": len(fresh), "total": len(known),
            "names": ";".join(names[item] for item in fresh),
        })  # fmt: skip
    curve, unseen = accumulation(sets, seed=seed), chao2(sets)
    return Saturation(
        interviews=make_table(rows, INTERVIEWS),
        curve=make_table({column: getattr(curve, column) for column in CURVE}, CURVE),
        threshold=new_information(sets, base=base, run=run, threshold=threshold),
        unseen=unseen,
        more=more_interviews(unseen),
        mentioned=held.groupby("item")["case"].nunique(),
        language=language,
    )
