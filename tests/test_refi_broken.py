"""Broken, hostile and odd REFI-QDA files: a clear message, nothing lost without a word, nothing written half."""

from __future__ import annotations

import random
import struct
import zipfile
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
import refi_twins as twins

from cxtext.errors import ReadError, WriteError
from cxtext.exchange.refi import (
    ExchangeReport,
    QdaAttachment,
    QdaCode,
    QdaCodebook,
    QdaCoding,
    QdaProject,
    QdaSelection,
    QdaSource,
    QdaUser,
    QdaValue,
    QdaVariable,
    read_qdc,
    read_qdpx,
    write_qdc,
    write_qdpx,
)

guid = twins.guid


def read(path: Path, inner: str, **files: bytes) -> tuple[QdaProject, ExchangeReport]:
    """Read a project with this inside, and these files in ``sources``."""
    twins.pack(path / "a.qdpx", twins.document(inner, "x"), {f"sources/{n}.txt": c for n, c in files.items()})
    return read_qdpx(path / "a.qdpx")


def source(inner: str = "", path: str = "internal://t.txt") -> str:
    """A text source."""
    return f'<Sources><TextSource guid="{guid(3)}" name="Bram" plainTextPath="{path}">{inner}</TextSource></Sources>'


def outcomes(report: ExchangeReport, element: str) -> list[tuple[str, str]]:
    """What happened to elements of a sort, and why."""
    return [(row.outcome, row.why) for row in report.rows if row.element == element and row.outcome != "kept"]


def part(start: object, end: object, inner: str = "", number: int = 30, name: str = "") -> str:
    """A selection."""
    return (
        f'<PlainTextSelection guid="{guid(number)}" name="{name}" startPosition="{start}" endPosition="{end}">{inner}'
        "</PlainTextSelection>"
    )


def coding(code: str, user: str = "", number: int = 40) -> str:
    """A coding."""
    by = f' creatingUser="{user}"' if user else ""
    return f'<Coding guid="{guid(number)}"{by}><CodeRef targetGUID="{code}"/></Coding>'


def test_missing_sources_keep_their_selections(tmp_path: Path) -> None:
    """Where a text is missing, its selections and codings stay as the file has them, also through an export."""
    inner = twins.codes() + source(part(5, 9, coding(twins.CODE_GUIDS["Boos"])), "internal://weg.txt")
    project, report = read(tmp_path, inner)
    (found,) = project.sources
    assert found.text is None
    assert [(s.start, s.end, len(s.codings)) for s in found.selections] == [(5, 9, 1)]
    assert outcomes(report, "TextSource@file") == [("dropped", "its file is missing from the project")]
    write_qdpx(project, tmp_path / "b.qdpx")
    assert read_qdpx(tmp_path / "b.qdpx")[0].sources == project.sources


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("internal://../../geheim.txt", "leads out of the project"),
        ("internal://%2e%2e/geheim.txt", "leads out of the project"),
        ("internal://..\\geheim.txt", "leads out of the project"),
        ("relative:///../geheim.txt", "leads out of the folder"),
        ("relative:///link.txt", "leads out of the folder"),
        ("relative:////etc/passwd", "is missing from the folder"),
        ("relative:///a%00b.txt", "cannot be read"),
        ("absolute:///etc/passwd", "an absolute path"),
        ("file:///etc/passwd", "an absolute path"),
        ("/etc/passwd", "is missing from the project"),
    ],
)
def test_no_path_leads_out(path: str, why: str, tmp_path: Path) -> None:
    """Nothing outside the project and its folder is opened, and the report says so."""
    (tmp_path / "geheim.txt").write_text("geheim")
    folder = tmp_path / "p"
    folder.mkdir()
    (folder / "link.txt").symlink_to(tmp_path / "geheim.txt")
    project, report = read(folder, source(path=path))
    assert project.sources[0].text is None
    assert any(why in reason for _, reason in outcomes(report, "TextSource@file"))


def test_relative_files_beside_the_project_are_read(tmp_path: Path) -> None:
    """A text in the folder of the project is read; the folder of the one who exported is not kept."""
    (tmp_path / "bij").mkdir()
    (tmp_path / "bij" / "t.txt").write_bytes(b"\xef\xbb\xbfja\r\nnee")
    path = twins.pack(
        tmp_path / "a.qdpx", twins.document(source(path="relative:///bij/t.txt"), "x", ' basePath="/home/an"')
    )
    project, report = read_qdpx(path)
    assert project.sources[0].text == "ja\nnee"
    assert outcomes(report, "Project@basePath")[0][0] == "dropped"


