"""Chapters on principles, desired experience, wording, questions and peaks."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from report_study import fake_study

from cxtext.journey.questions import ASKED, QUESTIONS, Questions
from cxtext.report.labels import load_labels
from cxtext.report.names import names_of
from cxtext.tables import make_table

process = pytest.importorskip("cxtext.report.chapters.process")
analyses = pytest.importorskip("cxtext.report.chapters.analyses")
MAKERS = ("principles", "desired", "wording", "asked", "peaks")


def made(study, language: str = "nl"):
    """The chapters of a study by id."""
    labels = load_labels(language)
    found, names = analyses.Analyses(study, language), names_of(study, labels)
    return {maker: getattr(process, maker)(study, found, names, labels) for maker in MAKERS}


@pytest.mark.parametrize("language", ["nl", "en"])
def test_chapters_show_what_the_data_allow_and_say_why_not(language: str) -> None:
    """What can be counted has tables with ways to its quotes; what cannot has one sentence."""
    study = fake_study()
    chapters = made(study, language)
    assert all(chapters[name].tables and not chapters[name].missing for name in ("principles", "wording", "asked"))
    assert all(chapters[name].missing and not chapters[name].blocks for name in ("desired", "peaks"))
    known = set(study.segments["segment"])
    for chapter in chapters.values():
        for table in chapter.tables:
            assert all(len(row) == len(table.columns) for row in table.rows)
            quoted = {id for row in table.rows for cell in row if cell.quotes for id in cell.quotes.split(";")}
            assert quoted <= known


def test_the_desired_experience_of_the_phases_is_shown() -> None:
    """Where the phases say what is desired, every one of them has its gap."""
    study = fake_study()
    phases = tuple(replace(phase, desired=1.0) for phase in study.journey.phases)
    chapter = made(replace(study, journey=replace(study.journey, phases=phases)))["desired"]
    assert [len(table.rows) for table in chapter.tables] == [len(phases)]
    assert "blijft achter" in chapter.message


def test_peaks_of_a_log_of_contacts() -> None:
    """A log with times shows its busy hours and leads to what was said in them."""
    study = fake_study()
    first = study.segments["document"].iloc[0]
    ids = [first, *(f"c{i}" for i in range(79))]
    times = ["03-02-2025 09:10"] * 60 + [f"{4 + i % 4:02d}-02-2025 {10 + i % 6}:20" for i in range(20)]
    log = pd.DataFrame({"document": ids, "case": ids, "@date": times, "@channel": "telefoon"})
    chapter = made(replace(study, documents=log))["peaks"]
    assert "maandag 9–10 uur" in chapter.message
    assert set(chapter.tables[0].rows[0][0].quotes.split(";")) <= set(study.segments["segment"])


def test_questions_of_one_respondent_do_not_bury_those_of_several(monkeypatch: pytest.MonkeyPatch) -> None:
    """A question of several respondents, or with a sign, is shown; the others are counted, and all are in the csv."""
    study = fake_study()
    row = {"questions": 1, "wordings": 1, "of_respondents": 9, "respondents": 1, "quotes": study.segments["segment"][0]}
    rows = [row | {"question": "q01", "name": "Waar?", "respondents": 2}, row | {"question": "q02", "name": "Wat?"},
            row | {"question": "q03", "name": "Wanneer?", "unclear": 1}]  # fmt: skip
    table = make_table([dict.fromkeys(QUESTIONS, 0) | {"verdict": "", "phase": ""} | one for one in rows], QUESTIONS)
    monkeypatch.setattr(process, "questions", lambda *_, **__: Questions(table, make_table([], ASKED), 7))
    chapter = made(study)["asked"]
    assert [cells[0].text for cells in chapter.tables[0].rows] == ["Waar?", "Wanneer?"]
    assert "zonder teken: 1." in chapter.notes[0]
    assert len(chapter.frames["questions"]) == 3
