"""Where two coders differ, and the layer of codings that they settle on, with who decided and when."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from cxtext.codebook import Codebook
from cxtext.errors import OptionError
from cxtext.project.decisions import Decision
from cxtext.project.lessons import decided_by_people, on_segments, read_whole
from cxtext.project.review import Item, parse_codes
from cxtext.project.session import Ask, Session, numbered, steer

if TYPE_CHECKING:
    from cxtext.project import Project

#: the coder whose codings are the consensus
CONSENSUS: Final = "consensus"
#: what each key does in a review of disagreements
KEYS = {
    "1": "the first is right", "2": "the second is right", "b": "both", "n": "neither", "o": "other codes",
    "m": "memo, kept with the choice", "s": "skip", "u": "undo", "q": "quit", "?": "help",
}  # fmt: skip


@dataclass(frozen=True)
class Dispute:
    """A segment of which two coders coded one group differently.

    Attributes
    ----------
    item : Item
        The segment, with the group.
    first, second : tuple of str
        The codes of each.
    """

    item: Item
    first: tuple[str, ...]
    second: tuple[str, ...]

    @property
    def document(self) -> str:
        """Where it is."""
        return self.item.document

    @property
    def segment(self) -> str:
        """Its segment."""
        return self.item.segment

    def settle(self, codes: Collection[str], by: str, *, memo: str = "") -> Decision:
        """What the consensus keeps: the codes that hold as accepted, the others that one of the two gave as rejected.

        Parameters
        ----------
        codes : collection of str
            The codes that hold; possibly none.
        by : str
            Who decides.
        memo : str
        """
        every = dict.fromkeys((*codes, *self.first, *self.second))
        return _consensus([(self.item, code, code in codes) for code in every], by, memo=memo)


def _consensus(verdicts: Iterable[tuple[Item, str, bool]], by: str, *, memo: str = "") -> Decision:
    rows: list[dict[str, Any]] = [
        {
            "document": item.document, "segment": item.segment, "start": item.start, "end": item.end,
            "group": item.group, "code": code, "coder": CONSENSUS, "status": "accepted" if holds else "rejected",
        }
        for item, code, holds in verdicts
    ]  # fmt: skip
    return Decision(codings=tuple(rows), decided_by=by, kind=CONSENSUS, memo=memo)


def compare(project: Project, first: str, second: str) -> tuple[list[Dispute], Decision]:
    """Lay two coders' codings side by side, on segments that both have read.

    A segment counts as read by a coder who finished its document, read it by itself, or coded or decided something
    in it. Accepting a suggestion is giving its code. What the consensus decided about before is left out; in a blind
    study also what the coder at work has still to read, unless this coder codes nothing and only decides.

    Parameters
    ----------
    project : Project
    first, second : str
        Names of the coders.

    Returns
    -------
    list of Dispute
        One for each segment and group that they coded differently, in the order of the text.
    Decision
        The codings on which they agree, for the consensus.

    Raises
    ------
    OptionError
        One of them is no coder of the study, is a machine, or they are the same.
    """
    kinds = project.coders
    names = {first, second}
    for name in (first, second):
        if kinds.get(name) != "person" or first == second:
            people = ", ".join(coder for coder, kind in kinds.items() if kind == "person")
            msg = f"{name!r} cannot be compared here. Name two different people of this study: {people}."
            raise OptionError(msg)
    segments = project.segments()
    codings = decided_by_people(on_segments(project.codings(), segments), kinds)
    begun = project.coder in {*codings["coder"], *project.seen()["coder"], *project.finished()["coder"]}
    if project.settings.get("blind") and begun:
        names.add(project.coder)
    settled = set(codings.loc[codings["coder"] == CONSENSUS, ["segment", "group"]].itertuples(index=False, name=None))
    read = set.intersection(
        *(read_whole(project, {name}) | set(codings.loc[codings["coder"] == name, "segment"]) for name in names)
    )
    held = codings[(codings["status"] == "accepted") & codings["segment"].isin(read)]
    return _compare(segments, held, project.codebook, (first, second), settled)


def _compare(
    segments: pd.DataFrame,
    held: pd.DataFrame,
    codebook: Codebook,
    coders: tuple[str, str],
    settled: Collection[tuple[str, str]],
) -> tuple[list[Dispute], Decision]:
    given: dict[tuple[str, str, str], set[str]] = {}
    for row in held.to_dict("records"):
        given.setdefault((row["coder"], row["segment"], row["group"]), set()).add(row["code"])
    disputes, agreed = list[Dispute](), list[tuple[Item, str, bool]]()
    for row in segments[segments["segment"].isin(held["segment"])].to_dict("records"):
        for group in codebook.groups:
            if (row["segment"], group.id) in settled:
                continue
            order = [code.id for code in group.codes]
            own = [given.get((name, row["segment"], group.id), set()) for name in coders]
            item = Item(row["document"], row["segment"], int(row["start"]), int(row["end"]), group.id)
            if own[0] == own[1]:
                agreed += [(item, code, True) for code in sorted(own[0], key=order.index)]
            else:
                disputes.append(Dispute(item, *(tuple(sorted(codes, key=order.index)) for codes in own)))
    return disputes, _consensus(agreed, " and ".join(coders))


def choose(session: Session[Dispute], key: str, ask: Ask) -> str:
    """Do what a key says about the disagreement at hand.

    Parameters
    ----------
    session : Session
        Over disagreements.
    key : str
        One of `KEYS`.
    ask : callable
        Asks for a line of text.

    Returns
    -------
    str
        What to tell.

    Raises
    ------
    OptionError
        What was typed is no code of the group, both cannot hold, or the last decision cannot be taken back.
    """
    dispute = session.item
    assert dispute is not None
    group = session.codebook.group(dispute.item.group)
    if key == "m":
        memo = ask("memo:").strip()
        key = ask(f"and the choice ({' '.join(list(KEYS)[:5])}):").strip()[:1].lower()
        if key not in list(KEYS)[:5]:
            return "Nothing was kept: choose with the memo."
    else:
        memo = ""
    match key:
        case "1":
            codes = dispute.first
        case "2":
            codes = dispute.second
        case "b":
            codes = tuple(dict.fromkeys(dispute.first + dispute.second))
        case "n":
            codes = ()
        case "o":
            typed = parse_codes(ask(f"{numbered(group.codes)}\ncodes:"), session.codebook, numbered=group.codes)
            if not typed or any(code.group != group.id for code in typed):
                msg = f"Type codes of {group.id}; n is for none of them."
                raise OptionError(msg)
            codes = tuple(code.id for code in typed)
        case _:
            return steer(session, key, KEYS)
    if group.exclusive and len(codes) > 1:
        msg = f"Of {group.id} only one code can hold, not {' and '.join(codes)}."
        raise OptionError(msg)
    return session.keep(dispute.settle(codes, session.project.coder, memo=memo))
