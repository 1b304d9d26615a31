"""Search in a study: what is found, where it stands, and what is refused."""

import json
import re
import unicodedata
from dataclasses import replace
from itertools import count

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from test_project import coding, codings, document

from cxtext.cli import main
from cxtext.errors import OptionError
from cxtext.project import Project
from cxtext.project.expression import ExpressionError, find_all
from cxtext.project.query import find, parse_query
from cxtext.project.search import save_search, saved_searches, search
from cxtext.records import Corpus

LONG = "Ik belde, en toen stond ik lang in de wacht. " * 8
CORPUS = Corpus((
    document(
        "anna",
        ("I", "interviewer", "Hoe ging het wachten?"),
        ("R", "respondent", "Ik stond in de wácht 😡. Café-ingang was dicht; e-mail hielp."),
        ("R", "respondent", "De wacht in, dat wel. Ik heb niet gebeld."),
        attributes={"wijk": "Zuid", "Score": "3"},
        columns={"nps": "Score"},
    ),
    document("bram", ("", "respondent", "Wachttijd: geen. CAFE open, prima."), attributes={"wijk": "Noord"}),
    document("cees", ("R", "respondent", LONG)),
))  # fmt: skip


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """A study that tests only read."""
    with Project.create(tmp_path_factory.mktemp("search") / "study.cxt", coder="Noor") as project:
        project.add(CORPUS)
        rows = project.segments().to_dict("records")
        project.add_codings(codings(coding(rows[0]), coding(rows[0], "need", coder="Sem"), coding(rows[4], "gain")))
        project.add_codings(codings(coding(rows[5], "pain", status="rejected")))
        yield project


@pytest.fixture
def run(study):
    """Run cxtext search on the study."""
    return lambda *arguments: CliRunner().invoke(main, ["search", study.place, *map(str, arguments)])


def places(study, *query, **more):
    """What is found, as document and text."""
    hits = search(study, *query, **more)
    return list(zip(hits["document"], hits["match"], strict=True))


TEXTS = {document.id: document.text for document in CORPUS}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("cafe", [("anna", "Café"), ("bram", "CAFE")]),
        ("CAFÉ ingang", [("anna", "Café"), ("anna", "ingang")]),
        ('"in de wacht"', [("anna", "in de wácht"), *[("cees", "in de wacht")] * 8]),
        ("“in de wacht” -belde", [("anna", "in de wácht")]),
        ('"in de wacht" NOT "toen stond"', [("anna", "in de wácht")]),
        ("wacht* AND geen", [("bram", "Wachttijd"), ("bram", "geen")]),
        ("wacht* and geen", []),
        ("wacht* geen", [("bram", "Wachttijd"), ("bram", "geen")]),
        ('"de wac*" dat', [("anna", "De wacht"), ("anna", "dat")]),
        ("gebeld OR prima", [("anna", "gebeld"), ("bram", "prima")]),
        ("cafe open OR dicht", [("anna", "Café"), ("anna", "dicht"), ("bram", "CAFE"), ("bram", "open")]),
        ("email", []),
        ("e-mail", [("anna", "e-mail")]),
        ('"e mail', [("anna", "e-mail")]),
        ("wachten, !", [("anna", "wachten")]),
        ("NEAR text:niet", []),
    ],
)  # fmt: skip
def test_the_query_language(study, query, found):
    """Words, phrases, beginnings, OR and NOT find these places, whatever the case and accents."""
    assert places(study, query) == found


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("", "nothing to look for"), ("-wacht", "no word to look for"), ("?!", "no word to look for"),
        ("😡", "signs and emoji"), ("a OR", "OR needs a word after it"), ("OR a", "OR needs a word on each side"),
        ("a OR OR b", "OR needs a word on each side"), ("NOT", "NOT needs a word after it"),
        ("AND a", "AND needs a word on each side"), ("a AND OR b", "AND needs a word on each side"),
        ("a NOT b OR c", "OR needs a word on each side"), ("a OR -b", "cannot be excluded"),
        ("*acht", "at the end of a word"), ("w*t", "at the end of a word"), ("(a b) OR c", "parentheses"),
        ("x" * 501, "at most 500"),
    ],
)  # fmt: skip
def test_what_cannot_be_searched_is_explained(study, query, reason):
    """A query without a meaning ends in a message that says why."""
    with pytest.raises(OptionError, match=reason):
        search(study, query)


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from("aé1 \"'*-():^{}+|&😡\u0301\x00\ud800") | st.characters(), max_size=12))
def test_no_query_ever_reaches_the_database_as_an_error(study, query):
    """Anything that is typed gives hits or an OptionError, and each hit is an exact place in its document."""
    try:
        hits = search(study, query)
    except OptionError:
        return
    for hit in hits.to_dict("records"):
        text = TEXTS[hit["document"]]
        assert text[hit["start"] : hit["end"]] == hit["match"]
        assert text[hit["text_start"] :].startswith(hit["text"])


