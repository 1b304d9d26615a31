"""What the README says works."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^\$ (cxtext .*)$", README, flags=re.MULTILINE)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with the samples, as after a checkout."""
    folder = tmp_path_factory.mktemp("readme")
    shutil.copytree(ROOT / "corpus_samples", folder / "corpus_samples")
    return folder


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_of_the_readme_runs(folder, command):
    """A user who types it gets what it promises, with exit code 0."""
    code = "from cxtext.cli import main; main(prog_name='cxtext')"
    done = subprocess.run(
        [sys.executable, "-c", code, *shlex.split(command)[1:]], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    output = re.search(r"-o (\S+)", command)
    assert output is None or (folder / output[1]).exists()


def test_the_python_of_the_readme_runs(folder, monkeypatch):
    """The lines for a notebook run as they stand."""
    (block,) = re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL)
    monkeypatch.chdir(folder)
    names: dict[str, object] = {}
    exec(compile(block, "README.md", "exec"), names)
    assert len(names["study"].codings) > 1000  # type: ignore[attr-defined]


def test_set_up_is_two_commands():
    """One to install and run, one to install and test; .ci/run executes both."""
    run, test = (
        re.search(rf"<!-- {name} command -->\n```sh\n(.*)\n```", README)[1]
        for name in ("run", "test")  # type: ignore[index]
    )
    assert "cxtext run corpus_samples/" in run
    assert test.endswith("pytest -n auto --dist loadfile")


def test_files_that_the_readme_points_to_exist():
    """No dead links."""
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert target.startswith("http") or (ROOT / target).exists(), target
