"""Chapters of the report: what they show, what they lead to, and what switches them off."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from report_study import fake_study

from cxtext.errors import MissingExtraError, OptionError, ReadError
from cxtext.journey import expectations, experience_journeys, load_experiences
from cxtext.report import write_report
from cxtext.report.chapters import Analyses, chapters_of
from cxtext.report.chapters.blocks import Chapter, select
from cxtext.report.chapters.lanes import with_lanes
from cxtext.report.findings import find
from cxtext.report.labels import load_labels
from cxtext.report.map_files import write_map
from cxtext.report.names import names_of
from cxtext.report.page import render_page
from cxtext.report.quotes import quotes_table
from cxtext.study import Study, scores_of
from cxtext.tables import CODINGS, SEGMENTS, make_table

NL = load_labels("nl")
CHAPTERS = ["recommendations", "touchpoints", "paths", "asked", "peaks", "nps", "waves", "drivers", "priorities",
            "principles", "desired", "wording", "experiences", "saturation"]  # fmt: skip


@pytest.fixture(scope="module")
def study() -> Study:
    """Interviews and a survey with touchpoints, waves and an NPS."""
    return fake_study()


@pytest.fixture(scope="module")
def found(study: Study) -> Analyses:
    """What is counted of it, once."""
    return Analyses(study, "nl")


@pytest.fixture(scope="module")
def chapters(study: Study, found: Analyses) -> dict[str, Chapter]:
    """Its chapters."""
    return {chapter.id: chapter for chapter in chapters_of(study, NL, found)}


@pytest.fixture(scope="module")
def page(study: Study, found: Analyses, chapters: dict[str, Chapter]) -> str:
    """The page with them."""
    return render_page(study, NL, tuple(chapters.values()), found)


def texts(chapter: Chapter) -> str:
    """All that stands in the tables and sentences of a chapter."""
    cells = [f"{cell.text} {cell.note}" for table in chapter.tables for row in table.rows for cell in row]
    return " | ".join([chapter.message, *chapter.notes, *(point.text + point.why for point in chapter.points), *cells])


# ---- the page


def test_all_chapters_are_on_the_page_or_say_why_not(chapters: dict[str, Chapter], page: str) -> None:
    """A chapter has a section and a place in the contents; one that cannot be made gives a sentence instead."""
    assert list(chapters) == CHAPTERS
    for chapter in chapters.values():
        assert (f'<section id="{chapter.id}"' in page) == (not chapter.missing)
        assert (f'<li><a href="#{chapter.id}">' in page) == (not chapter.missing)
        assert bool(chapter.missing) != bool(chapter.blocks or chapter.points)
    assert [chapter.id for chapter in chapters.values() if chapter.missing] == [
        "peaks",
        "drivers",
        "desired",
        "experiences",
    ]


def test_every_figure_leads_to_its_quotes(study: Study, chapters: dict[str, Chapter]) -> None:
    """The rows of each table lead to quotes of the study, and the script finds exactly those."""
    known = set(study.segments["segment"])
    place = {segment: number for number, segment in enumerate(study.segments["segment"])}
    selections = select(chapters.values())
    rows = {(lane, item): members for _, lane, item, _, members in selections.rows(place)}
    for chapter in chapters.values():
        for table in chapter.tables:
            for row in table.rows:
                ids = {id for cell in row for id in cell.quotes.split(";") if id}
                assert ids <= known
                for cell in row:
                    if cell.quotes:
                        asked = dict(re.findall(r"(\w+)=([^&]+)", selections.link(chapter, cell)))
                        assert rows[asked["lane"], asked["item"]] == [place[id] for id in cell.quotes.split(";")]
    without = {table.caption for chapter in chapters.values() for table in chapter.tables
               if not any(cell.quotes for row in table.rows for cell in row)}  # fmt: skip
    assert without <= {NL("paths_patterns_caption"), NL("wording_caption"), NL("speech_caption")}


def test_without_attributes_chapters_give_a_reason() -> None:
    """Interviews alone have no NPS, waves or drivers, and each says which column is missing."""
    study = fake_study(survey=0)
    alone = {chapter.id: chapter for chapter in chapters_of(study, NL)}
    assert [id for id, chapter in alone.items() if chapter.missing and id in ("nps", "waves", "drivers")] == [
        "nps", "waves", "drivers",
    ]  # fmt: skip
    assert "--wave-column" in alone["waves"].missing
    page = render_page(study, NL, tuple(alone.values()))
    assert alone["waves"].missing in page
    assert 'id="waves"' not in page


@pytest.mark.parametrize("size", [(0, 0), (1, 0), (0, 1), (2, 3)])
def test_small_studies_have_no_percentages(size: tuple[int, int]) -> None:
    """Of fewer than ten respondents there is no share in percent and no NPS, and nothing breaks."""
    small = fake_study(interviews=size[0], survey=size[1])
    chapters = chapters_of(small, NL)
    for chapter in chapters:
        if chapter.id not in ("waves",):
            assert not re.search(r"\d \(\d+%\)", texts(chapter)), chapter.id
    assert "<html" in render_page(small, NL, chapters)


def test_nps_has_no_score_of_few_answers(chapters: dict[str, Chapter]) -> None:
    """There is a table of everybody and of each kind of group; below ten answers it has counts alone."""
    rows = {row[0].text: [cell.text for cell in row[1:]] for table in chapters["nps"].tables for row in table.rows}
    assert rows["Alle antwoorden"][:2] == ["16", "4 / 4 / 8"]
    assert rows["Alle antwoorden"][2].startswith("−25 [")
    assert rows["Storing"] == ["2", "0 / 1 / 1", "te weinig antwoorden", "–"]
    assert {"nulmeting", "hermeting", "service"} < set(rows)


def test_findings_have_quotes_of_different_respondents_and_a_counter_example(study: Study) -> None:
    """Two or three quotes of as many respondents, and one that speaks against it from somebody else."""
    quotes = quotes_table(study)
    findings = find(study, quotes, names_of(study, NL), NL)
    assert any(finding.counter for finding in findings)
    for finding in findings:
        cases = [quote["case"] for quote in finding.quotes]
        assert len(cases) == len(set(cases))
        assert 1 <= len(cases) <= 3
        assert finding.interval.startswith("95%-interval")
        assert finding.counter is None or finding.counter["segment"] not in {q["segment"] for q in finding.quotes}


def test_all_equal_scores_are_no_drivers(study: Study) -> None:
    """Where everybody gives a 7, nothing drives the score, and the NPS is there all the same."""
    documents = study.documents.copy()
    documents.loc[documents["@nps"] != "", "@nps"] = "7"
    made = {chapter.id: chapter for chapter in chapters_of(replace(study, documents=documents), NL)}
    assert made["drivers"].missing
    assert "De NPS is 0" in made["nps"].message


def test_satisfaction_has_drivers_where_no_nps_was_asked(study: Study) -> None:
    """Without an NPS the question about satisfaction is the score; no table is made per answer to it."""
    asked = "Hoe tevreden bent u?"
    documents = study.documents.assign(**{"@nps": "", asked: [str(1 + i % 5) for i in range(len(study.documents))]})
    found = Analyses(replace(study, documents=documents), "nl")
    assert found.outcome == asked
    assert found.drivers is not None
    assert asked not in found.segments_by
    nps = {chapter.id: chapter for chapter in chapters_of(found.study, NL, found)}["nps"]
    by_group = NL("ratings_by", kind="CSAT", question=asked)
    assert (nps.title, [table.caption for table in nps.tables]) == (NL("ratings"), [NL("ratings_caption"), by_group])
    rows = {row[0].text: [cell.text for cell in row] for row in nps.tables[1].rows}
    assert {"nulmeting", "Storing", "service"} <= set(rows)
    assert rows["Storing"][2] == "0 van 2"


def test_satisfaction_is_compared_between_waves_with_who_a_next_wave_needs(study: Study) -> None:
    """A question about satisfaction has its own table of both waves, and the chapter tells how many are needed."""
    asked = "Hoe tevreden bent u?"
    documents = study.documents.assign(**{asked: [str(1 + i % 5) for i in range(len(study.documents))]})
    waves = {one.id: one for one in chapters_of(replace(study, documents=documents), NL)}["waves"]
    table = next(table for table in waves.tables if table.caption == NL("waves_rating", kind="CSAT", question=asked))
    assert table.columns[1:3] == ("nulmeting", "hermeting")
    assert any("voor een half punt" in note and "10 punten NPS" in note for note in waves.notes)


def test_quotes_of_a_finding_are_in_different_words(study: Study) -> None:
    """Where many write the same, a finding does not print it three times."""
    words = ("Dat duurde lang.", "dat duurde lang", "Niemand belde terug.")
    segments = study.segments.assign(text=[words[i % 3] for i in range(len(study.segments))])
    same = replace(study, segments=segments)
    for finding in find(same, quotes_table(same), names_of(same, NL), NL):
        told = [quote["text"].casefold().rstrip(".") for quote in finding.quotes]
        assert len(told) == len(set(told))


def test_emotions_that_tie_are_both_named(study: Study) -> None:
    """Where as many feel another emotion, the finding says so."""
    feelings = study.codings["group"] == "emotion"
    first = study.codings[feelings].iloc[[0]]
    tied = pd.concat([study.codings[~feelings], first, first.assign(code="relief")], ignore_index=True)
    same = replace(study, codings=tied)
    made = find(same, quotes_table(same), names_of(same, NL), NL)
    (last,) = [finding for finding in made if "klinkt" in finding.after]
    assert "en bij evenveel" in last.after
    assert last.share == "1 van 25 respondenten (4%)"


def test_a_shared_report_leaves_the_chapters_out(tmp_path: Path, study: Study, chapters: dict[str, Chapter]) -> None:
    """A report to hand on has none of them and says so; it cannot be a Word file or slides."""
    written = write_report(study, tmp_path, suppress_below=5, formats=["html", "csv"])
    page = written["report.html"].read_text(encoding="utf-8")
    assert NL("chapters_shared") in page
    assert not any(f'id="{id}"' in page for id in CHAPTERS if id not in ("nps", "touchpoints"))
    assert "lane-opportunities" not in page
    assert not {f"tables/{name}.csv" for one in chapters.values() for name in one.frames if name != "nps"} & set(
        written
    )
    with pytest.raises(OptionError, match="hand on has no docx"):
        write_report(study, tmp_path / "other", suppress_below=5, formats=["docx"])


# ---- the map


def test_the_map_has_expectations_opportunities_and_owners(study: Study, found: Analyses, page: str) -> None:
    """All lanes are there in their order, each item with respondents of its phase, each cell with its grade."""
    cells = with_lanes(study, found, NL).journey.cells
    lanes = list(dict.fromkeys(cells["lane"]))
    assert {"expectations", "opportunities"} <= set(lanes)
    assert lanes[-1] == "opportunities"
    more = cells[cells["lane"].isin(("expectations", "opportunities"))]
    for row in more.itertuples(index=False):
        ids = row.quotes.split(";")
        assert set(study.journey.assigned[ids]) == {row.phase}
        assert row.respondents == study.segments.set_index("segment").loc[ids, "case"].nunique()
    assert "lane-expectations" in page
    assert page.count('class="grade"') > 10


@pytest.mark.parametrize("ending", ["html", "png", "svg"])
def test_map_as_a_file(tmp_path: Path, study: Study, ending: str) -> None:
    """The map is a page that leads to its quotes, or a picture that is the same each time."""
    one, two = (write_map(study, tmp_path / f"{name}.{ending}", language="en").read_bytes() for name in ("a", "b"))
    assert one == two
    if ending == "html":
        text = one.decode("utf-8")
        assert "Journey map" in text
        assert "lane-pains" in text
        assert 'id="codes-app"' in text
        assert 'id="findings"' not in text
    else:
        assert one.startswith({"png": b"\x89PNG", "svg": b"<?xml"}[ending])


def test_another_kind_of_map_is_refused(tmp_path: Path, study: Study) -> None:
    """Any other ending gets the ones there are."""
    with pytest.raises(OptionError, match=r"ends in \.html, \.png, \.svg, \.pptx"):
        write_map(study, tmp_path / "map.pdf")


def test_map_as_slides(tmp_path: Path, study: Study) -> None:
    """Slides hold the phases and all lanes in tables that can be edited."""
    pptx = pytest.importorskip("pptx")
    deck = pptx.Presentation(str(write_map(study, tmp_path / "map.pptx")))
    tables = [shape.table for slide in deck.slides for shape in slide.shapes if shape.has_table]
    heads = [[cell.text for cell in table.rows[0].cells] for table in tables]
    assert heads[0][1:] == [phase.name for phase in study.journey.phases]
    lanes = [row.cells[0].text for table in tables for row in list(table.rows)[1:]]
    assert {"Pijnpunten", "Verwachtingen", "Kansen", "Emoties"} <= set(lanes)
    assert len(lanes) == len(set(lanes))


def test_slides_need_their_package(tmp_path: Path, study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without python-pptx the message says what to install, before anything is written."""
    monkeypatch.setitem(__import__("sys").modules, "pptx", None)
    with pytest.raises(MissingExtraError, match=r'pip install "cxtext\[slides\]"'):
        write_report(study, tmp_path / "results", formats=["html", "pptx"])
    assert not (tmp_path / "results").exists()


