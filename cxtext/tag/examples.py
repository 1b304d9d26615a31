"""Labelled training text: the files of ``models/training`` as segments with their codes.

A document starts with ``## id=... lang=nl style=interview org=energy``; ``? `` begins a question of the interviewer;
every other line is one sentence with its codes: ``text | kind | emotion | sentiment | phase | channel | principle``,
several codes joined by commas, ``-`` for none.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

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


def read_examples(paths: Iterable[Path], codebook: Codebook | None = None) -> Examples:
    """Read training files.

    Parameters
    ----------
    paths : iterable of pathlib.Path
        Files, or folders that are searched for ``*.txt``.
    codebook : Codebook, optional
        The default codebook where it is left out.

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
    for file in files:
        content = file.read_text(encoding="utf-8")
        sources[file.name] = hashlib.sha256(content.encode()).hexdigest()
        document, language, prompt, position = "", "", "", 0
        for number, line in enumerate(content.splitlines(), 1):
            where = f"{file}, line {number}"
            if line.startswith("## "):
                head = dict(part.split("=", 1) for part in line[3:].split())
                document, language, prompt, position = head["id"], head["lang"], "", 0
            elif line.startswith("? "):
                prompt = line[2:].strip()
            elif line.strip():
                text, named = _parse(line, codes, where)
                rows.append({
                    "segment": f"{document}:{position + 1}", "document": document, "case": document,
                    "position": position, "turn": 0, "speaker": "", "role": "respondent", "start": 0,
                    "end": len(text), "text": text, "time_start": None, "time_end": None, "language": language,
                    "prompt": prompt,
                })  # fmt: skip
                labels.append(named)
                position += 1
    table = pd.DataFrame([[code in named for code in codes] for named in labels], columns=codes, dtype=bool)
    return Examples(make_table(rows, SEGMENTS), table, sources)


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
