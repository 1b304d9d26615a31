"""From documents to segments: the sentences, or the whole turns, of respondents."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Literal, get_args

from cxtext.errors import OptionError
from cxtext.records import Document
from cxtext.sentences import sentence_spans
from cxtext.tables import SEGMENTS, case_of, make_table

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Unit", "segment", "sentence_spans"]

Unit = Literal["sentence", "turn"]


def segment(documents: Iterable[Document], *, unit: Unit = "sentence") -> pd.DataFrame:
    """Divide what respondents say into the units that are coded.

    Parameters
    ----------
    documents : iterable of Document
        A corpus, or some of its documents.
    unit : {"sentence", "turn"}
        One row per sentence, or one per turn, also where a turn is empty.

    Returns
    -------
    pandas.DataFrame
        The columns of `cxtext.tables.SEGMENTS`, in the order of the documents. ``text`` is
        ``document.text[start:end]`` without white space around it; ``position`` counts the segments of a document
        from 0, ``turn`` is the place in ``document.turns``, and ``prompt`` is what the interviewer said last before
        it, or the question of the survey. Turns of interviewers and of unknown speakers have no segments.

    Raises
    ------
    OptionError
        `unit` is neither of the two.

    Examples
    --------
    >>> from cxtext import Document, Turn
    >>> text = "Goed geholpen. Wel lang gewacht."
    >>> answer = Document("a:1", "1", "survey", "a.csv", text, (Turn(0, len(text), "", "respondent"),), "nl")
    >>> list(segment([answer]).text)
    ['Goed geholpen.', 'Wel lang gewacht.']
    """
    if unit not in get_args(Unit):
        msg = f'unit is {unit!r}; expected "sentence" or "turn".'
        raise OptionError(msg)
    columns: dict[str, list[Any]] = {name: [] for name in SEGMENTS}
    for document in documents:
        _add_document(columns, document, unit)
    return make_table(columns, SEGMENTS)


def _add_document(columns: dict[str, list[Any]], document: Document, unit: Unit) -> None:
    """Append the segments of one document."""
    position = 0
    prompt = document.prompt
    for number, turn in enumerate(document.turns):
        said = document.text[turn.start : turn.end]
        if turn.role == "interviewer":
            prompt = said.strip()
        if turn.role != "respondent":
            continue
        spans = sentence_spans(said, document.language) if unit == "sentence" else [_stripped(said)]
        case = case_of(document, turn)
        for start, end in spans:
            row = {
                "segment": f"{document.id}:{position + 1}", "document": document.id, "case": case,
                "position": position, "turn": number, "speaker": turn.speaker, "role": turn.role,
                "start": turn.start + start, "end": turn.start + end, "text": said[start:end],
                "time_start": _seconds(turn.time_start), "time_end": _seconds(turn.time_end),
                "language": document.language, "prompt": prompt,
            }  # fmt: skip
            for name, value in row.items():
                columns[name].append(value)
            position += 1


def _stripped(text: str) -> tuple[int, int]:
    """Start and end of a text without the white space around it."""
    start = len(text) - len(text.lstrip())
    return (start, len(text.rstrip())) if text.strip() else (0, 0)


def _seconds(time: float | None) -> float:
    return math.nan if time is None else time
