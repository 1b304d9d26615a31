"""Themes: what respondents need, where it hurts and what pleases them, grouped by subject and named by its terms."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from cxtext.clustering import OUTLIER, Groups, features, group, keep_told
from cxtext.coded import codes_of, of_respondents
from cxtext.errors import OptionError
from cxtext.tables import MEMBERS, THEMES, make_table
from cxtext.terms import read_vocabulary, telling_terms

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from cxtext.terms import Vocabulary

#: id of the group of segments that belong to no theme
OUTLIERS = "outliers"
#: codes of the group ``kind`` that themes are made of
KINDS = ("pain", "need", "gain")

_REACH = 2
_PASSAGE = 5
_QUOTES = 5
_QUOTE_WORDS = (5, 40)
_FEWEST_TO_GROUP = 3
_OTHER = {"nl": "overig", "en": "other"}
_THEME = {"nl": "thema", "en": "theme"}


@dataclass(frozen=True)
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
    """

    table: pd.DataFrame
    members: pd.DataFrame
    quotes: Mapping[str, str] = field(default_factory=dict)
    seed: int = 0
    method: str = ""
    language: str = "nl"

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

    def __repr__(self) -> str:
        names = self.table.loc[self.table["theme"] != OUTLIERS, "name"]
        return f"Themes({len(names)}: {'; '.join(names)})"

    def _repr_html_(self) -> str:
        from cxtext.plots.tables import themes_html

        return themes_html(self)


def find_themes(
    segments: pd.DataFrame,
    codings: pd.DataFrame,
    *,
    encode: Callable[[Sequence[str]], Any] | None = None,
    n_themes: int | None = None,
    seed: int = 0,
    language: str | None = None,
) -> Themes:
    """Group the need, pain and gain segments of respondents by subject.

    Parameters
    ----------
    segments : pandas.DataFrame
        Table `cxtext.tables.SEGMENTS`.
    codings : pandas.DataFrame
        Table `cxtext.tables.CODINGS`.
    encode : callable, optional
        Texts to vectors (n, d) of unit length; `cxtext.embedding.encode` where it is left out.
    n_themes : int, optional
        How many to look for; chosen from the data where it is left out. Too small ones are dissolved.
    seed : int
        The same seed gives the same themes, in any order of the rows and on any number of cores.
    language : {"nl", "en"}, optional
        Of the texts; that of each segment where it is left out.

    Returns
    -------
    Themes
        Without rows where there is no need, pain or gain.

    Raises
    ------
    OptionError
        `n_themes` is less than 1.

    Examples
    --------
    >>> from cxtext.tables import CODINGS, SEGMENTS
    >>> find_themes(make_table([], SEGMENTS), make_table([], CODINGS)).table.empty
    True
    """
    if n_themes is not None and n_themes < 1:
        msg = f"n_themes is {n_themes}. Give a number from 1 on, or leave it out to have it chosen from the data."
        raise OptionError(msg)
    encoder = encode or _default_encoder()
    said = of_respondents(segments)
    kinds = codes_of(codings, "kind")
    kinds = kinds[kinds["code"].isin(KINDS)]
    chosen = said["segment"].isin(kinds["segment"]).to_numpy()
    languages = _languages(said["language"], language)
    shown = language or _most_common(languages[chosen])
    if not chosen.any():
        return Themes(make_table([], THEMES), make_table([], MEMBERS), seed=seed, language=shown)
    order, context = _neighbours(said, chosen)
    passages = _passages(said)[chosen].tolist()
    around, members = said.iloc[order], said[chosen]
    vocabulary = read_vocabulary(
        around["text"].tolist(), languages[order].tolist(), speakers=set(said["speaker"].unique())
    )
    with threadpool_limits(1):
        vectors = np.asarray(encoder(members["text"].tolist()), dtype=np.float32)
        groups = _group(vectors, vocabulary, context, members["case"].tolist(), passages, encoder, n_themes, seed)
    own = replace(vocabulary, words=vocabulary.words[: len(members)])
    labels, table = _table(groups, own, members, kinds, said["case"].nunique(), shown)
    ranks = _ranks(members, labels, groups.similarity, dict(zip(table["theme"], table["terms"], strict=True)))
    frame = make_table(
        {
            **{name: members[name].tolist() for name in ("segment", "document", "case")},
            "theme": labels.tolist(),
            "similarity": groups.similarity.round(4).tolist(),
            "rank": ranks.tolist(),
        },
        MEMBERS,
    )
    texts = members["text"].to_numpy()[ranks > 0]
    quotes = dict(zip(frame.loc[frame["rank"] > 0, "segment"], texts, strict=True))
    return Themes(table, frame, quotes, seed, _method(groups, table, frame, n_themes, seed), shown)


