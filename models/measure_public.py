"""Measure the models on public sets whose labels are near to the codebook's, as a table for their cards.

Run: ``python models/measure_public.py ../shared/data``. Nothing is learned from these sets. A set codes other things
than the codebook: the table says which codes stand for which labels.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxtext.sentences import sentence_spans
from cxtext.tables import SEGMENTS, make_table
from cxtext.tag import Tagger

TURNS = "emotwics_nl_evaluation_only/customer_turns_development.tsv"
SUGGESTIONS = "suggestions_en_evaluation_only/Subtask{}_Trial_Test_Labeled.csv"
#: clusters of EmoTwiCS and the code that comes nearest
CLUSTERS = {
    "Anger or Annoyance": ({"Anger", "Annoyance"}, "emotion/anger"),
    "Joy or Gratitude": ({"Joy", "Gratitude"}, "emotion/joy"),
    "Disappointment": ({"Disappointment"}, "emotion/sadness"),
    "Nervousness": ({"Nervousness"}, "emotion/fear"),
    "Relief": ({"Relief"}, "emotion/relief"),
    "Desire": ({"Desire"}, "kind/need"),
}


def segments_of(texts: list[str], language: str, *, split: bool) -> pd.DataFrame:
    """Each text as a document of its sentences, or as one segment."""
    rows = []
    for number, text in enumerate(texts):
        spans = sentence_spans(text, language) if split else [(0, len(text))]
        for position, (start, end) in enumerate(spans):
            rows.append({
                "segment": f"{number}:{position}", "document": str(number), "case": str(number),
                "position": position, "turn": 0, "speaker": "", "role": "respondent", "start": start, "end": end,
                "text": text[start:end], "time_start": None, "time_end": None, "language": language, "prompt": "",
            })  # fmt: skip
    return make_table(rows, SEGMENTS)


def coded(tagger: Tagger, texts: list[str], language: str, *, split: bool = True) -> pd.DataFrame:
    """Whether a text has a code anywhere; one column per code."""
    codings = tagger.tag(segments_of(texts, language, split=split), evidence=False).codings
    codings["path"] = codings["group"] + "/" + codings["code"]
    table = pd.crosstab(codings["document"].astype(int), codings["path"]) > 0
    return table.reindex(range(len(texts)), fill_value=False)


def f1(truth: NDArray[np.bool_], given: NDArray[np.bool_]) -> float:
    """F1 of the positive class."""
    return float(2 * (truth & given).sum() / max(truth.sum() + given.sum(), 1))


def main(folder: Path) -> None:
    """Print the table."""
    turns = pd.read_csv(folder / TURNS, sep="\t", dtype=str, keep_default_na=False, quoting=3)
    clusters = [set(value.split(",")) for value in turns["emo_clusters"]]
    rows: dict[str, list[str]] = {}

    def note(what: str, truth: NDArray[np.bool_], given: NDArray[np.bool_]) -> None:
        rows.setdefault(f"{what} | {int(truth.sum())} of {len(truth)}", []).append(f"{f1(truth, given):.2f}")

    for model in ("standard", "fast"):
        tagger = Tagger.load(model)
        codes = coded(tagger, turns["text"].tolist(), "nl")
        for name, (labels, code) in CLUSTERS.items():
            truth = np.array([bool(labels & own) for own in clusters])
            note(f"EmoTwiCS {name} by `{code}`", truth, codes[code].to_numpy())
        first = (turns["turn"] == "0").to_numpy()
        cause = (turns["cause_label_if_first_turn"] != "").to_numpy()
        note("EmoTwiCS cause present by `kind/pain`", cause[first], codes["kind/pain"].to_numpy()[first])
        negative = (turns["valence"].astype(float) <= 2).to_numpy()
        note("EmoTwiCS valence at most 2 by `sentiment/negative`", negative, codes["sentiment/negative"].to_numpy())
        for task in "AB":
            sentences = pd.read_csv(folder / SUGGESTIONS.format(task), dtype=str, encoding_errors="replace")
            found = coded(tagger, sentences["sentence"].fillna("").tolist(), "en", split=False)["kind/need"]
            truth = (sentences["label"] == "1").to_numpy()
            note(f"SemEval-2019 task 9{task} suggestion by `kind/need`", truth, found.to_numpy())
    print("| what | cases | standard, F1 | fast, F1 |\n|---|---|---|---|")
    for what, values in rows.items():
        print(f"| {what} | {' | '.join(values)} |")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
