"""Changes to a codebook: each gives a new version, and tells where the codings of every code go."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field, replace

from cxtext.codebook.checks import check_codebook
from cxtext.codebook.records import Code, Codebook, Group
from cxtext.codebook.texts import tidy, tidy_lines
from cxtext.errors import OptionError


@dataclass(frozen=True)
class CodebookChange:
    """A changed codebook and what became of its codes.

    Attributes
    ----------
    codebook : Codebook
        The next version.
    moved : Mapping[str, str]
        Old path (``group/code``) to new path of every code whose path changed; ``""`` where it was removed.
    summary : str
        One sentence, for a log.
    """

    codebook: Codebook
    moved: Mapping[str, str] = field(default_factory=dict)
    summary: str = ""


def rename_code(
    codebook: Codebook, path: str, *, name: str | None = None, id: str | None = None, language: str | None = None
) -> CodebookChange:
    """Give a code another name, another id, or both.

    Parameters
    ----------
    codebook : Codebook
    path : str
        The code, ``group/code``.
    name : str, optional
    id : str, optional
        The codes below it follow.
    language : str, optional
        Of the name; every language that the code has where it is left out.

    Returns
    -------
    CodebookChange

    Raises
    ------
    OptionError
        There is no such code, neither a name nor an id is given, or the new id is taken.

    Examples
    --------
    >>> from cxtext.codebook import load_codebook
    >>> change = rename_code(load_codebook(), "kind/pain", id="frustration", name="ergernis", language="nl")
    >>> dict(change.moved), change.codebook.code("kind", "frustration").name("nl"), change.codebook.version
    ({'kind/pain': 'kind/frustration'}, 'ergernis', 2)
    """
    code = _find(codebook, path)
    if name is None and id is None:
        msg = f"Nothing is said about how to rename {path}. Give a name, an id, or both."
        raise OptionError(msg)
    names = (
        code.names if name is None else {**code.names, **dict.fromkeys([language] if language else code.names, name)}
    )
    renamed = replace(code, id=code.id if id is None else id, names=names)

    def change(other: Code) -> Code:
        if other.id == code.id:
            return renamed
        return replace(other, parent=renamed.id) if other.parent == code.id else other

    group = codebook.group(code.group)
    new = with_group(codebook, replace(group, codes=tuple(map(change, group.codes))))
    moved = {} if renamed.path == path else {path: renamed.path}
    to = " ".join(([renamed.path] if moved else []) + ([f'"{name}"'] if name is not None else []))
    return checked(new, moved, f"Renamed {path} to {to}.")


def describe_code(
    codebook: Codebook,
    path: str,
    *,
    definition: str | None = None,
    language: str | None = None,
    examples: Iterable[str] | None = None,
    counter_examples: Iterable[str] | None = None,
    colour: str | None = None,
) -> CodebookChange:
    """Say anew what a code means, and how it looks; what is left out stays as it is.

    Parameters
    ----------
    codebook : Codebook
    path : str
        The code, ``group/code``.
    definition : str, optional
        An empty one takes it away.
    language : str, optional
        Of the definition; every language that the code has a name in where it is left out.
    examples, counter_examples : iterable of str, optional
        All that the code is to have.
    colour : str, optional
        Such as ``"#2f8091"``; an empty one leaves it to the palette.

    Returns
    -------
    CodebookChange
        No coding moves.

    Raises
    ------
    OptionError
        There is no such code, or the colour is none.

    Examples
    --------
    >>> from cxtext.codebook import load_codebook
    >>> change = describe_code(load_codebook(), "kind/pain", colour="#1f6f8b")
    >>> change.codebook.code("kind", "pain").colour, change.summary
    ('#1f6f8b', 'Described kind/pain: colour.')
    """
    code = _find(codebook, path)
    new = code
    if definition is not None:
        given = dict.fromkeys([language] if language else code.names, tidy(definition))
        new = replace(new, definitions={key: text for key, text in {**code.definitions, **given}.items() if text})
    if examples is not None:
        new = replace(new, examples=_joined(tidy_lines(examples)))
    if counter_examples is not None:
        new = replace(new, counter_examples=_joined(tidy_lines(counter_examples)))
    if colour is not None:
        new = replace(new, colour=colour)
    group = codebook.group(code.group)
    codes = tuple(new if other is code else other for other in group.codes)
    said = [name for name in ("definitions", "examples", "counter_examples", "colour")
            if getattr(new, name) != getattr(code, name)]  # fmt: skip
    summary = f"Described {path}: {', '.join(said).replace('_', '-') or 'nothing new'}."
    return checked(with_group(codebook, replace(group, codes=codes)), {}, summary)


def move_code(
    codebook: Codebook, path: str, *, group: str | None = None, parent: str = "", before: str | None = None
) -> CodebookChange:
    """Move a code, with all codes below it, to another place in the tree or to another group.

    Parameters
    ----------
    codebook : Codebook
    path : str
        The code, ``group/code``.
    group : str, optional
        Where it goes; the group that it has where it is left out.
    parent : str
        Id of the code of that group below which it goes; the top of the group where it is left out.
    before : str, optional
        Id of the code with that parent in front of which it goes; empty behind all of them. Where it is left out, it
        stays where it stands in its own group, and goes to the end of another.

    Returns
    -------
    CodebookChange

    Raises
    ------
    OptionError
        There is no such code, group, parent or code to go before, the parent is below the code itself, or the group
        has a code with the same id.
    """
    code = _find(codebook, path)
    target = find_group(codebook, code.group if group is None else group)
    top = replace(code, group=target.id, parent=parent)
    place = f"{target.id}/{parent}" if parent else target.id
    if before and _find(codebook, f"{target.id}/{before}").parent != parent:
        raise OptionError(f"{target.id}/{before} does not stand below {place}. Name a code that does.")
    if target.id == code.group:
        codes = tuple(top if other.id == code.id else other for other in target.codes)
        new = with_group(codebook, replace(target, codes=_in_front(codes, top, before)))
        return checked(new, {}, f"Moved {path} below {place}{f', before {before}' if before else ''}.")
    going = [code.id, *(other.id for other in codebook.below(code))]
    source = codebook.group(code.group)
    coming = (top if c.id == code.id else replace(c, group=target.id) for c in source.codes if c.id in going)
    new = with_group(codebook, replace(source, codes=tuple(c for c in source.codes if c.id not in going)))
    new = with_group(new, replace(target, codes=_in_front((*target.codes, *coming), top, before)))
    moved = {f"{source.id}/{id}": f"{target.id}/{id}" for id in going}
    return checked(new, moved, f"Moved {', '.join(moved)} below {place}.")


def merge_codes(codebook: Codebook, paths: Iterable[str], into: str) -> CodebookChange:
    """Make one code of several.

    Parameters
    ----------
    codebook : Codebook
    paths : iterable of str
        Codes that merge into another; the codes below them go below that one.
    into : str
        The code that stays, with its name, definition and colour; it gets the examples of the others.

    Returns
    -------
    CodebookChange

    Raises
    ------
    OptionError
        There is no such code, nothing is left to merge, or the group of `into` has a code with the id of a code that
        comes along.
    """
    merged = [_find(codebook, path) for path in dict.fromkeys(paths) if path != into]
    kept = _find(codebook, into)
    if not merged:
        msg = f"There is nothing to merge into {into}. Name at least one other code."
        raise OptionError(msg)
    going = {code.path for code in merged}
    new, moved = codebook, dict.fromkeys(going, into)
    above = [code for code in codebook.lineage(kept) if code.path in going]
    if above:
        new = move_code(new, into, parent=above[0].parent).codebook
    for code in sorted(merged, key=lambda code: -len(codebook.lineage(code))):
        for child in new.children(code):
            step = move_code(new, child.path, group=kept.group, parent=kept.id)
            new, moved = step.codebook, {**moved, **step.moved}
        new = _without(new, {code.path})
    examples = _joined(kept.examples, *(code.examples for code in merged))
    against = _joined(kept.counter_examples, *(code.counter_examples for code in merged))
    against = tuple(text for text in against if text not in examples)
    kept = replace(new.code(kept.group, kept.id), examples=examples, counter_examples=against)
    group = new.group(kept.group)
    new = with_group(new, replace(group, codes=tuple(kept if code.path == into else code for code in group.codes)))
    new = replace(new, version=codebook.version)
    return checked(new, moved, f"Merged {', '.join(code.path for code in merged)} into {into}.")


def split_code(codebook: Codebook, path: str, new_codes: Iterable[Code]) -> CodebookChange:
    """Put new codes beside a code that turned out to be several.

    Parameters
    ----------
    codebook : Codebook
    path : str
        The code, ``group/code``. It stays, and keeps its codings until a person divides them.
    new_codes : iterable of Code
        Of the same group; they stand behind the old code, below the parents that they name.

    Returns
    -------
    CodebookChange
        No coding moves.

    Raises
    ------
    OptionError
        There is no such code, there are no new ones, or one does not fit in the group.
    """
    old, new_codes = _find(codebook, path), tuple(new_codes)
    if not new_codes:
        msg = f"There is nothing to split {path} into. Give the new codes."
        raise OptionError(msg)
    group = codebook.group(old.group)
    at = group.codes.index(old) + 1
    new = with_group(codebook, replace(group, codes=(*group.codes[:at], *new_codes, *group.codes[at:])))
    return checked(new, {}, f"Split {path}: added {', '.join(code.path for code in new_codes)}.")


def add_code(codebook: Codebook, code: Code) -> CodebookChange:
    """Put a code at the end of its group.

    Raises
    ------
    OptionError
        There is no such group, or the code does not fit in it.
    """
    group = find_group(codebook, code.group)
    return checked(with_group(codebook, replace(group, codes=(*group.codes, code))), {}, f"Added {code.path}.")


def remove_code(codebook: Codebook, path: str, *, with_children: bool = False) -> CodebookChange:
    """Take a code out.

    Parameters
    ----------
    codebook : Codebook
    path : str
        The code, ``group/code``.
    with_children : bool
        All codes below it go too.

    Returns
    -------
    CodebookChange

    Raises
    ------
    OptionError
        There is no such code, or there are codes below it.
    """
    code = _find(codebook, path)
    below = [other.path for other in codebook.below(code)]
    if below and not with_children:
        msg = (
            f"Below {path} stand {', '.join(below)}. Move them first, or remove them too (--with-children; in Python "
            "with_children=True)."
        )
        raise OptionError(msg)
    gone = [path, *below]
    return checked(_without(codebook, gone), dict.fromkeys(gone, ""), f"Removed {', '.join(gone)}.")


def free_id(codebook: Codebook, group: str, name: str) -> str:
    """Id for a new code of a group, made of its name.

    Examples
    --------
    >>> from cxtext.codebook import load_codebook
    >>> free_id(load_codebook(), "kind", "Één idee!"), free_id(load_codebook(), "kind", "Pain")
    ('een_idee', 'pain_2')
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    base = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:40] or "code"
    taken = {code.id for code in codebook if code.group == group}
    return next(id for n in range(1, len(taken) + 2) if (id := base if n == 1 else f"{base}_{n}") not in taken)


