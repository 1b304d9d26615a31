"""Which codings go out, and the words in which all formats speak of who made them."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import pandas as pd

from cxtext.exchange.formats import ExportOptions
from cxtext.exchange.refi.report import Ledger
from cxtext.project.codings import CoderKind, Status

if TYPE_CHECKING:
    from cxtext.project import Project

_USER = re.compile(r"(?P<name>.+?)(?: \((?P<kind>machine|consensus)\))?(?P<suggestions> \(suggestions\))?", re.DOTALL)


def chosen_codings(project: Project, options: ExportOptions, ledger: Ledger) -> pd.DataFrame:
    """Codings for a format that has no place for their status: the accepted ones, and suggestions where asked for.

    Parameters
    ----------
    project : Project
    options : ExportOptions
    ledger : Ledger
        Told how many are left out, and why.

    Returns
    -------
    pandas.DataFrame
        `cxtext.project.frames.STUDY_CODINGS`.
    """
    codings = of_coders(project, options, ledger)
    wanted = ["accepted", "suggested"] if options.suggested else ["accepted"]
    whys = {
        "suggested": "nobody decided about these suggestions; with --suggested they go out too",
        "rejected": "they were rejected",
    }
    for status, why in whys.items():
        if status not in wanted:
            left_out(ledger, "Coding", why, int((codings["status"] == status).sum()))
    return codings[codings["status"].isin(wanted)].reset_index(drop=True)


def of_coders(project: Project, options: ExportOptions, ledger: Ledger) -> pd.DataFrame:
    """Codings of all statuses, of the coders that were asked for."""
    codings = project.codings()
    if not options.coders:
        return codings
    kept = codings["coder"].isin(options.coders)
    left_out(ledger, "Coding", "they are of other coders", int((~kept).sum()))
    return codings[kept].reset_index(drop=True)


def left_out(ledger: Ledger, element: str, why: str, count: int, *, name: str = "") -> None:
    """Report what stays behind, where there is any."""
    if count:
        ledger.add("dropped", element, why, name=name, count=count)


def user_name(coder: str, kind: CoderKind, status: Status = "accepted") -> str:
    """Name of a coder for other programs, by which a machine and suggestions are recognised.

    Examples
    --------
    >>> user_name("Noor", "person"), user_name("standard 2", "machine", "suggested")
    ('Noor', 'standard 2 (machine) (suggestions)')
    """
    return f"{coder}{'' if kind == 'person' else f' ({kind})'}{' (suggestions)' if status == 'suggested' else ''}"


def coder_of(user: str) -> tuple[str, CoderKind, Status]:
    """What `user_name` made a name of.

    Examples
    --------
    >>> coder_of("standard 2 (machine) (suggestions)")
    ('standard 2', 'machine', 'suggested')
    """
    found = _USER.fullmatch(user)
    if found is None:
        return user, "person", "accepted"
    kind: CoderKind = "machine" if found["kind"] == "machine" else "consensus" if found["kind"] else "person"
    return found["name"], kind, "suggested" if found["suggestions"] else "accepted"


def main_language(project: Project) -> str:
    """Language in which most documents of a study are; Dutch where it cannot be told."""
    counts = Counter(document.language for document in project.corpus())
    return "en" if counts["en"] > counts["nl"] else "nl"
