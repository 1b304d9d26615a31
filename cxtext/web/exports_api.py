"""What leaves the study: files as `cxtext run` and `cxtext export` write them, and what to look at before that."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cxtext.errors import OptionError
from cxtext.project import Project
from cxtext.web.analysis import analyses_of, base_of
from cxtext.web.answers import Given
from cxtext.web.shelf import shelf_of

#: least number of respondents behind what is handed on
SHARED_FROM = 5
_HTML = "text/html"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Export:
    """A file that can be had.

    Attributes
    ----------
    file : str
        End of its name.
    kind : str
        Its media type.
    write : callable
        ``write(project, folder, given)`` gives the file and what it has no place for.
    """

    file: str
    kind: str
    write: Callable[[Project, Path, Given], tuple[Path, list[str]]]


def _report(name: str, format: str, *, below: int = 0) -> Callable[[Project, Path, Given], tuple[Path, list[str]]]:
    from cxtext.report import write_report

    def write(project: Project, folder: Path, given: Given) -> tuple[Path, list[str]]:
        study = analyses_of(project).wait(project, base_of(project))
        language = given.get("language", str, "nl")
        written = write_report(study, folder, language=language, formats=[format], suppress_below=below)
        return written[name], []

    return write


def _exchange(suffix: str) -> Callable[[Project, Path, Given], tuple[Path, list[str]]]:
    def write(project: Project, folder: Path, given: Given) -> tuple[Path, list[str]]:
        from cxtext.exchange import ExportOptions, export_study

        path = folder / f"study{suffix}"
        own = () if project.seen_by is None else (project.coder,)
        report = export_study(project, path, options=ExportOptions(coders=own))
        lost = [f"{row.element}: {row.why}" for row in report.rows if row.outcome in ("dropped", "changed")]
        return path, list(dict.fromkeys(lost))

    return write


EXPORTS: dict[str, Export] = {
    "report": Export("report.html", _HTML, _report("report.html", "html")),
    "shared": Export("report-to-share.html", _HTML, _report("report.html", "html", below=SHARED_FROM)),
    "tables": Export("report.xlsx", _XLSX, _report("codings.xlsx", "xlsx")),
    "qdpx": Export("study.qdpx", "application/zip", _exchange(".qdpx")),
    "qdc": Export("codebook.qdc", "application/xml", _exchange(".qdc")),
    "codings": Export("codings.xlsx", _XLSX, _exchange(".xlsx")),
}


def export(project: Project, given: Given) -> tuple[str, str, bytes, list[str]]:
    """Name, media type and content of a file (``what``), and what it has no place for.

    In a blind study it holds what the coder at work may see.

    Raises
    ------
    OptionError
        There is no such file.
    """
    what = given.get("what", str)
    if what not in EXPORTS:
        raise OptionError(f"{what!r} cannot be exported. Choose one of {', '.join(EXPORTS)}.")
    chosen = EXPORTS[what]
    with tempfile.TemporaryDirectory() as folder:
        path, lost = chosen.write(project, Path(folder), given)
        content = path.read_bytes()
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", Path(project.name).stem).strip("-.") or "study"
    return f"{name}-{chosen.file}", chosen.kind, content, lost


def privacy(project: Project, given: Given) -> Mapping[str, Any]:
    """Coded segments that may hold personal data, or a term of a special category: what to look at before sharing."""
    base = base_of(project)
    return shelf_of(project).get(("privacy", base.version), lambda: _privacy(project))


def _privacy(project: Project) -> dict[str, Any]:
    from cxtext.privacy.detection import find_personal_data
    from cxtext.privacy.words import lists, pattern

    base = base_of(project)
    special = {group: pattern(f"special_{group}") for group in lists()["special"]}
    coded = base.segments[base.segments["segment"].isin(base.coded["segment"])]
    rows = []
    for row in coded.to_dict("records"):
        found: list[dict[str, Any]] = [
            {"start": one.start, "end": one.end, "kind": one.kind, "sure": one.sure}
            for one in find_personal_data(row["text"])
        ]
        found += [
            {"start": match.start(), "end": match.end(), "kind": f"special_{group}", "sure": False}
            for group, words in special.items()
            for match in words.finditer(row["text"])
        ]
        if found:
            rows.append({
                **{name: row[name] for name in ("segment", "document", "start", "end", "text", "speaker")},
                "name": base.names.get(row["document"], ""), "found": sorted(found, key=lambda one: one["start"]),
            })  # fmt: skip
    return {"number": base.number, "rows": rows, "coded": len(coded), "shared_from": SHARED_FROM}
