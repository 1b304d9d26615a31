"""Find themes: what respondents say, grouped by subject."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from cxtext.clustering import OUTLIER, Groups, Matrix, features
from cxtext.coded import codes_of, of_respondents
from cxtext.counting import counted
from cxtext.errors import OptionError
from cxtext.tables import MEMBERS, THEMES, make_table
from cxtext.terms import Vocabulary, read_vocabulary
from cxtext.themes.estimator import ThemeClusterer
from cxtext.themes.holding import Held, held_by_words, keep_held
from cxtext.themes.records import KINDS, OUTLIERS, Ground, Themes, build_themes

#: what to group by default
PAINS_NEEDS_AND_GAINS = tuple(f"kind/{kind}" for kind in KINDS)

_REACH = 3
_PASSAGE = 5
_FEWEST_TO_GROUP = 3
_FEWEST_TO_DIVIDE = 20
_MOST_PARTS = 6
_MOST_TO_DIVIDE = 1_500
_LEAST_APART = 0.1
_ENGLISH = 0.95
_MOST_READ_CLOSELY = 20_000
_OTHER_LANGUAGES = ("nl", "en")
_PLAIN = re.compile(r"[\W\d_]+")


class Material(NamedTuple):
    """Segments to group: their rows, what points and names are made of, and whether the points tell fine subjects."""

    members: pd.DataFrame
    ground: Ground
    passages: list[int]
    copies: dict[str, str]
    subject: np.ndarray
    held: Callable[[Groups], Held]
    language: str
    fine: bool


def find_themes(
    segments: pd.DataFrame,
    codings: pd.DataFrame,
    *,
    encode: Callable[[Sequence[str]], Any] | None = None,
    n_themes: int | None = None,
    among: Sequence[str] = PAINS_NEEDS_AND_GAINS,
    seed: int = 0,
    language: str | None = None,
) -> Themes:
    """Group segments of respondents by subject.

    Parameters
    ----------
    segments : pandas.DataFrame
        Table `cxtext.tables.SEGMENTS`.
    codings : pandas.DataFrame
        Table `cxtext.tables.CODINGS`.
    encode : callable, optional
        Texts to vectors (n, d) of unit length. Where it is left out, `cxtext.embedding.encode`: an encoder of English
        for studies of at most 20,000 segments in English, one for many languages for all others.
    n_themes : int, optional
        How many to look for; chosen from the data where it is left out, and then groups are dissolved of which the
        respondents share no words. Too small ones always are.
    among : sequence of str
        Codes (``group/code``) of which a segment has at least one; empty for all that respondents said. So
        ``["kind/question"]`` finds what they ask, ``["phase/service"]`` the themes within service.
    seed : int
        The same seed gives the same themes, in any order of the rows and on any number of cores.
    language : {"nl", "en"}, optional
        Of the texts; that of each segment where it is left out.

    Returns
    -------
    Themes
        Without rows where no segment has one of the codes.

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
    material = read_material(segments, codings, encode=encode, among=among, language=language, seed=seed)
    if material is None:
        return Themes(make_table([], THEMES), make_table([], MEMBERS), seed=seed, language=language or "nl")
    with threadpool_limits(1):
        groups = _group(material, n_themes, seed)
        labels = _ids(groups.labels, material.members["case"].to_numpy())
        parts = divide(material.ground.points, labels, material.members, seed=seed)
    found = build_themes(
        material.ground,
        material.members,
        labels.tolist(),
        parts=parts,
        language=material.language,
        seed=seed,
        copies=material.copies,
    )
    return replace(found, method=_method(groups, found, among, n_themes))


def read_material(
    segments: pd.DataFrame,
    codings: pd.DataFrame,
    *,
    encode: Callable[[Sequence[str]], Any] | None,
    among: Sequence[str],
    language: str | None,
    seed: int,
) -> Material | None:
    """Segments that have one of the codes, as points with their words; None where there are none.

    The parameters are those of `find_themes`.
    """
    said = of_respondents(segments)
    chosen = said["segment"].isin(_coded(said, codings, among)).to_numpy()
    if not chosen.any():
        return None
    languages = _languages(said["language"], language)
    order, context = _neighbours(said, chosen)
    around, members = said.iloc[order], said[chosen]
    texts = members["text"].tolist()
    vocabulary = read_vocabulary(
        around["text"].tolist(), languages[order].tolist(), speakers=set(said["speaker"].unique())
    )
    lemmas = [vocabulary.lemmas(row) for row in range(len(vocabulary.words))]
    worded = np.array([bool(line) for line in lemmas], dtype=np.float32)
    subject = (worded + context @ worded)[: len(members)] > 0
    with threadpool_limits(1):
        vectors, words = _vectors(texts, languages[chosen], vocabulary, lemmas, encode)
        styles = (languages[chosen], members["document"].to_numpy())
        points = vectors
        if subject.sum() > 2:
            points = features(vectors, words, lemmas, context, styles=styles, seed=seed)
    own = vocabulary.of(range(len(members)))
    of_kind = codes_of(codings, "kind").groupby("segment")["code"].agg(frozenset).to_dict()
    kinds = tuple(of_kind.get(segment, frozenset()) for segment in members["segment"])
    passages, copies = _copies(members, _passages(said)[chosen])
    cases = members["case"].tolist()
    return Material(
        members.reset_index(drop=True),
        Ground(tuple(texts), kinds, points, own, int(said["case"].nunique()), tuple(among)),
        passages,
        copies,
        subject,
        lambda groups: held_by_words(groups, own, lemmas, context, cases),
        language or _most_common(languages[chosen]),
        words is None,
    )


