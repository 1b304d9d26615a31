"""Measure the default model and two baselines on human-coded files, as tables for its card.

Run: ``python models/measure.py GOLD.jsonl ...`` with files of records ``id, doc, lang, text`` and the groups of codes;
rows of one ``doc`` stand together, in order. The files are for measuring only: nothing is learned from them.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from cxtext.codebook import load_codebook
from cxtext.evaluation import Evaluation, evaluate
from cxtext.tables import SEGMENTS, make_table
from cxtext.tag import Tagger
from cxtext.tag.examples import Examples, read_examples
from cxtext.tag.features import character_vectorizer, word_vectorizer

TRAINING = Path(__file__).parent / "training"
Record = dict[str, Any]
Predict = Callable[[pd.DataFrame], list[Record]]


def read_gold(path: Path) -> tuple[list[Record], pd.DataFrame]:
    """Records of a gold file, and the segments to tag."""
    gold = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    positions: dict[str, int] = {}
    rows = []
    for record in gold:
        positions[record["doc"]] = positions.get(record["doc"], -1) + 1
        rows.append({
            "segment": record["id"], "document": record["doc"], "case": record["doc"],
            "position": positions[record["doc"]], "turn": 0, "speaker": "", "role": "respondent", "start": 0,
            "end": len(record["text"]), "text": record["text"], "time_start": None, "time_end": None,
            "language": record["lang"], "prompt": "",
        })  # fmt: skip
    return gold, make_table(rows, SEGMENTS)


def cxtext_model(examples: Examples) -> Predict:
    """Make the default model a predictor."""
    tagger = Tagger.load()
    groups = {group.id: group.exclusive for group in load_codebook().groups}

    def predict(segments: pd.DataFrame) -> list[Record]:
        codings = tagger.tag(segments).codings
        given = codings.groupby(["segment", "group"])["code"].agg(list).to_dict()
        return [
            {"id": name}
            | {g: (given.get((name, g)) or [None])[0] if one else given.get((name, g), []) for g, one in groups.items()}
            for name in segments["segment"]
        ]

    return predict


def majority(examples: Examples) -> Predict:
    """Give every segment the most frequent answer of each group."""
    answer: Record = {}
    for group in load_codebook().groups:
        labels = examples.labels[[code.path for code in group.codes]]
        none = (~labels.any(axis=1)).sum()
        best = labels.sum().idxmax()
        frequent = [] if none > labels[best].sum() else [best.split("/")[1]]
        answer[group.id] = next(iter(frequent), None) if group.exclusive else frequent
    return lambda segments: [{"id": name, **answer} for name in segments["segment"]]


def tfidf(examples: Examples) -> Predict:
    """TF-IDF of words and characters with balanced logistic regression, on the same training data."""
    vectorizers = [word_vectorizer(), character_vectorizer()]

    def features(segments: pd.DataFrame, method: str) -> sparse.csr_matrix:
        texts = segments["text"].str.lower()
        return sparse.hstack([getattr(v, method)(texts) for v in vectorizers], format="csr")

    X = features(examples.segments, "fit_transform")
    models: dict[str, Any] = {}
    for group in load_codebook().groups:
        labels = examples.labels[[code.path for code in group.codes]]
        if group.exclusive:
            names = [*(code.id for code in group.codes), ""]
            target = np.where(labels.any(axis=1), labels.to_numpy().argmax(axis=1), len(names) - 1)
            models[group.id] = LogisticRegression(class_weight="balanced", max_iter=300).fit(X, np.array(names)[target])
        else:
            models[group.id] = {
                code.id: LogisticRegression(class_weight="balanced", max_iter=300).fit(X, labels[code.path])
                for code in group.codes
                if labels[code.path].any()
            }

    def predict(segments: pd.DataFrame) -> list[Record]:
        matrix = features(segments, "transform")
        records: list[Record] = [{"id": name} for name in segments["segment"]]
        for group, model in models.items():
            if isinstance(model, dict):
                given = {code: m.predict(matrix) for code, m in model.items()}
                for at, record in enumerate(records):
                    record[group] = [code for code, values in given.items() if values[at]]
            else:
                for record, value in zip(records, model.predict(matrix), strict=True):
                    record[group] = value or None
        return records

    return predict


def table(results: dict[str, Evaluation]) -> str:
    """Figures of each predictor per group, in Markdown."""
    lines = ["| group | figure | " + " | ".join(results) + " |", "|---" * (2 + len(results)) + "|"]
    groups = next(iter(results.values())).groups["group"]
    for at, group in enumerate(groups):
        for figure in ("macro_f1", "accuracy"):
            values = [r.groups.iloc[at][[figure, f"{figure}_low", f"{figure}_high"]] for r in results.values()]
            if not values[0].isna().any():
                cells = [f"{v.iloc[0]:.2f} ({v.iloc[1]:.2f}-{v.iloc[2]:.2f})" for v in values]
                lines.append(f"| {group} | {figure.replace('_', '-')} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main(paths: list[str]) -> None:
    """Print the tables."""
    examples = read_examples([TRAINING])
    predictors = {"this model": cxtext_model, "TF-IDF and logistic regression": tfidf, "majority": majority}
    ready = {name: make(examples) for name, make in predictors.items()}
    for path in map(Path, paths):
        gold, segments = read_gold(path)
        results = {name: evaluate(predict(segments), gold) for name, predict in ready.items()}
        model = results["this model"]
        print(f"### {path.stem}: {model.segments} segments of {model.documents} documents\n")
        print(table(results), end="\n\n")
        codes = model.codes[model.codes["n"] > 0].round(2).astype(object)
        print("| group | code | n | predicted | precision | recall | F1 | kappa |\n|---|---|---|---|---|---|---|---|")
        for row in codes.fillna("").to_dict("records"):
            print("| " + " | ".join(str(value) for value in row.values()) + " |")
        print()


if __name__ == "__main__":
    main(sys.argv[1:])
