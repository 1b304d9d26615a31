"""Writing a file whole or not at all, with an error that says what to do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from cxtext.errors import WriteError


def make_folder(folder: Path) -> None:
    """Make the folder and those above it, where they are not there yet.

    Raises
    ------
    WriteError
        It cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        msg = (
            f"{folder}: the folder for the results cannot be made ({error.strerror or error}). "
            "Name a folder that does not exist yet, or one that you may write in."
        )
        raise WriteError(msg) from error


def write_file(path: Path, write: Callable[[Path], object]) -> Path:
    """Let `write` make a file beside `path`, and put it in its place when it is complete.

    Parameters
    ----------
    path : pathlib.Path
    write : callable
        Called with the path to write to; it has the suffix of `path`.

    Returns
    -------
    pathlib.Path
        `path`.

    Raises
    ------
    WriteError
        The file cannot be written; the old one, if any, is still there.
    """
    part = path.with_name(f".{path.stem}.part{path.suffix}")
    try:
        try:
            write(part)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    except PermissionError as error:
        msg = (
            f"{path}: it cannot be written, because it is open in another program or the folder is read-only. "
            "Close it there (in Excel, for instance) or name another folder, and run it again."
        )
        raise WriteError(msg) from error
    except OSError as error:
        msg = (
            f"{path}: it cannot be written ({error.strerror or error}). Check that the disk has room, "
            "or name another folder."
        )
        raise WriteError(msg) from error
    return path
