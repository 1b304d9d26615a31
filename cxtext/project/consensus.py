"""Where two coders differ, and the layer of codings that they settle on, with who decided and when."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from cxtext.codebook import Codebook, Group
from cxtext.errors import OptionError
from cxtext.project.decisions import Decision
from cxtext.project.lessons import decided_by_people, of_kind, on_segments, read_whole
from cxtext.project.review import Item, parse_codes
from cxtext.project.session import Ask, Session, numbered, steer

if TYPE_CHECKING:
    import pandas as pd

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


@dataclass(frozen=True)
class Comparison:
    """Two coders side by side, on segments that both have read.

    Attributes
    ----------
    disputes : list of Dispute
        One for each segment and group that they coded differently, in the order of the text, without those about
        which the consensus decided before.
    agreed : Decision
        The codings on which they agree and about which the consensus has not decided, for the consensus.
    segments : pandas.DataFrame
        `cxtext.tables.SEGMENTS` that both have read.
    codings : pandas.DataFrame
        What the two gave on these, as `cxtext.project.frames.STUDY_CODINGS`; a suggestion that a person accepted
        stands there under the name of that person, and under that of its machine where this is one of the two.
    settled : int
        On how many segments and groups the consensus decided before.
    """

    disputes: list[Dispute]
    agreed: Decision
    segments: pd.DataFrame
    codings: pd.DataFrame
    settled: int


def compare(project: Project, first: str, second: str) -> tuple[list[Dispute], Decision]:
    """Lay two people's codings side by side; see `side_by_side`.

    Parameters
    ----------
    project : Project
    first, second : str
        Names of the coders.

    Returns
    -------
    list of Dispute
    Decision
        The codings on which they agree, for the consensus.

    Raises
    ------
    OptionError
        One of them is no coder of the study, is a machine, or they are the same.
    """
    found = side_by_side(project, first, second, kinds=("person",))
    return found.disputes, found.agreed


def side_by_side(
    project: Project,
    first: str,
    second: str,
    *,
    kinds: Collection[str] = ("person", "machine"),
    finished_by: str | None = None,
) -> Comparison:
    """Lay two coders' codings side by side, on segments that both have read.

    A segment counts as read by a coder who finished its document, read it by itself, or coded or decided something
    in it. Accepting a suggestion is giving its code; a machine gives what it suggests, unless that was rejected. What
    the consensus decided about before is left out of the disputes; in a blind study also what the coder at work has
    still to read is left out, unless this coder codes nothing and only decides.

    Parameters
    ----------
    project : Project
    first, second : str
        Names of the coders.
    kinds : collection of {"person", "machine"}
        Who can be compared.
    finished_by : str, optional
        Only in documents that this coder has finished.

    Returns
    -------
    Comparison

    Raises
    ------
    OptionError
        One of them is no such coder of the study, or they are the same.
    """
    import pandas as pd

    known = project.coders
    names = {first, second}
    for name in (first, second):
        if known.get(name) not in kinds or first == second:
            others = ", ".join(coder for coder, kind in known.items() if kind in kinds)
            what = "people" if set(kinds) == {"person"} else "coders"
            msg = f"{name!r} cannot be compared here. Name two different {what} of this study: {others}."
            raise OptionError(msg)
    segments = project.segments()
    every = on_segments(project.codings(), segments)
    machines = every[every["coder"].isin(names & of_kind(known, "machine")) & (every["status"] != "rejected")]
    codings = pd.concat([decided_by_people(every, known), machines.assign(status="accepted")], ignore_index=True)
    if project.settings.get("blind") and project.coder in begun(project):
        names.add(project.coder)
    finished, seen = project.finished(), project.seen()
    settled = set(codings.loc[codings["coder"] == CONSENSUS, ["segment", "group"]].itertuples(index=False, name=None))
    read = set.intersection(
        *(
            read_whole(segments, finished, seen, {name}) | set(codings.loc[codings["coder"] == name, "segment"])
            for name in names
        )
    )
    if finished_by is not None:
        read &= read_whole(segments, finished, seen.head(0), {finished_by})
    held = codings[(codings["status"] == "accepted") & codings["segment"].isin(read)]
    held = held[held["coder"].isin((first, second))].reset_index(drop=True)
    both = segments[segments["segment"].isin(read)].reset_index(drop=True)
    disputes, agreed = _compare(both, held, project.codebook, (first, second), settled)
    return Comparison(disputes, agreed, both, held, sum(segment in read for segment, _ in settled))


def begun(project: Project) -> set[str]:
    """Names of the people who have coded, decided, read or finished anything."""
    codings = decided_by_people(project.codings(), project.coders)
    return {*codings["coder"], *project.seen()["coder"], *project.finished()["coder"]}


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


def settle(
    project: Project, first: str, second: str, choices: Mapping[str, Collection[str]], *, group: str
) -> list[Dispute]:
    """Keep a consensus: all on which two coders agree, and what was chosen where they differ on one group.

    Parameters
    ----------
    project : Project
    first, second : str
        Names of the coders.
    choices : Mapping[str, collection of str]
        By segment the codes of the group that hold, possibly none: ``{"i1:4": ["pain"], "i1:7": []}``.
    group : str

    Returns
    -------
    list of Dispute
        What is still open: disagreements without a choice.

    Raises
    ------
    OptionError
        They cannot be compared (see `compare`), a segment is none on which they differ, or a code cannot hold.
    """
    disputes, agreed = compare(project, first, second)
    own = {dispute.segment: dispute for dispute in disputes if dispute.item.group == group}
    if strange := [segment for segment in choices if segment not in own]:
        msg = (
            f"{first} and {second} do not differ on {group} in {', '.join(strange[:5])}, or that was settled before. "
            f"Choose for: {', '.join(own) or 'nothing'}."
        )
        raise OptionError(msg)
    codes = [code.id for code in project.codebook.group(group).codes] if own else []
    for segment, held in choices.items():
        if isinstance(held, str) or not set(held) <= set(codes):
            msg = f"{segment}: {held!r} cannot be chosen. Give a list of codes of {group}: {', '.join(codes)}."
            raise OptionError(msg)
        _one(project.codebook.group(group), held)
    project.keep(agreed)
    for segment, held in choices.items():
        project.keep(own[segment].settle(held, project.coder))
    return [dispute for dispute in disputes if dispute.item.group != group or dispute.segment not in choices]


def _one(group: Group, codes: Collection[str]) -> None:
    """Refuse several codes of an exclusive group."""
    if group.exclusive and len(codes) > 1:
        msg = f"Of {group.id} only one code can hold, not {' and '.join(codes)}."
        raise OptionError(msg)


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
    _one(group, codes)
    return session.keep(dispute.settle(codes, session.project.coder, memo=memo))
