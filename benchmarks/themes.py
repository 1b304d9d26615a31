"""Compare ways of grouping on sentences of known subjects: python benchmarks/themes.py DATA [--speed] [--bertopic].

DATA is a folder with banking77_en/test.csv, sib200_nl/{train,dev,test}.tsv and nhs_feedback_en/v6framework_230831.csv;
none of it is part of cxtext. Prints the rows of the tables in themes.md. --bertopic needs `pip install bertopic`.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from sklearn.cluster import HDBSCAN, KMeans
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score
from threadpoolctl import threadpool_limits

from cxtext.clustering import features
from cxtext.embedding import encode
from cxtext.tables import CODINGS, SEGMENTS, make_table
from cxtext.terms import read_vocabulary, telling_terms
from cxtext.themes import OUTLIERS, ThemeClusterer, find_themes
from cxtext.themes.layout import theme_places
from cxtext.themes.trust import coherence

RESAMPLES = 3


def known(data: Path) -> dict[str, tuple[list[str], list[str], str]]:
    """Texts, their subjects and their language."""
    bank = pd.read_csv(data / "banking77_en" / "test.csv")
    parts = [pd.read_csv(data / "sib200_nl" / f"{part}.tsv", sep="\t", quoting=3) for part in ("train", "dev", "test")]
    sib = pd.concat(parts)
    nhs = pd.read_csv(data / "nhs_feedback_en" / "v6framework_230831.csv", dtype=str).fillna("")
    codes = [
        c for c in nhs.columns[11:] if c not in ("Safeguarding concerns?", "Labelling not possible", "Not assigned")
    ]
    one = nhs[(nhs[codes] == "1").sum(axis="columns").eq(1) & nhs["FFT answer"].str.split().str.len().ge(3)]
    code = (one[codes] == "1").idxmax(axis="columns")
    common = code.isin(code.value_counts().loc[lambda n: n >= 30].index)
    return {
        "banking77 test, 77 intents": (bank["text"].tolist(), bank["category"].tolist(), "en"),
        "sib200 nl, 7 topics": (sib["text"].tolist(), sib["category"].tolist(), "nl"),
        "nhs feedback, 19 codes": (one["FFT answer"][common].tolist(), code[common].tolist(), "en"),
    }


def as_study(texts: list[str], language: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Every text the answer of one respondent."""
    rows = [
        {"segment": f"s{i:06d}", "document": f"d{i:06d}", "case": f"d{i:06d}", "role": "respondent", "text": text,
         "position": 0, "turn": 0, "start": 0, "end": len(text), "speaker": "", "language": language, "prompt": "",
         "time_start": np.nan, "time_end": np.nan}
        for i, text in enumerate(texts)
    ]  # fmt: skip
    return make_table(rows, SEGMENTS), make_table([], CODINGS)


def stability(
    points: np.ndarray, labels: np.ndarray, cluster: Callable[[np.ndarray, Sequence[int]], np.ndarray]
) -> float:
    """Mean adjusted Rand index with the groups of four fifths of the texts."""
    rng = np.random.default_rng(0)
    found = []
    for _ in range(RESAMPLES):
        some = rng.choice(len(points), round(0.8 * len(points)), replace=False)
        found.append(adjusted_rand_score(labels[some], cluster(points[some], some)))
    return float(np.mean(found))


def row(name: str, how: str, truth: list[str], labels: np.ndarray, stable: float, lemmas: object, took: float) -> None:
    """Print a row of the table."""
    apart = labels == -1
    cases = [str(i) for i in range(len(labels))]
    terms = telling_terms(lemmas, [str(label) for label in labels], cases)
    documents = [set(lemmas.lemmas(i)) for i in range(len(labels))]
    npmi = np.nanmean([coherence(documents, [t.lemmas for t in own]) for g, own in terms.items() if g != "-1"])
    print(
        f"| {name} | {how} | {len(set(labels[~apart]))} | {normalized_mutual_info_score(truth, labels):.3f} "
        f"| {adjusted_rand_score(truth, labels):.3f} | {100 * apart.mean():.0f} % | {stable:.2f} | {npmi:.2f} "
        f"| {took:.1f} |",
        flush=True,
    )


