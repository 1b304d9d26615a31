"""Names of a package that are imported when they are first asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def lazily(package: str, places: Mapping[str, str]) -> Callable[[str], Any]:
    """Make the ``__getattr__`` of a package.

    Parameters
    ----------
    package : str
        Its name, for the message about a name that it does not have.
    places : mapping of str to str
        The module of each name.

    Returns
    -------
    callable
        Raises AttributeError for any other name.

    Examples
    --------
    >>> lazily("shapes", {"pi": "math"})("pi")
    3.141592653589793
    """

    def get(name: str) -> Any:
        if name in places:
            return getattr(import_module(places[name]), name)
        msg = f"module {package!r} has no attribute {name!r}"
        raise AttributeError(msg)

    return get
