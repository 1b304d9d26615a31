"""The codebook on the page: what its codes mean and how they are used, and changes of it, each one undoable change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from cxtext.codebook import (
    Code,
    Codebook,
    CodebookChange,
    Group,
    add_code,
    add_group,
    describe_code,
    free_id,
    merge_codes,
    move_code,
    remove_code,
    remove_group,
    rename_code,
    rename_group,
)
from cxtext.errors import OptionError
from cxtext.palette import CODES
from cxtext.project import Project
from cxtext.project.codings import put_codebook
from cxtext.project.frames import current_codebook
from cxtext.project.outline import changes_since
from cxtext.project.usage import code_usage, quotes_of
from cxtext.web.answers import ConflictError, Given, Handler

#: most quotes of a code that are shown to pick examples from
MOST_QUOTES = 200
_LONGEST = {"name": 60, "definition": 2000, "example": 500}
_LANGUAGES = ("nl", "en")
_GONE = "Somebody changed or removed this code meanwhile. Nothing of yours was kept: look at it again."


def usage(project: Project, given: Given) -> Mapping[str, Any]:
    """How much every code is used, and the colours to choose from."""
    return {"codes": code_usage(project, seen_by=project.seen_by), "colours": CODES}


def quotes(project: Project, given: Given) -> Mapping[str, Any]:
    """What people said of stretches about a code (``path``): to pick examples from."""
    found = quotes_of(project, given.get("path", str), limit=MOST_QUOTES, seen_by=project.seen_by)
    return {"quotes": found, "most": MOST_QUOTES}


def add(project: Project, given: Given) -> Mapping[str, Any]:
    """Add a code (``group``, ``name``, ``language``), below another (``parent``) or at the top."""
    group, name, language = given.get("group", str), _name(given), _language(given)

    def change(codebook: Codebook) -> CodebookChange:
        new = Code(free_id(codebook, group, name), group, {language: name}, parent=given.get("parent", str, ""))
        made.append(new.path)
        return add_code(codebook, new)

    made: list[str] = []
    return {**_changed(project, given, change), "path": made[0]}


def new_group(project: Project, given: Given) -> Mapping[str, Any]:
    """Add a group of codes (``name``, ``language``), of which at most one may hold where it is ``exclusive``."""
    name, language = _name(given), _language(given)

    def change(codebook: Codebook) -> CodebookChange:
        taken = Codebook("", 1, (Group("", {}, tuple(Code(one.id, "", {}) for one in codebook.groups)),))
        new = Group(free_id(taken, "", name), {language: name}, (), exclusive=given.get("exclusive", bool, False))
        return add_group(codebook, new)

    return _changed(project, given, change)


def edit_group(project: Project, given: Given) -> Mapping[str, Any]:
    """Rename a group of codes (``group``): ``name``, which was ``was``, in a ``language``."""
    id, name, language = given.get("group", str), _name(given), _language(given)

    def change(codebook: Codebook) -> CodebookChange:
        if _group(codebook, id).names.get(language, "") != given.get("was", str):
            raise ConflictError(_GONE)
        return rename_group(codebook, id, name=name, language=language)

    return _changed(project, given, change)


def drop_group(project: Project, given: Given) -> Mapping[str, Any]:
    """Take a ``group`` out with its codes, and all their codings, of which the page saw so many (``codings``)."""
    id = given.get("group", str)

    def change(codebook: Codebook) -> CodebookChange:
        _group(codebook, id)
        return remove_group(codebook, id)

    return _changed(project, given, change, drop=given.get("codings", int))


def edit(project: Project, given: Given) -> Mapping[str, Any]:
    """Change what a code (``path``) is called, means or looks like.

    Any of ``name``, ``definition``, ``colour``, ``examples`` and ``counter_examples``, and what the page saw in the
    place of each (``was``).
    """
    path, language, was = given.get("path", str), _language(given), Given(given.get("was", dict))

    def change(codebook: Codebook) -> CodebookChange:
        code = _code(codebook, path)
        now = {
            "name": code.names.get(language, ""), "definition": code.definitions.get(language, ""),
            "colour": code.colour, "examples": list(code.examples), "counter_examples": list(code.counter_examples),
        }  # fmt: skip
        wanted = [name for name in now if name in given.values]
        if any(now[name] != was.values.get(name) for name in wanted):
            raise ConflictError(_GONE)
        texts = {name: _texts(given, name) for name in ("examples", "counter_examples") if name in wanted}
        plain = {name: _short(given, name) for name in ("definition", "colour") if name in wanted}
        done = CodebookChange(codebook)
        if "name" in wanted:
            done = rename_code(codebook, path, name=_name(given), language=language)
        if texts or plain:
            named = done.summary
            done = describe_code(done.codebook, path, language=language, **texts, **plain)  # type: ignore[arg-type]
            done = replace(done, summary=f"{named} {done.summary}".strip())
        if not wanted:
            raise OptionError("Nothing is said about what of the code to change.")
        return done

    return _changed(project, given, change)


def move(project: Project, given: Given) -> Mapping[str, Any]:
    """Move a code (``path``) with all below it: to a ``group``, below a ``parent``, ``before`` another ("": last)."""
    path = given.get("path", str)

    def change(codebook: Codebook) -> CodebookChange:
        code = _code(codebook, path)
        if code.parent != given.get("was", str):
            raise ConflictError(_GONE)
        group, parent = given.get("group", str), given.get("parent", str, "")
        before = given.get("before", str) if "before" in given.values else None
        return move_code(codebook, path, group=group, parent=parent, before=before)

    return _changed(project, given, change)


def merge(project: Project, given: Given) -> Mapping[str, Any]:
    """Make one code (``into``) of several (``paths``); their codings go with them."""
    paths, into = given.texts("paths"), given.get("into", str)

    def change(codebook: Codebook) -> CodebookChange:
        for path in (*paths, into):
            _code(codebook, path)
        return merge_codes(codebook, paths, into)

    return _changed(project, given, change)


def remove(project: Project, given: Given) -> Mapping[str, Any]:
    """Take a code (``path``) out with all below it, and all their codings, of which the page saw so many (``codings``).

    Somebody may have coded with it meanwhile: nothing is removed then.
    """
    path = given.get("path", str)

    def change(codebook: Codebook) -> CodebookChange:
        _code(codebook, path)
        return remove_code(codebook, path, with_children=True)

    return _changed(project, given, change, drop=given.get("codings", int))


READS: dict[str, Handler] = {"usage": usage, "code_quotes": quotes}
WRITES: dict[str, Handler] = {
    "code_add": add, "code_edit": edit, "code_move": move, "code_merge": merge, "code_remove": remove,
    "group_add": new_group, "group_edit": edit_group, "group_remove": drop_group,
}  # fmt: skip


def _changed(
    project: Project, given: Given, change: Callable[[Codebook], CodebookChange], *, drop: int | None = None
) -> dict[str, Any]:
    """Make a change of the codebook as it is in this moment, and tell what else changed since the page looked."""
    with project.change("codebook") as writer:
        after = put_codebook(writer, change(current_codebook(writer.connection)), drop_removed=drop is not None)
        if drop not in (None, after.dropped):
            raise ConflictError("Somebody coded with this code meanwhile. Nothing was removed: look at it again.")
    since = changes_since(project, given.get("since", int), seen_by=project.seen_by)
    return {**since, "joined": after.joined, "dropped": after.dropped, "conflicts": len(after.conflicts)}


def _code(codebook: Codebook, path: str) -> Code:
    code = next((code for code in codebook if code.path == path), None)
    if code is None:
        raise ConflictError(_GONE)
    return code


def _group(codebook: Codebook, id: str) -> Group:
    group = next((group for group in codebook.groups if group.id == id), None)
    if group is None:
        raise ConflictError(_GONE)
    return group


def _language(given: Given) -> str:
    language = given.get("language", str)
    if language not in _LANGUAGES:
        raise OptionError(f"The language is one of {', '.join(_LANGUAGES)}, not {language!r:.20}.")
    return language


def _name(given: Given) -> str:
    name = " ".join(given.get("name", str).split())
    if not 0 < len(name) <= _LONGEST["name"]:
        raise OptionError(f"A name has 1 to {_LONGEST['name']} characters.")
    return name


def _short(given: Given, name: str) -> str:
    text = given.get(name, str)
    if len(text) > _LONGEST["definition"]:
        raise OptionError(f"A {name} has {_LONGEST['definition']} characters at most.")
    return text


def _texts(given: Given, name: str) -> list[str]:
    texts = given.texts(name)
    if any(len(text) > _LONGEST["example"] for text in texts):
        raise OptionError(f"An example has {_LONGEST['example']} characters at most. Choose a shorter one.")
    return texts
