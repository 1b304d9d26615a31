"""What the README says works."""

import csv
import re
import shlex
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from cxtext.cli import main

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
#: the commands of each part of the text, which begins with a heading or with words in bold
PARTS = {
    title: commands
    for title, part in re.findall(
        r"^(?:## |\*\*)([^*\n]+)(.*?)(?=^## |^\*\*|\Z)", README, flags=re.MULTILINE | re.DOTALL
    )
    if (commands := re.findall(r"^\$ (cxtext .*)$", part, flags=re.MULTILINE))
}


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Work in a folder with the samples, as after a checkout, but with half of the answers of one survey."""
    shutil.copytree(ROOT / "corpus_samples", tmp_path / "corpus_samples")
    monkeypatch.chdir(tmp_path)
    survey = Path("corpus_samples/enquete_energie.csv")
    with survey.open(encoding="utf-8", newline="") as file:
        header, *answers = csv.reader(file)
    with survey.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *answers[::2]])


@pytest.mark.parametrize("part", PARTS)
def test_the_commands_of_the_readme_run(part):
    """A user who types the commands of a part one after the other gets what they promise."""
    for command in PARTS[part]:
        done = CliRunner().invoke(main, shlex.split(command)[1:], prog_name="cxtext")
        assert done.exit_code == 0, f"{command}\n{done.output}{done.exception!r}"
        output = re.search(r"-o (\S+)", command)
        assert output is None or Path(output[1]).exists(), command


def test_all_commands_of_the_readme_are_tried():
    """None stands outside the parts."""
    assert sum(map(len, PARTS.values())) == README.count("\n$ cxtext ") > 0


def test_the_python_of_the_readme_runs():
    """The lines for a notebook run as they stand."""
    for path in Path("corpus_samples").iterdir():
        if not path.name.startswith("wonen"):  # all of them are read by the first command, in .ci/run
            path.unlink()
    (block,) = re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL)
    names: dict[str, object] = {}
    exec(compile(block, "README.md", "exec"), names)
    assert len(names["study"].codings) > 500  # type: ignore[attr-defined]


def test_set_up_is_two_commands():
    """One to install and run, one to install and test; .ci/run executes both."""
    run, test = (
        re.search(rf"<!-- {name} command -->\n```sh\n(.*)\n```", README)[1]
        for name in ("run", "test")  # type: ignore[index]
    )
    assert "cxtext run corpus_samples/" in run
    assert test.endswith("pytest -n auto --dist worksteal")


def test_files_that_the_readme_points_to_exist():
    """No dead links."""
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert target.startswith("http") or (ROOT / target).exists(), target
