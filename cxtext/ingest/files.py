"""Which files are fieldwork, and what their documents are called."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cxtext.ingest.items import Skipped
from cxtext.records import clean_text

_NO_FIELDWORK = (".", "~$", "readme", "license", "licence")


@dataclass(frozen=True)
class Found:
    """A file to read.

    Attributes
    ----------
    path : pathlib.Path
        As the user named it, or below the folder that the user named.
    key : str
        What the ids of its documents begin with: the stem of its name, with folders where stems are equal.
    """

    path: Path
    key: str


def find_files(paths: Iterable[Path], suffixes: Iterable[str]) -> list[Found | Skipped]:
    """Find the files of a study.

    Parameters
    ----------
    paths : iterable of pathlib.Path
        Files, and folders that are searched to the bottom in the order of names. Hidden files, README, LICENSE and the
        lock files of Office programs are passed over in folders.
    suffixes : iterable of str
        Those that can be read.

    Returns
    -------
    list of Found or Skipped
        Each file once. What is not there, is no file or has another suffix is skipped with the reason.
    """
    known = sorted(suffixes)
    listed: dict[str, Path | Skipped] = {}
    for path in paths:
        for found in _search(path):
            file = found if isinstance(found, Skipped) else _check(found, known)
            listed.setdefault(str(found) if isinstance(found, Skipped) else os.path.realpath(found), file)
    keys = make_keys([path for path in listed.values() if isinstance(path, Path)])
    return [file if isinstance(file, Skipped) else Found(file, keys[file]) for file in listed.values()]


def make_keys(paths: Sequence[Path]) -> Mapping[Path, str]:
    """Give each file a key of its own, as short as it can be.

    Parameters
    ----------
    paths : sequence of pathlib.Path

    Returns
    -------
    Mapping[Path, str]
        The stem; folder and stem where stems are equal; the whole name where these are equal too.

    Examples
    --------
    >>> list(make_keys([Path("a/x.txt"), Path("b/x.txt"), Path("b/y.txt"), Path("b/y.vtt")]).values())
    ['a/x', 'b/x', 'y.txt', 'y.vtt']
    """
    groups: dict[str, list[Path]] = defaultdict(list)
    for path in dict.fromkeys(paths):
        groups[clean_text(path.stem)].append(path)
    return {path: key for group in groups.values() for path, key in _tell_apart(group).items()}


def _tell_apart(group: Sequence[Path]) -> dict[Path, str]:
    """Keys for files with one stem: with as many folders as it takes."""
    folders = {path: path.absolute().parts[1:-1] for path in group}
    whole = len(set(folders.values())) < len(group)
    keys: dict[Path, str] = {}
    for depth in range(1 + max(map(len, folders.values()))):
        keys = {
            path: clean_text(
                "/".join([*folders[path][len(folders[path]) - depth :], path.name if whole else path.stem])
            )
            for path in group
        }
        if len(set(keys.values())) == len(group):
            break
    return keys


def _search(path: Path) -> Iterator[Path | Skipped]:
    """List the files below a path that the user named."""
    if not path.is_dir():
        yield path
        return
    empty = True
    for folder, folders, names in os.walk(path, onerror=None):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.casefold().startswith(_NO_FIELDWORK):
                empty = False
                yield Path(folder, name)
    if empty:
        yield Skipped(str(path), "the folder holds no files to read. Put transcripts or tables of answers in it.")


def _check(path: Path, suffixes: Sequence[str]) -> Path | Skipped:
    source = str(path)
    if path.is_symlink() and not path.exists():
        return Skipped(source, "it is a link to a file that does not exist. Copy the file itself.")
    if not path.exists():
        return Skipped(source, "there is no such file or folder. Check the name.")
    if not path.is_file():
        return Skipped(source, "it is not an ordinary file. Save its contents to a file first.")
    if path.suffix.lower() not in suffixes:
        shown = f'files with the suffix "{path.suffix}"' if path.suffix else "files without a suffix"
        return Skipped(source, f"{shown} cannot be read. Save it as one of: {', '.join(suffixes)}.")
    return path
