"""An invented study for the tests of the report: five interviews, a focus group and a survey about a fibre provider."""

from __future__ import annotations

import random
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml

from cxtext.journey import map_journey
from cxtext.records import Corpus, Document, Notice, Turn
from cxtext.study import Study
from cxtext.tables import CODINGS, MEMBERS, SEGMENTS, THEMES, case_of, documents_table, make_table
from cxtext.themes import OUTLIERS, Themes

QUOTES = yaml.safe_load((Path(__file__).parent / "data" / "report" / "quotes.yaml").read_text(encoding="utf-8"))
ATTACK = "</script><img src=x onerror=alert(1)>"
FORMULA = '=HYPERLINK("http://voorbeeld.invalid";"klik")'
QUESTION = "Wat is de belangrijkste reden voor uw cijfer?"
COLUMNS = {"touchpoint": "Contactmoment", "channel": "Kanaal", "wave": "Meting", "nps": "NPS"}
THEME_TERMS = {
    "T1": ("wachten op antwoord", "wacht, terugbellen, uur, antwoord"),
    "T2": ("monteur en afspraak", "monteur, tijdvak, afspraak, vrij"),
    "T3": ("heldere prijs", "prijs, bedrag, korting, aanbod"),
    "T4": ("app en inloggen", "app, inloggen, code, scherm"),
    "T5": ("mensen die meedenken", "vriendelijk, meedenken, naam, geholpen"),
    OUTLIERS: ("overig", ""),
}
VALENCE = {"negative": -1.2, "neutral": 0.0, "positive": 1.3, "mixed": 0.1}

Line = dict[str, Any]


@cache
def fake_study(*, interviews: int | None = None, survey: int | None = None, repeat: int = 1) -> Study:
    """Build a study whose codes and themes are given, and whose journey is mapped as ever; the same one each time.

    Parameters
    ----------
    interviews, survey : int, optional
        How many of the conversations and of the answers; all where they are left out.
    repeat : int
        Copies of the survey, to make the study large.
    """
    read = [_conversation(one) for one in QUOTES["interviews"][:interviews]]
    read += [_answer(number, one) for number, one in enumerate(QUOTES["survey"][:survey] * repeat, start=1)]
    corpus = Corpus(
        tuple(document for document, _ in read),
        skipped=(Notice("interview_07.docx", "het is geen Word-bestand"),),
        notices=(Notice("enquete.csv", "2 rijen zonder antwoord zijn overgeslagen: rij 14 en 29"),),
    )
    documents = documents_table(corpus)
    lines = [line for pair in read for line in _numbered(*pair)]
    segments = make_table([{key: line[key] for key in SEGMENTS} for line in lines], SEGMENTS)
    codings = make_table(list(_codings(lines)), CODINGS)
    scores = pd.DataFrame({"segment": segments["segment"], "valence": [_valence(line) for line in lines]})
    themes = _themes(lines, segments["case"].nunique())
    journey = map_journey(segments, codings, scores, documents=documents, themes=themes, encode=_encode)
    method = {
        "cxtext": "0.1.0",
        "python": "3.11.7",
        "model": "default",
        "model_version": "2025.1",
        "engine": "standard",
        "thresholds": {"kind/pain": 0.42, "kind/need": 0.5, "kind/gain": 0.47, "emotion/anger": 0.61},
        "seed": 0,
        "themes": themes.method,
        "phases": "default",
    }
    return Study(corpus, documents, segments, codings, scores, themes, journey, method)


def with_text(text: str) -> Study:
    """Build the study in which the first respondent, and everything about them, says `text`."""
    study = fake_study()
    segments, codings = study.segments.copy(), study.codings.copy()
    documents, cells, table = study.documents.copy(), study.journey.cells.copy(), study.themes.table.copy()
    segments.loc[0, ["text", "speaker", "prompt"]] = text
    codings.loc[codings["segment"] == segments.loc[0, "segment"], "evidence"] = text
    documents.loc[0, "name"] = text
    cells.loc[0, "name"] = text
    table.loc[0, ["name", "terms"]] = text
    return replace(
        study,
        segments=segments,
        codings=codings,
        documents=documents,
        themes=replace(study.themes, table=table),
        journey=replace(study.journey, cells=cells),
    )


def empty_study() -> Study:
    """Build a study in which nobody said anything."""
    return fake_study(interviews=0, survey=0)