def test_broken_missing_and_double_guids(tmp_path: Path) -> None:
    """They are repaired the same way each time, references follow, and every repair is reported."""
    codes = (
        '<CodeBook><Codes><Code guid="code 1" name="A" isCodable="true"/><Code name="B" isCodable="true"/>'
        f'<Code guid="{guid(9)}" name="C" isCodable="ja"/><Code guid="{{{guid(9).upper()}}}" name="C"/>'
        "</Codes></CodeBook>"
    )
    inner = codes + source(part(0, 2, coding("CODE 1") + coding(guid(9), number=41)))
    project, report = read(tmp_path, inner, t=b"ja nee")
    first, second, third, fourth = project.codes
    assert [c.code for c in project.sources[0].selections[0].codings] == [first.guid, third.guid]
    assert len({first.guid, second.guid, third.guid, fourth.guid}) == 4
    assert read(tmp_path, inner, t=b"ja nee")[0] == project
    whys = [why for _, why in outcomes(report, "Code")]
    assert len(whys) == 5
    assert sum("same name" in why for why in whys) == 2
    assert "Repaired: 2 Code@isCodable" in "\n".join(report.lines())
    write_qdpx(project, tmp_path / "b.qdpx")


def test_selections_outside_the_text(tmp_path: Path) -> None:
    """They are cut to what is there, turned round or emptied; their codings stay, and each is reported."""
    codes = twins.codes()
    boos = twins.CODE_GUIDS["Boos"]
    places = [(-4, 2), (3, 99), (50, 60), (6, 3), ("x", 4), ("", ""), (10**30, 2)]
    parts = [part(a, b, coding(boos, number=60 + n), 30 + n) for n, (a, b) in enumerate(places)]
    project, report = read(tmp_path, codes + source("".join(parts)), t=b"ja nee")
    found = project.sources[0].selections
    assert [(s.start, s.end) for s in found] == [(0, 2), (3, 6), (6, 6), (3, 6), (4, 4), (0, 0), (2, 2)]
    assert all(len(s.codings) == 1 for s in found)
    assert {row.guid for row in report.rows if row.element == "PlainTextSelection"} == {s.guid for s in found}
    write_qdpx(project, tmp_path / "b.qdpx")


def test_quotes_and_words_that_do_not_fit_are_flagged(tmp_path: Path) -> None:
    """A selection whose name quotes another place, or that cuts a word, is named for a look."""
    parts = part(0, 10, number=30, name="Daarna liep het goed") + part(2, 10, number=31) + part(0, 6, number=32)
    _, report = read(tmp_path, source(parts), t=b"Eerst wachtte ik. Daarna liep het goed.")
    whys = [why for _, why in outcomes(report, "PlainTextSelection")]
    assert whys == [
        "its name quotes another place than its position",
        "it begins or ends inside a word",
    ]


def test_references_that_lead_nowhere(tmp_path: Path) -> None:
    """Codings, values and coders keep an empty code, variable and user; what cannot be kept is reported."""
    value = f'<VariableValue><VariableRef targetGUID="{guid(77)}"/><FloatValue>7,5</FloatValue></VariableValue>'
    sets = f'<Sets><Set guid="{guid(8)}" name="S"><MemberSource targetGUID="{guid(99)}"/></Set></Sets>'
    inner = source(part(0, 2, coding(guid(66), guid(55))) + value) + sets
    project, report = read(tmp_path, inner, t=b"ja nee")
    assert project.codes == (QdaCode(guid(66), f"(missing code {guid(66)[:8]})"),)
    assert project.users == (QdaUser(guid(55), f"(missing user {guid(55)[:8]})"),)
    assert project.variables == (QdaVariable(guid(77), f"(missing variable {guid(77)[:8]})"),)
    assert project.sources[0].values == (QdaValue(guid(77), "7,5", "Text"),)
    assert outcomes(report, "VariableValue")[0][0] == "repaired"
    assert outcomes(report, "MemberSource")[0][0] == "dropped"
    write_qdpx(project, tmp_path / "b.qdpx")


