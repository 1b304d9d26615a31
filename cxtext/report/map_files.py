"""The journey map as a file of its own: a page, a picture, or slides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING

from cxtext.errors import OptionError
from cxtext.files import make_folder, write_file
from cxtext.report.chapters import Analyses
from cxtext.report.journey_map import Item, Lane, lanes
from cxtext.report.labels import Labels, load_labels
from cxtext.report.names import names_of
from cxtext.report.quotes import quotes_table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from cxtext.study import Study

MAP_FORMATS = (".html", ".png", ".svg", ".pptx")
#: items of a lane that fit in a picture, of quotes and of others, and letters of an item
_SENTENCES, _ITEMS, _LETTERS = 2, 3, 90


def check_map_file(path: Path) -> None:
    """Refuse a file that a map cannot be.

    Parameters
    ----------
    path : pathlib.Path

    Raises
    ------
    OptionError
        Its ending is none of `MAP_FORMATS`.
    MissingExtraError
        Slides need a package that is not installed.
    """
    if path.suffix.lower() not in MAP_FORMATS:
        msg = f"{path}: a map is a file that ends in {', '.join(MAP_FORMATS)}. Name one of these."
        raise OptionError(msg)
    if path.suffix.lower() == ".pptx":
        from cxtext.report.slides import load_pptx

        load_pptx()


def write_map(study: Study, path: str | Path, *, language: str = "nl") -> Path:
    """Write the journey map of a study.

    Parameters
    ----------
    study : Study
    path : str or pathlib.Path
        Its ending says what: html (all lanes, with the way to the quotes), png, svg, or pptx.
    language : {"nl", "en"}
        Of the labels.

    Returns
    -------
    pathlib.Path

    Raises
    ------
    OptionError
        Another ending, or another language.
    MissingExtraError
        Slides need a package that is not installed.
    WriteError
        The file cannot be written.

    Examples
    --------
    >>> write_map(study, "map.svg", language="en")  # doctest: +SKIP
    PosixPath('map.svg')
    """
    path, labels = Path(path), load_labels(language)
    check_map_file(path)
    found, kind = Analyses(study, language), path.suffix.lower()
    make_folder(path.parent)
    if kind == ".html":
        from cxtext.report.page import render_page

        page = render_page(study, labels, (), found, template="map_page.html")
        return write_file(path, lambda place: place.write_text(page, encoding="utf-8", newline="\n"))
    if kind == ".pptx":
        from cxtext.report.slides import write_slides

        return write_file(path, partial(write_slides, study, labels=labels, found=found))
    from cxtext.plots import save_plot

    figure = map_figure(study, labels, found)
    return write_file(path, lambda place: save_plot(figure, place, kind=kind.removeprefix(".")))


def map_figure(study: Study, labels: Labels, found: Analyses) -> Figure:
    """Draw the journey map with the first items of each lane.

    Parameters
    ----------
    study : Study
    labels : Labels
    found : Analyses

    Returns
    -------
    matplotlib.figure.Figure
    """
    from cxtext.phases import in_language
    from cxtext.plots import journey_map

    texts = [(lane.name, texts) for lane, texts in short_lanes(labels, found)]
    phases = in_language(study.journey.phases, labels.language)
    return journey_map(study.journey.curve, phases, texts, language=labels.language)


def short_lanes(labels: Labels, found: Analyses) -> Iterator[tuple[Lane, Mapping[str, list[str]]]]:
    """Lanes of the map with the texts of their first items, by phase.

    Parameters
    ----------
    labels : Labels
    found : Analyses

    Yields
    ------
    lane : Lane
    texts : dict of str to list of str
    """
    whole = found.mapped
    names = names_of(whole, labels)
    for lane in lanes(whole, quotes_table(whole), names, labels, found.moments.channels):
        most = _SENTENCES if any(_is_sentence(item) for items in lane.cells.values() for item in items) else _ITEMS
        yield lane, {phase: [_text(item) for item in items[:most]] for phase, items in lane.cells.items()}


def _is_sentence(item: Item) -> bool:
    return item.quote is not None or item.kind == "sentence"


def _text(item: Item) -> str:
    """An item in one line: a quote with its marks, or a name with how many respondents."""
    if item.quote is not None:
        return f"“{shorten(str(item.quote['text']), _LETTERS, placeholder=' …')}”"
    if item.kind == "sentence":
        return shorten(item.name, _LETTERS, placeholder=" …")
    mark = "◆ " if item.kind == "truth" else ""
    return f"{mark}{item.name} ({item.count})" if item.count else f"{mark}{item.name}"
