"""What was said, by whom and when, before it becomes a document; and what only looks like speech."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby

from cxtext.ingest.speakers import speaker_words

_MOST_WORDS_OF_HALLUCINATION = 12
#: Whisper gets stuck: so many times the same line of at least two words, and it is one
_FEWEST_OF_LOOP = 4


@dataclass(frozen=True)
class Utterance:
    """One turn of a conversation.

    Attributes
    ----------
    speaker : str
        The label; empty where there is none.
    text : str
    time_start, time_end : float or None
        Seconds from the start of the recording.
    attributes : Mapping[str, str]
        What the file says about this turn alone.
    """

    speaker: str
    text: str
    time_start: float | None = None
    time_end: float | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Conversation:
    """What a transcript holds.

    Attributes
    ----------
    utterances : tuple of Utterance
    header : tuple of str
        Lines before the first turn.
    notes : tuple of str
        What was left out or assumed, one sentence each.
    """

    utterances: tuple[Utterance, ...]
    header: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def is_noise(line: str) -> bool:
    """Whether nobody spoke a line: Whisper made it up, or the program that transcribed wrote it.

    Parameters
    ----------
    line : str

    Returns
    -------
    bool

    Examples
    --------
    >>> is_noise("Ondertiteld door TV Gelderland"), is_noise("Bedankt voor het kijken naar mijn brief.")
    (True, False)
    """
    plain = " ".join(line.casefold().split())
    lists = speaker_words()["hallucinations"]
    if plain.rstrip(".! ") in lists["alone"] or _not_speech().fullmatch(plain):
        return True
    return plain.startswith(tuple(lists["begins"])) and len(plain.split()) <= _MOST_WORDS_OF_HALLUCINATION


def find_noise(lines: Sequence[str], speakers: Sequence[str]) -> dict[int, str]:
    """Which lines nobody spoke: those of `is_noise`, and all but the first of a line that one speaker says on and on.

    Parameters
    ----------
    lines : sequence of str
        In the order in which they are spoken.
    speakers : sequence of str
        What tells who speaks, for each line.

    Returns
    -------
    dict of int to str
        Number of the line to the line.

    Examples
    --------
    >>> find_noise(["Ja, dat klopt.", *["Dat is het."] * 4], [""] * 5)
    {2: 'Dat is het.', 3: 'Dat is het.', 4: 'Dat is het.'}
    """
    noise = {at: line for at, line in enumerate(lines) if is_noise(line)}
    at = 0
    plain = (" ".join(line.casefold().split()) for line in lines)
    for (_, line), run in groupby(zip(speakers, plain, strict=True)):
        count = len(list(run))
        if count >= _FEWEST_OF_LOOP and len(line.split()) > 1:
            noise.update({again: lines[again] for again in range(at + 1, at + count)})
        at += count
    return noise


@cache
def _not_speech() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in speaker_words()["not_speech"]))


def noise_note(dropped: Iterable[str]) -> tuple[str, ...]:
    """One sentence that counts and names the lines that `is_noise` dropped; nothing where there are none.

    Parameters
    ----------
    dropped : iterable of str

    Returns
    -------
    tuple of str

    Examples
    --------
    >>> noise_note(["Bedankt voor het kijken!"])
    ('left out 1 line that nobody spoke: "Bedankt voor het kijken!"',)
    """
    counts = Counter(dropped)
    if not counts:
        return ()
    named = ", ".join(f'"{line}"' + (f" ({n} times)" if n > 1 else "") for line, n in counts.most_common(5))
    total = counts.total()
    count = "1 line" if total == 1 else f"{total} lines"
    return (f"left out {count} that nobody spoke: {named}",)
