"""How far themes can be trusted: found again among other respondents, coherent, distinct, and said by how many."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from itertools import combinations
from math import nan

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment
from sklearn.metrics import adjusted_rand_score
from threadpoolctl import threadpool_limits

from cxtext.clustering import Labels, Matrix, group
from cxtext.stats import npmi, wilson
from cxtext.tables import TRUST, make_table
from cxtext.terms import telling_terms
from cxtext.themes.records import OUTLIERS, Themes, centres_of

_SHARE = 0.8
_STABLE = 0.75
_FALLEN = 0.5
_OFTEN = 0.9
_MOST = 3_000
_FEWEST_RESPONDENTS = 5
_VERDICTS = {
    "nl": {
        "stable": "stabiel: komt in {found} van {n} hersteekproeven terug",
        "fair": "redelijk stabiel: komt in {found} van {n} hersteekproeven terug, niet steeds met dezelfde uitspraken",
        "shaky": "wankel: valt in {lost} van {n} hersteekproeven uiteen",
        "few": "niet te zeggen: te weinig respondenten om te hersteekproeven",
        "one": "niet te zeggen: er is maar één thema",
    },
    "en": {
        "stable": "stable: comes back in {found} of {n} resamples",
        "fair": "fairly stable: comes back in {found} of {n} resamples, not always with the same statements",
        "shaky": "shaky: falls apart in {lost} of {n} resamples",
        "few": "cannot be said: too few respondents to resample",
        "one": "cannot be said: there is only one theme",
    },
}


@dataclass(frozen=True)
class Trust:
    """How far themes can be trusted.

    Attributes
    ----------
    table : pandas.DataFrame
        Table `cxtext.tables.TRUST`: per theme the mean Jaccard index with its match in resamples, in how many it was
        found again (Jaccard of at least .5), a verdict in a sentence, coherence (mean NPMI of the ten most telling
        terms, from -1 to 1), distinctness (mean simplified silhouette, from -1 to 1), and the share of respondents with
        its Wilson interval.
    rand : float
        Mean adjusted Rand index of all themes with those of the resamples; NaN where there are none.
    """

    table: pd.DataFrame
    rand: float

    def _repr_html_(self) -> str:
        return self.table.drop(columns="theme").round(2).to_html(index=False, escape=True)


def check_themes(themes: Themes, *, resamples: int = 50, seed: int = 0, language: str | None = None) -> Trust:
    """Measure themes, as they are now: found ones and edited ones alike.

    Stability: four fifths of the respondents are drawn without replacement, their segments grouped again into as many
    themes, and each theme compared with its match (Hungarian method) over the segments drawn (Hennig, 2007). The
    representation of the segments is not made again.

    Parameters
    ----------
    themes : Themes
    resamples : int
    seed : int
    language : {"nl", "en"}, optional
        Of the verdicts; that of the themes where it is left out.

    Returns
    -------
    Trust
    """
    if themes.ground is None or not themes.ids:
        return Trust(make_table([], TRUST), nan)
    points, labels = themes.ground.points, themes.members["theme"].to_numpy(dtype=object)
    cases = themes.members["case"].to_numpy()
    ids = themes.ids
    inside = np.flatnonzero(labels != OUTLIERS)
    number = np.array([ids.index(label) for label in labels[inside]])
    with threadpool_limits(1):
        jaccard, rand = resampled(points[inside], number, cases[inside].tolist(), resamples=resamples, seed=seed)
    apart = _distinctness(points[inside], number, centres_of(points, labels, ids))
    documents = [set(themes.ground.vocabulary.lemmas(row)) for row in range(len(labels))]
    terms = telling_terms(themes.ground.vocabulary, labels.tolist(), cases.tolist())
    rows = []
    for at, theme in enumerate(themes.table[themes.table["theme"] != OUTLIERS].to_dict("records")):
        share = wilson(theme["respondents"], theme["of_respondents"])
        families = [term.lemmas for term in terms[theme["theme"]]]
        own = jaccard[:, at] if len(jaccard) else np.array([])
        rows.append({
            "theme": theme["theme"], "name": theme["name"], "jaccard": own.mean() if own.size else nan,
            "found": int((own >= _FALLEN).sum()), "resamples": len(own),
            "verdict": verdict(own, language or themes.language, only=len(ids) == 1),
            "coherence": coherence(documents, families), "distinctness": apart[at],
            "respondents": theme["respondents"], "of_respondents": theme["of_respondents"],
            "low": share.low, "high": share.high,
        })  # fmt: skip
    return Trust(make_table(rows, TRUST), rand)


def resampled(
    points: Matrix, labels: Labels, cases: Sequence[str], *, resamples: int, seed: int
) -> tuple[np.ndarray, float]:
    """Group the segments of four fifths of the respondents again and again.

    Parameters
    ----------
    points : numpy.ndarray
        Shape (n, d), rows of unit length; of more than 3,000 a sample is looked at.
    labels : numpy.ndarray
        Group of each point, 0 and up.
    cases : sequence of str
        Respondent of each point.
    resamples : int
    seed : int

    Returns
    -------
    tuple of (numpy.ndarray, float)
        Shape (resamples, groups): Jaccard index of each group with its match; and the mean adjusted Rand index. No
        rows and NaN for fewer than five respondents or two groups.
    """
    number = int(labels.max()) + 1
    people = np.unique(np.asarray(cases), return_inverse=True)[1]
    if number < 2 or people.max() + 1 < _FEWEST_RESPONDENTS:
        return np.zeros((0, number)), nan
    rng = np.random.default_rng(seed)
    if len(points) > _MOST:
        some = np.sort(rng.choice(len(points), _MOST, replace=False))
        points, labels, people = points[some], labels[some], people[some]
    everyone = np.unique(people)
    found, rand = [], []
    for draw in range(resamples):
        drawn = np.isin(people, rng.choice(everyone, round(_SHARE * len(everyone)), replace=False))
        own = points[drawn]
        again = group(
            own, people[drawn].astype(str).tolist(), range(len(own)), n_groups=number, least_segments=1, least_cases=1,
            seed=seed + draw,
        ).cosines.argmax(axis=1)  # fmt: skip
        found.append(matched_jaccard(labels[drawn], again, number))
        rand.append(adjusted_rand_score(labels[drawn], again))
    return np.array(found), float(np.mean(rand))


def matched_jaccard(labels: Labels, others: Labels, number: int) -> np.ndarray:
    """Jaccard index of each group with its match in another grouping of the same points.

    Examples
    --------
    >>> matched_jaccard(np.array([0, 0, 1, 1]), np.array([1, 1, 0, 1]), 2).round(2).tolist()
    [0.67, 0.5]
    """
    table = np.zeros((number, max(number, int(others.max()) + 1)))
    np.add.at(table, (labels, others), 1)
    union = table.sum(axis=1, keepdims=True) + table.sum(axis=0) - table
    shares = np.divide(table, union, out=np.zeros_like(table), where=union > 0)
    rows, columns = linear_sum_assignment(-shares)
    return np.asarray(shares[rows, columns])


def coherence(documents: Sequence[Set[str]], terms: Sequence[Set[str]]) -> float:
    """Mean normalised pointwise mutual information of pairs of terms over documents.

    Parameters
    ----------
    documents : sequence of set of str
        The lemmas of each.
    terms : sequence of set of str
        The lemmas by which each term is used.

    Returns
    -------
    float
        NaN for fewer than two terms.

    Examples
    --------
    >>> said = [{"wacht", "bel"}, {"wacht", "bel", "lang"}, {"site", "log"}, {"site", "log", "traag"}, {"bel", "lang"}]
    >>> round(coherence(said, [{"wacht"}, {"bel"}, {"lang"}]), 4)
    0.4179
    """
    used = [np.array([bool(term & document) for document in documents]) for term in terms]
    pairs = [npmi((a & b).mean(), a.mean(), b.mean()) for a, b in combinations(used, 2)]
    return float(np.mean(pairs)) if pairs else nan


def verdict(jaccard: np.ndarray, language: str, *, only: bool = False) -> str:
    """Say in a sentence how stable a theme is.

    Parameters
    ----------
    jaccard : numpy.ndarray
        With its match in each resample; empty where there was too little to resample.
    language : {"nl", "en"}
    only : bool
        There is no other theme.

    Returns
    -------
    str

    Examples
    --------
    >>> verdict(np.array([0.9, 0.8, 0.4, 0.3, 0.2]), "en")
    'shaky: falls apart in 3 of 5 resamples'
    """
    texts = _VERDICTS[language]
    if not len(jaccard):
        return texts["one" if only else "few"]
    found = int((jaccard >= _FALLEN).sum())
    kind = "shaky" if found < _OFTEN * len(jaccard) else "stable" if jaccard.mean() >= _STABLE else "fair"
    return texts[kind].format(found=found, lost=len(jaccard) - found, n=len(jaccard))


def _distinctness(points: Matrix, labels: Labels, centres: Matrix) -> list[float]:
    """Mean simplified silhouette of the points of each group."""
    if len(centres) < 2:
        return [nan] * len(centres)
    far = 1 - points @ centres.T
    own = far[np.arange(len(points)), labels].copy()
    far[np.arange(len(points)), labels] = np.inf
    other = far.min(axis=1)
    apart = (other - own) / np.maximum(np.maximum(own, other), 1e-9)
    return [float(apart[labels == at].mean()) for at in range(len(centres))]
