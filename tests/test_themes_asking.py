"""Names that a language model proposes: what is sent, where it goes, and that a person decides."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from test_themes_kept import ENDS, SUBJECTS, by_subject

from cxtext.cli import main
from cxtext.cli.theme_names import statement
from cxtext.errors import OptionError
from cxtext.project import Project
from cxtext.records import Corpus, Document, Turn
from cxtext.tables import MEMBERS, THEMES, make_table
from cxtext.themes import Themes
from cxtext.themes.asking import (
    Endpoint,
    EndpointError,
    Question,
    ask_names,
    propose_names,
    proposed_names,
    theme_questions,
)

TEXTS = {
    "s1": "Ik ben Fatma Demir en mijn nummer is 06-12345678.",
    "s2": "Sanne Brandsma belde nooit terug.",
    "s3": "Door mijn burn-out lukte het bellen niet.",
}


class Server(ThreadingHTTPServer):
    """A language model that answers what it is told to, and remembers what it got."""

    daemon_threads = True
    status = 200
    answer: Any = ""
    sleep: threading.Event | None = None

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.got: list[dict[str, Any]] = []
        self.keys: list[str | None] = []

    def handle_error(self, *_: object) -> None:
        """Somebody who does not wait for the answer is no error."""

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.server_port}/v1"


class Handler(BaseHTTPRequestHandler):
    """Answers for `Server`."""

    server: Server

    def do_POST(self) -> None:
        """Answer a question."""
        self.server.got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.server.keys.append(self.headers["Authorization"])
        if self.server.sleep:
            self.server.sleep.wait(5)
        said = self.server.answer
        body = said if isinstance(said, bytes) else json.dumps({"choices": [{"message": {"content": said}}]}).encode()
        self.send_response(self.server.status)
        if self.server.status == 302:
            self.send_header("Location", f"{self.server.url}/elsewhere")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[Server]:
    """A server on this machine."""
    with Server() as one:
        thread = threading.Thread(target=one.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield one
        one.shutdown()
        thread.join()


def corpus() -> Corpus:
    """One interview in which Tjitske says what is in `TEXTS`."""
    text = " ".join(TEXTS.values())
    return Corpus((Document("d", "d", "interview", "x", text, (Turn(0, len(text), "Tjitske", "respondent"),)),))


def themes(**more: Any) -> Themes:
    """A theme of calling, and what lies apart."""
    table = make_table(
        [{"theme": "t01", "name": "bellen", "terms": "bellen, Fatma Demir"}, {"theme": "outliers", "name": "overig"}],
        {name: THEMES[name] for name in ("theme", "name", "terms")},
    )
    members = make_table(
        [{"segment": id, "theme": "t01", "rank": at} for at, id in enumerate(TEXTS, start=1)],
        {name: MEMBERS[name] for name in ("segment", "theme", "rank")},
    )
    return Themes(table, members, TEXTS, **more)


def test_what_is_asked_holds_no_personal_data() -> None:
    """Names and numbers are placeholders, also in the terms; words of special categories only go to this machine."""
    [question] = theme_questions(themes(), corpus())
    for secret in ("Fatma", "Demir", "12345678", "Sanne", "Brandsma", "burn-out"):
        assert secret not in question.text
    assert "[TELEFOON-1]" in question.text
    assert "burn-out" in theme_questions(themes(), corpus(), special=True)[0].text


def test_themes_that_a_person_named_are_not_asked_about() -> None:
    """A name of the researcher, and a lock, keep a theme out."""
    assert theme_questions(themes(named={"t01": "Bereikbaarheid"}), corpus()) == []
    assert theme_questions(themes(locked=frozenset({"t01"})), corpus()) == []


@pytest.mark.parametrize(
    ("answer", "name"),
    [
        ("Niet teruggebeld", "Niet teruggebeld"),
        ('"Niet teruggebeld."\n\nOmdat ...', "Niet teruggebeld"),
        ("<think>Hm.\nBellen?</think>\n**Niet\x1b[31m teruggebeld**", "Niet[31m teruggebeld"),
    ],
)
def test_a_name_is_the_first_line_of_the_answer(server: Server, answer: str, name: str) -> None:
    """Thoughts, quotation marks, explanations and control characters are left out."""
    server.answer = answer
    asked = ask_names([Question("t01", "- Er belde niemand.")], Endpoint(server.url, "m", "secret"), language="nl")
    assert list(asked) == [("t01", name)]
    assert server.got[0]["model"] == "m"
    assert server.got[0]["messages"][1]["content"] == "- Er belde niemand."
    assert server.keys == ["Bearer secret"]


@pytest.mark.parametrize(
    ("status", "answer", "match"),
    [
        (500, "x", "answered 500"),
        (401, "x", "Set CXTEXT_API_KEY"),
        (302, "x", "answered 302"),
        (200, b"<html>", "speaks the protocol of OpenAI"),
        (200, b'{"choices": []}', "gave no name"),
        (200, "x" * 200, "gave no name"),
    ],
)
def test_what_goes_wrong_is_told(server: Server, status: int, answer: str | bytes, match: str) -> None:
    """A refusal, a redirection or an answer without a name is one sentence, and nothing is sent on elsewhere."""
    server.status, server.answer = status, answer
    with pytest.raises(EndpointError, match=match) as error:
        list(ask_names([Question("t01", "x")], Endpoint(server.url, "m", "secret"), language="nl"))
    assert "secret" not in str(error.value)
    assert len(server.got) == 1


def test_no_answer_in_time_and_no_server(server: Server) -> None:
    """A server that is slow, or is not there, stops nothing for long."""
    server.sleep = threading.Event()
    with pytest.raises(EndpointError, match=r"no answer in 0\.2 seconds"):
        list(ask_names([Question("t01", "x")], Endpoint(server.url, "m", timeout=0.2), language="nl"))
    server.sleep.set()
    with pytest.raises(EndpointError, match="cannot be reached"):
        list(ask_names([Question("t01", "x")], Endpoint("http://127.0.0.1:9/v1", "m"), language="nl"))


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://localhost:11434", True),
        ("http://127.0.0.2/v1", True),
        ("http://[::1]:8080/v1/chat/completions", True),
        ("https://api.example.com/v1", False),
        ("http://localhost.example.com/v1", False),
        ("http://192.168.1.5:8000/v1", False),
    ],
)
def test_what_stays_on_this_machine(url: str, local: bool) -> None:
    """Only loopback addresses stay; the path to chat completions is added once."""
    endpoint = Endpoint(url, "m")
    assert endpoint.is_local is local
    assert endpoint.address.endswith("/v1/chat/completions")
    assert endpoint.address.count("completions") == 1


@pytest.mark.parametrize(
    "url", ["ftp://x/v1", "localhost:11434", "http://", "http://a:b@x/v1", "http://[", "file:///a"]
)
def test_addresses_that_are_refused(url: str) -> None:
    """Another protocol, no host, or a password in the address is told before anything is sent."""
    with pytest.raises(OptionError, match="endpoint"):
        Endpoint(url, "m")


def test_the_log_says_what_was_sent_where(server: Server, tmp_path: Path) -> None:
    """A line in the log names host, model, number of themes and characters, also where it went wrong half-way."""
    with Project.create(tmp_path / "a.cxt", coder="Noor") as project:
        server.answer = "Niet teruggebeld"
        assert propose_names(project, themes(), [Question("t01", "abc")], Endpoint(server.url, "m", "secret")) == {
            "t01": "Niet teruggebeld"
        }
        line = project.log()[-1].summary
        assert f"Asked m at 127.0.0.1:{server.server_port} for names of 1 theme: 3 characters" in line
        server.status = 500
        with pytest.raises(EndpointError):
            propose_names(project, themes(), [Question("t02", "abcd")], Endpoint(server.url, "m", "secret"))
        assert "4 characters" in project.log()[-1].summary
        assert proposed_names(project) == {"t01": "Niet teruggebeld"}
        assert "secret" not in str(project.log())


def test_what_leaves_the_machine_is_said_plainly() -> None:
    """Of another host it is said that text goes there, and whether the connection is open."""
    asked = [Question("t01", "abc")]
    assert statement(Endpoint("https://api.example.com/v1", "m"), asked).startswith(
        "THIS LEAVES YOUR MACHINE: to m at api"
    )
    assert "not encrypted" in statement(Endpoint("http://10.0.0.1/v1", "m"), asked)
    assert "not encrypted" not in statement(Endpoint("http://localhost/v1", "m"), asked)


def run(*words: str, typed: str = "") -> Result:
    """Run the command line."""
    return CliRunner().invoke(main, list(words), input=typed, env={"CXTEXT_CODER": "Noor"})


def test_proposals_from_the_terminal(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is sent before a yes; a proposal changes no name until it is accepted, and that can be undone."""
    monkeypatch.setattr("cxtext.embedding.encode", by_subject)
    lines = [subject.format(end) for subject in SUBJECTS.values() for end in ENDS]
    answers = "".join(f"{i};{line} zei Kees Pauwels.\n" for i, line in enumerate(lines))
    (tmp_path / "answers.csv").write_text(f"id;toelichting\n{answers}")
    study = str(tmp_path / "study.cxt")
    run("init", study)
    run("add", study, str(tmp_path / "answers.csv"))
    run("themes", "find", study, "--all", "-n", "3")
    server.answer = "Monteur en ketel"
    asking = ("themes", "name", study, "--endpoint", server.url, "--model", "m")
    refused = run(*asking, typed="n\n")
    assert "it stays on this machine" in refused.output
    assert "Nothing was sent" in refused.output
    assert server.got == []
    done = run(*asking, "--yes")
    assert done.exit_code == 0, done.output
    assert server.got
    assert "Pauwels" not in json.dumps(server.got)
    with Project.open(study, coder="Noor") as project:
        assert project.settings["themes"]["named"] == {}
        assert "Asked m at" in project.log()[-1].summary
    assert run("themes", "accept", study, "t01").exit_code == 0
    assert "has a name that a person gave" in run("themes", "accept", study, "t01").output
    run("undo", study)
    with Project.open(study, coder="Noor") as project:
        assert project.settings["themes"]["named"] == {}
