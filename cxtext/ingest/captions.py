"""Captions: cues with times, which become turns."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from cxtext.ingest.lines import Line, find_label
from cxtext.ingest.speakers import is_named, is_sentence, label_kind
from cxtext.ingest.times import parse_time
from cxtext.ingest.utterances import Conversation, Utterance, find_noise, noise_note
from cxtext.records import clean_text

_TIME = r"(?:\d{1,4}:)?\d{1,2}:\d{2}[.,]\d{1,3}"
_TIMING = re.compile(rf"^\s*({_TIME})\s*-->\s*({_TIME})(?:\s.*)?$")
_NO_CUE = re.compile(r"^(?:WEBVTT|NOTE|STYLE|REGION)(?:\s|$)")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?[ \t]+([^>]*)>|</v>")
_TAG = re.compile(
    r"</?(?:c|i|b|u|s|ruby|rt|lang|font)(?:[.\s][^<>]*)?>|<(?:\d+:)?\d{2}:\d{2}\.\d{3}>|\{\\[^{}]*\}", re.I
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]\w{1,30});")
_DASH = re.compile(r"^[-–—]\s+")
_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]]*$")


@dataclass(frozen=True)
class Cue:
    """One caption.

    Attributes
    ----------
    start, end : float
        Seconds.
    lines : tuple of str
        Without times and id; tags still in.
    """

    start: float
    end: float
    lines: tuple[str, ...]


def parse_cues(text: str) -> Iterator[Cue]:
    r"""Find the cues in a VTT or SRT file.

    Parameters
    ----------
    text : str
        The file.

    Yields
    ------
    Cue

    Examples
    --------
    >>> next(parse_cues("1\n00:00:01,500 --> 00:00:02,000\nDag."))
    Cue(start=1.5, end=2.0, lines=('Dag.',))
    """
    blocks: list[list[str]] = []
    times: list[tuple[float, float]] = []
    in_cue = blank = False
    for line in text.split("\n"):
        if match := _TIMING.match(line):
            if blocks:
                _drop_id(blocks[-1], len(blocks))
            times.append((parse_time(match[1]), parse_time(match[2])))
            blocks.append([])
            in_cue, blank = True, False
        elif blank and _NO_CUE.match(line):
            in_cue = False
        elif in_cue:
            blocks[-1].append(line)
        blank = not line.strip()
    for (start, end), lines in zip(times, blocks, strict=True):
        yield Cue(start, end, tuple(line.strip() for line in lines if line.strip()))


def _drop_id(lines: list[str], number: int) -> None:
    """Take the id of the next cue off the end: a line of its own after an empty one, or the next number."""
    if not lines or not lines[-1].strip():
        return
    alone = len(lines) == 1 or not lines[-2].strip()
    if (alone and len(lines) > 1) or lines[-1].strip() == str(number + 1):
        lines.pop()


def read_cues(cues: Sequence[Cue], names: Iterable[str] = ()) -> Conversation:
    """Make turns of captions: cues of one speaker are joined, those of nobody up to the end of a sentence.

    Parameters
    ----------
    cues : sequence of Cue
    names : iterable of str
        Speakers whom the user named.

    Returns
    -------
    Conversation

    Examples
    --------
    >>> cues = [Cue(0, 1, ("<v Noor>Ja, dat</v>",)), Cue(1, 2, ("<v Noor>klopt.</v>",))]
    >>> read_cues(cues).utterances
    (Utterance(speaker='Noor', text='Ja, dat klopt.', time_start=0, time_end=2, attributes={}),)
    """
    spoken = [" ".join(clean_text(_plain(line)) for line in cue.lines) for cue in cues]
    noise = find_noise(spoken, ["\n".join(cue.lines) for cue in cues])
    parts = [part for at, cue in enumerate(cues) if at not in noise for part in _voices(cue)]
    utterances: list[Utterance] = []
    for part in _name_speakers(parts, tuple(names)):
        if part.utterance.text:
            join_utterance(utterances, part.utterance, new=part.new)
    return Conversation(tuple(utterances), notes=(*noise_note(noise.values()), *time_note(cues)))


def time_note(cues: Sequence[Cue]) -> tuple[str, ...]:
    """One sentence on times that overlap or go back; nothing where there are none.

    Parameters
    ----------
    cues : sequence of Cue
        In the order of the file, which is kept.

    Returns
    -------
    tuple of str

    Examples
    --------
    >>> time_note([Cue(0, 4, ()), Cue(3, 5, ())])
    ('1 time overlaps the one before it and 0 go back; the order of the file was kept',)
    """
    overlapping = sum(a.start <= b.start < a.end for a, b in pairwise(cues))
    back = sum(b.start < a.start for a, b in pairwise(cues))
    if not overlapping and not back:
        return ()
    verb = "time overlaps" if overlapping == 1 else "times overlap"
    return (f"{overlapping} {verb} the one before it and {back} go back; the order of the file was kept",)


@dataclass(frozen=True)
class _Part:
    """A piece of a cue, with what begins a new turn."""

    utterance: Utterance
    voiced: bool = False
    new: bool = False


def _voices(cue: Cue) -> Iterator[_Part]:
    """Divide a cue at its voice tags, dashes and possible labels."""
    speaker, voiced = "", False
    for line in cue.lines:
        at = 0
        for tag in [*_VOICE.finditer(line), None]:
            piece = _plain(line[at : tag.start() if tag else len(line)]).strip()
            new = bool(_DASH.match(piece))
            if piece:
                yield _Part(Utterance(speaker, _DASH.sub("", piece), cue.start, cue.end), voiced, new and not voiced)
            if tag:
                at = tag.end()
                speaker = " ".join(_plain(tag[1] or "").split())
                voiced = bool(speaker)


def _plain(text: str) -> str:
    """Text without tags, with the characters that entities stand for."""
    return _ENTITY.sub(lambda match: html.unescape(match.group()), _TAG.sub("", _VOICE.sub("", text)))


def _name_speakers(parts: Sequence[_Part], names: tuple[str, ...]) -> Iterator[_Part]:
    """Take ``Name: text`` apart where the name is one; what follows without a name continues that speaker."""
    found = [None if part.voiced else find_label(Line(part.utterance.text)) for part in parts]
    labels = [label if label and label.style == "colon" else None for label in found]
    counts = Counter(label.name.casefold() for label in labels if label)

    def is_label(name: str) -> bool:
        if label_kind(name) or is_named(name, names):
            return True
        full_name = sum(word[0].isupper() for word in name.split()) >= 2
        return not is_sentence(name) and (counts[name.casefold()] >= 2 or full_name)

    speaker = ""
    for part, label in zip(parts, labels, strict=True):
        if label and is_label(label.name):
            speaker = label.name
            said = replace(part.utterance, speaker=speaker, text=_DASH.sub("", label.rest))
            yield _Part(said, part.voiced, new=True)
        elif part.voiced:
            yield part
        else:
            yield replace(part, utterance=replace(part.utterance, speaker=speaker))


def join_utterance(utterances: list[Utterance], said: Utterance, *, new: bool = False) -> None:
    """Append what was said to the turn before where the speaker goes on, else as a turn of its own.

    Parameters
    ----------
    utterances : list of Utterance
        Is changed.
    said : Utterance
    new : bool
        A new turn begins for sure, where nobody is named.
    """
    last = utterances[-1] if utterances else None
    joins = last is not None and last.speaker == said.speaker
    if last is not None and joins and not said.speaker:
        joins = not new and not _SENTENCE_END.search(last.text)
    if last is not None and joins:
        ends = [time for time in (last.time_end, said.time_end) if time is not None]
        attributes = dict(last.attributes)
        for name, value in said.attributes.items():
            attributes[name] = f"{attributes[name]} {value}" if name in attributes else value
        text = f"{last.text} {said.text}"
        utterances[-1] = replace(last, text=text, time_end=max(ends, default=None), attributes=attributes)
    else:
        utterances.append(said)
