"""Which formats a study goes to and comes from: one list of our own, and the entry points of others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeVar

from cxtext.errors import CxtextError, OptionError, ReadError

if TYPE_CHECKING:
    from cxtext.exchange.refi.report import ExchangeReport
    from cxtext.project import Project

#: groups of entry points
EXPORTERS, IMPORTERS = "cxtext.exporters", "cxtext.importers"

#: the formats that come with cxtext; of two with one suffix the first is taken where none is named
_OUT = (
    "cxtext.exchange.projects:export_project",
    "cxtext.exchange.projects:export_codebook",
    "cxtext.exchange.codings_files:export_workbook",
    "cxtext.exchange.codings_tables:export_csv",
    "cxtext.exchange.codings_tables:export_json_lines",
    "cxtext.exchange.spacy_docs:export_docs",
    "cxtext.exchange.label_studio:export_tasks",
    "cxtext.exchange.prodigy:export_examples",
)
_IN = (
    "cxtext.exchange.projects:import_project",
    "cxtext.exchange.projects:import_codebook",
    "cxtext.exchange.codings_files:import_workbook",
    "cxtext.exchange.codings_tables:import_csv",
    "cxtext.exchange.codings_tables:import_json_lines",
    "cxtext.exchange.label_studio:import_tasks",
)


@dataclass(frozen=True, kw_only=True)
class ExportOptions:
    """What of a study goes out.

    Attributes
    ----------
    coders : tuple of str
        Whose codings and notes; everybody's where it is empty.
    suggested : bool
        Suggestions about which nobody decided go out too. Tables of codings, which have a column for it, hold the
        codings of every status in any case.
    """

    coders: tuple[str, ...] = ()
    suggested: bool = False


@dataclass(frozen=True, kw_only=True)
class ImportOptions:
    """How a file comes into a study.

    Attributes
    ----------
    theirs : {"excel", "study"} or None
        Which one holds where a coding was changed in both; None leaves it as it is in the study and reports it.
    remove : bool
        Codings whose rows were taken out of a workbook are removed from the study.
    """

    theirs: Literal["excel", "study"] | None = None
    remove: bool = False


ExportFunction: TypeAlias = "Callable[[Project, Path, ExportOptions], ExchangeReport]"
ImportFunction: TypeAlias = "Callable[[Project, Path, ImportOptions], ExchangeReport]"


@dataclass(frozen=True)
class Exporter:
    """A function that writes (a part of) a study.

    Attributes
    ----------
    name, suffix : str
        The suffix in lower case, with the dot.
    write : callable
        Takes a study, a path and `ExportOptions`, and changes nothing in the study; returns an `ExchangeReport`.
    """

    name: str
    suffix: str
    write: ExportFunction


@dataclass(frozen=True)
class Importer:
    """A function that takes a file into a study.

    Attributes
    ----------
    name, suffix : str
        The suffix in lower case, with the dot.
    read : callable
        Takes a study, a path and `ImportOptions`; what it does is one change in the log. Returns an `ExchangeReport`.
    """

    name: str
    suffix: str
    read: ImportFunction


def exporter(name: str, suffix: str) -> Callable[[ExportFunction], Exporter]:
    """Make an exporter of a function.

    Examples
    --------
    >>> @exporter("counts", ".count")
    ... def export_counts(project, path, options):
    ...     ...
    >>> export_counts.name, export_counts.suffix
    ('counts', '.count')
    """
    return lambda write: Exporter(name, suffix.lower(), write)


def importer(name: str, suffix: str) -> Callable[[ImportFunction], Importer]:
    """Make an importer of a function.

    Examples
    --------
    >>> @importer("counts", ".count")
    ... def import_counts(project, path, options):
    ...     ...
    >>> import_counts.name
    'counts'
    """
    return lambda read: Importer(name, suffix.lower(), read)


@cache
def load_exporters() -> tuple[Exporter, ...]:
    """All exporters, ours first.

    Raises
    ------
    CxtextError
        An installed plug-in cannot be loaded, is no exporter, or has a name that is taken.
    """
    return _load(_OUT, EXPORTERS, Exporter)


@cache
def load_importers() -> tuple[Importer, ...]:
    """All importers, ours first.

    Raises
    ------
    CxtextError
        An installed plug-in cannot be loaded, is no importer, or has a name that is taken.
    """
    return _load(_IN, IMPORTERS, Importer)


def export_study(
    project: Project, path: str | Path, *, format: str | None = None, options: ExportOptions | None = None
) -> ExchangeReport:
    """Write a study, or a part of it, in the format of another program.

    Parameters
    ----------
    project : Project
    path : str or pathlib.Path
    format : str, optional
        Name of the format; found by the suffix where it is left out.
    options : ExportOptions, optional

    Returns
    -------
    ExchangeReport

    Raises
    ------
    OptionError
        There is no such format, or no such coder.
    WriteError
        The file cannot be written, or cannot hold the study.
    """
    path, options = Path(path), options or ExportOptions()
    found = _choose(load_exporters(), path, format)
    if unknown := [name for name in options.coders if name not in project.coders]:
        msg = f"Nobody called {unknown[0]!r} codes in this study. There are: {', '.join(project.coders)}."
        raise OptionError(msg)
    return found.write(project, path, options)


def import_file(
    project: Project, path: str | Path, *, format: str | None = None, options: ImportOptions | None = None
) -> ExchangeReport:
    """Take a file of another program into a study.

    Parameters
    ----------
    project : Project
    path : str or pathlib.Path
    format : str, optional
        Name of the format; found by the suffix where it is left out.
    options : ImportOptions, optional

    Returns
    -------
    ExchangeReport

    Raises
    ------
    OptionError
        There is no such format.
    ReadError
        The file cannot be read.
    """
    path = Path(path)
    found = _choose(load_importers(), path, format)
    try:
        return found.read(project, path, options or ImportOptions())
    except OSError as error:
        advice = "Check the name, and that you may read the file."
        raise ReadError(str(path), f"it cannot be read ({error.strerror or error})", advice) from error


_Plugin = TypeVar("_Plugin", Exporter, Importer)


def _choose(plugins: Iterable[_Plugin], path: Path, format: str | None) -> _Plugin:
    plugins, suffix = list(plugins), path.suffix.lower()
    for plugin in plugins:
        if plugin.name == format if format else plugin.suffix == suffix:
            return plugin
    told = ", ".join(f"{plugin.name} ({plugin.suffix})" for plugin in plugins)
    what = f"There is no format {format!r}" if format else f"{path}: no format has the suffix {suffix!r}"
    msg = f"{what}. There are: {told}."
    raise OptionError(msg)


def _load(places: Iterable[str], group: str, kind: type[_Plugin]) -> tuple[_Plugin, ...]:
    found: dict[str, _Plugin] = {}
    for place in places:
        module, _, name = place.partition(":")
        plugin: Any = getattr(import_module(module), name)
        found[plugin.name] = plugin
    for entry in entry_points(group=group):
        plugin = _loaded(entry.value, entry.load, kind, found)
        found[plugin.name] = plugin
    return tuple(found.values())


def _loaded(place: str, load: Callable[[], Any], kind: type[_Plugin], found: Mapping[str, _Plugin]) -> _Plugin:
    try:
        plugin = load()
    except Exception as error:
        msg = f"The format {place} cannot be loaded ({error!r}). Update or uninstall its package."
        raise CxtextError(msg) from error
    if not isinstance(plugin, kind):
        decorator = f"cxtext.exchange.{kind.__name__.lower()}"
        msg = f"The format {place} is a {type(plugin).__name__}. Decorate it with {decorator}."
        raise CxtextError(msg)
    if plugin.name in found:
        msg = f"The format {place} has the name {plugin.name!r}, which is taken. Uninstall it."
        raise CxtextError(msg)
    return plugin
