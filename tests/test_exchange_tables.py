"""Codings in workbooks, csv, JSON lines, spaCy, Label Studio and Prodigy: out, corrected, and back."""

import json

import openpyxl
import pytest
import spacy
from exchange_study import CORPUS, make_study, rows
from spacy.tokens import DocBin

from cxtext.errors import OptionError, ReadError
from cxtext.exchange import ExportOptions, ImportOptions, export_study, exporter, import_file, load_exporters
from cxtext.exchange.refi.report import ExchangeReport
from cxtext.project import Project
from cxtext.tables import CODINGS, make_table
from cxtext.testing import check_exporter

KEYS = ["document", "start", "end", "group", "code", "coder", "status"]
COLUMNS = [
    "coding", "document", "start", "end", "speaker", "text", "context", "group", "code", "coder", "status", "memo",
]  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A study that every test gets a copy of."""
    place = tmp_path_factory.mktemp("made") / "study.cxt"
    make_study(place).close()
    return place


@pytest.fixture
def study(made, tmp_path):
    """A study of one's own."""
    place = tmp_path / "study.cxt"
    place.write_bytes(made.read_bytes())
    with Project.open(place, coder="Noor") as project:
        yield project


@pytest.fixture
def corrected(study, tmp_path):
    """Export the codings to Excel, change the sheet by hand, and read it back."""
    path = tmp_path / "codings.xlsx"

    def correct(change, between=lambda: None, **options):
        export_study(study, path)
        book = openpyxl.load_workbook(path)
        change(book["codings"])
        book.save(path)
        between()
        return import_file(study, path, options=ImportOptions(**options))

    return correct


def cell(sheet, row, column):
    """A cell of the sheet by the name of its column; rows are numbered from 2."""
    return sheet.cell(row, COLUMNS.index(column) + 1)


def found(report, outcome, element):
    """Reasons and details of a report."""
    return [(row.why, row.detail) for row in report.rows if (row.outcome, row.element) == (outcome, element)]


def state(study):
    """All codings as plain rows."""
    return study.codings()[KEYS].to_numpy().tolist()


@pytest.mark.parametrize("name", [exporter.name for exporter in load_exporters()])
def test_every_format_keeps_its_promises(name, study, tmp_path):
    """One file, the same each time; a report; and a study that stays as it was."""
    (tmp_path / "out").mkdir()
    check_exporter({found.name: found for found in load_exporters()}[name], study, tmp_path / "out")


def test_a_broken_promise_is_found(study, tmp_path):
    """The check refuses an exporter that changes the study."""

    @exporter("bad", ".bad")
    def export_bad(project, path, options):
        project.add_memo("Betrapt", about="study")
        path.write_bytes(b"x")
        return ExchangeReport(())

    (tmp_path / "out").mkdir()
    with pytest.raises(AssertionError, match="bad: it changed the study"):
        check_exporter(export_bad, study, tmp_path / "out")


def test_a_workbook_is_made_to_be_corrected(study, tmp_path):
    """Codes and status are chosen from lists, ids cannot be typed over, and the codebook is there to read."""
    export_study(study, tmp_path / "codings.xlsx")
    book = openpyxl.load_workbook(tmp_path / "codings.xlsx")
    sheet = book["codings"]
    assert [c.value for c in sheet[1]] == COLUMNS
    rules = {rule.type: str(rule.sqref) for rule in sheet.data_validations.dataValidation}
    assert {rule.formula1 for rule in sheet.data_validations.dataValidation if rule.type == "list"} == {
        "cxtext!$D$2:$D$4", "cxtext!$E$2:$E$6", "cxtext!$F$2:$F$4",
    }  # fmt: skip
    assert rules["custom"] == "A2:E7"
    assert book["cxtext"].sheet_state == "hidden"
    assert "pijnpunt" in [c.value for row in book["codebook"].iter_rows() for c in row]
    assert cell(sheet, 2, "context").value.count("»") == 1


