"""Lanes of the map that are computed for the report: expectations with their gaps, opportunities, and owners."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from cxtext import journey
from cxtext.journey.answers import labels as labels_of
from cxtext.journey.lanes import CELLS
from cxtext.journey.mentions import evidence_by
from cxtext.journey.repairs import unresolved
from cxtext.report.chapters.analyses import Analyses
from cxtext.report.labels import Labels
from cxtext.report.rows import rows_of
from cxtext.stats import opportunity
from cxtext.tables import make_table

if TYPE_CHECKING:
    from cxtext.study import Study

#: lanes of the map in the order in which people read it
ORDER = (
    "activities", "channels", "touchpoints", "needs", "expectations", "pains", "gains", "emotions", "themes", "quotes",
    "opportunities",
)  # fmt: skip
_MOST = 4


def with_lanes(study: Study, found: Analyses, labels: Labels) -> Study:
    """Give the study with all lanes of the map that a report shows.

    Parameters
    ----------
    study : Study
    found : Analyses
    labels : Labels

    Returns
    -------
    Study
        The cells of its journey also have the lanes ``expectations`` and ``opportunities``, and touchpoints are named
        with their owner.
    """
    cells = study.journey.cells
    owners = {row.touchpoint: row.owner for row in rows_of(found.touchpoints.table) if row.source == "attribute"}
    owned = [
        f"{row.name} · {owners[row.item]}" if row.lane == "touchpoints" and owners.get(row.item) else row.name
        for row in rows_of(cells)
    ]
    more = make_table([*_expectations(study, labels), *_opportunities(study, found)], CELLS)
    named = make_table({**{column: cells[column].tolist() for column in CELLS}, "name": owned}, CELLS)
    whole: pd.DataFrame = pd.concat([named, more], ignore_index=True)
    place = whole["lane"].map({lane: number for number, lane in enumerate(ORDER)}).fillna(len(ORDER))
    order = place.sort_values(kind="stable").index
    return replace(study, journey=replace(study.journey, cells=whole.loc[order].reset_index(drop=True)))


def _expectations(study: Study, labels: Labels) -> list[dict[str, Any]]:
    table = journey.expectations(study.segments, study.codings, study.scores, study.journey.assigned)
    rows = []
    for row in rows_of(table.sort_values("respondents", ascending=False, kind="stable")):
        name = labels(f"expectation_{row.item}")
        parts = [labels(f"expectation_{key}", n=n) for key, n in (("delivered", row.delivered), ("broken", row.broken))
                 if n]  # fmt: skip
        rows.append({
            "phase": row.phase, "lane": "expectations", "item": row.item, "name": "; ".join([name, *parts]),
            "segments": row.segments, "respondents": row.respondents, "of_respondents": row.of_respondents,
            "quotes": row.quotes,
        })  # fmt: skip
    return rows


def _opportunities(study: Study, found: Analyses) -> list[dict[str, Any]]:
    """Themes of each phase with a need or a pain, in the order of what is least resolved there."""
    voiced = unresolved(study.segments, study.codings, themes=study.themes, language=found.language)
    voiced = voiced.assign(phase=labels_of(voiced["segment"], study.journey.assigned))
    phases = labels_of(study.segments["segment"], study.journey.assigned)
    told = study.segments["case"].groupby(phases.to_numpy()).nunique()
    rows = []
    for phase in study.journey.phases:
        own = voiced[voiced["phase"] == phase.id]
        people = own.groupby("item")["case"].nunique()
        hurt = own[own["code"] == "pain"].groupby("item")["case"].nunique()
        score = {
            item: opportunity(10 * k / told[phase.id], 10 * (k - hurt.get(item, 0)) / k) for item, k in people.items()
        }
        quotes, names = evidence_by(own, own["item"]), own.drop_duplicates("item").set_index("item")["name"]
        rows += [
            {"phase": phase.id, "lane": "opportunities", "item": item, "name": names[item],
             "segments": quotes[item].count(";") + 1, "respondents": int(people[item]),
             "of_respondents": int(told[phase.id]), "quotes": quotes[item]}
            for item in sorted(people.index, key=lambda item: -score[item])[:_MOST]
        ]  # fmt: skip
    return rows
