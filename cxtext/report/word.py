"""The report for Word: findings, recommendations, the map, and the chapters with their tables and plots."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cxtext import palette
from cxtext.report import findings as findings_of
from cxtext.report.chapters import FIRST, Analyses
from cxtext.report.chapters.blocks import Chapter, Table
from cxtext.report.labels import Labels
from cxtext.report.map_files import map_figure
from cxtext.report.method import privacy_lines
from cxtext.report.names import Names, names_of
from cxtext.report.quotes import quotes_table
from cxtext.report.sections import curve_message, theme_cards
from cxtext.report.summary import lede, status_text

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from cxtext.study import Study

_DPI, _WIDTH, _ROWS = 170, 16.5, 12
#: cm that a cell needs besides its text, and for a letter of it; letters after which a column is wide enough
_ROOM, _LETTER, _LONG = 0.4, 0.18, 40
_LIMITS = ("limit_auto", "limit_absent", "limit_small", "limit_interval")


def write_word(study: Study, path: Path, *, chapters: Sequence[Chapter], found: Analyses, labels: Labels) -> None:
    """Write the report for Word, with styles that a house style can replace.

    Parameters
    ----------
    study : Study
    path : pathlib.Path
    chapters : sequence of Chapter
    found : Analyses
    labels : Labels
    """
    import docx
    from docx.shared import Cm, Pt

    document = docx.Document()
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Calibri", Pt(10.5)
    for section in document.sections:
        section.left_margin = section.right_margin = Cm(2.2)
        section.top_margin = section.bottom_margin = Cm(2)
    names, quotes = names_of(study, labels), quotes_table(study)
    document.add_heading(labels("title"), level=0)
    _add(document, lede(study, labels))
    if study.record:
        _add(document, f"{labels('purpose_title')}: {study.record.purpose}")
    _add(document, " ".join(status_text(study, labels)), bold=True)
    _findings(document, study, quotes, names, labels)
    shown = [chapter for chapter in chapters if not chapter.missing]
    first = [chapter for chapter in shown if chapter.points][: len(FIRST)]
    for chapter in first:
        _chapter(document, chapter, labels)
    document.add_heading(labels("map"), level=1)
    _add(document, labels("map_grades"))
    _picture(document, map_figure(study, labels, found))
    document.add_heading(labels("curve"), level=1)
    _add(document, curve_message(study, names, labels))
    _picture(document, study.journey.plot(language=labels.language))
    for chapter in shown:
        if chapter not in first:
            _chapter(document, chapter, labels)
    _themes(document, study, quotes, labels)
    document.add_heading(labels("method"), level=1)
    _add(document, labels("method_steps"))
    _bullets(document, [f"{chapter.title}: {chapter.missing}" for chapter in chapters if chapter.missing])
    document.add_heading(labels("method_limits"), level=2)
    _bullets(document, [labels(key) for key in _LIMITS])
    document.add_heading(labels("privacy"), level=2)
    if study.record:
        _rows(document, [[label, value] for label, value in study.record.rows(labels.language)])
    _bullets(document, privacy_lines(study.record, labels, pseudonymised=study.pseudonymised))
    document.save(str(path))


def _findings(document: Any, study: Study, quotes: Any, names: Names, labels: Labels) -> None:
    document.add_heading(labels("findings"), level=1)
    made = findings_of.find(study, quotes, names, labels)
    if not made:
        _add(document, labels("findings_none"))
    for finding in made:
        interval = f" ({finding.interval})" if finding.interval else ""
        _add(document, f"{finding.before}{finding.share}{finding.after}{interval}", bold=True)
        for quote in finding.quotes:
            _quote(document, quote)
        if finding.counter:
            _quote(document, finding.counter, before=f"{labels('counter_example')}: ")


def _themes(document: Any, study: Study, quotes: Any, labels: Labels) -> None:
    cards = theme_cards(study, quotes, labels)
    if not cards:
        return
    document.add_heading(labels("themes"), level=1)
    for card in cards:
        document.add_heading(card.name, level=2)
        _add(document, ": ".join([card.share, ", ".join(bar[4] for bar in card.bars)]))
        for quote in card.quotes[:3]:
            _quote(document, quote)


def _chapter(document: Any, chapter: Chapter, labels: Labels) -> None:
    document.add_heading(_plain(chapter.title), level=1)
    _add(document, chapter.message, bold=True)
    _add(document, chapter.intro)
    for point in chapter.points:
        _add(document, point.text, bold=True, style="List Number")
        _add(document, point.why)
    for block in chapter.blocks:
        if isinstance(block, Table):
            document.add_heading(_plain(block.caption), level=2)
            rows = [[f"{cell.text} ({cell.note})" if cell.note else cell.text for cell in row] for row in block.rows]
            _rows(document, [list(block.columns), *rows[:_ROWS]], head=True)
            if len(rows) > _ROWS:
                _add(document, labels.count("rest_of_rows", len(rows) - _ROWS), small=True)
        elif block.inline:
            _picture(document, block.draw())
    for note in chapter.notes:
        _add(document, note, small=True)


def _add(document: Any, text: str, *, bold: bool = False, small: bool = False, style: str | None = None) -> None:
    if not text:
        return
    from docx.shared import Pt

    run = document.add_paragraph(style=style).add_run(_plain(text))
    run.bold = bold
    if small:
        run.font.size = Pt(9)


def _bullets(document: Any, texts: Sequence[str]) -> None:
    for text in texts:
        _add(document, text, style="List Bullet")


def _quote(document: Any, quote: Mapping[Any, Any], *, before: str = "") -> None:
    paragraph = document.add_paragraph(style="Quote")
    paragraph.add_run(_plain(f"{before}“{quote['text']}” "))
    paragraph.add_run(_plain(f"– {quote['who']}")).italic = False


def _rows(document: Any, rows: Sequence[Sequence[str]], *, head: bool = False) -> None:
    from docx.shared import Cm, Pt

    table = document.add_table(rows=0, cols=len(rows[0]), style="Light Grid Accent 1" if head else "Table Grid")
    table.autofit = False
    widths = _widths(rows)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    for number, row in enumerate(rows):
        line = table.add_row()
        _together(line, head=head and not number)
        for cell, text, width in zip(line.cells, row, widths, strict=True):
            cell.width = Cm(width)
            run = cell.paragraphs[0].add_run(_plain(text))
            run.font.size, run.bold = Pt(8.5), head and not number
    document.add_paragraph()


def _widths(rows: Sequence[Sequence[str]]) -> list[float]:
    """Widths of the columns in cm: room for the longest word of each, and the rest for who has more to say."""
    columns = list(zip(*rows, strict=True))
    least = [_ROOM + _LETTER * max(len(word) for text in column for word in [*text.split(), ""]) for column in columns]
    wanted = [_ROOM + _LETTER * min(_LONG, max(map(len, column))) for column in columns]
    more = [max(0.01, wish - need) for wish, need in zip(wanted, least, strict=True)]
    spare = max(0.0, _WIDTH - sum(least)) / sum(more)
    widths = [need + spare * part for need, part in zip(least, more, strict=True)]
    return [_WIDTH * width / sum(widths) for width in widths]


def _together(line: Any, *, head: bool) -> None:
    """Keep a row on one page, and repeat the head on every page."""
    from docx.oxml import OxmlElement

    for name in ("w:cantSplit", *(("w:tblHeader",) if head else ())):
        line._tr.get_or_add_trPr().append(OxmlElement(name))


def _picture(document: Any, figure: Figure) -> None:
    from docx.shared import Cm

    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=_DPI, facecolor=palette.PAPER)
    buffer.seek(0)
    document.add_picture(buffer, width=Cm(_WIDTH))


def _plain(text: str) -> str:
    """Text without the characters that XML cannot hold."""
    return "".join(char for char in text if char.isprintable() or char in "\n\t\u00a0")