LETTERS = st.sampled_from("aAáÁbBß1ςΣσжЖøØİıñ") | st.sampled_from("xyz").map(lambda letter: letter + "\u0301")
SAID = st.lists(st.lists(LETTERS, min_size=1, max_size=3).map("".join), min_size=1, max_size=6)


def bare(text):
    """Text without case and accents."""
    parts = unicodedata.normalize("NFD", text.casefold())
    return "".join(c for c in parts if not unicodedata.combining(c))


@pytest.fixture(scope="module")
def growing(tmp_path_factory):
    """A study to which tests add documents, and a number for each."""
    with Project.create(tmp_path_factory.mktemp("growing") / "study.cxt", coder="Noor") as project:
        yield project, count()


@settings(max_examples=60, deadline=None)
@given(turns=st.lists(st.tuples(SAID, st.sampled_from(" ,_-\n")), min_size=1, max_size=4), data=st.data())
def test_every_word_is_found_where_it_stands(growing, turns, data):
    """A word of a text finds all places that have it, and these alone, through the index of the database."""
    project, numbers = growing
    id = f"d{next(numbers)}"
    said = [unicodedata.normalize("NFC", gap.join(words)) for words, gap in turns]
    words = {word for text in said for word in re.findall(r"(?:[^\W_]|\u0301)+", text)}
    word = data.draw(st.sampled_from(sorted(words)))
    project.add(Corpus((document(id, *(("R", "respondent", text) for text in said)),)))
    hits = search(project, word, documents=[id])
    whole = "\n".join(said) + "\n"
    spans = [m.span() for m in re.finditer(r"(?:[^\W_]|\u0301)+", whole) if bare(m[0]) == bare(word)]
    assert list(zip(hits["start"], hits["end"], strict=True)) == spans


