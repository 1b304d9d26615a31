"""The command line as a user meets it."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from cxtext.cli import COMMANDS, main

SAMPLES = Path(__file__).parent.parent / "corpus_samples"


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run cxtext in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: CliRunner().invoke(main, [str(a) for a in arguments])


@pytest.fixture
def answers(tmp_path):
    """Three answers, one of which looks like a formula."""
    path = tmp_path / "answers.csv"
    path.write_text(
        "id,nps,answer\n001,3,Vreselijk slecht: uren in de wacht gestaan.\n002,9,=1+1 was de prijs\n003,8,Prima.\n"
    )
    return path


def read_csv(path):
    """Rows of a csv file."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_run_writes_a_report_and_names_it(run, answers):
    """The last line names the report; the tables lie beside it."""
    result = run("run", answers, "-o", "results")
    assert result.exit_code == 0, result.output
    assert result.output.strip().splitlines()[-1] == f"Report: {Path('results/report.html')}"
    assert {"report.html", "codings.xlsx", "tables", "plots"} == {p.name for p in Path("results").iterdir()}


def test_run_names_what_was_skipped_and_goes_on(run, answers, tmp_path):
    """A broken file does not stop the others, and is named with the reason."""
    (tmp_path / "broken.docx").write_bytes(b"PK nothing")
    (tmp_path / "odd.xyz").write_text("x")
    result = run("run", answers, "broken.docx", "odd.xyz", "missing.txt", "-o", "results", "--json")
    assert result.exit_code == 0, result.output
    summary = json.loads(result.stdout)
    assert [Path(s["source"]).name for s in summary["skipped"]] == ["broken.docx", "odd.xyz", "missing.txt"]
    assert "broken.docx" in result.stderr


def test_run_fails_with_1_when_nothing_could_be_read(run, tmp_path):
    """An empty folder and a folder of unknown files end with exit code 1 and say what to give."""
    (tmp_path / "empty").mkdir()
    for source in ("empty", "missing"):
        result = run("run", source, "-o", "results")
        assert result.exit_code == 1
        assert "Nothing could be read" in result.output
        assert not Path("results").exists()


def test_run_asks_who_interviews(run, tmp_path):
    """Where roles cannot be known the question names the option, and the option answers it."""
    turns = "".join(
        f"Marleen Visser: Hoe ging dat {i}?\nYoussef Amrani: Nou, ik heb toen gebeld naar Jan {i}.\n" for i in range(4)
    )
    (tmp_path / "talk.txt").write_text(turns, encoding="utf-8")
    asked = run("run", "talk.txt", "-o", "results")
    assert asked.exit_code == 1
    assert "--interviewer" in asked.output
    assert run("run", "talk.txt", "-o", "results", "--interviewer", "Marleen Visser").exit_code == 0


