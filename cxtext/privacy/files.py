"""Copies of files without personal data: the same kind of file where that can be done faithfully, else text."""

from __future__ import annotations

import csv
import datetime
import json
import re
from collections.abc import Container, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from cxtext.errors import ReadError
from cxtext.ingest.archives import check_office_file
from cxtext.ingest.decoding import find_encoding, open_text, read_text
from cxtext.ingest.options import ReadOptions
from cxtext.ingest.readers.delimited import bounded_lines, find_delimiter
from cxtext.ingest.readers.excel import as_text
from cxtext.ingest.speakers import label_kind
from cxtext.privacy.coarsening import kind_of_heading
from cxtext.privacy.pseudonymiser import Pseudonymiser, apply, case_of
from cxtext.records import Document, clean_text

_TIMING = re.compile(r"\s*(?:[\d:.,]+\s*-->\s*[\d:.,]+.*|\d+|WEBVTT.*|[0-9a-f-]{30,}/\d+-\d+)\s*", re.I)
_BEFORE_LABEL = r"\s*(?:\[[\d:.,\s-]+\]\s*|[\d:.]+\s+)?(?:<v(?:\.\S+)?\s+)?(?:\*\*|__|-\s)?"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

Span = tuple[int, int, str]


def copy_file(
    path: Path,
    folder: Path,
    documents: Sequence[Document],
    pseudonymiser: Pseudonymiser,
    options: ReadOptions,
    *,
    taken: Container[Path] = (),
) -> Path:
    """Write a copy of a file in which placeholders stand for personal data.

    Parameters
    ----------
    path : pathlib.Path
    folder : pathlib.Path
        Where the copy comes; its name has placeholders too.
    documents : sequence of Document
        What was read from the file.
    pseudonymiser : Pseudonymiser
    options : ReadOptions
    taken : container of pathlib.Path
        Copies that are there already and are not to be written over.

    Returns
    -------
    pathlib.Path
        The copy: txt, md, vtt, srt, csv, tsv, xlsx, docx, json and jsonl stay what they are; transcripts in other files
        become txt and tables become csv.

    Raises
    ------
    ReadError
        The file cannot be copied.
    """
    first = len(pseudonymiser.replacements)
    copy = _Copy(path, documents, pseudonymiser, options)
    stem, suffix = pseudonymiser.file_name(clean_text(path.stem), copy.known), path.suffix.lower()
    writers = {
        ".txt": copy.text, ".md": copy.text, ".vtt": copy.text, ".srt": copy.text, ".csv": copy.table,
        ".tsv": copy.table, ".xlsx": copy.workbook, ".docx": copy.word, ".json": copy.json, ".jsonl": copy.json_lines,
        ".ndjson": copy.json_lines,
    }  # fmt: skip
    if suffix not in writers:
        suffix = ".txt" if documents[0].kind == "interview" else ".csv"
        writers = {".txt": copy.transcript, ".csv": copy.answers}
    target, count = folder / f"{stem}{suffix}", 1
    while target in taken:
        count += 1
        target = folder / f"{stem}_{count}{suffix}"
    writers[suffix](target)
    pseudonymiser.place(first, target.name)
    return target


