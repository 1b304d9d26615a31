"""Touchpoints and paths: where respondents meet the organisation, and in which order."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from cxtext.journey.answers import joined
from cxtext.journey.driving import FEWEST
from cxtext.journey.pathways import ARROW
from cxtext.report.chapters.analyses import Analyses
from cxtext.report.chapters.blocks import (
    FEELING,
    Cell,
    Chapter,
    Picture,
    Table,
    listed,
    of_total,
    scaled,
    with_interval,
)
from cxtext.report.figure import MIN_RESPONDENTS
from cxtext.report.labels import Labels
from cxtext.report.names import Names
from cxtext.report.rows import rows_of
from cxtext.stats import END, MIN_PERCENTAGE, START

if TYPE_CHECKING:
    import pandas as pd

    from cxtext.journey import Paths
    from cxtext.study import Study

_LEVEL = 0.05
#: what items are called by the source of a touchpoint
_ITEMS = {"text": "channel", "attribute": "@touchpoint"}
_MOST_PATTERNS, _MOST_STEPS = 6, 10
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
            *_attainment(found, labels),
            *([_network(found.organisations, labels)] if len(found.organisations) else []),
        ),
        notes=tuple(_touchpoint_notes(found, labels)),
        frames={
            "touchpoints": table,
            "touchpoints_goals": found.attainment[0],
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
        item = f"{_ITEMS.get(source, source)}/{row.touchpoint}"
        truth = any(item in own for own in found.moments_of_truth.values())
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
    for outcome, items in found.moments_of_truth.items():
        told = [names.codes.get(item, item.removeprefix("@touchpoint/")) for item in items]
        text = labels("moments_of_truth", names=listed(told, labels))
        score = labels("outcome_loyalty" if outcome == "@nps" else "outcome_satisfaction")
        parts.append(labels("drivers_of", score=score, text=text) if len(found.outcomes) > 1 else text)
    return " ".join(parts)


def _touchpoint_notes(found: Analyses, labels: Labels) -> list[str]:
    notes = [labels("touchpoints_note")]
    if found.moments_of_truth:
        notes.append(labels("moments_note"))
    elif found.outcomes:
        notes.append(labels("moments_none"))
    compared = [one for one in found.touchpoint_drivers if one.table["importance"].notna().any()]
    if found.touchpoint_drivers and not compared:
        notes.append(labels("moments_few", least=FEWEST))
    attained, column = found.attainment
    if attained["verdict"].eq("").all():
        notes.append(labels("attainment_few", least=MIN_PERCENTAGE))
    else:
        basis = labels("attainment_asked", column=column) if column else labels("attainment_told")
        notes.append(f"{basis} {labels('attainment_note')}")
    spread = found.touchpoints.spread
    if spread is not None:
        value = with_interval(spread.value, spread.low, spread.high, labels, 1)
        notes.append(labels("one_face_sure" if spread.p < _LEVEL else "one_face", value=value))
    if found.touchpoints.table["repeated"].gt(0).any():
        notes.append(labels("repeated_note", days=found.touchpoints.days))
    return notes


def paths(study: Study, found: Analyses, names: Names, labels: Labels) -> Chapter:
    """Order of channels or touchpoints, as a graph, with what is done over and what is common.

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
    title, own = labels("paths"), found.paths
    if own is None:
        return Chapter("paths", title, missing=labels("paths_missing"))
    switched, total = own.switched
    common = own.patterns.head(1)
    message = ""
    if len(common):
        share = of_total(int(common["respondents"].iloc[0]), own.of_respondents, labels)
        message = labels("paths_message", pattern=common["pattern"].iloc[0], share=share)
    steps = Table(
        labels("paths_steps_caption"),
        tuple(labels(key) for key in ("paths_step", "respondents", "paths_again", "paths_bounces", "feeling")),
        tuple(
            (
                Cell(row.name, row.quotes, row.name),
                Cell(of_total(row.respondents, own.of_respondents, labels)),
                Cell(of_total(row.again, row.of_respondents, labels)),
                Cell(labels.number(row.bounces)),
                Cell(with_interval(row.valence, math.nan, math.nan, labels, 1),
                     span=scaled(math.nan, row.valence, math.nan, FEELING, firm=row.respondents >= MIN_RESPONDENTS)),
            )
            for row in rows_of(own.visits.sort_values("respondents", ascending=False, kind="stable"))
        ),
        frozenset({3}),
    )  # fmt: skip
    blocks: list[Table | Picture] = [Picture("paths", labels("paths_picture"), own.plot), steps]
    if changes := _switches(own, labels("paths_switches_caption"), labels):
        blocks.append(changes)
    for part, handed in found.handed.items():
        if changes := _switches(handed, labels(f"handed_{part}_caption"), labels):
            blocks.append(changes)
    if found.activities and (changes := _switches(found.activities, labels("activities_caption"), labels)):
        blocks.append(changes)
    if len(own.patterns):
        blocks.append(_patterns(own.patterns, labels))
    blocks += [_whole(found, own, labels), _goals(found, labels)]
    basis = labels("paths_contacts" if found.contacts else "paths_stories")
    count = labels("paths_switches", k=labels.number(switched), n=labels.number(total)) if found.contacts else ""
    return Chapter(
        "paths", title, labels("paths_intro", n=labels.number(own.of_respondents)), message, blocks=tuple(blocks),
        notes=tuple(filter(None, (basis, count, *_handed_notes(found, labels), labels("goals_note")))),
        frames={"paths_transitions": own.transitions, "paths_visits": own.visits, "paths_variants": own.variants,
                "paths_patterns": own.patterns, "paths_goals": found.goals.table},
    )  # fmt: skip


