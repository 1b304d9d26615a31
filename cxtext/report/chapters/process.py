"""Principles, desired experience, wording, questions and peaks: what the organisation can do better in its process."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from cxtext.journey import contact_log, contact_peaks, experience_gap, outside_in, principles_card, questions
from cxtext.journey.answers import joined
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

if TYPE_CHECKING:
    from cxtext.study import Study

#: contacts without which a pattern over the week says nothing
_FEWEST_CONTACTS = 50
_MOST_QUESTIONS = 10


def principles(study: Study, found: Analyses, names: Names, labels: Labels) -> Chapter:
    """Score card of the ten principles: kept and broken, over the whole journey and by phase.

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
    title = labels("principles")
    card = principles_card(
        study.segments, study.codings, study.scores, phases=study.journey.phases, assigned=study.journey.assigned,
        language=labels.language,
    )  # fmt: skip
    whole = card.table[(card.table["phase"] == "") & card.table["respondents"].ge(MIN_RESPONDENTS)]
    if whole.empty:
        return Chapter("principles", title, missing=labels("principles_missing"))
    whole = whole.sort_values(["broken", "kept"], ascending=[False, True], kind="stable")
    rows = tuple(
        (
            Cell(row.name, ";".join(filter(None, (row.quotes_broken, row.quotes_kept))), row.name),
            Cell(of_total(row.respondents, row.of_respondents, labels)),
            Cell(labels.number(row.kept), row.quotes_kept, f"{row.name}: {labels('principle_kept')}"),
            Cell(labels.number(row.broken), row.quotes_broken, f"{row.name}: {labels('principle_broken')}"),
            Cell(labels.number(row.both)),
            Cell(labels.choice("principle_verdicts", row.verdict),
                 note=_phases_of(card.table, row.principle, names, labels)),
        )
        for row in rows_of(whole)
    )  # fmt: skip
    columns = ("principle", "respondents", "principle_kept", "principle_broken", "principle_both", "verdict")
    broken, kept = ([row.name for row in rows_of(whole) if row.verdict == verdict] for verdict in ("broken", "kept"))
    parts = [labels(key, names=listed(some, labels)) for key, some in
             (("principles_broken", broken), ("principles_kept", kept)) if some]  # fmt: skip
    return Chapter(
        "principles", title, labels("principles_intro"), " ".join(parts),
        blocks=(
            Table(labels("principles_caption"), tuple(map(labels, columns)), rows, frozenset({2, 3, 4}), shown=10),
            Picture("principles", labels("principles_caption"), lambda: card.plot(language=labels.language)),
        ),
        notes=(labels("principles_source"),), frames={"principles": card.table},
    )  # fmt: skip


def _phases_of(table: pd.DataFrame, principle: str, names: Names, labels: Labels) -> str:
    """In which phases a principle is broken by more respondents than keep it, of those with enough."""
    own = table[(table["principle"] == principle) & (table["phase"] != "") & table["respondents"].ge(MIN_RESPONDENTS)]
    worse = [names.phases.get(row.phase, row.phase) for row in rows_of(own) if row.broken > row.kept]
    return labels("principle_worst", phases=listed(worse, labels)) if worse else ""


def desired(study: Study, found: Analyses, names: Names, labels: Labels) -> Chapter:
    """Desired against realised experience, where the phases say what is desired.

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
    title = labels("desired")
    levels = {phase.id: phase.desired for phase in study.journey.phases if phase.desired is not None}
    if not levels:
        return Chapter("desired", title, missing=labels("desired_missing"))
    gap = experience_gap(study.journey.respondents, levels, phases=study.journey.phases, language=labels.language)
    assigned = study.journey.assigned
    told = joined(assigned, assigned.index.to_series())
    rows = tuple(
        (
            Cell(row.name, told.get(row.phase, ""), row.name),
            Cell(labels.number(row.n)),
            Cell(labels.number(row.desired, 1)),
            Cell(with_interval(row.realised, row.low, row.high, labels, 1),
                 span=scaled(row.low, row.realised, row.high, FEELING, firm=row.n >= MIN_RESPONDENTS)),
            Cell(with_interval(row.gap, row.gap_low, row.gap_high, labels, 1) if row.n >= MIN_RESPONDENTS else "–"),
            Cell(labels.choice("gap_verdicts", row.verdict)),
        )
        for row in rows_of(gap.table[gap.table["desired"].notna()])
    )  # fmt: skip
    columns = ("phase", "respondents", "desired_level", "realised", "gap", "verdict")
    short = gap.table[gap.table["verdict"] == "short"].sort_values("gap", kind="stable")
    message = labels("desired_message", names=listed(short["name"].tolist(), labels)) if len(short) else ""
    return Chapter(
        "desired", title, labels("desired_intro"), message,
        blocks=(
            Picture("desired", labels("desired"), lambda: gap.plot(language=labels.language)),
            Table(labels("desired_caption"), tuple(map(labels, columns)), rows, frozenset({1, 2})),
        ),
        frames={"desired": gap.table},
    )  # fmt: skip


def wording(study: Study, found: Analyses, names: Names, labels: Labels) -> Chapter:
    """Outside-in check: words of products and departments in names and questions, with what to say instead.

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
    title = labels("wording")
    phases = [replace(phase, language=labels.language).name for phase in study.journey.phases]
    check = outside_in(study.segments, study.documents, names=phases, language=labels.language)
    listed_words = check.words[(check.words["kind"] != "own") | (check.words["say"] != "")]
    if listed_words.empty:
        return Chapter("wording", title, missing=labels("wording_missing"))
    rows = tuple(
        (
            Cell(row.word, note=labels("wording_in", example=row.example)),
            Cell(labels.choice("wording_kinds", row.kind)),
            Cell(of_total(row.respondents, row.of_respondents, labels)),
            Cell(row.say.replace("; ", ", ") or "–", row.quotes, row.say,
                 labels("wording_said", share=of_total(row.say_respondents, row.of_respondents, labels))
                 if row.say_respondents else ""),
        )
        for row in rows_of(listed_words)
    )  # fmt: skip
    speech = tuple(
        (
            Cell(labels(f"wording_{row.source}")),
            Cell(of_total(row.inside, row.units, labels)),
            Cell(of_total(row.experience, row.units, labels)),
        )
        for row in rows_of(check.speech[check.speech["units"] > 0])
    )
    columns = ("wording_word", "wording_kind", "wording_used", "wording_say")
    sources = ("wording_where", "wording_inside", "wording_experience")
    return Chapter(
        "wording", title, labels("wording_intro"),
        blocks=(
            Table(labels("wording_caption"), tuple(map(labels, columns)), rows, shown=8),
            Table(labels("speech_caption"), tuple(map(labels, sources)), speech),
        ),
        notes=(labels("wording_note"),), frames={"wording": check.words, "speech": check.speech},
    )  # fmt: skip


