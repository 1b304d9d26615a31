"""What went wrong on the page, in the language of who reads it."""

import ast
import json
import re
from pathlib import Path
from string import Formatter

import pytest
from coded_study import TALKS, make_study
from web_server import Client, seen, serving

import cxtext
from cxtext.agreement.resampling import Interval, warning_of
from cxtext.resources import read_data
from cxtext.web.telling import told

ERRORS = {name: read_data("page_errors", f"{name}.yaml") for name in ("en", "nl")}
#: where what is told is raised
RAISED = (
    "web/*",
    "project/*",
    "codebook/*",
    "themes/*",
    "agreement/*",
    "journey/mapping",
    "exchange/[cq]*",
    "teaching",
)


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    """A Dutch browser at the page of a study."""
    with make_study(tmp_path_factory.mktemp("told") / "study.cxt", TALKS) as project, serving(project) as door:
        yield Client(door.port, door.link())


def in_dutch(client, method, path, **values):
    """Status of an answer, and its error."""
    body = json.dumps(values).encode() if values else None
    status, _, text = client.ask(method, f"/api/{path}", body, Accept_Language="nl-NL,en;q=0.5")
    return status, json.loads(text)["error"]


def test_every_error_that_is_told_is_raised():
    """No words are kept for an error that is not raised, word for word; each language has the same values in them."""
    root = Path(cxtext.__file__).parent
    files = [file for name in RAISED for file in root.glob(f"{name}.py")]
    said = {
        node.value
        for file in files
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    raised = "\n".join(said)
    values = {
        name: {key: {part[1] for part in Formatter().parse(text)} for key, text in some.items()}
        for name, some in ERRORS.items()
    }
    for key, text in ERRORS["en"].items():
        assert values["nl"][key] <= values["en"][key] | {None}, key
        for part, *_ in Formatter().parse(text):
            for piece in re.split(r"(?<=[.;]) |: | (?:with|without) (?=the code)", part):  # it is put together
                assert piece.strip() in raised, (key, piece)


def test_an_error_is_told_in_the_language_of_the_browser(client):
    """Who reads Dutch is told in Dutch what went wrong; whoever asks for no language, in English."""
    status, error = in_dutch(client, "GET", "search?words=OR")
    assert (status, error.startswith("Naar 'OR' kan niet worden gezocht.")) == (400, True)
    row = client.open("an")["codings"][0]
    coding = {**seen(row), "was": [0, 1, "kind", "need", "suggested"]}
    status, error = in_dutch(client, "POST", "decide", since=0, status="accepted", codings=[coding])
    assert (status, error) == (409, "robot 1 wijzigde deze codering intussen. Van u is niets bewaard: kijk nog eens.")
    assert "changed this coding" in client.post("decide", status="accepted", codings=[coding])[1]["error"]


def test_who_is_not_known_is_told_so_in_dutch(client):
    """Also what is refused at the door is told in the language of who asks."""
    stranger = Client(client.port)
    status, _, text = stranger.ask("GET", "/api/study", Accept_Language="nl")
    assert (status, text.startswith("Open de pagina met de link")) == (403, True)


def test_warnings_of_several_sentences_are_told():
    """A warning about figures is told sentence by sentence."""
    warning = warning_of(Interval(0.8, 0.6, 0.9, 0.0, 0.1), n_units=30, prevalence=0.05, clusters=3)
    assert told(warning, "nl").startswith(
        "Slechts 30 fragmenten: het interval is te smal; codeer er ten minste 60. Weinig"
    )
    assert told(warning, "nl").endswith("codeerden. Er waren er slechts 3 om uit te loten: het interval is te smal.")


@pytest.mark.parametrize("message", ["", "Something that only a program can cause.", "{who} {0} %s", "Sem\nchanged"])
def test_what_has_no_words_is_told_as_it_is(message):
    """An error without words in Dutch is told as it was raised."""
    assert told(message, "nl") == message


def test_values_in_an_error_stay_what_they_are():
    """A name with braces, or with several lines, is told as it is."""
    error = "{x}\n{0} changed this coding meanwhile. Nothing of yours was kept: look at it again."
    assert told(error, "nl").startswith("{x}\n{0} wijzigde deze codering intussen.")


def test_what_a_file_has_no_place_for_is_told_in_dutch(client):
    """What a file leaves out is listed in the language of who downloads it."""
    _, headers, _ = client.ask("GET", "/api/export?what=qdpx", Accept_Language="nl")
    lost = json.loads(headers["x-lost"])
    assert lost
    assert [one for one in lost if one in set(ERRORS["nl"].values())] == lost
