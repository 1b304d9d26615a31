"""Names of themes from a language model, on request: what would be sent, sending it, and the proposals that come back.

Nothing here runs unless a person asks for it. The only client is that of the standard library.
"""

from __future__ import annotations

import ipaddress
import json
import re
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from http.client import HTTPException
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit, urlunsplit

import yaml

from cxtext.counting import counted
from cxtext.errors import CxtextError, OptionError
from cxtext.privacy import Pseudonymiser
from cxtext.privacy.screening import needs_check
from cxtext.resources import data_path
from cxtext.themes.records import OUTLIERS, Themes

if TYPE_CHECKING:
    from cxtext.project import Project
    from cxtext.records import Corpus

#: the environment variable that holds the key of a hosted model
KEY_VARIABLE = "CXTEXT_API_KEY"
#: under which name the settings of a study hold the proposals
SETTING = "theme_names"

_TERMS, _QUOTES = 10, 5
_MOST_ANSWERED = 1_000_000
_LONGEST_NAME = 80
_ANSWER_TOKENS = 500
_PATH = "/chat/completions"


class EndpointError(CxtextError):
    """A language model could not be asked, or gave no name."""


@dataclass(frozen=True)
class Question:
    """What would be sent about one theme.

    Attributes
    ----------
    theme : str
        Its id; it is not sent.
    text : str
        All that is sent, with placeholders for personal data.
    """

    theme: str
    text: str


@dataclass(frozen=True)
class Endpoint:
    """A server that answers as OpenAI's does.

    Parameters
    ----------
    url : str
        Such as ``http://localhost:11434/v1``; the path to chat completions is added where it is missing.
    model : str
        Its name there.
    key : str
        Only ever from the environment; it is shown nowhere.
    timeout : float
        Seconds for one theme.

    Raises
    ------
    OptionError
        The address is none of http or https, or holds a password.

    Examples
    --------
    >>> Endpoint("http://localhost:11434/v1", "m").address, Endpoint("http://localhost:11434/v1", "m").is_local
    ('http://localhost:11434/v1/chat/completions', True)
    """

    url: str
    model: str
    key: str = ""
    timeout: float = 60.0

    def __post_init__(self) -> None:
        try:
            parts = urlsplit(self.url)
            host, _ = parts.hostname, parts.port
        except ValueError:
            host, parts = None, urlsplit("")
        if parts.scheme not in {"http", "https"} or not host:
            msg = f"The endpoint is {self.url!r}. Give an address such as http://localhost:11434/v1."
            raise OptionError(msg)
        if parts.username or parts.password:
            msg = f"The address of the endpoint holds a password. Leave it out, and set {KEY_VARIABLE} instead."
            raise OptionError(msg)
        if not self.model.strip():
            raise OptionError("The name of the model is empty. Give the name that the endpoint knows it by.")

    @property
    def address(self) -> str:
        """Where the questions go."""
        scheme, host, path, query, _ = urlsplit(self.url)
        path = path.rstrip("/")
        if not path.endswith(_PATH):
            path = (path or "/v1") + _PATH
        return urlunsplit((scheme, host, path, query, ""))

    @property
    def host(self) -> str:
        """Name of the server, with its port."""
        return urlsplit(self.url).netloc

    @property
    def is_local(self) -> bool:
        """Whether nothing leaves this machine."""
        host = urlsplit(self.url).hostname or ""
        try:
            return ipaddress.ip_address(host).is_loopback
        except ValueError:
            return host == "localhost"


def theme_questions(
    themes: Themes, corpus: Corpus, *, pseudonymiser: Pseudonymiser | None = None, special: bool = False
) -> list[Question]:
    """What to ask about each theme that no person named and that is not locked.

    Every text goes through pseudonymisation first, whether its document came in pseudonymised or not.

    Parameters
    ----------
    themes : Themes
    corpus : Corpus
        The documents: names of their speakers, and names found anywhere in them, are replaced in the quotes too.
    pseudonymiser : Pseudonymiser, optional
        With the key and the names of the project; a new one where it is left out.
    special : bool
        Quotes with words of special categories (health, religion ...) are asked about as well.

    Returns
    -------
    list of Question
        With up to ten telling terms and five quotes each.
    """
    hide = pseudonymiser or Pseudonymiser()
    known = hide.known(corpus)
    texts = _texts()[themes.language]
    ranked = themes.members[themes.members["rank"] > 0].sort_values("rank", kind="stable")
    found = []
    for row in themes.table.to_dict("records"):
        if row["theme"] in {OUTLIERS, *themes.named, *themes.locked}:
            continue
        terms = [hide.text(term, known) for term in row["terms"].split(", ")[:_TERMS]]
        own = [" ".join(themes.quotes[s].split()) for s in ranked.loc[ranked["theme"] == row["theme"], "segment"]]
        quotes = [hide.text(text, known) for text in own[:_QUOTES]]
        quotes = [text for text in quotes if special or not needs_check(text)]
        lines = [texts["terms"].format(terms=", ".join(terms)), texts["quotes"], *(f"- {text}" for text in quotes)]
        found.append(Question(row["theme"], "\n".join(lines if quotes else lines[:1])))
    return found


