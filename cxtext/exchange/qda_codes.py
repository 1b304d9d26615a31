"""Codes of a study and codes of REFI-QDA: groups are codes that cannot be given, with their codes under them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TypeVar

from cxtext.codebook import Code, Codebook, Group
from cxtext.codebook.texts import tidy_lines
from cxtext.exchange.marked import Marked
from cxtext.exchange.refi import QdaCode
from cxtext.exchange.refi.guids import make_guid
from cxtext.exchange.refi.report import Ledger

#: group of the codes that stand in no group in the other program; it has no code of its own there
LOOSE = Group("codes", {"nl": "codes", "en": "codes"}, ())

_Part = TypeVar("_Part", Code, Group)
_KEPT = "the study has it with another name, description or place; that of the study was kept"


def code_guid(path: str) -> str:
    """GUID of a code, by its path: the same in every study."""
    return make_guid("cxtext code", path)


def to_qda(codebook: Codebook, language: str) -> tuple[QdaCode, ...]:
    """Codes of a codebook as REFI-QDA has them.

    Parameters
    ----------
    codebook : Codebook
    language : str
        Of the names and definitions that are shown; the others are kept in the description, marked.

    Returns
    -------
    tuple of QdaCode
        Every code before the codes that it holds.

    Examples
    --------
    >>> from cxtext.codebook import load_codebook
    >>> codes = to_qda(load_codebook(), "nl")
    >>> (codes[0].is_codable, codes[1].is_codable), codes[1].parent == codes[0].guid
    ((False, True), True)
    """
    return tuple(_group_and_codes(codebook, language))


def _group_and_codes(codebook: Codebook, language: str) -> Iterator[QdaCode]:
    within: defaultdict[str, list[Code]] = defaultdict(list)
    for _, code in codebook.walk():
        within[code.group].append(code)
    for group in codebook.groups:
        top = "" if replace(group, codes=()) == LOOSE else make_guid("cxtext group", group.id)
        if top:
            yield _group(group, top, language)
        for code in within[group.id]:
            yield _code(code, code_guid(f"{code.group}/{code.parent}") if code.parent else top, language)


def _group(group: Group, guid: str, language: str) -> QdaCode:
    flags = {name: ("yes",) for name in ("exclusive", "experimental") if getattr(group, name)}
    marks = _marks_of_name(group, language) | flags
    return QdaCode(guid, group.name(language), is_codable=False, description=str(Marked("", marks)))


def _code(code: Code, parent: str, language: str) -> QdaCode:
    found = (code.definitions.get(key) for key in (language, "en", "nl", *code.definitions))
    definition = next((text for text in found if text), "")
    others = {
        f"definition {key}": (text,) for key, text in sorted(code.definitions.items()) if text and text != definition
    }
    lists = {"example": code.examples, "counter example": code.counter_examples}
    marks = _marks_of_name(code, language) | others | {mark: texts for mark, texts in lists.items() if texts}
    return QdaCode(
        code_guid(code.path),
        code.name(language),
        color=code.colour.lower(),
        description=str(Marked(definition, marks)),
        parent=parent,
    )


def _marks_of_name(part: Code | Group, language: str) -> dict[str, tuple[str, ...]]:
    shown = part.name(language)
    marks: dict[str, tuple[str, ...]] = {} if part.id == make_id(shown) else {"id": (part.id,)}
    others = {f"name {key}": (name,) for key, name in sorted(part.names.items()) if name and name != shown}
    return marks | others


def make_id(name: str, taken: Collection[str] = (), hint: str = "") -> str:
    """Id for a code or group, from its name.

    Parameters
    ----------
    name : str
    taken : collection of str
        Ids that it may not be.
    hint : str
        What tells it from the one that has its id, such as the name of its parent.

    Examples
    --------
    >>> make_id("prijs/kwaliteit"), make_id("prijs", {"prijs"}, "wonen"), make_id("prijs", {"prijs"})
    ('prijs-kwaliteit', 'prijs (wonen)', 'prijs-2')
    """
    id = next(iter(tidy_lines([name.replace("/", "-")])), "code")
    if id in taken and hint:
        id = make_id(f"{name} ({hint})")
    count, free = 1, id
    while free in taken:
        count += 1
        free = f"{id}-{count}"
    return free


def from_qda(
    codes: Iterable[QdaCode], coded: Collection[str], codebook: Codebook, language: str, ledger: Ledger
) -> tuple[Codebook, dict[str, str]]:
    """Put codes of REFI-QDA into a codebook.

    A code is the one that has its path (which what cxtext wrote tells), or else its name at the same place; what is
    not found is added. Two codes of one name are kept apart.

    Parameters
    ----------
    codes : iterable of QdaCode
    coded : collection of str
        GUIDs of codes that have codings: these are never taken as groups.
    codebook : Codebook
        That of the study.
    language : str
        In which names and definitions are compared.
    ledger : Ledger

    Returns
    -------
    tuple of (Codebook, dict of str to str)
        The codebook, equal to the one that was given where nothing was added; and GUID to path (``group/code``) of
        every code that can be given.
    """
    placing = _Placing(codebook, language, ledger)
    below: defaultdict[str, list[QdaCode]] = defaultdict(list)
    for code in codes:
        below[code.parent].append(code)
    for top in below[""]:
        if top.is_codable or top.guid in coded:
            placing.loose(top, below)
        else:
            placing.group(top, below)
    return placing.codebook(), placing.paths


class _Placing:
    """A codebook that grows; what was there at first can be matched once."""

    def __init__(self, codebook: Codebook, language: str, ledger: Ledger) -> None:
        self._start, self._language, self._ledger = codebook, language, ledger
        self._groups = {group.id: group for group in codebook.groups}
        self._codes = {group.id: list(group.codes) for group in codebook.groups}
        self._free_groups = dict(self._groups)
        self._free = {code.path: code for code in codebook}
        self._shown = {code.guid: code for code in to_qda(codebook, language)}
        self.paths: dict[str, str] = {}

    def codebook(self) -> Codebook:
        groups = tuple(replace(group, codes=tuple(self._codes[id])) for id, group in self._groups.items())
        return replace(self._start, groups=groups)

    def group(self, top: QdaCode, below: Mapping[str, list[QdaCode]]) -> None:
        marked = Marked.read(top.description)
        found = _match(self._free_groups.values(), top.name, marked.one("id"), lambda group: True)
        if found is None:
            id = self._id(marked, top.name, self._groups)
            found = Group(
                id,
                _languages(top.name, marked, "name"),
                (),
                *(bool(marked.one(n)) for n in ("exclusive", "experimental")),
            )
            self._groups[id], self._codes[id] = found, []
            if marked.text:
                self._ledger.add("dropped", "Code", "cxtext has no place for the description of a group", name=top.name)
        self._free_groups.pop(found.id, None)
        if top.color:
            self._ledger.add("dropped", "Code@color", "a group of codes has no colour", name=top.name, guid=top.guid)
        for code in below[top.guid]:
            self._code(code, found.id, "", top.name, below)

    def loose(self, top: QdaCode, below: Mapping[str, list[QdaCode]]) -> None:
        """A code that stands in no group: one of the study that has its name, or one of the group of such codes."""
        tops = [code for code in self._free.values() if not code.parent]
        named = [code for code in tops if _is_named(code, top.name)]
        group = next((code.group for code in named if code.group == LOOSE.id), "")
        group = group or (named[0].group if len(named) == 1 else LOOSE.id)
        if group not in self._groups:
            self._groups[group], self._codes[group] = LOOSE, []
        self._code(top, group, "", "", below)

    def _code(self, code: QdaCode, group: str, parent: str, above: str, below: Mapping[str, list[QdaCode]]) -> None:
        marked = Marked.read(code.description)
        free = [other for other in self._free.values() if other.group == group]
        found = _match(free, code.name, marked.one("id"), lambda other: other.parent == parent)
        if found is None:
            taken = [other.id for other in self._codes[group]]
            found = Code(
                self._id(marked, code.name, taken, above),
                group,
                _languages(code.name, marked, "name"),
                _languages(marked.text, marked, "definition"),
                marked.marks.get("example", ()),
                marked.marks.get("counter example", ()),
                parent,
                code.color,
            )
            self._codes[group].append(found)
        elif (
            replace(self._shown[code_guid(found.path)], guid="", parent="")
            != replace(code, guid="", parent="", notes=(), is_codable=True)
            or found.parent != parent
        ):
            self._ledger.add("flagged", "Code", _KEPT, name=code.name, guid=code.guid, detail=found.path)
        self._free.pop(found.path, None)
        if not code.is_codable:
            why = "it only held other codes, and can be given now, as cxtext has such codes at the top alone"
            self._ledger.add("changed", "Code@isCodable", why, name=code.name, guid=code.guid)
        self.paths[code.guid] = found.path
        for child in below[code.guid]:
            self._code(child, group, found.id, code.name, below)

    def _id(self, marked: Marked, name: str, taken: Collection[str], hint: str = "") -> str:
        own = marked.one("id")
        return own if own and own == make_id(own, taken) else make_id(name, taken, hint)


def _match(parts: Iterable[_Part], name: str, id: str, at_place: Callable[[_Part], bool]) -> _Part | None:
    """The part with the id that is told; or else one at the right place with its id or its name."""
    found: dict[int, _Part] = {}
    for part in parts:
        rank = 0 if id and part.id == id else 3
        if at_place(part):
            rank = min(rank, 1 if part.id == make_id(name) else 2 if _is_named(part, name) else 3)
        found.setdefault(rank, part)
    return found[min(found)] if found and min(found) < 3 else None


def _is_named(part: Code | Group, name: str) -> bool:
    wanted = " ".join(name.split()).casefold()
    return any(" ".join(known.split()).casefold() == wanted for known in (*part.names.values(), part.id))


def _languages(text: str, marked: Marked, mark: str) -> dict[str, str]:
    """A text by language: that which is shown counts for Dutch and English, unless a mark tells it."""
    both = {"nl": text, "en": text} if text else {}
    own = {
        name.split()[1]: values[0] for name, values in marked.marks.items() if name.split()[0] == mark and " " in name
    }
    return both | own
