"""The report: a page for people, a workbook, tables and pictures of the plots."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cxtext.errors import OptionError
from cxtext.files import make_folder, write_file
from cxtext.report.labels import Labels, load_labels

if TYPE_CHECKING:
    from cxtext.study import Study

FORMATS = ("html", "xlsx", "csv", "plots")

_Writer = Callable[[Path], object]


def write_report(
    study: Study, folder: str | Path, *, language: str = "nl", formats: Collection[str] = FORMATS
) -> dict[str, Path]:
    """Write what a study found, for people.

    Parameters
    ----------
    study : Study
    folder : str or pathlib.Path
        Made where it is not there yet; files of an earlier report are replaced, others are left alone.
    language : {"nl", "en"}
        Of the labels. It also decides how the csv tables are written: in Dutch with semicolons and decimal commas,
        because that is how a Dutch Excel reads them.
    formats : collection of {"html", "xlsx", "csv", "plots"}

    Returns
    -------
    dict of str to pathlib.Path
        Name below `folder` to file: ``report.html``, ``codings.xlsx``, ``tables/codings.csv``,
        ``plots/emotion_curve.png``, ...

    Raises
    ------
    OptionError
        There is no such language or format.
    WriteError
        A file or the folder cannot be written.

    Examples
    --------
    >>> write_report(study, "results/", language="en")["report.html"]  # doctest: +SKIP
    PosixPath('results/report.html')
    """
    if unknown := [name for name in formats if name not in FORMATS]:
        msg = f"There is no report format {unknown[0]!r}. Choose from: {', '.join(FORMATS)}."
        raise OptionError(msg)
    labels = load_labels(language)
    folder = Path(folder)
    make_folder(folder)
    written = {}
    for name, write in _writers(study, labels, formats):
        path = folder / name
        make_folder(path.parent)
        written[name] = write_file(path, write)
    if "plots" in formats:
        written |= {f"plots/{path.name}": path for path in _plots(study, labels.language, folder / "plots")}
    return written


def _writers(study: Study, labels: Labels, formats: Collection[str]) -> Iterator[tuple[str, _Writer]]:
    """Name of each file and what writes it; the page first."""
    if "html" in formats:
        from cxtext.report.page import render_page

        page = render_page(study, labels)
        yield "report.html", lambda path: path.write_text(page, encoding="utf-8", newline="\n")
    if "xlsx" in formats:
        from cxtext.report.spreadsheet import write_workbook

        yield "codings.xlsx", partial(write_workbook, study, labels=labels)
    if "csv" in formats:
        from cxtext.report.csvs import write_csv

        for name, frame in _frames(study).items():
            yield f"tables/{name}.csv", partial(write_csv, frame, language=labels.language)


def _plots(study: Study, language: str, folder: Path) -> list[Path]:
    from cxtext.plots import save_plots

    figures = {
        "emotion_curve": study.journey.plot(language=language),
        "emotions": study.journey.plot_emotions(language=language),
        "themes": study.themes.plot(language=language),
    }
    return save_plots(figures, folder)


def _frames(study: Study) -> dict[str, Any]:
    return {
        "documents": study.documents,
        "segments": study.segments,
        "codings": study.codings,
        "themes": study.themes.table,
        "journey": study.journey.cells,
        "curve": study.journey.curve,
        "nps": study.journey.nps,
    }
