"""From the lines of a transcript to turns: which labels are labels, and what belongs to which turn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from cxtext.ingest.lines import Label, Line, find_label
from cxtext.ingest.speakers import Kind, is_named, is_sentence, label_kind
from cxtext.ingest.times import take_stamps
from cxtext.ingest.utterances import Conversation, Utterance, is_noise, noise_note

_BULLETS = ("-", "–", "•", "*", "·")
_MOST_WORDS_OF_FIELD = 12


def read_labelled_lines(lines: Sequence[Line], names: Iterable[str] = ()) -> Conversation:
    """Divide the lines of a transcript into turns.

    Parameters
    ----------
    lines : sequence of Line
        All lines of the file; an empty one ends a paragraph.
    names : iterable of str
        Speakers whom the user named.

    Returns
    -------
    Conversation
        Without labels, times and headings in the text. Where no label is found, each paragraph is said by nobody.

    Examples
    --------
    >>> lines = [Line("Datum: 12 maart"), Line(""), Line("I: En toen?"), Line("R: Toen niks.")]
    >>> conversation = read_labelled_lines(lines)
    >>> [(u.speaker, u.text) for u in conversation.utterances], conversation.header
    ([('I', 'En toen?'), ('R', 'Toen niks.')], ('Datum: 12 maart',))
    """
    labels = _accept([find_label(line) if line.text or line.speaker else None for line in lines], lines, tuple(names))
    start = _end_of_header(lines, labels)
    body = _Body()
    for line, label in zip(lines[start:], labels[start:], strict=True):
        body.add(line, label)
    body.close()
    notes = [*noise_note(body.noise), *_heading_note(body.headings), *_lone_note(lines[start:], labels[start:])]
    header = (line.text for line in lines[:start] if line.text)
    return Conversation(tuple(body.utterances), (*header, *body.header), tuple(notes))


@dataclass
class _Body:
    """Collects the turns line by line."""

    utterances: list[Utterance] = field(default_factory=list)
    header: list[str] = field(default_factory=list)
    noise: list[str] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    _pieces: list[str] = field(default_factory=list)
    _label: Label | None = None
    _start: float | None = None
    _end: float | None = None
    _gap: bool = False

    def add(self, line: Line, label: Label | None) -> None:
        """Take in one line."""
        if label:
            self.close()
            self._label, self._start, self._end = label, label.time_start, label.time_end
            self._say(label.rest)
        elif not line.text:
            self._gap = True
        elif line.heading:
            (self.headings if self._label or self.utterances or self._pieces else self.header).append(line.text)
        else:
            self._say(line.text)

    def _say(self, line: str) -> None:
        if is_noise(line):
            self.noise.append(line)
            return
        text, start, end = take_stamps(line)
        if self._label is None and (self._gap or start is not None):
            self.close()
        self._start = start if self._start is None and not self._pieces else self._start
        self._end = end if end is not None else self._end
        if text:
            if self._pieces:
                self._pieces.append("\n" if self._gap or text.startswith(_BULLETS) else " ")
            self._pieces.append(text)
            self._gap = False

    def close(self) -> None:
        """End the turn."""
        if self._pieces:
            speaker = self._label.name if self._label else ""
            self.utterances.append(Utterance(speaker, "".join(self._pieces), self._start, self._end))
        self._pieces, self._label, self._start, self._end, self._gap = [], None, None, None, False


def _accept(labels: list[Label | None], lines: Sequence[Line], names: tuple[str, ...]) -> list[Label | None]:
    """Keep what is a label: known, or seen twice and no sentence, or in a layout that is clear by itself."""
    counts = Counter(label.name.casefold() for label in labels if label)
    styles = Counter(_shape(label) for label in labels if label and not is_sentence(label.name))

    def is_label(at: int, label: Label) -> bool:
        if label.style == "cell":
            return True
        known = label_kind(label.name) is not None or is_named(label.name, names)
        often = counts[label.name.casefold()]
        if label.style in ("time before", "alone") and not _speech_follows(lines, at):
            return False
        if label.style == "alone":
            marked = bool(lines[at].bold == lines[at].text or lines[at].heading)
            return often >= 2 and (known if not marked else known or not is_sentence(label.name))
        if known:
            return True
        if is_sentence(label.name):
            small = label.name.islower() and len(label.name.split()) == 1
            return small and often >= 3 and not is_sentence(label.name.capitalize())
        clear = label.style == "time after" or (label.style == "colon" and label.time_start is not None)
        return often >= 2 or (clear and styles[_shape(label)] >= 2)

    return [label if label and is_label(at, label) else None for at, label in enumerate(labels)]


def _shape(label: Label) -> tuple[str, bool]:
    return label.style, label.time_start is not None


def _speech_follows(lines: Sequence[Line], at: int) -> bool:
    """Whether the next line that is not empty has text that is no turn or time by itself."""
    after = next((line for line in lines[at + 1 :] if line.text), None)
    if after is None:
        return False
    label = find_label(after)
    return label is None or label.time_start is None


def _end_of_header(lines: Sequence[Line], labels: Sequence[Label | None]) -> int:
    """How many lines stand before the conversation: up to the first label that is not a field of a form."""
    if not any(labels):
        end = _end_of_block(lines, 0)
        return end if end < len(lines) and all(_is_field(line) for line in lines[:end] if line.text) else 0
    counts = Counter(label.name.casefold() for label in labels if label)
    turns = {label_kind(label.name) for label in labels if label and counts[label.name.casefold()] > 1}
    at = 0
    while at < len(lines):
        end = _end_of_block(lines, at)
        form = any(":" in line.text and not label for line, label in zip(lines[at:end], labels[at:end], strict=True))
        fields = all(
            _is_field(line) and len(label.name) > 1 and (form or _is_spare(label, counts, turns))
            for line, label in zip(lines[at:end], labels[at:end], strict=True)
            if label
        )
        if not fields or not any(labels[end:]):
            break
        at = end
    return next(i for i in range(at, len(lines)) if labels[i])


def _end_of_block(lines: Sequence[Line], start: int) -> int:
    """Where the next paragraph begins."""
    end = next((at for at in range(start, len(lines)) if not lines[at].text), len(lines))
    return next((at for at in range(end, len(lines)) if lines[at].text), len(lines))


def _is_spare(label: Label, counts: Counter[str], turns: set[Kind | None]) -> bool:
    """Whether a label occurs once, while labels of its kind are in use ("Interviewer: Noor" above "I: ...")."""
    kind = label_kind(label.name)
    return counts[label.name.casefold()] == 1 and kind is not None and kind in turns


def _is_field(line: Line) -> bool:
    """Whether a line reads as a field of a form: ``Datum: 12 maart``."""
    key, colon, value = line.text.partition(":")
    return line.heading or (bool(colon) and _is_short(key, value))


def _is_short(key: str, value: str) -> bool:
    return len(key.split()) <= 4 and len(value.split()) <= _MOST_WORDS_OF_FIELD and not value.endswith((".", "?", "!"))


def _heading_note(headings: list[str]) -> tuple[str, ...]:
    if not headings:
        return ()
    named = ", ".join(f'"{text}"' for text in headings[:5])
    return (f"{len(headings)} heading(s) between the turns were left out: {named}",)


def _lone_note(lines: Sequence[Line], labels: list[Label | None]) -> tuple[str, ...]:
    """Name what looks like a speaker seen once, and was read as speech."""
    lone = []
    for line, label in zip(lines, labels, strict=True):
        if label is None and (found := find_label(line)) and found.style == "colon" and not is_sentence(found.name):
            lone.append(f'"{found.name}:"')
    if not lone:
        return ()
    return (f"read as text and not as a speaker, because it occurs only once: {', '.join(lone[:8])}",)
