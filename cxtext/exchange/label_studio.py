"""Codings to and from Label Studio, as a list of tasks in JSON."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cxtext.errors import ReadError
from cxtext.exchange.chosen import chosen_codings
from cxtext.exchange.formats import ExportOptions, ImportOptions, exporter, importer
from cxtext.exchange.merging import TableRow, apply_rows, printable
from cxtext.exchange.refi.report import ExchangeReport, Ledger
from cxtext.files import write_file
from cxtext.ingest.decoding import read_text
from cxtext.ingest.options import ReadOptions

if TYPE_CHECKING:
    from cxtext.project import Project

_ADVICE = "Export it from Label Studio again, as JSON."


@exporter("label-studio", ".json")
def export_tasks(project: Project, path: Path, options: ExportOptions) -> ExchangeReport:
    """Write one task per document: an annotation per coder, a prediction for suggestions.

    The labelling setup needs a ``<Text name="text" value="$text"/>`` and, per group of codes,
    ``<Labels name="GROUP" toName="text">`` with its codes.

    Parameters
    ----------
    project : Project
    path : pathlib.Path
    options : ExportOptions

    Returns
    -------
    ExchangeReport
    """
    ledger = Ledger()
    codings = chosen_codings(project, options, ledger)
    by_document: defaultdict[str, defaultdict[tuple[str, str], list[dict[str, Any]]]]
    by_document = defaultdict(lambda: defaultdict(list))
    texts = {document.id: document.text for document in project.corpus()}
    for row in codings.to_dict("records"):
        region = {
            "id": row["coding"], "from_name": row["group"], "to_name": "text", "type": "labels",
            "value": {
                "start": row["start"], "end": row["end"], "labels": [row["code"]],
                "text": texts[row["document"]][row["start"] : row["end"]],
            },
            "meta": {"text": [row["coder"]]},
        }  # fmt: skip
        by_document[row["document"]][row["status"], row["coder"]].append(region)
    tasks = [
        {
            "id": number,
            "data": {"text": text, "document": id},
            "annotations": [{"result": r} for (status, _), r in by_document[id].items() if status == "accepted"],
            "predictions": [
                {"model_version": coder, "result": r}
                for (status, coder), r in by_document[id].items()
                if status == "suggested"
            ],
        }
        for number, (id, text) in enumerate(texts.items(), 1)
    ]
    content = json.dumps(tasks, ensure_ascii=False, indent=1).encode()
    write_file(path, lambda part: part.write_bytes(content))
    ledger.kept("task", len(tasks))
    ledger.kept("region", len(codings))
    return ledger.report()


@importer("label-studio", ".json")
def import_tasks(project: Project, path: Path, options: ImportOptions) -> ExchangeReport:
    """Take the annotations of Label Studio: regions of the study are compared, others are added.

    Versions of Label Studio count positions in code points or in UTF-16 units; which it is, the text of each region
    tells. A task is of the document that ``data.document`` names, where that has its text; else of the only document
    with its text.

    Parameters
    ----------
    project : Project
    path : pathlib.Path
        As exported by Label Studio, in the format JSON.
    options : ImportOptions

    Returns
    -------
    ExchangeReport

    Raises
    ------
    ReadError
        It is no list of tasks.
    """
    text, _ = read_text(path, ReadOptions())
    try:
        tasks = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ReadError(str(path), f"it is no JSON ({error})", _ADVICE) from error
    if not isinstance(tasks, list) or not all(isinstance(_in(task, "data"), dict) for task in tasks):
        raise ReadError(str(path), "it is no list of tasks", _ADVICE)
    ledger = Ledger()
    rows = list(_rows(tasks, {document.id: document.text for document in project.corpus()}, ledger))
    apply_rows(project, rows, options, ledger, file=path.name)
    return ledger.report()


def _rows(tasks: list[Any], texts: Mapping[str, str], ledger: Ledger) -> Iterator[TableRow]:
    of_text: defaultdict[str, list[str]] = defaultdict(list)
    for id, text in texts.items():
        of_text[text].append(id)
    for number, task in enumerate(tasks, 1):
        text, named = _in(task, "data", "text"), _in(task, "data", "document")
        same = of_text.get(text, []) if isinstance(text, str) else []
        same = [named] if named in same else same
        document = same[0] if len(same) == 1 else ""
        unknown = "it is no label on a stretch of a document of the study"
        if len(same) > 1:
            unknown = "several documents have the text of its task, and its data.document names none of them"
        for holder, status in (("annotations", "accepted"), ("predictions", "suggested")):
            for annotation in _list(_in(task, holder)):
                if _in(annotation, "was_cancelled"):
                    ledger.add("dropped", "annotation", "it was skipped by the annotator", name=f"task {number}")
                    continue
                for region in _list(_in(annotation, "result")):
                    labels = _list(_in(region, "value", "labels"))
                    place = _place(text, region) if document else None
                    if place is None or not labels:
                        why = "it is no label on a stretch of a document of the study" if document else unknown
                        guid = printable(str(_in(region, "id") or ""))
                        ledger.add("dropped", "region", why, name=f"task {number}", guid=guid)
                        continue
                    for at, label in enumerate(labels):
                        values = {
                            "coding": str(_in(region, "id") or "") if at == 0 else "", "document": document,
                            "start": str(place[0]), "end": str(place[1]), "group": str(_in(region, "from_name")),
                            "code": str(label), "status": status, "coder": _coder(annotation, region),
                        }  # fmt: skip
                        yield TableRow(number, values)


def _place(text: str, region: object) -> tuple[int, int] | None:
    """Place of a region in code points: the way of counting in which it holds its own text."""
    start, end, said = (_in(region, "value", name) for name in ("start", "end", "text"))
    if not (isinstance(start, int) and isinstance(end, int) and 0 <= start < end):
        return None
    if said is None or text[start:end] == said:
        return start, end
    units = {unit: at for at, unit in enumerate(accumulate((1 + (ord(c) > 0xFFFF) for c in text), initial=0))}
    if start in units and end in units and text[units[start] : units[end]] == said:
        return units[start], units[end]
    return None


def _coder(annotation: object, region: object) -> str:
    meta = _list(_in(region, "meta", "text"))
    by = _in(annotation, "completed_by")
    named = [
        *meta,
        _in(by, "email"),
        _in(annotation, "model_version"),
        f"annotator {by}" if isinstance(by, int) else "",
    ]
    return next((name for name in named if isinstance(name, str) and name), "")


def _in(value: object, *names: str) -> Any:
    """What a value of JSON holds under names; None where there is nothing."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