def _default_encoder() -> Callable[[Sequence[str]], Any]:
    from cxtext.embedding import encode

    return encode


def _languages(own: pd.Series, language: str | None) -> np.ndarray:
    """Language of each text: nl or en, and the most common of the two for a text in neither."""
    if language:
        return np.full(len(own), language, dtype=object)
    known = own.where(own.isin(list(_OTHER)), "").to_numpy(dtype=object)
    return np.where(known == "", _most_common(known), known)


def _most_common(languages: np.ndarray) -> str:
    return "en" if (languages == "en").sum() > (languages == "nl").sum() else "nl"


def _neighbours(said: pd.DataFrame, chosen: np.ndarray) -> tuple[np.ndarray, Any]:
    """Rows of the chosen segments and then of those beside them in the same turn, with who stands beside whom."""
    from scipy.sparse import csr_array

    turn = said.groupby(["document", "turn"], sort=False).ngroup().to_numpy()
    pairs = [
        (i, i + step) for step in range(1, _REACH + 1) for i in np.flatnonzero(turn[:-step] == turn[step:]).tolist()
    ]
    pairs = [(i, j) for i, j in pairs if chosen[i] or chosen[j]]
    near = np.zeros(len(said), dtype=bool)
    near[[i for pair in pairs for i in pair]] = True
    order = np.concatenate([np.flatnonzero(chosen), np.flatnonzero(near & ~chosen)])
    place = np.empty(len(said), dtype=int)
    place[order] = np.arange(len(order))
    rows = [place[i] for i, j in pairs] + [place[j] for i, j in pairs]
    columns = [place[j] for i, j in pairs] + [place[i] for i, j in pairs]
    ones = np.ones(len(rows), dtype=np.float32)
    return order, csr_array((ones, (rows, columns)), shape=(len(order), len(order)))


def _passages(said: pd.DataFrame) -> np.ndarray:
    """Number of the passage of each segment: up to five neighbouring segments of one turn."""
    place = said.groupby(["document", "turn"], sort=False).cumcount() // _PASSAGE
    keys = pd.DataFrame({"document": said["document"], "turn": said["turn"], "place": place})
    return keys.groupby(["document", "turn", "place"], sort=False).ngroup().to_numpy()


def _group(
    vectors: np.ndarray,
    vocabulary: Vocabulary,
    context: Any,
    cases: Sequence[str],
    passages: Sequence[int],
    encode: Callable[[Sequence[str]], Any],
    n_themes: int | None,
    seed: int,
) -> Groups:
    """Find the groups that telling terms hold together; fewer than three segments with a subject are one group."""
    n = len(vectors)
    lemmas = [vocabulary.lemmas(row) for row in range(len(vocabulary.words))]
    worded = np.array([bool(line) for line in lemmas], dtype=np.float32)
    subject = np.flatnonzero((worded + context @ worded)[:n] > 0).tolist()
    if len(subject) < _FEWEST_TO_GROUP or n_themes == 1:
        return _one_group(vectors)
    words = encode([vocabulary.forms.get(lemma, lemma) for lemma in sorted(set().union(*lemmas))])
    points = features(vectors, np.asarray(words, dtype=np.float32), lemmas, context, seed=seed)
    people = len(set(cases))
    least = {
        "least_segments": 5 if n >= 40 else 3 if n >= 16 else 1,
        "least_cases": 3 if people >= 8 else min(2, people),
    }
    found = group(
        points[subject],
        [cases[row] for row in subject],
        [passages[row] for row in subject],
        n_groups=n_themes,
        seed=seed,
        **least,
    )
    if found.tried == (1,):
        return _one_group(vectors)
    labels, cosines = np.full(n, OUTLIER), np.zeros((n, found.cosines.shape[1]))
    labels[subject], cosines[subject] = found.labels, found.cosines
    groups = Groups(labels, cosines, found.tried)
    return keep_told(groups, _told(groups, vocabulary, context, cases), cases, **least)


def _told(groups: Groups, vocabulary: Vocabulary, context: Any, cases: Sequence[str]) -> np.ndarray:
    """Whether each segment uses a telling term of each group, itself or (where it has hardly a word) beside it."""
    n, number = groups.cosines.shape
    own = replace(vocabulary, words=vocabulary.words[:n])
    terms = telling_terms(own, [str(label) for label in groups.labels], cases, shared=len(set(cases)) > 1)
    lemmas = [set(vocabulary.lemmas(row)) for row in range(len(vocabulary.words))]
    told = np.zeros((len(lemmas), number), dtype=np.float32)
    for label in range(number):
        family = set().union(*(term.lemmas for term in terms.get(str(label), [])))
        told[:, label] = [bool(family & line) for line in lemmas]
    elliptic = np.array([len(line) <= 1 for line in lemmas[:n]])
    return (told[:n] > 0) | (elliptic[:, None] & ((context @ told)[:n] > 0))


