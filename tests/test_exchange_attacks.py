"""Exchange where texts, memos and tables are awkward: nothing comes to the wrong place, is lost or is doubled."""

import json
from dataclasses import replace

import openpyxl
import pytest
from exchange_study import CODEBOOK, document

from cxtext.errors import ReadError
from cxtext.exchange import ImportOptions, export_study, import_file
from cxtext.exchange.memo_edits import edited_memos
from cxtext.exchange.refi import read_qdpx, write_qdpx
from cxtext.project import Project
from cxtext.records import Corpus
from cxtext.tables import CODINGS, make_table

TWINS = ("q-0", "q-1", "q-2")


def survey(place, ids, *, coded=()):
    """A study of answers that are all the same, one coding on some."""
    project = Project.create(place, coder="Noor", codebook=CODEBOOK)
    project.add(Corpus(tuple(document(id, ("", "respondent", "Nee."), kind="survey") for id in ids)))
    made = [{"document": id, "start": 0, "end": 4, "group": "kind", "code": "need"} for id in coded]
    project.add_codings(make_table(made, CODINGS))
    return project


@pytest.fixture
def study(tmp_path):
    """Three equal answers, two of them coded."""
    with survey(tmp_path / "study.cxt", TWINS, coded=TWINS[:2]) as project:
        yield project


@pytest.fixture
def corrected(study, tmp_path):
    """Export to Excel, change the sheet by hand, and read it back."""
    path = tmp_path / "codings.xlsx"

    def correct(change=lambda sheet: None, **options):
        export_study(study, path)
        book = openpyxl.load_workbook(path)
        change(book["codings"])
        book.save(path)
        return import_file(study, path, options=ImportOptions(**options))

    return correct


def column(sheet, name):
    """Letter of a column."""
    return next(cell.column_letter for cell in sheet[1] if cell.value == name)


def whys(report, outcome):
    """Element and reason of the rows of one outcome."""
    return [(row.element, row.why) for row in report.rows if row.outcome == outcome]


def coded(project):
    """Which documents have codings."""
    return sorted(project.codings()["document"])


def test_tasks_of_equal_texts_stay_with_their_documents(study, tmp_path):
    """Label Studio: a task is of the document that it names; where it names none, equal texts are told, not guessed."""
    path = tmp_path / "tasks.json"
    export_study(study, path)
    before = study.codings()
    assert import_file(study, path).lines() == ["Kept: 2 coding."]
    assert study.codings().equals(before)
    with survey(tmp_path / "other.cxt", TWINS) as other:
        import_file(other, path)
        assert coded(other) == ["q-0", "q-1"]
    tasks = json.loads(path.read_text())
    for task in tasks:
        del task["data"]["document"]
    path.write_text(json.dumps(tasks))
    with survey(tmp_path / "third.cxt", TWINS) as third:
        report = import_file(third, path)
        assert coded(third) == []
        assert [why for _, why in whys(report, "dropped")] == 2 * [
            "several documents have the text of its task, and its data.document names none of them"
        ]


@pytest.mark.parametrize("known", ["guid", "name"])
def test_a_project_finds_its_own_among_equal_texts(study, tmp_path, known):
    """REFI-QDA: codings on q-2 alone come to q-2, by its GUID or else its name."""
    with survey(tmp_path / "part.cxt", ["q-2"], coded=["q-2"]) as part:
        export_study(part, tmp_path / "part.qdpx")
    if known == "name":
        project, _ = read_qdpx(tmp_path / "part.qdpx")
        guid = "0a1b2c3d-0000-4000-8000-00000000000f"
        sources = tuple(replace(source, guid=guid) for source in project.sources)
        write_qdpx(replace(project, sources=sources, cases=()), tmp_path / "part.qdpx")
    report = import_file(study, tmp_path / "part.qdpx")
    assert coded(study) == ["q-0", "q-1", "q-2"]
    assert whys(report, "flagged") == []


def test_equal_texts_by_order_are_told(study, tmp_path):
    """REFI-QDA: where neither id nor name tells which of several documents a text is, the report says so."""
    with survey(tmp_path / "part.cxt", ["antwoord"], coded=["antwoord"]) as part:
        export_study(part, tmp_path / "part.qdpx")
    ((element, why),) = whys(import_file(study, tmp_path / "part.qdpx"), "flagged")
    assert (element, "taken by order" in why) == ("document", True)
    assert len(study.corpus()) == 3


@pytest.mark.parametrize("memo", ["a" * 40_000, "=" + "b c " * 10_000, "een\x0btwee\x01"])
def test_memos_that_no_cell_can_hold_stay_whole(study, corrected, memo):
    """A memo that is too long, or has control characters, is told, and changes by an edit in the workbook alone."""
    study.add_memo(memo, about="coding", target=study.codings()["coding"].iloc[0])
    before, log = study.memos(), len(study.log())
    assert corrected().lines() == ["Kept: 2 coding."]

    def change(sheet):
        sheet[f"{column(sheet, 'code')}2"].value = "pain"

    assert whys(corrected(change), "flagged") == []
    assert study.codings()["code"].tolist() == ["pain", "need"]
    assert study.memos().equals(before)
    assert len(study.log()) == log + 1


