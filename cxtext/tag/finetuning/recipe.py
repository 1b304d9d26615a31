"""The settings of a tuning run."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Recipe:
    """How to tune.

    Attributes
    ----------
    epochs : float
        How often the text is seen.
    rate, head_rate, query_rate : float
        Learning rates of the encoder, of the heads, and of what tells each head which tokens to look at.
    rows : int
        Rows of a batch, of 128 tokens each.
    held_out : float
        Share of the documents that is kept for calibration and thresholds.
    taught : float
        How much the probabilities of teachers count beside the labels, where there are teachers (Hinton and others,
        2015; Furlanello and others, 2018).
    seed : int
        Of the split and of the order of the text.
    """

    epochs: float = 4.0
    rate: float = 1.5e-4
    head_rate: float = 1e-3
    query_rate: float = 2.5e-4
    rows: int = 4
    held_out: float = 0.08
    taught: float = 0.4
    seed: int = 0
