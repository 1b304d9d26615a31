"""How results show themselves in a notebook."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from coded_people import People, people
from coded_study import make_study
from report_study import with_text
from test_plots import words

from cxtext.codebook import Code, Codebook, Group
from cxtext.exchange.refi.report import ExchangeReport, ReportRow
from cxtext.journey import compare_waves, drivers, paths, priorities, saturation, story_steps, touchpoints
from cxtext.plots import code_scores, learning_curve
from cxtext.showing import html_table
from cxtext.tables import make_table
from cxtext.tag.learning import CODES, CURVE, Lesson
from cxtext.tag.model import Calibration, Model

EVIL = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def many() -> People:
    """Forty respondents of two waves who call, or write, about two themes."""
    said = [
        (f"d{i:02d}", f"kind/pain channel/{'phone' if i % 3 else 'letter'}", f"t{i % 2}", -0.5 if i % 4 else 0.5)
        for i in range(40)
    ]
    attributes = {
        f"d{i:02d}": {"@nps": str(2 + (i * 7) % 9), "@wave": "1" if i < 20 else "2", "@touchpoint": EVIL}
        for i in range(40)
    }
    return people(said, attributes)


@pytest.fixture
def lesson() -> Lesson:
    """What was learned of three codes: one applies, one suggests, one has too few codings."""
    figures = [(20, 0.9, 0.8, 0.85, 0.7, 0.95), (12, 0.6, 0.5, 0.55, 0.3, 0.7), (2, *[np.nan] * 5)]
    names = ("codings", "precision", "recall", "f1", "f1_low", "f1_high")
    verdicts = ("applies", "suggests", "not learnable yet")
    rows = [
        {"group": "thema", "code": f"code {i}", "respondents": 9, "verdict": verdict, "people_f1": np.nan}
        | dict(zip(names, own, strict=True))
        for i, (own, verdict) in enumerate(zip(figures, verdicts, strict=True))
    ]
    curve = [
        {"share": share, "respondents": int(40 * share), "segments": int(40 * share), "macro_f1": share / 2}
        for share in (0.5, 1.0)
    ]
    nothing = Calibration([], np.ones(0, np.float32), np.zeros(0, np.float32), {}, [], None)
    return Lesson(Model({}, None, nothing), make_table(rows, CODES), make_table(curve, CURVE))


def test_a_table_shows_what_there_is_and_how_much_is_left_out() -> None:
    """Texts are escaped, missing figures are dashes, empty columns are left out, and cut rows are counted."""
    rows = [{"name": EVIL, "share": 0.255, "n": 3, "reason": ""}, {"name": "b", "share": float("nan"), "n": 4}]
    html = html_table(rows, ["name", "share", "n", "reason"], head="a < b", notes=["x & y"])
    assert "<script>" not in html
    assert all(part in html for part in ("a &lt; b", "x &amp; y", ">–<", ">3<"))
    assert "reason" not in html
    assert "The first 1 of 2 rows." in html_table(rows, ["name"], most=1)
    assert html_table([], ["name"]) == ""


def test_tables_along_the_journey_show_themselves(many: People) -> None:
    """Each shows what it is in a line and its rows by name, with every text escaped and warnings below."""
    shown = {
        "Touchpoints(": touchpoints(*many.tables, many.documents),
        "Drivers of": drivers(*many.tables, many.documents, n_resamples=50),
        "Changes(1": compare_waves(*many.tables, many.documents),
        "Priorities(": priorities(*many.tables, themes=many.themes),
        "Paths(": paths(story_steps(*many.tables)),
        "Saturation(": saturation(many.segments, many.codings),
    }
    for head, result in shown.items():
        html = result._repr_html_()
        assert head in html
        assert html.count("<tr>") > 1
        assert "<script>" not in html
    assert "thema t0" in shown["Priorities("]._repr_html_()
    assert "telefoon" in shown["Paths("]._repr_html_()
    warned = drivers(*many.tables, many.documents.assign(**{"@nps": "9"}), n_resamples=50)
    assert "all scores are equal" in warned._repr_html_()


def test_a_codebook_shows_its_codes() -> None:
    """Names, definitions and an example stand in the table, and which groups hold one code at most."""
    code = Code("pain", "kind", {"nl": EVIL}, {"en": "Something hurt."}, examples=("Het duurde lang.",))
    book = Codebook("eigen", 2, (Group("kind", {"nl": "Soort"}, (code,), exclusive=True),))
    html = book._repr_html_()
    assert "<script>" not in html
    assert all(part in html for part in ("eigen, version 2: 1 codes", "Something hurt.", "Het duurde lang."))
    assert "kind: one code at most on a segment." in html
    assert "0 codes" in replace(book, groups=())._repr_html_()


def test_a_study_shows_who_did_what(tmp_path) -> None:
    """Each coder has a row with what they finished and their codings by status."""
    with make_study(tmp_path / "study.cxt") as project:
        project.finish(["an"], coder="Sem")
        html = project._repr_html_()
        assert project.finished().query("coder == 'Sem'")["document"].tolist() == ["an"]
    assert [name in html for name in ("Noor", "Sem", "robot 1", "suggested")] == [True] * 4
    assert "2 documents" in html


def test_what_came_through_an_exchange_shows_itself() -> None:
    """The same sentences as in the terminal."""
    report = ExchangeReport((ReportRow("coding", "", "", "kept", "", count=12),))
    assert "Kept: 12 coding." in report._repr_html_()


def test_what_was_learned_shows_itself(lesson: Lesson) -> None:
    """A line with the verdicts, and a row per code."""
    assert repr(lesson) == "Lesson(3 codes: 1 applies, 1 suggests, 1 not learnable yet)"
    html = lesson._repr_html_()
    assert html.count("<tr>") == 4
    assert "people_f1" not in html


def test_plots_of_what_was_learned_say_what_the_tables_say(lesson: Lesson) -> None:
    """A row per code with its verdict; a point per part of the respondents; an empty curve says so."""
    told = words(code_scores(lesson, language="en"))
    assert "20 codings: applies by itself" in told
    assert "2 codings: not learnable yet" in told
    assert "12 coderingen: stelt voor, mens kijkt na" in words(code_scores(lesson))
    assert {"0,25", "0,50"} <= set(words(learning_curve(lesson)))
    empty = replace(lesson, curve=make_table([], CURVE))
    assert "Wat meer coderen oplevert" in words(learning_curve(empty))
    assert "Wat de machine van elke code maakt" in words(code_scores(replace(lesson, codes=make_table([], CODES))))


def test_a_table_coded_by_a_person_is_read(tmp_path) -> None:
    """Rows up to the last code are read, the others are not; without a codebook the column holds the codes."""
    from cxtext import read_coded

    path = tmp_path / "coded.csv"
    pd.DataFrame({
        "id": ["1", "2", "3"], "toelichting": ["Lang gewacht.", "Goed geholpen.", "Te duur."],
        "thema": ["wachten; bellen", "", ""],
    }).to_csv(path, index=False)  # fmt: skip
    coded = read_coded(path, columns=["thema"], name="buurt")
    assert coded.codings["code"].tolist() == ["wachten", "bellen"]
    assert repr(coded) == "CodedRows(1 rows read, 2 not read yet, 2 codings, codebook 'buurt')"


def test_a_study_leads_from_a_figure_to_its_quotes() -> None:
    """The ids of a row become the texts, in their order and no more than asked for."""
    study = with_text("Ik stond een uur in de wacht.")
    assert [id(table) for table in study.tables] == [
        id(part) for part in (study.segments, study.codings, study.scores, study.documents)
    ]
    ids = study.segments["segment"].tolist()[::-1]
    shown = study.quotes(";".join([*ids, ""]), n=2)
    assert shown.index.tolist() == ids[:2]
    assert shown["text"].tolist() == study.segments["text"].tolist()[::-1][:2]
    assert study.quotes("").empty