def test_an_unchanged_workbook_changes_nothing(study, corrected):
    """What was not touched stays, and the log has no line of it."""
    before, log = state(study), len(study.log())
    report = corrected(lambda sheet: None)
    assert (state(study), len(study.log())) == (before, log)
    assert report.lines() == ["Kept: 6 coding."]


def test_corrections_come_back_as_one_change(study, corrected):
    """A code, a status, a memo and a new row; one undo takes them back."""
    before = state(study)

    def change(sheet):
        cell(sheet, 2, "code").value = "prijs"  # its group follows
        cell(sheet, 3, "status").value = "rejected"
        cell(sheet, 4, "memo").value = "Twijfel"
        for column, value in (("document", "groep"), ("text", "Bij mij"), ("group", "kind"), ("code", "need")):
            cell(sheet, 8, column).value = value

    first, second, third = study.codings()["coding"][:3]
    report = corrected(change)
    codings = study.codings().set_index("coding")
    assert codings.loc[first, ["group", "code"]].tolist() == ["thema", "prijs"]
    assert codings.loc[second, ["status", "decided_by"]].tolist() == ["rejected", "Noor"]
    memos = study.memos()
    assert memos.loc[memos["target"] == third, "text"].tolist() == ["Twijfel"]
    assert study.codings().query("document == 'groep' and code == 'need' and status == 'accepted'")["start"].size == 1
    assert ("it is new", "groep 52-59 kind/need, accepted") in found(report, "changed", "coding")
    study.undo()
    assert state(study) == before


@pytest.mark.parametrize(("theirs", "code"), [(None, "need"), ("study", "need"), ("excel", "wait")])
def test_conflicts_are_shown(study, corrected, theirs, code):
    """Changed in both: the report has both values; the study holds unless one says that the workbook does."""
    id = study.codings().query("code == 'pain'")["coding"].item()
    at = study.codings()["coding"].tolist().index(id) + 2

    def change(sheet):
        cell(sheet, at, "code").value = "wait"

    report = corrected(change, lambda: study.change_codings({id: {"code": "need"}}), theirs=theirs)
    assert study.codings().set_index("coding").loc[id, "code"] == code
    outcome = ("changed", "coding") if theirs == "excel" else ("flagged", "conflict")
    ((why, detail),) = found(report, *outcome)
    assert "kind/need" in detail.split(";")[0]
    assert "kind/wait" in detail.split(";")[1]
    assert ("choose with --theirs" in why) == (theirs is None)


def test_removed_rows(study, corrected):
    """A row that is gone removes nothing, unless one says so; what the study changed since is kept even then."""
    first, second = study.codings()["coding"][:2]
    report = corrected(lambda sheet: sheet.delete_rows(2, 2))
    assert len(found(report, "flagged", "coding")) == 2
    assert len(state(study)) == 6
    report = corrected(lambda sheet: sheet.delete_rows(2, 2), lambda: study.decide([first], "rejected"), remove=True)
    assert set(study.codings()["coding"]) & {first, second} == {first}
    assert "changed in the study" in found(report, "flagged", "conflict")[0][0]


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"document": "vraag-1", "text": "Ik wachtte.", "code": "need"}, "more than once"),
        ({"document": "vraag-1", "text": "Nooit gezegd", "code": "need"}, "does not occur"),
        ({"document": "nergens", "text": "Ik", "code": "need"}, "no document 'nergens'"),
        ({"document": "groep", "text": "Bij mij", "code": "onzin"}, "no code /onzin"),
        ({"document": "groep", "text": "Bij mij", "code": "need", "status": "misschien"}, "is no status"),
        ({"document": "groep", "text": "café-ingang", "code": "los"}, "has given this code"),
    ],
)
def test_rows_that_cannot_be_taken(study, corrected, values, reason):
    """A wrong row is told with its number, and the others are taken."""

    def change(sheet):
        for column, value in values.items():
            cell(sheet, 8, column).value = value
        cell(sheet, 9, "document").value, cell(sheet, 9, "text").value = "groep", "Bij mij ging"
        cell(sheet, 9, "code").value = "need"

    report = corrected(change)
    ((why, _),) = found(report, "dropped", "row")
    assert reason in why
    assert [row.name for row in report.rows if row.outcome == "dropped"] == ["row 8"]
    assert len(state(study)) == 7


