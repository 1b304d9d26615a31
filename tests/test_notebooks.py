"""The notebooks run from top to bottom."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = sorted((Path(__file__).parent.parent / "notebooks").glob("*.ipynb"))


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_notebook_runs_and_draws_its_plots(path):
    """Every cell runs, the plots are drawn, and what is stored is what this version gives."""
    stored = nbformat.read(path, as_version=4)
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(
        notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": path.parent}}
    ).execute()

    def pictures(book):
        return sum("image/png" in o.get("data", {}) for cell in book.cells for o in cell.get("outputs", []))

    assert pictures(notebook) >= 2
    assert pictures(stored) == pictures(notebook)
