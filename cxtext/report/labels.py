"""The texts of the report in Dutch and English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from cxtext.errors import OptionError
from cxtext.resources import data_path, read_data

LANGUAGES = ("nl", "en")
_MARKS = {"nl": str.maketrans(",.", ".,"), "en": {}}


@dataclass(frozen=True)
class Labels:
    """Texts in one language; calling it fills one in.

    Attributes
    ----------
    language : str
    texts : Mapping[str, Any]
        Key to text, or to a mapping of texts.

    Examples
    --------
    >>> t = load_labels("nl")
    >>> t("lane_pains"), t.count("quote", 3), t.number(-0.25, 2)
    ('Pijnpunten', '3 citaten', '−0,25')
    """

    language: str
    texts: Mapping[str, Any]

    def __call__(self, key: str, **values: object) -> str:
        """Give the text of a key, with `values` filled in."""
        text = str(self.texts[key])
        return text.format(**values) if values else text

    def count(self, key: str, n: int) -> str:
        """Give a number with its noun, ``"1 citaat"`` or ``"3 citaten"``."""
        forms = self.texts[key]
        return str(forms["one"] if n == 1 else forms["many"].format(n=self.number(n)))

    def number(self, value: float | str, digits: int = 0) -> str:
        """Write a number as the language does, with a true minus sign; a text in its place stays what it is."""
        if isinstance(value, str):
            return value
        text = f"{value:,.{digits}f}".translate(_MARKS[self.language])
        if text.startswith("-"):
            text = f"−{text[1:]}" if text.strip("-0,.") else text[1:]
        return text

    def choice(self, key: str, option: str) -> str:
        """Give the text for one of several values; the value itself where there is none."""
        return str(self.texts[key].get(option, option))

    def optional(self, key: str, default: str) -> str:
        """Give the text of a key that need not be there."""
        return str(self.texts.get(key, default))


@cache
def load_labels(language: str) -> Labels:
    """Read the texts of a language.

    Parameters
    ----------
    language : {"nl", "en"}

    Returns
    -------
    Labels

    Raises
    ------
    OptionError
        There are no texts in that language.
    """
    if language not in LANGUAGES:
        msg = f"There are no report texts in language {language!r}. Choose one of: {', '.join(LANGUAGES)}."
        raise OptionError(msg)
    texts: dict[str, Any] = {}
    more = sorted(path.name for path in data_path("labels", language).glob("*.yaml"))
    for parts in ((f"{language}.yaml",), *((language, name) for name in more)):
        texts |= read_data("labels", *parts)
    return Labels(language, texts)
