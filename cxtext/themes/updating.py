"""Themes live on: new segments join the themes that are there, drift shows, and what does not fit proposes a theme."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from cxtext.clustering import Matrix
from cxtext.counting import counted
from cxtext.errors import OptionError
from cxtext.tables import THEME_DRIFT, make_table
from cxtext.terms import telling_terms
from cxtext.themes.estimator import ThemeClusterer
from cxtext.themes.finding import read_material
from cxtext.themes.naming import name_themes
from cxtext.themes.records import OUTLIERS, Ground, Themes, build_themes, centres_of

_FENCE = 0.1
_LEAST = 0.25
_FEWEST = 5
_FEWEST_RESPONDENTS = 3


@dataclass(frozen=True)
class Proposal:
    """A theme that new segments would make.

    Attributes
    ----------
    name : str
        What it would be called.
    segments : tuple of str
        Accept it with ``move_segments(themes, proposal.segments)``.
    respondents : int
    """

    name: str
    segments: tuple[str, ...]
    respondents: int


@dataclass(frozen=True)
class Update:
    """Themes with what came anew.

    Attributes
    ----------
    themes : Themes
        With the same ids, names and edits.
    added, removed : int
        Segments that came, and that are there no more or read differently.
    apart : int
        Of those that came, how many fit in no theme.
    drift : pandas.DataFrame
        Table `cxtext.tables.THEME_DRIFT`: per theme the segments before and added, and the mean similarity of both with
        the middle of those before. Where the added ones lie much lower, the theme is becoming something else.
    proposals : tuple of Proposal
    """

    themes: Themes
    added: int
    removed: int
    apart: int
    drift: pd.DataFrame
    proposals: tuple[Proposal, ...]

    def _repr_html_(self) -> str:
        from cxtext.plots.tables import update_html

        return update_html(self)


def update_themes(
    themes: Themes,
    segments: pd.DataFrame,
    codings: pd.DataFrame,
    *,
    encode: Callable[[Sequence[str]], Any] | None = None,
    seed: int = 0,
    language: str | None = None,
) -> Update:
    """Bring themes up to date with a study that grew, without losing what a person made of them.

    A segment that was there with the same text stays where it is. A new one joins the theme with the nearest middle,
    where it is nearer than the farthest tenth of the theme; else it lies apart. Those apart are grouped, and a
    group of five segments by three respondents that came anew is proposed as a theme.

    Parameters
    ----------
    themes : Themes
    segments : pandas.DataFrame
        Table `cxtext.tables.SEGMENTS` of the whole study, old and new.
    codings : pandas.DataFrame
        Table `cxtext.tables.CODINGS`.
    encode, seed, language
        As for `find_themes`; give those with which the themes were found.

    Returns
    -------
    Update

    Raises
    ------
    OptionError
        There are no themes to bring up to date.
    """
    if themes.ground is None or not themes.ids:
        msg = "There are no themes to bring up to date. Find them first with find_themes."
        raise OptionError(msg)
    material = read_material(segments, codings, encode=encode, among=themes.ground.among, language=language, seed=seed)
    if material is None:
        msg = f"No segment has one of the codes of these themes: {', '.join(themes.ground.among) or 'all'}."
        raise OptionError(msg)
    rows = zip(themes.members["segment"], themes.ground.texts, themes.members["theme"], strict=True)
    before = {(segment, text): theme for segment, text, theme in rows}
    keys = list(zip(material.members["segment"], material.ground.texts, strict=True))
    labels = np.array([before.get(key, "") for key in keys], dtype=object)
    new = labels == ""
    with threadpool_limits(1):
        drift = _join(themes, material.ground.points, labels, new)
        cases = material.members["case"].to_numpy()
        proposals = _proposals(material.ground, labels, new, material.members["segment"].to_numpy(), cases, seed)
    went = len(before) - int((~new).sum())
    text = f"Brought up to date: {counted(int(new.sum()), 'segment')} came, {went} went." if new.any() or went else ""
    updated = build_themes(
        material.ground,
        material.members,
        labels.tolist(),
        parts=_parts(themes, material.ground.points, labels, material.members["segment"].to_numpy()),
        language=themes.language,
        seed=themes.seed,
        method=f"{themes.method} {text}".strip(),
        copies=material.copies,
        named=themes.named,
        locked=themes.locked,
        log=(*themes.log, text) if text else themes.log,
    )
    apart = int((labels[new] == OUTLIERS).sum())
    return Update(updated, int(new.sum()), went, apart, drift, proposals)


def _join(themes: Themes, points: Matrix, labels: np.ndarray, new: np.ndarray) -> pd.DataFrame:
    """Give every new row of `labels` its theme; what came to each."""
    ids = [theme for theme in themes.ids if (labels == theme).any()]
    names = dict(zip(themes.table["theme"], themes.table["name"], strict=True))
    if not ids:
        labels[new] = OUTLIERS
        return make_table([], THEME_DRIFT)
    cosines = points @ centres_of(points, labels, ids).T
    fences = np.array([max(_LEAST, np.quantile(cosines[labels == t, at], _FENCE)) for at, t in enumerate(ids)])
    nearest = cosines.argmax(axis=1)
    fits = cosines[np.arange(len(points)), nearest] >= fences[nearest]
    old = labels.copy()
    labels[new] = [ids[at] if fit else OUTLIERS for at, fit in zip(nearest[new], fits[new], strict=True)]
    rows = []
    for at, theme in enumerate(ids):
        known, came = cosines[old == theme, at], cosines[new & (labels == theme), at]
        rows.append({
            "theme": theme, "name": names[theme], "before": len(known), "added": len(came),
            "similarity_before": float(known.mean()), "similarity_added": float(came.mean()) if len(came) else np.nan,
        })  # fmt: skip
    return make_table(rows, THEME_DRIFT)


def _parts(themes: Themes, points: Matrix, labels: np.ndarray, segments: np.ndarray) -> dict[str, str]:
    """Sub-themes as they were; a new segment of a theme that has them gets the nearest."""
    known = np.array([themes.parts.get(segment, "") for segment in segments], dtype=object)
    own = dict(zip(themes.subthemes["subtheme"], themes.subthemes["theme"], strict=True))
    known = np.array([part if own.get(part) == label else "" for part, label in zip(known, labels, strict=True)])
    for theme in sorted(set(own.values())):
        rows = np.flatnonzero((labels == theme) & (known == ""))
        if ids := sorted(set(known[labels == theme]) - {""}):
            cosines = points[rows] @ centres_of(points, known, ids).T
            for row, at in zip(rows, cosines.argmax(axis=1), strict=True):
                known[row] = ids[at]
    return {segment: part for segment, part in zip(segments, known, strict=True) if part}


def _proposals(
    ground: Ground, labels: np.ndarray, new: np.ndarray, segments: np.ndarray, cases: np.ndarray, seed: int
) -> tuple[Proposal, ...]:
    """Groups of what lies apart that are as close as the themes, of enough new segments and respondents."""
    apart = np.flatnonzero(labels == OUTLIERS)
    if (new[apart]).sum() < _FEWEST or len(set(cases[apart])) < _FEWEST_RESPONDENTS:
        return ()
    model = ThemeClusterer(least_segments=_FEWEST, least_cases=_FEWEST_RESPONDENTS, seed=seed)
    groups = model.fit(ground.points[apart], cases=cases[apart].tolist())
    trial = labels.copy()
    found = []
    for at in range(len(groups.centres_)):
        rows = apart[groups.labels_ == at]
        fresh = rows[new[rows]]
        if len(fresh) < _FEWEST or len(set(cases[rows])) < _FEWEST_RESPONDENTS:
            continue
        trial[rows] = f"proposal {at}"
        found.append((f"proposal {at}", rows))
    terms = telling_terms(ground.vocabulary, trial.tolist(), cases.tolist(), shared=True)
    best = {id: terms[id] for id, _ in found if terms[id]}
    names = name_themes(ground.vocabulary, ground.texts, trial.tolist(), cases.tolist(), [0.0] * len(trial), best)
    return tuple(
        Proposal(names[id], tuple(segments[rows].tolist()), len(set(cases[rows]))) for id, rows in found if id in names
    )
