"""NPS, CSAT and CES by touchpoint, phase, wave and segment; and the first wave against the last."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd

from cxtext.journey import expectation_gaps
from cxtext.journey.answers import among, by_document, joined, nps_answers, rows_of_answers, where_given
from cxtext.journey.answers import labels as by_label
from cxtext.journey.rated import SCORED
from cxtext.report.chapters.analyses import Analyses
from cxtext.report.chapters.blocks import Cell, Chapter, Picture, Table, of_total, scaled, with_interval
from cxtext.report.figure import MIN_RESPONDENTS
from cxtext.report.labels import Labels
from cxtext.report.names import Names
from cxtext.report.rows import rows_of
from cxtext.stats import MIN_PERCENTAGE, Rating, ces, csat, nps

if TYPE_CHECKING:
    from cxtext.journey import Changes, Rated
    from cxtext.study import Study

_NPS_ENDS = (-100.0, 100.0)
_LEVEL = 0.05
_MOST_CODES = 14
_NEEDED = ("nps", "rating", "valence", "code")


def scores(study: Study, found: Analyses, names: Names, labels: Labels) -> Chapter:
    """Net promoter score, satisfaction and effort of everybody and of groups.

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
    answers, _ = nps_answers(study.documents)
    quotes = _quotes_of_rows(study)
    tables = list(_nps_tables(study, answers, quotes, found, names, labels)) if len(answers) else []
    rated = [asked for asked in found.rated if asked.kind in SCORED]
    if rated:
        tables += _rating_tables(study, rated, quotes, found, names, labels)
    gaps = expectation_gaps(study.documents)
    if len(gaps):
        tables.append(_gap_table(gaps, quotes, labels))
    title = labels("nps_and_ratings" if rated and len(answers) else "ratings" if rated else "nps")
    if not tables:
        return Chapter("nps", title, missing=labels("nps_missing"))
    message = ""
    if len(answers) >= MIN_PERCENTAGE:
        whole = nps(answers["score"])
        message = labels("nps_message", score=with_interval(whole.score, whole.low, whole.high, labels), n=whole.n)
    notes = (*((labels("nps_eu_note"),) if len(answers) else ()), *((labels("ratings_note"),) if rated else ()))
    notes = (*notes, *((labels("expectation_gaps_note"),) if len(gaps) else ()))
    frames = {"nps": study.journey.nps, **({"expectation_gaps": gaps} if len(gaps) else {})}
    intro = labels("nps_intro") if len(answers) else ""
    return Chapter("nps", title, intro, message, blocks=tuple(tables), notes=notes, frames=frames)


def _nps_tables(
    study: Study, answers: pd.DataFrame, quotes: Mapping[Any, str], found: Analyses, names: Names, labels: Labels
) -> Iterator[Table]:
    """One table of everybody, and one per kind of group."""
    columns = tuple(labels(key) for key in ("nps_group", "nps_answers", "nps_parts", "nps_score", "nps_eu"))
    everybody = _nps_row(labels("nps_all"), "", answers, quotes, labels)
    kinds: dict[str, list[tuple[Cell, ...]]] = {"": [everybody]}
    for kind, name, inside in _groups(study, answers, found, names, labels):
        if inside.any():
            kinds.setdefault(kind, []).append(_nps_row(name, kind, answers[inside], quotes, labels))
    for kind, rows in kinds.items():
        caption = labels("nps_by", kind=kind) if kind else labels("nps_caption")
        yield Table(caption, columns, tuple(rows), frozenset({1, 4}))


def _groups(
    study: Study, answers: pd.DataFrame, found: Analyses, names: Names, labels: Labels
) -> Iterator[tuple[str, str, pd.Series]]:
    """Kind, name and answers (a mask) of each group: waves, touchpoints, phases that they speak about, others."""
    for column in ("wave", "touchpoint"):
        sizes = answers.loc[answers[column] != "", column].value_counts(sort=column == "touchpoint")
        for value in sizes.index if len(sizes) > 1 else []:
            yield labels(f"part_{column}"), str(value), answers[column] == value
    assigned = by_label(study.segments["segment"], study.journey.assigned)
    for phase in study.journey.phases:
        spoke = study.segments.loc[(assigned == phase.id).to_numpy(), "case"]
        yield labels("nps_speaks"), names.phases[phase.id], pd.Series(among(answers["case"], spoke), answers.index)
    for name, value in found.segments_by.items():
        own = by_label(answers.index.to_series(), value)
        for one in sorted(own[own != ""].unique()):
            yield name, str(one), own == one


def _nps_row(
    name: str, kind: str, answers: pd.DataFrame, quotes: Mapping[Any, str], labels: Labels
) -> tuple[Cell, ...]:
    whole, eu = nps(answers["score"]), nps(answers["score"], variant="eu")
    parts = " / ".join(map(labels.number, (whole.promoters, whole.passives, whole.detractors)))
    head = Cell(name, _joined(answers.index, quotes), f"{kind}: {name}" if kind else name)
    if whole.n < MIN_PERCENTAGE:
        return head, Cell(labels.number(whole.n)), Cell(parts), Cell(labels("nps_few")), Cell("–")
    text = with_interval(whole.score, whole.low, whole.high, labels)
    return (head, Cell(labels.number(whole.n)), Cell(parts),
            Cell(text, span=scaled(whole.low, whole.score, whole.high, _NPS_ENDS)),
            Cell(labels.number(eu.score)))  # fmt: skip


