"""Which reader reads which suffix: one list of our own, and the entry points ``cxtext.readers`` of others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias

from cxtext.errors import CxtextError
from cxtext.ingest.items import Item
from cxtext.ingest.options import ReadOptions

#: reads one file: documents and notices come out, `ReadError` refuses the file
ReadFunction: TypeAlias = Callable[[Path, ReadOptions], Iterator[Item]]

ENTRY_POINTS = "cxtext.readers"

#: the readers that come with cxtext
BUILT_IN = (
    "cxtext.ingest.readers.plain:read_plain",
    "cxtext.ingest.readers.word:read_word",
    "cxtext.ingest.readers.captioned:read_captions",
    "cxtext.ingest.readers.delimited:read_delimited",
    "cxtext.ingest.readers.excel:read_excel",
    "cxtext.ingest.readers.json_lines:read_json_lines",
    "cxtext.ingest.readers.open_document:read_open_document",
    "cxtext.ingest.readers.pdf:read_pdf",
    "cxtext.ingest.readers.rich_text:read_rich_text",
    "cxtext.ingest.readers.spoken_json:read_json",
    "cxtext.ingest.readers.spss:read_spss",
)


@dataclass(frozen=True)
class Reader:
    """A function that reads files with certain suffixes.

    Attributes
    ----------
    name : str
    suffixes : tuple of str
        In lower case, with the dot.
    read : callable
        Takes a path and `ReadOptions`; yields documents and notices.
    """

    name: str
    suffixes: tuple[str, ...]
    read: ReadFunction

    def __call__(self, path: Path, options: ReadOptions) -> Iterator[Item]:
        """Read one file."""
        return self.read(path, options)


def reader(*suffixes: str) -> Callable[[ReadFunction], Reader]:
    """Make a reader of a function.

    Parameters
    ----------
    *suffixes : str
        What the names of its files end with, such as ``".vtt"``.

    Returns
    -------
    callable
        Decorator.

    Examples
    --------
    >>> @reader(".note")
    ... def read_note(path, options):
    ...     yield from ()
    >>> read_note.suffixes
    ('.note',)
    """

    def decorate(read: ReadFunction) -> Reader:
        return Reader(read.__name__, tuple(suffix.lower() for suffix in suffixes), read)

    return decorate


@cache
def load_readers() -> MappingProxyType[str, Reader]:
    """All readers, by suffix.

    Returns
    -------
    mapping of str to Reader

    Raises
    ------
    CxtextError
        An installed plug-in cannot be loaded, is no reader, or wants a suffix that is taken.
    """
    readers: dict[str, Reader] = {}
    for place in BUILT_IN:
        module, _, name = place.partition(":")
        found: Reader = getattr(import_module(module), name)
        readers.update(dict.fromkeys(found.suffixes, found))
    for entry in entry_points(group=ENTRY_POINTS):
        plugin = _load(entry.value, entry.load)
        for suffix in plugin.suffixes:
            if suffix in readers:
                msg = (
                    f"The reader {entry.value} wants {suffix}, which {readers[suffix].name} reads already. "
                    "Uninstall one of the two."
                )
                raise CxtextError(msg)
            readers[suffix] = plugin
    return MappingProxyType(readers)


def _load(place: str, load: Callable[[], object]) -> Reader:
    try:
        plugin = load()
    except Exception as error:
        msg = f"The reader {place} cannot be loaded ({error!r}). Update or uninstall its package."
        raise CxtextError(msg) from error
    if not isinstance(plugin, Reader):
        msg = f'The reader {place} is a {type(plugin).__name__}. Decorate it with cxtext.ingest.reader(".suffix").'
        raise CxtextError(msg)
    return plugin
