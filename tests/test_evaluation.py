"""Figures against human codings."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score, precision_recall_fscore_support

from cxtext.errors import ReadError
from cxtext.evaluation import evaluate

KINDS = ["need", "pain", "gain", "activity", "expectation", "question"]
codes = st.lists(st.sampled_from(KINDS), unique=True)


@settings(deadline=None)
@given(st.lists(st.tuples(codes, codes), min_size=5, max_size=40))
def test_figures_per_code_are_those_of_scikit_learn(pairs):
    """Precision, recall, F1 and kappa are the textbook ones."""
    gold = [{"id": i, "doc": i % 3, "kind": want} for i, (want, _) in enumerate(pairs)]
    predicted = [{"id": str(i), "kind": ";".join(got)} for i, (_, got) in enumerate(pairs)]
    figures = evaluate(predicted, gold, repeats=10).codes.set_index("code")
    truth, guess = np.array([[[code in given for code in KINDS] for given in pair] for pair in pairs]).swapaxes(0, 1)
    scores = precision_recall_fscore_support(truth, guess, zero_division=0)
    for code, y, p, precision, recall, f1 in zip(KINDS, truth.T, guess.T, *scores[:3], strict=True):
        row = figures.loc[code]
        assert row["n"] == sum(y)
        if any(y) and any(p):
            assert row["precision"] == pytest.approx(precision)
            assert row["recall"] == pytest.approx(recall)
            assert row["f1"] == pytest.approx(f1)
        if 0 < sum(y) < len(y):
            assert row["kappa"] == pytest.approx(cohen_kappa_score(y, p))


def test_macro_f1_counts_codes_with_at_least_eight_cases_only():
    """A code with seven gold cases does not move the figure of its group."""
    gold = [{"id": i, "kind": ["pain"] if i < 8 else ["need"] if i < 15 else []} for i in range(30)]
    predicted = [{"id": i, "kind": ["pain"] if i < 8 else []} for i in range(30)]
    group = evaluate(predicted, gold, repeats=20).groups.iloc[0]
    assert group["codes"] == 1
    assert group["macro_f1"] == 1.0


def test_no_phase_is_an_answer_of_its_own():
    """Accuracy of the phase counts segments without a phase too."""
    gold = [{"id": i, "phase": "use" if i < 10 else None} for i in range(20)]
    predicted = [{"id": i, "phase": "use" if i < 5 else None} for i in range(20)]
    assert evaluate(predicted, gold, repeats=20).groups.iloc[0]["accuracy"] == 0.75


def test_interval_is_over_documents_and_holds_the_figure():
    """Sentences of one document stand or fall together, so few documents give a wide interval."""
    rng = np.random.default_rng(1)
    gold = [{"id": i, "doc": i % 4, "kind": ["pain"]} for i in range(80)]
    predicted = [{"id": i, "kind": ["pain"] if rng.random() < (i % 4) / 3 else []} for i in range(80)]
    group = evaluate(predicted, gold, repeats=400).groups.iloc[0]
    assert group["macro_f1_low"] < group["macro_f1"] < group["macro_f1_high"]
    assert group["macro_f1_high"] - group["macro_f1_low"] > 0.3


def test_missing_predictions_are_named_and_count_as_nothing():
    """A gold segment without a prediction lowers recall and is listed."""
    result = evaluate([{"id": "a", "kind": ["pain"]}], [{"id": "a", "kind": ["pain"]}, {"id": "b", "kind": ["pain"]}])
    assert result.missing == ("b",)
    assert result.codes.set_index("code").loc["pain", "recall"] == 0.5


def test_files_that_do_not_fit_are_refused_with_the_next_step(tmp_path):
    """Wrong JSON names its line; files without a common id say how to get one."""
    good, bad, other = tmp_path / "good.jsonl", tmp_path / "bad.jsonl", tmp_path / "other.jsonl"
    good.write_text(json.dumps({"id": 1, "kind": []}) + "\n")
    bad.write_text('{"id": 1}\nnope\n')
    other.write_text('{"id": 2, "kind": []}\n')
    with pytest.raises(ReadError, match=r"bad\.jsonl, line 2: it is not JSON"):
        evaluate(bad, good)
    with pytest.raises(ReadError, match="--id-column"):
        evaluate(other, good)
    with pytest.raises(ReadError, match="cannot be read"):
        evaluate(tmp_path / "missing.jsonl", good)
    with pytest.raises(ReadError, match="it has no id"):
        evaluate([{"kind": []}], good)
