"""Who asks and who answers: roles from the labels of a transcript."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from cxtext.errors import ReadError
from cxtext.records import Role
from cxtext.resources import read_data

#: what is known of a label: who asks, perhaps asks (one letter), who answers, a label of either side
Kind = Literal["interviewer", "interviewer_letter", "respondent", "either"]

LONGEST_LABEL = 63

_DEPARTMENT = re.compile(r"\s*\(([^()]*)\)\s*$")
_NUMBER = re.compile(r"\s*[-_#]?\s*\d{1,4}$|\s+[A-Za-z]$")


def without_department(label: str) -> str:
    """Label of a speaker without the department in brackets behind it.

    Parameters
    ----------
    label : str

    Returns
    -------
    str

    Examples
    --------
    >>> without_department("Noor Visser (onderzoek)")
    'Noor Visser'
    """
    return _DEPARTMENT.sub("", label)


@dataclass(frozen=True)
class Roles:
    """Roles of the speakers of one conversation.

    Attributes
    ----------
    of : Mapping[str, Role]
        By label.
    assumption : str
        What was assumed to know them; empty where the labels say it.
    """

    of: Mapping[str, Role]
    assumption: str = ""


@cache
def speaker_words() -> dict[str, Any]:
    """Read the lists of ``data/speakers.yaml``."""
    words: dict[str, Any] = read_data("speakers.yaml")
    return words


@cache
def _kinds() -> dict[str, Kind]:
    words = speaker_words()
    kinds: dict[str, Kind] = dict.fromkeys(words["either"], "either")
    kinds |= dict.fromkeys(words["respondent"], "respondent")
    kinds |= dict.fromkeys(words["interviewer_letters"], "interviewer_letter")
    return kinds | dict.fromkeys(words["interviewer"], "interviewer")


def label_kind(label: str) -> Kind | None:
    """Look a label up in the lists.

    Parameters
    ----------
    label : str

    Returns
    -------
    {"interviewer", "interviewer_letter", "respondent", "either"} or None

    Examples
    --------
    >>> label_kind("Int."), label_kind("R07"), label_kind("Mevr. A."), label_kind("Marleen")
    ('interviewer', 'respondent', 'either', None)
    >>> label_kind("Marleen Visser (onderzoeker)")
    'interviewer'
    """
    department = _DEPARTMENT.search(label)
    if department and (kind := _kinds().get(department[1].strip().casefold())) in ("interviewer", "respondent"):
        return kind
    bare = without_department(label).strip()
    for form in (bare, _NUMBER.sub("", bare)):
        form = form.rstrip(".").rstrip()
        if len(form) == 1 and not form.isupper():
            continue
        if kind := _kinds().get(form.casefold()):
            return kind
    first, _, rest = bare.partition(" ")
    if first.casefold() == "de":
        second, _, rest = rest.partition(" ")
        first = f"{first} {second}"
    return "either" if rest and first.casefold().rstrip(".") in speaker_words()["titles"] else None


def is_sentence(label: str) -> bool:
    """Whether what stands before a colon reads as speech (or as a field of a form) instead of as a name.

    Parameters
    ----------
    label : str

    Returns
    -------
    bool

    Examples
    --------
    >>> is_sentence("Mijn wachtwoord"), is_sentence("Marleen van den Berg")
    (True, False)
    """
    words = without_department(label).split()
    if not words or len(words) > 6 or not any(c.isalpha() for c in label) or label[-1] in ",;?!":
        return True
    lists = speaker_words()
    if words[0].casefold().rstrip(".") in lists["openers"]:
        return True
    names = [word for word in words if not word[0].islower()]
    return not names or any(word[0].islower() and word.casefold() not in lists["particles"] for word in words)


def is_named(label: str, names: Iterable[str]) -> bool:
    """Whether a label is one of the names that the user gave.

    Parameters
    ----------
    label : str
    names : iterable of str

    Returns
    -------
    bool

    Examples
    --------
    >>> is_named("Noor Visser (onderzoek)", ["noor visser"])
    True
    """
    forms = {" ".join(form.split()).casefold() for form in (label, without_department(label))}
    return any(" ".join(name.split()).casefold() in forms for name in names)


def assign_roles(source: str, words: Mapping[str, int], names: Sequence[str]) -> Roles:
    """Find out who asks and who answers.

    Parameters
    ----------
    source : str
        The file, for the message.
    words : Mapping[str, int]
        Words said by each speaker, by label.
    names : sequence of str
        Interviewers that the user named.

    Returns
    -------
    Roles

    Raises
    ------
    ReadError
        The labels do not tell who interviews, or nobody answers.

    Examples
    --------
    >>> assign_roles("a.txt", {"I": 10, "Fatma": 90}, ()).of["Fatma"]
    'respondent'
    """
    speakers = [speaker for speaker in words if speaker]
    kinds = {speaker: label_kind(speaker) for speaker in speakers}
    asking = [s for s in speakers if is_named(s, names)]
    if asking:
        asking = [s for s in speakers if s in asking or (kinds[s] == "interviewer" and len(s) > 1)]
        return _divide(source, speakers, asking)
    asking = [s for s in speakers if kinds[s] == "interviewer"]
    if asking:
        letters = [s for s in speakers if kinds[s] == "interviewer_letter"]
        assumption = f"{_quoted(letters)} taken as respondents, because {_quoted(asking)} asks" if letters else ""
        return _divide(source, speakers, asking, assumption)
    letters = [s for s in speakers if kinds[s] == "interviewer_letter"]
    if len(letters) == 1 and len(speakers) > 1:
        return _divide(source, speakers, letters)
    if len(speakers) <= 1:
        role: Role = "respondent"
        assumption = f"only {_quoted(speakers)} speaks, and was taken as the respondent" if speakers else ""
        return Roles(dict.fromkeys(words, role), "" if "respondent" in kinds.values() else assumption)
    others = [s for s in speakers if kinds[s] != "respondent"]
    if not others:
        return _divide(source, speakers, [])
    if len(others) == 1:
        assumption = f"{_quoted(others)} was taken as the interviewer, because the others are labelled as respondents"
        return _divide(source, speakers, others, assumption)
    counts = " and ".join(f'"{s}" ({words[s]:,} words)' for s in speakers[:12])
    least = min(speakers, key=lambda s: words[s])
    raise ReadError(
        source,
        f"it is not clear who interviews: the speakers are {counts}",
        f'Say who interviews: --interviewer "{least}"',
    )


def _divide(source: str, speakers: list[str], asking: list[str], assumption: str = "") -> Roles:
    """Roles where those who ask are known: all others answer, and words without a speaker are nobody's."""
    if len(asking) == len(speakers):
        raise ReadError(
            source,
            f"nobody answers: every speaker ({_quoted(speakers)}) is an interviewer",
            "Say who interviews: --interviewer NAME, or label the respondent's turns.",
        )
    of: dict[str, Role] = {s: "interviewer" if s in asking else "respondent" for s in speakers}
    return Roles({**of, "": "unknown"}, assumption)


def _quoted(names: list[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)