def compare(data: Path, *, only: str, bertopic: bool) -> None:
    """Rows for each data set and way of grouping."""
    for name, (texts, truth, language) in known(data).items():
        if not name.startswith(only):
            continue
        vocabulary = read_vocabulary(texts, [language] * len(texts))
        lemmas = [vocabulary.lemmas(i) for i in range(len(texts))]
        words = encode([vocabulary.forms.get(word, word) for word in sorted(set().union(*lemmas))])
        alone = csr_array((len(texts), len(texts)), dtype=np.float32)
        vectors, english = encode(texts), encode(texts, backend="minilm")
        many = features(vectors, words, lemmas, alone, seed=0)
        own = features(english, None, lemmas, alone, seed=0) if language == "en" else many
        tried = ways(len(set(truth)), own, many, vectors, coarser=language != "en")
        if bertopic:
            tried |= {
                "BERTopic, the same points": (own, partial(by_bertopic, texts=texts)),
                "BERTopic, MiniLM (its default)": (english, partial(by_bertopic, texts=texts)),
            }
        for how, (points, cluster) in tried.items():
            began = time.process_time()
            labels = cluster(points, range(len(points)))
            took = time.process_time() - began
            row(name, how, truth, labels, stability(points, labels, cluster), vocabulary, took)
        segments, codings = as_study(texts, language)
        began = time.process_time()
        found = find_themes(segments, codings, among=[], language=language)
        took = time.process_time() - began
        parts = [found.parts.get(s, t) for s, t in zip(found.members["segment"], found.members["theme"], strict=True)]
        for how, ids in {"find_themes": found.members["theme"].tolist(), "find_themes, sub-themes": parts}.items():
            place = {id: at for at, id in enumerate(sorted(set(ids) - {OUTLIERS}))} | {OUTLIERS: -1}
            row(name, how, truth, np.array([place[id] for id in ids]), np.nan, vocabulary, took)


def ways(
    many: int, own: np.ndarray, multilingual: np.ndarray, vectors: np.ndarray, *, coarser: bool
) -> dict[str, tuple[np.ndarray, Callable[[np.ndarray, Sequence[int]], np.ndarray]]]:
    """Points and function of each way of grouping."""

    def k_means(points: np.ndarray, rows: Sequence[int]) -> np.ndarray:
        return np.asarray(KMeans(many, n_init=10, random_state=0).fit_predict(points))

    found = ThemeClusterer(coarser=coarser)
    return {
        "ThemeClusterer, number found": (own, lambda p, rows: found.fit_predict(p)),
        "ThemeClusterer, nearest for all": (own, lambda p, rows: found.fit(p).cosines_.argmax(axis=1)),
        "ThemeClusterer, true number": (own, lambda p, rows: ThemeClusterer(many).fit(p).cosines_.argmax(axis=1)),
        "the same, multilingual encoder": (
            multilingual, lambda p, rows: ThemeClusterer(many).fit(p).cosines_.argmax(axis=1)
        ),
        "k-means, true number": (own, k_means),
        "k-means, multilingual vectors alone": (vectors, k_means),
        "HDBSCAN": (own, lambda p, rows: HDBSCAN(min_cluster_size=10, copy=True).fit_predict(p)),
    }  # fmt: skip


def by_bertopic(points: np.ndarray, rows: Sequence[int], texts: list[str]) -> np.ndarray:
    """Group with BERTopic's defaults, but for a fixed seed of UMAP."""
    from bertopic import BERTopic
    from umap import UMAP

    reduce = UMAP(n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=42)
    return np.asarray(BERTopic(umap_model=reduce).fit_transform([texts[i] for i in rows], embeddings=points)[0])


def speed(counts: list[int]) -> None:
    """Seconds (wall clock and processor) and memory for studies of so many answers, with vectors given."""
    rng = np.random.default_rng(0)
    subjects = [f"onderwerp{chr(97 + i)}{chr(97 + j)}" for i in range(12) for j in range(5)]
    middle = rng.normal(size=(len(subjects), 128))
    for count in counts:
        which = rng.integers(len(subjects), size=count)
        ends = rng.integers(2000, size=(count, 4))
        texts = [f"de {subjects[w]} was woord{'x'.join(chr(97 + int(d)) for d in str(e[0]))} en laat"
                 for w, e in zip(which, ends, strict=True)]  # fmt: skip
        segments, codings = as_study(texts, "nl")
        place = dict(zip(texts, which, strict=True))

        def vectors(own: list[str], place: dict[str, int] = place) -> np.ndarray:
            own_rng = np.random.default_rng(1)
            rows = own_rng.normal(size=(len(own), 128)) + [2 * middle[place.get(text, 0)] for text in own]
            return rows / np.linalg.norm(rows, axis=1, keepdims=True)

        began, busy = time.perf_counter(), time.process_time()
        found = find_themes(segments, codings, among=[], encode=vectors, language="nl")
        theme_places(found)
        took, busy = time.perf_counter() - began, time.process_time() - busy
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"| {count:,} | {len(found.ids)} | {took:.0f} | {busy:.1f} | {memory:.0f} |", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("--speed", action="store_true")
    parser.add_argument("--bertopic", action="store_true")
    parser.add_argument("--only", default="", help="First letters of a data set.")
    options = parser.parse_args()
    with threadpool_limits(1):
        if options.speed:
            speed([1_000, 100_000])
        else:
            compare(options.data, only=options.only, bertopic=options.bertopic)