def _joined(documents: Iterable[Any], quotes: Mapping[Any, str]) -> str:
    """Ids of the segments of some documents."""
    return ";".join(filter(None, map(quotes.get, documents)))


def _rating_tables(
    study: Study, rated: Sequence[Rated], quotes: Mapping[Any, str], found: Analyses, names: Names, labels: Labels
) -> Iterator[Table]:
    """One table of all questions about satisfaction and effort, and one of each by group."""
    parts = labels("nps_answers"), labels("rating_favourable"), labels("mean")
    whole = [
        _rating_row(asked, asked.values, labels("rating_scale", kind=_kind(asked), low=asked.scale[0],
                    high=asked.scale[1]), asked.column, quotes, labels)
        for asked in rated
    ]  # fmt: skip
    yield Table(labels("ratings_caption"), (labels("rating_question"), *parts), tuple(whole), frozenset({1}))
    for asked in rated:
        answers = where_given(study.documents, asked.values)
        rows = [
            _rating_row(asked, answers.loc[inside, "score"], kind, name, quotes, labels)
            for kind, name, inside in _groups(study, answers, found, names, labels) if inside.any()
        ]  # fmt: skip
        if rows:
            caption = labels("ratings_by", kind=_kind(asked), question=asked.column)
            yield Table(caption, (labels("nps_group"), *parts), tuple(rows), frozenset({1}))


def _gap_table(gaps: pd.DataFrame, quotes: Mapping[Any, str], labels: Labels) -> Table:
    """What was delivered, promised and expected, two at a time."""
    rows = []
    for row in rows_of(gaps):
        name = labels("expectation_gap", less=labels(f"gap_{row.less}"), of=labels(f"gap_{row.of}"))
        firm = row.n >= MIN_RESPONDENTS
        low, high = (row.low, row.high) if firm else (math.nan, math.nan)
        rows.append((
            Cell(name, _joined(row.documents.split(";"), quotes), name, row.touchpoint or labels("nps_all")),
            Cell(labels.number(row.n)),
            Cell(labels("gap_means", less=labels.number(row.mean, 1), of=labels.number(row.mean_of, 1))),
            Cell(with_interval(row.gap, low, high, labels, 1),
                 span=scaled(low, row.gap, high, (-5.0, 5.0), firm=firm)),
            Cell(labels.choice("expectation_verdicts", row.verdict)),
        ))  # fmt: skip
    columns = ("gap_pair", "respondents", "mean", "difference", "verdict")
    return Table(labels("expectation_gaps"), tuple(map(labels, columns)), tuple(rows), frozenset({1}))


def _kind(asked: Rated) -> str:
    return "CES" if asked.kind == "effort" else "CSAT"


def _rating_row(
    asked: Rated, values: pd.Series, note: str, name: str, quotes: Mapping[Any, str], labels: Labels
) -> tuple[Cell, ...]:
    rating: Rating = (
        ces(values, high_is_easy=asked.easy, scale=asked.scale)
        if asked.kind == "effort"
        else csat(values, scale=asked.scale)
    )
    mean, enough = rating.mean, rating.n >= MIN_PERCENTAGE
    low, high = (mean.low, mean.high) if enough else (math.nan, math.nan)
    return (
        Cell(name, _joined(values.index, quotes), name if name == asked.column else f"{asked.column} – {name}", note),
        Cell(labels.number(rating.n)),
        Cell(of_total(rating.k, rating.n, labels)),
        Cell(with_interval(mean.value, low, high, labels, 1),
             span=scaled(low, mean.value, high, asked.scale, firm=enough)),
    )  # fmt: skip


def _quotes_of_rows(study: Study) -> dict[Any, str]:
    """Segments of all answers of a row, by the document that its scores stand with."""
    row = by_label(study.segments["document"], rows_of_answers(study.documents))
    return joined(row, study.segments["segment"]).to_dict()


