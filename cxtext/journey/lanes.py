"""The lanes of the journey map: what respondents do, use, need, feel and say in each phase."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cxtext.codebook import load_codebook
from cxtext.coded import codes_of
from cxtext.journey.answers import among, labels, objects
from cxtext.tables import TEXT, make_table

if TYPE_CHECKING:
    from cxtext.phases import Phase

#: lanes in the order of the map
LANES = (
    "activities", "channels", "touchpoints", "needs", "pains", "gains", "emotions", "themes", "quotes",
)  # fmt: skip
CELLS: dict[str, str] = {
    "phase": TEXT, "lane": TEXT, "item": TEXT, "name": TEXT, "segments": "int64", "respondents": "int64",
    "of_respondents": "int64", "quotes": TEXT,
}  # fmt: skip

#: items of a lane that are single sentences
MOST_SENTENCES = 5

_KINDS = {"needs": "need", "pains": "pain", "gains": "gain"}
_GROUPS = {"channels": "channel", "emotions": "emotion"}
_APART = "outliers"
_READABLE = (5, 40)
_ALIKE = 0.6
#: rows whose quotes are ordered at a time, but always those of a whole item
_AT_A_TIME = 50_000
_MOST_CENTRES = 1_500

Encoder = Callable[[Sequence[str]], Any]


def cells(
    told: pd.DataFrame,
    codings: pd.DataFrame,
    scores: pd.DataFrame,
    phases: Sequence[Phase],
    *,
    touchpoints: pd.Series,
    themes: pd.DataFrame,
    theme_names: Mapping[str, str],
    language: str,
    encode: Encoder,
) -> pd.DataFrame:
    """Fill the lanes of the journey map.

    Parameters
    ----------
    told : pandas.DataFrame
        Columns ``case``, ``document``, ``segment`` and ``text`` of what respondents said, with its ``phase`` and
        ``valence`` and whether it is `readable`.
    codings, scores : pandas.DataFrame
        Codings, and probabilities per code path.
    phases : sequence of Phase
    touchpoints : pandas.Series
        Touchpoint by document; may be empty.
    themes : pandas.DataFrame
        Table `cxtext.tables.MEMBERS`; may be empty.
    theme_names : Mapping[str, str]
    language : {"nl", "en"}
        Of the names of codes.
    encode : callable
        Texts to vectors of unit length, for the activities.

    Returns
    -------
    pandas.DataFrame
        Columns `CELLS`, lane by lane and phase by phase, the item of most respondents first. ``of_respondents`` are
        those who spoke about the phase; ``quotes`` holds the ids of all segments of the item, joined by ``;``, the
        best ones to quote first.
    """
    placed = told[told["phase"] != ""]
    names = _names(theme_names, language)
    spoke = placed.groupby("phase")["case"].nunique()
    rows: list[dict[str, Any]] = []
    for lane in LANES:  # one at a time, as all of them with their texts take much memory
        items = _items(lane, placed, codings, scores, touchpoints=touchpoints, themes=themes)
        for phase in phases:
            here = items[items["phase"] == phase.id]
            fixed = {"phase": phase.id, "lane": lane, "of_respondents": int(spoke.get(phase.id, 0))}
            rows += ({**fixed, **cell} for cell in _fill(lane, here, names, encode))
    return make_table(rows, CELLS)


def _items(
    lane: str,
    placed: pd.DataFrame,
    codings: pd.DataFrame,
    scores: pd.DataFrame,
    *,
    touchpoints: pd.Series,
    themes: pd.DataFrame,
) -> pd.DataFrame:
    """Segments of a lane, each with its ``item`` and how strong it is."""
    if lane in _GROUPS:
        return _coded(placed, codings, scores, _GROUPS[lane])
    if lane == "touchpoints":
        return _labelled(placed, labels(placed["document"], touchpoints))
    if lane == "themes":
        named = themes[themes["theme"] != _APART]
        return _labelled(placed, labels(placed["segment"], named.set_index("segment")["theme"]))
    if lane == "quotes":
        return _labelled(placed, placed["phase"])
    kind = _coded(placed, codings, scores, "kind", _KINDS.get(lane, "activity"))
    if lane not in _KINDS:
        return kind
    return _by_theme(kind, themes) if len(themes) else kind.assign(item="")


def best_quotes(rows: pd.DataFrame) -> list[str]:
    """Ids of segments, the best to quote first: one of each respondent in turn, readable, and strong.

    Parameters
    ----------
    rows : pandas.DataFrame
        With ``segment``, ``case``, ``strength`` and whether its text is `readable`.

    Returns
    -------
    list of str
        Each segment once.
    """
    return next((ids for _, ids in quotes_by(rows, np.zeros(len(rows), dtype=int))), [])


def quotes_by(rows: pd.DataFrame, groups: np.ndarray[Any, Any]) -> Iterator[tuple[int, list[str]]]:
    """Order the segments of many groups at once, each as `best_quotes` does.

    Parameters
    ----------
    rows : pandas.DataFrame
        With ``segment``, ``case``, ``strength`` and whether its text is `readable`.
    groups : array of int, shape (n,)
        Group of each row.

    Yields
    ------
    group : int
    segments : list of str
        Each once.
    """
    order = np.argsort(groups, kind="stable")
    starts = np.flatnonzero(np.diff(groups[order], prepend=-1))
    first, ends = 0, [*starts[1:].tolist(), len(order)]
    for end, later in pairwise([*ends, None]):
        if later is None or later - first > _AT_A_TIME:  # all at once they would take much memory
            some = order[first:end]
            yield from _best_first(rows.iloc[some], groups[some])
            first = end


def _best_first(rows: pd.DataFrame, groups: np.ndarray[Any, Any]) -> Iterator[tuple[int, list[str]]]:
    """Segments of some groups."""
    place, segments = pd.factorize(rows["segment"], sort=True)
    ids, case = segments.to_numpy(dtype=object), pd.factorize(rows["case"])[0]
    worth = rows["strength"].fillna(0.0).to_numpy() - 0.5 * ~rows["readable"].to_numpy(dtype=bool)
    order = np.lexsort((place, -worth, groups))
    kept = order[np.sort(np.unique((groups * len(ids) + place)[order], return_index=True)[1])]
    kept = kept[np.lexsort((np.arange(len(kept)), _turns(groups[kept] * len(rows) + case[kept]), groups[kept]))]
    starts = np.flatnonzero(np.diff(groups[kept], prepend=-1))
    for own in np.split(kept, starts[1:]) if len(kept) else ():
        yield int(groups[own[0]]), ids[place[own]].tolist()


def readable(texts: pd.Series) -> np.ndarray[Any, Any]:
    """Tell whether each text is of a length that reads well in a quote, from 5 to 40 words.

    Parameters
    ----------
    texts : pandas.Series

    Returns
    -------
    array of bool, shape (n,)

    Examples
    --------
    >>> readable(pd.Series(["Goed.", "Ik moest een uur wachten."])).tolist()
    [False, True]
    """
    words = np.fromiter((len(text.split()) for text in objects(texts)), dtype=int, count=len(texts))
    return (words >= _READABLE[0]) & (words <= _READABLE[1])


def _turns(keys: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """How many of the same key went before each."""
    order = np.argsort(keys, kind="stable")
    new = np.diff(keys[order], prepend=-1) != 0
    found = np.empty(len(keys), dtype=int)
    found[order] = np.arange(len(keys)) - np.flatnonzero(new)[np.cumsum(new) - 1] if len(keys) else 0
    return found


def _fill(lane: str, here: pd.DataFrame, names: Mapping[str, str], encode: Encoder) -> Iterator[dict[str, Any]]:
    """Cells of one lane in one phase."""
    if here.empty:
        return
    if lane == "activities":
        yield from _typical(here, encode)
    elif lane == "quotes":
        yield from _sentences(here, _telling(here))
    elif lane in _KINDS and not here["item"].iloc[0]:
        yield from _sentences(here, best_quotes(here))
    else:
        yield from _counted(here, names)


def _coded(
    placed: pd.DataFrame, codings: pd.DataFrame, scores: pd.DataFrame, group: str, code: str = ""
) -> pd.DataFrame:
    """Segments with a code (or any) of a group as ``item``, as strong as its probability, else its coding's score."""
    codes = codes_of(codings, group).rename(columns={"code": "item", "score": "strength"})
    codes = codes[codes["item"] == code] if code else codes
    paths = [column for column in scores.columns if column.startswith(f"{group}/{code}")]
    known = scores[["segment", *paths]].melt("segment", var_name="path", value_name="probability")
    known = known.assign(item=known["path"].str.removeprefix(f"{group}/"))
    codes = codes.merge(known[["segment", "item", "probability"]], on=["segment", "item"], how="left")
    codes = codes.assign(strength=codes["probability"].astype("float64").fillna(codes["strength"]))
    return placed.merge(codes[["segment", "item", "strength"]], on="segment")


