"""A team: accounts with passwords and roles, sessions that end, and patience with who mistypes."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import math
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from cxtext.errors import OptionError
from cxtext.project.accounts import Account, find_account, is_password, normal
from cxtext.web.guard import ENTER, cookie_of
from cxtext.web.sign_in import FORM_LIMIT, OPEN_FILES, SIGN_IN, SIGN_OUT, routes
from cxtext.web.telling import told

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.routing import Route

    from cxtext.project import Project

#: seconds that a session lasts: a working day
SESSION = 12 * 3600
#: failed attempts in so many seconds, after which an account, or an address, has to wait
WINDOW, OF_ACCOUNT, OF_ADDRESS = 15 * 60, 5, 20
#: most accounts and addresses that are kept in mind, and most characters of each
_MOST_KEYS, _LONGEST = 10_000, 200
_UNKNOWN = "You are not signed in (any more). Load the page again to sign in."


class Attempts:
    """Counts failed attempts to sign in, and says how long to wait.

    Parameters
    ----------
    clock : callable
        Seconds.

    Examples
    --------
    >>> attempts = Attempts(clock=lambda: 0.0)
    >>> [attempts.wait("Noor", "10.0.0.7") for _ in range(OF_ACCOUNT + 1)]
    [0, 0, 0, 0, 0, 900]
    """

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failed: dict[tuple[str, str], list[float]] = {}

    def wait(self, name: str, address: str) -> int:
        """Seconds to wait; where there is nothing to wait for, this counts as failed until `forgive` is called."""
        now = self._clock()
        self._forget(now)
        counted = (
            (self._failed.setdefault(("account", name.casefold()), []), OF_ACCOUNT),
            (self._failed.setdefault(("address", address), []), OF_ADDRESS),
        )
        if held := [times[-limit] for times, limit in counted if len(times) >= limit]:
            return max(1, math.ceil(max(held) + WINDOW - now))
        for times, _ in counted:
            times.append(now)
        return 0

    def forgive(self, name: str, address: str) -> None:
        """Forget the failed attempts of an account, and this attempt of an address: it was no failure."""
        self._failed.pop(("account", name.casefold()), None)
        if times := self._failed.get(("address", address)):
            times.pop()

    def _forget(self, now: float) -> None:
        recent = {key: [at for at in times if at > now - WINDOW] for key, times in self._failed.items()}
        self._failed = dict([(key, times) for key, times in recent.items() if times][-_MOST_KEYS:])


@dataclass(frozen=True)
class _Session:
    name: str
    password: str
    until: float


class TeamDoor:
    """Lets in who has an account in the study.

    Parameters
    ----------
    url : str
        The address in the browsers of the team: ``https://host`` or ``https://host:port``.
    proxied : bool
        A reverse proxy stands before the page: the address of who asks is the last of ``X-Forwarded-For``.

    Raises
    ------
    OptionError
        The address is none.

    Examples
    --------
    >>> sorted(TeamDoor("https://Study.Example.org").names)
    ['study.example.org', 'study.example.org:443']
    """

    def __init__(self, url: str, *, proxied: bool = False, clock: Callable[[], float] = time.monotonic) -> None:
        host, port = _host_and_port(url)
        self.url = f"https://{host}" + (f":{port}" if port != 443 else "")
        self.names = frozenset({f"{host}:{port}"} | ({host} if port == 443 else set()))
        self.origins = frozenset({self.url})
        self.proxied = proxied
        self.limits: Mapping[str, int] = {SIGN_IN: FORM_LIMIT, SIGN_OUT: FORM_LIMIT}
        self.lasts = SESSION
        self.attempts = Attempts(clock=clock)
        self.routes: Sequence[Route] = routes(self)
        # __Host-: a browser takes it over https alone, and from no other name of the same domain
        self.cookie, self.form_cookie = f"__Host-cxtext-{port}", f"__Host-cxtext-form-{port}"
        self._clock = clock
        self._key = secrets.token_bytes(32)
        self._sessions: dict[str, _Session] = {}
        self._hashing = asyncio.Semaphore(2)  # each takes 64 MiB

    def is_open(self, method: str, path: str, query: bytes) -> bool:
        """The page to sign in, with its files, and the way to it."""
        return path == SIGN_IN or (method == "GET" and path in ("/", *OPEN_FILES))

    async def visitor(self, project: Project, cookies: str) -> Project | None:
        """The study for whose session this is: ended by time, by another password and with the account."""
        session = self._session(cookies)
        if session is None:
            return None
        account = await run_in_threadpool(find_account, project, session.name)
        if account is None or account.password != session.password:
            self.leave(cookies)
            return None
        return project.as_coder(account.name, account.role)

    def unknown(self, language: str) -> Response:
        """Tell to sign in."""
        return PlainTextResponse(told(_UNKNOWN, language), 401)

    def arrive(self, request: Request) -> Response | None:
        """Send who is not known to the page to sign in."""
        if request.state.project is not None:
            return None
        if request.headers.get("sec-fetch-site") in ("cross-site", "same-site"):
            return HTMLResponse(ENTER)  # the cookie did not come along from the other page
        return RedirectResponse(SIGN_IN, 303)

    async def sign_in(self, project: Project, name: str, password: str, address: str) -> tuple[str, int]:
        """Begin a session.

        Parameters
        ----------
        project : Project
        name, password : str
            As they were typed.
        address : str
            Of who asks.

        Returns
        -------
        str
            Secret of the session; empty where the name or the password is wrong.
        int
            Seconds to wait where it was wrong too often, else 0.
        """
        name = normal(name).strip()[:_LONGEST]
        if seconds := self.attempts.wait(name, address):
            return "", seconds
        async with self._hashing:
            account, right = await run_in_threadpool(_known, project, name, password)
        if not (account and right):
            return "", 0
        self.attempts.forgive(name, address)
        now = self._clock()
        self._sessions = {key: session for key, session in self._sessions.items() if session.until > now}
        secret = secrets.token_urlsafe(32)
        self._sessions[_digest(secret)] = _Session(account.name, account.password, now + SESSION)
        return secret, 0

    def leave(self, cookies: str) -> None:
        """End a session."""
        self._sessions.pop(_digest(cookie_of(cookies, self.cookie)), None)

    def form_token(self, secret: str) -> str:
        """What a form has to hold, for the browser with this secret in its cookie for forms."""
        return hmac.new(self._key, secret.encode(), hashlib.sha256).hexdigest()

    def is_own_form(self, cookies: str, token: str) -> bool:
        """Whether a form was made for this browser."""
        secret = cookie_of(cookies, self.form_cookie)
        return bool(secret) and hmac.compare_digest(self.form_token(secret).encode(), token.encode())

    def address_of(self, request: Request) -> str:
        """Address of who asks."""
        forwarded = request.headers.getlist("x-forwarded-for") if self.proxied else []
        if last := ",".join(forwarded).rpartition(",")[2].strip():
            return last[:_LONGEST]
        return request.client.host if request.client else ""

    def _session(self, cookies: str) -> _Session | None:
        session = self._sessions.get(_digest(cookie_of(cookies, self.cookie)))
        return session if session and session.until > self._clock() else None


def _known(project: Project, name: str, password: str) -> tuple[Account | None, bool]:
    account = find_account(project, name) if name.isprintable() else None
    return account, is_password(account, password)


def _digest(secret: str) -> str:
    """A session is found by this, so that the time that it takes tells nothing about secrets."""
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()


def _host_and_port(url: str) -> tuple[str, int]:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or 443
    except ValueError:
        parts, host, port = None, "", 0
    if not parts or parts.scheme != "https" or not host or parts.path.strip("/") or parts.query or parts.username:
        msg = (
            f"{url!r} is no address that a team can open. Write https:// and a name, such as https://study.example.org."
        )
        raise OptionError(msg)
    return (f"[{host}]" if ":" in host else host), port
