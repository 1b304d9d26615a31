"""Synthetic twins of what other programs write: the habits are theirs, the people and words are invented."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

PROJECT = "urn:QDA-XML:project:1.0"
TALK = (
    "Interview met Bram 😀\n"
    "I: Hoe ging het, Bram?\n"
    "R: 😡 Ik heb drie kwartier in de wacht gestaan. Café dicht, niemand die opnam.\n"
    "I: En daarna? 👩‍🔧\n"
    "R: Daarna was het snel geregeld. Echt heel vriendelijk! 👍\n"
)
#: what was selected, and by which code
QUOTES = (
    ("Ik heb drie kwartier in de wacht gestaan.", "Wachten"),
    ("😡 Ik heb drie kwartier", "Boos"),
    ("niemand die opnam", "Wachten"),
    ("Daarna was het snel geregeld.", "Snel"),
    ("heel vriendelijk! 👍", "Vriendelijk"),
)
CODES = ("Wachten", "Boos", "Snel", "Vriendelijk")


def guid(number: int) -> str:
    """GUID with a number at its end."""
    return f"0a1b2c3d-0000-4000-8000-{number:012x}"


USER, SOURCE, VARIABLE, CASE, NOTE = (guid(n) for n in (1, 2, 3, 4, 5))
CODE_GUIDS = {name: guid(16 + n) for n, name in enumerate(CODES)}


@dataclass(frozen=True)
class Habits:
    """How a program writes a text and counts in it."""

    origin: str
    project_file: str = "project.qde"
    folder: str = "sources"
    crlf: bool = False
    bom: bool = False
    utf16: bool = False
    count_crlf: int = 2
    names: bool = False
    upper: bool = False


NVIVO = Habits("NVivo 12", folder="Sources", crlf=True, bom=True, utf16=True, upper=True)
ATLAS = Habits("ATLAS.ti Windows 26", project_file="Klanten 2024.qde", crlf=True, count_crlf=1, names=True)
MAXQDA_LF = Habits("MAXQDA 24")
MAXQDA_CRLF = Habits("MAXQDA 24", crlf=True, count_crlf=1)
QUIRKOS = Habits("Quirkos 2.5")
ALL = {"nvivo": NVIVO, "atlas": ATLAS, "maxqda": MAXQDA_LF, "maxqda_crlf": MAXQDA_CRLF, "quirkos": QUIRKOS}


def position(text: str, place: int, habits: Habits) -> int:
    """Position of a place in the text, as a program counts it."""
    before = text[:place]
    units = len(before.encode("utf-16-le")) // 2 if habits.utf16 else len(before)
    return units + (before.count("\n") if habits.crlf and habits.count_crlf == 2 else 0)


def selection(number: int, quote: str, code: str, habits: Habits, text: str = TALK) -> str:
    """A coded selection of a quote."""
    start = text.index(quote)
    name = f" name={quoteattr(quote if len(quote) < 100 else quote[:100] + '…')}" if habits.names else ""
    return (
        f'<PlainTextSelection guid="{guid(256 + number)}"{name} startPosition="{position(text, start, habits)}" '
        f'endPosition="{position(text, start + len(quote), habits)}" creatingUser="{USER}">'
        f'<Coding guid="{guid(512 + number)}" creatingUser="{USER}"><CodeRef targetGUID="{code}"/></Coding>'
        "</PlainTextSelection>"
    )


def selections(habits: Habits) -> str:
    """All quotes, coded."""
    return "".join(selection(n, quote, CODE_GUIDS[code], habits) for n, (quote, code) in enumerate(QUOTES))


def codes() -> str:
    """The codes, the second inside the first."""
    inner = f'<Code guid="{CODE_GUIDS["Boos"]}" name="Boos" isCodable="true" color="#f00"/>'
    first, rest = f'<Code guid="{CODE_GUIDS["Wachten"]}" name="Wachten" isCodable="true">{inner}</Code>', CODES[2:]
    others = "".join(f'<Code guid="{CODE_GUIDS[name]}" name="{name}" isCodable="true"/>' for name in rest)
    return f"<CodeBook><Codes>{first}{others}</Codes></CodeBook>"


def users() -> str:
    """One coder."""
    return f'<Users><User guid="{USER}" name="Anna" id="AN"/></Users>'


def text_source(inner: str, habits: Habits, attributes: str = "") -> str:
    """The talk with what is in it."""
    return (
        f'<TextSource guid="{SOURCE}" name="Bram" plainTextPath="internal://{SOURCE}.txt"{attributes}>{inner}'
        "</TextSource>"
    )


def document(inner: str, origin: str, attributes: str = "") -> str:
    """A project file."""
    root = f'<Project xmlns="{PROJECT}" name="Klanten" origin={quoteattr(origin)}{attributes}>'
    return f'<?xml version="1.0" encoding="utf-8"?>{root}{inner}</Project>'


def pack(path: Path, project: str | bytes, files: dict[str, bytes] | None = None, name: str = "project.qde") -> Path:
    """Write an archive."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, project)
        for entry, content in (files or {}).items():
            archive.writestr(entry, content)
    return path


