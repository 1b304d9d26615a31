"""Which groups are themes: those whose respondents share words, and which segments these words hold."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cxtext.clustering import OUTLIER, Groups, Labels, too_small
from cxtext.terms import Vocabulary, telling_terms

_TERMS = 30
_SHARED_BY, _SHARED_BY_IN_SMALL, _SMALL = 3, 2, 200
_LEAST_SHARE, _LEAST_SHARE_IN_SMALL = 0.5, 0.25
_BARE = 1
_NEAR_ENOUGH = 0.05


class Held(NamedTuple):
    """What the words that respondents share say of groups.

    Attributes
    ----------
    told : numpy.ndarray
        Shape (n, groups): whether a segment uses a telling term that three respondents of the group use (two, where
        fewer than 200 segments are grouped); of a segment of at most one content word, whether one beside it does too.
    share : numpy.ndarray
        Shape (groups,): part of the respondents of each group who use such a term in it.
    """

    told: NDArray[np.bool_]
    share: NDArray[np.float64]


def held_by_words(
    groups: Groups, own: Vocabulary, lines: Sequence[Sequence[str]], context: Any, cases: Sequence[str]
) -> Held:
    """Look which segments the telling terms hold together that respondents of a group share.

    Parameters
    ----------
    groups : Groups
    own : Vocabulary
        Of the n segments.
    lines : sequence of sequence of str
        Lemmas of these, and then of the segments beside them.
    context : scipy.sparse.csr_array
        Shape (m, m): 1 where the one segment stands beside the other.
    cases : sequence of str
        Respondent of each of the n segments.

    Returns
    -------
    Held
    """
    n, number = groups.cosines.shape
    enough = _SHARED_BY if n >= _SMALL else _SHARED_BY_IN_SMALL
    terms = telling_terms(own, [str(label) for label in groups.labels], cases, most=_TERMS, shared=len(set(cases)) > 1)
    lemmas = [frozenset(line) for line in lines]
    told, share = np.zeros((len(lemmas), number), dtype=np.float32), np.zeros(number)
    for label in range(number):
        said = [(lemmas[row], cases[row]) for row in np.flatnonzero(groups.labels == label).tolist()]
        people = len({case for _, case in said})
        families = [term.lemmas for term in terms.get(str(label), [])]
        core = set().union(*(f for f in families if len(_users(said, f)) >= min(enough, people)))
        told[:, label] = [bool(core & line) for line in lemmas]
        share[label] = len(_users(said, core)) / max(1, people)
    bare = np.array([len(line) <= _BARE for line in lemmas[:n]]).reshape(-1, 1)
    return Held((told[:n] > 0) | (bare & ((context @ told)[:n] > 0)), share)


def keep_held(groups: Groups, held: Held, cases: Sequence[str], *, least_segments: int, least_cases: int) -> Groups:
    """Keep what shared words hold together; the rest lies apart.

    A group is a theme where at least half of its respondents use a telling term that three of them share. Its segments
    stay where they use one, or are as near to the middle as nineteen in twenty of those that do; those of a group that
    is no theme move to the nearest one where they do both. A theme of which half the segments do not use such a term
    in the end is dissolved too. In studies of fewer than 200 segments a quarter of both is enough.

    Parameters
    ----------
    groups : Groups
    held : Held
    cases : sequence of str
        Respondent of each segment.
    least_segments, least_cases : int
        A smaller group is dissolved too.

    Returns
    -------
    Groups
    """
    n, number = held.told.shape
    least = _LEAST_SHARE if n >= _SMALL else _LEAST_SHARE_IN_SMALL
    left = np.flatnonzero(held.share >= least).tolist()
    labels: Labels = np.full(n, OUTLIER)
    while left:
        nearest = np.array(left)[groups.cosines[:, left].argmax(axis=1)]
        cosine, tells = groups.cosines[np.arange(n), nearest], held.told[np.arange(n), nearest]
        home = groups.labels == nearest
        fence = np.full(number, np.inf)
        for g in left:
            if (own := home & tells & (nearest == g)).any():
                fence[g] = np.quantile(cosine[own], _NEAR_ENOUGH)
        near = cosine >= fence[nearest]
        stays = np.where(home, tells | near, tells & near)
        labels = np.where((groups.labels != OUTLIER) & stays, nearest, OUTLIER)
        small = {g for g in too_small(labels, number, cases, least_segments, least_cases) if g in left}
        small |= {g for g in left if np.count_nonzero(tells & (labels == g)) < least * np.count_nonzero(labels == g)}
        if not small:
            break
        left.remove(min(small, key=lambda g: (np.count_nonzero(labels == g), g)))
        labels = np.full(n, OUTLIER)
    return replace(groups, labels=labels)


def _users(said: Sequence[tuple[Set[str], str]], family: Set[str]) -> set[str]:
    """Respondents who use one of the lemmas."""
    return {case for line, case in said if line & family}
