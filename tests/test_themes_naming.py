"""Names of themes: phrases that several respondents use, in invented answers."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from cxtext.terms import read_vocabulary, telling_terms
from cxtext.themes.naming import name_themes

WAITING = [
    "Ik stond veertig minuten lang in de wacht.",
    "Weer lang in de wacht, met Sanne aan de lijn.",
    "Een uur lang in de wacht gezet",
    "lang in de wacht",
    "Die wacht was vreselijk, met 43 voor mij",
]
QUESTIONS = [
    "Ik kreeg geen antwoord op mijn vragen.",
    "Al weken geen antwoord op vragen die ik stelde",
    "geen antwoord op vragen",
    "Op al mijn vragen nog geen antwoord, zegt Kees",
]


def named(*groups: Sequence[str], languages: Sequence[str] = (), cases: Sequence[str] = ()) -> list[str]:
    """Names of groups of texts, each text of its own respondent where no cases are given."""
    texts = [text for group in groups for text in group]
    labels = [str(at) for at, group in enumerate(groups) for _ in group]
    people = list(cases) or [f"r{row}" for row in range(len(texts))]
    vocabulary = read_vocabulary(texts, list(languages) or ["nl"] * len(texts))
    terms = telling_terms(vocabulary, labels, people)
    return list(name_themes(vocabulary, texts, labels, people, [0.5] * len(texts), terms).values())


def test_names_are_phrases_that_respondents_share() -> None:
    """What several say in the same words names the theme, with its negation, without names, numbers and filler."""
    assert named(WAITING, QUESTIONS) == ["lang in de wacht", "geen antwoord op vragen"]


def test_names_are_the_same_in_any_order() -> None:
    """The order of the rows changes no name."""
    assert named(WAITING[::-1], QUESTIONS[::-1]) == named(WAITING, QUESTIONS)


def test_one_talkative_respondent_names_no_theme() -> None:
    """A phrase that one respondent repeats is no name, however often; the word that all use is."""
    texts = ["De paarse ketel lekte."] * 6 + ["Een lawaai, die ketel", "Ketel uit", "Mijn ketel viel stil"]
    cases = ["a"] * 6 + ["b", "c", "d"]
    assert named(texts, WAITING, cases=[*cases, *"efghi"])[0] == "ketel"


def test_a_quality_that_few_mean_is_in_no_name() -> None:
    """Two of twelve who call the app slow do not name the theme of the app."""
    ends = ["trein", "bushalte", "kinderen", "keuken", "lift", "tuin", "pauze", "winkel", "kroeg", "schuur"]
    texts = [f"Dan pak ik die app, met de {end}" for end in ends] + ["trage app", "Een trage app."]
    assert named(texts, QUESTIONS)[0] == "app"


def test_a_negation_needs_something_that_it_denies() -> None:
    """A noun with a bare "niet" behind it is no name, a verb with it is."""
    texts = ["De nota klopte niet.", "Mijn nota klopte niet!", "nota klopte niet", "Nota weer fout"]
    assert named(texts, WAITING)[0] == "nota klopte niet"
    assert (
        named(["De nota klopte niet.", "Nota klopte", "Nota klopte niet!", "nota klopte niet"], WAITING)[0]
        != "nota klopte"
    )
    assert named(["Nota niet", "de nota niet", "die nota niet", "Mijn nota niet"], WAITING)[0] == "nota"


@pytest.mark.parametrize(
    ("languages", "name"), [(["en"] * 4 + ["nl"] * 3, "letter in English"), (["en"] * 3 + ["nl"] * 4, "brief")]
)
def test_names_are_in_the_language_of_most(languages: list[str], name: str) -> None:
    """A theme in two languages gets a name in that of most of its respondents."""
    english = ["I want a letter in English", "No letter in English", "A letter in English please", "letter in English"]
    dutch = ["Weer een brief", "Die brief snap ik", "Brief gekregen", "brief kwam te laat"]
    texts = english[: languages.count("en")] + dutch[: languages.count("nl")]
    assert named(texts, WAITING, languages=languages + ["nl"] * 5)[0] == name


def test_no_two_names_are_the_same() -> None:
    """Two groups with the same best phrase get different names."""
    first, second = named([*WAITING, "Die wacht, en de muziek"], [*WAITING, "In de wacht, en het bandje"])
    assert first != second


def test_a_group_without_words_has_no_name() -> None:
    """Function words alone give no name; `find_themes` puts a number there."""
    assert named(["Ja.", "Nee hoor.", "Nou ja."], WAITING)[0] == ""
