"""Tables: rows, columns and what they are taken for; broken rows are named and the rest goes on."""

from __future__ import annotations

import datetime
from pathlib import Path

import openpyxl
import pytest

from cxtext import read_corpus
from cxtext.ingest import ReadOptions, Skipped, load_readers, read_documents
from cxtext.ingest.columns import is_nps, plain_heading
from cxtext.records import Corpus, Document
from cxtext.testing import check_reader


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    """Write text with the line ends as given."""
    path.write_text(text, encoding=encoding, newline="")
    return path


def read(path: Path, **options: object) -> Corpus:
    """Read a table that can be read, and check it."""
    check_reader(load_readers()[path.suffix], path, ReadOptions(**options))  # type: ignore[arg-type]
    corpus = read_corpus(path, **options)  # type: ignore[arg-type]
    assert corpus.skipped == ()
    return corpus


def notices(corpus: Corpus) -> str:
    """All that was said about what was left out."""
    return "\n".join(notice.message for notice in (*corpus.skipped, *corpus.notices))


def keep_all(path: Path, **options: str) -> list[Document]:
    """Documents as batch tagging reads them."""
    items = read_documents(path, ReadOptions(keep_all_rows=True, **options))  # type: ignore[arg-type]
    return [item for item in items if isinstance(item, Document)]


LONG_FORM = (
    "respondent,meetmoment,datum,fase,touchpoint,kanaal,nps,toelichting\n"
    "R01,nulmeting,2024-02-01,Service,helpdesk,telefoon,6,Lang wachten\n"
    "R01,hermeting,2024-09-01,Service,helpdesk,telefoon,8,Nu sneller\n"
)


def test_long_form(tmp_path: Path) -> None:
    """Each answer is a document; the other columns are attributes under their own headings, and recognised."""
    first, second = read(write(tmp_path / "n.csv", LONG_FORM))
    assert (first.id, second.id, first.name, first.kind) == ("n/2", "n/3", "2", "survey")
    assert (first.text, first.turns[0].role, first.prompt) == ("Lang wachten", "respondent", "")
    assert list(first.attributes) == ["respondent", "meetmoment", "datum", "fase", "touchpoint", "kanaal", "nps"]
    assert second.columns["text"] == "toelichting"
    parts = {part: second.attribute(part) for part in second.columns if part != "text"}
    assert parts == {
        "case": "R01",
        "wave": "hermeting",
        "date": "2024-09-01",
        "touchpoint": "helpdesk",
        "channel": "telefoon",
        "nps": "8",
    }


def test_google_forms(tmp_path: Path) -> None:
    """Questions as headings are recognised, and the question of the text is its prompt."""
    path = write(
        tmp_path / "g.csv",
        'Tijdstempel,"Hoe waarschijnlijk is het dat je ons aanbeveelt? (0-10)",Waarom geef je dit cijfer?,'
        '"Welke kanalen heb je gebruikt?"\n'
        '"1-2-2024 9:15:01",7,"Goed bereikbaar, maar de brief was onduidelijk.","Website;Telefoon"\n',
    )
    (document,) = read(path)
    assert document.text == "Goed bereikbaar, maar de brief was onduidelijk."
    assert document.prompt == "Waarom geef je dit cijfer?"
    assert document.columns == {
        "text": "Waarom geef je dit cijfer?",
        "date": "Tijdstempel",
        "nps": "Hoe waarschijnlijk is het dat je ons aanbeveelt? (0-10)",
        "channel": "Welke kanalen heb je gebruikt?",
    }


def test_dutch_excel(tmp_path: Path) -> None:
    """Semicolons, decimal commas and cp1252 are read as they are, with a notice about the encoding."""
    path = write(
        tmp_path / "e.csv",
        "respondent;datum;nps;cijfer;toelichting;fase\r\n1;01-02-2024 09:15;9;8,5;Snel geholpen – fijn!;Service\r\n"
        '2;02-02-2024 14:03;4;5,0;"Te duur; en traag";Oriëntatie\r\n',
        "cp1252",
    )
    corpus = read(path)
    assert [document.text for document in corpus] == ["Snel geholpen – fijn!", "Te duur; en traag"]
    assert corpus.documents[1].attributes["fase"] == "Oriëntatie"
    assert corpus.documents[0].columns["nps"] == "nps"
    assert "read as cp1252" in notices(corpus)


