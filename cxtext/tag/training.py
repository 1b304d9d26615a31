"""The recipe of the default model: labelled examples in, heads out."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse
from scipy.special import log_softmax, softmax
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from cxtext.codebook import Codebook, Group, load_codebook
from cxtext.errors import OptionError
from cxtext.tag.decoding import Chain, fit_chain
from cxtext.tag.examples import Examples
from cxtext.tag.features import FeatureExtractor
from cxtext.tag.heads import NONE, Heads

#: fewer examples of a code than this, and it is not learned
MIN_EXAMPLES = 10
#: strengths of the chain of phases that are tried on the held-out folds
STRENGTHS = (0.0, 0.3, 0.5, 0.7, 0.85, 1.0)


@dataclass(frozen=True)
class _Task:
    """One model to fit: a code of a multi-label group, or a whole group with at most one code."""

    outputs: list[str]
    target: np.ndarray
    groups: np.ndarray
    folds: int
    C: float


@dataclass(frozen=True)
class _Fit:
    outputs: list[str]
    weights: np.ndarray
    bias: np.ndarray
    held_out: np.ndarray


def train(
    examples: Examples,
    *,
    name: str = "default",
    version: str = "1",
    backend: str = "use",
    codebook: Codebook | None = None,
    folds: int = 4,
    C: float = 0.5,
    workers: int = 2,
    progress: Callable[[str, int, int], None] | None = None,
) -> Heads:
    """Fit a model on labelled segments.

    Each code gets a logistic regression; calibration, thresholds and the strength of the chain of phases come from
    predictions on held-out folds of documents.

    Parameters
    ----------
    examples : Examples
    name, version : str
        Of the model.
    backend : str
        Embedding.
    codebook : Codebook, optional
        The default codebook where it is left out.
    folds : int
        Folds of documents.
    C : float
        Inverse strength of regularisation.
    workers : int
        Processes.
    progress : callable, optional
        Called as ``progress(what, done, total)``.

    Returns
    -------
    Heads

    Raises
    ------
    OptionError
        There are too few examples to learn from.
    """
    codebook = codebook or load_codebook()
    documents = examples.segments["document"].to_numpy(dtype=object).astype(str)
    if len(set(documents)) < folds:
        msg = f"Training needs at least {folds} documents, there are {len(set(documents))}. Give more labelled text."
        raise OptionError(msg)
    tell = progress or (lambda what, done, total: None)
    tell("features", 0, 1)
    extractor = FeatureExtractor([code.path for code in codebook], backend).fit(examples.segments["text"].tolist())
    matrix = extractor.transform(examples.segments).matrix
    tasks = _tasks(examples, codebook, documents, folds, C)
    fits: list[_Fit] = []
    with ProcessPoolExecutor(workers, initializer=_share, initargs=(matrix,)) as pool:
        for done, fit in enumerate(pool.map(_fit, tasks)):
            tell(fit.outputs[0], done + 1, len(tasks))
            fits.append(fit)
    exclusive = [group.id for group in codebook.groups if group.exclusive]
    slope, offset, thresholds, chain = [], [], {}, None
    for task, fit in zip(tasks, fits, strict=True):
        group = fit.outputs[0].split("/")[0]
        if group in exclusive:
            temperature = _temperature(fit.held_out, task.target)
            slope += [temperature] * len(fit.outputs)
            offset += [0.0] * len(fit.outputs)
            if group == "phase":
                chain = _best_chain(softmax(temperature * fit.held_out, axis=1), task.target, documents)
        else:
            a, b = _platt(fit.held_out[:, 0], task.target)
            slope.append(a)
            offset.append(b)
            thresholds[fit.outputs[0]] = _threshold(1 / (1 + np.exp(-(a * fit.held_out[:, 0] + b))), task.target)
    if chain is None:
        msg = "The codebook has no group named phase with at most one code."
        raise OptionError(msg)
    return Heads(
        description={
            "name": name,
            "version": version,
            "codebook": {"name": codebook.name, "version": codebook.version},
            "training": {
                "sentences": len(examples),
                "documents": len(set(documents)),
                "languages": examples.segments["language"].value_counts().to_dict(),
                "C": C,
                "folds": folds,
                "sources": examples.sources,
            },
        },
        outputs=[output for fit in fits for output in fit.outputs],
        weights=np.concatenate([fit.weights for fit in fits], axis=1).astype(np.float32),
        bias=np.concatenate([fit.bias for fit in fits]).astype(np.float32),
        slope=np.array(slope, dtype=np.float32),
        offset=np.array(offset, dtype=np.float32),
        thresholds=thresholds,
        exclusive=exclusive,
        chain=chain,
        extractor=extractor,
    )


_MATRIX: sparse.csr_matrix | None = None


def _share(matrix: sparse.csr_matrix) -> None:
    """Give a worker the features once, on one BLAS thread."""
    from threadpoolctl import threadpool_limits

    global _MATRIX
    _MATRIX = matrix
    threadpool_limits(1)


def _tasks(examples: Examples, codebook: Codebook, documents: np.ndarray, folds: int, C: float) -> list[_Task]:
    tasks = []
    for group in codebook.groups:
        if group.exclusive:
            outputs, target = _states(examples, group)
            tasks.append(_Task(outputs, target, documents, folds, C))
            continue
        for code in group.codes:
            target = examples.labels[code.path].to_numpy()
            if target.sum() >= MIN_EXAMPLES:
                tasks.append(_Task([code.path], target, documents, folds, C))
    return tasks


def _states(examples: Examples, group: Group) -> tuple[list[str], np.ndarray]:
    """Outputs of an exclusive group and the number of the one that holds for each segment."""
    labels = examples.labels[[code.path for code in group.codes]].to_numpy()
    outputs = [code.path for code in group.codes]
    target = np.where(labels.any(axis=1), labels.argmax(axis=1), len(outputs))
    if (target == len(outputs)).any():
        outputs.append(f"{group.id}/{NONE}")
    return outputs, target


def _fit(task: _Task) -> _Fit:
    assert _MATRIX is not None
    held_out = np.zeros((len(task.target), len(task.outputs)))
    for train_rows, test_rows in GroupKFold(task.folds).split(_MATRIX, groups=task.groups):
        model = _model(task).fit(_MATRIX[train_rows], task.target[train_rows])
        held_out[test_rows] = _place(model.decision_function(_MATRIX[test_rows]), model.classes_, len(task.outputs))
    model = _model(task).fit(_MATRIX, task.target)
    bias = np.atleast_1d(_place(model.intercept_[None, :], model.classes_, len(task.outputs))[0])
    return _Fit(task.outputs, _place(model.coef_.T, model.classes_, len(task.outputs)), bias, held_out)


def _model(task: _Task) -> LogisticRegression:
    return LogisticRegression(C=task.C, max_iter=200, tol=1e-3)


def _place(values: np.ndarray, classes: np.ndarray, width: int) -> np.ndarray:
    """Columns in the order of the outputs, also where a fold lacks a class."""
    values = values.reshape(len(values), -1)
    if width == 1:
        return values
    result = np.full((len(values), width), -20.0)
    result[:, classes] = values
    return result


def _platt(logits: np.ndarray, target: np.ndarray) -> tuple[float, float]:
    model = LogisticRegression(C=1e3).fit(logits[:, None], target)
    return float(max(model.coef_[0, 0], 1e-3)), float(model.intercept_[0])


def _temperature(logits: np.ndarray, target: np.ndarray) -> float:
    grid = np.linspace(0.4, 2.0, 33)
    losses = [-log_softmax(t * logits, axis=1)[np.arange(len(target)), target].mean() for t in grid]
    return float(grid[int(np.argmin(losses))])


def _threshold(probability: np.ndarray, target: np.ndarray) -> float:
    """Threshold with the best F1 on held-out data, between .15 and .6."""
    grid = np.round(np.arange(0.15, 0.605, 0.01), 2)
    f1 = [2 * (target & (probability >= t)).sum() / (target.sum() + (probability >= t).sum()) for t in grid]
    smooth = np.convolve(np.pad(f1, 2, mode="edge"), np.ones(5) / 5, mode="valid")
    return float(grid[int(np.argmax(smooth))])


def _best_chain(held_out: np.ndarray, target: np.ndarray, documents: np.ndarray) -> Chain:
    names = documents.tolist()
    chain = fit_chain(target, names, held_out.shape[1])

    def right(strength: float) -> float:
        decoded = replace(chain, strength=strength).posterior(held_out, names)
        return float((decoded.argmax(axis=1) == target).mean())

    return replace(chain, strength=max(STRENGTHS, key=right))
