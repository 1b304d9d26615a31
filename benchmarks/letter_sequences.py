"""Count the most common three-letter sequences of each language, for `cxtext/data/letter_sequences.yaml`.

Run: ``python benchmarks/letter_sequences.py > cxtext/data/letter_sequences.yaml``
"""

from __future__ import annotations

import random
from collections import Counter

from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory

from cxtext.language import letter_sequences

LANGUAGES = ("nl", "en", "de", "fr", "es", "it", "pt", "pl", "tr", "da", "sv", "nb", "fi", "ro", "cs", "hu", "id")
MOST_WORDS = 60_000
MOST_SEQUENCES = 300

HEADER = f"""\
# The {MOST_SEQUENCES} most common three-letter sequences of words of each language, most common first; ^ and $ are the
# edges of a word. Made by benchmarks/letter_sequences.py from at most {MOST_WORDS:,} words of 3 to 14 letters of each
# dictionary of simplemma 2.0.0 (MIT, Adrien Barbaresi). The counts are of word forms, not of running text.
"""


def common_sequences(language: str) -> list[str]:
    """Most common sequences over the dictionary of `language`."""
    dictionary = DefaultDictionaryFactory().get_dictionary(language)
    words = [word for word in dictionary if word.isalpha() and word.islower() and 3 <= len(word) <= 14]
    words = random.Random(0).sample(words, min(MOST_WORDS, len(words)))
    counts = Counter(sequence for word in words for sequence in letter_sequences(word))
    return [sequence for sequence, _ in counts.most_common(MOST_SEQUENCES)]


def main() -> None:
    """Write the data file to standard output."""
    print(HEADER, end="")
    for language in LANGUAGES:
        print(f"{language}: >-")
        sequences = common_sequences(language)
        for start in range(0, len(sequences), 25):
            print("  " + " ".join(sequences[start : start + 25]))


if __name__ == "__main__":
    main()
