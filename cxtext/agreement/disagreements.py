"""Where coders differ, side by side and in context: what to talk about before any number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from cxtext.agreement.units import Judgements
from cxtext.overlaps import in_order
from cxtext.tables import TEXT, attribute_name, make_table

#: columns of the list; then one per coder
DISAGREEMENTS = {
    "group": TEXT, "code": TEXT, "times": "int64", "document": TEXT, "segment": TEXT, "start": "int64", "end": "int64",
    "before": TEXT, "text": TEXT, "after": TEXT,
}  # fmt: skip
#: of a coder who did not do the document
ABSENT = "?"


def disagreements(compared: Sequence[Judgements], segments: pd.DataFrame) -> pd.DataFrame:
    """List the units that coders judge differently.

    Parameters
    ----------
    compared : sequence of Judgements
    segments : pandas.DataFrame
        Table `cxtext.tables.SEGMENTS` from which they were made.

    Returns
    -------
    pandas.DataFrame
        One row per unit and group: ``group``; the ``code`` it is listed under (of those that differ the one that
        differs most often) and how many ``times`` that one differs; ``document``, ``segment`` (the first one),
        ``start``, ``end``; the text with the segment ``before`` it (or the question) and ``after`` it; and a column per
        coder with their codes, joined by ``"; "``, or ``"?"`` where they did not do the document. The codes that differ
        most often come first.

    Examples
    --------
    >>> from cxtext.tables import SEGMENTS
    >>> list(disagreements([], make_table([], SEGMENTS)).columns)[:3]
    ['group', 'code', 'times']
    """
    coders = sorted({coder for judged in compared for coder in judged.coders})
    names = {coder: attribute_name(coder, DISAGREEMENTS) for coder in coders}
    columns = {**DISAGREEMENTS, **dict.fromkeys(names.values(), TEXT)}
    documents = {document for judged in compared for document in judged.places["document"].unique()}
    ordered = in_order(segments[segments["document"].isin(documents)])
    rows = []
    for judged in compared:
        differ = differing(judged)
        times = differ.sum(axis=0)
        places = judged.places.to_dict("records")
        for unit in np.flatnonzero(differ.any(axis=1)).tolist():
            about = int(np.argmax(np.where(differ[unit], times, -1)))
            place = places[unit]
            rows.append({
                "group": judged.group, "code": judged.codes[about], "times": int(times[about]),
                **{name: place[name] for name in ("document", "segment", "start", "end")}, "place": place,
                **{names[coder]: _given(judged, unit, i) for i, coder in enumerate(judged.coders)},
            })  # fmt: skip
    rows.sort(key=lambda row: (-row["times"], row["group"], row["code"], row["document"], row["start"]))
    context = _Context(ordered)
    return make_table(
        [{**dict.fromkeys(names.values(), ABSENT), **row, **context.of(row["place"])} for row in rows],
        columns,
    )


def differing(judged: Judgements) -> np.ndarray:
    """Whether the coders of a unit differ on a code; shape (units, codes)."""
    everyone = (judged.held | ~judged.judged[:, :, None]).all(axis=1)
    return judged.held.any(axis=1) & ~everyone


def _given(judged: Judgements, unit: int, coder: int) -> str:
    if not judged.judged[unit, coder]:
        return ABSENT
    return "; ".join(judged.codes[k] for k in np.flatnonzero(judged.held[unit, coder]))


class _Context:
    """Texts of places and of what stands around them, from segments of `in_order`."""

    def __init__(self, ordered: pd.DataFrame) -> None:
        self.documents = ordered["document"].tolist()
        self.starts = ordered["start"].tolist()
        self.texts = ordered["text"].tolist()
        self.prompts = ordered["prompt"].tolist()
        self.said = (ordered["role"] != "interviewer").tolist()

    def of(self, place: Mapping[Any, Any]) -> dict[str, str]:
        first, last, start = int(place["first"]), int(place["last"]), int(place["start"])
        before = self._near(first - 1, place["document"]) or self.prompts[first]
        after = self._near(last + 1, place["document"])
        text = " ".join(self.texts[row] for row in range(first, last + 1) if self.said[row])
        if first == last and place["size"] > 1:
            begin, end = start - self.starts[first], int(place["end"]) - self.starts[first]
            before, text, after = f"{before} {text[:begin]}".strip(), text[begin:end], f"{text[end:]} {after}".strip()
        return {"before": before, "text": text, "after": after}

    def _near(self, row: int, document: str) -> str:
        """Text of a neighbour, where it is of the same document."""
        inside = 0 <= row < len(self.texts) and self.documents[row] == document
        return str(self.texts[row]) if inside else ""
