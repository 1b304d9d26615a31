"""The table form of a codebook: one row per code, with Dutch or English headings."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from cxtext.cells import original_cell, safe_cell
from cxtext.codebook.records import Code, Codebook, Group
from cxtext.codebook.texts import tidy, truth
from cxtext.errors import ReadError
from cxtext.ingest.rows import is_empty

#: number of a group in the codebook and of a code in the group
Place: TypeAlias = tuple[int, int]

#: headings by field: English, Dutch, and what people write besides
_HEADINGS = {
    "codebook": ("codebook", "codeboek"),
    "version": ("version", "versie"),
    "group": ("group", "groep"),
    "group_name": ("group_name", "groepsnaam"),
    "exclusive": ("exclusive", "exclusief"),
    "experimental": ("experimental", "experimenteel"),
    "code": ("code", "code"),
    "parent": ("parent", "bovenliggende_code", "parent_code", "bovenliggend"),
    "name": ("name", "naam"),
    "definition": ("definition", "definitie", "description", "omschrijving", "beschrijving"),
    "examples": ("examples", "voorbeelden", "example", "voorbeeld"),
    "counter_examples": ("counter_examples", "tegenvoorbeelden", "counter_example", "tegenvoorbeeld"),
    "colour": ("colour", "kleur", "color"),
}
_FIELDS = {heading: field for field, headings in _HEADINGS.items() for heading in headings}
#: fields with a column per language, such as ``name_nl``
_IN_LANGUAGES = ("group_name", "name", "definition")
_IN_LANGUAGE = re.compile(r"(.+)_([a-z]{2,3})")
#: fields with several texts in a cell, which are tidied one by one
_LISTS = ("examples", "counter_examples")
_OF_CODE = ("parent", "name", "definition", *_LISTS, "colour")
_ADVICE = (
    f"The headings are {', '.join(_HEADINGS)}, or in Dutch {', '.join(h[1] for h in _HEADINGS.values())}; "
    f"{', '.join(_IN_LANGUAGES)} may end in _nl and _en. Only code is needed."
)
_SAYS = {"en": ("no", "yes"), "nl": ("nee", "ja")}


def from_rows(rows: Sequence[Sequence[str]], source: str, *, name: str) -> tuple[Codebook, dict[Place, int]]:
    """Codebook that a table holds.

    Parameters
    ----------
    rows : sequence of sequences of str
        From the first row of the file.
    source : str
        The file, for messages.
    name : str
        Of the codebook, and of the group of all codes, where the table does not tell.

    Returns
    -------
    tuple of (Codebook, dict)
        Its parts need not fit together yet; and the row of each code.

    Raises
    ------
    ReadError
        There are no codes, or a heading, a row or a cell cannot be understood.
    """
    filled = [(number, row) for number, row in enumerate(rows, 1) if not is_empty(row)]
    if len(filled) < 2:
        raise ReadError(source, "it has no codes below a row of headings", _ADVICE)
    fields = _fields(source, *filled[0])
    entries = [_entry(source, number, row, fields) for number, row in filled[1:]]
    groups: dict[str, list[_Entry]] = {}
    for entry in entries:
        if id := entry.cells.get("group", "") if "group" in fields else name:
            groups.setdefault(id, []).append(entry)
        elif set(entry.cells) - {"codebook", "version"}:
            raise entry.error("its group is empty", "Name the group in every row.")
    version = _one(entries, "version") or "1"
    if not (version.isascii() and version.isdigit()):
        raise entries[0].error(f"the version {version!r} is no whole number", "Write a number, such as 1.")
    codebook = Codebook(
        name=_one(entries, "codebook") or name,
        version=int(version),
        groups=tuple(_group(id, within) for id, within in groups.items()),
    )
    codes = ((at, [e for e in within if "code" in e.cells]) for at, within in enumerate(groups.values()))
    return codebook, {(at, n): entry.row for at, within in codes for n, entry in enumerate(within)}


def as_rows(codebook: Codebook, language: str) -> list[list[str]]:
    """Table of a codebook: headings, then a row per code; a group without codes has one of its own.

    Parameters
    ----------
    codebook : Codebook
    language : {"nl", "en"}
        Of the headings, and of yes and no.

    Returns
    -------
    list of list of str
        All of one length, with every cell made harmless.
    """
    about = {"codebook": codebook.name, "version": str(codebook.version)}
    rows = [
        {
            **about,
            "group": group.id, "exclusive": _SAYS[language][group.exclusive],
            "experimental": _SAYS[language][group.experimental], **_columns("group_name", group.names),
            **(_cells_of(code) if code else {}),
        }
        for group in codebook.groups
        for code in group.codes or (None,)
    ] or [about]  # fmt: skip
    languages = ["nl", "en", *sorted({_split(field)[1] for row in rows for field in row} - {"nl", "en", ""})]
    fields = [
        field if not inside else f"{field}_{inside}"
        for field in _HEADINGS
        for inside in (languages if field in _IN_LANGUAGES else [""])
    ]
    return [
        [_heading(field, language) for field in fields],
        *([str(safe_cell(row.get(field, ""))) for field in fields] for row in rows),
    ]


@dataclass(frozen=True)
class _Entry:
    """A row of the table: what its cells say by field, the empty ones left out."""

    source: str
    row: int
    cells: Mapping[str, str]

    def error(self, reason: str, advice: str) -> ReadError:
        return ReadError(self.source, f"row {self.row}: {reason}", advice)


def _entry(source: str, number: int, row: Sequence[str], fields: Sequence[str]) -> _Entry:
    entry = _Entry(source, number, {})
    if len(row) < len(fields) or not is_empty(row[len(fields) :]):
        raise entry.error(f"it has {len(row)} cells where the headings have {len(fields)}", "Check its delimiters.")
    cells = {
        field: original_cell(cell) if field in _LISTS else tidy(original_cell(cell))
        for field, cell in zip(fields, row, strict=False)
        if cell.strip()
    }
    if "" in cells:
        raise entry.error(f"{cells[''][:40]!r} stands in a column without a heading", _ADVICE)
    return replace(entry, cells=cells)


def _fields(source: str, number: int, headings: Sequence[str]) -> list[str]:
    """Field of each column, such as ``name_nl``; empty where there is no heading."""
    fields: list[str] = []
    for heading in headings:
        field, language = _split("_".join(re.findall(r"[^\W_]+", tidy(heading).casefold())))
        if field and field not in _FIELDS:
            raise ReadError(source, f"row {number}: the heading {heading!r} is not known", _ADVICE)
        named = _FIELDS.get(field, "") + (f"_{language}" if language else "")
        if named and named in fields:
            raise ReadError(source, f"row {number}: two columns hold the {named}", "Keep one of them.")
        fields.append(named)
    if "code" not in fields:
        raise ReadError(source, f"row {number}: no heading is 'code'", _ADVICE)
    return fields


def _split(heading: str) -> tuple[str, str]:
    """Field and language of a heading; the language is empty where it has none."""
    found = _IN_LANGUAGE.fullmatch(heading)
    if found and _FIELDS.get(found[1]) in _IN_LANGUAGES:
        return found[1], found[2]
    return heading, ""


def _heading(field: str, language: str) -> str:
    base, inside = _split(field)
    return _HEADINGS[base][language == "nl"] + (f"_{inside}" if inside else "")


def _one(entries: Sequence[_Entry], field: str) -> str:
    """What rows that speak of one thing say of it: empty where none does."""
    said = [entry for entry in entries if field in entry.cells]
    for entry in said:
        if entry.cells[field] != said[0].cells[field]:
            raise entry.error(
                f"its {field} is {entry.cells[field]!r}, but {said[0].cells[field]!r} in row {said[0].row}",
                "Write the same in both, or leave one empty.",
            )
    return said[0].cells[field] if said else ""


def _group(id: str, entries: Sequence[_Entry]) -> Group:
    languages = dict.fromkeys(field for entry in entries for field in entry.cells if field.startswith("group_name"))
    codes = []
    for entry in entries:
        if "code" in entry.cells:
            codes.append(_code(entry, id))
        elif named := [field for field in entry.cells if _split(field)[0] in _OF_CODE]:
            raise entry.error(f"it has a {named[0]}, but its code is empty", "Give the code an id.")
    return Group(
        id=id,
        names=_languages({field: _one(entries, field) for field in languages}, "group_name") or {"nl": id, "en": id},
        codes=tuple(codes),
        exclusive=_truth(entries, "exclusive"),
        experimental=_truth(entries, "experimental"),
    )


def _truth(entries: Sequence[_Entry], field: str) -> bool:
    value = truth(_one(entries, field))
    if value is None:
        raise entries[0].error(f"its {field} is not yes or no", "Write yes or no, ja or nee.")
    return value


def _code(entry: _Entry, group: str) -> Code:
    cells = entry.cells
    id = cells["code"]
    return Code(
        id=id,
        group=group,
        names=_languages(cells, "name") or {"nl": id, "en": id},
        definitions=_languages(cells, "definition"),
        examples=_examples(cells.get("examples", "")),
        counter_examples=_examples(cells.get("counter_examples", "")),
        parent=cells.get("parent", ""),
        colour=cells.get("colour", ""),
    )


def _languages(cells: Mapping[str, str], base: str) -> dict[str, str]:
    """Texts of a field by language; a column without language counts for Dutch and English that have none."""
    both = {"nl": cells[base], "en": cells[base]} if base in cells else {}
    return both | {_split(field)[1]: text for field, text in cells.items() if _split(field)[0] == base != field}


def _examples(cell: str) -> tuple[str, ...]:
    lines = cell.splitlines(keepends=True)
    return tuple(lines if lines and lines[0].endswith(("\n", "\r")) else cell.split("|"))


def _cell(examples: Sequence[str]) -> str:
    """Examples in one cell; a line break at the end keeps the ``|`` of a single one."""
    return "\n".join(examples) + ("\n" if len(examples) == 1 and "|" in examples[0] else "")


def _cells_of(code: Code) -> dict[str, str]:
    return {
        "code": code.id, "parent": code.parent, **_columns("name", code.names),
        **_columns("definition", code.definitions), "examples": _cell(code.examples),
        "counter_examples": _cell(code.counter_examples), "colour": code.colour,
    }  # fmt: skip


def _columns(field: str, texts: Mapping[str, str]) -> dict[str, str]:
    return {f"{field}_{language}": text for language, text in texts.items()}
