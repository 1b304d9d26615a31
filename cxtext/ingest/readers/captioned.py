"""Captions with times: WebVTT (Teams, Zoom, Whisper) and SubRip (Amberscript, Whisper)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from cxtext.errors import ReadError
from cxtext.ingest.captions import parse_cues, read_cues
from cxtext.ingest.decoding import read_text
from cxtext.ingest.interview import read_conversation
from cxtext.ingest.items import Item
from cxtext.ingest.options import ReadOptions
from cxtext.ingest.registry import reader


@reader(".vtt", ".srt")
def read_captions(path: Path, options: ReadOptions) -> Iterator[Item]:
    """Read captions as one interview; speakers come from voice tags or from ``Name: text``.

    Parameters
    ----------
    path : pathlib.Path
    options : ReadOptions

    Yields
    ------
    Document or Notice
    """
    text, notices = read_text(path, options)
    cues = list(parse_cues(text))
    if not cues:
        raise ReadError(
            str(path),
            "no captions were found: expected lines such as 00:00:01.000 --> 00:00:04.000",
            "Export the captions again, or save the transcript as .txt.",
        )
    yield from notices
    yield from read_conversation(path, options, read_cues(cues, options.interviewer))