def _labelled(placed: pd.DataFrame, items: pd.Series) -> pd.DataFrame:
    """Segments that have an item, as strong as what they feel."""
    rows = placed.assign(item=items.array, strength=placed["valence"].abs())
    return rows[rows["item"].notna() & (rows["item"] != "")]


def _by_theme(kind: pd.DataFrame, themes: pd.DataFrame) -> pd.DataFrame:
    """The same segments with their theme as item."""
    theme = labels(kind["segment"], themes.set_index("segment")["theme"])
    return kind.assign(item=theme.where(theme != "", _APART))


def _names(theme_names: Mapping[str, str], language: str) -> dict[str, str]:
    codes = {code.id: code.name(language) for code in load_codebook() if code.group in _GROUPS.values()}
    return {**codes, **theme_names}


def _counted(here: pd.DataFrame, names: Mapping[str, str]) -> list[dict[str, Any]]:
    """One cell per item; what is in no theme comes last."""
    number, items = pd.factorize(here["item"], sort=True)
    people = here.groupby(number)["case"].nunique()
    found = [
        _cell(str(items[at]), names.get(str(items[at]), str(items[at])), ids, int(people[at]))
        for at, ids in quotes_by(here, number)
    ]
    return sorted(found, key=lambda cell: (cell["item"] == _APART, -cell["respondents"], -cell["segments"]))


