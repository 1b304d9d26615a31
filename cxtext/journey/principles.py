"""The score card of the ten principles: in which phase they are kept, and where they are broken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cxtext.codebook import load_codebook
from cxtext.coded import codes_of, of_respondents
from cxtext.journey.answers import among, labels
from cxtext.journey.mapping import NEGATIVE
from cxtext.journey.mentions import evidence_by, share_of, valences
from cxtext.phases import Phase
from cxtext.showing import html_table
from cxtext.tables import TEXT, make_table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PRINCIPLES: dict[str, str] = {
    "principle": TEXT, "name": TEXT, "phase": TEXT, "respondents": "int64", "of_respondents": "int64", "kept": "int64",
    "broken": "int64", "both": "int64", "open": "int64", "share_kept": "float64", "low": "float64", "high": "float64",
    "verdict": TEXT, "quotes_kept": TEXT, "quotes_broken": TEXT,
}  # fmt: skip

#: a cell with fewer respondents gets no verdict
_FEW = 3
_SHOWN = ("name", "respondents", "of_respondents", "kept", "broken", "both", "share_kept", "low", "high", "verdict")
_NOBODY = pd.DataFrame({"min": [], "max": []})


@dataclass(frozen=True)
class PrinciplesCard:
    """The ten principles, kept or broken in each phase.

    Attributes
    ----------
    table : pandas.DataFrame
        One row per ``principle`` and ``phase`` (``""`` stands for the whole journey): ``respondents`` at whom it is at
        stake, of so many who spoke about the phase; how many of them tell only that it was ``kept``, only that it was
        ``broken``, ``both``, or neither (``open``); ``share_kept`` of the kept and broken ones with its Wilson interval
        (NaN below 10), a ``verdict``: ``"kept"``, ``"broken"``, ``"divided"`` (the interval holds one half),
        ``"unsure"`` (below 10) or ``""`` (below 3); and the quotes of both sides.
    phases : tuple of Phase
    language : str
    """

    table: pd.DataFrame
    phases: tuple[Phase, ...]
    language: str = "nl"

    def plot(self, *, language: str | None = None) -> Figure:
        """Draw the card: a tile per principle and phase.

        Parameters
        ----------
        language : {"nl", "en"}, optional
            Of the labels; that of the card where it is left out.

        Returns
        -------
        matplotlib.figure.Figure
        """
        from cxtext.plots import principle_tiles

        language = language or self.language
        return principle_tiles(self.table, [replace(p, language=language) for p in self.phases], language=language)

    def __repr__(self) -> str:
        whole = self.table[(self.table["phase"] == "") & (self.table["respondents"] > 0)]
        return f"PrinciplesCard({len(whole)} of {self.table['principle'].nunique()} principles mentioned)"

    def _repr_html_(self) -> str:
        whole = self.table[(self.table["phase"] == "") & (self.table["respondents"] > 0)]
        return html_table(whole.to_dict("records"), _SHOWN, head=repr(self))


def principles_card(
    segments: pd.DataFrame,
    codings: pd.DataFrame,
    scores: pd.DataFrame | None = None,
    *,
    phases: Sequence[Phase],
    assigned: pd.Series,
    language: str = "nl",
) -> PrinciplesCard:
    """Count per principle and phase how many respondents tell that it was kept, and how many that it was broken.

    A segment at which a principle is at stake tells that it was kept where it is a gain and no pain, broken where it is
    a pain and no gain; else its sentiment decides, else a valence of 0.5 or more, or -0.5 or less.

    Parameters
    ----------
    segments, codings, scores
        As for `cxtext.journey.map_journey`.
    phases : sequence of Phase
    assigned : pandas.Series
        Phase by segment, as of `cxtext.journey.Journey`.
    language : {"nl", "en"}
        Of the names.

    Returns
    -------
    PrinciplesCard
        After Watkinson (2013). What was not mentioned may still be kept or broken.

    Examples
    --------
    >>> from cxtext.phases import load_phases
    >>> from cxtext.tables import CODINGS, SEGMENTS
    >>> empty = make_table([], SEGMENTS), make_table([], CODINGS)
    >>> principles_card(*empty, phases=load_phases(), assigned=pd.Series(dtype="str"))
    PrinciplesCard(0 of 10 principles mentioned)
    """
    said = of_respondents(segments)
    said = said.assign(valence=valences(said["segment"], scores), phase=labels(said["segment"], assigned))
    said = said.assign(side=_sides(said, codings))
    at_stake = said.merge(codes_of(codings, "principle")[["segment", "code"]], on="segment")
    spoke = {"": said["case"].nunique(), **said.groupby("phase")["case"].nunique().drop("", errors="ignore").to_dict()}
    placed: list[tuple[int, int, dict[str, Any]]] = []
    for number, phase in enumerate(("", *(phase.id for phase in phases))):
        here = at_stake[at_stake["phase"] == phase] if phase else at_stake
        sides: dict[Any, pd.DataFrame] = dict(
            list(here.groupby(["code", "case"])["side"].agg(["min", "max"]).groupby(level="code"))
        )
        quotes = [evidence_by(part, part["code"]) for part in (here[here["side"] > 0], here[here["side"] < 0])]
        for place, code in enumerate(load_codebook().group("principle").codes):
            row = _cell(sides.get(code.id, _NOBODY), spoke.get(phase, 0))
            row |= dict(zip(("quotes_kept", "quotes_broken"), (own.get(code.id, "") for own in quotes), strict=True))
            placed.append((place, number, {"principle": code.id, "name": code.name(language), "phase": phase, **row}))
    rows = [row for *_, row in sorted(placed, key=lambda one: one[:2])]
    return PrinciplesCard(make_table(rows, PRINCIPLES), tuple(phases), language)


def _sides(said: pd.DataFrame, codings: pd.DataFrame) -> np.ndarray:
    """1 for each segment that tells of something good, -1 of something bad, 0 of neither or both."""
    kind, judged = codes_of(codings, "kind"), codes_of(codings, "sentiment")
    has = {
        code: among(said["segment"], table.loc[table["code"] == code, "segment"])
        for table, codes in ((kind, ("gain", "pain")), (judged, ("positive", "negative")))
        for code in codes
    }
    felt = said["valence"].fillna(0.0).to_numpy()
    signs = [
        has["gain"].astype(int) - has["pain"].astype(int),
        has["positive"].astype(int) - has["negative"].astype(int),
        (felt >= -NEGATIVE).astype(int) - (felt <= NEGATIVE).astype(int),
    ]
    decided = np.where(signs[1] != 0, signs[1], signs[2])
    return np.where(has["gain"] | has["pain"], signs[0], decided)


def _cell(sides: pd.DataFrame, spoke: int) -> dict[str, Any]:
    good, bad = sides["max"] > 0, sides["min"] < 0
    kept, broken, both = int((good & ~bad).sum()), int((bad & ~good).sum()), int((good & bad).sum())
    share = share_of(kept, kept + broken)
    if len(sides) < _FEW:
        verdict = ""
    elif share["share"] != share["share"]:
        verdict = "unsure"
    else:
        verdict = "kept" if share["low"] > 0.5 else "broken" if share["high"] < 0.5 else "divided"
    return {
        "respondents": len(sides), "of_respondents": spoke, "kept": kept, "broken": broken, "both": both,
        "open": len(sides) - kept - broken - both, "share_kept": share["share"], "low": share["low"],
        "high": share["high"], "verdict": verdict,
    }  # fmt: skip
