"""Respondents with given codes, themes, feelings and attributes, for the tests of the tables along the journey."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
from fake_study import coding, segment

from cxtext.tables import CODINGS, DOCUMENTS, MEMBERS, SEGMENTS, THEMES, make_table
from cxtext.themes import Themes


@dataclass(frozen=True)
class People:
    """Tables of some respondents."""

    segments: pd.DataFrame
    codings: pd.DataFrame
    scores: pd.DataFrame
    documents: pd.DataFrame
    themes: Themes

    @property
    def tables(self) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
        """Segments, codings and scores."""
        return self.segments, self.codings, self.scores


def people(
    said: Sequence[tuple[str, str, str, float]], documents: Mapping[str, Mapping[str, str]] | None = None
) -> People:
    """Tables of sentences given as document, codes, theme and valence; a document may have ``case`` and attributes."""
    documents = documents or {}
    order = list(dict.fromkeys([*(line[0] for line in said), *documents]))
    case = {name: documents.get(name, {}).get("case", name) for name in order}
    segments, codings, scores, members = [], [], [], []
    for i, (document, codes, theme, valence) in enumerate(said):
        id = f"s{i:03d}"
        segments.append(segment(id, f"Zin nummer {i} van deze test.", document=document, case=case[document], start=i))
        codings += [coding(id, path, document=document) for path in codes.split()]
        scores.append({"segment": id, "valence": valence})
        if theme:
            place = {"segment": id, "document": document, "case": case[document]}
            members.append({**place, "theme": theme, "similarity": 0.9, "rank": 0})
    columns = sorted({key for own in documents.values() for key in own} - {"case"})
    rows = [{"document": name, "name": name, "kind": "survey", "case": case[name], "turns": 1, "words": 1}
            for name in order]  # fmt: skip
    table = make_table(rows, {**DOCUMENTS, "turns": "int64", "words": "int64"})
    for column in columns:
        table[column] = pd.Series([documents.get(name, {}).get(column, "") for name in order], dtype="str")
    themes = [{"theme": theme, "name": f"thema {theme}", "terms": "", "segments": 1, "respondents": 1,
               "of_respondents": 1, "pains": 0, "needs": 0, "gains": 0}
              for theme in sorted({member["theme"] for member in members})]  # fmt: skip
    found: Any = Themes(make_table(themes, THEMES), make_table(members, MEMBERS))
    frame = pd.DataFrame(scores, columns=["segment", "valence"])
    return People(make_table(segments, SEGMENTS), make_table(codings, CODINGS), frame, table, found)


def telling(said: Sequence[tuple[str, str, str, float]]) -> People:
    """Tables of sentences given as document, codes, text and valence."""
    found = people([(document, codes, "", valence) for document, codes, _, valence in said])
    texts = pd.Series([text for *_, text, _ in said], dtype="str")
    return replace(found, segments=found.segments.assign(text=texts))
