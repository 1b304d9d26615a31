"""The journey map as slides: the curve as a picture, and the lanes as tables that can be edited."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cxtext import palette
from cxtext.errors import MissingExtraError
from cxtext.report.chapters import Analyses
from cxtext.report.labels import Labels
from cxtext.report.map_files import short_lanes
from cxtext.report.summary import lede, status_text

if TYPE_CHECKING:
    from cxtext.study import Study

_WIDTH, _HEIGHT = 13.333, 7.5
_SIDE = 1.5
#: letters of a column of one inch, lines of a slide, and inches of a line
_LETTERS, _LINES, _LINE = 17.0, 33, 0.165


def load_pptx() -> Any:
    """Load the package that writes slides.

    Returns
    -------
    module

    Raises
    ------
    MissingExtraError
        It is not installed.
    """
    try:
        import pptx
    except ImportError as error:
        feature, extra = "Writing slides", "slides"
        raise MissingExtraError(feature, extra) from error
    return pptx


def write_slides(study: Study, path: Path, *, labels: Labels, found: Analyses) -> None:
    """Write the journey map as slides of 16 by 9.

    Parameters
    ----------
    study : Study
    path : pathlib.Path
    labels : Labels
    found : Analyses

    Raises
    ------
    MissingExtraError
        The package that writes slides is not installed.
    """
    pptx = load_pptx()
    deck = pptx.Presentation()
    deck.slide_width, deck.slide_height = pptx.util.Inches(_WIDTH), pptx.util.Inches(_HEIGHT)
    opening = deck.slides.add_slide(deck.slide_layouts[6])
    _write(pptx, opening, labels("map"), 0.6, 2.3, size=40, bold=True)
    _write(pptx, opening, lede(study, labels), 0.6, 3.4, size=18, height=1.5)
    _write(pptx, opening, " ".join(status_text(study, labels)), 0.6, 5.6, size=12, height=1.2)
    curve = _titled(pptx, deck, labels("curve"))
    picture = io.BytesIO()
    study.journey.plot(language=labels.language).savefig(picture, format="png", dpi=160, facecolor=palette.PAPER)
    picture.seek(0)
    shape = curve.shapes.add_picture(picture, pptx.util.Inches(1.2), pptx.util.Inches(1.2), height=pptx.util.Inches(6))
    shape.left = int((deck.slide_width - shape.width) / 2)
    phases = list(study.journey.phases)
    names = [_phase_name(phase, labels) for phase in phases]
    rows = [(lane.name, [texts.get(phase.id, []) for phase in phases])
            for lane, texts in short_lanes(labels, found)]  # fmt: skip
    for number, part in enumerate(_slides(rows, len(phases))):
        title = labels("map") if not number else f"{labels('map')} ({number + 1})"
        _table(pptx, _titled(pptx, deck, title), names, part)
    deck.save(str(path))


def _phase_name(phase: Any, labels: Labels) -> str:
    from cxtext.phases import in_language

    return in_language([phase], labels.language)[0].name


_Row = tuple[str, list[list[str]]]


def _slides(rows: Sequence[_Row], phases: int) -> list[list[_Row]]:
    """Rows of each slide: as many as fit."""
    slides: list[list[_Row]] = [[]]
    used = 0
    for row in rows:
        size = max(max(sum(_lines(text, phases) for text in cell) for cell in row[1]), 1) + 1
        if slides[-1] and used + size > _LINES:
            slides.append([])
            used = 0
        slides[-1].append(row)
        used += size
    return slides


def _lines(text: str, phases: int) -> int:
    return 1 + int(len(text) / (_LETTERS * (_WIDTH - 1 - _SIDE) / max(phases, 1) * 0.9))


def _titled(pptx: Any, deck: Any, title: str) -> Any:
    slide = deck.slides.add_slide(deck.slide_layouts[6])
    _write(pptx, slide, title, 0.5, 0.3, size=26, bold=True)
    return slide


def _write(
    pptx: Any, slide: Any, text: str, left: float, top: float, *, size: int, height: float = 0.7, bold: bool = False
) -> None:
    inches = pptx.util.Inches
    frame = slide.shapes.add_textbox(inches(left), inches(top), inches(_WIDTH - 2 * left), inches(height)).text_frame
    frame.word_wrap = True
    _fill(pptx, frame, [text], size=size, bold=bold)


def _fill(pptx: Any, frame: Any, texts: Sequence[str], *, size: float, bold: bool = False, white: bool = False) -> None:
    """Put texts in a frame, a paragraph each; what XML cannot hold is left out."""
    colour = pptx.dml.color.RGBColor.from_string((palette.PAPER if white else palette.INK).lstrip("#").upper())
    for number, text in enumerate(texts or [""]):
        paragraph = frame.paragraphs[0] if not number else frame.add_paragraph()
        run = paragraph.add_run()
        run.text = "".join(char for char in text if char.isprintable() or char == "\u00a0")
        run.font.size, run.font.bold, run.font.name = pptx.util.Pt(size), bold, "Calibri"
        run.font.color.rgb = colour


def _table(pptx: Any, slide: Any, phases: Sequence[str], rows: Sequence[_Row]) -> None:
    inches = pptx.util.Inches
    shape = slide.shapes.add_table(
        len(rows) + 1, len(phases) + 1, inches(0.5), inches(1.1), inches(_WIDTH - 1), inches(0.4)
    )
    table = shape.table
    table.columns[0].width = inches(_SIDE)
    for column in range(1, len(phases) + 1):
        table.columns[column].width = int(inches(_WIDTH - 1 - _SIDE) / len(phases))
    colours: Mapping[bool, str] = {True: palette.ACCENT, False: palette.PAPER}
    for number, (name, cells) in enumerate([("", [[phase] for phase in phases]), *rows]):
        table.rows[number].height = inches(0.3)
        for column, texts in enumerate([[name], *cells]):
            cell, head = table.cell(number, column), number == 0
            cell.fill.solid()
            cell.fill.fore_color.rgb = pptx.dml.color.RGBColor.from_string(colours[head].lstrip("#").upper())
            cell.margin_left = cell.margin_right = inches(0.07)
            cell.margin_top = cell.margin_bottom = inches(0.04)
            _fill(pptx, cell.text_frame, texts, size=12 if head else 9, bold=head or column == 0, white=head)
            cell.text_frame.word_wrap = True
