"""The house: what imports what, and what a stranger may rely on."""

import ast
import doctest
import importlib
import importlib.metadata
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import cxtext

ROOT = Path(cxtext.__file__).parent
#: modules of the extra `train`, where it is not installed
NEEDS_TRAIN = () if importlib.util.find_spec("torch") else ("export", "fit", "network")
MODULES = sorted(
    m.name
    for m in pkgutil.walk_packages([str(ROOT)], "cxtext.")
    if m.name not in {f"cxtext.tag.finetuning.{name}" for name in NEEDS_TRAIN}
)

#: from the bottom up: a module imports from its own floor and from floors below it
FLOORS = (
    {"counting", "errors", "lazy"},
    {"records", "resources", "palette", "cells", "files"},
    {"tables", "overlaps", "stats", "showing", "language", "embedding", "onnx"},
    {"ingest"},
    {"privacy", "inspection", "codebook"},
    {"segmentation", "sentences", "utterances"},
    {"project"},
    {"tag"},
    {"phases", "coded", "crosstab", "terms", "clustering", "plots", "themes", "journey"},
    {"evaluation", "agreement", "bias", "teaching"},
    {"study"},
    {"report", "exchange", "letters"},
    {"batch"},
    {"web"},
    {"cli", "testing"},
)


def floor_of(module):
    """Number of the floor of a module."""
    part = module.split(".")[1]
    return next(number for number, rooms in enumerate(FLOORS) if part in rooms)


def imports_of(module):
    """Modules of cxtext that a module imports anywhere, but not for type checkers alone."""
    path = Path(importlib.util.find_spec(module).origin)
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING":
            node.body = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("cxtext."):
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (a.name for a in node.names if a.name.startswith("cxtext."))


@pytest.mark.parametrize("module", MODULES)
def test_imports_run_downwards(module):
    """No stage knows a later one."""
    assert {name for name in imports_of(module) if floor_of(name) > floor_of(module)} == set()


@pytest.mark.parametrize("module", MODULES)
def test_examples_in_the_documentation_are_true(module):
    """What a docstring shows is what happens."""
    assert doctest.testmod(importlib.import_module(module), optionflags=doctest.ELLIPSIS).failed == 0


def test_public_names_exist():
    """Everything that `cxtext` promises can be had."""
    for name in cxtext.__all__:
        assert getattr(cxtext, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nope'"):
        _ = cxtext.nope


def test_version_is_that_of_the_package():
    """One version everywhere."""
    assert cxtext.__version__ == importlib.metadata.version("cxtext")


def test_the_library_is_silent_and_changes_nothing_global():
    """Importing every module prints nothing and leaves the plotting backend alone."""
    code = "\n".join([
        "import importlib, matplotlib",
        "before = matplotlib.rcParams['backend']",
        f"for module in {MODULES!r}: importlib.import_module(module)",
        "assert matplotlib.rcParams['backend'] == before",
    ])  # fmt: skip
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
