"""What was worked out before: kept until the study changes, made once however many ask for it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakKeyDictionary

from cxtext.project import Project

if TYPE_CHECKING:
    from sqlalchemy import Engine

T = TypeVar("T")
_MOST = 24


class Shelf:
    """Values by what they were made of; the last few.

    Examples
    --------
    >>> shelf = Shelf()
    >>> shelf.get("sum", lambda: 1 + 1), shelf.get("sum", lambda: 3)
    (2, 2)
    """

    def __init__(self) -> None:
        self._made: OrderedDict[Hashable, Future[Any]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """Value of a key: made by the first who asks, while others wait for it; a mistake is made anew."""
        with self._lock:
            first = key not in self._made
            future: Future[T] = self._made.setdefault(key, Future())
            self._made.move_to_end(key)
            while len(self._made) > _MOST:
                self._made.popitem(last=False)
        if first:
            try:
                future.set_result(make())
            except BaseException as error:
                with self._lock:
                    self._made.pop(key, None)
                future.set_exception(error)
        return future.result()


_KEPT: WeakKeyDictionary[Engine, dict[tuple[type, str | None], Any]] = WeakKeyDictionary()
_OPENING = Lock()


def kept_for(project: Project, kind: type[T]) -> T:
    """The one of a kind for a study that is open, and all who may see the same of it.

    Parameters
    ----------
    project : Project
    kind : type
        Made where there is none yet.

    Returns
    -------
    object
        A `kind`. In a study that is coded blind, every coder has one of their own.
    """
    seen_by = project.seen_by
    with _OPENING:
        kept: dict[tuple[type, str | None], Any] = _KEPT.setdefault(project._engine, {})
        return kept.setdefault((kind, seen_by), kind())


def shelf_of(project: Project) -> Shelf:
    """The shelf of a study that is open."""
    return kept_for(project, Shelf)


def position(project: Project) -> int:
    """Number of the last entry of the log: the version of a study."""
    return project.log(last=1)[-1].number
