"""Telling terms: which words set a group of segments apart, as people wrote them.

Words are counted as lemmas; a compound counts for itself and for its parts, where people use these as words too
("wachttijd" also for "tijd"); stop words, spoken fillers and names of persons are left out. A negation stands with
the word behind it: where most say "geen reactie", that is the term and not "reactie".
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from cxtext.resources import read_data
from cxtext.stats import npmi

#: words, numbers and ends of sentences in a text
WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d[\d.,]*|[.!?…]+")
_NUMBER = re.compile(
    r"(?:een|één|ee|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf|dertien|veertien|zestien|twin|der|veer|tach|tig|"
    r"honderd|duizend|miljoen|en|ën)+|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)-\w+"
)
_TITLES = frozenset(
    ("mevrouw", "mevr", "mw", "meneer", "dhr", "heer", "dokter", "zuster", "collega", "mister", "mr", "mrs", "ms", "dr")
)
_LINKS = ("", "s", "en", "e", "n")
_PAST = ("d", "t", "de", "te")
_PREFIXES = ("bes", "bet", "her", "ont", "ver")
_SHORTEST_PART = 4
_FEWEST_LETTERS = 3
_LONGEST_ABBREVIATION = 4
#: words that stand with the word behind them
NEGATIONS = {"nl": frozenset(("geen", "niet", "nooit", "zonder")), "en": frozenset(("no", "not", "never", "without"))}
_NEGATION = frozenset().union(*NEGATIONS.values())
_LEAST_COHESION = 0.3
_LEAST_LIFT = 1.25


class Word(NamedTuple):
    """A content word of a segment: its lemma, and how it was written."""

    lemma: str
    surface: str


class Term(NamedTuple):
    """A telling term: how people write it, and the lemmas by which it is used (its word, pair or family)."""

    form: str
    lemmas: frozenset[str]


@dataclass(frozen=True)
class Vocabulary:
    """The content words of a set of segments.

    Attributes
    ----------
    words : tuple of tuple
        Per segment its words in order; None stands where a word was left out.
    parts : Mapping[str, tuple of str]
        Words of this vocabulary of which a compound is made.
    forms : Mapping[str, str]
        How each lemma, and each pair of lemmas, was written most often.
    languages : tuple of str
        Of each segment.
    """

    words: tuple[tuple[Word | None, ...], ...]
    parts: Mapping[str, tuple[str, ...]]
    forms: Mapping[str | tuple[str, str], str]
    languages: tuple[str, ...] = ()

    def lemmas(self, row: int) -> list[str]:
        """Lemmas of a segment with the parts of its compounds."""
        own = [word.lemma for word in self.words[row] if word and word.lemma not in _NEGATION]
        return own + [part for lemma in own for part in self.parts.get(lemma, ())]

    def of(self, rows: Sequence[int]) -> Vocabulary:
        """That of some of the segments."""
        words, languages = tuple(self.words[row] for row in rows), tuple(self.languages[row] for row in rows)
        return replace(self, words=words, languages=languages)

    def pairs(self, row: int) -> list[tuple[str, str]]:
        """Neighbouring content words of a segment, and words with the negation before them."""
        return [(a.lemma, b.lemma) for a, b in _neighbours(self.words[row])]


def read_vocabulary(texts: Sequence[str], languages: Sequence[str], *, speakers: Collection[str] = ()) -> Vocabulary:
    """Find the content words of segments.

    Parameters
    ----------
    texts : sequence of str
    languages : sequence of str
        Of each text, ``"nl"`` or ``"en"``.
    speakers : collection of str
        Labels of speakers, whose names are no terms.

    Returns
    -------
    Vocabulary

    Examples
    --------
    >>> found = read_vocabulary(["De wachttijden, zegt Sanne, waren echt te lang."], ["nl"])
    >>> found.lemmas(0)
    ['wachttijd']
    """
    tokens = [_tokens(text) for text in texts]
    names = _names_of_persons(tokens, speakers)
    capitals = _written_with_capital(tokens)
    rows: list[tuple[Word | None, ...]] = []
    for line, language in zip(tokens, languages, strict=True):
        skip = _left_out(language)
        row: list[Word | None] = []
        for token, _ in line:
            lowered = token.lower().replace("’", "'")
            lemma = _lemma(lowered, language)
            if lowered in NEGATIONS.get(language, ()):
                row.append(Word(lowered, lowered))
                continue
            short = len(lemma) < _FEWEST_LETTERS or not lemma[0].isalpha() or _NUMBER.fullmatch(lemma)
            if short or lowered in skip or lemma in skip or lowered in names:
                row.append(None)
            else:
                shouted = token.isupper() and len(token) > _LONGEST_ABBREVIATION
                row.append(Word(lemma, token if lowered in capitals and not shouted else lowered))
        rows.append(tuple(row))
    if "nl" not in languages:  # the Dutch dictionary takes a second to load
        return Vocabulary(tuple(rows), {}, _forms(rows), tuple(languages))
    counts = Counter(word.lemma for row in rows for word in row if word and word.lemma not in _NEGATION)
    verbs = _verbs_of_nouns(counts)
    whole = compound_parts(counts).items()
    parts = {verbs.get(word, word): tuple(verbs.get(part, part) for part in own) for word, own in whole}
    rows = [tuple(word and word._replace(lemma=verbs.get(word.lemma, word.lemma)) for word in row) for row in rows]
    return Vocabulary(tuple(rows), parts, _forms(rows), tuple(languages))


def compound_parts(vocabulary: Mapping[str, int]) -> dict[str, tuple[str, ...]]:
    """Split compounds into parts of which at least one is a word of the vocabulary itself.

    Parameters
    ----------
    vocabulary : mapping of str to int
        Lemmas and how often they occur; a part has to occur twice.

    Returns
    -------
    dict of str to tuple of str
        Only parts that are in the vocabulary; the rest of the compound has to be a Dutch word.

    Examples
    --------
    >>> compound_parts({"wachttijd": 1, "tijd": 2, "servicemonteur": 1, "monteur": 3, "factuur": 4})
    {'servicemonteur': ('monteur',), 'wachttijd': ('tijd',)}
    """
    known = {word for word, n in vocabulary.items() if n > 1 and len(word) >= _SHORTEST_PART}
    found = {}
    for word in sorted(vocabulary):
        parts: dict[str, None] = {}
        for cut in range(_FEWEST_LETTERS, len(word) - _FEWEST_LETTERS + 1):
            tail = word[cut:]
            for link in _LINKS:
                head = word[:cut].removesuffix(link) if word[:cut].endswith(link) else ""
                ours = [part for part in (head, tail) if part in known]
                others = [part for part in (head, tail) if part not in known]
                if len(head) >= _FEWEST_LETTERS and head not in _PREFIXES and ours and all(map(_is_word, others)):
                    parts.update(dict.fromkeys(ours))
        if parts:
            found[word] = tuple(parts)
    return found


def telling_terms(
    vocabulary: Vocabulary, labels: Sequence[str], cases: Sequence[str], *, most: int = 10, shared: bool = False
) -> dict[str, list[Term]]:
    """Terms that set each group of segments apart, by class-based TF-IDF (Grootendorst, 2022).

    The count of a term in a group is the geometric mean of the segments and the respondents that use it, so that
    one talkative person does not name a group, and its share of all words is at least a quarter higher than elsewhere.

    Parameters
    ----------
    vocabulary : Vocabulary
    labels : sequence of str
        Group of each segment.
    cases : sequence of str
        Respondent of each segment.
    most : int
        Terms per group.
    shared : bool
        Only terms that two respondents of a group use. A group without any gets none; by default it gets terms of one
        respondent.

    Returns
    -------
    dict of str to list of Term
        Most telling first; no two of one list share a word or a part of a compound.
    """
    counts = _counts(vocabulary, labels, cases)
    cohesive = _cohesive_pairs(vocabulary)
    everywhere = sum((Counter(group) for group in counts.values()), Counter[str]())
    words = sum(everywhere.values())
    respondents = _respondents(vocabulary, labels, cases)
    private = _said_by_one(vocabulary, cases)
    found: dict[str, list[Term]] = {}
    for label, group in counts.items():
        total = sum(group.values())
        rest = max(words - total, 1e-9)
        score = {
            term: n / total * np.log1p(words / len(counts) / everywhere[term])
            for term, n in group.items()
            if n / total > _LEAST_LIFT * (everywhere[term] - n) / rest
        }
        enough = 2 if shared or max(respondents[label].values(), default=0) > 1 else 1
        terms = [t for t in score if respondents[label][t] >= enough and t not in private]
        terms.sort(key=lambda term: (-score[term], term))
        rows = [row for row, own in enumerate(labels) if own == label]
        found[label] = _choose(vocabulary, terms, rows, cohesive, most)
    return found


def _neighbours(words: Sequence[Word | None]) -> list[tuple[Word, Word]]:
    return [(a, b) for a, b in pairwise(words) if a and b and a.lemma != b.lemma and b.lemma not in _NEGATION]


def _tokens(text: str) -> list[tuple[str, bool]]:
    """Words of a text, each with whether it opens a sentence."""
    tokens, opens = [], True
    for match in WORD.finditer(text):
        token = match.group()
        if token[0] in ".!?…":
            opens = True
        else:
            tokens.append((token, opens))
            opens = False
    return tokens


def _written_with_capital(tokens: Sequence[Sequence[tuple[str, bool]]]) -> set[str]:
    """Words that people write with a capital, also within the sentence (names of products, places, abbreviations)."""
    upper: Counter[str] = Counter()
    lower: Counter[str] = Counter()
    for line in tokens:
        for token, opens in line:
            if not token[0].isupper():
                lower[token.lower().replace("’", "'")] += 1
            elif not opens:
                upper[token.lower().replace("’", "'")] += 1
    return {word for word, n in upper.items() if n > lower[word]}


def _names_of_persons(tokens: Sequence[Sequence[tuple[str, bool]]], speakers: Collection[str]) -> set[str]:
    """First names, what follows a title or a first name with a capital, and words of speaker labels."""
    names, doubtful = _first_names()
    capitals = _written_with_capital(tokens)
    suspects = {word.lower() for speaker in speakers for word in re.findall(r"[^\W\d_]+", speaker)} | set(doubtful)
    for line in tokens:
        for (before, _), (token, _) in pairwise(line):
            introduced = before.lower() in _TITLES or (before[0].isupper() and before.lower() in names)
            if introduced and token[0].isupper():
                suspects.add(token.lower())
    return set(names) | (suspects & capitals)


@cache
def _first_names() -> tuple[frozenset[str], frozenset[str]]:
    data = read_data("themes", "names.yaml")
    return frozenset(data["names"].split()), frozenset(data["names_and_words"].split())


@cache
def _left_out(language: str) -> frozenset[str]:
    from cxtext.language import stop_words

    data = read_data("themes", "fillers.yaml")
    return stop_words(language) | frozenset(data.get(language, "").split())


@cache
def _lemma(word: str, language: str) -> str:
    from cxtext.language import lemmatise

    return lemmatise(word, language).replace("_", "")


def _verbs_of_nouns(lemmas: Collection[str]) -> dict[str, str]:
    """Nouns that stand for their verb: the dictionary makes "gebeld" of "bellen", and "bellen" itself of "bel"."""
    verbs = {_lemma(verb, "nl"): verb for verb in sorted(lemmas) if verb.endswith("en")}
    return {noun: verb for noun, verb in verbs.items() if noun != verb and noun in lemmas}


@cache
def _is_word(word: str) -> bool:
    import simplemma

    return len(word) >= _FEWEST_LETTERS and bool(simplemma.is_known(word, lang="nl"))


def _forms(rows: Sequence[Sequence[Word | None]]) -> dict[str | tuple[str, str], str]:
    seen: defaultdict[str | tuple[str, str], Counter[str]] = defaultdict(Counter)
    for row in rows:
        for word in row:
            if word:
                seen[word.lemma][word.surface] += 1
        for a, b in _neighbours(row):
            seen[a.lemma, b.lemma][f"{a.surface} {b.surface}"] += 1
    return {term: _form(term, forms) for term, forms in seen.items()}


def _form(term: str | tuple[str, str], forms: Counter[str]) -> str:
    """Form written most often; the lemma instead of a past form or participle of a Dutch verb."""
    best = min(forms, key=lambda form: (-forms[form], form))
    if isinstance(term, str) and term.endswith("en") and best.endswith(_PAST) and not term.startswith(best):
        return term if best[0].islower() else best
    return best


def _counts(vocabulary: Vocabulary, labels: Sequence[str], cases: Sequence[str]) -> dict[str, dict[str, float]]:
    """Per group and term the geometric mean of segments and respondents."""
    segments: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row, label in enumerate(labels):
        segments[label].update(set(vocabulary.lemmas(row)))
    people = _respondents(vocabulary, labels, cases)
    return {
        label: {term: float(np.sqrt(n * people[label][term])) for term, n in group.items()}
        for label, group in segments.items()
    }


def _respondents(vocabulary: Vocabulary, labels: Sequence[str], cases: Sequence[str]) -> dict[str, Counter[str]]:
    """Per group how many respondents use each term."""
    used: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    for row, (label, case) in enumerate(zip(labels, cases, strict=True)):
        used[label].update((term, case) for term in vocabulary.lemmas(row))
    return {label: Counter(term for term, _ in pairs) for label, pairs in used.items()}


def _said_by_one(vocabulary: Vocabulary, cases: Sequence[str]) -> set[str]:
    """Words with a capital that one respondent uses: streets, villages, people."""
    users: defaultdict[str, set[str]] = defaultdict(set)
    for row, case in zip(vocabulary.words, cases, strict=True):
        for word in row:
            if word and word.surface[0].isupper():
                users[word.lemma].add(case)
    return {lemma for lemma, own in users.items() if len(own) == 1}


def _cohesive_pairs(vocabulary: Vocabulary) -> set[tuple[str, str]]:
    """Pairs of neighbours that stand together more often than chance would have it, and at least twice."""
    n = len(vocabulary.words)
    pairs: Counter[tuple[str, str]] = Counter()
    single: Counter[str] = Counter()
    for row in range(n):
        pairs.update(set(vocabulary.pairs(row)))
        single.update({word.lemma for word in vocabulary.words[row] if word})
    return {
        (a, b)
        for (a, b), joint in pairs.items()
        if joint > 1 and (a in _NEGATION or npmi(joint / n, single[a] / n, single[b] / n) >= _LEAST_COHESION)
    }


def _choose(
    vocabulary: Vocabulary,
    terms: Sequence[str],
    rows: Sequence[int],
    cohesive: Collection[tuple[str, str]],
    most: int,
) -> list[Term]:
    """Best terms that do not repeat each other, each in its best form: compound, pair or single word."""
    whole = Counter(word.lemma for row in rows for word in vocabulary.words[row] if word)
    pairs = Counter(pair for row in rows for pair in vocabulary.pairs(row) if pair in cohesive)
    chosen: list[Term] = []
    taken: set[str] = set()
    for term in terms:
        if term in taken or taken & set(vocabulary.parts.get(term, ())):
            continue
        compounds = [c for c in whole if term in vocabulary.parts.get(c, ())]
        best = min([term, *compounds], key=lambda lemma: (-whole[lemma], lemma != term, lemma))
        free = [pair for pair in pairs if best in pair and not taken & set(pair)]
        form, family = vocabulary.forms[best], {term, best, *compounds}
        if free and 2 * pairs[max(free, key=lambda pair: (pairs[pair], pair))] > whole[best]:
            pair = max(free, key=lambda pair: (pairs[pair], pair))
            form, family = vocabulary.forms[pair], {*family, *pair} - _NEGATION
        if not any(form.startswith(other.form) or other.form.startswith(form) for other in chosen):
            chosen.append(Term(form, frozenset(family)))
        taken |= family | set(vocabulary.parts.get(best, ()))
        if len(chosen) == most:
            break
    return chosen
