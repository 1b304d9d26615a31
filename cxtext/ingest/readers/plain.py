"""Plain text and Markdown with speakers' labels."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from cxtext.ingest.decoding import read_text
from cxtext.ingest.interview import read_conversation
from cxtext.ingest.items import Item
from cxtext.ingest.labels import read_labelled_lines
from cxtext.ingest.lines import Line
from cxtext.ingest.options import ReadOptions
from cxtext.ingest.registry import reader
from cxtext.ingest.times import STAMP

_BOLD_START = re.compile(rf"^((?:{STAMP})?\s*)(\*\*|__)(?=\S)(.+?)(?<=\S)\2")
_BOLD = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*#*$")
_QUOTED = re.compile(r"^(?:>\s?)+")
_RULE = re.compile(r"^[-=_*~]{3,}$")
_BULLET = re.compile(r"^[-*+]\s+(?=\*\*|__)")


@reader(".txt", ".md")
def read_plain(path: Path, options: ReadOptions) -> Iterator[Item]:
    """Read a text file as one interview.

    Parameters
    ----------
    path : pathlib.Path
    options : ReadOptions

    Yields
    ------
    Document or Notice
    """
    text, notices = read_text(path, options)
    yield from notices
    make = _markdown_line if path.suffix.lower() == ".md" else _plain_line
    lines = [make(_RULE.sub("", line.strip())) for line in text.split("\n")]
    yield from read_conversation(path, options, read_labelled_lines(lines, options.interviewer))


def _plain_line(text: str) -> Line:
    bold = _BOLD_START.match(text)
    return Line(bold[1] + bold[3] + text[bold.end() :], bold[1] + bold[3].strip()) if bold else Line(text)


def _markdown_line(text: str) -> Line:
    if heading := _HEADING.match(text):
        return Line(_BOLD.sub(r"\2", heading[1]).strip(), heading=True)
    line = _plain_line(_BULLET.sub("", _QUOTED.sub("", text)).strip())
    return Line(_BOLD.sub(r"\2", line.text).strip(), line.bold)