def talk_file(habits: Habits, text: str = TALK) -> dict[str, bytes]:
    """The text of the talk as a program writes it."""
    written = text.replace("\n", "\r\n") if habits.crlf else text
    return {f"{habits.folder}/{SOURCE}.txt": written.encode("utf-8-sig" if habits.bom else "utf-8")}


def twin(path: Path, habits: Habits) -> Path:
    """Write a project with the habits of a program."""
    body = users() + codes() + f"<Sources>{text_source(selections(habits), habits)}</Sources>"
    if habits is NVIVO:
        body = nvivo_body()
    elif habits in (MAXQDA_LF, MAXQDA_CRLF):
        body = maxqda_body(habits)
    elif habits is QUIRKOS:
        body = quirkos_body()
    files = talk_file(habits)
    if habits is NVIVO:
        files |= {"Sources/.root": b""}
    if habits in (MAXQDA_LF, MAXQDA_CRLF):
        files |= {f"sources/{guid(7)}.m4a": b"sound", f"sources/{SOURCE}.docx": b"PK"}
    project = document(body, habits.origin)
    return pack(path, project.replace(SOURCE, SOURCE.upper()) if habits.upper else project, files, habits.project_file)


def nvivo_body() -> str:
    """Of NVivo for Windows: a case in the place of a code."""
    case = (
        f'<PlainTextSelection guid="{guid(300)}" startPosition="0" endPosition="13">'
        f'<Coding guid="{guid(600)}"><CodeRef targetGUID="{{{CASE}}}"/></Coding></PlainTextSelection>'
    )
    cases = f'<Cases><Case guid="{CASE}" name="Bram"/></Cases>'
    return users() + codes() + cases + f"<Sources>{text_source(selections(NVIVO) + case, NVIVO)}</Sources>"


def maxqda_body(habits: Habits) -> str:
    """Of MAXQDA: a comment without code, values on sources, sound in a video source, a document group, no dates."""
    start = position(TALK, TALK.index("vriendelijk"), habits)
    comment = (
        f'<PlainTextSelection guid="{guid(301)}" startPosition="{start}" endPosition="{start + len("vriendelijk")}">'
        "<Description>Mooi citaat</Description></PlainTextSelection>"
    )
    value = f'<VariableValue><VariableRef targetGUID="{VARIABLE}"/><IntegerValue>42</IntegerValue></VariableValue>'
    source = text_source(selections(habits) + comment + value, habits, f' richTextPath="internal://{SOURCE}.docx"')
    video = f'<VideoSource guid="{guid(6)}" name="Opname" path="internal://{guid(7)}.m4a"/>'
    groups = f'<Sets><Set guid="{guid(8)}" name="Ronde 1"><MemberSource targetGUID="{SOURCE}"/></Set></Sets>'
    variables = f'<Variables><Variable guid="{VARIABLE}" name="Leeftijd" typeOfVariable="Integer"/></Variables>'
    return users() + codes() + variables + f"<Sources>{source}{video}</Sources>" + groups


def quirkos_body() -> str:
    """Of Quirkos: values on cases."""
    variables = f'<Variables><Variable guid="{VARIABLE}" name="Regio" typeOfVariable="Text"/></Variables>'
    value = f'<VariableValue><VariableRef targetGUID="{VARIABLE}"/><TextValue>Noord</TextValue></VariableValue>'
    case = f'<Case guid="{CASE}" name="Bram">{value}<SourceRef targetGUID="{SOURCE}"/></Case>'
    sources = f"<Sources>{text_source(selections(QUIRKOS), QUIRKOS)}</Sources>"
    return users() + codes() + variables + f"<Cases>{case}</Cases>" + sources


def codebook_twin(namespace: str, *, braces: bool = False) -> bytes:
    """A codebook under a namespace; the child is a code without a colour."""
    left, right = ("{", "}") if braces else ("", "")
    first, second = (f"{left}{guid(n)}{right}".upper() for n in (20, 21))
    return (
        f'<CodeBook xmlns="{namespace}" origin="{escape("ATLAS.ti")}"><Codes>'
        f'<Code guid="{first}" name="Wachten" isCodable="true" color="#FA0"><Description>Lang</Description>'
        f'<Code guid="{second}" name="Café 😡" isCodable="false"/></Code></Codes>'
        f'<Sets><Set guid="{guid(22)}" name="Pijn"><MemberCode guid="{second}"/></Set></Sets></CodeBook>'
    ).encode()


def read_back(path: Path) -> dict[str, bytes]:
    """Entries of an archive."""
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
