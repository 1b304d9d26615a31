"""The models that come with cxtext."""

import json

import numpy as np
import pytest
from click.testing import CliRunner

from cxtext.cli import main
from cxtext.codebook import load_codebook
from cxtext.resources import model_names, model_path, models_path
from cxtext.tables import SEGMENTS, make_table
from cxtext.tag import Tagger

TEXTS = [
    "Ik belde op maandag.", "Toen stond ik een half uur in de wacht.", "Niemand wist iets!", "Toen kwam er iemand.",
    "Wat een opluchting.", "The nurse was lovely.", "😡😡", "", "woord " * 300,
]  # fmt: skip


def segments(texts, documents=None, prompts=None):
    """A segments table."""
    documents = documents or ["d"] * len(texts)
    return make_table(
        [
            {
                "segment": f"s{i}", "document": documents[i], "case": "c",
                "position": documents[:i].count(documents[i]),
                "turn": i, "speaker": "R", "role": "respondent", "start": 0, "end": len(text), "text": text,
                "time_start": None, "time_end": None, "language": "nl", "prompt": (prompts or [""] * len(texts))[i],
            }
            for i, text in enumerate(texts)
        ],
        SEGMENTS,
    )  # fmt: skip


@pytest.mark.parametrize("name", ["fast", "standard"])
def test_a_model_is_arrays_onnx_and_json_with_a_card(name):
    """No pickle is ever loaded, and every model says what it was trained on, how good it is and what it is not for."""
    assert {path.suffix for path in model_path(name).iterdir()} <= {".json", ".npz", ".onnx", ".txt", ".md"}
    card = (model_path(name) / "CARD.md").read_text(encoding="utf-8")
    for heading in ("## What it was trained on", "## How good it is", "## What it must not be used for"):
        assert heading in card
    about = json.loads((model_path(name) / "model.json").read_text(encoding="utf-8"))
    assert all(len(digest) == 64 for digest in about["training"]["sources"].values())
    assert {output for output in about["outputs"] if not output.endswith("/none")} <= {c.path for c in load_codebook()}


def test_the_models_fit_in_the_wheel():
    """At most 60 MB for the models that code, 25 MB for the encoder of themes."""
    assert sum(file.stat().st_size for name in model_names() for file in model_path(name).iterdir()) < 60e6
    assert sum(file.stat().st_size for file in (models_path() / "themes").iterdir()) < 25e6


def test_the_command_lists_the_models():
    """Name, engine, what each was trained on and where its card is, for people and as JSON."""
    text = CliRunner().invoke(main, ["models"]).output
    assert "fast (version" in text
    assert "standard (version" in text
    listed = json.loads(CliRunner().invoke(main, ["models", "--json"]).output)
    assert [model["engine"] for model in listed] == ["fast", "standard"]


@pytest.mark.parametrize(("name", "tolerance"), [("fast", 3e-4), ("standard", 0)])
def test_threads_and_neighbours_in_the_batch_do_not_matter(name, tolerance):
    """One thread or several, one document or many at a time: the same scores, from standard to the last digit."""
    texts = [*TEXTS, *TEXTS]
    documents = ["a"] * len(TEXTS) + ["b"] * len(TEXTS)
    together = Tagger.load(name, threads=2).tag(segments(texts, documents)).scores.drop(columns="segment").to_numpy()
    alone = Tagger.load(name, threads=1).tag(segments(TEXTS)).scores.drop(columns="segment").to_numpy()
    assert np.abs(together[: len(TEXTS)] - alone).max() <= tolerance
    assert np.abs(together[len(TEXTS) :] - alone).max() <= tolerance


def test_the_standard_model_reads_the_neighbours_and_the_question():
    """The same short answer is read in the light of what stands before it."""
    tagger = Tagger.load("standard")

    def score(before, question, code):
        table = segments([before, "Nee, nooit."], prompts=[question, question])
        return tagger.tag(table).scores[code].iloc[1]

    called = score("Ik heb ze gebeld en stond uren in de wacht.", "Hoe ging dat telefoongesprek?", "channel/phone")
    shopped = score("Ik liep de winkel binnen.", "Hoe was het in de winkel?", "channel/phone")
    assert called != shopped
