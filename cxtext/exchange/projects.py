"""Studies to and from REFI-QDA files: projects (``.qdpx``) and codebooks (``.qdc``)."""

from __future__ import annotations

from pathlib import Path

from cxtext.codebook import Codebook
from cxtext.exchange.chosen import main_language
from cxtext.exchange.formats import ExportOptions, ImportOptions, exporter, importer
from cxtext.exchange.qda_codes import from_qda, to_qda
from cxtext.exchange.qda_export import to_project
from cxtext.exchange.qda_import import into_study
from cxtext.exchange.refi import QdaCodebook, QdaProject, read_qdc, read_qdpx, write_qdc, write_qdpx
from cxtext.exchange.refi.report import ExchangeReport, Ledger
from cxtext.project import Project
from cxtext.project.codings import put_codebook
from cxtext.project.frames import current_codebook


@exporter("refi", ".qdpx")
def export_project(project: Project, path: Path, options: ExportOptions) -> ExchangeReport:
    """Write a study as a project for ATLAS.ti, MAXQDA, NVivo, QualCoder and others.

    Parameters
    ----------
    project : Project
    path : pathlib.Path
    options : ExportOptions

    Returns
    -------
    ExchangeReport
        What was written, and everything that the standard has no place for.
    """
    ledger = Ledger()
    written = write_qdpx(to_project(project, options, ledger), path)
    ledger.rows += written.rows
    return ledger.report()


@importer("refi", ".qdpx")
def import_project(project: Project, path: Path, options: ImportOptions) -> ExchangeReport:
    """Take a project of another program into a study, new or not.

    Documents of the same text are the same; codes are matched by path or name, and new ones added; users become
    coders, notes and comments memos, variables attributes.

    Parameters
    ----------
    project : Project
    path : pathlib.Path
    options : ImportOptions
        Of no use here: nothing in the study is replaced.

    Returns
    -------
    ExchangeReport
    """
    return _import(project, path, *read_qdpx(path))


def make_study(place: str | Path, path: Path, *, coder: str) -> ExchangeReport:
    """Make a new study of a project.

    Parameters
    ----------
    place : str or pathlib.Path
        The study file to make.
    path : pathlib.Path
        A ``.qdpx`` file.
    coder : str
        Who works with it.

    Returns
    -------
    ExchangeReport

    Raises
    ------
    ReadError
        The project cannot be read; no study is made.
    WriteError
        There is a study of that name already, or it cannot be written.
    """
    qda, read = read_qdpx(path)
    codebook = Codebook(qda.name, 0, ())
    with Project.create(place, coder=coder, codebook=codebook, settings={"name": qda.name}) as project:
        return _import(project, path, qda, read)


def _import(project: Project, path: Path, qda: QdaProject, read: ExchangeReport) -> ExchangeReport:
    ledger = Ledger([row for row in read.rows if row.outcome != "kept"], list(read.counting))
    into_study(project, qda, path, ledger)
    return ledger.report()


@exporter("refi-codebook", ".qdc")
def export_codebook(project: Project, path: Path, options: ExportOptions) -> ExchangeReport:
    """Write the codebook of a study alone.

    Parameters
    ----------
    project : Project
    path : pathlib.Path
    options : ExportOptions
        Of no use here.

    Returns
    -------
    ExchangeReport
    """
    return write_qdc(QdaCodebook(to_qda(project.codebook, main_language(project))), path)


@importer("refi-codebook", ".qdc")
def import_codebook(project: Project, path: Path, options: ImportOptions) -> ExchangeReport:
    """Add the codes of a codebook to that of a study.

    Parameters
    ----------
    project : Project
    path : pathlib.Path
    options : ImportOptions
        Of no use here: codes of the study stay as they are.

    Returns
    -------
    ExchangeReport
    """
    codebook, read = read_qdc(path)
    ledger = Ledger([row for row in read.rows if row.outcome != "kept"])
    language = main_language(project)
    with project.change("codebook") as writer:
        before = current_codebook(writer.connection)
        after, paths = from_qda(codebook.codes, (), before, language, ledger)
        if after != before:
            put_codebook(writer, after)
        writer.summary = f"{path.name}: {len(list(after)) - len(list(before))} codes added"
    for group in codebook.sets:
        ledger.add("dropped", "Set", "cxtext has no place for sets", name=group.name, guid=group.guid)
    ledger.kept("code", len(paths))
    return ledger.report()