def test_workbook(tmp_path: Path) -> None:
    """Dates become ISO text and whole numbers have no decimals; another filled sheet is named."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append([])
    sheet.append(["ID", "Begintijd", "Hoe waarschijnlijk is het dat u ons aanbeveelt?", "Waarom?", "Bedrag", "Klaar"])
    sheet.append([1.0, datetime.datetime(2024, 2, 1, 9, 12, 44), 6, "De app liep vast.", 12.5, True])
    sheet.append([2, datetime.datetime(2024, 2, 2), 10, "Echt top geholpen", None, False])
    sheet.append([3, None, 10, "#NAME?", None, None])
    book.create_sheet("Leeg")
    book.create_sheet("Uitleg").append(["Zie hiernaast"])
    book.save(tmp_path / "f.xlsx")
    corpus = read(tmp_path / "f.xlsx")
    assert [dict(document.attributes) for document in corpus] == [
        {
            "ID": "1",
            "Begintijd": "2024-02-01 09:12:44",
            "Hoe waarschijnlijk is het dat u ons aanbeveelt?": "6",
            "Bedrag": "12.5",
            "Klaar": "TRUE",
        },
        {
            "ID": "2",
            "Begintijd": "2024-02-02",
            "Hoe waarschijnlijk is het dat u ons aanbeveelt?": "10",
            "Bedrag": "",
            "Klaar": "FALSE",
        },
    ]
    assert [document.id for document in corpus] == ["f/1", "f/2"]
    assert 'left out: "Uitleg"' in notices(corpus)
    assert "an error of Excel as the answer (row 5)" in notices(corpus)


def test_hidden_sheet_is_not_read(tmp_path: Path) -> None:
    """The first sheet that is visible is read."""
    book = openpyxl.Workbook()
    book.active.append(["tekst"])
    book.active.append(["verborgen"])
    book.active.sheet_state = "hidden"
    sheet = book.create_sheet("Antwoorden")
    sheet.append(["tekst"])
    sheet.append(["zichtbaar en wel"])
    book.save(tmp_path / "f.xlsx")
    assert [document.text for document in read(tmp_path / "f.xlsx")] == ["zichtbaar en wel"]


def test_json_lines(tmp_path: Path) -> None:
    """Numbers keep their spelling, lists are joined, and fields may differ from line to line."""
    lines = (
        '{"id": "001", "text": "Lang gewacht", "score": 1e5, "tags": ["a", "b"], "ok": true}',
        "",
        '{"id": "NA", "text": "Snel geholpen", "extra": {"x": 1.50}, "score": null}',
    )
    first, second = read(write(tmp_path / "j.jsonl", "\n".join(lines)))
    assert (first.id, second.id) == ("j/001", "j/NA")
    assert first.attributes == {"id": "001", "score": "1e5", "tags": "a;b", "ok": "true"}
    assert second.attributes == {"id": "NA", "extra": '{"x": "1.50"}', "score": ""}


def test_ids_are_clean_text(tmp_path: Path) -> None:
    """An escape that is no character does not reach the ids."""
    (document,) = read(write(tmp_path / "a.jsonl", '{"id": "y\\ud800", "text": "Lang gewacht"}\n'))
    assert (document.id, document.attributes["id"]) == ("a/y\ufffd", "y\ufffd")


@pytest.mark.parametrize("identity", ["001", "1e5", "NA", "x/y", "een twee", "007.0"])
def test_ids_stay_text(tmp_path: Path, identity: str) -> None:
    """Ids are never read as numbers or missing values."""
    (document,) = read(write(tmp_path / "a.csv", f"nr,tekst\n{identity},Lang gewacht\n"), id_column="nr")
    assert (document.id, document.name, document.attribute("id")) == (f"a/{identity}", identity, identity)


def test_repeated_ids(tmp_path: Path) -> None:
    """A repeated id is numbered, also where the number is taken, and a notice says so; the column stays verbatim."""
    path = write(tmp_path / "a.csv", "id,tekst\n7,een\n7,twee\n7-2,drie\n7,vier\n,vijf\n")
    corpus = read_corpus(path, id_column="id")
    assert [document.id for document in corpus] == ["a/7", "a/7-2", "a/7-2-2", "a/7-3", "a/6"]
    assert [document.attributes["id"] for document in corpus] == ["7", "7", "7-2", "7", ""]
    assert '3 ids occurred before and were numbered: "a/7" became "a/7-2"' in notices(corpus)
    assert "1 row without an id" in notices(corpus)


def test_document_column(tmp_path: Path) -> None:
    """Consecutive rows of one document are its turns, each with the other columns of its row."""
    path = write(
        tmp_path / "a.csv",
        "id,doc,nps,text\n1,x 1,5,Ik heb gebeld.\n2,x 1,5,Niemand nam op!\n3,y,9,Prima geholpen.\n4,x 1,2,Weer ik.\n",
    )
    corpus = read_corpus(path, document_column="doc", text_column="text", id_column="id")
    assert [document.id for document in corpus] == ["x 1", "y", "x 1-2"]
    first = corpus.documents[0]
    assert first.text == "Ik heb gebeld.\nNiemand nam op!"
    assert [first.text[turn.start : turn.end] for turn in first.turns] == ["Ik heb gebeld.", "Niemand nam op!"]
    assert [turn.attributes for turn in first.turns] == [
        {"id": "1", "doc": "x 1", "nps": "5"},
        {"id": "2", "doc": "x 1", "nps": "5"},
    ]
    assert first.attributes == {"doc": "x 1", "nps": "5"}
    assert first.columns["document"] == "doc"
    assert "1 ids occurred before" in notices(corpus)


def test_conversation_in_a_table(tmp_path: Path) -> None:
    """A column of speakers makes an interview, with roles and times."""
    path = write(
        tmp_path / "c.csv",
        'gesprek,spreker,starttijd,eindtijd,tekst\n1,I,0:01,0:02,Hoe ging het?\n1,R,"2,5",4,Slecht.\n'
        "2,I,1,2,En toen?\n2,Fatma,,,Niks gehoord.\n2,Fatma,,,Echt niks.\n",
    )
    first, second = read(path)
    assert (first.kind, first.id, second.id) == ("interview", "1", "2")
    assert [(turn.role, turn.speaker) for turn in second.turns] == [
        ("interviewer", "I"),
        ("respondent", "Fatma"),
        ("respondent", "Fatma"),
    ]
    assert [(turn.time_start, turn.time_end) for turn in first.turns] == [(1.0, 2.0), (2.5, 4.0)]


def test_conversation_with_unknown_roles(tmp_path: Path) -> None:
    """A conversation whose roles are unknown is skipped with the question; the others are read."""
    path = write(
        tmp_path / "c.csv",
        "gesprek,speaker,tekst\n1,Noor,Hoe ging het?\n1,Karim,Slecht.\n1,Noor,O?\n2,I,En toen?\n2,R,Niks gehoord.\n",
    )
    corpus = read_corpus(path)
    assert [document.id for document in corpus] == ["2"]
    assert corpus.skipped[0].message.startswith('document "1": it is not clear who interviews')
    assert len(read_corpus(path, interviewer="noor")) == 2
    assert [{turn.role for turn in document.turns} for document in keep_all(path)] == [
        {"respondent"},
        {"interviewer", "respondent"},
    ]


def test_rows_without_an_answer(tmp_path: Path) -> None:
    """What is no answer gives no document and is counted once; batch tagging keeps every row."""
    answers = ["n.v.t.", "NVT", "geen", "-", "x", ".", "n/a", "None", "", "  ", "??", "geen idee", "👍", "nee"]
    path = write(tmp_path / "a.csv", "id,antwoord\n" + "".join(f"{n},{text}\n" for n, text in enumerate(answers)))
    corpus = read(path)
    assert [document.text for document in corpus] == ["geen idee", "👍", "nee"]
    assert "Left out: 11 rows without an answer" in notices(corpus)
    kept = keep_all(path)
    assert [document.text for document in kept] == [text.strip() for text in answers]
    assert [len(document.turns) for document in kept] == [1 for _ in answers]


def test_kept_rows_of_a_document(tmp_path: Path) -> None:
    """In a document of several rows a row without text stays as an empty turn."""
    path = write(tmp_path / "a.csv", "doc,text\nx,Een zin.\nx,\nx,Nog een.\n")
    (document,) = keep_all(path, document_column="doc", text_column="text")
    assert [(turn.start, turn.end) for turn in document.turns] == [(0, 8), (9, 9), (10, 18)]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("2,b", "it has 2 fields where the headings have 3"),
        ("2,b,c,d", "it has 4 fields where the headings have 3"),
        ('2,"b"c,d', "its quotes or its length are wrong"),
        ('2,"b\nb"c,d', "lines 3-4"),
        ("2,b\udcff,c", "it holds bytes that cannot be decoded"),
    ],
)
def test_broken_rows(tmp_path: Path, row: str, reason: str) -> None:
    """A broken row is named with its number, and the rows after it are read."""
    text = f"id,nps,tekst\n1,5,één goede zin\n{row}\n3,7,een ándere zin\n"
    (tmp_path / "a.csv").write_bytes(text.encode("utf-8", "surrogateescape"))
    corpus = read(tmp_path / "a.csv")
    assert [document.id for document in corpus] == ["a/1", "a/3"]
    (notice,) = corpus.notices
    assert notice.source == str(tmp_path / "a.csv")
    assert notice.message.startswith("Row 3 was left out: ")
    assert reason in notice.message


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"text": "x"', "it is no JSON"),
        ("[1, 2]", "it is a JSON list where an object was expected"),
        ('{"id": 3}', 'it has no "text"'),
        ("[" * 100_000, "it is no JSON"),
        ('{"text": "\udcff"}', "bytes that cannot be decoded"),
    ],
)
def test_broken_lines(tmp_path: Path, line: str, reason: str) -> None:
    """A line that is no object with text is named with its number."""
    text = f'{{"text": "Lang gewacht, één café"}}\n{line}\n{{"text": "Snel geholpen"}}\n'
    (tmp_path / "a.jsonl").write_bytes(text.encode("utf-8", "surrogateescape"))
    corpus = read(tmp_path / "a.jsonl")
    assert [document.name for document in corpus] == ["1", "3"]
    assert corpus.notices[0].message.startswith("Row 2 was left out: ")
    assert reason in corpus.notices[0].message


def test_quote_that_is_never_closed(tmp_path: Path) -> None:
    """Rows that an open quote swallows are not taken for an answer, and their lines are named."""
    corpus = read_corpus(write(tmp_path / "a.csv", 'id,tekst\n1,goede zin\n2,"open zin\n3,nog een\n4,en nog een\n'))
    assert [document.text for document in corpus] == ["goede zin"]
    assert "Row 3 was left out" in notices(corpus)
    assert "lines 3-5" in notices(corpus)


def test_many_broken_rows(tmp_path: Path) -> None:
    """After twenty broken rows the rest is counted."""
    path = write(tmp_path / "a.csv", "id,tekst\n1,goede zin\n" + "2\n" * 50)
    corpus = read(path)
    assert len(corpus.notices) == 21
    assert corpus.notices[-1].message == "30 more broken rows were left out."


@pytest.mark.parametrize(
    "text",
    [
        "id,tekst\n1,goed\n",
        "id;tekst\n1;goed\n",
        "id\ttekst\n1\tgoed\n",
        "id|tekst\n1|goed\n",
        "sep=;\nid;tekst\n1;goed\n",
        '"id";"tekst"\n"1";"goed"\n',
        "\nid,tekst\n\n1,goed\n,\n",
        '"id, of nummer";tekst, kort\n1;goed\n',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_delimiters(tmp_path: Path, text: str, encoding: str) -> None:
    """The delimiter is found whatever the quotes and the encoding; empty rows are no rows."""
    (document,) = read(write(tmp_path / "a.csv", text, encoding), language="nl")
    assert document.text == "goed"
    assert [*document.attributes.values()] == ["1"]


def test_one_column(tmp_path: Path) -> None:
    """A table of one column needs no delimiter: commas belong to the answers."""
    corpus = read(write(tmp_path / "a.csv", 'Toelichting\nTraag, duur en lomp\n"Ja, nou, ""snel"""\n'))
    assert [document.text for document in corpus] == ["Traag, duur en lomp", 'Ja, nou, "snel"']


