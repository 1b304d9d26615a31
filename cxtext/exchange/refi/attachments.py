"""Files of sources: they stay where they are until they are asked for."""

from __future__ import annotations

import io
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from cxtext.errors import ReadError


@dataclass(frozen=True)
class QdaAttachment:
    """A file of a source: a Word file, a pdf, a picture, a recording. It is read when it is asked for.

    Two are equal when name, size and checksum are.

    Attributes
    ----------
    name : str
        Its name in the folder ``sources`` of the project.
    size, crc : int
        Bytes, and their CRC-32.
    data : bytes or None
    file : pathlib.Path or None
        Where the bytes are, where `data` has none: this file,
    entry : str
        or this entry of it, where it is an archive.

    Examples
    --------
    >>> QdaAttachment.from_bytes("a.docx", b"abc").read()
    b'abc'
    """

    name: str
    size: int
    crc: int
    data: bytes | None = field(default=None, compare=False, repr=False)
    file: Path | None = field(default=None, compare=False)
    entry: str = field(default="", compare=False)

    @classmethod
    def from_bytes(cls, name: str, data: bytes) -> QdaAttachment:
        """Attachment that is held in memory."""
        return cls(name, len(data), zlib.crc32(data), data=data)

    def open(self) -> IO[bytes]:
        """Open it for reading.

        Raises
        ------
        ReadError
            The file it is in was moved or changed.
        """
        if self.data is not None:
            return io.BytesIO(self.data)
        try:
            if self.file is None:
                raise FileNotFoundError(self.name)
            if not self.entry:
                return self.file.open("rb")
            with zipfile.ZipFile(self.file) as archive:
                return archive.open(self.entry)
        except (OSError, KeyError, zipfile.BadZipFile) as error:
            raise ReadError(
                str(self.file), f"the file {self.name} cannot be read from it any more", "Put it back and try again."
            ) from error

    def read(self) -> bytes:
        """All its bytes.

        Raises
        ------
        ReadError
            The file it is in was moved or changed.
        """
        with self.open() as file:
            return file.read()