def _goals(found: Analyses, labels: Labels) -> Table:
    """What respondents came for, and at which step they tell that they have it."""
    own = found.goals
    n, met = own.met.n, int(own.table["met"].sum())
    rows = [(Cell(labels("goals_wanted"), own.wanted), Cell(of_total(own.wanting, n, labels)), Cell("–"))]
    rows += [
        (Cell(labels("goals_at", step=row.name), row.quotes), Cell(of_total(row.met, row.respondents, labels)),
         Cell(labels.number(row.position, 1)))
        for row in rows_of(own.table)
    ]  # fmt: skip
    rows.append((Cell(labels("goals_not")), Cell(of_total(n - met, n, labels)), Cell("–")))
    columns = labels("goals_head"), labels("respondents"), labels("goals_position")
    return Table(labels("goals_caption"), columns, tuple(rows), frozenset({2}), shown=8)


def _handed_notes(found: Analyses, labels: Labels) -> list[str]:
    """How often activities go back to an earlier phase, and contacts to another department or channel."""
    order = [phase.id for phase in found.study.journey.phases]
    told = found.activities
    steps = told.transitions[told.transitions[["source", "target"]].isin(order).all(axis=1)] if told else None
    back = (
        0
        if steps is None
        else sum(row.count for row in rows_of(steps) if order.index(row.target) < order.index(row.source))
    )
    notes = [] if told is None else [labels("activities_note", n=labels.number(told.of_respondents),
                                            k=labels.number(back), all=labels.number(told.switched[1]))]  # fmt: skip
    return notes + [
        labels(f"handed_{part}", k=labels.number(own.switched[0]), n=labels.number(own.switched[1]),
               back=labels.number(int(own.visits["bounces"].sum())))
        for part, own in found.handed.items()
    ]  # fmt: skip


def _whole(found: Analyses, own: Paths, labels: Labels) -> Table:
    """Whole paths that several respondents take, and how many take one of their own."""
    said = joined(found.steps["case"], found.steps["segments"])

    def row(name: str, paths: pd.DataFrame) -> tuple[Cell, ...]:
        quotes = ";".join(
            filter(None, (said[case].strip(";") for cases in paths["cases"] for case in cases.split(";")))
        )
        return Cell(name, quotes), Cell(of_total(int(paths["respondents"].sum()), own.of_respondents, labels))

    shared = own.variants[own.variants["respondents"] > 1]
    rows = [row(name, shared[shared["path"] == name]) for name in shared["path"].head(_MOST_PATTERNS)]
    for key, rest in (("whole_rest", shared.iloc[_MOST_PATTERNS:]), ("whole_own", own.variants.iloc[len(shared) :])):
        rows += [row(labels(key, n=labels.number(len(rest))), rest)] if len(rest) else []
    columns = labels("paths_whole"), labels("respondents")
    return Table(labels("paths_whole_caption"), columns, tuple(rows), shown=_MOST_PATTERNS + 2)


def _switches(own: Paths, caption: str, labels: Labels) -> Table | None:
    """Steps between which the feeling changes most, of those that enough respondents take."""
    transitions, names = own.transitions, own.names
    edges = transitions["source"].isin((START, END)) | transitions["target"].isin((START, END))
    known = transitions[~edges & transitions["n_change"].ge(MIN_RESPONDENTS)
                        & transitions["source"].ne(transitions["target"])]  # fmt: skip
    if known.empty:
        return None
    known = known.sort_values("change", kind="stable").head(_MOST_STEPS)
    rows = tuple(
        (
            Cell(f"{names.get(row.source, row.source)}{ARROW}{names.get(row.target, row.target)}", row.quotes),
            Cell(of_total(row.respondents, row.of_respondents, labels)),
            Cell(with_interval(100 * row.probability, 100 * row.low, 100 * row.high, labels, unit="%")
                 if row.of_respondents >= MIN_PERCENTAGE else "–"),
            Cell(with_interval(row.change, row.change_low, row.change_high, labels, 1), note=f"n = {row.n_change}",
                 span=scaled(row.change_low, row.change, row.change_high, (-3.0, 3.0))),
        )
        for row in rows_of(known)
    )  # fmt: skip
    columns = labels("paths_step"), labels("paths_of_leavers"), labels("paths_next"), labels("paths_change")
    return Table(caption, columns, rows, shown=5)


def _patterns(patterns: pd.DataFrame, labels: Labels) -> Table:
    rows = tuple(
        (Cell(row.pattern, row.quotes), Cell(of_total(row.respondents, row.of_respondents, labels)))
        for row in rows_of(patterns.head(_MOST_PATTERNS))
    )
    return Table(labels("paths_patterns_caption"), (labels("paths_pattern"), labels("respondents")), rows)