def test_what_is_beyond_a_cell_outlives_an_edit(study, corrected, tmp_path):
    """What a cell showed of a long memo is replaced; what it did not show is kept, and both exchanges say so."""
    study.add_memo("a" * 32_767 + "staart", about="coding", target=study.codings()["coding"].iloc[0])
    assert whys(export_study(study, tmp_path / "a.xlsx"), "flagged")[0][0] == "memo"

    def change(sheet):
        sheet[f"{column(sheet, 'memo')}2"].value = "Kort, "

    assert [element for element, _ in whys(corrected(change), "flagged")] == ["memo"]
    assert study.memos()["text"].tolist() == ["Kort, staart"]


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("Eén!\n\nTwee.\n\nDrie.", ["Eén!", "Twee.\n\nDrie."]),
        ("Een.\n\nTwee.\n\nDrie.\n\nVier.", ["Een.", "Twee.\n\nDrie.", "Vier."]),
        ("Een.\n\nTwee.\n\nErtussen.\n\nDrie.", ["Een.", "Twee.\n\nErtussen.\n\nDrie."]),
        ("Nul.\n\nEen.\n\nTwee.\n\nDrie.", ["Een.", "Twee.\n\nDrie.", "Nul."]),
        ("Twee.\n\nDrie.", ["", "Twee.\n\nDrie."]),
        ("", ["", ""]),
        ("Een. Twee. Drie.", None),
    ],
)
def test_several_memos_in_one_cell(text, after):
    """An edit goes to the memo whose paragraph it is; additions are new ones; nothing is guessed."""
    assert edited_memos(["Een.", "Twee.\n\nDrie."], text) == after


def test_edited_memos_are_not_doubled(study, corrected):
    """Two memos on one coding, of which one is edited in Excel, stay two; an unclear edit is told."""
    target = study.codings()["coding"].iloc[0]
    for text in ("Twijfel", "Toch goed"):
        study.add_memo(text, about="coding", target=target)

    def edit(text):
        return lambda sheet: setattr(sheet[f"{column(sheet, 'memo')}2"], "value", text)

    corrected(edit("Twijfel!\n\nToch goed"))
    assert sorted(study.memos()["text"]) == ["Toch goed", "Twijfel!"]
    report = corrected(edit("Alles in één"))
    assert "which of them was changed is unclear" in whys(report, "dropped")[0][1]
    assert sorted(study.memos()["text"]) == ["Toch goed", "Twijfel!"]


@pytest.mark.parametrize(("segment", "kept"), [("onzin", "q-2:1"), ("q-0:1", "q-2:1"), ("q-2:1", "q-2:1"), ("", "")])
def test_segments_that_are_not_there(study, tmp_path, segment, kept):
    """A coding with a segment that is not at its place is of the one that is, so that a repair leaves it alone."""
    path = tmp_path / "codings.csv"
    path.write_text(f"document,start,end,group,code,segment\nq-2,0,4,kind,need,{segment}\n", encoding="utf-8")
    report = import_file(study, path)
    assert study.codings().set_index("document").loc["q-2", "segment"] == kept
    assert ("segment" in [element for element, _ in whys(report, "changed")]) == (segment != kept)
    assert study.check(repair=True) == []
    assert coded(study) == ["q-0", "q-1", "q-2"]


def test_double_headings_are_refused(study, corrected, tmp_path):
    """Two columns of one heading are no table that can be taken; columns without one may be many."""
    path = tmp_path / "codings.csv"
    path.write_text("document,start,end,group,code,code,,\nq-2,0,4,kind,need,pain,,\n", encoding="utf-8")
    with pytest.raises(ReadError, match="2 columns 'code'"):
        import_file(study, path)
    with pytest.raises(ReadError, match="2 columns 'code'"):
        corrected(lambda sheet: setattr(sheet["Z1"], "value", "Code"))
    path.write_text("document,start,end,group,code,,\nq-2,0,4,kind,need,,\n", encoding="utf-8")
    import_file(study, path)
    assert coded(study) == ["q-0", "q-1", "q-2"]


def test_a_status_is_a_status_in_capitals(study, corrected):
    """Excel likes to begin a word with a capital."""
    corrected(lambda sheet: setattr(sheet[f"{column(sheet, 'status')}2"], "value", "Rejected"))
    assert study.codings()["status"].tolist() == ["rejected", "accepted"]


@pytest.mark.parametrize("columns", [("memo", "memo"), ("coding", "coding"), ("coding", "memo"), ("code", "status")])
def test_merged_cells_take_nothing_away(study, corrected, columns):
    """A row whose cells Excel emptied by merging is flagged and left as it is, even with --remove."""
    for id in study.codings()["coding"]:
        study.add_memo("Twijfel", about="coding", target=id)
    before = study.codings(), study.memos()

    def merge(sheet):
        first, last = (column(sheet, name) for name in columns)
        sheet.merge_cells(f"{first}2:{last}3")

    flagged = whys(corrected(merge, remove=True), "flagged")
    assert "were merged" in flagged[0][1]
    assert study.codings().equals(before[0])
    assert study.memos().equals(before[1])


def test_halves_of_characters_are_told_by_row(study, tmp_path):
    """A lone surrogate costs its row, with a message, and no other."""
    path = tmp_path / "codings.jsonl"
    good = {"document": "q-2", "start": 0, "end": 4, "group": "kind", "code": "need"}
    bad = [{**good, name: "\ud800"} for name in ("coding", "document", "coder", "evidence", "created", "memo")]
    path.write_text("".join(json.dumps(row) + "\n" for row in (*bad, good)), encoding="utf-8")
    report = import_file(study, path)
    assert {row.name for row in report.rows if row.outcome == "dropped"} == {f"row {n}" for n in range(1, 7)}
    assert all("half a character" in why for _, why in whys(report, "dropped"))
    assert str(report.table).encode()
    assert coded(study) == ["q-0", "q-1", "q-2"]
