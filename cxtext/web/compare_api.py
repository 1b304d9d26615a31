"""Two coders side by side: where they differ, how far they agree, and what is settled between them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, cast

from cxtext.codebook import Codebook
from cxtext.errors import OptionError
from cxtext.project import Project
from cxtext.project.consensus import CONSENSUS, Comparison, Dispute, begun, side_by_side
from cxtext.project.decisions import keep_decision
from cxtext.project.history import Writer
from cxtext.project.outline import changes_since
from cxtext.tables import CODINGS
from cxtext.web.answers import ConflictError, Given
from cxtext.web.shelf import position, shelf_of
from cxtext.web.telling import told

if TYPE_CHECKING:
    import pandas as pd

#: a memo on a coding that begins with this asks the team to talk about it
TALK = "#discuss"
_GATE = "This study is coded blind. Whoever only decides, and codes nothing, says so first."
_FIGURES = ("prevalence", "percent", "kappa", "ac1", "alpha", "alpha_low", "alpha_high")


def comparison(project: Project, given: Given) -> Mapping[str, Any]:
    """Two coders side by side (``first``, ``second``): what they differ on, and how much is settled.

    In a blind study, a coder who has coded nothing yet sees nothing, unless ``decides`` says that they only decide. A
    coder of a team, who cannot decide, sees documents that they finished.
    """
    kinds = {name: kind for name, kind in project.coders.items() if kind != "consensus"}
    answer = {
        "number": position(project), "coders": kinds, "blind": bool(project.settings.get("blind")),
        "begun": sorted(_begun(project)),
    }  # fmt: skip
    if not _may_look(project, given):
        return {**answer, "gate": True}
    first, second = given.get("first", str, ""), given.get("second", str, "")
    if not (first and second):
        return answer
    found = _found(project, first, second)
    talk = _talked_about(project)
    rows = {row["segment"]: row for row in found.segments.to_dict("records")}
    near = _neighbours(project.segments(sorted({one.document for one in found.disputes})))
    ids = _ids(found)
    return {
        **answer,
        "read": len(rows),
        "documents": int(found.segments["document"].nunique()),
        "settled": found.settled,
        "agreed": len(found.agreed.codings),
        "seen_suggestions": _seen_suggestions(project, (first, second)),
        "disputes": [
            _row(dispute, rows[dispute.segment], near, ids.get((dispute.segment, dispute.item.group), []), talk)
            for dispute in found.disputes
        ],
    }


def figures(project: Project, given: Given) -> Mapping[str, Any]:
    """Agreement of two coders (``first``, ``second``) per group and code; ``cluster`` is what is drawn."""
    if not _may_look(project, given):
        raise OptionError(_GATE)
    first, second = given.get("first", str), given.get("second", str)
    cluster = given.get("cluster", str, "")
    if cluster not in ("", "document", "case"):
        raise OptionError(f"{cluster!r} cannot be drawn. Choose document or case, or leave it out.")
    key = ("agreement", position(project), first, second, cluster)
    found = shelf_of(project).get(key, lambda: _figures(project, first, second, cluster))
    return {**found, "rows": [{**row, "warning": told(row["warning"], given.language)} for row in found["rows"]]}


def settle(project: Project, given: Given) -> Mapping[str, Any]:
    """Keep in the consensus what holds (``codes``) of a dispute (``segment``, ``group``, and the codes seen: ``was``).

    Raises
    ------
    ConflictError
        One of the two coded it differently meanwhile, or somebody settled it.
    """
    segment, group, codes = given.get("segment", str), given.get("group", str), given.texts("codes")
    if not _may_look(project, given):
        raise OptionError(_GATE)
    found = _found(project, given.get("first", str), given.get("second", str))
    dispute = next((one for one in found.disputes if (one.segment, one.item.group) == (segment, group)), None)
    if dispute is None or [list(dispute.first), list(dispute.second)] != given.get("was", list):
        raise ConflictError("This was settled or coded differently meanwhile. Nothing of yours was kept: look again.")
    _check(project.codebook, group, codes)
    with project.change("settle") as writer:
        _unsettled(writer, dispute)
        keep_decision(writer, project.coder, dispute.settle(codes, project.coder, memo=given.get("memo", str, "")))
        writer.summary = f"{group} of {segment}: {', '.join(codes) or 'none'}"
    return changes_since(project, given.get("since", int), seen_by=project.seen_by)


def agree(project: Project, given: Given) -> Mapping[str, Any]:
    """Put everything on which two coders (``first``, ``second``) agree in the consensus."""
    if not _may_look(project, given):
        raise OptionError(_GATE)
    found = _found(project, given.get("first", str), given.get("second", str))
    if found.agreed.codings:
        project.keep(found.agreed)
    return changes_since(project, given.get("since", int), seen_by=project.seen_by)


def talk(project: Project, given: Given) -> Mapping[str, Any]:
    """Ask the team to talk about a dispute: a memo (``text``) on one of its codings (``coding``)."""
    text = f"{TALK} {given.get('text', str, '')}".strip()
    project.add_memo(text, about="coding", target=given.get("coding", str))
    return changes_since(project, given.get("since", int), seen_by=project.seen_by)


def blind(project: Project, given: Given) -> Mapping[str, Any]:
    """Have the study coded blind (``blind``), or no longer."""
    project.set(blind=given.get("blind", bool) or None)
    return changes_since(project, given.get("since", int), seen_by=project.seen_by)


def _may_look(project: Project, given: Given) -> bool:
    if not project.settings.get("blind") or project.role in ("coder", "reader"):
        return True
    return given.get("decides", str, "") == "yes" or project.coder in _begun(project)


def _begun(project: Project) -> set[str]:
    return shelf_of(project).get(("begun", position(project)), lambda: begun(project))


def _found(project: Project, first: str, second: str) -> Comparison:
    key = ("comparison", position(project), first, second)
    finished_by = project.seen_by if project.role == "coder" else None
    return shelf_of(project).get(key, lambda: side_by_side(project, first, second, finished_by=finished_by))


def _figures(project: Project, first: str, second: str, cluster: str) -> dict[str, Any]:
    import pandas as pd

    from cxtext.agreement import agreement

    found = _found(project, first, second)
    live = found.codings[found.codings["status"] != "rejected"]
    if found.segments.empty or not (live.groupby("group")["coder"].nunique() > 1).any():
        return {"rows": [], "n_resamples": 0}
    documents = found.segments["document"].unique()
    result = agreement(
        found.codings[list(CODINGS)], found.segments, coders=(first, second), codebook=project.codebook,
        coded=pd.DataFrame([(d, name) for d in documents for name in (first, second)], columns=["document", "coder"]),
        cluster=cast('Literal["document", "case"] | None', cluster or None),
    )  # fmt: skip
    rows = []
    for row in result.table.to_dict("records"):
        used = dict(part.rsplit(" ", 1) for part in row["used"].split("; "))
        rows.append({
            "group": row["group"], "code": row["code"], "n": row["n_units"], "warning": row["warning"],
            "used": [int(used.get(name, 0)) for name in (first, second)],
            **{name: None if math.isnan(row[name]) else round(row[name], 4) for name in _FIGURES},
        })  # fmt: skip
    return {"rows": rows, "n_resamples": result.method["n_resamples"], "drawn": result.method["resampled"]}


def _row(
    dispute: Dispute,
    segment: Mapping[Any, Any],
    near: Mapping[str, tuple[str, str]],
    ids: list[str],
    talk: Mapping[str, list[dict[str, str]]],
) -> dict[str, Any]:
    """A dispute as the page shows it."""
    before, after = near[dispute.segment]
    return {
        "segment": dispute.segment, "document": dispute.document, "start": dispute.item.start, "end": dispute.item.end,
        "group": dispute.item.group, "first": dispute.first, "second": dispute.second, "speaker": segment["speaker"],
        "prompt": segment["prompt"], "before": before, "text": segment["text"], "after": after,
        "codings": ids, "talk": [memo for id in ids for memo in talk.get(id, ())],
    }  # fmt: skip


def _neighbours(segments: pd.DataFrame) -> dict[str, tuple[str, str]]:
    """Text before and after each segment, in the same turn."""
    near = {}
    for _, own in segments.groupby(["document", "turn"], sort=False):
        texts, names = own["text"].tolist(), own["segment"].tolist()
        for at, name in enumerate(names):
            near[name] = (texts[at - 1] if at else "", texts[at + 1] if at + 1 < len(texts) else "")
    return near


def _ids(found: Comparison) -> dict[tuple[str, str], list[str]]:
    """Ids of the codings of both, by segment and group."""
    ids: dict[tuple[str, str], list[str]] = {}
    for row in found.codings.to_dict("records"):
        ids.setdefault((row["segment"], row["group"]), []).append(row["coding"])
    return {key: list(dict.fromkeys(some)) for key, some in ids.items()}


def _talked_about(project: Project) -> dict[str, list[dict[str, str]]]:
    """What the team is asked to talk about, by coding."""
    memos = project.memos()
    found: dict[str, list[dict[str, str]]] = {}
    for row in memos[(memos["about"] == "coding") & memos["text"].str.startswith(TALK)].to_dict("records"):
        text = row["text"].removeprefix(TALK).strip()
        found.setdefault(row["target"], []).append({"id": row["memo"], "coder": row["coder"], "text": text})
    return found


def _seen_suggestions(project: Project, names: tuple[str, str]) -> int:
    """How often one of the two decided about a suggestion of the other, which is no independent coding."""
    codings = project.codings(seen_by=project.seen_by if project.role == "coder" else None)
    return int((codings["coder"].isin(names) & codings["decided_by"].isin(names)).sum())


def _check(codebook: Codebook, group: str, codes: list[str]) -> None:
    known = codebook.group(group)
    if unknown := set(codes) - {code.id for code in known.codes}:
        raise OptionError(f"There is no code {unknown.pop()!r} in {group}.")
    if known.exclusive and len(codes) > 1:
        raise OptionError(f"Of {group} only one code can hold, not {' and '.join(codes)}.")


def _unsettled(writer: Writer, dispute: Dispute) -> None:
    """Make sure, inside the change, that nobody settled it since it was read."""
    from sqlalchemy import select

    from cxtext.project.schema import codings

    same = (codings.c.segment == dispute.segment, codings.c.group == dispute.item.group, codings.c.coder == CONSENSUS)
    if writer.connection.execute(select(codings.c.id).where(*same).limit(1)).first():
        raise ConflictError("Somebody settled this meanwhile. Nothing of yours was kept: look again.")