def test_another_workbook_is_refused(study, tmp_path):
    """A workbook of another study, or of something else, is not taken."""
    with make_study(tmp_path / "other.cxt") as other:
        export_study(other, tmp_path / "other.xlsx")
    with pytest.raises(ReadError, match="from another study"):
        import_file(study, tmp_path / "other.xlsx")
    openpyxl.Workbook().save(tmp_path / "empty.xlsx")
    with pytest.raises(ReadError, match="lacks the sheets"):
        import_file(study, tmp_path / "empty.xlsx")


def test_cells_are_harmless_and_come_back(study, corrected):
    """A memo that looks like a formula is text in Excel, and is no change when it comes back."""
    study.add_memo("=1+1", about="coding", target=study.codings()["coding"].iloc[1])
    seen = []
    report = corrected(lambda sheet: seen.append(cell(sheet, 3, "memo").value))
    assert seen == ["'=1+1"]
    assert report.lines() == ["Kept: 6 coding."]


@pytest.mark.parametrize("suffix", [".csv", ".jsonl"])
def test_tables_go_to_another_study_with_exact_places(study, tmp_path, suffix):
    """Codings of every status come out and in with the same places, coders and scores."""
    export_study(study, tmp_path / f"codings{suffix}")
    with Project.create(tmp_path / "new.cxt", coder="Bo", codebook=study.codebook) as new:
        new.add(CORPUS)
        text = (tmp_path / f"codings{suffix}").read_text(encoding="utf-8-sig")
        bare = tmp_path / f"bare{suffix}"
        bare.write_text(_without_stamp(text, suffix), encoding="utf-8")
        report = import_file(new, bare)
        assert [row for row in report.rows if row.outcome == "dropped"] == []
        assert state(new) == state(study)
        assert new.codings()["score"].dropna().tolist() == [0.8]
        again = import_file(new, bare)
        assert again.lines() == ["Kept: 6 coding."]


def _without_stamp(text, suffix):
    """A table as another program would make it."""
    if suffix == ".jsonl":
        return "".join(
            json.dumps({k: v for k, v in json.loads(line).items() if k != "stamp"}) + "\n" for line in text.splitlines()
        )
    lines = text.splitlines()
    assert lines[0].endswith(",stamp")
    return "\n".join(line.rsplit(",", 1)[0] for line in lines)


def test_a_corrected_table_comes_back(study, tmp_path):
    """A code that was changed in an exported csv is changed in the study; broken lines are told."""
    path = tmp_path / "codings.csv"
    export_study(study, path)
    path.write_text(path.read_text(encoding="utf-8-sig").replace(",pain,", ",need,") + "a,b\n", encoding="utf-8")
    report = import_file(study, path)
    assert "pain" not in study.codings()["code"].tolist()
    assert len(found(report, "dropped", "row")) == 1


def test_tables_of_others_need_a_place_alone(study, tmp_path):
    """A hand-made table with documents, texts and codes is enough; a wrong one says what is missing."""
    path = tmp_path / "codings.csv"
    path.write_text("document;text;group;code\ngroep;Bij mij;kind;need\n", encoding="utf-8")
    import_file(study, path)
    assert len(state(study)) == 7
    path.write_text("wie;wat\nx;y\n", encoding="utf-8")
    with pytest.raises(ReadError, match="no column 'document'"):
        import_file(study, path)


