"""Heads as scikit-learn estimators."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, StratifiedKFold
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data


class CodeClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """A calibrated linear head for one code (or for a group of which one code holds).

    Logistic regression with balanced classes; for two classes its scores are calibrated (Platt) on
    held-out folds, and the threshold for the best F1 is taken from those folds (see `best_threshold`).

    Parameters
    ----------
    C : float
        Inverse strength of regularisation.
    folds : int
        Folds for calibration; fewer where the smallest class has fewer members.
    seed : int
        Of the folds.

    Attributes
    ----------
    classes_ : numpy.ndarray
    threshold_ : float
        Probability of the second class from which it is predicted; .5 where there are more than two.
    held_out_ : numpy.ndarray
        Shape (n, classes): probabilities of the training rows by models that had not seen them.

    Examples
    --------
    >>> X = np.array([[0.0], [0.1], [0.9], [1.0]] * 5)
    >>> CodeClassifier().fit(X, [0, 0, 1, 1] * 5).predict([[0.95]]).tolist()
    [1]
    """

    def __init__(self, C: float = 1.0, *, folds: int = 5, seed: int = 0) -> None:
        self.C = C
        self.folds = folds
        self.seed = seed

    def fit(self, X: Any, y: Any, groups: Any = None) -> CodeClassifier:
        """Fit.

        Parameters
        ----------
        X : array of shape (n, width)
        y : array of shape (n,)
        groups : array of shape (n,), optional
            Respondent of each row: folds are by respondent.

        Returns
        -------
        CodeClassifier
        """
        X, y = validate_data(self, X, y)
        check_classification_targets(y)
        self.classes_, target = np.unique(y, return_inverse=True)
        self._head = self._linear().fit(X, target) if len(self.classes_) > 1 else None
        self.slope_, self.offset_, self.threshold_ = 1.0, 0.0, 0.5
        scores = self._held_out_scores(X, target, groups)
        if scores is not None and scores.shape[1] == 1:
            platt = LogisticRegression(C=10.0).fit(scores, target)
            self.slope_, self.offset_ = float(max(platt.coef_[0, 0], 1e-3)), float(platt.intercept_[0])
            self.threshold_ = best_threshold(self._calibrated(scores)[:, 1], target == 1)
        self.held_out_ = self._calibrated(scores if scores is not None else self._scores(X))
        return self

    def decision_function(self, X: Any) -> NDArray[np.float64]:
        """Calibrated logits; for two classes those of the second, above zero where it is predicted."""
        probability = self.predict_proba(X)
        if len(self.classes_) != 2:
            return np.log(np.clip(probability, 1e-12, 1))
        limit = np.log(self.threshold_ / (1 - self.threshold_))
        second = np.clip(probability[:, 1], 1e-12, 1 - 1e-12)
        result: NDArray[np.float64] = np.log(second / (1 - second)) - limit
        return result

    def predict_proba(self, X: Any) -> NDArray[np.float64]:
        """Probability of each class; shape (n, classes)."""
        check_is_fitted(self)
        return self._calibrated(self._scores(validate_data(self, X, reset=False)))

    def predict(self, X: Any) -> NDArray[Any]:
        """Class of each row."""
        probability = self.predict_proba(X)
        if len(self.classes_) != 2:
            return np.asarray(self.classes_[probability.argmax(axis=1)])
        return np.asarray(self.classes_[(probability[:, 1] >= self.threshold_).astype(int)])

    def linear(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Weights (width, outputs) and bias (outputs,) of the calibrated logits."""
        assert self._head is not None
        return self._head.coef_.T * self.slope_, self._head.intercept_ * self.slope_ + self.offset_

    def _linear(self) -> LogisticRegression:
        return LogisticRegression(C=self.C, class_weight="balanced", max_iter=500)

    def _scores(self, X: NDArray[Any]) -> NDArray[np.float64]:
        if self._head is None:
            return np.zeros((len(X), 1))
        scores = self._head.decision_function(X)
        return scores.reshape(len(X), -1)

    def _held_out_scores(self, X: NDArray[Any], target: NDArray[Any], groups: Any) -> NDArray[np.float64] | None:
        """Scores by models that had not seen the row; None where there is too little for folds."""
        smallest = np.bincount(target).min()
        units = len(np.unique(groups)) if groups is not None else smallest
        folds = int(min(self.folds, smallest, units))
        if folds < 2 or len(self.classes_) < 2:
            return None
        grouped = GroupKFold(folds)
        plain = StratifiedKFold(folds, shuffle=True, random_state=self.seed)
        splits = list(grouped.split(X, target, groups) if groups is not None else plain.split(X, target))
        if any(len(np.unique(target[rows])) < len(self.classes_) for rows, _ in splits):
            return None
        width = 1 if len(self.classes_) == 2 else len(self.classes_)
        scores = np.zeros((len(X), width))
        for rows, others in splits:
            scores[others] = self._linear().fit(X[rows], target[rows]).decision_function(X[others]).reshape(-1, width)
        return scores

    def _calibrated(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        if len(self.classes_) == 1:
            return np.ones((len(scores), 1))
        if len(self.classes_) == 2:
            second = 1 / (1 + np.exp(-np.clip(self.slope_ * scores[:, 0] + self.offset_, -30, 30)))
            return np.stack([1 - second, second], axis=1)
        shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
        result: NDArray[np.float64] = shifted / shifted.sum(axis=1, keepdims=True)
        return result


def best_threshold(probability: NDArray[np.float64], target: NDArray[np.bool_]) -> float:
    """Half of the best F1 that any threshold reaches, smoothed over its neighbours.

    That is where the F1 of calibrated probabilities is best (Lipton, Elkan and Naryanaswamy, 2014), and it moves
    less with the sample than the place of the maximum, since the curve around it is flat. In steps of .05.

    Examples
    --------
    >>> best_threshold(np.array([0.1, 0.2, 0.6, 0.7]), np.array([False, False, True, True]))
    0.5
    """
    given = probability[:, None] >= np.round(np.arange(0.1, 0.71, 0.01), 2)
    f1 = 2 * (given & target[:, None]).sum(axis=0) / np.maximum(given.sum(axis=0) + target.sum(), 1)
    smooth = np.convolve(np.pad(f1, 2, mode="edge"), np.ones(5) / 5, mode="valid")
    return max(2, round(float(smooth.max()) * 10)) / 20
