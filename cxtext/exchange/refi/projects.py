"""Projects (``.qdpx``): an archive with ``project.qde`` and the folder ``sources``."""

from __future__ import annotations

import os
import shutil
import zipfile
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from xml.etree.ElementTree import Element

from cxtext.errors import ReadError
from cxtext.exchange.refi.attachments import QdaAttachment
from cxtext.exchange.refi.checks import check_project
from cxtext.exchange.refi.codebooks import read_codes, read_sets
from cxtext.exchange.refi.container import PROJECT_FILE, Files, find_project, open_archive, parse_xml
from cxtext.exchange.refi.fields import Fields, description
from cxtext.exchange.refi.guids import Guids
from cxtext.exchange.refi.model import (
    DIRECTIONS,
    VARIABLE_TYPES,
    QdaCase,
    QdaCode,
    QdaLink,
    QdaProject,
    QdaRegion,
    QdaSelection,
    QdaSource,
    QdaUser,
    QdaVariable,
    VariableType,
)
from cxtext.exchange.refi.report import ExchangeReport, Ledger
from cxtext.exchange.refi.sources import SourceReader
from cxtext.exchange.refi.vocabulary import drop_unknown
from cxtext.exchange.refi.writing import ProjectWriter
from cxtext.exchange.refi.xml import XmlWriter
from cxtext.files import write_file

#: of every entry: an archive has to be the same each time
_TIME = (1980, 1, 1, 0, 0, 0)


def read_qdpx(path: str | Path) -> tuple[QdaProject, ExchangeReport]:
    """Read a project of ATLAS.ti, MAXQDA, NVivo, QualCoder or another program.

    Parameters
    ----------
    path : str or pathlib.Path
        A ``.qdpx`` file. Word files, pdfs, pictures and recordings stay in it and are read when they are asked for.

    Returns
    -------
    tuple of (QdaProject, ExchangeReport)
        Positions are in the clean text, whatever way of counting the program had (see ``ExchangeReport.counting``).

    Raises
    ------
    ReadError
        It is missing, damaged, protected, no project, or made to do harm.

    Examples
    --------
    >>> project, report = read_qdpx("team.qdpx")  # doctest: +SKIP
    >>> report.lines()[1]  # doctest: +SKIP
    'Interview 1: positions read as UTF-16 units, line end as 2; 41 of 41 selections fit (next best: ..., 3).'
    """
    path, ledger = Path(path), Ledger()
    with open_archive(path) as archive:
        entry = find_project(path, archive)
        with archive.open(entry) as file:
            root = parse_xml(path, file, entry.file_size)
        if root.tag != "Project":
            raise ReadError(str(path), f"{entry.filename} in it is no REFI-QDA project", "Export it again as .qdpx.")
        drop_unknown(root, ledger)
        fields, files = Fields(Guids(root, ledger), ledger), Files(path, archive, ledger)
        project = _read(root, fields, SourceReader(fields, files, root.get("origin", "")), path.stem)
        files.report_unused(entry)
    _count(project, ledger)
    return project, ledger.report()


def write_qdpx(project: QdaProject, path: str | Path) -> ExchangeReport:
    """Write a project, valid by the schema of the standard and the same bytes each time.

    Texts are written as UTF-8 with ``LF``, without byte order mark; positions are code points; a selection without a
    name gets a quote of at most 100 characters as its name, by which other programs can find it.

    Parameters
    ----------
    project : QdaProject
    path : str or pathlib.Path
        Replaced when the new file is complete.

    Returns
    -------
    ExchangeReport

    Raises
    ------
    WriteError
        The project breaks the standard (every problem is named), or the file cannot be written.
    ReadError
        An attachment is not where it was any more.
    """
    check_project(project)
    ledger = Ledger()
    xml = XmlWriter(ledger)
    writer = ProjectWriter(xml)
    content = xml.to_bytes(writer.write(project))
    write_file(Path(path), partial(_pack, content, writer.files))
    _count(project, ledger)
    return ledger.report()


def _pack(content: bytes, files: Mapping[str, QdaAttachment], path: Path) -> None:
    with path.open("wb") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(_entry(PROJECT_FILE), content)
            for name in sorted(files):
                with files[name].open() as source, archive.open(_entry(f"sources/{name}"), "w") as target:
                    shutil.copyfileobj(source, target)
        file.flush()
        os.fsync(file.fileno())


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _TIME)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system, entry.external_attr = 3, 0o644 << 16
    return entry


def _read(root: Element, fields: Fields, reader: SourceReader, stem: str) -> QdaProject:
    book = root.find("CodeBook")
    project = QdaProject(
        name=root.get("name") or stem,
        origin=root.get("origin", ""),
        users=tuple(
            QdaUser(e.get("guid", ""), e.get("name", ""), e.get("id", "")) for e in root.iterfind("Users/User")
        ),
        codes=() if book is None else read_codes(book, fields),
        variables=tuple(_variable(element, fields) for element in root.iterfind("Variables/Variable")),
        cases=tuple(_case(element, fields) for element in root.iterfind("Cases/Case")),
        sources=tuple(reader.read(element) for element in root.iterfind("Sources/*")),
        notes=tuple(reader.read(element) for element in root.iterfind("Notes/Note")),
        links=tuple(_link(element, fields) for element in root.iterfind("Links/Link")),
        sets=read_sets(root, fields),
        description=description(root),
        project_notes=fields.notes(root),
        user=fields.user(root, "creatingUserGUID"),
        created=fields.time(root, "creationDateTime"),
        modified_by=fields.user(root, "modifyingUserGUID"),
        modified=fields.time(root, "modifiedDateTime"),
    )
    if not root.get("name"):
        fields.report("repaired", root, "it had no name; that of the file was taken", owner=project.name)
    return _with_missing(_with_case_codings(project, fields), fields)


