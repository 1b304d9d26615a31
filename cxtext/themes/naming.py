"""Names of themes: a short phrase that several respondents use, or the telling terms where there is none."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise
from math import log
from typing import NamedTuple

import yaml

from cxtext.language import lemmatise
from cxtext.resources import data_path
from cxtext.terms import NEGATIONS, WORD, Term, Vocabulary, Word

_CLAUSE = re.compile(r"[,;:()\"“”„…]|\s[-–—]\s")
_DUTCH_ARTICLES = frozenset(("de", "het", "een"))
_ARTICLES = _DUTCH_ARTICLES | {"the", "a", "an"}
_AND, _JOINED = frozenset(("en", "of", "and", "or")), 5
_PAST = ("t", "te", "de")
#: so many respondents of a theme use the word that leads its name, and so many the words of a phrase together
_SHARED, _TOGETHER = 3, 2
#: at least: respondents of the theme who use one of its content words; of these who give it that quality, or deny it
_COVERED, _OF_THAT_QUALITY, _DENIED = 0.25, 0.25, 0.4
_WORDS = (2, 6)
_MOST_TEXTS = 400
_LEAST_LIFT = 1.25
_TERMS = 3
_WORTH = (1.0, 0.5, 0.25)


class _Piece(NamedTuple):
    """A word of a phrase: how it is shown, the lemma by which it counts (empty where it only joins), and its kind."""

    form: str
    lemma: str
    kind: str


class _Group(NamedTuple):
    """What a name is chosen by.

    Weights of lemmas and the least of one that leads, the clauses that use each lemma, who says each clause, and how
    many respondents there are.
    """

    weights: Mapping[str, float]
    lead: float
    clauses_of: Mapping[str, set[tuple[int, int]]]
    cases: Sequence[str]
    size: int

    def users(self, lemmas: Sequence[str]) -> int:
        """Respondents who use all of these lemmas in one clause."""
        return len({self.cases[row] for row, _ in set.intersection(*(self.clauses_of[lemma] for lemma in lemmas))})

    def users_in_segments(self, lemmas: Sequence[str]) -> int:
        """Respondents who use all of these lemmas in one segment."""
        return len({self.cases[row] for row in set.intersection(*({r for r, _ in self.clauses_of[x]} for x in lemmas))})

    def mostly_denied(self, lemmas: Sequence[str]) -> bool:
        """Whether a negation stands in most of the clauses in which these lemmas are together."""
        clauses = set.intersection(*(self.clauses_of[lemma] for lemma in lemmas))
        denied = set().union(*(self.clauses_of.get(word, set()) for words in NEGATIONS.values() for word in words))
        return 2 * len(clauses & denied) > len(clauses)


def name_themes(
    vocabulary: Vocabulary,
    texts: Sequence[str],
    labels: Sequence[str],
    cases: Sequence[str],
    similarity: Sequence[float],
    terms: Mapping[str, Sequence[Term]],
) -> dict[str, str]:
    """Name groups of segments: "code verlopen", "wachten aan de telefoon", "geen antwoord".

    A phrase of two to six words is cut from a clause of one of the most central segments. Each of its content words is
    used by three respondents of the group (all, in a smaller one), its words by two together (by three, where one is a
    quality or a negation), and some word of it by a quarter of the group. A quality ("traag") is in it
    where a quarter of those who use the word give it that quality, a negation where two fifths do. Of such phrases it
    is the one whose words set the group apart most (the share of respondents who use them, here against elsewhere), and
    which most respondents use, nearest to the middle. Where there is none, the name is up to three telling terms. No
    name holds names of persons or numbers, and all words are of the language that most respondents of the group speak.

    Parameters
    ----------
    vocabulary : Vocabulary
    texts : sequence of str
    labels : sequence of str
        Group of each segment.
    cases : sequence of str
        Respondent of each segment.
    similarity : sequence of float
        Of each segment with the middle of its group.
    terms : mapping of str to sequence of Term
        Groups to name, with their telling terms, the most telling first.

    Returns
    -------
    dict of str to str
        By group, none twice; empty where there is neither a phrase nor a term.
    """
    people = _people(vocabulary, labels, cases)
    sizes = {label: len(set().union(*used.values())) for label, used in people.items()}
    everywhere = Counter[str]()
    for used in people.values():
        everywhere.update({lemma: len(who) for lemma, who in used.items()})
    rows_of: defaultdict[str, list[int]] = defaultdict(list)
    for row, label in enumerate(labels):
        rows_of[label].append(row)
    found: dict[str, str] = {}
    for label, best in terms.items():
        size, used = sizes.get(label, 0), people.get(label, {})
        elsewhere = max(1, sum(sizes.values()) - size)
        weights = {
            lemma: _weight(len(who) / size, (everywhere[lemma] - len(who)) / elsewhere)
            for lemma, who in used.items()
            if len(who) >= min(_SHARED, size)
        }
        shared = {lemma for lemma, who in used.items() if len(who) >= min(_SHARED, size)}
        rows = _in_main_language(vocabulary, rows_of[label], cases)
        taken = set(found.values())
        ranked = _ranked(vocabulary, texts, rows, cases, similarity, weights, shared, size) if weights else []
        found[label] = next((text for text in ranked if text not in taken), "") or _joined(
            vocabulary, rows, cases, best, taken
        )
    return found


def _people(vocabulary: Vocabulary, labels: Sequence[str], cases: Sequence[str]) -> dict[str, dict[str, set[str]]]:
    """Per group and lemma who uses it."""
    found: defaultdict[str, defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row, (label, case) in enumerate(zip(labels, cases, strict=True)):
        for lemma in vocabulary.lemmas(row):
            found[label][lemma].add(case)
    return {label: dict(used) for label, used in found.items()}


def _weight(here: float, elsewhere: float) -> float:
    """How much a lemma sets a group apart, by the shares of respondents who use it."""
    return here * log((here + 0.01) / (elsewhere + 0.01)) if here > _LEAST_LIFT * elsewhere else 0.0


def _in_main_language(vocabulary: Vocabulary, rows: Sequence[int], cases: Sequence[str]) -> list[int]:
    speak = Counter(language for language, _ in {(vocabulary.languages[row], cases[row]) for row in rows})
    main = max(sorted(speak), key=speak.__getitem__, default="")
    return [row for row in rows if vocabulary.languages[row] == main]


def _ranked(
    vocabulary: Vocabulary,
    texts: Sequence[str],
    rows: Sequence[int],
    cases: Sequence[str],
    similarity: Sequence[float],
    weights: Mapping[str, float],
    shared: Container[str],
    size: int,
) -> list[str]:
    """Phrases that can name a group, the best first."""
    central = sorted(rows, key=lambda row: (-similarity[row], row))[:_MOST_TEXTS]
    clauses = {
        (row, at): _pieces(vocabulary, clause, row, shared)
        for row in central
        for at, clause in enumerate(_clauses(texts[row]))
    }
    clauses_of: defaultdict[str, set[tuple[int, int]]] = defaultdict(set)
    for place, pieces in clauses.items():
        for lemma in {piece.lemma for piece in pieces if piece and piece.lemma}:
            clauses_of[lemma].add(place)
    lead = max(weights.values()) / 2
    group = _Group(weights, lead, clauses_of, cases, size)
    said: defaultdict[tuple[_Piece, ...], list[int]] = defaultdict(list)
    for (row, _), pieces in clauses.items():
        for phrase in _phrases(pieces):
            said[phrase].append(row)
    worth: dict[str, float] = {}
    for phrase, own in said.items():
        if value := _worth(phrase, vocabulary, group):
            often = 0.1 * log(len({cases[row] for row in own}))
            worth[" ".join(piece.form for piece in phrase)] = value + often + 0.4 * max(similarity[row] for row in own)
    return sorted(worth, key=lambda text: (-worth[text], text))


def _clauses(text: str) -> list[list[tuple[int, str]]]:
    """Words of a text by clause, each with its place among the words of `Vocabulary.words`."""
    found: list[list[tuple[int, str]]] = [[]]
    end = place = 0
    for match in WORD.finditer(text):
        ends = match.group()[0] in ".!?…"
        if ends or _CLAUSE.search(text, end, match.start()):
            found.append([])
        if not ends:
            found[-1].append((place, match.group()))
            place += 1
        end = match.end()
    return found


def _pieces(
    vocabulary: Vocabulary, clause: Sequence[tuple[int, str]], row: int, shared: Container[str]
) -> list[_Piece | None]:
    """What a name may be cut from; None stands for words that are in no name."""
    language = vocabulary.languages[row]
    links, left_out, verbs, never, qualities = _lists(language)
    found: list[_Piece | None] = []
    for place, token in clause:
        lowered, word = token.lower().replace("’", "'"), vocabulary.words[row][place]
        if lowered in NEGATIONS.get(language, ()):
            found.append(_Piece(lowered, lowered, "negation"))
        elif lowered in qualities:
            found.append(_Piece(lowered, lemmatise(lowered, language), "quality"))
        elif word:
            known = word.lemma in shared and lowered not in never
            found.append(_Piece(_cased(vocabulary, word), word.lemma, "content") if known else None)
        elif lowered in verbs:
            found.append(_Piece(lowered, "", "verb"))
        elif lowered in links:
            found.append(_Piece(lowered, "", "link"))
        elif lowered not in left_out:
            found.append(None)
    return found


def _phrases(line: Sequence[_Piece | None]) -> Iterator[tuple[_Piece, ...]]:
    """Two to six words in a row that can stand alone, hold no lemma twice, and are not cut from a negation."""
    for first in range(len(line)):
        for last in range(first + _WORDS[0] - 1, min(first + _WORDS[1], len(line))):
            stretch = line[first : last + 1]
            if None in stretch:
                break
            if any(
                piece and piece.kind == "negation"
                for piece in (*line[max(0, first - 1) : first], *line[last + 1 :][:1])
            ):
                continue
            pieces = tuple(piece for piece in stretch if piece)
            told = [piece.lemma for piece in pieces if piece.lemma]
            if len(told) > 1 and len(set(told)) == len(told) and _stands(pieces):
                yield pieces


def _stands(pieces: Sequence[_Piece]) -> bool:
    """Whether a phrase can stand alone: "te lang", "nota klopte niet" and "geen antwoord" do, "nota niet" does not."""
    opening, second, before, closing = *pieces[:2], *pieces[-2:]
    too = opening.form == "te" and second.kind == "quality"
    if not closing.lemma or not (opening.lemma or too) or (opening.kind == "negation" and not second.lemma):
        return False
    if any(one.form in _ARTICLES and other.kind not in {"content", "quality"} for one, other in pairwise(pieces)):
        return False
    if any(other.form in _DUTCH_ARTICLES and one.kind != "link" for one, other in pairwise(pieces)):
        return False
    inflected = before.lemma.endswith("en") and before.form.endswith(_PAST) and before.form != before.lemma
    return closing.kind != "negation" or before.kind == "verb" or inflected


def _worth(phrase: Sequence[_Piece], vocabulary: Vocabulary, group: _Group) -> float:
    """How good a name a phrase is; 0 where it is none."""
    told = [piece.lemma for piece in phrase if piece.lemma]
    content = [piece.lemma for piece in phrase if piece.kind == "content"]
    weights = sorted((_best(group.weights, vocabulary, lemma) for lemma in content), reverse=True)
    if not weights or weights[0] < group.lead:
        return 0.0
    judges = len(content) < len(told)
    together = group.users(told) if judges else group.users_in_segments(told)
    most = max(group.users([lemma]) for lemma in content)
    if together < min(_SHARED if judges else _TOGETHER, group.size) or most < _COVERED * group.size:
        return 0.0
    denies = any(piece.kind == "negation" for piece in phrase)
    if judges and together < (_DENIED if denies else _OF_THAT_QUALITY) * most:
        return 0.0
    if not denies and group.mostly_denied(told):
        return 0.0
    own = sum(share * weight for share, weight in zip(_WORTH, weights, strict=False))
    as_listed = sum(piece.form == piece.lemma for piece in phrase)
    joining = len(phrase) - len(told) + sum(_JOINED for piece in phrase if piece.form in _AND)
    return own + 2 * together / group.size + 0.03 * (as_listed - joining) - 0.05 * max(0, len(told) - 3)


def _cased(vocabulary: Vocabulary, word: Word) -> str:
    """A word as it is written, with the capitals that most give it."""
    usual = vocabulary.forms.get(word.lemma, "")
    return usual if usual.lower() == word.surface.lower() else word.surface


def _best(weights: Mapping[str, float], vocabulary: Vocabulary, lemma: str) -> float:
    """Weight of a word, or of its best part."""
    return max(weights.get(part, 0.0) for part in (lemma, *vocabulary.parts.get(lemma, ())))


def _joined(
    vocabulary: Vocabulary, rows: Sequence[int], cases: Sequence[str], terms: Sequence[Term], taken: set[str]
) -> str:
    """The most telling term, with others that are used at least a third as often."""
    said = [({*vocabulary.lemmas(row), *vocabulary.pairs(row)}, cases[row]) for row in rows]
    enough = min(_SHARED, len({case for _, case in said}))
    used: dict[str, list[str]] = {}
    never = frozenset().union(*(_lists(vocabulary.languages[row])[3] for row in rows[:1]))
    for term in terms:
        form = term.form
        pair = next((key for key in vocabulary.forms if " " in form and vocabulary.forms[key] == form), "")
        if pair and len({case for own, case in said if pair in own}) < enough:
            best = max(sorted(term.lemmas & {*pair}), key=lambda x: len({case for own, case in said if x in own}))
            form = vocabulary.forms[best]
        if form not in never:
            used[form] = [case for own, case in said if own & term.lemmas]
    all_used = [form for form, by in used.items() if by]
    for forms in ([form for form in all_used if len(set(used[form])) >= enough], all_used):
        for number in range(_TERMS, len(forms) + _TERMS):
            best = ", ".join(form for form in forms[:number] if 3 * len(used[form]) >= len(used[forms[0]]))
            if best not in taken:
                return best
    return ", ".join(all_used)


@cache
def _lists(language: str) -> tuple[frozenset[str], ...]:
    data = yaml.safe_load(data_path("themes", "labels.yaml").read_text(encoding="utf-8")).get(language, {})
    return tuple(frozenset(data.get(key, "").split()) for key in ("links", "left_out", "verbs", "never", "qualities"))
