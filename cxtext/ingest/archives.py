"""Word, Excel and OpenDocument files are zips of XML from strangers: what is checked before they are opened."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path
from xml.etree.ElementTree import ParseError

from cxtext.errors import ReadError

MOST_ENTRIES = 10_000
MOST_BYTES = 200_000_000
MOST_BYTES_OF_DOCUMENT = 50_000_000
MOST_RATIO = 200
#: only larger entries have to keep the ratio
FREE_OF_RATIO = 10_000_000

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_SAMPLE = 4_000_000
_MANIFEST = "META-INF/manifest.xml"


def check_office_file(path: Path, document: str, program: str) -> None:
    """Refuse a file that is no Word or Excel file, that is protected, or that is made to do harm.

    Parameters
    ----------
    path : pathlib.Path
    document : str
        The entry that such a file must have, ``"word/document.xml"``.
    program : str
        ``"Word"``, ``"Excel"`` or ``"LibreOffice"``.

    Raises
    ------
    ReadError
        With the reason.
    """
    with path.open("rb") as file:
        head = file.read(_OLE_SAMPLE)
    if not head:
        raise ReadError(str(path), "the file is empty", "Check that it was copied completely.")
    if head.startswith(_OLE):
        raise _refuse_ole(path, head, program)
    try:
        with zipfile.ZipFile(path) as archive:
            _check_sizes(path, archive, document, program)
            if document not in archive.namelist():
                raise ReadError(str(path), f"it is not a {program} file", f"Open it and save it as a {program} file.")
            if _is_encrypted(archive):
                raise _protected(path, program)
            for entry in archive.infolist():
                if entry.filename.endswith((".xml", ".rels")):
                    _check_xml(path, archive, entry)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        raise ReadError(
            str(path),
            f"it is not a {program} file, or it is damaged ({error})",
            f"Open it in {program} and save it again.",
        ) from error


def _refuse_ole(path: Path, head: bytes, program: str) -> ReadError:
    if "EncryptedPackage".encode("utf-16-le") in head:
        return _protected(path, program)
    return ReadError(
        str(path),
        f"it is in the old format of {program} (before 2007)",
        f"Open it in {program} and save it as {path.suffix.lower()}.",
    )


def _protected(path: Path, program: str) -> ReadError:
    advice = f"Take the password off in {program} and save it again."
    return ReadError(str(path), "it is protected with a password", advice)


def _is_encrypted(archive: zipfile.ZipFile) -> bool:
    """Whether an OpenDocument file says that its parts are encrypted."""
    if _MANIFEST not in archive.namelist():
        return False
    with archive.open(_MANIFEST) as file:
        return b"encryption-data" in file.read(FREE_OF_RATIO)


def _check_sizes(path: Path, archive: zipfile.ZipFile, document: str, program: str) -> None:
    entries = archive.infolist()
    bombs = [entry for entry in entries if is_bomb(entry)]
    large = [e for e in entries if e.filename == document and e.file_size > MOST_BYTES_OF_DOCUMENT]
    if len(entries) > MOST_ENTRIES or sum(e.file_size for e in entries) > MOST_BYTES or bombs or large:
        raise refuse_bomb(path, program)


def is_bomb(entry: zipfile.ZipInfo) -> bool:
    """Whether an entry of an archive unpacks to far more than its size allows."""
    return entry.file_size > FREE_OF_RATIO and entry.file_size > MOST_RATIO * max(entry.compress_size, 1)


def refuse_bomb(path: Path, program: str) -> ReadError:
    """Error for a file that unpacks to too much; `program` is who writes such files."""
    return ReadError(
        str(path),
        f"it unpacks to far more than a {program} file holds, as a zip bomb does",
        "Do not open it unless you know where it came from; if it is real, divide it.",
    )


def _check_xml(path: Path, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Refuse a document type declaration, with which XML can name other files or grow without end."""
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import iterparse

    try:
        with archive.open(entry) as file:
            next(iter(iterparse(file, events=("start",), forbid_dtd=True)), None)
    except DefusedXmlException as error:
        raise ReadError(
            str(path),
            f"{entry.filename} in it holds a document type declaration, which no Office program writes",
            "Do not open it unless you know where it came from.",
        ) from error
    except (ParseError, LookupError, ValueError) as error:
        raise ReadError(
            str(path), f"{entry.filename} in it is damaged ({error})", "Open it in its program and save it again."
        ) from error
