"""What to look at, one by one: suggestions or segments in a queue, their context, and the codes that were typed."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from cxtext.codebook import Code, Codebook
from cxtext.errors import OptionError
from cxtext.project.names import some

if TYPE_CHECKING:
    import pandas as pd

Order = Literal["document", "uncertain"]
#: segments before and after that are shown
AROUND = 2
#: what makes suggestions one question: the same code on the same stretch
_QUESTION = ["document", "start", "end", "group", "code"]


@dataclass(frozen=True)
class Item:
    """One stretch to look at, with the suggestion about it, or without one.

    Attributes
    ----------
    document, segment : str
    start, end : int
        In the text of the document.
    group, code : str
        What is suggested; empty where nothing is.
    suggestions : tuple of str
        Ids of the codings that suggest it: two machines can suggest the same.
    score : float
        The highest of theirs.
    evidence : str
        Why, for each machine that says so.
    coder : str
        Who suggests it.
    """

    document: str
    segment: str
    start: int
    end: int
    group: str = ""
    code: str = ""
    suggestions: tuple[str, ...] = ()
    score: float = float("nan")
    evidence: str = ""
    coder: str = ""

    def coding(self, code: Code) -> dict[str, Any]:
        """A coding with a code on this stretch, as a row."""
        return {
            "document": self.document, "segment": self.segment, "start": self.start, "end": self.end,
            "group": code.group, "code": code.id,
        }  # fmt: skip


def suggestions(
    codings: pd.DataFrame,
    *,
    order: Order = "document",
    codes: Collection[str] = (),
    groups: Collection[str] = (),
    documents: Collection[str] = (),
) -> list[Item]:
    """Suggestions that nobody decided about.

    Parameters
    ----------
    codings : pandas.DataFrame
        `cxtext.project.frames.STUDY_CODINGS`, in the order of the text.
    order : {"document", "uncertain"}
        As in the text, or the lowest score first.
    codes, groups, documents : collection of str
        Only of these (codes by id or ``group/code``), where some are given.

    Returns
    -------
    list of Item
        One for each code on a stretch, also where several machines suggest it. A code about which somebody decided
        on the same stretch, or that somebody gave there, is left out.
    """
    is_open = codings["status"] == "suggested"
    answered = set(codings.loc[~is_open, _QUESTION].itertuples(index=False, name=None))
    paths = codings["group"] + "/" + codings["code"]
    for wanted, found in (
        (codes, codings["code"].isin(codes) | paths.isin(codes)),
        (groups, codings["group"].isin(groups)),
        (documents, codings["document"].isin(documents)),
    ):
        is_open &= found | (not wanted)
    questions: dict[tuple[Any, ...], list[dict[Any, Any]]] = {}
    for row in codings[is_open].to_dict("records"):
        questions.setdefault(tuple(row[name] for name in _QUESTION), []).append(row)
    items = [_item(rows) for question, rows in questions.items() if question not in answered]
    if order == "uncertain":
        items.sort(key=lambda item: item.score)
    return items


def _item(rows: Sequence[Mapping[Any, Any]]) -> Item:
    """One question of the suggestions that ask it."""
    first = rows[0]
    return Item(
        **{name: first[name] for name in (*_QUESTION, "segment")},
        suggestions=tuple(row["coding"] for row in rows),
        score=max(row["score"] for row in rows),
        evidence="; ".join(dict.fromkeys(row["evidence"] for row in rows if row["evidence"])),
        coder=", ".join(row["coder"] for row in rows),
    )


def unread(segments: pd.DataFrame, read: Collection[str], *, sample: Sequence[str] | None = None) -> list[Item]:
    """Segments that a coder has not read yet.

    Parameters
    ----------
    segments : pandas.DataFrame
        `cxtext.tables.SEGMENTS`.
    read : collection of str
        Ids of those that were read.
    sample : sequence of str, optional
        Only these, in this order.

    Returns
    -------
    list of Item
    """
    left = segments[~segments["segment"].isin(read)]
    if sample is not None:
        left = left.set_index("segment", drop=False).reindex([id for id in sample if id in set(left["segment"])])
    return [
        Item(row["document"], row["segment"], int(row["start"]), int(row["end"])) for row in left.to_dict("records")
    ]


def parse_codes(typed: str, codebook: Codebook, *, numbered: Sequence[Code] = ()) -> list[Code]:
    """Codes that a coder typed.

    Parameters
    ----------
    typed : str
        Ids, names, ``group/code``, numbers of a list or first letters; parted by spaces, or by commas.
    codebook : Codebook
    numbered : sequence of Code
        The list that numbers point into, from 1.

    Returns
    -------
    list of Code

    Raises
    ------
    OptionError
        Something typed is no code, or could be several; or two codes exclude each other.

    Examples
    --------
    >>> from cxtext.codebook import load_codebook
    >>> [code.path for code in parse_codes("pain ang", load_codebook())]
    ['kind/pain', 'emotion/anger']
    """
    words = re.split(r"[,;]" if re.search(r"[,;]", typed) else r"\s+", typed.strip())
    codes = [_code(word.strip(), codebook, numbered) for word in words if word.strip()]
    found = {code.path: code for code in codes}
    for group in codebook.groups:
        own = [code.id for code in found.values() if code.group == group.id]
        if group.exclusive and len(own) > 1:
            msg = f"Of {group.id} only one code can hold, not {' and '.join(own)}."
            raise OptionError(msg)
    return list(found.values())


def _code(word: str, codebook: Codebook, numbered: Sequence[Code]) -> Code:
    """The code of one word."""
    if word.isdecimal() and 1 <= int(word) <= len(numbered):
        return numbered[int(word) - 1]
    wanted = word.casefold()
    names = [(code, [text.casefold() for text in (code.id, code.path, *code.names.values())]) for code in codebook]
    for fits in (str.__eq__, str.startswith):
        found = [code for code, texts in names if any(fits(text, wanted) for text in texts)]
        if len(found) == 1:
            return found[0]
        if found:
            msg = f"{word!r} can be {some([code.path for code in found[:6]], len(found))}. Type more of it."
            raise OptionError(msg)
    msg = f"{word!r} is no code of the codebook {codebook.name!r}. Type ? for the list."
    raise OptionError(msg)


@dataclass(frozen=True)
class Passage:
    """A stretch in its context.

    Attributes
    ----------
    speaker, prompt : str
        Who says it, and what the interviewer said last before it.
    before, after : tuple of (str, str)
        Speaker and text of the segments around it.
    head, stretch, tail : str
        The stretch, and what its first and last segment hold before and after it.
    """

    speaker: str
    prompt: str
    before: tuple[tuple[str, str], ...]
    head: str
    stretch: str
    tail: str
    after: tuple[tuple[str, str], ...]


def passage(item: Item, text: str, segments: pd.DataFrame) -> Passage:
    """Find the context of an item.

    Parameters
    ----------
    item : Item
    text : str
        Of its document.
    segments : pandas.DataFrame
        `cxtext.tables.SEGMENTS` of its document.

    Returns
    -------
    Passage
    """
    inside = segments[(segments["end"] > item.start) & (segments["start"] < item.end)]
    first, last = (int(inside["start"].min()), int(inside["end"].max())) if len(inside) else (item.start, item.end)
    before = segments[segments["end"] <= first].tail(AROUND)
    after = segments[segments["start"] >= last].head(AROUND)
    around = [tuple(zip(rows["speaker"], rows["text"], strict=True)) for rows in (before, after)]
    return Passage(
        speaker=inside["speaker"].iloc[0] if len(inside) else "",
        prompt=inside["prompt"].iloc[0] if len(inside) else "",
        before=around[0],
        head=text[first : item.start],
        stretch=text[item.start : item.end],
        tail=text[item.end : last],
        after=around[1],
    )
