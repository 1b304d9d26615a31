"""Who may come in: the page answers its own browser tabs, and nobody else."""

from __future__ import annotations

import secrets
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING, Protocol

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from cxtext.errors import CxtextError
from cxtext.web.telling import language_of, told

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.requests import Request
    from starlette.routing import Route
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from cxtext.project import Project

#: most that a request may hold, in bytes
BODY_LIMIT = 1_000_000
#: what every answer says: nothing from elsewhere, no script or style in the page itself, no frame around it
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
#: sends a browser on by its own hand: a cookie of this site does not go along where another page sent it here
ENTER = '<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0;url=/"><title>cxtext</title>'
_USED = "This link was used already. Start cxtext code again for a new one."
_LINK = "Open the page with the link that cxtext code printed; each link works once."


class Keeper(Protocol):
    """Knows under which names the page is served, and who is who."""

    #: names that the page can be asked for by: another name that points here (DNS rebinding) is refused
    names: frozenset[str]
    #: origins of its own changes
    origins: frozenset[str]
    #: paths with another limit than `BODY_LIMIT`
    limits: Mapping[str, int]
    #: paths of its own
    routes: Sequence[Route]

    def is_open(self, method: str, path: str, query: bytes) -> bool:
        """Whether something may be asked by whoever is not known."""

    async def visitor(self, project: Project, cookies: str) -> Project | None:
        """The study as somebody works with it, by a Cookie header; None where it is nobody who is known."""

    def unknown(self, language: str) -> Response:
        """What who is not known gets."""

    def arrive(self, request: Request) -> Response | None:
        """What comes in the place of the page; None where the page can come."""


class Door:
    """Lets in, on one's own machine, each browser that has a link.

    Parameters
    ----------
    host : str
        The address that the page is served at, such as ``127.0.0.1``.
    port : int

    Examples
    --------
    >>> door = Door("127.0.0.1", 8790)
    >>> door.link().startswith("http://127.0.0.1:8790/?token=")
    True
    """

    def __init__(self, host: str, port: int) -> None:
        self.host = host
        self.port = port
        self.names = frozenset(f"{name}:{port}" for name in (host, "localhost"))
        self.origins = frozenset(f"http://{name}" for name in self.names)
        self.limits: Mapping[str, int] = {}
        self.routes: Sequence[Route] = ()
        #: cookies are shared by all ports of a machine
        self.cookie = f"cxtext-{port}"
        self._tokens: set[str] = set()
        self._browsers: set[str] = set()

    def link(self) -> str:
        """Make an address that lets one browser in, once."""
        token = secrets.token_urlsafe(24)
        self._tokens.add(token)
        return f"http://{self.host}:{self.port}/?token={token}"

    def enter(self, token: str) -> str:
        """Turn a token into the secret of a browser; empty where the token is none, or was used."""
        if token not in self._tokens:
            return ""
        self._tokens.remove(token)
        secret = secrets.token_urlsafe(32)
        self._browsers.add(secret)
        return secret

    def knows(self, cookies: str) -> bool:
        """Whether a Cookie header has the secret of a browser that came in."""
        return cookie_of(cookies, self.cookie) in self._browsers

    def is_open(self, method: str, path: str, query: bytes) -> bool:
        """Whether this is a browser with a link."""
        return method == "GET" and path == "/" and query.startswith(b"token=")

    async def visitor(self, project: Project, cookies: str) -> Project | None:
        """The study, for a browser that came in."""
        return project if self.knows(cookies) else None

    def unknown(self, language: str) -> Response:
        """Tell how to come in."""
        return PlainTextResponse(told(_LINK, language), 403)

    def arrive(self, request: Request) -> Response | None:
        """Let a browser in by the token of a link."""
        token = request.query_params.get("token")
        if token is None:
            return None
        secret = self.enter(token)
        if not secret:
            if self.knows(request.headers.get("cookie", "")):
                return RedirectResponse("/", 303)
            language = language_of(request.headers.get("accept-language", ""))
            return PlainTextResponse(told(_USED, language), 403)
        answer = HTMLResponse(ENTER)
        answer.set_cookie(self.cookie, secret, httponly=True, samesite="strict", path="/")
        return answer


def cookie_of(cookies: str, name: str) -> str:
    """Value of a cookie in a Cookie header; empty where it is not there."""
    try:
        morsel = SimpleCookie(cookies).get(name)
    except CookieError:
        return ""
    return morsel.value if morsel else ""


class Guard:
    """Middleware that refuses what is not for this page or from whom is not known, and puts `HEADERS` on every answer.

    Parameters
    ----------
    app : ASGIApp
        Gets the study for who asks as ``request.state.project``; None only where the keeper says that it is open.
    keeper : Keeper
    project : Project
    """

    def __init__(self, app: ASGIApp, keeper: Keeper, project: Project) -> None:
        self.app = app
        self.keeper = keeper
        self.project = project

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await (await self._refusal(scope) or self.app)(scope, receive, send_guarded)

    async def _refusal(self, scope: Scope) -> Response | None:
        """What a request gets that is refused; None where it is not."""
        keeper, method, path, headers = self.keeper, scope["method"], scope["path"], Headers(scope=scope)
        if headers.get("host", "").lower() not in keeper.names:
            return PlainTextResponse("This page is only served under its own name.", 421)
        language = language_of(headers.get("accept-language", ""))
        open_ = keeper.is_open(method, path, scope["query_string"])
        origin = headers.get("origin")
        site = headers.get("sec-fetch-site", "none")
        if (origin is not None and origin not in keeper.origins) or not (
            site in ("none", "same-origin") or (open_ and method == "GET")
        ):
            return PlainTextResponse("Another page cannot ask this one for anything.", 403)
        try:
            visitor = await keeper.visitor(self.project, headers.get("cookie", ""))
        except CxtextError as error:
            return PlainTextResponse(told(str(error), language), 503)
        if visitor is None and not open_:
            return keeper.unknown(language)
        scope.setdefault("state", {})["project"] = visitor
        limit = keeper.limits.get(path, BODY_LIMIT)
        return None if method in ("GET", "HEAD") else _unfit(method, headers, limit, language)


def _unfit(method: str, headers: Headers, limit: int, language: str) -> Response | None:
    if method != "POST":
        return PlainTextResponse("Only GET and POST are answered.", 405)
    if headers.get("origin") is None:
        return PlainTextResponse("A change needs the Origin of the page.", 403)
    length = headers.get("content-length", "")
    if not (length.isascii() and length.isdigit()):
        return PlainTextResponse("A change says how long it is.", 411)
    if len(length) > len(str(limit)) or int(length) > limit:
        return PlainTextResponse(told(f"A change can have {limit} bytes at most.", language), 413)
    return None
