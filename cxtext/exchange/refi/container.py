"""The files around the XML: the archive of a project, what its paths may lead to, and guards against harm."""

from __future__ import annotations

import codecs
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO
from urllib.parse import unquote
from xml.etree.ElementTree import Element, ParseError

from cxtext.errors import ReadError
from cxtext.exchange.refi.attachments import QdaAttachment
from cxtext.exchange.refi.report import Ledger, Outcome
from cxtext.ingest.archives import MOST_BYTES, MOST_BYTES_OF_DOCUMENT, MOST_ENTRIES, is_bomb, refuse_bomb

PROJECT_FILE = "project.qde"
#: section 8.5 of the standard
MOST_BYTES_OF_FILE = 2**31 - 1

_PROGRAM = "REFI-QDA"
_AGAIN = "Export it again from the program it came from."
_DEEPEST = 200
_LITTER = (".root", ".ds_store", "thumbs.db", "desktop.ini")


@contextmanager
def open_archive(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open a project, after a look at its sizes.

    Raises
    ------
    ReadError
        It is not there, no archive, damaged, protected with a password or made to do harm.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            if any(entry.flag_bits & 1 for entry in entries):
                raise ReadError(str(path), "it is protected with a password", f"{_AGAIN} Leave the password out.")
            if len(entries) > MOST_ENTRIES or any(map(is_bomb, entries)):
                raise refuse_bomb(path, _PROGRAM)
            yield archive
    except FileNotFoundError as error:
        raise ReadError(str(path), "there is no such file", "Check the name.") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        raise ReadError(str(path), f"it is not a {_PROGRAM} project, or it is damaged ({error})", _AGAIN) from error


def find_project(path: Path, archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    """The entry with the XML: a single ``*.qde`` at the root, whatever its name.

    Raises
    ------
    ReadError
        There is none, or there are several.
    """
    found = [e for e in archive.infolist() if e.filename.lower().endswith(".qde") and not _folders(e.filename)]
    named = [entry for entry in found if entry.filename.lower() == PROJECT_FILE] or found
    if len(named) == 1:
        return named[0]
    reason = "it holds no project file (.qde)" if not found else "it holds several project files (.qde)"
    raise ReadError(str(path), reason, f"{_AGAIN} Do not unpack it and pack it again.")


def parse_xml(path: Path, file: IO[bytes], size: int) -> Element:
    """Read XML from a stranger; names lose their namespace.

    Parameters
    ----------
    path : pathlib.Path
        Named in errors.
    file : file object
    size : int
        Bytes.

    Returns
    -------
    xml.etree.ElementTree.Element

    Raises
    ------
    ReadError
        It is too large, too deep, damaged, or has a document type declaration.
    """
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import iterparse

    if size > MOST_BYTES_OF_DOCUMENT:
        raise refuse_bomb(path, _PROGRAM)
    depth, root = 0, None
    try:
        for event, element in iterparse(file, events=("start", "end"), forbid_dtd=True):
            depth += 1 if event == "start" else -1
            if depth > _DEEPEST:
                raise ReadError(str(path), f"it holds elements more than {_DEEPEST} deep in each other", _AGAIN)
            if event == "start":
                root = element if root is None else root
                element.tag = element.tag.rpartition("}")[2]
    except DefusedXmlException as error:
        raise ReadError(
            str(path),
            f"it holds a document type declaration, which no {_PROGRAM} program writes",
            "Do not open it unless you know where it came from.",
        ) from error
    except (ParseError, LookupError, ValueError) as error:
        raise ReadError(str(path), f"its XML is damaged ({error})", _AGAIN) from error
    if root is None:
        raise ReadError(str(path), "it holds no XML", _AGAIN)
    return root


class Files:
    """The files that a project names.

    Parameters
    ----------
    path : pathlib.Path
        The project.
    archive : zipfile.ZipFile
        Open.
    ledger : Ledger
        Told of every path that is refused or leads nowhere.
    """

    def __init__(self, path: Path, archive: zipfile.ZipFile, ledger: Ledger) -> None:
        self._path, self._archive, self._ledger = path, archive, ledger
        self._entries = {entry.filename.replace("\\", "/").lower(): entry for entry in archive.infolist()}
        self._used: set[str] = set()
        self._bytes = 0

    def find(self, address: str, element: Element) -> QdaAttachment | None:
        """File that a path of the standard leads to; None, with a reason in the report, where it may not or cannot.

        Only ``internal://`` files are read, and ``relative:///`` ones inside the folder of the project.
        """
        scheme, _, rest = address.partition("://")
        name = rest.replace("\\", "/").lstrip("/")
        if scheme.lower() == "internal" or not rest:
            found = self._internal(name or address.replace("\\", "/"))
        elif scheme.lower() == "relative":
            found = self._beside(name)
        else:
            self._refuse(element, "its file is outside the project (an absolute path) and was not opened", address)
            return None
        if isinstance(found, str):
            self._refuse(element, found, address)
            return None
        return found

    def read_text(self, address: str, element: Element) -> str | None:
        """Text that a path leads to, without the byte order mark at its start, line ends as they are."""
        found = self.find(address, element)
        if found is None:
            return None
        if found.size > MOST_BYTES_OF_DOCUMENT:
            self._refuse(element, "its text is larger than any transcript and was not read", address)
            return None
        self._bytes += found.size
        if self._bytes > MOST_BYTES:
            raise refuse_bomb(self._path, _PROGRAM)
        try:
            content = self._archive.read(found.entry) if found.entry else found.read()
        except (zipfile.BadZipFile, zlib.error, EOFError, ReadError):
            self._refuse(element, "its text is damaged in the archive", address)
            return None
        return self._decode(content, element)

    def report_unused(self, project: zipfile.ZipInfo) -> None:
        """Report the files that nothing in the project names."""
        for name, entry in self._entries.items():
            litter = PurePosixPath(name).name in _LITTER or name.startswith("__macosx/")
            litter = litter or entry.is_dir() or entry is project
            if not litter and name not in self._used:
                self._ledger.add("dropped", "file", "nothing in the project names it", name=entry.filename)

    def _internal(self, name: str) -> QdaAttachment | str:
        for written in (name, unquote(name)):
            for key in (f"sources/{written}".lower(), written.lower()):
                entry = self._entries.get(key)
                if entry is None or entry.is_dir() or ".." in PurePosixPath(key).parts:
                    continue
                self._used.add(key)
                flat = PurePosixPath(entry.filename.replace("\\", "/")).name
                return QdaAttachment(flat, entry.file_size, entry.CRC, file=self._path, entry=entry.filename)
        if ".." in PurePosixPath(unquote(name)).parts:
            return "its path leads out of the project and was not opened"
        return "its file is missing from the project"

    def _beside(self, name: str) -> QdaAttachment | str:
        folder = self._path.resolve().parent
        try:
            return self._in_folder(folder, (folder / unquote(name)).resolve())
        except (OSError, ValueError):
            return "its file cannot be read"

    def _in_folder(self, folder: Path, file: Path) -> QdaAttachment | str:
        if not file.is_relative_to(folder):
            return "its path leads out of the folder of the project and was not opened"
        if not file.is_file():
            return "its file is missing from the folder of the project"
        crc = 0
        with file.open("rb") as content:
            while chunk := content.read(1 << 20):
                crc = zlib.crc32(chunk, crc)
        return QdaAttachment(file.name, file.stat().st_size, crc, file=file)

    def _decode(self, content: bytes, element: Element) -> str:
        """Text of bytes: UTF-8, as the standard has it, or what programs write in its place."""
        wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        for encoding in ("utf-16",) if wide else ("utf-8", "cp1252"):
            try:
                text = content.decode(encoding)
            except UnicodeDecodeError:
                continue
            if encoding != "utf-8":
                self._report("repaired", element, f"its text is not UTF-8; it was read as {encoding}")
            return text.removeprefix("\ufeff")
        text = content.decode("utf-8", "replace").removeprefix("\ufeff")
        detail = f"{text.count(chr(0xFFFD))} places"
        self._report("repaired", element, "its text holds bytes that are no UTF-8; they show as \ufffd", detail)
        return text

    def _refuse(self, element: Element, why: str, detail: str) -> None:
        self._report("dropped", element, why, detail)

    def _report(self, outcome: Outcome, element: Element, why: str, detail: str = "") -> None:
        name, guid = element.get("name", ""), element.get("guid", "")
        what = f"{element.tag}@file" if outcome == "dropped" else element.tag
        self._ledger.add(outcome, what, why, name=name, guid=guid, detail=detail)


def _folders(name: str) -> bool:
    return "/" in name.replace("\\", "/")
