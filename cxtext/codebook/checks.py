"""Whether the parts of a codebook fit together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cxtext.codebook.records import Code, Codebook, Group
from cxtext.codebook.texts import tidy_lines
from cxtext.errors import OptionError

_LANGUAGE = re.compile("[a-z]{2,3}")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True)
class Problem:
    """Something in a codebook that cannot be.

    Attributes
    ----------
    place : str
        ``group`` or ``group/code``.
    reason, advice : str
    group, code : int
        Number of the group in the codebook and of the code in the group; -1 where it is the group itself.
    """

    place: str
    reason: str
    advice: str
    group: int
    code: int = -1


def check_codebook(codebook: Codebook) -> None:
    """Check that ids are unique and usable, that parents make a tree, and that names and colours are what they should.

    Parameters
    ----------
    codebook : Codebook

    Raises
    ------
    OptionError
        With the first place that is wrong.

    Examples
    --------
    >>> codes = (Code("prijs", "thema", {"nl": "prijs"}, parent="geld"),)
    >>> check_codebook(Codebook("winkel", 1, (Group("thema", {"nl": "thema"}, codes),)))
    Traceback (most recent call last):
    cxtext.errors.OptionError: Codebook winkel, thema/prijs: its parent 'geld' is no code of the group. Name ...
    """
    for problem in find_problems(codebook):
        msg = f"Codebook {codebook.name}, {problem.place}: {problem.reason}. {problem.advice}"
        raise OptionError(msg)


def find_problems(codebook: Codebook) -> Iterator[Problem]:
    """Everything in a codebook that cannot be, in its order.

    Parameters
    ----------
    codebook : Codebook

    Yields
    ------
    Problem
    """
    seen: set[str] = set()
    for at, group in enumerate(codebook.groups):
        for reason, advice in _named_wrongly(group, seen):
            yield Problem(group.id or f"group {at + 1}", reason, advice, at)
        seen.add(group.id)
        codes: set[str] = set()
        parents = {code.id: code.parent for code in group.codes}
        for number, code in enumerate(group.codes):
            wrong = [*_named_wrongly(code, codes), *_placed_wrongly(code, group, parents)]
            codes.add(code.id)
            for reason, advice in wrong:
                yield Problem(code.path, reason, advice, at, number)


def _named_wrongly(part: Code | Group, seen: set[str]) -> Iterator[tuple[str, str]]:
    kind = "group" if isinstance(part, Group) else "code"
    if not part.id.strip():
        yield f"the {kind} has no id", f"Give every {kind} an id."
    elif tidy_lines([part.id]) != (part.id,) or "/" in part.id:
        yield (
            f"the id {part.id!r} holds a slash, a control character, or more than single spaces between words",
            "Give it an id of plain words, and put the rest in the name.",
        )
    elif part.id in seen:
        where = "in the codebook" if kind == "group" else "in its group"
        yield f"the {kind} {part.id!r} is there twice", f"Give every {kind} an id that is unique {where}."
    for language in {**part.names, **(part.definitions if isinstance(part, Code) else {})}:
        if not _LANGUAGE.fullmatch(language):
            yield f"{language!r} is no language", "Name languages by their codes, nl and en."
    if not part.names or not all(name.strip() for name in part.names.values()):
        yield "it has no name, or an empty one", "Give it a name in at least one language, and leave out the others."


def _placed_wrongly(code: Code, group: Group, parents: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    if code.group != group.id:
        yield f"it says that its group is {code.group!r}", f"It stands in the group {group.id!r}."
    if code.colour and not _COLOUR.fullmatch(code.colour):
        yield f"{code.colour!r} is no colour", "Write colours as # and six hexadecimal digits, such as #2f8091."
    if code.parent and code.parent not in parents:
        yield (
            f"its parent {code.parent!r} is no code of the group",
            f"Name the id of another code of {group.id!r}, or leave the parent empty.",
        )
    elif circle := _circle(code, parents):
        yield f"it stands below itself ({' < '.join(circle)})", "Take the parent off one of these codes."


def _circle(code: Code, parents: Mapping[str, str]) -> list[str]:
    """Ids from a code up to itself again; empty where the way ends elsewhere."""
    line = [code.id]
    parent = code.parent
    while parent and parent in parents and parent not in line:
        line.append(parent)
        parent = parents[parent]
    return [*line, parent] if parent == code.id else []