def test_what_has_no_place_is_reported(tmp_path: Path) -> None:
    """Graphs, elements and attributes of others, dates and colours that are none, files that nothing names."""
    inner = (
        f'<CodeBook><Codes><Code guid="{guid(9)}" name="C" isCodable="1" color="rood" x="1"/></Codes></CodeBook>'
        f'<Graphs><Graph guid="{guid(2)}" name="Kaart"><Vertex guid="{guid(4)}" firstX="1"/></Graph></Graphs>'
        + source().replace(">", ' creationDateTime="gisteren">', 2).replace(' creationDateTime="gisteren">', ">", 1)
        + '<mx:Kleur xmlns:mx="urn:mx"/>'
    )
    _, report = read(tmp_path, inner, t=b"ja", los=b"x")
    dropped = {row.element for row in report.rows if row.outcome == "dropped"}
    assert dropped == {"Code@color", "Code@x", "Graph", "Kleur", "TextSource@creationDateTime", "file"}
    assert "Dropped: 1 Graph: cxtext has no place for graphs [Kaart (with 1 elements in it)]." in report.lines()


@pytest.mark.parametrize(
    ("content", "wanted"),
    [("één".encode("utf-16"), "één"), ("één".encode("cp1252"), "één"), (b"a\x81", "a\ufffd")],
)
def test_texts_that_are_not_utf8(content: bytes, wanted: str, tmp_path: Path) -> None:
    """They are read, and the report says as what."""
    project, report = read(tmp_path, source(), t=content)
    assert project.sources[0].text == wanted
    assert outcomes(report, "TextSource")[0][0] == "repaired"


def _protected(path: Path) -> None:
    twins.pack(path, twins.document("", "x"))
    content = bytearray(path.read_bytes())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        struct.pack_into("<H", content, content.index(mark) + at, 1)
    path.write_bytes(content)


def test_files_that_are_refused(tmp_path: Path) -> None:
    """Damage, passwords, bombs and files of another kind end in a message with an advice."""
    path = tmp_path / "a.qdpx"
    whole = twins.document("", "x")
    laughs = '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><Project name="&b;"/>'
    broken = {
        "not a REFI-QDA project, or it is damaged": lambda: path.write_bytes(b"PK nee"),
        "protected with a password": lambda: _protected(path),
        r"holds no project file \(.qde\)": lambda: twins.pack(path, whole, name="map/project.qde"),
        r"several project files \(.qde\)": lambda: twins.pack(path, whole, {"b.qde": b""}, "a.qde"),
        "document type declaration": lambda: twins.pack(path, laughs),
        "deep in each other": lambda: twins.pack(path, "<Code>" * 300 + "</Code>" * 300),
        "its XML is damaged": lambda: twins.pack(path, whole[:-3]),
        "its XML is damaged ": lambda: twins.pack(path, b""),
        "is no REFI-QDA project": lambda: twins.pack(path, "<html/>"),
        "zip bomb": lambda: twins.pack(path, whole, {"sources/a.txt": b"x" * 60_000_000}),
    }
    for message, write in broken.items():
        write()
        with pytest.raises(ReadError, match=message):
            read_qdpx(path)
    with pytest.raises(ReadError, match="no such file"):
        read_qdpx(tmp_path / "weg.qdpx")
    (tmp_path / "a.qdc").write_text("<html/>")
    with pytest.raises(ReadError, match="no REFI-QDA codebook"):
        read_qdc(tmp_path / "a.qdc")
    with pytest.raises(ReadError, match="cannot be read"):
        read_qdc(tmp_path / "weg.qdc")


def test_many_small_texts_are_no_way_round_the_guard(tmp_path: Path) -> None:
    """Texts that are each small enough, but together unpack to far too much, are refused."""
    one = b"x" * 9_900_000
    sources = "".join(f'<TextSource guid="{guid(n)}" plainTextPath="internal://{n}.txt"/>' for n in range(21))
    files = {f"sources/{n}.txt": one for n in range(21)}
    path = twins.pack(tmp_path / "a.qdpx", twins.document(f"<Sources>{sources}</Sources>", "x"), files)
    with pytest.raises(ReadError, match="zip bomb"):
        read_qdpx(path)


