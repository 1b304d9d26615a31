"""Codes, groups of codes and the codebook that holds them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import yaml

from cxtext.errors import ReadError
from cxtext.resources import data_path


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
    """

    id: str
    group: str
    names: Mapping[str, str]
    definitions: Mapping[str, str] = field(default_factory=dict)
    examples: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """Full path ``group/code``."""
        return f"{self.group}/{self.id}"

    def name(self, language: str = "en") -> str:
        """Name in a language, in English where it has none there."""
        return self.names.get(language) or self.names.get("en") or self.id


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
        """Name in a language, in English where it has none there."""
        return self.names.get(language) or self.names.get("en") or self.id


@dataclass(frozen=True)
class Codebook:
    """A named, versioned tree of codes.

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


def load_codebook(path: str | Path | None = None) -> Codebook:
    """Read a codebook from YAML.

    Parameters
    ----------
    path : str, pathlib.Path or None
        The file; the default codebook of cxtext where it is left out.

    Returns
    -------
    Codebook

    Raises
    ------
    ReadError
        The file is missing, is no YAML, or lacks a part.

    Examples
    --------
    >>> [group.id for group in load_codebook().groups]
    ['kind', 'emotion', 'sentiment', 'phase', 'channel', 'principle']
    """
    return _load(Path(path) if path else data_path("codebook.yaml"))


@cache
def _load(path: Path) -> Codebook:
    advice = "See cxtext/data/codebook.yaml for the form: groups with id, name and codes."
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeError, yaml.YAMLError) as error:
        raise ReadError(str(path), f"the codebook cannot be read ({error})", advice) from error
    try:
        groups = tuple(
            Group(
                id=group["id"],
                names=_by_language(group["name"]),
                exclusive=bool(group.get("exclusive", False)),
                experimental=bool(group.get("experimental", False)),
                codes=tuple(
                    Code(
                        id=code["id"],
                        group=group["id"],
                        names=_by_language(code.get("name", code["id"])),
                        definitions=_by_language(code.get("definition", "")),
                        examples=tuple(map(str, code.get("examples", ()))),
                    )
                    for code in group["codes"]
                ),
            )
            for group in data["groups"]
        )
        return Codebook(name=str(data.get("name", path.stem)), version=int(data.get("version", 1)), groups=groups)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise ReadError(
            str(path), f"the codebook lacks a part or has one of the wrong form ({error!r})", advice
        ) from error


def _by_language(text: str | Mapping[str, str]) -> dict[str, str]:
    return dict(text) if isinstance(text, Mapping) else {"nl": text, "en": text}
