"""The application: a few files, and questions and changes as JSON."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from cxtext.errors import CxtextError
from cxtext.web import (
    codebook_api,
    compare_api,
    exports_api,
    figures_api,
    quotes_api,
    reading,
    themes_api,
    writing,
)
from cxtext.web.answers import FileHandler, Handler, filing
from cxtext.web.answers import reading as reads
from cxtext.web.answers import writing as writes
from cxtext.web.guard import Guard
from cxtext.web.learning import Learning
from cxtext.web.roles import check_role
from cxtext.web.static_files import static_files
from cxtext.web.telling import language_of, told

if TYPE_CHECKING:
    from starlette.requests import Request

    from cxtext.project import Project
    from cxtext.web.guard import Keeper

#: questions, by name: a module for another part of the page adds its own here
READS: dict[str, Handler] = {
    "study": reading.study, "texts": reading.texts, "changes": reading.changes, "search": reading.hits,
    "memos": reading.memos,
    "compare": compare_api.comparison, "agreement": compare_api.figures, "journey": figures_api.journey,
    "quotes": quotes_api.quotes, "position": quotes_api.position,
    "crosstab": quotes_api.crosstab, "privacy": exports_api.privacy, **codebook_api.READS,
}  # fmt: skip
#: changes, by name
WRITES: dict[str, Handler] = {
    "code": writing.code, "decide": writing.decide, "change": writing.change, "remove": writing.remove,
    "new_code": writing.new_code, "memo": writing.memo, "finish": writing.finish, "undo": writing.undo,
    "redo": writing.redo, "settle": compare_api.settle, "agree": compare_api.agree, "talk": compare_api.talk,
    "blind": compare_api.blind,
    "pin": quotes_api.pin, **codebook_api.WRITES, **themes_api.WRITES,
}  # fmt: skip
#: files to keep, by name
FILES: dict[str, FileHandler] = {"export": exports_api.export}


def make_app(project: Project, door: Keeper) -> Starlette:
    """Make the application of the coding page.

    Parameters
    ----------
    project : Project
        Open, for the coder at work; whoever opened it closes it.
    door : Door or TeamDoor
        Who may come in.

    Returns
    -------
    starlette.applications.Starlette
        An ASGI application. Questions are ``GET /api/NAME``, changes ``POST /api/NAME``.
    """

    async def index(request: Request) -> Response:
        return door.arrive(request) or _file("index.html")

    async def static(request: Request) -> Response:
        return _file(request.path_params["path"])

    async def icon(request: Request) -> Response:
        return _file("icon.svg")  # browsers ask for it unasked

    learning = Learning(project)
    routes = [
        Route("/", index, methods=["GET"]),
        Route("/static/{path:path}", static, methods=["GET"]),
        Route("/favicon.ico", icon, methods=["GET"]),
        *door.routes,
        *(
            Route(f"/api/{name}", reads(handler), methods=["GET"])
            for name, handler in {**READS, **learning.reads}.items()
        ),
        *(
            Route(f"/api/{name}", writes(handler, partial(check_role, change=name)), methods=["POST"])
            for name, handler in {**WRITES, **learning.writes}.items()
        ),
        *(Route(f"/api/{name}", filing(handler), methods=["GET"]) for name, handler in FILES.items()),
    ]
    app = Starlette(
        routes=routes, middleware=[Middleware(Guard, keeper=door, project=project)],
        exception_handlers={CxtextError: _told},
    )  # fmt: skip
    app.state.project = project
    return app


def _told(request: Request, error: Exception) -> Response:
    return PlainTextResponse(told(str(error), language_of(request.headers.get("accept-language", ""))), 503)


def _file(path: str) -> Response:
    """One of the files of the page; the name of any other is unknown, whatever is in it."""
    files = static_files()
    if path not in files:
        return PlainTextResponse("There is no such file.", 404)
    kind, content = files[path]
    return Response(content, media_type=kind, headers={"Cache-Control": "no-cache"})
