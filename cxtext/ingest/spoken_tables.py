"""Tables in a document that hold a conversation: a column of speakers, one of text, perhaps one of times."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TypeAlias

from cxtext.ingest.lines import Line
from cxtext.ingest.speakers import LONGEST_LABEL, is_sentence, label_kind
from cxtext.ingest.times import LABEL_TIME

#: cells of one row, each with its lines
CellRow: TypeAlias = Sequence[Sequence[Line]]

_TIME_CELL = re.compile(LABEL_TIME)
#: a first row of these words alone is no speech
_HEADINGS = {
    *("spreker", "speaker", "naam", "name", "wie", "who", "rol", "role", "tijd", "time", "tijdcode", "timecode"),
    *("tekst", "text", "transcript", "uitspraak", "inhoud", "content", "nr", "#"),
}
_MOST_WORDS_OF_FIELD = 12


def read_spoken_table(rows: Sequence[CellRow]) -> Iterator[Line]:
    """Turn a table into the lines of a transcript, row by row.

    Parameters
    ----------
    rows : sequence of rows of cells

    Yields
    ------
    Line
        With the speaker where one column holds speakers; short pairs of cells as ``Key: value``; else cell by cell.

    Examples
    --------
    >>> rows = [[[Line("I")], [Line("En?")]], [[Line("R")], [Line("Niks.")]], [[Line("I")], [Line("Echt?")]]]
    >>> [(line.speaker, line.text) for line in read_spoken_table(rows) if line.text]
    [('I', 'En?'), ('R', 'Niks.'), ('I', 'Echt?')]
    """
    texts = [[" ".join(line.text for line in cell if line.text) for cell in row] for row in rows]
    width = min(map(len, texts), default=0)
    head = int(len(texts) > 1 and all(text.casefold().rstrip(":") in _HEADINGS for text in texts[0]))
    times = [at for at in range(width) if _all_times([row[at] for row in texts[head:]])]
    speakers = next((at for at in range(width) if at not in times), None)
    if speakers is None or width < 2 or not _are_speakers(texts[head:], speakers):
        yield from _plain_table(rows, texts)
        return
    for row, text in zip(rows[head:], texts[head:], strict=True):
        speaker = text[speakers].strip().rstrip(":").strip()
        time = "".join(text[at].strip(" []()#") for at in times[:1])
        said = [line for at, cell in enumerate(row) if at != speakers and at not in times for line in cell]
        said = [line for line in said if line.text] or [Line("")]
        stamp = f"[{time}] " if time else ""
        yield Line(stamp + said[0].text, speaker=speaker)
        yield from said[1:]


def _all_times(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell]
    return bool(filled) and all(_TIME_CELL.fullmatch(cell) for cell in filled)


def _are_speakers(rows: Sequence[Sequence[str]], at: int) -> bool:
    """Whether a column holds speakers: short, and either coming back or known and beside whole sentences."""
    names = [row[at].rstrip(":").strip() for row in rows if row[at]]
    if not names or any(len(name) > LONGEST_LABEL for name in names):
        return False
    known = sum(label_kind(name) is not None for name in names)
    if any(label_kind(name) is None and is_sentence(name) for name in names):
        return False
    sentences = any(cell.endswith((".", "?", "!")) for row in rows for place, cell in enumerate(row) if place != at)
    return len({name.casefold() for name in names}) < len(names) or (2 * known >= len(names) and sentences)


def _plain_table(rows: Sequence[CellRow], texts: Sequence[Sequence[str]]) -> Iterator[Line]:
    for row, text in zip(rows, texts, strict=True):
        if len(text) == 2 and all(text) and len(text[0].split()) <= 4 and len(text[1].split()) <= _MOST_WORDS_OF_FIELD:
            yield Line(f"{text[0].rstrip(':')}: {text[1]}")
        else:
            yield from (line for cell in row for line in cell)
    yield Line("")