def test_the_context_is_of_whole_words_in_the_turn(study):
    """About so many characters on both sides, not across the turn, with the place of the hit in it."""
    hit = search(study, "ingang", context=20).iloc[0]
    assert hit["text"] == "de wácht 😡. Café-ingang was dicht; e-mail"
    at = hit["start"] - hit["text_start"]
    assert hit["text"][at : at + len(hit["match"])] == "ingang"
    assert search(study, "dat", context=500).iloc[0]["text"] == "De wacht in, dat wel. Ik heb niet gebeld."


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ({"speakers": ["i"]}, ["anna"]),
        ({"roles": ["interviewer"]}, ["anna"]),
        ({"documents": ["bram"]}, ["bram"]),
        ({"cases": ["bram", "cees"], "limit": 2}, ["bram", "cees"]),
        ({"attributes": {"wijk": "noord"}}, ["bram"]),
        ({"attributes": {"nps": "3"}, "speakers": ["R"]}, ["anna", "anna"]),
        ({"codes": ["kind/need"]}, ["anna"]),
        ({"codes": ["kind"], "coders": ["Sem"]}, ["anna"]),
        ({"codes": ["gain"]}, ["bram"]),
        ({"codes": ["Pluspunt"]}, ["bram"]),
    ],
)  # fmt: skip
def test_a_search_is_narrowed(study, more, found):
    """By speaker, role, document, respondent, attribute, code and coder."""
    assert [name for name, _ in places(study, "wacht*", **more)] == found


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"codes": ["pian"]}, "no code 'pian' in the study. There is: .*'pain' and 4. more"),
        ({"coders": ["Sam"]}, "no coder 'Sam' in the study. There is: 'Sem'"),
        ({"speakers": ["X"]}, "no speaker 'X'"), ({"roles": ["baas"]}, "no role 'baas'"),
        ({"documents": ["ana"]}, "There is: 'anna'"), ({"cases": ["x"]}, "no respondent 'x'"),
        ({"attributes": {"wyk": "Zuid"}}, "'wijk'"), ({"attributes": {"wijk": "Oost"}}, "no wijk 'Oost'"),
        ({"regex": "a"}, "cannot be searched at once"),
    ],
)  # fmt: skip
def test_what_the_study_does_not_have_is_named(study, more, reason):
    """A name with a mistake is no empty result but a message with what there is."""
    with pytest.raises(OptionError, match=reason):
        search(study, "wacht", **more)


def test_codes_alone_give_the_coded_stretches(study):
    """Without words, what was coded is found, once per stretch, without what was rejected."""
    hits = search(study, codes=["kind"])
    assert hits["match"].tolist() == ["Ik stond in de wácht 😡.", "Wachttijd: geen."]
    assert hits["codes"].tolist() == ["kind/need; kind/pain", "kind/gain"]
    assert hits[["turn", "speaker"]].to_numpy().tolist() == [[1, "R"], [0, ""]]


def test_a_stretch_outside_the_turns_is_found(tmp_path):
    """What was coded over several turns, or in none, is there with its place."""
    with Project.create(tmp_path / "s.cxt", coder="Noor") as project:
        (one,) = Corpus((document("d", ("A", "respondent", "Een."), ("B", "respondent", "Twee.")),)).documents
        project.add(Corpus((replace(one, turns=one.turns[1:]),)))
        project.add_codings(codings(*({"document": "d", "start": s, "end": e, "group": "kind", "code": "pain"}
                                      for s, e in ((0, 4), (5, 11)))))  # fmt: skip
        hits = search(project, codes=["pain"])
        assert hits[["turn", "speaker", "match"]].to_numpy().tolist() == [[-1, "", "Een."], [0, "B", "Twee.\n"]]
        assert search(project, codes=["pain"], speakers=["B"])["match"].tolist() == ["Twee.\n"]


def test_a_blind_coder_sees_no_codes_of_others(study):
    """Others' codings neither narrow a search nor stand with a hit, until the document is finished."""
    assert search(study, codes=["pain"], seen_by="Sem").empty
    assert search(study, "stond", documents=["anna"], seen_by="Sem")["codes"].tolist() == ["kind/need"]


def test_a_regular_expression(study):
    """Found within turns, whatever the case; signs too."""
    assert places(study, regex=r"wacht\w+|😡") == [("anna", "wachten"), ("anna", "😡"), ("bram", "Wachttijd")]
    assert places(study, regex=r"(?-i:CAFE)|x*") == [("bram", "CAFE")]
    assert places(study, regex="wacht", codes=["gain"]) == [("bram", "Wacht")]


@pytest.mark.parametrize("pattern", ["(", "a{99999999999999999999}", "[", "(?P<a>x)(?P<a>y)", "(" * 3000 + ")" * 3000])
def test_a_pattern_that_is_none_is_explained(study, pattern):
    """A mistake in a regular expression ends in a message."""
    with pytest.raises(OptionError, match="cannot be searched: "):
        search(study, regex=pattern)


def test_a_pattern_that_takes_for_ever_is_ended():
    """A catastrophic pattern does not hang the program."""
    with pytest.raises(ExpressionError, match=r"took more than 0\.5 seconds"):
        find_all("(a+)+$", ["a" * 60 + "b"], patience=0.5)


