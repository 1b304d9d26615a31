"""What is asked and answered: JSON in, JSON out, with every mistake in one sentence."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from cxtext.errors import CxtextError, OptionError
from cxtext.project import Project
from cxtext.web.telling import language_of, told

T = TypeVar("T")
#: answers a question about a study, or makes a change in it; outside the event loop
Handler = Callable[[Project, "Given"], Mapping[str, Any]]
#: gives name, media type and content of a file, and what it has no place for
FileHandler = Callable[[Project, "Given"], tuple[str, str, bytes, list[str]]]
Endpoint = Callable[[Request], Awaitable[Response]]

#: most sentences about what a file has no place for that are told
MOST_LOST = 12

_WORDS: dict[type, str] = {
    str: "a text",
    int: "a whole number",
    list: "a list",
    dict: "a mapping",
    bool: "true or false",
}


class ConflictError(CxtextError):
    """Somebody else changed the same thing meanwhile."""


class ForbiddenError(CxtextError):
    """Somebody may not do this."""


_STATUS: dict[type[CxtextError], int] = {ConflictError: 409, ForbiddenError: 403}


class Given:
    """The values that came with a request, taken out one by one with their type.

    Parameters
    ----------
    values : Mapping[str, Any]
    language : {"nl", "en"}
        Of who asks.

    Examples
    --------
    >>> Given({"start": 3}).get("start", int)
    3
    """

    def __init__(self, values: Mapping[str, Any], language: str = "en") -> None:
        self.values = values
        self.language = language

    def get(self, name: str, kind: type[T], default: T | None = None) -> T:
        """Value of a name.

        Raises
        ------
        OptionError
            It is not there and there is no default, or it is of another type.
        """
        value = self.values.get(name, default)
        if kind is int and isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 12:
            value = int(value)
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            msg = f"{name} is {_WORDS[kind]}, not {value!r:.60}."
            raise OptionError(msg)
        return value

    def texts(self, name: str) -> list[str]:
        """List of texts; empty where it is not there."""
        return [Given({name: value}).get(name, str) for value in self.get(name, list, [])]

    def items(self, name: str) -> list[Given]:
        """List of mappings; empty where it is not there."""
        return [Given(Given({name: value}).get(name, dict)) for value in self.get(name, list, [])]


def reading(handler: Handler) -> Endpoint:
    """Endpoint that answers a GET with what a handler makes of its query."""

    async def endpoint(request: Request) -> Response:
        return await _answer(handler, request, dict(request.query_params))

    return endpoint


def writing(handler: Handler, check: Callable[[Project], None]) -> Endpoint:
    """Endpoint that answers a POST with what a handler makes of its JSON, where a check of who asks lets it."""

    def checked(project: Project, given: Given) -> Mapping[str, Any]:
        check(project)
        return handler(project, given)

    async def endpoint(request: Request) -> Response:
        if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
            return _json({"error": "A change comes as application/json."}, 415)
        try:
            given = json.loads(await request.body())
        except (ValueError, RecursionError):
            given = None
        if not isinstance(given, dict):
            return _json({"error": "A change comes as a JSON object."}, 400)
        return await _answer(checked, request, given)

    return endpoint


def filing(handler: FileHandler) -> Endpoint:
    """Endpoint that answers a GET with a file to keep; what that has no place for stands in a header."""

    async def endpoint(request: Request) -> Response:
        project: Project = request.state.project
        return await run_in_threadpool(_file, handler, project, Given(dict(request.query_params), _language(request)))

    return endpoint


def _file(handler: FileHandler, project: Project, given: Given) -> Response:
    try:
        name, kind, content, lost = handler(project, given)
    except CxtextError as error:
        return _json({"error": told(str(error), given.language)}, 400)
    some = [told(one, given.language) for one in lost[:MOST_LOST]]
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Lost": json.dumps(some)}
    return Response(content, 200, media_type=kind, headers=headers)


async def _answer(handler: Handler, request: Request, given: Mapping[str, Any]) -> Response:
    """Let a handler work outside the event loop, and tell its mistakes."""
    project: Project = request.state.project
    return await run_in_threadpool(_done, handler, project, Given(given, _language(request)))


def _done(handler: Handler, project: Project, given: Given) -> Response:
    try:
        return _json(handler(project, given), 200)
    except CxtextError as error:
        status = next((status for kind, status in _STATUS.items() if isinstance(error, kind)), 400)
        conflict = {"conflict": True} if status == 409 else {}
        return _json({"error": told(str(error), given.language), **conflict}, status)


def _language(request: Request) -> str:
    return language_of(request.headers.get("accept-language", ""))


def _json(content: Mapping[str, Any], status: int) -> Response:
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return Response(text.encode("utf-8", "surrogatepass"), status, media_type="application/json")
