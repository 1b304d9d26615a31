"""Speed and memory of everything that a report computes along the journey, printed for benchmarks/journey.md.

Run: ``python benchmarks/journey.py [answers [words]]`` in an environment with cxtext installed; with words only the
chapters with those in their name are made. Invented respondents give 100,000 survey answers of two sentences each, in
two waves at eight touchpoints of three departments, with an NPS; each sentence has a kind, a phase, a principle and one
of 40 codes (as themes), some an emotion or a channel. Codings and themes are given: no model runs, and vectors of
sentences (of questions and activities only) are made up. Everything is drawn 2,000 times.
"""

from __future__ import annotations

import re
import resource
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from cxtext import embedding
from cxtext.codebook import load_codebook
from cxtext.journey import drivers, frequencies, map_journey, mentions
from cxtext.records import Corpus, Document, Turn
from cxtext.report import findings
from cxtext.report.chapters import CHAPTERS, FIRST, Analyses
from cxtext.report.labels import load_labels
from cxtext.report.names import names_of
from cxtext.report.quotes import quotes_table
from cxtext.study import Study
from cxtext.tables import CODINGS, MEMBERS, SEGMENTS, THEMES, documents_table, make_table
from cxtext.themes import Themes

ANSWERS, SENTENCES, CODES = 100_000, 2, 40
KINDS = {"pain": 0.40, "need": 0.20, "gain": 0.30, "activity": 0.06, "question": 0.04}
GROUPS = {"emotion": ("anger", "sadness", "fear", "joy", "relief"), "channel": ("phone", "email", "website", "app")}
PHASES = ("orientation", "transaction", "use", "service", "loyalty")
COLUMNS = {"nps": "nps", "touchpoint": "touchpoint", "wave": "wave", "owner": "owner"}


def invented(n: int) -> Study:
    """Study of `n` answers, without a map."""
    rng = np.random.default_rng(0)
    worth = rng.normal(0, 1, CODES)
    odds = 1 / np.arange(2, CODES + 2)
    code = rng.choice(CODES, (n, SENTENCES), p=odds / odds.sum())
    kind = rng.choice(len(KINDS), (n, SENTENCES), p=list(KINDS.values()))
    felt = np.array([-1.0, -0.3, 1.0, 0.0, -0.4])[kind]
    valence = np.clip(felt + 0.2 * worth[code] + rng.normal(0, 0.4, code.shape), -2, 2)
    score = np.clip(np.round(7.2 + (valence * np.exp(worth)[code]).mean(axis=1) + rng.normal(0, 1.5, n)), 0, 10)
    spot, wave = rng.integers(0, 8, n), rng.random(n) < 0.5
    documents = []
    for number in range(n):
        often = number % 97
        pieces = [f"Bij onderwerp {c} ging het de {often}e keer anders dan ik had verwacht." for c in code[number]]
        text = " ".join(pieces)
        given = {"nps": f"{score[number]:.0f}", "touchpoint": f"contact {spot[number]}",
                 "wave": "nulmeting" if wave[number] else "hermeting", "owner": "ABC"[spot[number] % 3]}  # fmt: skip
        documents.append(Document(f"a{number:06d}", f"a{number:06d}", "survey", "answers.xlsx", text,
                                  (Turn(0, len(text), "", "respondent"),), "nl", given, COLUMNS))  # fmt: skip
    corpus = Corpus(tuple(documents))
    answer = np.array([document.id for document in documents], dtype=object)
    document = np.repeat(answer, SENTENCES)
    segment = document + np.tile(np.array([f"/{j}" for j in range(SENTENCES)], dtype=object), n)
    texts = [piece for one in documents for piece in re.findall(r"Bij.*?\.", one.text)]
    position = np.tile(np.arange(SENTENCES), n)
    segments = make_table({
        "segment": segment, "document": document, "case": document, "position": position, "turn": position * 0,
        "role": "respondent", "start": 100 * position, "end": 100 * position + 69, "text": texts, "language": "nl",
        "speaker": "", "prompt": "", "time_start": np.nan, "time_end": np.nan,
    }, SEGMENTS)  # fmt: skip
    principles = [one.id for one in load_codebook().group("principle").codes]
    coded = [pd.DataFrame({"segment": segment, "code": np.array(list(KINDS))[kind.ravel()], "group": "kind"})]
    for group, names, share in (("phase", PHASES, 1.0), ("principle", principles, 0.3),
                                *((group, names, 0.4) for group, names in GROUPS.items())):  # fmt: skip
        held = rng.random(segment.size) < share
        coded.append(pd.DataFrame({"segment": segment[held], "code": rng.choice(names, held.sum()), "group": group}))
    rows = pd.concat(coded)
    same = {"coder": "machine", "status": "suggested", "score": 0.9, "document": "", "evidence": "", "run": "",
            "start": 0, "end": 69, "uncertain": False}  # fmt: skip
    codings = make_table({**{name: rows[name] for name in rows}, **same}, CODINGS)
    theme = np.char.add("T", np.char.zfill(code.ravel().astype(str), 2))
    members = make_table({"segment": segment, "document": document, "case": document, "theme": theme,
                          "similarity": 0.9, "rank": 0}, MEMBERS)  # fmt: skip
    named = [{"theme": f"T{j:02d}", "name": f"onderwerp {j}", "terms": "", **dict.fromkeys(list(THEMES)[3:], 1)}
             for j in range(CODES)]  # fmt: skip
    scores = pd.DataFrame({"segment": segments["segment"], "valence": valence.ravel()})
    themes = Themes(make_table(named, THEMES), members)
    empty = map_journey(segments.head(0), codings.head(0), scores.head(0), encode=vectors)
    return Study(corpus, documents_table(corpus), segments, codings, scores, themes, empty, {"seed": 0})


