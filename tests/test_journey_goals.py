"""Goals on the path, organisations in the network, and experience drivers of the researcher."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from report_study import fake_study

from cxtext.errors import ReadError
from cxtext.journey import fitting_themes, goals, load_experience_drivers, organisations, paths, story_steps
from cxtext.report.chapters import Analyses, Choices
from cxtext.report.chapters.choices import priorities
from cxtext.report.labels import load_labels
from cxtext.report.names import names_of
from cxtext.tables import CODINGS, SEGMENTS, make_table

STORIES = {
    "ann": [("Ik wilde mijn meterstand doorgeven.", "kind/need"), ("Op de site lukte dat niet.", "channel/website"),
            ("Ik belde en ben goed geholpen.", "channel/phone")],
    "bo": [("Ik keek op de site.", "channel/website"), ("Daarna belde ik de netbeheerder.", "channel/phone"),
           ("Uiteindelijk was het opgelost.", "")],
    "cas": [("Ik keek op de site.", "channel/website"), ("Bellen: het is nooit opgelost.", "channel/phone")],
}  # fmt: skip


@pytest.fixture(scope="module")
def told() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Segments and codings of three stories."""
    rows: list[dict[str, Any]] = []
    codes: list[dict[str, Any]] = []
    for case, lines in STORIES.items():
        for at, (text, path) in enumerate(lines):
            place = {"segment": f"{case}/{at}", "document": case}
            rows.append({**dict.fromkeys(SEGMENTS, ""), **place, "case": case, "position": at, "turn": 0, "text": text,
                         "role": "respondent", "start": 100 * at, "end": 100 * at + len(text), "time_start": None,
                         "time_end": None, "language": "nl"})  # fmt: skip
            if path:
                group, code = path.split("/")
                codes.append({**dict.fromkeys(CODINGS, ""), **place, "group": group, "code": code, "start": 0, "end": 1,
                              "score": 0.9, "status": "suggested", "uncertain": False})  # fmt: skip
    return make_table(rows, SEGMENTS), make_table(codes, CODINGS)


def test_a_goal_is_met_where_people_say_so(told: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    """It counts at the step told last, once a respondent, never where it is denied, and leads to the sentences."""
    found = goals(*told, story_steps(*told))
    assert found.table[["step", "met", "respondents", "quotes"]].values.tolist() == [["phone", 2, 3, "ann/2;bo/2"]]
    assert (found.met.n, round(found.met.value * 3)) == (3, 2)
    assert (found.wanted, found.wanting) == ("ann/0", 1)
    assert "telefoon" in found._repr_html_()


def test_common_orders_lead_to_their_quotes(told: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    """An order that all take has the segments of its steps."""
    pattern = paths(story_steps(*told), least=3).patterns.iloc[0]
    assert (pattern["pattern"], pattern["respondents"]) == ("website → telefoon", 3)
    assert sorted(pattern["quotes"].split(";")) == ["ann/1", "ann/2", "bo/0", "bo/1", "cas/0", "cas/1"]


def test_organisations_come_from_text_and_columns(told: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    """Each is counted by respondent; a column may hold several, and without any there is an empty table."""
    documents = pd.DataFrame({"document": list(STORIES), "Andere organisaties": ["Bank A; Notaris B", "Bank A", ""]})
    found = organisations(told[0], documents=documents)
    assert found[["source", "name", "respondents"]].values.tolist() == [
        ["attribute", "Bank A", 2], ["attribute", "Notaris B", 1], ["text", "netbeheerder", 1],
    ]  # fmt: skip
    assert found["share"].isna().all()
    assert organisations(told[0].head(0)).empty


def test_experience_drivers_are_matched_with_themes(tmp_path: Path) -> None:
    """A theme fits a driver by the words of its name and terms; a file of another form is told with its form."""
    file = tmp_path / "drivers.yaml"
    file.write_text("drivers: [{name: {nl: zonder gedoe}, words: [wacht*]}, {name: veilig, words: [slot]}]", "utf-8")
    themes = pd.DataFrame({"theme": ["t1", "t2"], "name": ["wachten", "app"], "terms": ["", "slotje"]})
    assert fitting_themes(themes, load_experience_drivers(file)) == {"zonder gedoe": ("t1",), "veilig": ()}
    for text in ("drivers: 3", "drivers: [{name: x}]", "drivers: [{name: x, words: []}]", "["):
        file.write_text(text, "utf-8")
        with pytest.raises(ReadError, match="Write a list under 'drivers'"):
            load_experience_drivers(file)
    with pytest.raises(ReadError, match="cannot be read"):
        load_experience_drivers(tmp_path / "none.yaml")


def test_choices_of_the_researcher_are_in_the_report(tmp_path: Path) -> None:
    """Problems say which experience drivers they fit, and what was asked on importance has Ulwick's score."""
    file = tmp_path / "drivers.yaml"
    file.write_text("drivers: [{name: zonder gedoe, words: [wacht*]}]", "utf-8")
    study = fake_study()
    study = replace(study, documents=study.documents.assign(belang="5", tevreden="2"))
    labels = load_labels("nl")
    found = Analyses(study, "nl", choices=Choices(file, asked=[("Snel antwoord", "belang", "tevreden")]))
    chapter = priorities(study, found, names_of(study, labels), labels)
    fits = {row[0].text: row[-1].text for row in chapter.tables[0].rows}
    assert fits["wachten op antwoord"] == "zonder gedoe"
    assert set(fits.values()) == {"zonder gedoe", "–"}
    assert chapter.tables[-1].rows[0][1].text.startswith("20,0")
    assert len(found.ulwick) == 1