def test_headings_that_are_missing_or_repeated(tmp_path: Path) -> None:
    """Every column keeps its values under a heading of its own, and a notice says so."""
    corpus = read(write(tmp_path / "a.csv", "tekst,naam,,naam,naam (2)\nLang gewacht,1,2,3,4\n"))
    assert corpus.documents[0].attributes == {"naam": "1", "column 3": "2", "naam (3)": "3", "naam (2)": "4"}
    assert '"column 3", "naam (3)"' in notices(corpus)


@pytest.mark.parametrize("option", ["text", "id", "document", "nps", "date", "touchpoint", "wave", "channel", "owner"])
def test_option_that_names_no_column(tmp_path: Path, option: str) -> None:
    """A column that is not there is an error that lists the columns and the option."""
    path = write(tmp_path / "a.csv", "id,tekst\n1,Lang gewacht\n")
    corpus = read_corpus(path, **{f"{option}_column": "Score"})  # type: ignore[arg-type]
    (skipped,) = corpus.skipped
    assert skipped.message == (f'there is no column "Score"; the columns are "id", "tekst". Correct --{option}-column.')


def test_named_columns(tmp_path: Path) -> None:
    """Named columns are taken for what the user says, whatever their headings and values."""
    path = write(tmp_path / "a.csv", "a,b,c,d\nx1,Prima,7,Lang gewacht op antwoord\n")
    corpus = read(path, text_column="B", id_column="a", nps_column="c", owner_column="d")
    assert corpus.documents[0].text == "Prima"
    assert corpus.documents[0].columns == {"text": "b", "id": "a", "nps": "c", "owner": "d"}


