"""What inspect tells before anything is done."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from cxtext import inspect_files
from cxtext.cli import main

TABLE = (
    "nr,datum,nps,Waarom?\n1,13-02-2024,9,Ik ben snel geholpen\n2,01-02-2024,4,Het duurde lang\n3,02-02-2024,7,nvt\n"
)
INTERVIEW = (
    "I: Hoe ging het bellen?\nR: Ik stond een half uur in de wacht.\nI: En toen?\nR: Toen was ik er klaar mee.\n"
)


def fill(folder: Path) -> Path:
    """Put a table, an interview and a file of another kind into a folder."""
    (folder / "antwoorden.csv").write_text(TABLE, encoding="utf-8")
    (folder / "gesprek.txt").write_text(INTERVIEW, encoding="utf-8")
    (folder / "scan.bmp").write_bytes(b"BM")
    return folder


def test_frames(tmp_path: Path) -> None:
    """Files, speakers with roles and words, columns with what they were taken for, and notes are frames."""
    found = inspect_files(fill(tmp_path))
    assert found.files[["kind", "documents", "respondents", "languages"]].values.tolist() == [
        ["survey", 2, 2, "nl 2"],
        ["interview", 1, 1, "nl 1"],
    ]
    assert found.speakers[["speaker", "role", "turns", "words"]].values.tolist() == [
        ["I", "interviewer", 2, 6],
        ["R", "respondent", 2, 14],
    ]
    columns = found.columns.set_index("column")
    assert columns["taken_for"].to_dict() == {
        "Waarom?": "answers", "nr": "id of the row", "datum": "date", "nps": "NPS (0-10)",
    }  # fmt: skip
    assert columns["values"]["nps"] == "4 to 9"
    assert columns["values"]["datum"].endswith("(day first)")
    assert found.notes["read"].tolist() == [True, False]
    assert repr(found) == "Inspection(2 files read, 1 skipped, 1 notes)"


def test_command(tmp_path: Path) -> None:
    """The command prints the same, the options that would change it, and what was not read."""
    result = CliRunner().invoke(main, ["inspect", str(fill(tmp_path))])
    assert result.exit_code == 0
    for expected in (
        "NPS (0-10)",
        "interviewer",
        "1 row without an answer",
        "not read:",
        "--nps-column",
        "--interviewer",
    ):
        assert expected in result.output
    tables = json.loads(CliRunner().invoke(main, ["inspect", str(tmp_path), "--json"]).output)
    assert [row["kind"] for row in tables["files"]] == ["survey", "interview"]


def test_nothing_to_read(tmp_path: Path) -> None:
    """Where nothing can be read, the reason is shown and the exit code says so."""
    result = CliRunner().invoke(main, ["inspect", str(tmp_path / "geen")])
    assert result.exit_code == 1
    assert "there is no such file or folder" in result.output
