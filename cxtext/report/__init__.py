"""The report: a page for people, a workbook, tables and pictures of the plots."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cxtext.errors import OptionError
from cxtext.files import make_folder, write_file
from cxtext.report.labels import Labels, load_labels

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from cxtext.report.chapters import Analyses, Choices
    from cxtext.report.chapters.blocks import Chapter
    from cxtext.study import Study

#: what a report has, and what it can have besides
FORMATS = ("html", "xlsx", "csv", "plots")
MORE_FORMATS = ("docx", "pptx")

_Writer = Callable[[Path], object]


def write_report(
    study: Study,
    folder: str | Path,
    *,
    language: str = "nl",
    formats: Collection[str] = FORMATS,
    suppress_below: int = 0,
    experiences: str | Path = "default",
    choices: Choices | None = None,
) -> dict[str, Path]:
    """Write what a study found, for people.

    Parameters
    ----------
    study : Study
    folder : str or pathlib.Path
        Made where it is not there yet; files of an earlier report are replaced, others are left alone. For a report
        to hand on it has to be empty.
    language : {"nl", "en"}
        Of the labels. It also decides how the csv tables are written: in Dutch with semicolons and decimal commas,
        because that is how a Dutch Excel reads them.
    formats : collection of {"html", "xlsx", "csv", "plots", "docx", "pptx"}
    suppress_below : int
        For a report to hand on: numbers and quotes of fewer respondents are withheld, and so is everything about
        single people (see `cxtext.report.suppression.Shared`). 0 for the researcher's own report, which has all.
    experiences : str or pathlib.Path
        Experience journeys that group product journeys; see `cxtext.journey.load_experiences`.
    choices : Choices, optional
        Experience drivers, opening hours and questions about importance; see `cxtext.report.chapters.Choices`.

    Returns
    -------
    dict of str to pathlib.Path
        Name below `folder` to file: ``report.html``, ``codings.xlsx``, ``tables/codings.csv``,
        ``plots/emotion_curve.png``, ... In a report to hand on, ``tables.xlsx`` takes the place of ``codings.xlsx``,
        and there are no tables of documents, segments and codings.

    Raises
    ------
    OptionError
        There is no such language or format, or not in a report to hand on; or the folder of the report to hand
        on holds files, or it has too few respondents.
    MissingExtraError
        Slides need a package that is not installed.
    WriteError
        A file or the folder cannot be written.

    Examples
    --------
    >>> write_report(study, "results/", language="en")["report.html"]  # doctest: +SKIP
    PosixPath('results/report.html')
    """
    if unknown := [name for name in formats if name not in (*FORMATS, *MORE_FORMATS)]:
        msg = f"There is no report format {unknown[0]!r}. Choose from: {', '.join((*FORMATS, *MORE_FORMATS))}."
        raise OptionError(msg)
    if "pptx" in formats:
        from cxtext.report.slides import load_pptx

        load_pptx()
    labels = load_labels(language)
    folder = Path(folder)
    writers: Iterable[tuple[str, _Writer]]
    if suppress_below:
        check_shared(folder, formats)
        writers, plots = _shared_writers(study, labels, formats, suppress_below)
    else:
        from cxtext.report.chapters import Analyses, chapters_of

        found = Analyses(study, labels.language, experiences, choices)
        chapters = chapters_of(study, labels, found)
        writers = _writers(study, chapters, found, labels, formats)
        plots = partial(_figures, study, chapters, found, labels)
    make_folder(folder)
    written = {}
    for name, write in writers:
        path = folder / name
        make_folder(path.parent)
        written[name] = write_file(path, write)
    if "plots" in formats:
        from cxtext.plots import save_plots

        written |= {f"plots/{path.name}": path for path in save_plots(plots(), folder / "plots")}
    return written


def check_shared(folder: Path, formats: Collection[str] = FORMATS) -> None:
    """Refuse a report to hand on that holds what is withheld, or comes among other files: all are handed on with it.

    An earlier report to hand on is refused too: two with other limits tell more together than each alone.

    Parameters
    ----------
    folder : pathlib.Path
    formats : collection of str
        As for `write_report`.

    Raises
    ------
    OptionError
        There is a file in the folder, or below it, or a format is not one of a report to hand on.
    """
    if own := [name for name in formats if name in MORE_FORMATS]:
        msg = (
            f"A report to hand on has no {own[0]}: that holds what is withheld. Leave it out, or print the page to a "
            "pdf."
        )
        raise OptionError(msg)
    if found := next((path for path in sorted(folder.rglob("*")) if not path.is_dir()), None):
        msg = (
            f"The folder {folder} holds {found.relative_to(folder).as_posix()}, and whatever is in the folder of a "
            "report to hand on is handed on with it. Name another folder for it, or empty this one."
        )
        raise OptionError(msg)


def _shared_writers(
    study: Study, labels: Labels, formats: Collection[str], below: int
) -> tuple[list[tuple[str, _Writer]], Callable[[], dict[str, Figure]]]:
    """As `_writers`, and the plots, of what is left after suppression; they are given nothing else."""
    from cxtext.report.csvs import write_csv
    from cxtext.report.shared_page import render_shared
    from cxtext.report.shared_tables import shared_figures, shared_frames, write_shared_workbook
    from cxtext.report.suppression import suppress

    shared = suppress(study, labels, below=below)
    writers: list[tuple[str, _Writer]] = []
    if "html" in formats:
        page = render_shared(shared, labels)
        writers.append(("report.html", lambda path: path.write_text(page, encoding="utf-8", newline="\n")))
    if "xlsx" in formats:
        writers.append(("tables.xlsx", partial(write_shared_workbook, shared, labels=labels)))
    if "csv" in formats:
        for name, frame in shared_frames(shared).items():
            writers.append((f"tables/{name}.csv", partial(write_csv, frame, language=labels.language)))
    return writers, partial(shared_figures, shared, labels.language)


def _writers(
    study: Study, chapters: Sequence[Chapter], found: Analyses, labels: Labels, formats: Collection[str]
) -> Iterator[tuple[str, _Writer]]:
    """Name of each file and what writes it; the page first."""
    if "html" in formats:
        from cxtext.report.page import render_page

        page = render_page(study, labels, chapters, found)
        yield "report.html", lambda path: path.write_text(page, encoding="utf-8", newline="\n")
    if "xlsx" in formats:
        from cxtext.report.spreadsheet import write_workbook

        yield "codings.xlsx", partial(write_workbook, study, labels=labels, chapters=chapters)
    if "docx" in formats:
        from cxtext.report.word import write_word

        yield "report.docx", partial(write_word, study, chapters=chapters, found=found, labels=labels)
    if "pptx" in formats:
        from cxtext.report.slides import write_slides

        yield "map.pptx", partial(write_slides, study, labels=labels, found=found)
    if "csv" in formats:
        from cxtext.report.csvs import write_csv

        for name, frame in _frames(study, chapters).items():
            yield f"tables/{name}.csv", partial(write_csv, frame, language=labels.language)


def _figures(study: Study, chapters: Sequence[Chapter], found: Analyses, labels: Labels) -> dict[str, Figure]:
    from cxtext.report.map_files import map_figure

    language = labels.language
    drawn = {picture.name: picture.draw() for chapter in chapters for picture in chapter.pictures}
    return {
        "journey_map": map_figure(study, labels, found),
        "emotion_curve": study.journey.plot(language=language),
        "emotions": study.journey.plot_emotions(language=language),
        "themes": study.themes.plot(language=language),
        **drawn,
    }


def _frames(study: Study, chapters: Sequence[Chapter]) -> dict[str, Any]:
    return {
        "documents": study.documents,
        "segments": study.segments,
        "codings": study.codings,
        "themes": study.themes.table,
        "journey": study.journey.cells,
        "curve": study.journey.curve,
        "nps": study.journey.nps,
        **{name: frame for chapter in chapters for name, frame in chapter.frames.items()},
    }
