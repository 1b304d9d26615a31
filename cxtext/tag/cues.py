"""Cues: wordings that point to a code, found with spaCy matchers, with negation and intensifiers.

The cues are data (``cxtext/data/cues/<language>.yaml``); ``nl.yaml`` explains how one is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import spacy
from spacy.lang.char_classes import HYPHENS
from spacy.lang.punctuation import TOKENIZER_INFIXES, TOKENIZER_SUFFIXES
from spacy.language import Language
from spacy.matcher import Matcher
from spacy.tokens import Doc
from spacy.util import compile_infix_regex, compile_suffix_regex, filter_spans

from cxtext.errors import ReadError
from cxtext.resources import read_data

LANGUAGES = ("nl", "en")
#: how many tokens before a cue a negator or intensifier works on it
REACH = 3
_GAP = 3
_CLAUSE_END = frozenset(".,;:!?()")


@dataclass(frozen=True)
class Cue:
    """A cue found in a text.

    Attributes
    ----------
    code : str
        Path ``group/code`` that the cue points to.
    start, end : int
        Place in the text.
    negated : bool
        A negator stands before it in the same clause.
    intensified : bool
        An intensifier stands before it.
    """

    code: str
    start: int
    end: int
    negated: bool
    intensified: bool


class CueMatcher:
    """Finds the cues of one language.

    Parameters
    ----------
    language : {"nl", "en"}

    Examples
    --------
    >>> [(cue.code, cue.negated) for cue in CueMatcher("nl").find(["Ik ben niet boos."])[0]]
    [('emotion/anger', True)]
    """

    def __init__(self, language: str) -> None:
        data = read_cues(language)
        self.language = language
        self._nlp = _word_cutter(language)
        self._negators = frozenset(data.pop("negators"))
        self._intensifiers = frozenset(data.pop("intensifiers"))
        self._rules = [
            (f"{group}/{code}", re.compile(trigger(pattern)), self._compile(pattern))
            for group, codes in data.items()
            for code, cues in codes.items()
            for cue in cues.splitlines()
            for pattern in compile_cue(cue)
        ]
        self._rules_of_word = cache(self._find_rules)

    def find(self, texts: Sequence[str]) -> list[list[Cue]]:
        """Find the cues in each text.

        Parameters
        ----------
        texts : sequence of str

        Returns
        -------
        list of list of Cue
            One list per text, by code and place; cues of one code do not overlap.
        """
        return [list(self._cues(self._nlp.make_doc(text))) for text in texts]

    def _compile(self, pattern: list[dict[str, Any]]) -> Matcher:
        matcher = Matcher(self._nlp.vocab)
        matcher.add("cue", [pattern])
        return matcher

    def _find_rules(self, word: str) -> tuple[int, ...]:
        """Rules that a word can set off: the others need not be tried."""
        return tuple(i for i, (_, pattern, _) in enumerate(self._rules) if pattern.search(word))

    def _cues(self, doc: Doc) -> Iterator[Cue]:
        rules = {rule for token in doc for rule in self._rules_of_word(token.lower_)}
        spans: dict[str, list[Any]] = {}
        for rule in sorted(rules):
            code, _, matcher = self._rules[rule]
            spans.setdefault(code, []).extend(matcher(doc, as_spans=True))
        for code, found in spans.items():
            for span in filter_spans(found):
                before = self._clause_before(doc, span.start)
                yield Cue(
                    code,
                    span.start_char,
                    span.end_char,
                    negated=not self._negators.isdisjoint(before),
                    intensified=not self._intensifiers.isdisjoint(before),
                )

    @staticmethod
    def _clause_before(doc: Doc, start: int) -> list[str]:
        words: list[str] = []
        for at in range(start - 1, max(-1, start - 1 - REACH), -1):
            if doc[at].text in _CLAUSE_END:
                break
            words.append(doc[at].lower_)
        return words


def _word_cutter(language: str) -> Language:
    """Cuts texts into words. Dutch without spaCy's abbreviations, of which "app.", "bel." and "top." end sentences."""
    if language != "nl":
        return spacy.blank(language)
    nlp = spacy.blank("xx")
    infixes = [infix for infix in TOKENIZER_INFIXES if HYPHENS not in infix]  # "e-mail" is a word
    suffixes = [suffix for suffix in TOKENIZER_SUFFIXES if suffix[1:].lower() != "s"]  # and so is "foto's"
    tokenizer: Any = nlp.tokenizer
    tokenizer.infix_finditer = compile_infix_regex(infixes).finditer
    tokenizer.suffix_search = compile_suffix_regex(suffixes).search
    return nlp


