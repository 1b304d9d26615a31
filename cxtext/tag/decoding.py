"""Phases over a whole document: a hidden Markov model over the phases of its segments.

A sentence often does not tell its phase, but the sentences around it do. The states are the phases and "no phase";
what a segment tells by itself comes from its head. Survey answers and messages are too short to have a course.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

#: In shorter documents (survey answers, messages) the chain was wrong as often as right, so they are left as they are.
FEWEST = 10


@dataclass(frozen=True)
class Chain:
    """How phases follow each other within a document.

    Attributes
    ----------
    start : numpy.ndarray
        Shape (k,), log probability of the first state.
    step : numpy.ndarray
        Shape (k, k), log probability of the next state (column) after a state (row).
    prior : numpy.ndarray
        Shape (k,), log share of each state in the training data.
    strength : float
        How much the chain counts against the segment itself: 0 is not at all.
    """

    start: np.ndarray
    step: np.ndarray
    prior: np.ndarray
    strength: float = 1.0

    def arrays(self) -> dict[str, np.ndarray]:
        """The tables by the names under which they are stored."""
        return {"chain_start": self.start, "chain_step": self.step, "chain_prior": self.prior}

    @classmethod
    def of(cls, arrays: Mapping[str, np.ndarray], strength: float) -> Chain:
        """Make a chain of its stored tables."""
        return cls(arrays["chain_start"], arrays["chain_step"], arrays["chain_prior"], strength)

    def posterior(self, probabilities: np.ndarray, documents: Sequence[str]) -> np.ndarray:
        """Probability of each state given all segments of the document (forward-backward), where it has `FEWEST`.

        Parameters
        ----------
        probabilities : numpy.ndarray
            Shape (n, k), what each segment tells by itself.
        documents : sequence of str
            Document of each row; rows of one stand together.

        Returns
        -------
        numpy.ndarray
            Shape (n, k), rows sum to 1.
        """
        result = np.array(probabilities, dtype=np.float64)
        for rows in _long_runs(documents):
            result[rows] = self._smooth(np.clip(result[rows], 1e-6, 1))
        return result

    def _smooth(self, own: np.ndarray) -> np.ndarray:
        """Forward-backward; each step is scaled, so that long documents do not underflow."""
        emission = own / np.exp(self.strength * self.prior)
        step = np.exp(self.strength * self.step)
        forward, backward = np.empty_like(own), np.ones_like(own)
        forward[0] = np.exp(self.strength * self.start) * emission[0]
        for t in range(1, len(own)):
            forward[t] = emission[t] * (forward[t - 1] @ step)
            forward[t] /= forward[t].sum()
        for t in range(len(own) - 2, -1, -1):
            backward[t] = step @ (emission[t + 1] * backward[t + 1])
            backward[t] /= backward[t].sum()
        joint = forward * backward
        return joint / joint.sum(axis=1, keepdims=True)


def fit_chain(states: np.ndarray, documents: Sequence[str], k: int, *, strength: float = 1.0) -> Chain:
    """Estimate a chain from labelled documents that have `FEWEST` segments, with add-one smoothing.

    Parameters
    ----------
    states : numpy.ndarray of int
        Shape (n,), state of each segment.
    documents : sequence of str
        Document of each segment.
    k : int
        Number of states.
    strength : float
        See `Chain`.

    Returns
    -------
    Chain
    """
    start, step, prior = np.ones(k), np.ones((k, k)), np.ones(k)
    for rows in _long_runs(documents):
        start[states[rows.start]] += 1
        np.add.at(step, (states[rows][:-1], states[rows][1:]), 1)
        prior += np.bincount(states[rows], minlength=k)
    return Chain(
        np.log(start / start.sum()),
        np.log(step / step.sum(axis=1, keepdims=True)),
        np.log(prior / prior.sum()),
        strength,
    )


def runs(documents: Sequence[str]) -> Iterator[slice]:
    """Rows of each document, one slice per run of equal names."""
    first = 0
    for at in range(1, len(documents) + 1):
        if at == len(documents) or documents[at] != documents[first]:
            yield slice(first, at)
            first = at


def _long_runs(documents: Sequence[str]) -> list[slice]:
    return [rows for rows in runs(documents) if rows.stop - rows.start >= FEWEST]


def runs_of_documents(documents: Sequence[str], size: int) -> list[slice]:
    """Rows of whole documents, in slices of at least so many where there are so many.

    Examples
    --------
    >>> runs_of_documents(["a", "a", "b", "c"], 2)
    [slice(0, 2, None), slice(2, 4, None)]
    """
    slices: list[slice] = []
    for rows in runs(documents):
        if slices and slices[-1].stop - slices[-1].start < size:
            slices[-1] = slice(slices[-1].start, rows.stop)
        else:
            slices.append(rows)
    return slices
