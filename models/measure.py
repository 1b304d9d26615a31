"""Measure the models and two baselines on human-coded files, as tables for their cards.

Run: ``python models/measure.py [--figure FILE.png] GOLD.jsonl ...`` with files of records ``id, doc, lang, text`` and
the groups of codes; rows of one ``doc`` stand together, in order. Where transcripts stand beside them, in
``interviews/DOC.txt`` with ``turn`` as the number of the turn, they are also tagged with what the interviewer asked.
The files are for measuring only: nothing is learned from them.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from cxtext.codebook import load_codebook
from cxtext.evaluation import Evaluation, evaluate
from cxtext.ingest import read_corpus
from cxtext.segmentation import segment
from cxtext.tables import SEGMENTS, make_table
from cxtext.tag import Tagger
from cxtext.tag.examples import Examples, read_examples
from cxtext.tag.vocabulary import character_vectorizer, word_vectorizer

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
            "position": positions[record["doc"]], "turn": record.get("turn", 0), "speaker": "", "role": "respondent",
            "start": 0, "end": len(record["text"]), "text": record["text"], "time_start": None, "time_end": None,
            "language": record["lang"], "prompt": "",
        })  # fmt: skip
    return gold, make_table(rows, SEGMENTS)


def records(tagger: Tagger, segments: pd.DataFrame) -> list[Record]:
    """Codes of each segment, as records."""
    codings = tagger.tag(segments, evidence=False).codings
    given = codings.groupby(["segment", "group"])["code"].agg(list).to_dict()
    return [
        {"id": name}
        | {
            group: given.get((name, group), []) if several else (given.get((name, group)) or [None])[0]
            for group, several in tagger.groups.items()
        }
        for name in segments["segment"]
    ]


def model(name: str) -> Predict:
    """Make a model a predictor."""
    tagger = Tagger.load(name)
    return lambda segments: records(tagger, segments)


def without_neighbours(name: str) -> Predict:
    """Make a model a predictor that reads every sentence by itself."""
    tagger = Tagger.load(name)
    return lambda segments: records(tagger, segments.assign(document=segments["segment"]))


def with_questions(name: str, transcripts: Path) -> Predict:
    """Make a model a predictor that knows the interviewer's questions, as it does of a transcript."""
    tagger = Tagger.load(name)
    said = segment(read_corpus(transcripts))
    prompts = {(row.document, row.turn + 1): row.prompt for row in said.itertuples()}

    def predict(segments: pd.DataFrame) -> list[Record]:
        turns = zip(segments["document"], segments["turn"], strict=True)
        return records(tagger, segments.assign(prompt=[prompts.get(turn, "") for turn in turns]))

    return predict


def without_chain(name: str) -> Predict:
    """Make a model a predictor that does not decode the phases over the document."""
    loaded = Tagger.load(name).model
    calibration = replace(loaded.calibration, chain=None)
    tagger = Tagger(model=replace(loaded, calibration=calibration))
    return lambda segments: records(tagger, segments)


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


def calibration_errors(tagger: Tagger, gold: list[Record], segments: pd.DataFrame) -> dict[str, float]:
    """Expected calibration error per group: mean distance of score and share that holds, over ten bins of scores."""
    scores = tagger.tag(segments, evidence=False).scores
    errors = {}
    for group in tagger.groups:
        paths = [path for path in scores.columns if path.startswith(f"{group}/")]
        if group not in gold[0]:
            continue
        held = np.array([[path.split("/")[1] in codes_of(record, group) for path in paths] for record in gold]).ravel()
        given = scores[paths].to_numpy().ravel()
        bins = np.minimum((given * 10).astype(int), 9)
        parts = [(bins == b) for b in range(10) if (bins == b).any()]
        errors[group] = float(sum(abs(held[p].mean() - given[p].mean()) * p.mean() for p in parts))
    return errors


def codes_of(record: Record, group: str) -> list[str]:
    """Codes of a group in a gold record."""
    value = record[group]
    return value if isinstance(value, list) else [value]


def draw_risk(path: Path, taggings: dict[str, tuple[list[Record], pd.DataFrame]]) -> None:
    """Draw how often codings are wrong when only the surest share of them is kept."""
    import matplotlib.pyplot as plt

    tagger = Tagger.load("standard")
    figure, axes = plt.subplots(1, len(taggings), figsize=(4.2 * len(taggings), 3.4), sharey=True, squeeze=False)
    for axis, (title, (gold, segments)) in zip(axes[0], taggings.items(), strict=True):
        by_segment = {record["id"]: record for record in gold}
        codings = tagger.tag(segments, evidence=False).codings
        for group in ("kind", "emotion", "sentiment", "phase", "channel"):
            own = codings[codings["group"] == group].sort_values("score", ascending=False)
            pairs = zip(own["segment"], own["code"], strict=True)
            wrong = np.array([code not in codes_of(by_segment[segment], group) for segment, code in pairs])
            kept = np.arange(1, len(wrong) + 1)
            axis.plot(kept / len(wrong), np.cumsum(wrong) / kept, label=f"{group} ({len(wrong)})")
        axis.set(title=title, xlabel="share of the codings kept, surest first", xlim=(0.05, 1), ylim=(0, None))
        axis.legend(frameon=False, fontsize=8)
    axes[0, 0].set(ylabel="share of them that is wrong", ylim=(0, 0.6))
    figure.tight_layout()
    figure.savefig(path, dpi=120)


def main(arguments: list[str]) -> None:
    """Print the tables."""
    figure = None
    if arguments[0] == "--figure":
        figure, arguments = Path(arguments[1]), arguments[2:]
    examples = read_examples([TRAINING])
    ready: dict[str, Predict] = {
        "standard": model("standard"),
        "fast": model("fast"),
        "TF-IDF and logistic regression": tfidf(examples),
        "majority": majority(examples),
        "standard, no neighbours": without_neighbours("standard"),
        "standard, no chain": without_chain("standard"),
    }
    taggings = {Path(path).stem: read_gold(Path(path)) for path in arguments}
    for path, (name, (gold, segments)) in zip(arguments, taggings.items(), strict=True):
        results = {predictor: evaluate(predict(segments), gold) for predictor, predict in ready.items()}
        transcripts = Path(path).parent / "interviews"
        if transcripts.is_dir() and {record["doc"] for record in gold} & {file.stem for file in transcripts.iterdir()}:
            results["standard, with the questions"] = evaluate(with_questions("standard", transcripts)(segments), gold)
        standard = results["standard"]
        print(f"### {name}: {standard.segments} segments of {standard.documents} documents\n")
        print(table(results), end="\n\n")
        for engine in ("standard", "fast"):
            errors = calibration_errors(Tagger.load(engine), gold, segments)
            print(f"Calibration error, {engine}: " + ", ".join(f"{g} {e:.3f}" for g, e in errors.items()), end="\n\n")
            codes = results[engine].codes
            codes = codes[codes["n"] > 0].round(2).astype(object)
            print(f"{engine}\n\n| group | code | n | predicted | precision | recall | F1 | kappa |")
            print("|---|---|---|---|---|---|---|---|")
            for row in codes.fillna("").to_dict("records"):
                print("| " + " | ".join(str(value) for value in row.values()) + " |")
            print()
    if figure:
        draw_risk(figure, taggings)


if __name__ == "__main__":
    main(sys.argv[1:])