@cache
def load_matcher(language: str) -> CueMatcher:
    """Matcher for a language, loaded once; Dutch where there are no cues for the language."""
    return CueMatcher(language if language in LANGUAGES else "nl")


def find_cues(segments: pd.DataFrame) -> list[list[Cue]]:
    """Cues of each segment by the matcher of its language."""
    cues: list[list[Cue]] = [[] for _ in range(len(segments))]
    languages = segments["language"].to_numpy()
    texts = segments["text"].tolist()
    for language in sorted(set(languages)):
        rows = np.flatnonzero(languages == language)
        for row, found in zip(rows, load_matcher(language).find([texts[r] for r in rows]), strict=True):
            cues[row] = found
    return cues


def read_cues(language: str) -> dict[str, Any]:
    """Read the cue file of a language.

    Parameters
    ----------
    language : str

    Returns
    -------
    dict
        ``negators`` and ``intensifiers`` (lists of words), and per group a mapping of code to cues, one a line.
    """
    data: dict[str, Any] = read_data("cues", f"{language}.yaml")
    return data


def compile_cue(cue: str) -> list[list[dict[str, Any]]]:
    """Translate a cue into patterns of spaCy's `Matcher`.

    Parameters
    ----------
    cue : str
        For example ``"(ik|we) wil* .. graag"``.

    Returns
    -------
    list of list of dict
        One pattern, and one more for every alternative of several words.

    Raises
    ------
    ReadError
        A bracket is not closed.

    Examples
    --------
    >>> compile_cue("bel* ?me")
    [[{'LOWER': {'REGEX': '^(bel.*)$'}}, {'LOWER': {'REGEX': '^(me)$'}, 'OP': '?'}]]
    """
    if cue.count("(") != cue.count(")"):
        raise ReadError("cues", f"a bracket is not closed in {cue!r}", "Close it.")
    parts = [_alternatives(part) for part in re.findall(r"\?*\([^)]*\)|\S+", cue)]
    return [[token for part in choice for token in part] for choice in product(*parts)]


def trigger(pattern: list[dict[str, Any]]) -> str:
    """Regular expression of the longest word without which a pattern cannot match."""
    required: list[str] = [token["LOWER"]["REGEX"] for token in pattern if "OP" not in token]
    return max(required, key=lambda words: min(len(word) for word in words[2:-2].split("|")))


def _alternatives(part: str) -> list[list[dict[str, Any]]]:
    """Patterns of one place in a cue: the single words together, each run of words on its own."""
    if part == "..":
        return [[{"IS_PUNCT": False, "OP": "?"}] * _GAP]
    optional = {"OP": "?"} if part.startswith("?") and len(part) > 1 else {}
    forms = part.lstrip("?").strip("()").split("|") if len(part) > 1 else [part]
    single = [form for form in forms if " " not in form]
    runs = [[_token([word]) | optional for word in form.split()] for form in forms if " " in form]
    return [*([[_token(single) | optional]] if single else []), *runs]


def _token(forms: Sequence[str]) -> dict[str, Any]:
    words = "|".join(re.escape(form).replace(r"\*", ".*") for form in forms)
    return {"LOWER": {"REGEX": f"^({words})$"}}
