"""What people type to search (words, "phrases", word*, AND, OR, NOT), and where it stands in a text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from cxtext.errors import OptionError

#: a query is no longer than this
_LONGEST = 500
_MARK = "\u0300"
_MARKS = "\u0300-\u0331"  # accents that are signs of their own: those which FTS5 takes as part of the letter
_WORD = re.compile(rf"[^\W_](?:[^\W_]|[{_MARKS}])*")
_PART = re.compile(r'(-?)(?:"([^"]*)"?|([^\s"]+))')
_OPERATORS = ("OR", "AND", "NOT")


class _Folding(dict[int, int]):
    """Each sign without case and accent, as one sign, so that places in a text stay what they are."""

    def __missing__(self, point: int) -> int:
        if 0x300 <= point <= 0x331:
            self[point] = ord(_MARK)
        else:
            parts = unicodedata.normalize("NFD", chr(point).casefold())
            bare = unicodedata.normalize("NFC", "".join(c for c in parts if not unicodedata.combining(c)))
            self[point] = ord(bare) if len(bare) == 1 else point
        return self[point]


_FOLDING = _Folding()


@dataclass(frozen=True)
class Term:
    """A word, or words that follow each other.

    Attributes
    ----------
    words : tuple of str
        Without case and accents.
    prefix : bool
        The last word may go on.
    """

    words: tuple[str, ...]
    prefix: bool = False


@dataclass(frozen=True)
class Query:
    """What has to stand in a turn.

    Attributes
    ----------
    all_of : tuple of tuples of Term
        Of each of these, at least one term.
    none_of : tuple of Term
    """

    all_of: tuple[tuple[Term, ...], ...]
    none_of: tuple[Term, ...] = ()


def parse_query(text: str) -> Query:
    """Read what somebody typed.

    Parameters
    ----------
    text : str
        Words that all have to be there; ``"words in this order"``; ``word*`` for words that begin so; ``OR`` between
        two of these; ``-`` or ``NOT`` before what must not be there; ``AND`` between words changes nothing. Case,
        accents and punctuation do not matter.

    Returns
    -------
    Query

    Raises
    ------
    OptionError
        It is too long, has nothing to look for, or cannot be understood.

    Examples
    --------
    >>> parse_query('Café OR kroeg* NOT "te druk"').all_of
    ((Term(words=('cafe',), prefix=False), Term(words=('kroeg',), prefix=True)),)
    """
    if len(text) > _LONGEST:
        msg = f"The query has {len(text)} characters, and at most {_LONGEST} are read. Search for less at once."
        raise OptionError(msg)
    plain = unicodedata.normalize("NFC", re.sub("[“”„‟«»]", '"', text))
    groups: list[list[Term]] = []
    none: list[Term] = []
    operator, joins = "", False
    for minus, phrase, bare in _PART.findall(plain):
        if bare in _OPERATORS and not minus:
            first = bare == "AND" and not (groups or none)
            if (operator and (operator, bare) != ("AND", "NOT")) or (bare == "OR" and not joins) or first:
                raise _wrong(text, f"{operator or bare} needs a word on each side")
            operator = bare
            continue
        term = _term(text, phrase or bare)
        if term is None:
            continue
        excluded = bool(minus) or operator == "NOT"
        if operator == "OR" and excluded:
            raise _wrong(text, "what follows OR cannot be excluded")
        if excluded:
            none.append(term)
        elif operator == "OR":
            groups[-1].append(term)
        else:
            groups.append([term])
        operator, joins = "", not excluded
    if operator:
        raise _wrong(text, f"{operator} needs a word after it")
    if not groups:
        raise _wrong(text, "it has no word to look for; signs and emoji are found with a regular expression")
    if "(" in plain and any(len(group) > 1 for group in groups):
        raise _wrong(text, "parentheses do not group; OR holds between the two words beside it")
    return Query(tuple(map(tuple, groups)), tuple(none))


def find(query: Query, text: str) -> list[tuple[int, int]]:
    """Find the places of what a query looks for, where all of the query holds for the text.

    Parameters
    ----------
    query : Query
    text : str
        In NFC, as documents are.

    Returns
    -------
    list of (int, int)
        Start and end in code points; not overlapping.

    Examples
    --------
    >>> find(parse_query("cafe"), "Het Café is dicht.")
    [(4, 8)]
    """
    folded = text.translate(_FOLDING)
    groups, none, every = _patterns(query, marks=_MARK in folded)
    if not all(group.search(folded) for group in groups) or (none and none.search(folded)):
        return []
    return [match.span() for match in every.finditer(folded)]


def fts5(query: Query) -> str:
    """The turns that may fit, in the query language of SQLite; empty where all may."""
    groups = [[_may_be(term) for term in group] for group in query.all_of]
    every = " AND ".join("(" + " OR ".join(terms) + ")" for terms in groups if all(terms))
    none = " OR ".join(_may_be(term) for term in query.none_of if not any(map(_unsure, term.words)))
    return f"({every}) NOT ({none})" if every and none else every


def _may_be(term: Term) -> str:
    """What FTS5 can find of a term: of a word with a letter from which it takes no accents, the beginning."""
    if not any(map(_unsure, term.words)):
        return f'"{" ".join(term.words)}"{"*" * term.prefix}'
    beginnings = [word[: next(iter(_unsure(word)), None)] for word in term.words]
    parts = [f'"{beginning}"*' for beginning in beginnings if beginning]
    return f"({' AND '.join(parts)})" if parts else ""


def _unsure(word: str) -> list[int]:
    """Where a word without accents has a letter that FTS5 may have with one: it knows those of Latin only."""
    return [] if word.isascii() else [at for at, letter in enumerate(word) if letter in _accented()]


@cache
def _accented() -> frozenset[str]:
    """Letters outside ASCII from which an accent was taken."""
    composed = (chr(point) for point in range(0xC0, 0x3100) if unicodedata.decomposition(chr(point)))
    bare = ((sign, sign.translate(_FOLDING)) for sign in composed)
    return frozenset(letter for sign, letter in bare if not letter.isascii() and letter != sign)


def tsquery(query: Query) -> str:
    """The turns that may fit, in the query language of PostgreSQL, which knows the order of 16,383 words only."""

    def all_words(term: Term) -> str:
        return "(" + " & ".join(term.words) + ":*" * term.prefix + ")"

    groups = ["(" + " | ".join(map(all_words, group)) + ")" for group in query.all_of]
    return " & ".join([*groups, *(f"!{all_words(term)}" for term in query.none_of if len(term.words) == 1)])


def _term(text: str, part: str) -> Term | None:
    """Term of one part of a query; None for punctuation."""
    words = tuple(word.translate(_FOLDING).replace(_MARK, "") for word in _WORD.findall(part))
    if "*" in part and not re.fullmatch(r"[^*]*[^\W_]\*[^\w*]*", part):
        raise _wrong(text, "a * stands at the end of a word")
    if words:
        return Term(words, "*" in part)
    if sign := next((c for c in part if unicodedata.category(c)[0] not in "PZ"), ""):
        raise _wrong(text, f"{sign} is no word; signs and emoji are found with a regular expression")
    return None


def _wrong(text: str, reason: str) -> OptionError:
    return OptionError(
        f'The query {text!r} cannot be searched: {reason}. Write words, "a phrase", word*, AND, OR, NOT.'
    )


@cache
def _patterns(
    query: Query, *, marks: bool
) -> tuple[tuple[re.Pattern[str], ...], re.Pattern[str] | None, re.Pattern[str]]:
    """What has to be found, what must not, and all of the first together."""
    groups = tuple(_pattern(group, marks=marks) for group in query.all_of)
    none = _pattern(query.none_of, marks=marks) if query.none_of else None
    return groups, none, _pattern([term for group in query.all_of for term in group], marks=marks)


def _pattern(terms: Iterable[Term], *, marks: bool) -> re.Pattern[str]:
    """Any of some terms, the longest first; `marks` where accents stand apart."""
    mark = f"{_MARK}*" if marks else ""
    more = rf"(?:[^\W_]|{_MARK})*" if marks else r"[^\W_]*"
    ordered = sorted(terms, key=lambda term: (-len(term.words), not term.prefix))
    words = (
        r"[\W_]+".join("".join(letter + mark for letter in word) for word in term.words) + more * term.prefix
        for term in ordered
    )
    return re.compile(rf"(?<![^\W_])(?<!{_MARK})(?:{'|'.join(words)})(?![^\W_]|{_MARK})")
