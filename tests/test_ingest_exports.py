"""Exports of survey programs: rows of headings, rows that do not count, columns per option, several moments."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from cxtext import read_corpus
from cxtext.ingest.headings import find_headings
from cxtext.records import Corpus

QUALTRICS = (
    "StartDate,Status,Finished,ResponseId,DistributionChannel,Q1_NPS_GROUP,Q1,Q2,Q3_1\n"
    'Start Date,Response Type,Finished,Response ID,Distribution Channel,NPS - Group,"Hoe waarschijnlijk\nbeveelt u ons '
    'aan?","Waarom geeft u dit cijfer?\n(eigen woorden)",Tevreden over: - De website\n'
    + ",".join(f'"{{""ImportId"":""QID{n}""}}"' for n in range(9))
    + "\n2024-02-01,IP Address,True,R_1,anonymous,1,4,Te lang in de wacht gestaan.,7\n"
    "2024-02-01,IP Address,True,R_2,email,3,9,Snel en vriendelijk geholpen.,8\n"
    "2024-02-01,Survey Preview,True,R_3,preview,2,8,Even een test van mij.,5\n"
    "2024-02-01,IP Address,False,R_4,anonymous,,,Ik was nog bezig.,\n"
)


def read(folder: Path, text: str, name: str = "s.csv", **options: object) -> Corpus:
    """Read a table that can be read."""
    path = folder / name
    path.write_text(text, encoding="utf-8", newline="")
    corpus = read_corpus(path, **options)  # type: ignore[arg-type]
    assert corpus.skipped == ()
    return corpus


def notices(corpus: Corpus) -> str:
    """All that was said about what was left out."""
    return "\n".join(notice.message for notice in corpus.notices)


def test_qualtrics(tmp_path: Path) -> None:
    """Three rows of headings are no answers; the question is the prompt; previews and unfinished rows are counted."""
    corpus = read(tmp_path, QUALTRICS)
    assert [(d.name, d.text, d.attribute("nps")) for d in corpus] == [
        ("R_1", "Te lang in de wacht gestaan.", "4"),
        ("R_2", "Snel en vriendelijk geholpen.", "9"),
    ]
    first = corpus.documents[0]
    assert first.prompt == "Waarom geeft u dit cijfer? (eigen woorden)"
    assert (first.columns["nps"], first.columns["text"]) == ("Q1", "Q2")
    assert "1 row that was a preview, a test or spam" in notices(corpus)
    assert "1 row that was not finished" in notices(corpus)


def test_unfinished_rows_on_request(tmp_path: Path) -> None:
    """Unfinished rows are read on request; previews never are."""
    assert [d.name for d in read(tmp_path, QUALTRICS, keep_unfinished=True)] == ["R_1", "R_2", "R_4"]


def test_qualtrics_by_question(tmp_path: Path) -> None:
    """A column can be named by its id or by its question."""
    for name in ("Q2", "q2", "Waarom geeft u dit cijfer? (eigen woorden)"):
        assert len(read(tmp_path, QUALTRICS, text_column=name)) == 2


def test_qualtrics_in_excel(tmp_path: Path) -> None:
    """The same rows of headings are understood in a workbook."""
    book = openpyxl.Workbook()
    for row in (["ResponseId", "Finished", "Q2"], ["Response ID", "Finished", "Wat vindt u ervan?"],
                ['{"ImportId":"_recordId"}', '{"ImportId":"finished"}', '{"ImportId":"QID2"}'],
                ["R_1", True, "Het duurde mij te lang"], ["R_2", False, "Nog niet klaar hoor"]):  # fmt: skip
        book.active.append(row)
    book.save(tmp_path / "q.xlsx")
    (document,) = read_corpus(tmp_path / "q.xlsx")
    assert (document.name, document.prompt) == ("R_1", "Wat vindt u ervan?")


def test_own_column_finished_is_no_mark(tmp_path: Path) -> None:
    """A column of one's own named Finished does not drop rows: only a program's whole set of headings does."""
    assert (
        len(read(tmp_path, "nr,Finished,toelichting\n1,False,Het werk is nog niet af\n2,True,Alles is klaar nu\n")) == 2
    )


def test_surveymonkey(tmp_path: Path) -> None:
    """Options under a question are one attribute; the second row is no answer."""
    corpus = read(
        tmp_path,
        "Respondent ID,Collector ID,Start Date,Beveelt u ons aan?,Waarom?,Welke kanalen?,,\n"
        ',,,Response,Open-Ended Response,Website,Telefoon,"Anders, namelijk"\n'
        '11,4,02/01/2024,6,"Prima, maar wel erg duur",Website,Telefoon,\n'
        "12,4,02/02/2024,10,Alles was meteen geregeld,,,via mijn buurvrouw\n",
    )
    assert [(d.name, d.prompt, d.attribute("channel"), d.attribute("nps")) for d in corpus] == [
        ("11", "Waarom?", "Website; Telefoon", "6"),
        ("12", "Waarom?", "via mijn buurvrouw", "10"),
    ]


def test_limesurvey(tmp_path: Path) -> None:
    """Without a submit date a row is unfinished; options with Y and N are one attribute; A5 is the answer 5."""
    corpus = read(
        tmp_path,
        '"id","submitdate","lastpage","NPS","NPSWAAROM","KANAAL[SQ001]","KANAAL[SQ002]","KANAAL[other]","TEVR[WEB]"\n'
        '"12","2024-02-01","3","A5","Te lang gewacht op antwoord.","Y","N","","4"\n'
        '"13","2024-02-02","3","A10","Heel snel en goed geholpen.","Y","Y","app","5"\n'
        '"14","","2","A1","Niet helemaal ingevuld.","N","Y","",""\n',
    )
    assert [(d.name, d.attribute("nps"), d.attributes["KANAAL"]) for d in corpus] == [
        ("12", "5", "SQ001"),
        ("13", "10", "SQ001; SQ002; app"),
    ]
    assert corpus.documents[0].attributes["TEVR[WEB]"] == "4"
    assert "codes A0 to A10" in notices(corpus)


def test_typeform(tmp_path: Path) -> None:
    """Columns that hold their own heading are the options of one question."""
    corpus = read(
        tmp_path,
        "#,Waarom?,Website,Telefoon,Winkel,Other,Submit Date (UTC)\n"
        "0a1,Snel en vriendelijk geholpen,Website,,Winkel,,2024-02-01\n"
        "0b2,Nooit een antwoord gehad,,Telefoon,,een brief,2024-02-02\n",
    )
    assert [d.attributes["Website / Telefoon / Winkel / Other"] for d in corpus] == [
        "Website; Winkel",
        "Telefoon; een brief",
    ]


def test_ratings_per_option_stay(tmp_path: Path) -> None:
    """Columns per item with ratings are no multiple choice."""
    corpus = read(
        tmp_path, "Tevreden [web],Tevreden [tel],toelichting\n4,5,Het ging best goed\n3,1,De telefoon was slecht\n"
    )
    assert dict(corpus.documents[1].attributes) == {"Tevreden [web]": "3", "Tevreden [tel]": "1"}


def test_wide_table_of_moments(tmp_path: Path) -> None:
    """Where every question has an NPS of its own moment, that is its NPS, and the moment its wave."""
    corpus = read(
        tmp_path,
        "respondent,nps_nulmeting,nps_hermeting,toelichting_nulmeting,toelichting_hermeting\n"
        "R01,6,8,Lang gewacht aan de lijn,Het ging nu veel sneller\nR03,3,,Ik werd nooit teruggebeld,\n",
    )
    assert [(d.attribute("case"), d.attribute("wave"), d.attribute("nps"), d.text[:4]) for d in corpus] == [
        ("R01", "nulmeting", "6", "Lang"),
        ("R01", "hermeting", "8", "Het "),
        ("R03", "nulmeting", "3", "Ik w"),
    ]


@pytest.mark.parametrize("missing", ["99", "-99", "999"])
def test_undeclared_missing(tmp_path: Path, missing: str) -> None:
    """A number that stands for no answer does not hide the NPS."""
    scores = ["9", missing, "4", missing]
    rows = "".join(f"{score},Het ging wel goed zo {n}\n" for n, score in enumerate(scores))
    assert read(tmp_path, "aanbeveling_nps,toelichting\n" + rows).documents[0].columns["nps"] == "aanbeveling_nps"


def test_json_table(tmp_path: Path) -> None:
    """A list of JSON objects is a table."""
    rows = [
        {"nr": 1, "nps": 7, "toelichting": "Het duurde lang"},
        {"nr": 2, "nps": 9.0, "toelichting": "Goed geholpen"},
    ]
    corpus = read(tmp_path, json.dumps(rows), "s.json")
    assert [(d.text, d.attribute("nps")) for d in corpus] == [("Het duurde lang", "7"), ("Goed geholpen", "9")]


def test_old_qualtrics() -> None:
    """The export of before 2017 has its questions in the second row."""
    headings = find_headings(
        "a.csv", iter([["V1", "V2", "Q1"], ["ResponseID", "ResponseSet", "Waarom?"], ["R_1", "", "x"]])
    )
    assert (headings.questions, headings.last) == ({"V1": "ResponseID", "V2": "ResponseSet", "Q1": "Waarom?"}, 2)