def _line(text: str, start: int, **more: object) -> Line:
    sentence, codes, phase, theme = (part.strip() for part in text.rsplit("|", 3))
    paths = [*codes.split(), *([f"phase/{phase}"] if phase else [])]
    return {"text": sentence, "codes": paths, "theme": theme, "start": start, "end": start + len(sentence), **more}


def _conversation(interview: Mapping[str, Any]) -> tuple[Document, list[Line]]:
    text, turns, lines = "", [], []
    for block in interview["turns"]:
        question = block["question"]
        turns.append(Turn(len(text), len(text) + len(question), "Interviewer", "interviewer"))
        text += f"{question}\n"
        start, time = len(text), 60.0 * len(turns)
        for quote in block["lines"]:
            lines.append(_line(quote, len(text), turn=len(turns), prompt=question, time_start=time))
            text += f"{lines[-1]['text']} "
        turns.append(Turn(start, len(text) - 1, block["speaker"], "respondent", time, time + 50))
        text += "\n"
    name = interview["file"].split(".")[0]
    return Document(name, name, "interview", interview["file"], text, tuple(turns), "nl"), lines


def _answer(number: int, answer: Mapping[str, Any]) -> tuple[Document, list[Line]]:
    text, lines = "", []
    for quote in answer["lines"]:
        lines.append(_line(quote, len(text), turn=0, prompt=QUESTION, time_start=float("nan")))
        text += f"{lines[-1]['text']} "
    turn = Turn(0, len(text) - 1, "", "respondent")
    identifier, name = f"enquete.csv:{number:03d}", f"respondent {number:03d}"
    attributes = answer["attributes"]
    return (
        Document(identifier, name, "survey", "enquete.csv", text[:-1], (turn,), "nl", attributes, COLUMNS, QUESTION),
        lines,
    )


def _numbered(document: Document, lines: Sequence[Line]) -> Iterator[Line]:
    """Give the lines of a document what a segment has."""
    for position, line in enumerate(lines):
        turn = document.turns[line["turn"]]
        yield {
            **line,
            "segment": f"{document.id}:{position + 1}",
            "document": document.id,
            "case": case_of(document, turn),
            "position": position,
            "speaker": turn.speaker,
            "role": turn.role,
            "time_end": float("nan"),
            "language": "nl",
        }


def _codings(lines: Sequence[Line]) -> Iterator[dict[str, Any]]:
    rng = random.Random(7)
    for line in lines:
        words = [word.strip(".,?!:") for word in line["text"].split() if len(word) > 5]
        for path in line["codes"]:
            group, code = path.split("/")
            yield {
                **{key: line[key] for key in ("document", "segment", "start", "end")},
                "group": group,
                "code": code,
                "coder": "cxtext default 2025.1",
                "status": "suggested",
                "score": round(rng.uniform(0.5, 0.99), 3),
                "evidence": "; ".join(rng.sample(words, min(len(words), 2))),
                "run": "1",
            }


def _encode(texts: Sequence[str]) -> np.ndarray:
    """Stand in for the embedding: words at random places."""
    vectors = np.zeros((len(texts), 64))
    for row, text in enumerate(texts):
        for word in text.lower().split():
            vectors[row, zlib.crc32(word.encode()) % 64] += 1
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)


def _valence(line: Line) -> float:
    return next(VALENCE[path.split("/")[1]] for path in line["codes"] if path.startswith("sentiment/"))


def _themes(lines: Sequence[Line], of: int) -> Themes:
    kinds = ("pain", "need", "gain")
    told = [line for line in lines if any(f"kind/{kind}" in line["codes"] for kind in kinds)]
    members, table = [], []
    for theme, (name, terms) in THEME_TERMS.items():
        own = [line for line in told if (line["theme"] or OUTLIERS) == theme]
        for number, line in enumerate(own, start=1):
            place = {key: line[key] for key in ("segment", "document", "case")}
            rank = number if number <= 5 and theme != OUTLIERS else 0
            members.append({**place, "theme": theme, "similarity": 0.9, "rank": rank})
        sizes = {f"{kind}s": sum(f"kind/{kind}" in line["codes"] for line in own) for kind in kinds}
        people = len({line["case"] for line in own})
        row = {"theme": theme, "name": name, "terms": terms, "segments": len(own), "respondents": people}
        table.append({**row, "of_respondents": of, **sizes})
    found = make_table([row for row in table if row["segments"]], THEMES)
    return Themes(found, make_table(members, MEMBERS), method="Given by hand for the tests.")