def _variable(element: Element, fields: Fields) -> QdaVariable:
    guid, type = element.get("guid", ""), element.get("typeOfVariable", "")
    name = element.get("name") or f"(variable without a name {guid[:8]})"
    known = next((known for known in VARIABLE_TYPES if known.lower() == type.strip().lower()), None)
    if known is None:
        fields.report("repaired", element, "its type is missing or unknown; Text was taken", detail=type, owner=name)
    return QdaVariable(guid, name, known or "Text", description(element))


def _case(element: Element, fields: Fields) -> QdaCase:
    return QdaCase(
        guid=element.get("guid", ""),
        name=element.get("name", ""),
        description=description(element),
        codes=fields.references(element, "CodeRef", "code"),
        values=fields.values(element),
        sources=fields.references(element, "SourceRef", "source"),
        selections=fields.references(element, "SelectionRef", "selection"),
    )


def _link(element: Element, fields: Fields) -> QdaLink:
    ends = {part: fields.guids.find_anything(element.get(part, "")) for part in ("originGUID", "targetGUID")}
    for part, end in ends.items():
        written = element.get(part, "")
        if written and not end:
            fields.report("dropped", element, "it leads to nothing in the project", part=part, detail=written)
    direction = element.get("direction", "")
    if direction and direction not in DIRECTIONS:
        fields.report("dropped", element, "it is not a direction of the standard", part="direction", detail=direction)
        direction = ""
    return QdaLink(
        guid=element.get("guid", ""),
        name=element.get("name", ""),
        direction=direction,
        color=fields.color(element),
        origin=ends["originGUID"],
        target=ends["targetGUID"],
        notes=fields.notes(element),
    )


def _with_case_codings(project: QdaProject, fields: Fields) -> QdaProject:
    """Give cases what was coded with them."""
    sources: dict[str, list[str]] = defaultdict(list)
    selections: dict[str, list[str]] = defaultdict(list)
    for case, guid, is_selection in fields.case_codings:
        (selections if is_selection else sources)[case].append(guid)
    cases = tuple(
        replace(
            case,
            sources=tuple(dict.fromkeys([*case.sources, *sources[case.guid]])),
            selections=tuple(dict.fromkeys([*case.selections, *selections[case.guid]])),
        )
        for case in project.cases
    )
    return replace(project, cases=cases)


def _with_missing(project: QdaProject, fields: Fields) -> QdaProject:
    """Add what is referred to and was not in the file, so that nothing that refers to it is lost."""
    holders: list[QdaCase | QdaSource] = [*project.cases, *project.sources, *project.notes]
    types: dict[str, VariableType] = {
        value.variable: value.type or "Text" for holder in reversed(holders) for value in holder.values
    }
    users, codes, variables = list(project.users), list(project.codes), list(project.variables)
    for (family, written), guid in fields.missing.items():
        name = f"(missing {family} {guid[:8]})"
        if family == "user":
            users.append(QdaUser(guid, name))
        elif family == "code":
            codes.append(QdaCode(guid, name))
        else:
            variables.append(QdaVariable(guid, name, types.get(guid, "Text")))
        why = f"the project refers to a {family} that is missing from it; an empty one was made"
        fields.ledger.add("repaired", family.capitalize(), why, name=name, guid=guid, detail=written)
    return replace(project, users=tuple(users), codes=tuple(codes), variables=tuple(variables))


def _count(project: QdaProject, ledger: Ledger) -> None:
    """Report what came through."""
    texts = [text for source in project.sources for text in source.texts]
    everything = [*project.sources, *texts, *project.notes]
    parts = [part for source in everything for part in source.parts]
    holders: list[QdaCase | QdaSource] = [*project.cases, *everything]
    coded: list[QdaSource | QdaSelection | QdaRegion] = [*everything, *parts]
    kinds = Counter(source.kind for source in project.sources)
    held: dict[str, Sequence[object]] = {
        "User": project.users, "Code": project.codes, "Variable": project.variables, "Case": project.cases,
        "text of a source": texts,
        "file": [source for source in everything if source.attachment],
        "selection": parts,
        "Coding": [coding for holder in coded for coding in holder.codings],
        "VariableValue": [value for holder in holders for value in holder.values],
        "Note": project.notes, "Link": project.links, "Set": project.sets,
    }  # fmt: skip
    counts = {name: len(records) for name, records in held.items()} | {f"{kind} source": n for kind, n in kinds.items()}
    for element, count in counts.items():
        ledger.kept(element, count)