def test_no_text_column(tmp_path: Path) -> None:
    """Without a column of answers the columns are listed with the option."""
    corpus = read_corpus(write(tmp_path / "a.csv", "id,nps,datum\n1,5,2024-01-01\n2,6,2024-01-02\n"))
    assert notices(corpus) == (
        'no column with answers was recognised among "id", "nps", "datum". Name it: --text-column HEADING.'
    )


def test_several_open_questions(tmp_path: Path) -> None:
    """Each answer to an open question is a document with its question, and those of one row are one respondent's."""
    path = write(
        tmp_path / "a.csv",
        "Wat ging goed?,Wat kan beter?,Regio\nHet hele team was aardig,De wachttijd was veel te lang,Regio Noord Oost\n"
        "Alles ging eigenlijk wel goed,nvt,Regio Noord Oost\n",
    )
    corpus = read(path)
    assert [(d.id, d.prompt, d.attribute("case")) for d in corpus] == [
        ("a/2/Wat ging goed?", "Wat ging goed?", "a/2"),
        ("a/2/Wat kan beter?", "Wat kan beter?", "a/2"),
        ("a/3/Wat ging goed?", "Wat ging goed?", "a/3"),
    ]
    assert "2 open questions were read" in notices(corpus)
    assert {tuple(d.attributes) for d in corpus} == {("Regio", "respondent")}
    (first, _) = read(path, text_column="Wat ging goed?")
    assert (first.id, dict(first.columns)) == ("a/2", {"text": "Wat ging goed?"})
    assert len(read(path, text_column=["Wat ging goed?", "wat kan beter?"])) == 3


