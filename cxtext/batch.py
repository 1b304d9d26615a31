"""Batch tagging: files of any size in, one row per segment (or coding) out, without ever holding them all."""

from __future__ import annotations

import json
import os
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain, islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Literal

from cxtext.ingest import ReadOptions, read_documents
from cxtext.records import Document, Notice, Turn
from cxtext.tables import attribute_name

Unit = Literal["sentence", "row"]

#: segments of one piece of work; documents are not cut, so that they keep their context
CHUNK = 400
GROUPS = {"kind": True, "emotion": True, "sentiment": False, "phase": False, "channel": True, "principle": True}
#: columns of the output after those of the input; groups with several codes are lists in jsonl
COLUMNS = (
    "document", "segment", "speaker", "start", "end", "text", "kind", "emotion", "sentiment", "valence", "phase",
    "channel", "principle", "scores",
)  # fmt: skip
LONG_COLUMNS = (
    "document", "segment", "speaker", "start", "end", "text", "group", "code", "coder", "score", "evidence",
)  # fmt: skip

Row = dict[str, Any]


@dataclass(frozen=True)
class Options:
    """How to tag a batch.

    Attributes
    ----------
    unit : {"sentence", "row"}
        Split answers into sentences, or take each row as one segment.
    long : bool
        One row per coding with its evidence, in place of one row per segment.
    model : str
        Name of a model, or its folder.
    workers : int
        Processes; 0 is one per core.
    """

    unit: Unit = "sentence"
    long: bool = False
    model: str = "default"
    workers: int = 0


def tag_batch(
    paths: Sequence[str | Path],
    options: Options | None = None,
    *,
    reading: ReadOptions | None = None,
    notice: Callable[[Notice], None] = lambda notice: None,
) -> Iterator[Row]:
    """Tag files.

    Parameters
    ----------
    paths : sequence of paths
    options : Options, optional
    reading : ReadOptions, optional
        What is known about the files; rows without an answer are kept always.
    notice : callable
        Told of every file that was skipped and every row that was left out.

    Yields
    ------
    dict
        The columns of the input, then `COLUMNS` (or `LONG_COLUMNS`). Codes of a group are lists; ``sentiment`` and
        ``phase`` one code or None; ``scores`` maps ``group/code`` to a probability.
    """
    options = options or Options()
    reading = replace(reading or ReadOptions(), keep_all_rows=True)
    documents = _documents(paths, reading, notice)
    chunks = _chunks(documents if options.unit == "row" else _answered(documents, notice), options.unit)
    first = list(islice(chunks, 2))
    workers = options.workers or os.cpu_count() or 1
    if workers == 1 or len(first) < 2:
        for chunk in chain(first, chunks):
            yield from tag_documents(chunk, options)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        running: deque[Future[list[Row]]] = deque()
        for chunk in chain(first, chunks):
            running.append(pool.submit(tag_documents, chunk, options))
            if len(running) > 2 * workers:
                yield from running.popleft().result()
        while running:
            yield from running.popleft().result()


def input_columns(
    paths: Sequence[str | Path], reading: ReadOptions | None = None, *, unit: Unit = "sentence"
) -> list[str]:
    """Names that the input's columns get in the output, from the first document of each file.

    Parameters
    ----------
    paths : sequence of paths
    reading : ReadOptions, optional
    unit : {"sentence", "row"}

    Returns
    -------
    list of str
    """
    reading = replace(reading or ReadOptions(), keep_all_rows=True)
    names: dict[str, None] = {}
    last = None
    for document in _documents(paths, reading, lambda notice: None):
        if document.source != last or document.kind == "interview":
            last = document.source
            names.update(dict.fromkeys(_attributes(document, document.turns[0], unit)) if document.turns else {})
    return list(names)


def tag_documents(documents: Sequence[Document], options: Options) -> list[Row]:
    """Tag some documents; see `tag_batch`."""
    from cxtext.segmentation import segment

    segments = segment(documents, unit="turn" if options.unit == "row" else "sentence")
    tags = _load(options.model).tag(segments)
    by_id = {document.id: document for document in documents}
    given: dict[str, list[Row]] = {}
    for coding in tags.codings.to_dict("records"):
        given.setdefault(coding["segment"], []).append({str(name): value for name, value in coding.items()})
    rows: list[Row] = []
    paths = [column for column in tags.scores.columns if "/" in column]
    columns = (tags.scores[paths].to_numpy().tolist(), tags.scores["valence"].tolist())
    for at, seg in enumerate(segments.to_dict("records")):
        document = by_id[seg["document"]]
        codings = given.get(seg["segment"], [])
        row = _attributes(document, document.turns[seg["turn"]], options.unit)
        row |= {name: seg[name] for name in ("document", "segment", "speaker", "start", "end", "text")}
        if options.long:
            rows += [row | {n: c[n] for n in ("group", "code", "coder", "score", "evidence")} for c in codings]
            continue
        for group, several in GROUPS.items():
            codes = [c["code"] for c in codings if c["group"] == group]
            row[group] = codes if several else next(iter(codes), None)
            if group == "sentiment":
                row["valence"] = columns[1][at]
        rows.append(row | {"scores": dict(zip(paths, columns[0][at], strict=True))})
    return rows


@cache
def _load(model: str) -> Any:
    from cxtext.tag import Tagger

    return Tagger.load(model)


def _documents(
    paths: Sequence[str | Path], reading: ReadOptions, notice: Callable[[Notice], None]
) -> Iterator[Document]:
    for item in read_documents(paths, reading):
        if isinstance(item, Document):
            yield item
        else:
            notice(item)


def _answered(documents: Iterable[Document], notice: Callable[[Notice], None]) -> Iterator[Document]:
    """Leave out and count documents without text: they have no sentence."""
    empty: Counter[str] = Counter()
    for document in documents:
        if document.text.strip():
            yield document
        else:
            empty[document.source] += 1
    for source, count in empty.items():
        notice(Notice(source, f"Empty answers, which give no row: {count}. With --unit row they do."))


def _chunks(documents: Iterable[Document], unit: Unit) -> Iterator[list[Document]]:
    chunk: list[Document] = []
    size = 0
    for document in documents:
        chunk.append(document)
        size += len(document.turns) if unit == "row" else 1 + len(document.text) // 80
        if size >= CHUNK:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _attributes(document: Document, turn: Turn, unit: Unit) -> Row:
    """Input columns of a segment under their output names; with the whole answer, where it is split."""
    values = {**document.attributes, **turn.attributes}
    if unit == "sentence" and "text" in document.columns:
        values[document.columns["text"]] = document.text[turn.start : turn.end]
    return {attribute_name(name, (*COLUMNS, *LONG_COLUMNS)): value for name, value in values.items()}


def flatten(row: Row) -> Row:
    """Row for a table: codes joined by ``;``, scores as JSON, nothing missing.

    Examples
    --------
    >>> flatten({"kind": ["pain", "need"], "phase": None, "scores": {"kind/pain": 0.9}})
    {'kind': 'pain;need', 'phase': '', 'scores': '{"kind/pain": 0.9}'}
    """
    return {name: _flat(value) for name, value in row.items()}


def _flat(value: Any) -> Any:
    if isinstance(value, list):
        return ";".join(value)
    if isinstance(value, dict):
        return json.dumps(value)
    return "" if value is None else value
