"""The recipe of the ``fast`` engine: labelled examples in, linear heads out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from cxtext.codebook import Codebook, load_codebook
from cxtext.errors import OptionError
from cxtext.tag.calibration import finish, outputs_of, target_of
from cxtext.tag.examples import Examples
from cxtext.tag.features import FeatureExtractor
from cxtext.tag.linear import LinearEngine
from cxtext.tag.model import Model
from cxtext.tag.vocabulary import Vocabulary

#: fewer documents than this cannot be parted
_FEWEST = 4
#: logit of a class that the training text does not have
_NEVER = -20.0


def train(
    examples: Examples,
    *,
    name: str = "fast",
    version: str = "1",
    backend: str = "use",
    codebook: Codebook | None = None,
    held_out: float = 0.08,
    seed: int = 0,
    C: float = 0.5,
    workers: int = 2,
    progress: Callable[[str, int, int], None] | None = None,
) -> Model:
    """Fit a model on labelled segments.

    Each code gets a logistic regression; calibration, thresholds and the strength of the chain of phases come from
    predictions on held-out documents.

    Parameters
    ----------
    examples : Examples
    name, version : str
        Of the model.
    backend : str
        Embedding.
    codebook : Codebook, optional
        The default codebook where it is left out.
    held_out : float
        Share of the documents that is kept for calibration and thresholds.
    seed : int
        Of their choice.
    C : float
        Inverse strength of regularisation.
    workers : int
        Processes.
    progress : callable, optional
        Called as ``progress(what, done, total)``.

    Returns
    -------
    Model

    Raises
    ------
    OptionError
        There are too few examples to learn from.
    """
    codebook = codebook or load_codebook()
    documents = examples.segments["document"].nunique()
    if documents < _FEWEST:
        msg = f"Training needs at least {_FEWEST} documents, there are {documents}. Give more labelled text."
        raise OptionError(msg)
    tell = progress or (lambda what, done, total: None)
    tell("features", 0, 1)
    kept, own = examples.split(held_out, seed)
    vocabulary = Vocabulary.of(own.segments["text"].tolist())
    extractor = FeatureExtractor([code.path for code in codebook], backend, vocabulary)
    matrix = extractor.transform(own.segments).matrix
    tasks = outputs_of(own, codebook)
    parts: list[tuple[NDArray[np.float32], NDArray[np.float32]]] = []
    with ProcessPoolExecutor(workers, initializer=_share, initargs=(matrix,)) as pool:
        targets = [target_of(own, task) for task in tasks]
        for done, part in enumerate(pool.map(partial(_fit, C=C), tasks, targets)):
            tell(tasks[done][0], done + 1, len(tasks))
            parts.append(part)
    weights, bias = (np.concatenate(arrays, axis=-1) for arrays in zip(*parts, strict=True))
    return finish(
        LinearEngine(extractor, weights, bias),
        own,
        kept,
        tasks,
        name=name,
        version=version,
        codebook=codebook,
        recipe={"C": C, "held_out": held_out, "seed": seed},
    )


_MATRIX: sparse.csr_matrix | None = None


def _share(matrix: sparse.csr_matrix) -> None:
    """Give a worker the features once, on one BLAS thread."""
    from threadpoolctl import threadpool_limits

    global _MATRIX
    _MATRIX = matrix
    threadpool_limits(1)


def _fit(
    outputs: Sequence[str], target: NDArray[np.int64], C: float
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Weights (width, outputs) and bias (outputs,) of one head."""
    model = LogisticRegression(C=C, max_iter=200, tol=1e-3).fit(_MATRIX, target)
    if len(outputs) == 1:
        return model.coef_.T.astype(np.float32), model.intercept_.astype(np.float32)
    two = len(model.classes_) == 2
    slopes, offsets = (np.concatenate([-a / 2, a / 2]) if two else a for a in (model.coef_, model.intercept_))
    weights = np.zeros((slopes.shape[1], len(outputs)), dtype=np.float32)
    bias = np.full(len(outputs), _NEVER, dtype=np.float32)
    weights[:, model.classes_], bias[model.classes_] = slopes.T, offsets
    return weights, bias
