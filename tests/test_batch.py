"""Batch tagging."""

import json

import pytest

from cxtext import batch
from cxtext.batch import Options, flatten, output_columns, own_columns, tag_batch
from cxtext.ingest import ReadOptions, Skipped

ROWS = [
    ("001", "7", "Ik stond uren in de wacht. Daarna ging het snel."),
    ("1e5", "9", "=SOM(A1) prima geholpen door de monteur"),
    ("NA", "", "nvt"),
]


@pytest.fixture
def answers(tmp_path):
    """A small survey export."""
    path = tmp_path / "answers.csv"
    lines = ["resp,nps,toelichting", *(f'{id},{nps},"{text}"' for id, nps, text in ROWS)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_one_row_per_sentence_with_the_columns_of_the_input(answers):
    """Sentences of one answer repeat its attributes; ids stay as they are."""
    rows = list(tag_batch([answers], reading=ReadOptions(text_column="toelichting", id_column="resp")))
    assert [row["resp"] for row in rows] == ["001", "001", "1e5", "NA"]
    assert [row["nps"] for row in rows] == ["7", "7", "9", ""]
    assert [row["text"] for row in rows][:2] == ["Ik stond uren in de wacht.", "Daarna ging het snel."]
    own = own_columns(Options())
    assert list(rows[0])[-len(own) :] == own
    assert set(rows[0]["uncertain"]) <= {path for path, score in rows[0]["scores"].items() if score < 0.5}
    assert "pain" in rows[0]["kind"]
    assert 0 <= rows[0]["scores"]["kind/pain"] <= 1


def test_unit_row_does_not_split(answers):
    """Every row of the input is one row of the output."""
    rows = list(tag_batch([answers], Options(unit="row"), reading=ReadOptions(text_column="toelichting")))
    assert [row["text"] for row in rows] == [text for _, _, text in ROWS]


def test_empty_answers_are_rows_or_are_counted(tmp_path):
    """A row without an answer is a row with --unit row; split into sentences it is counted and named."""
    path = tmp_path / "gaps.csv"
    path.write_text("id,answer\n1,Snel en netjes geholpen.\n2,\n3,Dat duurde lang.\n", encoding="utf-8")
    notices = []
    rows = list(tag_batch([path], Options(unit="row"), notice=notices.append))
    assert [(row["id"], row["text"]) for row in rows][1] == ("2", "")
    assert len(rows) == 3
    assert rows[1]["kind"] == []
    assert rows[1]["sentiment"] is None
    assert notices == []
    assert [row["id"] for row in tag_batch([path], notice=notices.append)] == ["1", "3"]
    assert "Empty answers, which give no row: 1" in notices[0].message


def test_rows_of_one_document_are_context_and_keep_their_ids(tmp_path):
    """Consecutive rows of a document form one document; each keeps its own columns, also where names clash."""
    path = tmp_path / "gold.jsonl"
    rows = [
        {"id": f"g{i}", "doc": "d1" if i < 3 else "d2", "text": text, "kind": ["pain"]}
        for i, text in enumerate(["Ik belde.", "Niemand nam op.", "Jammer.", "Top!"])
    ]
    path.write_text("\n".join(json.dumps(row) for row in rows) + "\n", encoding="utf-8")
    reading = ReadOptions(text_column="text", document_column="doc", id_column="id")
    tagged = list(tag_batch([path], Options(unit="row"), reading=reading))
    assert [row["id"] for row in tagged] == ["g0", "g1", "g2", "g3"]
    assert [row["document"] for row in tagged] == ["d1", "d1", "d1", "d2"]
    assert tagged[0]["input_kind"] == "pain"
    assert isinstance(tagged[0]["kind"], list)


def test_long_form_has_a_row_per_coding_with_evidence(answers):
    """Each coding stands alone with its evidence."""
    rows = list(tag_batch([answers], Options(long=True), reading=ReadOptions(text_column="toelichting")))
    assert {"group", "code", "score", "evidence"} <= set(rows[0])
    assert len({(row["segment"], row["group"], row["code"]) for row in rows}) == len(rows)


def test_two_workers_give_what_one_gives(tmp_path, monkeypatch):
    """Order and codes do not depend on the number of processes, with more pieces than are waiting at a time."""
    monkeypatch.setattr(batch, "CHUNK", 40)
    path = tmp_path / "many.csv"
    path.write_text("id,answer\n" + "".join(f"{i},Zin {i} over de wachttijd en de brief.\n" for i in range(300)))
    one, two = (list(tag_batch([path], Options(workers=workers))) for workers in (1, 2))
    assert [row["id"] for row in two] == [str(i) for i in range(300)]
    assert [(r["kind"], r["phase"], r["channel"]) for r in one] == [(r["kind"], r["phase"], r["channel"]) for r in two]


def test_broken_rows_and_files_are_told_and_the_rest_goes_on(tmp_path, answers):
    """A line that is no JSON is named with its number; an unknown kind of file is skipped."""
    lines, odd = tmp_path / "lines.jsonl", tmp_path / "odd.xyz"
    lines.write_text(
        '{"id": 1, "answer": "Dat duurde heel lang."}\nnope\n{"id": 3, "answer": "Snel geholpen door Ans."}\n'
    )
    odd.write_text("x")
    notices = []
    rows = list(tag_batch([lines, odd, answers], notice=notices.append))
    assert [row["id"] for row in rows if "id" in row] == ["1", "3"]
    assert any("2" in n.message and n.source == str(lines) for n in notices if not isinstance(n, Skipped))
    assert [n.source for n in notices if isinstance(n, Skipped)] == [str(odd)]


def test_columns_are_known_before_the_first_row_is_written(answers):
    """A table can be written as it comes."""
    reading = ReadOptions(text_column="toelichting")
    names = output_columns([answers], Options(), reading)
    assert names == list(next(tag_batch([answers], reading=reading)))


def test_flat_rows_have_nothing_missing():
    """No code is an empty cell; several are joined by a semicolon."""
    row = {"kind": ["pain", "need"], "phase": None, "scores": {"kind/pain": 0.5}, "start": 0}
    assert flatten(row) == {"kind": "pain;need", "phase": "", "scores": '{"kind/pain": 0.5}', "start": 0}
