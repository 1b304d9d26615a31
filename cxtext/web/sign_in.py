"""The page on which a team signs in and out: a plain form, which needs no script."""

from __future__ import annotations

import secrets
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from cxtext.web.guard import HEADERS
from cxtext.web.static_files import static_files
from cxtext.web.telling import language_of

if TYPE_CHECKING:
    from jinja2 import Template
    from starlette.requests import Request

    from cxtext.web.team import TeamDoor

#: paths of the forms, and most bytes that they take
SIGN_IN, SIGN_OUT, FORM_LIMIT = "/sign-in", "/sign-out", 10_000
#: files that the page needs
OPEN_FILES = ("/static/base.css", "/static/sign_in.css", "/static/icon.svg")
#: a form may be sent here, with its Origin, which a browser keeps to itself under no-referrer
_HEADERS = {
    "Content-Security-Policy": HEADERS["Content-Security-Policy"].replace("form-action 'none'", "form-action 'self'"),
    "Referrer-Policy": "same-origin",
}


def routes(door: TeamDoor) -> list[Route]:
    """Routes to sign in and out.

    Parameters
    ----------
    door : TeamDoor

    Returns
    -------
    list of starlette.routing.Route
    """

    async def show(request: Request) -> Response:
        return _page(door, request)

    async def enter(request: Request) -> Response:
        given = await _form(request)
        if not door.is_own_form(request.headers.get("cookie", ""), given.get("form", "")):
            return _page(door, request, "sign_in_stale", status=403)
        name, address = given.get("name", ""), door.address_of(request)
        project = request.app.state.project
        secret, seconds = await door.sign_in(project, name, given.get("password", ""), address)
        if not secret:
            if seconds:
                return _page(door, request, "sign_in_wait", name=name, status=429, minutes=-(-seconds // 60))
            return _page(door, request, "sign_in_wrong", name=name, status=403)
        door.leave(request.headers.get("cookie", ""))
        answer = RedirectResponse("/", 303)
        answer.set_cookie(
            door.cookie, secret, max_age=door.lasts, secure=True, httponly=True, samesite="strict", path="/"
        )
        return answer

    async def leave(request: Request) -> Response:
        given = await _form(request)
        if not door.is_own_form(request.headers.get("cookie", ""), given.get("form", "")):
            return _page(door, request, "sign_in_stale", status=403)
        door.leave(request.headers.get("cookie", ""))
        answer = RedirectResponse(SIGN_IN, 303)
        answer.delete_cookie(door.cookie, secure=True, httponly=True, samesite="strict", path="/")
        return answer

    return [
        Route(SIGN_IN, show, methods=["GET"]),
        Route(SIGN_IN, enter, methods=["POST"]),
        Route(SIGN_OUT, leave, methods=["POST"]),
    ]


def _page(
    door: TeamDoor, request: Request, trouble: str = "", *, name: str = "", status: int = 200, minutes: int = 0
) -> Response:
    """The form, with what went wrong; who is signed in can sign out."""
    secret = secrets.token_urlsafe(24)
    language, texts = _texts(request.headers.get("accept-language", ""))
    said = texts.get(trouble, "")
    if isinstance(said, dict):
        said = said["one" if minutes == 1 else "many"].replace("{n}", str(minutes))
    visitor = request.state.project
    page = _template().render(
        texts=texts, language=language, form=door.form_token(secret), name=name[:100], trouble=said,
        visitor=visitor.coder if visitor else "",
    )  # fmt: skip
    answer = HTMLResponse(page, status, headers=_HEADERS)
    answer.set_cookie(door.form_cookie, secret, secure=True, httponly=True, samesite="strict", path="/")
    return answer


async def _form(request: Request) -> dict[str, str]:
    """Values of a form; empty where it is none."""
    body = await request.body()
    try:
        fields = parse_qs(body.decode(), max_num_fields=10, errors="strict")
    except ValueError:
        return {}
    return {key: values[0] for key, values in fields.items()}


def _texts(accepted: str) -> tuple[str, dict[str, Any]]:
    """Language that a browser asks for first, Dutch where it asks for neither, and its texts."""
    import json

    language = language_of(accepted, "nl")
    return language, json.loads(static_files()[f"texts.{language}.json"][1])


@cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    text = (Path(__file__).parent / "sign_in.html").read_text(encoding="utf-8")
    return Environment(autoescape=True, undefined=StrictUndefined).from_string(text)