def test_a_search_is_saved_and_forgotten(study):
    """A saved search is kept in the study, without what was not asked for."""
    save_search(study, "wachten", {"words": "wacht*", "codes": [], "attributes": {"wijk": "Zuid"}, "limit": 3})
    assert saved_searches(study) == {"wachten": {"words": "wacht*", "attributes": {"wijk": "Zuid"}}}
    assert len(search(study, **saved_searches(study)["wachten"])) == 3
    save_search(study, "wachten", None)
    assert saved_searches(study) == {}
    with pytest.raises(OptionError, match="no saved search 'wachten'"):
        save_search(study, "wachten", None)


def test_the_rest_of_a_long_list_is_left(study):
    """No more hits come than were asked for; without a limit all do."""
    assert len(search(study, "wacht", limit=4)) == 4
    assert len(search(study, "wacht", limit=None)) == 10


def test_an_accent_apart_is_part_of_its_letter():
    """Letters for which there is no composed sign are found without their accent, and whole."""
    assert find(parse_query("x"), "x\u0301 xy y\u0301x") == [(0, 2)]
    assert find(parse_query("x\u0301y*"), "xya\u0301b") == [(0, 5)]


def test_the_command_shows_hits_and_counts_them(run):
    """Each hit with its document, place, speaker and codes, and the sum below; in colour on a terminal."""
    lines = run('"in de wacht"', "--speaker", "R", "--document", "anna", "--context", 8).stdout.splitlines()
    assert lines == [
        "anna 31-42  R, respondent  [kind/need; kind/pain]", "    stond in de wácht 😡.",
        "1 hit in 1 document, of 1 respondent.",
    ]  # fmt: skip
    assert "There are more hits than 2" in run("wacht", "-n", 2).stdout


def test_the_command_keeps_searches(run):
    """Saved, listed, used with something more, and forgotten."""
    assert run("wacht*", "--attribute", "wijk=Zuid", "--save", "w").exit_code == 0
    assert run("--list").stdout == 'w: {"words": "wacht*", "attributes": {"wijk": "Zuid"}}\n'
    assert run("--saved", "w", "--role", "interviewer").stdout.splitlines()[-1].startswith("1 hit ")
    assert "There is no saved search 'x' in the study. There is: 'w'." in run("--saved", "x").output
    assert run("--forget", "w").stdout == ""
    assert run("--list").stdout == ""


def test_the_command_writes_tables(run, tmp_path):
    """JSON on stdout, or a file with all hits; one that is there is kept."""
    rows = json.loads(run("prima", "--json").stdout)
    assert [(row["document"], row["match"], row["case"]) for row in rows] == [("bram", "prima", "bram")]
    path = tmp_path / "hits.xlsx"
    assert "10 hits" in run("wacht", "-o", path).stderr
    assert "is there already" in run("wacht", "-o", path).output
    assert "unknown kind of output" in run("wacht", "-o", "x.parquet").output


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [((), "nothing to look for"), (("(",), "no word"), (("a", "--attribute", "wijk"), "Write NAME=VALUE")],
)
def test_the_command_explains_mistakes(run, arguments, reason):
    """A mistake ends in one line."""
    result = run(*arguments)
    assert reason in result.output
    assert result.exit_code in (1, 2)


def test_the_command_keeps_a_blind_study_blind(tmp_path):
    """In a study that is coded blind, codes of others are neither shown nor found."""
    with Project.create(tmp_path / "s.cxt", coder="Noor", settings={"blind": True}) as project:
        project.add(CORPUS)
        project.add_codings(codings(coding(project.segments().iloc[0])))
        place = project.place
    for coder, found in (("Noor", "1 hit "), ("Sem", "0 hits")):
        result = CliRunner().invoke(main, ["search", place, "--code", "pain", "--coder", coder])
        assert found in result.output
