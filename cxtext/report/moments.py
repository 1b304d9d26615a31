"""Moments of truth: channels and touchpoints that surely matter for a score, or why there are none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from cxtext import journey
from cxtext.journey.answers import among, by_document, numbers
from cxtext.journey.driving import FEWEST, FEWEST_PER_VARIABLE
from cxtext.tables import TEXT, make_table

if TYPE_CHECKING:
    from cxtext.study import Study

MOMENTS: dict[str, str] = {
    "outcome": TEXT, "group": TEXT, "item": TEXT, "name": TEXT, "respondents": "int64", "of_respondents": "int64",
    "importance": "float64", "low": "float64", "high": "float64", "top": "int64", "in_top": "float64",
    "above_noise": "float64", "moment": "bool", "quotes": TEXT,
}  # fmt: skip

#: share of resamples in which it has to be among the most important ones, and to explain more than noise
SURE_MOMENT = 0.8
#: groups of touchpoints: those told of, and those of a column
CHANNELS, TOUCHPOINTS = "channel", "@touchpoint"
_MOST_TOP, _LEAST_MENTIONED = 3, 5


@dataclass(frozen=True)
class Why:
    """Why there is no moment of truth.

    Attributes
    ----------
    outcome, group : str
        The score and the group, ``""`` where it holds for all.
    cause : str
        ``"no_score"``, ``"equal"`` (all scores are), ``"column"`` (no touchpoints in the files), ``"several"`` (too few
        respondents were at several), ``"people"`` (too few with a score), ``"mentioned"`` (none by enough), or
        ``"unsure"``.
    respondents, needed, items : int
        Those there are, those needed, and what is to be compared.
    """

    outcome: str
    group: str
    cause: str
    respondents: int = 0
    needed: int = 0
    items: int = 0


@dataclass(frozen=True)
class Moments:
    """Channels and touchpoints by their importance for each score.

    Attributes
    ----------
    table : pandas.DataFrame
        Columns `MOMENTS`: of each ``outcome`` and ``group`` (`CHANNELS`, `TOUCHPOINTS`) the items that were compared,
        with their importance and its interval, the probability of being among the ``top`` most important ones and of
        explaining more than noise, and whether it is a ``moment`` of truth.
    why : tuple of Why
        Per score and group without one.
    made_of : tuple of str
        Scores of which some respondents gave several: their mean is partly made of the score of the contact itself.
    """

    table: pd.DataFrame
    why: tuple[Why, ...]
    made_of: tuple[str, ...]

    @property
    def names(self) -> dict[str, tuple[str, ...]]:
        """Names of the moments of truth by score."""
        found = self.table[self.table["moment"]]
        return {str(outcome): tuple(own["name"]) for outcome, own in found.groupby("outcome", sort=False)}

    @property
    def items(self) -> frozenset[str]:
        """Moments of truth of any score."""
        return frozenset(self.table.loc[self.table["moment"], "item"])

    @property
    def channels(self) -> frozenset[str]:
        """Codes of the channels among them."""
        return frozenset(item.removeprefix("channel/") for item in self.items if item.startswith("channel/"))


def top_of(items: int) -> int:
    """How many of so many items are the most important ones: a third, rounded up, and three at most.

    Parameters
    ----------
    items : int

    Returns
    -------
    int

    Examples
    --------
    >>> [top_of(items) for items in (1, 3, 4, 6, 7, 12)]
    [1, 1, 2, 2, 3, 3]
    """
    return min(_MOST_TOP, -(-items // 3))


def moments_of_truth(study: Study, outcomes: Sequence[str], *, seed: int = 0, language: str = "nl") -> Moments:
    """Look for moments of truth among the channels told of, and among the touchpoints of a column of the files.

    Parameters
    ----------
    study : Study
    outcomes : sequence of str
        Columns with scores; see `cxtext.report.chapters.Analyses.outcomes`.
    seed : int
    language : {"nl", "en"}
        Of the names.

    Returns
    -------
    Moments
        Touchpoints of files are compared by respondents who were at two or more: the others cannot compare.
    """
    documents = study.documents
    if not outcomes:
        asked = journey.rated_questions(documents)
        given = [*(one.values for one in asked if one.kind == "satisfaction")]
        given += [numbers(documents, "@nps")] if "@nps" in documents else []
        cause = "equal" if any(values.notna().any() for values in given) else "no_score"
        return Moments(make_table([], MOMENTS), (Why("", "", cause),), ())
    place = by_document(documents, TOUCHPOINTS)
    case = by_document(documents, "case").reindex(place.index)
    several = place[place != ""].groupby(case).nunique()
    groups = {CHANNELS: documents}
    why = []
    if place[place != ""].nunique() > 1:
        groups[TOUCHPOINTS] = documents[among(documents["case"], several.index[several > 1])]
    else:
        why.append(Why("", TOUCHPOINTS, "column"))
    parts = []
    for outcome in outcomes:
        for group, own in groups.items():
            found = journey.drivers(study.segments, study.codings, study.scores, own, outcome=outcome, groups=(group,),
                                    least=_LEAST_MENTIONED, seed=seed, language=language)  # fmt: skip
            table = _compared(found, group)
            parts.append(table)
            if not table["moment"].any():
                scored = numbers(own, outcome).groupby(own["case"].to_numpy()).mean().count()
                why.append(_why(found, group, int(scored)))
    made_of = [outcome for outcome in outcomes if _several_scores(documents, outcome)]
    return Moments(pd.concat(parts, ignore_index=True), tuple(why), tuple(made_of))


def _compared(found: journey.Drivers, group: str) -> pd.DataFrame:
    """Items of which the importance is known."""
    own = found.table[found.table["importance"].notna()]
    top = top_of(len(own))
    chances = found.ranks[found.ranks["rank"] <= top].groupby("item")["p"].sum()
    own = own.assign(outcome=found.outcome, group=group, top=top, in_top=own["item"].map(chances).astype("float64"))
    moment = own["in_top"].ge(SURE_MOMENT) & own["above_noise"].ge(SURE_MOMENT)
    return make_table({column: own.assign(moment=moment)[column] for column in MOMENTS}, MOMENTS)


def _why(found: journey.Drivers, group: str, scored: int) -> Why:
    table = found.table
    if table["importance"].notna().any():
        return Why(found.outcome, group, "unsure")
    needed = max(FEWEST, 2 * FEWEST_PER_VARIABLE * len(table))
    if scored < needed and (group == TOUCHPOINTS or len(table)):
        cause = "several" if group == TOUCHPOINTS else "people"
        return Why(found.outcome, group, cause, scored, needed, len(table))
    return Why(found.outcome, group, "equal" if len(table) else "mentioned", needed=_LEAST_MENTIONED)


def _several_scores(documents: pd.DataFrame, outcome: str) -> bool:
    """Whether some respondents gave this score of several contacts, and not always the same."""
    return bool(numbers(documents, outcome).groupby(documents["case"].to_numpy()).nunique().gt(1).any())
