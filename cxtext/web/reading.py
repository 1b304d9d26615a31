"""What the page reads: the study, its texts, what changed, and hits of a search."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cxtext import palette
from cxtext.codebook import Codebook
from cxtext.project import Project
from cxtext.project.outline import changes_since, list_documents, list_memos, read_texts
from cxtext.project.search import search
from cxtext.web.answers import Given
from cxtext.web.roles import allowed

#: most hits of a search that are shown
MOST_HITS = 200


def study(project: Project, given: Given) -> Mapping[str, Any]:
    """The study without its texts: documents, codebook, coders."""
    settings = project.settings
    return {
        "id": project.id,
        "number": project.number,
        "name": project.name,
        "language": settings.get("report_language") or settings.get("language") or "",
        "blind": bool(settings.get("blind")),
        "coder": project.coder,
        "coders": project.coders,
        "role": project.role or "",
        "may": allowed(project.role),
        "documents": list_documents(project, seen_by=project.seen_by),
        "codebook": codebook_of(project.codebook),
    }


def texts(project: Project, given: Given) -> Mapping[str, Any]:
    """One document (``document``), or all survey answers of a file (``source``), with everything on it."""
    document, source = given.get("document", str, ""), given.get("source", str, "")
    number, found = read_texts(
        project, documents=[document] if document else (), source=source, seen_by=project.seen_by
    )
    return {"number": number, "documents": found}


def changes(project: Project, given: Given) -> Mapping[str, Any]:
    """What changed after an entry of the log (``since``)."""
    return changes_since(project, given.get("since", int), seen_by=project.seen_by)


def hits(project: Project, given: Given) -> Mapping[str, Any]:
    """Places where words (``words``) are said, with what stands around them."""
    found = search(project, given.get("words", str), limit=MOST_HITS, seen_by=project.seen_by)
    columns = ["document", "name", "speaker", "start", "end", "match", "text_start", "text", "codes"]
    return {"hits": found[columns].to_dict("records"), "most": MOST_HITS}


def memos(project: Project, given: Given) -> Mapping[str, Any]:
    """All memos: on the study, on codes, on documents and on codings, with the place of these."""
    return {"memos": list_memos(project, seen_by=project.seen_by)}


def codebook_of(codebook: Codebook) -> dict[str, Any]:
    """A codebook with a colour for every code."""
    depth = {code.path: at for at, code in codebook.walk()}
    chosen = {f"kind/{id}": colour for id, colour in palette.KINDS.items()}
    turn = {code.path: at for at, code in enumerate(codebook)}
    groups = [
        {
            "id": group.id, "names": dict(group.names), "exclusive": group.exclusive,
            "experimental": group.experimental,
            "codes": [
                {
                    "path": code.path, "id": code.id, "names": dict(code.names), "definitions": dict(code.definitions),
                    "examples": code.examples, "counter_examples": code.counter_examples, "parent": code.parent,
                    "depth": depth.get(code.path, 0), "own_colour": code.colour,
                    "colour": code.colour or chosen.get(code.path)
                    or palette.CODES[turn[code.path] % len(palette.CODES)],
                }
                for code in group.codes
            ],
        }
        for group in codebook.groups
    ]  # fmt: skip
    return {"name": codebook.name, "version": codebook.version, "groups": groups}
