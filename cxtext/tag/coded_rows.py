"""A table in which a person coded some rows, as segments and codings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from cxtext.codebook import Code, Codebook, Group
from cxtext.errors import OptionError, ReadError
from cxtext.ingest import read_corpus
from cxtext.segmentation import segment
from cxtext.tables import CODINGS, make_table

#: name under which the codings of the table stand
PERSON = "person"


@dataclass(frozen=True)
class CodedRows:
    """What a table holds.

    Attributes
    ----------
    codebook : Codebook
    read, unread : pandas.DataFrame
        `cxtext.tables.SEGMENTS`: rows up to the last one with a code, and those after it.
    codings : pandas.DataFrame
        `cxtext.tables.CODINGS`.
    """

    codebook: Codebook
    read: pd.DataFrame
    unread: pd.DataFrame
    codings: pd.DataFrame

    def __repr__(self) -> str:
        counts = f"{len(self.read)} rows read, {len(self.unread)} not read yet, {len(self.codings)} codings"
        return f"CodedRows({counts}, codebook {self.codebook.name!r})"


def read_coded(
    paths: str | Path | Iterable[str | Path],
    *,
    codebook: Codebook | None = None,
    columns: Sequence[str] = (),
    name: str = "own",
    **reading: Any,
) -> CodedRows:
    """Read tables in which a person coded some rows: one row is one segment, several codes in a cell are joined by `;`.

    Empty cells up to the last row with a code mean "none of the codes"; the rows after it were not read yet.

    Parameters
    ----------
    paths : str, pathlib.Path or iterable of them
    codebook : Codebook, optional
        Its groups are the columns; without one the codes are what stands in `columns`.
    columns : sequence of str
    name : str
        Of a codebook that is made of the columns.
    **reading
        Arguments of `cxtext.read_corpus`.

    Returns
    -------
    CodedRows

    Raises
    ------
    OptionError
        A column is missing, or no row has a code.
    ReadError
        A file cannot be read.

    Examples
    --------
    >>> coded = read_coded("coded.xlsx", columns=["thema"])  # doctest: +SKIP
    >>> Tagger(coded.codebook).fit(coded.read, coded.codings)  # doctest: +SKIP
    """
    corpus = read_corpus(paths, **reading)
    if corpus.skipped:
        raise ReadError(corpus.skipped[0].source, corpus.skipped[0].message, "Give a table with one row per segment.")
    segments = segment(corpus, unit="turn")
    attributes = {
        f"{document.id}": [{**document.attributes, **turn.attributes} for turn in document.turns] for document in corpus
    }
    cells = [attributes[row["document"]][row["turn"]] for row in segments.to_dict("records")]
    wanted = list(columns) if codebook is None else [group.id for group in codebook.groups]
    known = {column for cell in cells for column in cell}
    if missing := [column for column in wanted if column not in known]:
        msg = f"There is no column {missing[0]!r}. There are: {', '.join(sorted(known))}."
        raise OptionError(msg)
    given = [{column: _codes(cell.get(column, "")) for column in wanted} for cell in cells]
    last = max((row for row, codes in enumerate(given) if any(codes.values())), default=-1)
    if last < 0:
        msg = f"No row has a code in {', '.join(wanted)}. Code some rows first."
        raise OptionError(msg)
    if codebook is None:
        codebook = Codebook(name, 1, tuple(_group(column, given) for column in wanted))
    read = segments.iloc[: last + 1]
    rows = [
        {
            "document": row["document"], "segment": row["segment"], "start": row["start"], "end": row["end"],
            "group": group, "code": code, "coder": PERSON, "status": "accepted", "score": 1.0, "uncertain": False,
            "evidence": "", "run": "",
        }
        for row, codes in zip(read.to_dict("records"), given, strict=False)
        for group, named in codes.items()
        for code in named
    ]  # fmt: skip
    return CodedRows(codebook, read, segments.iloc[last + 1 :], make_table(rows, CODINGS))


def _codes(cell: str) -> list[str]:
    return list(dict.fromkeys(code.strip() for code in cell.split(";") if code.strip()))


def _group(column: str, given: Sequence[dict[str, list[str]]]) -> Group:
    """Group of the codes that stand in a column."""
    names = sorted({code for codes in given for code in codes[column]})
    codes = tuple(Code(name, column, {"nl": name, "en": name}) for name in names)
    return Group(column, {"nl": column, "en": column}, codes)