def ask_names(questions: Sequence[Question], endpoint: Endpoint, *, language: str) -> Iterator[tuple[str, str]]:
    """Ask for a name of each theme.

    Parameters
    ----------
    questions : sequence of Question
    endpoint : Endpoint
    language : {"nl", "en"}
        Of the names.

    Yields
    ------
    tuple of (str, str)
        Theme and name, one request each.

    Raises
    ------
    EndpointError
        There is no answer in time, an error, a redirection (which is not followed), or no name in the answer.
    """
    for question in questions:
        body = {
            "model": endpoint.model, "temperature": 0, "max_tokens": _ANSWER_TOKENS, "stream": False,
            "messages": [
                {"role": "system", "content": _texts()[language]["task"]},
                {"role": "user", "content": question.text},
            ],
        }  # fmt: skip
        yield question.theme, _name_in(_post(endpoint, body), endpoint)


def propose_names(
    project: Project, themes: Themes, questions: Sequence[Question], endpoint: Endpoint
) -> dict[str, str]:
    """Ask for names and keep them with a study as proposals, with a line in its log that says what was sent where.

    Parameters
    ----------
    project : Project
    themes : Themes
        Those of the study.
    questions : sequence of Question
        From `theme_questions`.
    endpoint : Endpoint

    Returns
    -------
    dict of str to str
        Proposal by theme. No theme is renamed.

    Raises
    ------
    EndpointError
        As for `ask_names`; what was sent until then is in the log, and what was answered is kept.
    """
    proposals: dict[str, str] = {}
    try:
        for theme, name in ask_names(questions, endpoint, language=themes.language):
            proposals |= {theme: name}
    finally:
        _keep(project, proposals, questions[: len(proposals) + 1], endpoint)
    return proposals


def proposed_names(project: Project) -> dict[str, str]:
    """Names that a language model proposed, by theme.

    Parameters
    ----------
    project : Project

    Returns
    -------
    dict of str to str
    """
    return dict((project.settings.get(SETTING) or {}).get("names", {}))


def _keep(project: Project, proposals: dict[str, str], asked: Sequence[Question], endpoint: Endpoint) -> None:
    """Keep proposals with what was sent for them: every time has its line in the log."""
    kept = project.settings.get(SETTING) or {}
    sent = {
        "host": endpoint.host, "model": endpoint.model, "themes": len(asked),
        "characters": sum(len(question.text) for question in asked),
    }  # fmt: skip
    value = {"names": {**kept.get("names", {}), **proposals}, "sent": [*kept.get("sent", []), sent]}
    with project.change(SETTING) as writer:
        if kept:
            writer.update("settings", {SETTING: {"value": value}})
        else:
            writer.insert("settings", [{"id": SETTING, "value": value}])
        writer.summary = (
            f"Asked {endpoint.model} at {endpoint.host} for names of {counted(len(asked), 'theme')}: "
            f"{sent['characters']} characters of pseudonymised terms and quotes were sent; "
            f"{counted(len(proposals), 'name')} came back"
        )


class _NoRedirection(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        """Text goes to the host that was named and to no other."""


def _post(endpoint: Endpoint, body: dict[str, Any]) -> Any:
    handlers: list[urllib.request.BaseHandler] = [_NoRedirection()]
    if endpoint.is_local:
        handlers.append(urllib.request.ProxyHandler({}))
    headers = {"Content-Type": "application/json"} | (
        {"Authorization": f"Bearer {endpoint.key}"} if endpoint.key else {}
    )
    request = urllib.request.Request(endpoint.address, json.dumps(body).encode(), headers)
    try:
        with urllib.request.build_opener(*handlers).open(request, timeout=endpoint.timeout) as answer:
            return json.loads(answer.read(_MOST_ANSWERED))
    except HTTPError as error:
        error.close()
        advice = {401: f"Set {KEY_VARIABLE}", 403: f"Set {KEY_VARIABLE}", 404: "Look at the address and the model"}
        msg = f"{endpoint.host} answered {error.code} {error.reason}. {advice.get(error.code, 'Try again later')}."
        raise EndpointError(msg) from None
    except TimeoutError:
        raise EndpointError(_late(endpoint)) from None
    except URLError as error:
        if isinstance(error.reason, TimeoutError):
            raise EndpointError(_late(endpoint)) from None
        msg = f"{endpoint.host} cannot be reached ({error.reason}). Look whether it runs, and at the address."
        raise EndpointError(msg) from None
    except (OSError, HTTPException, ValueError) as error:
        msg = f"{endpoint.host} gave no answer that can be read. Look whether it speaks the protocol of OpenAI."
        raise EndpointError(msg) from error


def _late(endpoint: Endpoint) -> str:
    return f"{endpoint.host} gave no answer in {endpoint.timeout:g} seconds. Give it more time, or a smaller model."


def _name_in(answer: Any, endpoint: Endpoint) -> str:
    """First line of what a model answered, without its thoughts, marks and quotation marks."""
    try:
        said = str(answer["choices"][0]["message"]["content"] or "")
    except (KeyError, IndexError, TypeError):
        said = ""
    said = re.sub(r"<think>.*?(</think>|$)", "", said, flags=re.DOTALL)
    lines = ["".join(c for c in line if c.isprintable()).strip(" \"'“”‘’„*#-.`") for line in said.splitlines()]
    name = next((line for line in lines if line), "")
    if not name or len(name) > _LONGEST_NAME:
        msg = f"{endpoint.model} at {endpoint.host} gave no name in its answer. Try another model."
        raise EndpointError(msg)
    return name


@cache
def _texts() -> dict[str, dict[str, str]]:
    return dict(yaml.safe_load(data_path("themes", "asking.yaml").read_text(encoding="utf-8")))
