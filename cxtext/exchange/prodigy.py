"""Codings for Prodigy: one example per document and coder, with spans."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cxtext.exchange.chosen import chosen_codings
from cxtext.exchange.codings_tables import write_json_lines
from cxtext.exchange.formats import ExportOptions, exporter
from cxtext.exchange.refi.report import ExchangeReport, Ledger

if TYPE_CHECKING:
    from cxtext.project import Project


@exporter("prodigy", ".jsonl")
def export_examples(project: Project, path: Path, options: ExportOptions) -> ExchangeReport:
    """Write examples for the recipe ``spans.manual``: their labels are ``group/code``, their places code points.

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
    texts = {document.id: document.text for document in project.corpus()}
    examples = []
    codings = chosen_codings(project, options, ledger)
    for (document, coder), rows in codings.groupby(["document", "coder"], sort=False):
        spans = [
            {"start": row["start"], "end": row["end"], "label": f"{row['group']}/{row['code']}", "id": row["coding"]}
            for row in rows.to_dict("records")
        ]
        examples.append({
            "text": texts[str(document)], "spans": spans, "answer": "accept", "_annotator_id": coder,
            "meta": {"document": document, "coder": coder},
        })  # fmt: skip
    write_json_lines(path, examples)
    ledger.kept("span", len(codings))
    return ledger.report()
