"""Labelled training text: the files of ``models/training`` as segments with their codes.

A document starts with ``## id=... lang=nl style=interview org=energy``; ``? `` begins a question of the interviewer;
every other line is one sentence with its codes: ``text | kind | emotion | sentiment | phase | channel | principle``,
several codes joined by commas, ``-`` for none.

Text of others does not stand in these files: a document with ``source=FILE column=NAME row=N`` (spaces in the name of
the column as ``_``) gives the place of each sentence, ``@start:end``, in a cell of a csv file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from random import Random

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxtext.codebook import Codebook, load_codebook
from cxtext.errors import ReadError
from cxtext.tables import SEGMENTS, make_table

FIELDS = ("kind", "emotion", "sentiment", "phase", "channel", "principle")


@dataclass(frozen=True)
class Examples:
    """Labelled segments.

    Attributes
    ----------
    segments : pandas.DataFrame
        `cxtext.tables.SEGMENTS`.
    labels : pandas.DataFrame
        One boolean column per code path, rows as in `segments`.
    sources : dict of str to str
        File name to the SHA-256 of its content.
    """

    segments: pd.DataFrame
    labels: pd.DataFrame
    sources: dict[str, str]

    def __len__(self) -> int:
        return len(self.segments)

    def split(self, share: float, seed: int) -> tuple[Examples, Examples]:
        """Part the documents at random: a share of them, and the others; added text hardly changes the sides."""
        documents = self.segments["document"]
        names = sorted(documents.unique(), key=lambda name: Random(f"{seed} {name}").random())
        chosen = documents.isin(names[: max(1, round(share * len(names)))]).to_numpy()
        return self.where(chosen), self.where(~chosen)

    def where(self, chosen: NDArray[np.bool_]) -> Examples:
        """Some of the segments; shape of `chosen` (n,)."""
        return Examples(
            self.segments[chosen].reset_index(drop=True), self.labels[chosen].reset_index(drop=True), self.sources
        )


def read_examples(paths: Iterable[Path], codebook: Codebook | None = None, *, texts: Path | None = None) -> Examples:
    """Read training files.

    Parameters
    ----------
    paths : iterable of pathlib.Path
        Files, or folders that are searched for ``*.txt``.
    codebook : Codebook, optional
        The default codebook where it is left out.
    texts : pathlib.Path, optional
        Folder of the text of others; without it documents of such text are left out, and not among the sources.

    Returns
    -------
    cxtext.tag.examples.Examples

    Raises
    ------
    ReadError
        A line has not the right form or names a code that is not in the codebook.
    """
    codes = [code.path for code in codebook or load_codebook()]
    rows: list[dict[str, object]] = []
    labels: list[set[str]] = []
    sources: dict[str, str] = {}
    files = sorted(file for path in paths for file in (path.rglob("*.txt") if path.is_dir() else [path]))
    cells = _Cells(texts)
    for file in files:
        content = file.read_text(encoding="utf-8")
        before = len(rows)
        document, language, prompt, position, cell, skipped = "", "", "", 0, None, False
        for number, line in enumerate(content.splitlines(), 1):
            where = f"{file}, line {number}"
            if line.startswith("## "):
                head = _head(line, where)
                document, language, prompt, position = head["id"], head["lang"], "", 0
                cell = cells.find(head, where) if "source" in head else None
                skipped = "source" in head and cell is None
            elif line.startswith("? "):
                prompt = line[2:].strip()
            elif line.strip() and not skipped:
                text, named = _parse(line, codes, where)
                if cell is not None:
                    text = " ".join(cell[slice(*map(int, text.removeprefix("@").split(":")))].split())
                rows.append({
                    "segment": f"{document}:{position + 1}", "document": document, "case": document,
                    "position": position, "turn": 0, "speaker": "", "role": "respondent", "start": 0,
                    "end": len(text), "text": text, "time_start": None, "time_end": None, "language": language,
                    "prompt": prompt,
                })  # fmt: skip
                labels.append(named)
                position += 1
        if len(rows) > before:
            sources[file.name] = hashlib.sha256(content.encode()).hexdigest()
    sources |= cells.sources
    table = pd.DataFrame([[code in named for code in codes] for named in labels], columns=codes, dtype=bool)
    return Examples(make_table(rows, SEGMENTS), table, sources)


def _head(line: str, where: str) -> dict[str, str]:
    parts = [part.split("=", 1) for part in line[3:].split()]
    head = {part[0]: part[1] for part in parts if len(part) == 2}
    if len(head) < len(parts) or not {"id", "lang"} <= head.keys():
        problem = "it does not begin a document"
        raise ReadError(where, problem, "Write '## id=... lang=...', further parts as name=value without spaces.")
    return head


class _Cells:
    """Cells of csv files in a folder."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self.sources: dict[str, str] = {}
        self._files: dict[str, pd.DataFrame] = {}

    def find(self, head: Mapping[str, str], where: str) -> str | None:
        """Text of the cell that a header names, without white space around it; None without a folder."""
        if self.folder is None:
            return None
        name = head["source"]
        try:
            if name not in self._files:
                content = (self.folder / name).read_bytes()
                self.sources[name] = hashlib.sha256(content).hexdigest()
                self._files[name] = pd.read_csv(BytesIO(content), dtype=str, keep_default_na=False)
            return str(self._files[name][head["column"].replace("_", " ")].iloc[int(head["row"])]).strip()
        except (OSError, KeyError, IndexError, ValueError) as error:
            problem = f"its text is not in {self.folder / name} ({error!r})"
            raise ReadError(where, problem, "Give the folder that holds it.") from error


def _parse(line: str, codes: list[str], where: str) -> tuple[str, set[str]]:
    text, *fields = (part.strip() for part in line.split("|"))
    if len(fields) != len(FIELDS):
        raise ReadError(where, f"it has {len(fields)} fields of codes", f"Give {len(FIELDS)}: {', '.join(FIELDS)}.")
    named = {
        f"{group}/{code.strip()}"
        for group, field in zip(FIELDS, fields, strict=True)
        for code in field.split(",")
        if code.strip() != "-"
    }
    if unknown := named - set(codes):
        raise ReadError(where, f"unknown codes {', '.join(sorted(unknown))}", "Use the codes of the codebook.")
    return text, named
