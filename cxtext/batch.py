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
#: the first piece is smaller, so that the first rows come soon
FIRST_CHUNK = 20
_SEGMENT = ("document", "segment", "speaker", "start", "end", "text")
_CODING = ("group", "code", "coder", "score", "uncertain", "evidence")

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
    model: str = "standard"
    workers: int = 0


def tag_batch(
    paths: Sequence[str | Path],
    options: Options | None = None,
    *,
    reading: ReadOptions | None = None,
    notice: Callable[[Notice], None] = lambda notice: None,
    change: Callable[[Document], Document] | None = None,
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
    change : callable, optional
        What is done with each document before it is tagged (pseudonymisation).

    Yields
    ------
    dict
        The columns of the input, then those of `own_columns`. Codes of a group are lists, or one code or None where
        the group allows one; ``uncertain`` lists the codes that are more likely wrong than right; ``scores`` maps
        ``group/code`` to a probability.
    """
    options = options or Options()
    reading = replace(reading or ReadOptions(), keep_all_rows=True)
    documents = _documents(paths, reading, notice)
    if change:
        documents = map(change, documents)
    chunks = _chunks(documents if options.unit == "row" else _answered(documents, notice), options.unit)
    workers = options.workers or os.cpu_count() or 1
    for chunk in islice(chunks, 1):
        yield from tag_documents(chunk, options)
    first = list(islice(chunks, 2))
    if workers == 1 or len(first) < 2:
        for chunk in chain(first, chunks):
            yield from tag_documents(chunk, options)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        running: deque[Future[list[Row]]] = deque()
        for chunk in chain(first, chunks):
            running.append(pool.submit(tag_documents, chunk, replace(options, workers=1)))
            if len(running) > 2 * workers:
                yield from running.popleft().result()
        while running:
            yield from running.popleft().result()


def output_columns(paths: Sequence[str | Path], options: Options, reading: ReadOptions | None = None) -> list[str]:
    """Names of the columns of the output: those of the first document of each file, then `own_columns`.

    Parameters
    ----------
    paths : sequence of paths
    options : Options
    reading : ReadOptions, optional

    Returns
    -------
    list of str
    """
    own = own_columns(options)
    reading = replace(reading or ReadOptions(), keep_all_rows=True)
    names: dict[str, None] = {}
    last = None
    for document in _documents(paths, reading, lambda notice: None):
        if document.source != last or document.kind == "interview":
            last = document.source
            names.update(dict.fromkeys(_attributes(document, document.turns[0], options)) if document.turns else {})
    return [*names, *own]


def own_columns(options: Options) -> list[str]:
    """Columns of the output after those of the input: with ``long`` one row per coding, else one per segment."""
    if options.long:
        return [*_SEGMENT, *_CODING]
    tagger = _load(options.model, options.workers)
    groups = list(tagger.groups)
    if tagger.has_valence:
        groups.insert(groups.index("sentiment") + 1, "valence")
    return [*_SEGMENT, *groups, "uncertain", "scores"]


def tag_documents(documents: Sequence[Document], options: Options) -> list[Row]:
    """Tag some documents; see `tag_batch`."""
    from cxtext.segmentation import segment

    segments = segment(documents, unit="turn" if options.unit == "row" else "sentence")
    tagger = _load(options.model, options.workers)
    tags = tagger.tag(segments, evidence=options.long)
    by_id = {document.id: document for document in documents}
    given: dict[str, list[Row]] = {}
    for coding in tags.codings.to_dict("records"):
        given.setdefault(coding["segment"], []).append({str(name): value for name, value in coding.items()})
    rows: list[Row] = []
    paths = [column for column in tags.scores.columns if "/" in column]
    scores = tags.scores[paths].to_numpy().tolist()
    valence = tags.scores["valence"].tolist() if tagger.has_valence else []
    for at, seg in enumerate(segments.to_dict("records")):
        document = by_id[seg["document"]]
        codings = given.get(seg["segment"], [])
        row = _attributes(document, document.turns[seg["turn"]], options)
        row |= {name: seg[name] for name in _SEGMENT}
        if options.long:
            rows += [row | {name: coding[name] for name in _CODING} for coding in codings]
            continue
        for group, several in tagger.groups.items():
            codes = [c["code"] for c in codings if c["group"] == group]
            row[group] = codes if several else next(iter(codes), None)
            if group == "sentiment" and valence:
                row["valence"] = valence[at]
        row["uncertain"] = [f"{c['group']}/{c['code']}" for c in codings if c["uncertain"]]
        rows.append(row | {"scores": dict(zip(paths, scores[at], strict=True))})
    return rows


@cache
def _load(model: str, threads: int) -> Any:
    from cxtext.tag import Tagger

    return Tagger.load(model, threads=threads)


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
    size, enough = 0, FIRST_CHUNK
    for document in documents:
        chunk.append(document)
        size += len(document.turns) if unit == "row" else 1 + len(document.text) // 80
        if size >= enough:
            yield chunk
            chunk, size, enough = [], 0, CHUNK
    if chunk:
        yield chunk


def _attributes(document: Document, turn: Turn, options: Options) -> Row:
    """Input columns of a segment under their output names; with the whole answer, where it is split."""
    values = {**document.attributes, **turn.attributes}
    if options.unit == "sentence" and "text" in document.columns:
        values[document.columns["text"]] = document.text[turn.start : turn.end]
    return {attribute_name(name, _reserved(options)): value for name, value in values.items()}


@cache
def _reserved(options: Options) -> tuple[str, ...]:
    """Names that a column of the input cannot keep: the same for both forms of the output."""
    return tuple({*own_columns(replace(options, long=False)), *_CODING})


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
