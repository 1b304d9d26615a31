"""Reading: files of fieldwork become documents with turns and attributes, one reader per format."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

from cxtext.errors import ReadError
from cxtext.ingest.files import Found, find_files
from cxtext.ingest.identity import SeenIds, make_unique
from cxtext.ingest.items import Item, Skipped
from cxtext.ingest.options import ReadOptions
from cxtext.ingest.registry import Reader, load_readers, reader
from cxtext.ingest.speakers import is_named
from cxtext.records import Corpus, Document, Notice

__all__ = ["Item", "ReadOptions", "Reader", "Skipped", "load_readers", "read_corpus", "read_documents", "reader"]

#: one path or several
Paths: TypeAlias = str | os.PathLike[str] | Iterable[str | os.PathLike[str]]


def read_corpus(
    paths: Paths,
    *,
    interviewer: str | Iterable[str] = (),
    language: str | None = None,
    text_column: str | Iterable[str] = (),
    id_column: str | None = None,
    document_column: str | None = None,
    nps_column: str | None = None,
    date_column: str | None = None,
    touchpoint_column: str | None = None,
    wave_column: str | None = None,
    channel_column: str | None = None,
    owner_column: str | None = None,
    encoding: str | None = None,
    keep_unfinished: bool = False,
) -> Corpus:
    """Read transcripts and tables of answers.

    Parameters
    ----------
    paths : path, or iterable of paths
        Files, and folders, which are read to the bottom.
    interviewer : str or iterable of str
        Names of those who ask, where the labels do not tell.
    language : {"nl", "en"} or None
        Language of all documents; detected per document where it is left out.
    text_column : str or iterable of str
        Headings of the open questions in tables; recognised where they are left out. Where there are several, each
        answer is a document.
    id_column, document_column, nps_column, date_column, touchpoint_column, wave_column, channel_column, \
owner_column : str or None
        Headings in tables; recognised where they are left out. Consecutive rows with one value in the document column
        are one document.
    encoding : str or None
        Character encoding of text files; detected per file where it is left out.
    keep_unfinished : bool
        Answers of respondents who did not finish a survey count too.

    Returns
    -------
    Corpus
        The documents, the files that were skipped with the reason, and what was left out or assumed. Empty where
        nothing could be read.

    Raises
    ------
    OptionError
        An option has a value that cannot be used.

    Examples
    --------
    >>> corpus = read_corpus("no such folder")
    >>> len(corpus), corpus.skipped[0].message
    (0, 'there is no such file or folder. Check the name.')
    """
    options = ReadOptions(
        interviewer=interviewer,  # type: ignore[arg-type]
        language=language,
        text_column=text_column,  # type: ignore[arg-type]
        id_column=id_column,
        document_column=document_column,
        nps_column=nps_column,
        date_column=date_column,
        touchpoint_column=touchpoint_column,
        wave_column=wave_column,
        channel_column=channel_column,
        owner_column=owner_column,
        encoding=encoding,
        keep_unfinished=keep_unfinished,
    )
    documents, skipped, notices = list[Document](), list[Notice](), list[Notice]()
    for item in read_documents(paths, options):
        match item:
            case Document():
                documents.append(item)
            case Skipped():
                skipped.append(item)
            case _:
                notices.append(item)
    return Corpus(tuple(documents), tuple(skipped), tuple(notices))


def read_documents(paths: Paths, options: ReadOptions | None = None) -> Iterator[Item]:
    """Read files one document at a time; memory does not grow with the size of a table.

    Parameters
    ----------
    paths : path, or iterable of paths
        As in `read_corpus`.
    options : ReadOptions or None

    Yields
    ------
    Document, Skipped or Notice
        In the order of the files. Ids are unique. `Skipped` is for a file (or a document in it) that could not be read;
        it never stops the others.

    Raises
    ------
    CxtextError
        An installed reader cannot be loaded.

    Examples
    --------
    >>> [type(item).__name__ for item in read_documents(["missing.txt"])]
    ['Skipped']
    """
    options = options or ReadOptions()
    named = [paths] if isinstance(paths, (str, os.PathLike)) else paths
    readers = load_readers()
    unmatched = set(options.interviewer)
    with closing(SeenIds()) as seen:
        for found in find_files([Path(path) for path in named], readers):
            if isinstance(found, Skipped):
                yield found
                continue
            read = readers[found.path.suffix.lower()]
            for item in make_unique(_read(read, found, replace(options, key=found.key)), seen):
                if unmatched and isinstance(item, Document):
                    unmatched -= {name for name in unmatched if any(is_named(t.speaker, [name]) for t in item.turns)}
                yield item
    for name in sorted(unmatched):
        yield Notice("--interviewer", f'Nobody called "{name}" speaks in the files that were read. Check the name.')


def _read(read: Reader, found: Found, options: ReadOptions) -> Iterator[Item]:
    """Read one file; whatever is wrong with it becomes a notice."""
    source = str(found.path)
    begun = False
    try:
        for item in read(found.path, options):
            begun = begun or isinstance(item, Document)
            yield item
        return
    except ReadError as error:
        message = f"{error.reason.rstrip('.')}. {error.advice}"
    except OSError as error:
        message = f"it cannot be opened ({error.strerror or error}). Check that you may read it, and try again."
    except Exception as error:  # a reader, perhaps of somebody else, that fails must not stop the other files
        message = f"its reader failed ({type(error).__name__}: {error}). Report this."
    yield Notice(source, f"Reading stopped halfway: {message}") if begun else Skipped(source, message)
