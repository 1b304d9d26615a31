"""What who may do: everybody reads; each change is for some roles, and one that is not named here is for leads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cxtext.web.answers import ForbiddenError

if TYPE_CHECKING:
    from cxtext.project import Project
    from cxtext.project.accounts import Role

#: changes of one's own layer: codings, decisions about suggestions, memos and marks of what was read
OWN = frozenset({"code", "decide", "change", "remove", "memo", "finish", "undo", "redo"})
#: changes that are for the whole team, and harm nobody
SHARED = frozenset({"talk", "pin", "learn", "learn_cancel", "unlearn"})
#: changes of what everybody works with: the codebook, the themes, the consensus, and whether one codes blind
LEADING = frozenset({
    "new_code", "code_add", "code_edit", "code_move", "code_merge", "code_remove", "group_add", "group_edit",
    "group_remove", "theme_rename", "theme_merge", "theme_split", "theme_drop", "theme_lock", "settle", "agree",
    "blind",
})  # fmt: skip

_WHY: dict[Role, str] = {
    "reader": "You can read this study, and change nothing in it. Ask who leads it for another role.",
    "coder": "This is for who leads the study. You code, decide about suggestions, and write memos.",
}


def may(role: Role | None, change: str) -> bool:
    """Whether a role may make a change.

    Parameters
    ----------
    role : {"coder", "lead", "reader"} or None
        None is whoever works on their own machine.
    change : str
        Its name.

    Returns
    -------
    bool

    Examples
    --------
    >>> may("coder", "code"), may("coder", "code_edit"), may("reader", "code"), may("lead", "anything")
    (True, False, False, True)
    """
    return role in (None, "lead") or (role == "coder" and change in OWN | SHARED)


def allowed(role: Role | None) -> list[str]:
    """List the changes that a role may make.

    Parameters
    ----------
    role : {"coder", "lead", "reader"} or None
        As in `may`.

    Returns
    -------
    list of str

    Examples
    --------
    >>> allowed("reader"), "undo" in allowed("coder")
    ([], True)
    """
    return sorted(change for change in OWN | SHARED | LEADING if may(role, change))


def check_role(project: Project, change: str) -> None:
    """Refuse a change that is not for the role of who asks.

    Raises
    ------
    ForbiddenError
    """
    if project.role and not may(project.role, change):
        raise ForbiddenError(_WHY[project.role])
