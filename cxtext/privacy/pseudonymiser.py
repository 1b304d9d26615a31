"""Documents without the personal data in them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from cxtext.ingest.speakers import label_kind, without_department
from cxtext.language import detect_language
from cxtext.privacy.backends import check_backend
from cxtext.privacy.coarsening import coarse_cell, coarse_text, find_on_request, kind_of_heading
from cxtext.privacy.detection import find_personal_data
from cxtext.privacy.findings import Finding, Kind
from cxtext.privacy.lexicon import is_listed, is_word
from cxtext.privacy.names import name_words
from cxtext.privacy.options import PrivacyOptions
from cxtext.privacy.pseudonyms import PLACEHOLDER, Pseudonyms
from cxtext.privacy.shifting import shifted
from cxtext.privacy.words import lists, pattern
from cxtext.records import Corpus, Document, Notice, Turn

_CONTEXT = 40


@dataclass(frozen=True)
class Replacement:
    """One replacement, or one thing to look at.

    Attributes
    ----------
    document : str
        Its id, after replacement.
    place : str
        ``text``, ``speaker``, ``name``, or the heading of the attribute.
    kind : str
        One of `cxtext.privacy.findings.KINDS`; ``special: health`` and the like for what is only flagged.
    rule : str
    sure : bool
    placeholder : str
        Empty where nothing was replaced.
    original, context : str
        What stood there, and what stands around it.
    """

    document: str
    place: str
    kind: str
    rule: str
    sure: bool
    placeholder: str
    original: str
    context: str


class Pseudonymiser:
    """Replaces personal data by placeholders, consistently over all documents that it is given.

    Parameters
    ----------
    key : Pseudonyms, optional
        Of this project; a new one where it is left out.
    names : iterable of str
        Names of people in this project, found wherever they stand.
    refused : iterable of (str, str)
        Kind and text of what a person said is no personal data.
    options : PrivacyOptions, optional
        What else to replace.

    Raises
    ------
    ModelError
        The back-end for names is not installed.

    Attributes
    ----------
    key : Pseudonyms
    replacements : list of Replacement
        Everything so far.

    Examples
    --------
    >>> Pseudonymiser().text("Ik ben Fatma Demir, bel 06-12345678.")
    'Ik ben [PERSOON-1], bel [TELEFOON-1].'
    """

    def __init__(
        self,
        key: Pseudonyms | None = None,
        *,
        names: Iterable[str] = (),
        refused: Iterable[tuple[str, str]] = (),
        options: PrivacyOptions | None = None,
    ) -> None:
        self.key = key or Pseudonyms()
        self.options = options or PrivacyOptions()
        check_backend(self.options.backend)
        self.replacements: list[Replacement] = []
        self.names = tuple(names)
        self._refused = {(kind, " ".join(text.casefold().split())) for kind, text in refused}
        self._unshifted: dict[str, None] = {}

    def corpus(self, corpus: Corpus) -> Corpus:
        """A corpus without personal data; how much was replaced is among its notices."""
        documents = tuple(map(self.document, corpus))
        summary = self.summary("--pseudonymise")
        notices = tuple(map(self._notice, corpus.notices))
        return Corpus(documents, tuple(map(self._notice, corpus.skipped)), (*notices, *([summary] if summary else [])))

    def _notice(self, notice: Notice) -> Notice:
        """A notice without the names that are known by now."""
        return replace(
            notice, source=self.key.without_names(notice.source), message=self.key.without_names(notice.message)
        )

    def document(self, document: Document) -> Document:
        """A document with placeholders in its text, speakers, attributes, name and id."""
        known = self.known([document])
        first = len(self.replacements)
        speakers = {label: self.speaker(label) for label in dict.fromkeys(t.speaker for t in document.turns) if label}
        text, turns, at, asked = "", list[Turn](), 0, ""
        for turn in document.turns:
            text += document.text[at : turn.start]
            original = document.text[turn.start : turn.end]
            said = self.text(original, known, case=case_of(document, turn), asked=asked)
            asked = original
            attributes = self._attributes(document, turn, known)
            speaker = speakers.get(turn.speaker, turn.speaker)
            turns.append(
                replace(turn, start=len(text), end=len(text) + len(said), speaker=speaker, attributes=attributes)
            )
            text += said
            at = turn.end
        new = replace(
            document,
            id=self.file_name(document.id, known),
            name=self.file_name(document.name, known),
            source=str(Path(document.source).with_name(self.file_name(Path(document.source).name, known))),
            text=text + document.text[at:],
            turns=tuple(turns),
            attributes=self._attributes(document, None, known),
            prompt=self.text(document.prompt, known, place="prompt", case=case_of(document)),
        )
        self.place(first, new.id)
        return new

    def place(self, first: int, document: str) -> None:
        """Say in which document the replacements from a number on were made."""
        self.replacements[first:] = [replace(r, document=document) for r in self.replacements[first:]]

    def known(self, documents: Iterable[Document]) -> tuple[str, ...]:
        """Names to look for in documents that belong together: of the project, the speakers, and found in the text."""
        found: dict[str, None] = {}
        for document in documents:
            people = {turn.speaker for turn in document.turns if turn.speaker and label_kind(turn.speaker) is None}
            found.update(dict.fromkeys(without_department(label) for label in sorted(people)))
            for turn in document.turns:
                said = document.text[turn.start : turn.end]
                for finding in self._find(said):
                    if not finding.sure or self._is_refused(finding, said):
                        continue
                    if finding.kind == "name":
                        found[said[finding.start : finding.end]] = None
                    elif finding.kind == "employer":
                        self.key.placeholder("employer", said[finding.start : finding.end])
        known = (*self.names, *sorted(found, key=lambda name: -len(name_words(name))))
        for name in known:
            if name_words(name):
                self.key.placeholder("name", name)
        return known

    def text(
        self, text: str, known: Iterable[str] = (), *, place: str = "text", case: str | None = "", asked: str = ""
    ) -> str:
        """A text with placeholders."""
        return apply(text, self.spans(text, known, place=place, case=case, asked=asked))

    def spans(
        self, text: str, known: Iterable[str] = (), *, place: str = "text", case: str | None = "", asked: str = ""
    ) -> list[tuple[int, int, str]]:
        """What is to be replaced in a text: start, end and placeholder; terms of special categories are only noted.

        Dates move with those of `case`; where it is None they stay. `asked` is what was said right before.
        """
        spans = []
        for finding in self._find(text, known, asked):
            if finding.kind == "date" and case is None:
                self._unshifted[place] = None
            elif not self._is_refused(finding, text):
                placeholder = self._placeholder(finding, text, case or "")
                self._note(
                    text, finding.start, finding.end, place, finding.kind, finding.rule, finding.sure, placeholder
                )
                spans.append((finding.start, finding.end, placeholder))
        for group in lists()["special"]:
            for match in pattern(f"special_{group}").finditer(text):
                self._note(text, *match.span(), place, f"special: {group}", "word of a special category", False, "")
        return spans

    def _find(self, text: str, known: Iterable[str] = (), asked: str = "") -> list[Finding]:
        found = find_personal_data(text, known=(*self.names, *known))
        return find_on_request(text, found, self.options, asked=asked, employers=self.key.originals("employer"))

    def _placeholder(self, finding: Finding, text: str, case: str) -> str:
        """What stands for something in a text."""
        said = text[finding.start : finding.end]
        if finding.kind == "date":
            return shifted(said, self.key.shift(case), english=detect_language(text) == "en") or said
        return coarse_text(finding.kind, said, self.options) or self.key.placeholder(finding.kind, said)

    def file_name(self, name: str, known: Iterable[str] = ()) -> str:
        """A file name, or an id, with placeholders for the names (and e-mail addresses) in it."""
        if "@" in name:
            return self.text(name, known, place="name")
        people = {word for person in known for word in name_words(person)}
        spans = []
        for match in re.finditer(r"[^\W\d_]{3,}", name):
            plain = match.group().casefold()
            if (plain in people and not is_word(plain)) or is_listed(plain):
                placeholder = self.key.placeholder("name", match.group())
                self._note(name, *match.span(), "name", "name", "name of a file", True, placeholder)
                spans.append((*match.span(), placeholder))
        return apply(name, spans)

    def summary(self, source: str) -> Notice | None:
        """What was replaced, in a sentence; None where nothing was."""
        counts = Counter(r.kind for r in self.replacements if r.placeholder)
        waves = ", ".join(f'"{heading}"' for heading in self._unshifted)
        stay = f" Dates in {waves} stay: they tell the waves apart, and their order would change." if waves else ""
        if not counts:
            return Notice(source, stay.strip()) if stay else None
        named = ", ".join(f"{kind} {count}" for kind, count in counts.most_common())
        unsure = sum(not r.sure for r in self.replacements)
        return Notice(
            source,
            f"Pseudonymised, not anonymous: {counts.total()} pieces of personal data were replaced ({named}); "
            f"{unsure} places are on the review list.{stay}",
        )

    def speaker(self, label: str) -> str:
        """The label of a speaker: a name becomes a placeholder; roles, and a department behind it, stay."""
        if label_kind(label) is not None:
            return label
        person = without_department(label)
        placeholder = self.key.placeholder("name", person)
        self._note(label, 0, len(person), "speaker", "name", "label of a speaker", True, placeholder)
        return placeholder + label[len(person) :]

    def _attributes(self, document: Document, turn: Turn | None, known: Iterable[str]) -> dict[str, str]:
        """Attributes of a turn, or of the document; the dates of a wave stay."""
        case, wave = case_of(document, turn), document.columns.get("wave")
        return {
            heading: self.cell(heading, value, known, case=None if heading == wave else case)
            for heading, value in (turn or document).attributes.items()
        }

    def cell(self, heading: str, value: str, known: Iterable[str] = (), *, case: str | None = "") -> str:
        """A cell of a table: all of it under a heading that tells ("Achternaam"), else what is found in it."""
        if not value.strip() or PLACEHOLDER.fullmatch(value.strip()):
            return value
        kind = kind_of_heading(heading, self.options)
        if kind is None or not _can_be(kind, value):
            return self.text(value, known, place=heading, case=case)
        placeholder = coarse_cell(kind, value, self.options)
        if placeholder == value:
            return value
        placeholder = placeholder or self.key.placeholder(kind, value.strip())
        self._note(value, 0, len(value), heading, kind, "heading of a column", True, placeholder)
        return placeholder

    def _is_refused(self, finding: Finding, text: str) -> bool:
        return (finding.kind, " ".join(text[finding.start : finding.end].casefold().split())) in self._refused

    def _note(
        self, text: str, start: int, end: int, place: str, kind: str, rule: str, sure: bool, placeholder: str
    ) -> None:
        context = " ".join(text[max(0, start - _CONTEXT) : end + _CONTEXT].split())
        self.replacements.append(Replacement("", place, kind, rule, sure, placeholder, text[start:end], context))


def apply(text: str, spans: Iterable[tuple[int, int, str]]) -> str:
    """Text with spans, in their order, replaced."""
    new, at = "", 0
    for start, end, placeholder in spans:
        new += text[at:start] + placeholder
        at = end
    return new + text[at:]


def case_of(document: Document, turn: Turn | None = None) -> str:
    """Whose dates move together: those of a respondent where the file names one, else those of a document."""
    named = turn.attributes.get(document.columns.get("case", "")) if turn else None
    return named or document.attribute("case") or document.id


def _can_be(kind: Kind, value: str) -> bool:
    """Whether a cell can hold what its heading says: a number has digits, a name is no role."""
    if kind == "name":
        return label_kind(value) is None
    words_too = kind in ("address", "employer", "place")
    return "@" in value if kind == "email" else words_too or any(map(str.isdigit, value))
