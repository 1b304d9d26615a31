"""The grouping of themes as a scikit-learn estimator."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClusterMixin, TransformerMixin
from sklearn.utils.validation import check_is_fitted, validate_data

from cxtext.clustering import OUTLIER, Matrix, group


class ThemeClusterer(TransformerMixin, ClusterMixin, BaseEstimator):  # type: ignore[misc]
    """Group vectors by their direction; their number is found, small groups dissolve, far points lie apart (-1).

    Parameters
    ----------
    n_themes : int or None
        How many to look for; chosen by silhouette where it is None.
    least_segments, least_cases : int
        A group with fewer points or respondents is dissolved.
    seed : int
    coarser : bool
        Whether half the number found is taken where so few groups are clearly better found again in parts of the data.

    Attributes
    ----------
    centres_ : numpy.ndarray
        Shape (groups, d), of unit length.
    labels_ : numpy.ndarray
        Shape (n,), 0 and up, or -1.
    cosines_ : numpy.ndarray
        Shape (n, groups), of the points that were fitted.
    fence_ : float
        Cosine with the nearest centre under which a point lies apart.
    tried_ : tuple of int
        Numbers of groups that were tried.

    Examples
    --------
    >>> X = np.array([[1, 0.1], [1, 0.2], [0.1, 1], [0.2, 1]] * 5)
    >>> ThemeClusterer(2).fit_predict(X)[:4].tolist() in ([0, 0, 1, 1], [1, 1, 0, 0])
    True
    """

    def __init__(
        self,
        n_themes: int | None = None,
        *,
        least_segments: int = 1,
        least_cases: int = 1,
        seed: int = 0,
        coarser: bool = True,
    ) -> None:
        self.n_themes = n_themes
        self.least_segments = least_segments
        self.least_cases = least_cases
        self.seed = seed
        self.coarser = coarser

    def fit(
        self, X: Any, y: Any = None, *, cases: Sequence[str] | None = None, passages: Sequence[int] | None = None
    ) -> ThemeClusterer:
        """Group points.

        Parameters
        ----------
        X : array of shape (n, d)
        y : ignored
        cases : sequence of str, optional
            Respondent of each point; each its own where it is left out.
        passages : sequence of int, optional
            Points of one passage, or copies of one text, weigh together as one.

        Returns
        -------
        ThemeClusterer
        """
        points = _unit(validate_data(self, X))
        rows = range(len(points))
        found = group(
            points,
            [str(row) for row in rows] if cases is None else cases,
            rows if passages is None else passages,
            n_groups=self.n_themes,
            least_segments=self.least_segments,
            least_cases=self.least_cases,
            seed=self.seed,
            coarser=self.coarser,
        )
        assert found.centres is not None
        self.centres_, self.fence_, self.tried_ = found.centres, found.fence, found.tried
        self.labels_, self.cosines_ = found.labels, found.cosines
        return self

    def transform(self, X: Any) -> NDArray[np.float64]:
        """Cosine with each centre: shape (n, groups)."""
        check_is_fitted(self)
        points = _unit(validate_data(self, X, reset=False))
        return np.asarray(points @ self.centres_.T, dtype=float)

    def predict(self, X: Any) -> NDArray[np.int64]:
        """Group of each row, or -1."""
        cosines = self.transform(X)
        return np.where(cosines.max(axis=1) >= self.fence_, cosines.argmax(axis=1), OUTLIER)


def _unit(X: NDArray[Any]) -> Matrix:
    rows = np.asarray(X, dtype=np.float32)
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9), dtype=np.float32)
