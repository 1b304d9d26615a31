"""Opening and searching a study of 500 transcripts and 5 million words, printed for benchmarks/README.md.

Run: ``python benchmarks/search.py [FOLDER]``; takes some minutes. The transcripts are made of invented words that
occur as often as words do (Zipf), and every third segment has a code. In FOLDER the study is kept for the next run.
"""

from __future__ import annotations

import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import accumulate
from pathlib import Path

from cxtext import Document, Turn
from cxtext.project import Project
from cxtext.project.search import search
from cxtext.records import Corpus
from cxtext.tables import CODINGS, make_table

DOCUMENTS, WORDS, VOCABULARY = 500, 10_000, 60_000
PARTS = (
    *("aan", "be", "ver", "ont", "ge", "op", "in", "door", "voor", "na", "wacht", "klant", "tijd", "bel", "lijn"),
    *("weg", "kaart", "huis", "zorg", "geld", "dag", "werk", "en", "er", "ing", "heid", "lijk", "baar", "te", "de"),
)
OPENING = (
    "import sys, time; from cxtext.project import Project; begun = time.perf_counter(); "
    "p = Project.open(sys.argv[1], coder='x'); p.counts(); print(time.perf_counter() - begun)"
)


def vocabulary(rng: random.Random) -> list[str]:
    """Different words, the shortest first, as the most frequent ones are short."""
    words: dict[str, None] = {}
    while len(words) < VOCABULARY:
        words["".join(rng.choice(PARTS) for _ in range(rng.randint(1, 4)))] = None
    return sorted(words, key=len)


def transcripts() -> Iterator[Document]:
    """Conversations of about a hundred turns, seeded."""
    rng = random.Random(0)
    words = vocabulary(rng)
    weights = list(accumulate(1 / (rank + 3) for rank in range(len(words))))
    for number in range(DOCUMENTS):
        said, turns, at, count = [], [], 0, 0
        while count < WORDS:
            asks = len(turns) % 2 == 0
            length = rng.randint(5, 25) if asks else rng.randint(60, 320)
            drawn = rng.choices(words, cum_weights=weights, k=length)
            text = ". ".join(" ".join(drawn[i : i + 14]).capitalize() for i in range(0, length, 14)) + "."
            turns.append(Turn(at, at + len(text), "I" if asks else "R", "interviewer" if asks else "respondent"))
            said.append(text)
            at += len(text) + 1
            count += length
        id = f"gesprek-{number:03d}"
        wijk = {"wijk": "Zuid" if number % 2 else "Noord"}
        yield Document(id, id, "interview", f"{id}.txt", "\n".join(said), tuple(turns), "nl", wijk)


def timed(what: str, function: Callable[[], object]) -> None:
    """Print how long something takes, and how much of that the processor worked for it."""
    begun, worked = time.perf_counter(), time.process_time()
    result = function()
    print(f"| {what} | {time.perf_counter() - begun:.3f} | {time.process_time() - worked:.3f} | {result} |", flush=True)


def build(place: Path) -> None:
    """Make the study."""
    corpus = Corpus(tuple(transcripts()))
    print(f"{sum(len(document.text.split()) for document in corpus):,} words in {len(corpus)} transcripts", flush=True)
    with Project.create(place, coder="x") as project:
        timed("add", lambda: project.add(corpus))
        print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")
        rows = project.segments()[["document", "segment", "start", "end"]].iloc[::3].to_dict("records")
        codings = make_table([{**row, "group": "kind", "code": "pain"} for row in rows], CODINGS)
        timed("codings", lambda: project.add_codings(codings))
    print(f"{place.stat().st_size / 2**20:.0f} MB")


def main(folder: Path) -> None:
    """Build the study where there is none, and time it."""
    place = folder / "large.cxt"
    if not place.exists():
        build(place)
    opened = subprocess.run([sys.executable, "-c", OPENING, str(place)], capture_output=True, text=True, check=True)
    print(f"| open and count, in a new process | {float(opened.stdout):.3f} | |")
    words = vocabulary(random.Random(0))
    queries = [words[rank] for rank in (0, 5, 50, 500, 5_000, 20_000, 50_000)]
    queries += [f"{words[100]} {words[200]}", f'"{words[0]} {words[1]}"', f'"{words[300]} {words[900]}"', "wacht*"]
    queries += [f"{words[40]} OR {words[41]}", f"{words[60]} NOT {words[3]}", "wachttijd", "WACHTTIJDEN", "bestaatniet"]
    with Project.open(place, coder="x") as project:
        for query in queries:
            timed(f"`{query}`", lambda query=query: f"{len(search(project, query, limit=100))} hits")
        narrowed = ({"attributes": {"wijk": "Zuid"}}, {"speakers": ["R"]}, {"documents": ["gesprek-042"]})
        for more in (*narrowed, {"codes": ["pain"]}):
            timed(
                f"`{words[10]}`, {more}", lambda more=more: f"{len(search(project, words[10], limit=100, **more))} hits"
            )
        timed("everything coded so", lambda: f"{len(search(project, codes=['pain'], limit=100))} hits")
        timed("regex wacht.{1,20}tijd", lambda: f"{len(search(project, regex='wacht.{1,20}tijd', limit=100))} hits")
        timed(f"`{words[500]}`, all hits", lambda: f"{len(search(project, words[500], limit=None))} hits")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory() as made:
            main(Path(made))