def asked(study: Study, found: Analyses, names: Names, labels: Labels) -> Chapter:
    """Questions of respondents, grouped by what they ask, with the signs of an unclear process.

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
    title = labels("asked")
    result = questions(study.segments, study.codings, study.documents, assigned=study.journey.assigned)
    table = result.table
    if table.empty:
        return Chapter("asked", title, missing=labels("asked_missing"))
    telling = table[table["respondents"].gt(1) | table["unclear"].gt(0)]
    shown = telling if len(telling) else table.head(_MOST_QUESTIONS)
    rows = tuple(
        (
            Cell(row.name, row.quotes, row.name, names.phases.get(row.phase, "")),
            Cell(of_total(row.respondents, row.of_respondents, labels)),
            Cell(labels.number(row.questions), note=labels.count("wordings", row.wordings)),
            Cell(labels.number(row.repeated)),
            Cell(labels.number(row.hard)),
            Cell(labels.number(row.confused)),
            Cell(labels("question_unclear") if row.verdict else "–"),
        )
        for row in rows_of(shown)
    )
    columns = ("question_one", "respondents", "asked_times", "asked_again", "asked_hard", "asked_confused", "sign")
    unclear = table[table["verdict"] == "unclear"]["name"].tolist()
    message = labels("asked_message", names=listed([labels("quoted", name=name) for name in unclear[:3]], labels)) \
        if unclear else ""  # fmt: skip
    return Chapter(
        "asked", title, labels("asked_intro"), message,
        blocks=(Table(labels("asked_caption"), tuple(map(labels, columns)), rows, frozenset({2, 3, 4, 5}),
                      shown=_MOST_QUESTIONS),),
        notes=(*([labels("asked_rest", n=labels.number(rest))] if (rest := len(table) - len(shown)) else []),
               labels("asked_note", days=result.days), *([labels("asked_undated")] if result.notices else [])),
        frames={"questions": table, "questions_asked": result.asked},
    )  # fmt: skip


def peaks(study: Study, found: Analyses, names: Names, labels: Labels) -> Chapter:
    """Weekdays and hours at which contacts peak, of a log of contacts with times.

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
    title = labels("peaks")
    log = contact_log(study.documents)
    if len(log) < _FEWEST_CONTACTS:
        return Chapter("peaks", title, missing=labels("peaks_missing", least=_FEWEST_CONTACTS))
    result = contact_peaks(log, opening=found.choices.opening or None, language=labels.language, seed=found.seed)
    said = joined(study.segments["document"], study.segments["segment"]).to_dict()
    high = result.table[result.table["verdict"] == "peak"].sort_values("residual", ascending=False, kind="stable")
    rows = tuple(
        (
            Cell(_hour(row, labels), _quotes(row.documents, said)),
            Cell(labels.number(row.contacts)),
            Cell(labels.number(row.expected, 1)),
            Cell(labels.number(row.residual, 1)),
        )
        for row in rows_of(high)
    )
    columns = ("hour", "contacts", "expected", "residual")
    table = (Table(labels("peaks_caption"), tuple(map(labels, columns)), rows, frozenset({1, 2, 3})),) if rows else ()
    p = result.result.p_all
    even = labels("peaks_even" if math.isnan(p) or p >= 0.05 else "peaks_uneven")
    message = labels("peaks_message", names=listed([_hour(row, labels) for row in rows_of(high.head(3))], labels)) \
        if rows else even  # fmt: skip
    given = found.choices.opening
    hours = labels("peaks_given", hours=given) if given else labels("peaks_hours")
    return Chapter(
        "peaks", title, labels("peaks_intro", n=labels.number(result.result.n), weeks=labels.number(result.weeks, 1)),
        message,
        blocks=(Picture("contact_peaks", title, lambda: result.plot(language=labels.language)), *table),
        notes=(hours, *([labels("peaks_undated")] if result.notices else [])),
        frames={"contact_peaks": result.table},
    )  # fmt: skip


def _hour(row: Any, labels: Labels) -> str:
    return labels("hour_of_day", day=labels("weekdays").split()[row.weekday], hour=row.hour, next=row.hour + 1)


def _quotes(documents: str, said: dict[Any, Any]) -> str:
    return ";".join(said[document] for document in documents.split(";") if document in said)