def _in_front(codes: tuple[Code, ...], code: Code, before: str | None) -> tuple[Code, ...]:
    """Codes with one of them in front of another, or behind all."""
    if before in (None, code.id):
        return codes
    others = [other for other in codes if other is not code]
    at = next((at for at, other in enumerate(others) if other.id == before), len(others))
    return (*others[:at], code, *others[at:])


def _find(codebook: Codebook, path: str) -> Code:
    for code in codebook:
        if code.path == path:
            return code
    msg = f"There is no code {path!r} in the codebook {codebook.name!r}. {_there_are(c.path for c in codebook)}"
    raise OptionError(msg)


def find_group(codebook: Codebook, id: str) -> Group:
    """The group of an id, or an error that names those there are."""
    for group in codebook.groups:
        if group.id == id:
            return group
    msg = f"There is no group {id!r} in the codebook {codebook.name!r}. {_there_are(g.id for g in codebook.groups)}"
    raise OptionError(msg)


def _there_are(names: Iterable[str]) -> str:
    return f"There are: {', '.join(names)}."


def with_group(codebook: Codebook, new: Group) -> Codebook:
    """A codebook with a group in the place of that with its id."""
    return replace(codebook, groups=tuple(new if group.id == new.id else group for group in codebook.groups))


def _without(codebook: Codebook, paths: Container[str]) -> Codebook:
    groups = (replace(group, codes=tuple(c for c in group.codes if c.path not in paths)) for group in codebook.groups)
    return replace(codebook, groups=tuple(groups))


def _joined(*texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for several in texts for text in several))


def checked(codebook: Codebook, moved: Mapping[str, str], summary: str) -> CodebookChange:
    """A change to the next version, when its parts fit together."""
    check_codebook(codebook)
    return CodebookChange(replace(codebook, version=codebook.version + 1), moved, summary)