def test_report_for_word(tmp_path: Path, study: Study) -> None:
    """Word gets the findings, the map and the chapters under headings, with their tables and pictures."""
    import docx

    document = docx.Document(str(write_report(study, tmp_path, formats=["docx"])["report.docx"]))
    heads = [part.text for part in document.paragraphs if part.style.name == "Heading 1"]
    assert heads[:4] == [NL(key) for key in ("findings", "recommendations", "map", "curve")]
    assert {NL("priorities"), NL("waves"), NL("themes"), NL("method")} <= set(heads)
    assert len(document.tables) >= 8
    reach = next(table for table in document.tables if table.cell(0, 1).text == NL("priority_reach"))
    assert reach.columns[0].width > reach.columns[2].width
    assert "tblHeader" in reach.rows[0]._tr.xml
    assert len(document.inline_shapes) >= 4
    assert any(part.text.startswith(NL("counter_example")) for part in document.paragraphs)


# ---- what the chapters are made of


def said(*lines: tuple[str, str, str, float]) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Segments, codings and scores of lines of respondent, text, code of the kind and valence."""
    rows, codings = [], []
    for number, (case, text, code, _) in enumerate(lines):
        place = {"segment": f"s{number}", "document": case, "start": 10 * number, "end": 10 * number + 9}
        rows.append({**dict.fromkeys(SEGMENTS, ""), **place, "case": case, "position": number, "turn": 0, "text": text,
                     "role": "respondent", "time_start": np.nan, "time_end": np.nan})  # fmt: skip
        if code:
            codings.append({**dict.fromkeys(CODINGS, ""), **place, "group": "kind", "code": code, "score": 0.9,
                            "status": "suggested"})  # fmt: skip
    scores = pd.DataFrame({"segment": [row["segment"] for row in rows], "valence": [line[3] for line in lines]})
    segments = make_table([{key: row[key] for key in SEGMENTS} for row in rows], SEGMENTS)
    return segments, make_table([{key: row[key] for key in CODINGS} for row in codings], CODINGS), scores


def test_expectations_are_delivered_or_broken() -> None:
    """A promise is told from an expectation, and the next clear feeling of the same respondent is its outcome."""
    tables = said(
        ("a", "Ze hadden beloofd dat er iemand zou bellen.", "expectation", 0.0),
        ("a", "Er belde niemand, schandalig.", "pain", -1.5),
        ("b", "Ik had verwacht dat het lang zou duren.", "expectation", 0.0),
        ("b", "Het was zo klaar.", "gain", 1.2),
        ("c", "Er was mij beloofd dat het vrijdag zou komen.", "expectation", 0.0),
    )
    phase = pd.Series("use", index=tables[0]["segment"])
    table = expectations(*tables, phase).set_index("item")
    assert table.loc["promised", ["respondents", "delivered", "broken"]].tolist() == [2, 0, 1]
    assert table.loc["expected", ["respondents", "delivered", "broken"]].tolist() == [1, 1, 0]
    assert table.loc["promised", "of_respondents"] == 3
    assert table.loc["promised", "quotes_broken"] == "s0"


def test_experience_journeys_are_suggested_or_chosen(tmp_path: Path) -> None:
    """Words tell the product, a column with the product decides, and a file of one's own replaces the journeys."""
    tables = said(
        ("a", "Onze hypotheek was zo geregeld.", "gain", 1.0),
        ("b", "De voorruit is dezelfde dag vervangen.", "gain", 1.0),
        ("c", "Prima geholpen.", "gain", 1.0),
    )
    table = experience_journeys(*tables, experiences=load_experiences())
    assert {"living", "mobility"} == set(table["experience"])
    documents = pd.DataFrame({"document": list("abc"), "@product": ["", "", "hypotheek"]})
    table = experience_journeys(*tables, documents, experiences=load_experiences()).set_index(["experience", "product"])
    assert table.loc[("living", "mortgage"), "respondents"] == 2
    own = tmp_path / "own.yaml"
    own.write_text(yaml.safe_dump({"experiences": [
        {"id": "help", "name": "Hulp", "products": [{"id": "help", "name": "hulp", "terms": ["geholpen"]}]}
    ]}), encoding="utf-8")  # fmt: skip
    table = experience_journeys(*tables, experiences=load_experiences(own))
    assert table[["name", "quotes"]].to_numpy().tolist() == [["Hulp", "s2"], ["hulp", "s2"]]