@pytest.mark.parametrize("name", sorted(twins.ALL))
def test_spoiled_bytes_never_end_in_a_traceback(name: str, tmp_path: Path) -> None:
    """However a file is damaged, it is read or refused, and what is read can be written."""
    whole = twins.twin(tmp_path / "a.qdpx", twins.ALL[name]).read_bytes()
    entries, rng = twins.read_back(tmp_path / "a.qdpx"), random.Random(name)
    path = tmp_path / "b.qdpx"
    qde = next(entry for entry in entries if entry.endswith(".qde"))
    for _ in range(60):
        content, project = bytearray(whole), bytearray(entries[qde])
        for _ in range(rng.randint(1, 6)):
            content[rng.randrange(len(content))] = rng.randrange(256)
            project[rng.randrange(len(project))] = rng.choice(b'abc019<>"-{} ')
        twins.pack(tmp_path / "c.qdpx", bytes(project), {k: v for k, v in entries.items() if k != qde}, qde)
        path.write_bytes(content)
        for spoiled in (path, tmp_path / "c.qdpx"):
            with suppress(ReadError):
                found, _ = read_qdpx(spoiled)
                write_qdpx(found, tmp_path / "d.qdpx")


def test_a_project_that_breaks_the_standard_is_not_written(tmp_path: Path) -> None:
    """The message names what is wrong, and a file that was there stays as it was."""
    path, good = tmp_path / "a.qdpx", QdaProject("P", codes=(QdaCode(guid(1), "A"),))
    write_qdpx(good, path)
    before = path.read_bytes()
    selection = QdaSelection(guid(2), 0, 9)
    text = QdaSource(guid(3), "T", text="kort", selections=(selection,))
    coded = replace(text, selections=(replace(selection, end=2, codings=(QdaCoding(guid(4), guid(5)),)),))
    wrong = {
        "not of the form 8-4-4-4-12": replace(good, codes=(QdaCode("A", "A"),)),
        "two codes have the GUID": replace(good, codes=good.codes * 2),
        "colour 'rood'": replace(good, codes=(QdaCode(guid(1), "A", color="rood"),)),
        "is missing, or comes after it": replace(good, codes=(QdaCode(guid(1), "A", parent=guid(1)),)),
        "goes from 0 to 9, and the text has 4": replace(good, sources=(text,)),
        f"names the code '{guid(5)}', which is missing": replace(good, sources=(coded,)),
        "is not clean": replace(good, sources=(QdaSource(guid(3), "T", text="e\u0301"),)),
        "has the date": replace(good, created="gisteren"),
        "is among the sources": replace(good, sources=(QdaSource(guid(3), kind="note"),)),
    }
    for message, project in wrong.items():
        with pytest.raises(WriteError, match=message):
            write_qdpx(project, path)
    gone = QdaAttachment("a.pdf", 1, 1, file=tmp_path / "weg.pdf")
    with pytest.raises(ReadError, match="cannot be read from it any more"):
        write_qdpx(replace(good, sources=(QdaSource(guid(3), "B", "pdf", attachment=gone),)), path)
    with pytest.raises(WriteError, match="cannot be written"):
        write_qdpx(good, tmp_path / "weg" / "a.qdpx")
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["a.qdpx"]


def test_export_reports_what_it_changes(tmp_path: Path) -> None:
    """Characters that XML cannot hold, names of files that clash, and the program of origin."""
    twin = QdaAttachment.from_bytes("../A.DOCX", b"1")
    sources = tuple(QdaSource(guid(n), "T\x01", text="a", attachment=replace(twin, name=n * "x")) for n in (3, 3, 4))
    sources = tuple(replace(s, guid=guid(10 + n), attachment=twin if n else None) for n, s in enumerate(sources))
    report = write_qdpx(QdaProject("P", "NVivo", sources=sources), tmp_path / "a.qdpx")
    changed = [row.element for row in report.rows if row.outcome == "changed"]
    assert changed.count("TextSource@name") == 3
    assert changed.count("file") == 2
    assert changed.count("Project@origin") == 1
    with zipfile.ZipFile(tmp_path / "a.qdpx") as archive:
        assert not any(".." in name for name in archive.namelist())


def test_a_codebook_goes_through_the_same_checks(tmp_path: Path) -> None:
    """A code without a name is not written."""
    with pytest.raises(WriteError, match="has no name"):
        write_qdc(QdaCodebook((QdaCode(guid(1), ""),)), tmp_path / "a.qdc")