def test_other_text_columns_are_named(tmp_path: Path) -> None:
    """A column of texts that may be labels is not read as answers, but named."""
    rows = [f"De wachttijd van {n} dagen was te lang,Regio Noord en Oost\n" for n in range(8)]
    corpus = read(write(tmp_path / "a.csv", "toelichting,Bij welk kantoor\n" + "".join(rows)))
    assert len(corpus) == 8
    assert 'not read as answers: "Bij welk kantoor"' in notices(corpus)


@pytest.mark.parametrize(
    ("heading", "cells", "expected"),
    [
        ("NPS", ["0", "10", "7"], True),
        ("nps_hermeting", ["8"], True),
        ("Hoe waarschijnlijk is het dat u ons aanbeveelt?", ["9", "10"], True),
        ("How likely are you to recommend us?", ["3"], True),
        ("Zou u ons aanbevelen?", ["9"], True),
        ("LTR", ["5"], True),
        ("Rapportcijfer", ["9", "10"], False),
        ("Welk rapportcijfer geeft u onze aanbeveling?", ["9", "10"], False),
        ("Aanbeveling (1-10)", ["9", "10"], False),
        ("Aanbeveling (0-10)", ["9", "10"], True),
        ("Score", ["9"], False),
        ("NPS", ["11"], False),
        ("NPS", ["7.5"], False),
        ("NPS group", ["Promoter"], False),
        ("NPS", [], False),
        ("NPS", ["9"] * 19 + ["onbekend"], True),
        ("NPS", ["9"] * 18 + ["onbekend"], False),
    ],
)
def test_nps_column(heading: str, cells: list[str], expected: bool) -> None:
    """Whole numbers of 0-10 under a heading that asks to recommend are the NPS; a report mark of 1-10 never is."""
    assert is_nps(heading, cells) is expected


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("ResponseId", "response id"),
        ("NPSWAAROM", "npswaarom"),
        ("Contact-moment", "contact moment"),
        ("KANAAL[SQ001]", "kanaal sq001"),
        ("#", "#"),
    ],
)
def test_plain_heading(heading: str, expected: str) -> None:
    """Signs and camelCase become spaces."""
    assert plain_heading(heading) == expected


