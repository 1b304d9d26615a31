"""What the page changes: each call is one change of the study, with one line in its log."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, cast

from cxtext.codebook import Code, Group, add_code, add_group, free_id
from cxtext.errors import OptionError
from cxtext.project import Project
from cxtext.project.codings import (
    STATUSES,
    check_codings,
    decision,
    filled,
    insert_codings,
    key_of,
    moved,
    put_codebook,
)
from cxtext.project.decisions import About, Decision, keep_decision
from cxtext.project.frames import current_codebook
from cxtext.project.history import Entry, Step, Within, Writer
from cxtext.project.outline import changes_of_one, changes_since
from cxtext.web.answers import ConflictError, ForbiddenError, Given

Changes = Mapping[str, Any]
#: what of a coding a page has seen when it asks for a change
SEEN = ("start", "end", "group", "code", "status")
#: setting under which the pinned segments stand, with who pinned them
PINS = "pins"
#: group of the codes that are named by what a respondent said
IN_VIVO = Group("in_vivo", {"nl": "In vivo", "en": "In vivo"}, ())
_LONGEST_NAME = 60


def code(project: Project, given: Given) -> Changes:
    """Give codes (``codes``, paths) to stretches (``stretches``), and note what was read (``seen``, ``finished``)."""
    codings = [
        {**_stretch(stretch), "group": group, "code": id}
        for stretch in given.items("stretches")
        for group, _, id in (path.partition("/") for path in given.texts("codes"))
    ]
    seen = {one.get("segment", str): one.get("document", str) for one in given.items("seen")}
    decided = Decision(codings=tuple(codings), seen=seen, memo=given.get("memo", str, "").strip())
    with project.change("review" if codings else "read") as writer:
        keep_decision(writer, project.coder, decided)
    return _since(project, given, writer)


def decide(project: Project, given: Given) -> Changes:
    """Accept or reject suggestions (``codings``), or make them suggestions again: ``status``."""
    status = given.get("status", str)
    if status not in STATUSES:
        raise OptionError(f"{status!r} is no status of a coding. Choose one of {', '.join(STATUSES)}.")
    with project.change("decide") as writer:
        rows = _unchanged(writer, given.items("codings"))
        _only_machines(project, rows.values(), writer)
        done = decision(status, project.coder)
        count = writer.update("codings", dict.fromkeys(rows, done))
        writer.summary = f"{count} codings {status}"
    return _since(project, given, writer)


def change(project: Project, given: Given) -> Changes:
    """Give codings another stretch or code.

    One's own is changed. One of a machine is rejected, and the change becomes a coding of one's own.
    """
    with project.change("change") as writer:
        items = given.items("codings")
        rows = _unchanged(writer, items)
        wanted = {item.get("id", str): _wanted(item) for item in items}
        own = {id: wanted[id] for id, row in rows.items() if row["coder"] == project.coder}
        others = {id: row for id, row in rows.items() if id not in own}
        _only_machines(project, others.values(), writer)
        count = writer.update("codings", moved(writer, own)) if own else 0
        if others:
            count += writer.update("codings", dict.fromkeys(others, decision("rejected", project.coder)))
            _insert(writer, project, [_changed(row, wanted[id]) for id, row in others.items()])
        writer.summary = f"{count} codings"
    return _since(project, given, writer)


def remove(project: Project, given: Given) -> Changes:
    """Take codings away: one's own is removed, one of a machine is rejected, so that it is not suggested again."""
    with project.change("uncode") as writer:
        rows = _unchanged(writer, given.items("codings"))
        own = [id for id, row in rows.items() if row["coder"] == project.coder]
        others = {id: row for id, row in rows.items() if id not in own}
        _only_machines(project, others.values(), writer)
        count = writer.delete("codings", own)
        count += writer.update("codings", dict.fromkeys(others, decision("rejected", project.coder)))
        writer.summary = f"{count} codings"
    return _since(project, given, writer)


def new_code(project: Project, given: Given) -> Changes:
    """Put a code in the codebook (``group``, ``name``, ``language``) and give it to stretches, as one change.

    Without a group, the code is named in vivo, by what was said.
    """
    name = " ".join(given.get("name", str).split())[:_LONGEST_NAME]
    group = given.get("group", str, IN_VIVO.id)
    language = given.get("language", str, "nl")
    with project.change("codebook") as writer:
        codebook = current_codebook(writer.connection)
        if group == IN_VIVO.id and group not in {one.id for one in codebook.groups}:
            codebook = add_group(codebook, IN_VIVO).codebook
        new = Code(free_id(codebook, group, name), group, {language: name})
        put_codebook(writer, add_code(codebook, new))
        summary = writer.summary
        rows = [{**_stretch(item), "group": group, "code": new.id} for item in given.items("stretches")]
        _insert(writer, project, rows)
        writer.summary = summary
    return {**_since(project, given), "path": new.path}


