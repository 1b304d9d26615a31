"""The invented study of `data/fake_study.txt` as tables, for the tests of themes, journey and plots."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd

from cxtext.embedding import encode
from cxtext.records import Document, Turn
from cxtext.tables import CODINGS, SEGMENTS, documents_table, make_table

SOURCE = Path(__file__).parent / "data" / "fake_study.txt"
GROUPS = ("kind", "emotion", "phase", "channel")
COLUMNS = {"touchpoint": "Contactmoment", "wave": "Meting", "nps": "NPS"}


@dataclass(frozen=True)
class FakeStudy:
    """The four tables that themes and journey are made from."""

    documents: pd.DataFrame
    segments: pd.DataFrame
    codings: pd.DataFrame
    scores: pd.DataFrame


def fake_study() -> FakeStudy:
    """Read the study."""
    documents: list[Document] = []
    segments: list[dict[str, Any]] = []
    codings: list[dict[str, Any]] = []
    scores: list[dict[str, Any]] = []
    for block in re.split(r"^# (?=interview|answer)", SOURCE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        head, *lines = block.strip().split("\n")
        kind, _, rest = head.partition(" ")
        name, *values = [part.strip() for part in rest.split("|")]
        attributes = dict(zip(COLUMNS.values(), values, strict=True)) if values else {}
        text, prompt, turns, position = "", "", [], 0
        for line in lines:
            if line.startswith("? "):
                prompt = line[2:]
                turns.append(len(text))
                continue
            sentence, *codes, valence = [part.strip() for part in line.split("|")]
            id, start = f"{name}:{position}", len(text)
            text += sentence + " "
            segments.append(segment(id, sentence, document=name, start=start, turn=len(turns), prompt=prompt))
            for group, listed in zip(GROUPS, codes, strict=True):
                codings += [coding(id, f"{group}/{code}", document=name) for code in listed.split(",") if code]
            scores.append({"segment": id, "valence": float(valence)})
            position += 1
        turn = Turn(0, len(text) - 1, "R", "respondent")
        language = "en" if name == "i07" else "nl"
        for row in segments[-position:]:
            row["language"] = language
        style: Literal["interview", "survey"] = "interview" if kind == "interview" else "survey"
        columns = COLUMNS if values else {}
        documents.append(Document(name, name, style, "x", text.strip(), (turn,), language, attributes, columns))
    frame = pd.DataFrame(scores)
    for row in codings:
        path = f"{row['group']}/{row['code']}"
        frame.loc[frame["segment"] == row["segment"], path] = row["score"]
    return FakeStudy(
        documents_table(documents), make_table(segments, SEGMENTS), make_table(codings, CODINGS), frame.fillna(0.05)
    )


_KNOWN: dict[str, np.ndarray] = {}


def cached_encode(texts: Sequence[str]) -> np.ndarray:
    """The default encoder, asked once for each text."""
    if missing := [text for text in dict.fromkeys(texts) if text not in _KNOWN]:
        _KNOWN.update(zip(missing, encode(missing), strict=True))
    return np.stack([_KNOWN[text] for text in texts])


def segment(id: str, text: str, *, document: str = "d", case: str = "", **more: Any) -> dict[str, Any]:
    """A row of `SEGMENTS`."""
    row = {
        "segment": id, "document": document, "case": case or document, "position": 0, "turn": 0, "speaker": "R",
        "role": "respondent", "start": 0, "end": len(text), "text": text, "time_start": np.nan, "time_end": np.nan,
        "language": "nl", "prompt": "",
    }  # fmt: skip
    return {**row, **more}


def coding(id: str, path: str, *, document: str = "d", **more: Any) -> dict[str, Any]:
    """A row of `CODINGS`."""
    group, code = path.split("/")
    row = {
        "document": document, "segment": id, "start": 0, "end": 1, "group": group, "code": code, "coder": "cxtext",
        "status": "suggested", "score": 0.9, "evidence": "", "run": "1",
    }  # fmt: skip
    return {**row, **more}