def test_columns_have_to_fit(tmp_path: Path) -> None:
    """A heading alone makes no part: the values have to be ids, dates, categories."""
    path = write(
        tmp_path / "a.csv",
        "id,datum,kanaal,toelichting\n7,ooit,Ik belde eerst en toen heb ik nog gemaild,Lang gewacht op antwoord\n"
        "7,nooit,Ik liep maar eens bij de balie binnen,Niemand belde mij terug\n",
    )
    documents = read(path, text_column="toelichting").documents
    assert documents[0].columns == {"text": "toelichting"}


def test_language_per_answer(tmp_path: Path) -> None:
    """Short answers are in the language of the file; a long one may be in the other."""
    rows = ["Ik heb heel lang gewacht en niemand nam op", "Top", "Fine", "De bon klopte ook al niet"]
    english = "I was waiting for ages and nobody ever answered the phone"
    path = write(tmp_path / "a.csv", "tekst\n" + "\n".join([*rows, english]) + "\n")
    assert [document.language for document in read(path)] == ["nl", "nl", "nl", "nl", "en"]
    assert {document.language for document in read_corpus(path, language="en")} == {"en"}


def test_other_language(tmp_path: Path) -> None:
    """A file of answers in another language is refused by name."""
    rows = "Ich habe sehr lange gewartet und niemand hat sich gemeldet\nDas war wirklich nicht gut und auch zu teuer\n"
    corpus = read_corpus(write(tmp_path / "a.csv", "text\n" + rows))
    assert len(corpus) == 0
    assert "another language (de)" in corpus.skipped[0].message


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl", "a.xlsx"])
def test_headings_without_rows(tmp_path: Path, name: str) -> None:
    """A table without rows is refused."""
    if name == "a.xlsx":
        book = openpyxl.Workbook()
        book.active.append(["id", "tekst"])
        book.save(tmp_path / name)
    else:
        write(tmp_path / name, "id,tekst\n" if name == "a.csv" else "\n\n")
    (skipped,) = read_corpus(tmp_path / name).skipped
    assert "it holds no rows that can be read" in skipped.message


def test_streaming(tmp_path: Path) -> None:
    """A document comes out before the file is read to its end, and a skip is told apart from a notice."""
    path = write(tmp_path / "a.csv", "id,tekst\n" + "1,Een zin van een paar woorden\n" * 3000)
    items = read_documents([path, tmp_path / "missing.csv"])
    first = next(items)
    assert isinstance(first, Document)
    path.write_text("id,tekst\n")
    rest = list(items)
    assert len(rest) < 3000
    assert isinstance(rest[-1], Skipped)