def _sentences(here: pd.DataFrame, ids: Sequence[str]) -> list[dict[str, Any]]:
    """One cell per sentence, no sentence twice."""
    texts = here.drop_duplicates("segment").set_index("segment")["text"]
    first: dict[str, str] = {}
    for id in ids:
        first.setdefault(" ".join(texts[id].lower().split()), id)
        if len(first) == MOST_SENTENCES:
            break
    return [_cell(id, texts[id], [id], 1) for id in first.values()]


def _telling(here: pd.DataFrame) -> list[str]:
    """Strongest quotes, negative and positive in turn."""
    sour, sweet = (best_quotes(here[here["valence"] * sign > 0]) for sign in (-1, 1))
    rest = best_quotes(here[~among(here["segment"], [*sour, *sweet])])
    both = [id for pair in zip(sour, sweet, strict=False) for id in pair]
    longer = sour if len(sour) > len(sweet) else sweet
    return [*both, *longer[min(len(sour), len(sweet)) :], *rest]


def _typical(here: pd.DataFrame, encode: Encoder) -> list[dict[str, Any]]:
    """Sentences that stand for most respondents: each speaks for those that say nearly the same."""
    rows = here.drop_duplicates("segment").sort_values("segment", kind="stable", ignore_index=True)
    vectors = np.asarray(encode(rows["text"].tolist()), dtype=np.float32)
    centres = np.unique(np.linspace(0, len(rows) - 1, min(len(rows), _MOST_CENTRES)).astype(int))
    likeness = vectors[centres] @ vectors.T
    alike = likeness >= _ALIKE
    alike[np.arange(len(centres)), centres] = True
    central = likeness.mean(axis=1) - 0.5 * ~rows["readable"].to_numpy(dtype=bool)[centres]
    cases = rows["case"].to_numpy()
    left = np.ones(len(rows), dtype=bool)
    found: list[dict[str, Any]] = []
    while len(found) < MOST_SENTENCES and left[centres].any():
        reach = [len(set(cases[row & left])) for row in alike]
        open_ = np.flatnonzero(left[centres])
        best = max(open_.tolist(), key=lambda c: (reach[c], central[c], -c))
        group = np.flatnonzero(alike[best] & left)
        ids = [rows["segment"][centres[best]]]
        ids += [id for id in best_quotes(rows.iloc[group]) if id != ids[0]]
        found.append(_cell(ids[0], rows["text"][centres[best]], ids, len(set(cases[group]))))
        left[group] = False
    return found


def _cell(item: str, name: str, ids: Sequence[str], respondents: int) -> dict[str, Any]:
    return {"item": item, "name": name, "segments": len(ids), "respondents": respondents, "quotes": ";".join(ids)}
