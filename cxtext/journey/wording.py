"""The outside-in check: whether the organisation speaks of its products and departments, or as its customers do."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml

from cxtext.coded import of_respondents
from cxtext.errors import ReadError
from cxtext.journey.mentions import share_of
from cxtext.resources import data_path
from cxtext.showing import html_table
from cxtext.stats import MIN_PERCENTAGE
from cxtext.tables import TEXT, make_table
from cxtext.terms import read_vocabulary

WORDING: dict[str, str] = {
    "word": TEXT, "kind": TEXT, "sector": TEXT, "names": "int64", "questions": "int64", "respondents": "int64",
    "of_respondents": "int64", "share": "float64", "low": "float64", "high": "float64", "say": TEXT,
    "say_respondents": "int64", "example": TEXT, "quotes": TEXT,
}  # fmt: skip
SPEECH: dict[str, str] = {
    "source": TEXT, "units": "int64", "inside": "int64", "inside_share": "float64", "inside_low": "float64",
    "inside_high": "float64", "experience": "int64", "experience_share": "float64", "experience_low": "float64",
    "experience_high": "float64",
}  # fmt: skip
#: the organisation's names (phases, touchpoints, departments), its questions, and what customers say
SOURCES = ("names", "questions", "answers")

_SHOWN = ("word", "kind", "respondents", "of_respondents", "say", "say_respondents", "example")
_INSIDE = ("product", "department")
_ADVICE = "See cxtext/data/wording.yaml for the form: product and department (by sector), and experience (by language)."
#: how like a word of customers has to be to one that only the organisation uses, to be suggested for it
_LIKE = 0.65
_USERS = 3
#: sentences, evenly chosen, whose words are read to find the like of a word
_MOST_READ = 10_000

Encoder = Callable[[Sequence[str]], Any]


@dataclass(frozen=True)
class Term:
    """A word of the inside.

    Attributes
    ----------
    kind : {"product", "department"}
    sector : str
    words : tuple of str
        ``*`` stands for any letters.
    say : Mapping[str, tuple of str]
        What to say instead, by language.
    """

    kind: str
    sector: str
    words: tuple[str, ...]
    say: Mapping[str, tuple[str, ...]]

    @property
    def pattern(self) -> re.Pattern[str]:
        """Pattern of its words."""
        return word_pattern(self.words)


@dataclass(frozen=True)
class OutsideIn:
    """Words of the inside against words of the outside.

    Attributes
    ----------
    words : pandas.DataFrame
        One row per ``word`` of the organisation: its ``kind`` (``"product"``, ``"department"``, or ``"own"``: in its
        names, and used by no respondent), ``sector`` of the list, in how many ``names`` and ``questions`` it stands,
        ``respondents`` who use it of all (Wilson; NaN below 10), what to ``say`` instead, how many respondents say
        that (the most of them), an ``example`` of a name or question, and ``quotes``: segments with the suggestion.
    speech : pandas.DataFrame
        One row per ``source``: ``"names"``, ``"questions"`` (one text each) and ``"answers"`` (one respondent each): in
        how many ``units`` there are words of the ``inside`` and of the ``experience``, with their shares.
    """

    words: pd.DataFrame
    speech: pd.DataFrame

    def __repr__(self) -> str:
        kinds = self.words.groupby("kind", sort=False).size().items()
        return f"OutsideIn({', '.join(f'{n} {kind}' for kind, n in kinds) or 'no words of the inside'})"

    def _repr_html_(self) -> str:
        return html_table(self.words.to_dict("records"), _SHOWN, head=repr(self))


def load_wording(path: str | Path | None = None) -> tuple[tuple[Term, ...], re.Pattern[str]]:
    """Read a list of words of the inside and of the experience.

    Parameters
    ----------
    path : str or pathlib.Path, optional
        A YAML file; the list that comes with cxtext where it is left out.

    Returns
    -------
    terms : tuple of Term
    experience : re.Pattern
        Of the words of the experience, in all languages.

    Raises
    ------
    ReadError
        The file is missing or not of this form.

    Examples
    --------
    >>> terms, experience = load_wording()
    >>> terms[0].say["nl"][0], bool(experience.search("Fijn wonen, dat wil ik."))
    ('wonen', True)
    """
    place = Path(path) if path else data_path("wording.yaml")
    try:
        data = yaml.safe_load(place.read_text(encoding="utf-8"))
        terms = tuple(
            Term(
                kind,
                str(sector),
                tuple(map(str, entry["words"])),
                {k: tuple(map(str, v)) for k, v in entry["say"].items()},
            )
            for kind in _INSIDE
            for sector, entries in data.get(kind, {}).items()
            for entry in entries
        )
        return terms, word_pattern([word for words in data["experience"].values() for word in words])
    except OSError as error:
        raise ReadError(str(place), f"the list of words cannot be read ({error.strerror})", _ADVICE) from error
    except (UnicodeError, yaml.YAMLError, LookupError, TypeError, AttributeError) as error:
        reason = " ".join(str(error).split())
        raise ReadError(str(place), f"it is no list of words ({type(error).__name__}: {reason})", _ADVICE) from error


def outside_in(
    segments: pd.DataFrame,
    documents: pd.DataFrame | None = None,
    *,
    names: Iterable[str] = (),
    wording: str | Path | None = None,
    language: str = "nl",
    encode: Encoder | None = None,
) -> OutsideIn:
    """Compare how the organisation speaks, in names and questions, with how its customers do.

    Parameters
    ----------
    segments : pandas.DataFrame
        Table `cxtext.tables.SEGMENTS`; their ``prompt`` is what was asked.
    documents : pandas.DataFrame, optional
        With ``@touchpoint`` and ``@owner``, whose values are names too.
    names : iterable of str
        Other names that the organisation gives, such as those of the phases.
    wording : str or pathlib.Path, optional
        A list of words of one's own; see `load_wording`.
    language : {"nl", "en"}
        Of the suggestions.
    encode : callable, optional
        Words to vectors of unit length; `cxtext.embedding.encode` where it is left out.

    Returns
    -------
    OutsideIn
        With fewer than 10 respondents no word is called the organisation's own.

    Examples
    --------
    >>> from cxtext.tables import SEGMENTS
    >>> found = outside_in(make_table([], SEGMENTS), names=["Hypotheekaanvraag"])
    >>> found.words[["word", "kind", "say"]].values.tolist()
    [['hypotheekaanvraag', 'product', 'wonen; huis kopen; verhuizen']]
    """
    terms, experience = load_wording(wording)
    said = of_respondents(segments)
    labels = list(dict.fromkeys(filter(None, map(str.strip, (*names, *_names(documents))))))
    prompts = [prompt for prompt in dict.fromkeys(segments["prompt"].str.strip()) if prompt]
    asked = {"names": labels, "questions": prompts}
    known = _Customers(said)
    rows = [row for term in terms for row in _used(term, asked, known, language)]
    if known.n >= MIN_PERCENTAGE:
        rows += _own(labels, asked, known, terms, encode)
    rows.sort(key=lambda row: (-row["names"] - row["questions"], row["respondents"], row["word"]))
    patterns = {"inside": word_pattern([word for term in terms for word in term.words]), "experience": experience}
    units = {source: ([text.casefold() for text in texts], np.arange(len(texts))) for source, texts in asked.items()}
    units["answers"] = (known.texts, known.case)
    return OutsideIn(
        make_table(rows, WORDING), make_table([_speech(source, *units[source], patterns) for source in SOURCES], SPEECH)
    )


class _Customers:
    """What respondents say, to look words up in."""

    def __init__(self, said: pd.DataFrame) -> None:
        self.said = said
        self.texts = said["text"].str.casefold().tolist()
        self.case = pd.factorize(said["case"].to_numpy(dtype=object))[0]
        self.n = said["case"].nunique()
        self._segment = said["segment"].to_numpy(dtype=object)

    def users(self, word: str) -> tuple[int, list[str]]:
        """How many respondents use it, and in which segments."""
        pattern, stem = word_pattern([word]), max(word.casefold().split("*"), key=len)
        own = [at for at, text in enumerate(self.texts) if stem in text and pattern.search(text)]
        return len(np.unique(self.case[own])), self._segment[own].tolist()


def _texts(entries: Iterable[object]) -> tuple[str, ...]:
    return tuple(map(str, entries))


def word_pattern(words: Sequence[str]) -> re.Pattern[str]:
    """Make a pattern that finds words in lower-case text; those that begin alike are tried together, which is fast.

    Parameters
    ----------
    words : sequence of str
        ``*`` stands for any letters.

    Returns
    -------
    re.Pattern

    Examples
    --------
    >>> word_pattern(["hypothe*", "burger zaken"]).findall("hypotheek of burger zaken, geen hypo")
    ['hypotheek', 'burger zaken']
    """
    by_first: dict[str, list[str]] = {}
    for word in words:
        part = re.escape(str(word).casefold()).replace(r"\*", r"\w*")
        first = re.match(r"\w", part)
        by_first.setdefault(first[0] if first else "", []).append(part[bool(first) :])
    parts = "|".join(f"{first}(?:{'|'.join(rest)})" for first, rest in by_first.items())
    return re.compile(rf"(?<!\w)(?:{parts})(?!\w)" if parts else r"(?!)")


def _names(documents: pd.DataFrame | None) -> Iterator[str]:
    for column in ("@touchpoint", "@owner"):
        if documents is not None and column in documents:
            yield from sorted(documents[column].str.strip().unique())


def _used(term: Term, asked: Mapping[str, Sequence[str]], known: _Customers, language: str) -> Iterator[dict[str, Any]]:
    """Rows of the words of a term that the organisation uses."""
    standing: dict[str, dict[str, list[str]]] = {}
    for source, texts in asked.items():
        for text in texts:
            for word in dict.fromkeys(term.pattern.findall(text.casefold())):
                standing.setdefault(word, {}).setdefault(source, []).append(text)
    if not standing:
        return
    found = [(say, *known.users(say)) for say in term.say.get(language, ())]
    found.sort(key=lambda one: -one[1])
    for word, places in standing.items():
        yield _row(word, term.kind, term.sector, places, known, found)


def _row(
    word: str, kind: str, sector: str, places: Mapping[str, list[str]], known: _Customers,
    found: Sequence[tuple[str, int, list[str]]],
) -> dict[str, Any]:  # fmt: skip
    people, _ = known.users(word)
    return {
        "word": word, "kind": kind, "sector": sector, "names": len(places.get("names", [])),
        "questions": len(places.get("questions", [])), "respondents": people, "of_respondents": known.n,
        **share_of(people, known.n), "say": "; ".join(say for say, *_ in found),
        "say_respondents": max((users for _, users, _ in found), default=0),
        "example": next(text for texts in places.values() for text in texts),
        "quotes": ";".join(dict.fromkeys(segment for *_, own in found for segment in own)),
    }  # fmt: skip


def _own(
    labels: Sequence[str], asked: Mapping[str, Sequence[str]], known: _Customers, terms: Sequence[Term],
    encode: Encoder | None,
) -> list[dict[str, Any]]:  # fmt: skip
    """Rows of words in names that no respondent uses, with what respondents say that is most like it."""
    read = np.unique(np.linspace(0, len(known.said) - 1, min(len(known.said), _MOST_READ)).astype(int))
    words = read_vocabulary([*labels, *known.said["text"].iloc[read].tolist()], ["nl"] * (len(labels) + len(read)))
    theirs: dict[str, set[str]] = {}
    for row, case in enumerate(known.said["case"].iloc[read].tolist(), start=len(labels)):
        for lemma in words.lemmas(row):
            theirs.setdefault(lemma, set()).add(case)
    mine = dict.fromkeys(
        word for row in range(len(labels)) for word in words.words[row] if word and word.lemma not in theirs
    )
    inside = word_pattern([word for term in terms for word in term.words])
    mine = {
        word: None for word in mine
        if not inside.search(word.surface.casefold())
        and not any(known.users(form)[0] for form in {word.surface.casefold(), word.lemma})
    }  # fmt: skip
    often = sorted(lemma for lemma, cases in theirs.items() if len(cases) >= _USERS)
    if not mine:
        return []
    if encode is None:
        from cxtext import embedding

        encode = embedding.encode
    like = np.zeros((len(mine), 0))
    if often:
        near = np.asarray(encode([words.forms[lemma] for lemma in often]))
        like = np.asarray(encode([word.surface for word in mine])) @ near.T
    rows = []
    for word, cosines in zip(mine, like, strict=True):
        best = [often[at] for at in np.argsort(-cosines)[:2] if cosines[at] >= _LIKE]
        pattern = word_pattern([word.surface])
        places = {
            source: [text for text in texts if pattern.search(text.casefold())] for source, texts in asked.items()
        }
        found = [(words.forms[o], *known.users(words.forms[o])) for o in best]
        rows.append(_row(word.surface.casefold(), "own", "", places, known, found))
    return rows


def _speech(
    source: str, texts: Sequence[str], unit: np.ndarray, patterns: Mapping[str, re.Pattern[str]]
) -> dict[str, Any]:
    """In how many units (a number per text) there are words of each pattern."""
    n = len(np.unique(unit))
    row: dict[str, Any] = {"source": source, "units": n}
    for name, pattern in patterns.items():
        k = len(np.unique(unit[[bool(pattern.search(text)) for text in texts]])) if n else 0
        row |= {name: k} | {f"{name}_{part}": value for part, value in share_of(k, n).items()}
    return row
