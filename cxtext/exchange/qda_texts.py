"""Sources of REFI-QDA as documents: their turns, their cases, and what else is known of them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from cxtext.errors import ReadError
from cxtext.exchange.marked import Marked
from cxtext.exchange.qda_export import document_guid, document_id
from cxtext.exchange.refi import QdaSource
from cxtext.exchange.refi.report import Ledger
from cxtext.ingest.interview import count_words
from cxtext.ingest.labels import read_labelled_lines
from cxtext.ingest.lines import Line
from cxtext.ingest.options import LANGUAGES
from cxtext.ingest.speakers import assign_roles
from cxtext.language import detect_language
from cxtext.records import Document, DocumentKind, Turn
from cxtext.tables import case_of

#: attribute of documents and turns that names the case
CASE = "case"

NO_SPEAKERS = "no speakers are named in it: all of it is taken as the respondent's words"
LABELS = "speakers were recognised by their labels, which stay in the text"
STRETCHES = "it belongs to several cases: their stretches are its turns, and the rest is of nobody known and not coded"


@dataclass(frozen=True)
class Stretch:
    """What one case says in a text."""

    start: int
    end: int
    case: str


@dataclass(frozen=True)
class Read:
    """A document, and what was chosen about its turns.

    Attributes
    ----------
    document : Document
    how : str
        One of `NO_SPEAKERS`, `LABELS` and `STRETCHES`.
    unread : int
        Stretches of cases that overlap, for which there is no place.
    """

    document: Document
    how: str
    unread: int = 0


def read_source(
    source: QdaSource, *, file: str, id: str, attributes: Mapping[str, str], columns: Mapping[str, str], case: str,
    stretches: Sequence[Stretch],
) -> Read:  # fmt: skip
    """Make a document of a text. The text stays exactly what it is, so that every position in it holds.

    Parameters
    ----------
    source : QdaSource
        With a text.
    file : str
        The project that it came from.
    id : str
    attributes, columns : Mapping[str, str]
        As in `cxtext.records.Document`.
    case : str
        To which the whole of it belongs; empty where none is named.
    stretches : sequence of Stretch
        What belongs to cases in it.

    Returns
    -------
    Read
    """
    text, marked = source.text or "", Marked.read(source.description)
    language = marked.one("language") or detect_language(text)
    kind: DocumentKind = "survey" if marked.one("kind") == "survey" else "interview"
    document = Document(
        id, source.name or id, kind, file, text, (), language if language in LANGUAGES else "",
        dict(attributes), dict(columns), marked.one("prompt"),
    )  # fmt: skip
    if case and case != id:
        document = replace(document, attributes={**attributes, CASE: case}, columns={**columns, CASE: CASE})
    found = sorted(stretches, key=lambda stretch: (stretch.start, stretch.end))
    apart = all(one.end <= other.start for one, other in pairwise(found))
    if found and apart and not case:
        return Read(_with_stretches(document, found), STRETCHES)
    turns = tuple(labelled_turns(text, id))
    how = LABELS if turns else NO_SPEAKERS
    return Read(replace(document, turns=turns or tuple(_paragraphs(text))), how, len(found))


def same_documents(texts: Sequence[QdaSource], there: Sequence[Document], ledger: Ledger) -> dict[str, str]:
    """Find the documents of a study that the texts of a project are: those of the same text.

    Of several of the same text, it is the one that the GUID says (as we export it), else the one of that id or name,
    else the next one.

    Parameters
    ----------
    texts : sequence of QdaSource
    there : sequence of Document
        Of the study.
    ledger : Ledger
        Told where only the order could tell which of several documents a text is.

    Returns
    -------
    dict of str to str
        GUID to id of a document, which is of one text alone; texts that are new are not in it.
    """
    groups: defaultdict[str, tuple[list[QdaSource], list[Document]]] = defaultdict(lambda: ([], []))
    for document in there:
        groups[document.sha256][1].append(document)
    for text in texts:
        groups[Document("", "", "interview", "", text.text or "", ()).sha256][0].append(text)
    rules: tuple[Callable[[QdaSource, Document], bool], ...] = (
        lambda text, document: text.guid == document_guid(document),
        lambda text, document: document.id in (_own_id(text), text.name),
        lambda text, document: document.name == text.name,
        lambda text, document: True,
    )
    found: dict[str, str] = {}
    for sources, documents in groups.values():
        several = max(len(sources), len(documents)) > 1
        for rule in rules:
            for text in [source for source in sources if source.guid not in found]:
                free = [document for document in documents if rule(text, document)]
                if not free:
                    continue
                documents.remove(free[0])
                found[text.guid] = free[0].id
                if several and rule is rules[-1]:
                    why = "several documents have this text, and no id or name tells which it is; it was taken by order"
                    ledger.add("flagged", "document", why, name=text.name, guid=text.guid, detail=free[0].id)
    return found


def labelled_turns(text: str, name: str) -> list[Turn]:
    r"""Turns that the labels in a text tell; they lie between the labels, and the text is not touched.

    Parameters
    ----------
    text : str
    name : str
        Of the source, for messages.

    Returns
    -------
    list of Turn
        Empty where there are no labels, where these do not tell who asks, or where a turn cannot be found as it is in
        the text (since a line that nobody spoke stands in the middle of it).

    Examples
    --------
    >>> text = "I: Hoe ging het?\nR: Niet zo goed.\nIk wachtte lang."
    >>> [(turn.role, text[turn.start : turn.end]) for turn in labelled_turns(text, "gesprek")]
    [('interviewer', 'Hoe ging het?'), ('respondent', 'Niet zo goed.\nIk wachtte lang.')]
    """
    utterances = read_labelled_lines([Line(line.strip()) for line in text.split("\n")]).utterances
    if not any(utterance.speaker for utterance in utterances):
        return []
    try:
        roles = assign_roles(name, count_words(utterances), ()).of
    except ReadError:
        return []
    turns, at = list[Turn](), 0
    for said in utterances:
        label = rf"{_spaced(said.speaker)}\W.{{0,80}}?" if said.speaker else r"\s*"
        found = re.compile(f"{label}(?P<said>{_spaced(said.text)})", re.DOTALL).search(text, at)
        if found is None:
            return []
        role = roles.get(said.speaker, "unknown")
        turns.append(Turn(*found.span("said"), said.speaker, role, said.time_start, said.time_end))
        at = found.end()
    return turns


def new_id(name: str, marked: Marked, taken: set[str]) -> str:
    """Id of a new document, which it takes.

    Examples
    --------
    >>> new_id("Interview 1.docx", Marked(), {"Interview 1"})
    'Interview 1-2'
    """
    id = first = marked.one("id") or document_id(name)
    count = 1
    while id in taken:
        count += 1
        id = f"{first}-{count}"
    taken.add(id)
    return id


def _own_id(text: QdaSource) -> str:
    return Marked.read(text.description).one("id") or document_id(text.name)


def _spaced(words: str) -> str:
    """Pattern of words with any space between them."""
    return r"\s+".join(map(re.escape, words.split()))


def _paragraphs(text: str) -> Iterator[Turn]:
    """One turn per paragraph: lines with nothing empty between them."""
    at, start, end = 0, -1, -1
    for line in [*text.split("\n"), ""]:
        said = line.strip()
        if said:
            start = at + line.index(said) if start < 0 else start
            end = at + line.index(said) + len(said)
        elif start >= 0:
            yield Turn(start, end, "", "respondent")
            start = -1
        at += len(line) + 1


def _with_stretches(document: Document, stretches: Sequence[Stretch]) -> Document:
    turns, cases, at = list[Turn](), list[str](), 0
    for stretch in (*stretches, Stretch(len(document.text), len(document.text), "")):
        between = document.text[at : stretch.start]
        if between.strip():
            start = at + len(between) - len(between.lstrip())
            turns.append(Turn(start, at + len(between.rstrip()), "", "unknown"))
            cases.append("")
        if stretch.case:
            speaker = stretch.case.removeprefix(f"{document.id}/")
            turns.append(Turn(stretch.start, stretch.end, speaker, "respondent"))
            cases.append(stretch.case)
        at = stretch.end
    spoken = replace(document, turns=tuple(turns))
    if all(not case or case_of(spoken, turn) == case for turn, case in zip(turns, cases, strict=True)):
        return spoken
    named = (replace(turn, attributes={CASE: case} if case else {}) for turn, case in zip(turns, cases, strict=True))
    return replace(spoken, turns=tuple(named), columns={**document.columns, CASE: CASE})
