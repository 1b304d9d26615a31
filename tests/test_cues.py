"""Cues: wordings that point to a code."""

from itertools import pairwise

import pytest

from cxtext.codebook import load_codebook
from cxtext.errors import ReadError
from cxtext.tag.cues import LANGUAGES, compile_cue, load_matcher, read_cues


def codes(text, language="nl"):
    """Codes of the cues in a text that are not negated."""
    return {cue.code for cue in load_matcher(language).find([text])[0] if not cue.negated}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Ik stond een halfuur in de wacht.", "channel/phone"),
        ("Toen kwam er een brief van de gemeente", "channel/letter"),
        ("De monteur was er om acht uur", "channel/home_visit"),
        ("ik wil gewoon weten waar ik aan toe ben", "kind/need"),
        ("Het zou echt fijn zijn als dat kon", "kind/need"),
        ("Niemand wist waar mijn dossier was", "kind/pain"),
        ("ze zouden me terugbellen", "kind/expectation"),
        ("ik was zó opgelucht", "emotion/relief"),
        ("BELACHELIJK gewoon", "emotion/anger"),
        ("geen idee wat ze bedoelden", "emotion/confusion"),
    ],
)
def test_dutch_wordings_point_to_their_code(text, code):
    """Plain Dutch wordings are recognised, whatever the capitals."""
    assert code in codes(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Dat moest allemaal in de app.", "channel/app"),
        ("En ging de bel.", "channel/phone"),
        ("Die jongens zijn top.", "sentiment/positive"),
        ("Ik wacht nog op een e-mail.", "channel/email"),
    ],
)
def test_a_word_is_found_at_the_end_of_a_sentence_too(text, code):
    """What may be an abbreviation elsewhere ("app." of apartment) ends a sentence here; a hyphen parts no words."""
    assert code in codes(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("I was on hold for ages", "channel/phone"),
        ("It would be nice to have a direct number", "kind/need"),
        ("nobody told me anything", "kind/pain"),
        ("The bill came in March", "channel/invoice"),
        ("I was so relieved", "emotion/relief"),
    ],
)
def test_english_wordings_point_to_their_code(text, code):
    """Plain English wordings are recognised."""
    assert code in codes(text, "en")


def test_negation_reaches_three_words_within_the_clause():
    """'Niet boos' is not anger, but a negation in the clause before does not count."""
    (near,) = load_matcher("nl").find(["Ik was niet echt boos"])
    (far,) = load_matcher("nl").find(["Dat kon niet, boos was ik"])
    assert [cue.negated for cue in near if cue.code == "emotion/anger"] == [True]
    assert [cue.negated for cue in far if cue.code == "emotion/anger"] == [False]


def test_places_are_offsets_into_the_text():
    """A cue can be shown in its sentence."""
    text = "😀 Toen heb ik gebeld."
    spans = {text[cue.start : cue.end] for cue in load_matcher("nl").find([text])[0] if cue.code == "channel/phone"}
    assert spans == {"gebeld"}


def test_cues_of_one_code_do_not_overlap():
    """The longest wording counts once."""
    cues = sorted((c.start, c.end) for c in load_matcher("nl").find(["!!!"])[0] if c.code == "emotion/anger")
    assert all(end <= start for (_, end), (start, _) in pairwise(cues))
    assert cues


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_cue_belongs_to_a_code_and_compiles(language):
    """A slip in a cue file is found here, not by a user."""
    known = {code.path for code in load_codebook()}
    data = read_cues(language)
    assert data.pop("negators")
    assert data.pop("intensifiers")
    for group, groups in data.items():
        for code, cues in groups.items():
            assert f"{group}/{code}" in known
            assert all(compile_cue(cue) for cue in cues.splitlines())


def test_an_open_bracket_is_named():
    """The message shows the cue."""
    with pytest.raises(ReadError, match=r"a bracket is not closed in '\(ik wil'"):
        compile_cue("(ik wil")
