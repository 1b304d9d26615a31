"""Going over a queue: what a key does, each decision one change, and taking back one's own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from cxtext.codebook import Code
from cxtext.errors import OptionError
from cxtext.project.decisions import Decision
from cxtext.project.review import Item, parse_codes

if TYPE_CHECKING:
    from cxtext.project import Project

#: what each key does in a review of suggestions
KEYS = {
    "a": "accept", "r": "reject", "c": "change: another code", "+": "add a code", "m": "memo", "s": "skip",
    "u": "undo", "f": "finish the document: you read all of it, and what is open in it does not hold", "q": "quit",
    "?": "help",
}  # fmt: skip
#: what can be typed in place of codes
COMMANDS = {
    ":s": "skip", ":u": "undo", ":f": "finish the document: you read all of it", ":q": "quit",
    "?": "the codes", "Enter": "none of the codes",
}  # fmt: skip
_GONE = "Somebody decided about it meanwhile; nothing of yours was kept."

#: asks a person for a line of text
Ask = Callable[[str], str]


class _Placed(Protocol):
    @property
    def document(self) -> str: ...


Q = TypeVar("Q", bound=_Placed)


@dataclass(frozen=True)
class _Done:
    """A decision that was kept: its line in the log, where the queue stood, and whether it finished a document."""

    number: int
    at: int
    finished: bool


class Session(Generic[Q]):
    """A walk over a queue.

    Parameters
    ----------
    project : Project
    items : sequence
        The queue; see `cxtext.project.review` and `cxtext.project.consensus`.
    may_finish : bool
        Whether documents can be finished here; not where only some of their segments are looked at.

    Attributes
    ----------
    at : int
        Place in the queue.
    ended : bool
        The person has quit.
    """

    def __init__(self, project: Project, items: Sequence[Q], *, may_finish: bool = True) -> None:
        self.project = project
        self.codebook = project.codebook
        self.items = items
        self.may_finish = may_finish
        self.at = 0
        self.ended = False
        self._done: list[_Done] = []

    @property
    def item(self) -> Q | None:
        """What to look at now; None at the end."""
        return None if self.ended or self.at >= len(self.items) else self.items[self.at]

    @property
    def kept(self) -> int:
        """How many changes were kept, and not taken back."""
        return len(self._done)

    def keep(self, decision: Decision, *, stay: bool = False) -> str:
        """Keep a decision about the item and, unless told to stay, go on; returns what to tell."""
        number = self.project.keep(decision)
        if number is not None:
            self._done.append(_Done(number, self.at, bool(decision.finished)))
        if not stay:
            self.skip()
        return _GONE if number is None and (decision.accepted or decision.rejected) else ""

    def skip(self) -> None:
        """Go on without a decision, past documents that were finished."""
        finished = {self.items[done.at].document for done in self._done if done.finished}
        self.at += 1
        while self.at < len(self.items) and self.items[self.at].document in finished:
            self.at += 1

    def finish(self) -> str:
        """Say that the coder has read all of the document, and go on to the next."""
        if not self.may_finish:
            msg = "A document cannot be finished here, where you see only some of it."
            raise OptionError(msg)
        return self.keep(Decision(finished=(self.items[self.at].document,)))

    def last_of_document(self) -> bool:
        """Whether everything else of the document of the item was decided about in this session."""
        decided = {done.at for done in self._done} | {self.at}
        document = self.items[self.at].document
        return all(at in decided for at, item in enumerate(self.items) if item.document == document)

    def undo(self) -> str:
        """Take back the last decision of this session, and go back to it; returns what to tell.

        Raises
        ------
        OptionError
            There is none, or something else was changed after it.
        """
        if not self._done:
            msg = "Nothing was decided in this session. Earlier changes are taken back with cxtext undo."
            raise OptionError(msg)
        done = self._done[-1]
        if not self.project.undo(only=done.number):
            last = self.project.log(last=1)[0]
            msg = (
                f"Your last decision cannot be taken back here, as the study was changed after it ({last.coder}: "
                f"{last.action}, {last.summary}). See cxtext log and cxtext undo."
            )
            raise OptionError(msg)
        self._done.pop()
        self.at = done.at
        return "Taken back."


def press(session: Session[Item], key: str, ask: Ask) -> str:
    """Do what a key says about the suggestion at hand.

    Parameters
    ----------
    session : Session
        Over suggestions.
    key : str
        One of `KEYS`.
    ask : callable
        Asks for a line of text.

    Returns
    -------
    str
        What to tell; empty where there is nothing to tell.

    Raises
    ------
    OptionError
        What was typed is no code, or the last decision cannot be taken back.
    """
    item = session.item
    assert item is not None
    match key:
        case "a":
            return session.keep(Decision(accepted=item.suggestions))
        case "r":
            return session.keep(Decision(rejected=item.suggestions))
        case "c":
            own = session.codebook.group(item.group).codes
            codes = parse_codes(ask(f"{numbered(own)}\ncode:"), session.codebook, numbered=own)
            return session.keep(changed(item, codes)) if codes else ""
        case "+":
            codes = parse_codes(ask("codes to add:"), session.codebook)
            return session.keep(Decision(codings=tuple(map(item.coding, codes))), stay=True)
        case "m":
            memo = ask("memo:").strip()
            return session.keep(Decision(memo=memo, memo_on=item.suggestions[0]), stay=True) if memo else ""
    return steer(session, key, KEYS)


def steer(session: Session[Q], key: str, keys: dict[str, str]) -> str:
    """Do what a key says that is the same for every queue; a key that is none of `keys` is told so."""
    if key not in keys:
        return f"{key!r} is none of {' '.join(keys)}." if key else ""
    match key.removeprefix(":"):
        case "s":
            session.skip()
        case "u":
            return session.undo()
        case "f":
            return session.finish()
        case "q":
            session.ended = True
        case "?":
            return "\n".join(f"  {key:<6}{does}" for key, does in keys.items())
    return ""


def changed(item: Item, codes: Sequence[Code]) -> Decision:
    """Reject a suggestion and put other codes in its place; accept it where it is one of them."""
    others = tuple(item.coding(code) for code in codes if code.path != f"{item.group}/{item.code}")
    if len(others) < len(codes):
        return Decision(accepted=item.suggestions, codings=others)
    return Decision(rejected=item.suggestions, codings=others)


def enter_codes(session: Session[Item], typed: str) -> str:
    """Code the segment at hand with what was typed; nothing means that none of the codes holds.

    The segment counts as read then, and with the last of its segments the document as finished.

    Parameters
    ----------
    session : Session
        Over segments.
    typed : str
        Codes, or one of `COMMANDS`.

    Returns
    -------
    str
        What to tell.

    Raises
    ------
    OptionError
        What was typed is no code, or the last decision cannot be taken back.
    """
    item = session.item
    assert item is not None
    if typed == "?":
        return f"{steer(session, typed, COMMANDS)}\n{numbered(tuple(session.codebook))}"
    if typed.startswith(":"):
        return steer(session, typed, COMMANDS)
    codes = parse_codes(typed, session.codebook, numbered=tuple(session.codebook))
    whole = session.may_finish and session.last_of_document()
    return session.keep(
        Decision(
            codings=tuple(map(item.coding, codes)),
            seen={item.segment: item.document},
            finished=(item.document,) if whole else (),
        )
    )


def numbered(codes: Sequence[Code]) -> str:
    """Codes with their numbers, for a person to choose from."""
    return "  ".join(f"{number} {code.id}" for number, code in enumerate(codes, 1))
