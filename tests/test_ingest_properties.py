"""Whatever is said, readers give back exactly that; whatever the bytes, they end in a message."""

from __future__ import annotations

import csv
import html
import io
import json
import os
import string
import tempfile
import tracemalloc
import zipfile
from contextlib import suppress
from functools import cache
from pathlib import Path

import docx
import openpyxl
import pandas
import pyreadstat
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from written_files import write_odt, write_pdf, write_rtf

from cxtext.errors import ReadError
from cxtext.ingest import ReadOptions, load_readers, read_documents
from cxtext.ingest.answers import is_error_cell, is_no_answer
from cxtext.ingest.rows import unique_headings
from cxtext.ingest.times import parse_time, take_stamps
from cxtext.ingest.utterances import is_noise
from cxtext.records import Document, Notice, clean_text
from cxtext.testing import check_reader

#: spoiled files per kind; more on request
EXAMPLES = int(os.environ.get("CXTEXT_FUZZ", "40"))
DUTCH = ReadOptions(language="nl")
SUFFIXES = [
    ".txt",
    ".md",
    ".vtt",
    ".srt",
    ".csv",
    ".tsv",
    ".jsonl",
    ".docx",
    ".xlsx",
    ".json",
    ".odt",
    ".rtf",
    ".pdf",
]
#: those that are zips of XML
ZIPPED = (".docx", ".xlsx", ".odt")

#: words as people say them, with the signs that labels, tags and tables are made of
words = st.text("abcdeijknorstuvwz" * 3 + "ABKéëïßøç" + "'’,;:?!.…\"&<>()", min_size=1, max_size=9)
sentences = st.lists(words, min_size=1, max_size=9).map(" ".join)
seconds = st.integers(0, 5 * 3600 * 1000).map(lambda ms: ms / 1000)


@st.composite
def talks(draw: st.DrawFn, *, speakers: tuple[str, ...]) -> list[tuple[str, str, float]]:
    """Turns of speakers who take turns: name, words, time in seconds."""
    said = draw(st.lists(sentences, min_size=len(speakers) * 2, max_size=10))
    starts = sorted(draw(st.lists(seconds, min_size=len(said), max_size=len(said), unique=True)))
    turns = [
        (speakers[n % len(speakers)], text, start) for n, (text, start) in enumerate(zip(said, starts, strict=True))
    ]
    assume(all(any(map(str.isalpha, text)) and not is_noise(text) for _, text, _ in turns))
    return turns


