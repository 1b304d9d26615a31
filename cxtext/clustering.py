"""Groups of like sentences: k-means on sentence vectors with word statistics, and what lies apart from every group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import KMeans, MiniBatchKMeans
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import adjusted_rand_score, silhouette_score
from sklearn.utils.extmath import randomized_svd

Matrix: TypeAlias = NDArray[np.float32]
Labels: TypeAlias = NDArray[np.int64]

#: label of what lies apart
OUTLIER = -1

_WEIGHTS = (0.5, 0.7)
_ENOUGH_WORDS = 2
_WORD_DIMENSIONS = 100
_DIMENSIONS = 20
_MOST_FOR_CHOICE = 2_000
_MOST_FOR_KMEANS = 6_000
_SUBSAMPLES = 6
_FENCE = 1.5
_LEAST_TOLD = 0.3


@dataclass(frozen=True)
class Groups:
    """Segments in groups.

    Attributes
    ----------
    labels : numpy.ndarray
        Shape (n,), 0 and up, or `OUTLIER`.
    cosines : numpy.ndarray
        Shape (n, groups), with the centre of each group.
    tried : tuple of int
        Numbers of groups that were tried; empty where the number was given.
    """

    labels: Labels
    cosines: NDArray[np.float64]
    tried: tuple[int, ...] = ()

    @property
    def similarity(self) -> NDArray[np.float64]:
        """Cosine of each segment with the nearest centre: shape (n,)."""
        return np.asarray(self.cosines.max(axis=1))


def features(sentences: Matrix, words: Matrix, lemmas: Sequence[Sequence[str]], context: Any, *, seed: int) -> Matrix:
    """Join what a segment says, what its words mean, and which words it has.

    Three blocks, centred and of unit length: sentence vectors (weight 1), TF-IDF weighted means of word vectors (0.5),
    and latent semantic analysis of the lemmas (0.7). To each the mean of the neighbours is added, the more so the fewer
    words a segment has itself ("Drie keer!"). They are reduced to 20 principal components of unit length.

    Parameters
    ----------
    sentences : numpy.ndarray
        Shape (n, d), n >= 2: vectors of the segments.
    words : numpy.ndarray
        Shape (v, d): vectors of the distinct lemmas, in alphabetical order.
    lemmas : sequence of sequences of str
        Content words of all m >= n segments; the first n are those to group, the others stand near them.
    context : scipy.sparse.csr_array
        Shape (m, m): 1 where the one segment is a neighbour of the other.
    seed : int

    Returns
    -------
    numpy.ndarray
        Shape (n, at most 20), float32, rows of unit length.
    """
    n = len(sentences)
    need = np.array([min(1, _ENOUGH_WORDS / max(1, len(set(line)))) for line in lemmas], dtype=np.float32)
    blocks = [_unit_centred(_with_neighbours(sentences, context[:n, :n], need[:n]))]
    blocks += [
        weight * _unit_centred(_with_neighbours(block, context, need)[:n])
        for weight, block in zip(_WEIGHTS, _word_blocks(words, lemmas, seed), strict=False)
    ]
    joined = np.hstack(blocks).astype(np.float32)
    return _unit(_reduced(joined - joined.mean(axis=0), _DIMENSIONS, seed))


def group(
    points: Matrix,
    cases: Sequence[str],
    passages: Sequence[int],
    *,
    n_groups: int | None,
    least_segments: int,
    least_cases: int,
    seed: int,
) -> Groups:
    """Group points, set apart those far from every centre, and dissolve groups that are too small.

    Parameters
    ----------
    points : numpy.ndarray
        Shape (n, d), rows of unit length.
    cases : sequence of str
        Respondent of each point.
    passages : sequence of int
        Passage of each point: the points of one passage count together as one, so that a long answer makes no group
        of its own.
    n_groups : int or None
        How many to look for; chosen by `choose_number` where it is None.
    least_segments, least_cases : int
        A smaller group is dissolved: its points go to the groups left, which move towards them, or apart.
    seed : int

    Returns
    -------
    Groups
    """
    tried: tuple[int, ...] = ()
    if n_groups is None:
        tried = candidates(len(points))
        n_groups = choose_number(points, cases, passages, tried, seed=seed)
    centres = _fit(points, n_groups, seed, starts=10, weights=_weights(passages)).cluster_centers_
    while True:
        cosines = (points @ _unit(centres).T).astype(np.float64)
        labels = cosines.argmax(axis=1)
        small = _too_small(labels, len(centres), cases, least_segments, least_cases)
        if not small or len(centres) == 1:
            break
        weakest = min(small, key=lambda g: (np.count_nonzero(labels == g), g))
        centres = _settle(points, np.delete(centres, weakest, axis=0), _weights(passages))
    similarity = cosines.max(axis=1)
    return Groups(np.where(similarity >= _fence(similarity), labels, OUTLIER), cosines, tried)


def keep_told(
    groups: Groups, told: NDArray[np.bool_], cases: Sequence[str], *, least_segments: int, least_cases: int
) -> Groups:
    """Keep what the telling terms of a group hold together; the rest lies apart.

    A group of which less than 30 % uses its own terms is no theme. A segment without such a term stays only
    where it is as near to the centre as the middle one of those with a term.

    Parameters
    ----------
    groups : Groups
    told : numpy.ndarray
        Shape (n, groups): whether a segment uses a telling term of a group.
    cases : sequence of str
        Respondent of each segment.
    least_segments, least_cases : int
        A smaller group is dissolved: its segments go to the groups left, or apart.

    Returns
    -------
    Groups
    """
    n, number = told.shape
    share = [told[groups.labels == g, g].mean() if (groups.labels == g).any() else 0.0 for g in range(number)]
    left = [g for g in range(number) if share[g] >= _LEAST_TOLD]
    labels: Labels = np.full(n, OUTLIER)
    while left:
        nearest = np.array(left)[groups.cosines[:, left].argmax(axis=1)]
        cosine, tells = groups.cosines[np.arange(n), nearest], told[np.arange(n), nearest]
        middle = {g: np.median(cosine[tells & (nearest == g)]) if (tells & (nearest == g)).any() else 1.0 for g in left}
        near = cosine >= np.array([middle[g] for g in nearest])
        labels = np.where((groups.labels != OUTLIER) & (tells | near), nearest, OUTLIER)
        small = [g for g in _too_small(labels, number, cases, least_segments, least_cases) if g in left]
        if not small:
            break
        left.remove(min(small, key=lambda g: (np.count_nonzero(labels == g), g)))
        labels = np.full(n, OUTLIER)
    return Groups(labels, groups.cosines, groups.tried)


def candidates(n: int) -> tuple[int, ...]:
    """Numbers of groups worth trying for `n` points: about the root of n, never more than 20, nor than n / 8.

    Examples
    --------
    >>> candidates(15), candidates(64), candidates(5000)
    ((1,), (4, 5, 6), (10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20))
    """
    most = min(20, n // 8, round(0.8 * np.sqrt(n)))
    if most < 2:
        return (1,)
    return tuple(range(min(round(np.sqrt(n) / 2), 10, most), most + 1))


def choose_number(
    points: Matrix, cases: Sequence[str], passages: Sequence[int], numbers: Sequence[int], *, seed: int
) -> int:
    """Choose the number of groups that are both apart (silhouette) and found again among other respondents.

    Found again: adjusted Rand index between the groups of all points and those of four fifths of the respondents.
    Both measures are brought to 0-1 over the numbers tried and added up. One point of every passage is looked at, and
    at most 2,000 points.

    Parameters
    ----------
    points : numpy.ndarray
        Shape (n, d), rows of unit length.
    cases : sequence of str
        Respondent of each point.
    passages : sequence of int
        Passage of each point.
    numbers : sequence of int
        To choose from.
    seed : int

    Returns
    -------
    int
    """
    if len(numbers) == 1:
        return numbers[0]
    rng = np.random.default_rng(seed)
    mixed = rng.permutation(len(points))
    first = np.unique(np.asarray(passages)[mixed], return_index=True)[1]
    some = mixed[first] if len(first) <= _MOST_FOR_CHOICE else mixed[rng.choice(first, _MOST_FOR_CHOICE, replace=False)]
    points = points[some]
    people = np.unique(np.asarray(cases)[some], return_inverse=True)[1]
    everyone = np.unique(people)
    draws = [
        np.isin(people, rng.choice(everyone, max(1, round(0.8 * len(everyone))), replace=False))
        for _ in range(_SUBSAMPLES)
    ]
    apart, again = [], []
    for number in numbers:
        labels = _fit(points, number, seed).labels_
        apart.append(silhouette_score(points, labels, metric="cosine") if len(set(labels)) > 1 else -1.0)
        found = [_fit(points[draw], number, seed).predict(points) for draw in draws if draw.sum() >= number]
        again.append(np.mean([adjusted_rand_score(labels, other) for other in found]) if found else 0.0)
    return numbers[int(np.argmax(_to_unit_range(apart) + _to_unit_range(again)))]


def _word_blocks(words: Matrix, lemmas: Sequence[Sequence[str]], seed: int) -> list[Matrix]:
    """Means of word vectors and latent semantic space; nothing where there are too few words for them."""
    vocabulary = sorted(set().union(*lemmas))
    if len(vocabulary) < 3:
        return []
    weigh = TfidfVectorizer(analyzer=list, vocabulary=vocabulary, sublinear_tf=True)
    weights = weigh.fit_transform([list(line) for line in lemmas])
    return [_unit(weights @ (words - words.mean(axis=0))), _unit(_reduced(weights, _WORD_DIMENSIONS, seed))]


def _reduced(rows: Any, dimensions: int, seed: int) -> Matrix:
    """Coordinates of the rows in their main directions."""
    left, sizes, _ = randomized_svd(rows, min(dimensions, *rows.shape), random_state=seed)
    return np.asarray(left * sizes, dtype=np.float32)


def _with_neighbours(rows: Matrix, context: Any, need: Matrix) -> Matrix:
    """Each row plus the mean of its neighbours, as much as it needs them."""
    count = np.maximum(1, np.asarray(context.sum(axis=1)))
    return np.asarray(rows + (context @ rows) * (need / count)[:, None], dtype=np.float32)


def _weights(passages: Sequence[int]) -> NDArray[np.float64]:
    """One a passage, shared by its points."""
    _, place, size = np.unique(np.asarray(passages), return_inverse=True, return_counts=True)
    return np.asarray(1 / size[place])


def _fit(points: Matrix, number: int, seed: int, *, starts: int = 3, weights: NDArray[np.float64] | None = None) -> Any:
    """K-means with as many centres as there are distinct points, at most."""
    number = min(number, len(np.unique(points.round(4), axis=0)))
    if len(points) > _MOST_FOR_KMEANS:
        model = MiniBatchKMeans(number, n_init=starts, batch_size=2048, random_state=seed)
    else:
        model = KMeans(number, n_init=starts, random_state=seed)
    return model.fit(points, sample_weight=weights)


def _settle(points: Matrix, centres: Matrix, weights: NDArray[np.float64]) -> Matrix:
    """Let centres move to the middle of what is nearest to them."""
    model = KMeans(len(centres), init=centres, n_init=1, max_iter=20).fit(points, sample_weight=weights)
    return np.asarray(model.cluster_centers_)


def _too_small(labels: Labels, number: int, cases: Sequence[str], least_segments: int, least_cases: int) -> list[int]:
    """Groups with too few segments or respondents."""
    people = np.asarray(cases)
    return [
        g
        for g in range(number)
        if np.count_nonzero(labels == g) < least_segments or len(set(people[labels == g])) < least_cases
    ]


def _fence(similarity: NDArray[np.float64]) -> float:
    """Lower fence of Tukey's box plot of the similarities, and never below 0.25: under it a point lies apart."""
    low, high = np.quantile(similarity, [0.25, 0.75])
    return max(0.25, float(low - _FENCE * (high - low)))


def _to_unit_range(values: Sequence[float]) -> NDArray[np.float64]:
    array = np.asarray(values, dtype=float)
    spread = float(np.ptp(array))
    return (array - array.min()) / spread if spread > 0 else np.zeros_like(array)


def _unit_centred(rows: Matrix) -> Matrix:
    return _unit(rows - rows.mean(axis=0))


def _unit(rows: Any) -> Matrix:
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(length > 0, length, 1), dtype=np.float32)
