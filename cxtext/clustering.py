"""Groups of like sentences: Ward's tree and k-means on sentence vectors with word statistics, and what lies apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage
from sklearn.cluster import KMeans
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import adjusted_rand_score, pairwise_distances, silhouette_score
from sklearn.neighbors import NearestNeighbors
from sklearn.utils.extmath import randomized_svd

Matrix: TypeAlias = NDArray[np.float32]
Labels: TypeAlias = NDArray[np.int64]

#: label of what lies apart
OUTLIER = -1

_WEIGHTS = (0.5, 0.7)
_WEIGHT_OF_LEMMAS = 0.3
_ENOUGH_WORDS = 4
_OWN_STYLE = 20
_WORD_DIMENSIONS, _DIMENSIONS = 100, 50
_WORD_DIMENSIONS_ALONE, _DIMENSIONS_ALONE = 300, 80
_NEIGHBOURS = 10
_MOST_GROUPS = 40
_MOST_TRIED = 8
_MANY_GROUPS = (50, 60, 70, 80, 90, 100, 120, 140)
_LEAST_PER_GROUP = 25
_MOST_AT_ONCE = 4_000
_AS_GOOD = 0.98
_MOST_OF_ONE = 0.6
_FEW_CASES = 8
_FENCE = 3.0
_FEWEST_COARSE = 5
_DRAWS, _DRAWN, _LEAST_GAIN = 5, 0.8, 0.03


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
    centres : numpy.ndarray, optional
        Shape (groups, d), of unit length.
    fence : float
        Cosine with the nearest centre under which a point lies apart.
    """

    labels: Labels
    cosines: NDArray[np.float64]
    tried: tuple[int, ...] = ()
    centres: Matrix | None = None
    fence: float = -1.0

    @property
    def similarity(self) -> NDArray[np.float64]:
        """Cosine of each segment with the nearest centre: shape (n,)."""
        return np.asarray(self.cosines.max(axis=1))


def features(
    sentences: Matrix,
    words: Matrix | None,
    lemmas: Sequence[Sequence[str]],
    context: Any,
    *,
    styles: Sequence[Any] = (),
    seed: int,
) -> Matrix:
    """Join what a segment says, what its words mean, and which words it has.

    Three blocks, centred and of unit length: sentence vectors (weight 1), TF-IDF weighted means of word vectors (0.5),
    and latent semantic analysis of the lemmas (0.7); without word vectors two (1 and 0.3). To each the mean of the
    neighbours is added, the more so the fewer words a segment has itself ("Drie keer!"). What a language or a long
    document has of its own is taken off: a theme is what people speak about, not how they speak. They are reduced to 50
    principal components of unit length; to 80 without word vectors, where sentence vectors tell more apart.

    Parameters
    ----------
    sentences : numpy.ndarray
        Shape (n, d), n >= 2: vectors of the segments.
    words : numpy.ndarray or None
        Shape (v, d): vectors of the distinct lemmas, in alphabetical order; None to do without them.
    lemmas : sequence of sequences of str
        Content words of all m >= n segments; the first n are those to group, the others stand near them.
    context : scipy.sparse.csr_array
        Shape (m, m): 1 where the one segment is a neighbour of the other.
    styles : sequence of arrays of shape (n,)
        Such as the language and the document of each segment: of each value its mean is taken off, the more so the more
        segments it has.
    seed : int

    Returns
    -------
    numpy.ndarray
        Shape (n, at most 80), float32, rows of unit length.
    """
    n = len(sentences)
    need = np.array([min(1, _ENOUGH_WORDS / max(1, len(set(line)))) for line in lemmas], dtype=np.float32)
    blocks = [_unit_centred(_with_neighbours(sentences, context[:n, :n], need[:n]))]
    blocks += [
        weight * _unit_centred(_with_neighbours(block, context, need)[:n])
        for weight, block in _word_blocks(words, lemmas, seed)
    ]
    for style in styles:
        blocks = [_without_style(block, style) for block in blocks]
    joined = np.hstack(blocks).astype(np.float32)
    dimensions = _DIMENSIONS_ALONE if words is None else _DIMENSIONS
    return _unit(_reduced(joined - joined.mean(axis=0), dimensions, seed))


