"""The files of the page."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_STATIC = Path(__file__).parent / "static"
_TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}


@cache
def static_files() -> dict[str, tuple[str, bytes]]:
    """Files of the page: type and content by name."""
    return {
        file.relative_to(_STATIC).as_posix(): (_TYPES[file.suffix], file.read_bytes())
        for file in sorted(_STATIC.rglob("*"))
        if file.suffix in _TYPES
    }