class _Copy:
    """Copies one file."""

    def __init__(
        self, path: Path, documents: Sequence[Document], pseudonymiser: Pseudonymiser, options: ReadOptions
    ) -> None:
        self.path, self.documents, self.pseudonymiser, self.options = path, documents, pseudonymiser, options
        self.known = pseudonymiser.known(documents)
        speakers = {turn.speaker for document in documents for turn in document.turns if turn.speaker}
        people = sorted((label for label in speakers if label_kind(label) is None), key=len, reverse=True)
        named = "|".join(map(re.escape, people))
        self.label = re.compile(rf"{_BEFORE_LABEL}(?P<label>{named})(?!\w)") if people else None
        self.case, self.columns, self.asked = case_of(documents[0]), documents[0].columns, ""
        self.cases = {document.name: case_of(document) for document in documents}

    def spans(self, line: str) -> list[Span]:
        """What is to be replaced in a line: the label of its speaker, and personal data in the rest."""
        if _TIMING.fullmatch(line):
            return []
        label = self.label.match(line) if self.label else None
        asked, self.asked = self.asked, line if line.strip() else self.asked
        start, end = label.span("label") if label else (0, 0)
        said = self.pseudonymiser.spans(line[end:], self.known, case=self.case, asked=asked)
        if not label:
            return said
        rest = [(s + end, e + end, p) for s, e, p in said]
        return [(start, end, self.pseudonymiser.speaker(label["label"])), *rest]

    def line(self, line: str) -> str:
        """A line with placeholders."""
        return apply(line, self.spans(line))

    def text(self, target: Path) -> None:
        """Line by line, as they stand."""
        text, _ = read_text(self.path, self.options)
        target.write_text("\n".join(map(self.line, text.split("\n"))), encoding="utf-8")

    def transcript(self, target: Path) -> None:
        """What was read, with labels."""
        turns = [(t.speaker, d.text[t.start : t.end]) for d in self.documents for t in d.turns]
        lines = (self.line(f"{speaker}: {said}" if speaker else said) for speaker, said in turns)
        target.write_text("\n\n".join(lines) + "\n", encoding="utf-8")

    def table(self, target: Path) -> None:
        """Cell by cell, with the delimiter of the file."""
        encoding = find_encoding(self.path, self.options)
        with open_text(self.path, encoding) as file, target.open("w", encoding="utf-8-sig", newline="") as new:
            delimiter, _ = find_delimiter(file, "\t" if target.suffix == ".tsv" else ",")
            file.seek(0)
            rows = csv.reader(bounded_lines(file), delimiter=delimiter)
            csv.writer(new, delimiter=delimiter).writerows(self.rows(rows))

    def answers(self, target: Path) -> None:
        """What was read, as a table."""
        rows = [{**document.attributes, document.columns["text"]: document.text} for document in self.documents]
        header = list(dict.fromkeys(name for row in rows for name in row))
        with target.open("w", encoding="utf-8-sig", newline="") as new:
            csv.writer(new).writerows(self.rows([header, *([row.get(name, "") for name in header] for row in rows)]))

    def rows(self, rows: Iterable[Sequence[str]]) -> Iterable[list[str]]:
        """Rows with placeholders; the first that holds something has the headings."""
        header: Sequence[str] = ()
        for number, row in enumerate(rows, 1):
            if not header and any(cell.strip() for cell in row):
                header = row
                yield list(row)
            else:
                case = self.case_of_row(dict(zip(header, row, strict=False)), number)
                yield [self.cell(header[at] if at < len(header) else "", cell, case) for at, cell in enumerate(row)]

    def case_of_row(self, row: Mapping[str, str], number: int) -> str:
        """Whose dates in a row of a table move together: as `case_of` has it for what was read from the row."""
        named = row.get(self.columns.get("case", ""), "").strip()
        name = next((row[c] for part in ("document", "id") if (c := self.columns.get(part, "")) in row), str(number))
        return named or self.cases.get(clean_text(name), f"{self.path.name}/{name}")

    def cell(self, heading: str, cell: str, case: str) -> str:
        """A cell with placeholders; dates that tell waves apart stay."""
        moves = heading != self.columns.get("wave")
        return self.pseudonymiser.cell(heading, clean_text(cell), self.known, case=case if moves else None)

    def other_cell(self, heading: str, value: Any, case: str) -> Any:
        """A date, or a number under a heading that tells, in the same way; it stays what it is where that can be."""
        date = isinstance(value, datetime.date)
        if not date and (isinstance(value, bool) or kind_of_heading(heading, self.pseudonymiser.options) is None):
            return value
        text = as_text(value)
        new = self.cell(heading, text, case)
        if new == text:
            return value
        try:
            return datetime.datetime.fromisoformat(new) if date else new
        except ValueError:
            return new

    def workbook(self, target: Path) -> None:
        """All sheets of a workbook, cell by cell; its author goes."""
        from openpyxl import load_workbook

        check_office_file(self.path, "xl/workbook.xml", "Excel")
        book = load_workbook(self.path)
        for sheet in book.worksheets:
            header: dict[int, str] = {}
            for number, row in enumerate(sheet.iter_rows(), 1):
                if not header:
                    header = {c.column: str(c.value) for c in row if c.value is not None}
                    continue
                case = self.case_of_row({header.get(c.column or 0, ""): as_text(c.value) for c in row}, number)
                for cell in row:
                    if cell.value is not None and cell.data_type != "f":
                        cell.value = self.value(header.get(cell.column, ""), cell.value, case)
                    cell.comment = None
        book.properties.creator = book.properties.lastModifiedBy = ""
        book.save(target)

    def word(self, target: Path) -> None:
        """Paragraph by paragraph, with their type; deleted text, comments and authors go."""
        import docx

        check_office_file(self.path, "word/document.xml", "Word")
        document = docx.Document(str(self.path))
        roots = [document.element.body]
        for section in document.sections:
            parts = (section.header, section.footer, section.first_page_header, section.first_page_footer)
            roots += [part._element for part in parts if not part.is_linked_to_previous]
        for root in roots:
            for gone in [*root.iter(f"{_W}del", f"{_W}moveFrom", f"{_W}commentReference")]:
                gone.getparent().remove(gone)
            for marked in root.iter():
                if f"{_W}author" in marked.attrib:
                    marked.attrib[f"{_W}author"] = ""
            for paragraph in root.iter(f"{_W}p"):
                self._replace_in(list(paragraph.iter(f"{_W}t")))
        properties = document.core_properties
        properties.author = properties.last_modified_by = properties.comments = properties.title = ""
        for relation in list(document.part.rels.values()):
            if relation.reltype.endswith("/comments"):
                del document.part.rels[relation.rId]
        document.save(str(target))

    def _replace_in(self, nodes: Sequence[Any]) -> None:
        """Replace within the pieces of a paragraph: a placeholder stands in the piece where the original began."""
        texts = [node.text or "" for node in nodes]
        for start, end, placeholder in reversed(self.spans("".join(texts))):
            at, new = 0, placeholder
            for number, text in enumerate(texts):
                first, last = max(start - at, 0), min(end - at, len(text))
                at += len(text)
                if first < last:
                    texts[number] = text[:first] + new + text[last:]
                    new = ""
        for node, text in zip(nodes, texts, strict=True):
            if (node.text or "") != text:
                node.text = text
                node.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")

    def json(self, target: Path) -> None:
        """All texts in a JSON file."""
        text, _ = read_text(self.path, self.options)
        target.write_text(
            json.dumps(self.value("", json.loads(text), self.case), ensure_ascii=False, indent=1), encoding="utf-8"
        )

    def json_lines(self, target: Path) -> None:
        """All texts in each line."""
        text, _ = read_text(self.path, self.options)
        try:
            lines = [
                json.dumps(self.record(json.loads(x), number), ensure_ascii=False)
                for number, x in enumerate(text.split("\n"), 1)
                if x.strip()
            ]
        except ValueError as error:
            reason = f"a line is no JSON ({error}), so that it cannot be copied safely"
            raise ReadError(str(self.path), reason, "Repair the line, or take it out.") from error
        target.write_text("\n".join(lines) + "\n", encoding="utf-8")

    def record(self, record: Any, number: int) -> Any:
        """A row of JSON lines."""
        row = {key: as_text(value) for key, value in record.items()} if isinstance(record, dict) else {}
        return self.value("", record, self.case_of_row(row, number))

    def value(self, name: str, value: Any, case: str) -> Any:
        """A value with placeholders in its texts, and for dates and for numbers under a heading that tells."""
        if isinstance(value, dict):
            return {key: self.value(key, part, case) for key, part in value.items()}
        if isinstance(value, list):
            return [self.value(name, part, case) for part in value]
        if value is None:
            return None
        return self.cell(name, value, case) if isinstance(value, str) else self.other_cell(name, value, case)