def waves(study: Study, found: Analyses, names: Names, labels: Labels) -> Chapter:
    """Nulmeting against hermeting: NPS, feeling and codes.

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
    title, changes = labels("waves"), found.changes
    if changes is None:
        return Chapter("waves", title, missing=labels("waves_missing"))
    first, second = changes.waves
    table = changes.table
    blocks: list[Table | Picture] = []
    for asked in found.rated:
        own = table[(table["measure"] == "rating") & (table["item"] == asked.column)]
        if len(own):
            blocks.append(_wave_table(own, "rating", changes, labels, asked))
    for measure in ("nps", "valence", "code"):
        own = table[table["measure"] == measure]
        if measure == "code":
            own = own.assign(size=own["difference"].abs()).sort_values("size", ascending=False, kind="stable")
            own = own[own["k_first"] + own["k_second"] > 0].head(_MOST_CODES)
        if len(own):
            blocks.append(_wave_table(own, measure, changes, labels))
            blocks.append(Picture(f"waves_{measure}", labels(f"waves_{measure}"),
                                  partial(changes.plot, measure), inline=False))  # fmt: skip
    one, two, both = map(labels.number, changes.respondents)
    notes = [labels("waves_sizes", first=first, second=second, one=one, two=two, both=both), labels("waves_note")]
    answers = by_document(study.documents, "@wave")
    more = [value for value in answers.unique() if value and value not in changes.waves]
    notes += [labels("waves_more", names=", ".join(more))] if more else []
    notes += [_needed(table, labels)]
    return Chapter(
        "waves", title, labels("waves_intro", first=first, second=second), _wave_message(changes, labels),
        blocks=tuple(blocks), notes=tuple(notes), frames={"waves": table},
    )  # fmt: skip


def _needed(table: pd.DataFrame, labels: Labels) -> str:
    """How many respondents a next wave needs, by what it should be able to find."""
    whole = table[(table["touchpoint"] == "") & table["needed"].notna()]
    most = whole.groupby("measure")["needed"].max()
    scores = [
        labels(f"needed_{measure}", n=labels.number(most[measure])) for measure in _NEEDED if measure in most.index
    ]
    return labels("waves_needed", parts="; ".join(scores)) if scores else labels("waves_needed_unknown")


def _wave_table(own: pd.DataFrame, measure: str, changes: Changes, labels: Labels, asked: Rated | None = None) -> Table:
    scale, digits = (100, 0) if measure == "code" else (1, 0 if measure == "nps" else 1)
    ends = {"nps": (-100.0, 100.0), "valence": (-2.0, 2.0), "code": (-50.0, 50.0), "rating": (-2.0, 2.0)}[measure]
    felt = changes.table[changes.table["measure"] == "valence"].set_index("touchpoint")
    rows = []
    for row in rows_of(own):
        said = (
            felt.loc[row.touchpoint] if measure in ("nps", "rating") and row.touchpoint in felt.index else row._asdict()
        )
        sides = [_side(row, side, str(said[f"quotes_{side}"]), measure, digits, labels) for side in ("first", "second")]
        change: Cell
        if math.isnan(row.difference):
            change = Cell(labels("wave_few"))
        else:
            span = scaled(scale * row.low, scale * row.difference, scale * row.high, ends)
            text = with_interval(scale * row.difference, scale * row.low, scale * row.high, labels, digits)
            sure = labels("wave_sure") if row.p_holm < _LEVEL else labels("wave_unsure")
            change = Cell(text, note=labels("new_low") if row.new_low else sure, span=span)
        rows.append((Cell(row.name or labels("nps_all")), *sides, change))
    points = labels("difference_points" if measure == "code" else "difference")
    head = _kind(asked) if asked else labels(f"waves_{measure}_head")
    caption = labels("waves_rating", kind=head, question=asked.column) if asked else labels(f"waves_{measure}")
    return Table(caption, tuple(map(str, (head, *changes.waves, points))), tuple(rows))


def _side(row: Any, side: str, quotes: str, measure: str, digits: int, labels: Labels) -> Cell:
    n, value = getattr(row, f"n_{side}"), getattr(row, side)
    wave = f"{row.name} – {side}" if row.name else side
    if measure == "code":
        return Cell(of_total(getattr(row, f"k_{side}"), n, labels), quotes, row.name)
    shown = not math.isnan(value) and (measure == "valence" or n >= MIN_PERCENTAGE)
    return Cell(labels.number(value, digits) if shown else "–", quotes, wave, f"n = {labels.number(n)}")


def _wave_message(changes: Changes, labels: Labels) -> str:
    """What changed for certain, and the NPS."""
    table, (first, second) = changes.table, changes.waves
    parts = []
    whole = table[(table["measure"] == "nps") & (table["touchpoint"] == "")]
    if len(whole) and not math.isnan(whole["difference"].iloc[0]):
        row = next(rows_of(whole))
        sure = "waves_message_sure" if row.p_holm < _LEVEL else "waves_message_unsure"
        parts.append(labels(sure, first=first, second=second, one=labels.number(row.first),
                            two=labels.number(row.second),
                            change=with_interval(row.difference, row.low, row.high, labels)))  # fmt: skip
    changed = table[(table["measure"] == "code") & table["p_holm"].lt(_LEVEL)]
    for key, own in (("waves_more_often", changed[changed["difference"] > 0]),
                     ("waves_less_often", changed[changed["difference"] < 0])):  # fmt: skip
        if len(own):
            parts.append(labels(key, names=", ".join(own["name"].head(3))))
    lows = table.loc[table["new_low"], "name"].unique()
    parts += [labels("waves_new_low", names=", ".join(lows))] if len(lows) else []
    return " ".join(parts) or labels("waves_nothing")
