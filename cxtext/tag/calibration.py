"""From logits on labelled segments to calibrated probabilities and decisions: how training ends for any engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit, log_softmax, softmax
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from cxtext.codebook import Codebook
from cxtext.errors import OptionError
from cxtext.tag.decoding import Chain, fit_chain
from cxtext.tag.engines import Engine
from cxtext.tag.estimators import best_threshold
from cxtext.tag.examples import Examples
from cxtext.tag.model import NONE, Calibration, Model

#: fewer examples of a code than this, and it is not learned
MIN_EXAMPLES = 10
#: strengths of the chain of phases that are tried
STRENGTHS = (0.0, 0.3, 0.5, 0.7, 0.85, 1.0)
_FOLDS = 5


def outputs_of(examples: Examples, codebook: Codebook) -> list[list[str]]:
    """What is learned: one list of outputs per group with at most one code, and one per code of the other groups.

    Codes with fewer than `MIN_EXAMPLES` examples are left out.
    """
    tasks: list[list[str]] = []
    for group in codebook.groups:
        paths = [code.path for code in group.codes]
        if group.exclusive:
            unlabelled = not examples.labels[paths].any(axis=1).all()
            tasks.append([*paths, f"{group.id}/{NONE}"] if unlabelled else paths)
        else:
            tasks += [[path] for path in paths if examples.labels[path].sum() >= MIN_EXAMPLES]
    return tasks


def target_of(examples: Examples, outputs: Sequence[str]) -> NDArray[np.int64]:
    """Number of the output that holds for each segment; for a single output 1 where it holds and 0 where not."""
    if len(outputs) == 1:
        single: NDArray[np.int64] = examples.labels[outputs[0]].to_numpy().astype(np.int64)
        return single
    labels = examples.labels[[output for output in outputs if not output.endswith(f"/{NONE}")]].to_numpy()
    return np.where(labels.any(axis=1), labels.argmax(axis=1), labels.shape[1])


def finish(
    engine: Engine,
    train: Examples,
    held_out: Examples,
    tasks: Sequence[Sequence[str]],
    *,
    name: str,
    version: str,
    codebook: Codebook,
    recipe: Mapping[str, Any],
) -> Model:
    """Make a model of a fitted engine: calibrate it on what it was not fitted on, and note what it was trained on.

    Parameters
    ----------
    engine : Engine
    train, held_out : Examples
    tasks : sequence of sequence of str
        See `outputs_of`.
    name, version : str
        Of the model.
    codebook : Codebook
    recipe : mapping
        The settings of the run.

    Returns
    -------
    Model
    """
    languages = pd.concat([part.segments["language"] for part in (train, held_out)])
    return Model(
        description={
            "name": name,
            "version": version,
            "codebook": {"name": codebook.name, "version": codebook.version},
            "training": {
                "sentences": len(train),
                "documents": train.segments["document"].nunique(),
                "held_out_sentences": len(held_out),
                "languages": languages.value_counts().to_dict(),
                "recipe": dict(recipe),
                "sources": train.sources,
            },
        },
        engine=engine,
        calibration=calibrate(engine.read(held_out.segments).logits, held_out, tasks),
    )


def calibrate(logits: NDArray[np.float32], examples: Examples, tasks: Sequence[Sequence[str]]) -> Calibration:
    """Fit calibration, thresholds and the chain of phases.

    Parameters
    ----------
    logits : numpy.ndarray
        Shape (n, k): of segments that the engine was not fitted on, one column per output.
    examples : Examples
        Those segments with their labels.
    tasks : sequence of sequence of str
        See `outputs_of`.

    Returns
    -------
    Calibration
        Platt's scaling per code, one temperature per group with at most one code.

    Raises
    ------
    OptionError
        The codebook has no group of phases.
    """
    documents = examples.segments["document"].tolist()
    slope, offset, thresholds, exclusive, chain = [], [], {}, [], None
    first = 0
    for outputs in tasks:
        own = logits[:, first : first + len(outputs)]
        first += len(outputs)
        target = target_of(examples, outputs)
        if len(outputs) == 1:
            a, b = _platt(own[:, 0], target)
            thresholds[outputs[0]] = _threshold(expit(a * own[:, 0] + b), target, documents)
            slope.append(a)
            offset.append(b)
            continue
        temperature = _temperature(own, target)
        slope += [temperature] * len(outputs)
        offset += [0.0] * len(outputs)
        exclusive.append(outputs[0].split("/")[0])
        if exclusive[-1] == "phase":
            chain = _best_chain(softmax(temperature * own, axis=1), target, documents)
    if chain is None:
        msg = "The codebook has no group named phase with at most one code."
        raise OptionError(msg)
    return Calibration(
        [output for outputs in tasks for output in outputs],
        np.array(slope, dtype=np.float32),
        np.array(offset, dtype=np.float32),
        thresholds,
        exclusive,
        chain,
    )


def _platt(logits: NDArray[np.float32], target: NDArray[np.int64]) -> tuple[float, float]:
    if len(set(target.tolist())) < 2:
        return 1.0, 0.0
    model = LogisticRegression(C=1e3).fit(logits[:, None], target)
    return float(max(model.coef_[0, 0], 1e-3)), float(model.intercept_[0])


def _temperature(logits: NDArray[np.float32], target: NDArray[np.int64]) -> float:
    grid = np.linspace(0.4, 2.0, 33)
    losses = [-log_softmax(t * logits, axis=1)[np.arange(len(target)), target].mean() for t in grid]
    return float(grid[int(np.argmin(losses))])


def _threshold(probability: NDArray[np.float64], target: NDArray[np.int64], documents: Sequence[str]) -> float:
    """Mean of the thresholds for the best F1 on each set of folds of documents but one."""
    folds = min(_FOLDS, len(set(documents)))
    if folds < 2:
        return 0.5
    groups = np.asarray(documents, dtype=object).astype(str)
    best = [
        best_threshold(probability[rows], target[rows].astype(bool))
        for rows, _ in GroupKFold(folds).split(probability, groups=groups)
    ]
    return round(float(np.mean(best)), 3)


def _best_chain(held_out: NDArray[np.float64], target: NDArray[np.int64], documents: Sequence[str]) -> Chain:
    chain = fit_chain(target, documents, held_out.shape[1])

    def right(strength: float) -> float:
        decoded = replace(chain, strength=strength).posterior(held_out, documents)
        return float((decoded.argmax(axis=1) == target).mean())

    return replace(chain, strength=max(STRENGTHS, key=right))