def read(suffix: str, content: str | bytes, options: ReadOptions = DUTCH) -> list[Document | Notice]:
    """Read content as a file with a suffix."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"a{suffix}")
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return list(load_readers()[suffix](path, options))


def turns_of(items: list[Document | Notice]) -> list[tuple[str, str, float | None]]:
    """Speaker, words and time of each turn of the only document."""
    (document,) = (item for item in items if isinstance(item, Document))
    return [(turn.speaker, document.text[turn.start : turn.end], turn.time_start) for turn in document.turns]


def clock(time: float, mark: str = ".") -> str:
    """A time as captions write it."""
    ms = round(time * 1000)
    return f"{ms // 3_600_000:02d}:{ms // 60_000 % 60:02d}:{ms // 1000 % 60:02d}{mark}{ms % 1000:03d}"


LABELS = [("I", "R"), ("Interviewer", "Respondent 2"), ("Moderator", "Anneke van den Berg", "Dhr. B."), ("V", "A")]


@settings(max_examples=50, deadline=None)
@given(st.sampled_from(LABELS).flatmap(lambda names: talks(speakers=names)), st.booleans())
def test_plain_text(talk: list[tuple[str, str, float]], bold: bool) -> None:
    """Text and Markdown give back words, speakers and times."""
    mark = "**" if bold else ""
    lines = [f"[{clock(time)}] {mark}{name}:{mark} {text}" for name, text, time in talk]
    for suffix in (".txt", ".md"):
        assert turns_of(read(suffix, "\n".join(lines))) == talk


@settings(max_examples=50, deadline=None)
@given(talks(speakers=("Noor Visser (onderzoek)", "Respondent 4")), st.booleans())
def test_voices(talk: list[tuple[str, str, float]], closed: bool) -> None:
    """VTT with voice tags gives back words, speakers and times, with and without closing tags."""
    end = "</v>" if closed else ""
    cues = [
        f"{n}-0\n{clock(time)} --> {clock(time + 1)}\n<v {name}>{html.escape(text)}{end}"
        for n, (name, text, time) in enumerate(talk)
    ]
    assert turns_of(read(".vtt", "WEBVTT\n\n" + "\n\n".join(cues))) == talk


@settings(max_examples=50, deadline=None)
@given(talks(speakers=("Noor Visser", "Respondent 4")))
def test_names_in_captions(talk: list[tuple[str, str, float]]) -> None:
    """SRT with names in the text gives back words, speakers and times."""
    cues = [
        f"{n}\n{clock(time, ',')} --> {clock(time + 1, ',')}\n{name}: {html.escape(text)}"
        for n, (name, text, time) in enumerate(talk, 1)
    ]
    assert turns_of(read(".srt", "\r\n\r\n".join(cue.replace("\n", "\r\n") for cue in cues))) == talk


@settings(max_examples=40, deadline=None)
@given(talks(speakers=("I", "Fatma")), st.sampled_from([",", ";", "\t"]))
def test_conversations_in_tables(talk: list[tuple[str, str, float]], delimiter: str) -> None:
    """A table of turns gives back words, speakers and times, as csv, tsv and jsonl."""
    options = ReadOptions(language="nl", keep_all_rows=True)
    buffer = io.StringIO()
    rows = [("speaker", "tekst", "time_start"), *talk]
    csv.writer(buffer, delimiter=delimiter).writerows(rows)
    assert turns_of(read(".tsv" if delimiter == "\t" else ".csv", buffer.getvalue(), options)) == talk
    lines = [json.dumps(dict(zip(rows[0], row, strict=True))) for row in talk]
    assert turns_of(read(".jsonl", "\n".join(lines), options)) == talk


@settings(max_examples=25, deadline=None)
@given(talks(speakers=("I", "R07")), st.booleans())
def test_word(talk: list[tuple[str, str, float]], table: bool) -> None:
    """Word gives back words and speakers, in paragraphs and in a table."""
    word = docx.Document()
    rows = word.add_table(0, 2) if table else None
    for name, text, _ in talk:
        if rows is not None:
            cells = rows.add_row().cells
            cells[0].text, cells[1].text = name, text
        else:
            word.add_paragraph().add_run(f"{name}: ").bold = True
            word.paragraphs[-1].add_run(text)
    buffer = io.BytesIO()
    word.save(buffer)
    assert [turn[:2] for turn in turns_of(read(".docx", buffer.getvalue()))] == [turn[:2] for turn in talk]


@settings(max_examples=25, deadline=None)
@given(talks(speakers=("I", "R07")))
def test_odt_and_recognised_json(talk: list[tuple[str, str, float]]) -> None:
    """OpenDocument and the JSON of recognisers give back words, speakers and times."""
    with tempfile.TemporaryDirectory() as folder:
        body = "".join(f"<text:p>{html.escape(f'{name}: {text}')}</text:p>" for name, text, _ in talk)
        odt = write_odt(Path(folder, "a.odt"), body).read_bytes()
    assert [turn[:2] for turn in turns_of(read(".odt", odt))] == [turn[:2] for turn in talk]
    segments = [{"speaker": name, "text": f" {text}", "start": start, "end": start + 1} for name, text, start in talk]
    found = turns_of(read(".json", json.dumps({"segments": segments})))
    assert [(name, text) for name, text, _ in found] == [(name, text) for name, text, _ in talk]


cells = st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n"), max_size=30)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(cells, cells, cells), min_size=1, max_size=8), st.sampled_from([",", ";", "\t"]))
def test_rows(rows: list[tuple[str, str, str]], delimiter: str) -> None:
    """Every row of a table comes back once, in order, with its id, its text and its other cell."""
    assume(any(any(cell.strip() for cell in row) for row in rows))
    options = ReadOptions(language="nl", keep_all_rows=True, text_column="tekst", id_column="nr")
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter).writerows([("nr", "overig", "tekst"), *rows])
    lines = [json.dumps(dict(zip(("nr", "overig", "tekst"), row, strict=True)), ensure_ascii=False) for row in rows]
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    for suffix, content, expected in ((".csv", buffer.getvalue(), filled), (".jsonl", "\n".join(lines), rows)):
        documents = [item for item in read(suffix, content, options) if isinstance(item, Document)]
        assert [(d.attributes["nr"], d.attributes["overig"], d.text) for d in documents] == [
            (clean_text(nr), clean_text(other), clean_text(text).strip()) for nr, other, text in expected
        ]


@settings(deadline=None)
@given(cells)
def test_no_answer(text: str) -> None:
    """What has a word of more than four letters is an answer; what has no letter, digit or symbol is none."""
    assert not is_no_answer(text + " wacht")
    assert is_no_answer("".join(sign for sign in text if sign in string.punctuation and sign not in "$+<=>^`|~"))
    assert not is_error_cell(text + "x")


@settings(deadline=None)
@given(st.lists(st.text("ab (2)", max_size=4), max_size=8))
def test_unique_headings(headings: list[str]) -> None:
    """Every column has a heading of its own, and the first of its name keeps it."""
    unique, _ = unique_headings(headings)
    assert len(set(unique)) == len(unique) == len(headings)
    assert all(name.strip() in unique for name in headings if name.strip())


@settings(deadline=None)
@given(seconds, st.sampled_from(["[{}]", "#{}#", "[{} ]"]))
def test_times(time: float, form: str) -> None:
    """A time comes back to the millisecond; text without a time stays as it is."""
    assert parse_time(clock(time)) == pytest.approx(time, abs=1e-9)
    assert take_stamps(f"{form.format(clock(time))} om 9:15 belde ik") == ("om 9:15 belde ik", time, None)
    assert take_stamps(f"om 9:15 belde ik {form.format(clock(time))}") == ("om 9:15 belde ik", None, time)


@cache
def seed(suffix: str) -> bytes:
    """A good file to spoil."""
    if suffix == ".docx":
        word, buffer = docx.Document(), io.BytesIO()
        for line in ("Interviewer   0:03", "En toen?", "R: Niks.", "# Kop"):
            word.add_paragraph(line)
        word.add_table(1, 2).rows[0].cells[0].text = "I"
        word.save(buffer)
        return buffer.getvalue()
    if suffix == ".xlsx":
        book, buffer = openpyxl.Workbook(), io.BytesIO()
        for row in (["id", "nps", "tekst"], [1, 9, "Goed gedaan"], [2.5, None, "#REF!"]):
            book.active.append(row)
        book.save(buffer)
        return buffer.getvalue()
    if suffix in (".odt", ".rtf", ".pdf", ".sav"):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, f"a{suffix}")
            if suffix == ".odt":
                write_odt(path, "<text:h>Kop</text:h><text:p>I: En<text:tab/>dan?</text:p><text:p>R: Ja.</text:p>")
            elif suffix == ".rtf":
                write_rtf(path, r"I: En dan?\par R: \'e9\'e9n.\par {\b Kop}\trowd I\cell Nee.\cell\row")
            elif suffix == ".pdf":
                write_pdf(path, [["I: En dan?", "R: Het duur-"], ["de lang.", "2"]])
            else:
                rows = pandas.DataFrame({"nr": [1.0, 2.0], "nps": [9.0, 99.0], "waarom": ["Het duurde lang", ""]})
                pyreadstat.write_sav(rows, str(path), variable_value_labels={"nps": {99: "weet niet"}})
            return path.read_bytes()
    texts = {
        ".json": '{"speakers": [{"spkid": "a", "name": "I"}], "segments": [{"speaker": "a", "words": [{"text": "En", '
        '"start": 1, "conf": 0.3}, {"text": "?"}]}, {"start": 2, "end": 3, "text": "Ja.", "speaker": "R"}]}',
        ".vtt": "WEBVTT\n\nNOTE x\n\n1\n00:01.000 --> 00:02.000\n<v I>En?</v>\n- Ja &amp;\n\n0:02.0 --> 0:03.0\nR: O\n",
        ".srt": "1\n00:00:01,000 --> 00:00:02,000\n- En?\n- Ja.\n\n2\n00:00:02,000 --> 00:00:03,000\n{\\an8}I: Zo.\n",
        ".jsonl": '{"id": 1, "text": "Goed", "doc": "a", "speaker": "I"}\n{"text": null, "x": [1, {}]}\n',
        ".csv": 'id;nps;datum;spreker;tekst\n1;9;2024-01-01;I;"Goed; ""ja"""\n2;9;x;R;\n3;9;x;I;-\n',
        ".tsv": "doc\tid\ttekst\na\t1\tGoed zo dan\na\t2\tnvt\n",
        ".md": "# Kop\nDatum: 1\n\n**I:** En?\n[00:01] R: Ja #00:00:01-1#\n\n- punt\nX\tY\n",
        ".txt": "Kop\nI: N\n\nI  0:03\nEn?\n(0:05) R: Ja [0:06 - 0:07]\nMevr. A.: nee\n0:03 Spreker 2\nzo\n",
    }
    return texts[suffix].encode()


