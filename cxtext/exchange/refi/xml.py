"""XML as the standard asks for it: no empty attributes, and no character that XML cannot hold."""

from __future__ import annotations

import re
from collections.abc import Iterable
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from cxtext.exchange.refi.report import Ledger

#: the program that writes the file
ORIGIN = "cxtext"

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def fits_xml(text: str) -> bool:
    """Whether XML can hold a text and gives it back as it is."""
    return "\r" not in text and not _FORBIDDEN.search(text)


class XmlWriter:
    """Makes elements.

    Parameters
    ----------
    ledger : Ledger
        Told of every text that had to be changed.
    """

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger

    def element(self, parent: Element | None, tag: str, **attributes: object) -> Element:
        """Make an element; attributes that are empty or None are left out, but for names that have to be there."""
        written = {
            name: self._fitting(str(value), f"{tag}@{name}", str(attributes.get("guid", "")))
            for name, value in attributes.items()
            if value is not None and (value != "" or (name == "name" and tag in ("Project", "Code", "Set", "Variable")))
        }
        return Element(tag, written) if parent is None else SubElement(parent, tag, written)

    def root(self, tag: str, namespace: str, origin: str, **attributes: object) -> Element:
        """Make the element around all others; `origin` is who wrote the file that its content came from."""
        if origin != ORIGIN:
            self.ledger.add("changed", f"{tag}@origin", "it names the program that wrote the file", detail=origin)
        return self.element(None, tag, xmlns=namespace, **attributes, origin=ORIGIN)

    def text(self, parent: Element, tag: str, text: str) -> None:
        """Make an element that holds text."""
        SubElement(parent, tag).text = self._fitting(text, tag, parent.get("guid", ""), parent.get("name", ""))

    def description(self, parent: Element, text: str) -> None:
        """Make a description, where there is one."""
        if text:
            self.text(parent, "Description", text)

    def references(self, parent: Element, tag: str, guids: Iterable[str]) -> None:
        """Make an element for each GUID."""
        for guid in guids:
            SubElement(parent, tag, {"targetGUID": guid})

    def to_bytes(self, root: Element) -> bytes:
        """The whole document in UTF-8, indented."""
        ElementTree.indent(root)
        return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"

    def _fitting(self, text: str, what: str, guid: str, name: str = "") -> str:
        fitting = _FORBIDDEN.sub("", text)
        if not what.count("@"):
            fitting = fitting.replace("\r\n", "\n").replace("\r", "\n")
        if fitting != text:
            why = "it held characters that XML cannot hold; they were left out"
            self.ledger.add("changed", what, why, name=name, guid=guid)
        return fitting