@pytest.mark.parametrize("text", ["[", "experiences: 3", "experiences: [{id: a, name: A}]", "- a"])
def test_a_wrong_file_of_experiences_is_told(tmp_path: Path, text: str) -> None:
    """It ends in a message with the form to follow."""
    path = tmp_path / "own.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ReadError, match=r"own\.yaml.*default\.yaml"):
        load_experiences(path)


def test_feeling_follows_from_codes_where_nothing_is_tagged() -> None:
    """The sentiment of a person counts in full, stronger with an emotion; without a judgement there is no feeling."""
    segments, codings, _ = said(
        ("a", "Slecht.", "pain", 0), ("a", "Fijn.", "gain", 0), ("a", "Dinsdag.", "activity", 0)
    )
    rows = codings.to_dict("records")
    judged = [
        {**rows[0], "group": "sentiment", "code": "negative", "score": np.nan, "status": "accepted"},
        {**rows[0], "group": "emotion", "code": "anger", "score": np.nan, "status": "accepted"},
        {**rows[1], "group": "sentiment", "code": "positive", "score": 0.8},
    ]
    scores = scores_of(segments, make_table([*rows, *judged], CODINGS))
    assert scores["valence"].tolist()[:2] == [-2.0, 0.8]
    assert np.isnan(scores["valence"].iloc[2])
