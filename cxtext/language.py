"""Which language a text is in, and what is known about words of a language: stop words and lemmas."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import islice
from typing import Any

from cxtext.resources import read_data

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|'[^\W\d_]+")
_FOREIGN_LETTER = re.compile(r"[^a-zàáâäçèéêëíïñóôöúûü']")
_NO_PROSE = ("@", "://", "www.")
_MOST_WORDS = 2_000
_MOST_CHARACTERS = 20_000
_MOST_SPELLED = 200

#: log-likelihood ratios of naive Bayes: of a function word, of a one-letter word, and the damping of the (dependent)
#: letter sequences of other words, and of words that may be names
_WORD_WEIGHT = 4.0
_LETTER_WEIGHT = 1.5
_SPELLING_WEIGHT = 0.18
_NAME_WEIGHT = 0.05
#: what a word with a letter that Dutch and English do not use tells against them
_FOREIGN_WEIGHT = 2.0
#: log prior: answers are Dutch sooner than English, and seldom in another language
_PRIOR = {"nl": 0.0, "en": -0.5}
_PRIOR_OTHER = -3.0
#: least evidence, and least lead on the next language, to name a language
_ENOUGH = 2.0
_ENOUGH_OTHER = 5.0
_LEAD = 0.5

#: languages by the script of their letters, as Unicode names it
_SCRIPTS = {
    "CYRILLIC": "ru", "GREEK": "el", "ARABIC": "ar", "HEBREW": "he", "DEVANAGARI": "hi", "THAI": "th",
    "CJK": "zh", "HIRAGANA": "ja", "KATAKANA": "ja", "HANGUL": "ko", "ARMENIAN": "hy", "GEORGIAN": "ka",
}  # fmt: skip
_UKRAINIAN = frozenset("іїєґ")


def detect_language(text: str) -> str:
    """Tell the language of a text from its function words, and from its spelling where these are few.

    Dutch covers Flemish and other regional speech. Languages that cxtext does not analyse are named only where they
    are clearly ahead of Dutch and English. Afrikaans and Frisian are not told from Dutch.

    Parameters
    ----------
    text : str
        Its first 2,000 words are looked at.

    Returns
    -------
    str
        ISO 639-1 code, or ``""`` where the text is too short or holds no words.

    Examples
    --------
    >>> detect_language("Ik heb drie kwartier in de wacht gestaan.")
    'nl'
    >>> detect_language("I had to wait for ages.")
    'en'
    >>> detect_language("12345")
    ''
    """
    words = text[:_MOST_CHARACTERS].split()
    text = " ".join(word for word in words if not any(part in word for part in _NO_PROSE))
    script = _language_of_script(text)
    if script is not None:
        return script
    evidence = _evidence(text.replace("’", "'"))
    belief = {code: _PRIOR.get(code, _PRIOR_OTHER) + evidence.get(code, 0.0) for code in {*_PRIOR, *evidence}}
    best, second = sorted(belief, key=lambda code: (-belief[code], code))[:2]
    enough = _ENOUGH if best in _PRIOR else _ENOUGH_OTHER
    return best if evidence.get(best, 0.0) >= enough and belief[best] - belief[second] >= _LEAD else ""


def stop_words(language: str) -> frozenset[str]:
    """Words that say nothing about the subject of a text: function words and spoken fillers.

    Parameters
    ----------
    language : str
        ``"nl"`` (with Flemish), ``"en"``, or another code that `detect_language` returns.

    Returns
    -------
    frozenset of str
        In lower case; for other languages their function words, and empty for a language without a list.

    Examples
    --------
    >>> "eigenlijk" in stop_words("nl"), "wachttijd" in stop_words("nl")
    (True, False)
    """
    return _stop_words().get(language, frozenset())


def lemmatise(word: str, language: str) -> str:
    """Bring a word to its dictionary form.

    Parameters
    ----------
    word : str
    language : str

    Returns
    -------
    str
        The word in lower case where the language or the word is not known.

    Examples
    --------
    >>> lemmatise("wachttijden", "nl"), lemmatise("Houses", "en")
    ('wachttijd', 'house')
    """
    import simplemma
    from simplemma.strategies.dictionaries.dictionary_factory import SUPPORTED_LANGUAGES

    lowered = word.lower()
    if not lowered or language not in SUPPORTED_LANGUAGES:
        return lowered
    return str(simplemma.lemmatize(lowered, lang=language)).lower()


def _language_of_script(text: str) -> str | None:
    """Language of a text that is mostly not in Latin letters; ``""`` where it has no letters at all."""
    letters = {letter: _script(letter) for letter in set(text.lower()) if letter.isalpha()}
    if not letters:
        return ""
    if all(script not in _SCRIPTS for script in letters.values()):
        return None
    scripts: Counter[str] = Counter()
    for letter, script in letters.items():
        scripts[script] += text.count(letter) + text.count(letter.upper()) * (letter != letter.upper())
    if "HIRAGANA" in scripts or "KATAKANA" in scripts:
        scripts["HIRAGANA"] += scripts["CJK"]
    script, count = scripts.most_common(1)[0]
    if script not in _SCRIPTS or count * 2 < scripts.total():
        return None
    return "uk" if letters.keys() & _UKRAINIAN else _SCRIPTS[script]


@cache
def _script(letter: str) -> str:
    return unicodedata.name(letter, "LATIN").split()[0]


def _evidence(text: str) -> dict[str, float]:
    """Log-likelihood of the text in each language, over that in a language that shares nothing with it."""
    languages_of = _function_words()
    evidence: defaultdict[str, float] = defaultdict(float)
    spelled = 0
    for count, match in enumerate(islice(_WORD.finditer(text), _MOST_WORDS)):
        word = match[0].lower()
        languages = languages_of.get(word)
        if languages is not None:
            weight = _WORD_WEIGHT if len(word) > 1 else _LETTER_WEIGHT
            for language in languages:
                evidence[language] += weight
        elif len(word) > 2 and spelled < _MOST_SPELLED:
            spelled += 1
            maybe_name = count > 0 and match[0][0].isupper()
            weight = _NAME_WEIGHT if maybe_name else _SPELLING_WEIGHT
            for language, ratio in _spelling(word):
                evidence[language] += weight * ratio
            if not maybe_name and _FOREIGN_LETTER.search(word):
                for language in _PRIOR:
                    evidence[language] -= _FOREIGN_WEIGHT
    return evidence


@lru_cache(maxsize=65_536)
def _spelling(word: str) -> tuple[tuple[str, float], ...]:
    """How much the letter sequences of a word speak for each language."""
    ratios: defaultdict[str, float] = defaultdict(float)
    sequences = _letter_sequences()
    for sequence in letter_sequences(word):
        for language, ratio in sequences.get(sequence, ()):
            ratios[language] += ratio
    return tuple(ratios.items())


def letter_sequences(word: str) -> Iterator[str]:
    """Three-letter sequences of a word, with ``^`` and ``$`` at its edges.

    Examples
    --------
    >>> list(letter_sequences("wij"))
    ['^wi', 'wij', 'ij$']
    """
    word = f"^{word}$"
    return (word[start : start + 3] for start in range(len(word) - 2))


def _read(name: str) -> Any:
    return read_data(name)


@cache
def _function_words() -> dict[str, tuple[str, ...]]:
    """Languages of each function word."""
    languages_of: dict[str, tuple[str, ...]] = {}
    for language, words in _read("function_words.yaml").items():
        for word in dict.fromkeys(words.split()):
            languages_of[word] = (*languages_of.get(word, ()), language)
    return languages_of


@cache
def _letter_sequences() -> dict[str, list[tuple[str, float]]]:
    """Languages in which a letter sequence is common, with its log frequency over that of the last in rank (Zipf)."""
    languages_of: dict[str, list[tuple[str, float]]] = {}
    for language, text in _read("letter_sequences.yaml").items():
        ranked = text.split()
        for rank, sequence in enumerate(ranked, start=1):
            languages_of.setdefault(sequence, []).append((language, math.log(len(ranked) / rank)))
    return languages_of


@cache
def _stop_words() -> dict[str, frozenset[str]]:
    lists = {**_read("function_words.yaml"), **_read("stop_words.yaml")}
    return {language: frozenset(words.split()) for language, words in lists.items()}
