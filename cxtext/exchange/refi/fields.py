"""Single values of the standard (colours, dates, numbers, values of variables), and what elements have in common."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TypedDict
from xml.etree.ElementTree import Element

from cxtext.exchange.refi.guids import Guids
from cxtext.exchange.refi.model import VARIABLE_TYPES, QdaCoding, QdaValue, VariableType
from cxtext.exchange.refi.report import Ledger, Outcome

_COLOR = re.compile(r"#(?:[0-9a-f]{6}|[0-9a-f]{3})")
_ZONE = r"(Z|[+-]((0\d|1[0-3]):[0-5]\d|14:00))?"
_DATE = r"[12]\d{3}-\d\d-\d\d"
_FORMS: dict[VariableType, re.Pattern[str]] = {
    "Text": re.compile(r".*", re.DOTALL),
    "Boolean": re.compile("true|false|0|1"),
    "Integer": re.compile(r"[+-]?\d{1,4000}", re.ASCII),
    "Float": re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)", re.ASCII),
    "Date": re.compile(_DATE + _ZONE, re.ASCII),
    "DateTime": re.compile(_DATE + r"T\d\d:\d\d:\d\d(\.\d+)?" + _ZONE, re.ASCII),
}


def is_valid(value: str, type: VariableType) -> bool:
    """Whether a value has the form that the schema asks of its type.

    Examples
    --------
    >>> is_valid("7.5", "Float"), is_valid("7,5", "Float"), is_valid("2024-02-30", "Date")
    (True, False, False)
    """
    if not _FORMS[type].fullmatch(value):
        return False
    if type not in ("Date", "DateTime"):
        return True
    try:
        datetime.fromisoformat(value[: 10 if type == "Date" else 19])
    except ValueError:
        return False
    return True


def is_color(color: str) -> bool:
    """Whether a colour has the form in which records hold it, ``"#1b5a63"``."""
    return _COLOR.fullmatch(color) is not None and len(color) == 7


class StampFields(TypedDict):
    """The fields of `QdaStamp`."""

    user: str
    created: str
    modified_by: str
    modified: str


class PartFields(StampFields):
    """What selections of all sorts have."""

    description: str
    codings: tuple[QdaCoding, ...]
    notes: tuple[str, ...]


class Fields:
    """Reads the parts that elements share.

    Parameters
    ----------
    guids : Guids
    ledger : Ledger
        Told of all that could not be read.
    """

    def __init__(self, guids: Guids, ledger: Ledger) -> None:
        self.guids, self.ledger = guids, ledger
        #: what references lead to and the file lacks: family and what was written to GUID
        self.missing: dict[tuple[str, str], str] = {}
        #: codings whose code is a case: GUIDs of case and of what is coded, and whether that is a selection
        self.case_codings: list[tuple[str, str, bool]] = []

    def report(
        self, outcome: Outcome, element: Element, why: str, *, part: str = "", detail: str = "", owner: str = ""
    ) -> None:
        """Write down what happened to an element, or to a part of it."""
        what = f"{element.tag}@{part}" if part else element.tag
        name, guid = element.get("name", "") or owner, element.get("guid", "")
        self.ledger.add(outcome, what, why, name=name, guid=guid, detail=detail)

    def color(self, element: Element) -> str:
        """Colour of an element as ``"#rrggbb"``."""
        written = element.get("color", "")
        color = written.strip().lower()
        if color and not _COLOR.fullmatch(color):
            self.report("dropped", element, "its colour is not of the form #RRGGBB", part="color", detail=written)
            return ""
        return "#" + "".join(2 * digit for digit in color[1:]) if len(color) == 4 else color

    def flag(self, element: Element, name: str) -> bool:
        """Truth value of an attribute that should be there; true where it is not."""
        written = element.get(name, "").strip().lower()
        if written not in ("true", "false", "0", "1"):
            self.report(
                "repaired", element, "it is missing or no truth value; true was taken", part=name, detail=written
            )
        return written not in ("false", "0")

    def number(self, element: Element, name: str) -> int | None:
        """Whole number of an attribute; None where it is missing or is none."""
        written = element.get(name, "").strip()
        return int(written) if re.fullmatch(r"[+-]?\d{1,15}", written, re.ASCII) else None

    def stamp(self, element: Element) -> StampFields:
        """Who made and changed an element, and when."""
        return {
            "user": self.user(element, "creatingUser"),
            "created": self.time(element, "creationDateTime"),
            "modified_by": self.user(element, "modifyingUser"),
            "modified": self.time(element, "modifiedDateTime"),
        }

    def part(self, element: Element) -> PartFields:
        """What selections of all sorts have."""
        return {
            "description": description(element),
            "codings": self.codings(element),
            "notes": self.notes(element),
            **self.stamp(element),
        }

    def time(self, element: Element, name: str) -> str:
        """Date and time of an attribute."""
        written = element.get(name, "").strip()
        time = written.replace(" ", "T", 1)
        if not time or is_valid(time, "DateTime"):
            if time != written:
                self.report("repaired", element, "a blank stood between date and time", part=name, detail=written)
            return time
        self.report("dropped", element, "it is no date and time", part=name, detail=written)
        return ""

    def user(self, element: Element, name: str) -> str:
        """User whom an attribute names."""
        written = element.get(name, "")
        return self.reference("user", written) if written.strip() else ""

    def reference(self, family: str, written: str) -> str:
        """What a GUID leads to; what is missing gets a place in `missing`."""
        found = self.guids.find(written, (family,))[1]
        if not found:
            found = self.missing[family, written] = self.guids.add(family, written)
        return found

    def references(self, element: Element, name: str, family: str) -> tuple[str, ...]:
        """Where the children of this name lead; those that lead nowhere are reported."""
        found = []
        for child in element.findall(name):
            written = child.get("targetGUID") or child.get("guid") or ""
            _, guid = self.guids.find(written, (family,))
            if guid:
                found.append(guid)
            else:
                why = f"it leads to no {family} of the project"
                self.report("dropped", child, why, detail=written, owner=element.get("name", ""))
        return tuple(found)

    def notes(self, element: Element) -> tuple[str, ...]:
        """Notes on an element."""
        return self.references(element, "NoteRef", "note")

    def codings(self, element: Element) -> tuple[QdaCoding, ...]:
        """Codings of an element; one with a case in place of a code makes the element belong to the case."""
        found = []
        for coding in element.findall("Coding"):
            written = target(coding, "CodeRef")
            family, code = self.guids.find(written, ("code", "case"))
            if family == "case":
                self._give_to_case(code, element, coding)
                continue
            found.append(
                QdaCoding(
                    guid=coding.get("guid", ""),
                    code=code or self.reference("code", written),
                    user=self.user(coding, "creatingUser"),
                    created=self.time(coding, "creationDateTime"),
                    notes=self.notes(coding),
                )
            )
        return tuple(found)

    def _give_to_case(self, case: str, element: Element, coding: Element) -> None:
        owner = element.get("name", "")
        if element.tag == "Note":
            self.report("dropped", coding, "its code is a case, and a note cannot belong to a case", owner=owner)
            return
        self.case_codings.append((case, element.get("guid", ""), element.tag.endswith("Selection")))
        self.report("changed", coding, "its code is a case; what it codes was given to that case", owner=owner)

    def values(self, element: Element) -> tuple[QdaValue, ...]:
        """Values of variables of a case or source."""
        return tuple(self._value(child, element.get("name", "")) for child in element.findall("VariableValue"))

    def _value(self, element: Element, owner: str) -> QdaValue:
        variable = self.reference("variable", target(element, "VariableRef"))
        for type in VARIABLE_TYPES:
            child = element.find(f"{type}Value")
            if child is None:
                continue
            text = child.text or ""
            value = text if type == "Text" else text.strip()
            if is_valid(value, type):
                return QdaValue(variable, value, type)
            why = f"its value is not of the type {type}; it was kept as text"
            self.report("repaired", element, why, detail=text, owner=owner)
            return QdaValue(variable, text, "Text")
        return QdaValue(variable, "", "")


def target(element: Element, name: str) -> str:
    """GUID that the first child of this name refers to."""
    return next((child.get("targetGUID", "") for child in element.findall(name)), "")


def description(element: Element) -> str:
    """Description of an element."""
    return element.findtext("Description") or ""
