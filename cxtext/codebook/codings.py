"""Codings follow a change of their codebook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cxtext.codebook.changes import CodebookChange
from cxtext.errors import OptionError
from cxtext.tables import TEXT, make_table

if TYPE_CHECKING:
    import pandas as pd

#: what makes two codings say the same
_STRETCH = ["document", "segment", "start", "end", "coder"]
#: of two codings that become one the more decided stays
_DECIDED = {"accepted": 0, "suggested": 1, "rejected": 2}
CONFLICTS = {
    "document": TEXT, "segment": TEXT, "start": "int64", "end": "int64", "coder": TEXT, "group": TEXT, "codes": TEXT,
}  # fmt: skip


@dataclass(frozen=True)
class ChangedCodings:
    """Codings after a change of the codebook.

    Attributes
    ----------
    codings : pandas.DataFrame
        `cxtext.tables.CODINGS`, and the columns that were there besides; rows in their order, numbered from 0.
    conflicts : pandas.DataFrame
        Columns ``document``, ``segment``, ``start``, ``end``, ``coder``, ``group``, ``codes`` (joined by ``"; "``):
        stretches where a coder has several codes of a group that allows one, through this change. A person decides.
    joined : int
        Codings that are no more, as they became the same as another.
    dropped : int
        Codings that are no more, as their code was removed.
    """

    codings: pd.DataFrame
    conflicts: pd.DataFrame
    joined: int
    dropped: int


def apply_to_codings(codings: pd.DataFrame, change: CodebookChange, *, drop_removed: bool = False) -> ChangedCodings:
    """Let codings follow a change of the codebook.

    Parameters
    ----------
    codings : pandas.DataFrame
        `cxtext.tables.CODINGS`.
    change : CodebookChange
    drop_removed : bool
        Codings of removed codes go too.

    Returns
    -------
    ChangedCodings
        Every coding is at its place with its new code. Where different codes of one coder on one stretch become the
        same, one coding stays: accepted before suggested before rejected, then that with the highest score.

    Raises
    ------
    OptionError
        There are codings of a removed code, and they are not to be dropped.

    Examples
    --------
    >>> from cxtext.codebook import load_codebook, rename_code
    >>> from cxtext.tables import CODINGS, make_table
    >>> change = rename_code(load_codebook(), "kind/pain", id="frustration")
    >>> len(apply_to_codings(make_table([], CODINGS), change).codings)
    0
    """
    codings = codings.reset_index(drop=True)
    before = codings["group"] + "/" + codings["code"]
    gone = before.map(change.moved).eq("")
    if gone.any() and not drop_removed:
        codes = ", ".join(sorted(set(before[gone])))
        msg = (
            f"There are {gone.sum()} codings of {codes}, which the change removes. Merge the code into another, or "
            "drop its codings (--drop-codings; in Python drop_removed=True)."
        )
        raise OptionError(msg)
    kept, before = codings[~gone], before[~gone]
    after = before.replace(dict(change.moved))
    parts = after.str.split("/", n=1)
    changed = before != after
    frame = kept.assign(**{
        column: kept[column].mask(changed, parts.str[at]).astype(TEXT) for at, column in enumerate(("group", "code"))
    })  # fmt: skip
    spare = _spare(frame, before)
    came = frame["group"] != kept["group"]
    return ChangedCodings(
        codings=frame[~spare].reset_index(drop=True),
        conflicts=_conflicts(frame.assign(came=came)[~spare], change),
        joined=int(spare.sum()),
        dropped=int(gone.sum()),
    )


def _spare(frame: pd.DataFrame, before: pd.Series[str]) -> pd.Series[bool]:
    """Which codings are the same as a better one, and were of another code before."""
    key = [*_STRETCH, "group", "code"]
    several = before.groupby([frame[column] for column in key]).transform("nunique") > 1
    order = frame.assign(decided=frame["status"].map(_DECIDED)).sort_values(
        ["decided", "score"], ascending=[True, False], kind="stable"
    )
    return several & order.duplicated(key).reindex(frame.index)


def _conflicts(frame: pd.DataFrame, change: CodebookChange) -> pd.DataFrame:
    """Several codes of an exclusive group on one stretch, at least one of which came from another group."""
    exclusive = [group.id for group in change.codebook.groups if group.exclusive]
    held = frame[frame["group"].isin(exclusive) & (frame["status"] != "rejected")]
    key = [*_STRETCH, "group"]
    rows = [
        {**dict(zip(key, values, strict=True)), "codes": "; ".join(sorted(set(same["code"])))}
        for values, same in held.groupby(key, sort=False)
        if same["code"].nunique() > 1 and same["came"].any()
    ]
    return make_table(rows, CONFLICTS)
