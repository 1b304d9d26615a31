"""The data of the table of quotes, as compact JSON that cannot end the script element it stands in."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

import pandas as pd

from cxtext.report.attributes import filters_table
from cxtext.report.chapters.blocks import Selections
from cxtext.report.journey_map import cell_link
from cxtext.report.labels import Labels
from cxtext.report.names import Names, clock
from cxtext.report.quotes import active_codings
from cxtext.report.rows import rows_of
from cxtext.report.theme_view import LANE, part_cells

if TYPE_CHECKING:
    from cxtext.study import Study

_UNSAFE = "<>&\u2028\u2029"

#: texts that the page's script fills in
_LABELS = (
    "all", "no_hits", "hits", "hits_of", "shown", "more", "remove_filter", "quote", "coding", "context", "question",
    "score", "evidence", "no_theme", "no_phase", "theme", "phase", "document_one", "respondent_one", "search",
    "min_score", "group", "code", "selection",
)  # fmt: skip


def script_json(data: Any) -> str:
    r"""Write JSON that may stand in a script element.

    Parameters
    ----------
    data : object

    Returns
    -------
    str
        Without ``<``, ``>``, ``&`` and the line ends that JavaScript once refused.

    Examples
    --------
    >>> script_json("</script>")
    '"\\u003c/script\\u003e"'
    """
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for char in _UNSAFE:
        text = text.replace(char, f"\\u{ord(char):04x}")
    return text


def payload(study: Study, quotes: pd.DataFrame, names: Names, labels: Labels, selections: Selections) -> dict[str, Any]:
    """Collect what the page's script needs.

    Parameters
    ----------
    study : Study
    quotes : pandas.DataFrame
        From `quotes_table`.
    names : Names
    labels : Labels
    selections : Selections
        Of the chapters.

    Returns
    -------
    dict
        ``quotes``: lists of segment, document name, file, case, who, speaker, text, number of the question, time,
        phase, theme, language and values of the attributes; ``codings``: lists of the number of the quote, path,
        score and evidence; ``cells``: numbers of the quotes of items of the map and figures of
        chapters that no filter finds; and names.
    """
    lanes = {lane: labels.optional(f"lane_{lane}", lane) for lane in [*study.journey.cells["lane"].unique(), LANE]}
    filters = filters_table(study, labels)
    prompts = {prompt: i for i, prompt in enumerate(quotes["prompt"].unique())}
    place = {segment: i for i, segment in enumerate(quotes["segment"])}
    values = filters.to_numpy().tolist()
    codings = active_codings(study)
    used = set(zip(codings["group"], codings["code"], strict=True))
    return {
        "language": labels.language,
        "labels": {key: labels.texts[key] for key in _LABELS},
        "groups": [[group, name] for group, name in names.groups.items() if any(g == group for g, _ in used)],
        "codes": [[path, name] for path, name in names.codes.items() if tuple(path.split("/", 1)) in used],
        "phases": list(map(list, names.phases.items())),
        "themes": list(map(list, names.themes.items())),
        "lanes": {**lanes, **selections.titles},
        "attributes": list(filters.columns),
        "prompts": list(prompts),
        "quotes": [
            [
                row.segment, row.document, row.name, row.file, row.case, row.who, row.speaker, row.text,
                prompts[row.prompt], clock(row.time_start), row.phase, row.theme, row.language, values[i],
            ]
            for i, row in enumerate(rows_of(quotes))
        ],
        "codings": [
            [place[row.segment], f"{row.group}/{row.code}", _score(row.score), row.evidence]
            for row in rows_of(codings)
        ],
        "cells": [
            [row.phase, row.lane, row.item, row.name, [place[segment] for segment in row.quotes.split(";")]]
            for row in rows_of(study.journey.cells)
            if f"lane={row.lane}" in cell_link(row)
        ] + selections.rows(place) + part_cells(study.themes, place),
    }  # fmt: skip


def _score(score: float) -> float | None:
    return None if math.isnan(score) else round(score, 3)
