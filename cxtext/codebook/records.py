"""Codes, groups of codes and the codebook that holds them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from cxtext.showing import html_table


@dataclass(frozen=True)
class Code:
    """One code of a codebook.

    Attributes
    ----------
    id : str
        Unique in its group, such as ``"pain"``.
    group : str
    names, definitions : Mapping[str, str]
        By language, ``"nl"`` and ``"en"``.
    examples : tuple of str
        Sentences to which the code applies.
    counter_examples : tuple of str
        Sentences to which it does not apply, though a reader may think so.
    parent : str
        Id of the code of the same group below which it stands; empty at the top.
    colour : str
        Such as ``"#2f8091"``, or empty.
    """

    id: str
    group: str
    names: Mapping[str, str]
    definitions: Mapping[str, str] = field(default_factory=dict)
    examples: tuple[str, ...] = ()
    counter_examples: tuple[str, ...] = ()
    parent: str = ""
    colour: str = ""

    @property
    def path(self) -> str:
        """Full path ``group/code``."""
        return f"{self.group}/{self.id}"

    def name(self, language: str = "en") -> str:
        """Name in a language; in English, then in Dutch, where it has none there."""
        return _name(self, language)


@dataclass(frozen=True)
class Group:
    """Codes that answer one question about a segment.

    Attributes
    ----------
    id : str
    names : Mapping[str, str]
        By language.
    codes : tuple of Code
    exclusive : bool
        At most one code of the group holds for a segment.
    experimental : bool
        The default model is not good enough at this group to rely on it.
    """

    id: str
    names: Mapping[str, str]
    codes: tuple[Code, ...]
    exclusive: bool = False
    experimental: bool = False

    def name(self, language: str = "en") -> str:
        """Name in a language; in English, then in Dutch, where it has none there."""
        return _name(self, language)


@dataclass(frozen=True)
class Codebook:
    """A named, versioned set of groups, each of which is a tree of codes.

    Attributes
    ----------
    name : str
    version : int
    groups : tuple of Group
    """

    name: str
    version: int
    groups: tuple[Group, ...]

    def __iter__(self) -> Iterator[Code]:
        for group in self.groups:
            yield from group.codes

    def _repr_html_(self) -> str:
        rows = [
            {
                "group": code.group, "code": code.id, "name": code.name("nl"), "parent": code.parent,
                "definition": code.definitions.get("nl") or code.definitions.get("en", ""),
                "example": "; ".join(code.examples[:1]),
            }
            for _, code in self.walk()
        ]  # fmt: skip
        one_of = [f"{group.id}: one code at most on a segment." for group in self.groups if group.exclusive]
        head = f"Codebook {self.name}, version {self.version}: {len(rows)} codes"
        return html_table(rows, list(rows[0]) if rows else [], head=head, notes=one_of, most=len(rows))

    def group(self, id: str) -> Group:
        """Group with this id.

        Raises
        ------
        KeyError
            There is none.
        """
        for group in self.groups:
            if group.id == id:
                return group
        raise KeyError(id)

    def code(self, group: str, id: str) -> Code:
        """Code with this id in a group.

        Raises
        ------
        KeyError
            There is none.
        """
        for code in self.group(group).codes:
            if code.id == id:
                return code
        raise KeyError(f"{group}/{id}")

    def children(self, code: Code) -> tuple[Code, ...]:
        """Codes directly below a code, in the order of the codebook."""
        return tuple(other for other in self.group(code.group).codes if other.parent == code.id)

    def lineage(self, code: Code) -> tuple[Code, ...]:
        """Codes from the top of the tree down to a code, itself included."""
        line = [code]
        while line[0].parent:
            line.insert(0, self.code(code.group, line[0].parent))
        return tuple(line)

    def below(self, code: Code) -> Iterator[Code]:
        """All codes below a code, depth first."""
        for child in self.children(code):
            yield child
            yield from self.below(child)

    def walk(self) -> Iterator[tuple[int, Code]]:
        """All codes in the order of the tree, depth first.

        Yields
        ------
        tuple of (int, Code)
            How deep the code stands, from 0, and the code. `check_codebook` tells whether the parents make a tree.
        """
        for group in self.groups:
            for top in group.codes:
                if not top.parent:
                    yield 0, top
                    yield from ((len(self.lineage(code)) - 1, code) for code in self.below(top))


def _name(named: Code | Group, language: str) -> str:
    names = named.names
    return names.get(language) or names.get("en") or names.get("nl") or named.id
