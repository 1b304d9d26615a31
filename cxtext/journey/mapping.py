"""The journey map: phases, what happens in each, and how it felt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from cxtext.coded import of_respondents
from cxtext.errors import OptionError
from cxtext.journey.answers import by_document, nps_answers
from cxtext.journey.lanes import cells
from cxtext.phases import Phase, assign_phases, in_language, load_phases
from cxtext.records import Notice
from cxtext.stats import mean_interval, nps, resampled_means, share_lowest, wilson
from cxtext.tables import MEMBERS, TEXT, make_table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from cxtext.themes import Themes

CURVE: dict[str, str] = {
    "phase": TEXT, "n": "int64", "mean": "float64", "low": "float64", "high": "float64", "segments": "int64",
    "negative": "int64", "negative_low": "float64", "negative_high": "float64",
}  # fmt: skip
RESPONDENTS: dict[str, str] = {"case": TEXT, "phase": TEXT, "mean": "float64", "segments": "int64"}
NPS: dict[str, str] = {
    "touchpoint": TEXT, "wave": TEXT, "n": "int64", "respondents": "int64", "promoters": "int64", "passives": "int64",
    "detractors": "int64", "score": "float64", "low": "float64", "high": "float64",
}  # fmt: skip

EXTREMES: dict[str, str] = {"phase": TEXT, "lowest": "float64", "highest": "float64"}

#: respondents without whom a phase has no line in the curve
_FEW = 3
#: of the valence
_ENDS = (-2.0, 2.0)
#: a segment with a valence of this or less is clearly negative
NEGATIVE = -0.5


@dataclass(frozen=True)
class Journey:
    """A journey map.

    Attributes
    ----------
    phases : tuple of Phase
        In order.
    cells : pandas.DataFrame
        One row per phase, lane and item: ``phase``, ``lane`` (see `cxtext.journey.lanes.LANES`), ``item`` (code, theme,
        touchpoint or segment), ``name``, ``segments``, ``respondents``, ``of_respondents`` (who spoke about the phase)
        and ``quotes`` (segments, joined by ``;``, the best first). Without a row, nobody mentioned it, which does not
        say that it is absent.
    curve : pandas.DataFrame
        One row per phase: ``n`` respondents, ``mean`` of their means, ``low`` and ``high`` (95 % t-interval),
        ``segments``, and ``negative``: how many of the n say something clearly negative, with its Wilson interval.
    respondents : pandas.DataFrame
        ``case``, ``phase``, ``mean``, ``segments``: the mean valence of each respondent in each phase.
    nps : pandas.DataFrame
        Per ``touchpoint`` and ``wave``, where ``""`` stands for all of them: ``n`` answers of so many ``respondents``,
        parts, ``score`` and adjusted Wald interval. Empty where nobody was asked.
    assigned : pandas.Series
        Phase by segment, ``""`` where there is none.
    of_respondents : int
        All respondents of the study.
    notices : tuple of Notice
        What was left out.
    language : str
        Of the names, ``"nl"`` or ``"en"``.
    """

    phases: tuple[Phase, ...]
    cells: pd.DataFrame
    curve: pd.DataFrame
    respondents: pd.DataFrame
    nps: pd.DataFrame
    assigned: pd.Series
    of_respondents: int
    notices: tuple[Notice, ...] = ()
    language: str = "nl"

    @property
    def unplaced(self) -> int:
        """Number of segments without a phase."""
        return int((self.assigned == "").sum())

    def extremes(self, *, n_resamples: int = 2000, seed: int = 0) -> pd.DataFrame:
        """Tell how sure it is which phase is the dip of the curve, and which the peak.

        Parameters
        ----------
        n_resamples : int
            Respondents are drawn again and again, with all their phases.
        seed : int

        Returns
        -------
        pandas.DataFrame
            Columns `EXTREMES`: one row per ``phase`` of 3 respondents or more, with the probability that its mean is
            the ``lowest`` and the ``highest`` of them.
        """
        firm = self.curve.loc[self.curve["n"] >= _FEW, "phase"].tolist()
        means = self.respondents.pivot_table(index="case", columns="phase", values="mean")
        drawn = resampled_means(means.reindex(columns=firm).to_numpy(dtype=float), n_resamples=n_resamples, seed=seed)
        chances = zip(firm, share_lowest(drawn).tolist(), share_lowest(-drawn).tolist(), strict=True) if firm else ()
        return make_table([dict(zip(EXTREMES, row, strict=True)) for row in chances], EXTREMES)

    def plot(self, *, language: str | None = None) -> Figure:
        """Draw the emotion curve.

        Parameters
        ----------
        language : {"nl", "en"}, optional
            Of the labels; that of the map where it is left out.

        Returns
        -------
        matplotlib.figure.Figure
        """
        from cxtext.plots import emotion_curve

        language = language or self.language
        return emotion_curve(self.curve, self.respondents, in_language(self.phases, language), language=language)

    def plot_emotions(self, *, language: str | None = None) -> Figure:
        """Draw which emotions respondents show in which phase.

        Parameters
        ----------
        language : {"nl", "en"}, optional
            Of the labels; that of the map where it is left out.

        Returns
        -------
        matplotlib.figure.Figure
        """
        from cxtext.plots import emotion_map

        language = language or self.language
        return emotion_map(self.cells, self.curve, in_language(self.phases, language), language=language)

    def __repr__(self) -> str:
        names = ", ".join(f"{row.phase} (n = {row.n})" for row in self.curve.itertuples())
        return f"Journey({names}; {self.of_respondents} respondents, {self.unplaced} segments without a phase)"

    def _repr_html_(self) -> str:
        from cxtext.plots.tables import journey_html

        return journey_html(self)


def map_journey(
    segments: pd.DataFrame,
    codings: pd.DataFrame,
    scores: pd.DataFrame,
    *,
    documents: pd.DataFrame | None = None,
    themes: Themes | None = None,
    phases: str | Path | Sequence[Phase] = "default",
    language: str = "nl",
    encode: Callable[[Sequence[str]], Any] | None = None,
) -> Journey:
    """Map the journey of the respondents.

    Parameters
    ----------
    segments : pandas.DataFrame
        Table `cxtext.tables.SEGMENTS`.
    codings : pandas.DataFrame
        Table `cxtext.tables.CODINGS`.
    scores : pandas.DataFrame
        Columns ``segment``, ``valence`` (from -2 to 2), and a probability per code path (``"kind/pain"``).
    documents : pandas.DataFrame, optional
        From `cxtext.tables.documents_table`; its columns ``@touchpoint``, ``@wave`` and ``@nps`` are used.
    themes : Themes, optional
        With them, needs, pains and gains are shown by theme; else as quotes.
    phases : str, pathlib.Path or sequence of Phase
        See `cxtext.phases.load_phases`.
    language : {"nl", "en"}
        Of the names.
    encode : callable, optional
        Texts to vectors (n, d) of unit length; `cxtext.embedding.encode` where it is left out.

    Returns
    -------
    Journey

    Raises
    ------
    OptionError
        `scores` has no valence.
    ReadError
        The file with phases cannot be used.

    Examples
    --------
    >>> from cxtext.tables import CODINGS, SEGMENTS
    >>> scores = pd.DataFrame({"segment": [], "valence": []})
    >>> journey = map_journey(make_table([], SEGMENTS), make_table([], CODINGS), scores)
    >>> journey.curve["n"].tolist()
    [0, 0, 0, 0, 0]
    """
    if not {"segment", "valence"} <= set(scores.columns):
        msg = "The scores need the columns 'segment' and 'valence' (from -2 to 2). Take the scores of the tagger."
        raise OptionError(msg)
    if encode is None:
        from cxtext import embedding

        encode = embedding.encode
    columns = load_phases(phases, language=language) if isinstance(phases, str | Path) else tuple(phases)
    scores = scores.assign(segment=scores["segment"].astype("str")).drop_duplicates("segment")
    said = of_respondents(segments)
    assigned = assign_phases(said, codings, columns, encode=encode)
    valence = scores.set_index("segment")["valence"].astype("float64")
    told = said.assign(phase=assigned.to_numpy(), valence=said["segment"].map(valence).astype("float64"))
    respondents = _respondent_means(told)
    scored, notices = nps_answers(documents)
    return Journey(
        phases=columns,
        cells=cells(
            told,
            codings,
            scores,
            columns,
            touchpoints=by_document(documents, "@touchpoint"),
            themes=make_table([], MEMBERS) if themes is None else themes.members,
            theme_names={} if themes is None else dict(zip(themes.table["theme"], themes.table["name"], strict=True)),
            language=language,
            encode=encode,
        ),
        curve=_curve(told, respondents, columns),
        respondents=respondents,
        nps=_nps(scored),
        assigned=assigned,
        of_respondents=int(said["case"].nunique()),
        notices=(*_without_valence(told), *notices),
        language=language,
    )


def _respondent_means(told: pd.DataFrame) -> pd.DataFrame:
    """Mean valence of each respondent in each phase."""
    felt = told[(told["phase"] != "") & told["valence"].notna()]
    means = felt.groupby(["case", "phase"])["valence"].agg(["mean", "size"]).reset_index()
    means = means.rename(columns={"size": "segments"})
    return make_table({name: means[name].tolist() for name in RESPONDENTS}, RESPONDENTS)


def _curve(told: pd.DataFrame, respondents: pd.DataFrame, phases: Sequence[Phase]) -> pd.DataFrame:
    rows = []
    for phase in phases:
        own = respondents[respondents["phase"] == phase.id]
        mean = mean_interval(own["mean"].to_numpy())
        sour = told[(told["phase"] == phase.id) & (told["valence"] <= NEGATIVE)]
        share = wilson(sour["case"].nunique(), mean.n)
        rows.append({
            "phase": phase.id, "n": mean.n, "mean": mean.value, "low": max(mean.low, _ENDS[0]),
            "high": min(mean.high, _ENDS[1]), "segments": int(own["segments"].sum()),
            "negative": sour["case"].nunique(), "negative_low": share.low, "negative_high": share.high,
        })  # fmt: skip
    return make_table(rows, CURVE)


def _without_valence(told: pd.DataFrame) -> list[Notice]:
    missing = int(told["valence"].isna().sum())
    if not missing:
        return []
    return [Notice("scores", f"{missing} of {len(told)} segments have no valence and are not in the emotion curve.")]


def _nps(scored: pd.DataFrame) -> pd.DataFrame:
    """NPS of everybody, per touchpoint, per wave and per both, in the order of the data."""
    rows = []
    touchpoints = [value for value in scored["touchpoint"].unique() if value]
    waves = [value for value in scored["wave"].unique() if value]
    for touchpoint in ["", *touchpoints]:
        for wave in ["", *waves]:
            own = scored[
                scored["touchpoint"].eq(touchpoint if touchpoint else scored["touchpoint"])
                & scored["wave"].eq(wave if wave else scored["wave"])
            ]
            if own.empty:
                continue
            result = nps(own["score"])
            rows.append({
                "touchpoint": touchpoint, "wave": wave, "n": result.n, "respondents": own["case"].nunique(),
                "promoters": result.promoters, "passives": result.passives, "detractors": result.detractors,
                "score": result.score, "low": result.low, "high": result.high,
            })  # fmt: skip
    return make_table(rows, NPS)
