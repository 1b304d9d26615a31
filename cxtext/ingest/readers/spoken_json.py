"""JSON of speech recognisers: Whisper, WhisperX and Amberscript; other JSON is read as a table."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cxtext.errors import ReadError
from cxtext.ingest.captions import Cue, join_utterance, time_note
from cxtext.ingest.decoding import read_text
from cxtext.ingest.interview import read_conversation
from cxtext.ingest.items import Item
from cxtext.ingest.options import ReadOptions
from cxtext.ingest.readers.json_lines import row_of
from cxtext.ingest.registry import reader
from cxtext.ingest.survey import read_table
from cxtext.ingest.utterances import Conversation, Utterance, find_noise, noise_note

#: a word recognised with less certainty is counted, and named in the turn
_UNSURE = 0.5
#: attribute of a turn that holds them
UNSURE_WORDS = "unsure words"
_SIGNS = ".,!?;:…)]}"


@reader(".json")
def read_json(path: Path, options: ReadOptions) -> Iterator[Item]:
    """Read the JSON of a speech recogniser as one interview, a list of objects as a table.

    Parameters
    ----------
    path : pathlib.Path
    options : ReadOptions

    Yields
    ------
    Document or Notice
    """
    text, notices = read_text(path, options)
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ReadError(str(path), f"it is no JSON ({error})", "Export it again.") from error
    yield from notices
    if isinstance(content, dict) and isinstance(content.get("segments"), list):
        yield from read_conversation(path, options, read_recognised(content))
    elif isinstance(content, list):
        rows = (row_of(number, record) for number, record in enumerate(content, 1))
        yield from read_table(path, options, rows)
    else:
        raise ReadError(
            str(path),
            'it is neither a transcript (an object with "segments") nor a table (a list of objects)',
            "Export it as Whisper, WhisperX or Amberscript JSON, or as .csv, .vtt or .txt.",
        )


def read_recognised(content: Mapping[str, Any]) -> Conversation:
    """Make turns of recognised segments; those of one speaker that follow each other are joined.

    Parameters
    ----------
    content : mapping
        As Whisper, WhisperX (``segments`` with ``text`` and perhaps ``speaker``) and Amberscript (``segments`` with
        ``words``, and ``speakers``) write it. What has another form is left out and counted.

    Returns
    -------
    Conversation

    Examples
    --------
    >>> said = {"segments": [{"start": 0.5, "end": 2, "text": " Ja hoor.", "speaker": "SPEAKER_01"}]}
    >>> read_recognised(said).utterances
    (Utterance(speaker='SPEAKER_01', text='Ja hoor.', time_start=0.5, time_end=2.0, attributes={}),)
    """
    listed = content.get("speakers")
    people = [person for person in listed if isinstance(person, dict)] if isinstance(listed, list) else []
    names = {str(person.get("spkid", "")): str(person.get("name") or person.get("spkid", "")) for person in people}
    segments = [_Segment.of(segment) for segment in content["segments"] if isinstance(segment, dict)]
    segments = [segment for segment in segments if segment.text]
    noise = find_noise([segment.text for segment in segments], [segment.speaker for segment in segments])
    utterances: list[Utterance] = []
    unsure = 0
    for at, segment in enumerate(segments):
        if at in noise:
            continue
        doubtful = [_word(word) for word in segment.words if (sure := _certainty(word)) is not None and sure < _UNSURE]
        unsure += len(doubtful)
        attributes = {UNSURE_WORDS: " ".join(doubtful)} if doubtful else {}
        speaker = names.get(segment.speaker, segment.speaker)
        join_utterance(utterances, Utterance(speaker, segment.text, segment.start, segment.end, attributes))
    notes = list(noise_note(noise.values()))
    if empty := len(content["segments"]) - len(segments):
        notes.append(f"left out {empty} segments without text")
    if unsure:
        notes.append(
            f"{unsure} words were recognised with a certainty below {_UNSURE:.0%}; "
            f'they are in the attribute "{UNSURE_WORDS}" of their turns'
        )
    timed = [Cue(s.start, s.end, ()) for s in segments if s.start is not None and s.end is not None]
    return Conversation(tuple(utterances), notes=(*notes, *time_note(timed)))


@dataclass(frozen=True)
class _Segment:
    text: str
    speaker: str
    start: float | None
    end: float | None
    words: Sequence[Mapping[str, Any]]

    @classmethod
    def of(cls, segment: Mapping[str, Any]) -> _Segment:
        said, text = segment.get("words"), segment.get("text")
        words = [word for word in said if isinstance(word, dict)] if isinstance(said, list) else []
        first, last = (words[0], words[-1]) if words else ({}, {})
        start, end = _number(segment.get("start", first.get("start"))), _number(segment.get("end", last.get("end")))
        return cls(
            " ".join(text.split()) if isinstance(text, str) else _join(words),
            str(segment.get("speaker") or ""),
            start,
            end if start is None or end is None else max(start, end),
            words,
        )


def _word(word: Mapping[str, Any]) -> str:
    text = word.get("text", word.get("word", ""))
    return text.strip() if isinstance(text, str) else ""


def _join(words: Sequence[Mapping[str, Any]]) -> str:
    """Words as a sentence; signs stand against the word before them."""
    text = ""
    for word in map(_word, words):
        text += word if not text or (word and all(sign in _SIGNS for sign in word)) else f" {word}"
    return " ".join(text.split())


def _certainty(word: Mapping[str, Any]) -> float | None:
    values = (_number(word.get(name)) for name in ("conf", "score", "probability"))
    return next((value for value in values if value is not None), None)


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e7:
        return None
    return round(float(value), 3)