def divide(points: Matrix, labels: np.ndarray, members: pd.DataFrame, *, seed: int) -> dict[str, str]:
    """Find the sub-themes of themes that fall into parts of five segments and three respondents.

    Parameters
    ----------
    points : numpy.ndarray
        Shape (n, d), rows of unit length.
    labels : numpy.ndarray
        Theme of each segment.
    members : pandas.DataFrame
        Columns ``segment`` and ``case``.
    seed : int

    Returns
    -------
    dict of str to str
        Sub-theme (``"t01.2"``) by segment; nothing for a theme of one piece.
    """
    from sklearn.metrics import silhouette_score

    found: dict[str, str] = {}
    cases, segments = members["case"].to_numpy(), members["segment"].to_numpy()
    rng = np.random.default_rng(seed)
    for theme in sorted(set(labels) - {OUTLIERS}):
        own = np.flatnonzero(labels == theme)
        if len(own) < _FEWEST_TO_DIVIDE:
            continue
        inside = points[own] - points[own].mean(axis=0)
        inside = (inside / np.maximum(np.linalg.norm(inside, axis=1, keepdims=True), 1e-9)).astype(np.float32)
        some = (
            np.sort(rng.choice(len(own), _MOST_TO_DIVIDE, replace=False)) if len(own) > _MOST_TO_DIVIDE else slice(None)
        )
        best, most = None, _LEAST_APART
        for number in range(2, min(_MOST_PARTS, len(own) // 10) + 1):
            tried = ThemeClusterer(number, least_segments=5, least_cases=3, seed=seed)
            parts = tried.fit(inside[some], cases=cases[own][some].tolist()).transform(inside).argmax(axis=1)
            if len(set(parts)) < 2:
                continue
            apart = silhouette_score(inside, parts, sample_size=min(len(own), 1000), random_state=seed)
            if apart > most:
                best, most = parts, apart
        if best is not None:
            sizes = np.bincount(best)
            rank = {part: n for n, part in enumerate(np.argsort(-sizes, kind="stable").tolist(), start=1)}
            found.update({segments[row]: f"{theme}.{rank[int(part)]}" for row, part in zip(own, best, strict=True)})
    return found


def _coded(said: pd.DataFrame, codings: pd.DataFrame, among: Sequence[str]) -> set[str]:
    """Segments with one of the codes."""
    if isinstance(among, str) or any("/" not in path for path in among):
        msg = f"among is {among!r}. Give a list of codes such as ['kind/pain'], or an empty list for all segments."
        raise OptionError(msg)
    if not among:
        return set(said["segment"])
    found: set[str] = set()
    for path in among:
        group_id, _, code = path.partition("/")
        rows = codes_of(codings, group_id)
        found |= set(rows.loc[rows["code"] == code, "segment"])
    return found


def _copies(members: pd.DataFrame, passages: np.ndarray) -> tuple[list[int], dict[str, str]]:
    """Passages of which copies share that of the segment they repeat, and the copies."""
    first: dict[str, int] = {}
    found, copies = passages.tolist(), {}
    segments = members["segment"].tolist()
    for row, text in enumerate(members["text"]):
        plain = _PLAIN.sub(" ", text.lower()).strip()
        at = first.setdefault(plain or text, row)
        if at != row:
            found[row] = found[at]
            copies[segments[row]] = segments[at]
    return found, copies


def _ids(labels: np.ndarray, cases: np.ndarray) -> np.ndarray:
    """Theme ids, by respondents and then segments."""
    sizes = {
        int(label): (-len(set(cases[labels == label])), -int((labels == label).sum()), int(label))
        for label in np.unique(labels)
        if label != OUTLIER
    }
    ids = {label: f"t{i:02d}" for i, label in enumerate(sorted(sizes, key=sizes.__getitem__), start=1)}
    return np.array([ids.get(int(label), OUTLIERS) for label in labels], dtype=object)


def _languages(own: pd.Series, language: str | None) -> np.ndarray:
    """Language of each text: nl or en, and the most common of the two for a text in neither."""
    if language:
        return np.full(len(own), language, dtype=object)
    known = own.where(own.isin(list(_OTHER_LANGUAGES)), "").to_numpy(dtype=object)
    return np.where(known == "", _most_common(known), known)


def _most_common(languages: np.ndarray) -> str:
    return "en" if (languages == "en").sum() > (languages == "nl").sum() else "nl"


def _neighbours(said: pd.DataFrame, chosen: np.ndarray) -> tuple[np.ndarray, Any]:
    """Rows of the chosen segments and then of those beside them in the document, with who stands beside whom."""
    from scipy.sparse import csr_array

    document = pd.factorize(said["document"])[0]
    pairs = [
        (i, i + step)
        for step in range(1, _REACH + 1)
        for i in np.flatnonzero(document[:-step] == document[step:]).tolist()
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


def _vectors(
    texts: Sequence[str],
    languages: np.ndarray,
    vocabulary: Vocabulary,
    lemmas: Sequence[Sequence[str]],
    encode: Callable[[Sequence[str]], Any] | None,
) -> tuple[Matrix, Matrix | None]:
    """Vectors of the segments, and of their words where sentences alone tell subjects apart less well."""
    from cxtext import embedding

    english = (languages == "en").mean() >= _ENGLISH and len(texts) <= _MOST_READ_CLOSELY
    if encode is None and english:
        return embedding.encode(texts, backend="minilm"), None
    encode = encode or embedding.encode
    words = encode([vocabulary.forms.get(lemma, lemma) for lemma in sorted(set().union(*lemmas))])
    return np.asarray(encode(texts), dtype=np.float32), np.asarray(words, dtype=np.float32)


def _group(material: Material, n_themes: int | None, seed: int) -> Groups:
    """Find the groups, those that shared words hold together where no number of them is asked for.

    Fewer than three segments with a subject are one group, and none at all are no group.
    """
    points, cases = material.ground.points, material.members["case"].tolist()
    n, people = len(points), len(set(cases))
    subject = np.flatnonzero(material.subject).tolist()
    if not subject and n_themes is None:
        return Groups(np.full(n, OUTLIER), np.zeros((n, 1)))
    if len(subject) < _FEWEST_TO_GROUP or n_themes == 1:
        return _one_group(points)
    least = {
        "least_segments": 5 if n >= 40 else 3 if n >= 16 else 1,
        "least_cases": 3 if people >= 8 else min(2, people),
    }
    model = ThemeClusterer(n_themes, seed=seed, coarser=not material.fine, **least).fit(
        points[subject], cases=[cases[row] for row in subject], passages=[material.passages[row] for row in subject]
    )
    if model.tried_ == (1,):
        return _one_group(points)
    labels, cosines = np.full(n, OUTLIER), np.zeros((n, len(model.centres_)))
    labels[subject], cosines[subject] = model.labels_, model.cosines_
    groups = Groups(labels, cosines, model.tried_)
    return keep_held(groups, material.held(groups), cases, **least) if n_themes is None else groups


def _one_group(vectors: np.ndarray) -> Groups:
    centre = vectors.mean(axis=0)
    cosines = (vectors @ centre / max(float(np.linalg.norm(centre)), 1e-9)).astype(np.float64)
    return Groups(np.zeros(len(vectors), dtype=np.int64), cosines.reshape(-1, 1))


def _method(groups: Groups, found: Themes, among: Sequence[str], n_themes: int | None) -> str:
    if n_themes is None and len(groups.tried) > 1:
        number = f", their number chosen from {groups.tried[0]}-{groups.tried[-1]} by silhouette"
    else:
        number = "" if n_themes is None else f", {n_themes} asked for"
        number += " (those too small are dissolved)" * (len(found.ids) < (n_themes or 0))
    usual = tuple(among) == PAINS_NEEDS_AND_GAINS
    what = counted(len(found.members), "need, pain and gain segment" if usual else "segment")
    what += "" if usual else f" ({', '.join(among) or 'all'})"
    people = counted(found.members["case"].nunique(), "respondent")
    apart = int((found.members["theme"] == OUTLIERS).sum())
    if not found.ids:
        return (
            f"There is no theme in {what} of {people}: too "
            f"few speak about the same in the same words. Group all that they say (among=[], --all), ask for a number "
            f"(n_themes, -n) to see groups all the same, or collect more."
        )
    words = ", or in a group that respondents share no words in," if n_themes is None else ""
    copied = ""
    if found.copies:
        repeat, were = ("repeats", "was") if len(found.copies) == 1 else ("repeat", "were")
        copied = f" {counted(len(found.copies), 'segment')} {repeat} the words of another and {were} grouped with it."
    lie = "lies" if apart == 1 else "lie"
    lying = f"{counted(apart, 'segment')} that {lie} far from every theme{words} {lie} apart"
    return (
        f"{what} of {people} in {counted(len(found.ids), 'theme')} "
        f"by k-means on sentence vectors, word vectors and latent semantic analysis of the lemmas, each with up to "
        f"{_REACH} sentences before and after it{number};{copied} "
        f"{lying}; seed {found.seed}."
    )