def test_spacy_gets_span_groups(study, tmp_path):
    """Spans hold the codings by group; one within a token is wider, counted, and exact in user_data."""
    row = rows(study)("gesprek", "uu", "kind/need")
    study.add_codings(make_table([row], CODINGS))
    report = export_study(study, tmp_path / "codings.spacy")
    docs = list(DocBin(store_user_data=True).from_disk(tmp_path / "codings.spacy").get_docs(spacy.blank("nl").vocab))
    assert [doc.text for doc in docs] == [document.text for document in CORPUS]
    spans = {(span.text, span.label_) for span in docs[0].spans["kind"]}
    assert ("een uur in de wacht 😡", "pain") in spans
    assert ("uur", "need") in spans
    told = docs[0].user_data["cxtext"]["codings"]["kind"]
    assert (row["start"], row["end"]) in [(coding["start"], coding["end"]) for coding in told]
    assert len(found(report, "changed", "span")) == 1


def test_label_studio_out_and_in(study, tmp_path):
    """Tasks come back as they were; regions that are counted in UTF-16 units are placed by their text."""
    path = tmp_path / "tasks.json"
    export_study(study, path, options=ExportOptions(suggested=True))
    assert import_file(study, path).lines() == ["Kept: 5 coding."]
    tasks = json.loads(path.read_text())
    text = tasks[0]["data"]["text"]
    at = text.index("bij de balie")
    region = {
        "id": "nieuw", "from_name": "kind", "to_name": "text", "type": "labels",
        "value": {"start": at + 1, "end": at + 13, "text": "bij de balie", "labels": ["need"]},
    }  # fmt: skip
    wrong = {**region, "id": "fout", "value": {**region["value"], "text": "iets anders"}}
    tasks[0]["annotations"].append({"completed_by": {"email": "bo@voorbeeld.nl"}, "result": [region, wrong]})
    path.write_text(json.dumps(tasks))
    report = import_file(study, path)
    new = study.codings().set_index("coding").loc["nieuw"]
    assert (new["start"], new["end"], new["coder"]) == (at, at + 12, "bo@voorbeeld.nl")
    assert len(found(report, "dropped", "region")) == 1
    for broken in ("{", "[1]", '{"a": 1}'):
        path.write_text(broken)
        with pytest.raises(ReadError, match=r"tasks\.json"):
            import_file(study, path)


def test_prodigy_gets_an_example_per_coder(study, tmp_path):
    """Each example has the spans of one coder, in code points."""
    export_study(study, tmp_path / "examples.jsonl", format="prodigy")
    examples = [json.loads(line) for line in (tmp_path / "examples.jsonl").read_text().splitlines()]
    assert [(e["meta"]["document"], e["_annotator_id"], len(e["spans"])) for e in examples] == [
        ("gesprek", "Noor", 1), ("gesprek", "Sem", 2), ("groep", "Noor", 1),
    ]  # fmt: skip
    span = examples[0]["spans"][0]
    assert examples[0]["text"][span["start"] : span["end"]] == "een uur in de wacht 😡"
    assert span["label"] == "kind/pain"


def test_formats_that_are_not_there(study, tmp_path):
    """An unknown format or suffix is told with those that there are."""
    with pytest.raises(OptionError, match="no format 'word'"):
        export_study(study, tmp_path / "a.docx", format="word")
    with pytest.raises(OptionError, match=r"suffix '\.spacy'"):
        import_file(study, tmp_path / "a.spacy")


@pytest.mark.parametrize("suffix", [".qdpx", ".qdc", ".xlsx", ".csv", ".jsonl", ".json"])
@pytest.mark.parametrize(
    "content", [None, b"", b"\x00\xff\x00", b"PK\x03\x04", b"<a>", b"[[", b'{"coding": 1}', b"a\x85b"]
)
def test_no_file_ends_in_a_traceback(study, tmp_path, suffix, content):
    """What is missing or broken is refused in plain words, or row by row; the study stays as it is."""
    path, before = tmp_path / f"bad{suffix}", state(study)
    if content is not None:
        path.write_bytes(content)
    try:
        outcomes = {row.outcome for row in import_file(study, path).rows}
    except ReadError as error:
        outcomes = {"dropped"} if str(error).startswith(f"{path}: ") else {str(error)}
    assert outcomes == {"dropped"}
    assert state(study) == before