def _one_group(vectors: np.ndarray) -> Groups:
    centre = vectors.mean(axis=0)
    cosines = (vectors @ centre / max(float(np.linalg.norm(centre)), 1e-9)).astype(np.float64)
    return Groups(np.zeros(len(vectors), dtype=np.int64), cosines.reshape(-1, 1))


def _table(
    groups: Groups,
    vocabulary: Vocabulary,
    members: pd.DataFrame,
    kinds: pd.DataFrame,
    of: int,
    language: str,
) -> tuple[np.ndarray, pd.DataFrame]:
    """Theme id of every member, and the table of themes."""
    cases = members["case"].to_numpy()
    sizes = {
        int(label): (-len(set(cases[groups.labels == label])), -int((groups.labels == label).sum()), int(label))
        for label in np.unique(groups.labels)
    }
    ordered = sorted(sizes, key=lambda label: (label == OUTLIER, sizes[label]))
    ids = {label: OUTLIERS if label == OUTLIER else f"t{i:02d}" for i, label in enumerate(ordered, start=1)}
    labels = np.array([ids[int(label)] for label in groups.labels], dtype=object)
    terms = telling_terms(vocabulary, labels.tolist(), cases.tolist())
    of_kind = {kind: set(kinds.loc[kinds["code"] == kind, "segment"]) for kind in KINDS}
    rows = []
    for number, label in enumerate(ordered, start=1):
        theme, apart = ids[label], label == OUTLIER
        own = set(members["segment"].to_numpy()[labels == theme])
        best = [] if apart else [term.form for term in terms[theme]]
        rows.append({
            "theme": theme,
            "name": _OTHER[language] if apart else ", ".join(best[:3]) or f"{_THEME[language]} {number}",
            "terms": ", ".join(best), "segments": -sizes[label][1], "respondents": -sizes[label][0],
            "of_respondents": of, "pains": len(own & of_kind["pain"]), "needs": len(own & of_kind["need"]),
            "gains": len(own & of_kind["gain"]),
        })  # fmt: skip
    return labels, make_table(rows, THEMES)


def _ranks(members: pd.DataFrame, labels: np.ndarray, similarity: np.ndarray, terms: Mapping[str, str]) -> np.ndarray:
    """Rank 1-5 for the representative quotes of a theme: typical, telling, readable, and by different people."""
    ranks = np.zeros(len(members), dtype=np.int64)
    texts, cases = members["text"].tolist(), members["case"].tolist()
    for theme, listed in terms.items():
        if theme == OUTLIERS:
            continue
        own = [term.lower() for term in listed.split(", ")[:3] if term]
        worth = {
            row: similarity[row] + 0.1 * sum(term in texts[row].lower() for term in own) - _penalty(texts[row])
            for row in np.flatnonzero(labels == theme).tolist()
        }
        rank, seen, heard = 0, set[str](), dict[str, int]()
        while worth and rank < _QUOTES:
            row = min(worth, key=lambda r: (heard.get(cases[r], 0), -worth[r], r))
            del worth[row]
            plain = " ".join(texts[row].lower().split()).rstrip(".!?")
            if plain in seen:
                continue
            rank += 1
            ranks[row] = rank
            seen.add(plain)
            heard[cases[row]] = heard.get(cases[row], 0) + 1
    return ranks


def _penalty(text: str) -> float:
    least, most = _QUOTE_WORDS
    return 0.0 if least <= len(text.split()) <= most else 0.5


def _method(groups: Groups, table: pd.DataFrame, members: pd.DataFrame, n_themes: int | None, seed: int) -> str:
    found = int((table["theme"] != OUTLIERS).sum())
    if n_themes is None and len(groups.tried) > 1:
        number = (
            f", their number chosen from {groups.tried[0]}-{groups.tried[-1]} by silhouette and by stability "
            "among respondents"
        )
    else:
        number = "" if n_themes is None else f", {n_themes} asked for"
    return (
        f"{len(members)} need, pain and gain segments of {members['case'].nunique()} respondents in {found} themes "
        f"by k-means on sentence vectors, word vectors and latent semantic analysis of the lemmas, each with up to two "
        f"sentences before and after it in the same turn{number}; {int((members['theme'] == OUTLIERS).sum())} "
        f"segments that lie far from every theme, or share no telling term with it, lie apart; seed {seed}."
    )
