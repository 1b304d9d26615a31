"""The YAML form of a codebook: that of ``cxtext/data/codebook.yaml``."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import yaml

from cxtext.codebook.records import Code, Codebook, Group
from cxtext.codebook.texts import tidy, truth
from cxtext.errors import ReadError

try:  # ten times as fast, where PyYAML has it
    from yaml import CBaseLoader as _Base
except ImportError:
    from yaml import BaseLoader as _Base  # type: ignore[assignment]

_CODEBOOK = ("name", "version", "groups")
_GROUP = ("id", "name", "exclusive", "experimental", "codes")
_CODE = ("id", "name", "parent", "definition", "examples", "counter_examples", "colour")
#: longer than any line, so that a text is never folded
_WIDTH = 10**9


def from_yaml(text: str, source: str, *, name: str) -> Codebook:
    """Codebook that a YAML text holds. Every plain value is text: ``no`` and ``001`` stay what they are.

    Parameters
    ----------
    text : str
    source : str
        The file, for messages.
    name : str
        Of the codebook, where the text does not tell.

    Returns
    -------
    Codebook
        Its parts need not fit together yet.

    Raises
    ------
    ReadError
        It is no YAML, it lacks a part, or it has one that is not known or of the wrong form.
    """
    try:
        data = yaml.load(text, Loader=_Loader)
    except (yaml.YAMLError, RecursionError) as error:
        reason = f"the codebook cannot be read as YAML ({' '.join(str(error).split())})"
        raise ReadError(source, reason, "Correct it there; texts with : or # in them need quotes.") from error
    part = _Part(data, source, "the codebook", _CODEBOOK)
    version = part.text("version") or "1"
    if not (version.isascii() and version.isdigit()):
        raise part.wrong("version", "a whole number")
    groups = tuple(
        _group(_Part(group, source, f"group {number}", _GROUP)) for number, group in enumerate(part.items("groups"), 1)
    )
    return Codebook(name=part.text("name") or name, version=int(version), groups=groups)


def as_yaml(codebook: Codebook) -> str:
    """YAML text of a codebook, the same for equal codebooks; a code without examples has one line.

    Parameters
    ----------
    codebook : Codebook

    Returns
    -------
    str
    """
    groups = [
        {
            "id": group.id, "name": _languages(group.names), "exclusive": group.exclusive,
            **({"experimental": True} if group.experimental else {}), "codes": [_as_data(code) for code in group.codes],
        }
        for group in codebook.groups
    ]  # fmt: skip
    data = {"name": codebook.name, "version": codebook.version, "groups": groups}
    return yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=_WIDTH, default_flow_style=False)


class _Loader(_Base):
    """Reads every plain value as text, and refuses a key that is there twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[object] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.value in seen:
                problem = f"{key.value!r} is there twice, or is no text"
                raise yaml.constructor.ConstructorError(None, None, problem, key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


class _Line(dict[str, Any]):
    """A mapping that is written on one line."""


class _Dumper(yaml.SafeDumper):
    """Writes lists within their key, two spaces in, and no anchors."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        return True


_Dumper.add_representer(
    _Line, lambda dumper, data: dumper.represent_mapping("tag:yaml.org,2002:map", data.items(), flow_style=True)
)


class _Part:
    """One mapping of the file, with what it is called in messages."""

    def __init__(self, data: object, source: str, place: str, known: Sequence[str]) -> None:
        self.source, self.place, self.known = source, place, known
        if not isinstance(data, dict):
            raise self._error("it is no mapping of keys to values")
        self.data: dict[str, object] = data
        if unknown := [key for key in data if key not in known]:
            raise self._error(f"{unknown[0]!r} is not known")

    def text(self, key: str) -> str:
        value = self.data.get(key, "")
        if not isinstance(value, str):
            raise self.wrong(key, "text")
        return tidy(value)

    def truth(self, key: str) -> bool:
        value = truth(self.text(key))
        if value is None:
            raise self.wrong(key, "true or false")
        return value

    def items(self, key: str) -> list[object]:
        value = self.data.get(key)
        if not isinstance(value, list):
            raise self.wrong(key, "a list")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.items(key) if self.data.get(key) else []
        texts = tuple(text for text in value if isinstance(text, str))
        if len(texts) < len(value):
            raise self.wrong(key, "a list of texts")
        return texts

    def languages(self, key: str) -> dict[str, str]:
        """Texts by language; one text counts for both."""
        value = self.data.get(key, "")
        if isinstance(value, str):
            return {"nl": value, "en": value} if value.strip() else {}
        if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
            raise self.wrong(key, "text, or {nl: ..., en: ...}")
        return value

    def wrong(self, key: str, expected: str) -> ReadError:
        return self._error(f"{key!r} is not there" if key not in self.data else f"{key!r} is not {expected}")

    def _error(self, reason: str) -> ReadError:
        return ReadError(
            self.source,
            f"{self.place}: {reason}",
            f"Its keys are {', '.join(self.known)}; see cxtext/data/codebook.yaml for the form.",
        )


def _group(part: _Part) -> Group:
    id = part.text("id")
    codes = [
        _Part(code, part.source, f"{id or part.place}, code {number}", _CODE)
        for number, code in enumerate(part.items("codes"), 1)
    ]
    return Group(
        id=id,
        names=part.languages("name") or {"nl": id, "en": id},
        codes=tuple(_code(code, id) for code in codes),
        exclusive=part.truth("exclusive"),
        experimental=part.truth("experimental"),
    )


def _code(part: _Part, group: str) -> Code:
    id = part.text("id")
    return Code(
        id=id,
        group=group,
        names=part.languages("name") or {"nl": id, "en": id},
        definitions=part.languages("definition"),
        examples=part.texts("examples"),
        counter_examples=part.texts("counter_examples"),
        parent=part.text("parent"),
        colour=part.text("colour"),
    )


def _as_data(code: Code) -> dict[str, Any]:
    data = {
        "id": code.id, "name": _languages(code.names), "parent": code.parent,
        "definition": _languages(code.definitions), "colour": code.colour,
        "examples": list(code.examples), "counter_examples": list(code.counter_examples),
    }  # fmt: skip
    filled = {key: value for key, value in data.items() if value}
    return filled if code.examples or code.counter_examples else _Line(filled)


def _languages(texts: Mapping[str, str]) -> str | dict[str, str]:
    if set(texts) == {"nl", "en"} and texts["nl"] == texts["en"]:
        return texts["nl"]
    return _Line(sorted(texts.items(), key=lambda item: (item[0] != "nl", item[0])))
