"""Codings for spaCy: documents with span groups, as one ``DocBin``."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cxtext.exchange.chosen import chosen_codings
from cxtext.exchange.formats import ExportOptions, exporter
from cxtext.exchange.refi.report import ExchangeReport, Ledger
from cxtext.files import write_file

if TYPE_CHECKING:
    from cxtext.project import Project

#: what is told of a coding in ``doc.user_data["cxtext"]["codings"]``, by group and in the order of its spans
_TOLD = ("coding", "start", "end", "code", "coder", "status")
_WIDER = "it begins or ends within a token; its span is wider, and its exact place is in user_data"


@exporter("spacy", ".spacy")
def export_docs(project: Project, path: Path, options: ExportOptions) -> ExchangeReport:
    """Write all documents, with a span group per group of codes.

    A span is made of tokens; where a coding begins or ends within one, the span is wider. The exact places are in
    ``doc.user_data["cxtext"]``.

    Parameters
    ----------
    project : Project
    path : pathlib.Path
    options : ExportOptions

    Returns
    -------
    ExchangeReport
        How many spans are wider than their coding.
    """
    import spacy
    from spacy.tokens import DocBin, SpanGroup

    blank = cache(spacy.blank)
    ledger = Ledger()
    codings: defaultdict[str, defaultdict[str, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    for coding in chosen_codings(project, options, ledger).to_dict("records"):
        codings[coding["document"]][coding["group"]].append({str(name): value for name, value in coding.items()})
    docs, exact = DocBin(store_user_data=True), 0
    for document in project.corpus():
        nlp = blank(document.language or "nl")
        nlp.max_length = max(nlp.max_length, len(document.text) + 1)
        doc = nlp.make_doc(document.text)
        told: dict[str, list[dict[str, Any]]] = {}
        for group, rows in codings[document.id].items():
            spans, placed = [], []
            for row in rows:
                span = doc.char_span(row["start"], row["end"], label=row["code"], alignment_mode="expand")
                if span is None:
                    why = "it lies between two tokens, on a space alone"
                    ledger.add("dropped", "span", why, name=document.id, guid=row["coding"])
                    continue
                place = f"{span.start_char}-{span.end_char}"
                if (own := f"{row['start']}-{row['end']}") == place:
                    exact += 1
                else:
                    detail = f"{own} to {place}"
                    ledger.add("changed", "span", _WIDER, name=document.id, guid=row["coding"], detail=detail)
                spans.append(span)
                placed.append({name: row[name] for name in _TOLD})
            doc.spans[group] = SpanGroup(doc, name=group, spans=spans)
            told[group] = placed
        doc.user_data["cxtext"] = {"document": document.id, "codings": told}
        docs.add(doc)
    write_file(path, lambda part: part.write_bytes(docs.to_bytes()))
    ledger.kept("document", len(docs))
    ledger.kept("span", exact)
    return ledger.report()