def memo(project: Project, given: Given) -> Changes:
    """Write a memo (``about``, ``target``, ``text``), or change one's own (``id``); an empty text takes it away."""
    id, text = given.get("id", str, ""), given.get("text", str).strip()
    if not id:
        if not text:
            raise OptionError("The memo is empty. Write something in it.")
        project.add_memo(text, about=cast("About", given.get("about", str)), target=given.get("target", str, ""))
        return _since(project, given)
    with project.change("memo") as writer:
        row = writer.rows("memos", [id]).get(id)
        if row is None or row["text"] != given.get("was", str):
            raise ConflictError("This memo was changed or removed meanwhile. Yours was not kept: look at it again.")
        if row["coder"] != project.coder:
            raise OptionError(f"This memo is of {row['coder']}. Write one of your own.")
        if text:
            writer.update("memos", {id: {"text": text}})
        else:
            writer.delete("memos", [id])
        writer.summary = f"on {row['target'] or row['about']}"
    return _since(project, given)


def finish(project: Project, given: Given) -> Changes:
    """Say that a document (``document``) was read and coded to its end, or take that back (``finished`` false)."""
    document = given.get("document", str)
    if given.get("finished", bool):
        project.finish([document])
    else:
        with project.change("finish") as writer:
            writer.delete("finished", [key_of(document, project.coder)])
            writer.summary = f"{document} is open again for {project.coder}"
    return _since(project, given)


def undo(project: Project, given: Given) -> Changes:
    """Take back the last change that the coder at work made."""
    return _turned(project, given, project.undo)


def redo(project: Project, given: Given) -> Changes:
    """Do again what the coder at work undid last."""
    return _turned(project, given, project.redo)


def _turned(project: Project, given: Given, turn: Callable[..., list[Entry]]) -> Changes:
    try:
        entries = turn(own=True, within=_own_layer(project))
    except OptionError as error:
        raise ConflictError(str(error)) from error
    done = [{"action": entry.action, "summary": entry.summary} for entry in entries]
    return {**_since(project, given), "done": done}


def _own_layer(project: Project) -> Within | None:
    """For a coder of a team: whether a step changes nothing but this coder's own layer."""
    if project.role != "coder":
        return None
    machines = {name for name, kind in project.coders.items() if kind == "machine"}

    def within(table: str, step: Step) -> bool:
        id, *states = step
        rows = [row for row in states if row is not None]
        match table:
            case "codings":
                return all(
                    row["coder"] == project.coder
                    or (row["coder"] in machines and row["decided_by"] in ("", project.coder))
                    for row in rows
                )
            case "memos" | "seen" | "finished":
                return all(row["coder"] == project.coder for row in rows)
        return (table, id) in {("coders", project.coder), ("settings", PINS)}

    return within


def _since(project: Project, given: Given, writer: Writer | None = None) -> Changes:
    """Everything that changed since the page looked last: its own change, and those of others."""
    since = given.get("since", int)
    alone = changes_of_one(project, writer, since) if writer else None
    return alone or changes_since(project, since, seen_by=project.seen_by)


def _stretch(given: Given) -> dict[str, Any]:
    """Place of a stretch, with the segment that it is, where it is one."""
    return {
        "document": given.get("document", str), "start": given.get("start", int), "end": given.get("end", int),
        "segment": given.get("segment", str, ""),
    }  # fmt: skip


def _wanted(given: Given) -> dict[str, Any]:
    """What a coding shall become."""
    wanted: dict[str, Any] = {name: given.get(name, int) for name in ("start", "end") if name in given.values}
    if "path" in given.values:
        wanted["group"], _, wanted["code"] = given.get("path", str).partition("/")
    return wanted


def _changed(row: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
    """A coding of one's own in the place of another."""
    kept = {name: row[name] for name in ("document", "segment", "start", "end", "group", "code")}
    return {**kept, **({"segment": ""} if "start" in wanted or "end" in wanted else {}), **wanted}


def _unchanged(writer: Writer, items: list[Given]) -> dict[str, dict[str, Any]]:
    """Rows of codings, which have to be as the page saw them.

    Raises
    ------
    ConflictError
        One was changed meanwhile.
    """
    rows = writer.rows("codings", [item.get("id", str) for item in items])
    for item in items:
        row = rows.get(item.get("id", str))
        if row is None:
            raise ConflictError("This coding was removed meanwhile. Nothing of yours was kept: look at it again.")
        if [row[name] for name in SEEN] != item.get("was", list):
            who = row["decided_by"] or row["coder"]
            msg = f"{who} changed this coding meanwhile. Nothing of yours was kept: look at it again."
            raise ConflictError(msg)
    return rows


def _only_machines(project: Project, rows: Iterable[Mapping[str, Any]], writer: Writer) -> None:
    """Refuse to change what another person coded: that is what agreement is measured on."""
    rows = list(rows)
    for name, row in writer.rows("coders", list({row["coder"] for row in rows})).items():
        if row["kind"] != "machine":
            msg = f"This coding is of {name}. Give a code of your own; where you differ is settled under Compare."
            raise OptionError(msg)
    others = {row["decided_by"] for row in rows} - {"", project.coder}
    if others and project.role == "coder":
        msg = f"{' and '.join(sorted(others))} decided about this suggestion, which counts as a coding of theirs."
        raise ForbiddenError(f"{msg} Give a code of your own.")


def _insert(writer: Writer, project: Project, rows: list[dict[str, Any]]) -> None:
    codings = filled(rows, coder=project.coder, status="accepted")
    check_codings(writer, codings, current_codebook(writer.connection))
    insert_codings(writer, codings)