def vectors(texts: Any, **_: Any) -> np.ndarray:
    """Stand in for the encoder, which would need 2.5 ms a sentence: those about one subject are alike."""
    about = [re.sub(r"\d+e", "", text) for text in texts]
    rows = [np.random.default_rng(zlib.crc32(text.encode())).normal(size=64) for text in set(about)]
    known = dict(zip(set(about), rows, strict=True))
    found = np.array([known[text] for text in about], dtype=np.float32).reshape(-1, 64)
    return found / np.linalg.norm(found, axis=1, keepdims=True)


def steps(study: Study) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Name and work of each part of the report, in its order; the map first, as all others need it."""
    labels = load_labels("nl")
    mapped = map_journey(*study.tables[:3], documents=study.documents, themes=study.themes)
    yield "the map, with the curve and NPS by touchpoint and wave", lambda: mapped
    study = Study(study.corpus, *(study.documents, study.segments, study.codings, study.scores), study.themes, mapped,
                  study.method)  # fmt: skip
    found, names = Analyses(study, "nl"), names_of(study, labels)
    for make in (*CHAPTERS, *FIRST):
        yield f"chapter {make.__name__}", lambda make=make: make(study, found, names, labels)
    yield "lanes of the map that the report adds", lambda: found.mapped
    yield "findings", lambda: findings.find(study, quotes_table(study), names, labels)
    yield (
        "frequencies of all codes (Python)",
        lambda: frequencies(study.segments, mentions(*study.tables[:3], themes=study.themes)),
    )
    yield (
        "drivers, all 40 codes (relative weights; Python)",
        lambda: drivers(*study.tables, themes=study.themes, most=CODES),
    )


def main(answers: int = ANSWERS, words: str = "") -> None:
    """Print wall and processor seconds and the memory peak so far, MB, after each part."""
    embedding.encode = vectors  # type: ignore[assignment]
    study = invented(answers)
    load = Path("/proc/loadavg").read_text(encoding="ascii").split()[0] if Path("/proc/loadavg").exists() else "–"
    print(f"{answers:,} answers, tables made: peak {_peak():.0f} MB; load {load}")
    print("| part | wall s | processor s | peak MB |\n|---|---|---|---|")
    whole = begun = time.perf_counter(), time.process_time()
    for name, step in steps(study):
        if words in name:
            step()
        print(f"| {name} | {_since(*begun)} | {_peak():.0f} |", flush=True)
        begun = time.perf_counter(), time.process_time()
    print(f"| all | {_since(*whole)} | {_peak():.0f} |")


def _since(wall: float, processor: float) -> str:
    return f"{time.perf_counter() - wall:.1f} | {time.process_time() - processor:.1f}"


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ANSWERS, " ".join(sys.argv[2:]))
