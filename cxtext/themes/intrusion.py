"""Intrusion tests: can a person tell what does not belong to a theme? (Chang et al., 2009)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from cxtext.errors import OptionError
from cxtext.stats import Estimate, wilson
from cxtext.themes.records import OUTLIERS, Themes

_SHOWN = {"terms": 5, "quotes": 3}
_FEWEST_SHOWN = 3
_ENOUGH = 0.7
_VERDICTS = {
    "nl": (
        "De thema's zijn voor een lezer te onderscheiden: {k} van {n} indringers gevonden.",
        "De thema's zijn voor een lezer matig te onderscheiden: {k} van {n} indringers gevonden.",
        "De thema's zijn voor een lezer niet beter te onderscheiden dan door gokken: {k} van {n} indringers gevonden.",
    ),
    "en": (
        "A reader can tell the themes apart: {k} of {n} intruders found.",
        "A reader can tell the themes apart in part: {k} of {n} intruders found.",
        "A reader can tell the themes apart no better than by guessing: {k} of {n} intruders found.",
    ),
}


@dataclass(frozen=True)
class IntrusionItem:
    """One question: which of these does not belong with the others.

    Attributes
    ----------
    theme : str
    options : tuple of str
        Terms or quotes of the theme and one of another, in random order.
    intruder : int
        Place of the one of another theme, from 0.
    """

    theme: str
    options: tuple[str, ...]
    intruder: int


@dataclass(frozen=True)
class IntrusionScore:
    """What the answers say.

    Attributes
    ----------
    found : Estimate
        Share of intruders found, with its Wilson interval.
    guessing : float
        The share that guessing finds.
    missed : tuple of str
        Themes of which the intruder was not found: look at these first.
    verdict : str
    """

    found: Estimate
    guessing: float
    missed: tuple[str, ...]
    verdict: str


def make_intrusion_test(
    themes: Themes, *, of: Literal["terms", "quotes"] = "terms", most: int = 12, seed: int = 0
) -> tuple[IntrusionItem, ...]:
    """Make the items of an intrusion test; twelve take about two minutes.

    Parameters
    ----------
    themes : Themes
    of : {"terms", "quotes"}
        Three to five telling terms with one of another theme that is none of its own, or three quotes with one of
        another theme.
    most : int
        Items; one a theme, in random order.
    seed : int

    Returns
    -------
    tuple of IntrusionItem
        Nothing for a theme with fewer terms or quotes, nor where there is no other theme.

    Raises
    ------
    OptionError
        `of` is something else.
    """
    if of not in _SHOWN:
        msg = f"of is {of!r}. Choose 'terms' or 'quotes'."
        raise OptionError(msg)
    rng = np.random.default_rng(seed)
    texts = _terms(themes) if of == "terms" else _quotes(themes)
    items: list[IntrusionItem] = []
    for theme in rng.permutation(sorted(texts)).tolist():
        own = texts[theme][: _SHOWN[of]]
        others = [t for other in texts if other != theme for t in texts[other][:3] if t not in texts[theme]]
        if len(own) < _FEWEST_SHOWN or not others or len(items) == most:
            continue
        options = [*own, others[int(rng.integers(len(others)))]]
        order = rng.permutation(len(options)).tolist()
        items.append(IntrusionItem(theme, tuple(options[at] for at in order), order.index(len(own))))
    return tuple(items)


def score_intrusion_test(
    items: Sequence[IntrusionItem], answers: Sequence[int | None], *, language: str = "nl"
) -> IntrusionScore:
    """Score the answers of a person.

    Parameters
    ----------
    items : sequence of IntrusionItem
    answers : sequence of int or None
        Place of the option chosen, from 0; None for "don't know", which counts as not found.
    language : {"nl", "en"}
        Of the verdict.

    Returns
    -------
    IntrusionScore

    Raises
    ------
    OptionError
        There is not one answer an item, or there are no items.
    """
    if not items or len(items) != len(answers):
        msg = f"There are {len(answers)} answers to {len(items)} items. Give one answer an item, None for 'don't know'."
        raise OptionError(msg)
    missed = tuple(i.theme for i, answer in zip(items, answers, strict=True) if answer != i.intruder)
    found = wilson(len(items) - len(missed), len(items))
    guessing = float(np.mean([1 / len(item.options) for item in items]))
    level = 2 if found.low <= guessing else 0 if found.value >= _ENOUGH else 1
    text = _VERDICTS[language][level].format(k=len(items) - len(missed), n=len(items))
    return IntrusionScore(found, guessing, missed, text)


def _terms(themes: Themes) -> Mapping[str, list[str]]:
    rows = zip(themes.table["theme"], themes.table["terms"], strict=True)
    return {theme: terms.split(", ") for theme, terms in rows if theme != OUTLIERS and terms}


def _quotes(themes: Themes) -> Mapping[str, list[str]]:
    ranked = themes.members[themes.members["rank"] > 0].sort_values("rank", kind="stable")
    return {str(theme): [themes.quotes[s] for s in own["segment"]] for theme, own in ranked.groupby("theme")}
