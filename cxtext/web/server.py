"""Serving the coding page: on this machine, or to a team."""

from __future__ import annotations

import gc
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import uvicorn

from cxtext.errors import OptionError
from cxtext.project import Project
from cxtext.web.app import make_app
from cxtext.web.guard import Door

if TYPE_CHECKING:
    from cxtext.web.guard import Keeper

#: the only address without accounts: other machines cannot reach it
HOST = "127.0.0.1"
#: ports of a team where none is named: with TLS, and behind a proxy
TLS_PORT, PROXIED_PORT = 8443, 8790
_HOW = (
    "Add --tls-cert FILE --tls-key FILE (the certificate of this machine), or --behind-proxy https://NAME where a "
    "reverse proxy with TLS stands before it. Leave --host out to work on this machine alone."
)


@dataclass(frozen=True)
class Team:
    """How the page is served to a team.

    Attributes
    ----------
    host : str
        Name or address of this machine.
    certificate, key : pathlib.Path or None
        Files in PEM for TLS.
    proxy : str
        Or the address of a reverse proxy, as browsers have it: ``https://name``.
    """

    host: str = HOST
    certificate: Path | None = None
    key: Path | None = None
    proxy: str = ""

    @property
    def port(self) -> int:
        """Where no other port is named."""
        return PROXIED_PORT if self.proxy else TLS_PORT

    def check(self, project: Project) -> None:
        """Refuse to serve what would not be safe.

        Parameters
        ----------
        project : Project

        Raises
        ------
        OptionError
            There is neither TLS nor a proxy, or both; a file of TLS cannot be used; or there are no accounts.
        MissingExtraError
            argon2-cffi is not installed.
        """
        from cxtext.project.accounts import is_password, list_accounts

        is_password(None, "")  # so that the first wrong name takes no longer than the next, and argon2 is there
        if bool(self.certificate) != bool(self.key):
            raise OptionError("TLS needs both --tls-cert FILE and --tls-key FILE.")
        if bool(self.certificate) == bool(self.proxy):
            what = "both TLS and a reverse proxy were named" if self.proxy else "passwords would go over it unprotected"
            raise OptionError(f"The page is not served on {self.host}: {what}. {_HOW}")
        if self.certificate and self.key:
            _check_tls(self.certificate, self.key)
            if self.host in ("0.0.0.0", "::"):
                raise OptionError(f"{self.host} is no address that a browser opens. Name this machine: --host NAME.")
        if not list_accounts(project):
            msg = "Nobody has an account in this study, so nobody could come in. Run: cxtext accounts add NAME STUDY"
            raise OptionError(f"{msg} --role lead")


def serve(project: Project, *, port: int = 0, team: Team | None = None, ready: Callable[[str], None]) -> None:
    """Serve the page of a study until it is interrupted.

    Parameters
    ----------
    project : Project
        Open, for the coder at work.
    port : int
        0 is any that is free, and for a team that of `Team`.
    team : Team, optional
        Serve it to the accounts of the study, and not to who sits at this machine.
    ready : callable
        Gets the link that lets one browser in, or the address for the team, when the page can be opened.

    Raises
    ------
    OptionError
        The address or the port cannot be used, or it would not be safe; see `Team.check`.
    """
    options: dict[str, Any] = {}
    if team:
        team.check(project)
        port = port or team.port
        options = {"ssl_certfile": team.certificate, "ssl_keyfile": team.key}
    with _listening(team.host if team else HOST, port) as listener:
        door, link = _door(team, listener.getsockname()[1])
        config = uvicorn.Config(
            make_app(project, door), log_level="warning", server_header=False, lifespan="off", access_log=False,
            timeout_graceful_shutdown=1, ws="none", proxy_headers=False, **options,
        )  # fmt: skip
        gc.freeze()  # what is there now stays: looking through it again and again takes longer than an answer
        gc.set_threshold(50_000, 20, 50)
        ready(link)
        with suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[listener])


def _door(team: Team | None, port: int) -> tuple[Keeper, str]:
    if team is None:
        door = Door(HOST, port)
        return door, door.link()
    from cxtext.web.team import TeamDoor

    host = f"[{team.host}]" if ":" in team.host else team.host
    teams = TeamDoor(team.proxy or f"https://{host}:{port}", proxied=bool(team.proxy))
    return teams, teams.url


def _listening(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except (OSError, OverflowError, UnicodeError) as error:
        raise OptionError(f"{host!r} is no address of this machine ({error}). Name it: --host NAME.") from error
    listener = socket.socket(family, kind, protocol)  # only a named one is served without waiting for full packets
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except (OSError, OverflowError) as error:
        listener.close()
        raise OptionError(
            f"Port {port} of {host} cannot be used ({error}). Name another port, or leave --port out."
        ) from error
    listener.listen(64)
    return listener


def _check_tls(certificate: Path, key: Path) -> None:
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key, password="")
    except (OSError, ValueError) as error:
        raise OptionError(
            f"{certificate} and {key} cannot be used for TLS ({error}). Give a certificate and its key in PEM, the key "
            "without a password."
        ) from error
