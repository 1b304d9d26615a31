"""Touchpoints: where respondents meet the organisation, and which of them matter."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from cxtext.report.chapters.analyses import Analyses
from cxtext.report.chapters.blocks import (
    FEELING,
    FIRM,
    Cell,
    Chapter,
    Picture,
    Table,
    listed,
    of_total,
    percent,
    scaled,
    with_interval,
)
from cxtext.report.figure import MIN_RESPONDENTS
from cxtext.report.labels import Labels
from cxtext.report.moments import CHANNELS, TOUCHPOINTS, Why
from cxtext.report.names import Names
from cxtext.report.rows import rows_of
from cxtext.stats import MIN_PERCENTAGE

if TYPE_CHECKING:
    import pandas as pd

    from cxtext.study import Study

_LEVEL = 0.05
#: what items are called by the source of a touchpoint
_ITEMS = {"text": CHANNELS, "attribute": TOUCHPOINTS}
_GROUPS = {CHANNELS: "moments_channels", TOUCHPOINTS: "moments_touchpoints"}
#: column with the difference in effort, which need not be asked
_EFFORT = 4


def touchpoints(study: Study, found: Analyses, names: Names, labels: Labels) -> Chapter:
    """Inventory of touchpoints, departments and channels, with what respondents say about each.

    Parameters
    ----------
    study : Study
    found : Analyses
    names : Names
    labels : Labels

    Returns
    -------
    Chapter
    """
    title, table = labels("touchpoints"), found.touchpoints.table
    if table.empty:
        return Chapter("touchpoints", title, missing=labels("touchpoints_missing"))
    blocks = [_inventory(own, str(source), found, names, labels) for source, own in table.groupby("source", sort=False)]
    return Chapter(
        "touchpoints",
        title,
        labels("touchpoints_intro"),
        _touchpoint_message(table, found, names, labels),
        blocks=(
            *blocks,
            Picture("touchpoints", title, found.touchpoints.plot, inline=False),
            *_moments(found, labels),
            *_attainment(found, labels),
            *([_network(found.organisations, labels)] if len(found.organisations) else []),
        ),
        notes=tuple(_touchpoint_notes(found, labels)),
        frames={
            "touchpoints": table,
            "touchpoints_goals": found.attainment[0],
            "moments_of_truth": found.moments.table,
            "organisations": found.organisations,
        },
    )


def _inventory(table: pd.DataFrame, source: str, found: Analyses, names: Names, labels: Labels) -> Table:
    """One table per source, with only the columns that it can fill."""
    scored, repeated = bool(table["nps_n"].gt(0).any()), bool(table["repeated"].gt(0).any())
    columns = [labels(f"touchpoints_{source}"), labels("respondents"), labels("feeling"), labels("pains_needs_gains"),
               labels("lane_emotions")]  # fmt: skip
    columns += [labels("nps")] if scored else []
    columns += [labels("repeated")] if repeated else []
    rows = []
    for row in rows_of(table):
        firm = row.respondents >= MIN_RESPONDENTS
        low, high = (row.valence_low, row.valence_high) if firm else (math.nan, math.nan)
        truth = f"{_ITEMS.get(source, source)}/{row.touchpoint}" in found.moments.items
        owner = labels("owned_by", owner=row.owner) if row.owner and source == "attribute" else ""
        cells = [
            Cell(f"◆ {row.name}" if truth else row.name, row.quotes, row.name, owner),
            Cell(of_total(row.respondents, row.of_respondents, labels), note=labels.count("segment", row.segments)),
            Cell(with_interval(row.valence, low, high, labels, 1),
                 span=scaled(low, row.valence, high, FEELING, firm=firm)),
            Cell(" / ".join(map(labels.number, (row.pains, row.needs, row.gains)))),
            Cell(names.codes.get(f"emotion/{row.emotion}", "–"),
                 note=of_total(row.emotion_respondents, row.respondents, labels) if row.emotion else ""),
        ]  # fmt: skip
        cells += [_nps(row, labels)] if scored else []
        cells += [Cell(of_total(row.repeated, row.contacts, labels) if row.contacts else "–")] if repeated else []
        rows.append(tuple(cells))
    return Table(labels(f"touchpoints_{source}_caption"), tuple(columns), tuple(rows), frozenset())


def _attainment(found: Analyses, labels: Labels) -> list[Table]:
    """Crucial and unnecessary touchpoints, of those with enough respondents on both sides; the crucial ones first."""
    known = found.attainment[0]
    known = known[known["verdict"] != ""].sort_values("difference", ascending=False, kind="stable")
    if known.empty:
        return []
    effort = bool(known["effort"].notna().any())
    rows = []
    for row in rows_of(known):
        change = with_interval(100 * row.difference, 100 * row.low, 100 * row.high, labels)
        cells = [
            Cell(row.name, row.quotes, row.name),
            Cell(of_total(row.with_k, row.with_n, labels)),
            Cell(of_total(row.without_k, row.without_n, labels)),
            Cell(change, span=scaled(100 * row.low, 100 * row.difference, 100 * row.high, (-100.0, 100.0))),
            Cell(with_interval(row.effort, row.effort_low, row.effort_high, labels, 1)),
            Cell(labels.choice("attainment_verdicts", row.verdict)),
        ]
        rows.append(tuple(cell for at, cell in enumerate(cells) if effort or at != _EFFORT))
    columns = ["part_touchpoint", "attainment_with", "attainment_without", "difference_points", "attainment_effort",
               "verdict"]  # fmt: skip
    heads = tuple(labels(key) for key in columns if effort or key != "attainment_effort")
    return [Table(labels("attainment_caption"), heads, tuple(rows))]


def _network(table: pd.DataFrame, labels: Labels) -> Table:
    """Organisations that respondents deal with besides."""
    rows = []
    for row in rows_of(table):
        firm = row.respondents >= MIN_RESPONDENTS
        low, high = (row.valence_low, row.valence_high) if firm else (math.nan, math.nan)
        rows.append((
            Cell(row.name, row.quotes, row.name, labels(f"network_{row.source}")),
            Cell(of_total(row.respondents, row.of_respondents, labels)),
            Cell(with_interval(row.valence, low, high, labels, 1),
                 span=scaled(low, row.valence, high, FEELING, firm=firm)),
        ))  # fmt: skip
    columns = labels("network_head"), labels("respondents"), labels("feeling")
    return Table(labels("network_caption"), columns, tuple(rows))


def _nps(row: Any, labels: Labels) -> Cell:
    if row.nps_n < MIN_PERCENTAGE:
        return Cell(labels("nps_few") if row.nps_n else "–", note=f"n = {row.nps_n}" if row.nps_n else "")
    text = with_interval(row.nps, row.nps_low, row.nps_high, labels)
    span = scaled(row.nps_low, row.nps, row.nps_high, (-100.0, 100.0))
    return Cell(text, note=f"n = {labels.number(row.nps_n)}", span=span)


def _touchpoint_message(table: pd.DataFrame, found: Analyses, names: Names, labels: Labels) -> str:
    """The touchpoint that feels worst of those with enough respondents, and the moments of truth."""
    parts = []
    for source in ("attribute", "text"):
        own = table[(table["source"] == source) & table["respondents"].ge(MIN_PERCENTAGE)]
        if len(own) > 1:
            low, high = own.nsmallest(1, "valence").iloc[0], own.nlargest(1, "valence").iloc[0]
            parts.append(labels("touchpoints_message", low=low["name"], low_n=low["respondents"],
                                low_mean=labels.number(low["valence"], 1), high=high["name"],
                                high_mean=labels.number(high["valence"], 1), high_n=high["respondents"]))  # fmt: skip
            break
    for outcome, told in found.moments.names.items():
        parts.append(_of_score(outcome, labels("moments_of_truth", names=listed(told, labels)), found, labels))
    return " ".join(parts)


def _of_score(outcome: str, text: str, found: Analyses, labels: Labels) -> str:
    """Name the score that a text is about, where there are several."""
    if len(found.outcomes) < 2 or not outcome:
        return text
    score = labels("outcome_loyalty" if outcome == "@nps" else "outcome_satisfaction")
    return labels("drivers_of", score=score, text=text)


def _moments(found: Analyses, labels: Labels) -> Iterator[Table]:
    """Importance of channels and of touchpoints for each score, with the probability of the top."""
    for (outcome, group), own in found.moments.table.groupby(["outcome", "group"], sort=False):
        top = max(0.01, float(own["high"].max()))
        rows = tuple(
            (
                Cell(f"◆ {row.name}" if row.moment else row.name, row.quotes, row.name),
                Cell(of_total(row.respondents, row.of_respondents, labels)),
                Cell(with_interval(100 * row.importance, 100 * row.low, 100 * row.high, labels, unit="%"),
                     span=scaled(row.low, row.importance, row.high, (0.0, top), firm=row.above_noise >= FIRM)),
                Cell(percent(row.in_top, labels)), Cell(percent(row.above_noise, labels)),
            )
            for row in rows_of(own)
        )  # fmt: skip
        caption = labels("moments_caption", group=labels(_GROUPS[str(group)]))
        columns = (labels("part_touchpoint"), labels("respondents"), labels("driver_importance"),
                   labels("moments_top", n=int(own["top"].iloc[0])), labels("moments_noise"))  # fmt: skip
        yield Table(_of_score(str(outcome), caption, found, labels), columns, rows, frozenset({3, 4}))


def _why(one: Why, found: Analyses, labels: Labels) -> str:
    """One sentence why there is no moment of truth."""
    group = labels(_GROUPS[one.group]) if one.group else ""
    text = labels(f"moments_why_{one.cause}", group=group, n=labels.number(one.respondents),
                  least=labels.number(one.needed), k=labels.number(one.items))  # fmt: skip
    return _of_score(one.outcome, text, found, labels)


def _touchpoint_notes(found: Analyses, labels: Labels) -> list[str]:
    notes = [labels("touchpoints_note")]
    if len(found.moments.table):
        notes.append(labels("moments_note"))
    if found.moments.made_of and len(found.moments.table):
        notes.append(labels("moments_made_of"))
    notes += dict.fromkeys(_why(one, found, labels) for one in found.moments.why)
    attained, column = found.attainment
    if attained["verdict"].eq("").all():
        notes.append(labels("attainment_few", least=MIN_PERCENTAGE))
    else:
        asked = f"{labels('attainment_asked', column=column)} {labels('attainment_note')}"
        notes.append(asked if column else labels("attainment_told"))
    spread = found.touchpoints.spread
    if spread is not None:
        value = with_interval(spread.value, spread.low, spread.high, labels, 1)
        notes.append(labels("one_face_sure" if spread.p < _LEVEL else "one_face", value=value))
    if found.touchpoints.table["repeated"].gt(0).any():
        notes.append(labels("repeated_note", days=found.touchpoints.days))
    return notes
