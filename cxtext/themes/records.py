"""What themes are: a record of tables, built from which segment is in which theme."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cxtext.tables import MEMBERS, NEAR, SUBTHEMES, THEMES, make_table
from cxtext.terms import Term, Vocabulary, telling_terms
from cxtext.themes.naming import name_themes

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from cxtext.clustering import Matrix
    from cxtext.phases import Phase
    from cxtext.plots.explorer import ThemeExplorer
    from cxtext.themes.trust import Trust

#: id of the group of segments that belong to no theme
OUTLIERS = "outliers"
#: codes of the group ``kind`` that themes are made of by default
KINDS = ("pain", "need", "gain")

_TERMS_LISTED, _TERMS_TO_NAME = 10, 30
_QUOTES = 5
_QUOTE_WORDS = (5, 40)
_NEARLY = 0.8
_LEAST_NEAR = 0.25
_OTHER = {"nl": "overig", "en": "other"}
_THEME = {"nl": "thema", "en": "theme"}
_PART = {"nl": "deel", "en": "part"}


@dataclass(frozen=True, eq=False)
class Ground:
    """What themes rest on; row i belongs to row i of the members.

    Attributes
    ----------
    texts : tuple of str
    kinds : tuple of frozenset of str
        Codes of the group ``kind`` of each segment.
    points : numpy.ndarray
        Shape (n, d), rows of unit length.
    vocabulary : Vocabulary
    of_respondents : int
        All who said something, in a theme or not.
    among : tuple of str
        Codes of which a segment has at least one; empty for all that respondents said.
    """

    texts: tuple[str, ...]
    kinds: tuple[frozenset[str], ...]
    points: Matrix
    vocabulary: Vocabulary
    of_respondents: int
    among: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Themes:
    """Themes of a study; a proposal until a person names them.

    Attributes
    ----------
    table : pandas.DataFrame
        Table `cxtext.tables.THEMES`, by respondents; the group `OUTLIERS` comes last, where there is one.
    members : pandas.DataFrame
        Table `cxtext.tables.MEMBERS`: every need, pain and gain segment with its theme; rank 1-5 marks the
        representative quotes, 0 the rest.
    quotes : Mapping[str, str]
        Text of the representative quotes by segment.
    seed : int
    method : str
        One sentence on how they were found.
    language : str
        Of names and labels, ``"nl"`` or ``"en"``.
    subthemes : pandas.DataFrame
        Table `cxtext.tables.SUBTHEMES`: the second level, where a theme has one.
    parts : Mapping[str, str]
        Sub-theme of each segment that has one.
    near : pandas.DataFrame
        Table `cxtext.tables.NEAR`: a second theme that a segment lies nearly as near to as to its own (at least 0.8 of
        the similarity), and for a segment apart the nearest theme.
    copies : Mapping[str, str]
        Segments that say the same words as an earlier one, with that one. They count as segments and for their
        respondents, but had no say of their own in what the themes are.
    named : Mapping[str, str]
        Names that a person gave; they win from those found.
    locked : frozenset of str
        Themes that nothing changes.
    log : tuple of str
        What was changed by hand, in order.
    ground : Ground, optional
        What they rest on; None where there are no segments.
    """

    table: pd.DataFrame
    members: pd.DataFrame
    quotes: Mapping[str, str] = field(default_factory=dict)
    seed: int = 0
    method: str = ""
    language: str = "nl"
    subthemes: pd.DataFrame = field(default_factory=lambda: make_table([], SUBTHEMES))
    parts: Mapping[str, str] = field(default_factory=dict)
    near: pd.DataFrame = field(default_factory=lambda: make_table([], NEAR))
    copies: Mapping[str, str] = field(default_factory=dict)
    named: Mapping[str, str] = field(default_factory=dict)
    locked: frozenset[str] = frozenset()
    log: tuple[str, ...] = ()
    ground: Ground | None = field(default=None, repr=False)

    @property
    def ids(self) -> list[str]:
        """Ids of the themes, without the group of segments apart."""
        return [theme for theme in self.table["theme"] if theme != OUTLIERS]

    def plot(self, *, language: str | None = None) -> Figure:
        """Bars of respondents per theme, with the pains, needs and gains.

        Parameters
        ----------
        language : {"nl", "en"}, optional
            Of the labels; that of the themes where it is left out.

        Returns
        -------
        matplotlib.figure.Figure
        """
        from cxtext.plots import theme_bars

        return theme_bars(self.table, language=language or self.language)

    def map(self, *, language: str | None = None) -> Figure:
        """Themes in two dimensions, like ones near each other.

        Parameters
        ----------
        language : {"nl", "en"}, optional
            Of the labels; that of the themes where it is left out.

        Returns
        -------
        matplotlib.figure.Figure
        """
        from cxtext.plots import theme_map

        return theme_map(self, language=language or self.language)

    def explore(
        self,
        segments: pd.DataFrame,
        codings: pd.DataFrame,
        documents: pd.DataFrame | None = None,
        *,
        trust: Trust | None = None,
        phases: Sequence[Phase] | None = None,
        quotes: int = 5,
        language: str | None = None,
    ) -> ThemeExplorer:
        """Themes to click through in a notebook: a map, and of the chosen theme its size, sub-themes and quotes.

        Parameters
        ----------
        segments, codings : pandas.DataFrame
            Tables `cxtext.tables.SEGMENTS` and `CODINGS`, from which the themes were made.
        documents : pandas.DataFrame, optional
            From `cxtext.tables.documents_table`, for the sizes by wave.
        trust : Trust, optional
            From `check_themes`, for the verdicts.
        phases : sequence of Phase, optional
            Names and order of the phases; those of the codebook where they are left out.
        quotes : int
            The most that are shown of a theme; of a sub-theme there are at most three.
        language : {"nl", "en"}, optional
            Of the labels; that of the themes where it is left out.

        Returns
        -------
        ThemeExplorer
            It shows itself, without scripts.
        """
        from cxtext.plots.explorer import explore_themes

        return explore_themes(
            self, segments, codings, documents,
            trust=trust, phases=phases, quotes=quotes, language=language or self.language,
        )  # fmt: skip

    def __repr__(self) -> str:
        names = self.table.loc[self.table["theme"] != OUTLIERS, "name"]
        return f"Themes({len(names)}: {'; '.join(names)})"

    def _repr_html_(self) -> str:
        from cxtext.plots.tables import themes_html

        return themes_html(self)


def build_themes(
    ground: Ground,
    members: pd.DataFrame,
    labels: Sequence[str],
    *,
    parts: Mapping[str, str],
    language: str,
    seed: int = 0,
    method: str = "",
    copies: Mapping[str, str] | None = None,
    named: Mapping[str, str] | None = None,
    locked: frozenset[str] = frozenset(),
    log: tuple[str, ...] = (),
) -> Themes:
    """Count, name and quote themes, given which segment is in which.

    Parameters
    ----------
    ground : Ground
    members : pandas.DataFrame
        Columns ``segment``, ``document`` and ``case``.
    labels : sequence of str
        Theme of each segment, or `OUTLIERS`.
    parts : mapping of str to str
        Sub-theme by segment.
    language, seed, method, copies, named, locked, log
        See `Themes`.

    Returns
    -------
    Themes
        Most respondents first.
    """
    names = {theme: name for theme, name in (named or {}).items() if theme in set(labels)}
    place = np.asarray(labels, dtype=object)
    cases = members["case"].to_numpy()
    ids = sorted(set(labels) - {OUTLIERS})
    cosines = ground.points @ centres_of(ground.points, place, ids).T if ids else np.zeros((len(place), 1))
    own = np.array([ids.index(label) if label != OUTLIERS else -1 for label in place])
    similarity = np.where(own >= 0, cosines[np.arange(len(own)), own], cosines.max(axis=1)).astype(float)
    terms = telling_terms(ground.vocabulary, place.tolist(), cases.tolist(), most=_TERMS_TO_NAME)
    found = name_themes(
        ground.vocabulary, ground.texts, place.tolist(), cases.tolist(), similarity.tolist(), {t: terms[t] for t in ids}
    )
    table = _table(ground, place, cases, terms, {**found, **names}, language)
    telling = dict(zip(table["theme"], table["terms"], strict=True))
    ranks = _ranks(ground.texts, cases.tolist(), place, similarity, telling)
    frame = make_table(
        {
            **{name: members[name].tolist() for name in ("segment", "document", "case")},
            "theme": place.tolist(), "similarity": similarity.round(4).tolist(), "rank": ranks.tolist(),
        },
        MEMBERS,
    )  # fmt: skip
    segments = frame["segment"].to_numpy()
    kept = {segment: parts[segment] for segment in segments if segment in parts}
    return Themes(
        table,
        frame,
        {segments[row]: ground.texts[row] for row in np.flatnonzero(ranks)},
        seed,
        method,
        language,
        subthemes=_subthemes(ground, frame, kept, language),
        parts=kept,
        near=_near(segments, ids, cosines, own),
        copies=copies or {},
        named=names,
        locked=locked & set(ids),
        log=log,
        ground=ground,
    )


def centres_of(points: Matrix, labels: np.ndarray, ids: Sequence[str]) -> Matrix:
    """Middle of the points of each theme, of unit length: shape (themes, d)."""
    sums = np.stack([points[labels == theme].sum(axis=0) for theme in ids])
    return (sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9)).astype(np.float32)


def _table(
    ground: Ground,
    labels: np.ndarray,
    cases: np.ndarray,
    terms: Mapping[str, Sequence[Term]],
    names: Mapping[str, str],
    language: str,
) -> pd.DataFrame:
    rows = []
    for theme in sorted(set(labels)):
        own = np.flatnonzero(labels == theme)
        best = [] if theme == OUTLIERS else [term.form for term in terms[theme][:_TERMS_LISTED]]
        kinds = [kind for row in own for kind in ground.kinds[row]]
        rows.append({
            "theme": theme, "name": _OTHER[language] if theme == OUTLIERS else names[theme],
            "terms": ", ".join(best), "segments": len(own), "respondents": len(set(cases[own])),
            "of_respondents": ground.of_respondents, **{f"{kind}s": kinds.count(kind) for kind in KINDS},
        })  # fmt: skip
    rows.sort(key=lambda row: (row["theme"] == OUTLIERS, -row["respondents"], -row["segments"], row["theme"]))
    for number, row in enumerate(rows, start=1):
        row["name"] = row["name"] or f"{_THEME[language]} {number}"
    return make_table(rows, THEMES)


def _subthemes(ground: Ground, members: pd.DataFrame, parts: Mapping[str, str], language: str) -> pd.DataFrame:
    """Size and terms of each sub-theme, against the others of its theme."""
    rows = []
    part = np.array([parts.get(segment, "") for segment in members["segment"]], dtype=object)
    for theme in members.loc[part != "", "theme"].unique():
        own = np.flatnonzero((members["theme"] == theme).to_numpy() & (part != ""))
        labels, cases = part[own].tolist(), members["case"].to_numpy()[own].tolist()
        words, texts = ground.vocabulary.of(own.tolist()), [ground.texts[row] for row in own]
        terms = telling_terms(words, labels, cases)
        names = name_themes(words, texts, labels, cases, members["similarity"].to_numpy()[own].tolist(), terms)
        for subtheme in sorted(terms):
            rows_of = own[part[own] == subtheme]
            best = [term.form for term in terms[subtheme]]
            name = names[subtheme] or f"{_PART[language]} {subtheme.rpartition('.')[2]}"
            rows.append({
                "subtheme": subtheme, "theme": theme, "name": name, "terms": ", ".join(best),
                "segments": len(rows_of), "respondents": members["case"].iloc[rows_of].nunique(),
            })  # fmt: skip
    return make_table(rows, SUBTHEMES)


def _near(segments: np.ndarray, ids: Sequence[str], cosines: np.ndarray, own: np.ndarray) -> pd.DataFrame:
    if len(ids) < 1:
        return make_table([], NEAR)
    others = cosines.copy()
    inside = np.flatnonzero(own >= 0)
    others[inside, own[inside]] = -1
    best, nearest = others.argmax(axis=1), others.max(axis=1)
    least = np.where(own >= 0, np.maximum(_LEAST_NEAR, _NEARLY * cosines[np.arange(len(own)), own]), -1.0)
    rows = np.flatnonzero(nearest >= least)
    return make_table(
        {
            "segment": segments[rows].tolist(), "theme": [ids[best[row]] for row in rows],
            "similarity": nearest[rows].astype(float).round(4).tolist(),
        },
        NEAR,
    )  # fmt: skip


def _ranks(
    texts: Sequence[str], cases: Sequence[str], labels: np.ndarray, similarity: np.ndarray, terms: Mapping[str, str]
) -> np.ndarray:
    """Rank 1-5 for the representative quotes of a theme: typical, telling, readable, and by different people."""
    ranks = np.zeros(len(texts), dtype=np.int64)
    for theme, listed in terms.items():
        if theme == OUTLIERS:
            continue
        own = [term.lower() for term in listed.split(", ")[:3] if term]
        worth = {
            row: similarity[row] + 0.1 * sum(term in texts[row].lower() for term in own) - _penalty(texts[row])
            for row in np.flatnonzero(labels == theme).tolist()
        }
        first: dict[str, int] = {}
        for row in sorted(worth, key=lambda r: (-worth[r], r)):
            first.setdefault(" ".join(texts[row].lower().split()).rstrip(".!?"), row)
        left, heard = list(first.values()), dict[str, int]()
        for rank in range(1, min(_QUOTES, len(left)) + 1):
            row = min(left, key=lambda r: (heard.get(cases[r], 0), -worth[r], r))
            left.remove(row)
            ranks[row] = rank
            heard[cases[row]] = heard.get(cases[row], 0) + 1
    return ranks


def _penalty(text: str) -> float:
    least, most = _QUOTE_WORDS
    return 0.0 if least <= len(text.split()) <= most else 0.5