@st.composite
def spoiled(draw: st.DrawFn, suffix: str) -> bytes:
    """A good file with pieces taken out, doubled, or replaced by bytes; or bytes alone."""
    if draw(st.integers(0, 4)) == 0:
        return draw(st.binary(max_size=200))
    content = seed(suffix)
    if suffix in ZIPPED and draw(st.booleans()):
        return respoil(content, draw)
    return spoil(content, draw)


def spoil(content: bytes, draw: st.DrawFn) -> bytes:
    """Change some places."""
    for _ in range(draw(st.integers(1, 5))):
        at = draw(st.integers(0, len(content)))
        until = at + draw(st.integers(0, 40))
        new = draw(
            st.sampled_from([b"", content[at:until] * 2, b"\xff", b"\x00", b'"', b"\n", b":", b"\xc3\xa9", b"-->"])
        )
        content = content[:at] + new + content[until:]
    return content


def respoil(content: bytes, draw: st.DrawFn) -> bytes:
    """Change the XML inside an Office file."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w") as new:
        victim = draw(st.sampled_from([name for name in old.namelist() if name.endswith(".xml")]))
        for name in old.namelist():
            new.writestr(name, spoil(old.read(name), draw) if name == victim else old.read(name))
    return buffer.getvalue()


@pytest.mark.parametrize("suffix", SUFFIXES)
@settings(max_examples=EXAMPLES, deadline=None)
@given(data=st.data())
def test_any_bytes(suffix: str, data: st.DataObject) -> None:
    """Whatever a file holds, its reader keeps its promises or refuses it with a message."""
    read_spoiled(suffix, data)


@settings(max_examples=max(6, EXAMPLES // 10), deadline=None)
@given(data=st.data())
def test_any_bytes_as_spss(data: st.DataObject) -> None:
    """A spoiled SPSS file, which can end the library that reads it, is refused with a message too."""
    read_spoiled(".sav", data)


def read_spoiled(suffix: str, data: st.DataObject) -> None:
    """Read a spoiled file alone, and as the user does."""
    options = ReadOptions(language="nl", keep_all_rows=data.draw(st.booleans()))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"a{suffix}")
        path.write_bytes(data.draw(spoiled(suffix)))
        with suppress(ReadError):
            items = list(load_readers()[suffix](path, options))
            documents = [item for item in items if isinstance(item, Document)]
            if len({document.id for document in documents}) == len(documents) > 0:
                check_reader(load_readers()[suffix], path, options)
        found = list(read_documents(path, options))
        ids = [item.id for item in found if isinstance(item, Document)]
        assert found
        assert len(set(ids)) == len(ids)
        assert not any("its reader failed" in item.message for item in found if isinstance(item, Notice))


@pytest.mark.parametrize("suffix", [".csv", ".jsonl"])
def test_memory(tmp_path: Path, suffix: str) -> None:
    """Memory does not grow with the number of rows."""
    peaks = []
    for count in (300, 2000):
        path = tmp_path / f"{count}{suffix}"
        rows = [(f"{n:05d}", f"Ik heb {n} keer gebeld en niemand nam op") for n in range(count)]
        if suffix == ".csv":
            path.write_text("id,tekst\n" + "".join(f"{nr},{text}\n" for nr, text in rows))
        else:
            path.write_text("".join(json.dumps({"id": nr, "tekst": text}) + "\n" for nr, text in rows))
        assert any(isinstance(item, Document) for item in read_documents(path, DUTCH))
        tracemalloc.start()
        assert sum(1 for _ in read_documents(path, DUTCH)) == count
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.5
