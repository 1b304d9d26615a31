"""From the turns of a transcript to a document: roles, language, text and the places in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from cxtext.errors import ReadError
from cxtext.ingest.columns import parts_of_fields
from cxtext.ingest.items import Item
from cxtext.ingest.languages import language_of
from cxtext.ingest.options import ReadOptions
from cxtext.ingest.speakers import Roles, assign_roles
from cxtext.ingest.utterances import Conversation, Utterance
from cxtext.records import Document, Notice, Role, Turn, clean_text

#: ``Key: value`` with a key of at most four words, and no time or address
_FIELD = re.compile(r"(?P<key>[^\W\d_][^\s:]*(?:\s+[^\s:]+){0,3}?)\s*:(?!//)(?P<value>.*\S)")


def read_conversation(path: Path, options: ReadOptions, conversation: Conversation) -> Iterator[Item]:
    """Make the document of one transcript.

    Parameters
    ----------
    path : pathlib.Path
        The file, as the user named it.
    options : ReadOptions
    conversation : Conversation

    Yields
    ------
    Document or Notice
        One document of kind ``"interview"``, and what was left out or assumed.

    Raises
    ------
    ReadError
        Nothing is said in it, the roles cannot be known, or it is neither Dutch nor English.
    """
    source = str(path)
    utterances = clean_utterances(conversation.utterances)
    if not utterances:
        raise ReadError(source, "it holds no spoken text", "Check that this is the transcript and not an empty copy.")
    roles = assign_roles(source, count_words(utterances), options.interviewer)
    text, turns = make_turns(utterances, roles.of)
    answers = "\n".join(u.text for u in utterances if roles.of.get(u.speaker) == "respondent")
    language = language_of(answers, source, options) or language_of(text, source, options)
    attributes = header_attributes(conversation.header)
    yield from (Notice(source, f"{_capital(note)}.") for note in conversation.notes)
    if not any(u.speaker for u in utterances):
        yield Notice(
            source,
            "No speakers are named: everything is taken as the respondent's words. "
            'Put labels such as "I:" and "R:" before the turns if somebody else speaks too.',
        )
    yield from role_notices(source, roles, utterances)
    if not language:
        yield Notice(source, "Its language cannot be told from so little text. Say which it is: --language nl.")
    yield Document(
        id=options.key_of(path),
        name=clean_text(path.stem),
        kind="interview",
        source=source,
        text=text,
        turns=turns,
        language=language,
        attributes=attributes,
        columns=parts_of_fields(attributes),
    )


def clean_utterances(utterances: Iterable[Utterance]) -> list[Utterance]:
    """Bring the text of utterances into the form of documents; those without text fall out.

    Parameters
    ----------
    utterances : iterable of Utterance

    Returns
    -------
    list of Utterance
    """
    cleaned = (
        Utterance(
            " ".join(clean_text(u.speaker).split()), clean_text(u.text).strip(), u.time_start, u.time_end, u.attributes
        )
        for u in utterances
    )
    return [u for u in cleaned if u.text]


def count_words(utterances: Iterable[Utterance]) -> dict[str, int]:
    """Words said by each speaker, in the order in which they first speak.

    Parameters
    ----------
    utterances : iterable of Utterance

    Returns
    -------
    dict of str to int
    """
    words: Counter[str] = Counter()
    for utterance in utterances:
        words[utterance.speaker] += len(utterance.text.split())
    return dict(words)


def make_turns(utterances: Sequence[Utterance], roles: Mapping[str, Role]) -> tuple[str, tuple[Turn, ...]]:
    r"""Put what was said into one text, with the turns pointing into it.

    Parameters
    ----------
    utterances : sequence of Utterance
    roles : Mapping[str, Role]
        By speaker.

    Returns
    -------
    tuple of (str, tuple of Turn)
        The texts joined by ``\n``.

    Examples
    --------
    >>> text, turns = make_turns([Utterance("I", "En?"), Utterance("R", "Niks.")], {"R": "respondent"})
    >>> text, turns[1].start, turns[1].end, turns[0].role
    ('En?\nNiks.', 4, 9, 'unknown')
    """
    turns, start = [], 0
    for u in utterances:
        end = start + len(u.text)
        role = roles.get(u.speaker, "unknown")
        turns.append(Turn(start, end, u.speaker, role, u.time_start, u.time_end, u.attributes))
        start = end + 1
    return "\n".join(u.text for u in utterances), tuple(turns)


def header_attributes(lines: Iterable[str]) -> dict[str, str]:
    """Turn the lines before a conversation into attributes.

    Parameters
    ----------
    lines : iterable of str

    Returns
    -------
    dict of str to str
        ``Key: value`` lines by key, all other lines together under ``"header"``.

    Examples
    --------
    >>> header_attributes(["Interview 3", "Datum: 12 maart"])
    {'Datum': '12 maart', 'header': 'Interview 3'}
    """
    attributes: dict[str, str] = {}
    free = []
    for line in map(clean_text, lines):
        if match := _FIELD.match(line):
            key, value = match["key"].strip(), match["value"].strip()
            attributes[key] = f"{attributes[key]}; {value}" if key in attributes else value
        elif line.strip(" -=_*#~"):
            free.append(line.strip())
    if free:
        attributes["header"] = "\n".join([*attributes.pop("header", "").splitlines(), *free])
    return attributes


def role_notices(source: str, roles: Roles, utterances: Iterable[Utterance]) -> Iterator[Notice]:
    """Say what was assumed about who speaks.

    Parameters
    ----------
    source : str
    roles : Roles
    utterances : iterable of Utterance

    Yields
    ------
    Notice
    """
    if roles.assumption:
        yield Notice(source, f'{_capital(roles.assumption)}. If that is wrong: --interviewer "NAME".')
    nobody = sum(len(u.text.split()) for u in utterances if roles.of.get(u.speaker) == "unknown")
    if nobody:
        yield Notice(source, f"{nobody:,} words have no speaker, though others have: they are not coded.")


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