def group(
    points: Matrix,
    cases: Sequence[str],
    passages: Sequence[int],
    *,
    n_groups: int | None,
    least_segments: int,
    least_cases: int,
    seed: int,
    coarser: bool = True,
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
        How many to look for; chosen by silhouette where it is None.
    least_segments, least_cases : int
        A smaller group is dissolved: its points go to the groups left, which move towards them, or apart.
    seed : int
        Of the 4,000 points that a larger study is grouped by.
    coarser : bool
        Whether half the number found is taken where so few groups are clearly better found again.

    Returns
    -------
    Groups
    """
    tried: tuple[int, ...] = ()
    some = _some(len(points), _MOST_AT_ONCE, seed)
    drawn = _Drawn(points[some], np.asarray(passages)[some])
    if n_groups is None:
        tried = candidates(len(points))
        n_groups = drawn.choose(tried, seed=seed, coarser=coarser)
    centres = drawn.centres(n_groups)
    if len(points) > len(some):
        centres = _settle(points, _unit(centres), _weights(passages))
    while True:
        cosines = (points @ _unit(centres).T).astype(np.float64)
        labels = cosines.argmax(axis=1)
        small = too_small(labels, len(centres), cases, least_segments, least_cases)
        if not small or len(centres) == 1:
            break
        weakest = min(small, key=lambda g: (np.count_nonzero(labels == g), g))
        centres = _settle(points, np.delete(centres, weakest, axis=0), _weights(passages))
    similarity = cosines.max(axis=1)
    fence = _fence(similarity)
    return Groups(np.where(similarity >= fence, labels, OUTLIER), cosines, tried, _unit(centres), fence)


def smoothed(points: Matrix) -> Matrix:
    """Move every point twice to the mean of its ten nearest: groups stand clearer apart (see benchmarks/themes.md).

    Parameters
    ----------
    points : numpy.ndarray
        Shape (n, d), rows of unit length; fewer than thirty are left as they are.

    Returns
    -------
    numpy.ndarray
        Shape (n, d), rows of unit length.
    """
    if len(points) < 3 * _NEIGHBOURS:
        return points
    near = NearestNeighbors(n_neighbors=_NEIGHBOURS, metric="cosine").fit(points).kneighbors(return_distance=False)
    for _ in range(2):
        points = _unit(points + points[near].sum(axis=1))
    return points


def candidates(n: int) -> tuple[int, ...]:
    """Numbers of groups worth trying for `n` points: from n / 40 (at most 25) to 1.3 times the root of n (at most 40).

    Small studies have groups of twelve and more on the mean, or five groups of eight.

    Examples
    --------
    >>> candidates(15), candidates(64), candidates(5000)
    ((1,), (2, 3, 4, 5), (25, 27, 29, 31, 33, 35, 37, 40))
    """
    most = min(_MOST_GROUPS, max(n // 12, min(5, n // 8)), round(1.3 * np.sqrt(n)))
    if most < 2:
        return (1,)
    least = max(2, min(n // 40, 25, most))
    return tuple(
        sorted(set(np.geomspace(least, most, min(_MOST_TRIED, most - least + 1)).round().astype(int).tolist()))
    )


def too_small(labels: Labels, number: int, cases: Sequence[str], least_segments: int, least_cases: int) -> list[int]:
    """Groups with too few segments or respondents, or (among eight respondents or more) mostly of one respondent."""
    people = np.unique(np.asarray(cases), return_inverse=True)[1]
    several = len(set(people.tolist())) >= _FEW_CASES and least_cases > 1
    small = []
    for g in range(number):
        own = np.bincount(people[labels == g])
        few = own.sum() < least_segments or np.count_nonzero(own) < least_cases
        if few or (several and own.max() > _MOST_OF_ONE * own.sum()):
            small.append(g)
    return small


class _Drawn:
    """Ward's tree over the smoothed points, one of every passage, and the groups that it is cut into."""

    def __init__(self, points: Matrix, passages: NDArray[np.int64]) -> None:
        self.points, self.passages = points, passages
        self.smooth, self.weights = smoothed(points), _weights(passages)
        self.first = np.sort(np.unique(passages, return_index=True)[1])
        self.tree = linkage(self.smooth[self.first], "ward") if len(self.first) > 1 else None

    def centres(self, number: int) -> Matrix:
        """Middles of the groups: k-means of all smoothed points that begins from the middles of the cut."""
        if self.tree is None or number == 1:
            return self.points.mean(axis=0, keepdims=True)
        cut, own = fcluster(self.tree, number, "maxclust"), self.smooth[self.first]
        middles = np.stack([own[cut == g].mean(axis=0) for g in np.unique(cut)])
        labels = KMeans(len(middles), init=middles, n_init=1).fit(self.smooth, None, self.weights).labels_
        return np.stack([self.points[labels == g].mean(axis=0) for g in np.unique(labels)])

    def choose(self, numbers: Sequence[int], *, seed: int, coarser: bool) -> int:
        """Smallest number at which groups are as far apart as at the best, within 2 % (silhouette of 4,000 points).

        Large studies may fall into many more groups than a person would list, so numbers up to 140 are tried too. Up to
        40 half the number is taken, if `coarser`, where so few are clearly better found again among four fifths of the
        passages.
        """
        tried = [*numbers, *(number for number in _MANY_GROUPS if number * _LEAST_PER_GROUP <= len(self.first))]
        if len(tried) == 1:
            return tried[0]
        some = self.points[self.first[_some(len(self.first), _MOST_AT_ONCE, seed)]]
        far = pairwise_distances(some, metric="cosine").clip(0)
        np.fill_diagonal(far, 0)
        apart = [_apart(far, (some @ _unit(self.centres(number)).T).argmax(axis=1)) for number in tried]
        enough = max(apart) - (1 - _AS_GOOD) * abs(max(apart))
        number = next(number for number, value in zip(tried, apart, strict=True) if value >= enough)
        few = number // 2
        asked = coarser and few >= _FEWEST_COARSE and number in numbers
        return few if asked and self.gain(few, number, seed=seed) > _LEAST_GAIN else number

    def gain(self, few: int, many: int, *, seed: int) -> float:
        """How much better few groups are found again than many among four fifths of the passages (adjusted Rand)."""
        rng = np.random.default_rng(seed)
        some = self.passages[self.first[_some(len(self.first), _MOST_AT_ONCE, seed)]]
        whole = {number: _unit(self.centres(number)) for number in (few, many)}
        gain = 0.0
        for _ in range(_DRAWS):
            drawn = np.isin(self.passages, rng.choice(some, round(_DRAWN * len(some)), replace=False))
            own = self.points[drawn]
            again = _Drawn(own, self.passages[drawn])
            found = {
                number: adjusted_rand_score(
                    (own @ centres.T).argmax(axis=1), (own @ _unit(again.centres(number)).T).argmax(axis=1)
                )
                for number, centres in whole.items()
            }
            gain += found[few] - found[many]
        return gain / _DRAWS


def _apart(far: Matrix, labels: Labels) -> float:
    """Silhouette; 1 where every point is a group, as copies of one text are one point, and -1 for a single group."""
    found = len(set(labels.tolist()))
    if 1 < found < len(far):
        return float(silhouette_score(far, labels, metric="precomputed"))
    return 1.0 if found > 1 else -1.0


def _some(n: int, most: int, seed: int) -> NDArray[np.int64]:
    """Rows of a large table to look at, in order; all of a small one."""
    if n <= most:
        return np.arange(n)
    return np.sort(np.random.default_rng(seed).choice(n, most, replace=False))


def _word_blocks(words: Matrix | None, lemmas: Sequence[Sequence[str]], seed: int) -> list[tuple[float, Matrix]]:
    """Means of word vectors and latent semantic space, with their weights; nothing where there are too few words."""
    vocabulary = sorted(set().union(*lemmas))
    if len(vocabulary) < 3:
        return []
    weigh = TfidfVectorizer(analyzer=list, vocabulary=vocabulary, sublinear_tf=True)
    weights = weigh.fit_transform([list(line) for line in lemmas])
    if words is None:
        return [(_WEIGHT_OF_LEMMAS, _unit(_reduced(weights, _WORD_DIMENSIONS_ALONE, seed)))]
    latent = _unit(_reduced(weights, _WORD_DIMENSIONS, seed))
    return list(zip(_WEIGHTS, (_unit(weights @ (words - words.mean(axis=0))), latent), strict=True))


def _reduced(rows: Any, dimensions: int, seed: int) -> Matrix:
    """Coordinates of the rows in their main directions."""
    left, sizes, _ = randomized_svd(rows, min(dimensions, *rows.shape), random_state=seed)
    return np.asarray(left * sizes, dtype=np.float32)


def _with_neighbours(rows: Matrix, context: Any, need: Matrix) -> Matrix:
    """Each row plus the mean of its neighbours, as much as it needs them."""
    count = np.maximum(1, np.asarray(context.sum(axis=1)))
    return np.asarray(rows + (context @ rows) * (need / count)[:, None], dtype=np.float32)


def _without_style(rows: Matrix, style: Any) -> Matrix:
    """Rows less the mean of their style, shrunk where it has few rows."""
    _, place, size = np.unique(np.asarray(style, dtype=str), return_inverse=True, return_counts=True)
    sums = np.zeros((len(size), rows.shape[1]), dtype=np.float32)
    np.add.at(sums, place, rows)
    return np.asarray(rows - (sums / (size + _OWN_STYLE)[:, None])[place], dtype=np.float32)


def _weights(passages: Sequence[int] | Labels) -> NDArray[np.float64]:
    """One a passage, shared by its points."""
    _, place, size = np.unique(np.asarray(passages), return_inverse=True, return_counts=True)
    return np.asarray(1 / size[place])


def _settle(points: Matrix, centres: Matrix, weights: NDArray[np.float64]) -> Matrix:
    """Let centres move to the middle of what is nearest to them."""
    model = KMeans(len(centres), init=centres, n_init=1, max_iter=20).fit(points, sample_weight=weights)
    return np.asarray(model.cluster_centers_)


def _fence(similarity: NDArray[np.float64]) -> float:
    """Outer lower fence of Tukey's box plot of the similarities, and never below 0.25: under it a point lies apart."""
    low, high = np.quantile(similarity, [0.25, 0.75])
    return max(0.25, float(low - _FENCE * (high - low)))


def _unit_centred(rows: Matrix) -> Matrix:
    return _unit(rows - rows.mean(axis=0))


def _unit(rows: Any) -> Matrix:
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(length > 0, length, 1), dtype=np.float32)
