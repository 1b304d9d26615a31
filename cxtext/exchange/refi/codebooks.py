"""Codes and sets: in a project, and alone in a codebook (``.qdc``)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from xml.etree.ElementTree import Element

from cxtext.errors import ReadError
from cxtext.exchange.refi.checks import check_codebook
from cxtext.exchange.refi.container import parse_xml
from cxtext.exchange.refi.fields import Fields, description
from cxtext.exchange.refi.guids import Guids
from cxtext.exchange.refi.model import QdaCode, QdaCodebook, QdaSet
from cxtext.exchange.refi.report import ExchangeReport, Ledger
from cxtext.exchange.refi.vocabulary import drop_unknown
from cxtext.exchange.refi.xml import XmlWriter
from cxtext.files import write_file

NAMESPACE = "urn:QDA-XML:codebook:1.0"


def read_qdc(path: str | Path) -> tuple[QdaCodebook, ExchangeReport]:
    """Read a codebook, of any program and under any namespace.

    Parameters
    ----------
    path : str or pathlib.Path
        A ``.qdc`` file.

    Returns
    -------
    tuple of (QdaCodebook, ExchangeReport)

    Raises
    ------
    ReadError
        It is missing, damaged, no codebook, or made to do harm.
    """
    path = Path(path)
    try:
        with path.open("rb") as file:
            root = parse_xml(path, file, path.stat().st_size)
    except OSError as error:
        raise ReadError(str(path), f"it cannot be read ({error.strerror or error})", "Check the name.") from error
    book = root if root.tag == "CodeBook" else root.find("CodeBook")
    if book is None:
        raise ReadError(str(path), "it is no REFI-QDA codebook", "Export the codebook again as .qdc.")
    ledger = Ledger()
    drop_unknown(book, ledger)
    fields = Fields(Guids(book, ledger), ledger)
    codebook = QdaCodebook(read_codes(book, fields), read_sets(book, fields), book.get("origin", ""))
    for element, records in (("Code", codebook.codes), ("Set", codebook.sets)):
        ledger.kept(element, len(records))
    return codebook, ledger.report()


def write_qdc(codebook: QdaCodebook, path: str | Path) -> ExchangeReport:
    """Write a codebook: the same bytes each time.

    Parameters
    ----------
    codebook : QdaCodebook
    path : str or pathlib.Path
        Replaced when the new file is complete.

    Returns
    -------
    ExchangeReport

    Raises
    ------
    WriteError
        It has no codes, breaks the standard, or the file cannot be written.
    """
    check_codebook(codebook)
    ledger = Ledger()
    xml = XmlWriter(ledger)
    root = xml.root("CodeBook", NAMESPACE, codebook.origin)
    write_codes(xml, root, codebook.codes, notes=False)
    if codebook.sets:
        sets = xml.element(root, "Sets")
        for group in codebook.sets:
            element = xml.element(sets, "Set", guid=group.guid, name=group.name)
            xml.description(element, group.description)
            for code in group.codes:
                xml.element(element, "MemberCode", guid=code)
            for lost, members in (("MemberSource", group.sources), ("MemberNote", group.notes)):
                if members:
                    ledger.add("dropped", lost, "a codebook holds codes alone", name=group.name, count=len(members))
    ledger.kept("Code", len(codebook.codes))
    ledger.kept("Set", len(codebook.sets))
    content = xml.to_bytes(root)
    write_file(Path(path), lambda part: part.write_bytes(content))
    return ledger.report()


def read_codes(book: Element, fields: Fields) -> tuple[QdaCode, ...]:
    """Codes below a codebook element, every code before those that it holds."""
    found: list[QdaCode] = []
    waiting = [(code, "") for code in reversed(book.findall("Codes/Code"))]
    while waiting:
        element, parent = waiting.pop()
        guid, name = element.get("guid", ""), element.get("name", "")
        if not name:
            name = f"(code without a name {guid[:8]})"
            fields.report("repaired", element, "it had no name and was given one", owner=name)
        found.append(
            QdaCode(
                guid=guid,
                name=name,
                is_codable=fields.flag(element, "isCodable"),
                color=fields.color(element),
                description=description(element),
                parent=parent,
                notes=fields.notes(element),
            )
        )
        waiting.extend((child, guid) for child in reversed(element.findall("Code")))
    names = Counter(code.name for code in found)
    for code in found:
        if names[code.name] > 1:
            why = "another code has the same name; both were kept"
            fields.ledger.add("flagged", "Code", why, name=code.name, guid=code.guid)
    return tuple(found)


def read_sets(book: Element, fields: Fields) -> tuple[QdaSet, ...]:
    """Sets below a project or codebook element."""
    return tuple(
        QdaSet(
            guid=element.get("guid", ""),
            name=element.get("name", "") or f"(set without a name {element.get('guid', '')[:8]})",
            description=description(element),
            codes=fields.references(element, "MemberCode", "code"),
            sources=fields.references(element, "MemberSource", "source"),
            notes=fields.references(element, "MemberNote", "note"),
        )
        for element in book.findall("Sets/Set")
    )


def write_codes(xml: XmlWriter, book: Element, codes: Iterable[QdaCode], *, notes: bool) -> None:
    """Write codes as a tree; a codebook (`notes` false) has no place for their notes."""
    elements = {"": xml.element(book, "Codes")}
    for code in codes:
        element = elements[code.guid] = xml.element(
            elements[code.parent],
            "Code",
            guid=code.guid,
            name=code.name,
            isCodable="true" if code.is_codable else "false",
            color=code.color,
        )
        xml.description(element, code.description)
        if notes:
            xml.references(element, "NoteRef", code.notes)
        elif code.notes:
            why = "a codebook has no place for notes"
            xml.ledger.add("dropped", "NoteRef", why, name=code.name, guid=code.guid, count=len(code.notes))