def test_run_refuses_a_folder_with_other_files(run, answers, tmp_path):
    """Results are not written among somebody's files, unless forced."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("x")
    assert run("run", answers, "-o", "mine").exit_code == 2
    assert run("run", answers, "-o", "mine", "--force").exit_code == 0


def test_unwritable_output_is_a_clear_message(run, answers, tmp_path):
    """A file where a folder should be ends in a message, not a traceback."""
    (tmp_path / "file").write_text("x")
    result = run("tag", answers, "-o", "file/tagged.csv")
    assert result.exit_code == 1
    assert "cannot be written" in result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize("suffix", ["csv", "tsv", "xlsx", "jsonl", "parquet"])
def test_tag_writes_every_kind_of_file(run, answers, suffix):
    """The same rows, whatever the form: text ids, joined codes, neutralised formulas."""
    result = run("tag", answers, "-o", f"tagged.{suffix}")
    assert result.exit_code == 0, result.output
    path = Path(f"tagged.{suffix}")
    if suffix == "xlsx":
        header, *cells = openpyxl.load_workbook(path).active.iter_rows(values_only=True)
        rows = [dict(zip(header, row, strict=True)) for row in cells]
    elif suffix == "jsonl":
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    elif suffix == "parquet":
        rows = pq.read_table(path).to_pylist()
    else:
        delimiter = "\t" if suffix == "tsv" else ","
        rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines(), delimiter=delimiter))
    assert [row["id"] for row in rows] == ["001", "002", "003"]
    assert "pain" in rows[0]["kind"]
    assert rows[0]["sentiment"] == "negative"
    assert rows[1]["text"] == ("=1+1 was de prijs" if suffix in {"jsonl", "parquet"} else "'=1+1 was de prijs")
    scores = rows[0]["scores"] if suffix == "jsonl" else json.loads(rows[0]["scores"])
    assert 0 < scores["kind/pain"] <= 1


def test_tag_does_not_replace_a_file_unasked(run, answers):
    """An earlier output is kept, and the message names --force."""
    assert run("tag", answers, "-o", "tagged.csv").exit_code == 0
    again = run("tag", answers, "-o", "tagged.csv")
    assert again.exit_code == 1
    assert "--force" in again.output
    assert run("tag", answers, "-o", "tagged.csv", "--force").exit_code == 0
    itself = run("tag", answers, "-o", answers, "--force")
    assert itself.exit_code == 1
    assert "is the input" in itself.output


def test_tag_refuses_an_unknown_suffix_before_it_works(run, answers):
    """The choices are named."""
    result = run("tag", answers, "-o", "tagged.pdf")
    assert result.exit_code == 1
    assert ".parquet" in result.output


def test_tag_names_a_missing_column_and_the_columns_there_are(run, answers):
    """A slip in a heading costs one look."""
    result = run("tag", answers, "-o", "tagged.csv", "--text-column", "antwoord")
    assert result.exit_code == 1
    assert "answer" in result.output
    assert not Path("tagged.csv").exists()


def test_tag_to_evaluate(run, tmp_path):
    """The output of tag is the input of evaluate, matched by id."""
    rows = [
        {"id": f"x{i}", "doc": f"d{i // 2}", "text": text, "kind": kind, "sentiment": sentiment}
        for i, (text, kind, sentiment) in enumerate([
            ("Ik stond uren in de wacht, vreselijk.", ["pain"], "negative"),
            ("De monteur was snel en vriendelijk.", ["gain"], "positive"),
        ] * 10)
    ]  # fmt: skip
    Path("gold.jsonl").write_text("\n".join(map(json.dumps, rows)) + "\n")
    columns = ("--unit", "row", "--text-column", "text", "--document-column", "doc", "--id-column", "id")
    assert run("tag", "gold.jsonl", "-o", "tagged.jsonl", *columns).exit_code == 0
    result = run("evaluate", "tagged.jsonl", "--gold", "gold.jsonl", "--json")
    assert result.exit_code == 0, result.output
    figures = {code["code"]: code for code in json.loads(result.stdout)["codes"]}
    assert figures["pain"]["n"] == 10
    assert figures["pain"]["f1"] == 1.0
    assert "macro_f1" in run("evaluate", "tagged.jsonl", "--gold", "gold.jsonl").output


def test_tag_to_stdout_is_jsonl(run, answers):
    """A dash pipes rows onward; talk goes to stderr."""
    result = run("tag", answers, "-o", "-")
    assert [json.loads(line)["id"] for line in result.stdout.splitlines()] == ["001", "002", "003"]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(run, command):
    """Help shows how it is used."""
    result = run(command, "--help")
    assert result.exit_code == 0
    assert "Example" in result.output
    assert f"cxtext {command}" in result.output


def test_wrong_usage_is_exit_code_2(run):
    """A missing option is a usage error."""
    assert run("tag", "x.csv").exit_code == 2
    assert run("nope").exit_code == 2


def test_help_and_the_page_load_nothing_heavy():
    """`cxtext --help`, `import cxtext` and the coding page start without the libraries of the stages."""
    code = (
        "import sys, cxtext\nfrom click.testing import CliRunner\nfrom cxtext.cli import main\n"
        "assert CliRunner().invoke(main, ['--help']).exit_code == 0\n"
        "import cxtext.cli.code, cxtext.web.server\n"
        "print([m for m in ('spacy', 'sklearn', 'pandas', 'numpy', 'matplotlib', 'scipy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_completion_is_offered():
    """The shell can ask for completions."""
    done = subprocess.run(
        [sys.executable, "-c", "from cxtext.cli import main; main(prog_name='cxtext')"],
        env={**os.environ, "_CXTEXT_COMPLETE": "bash_source"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "_CXTEXT_COMPLETE" in done.stdout


def test_run_says_at_once_that_the_folder_cannot_be_made(run, answers, tmp_path):
    """An output below a file is refused before the work, with the reason."""
    (tmp_path / "file").write_text("x")
    result = run("run", answers, "-o", "file/results")
    assert result.exit_code == 1
    assert "cannot be made" in result.output
    assert "Traceback" not in result.output
