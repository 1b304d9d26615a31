"""REFI-QDA: projects and codebooks of other programs come in right, and go out valid, equal and the same each time."""

from __future__ import annotations

import os
import tempfile
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import refi_twins as twins
from hypothesis import given, settings
from hypothesis import strategies as st

from cxtext.errors import WriteError
from cxtext.exchange.refi import (
    QdaAttachment,
    QdaCase,
    QdaCode,
    QdaCodebook,
    QdaCoding,
    QdaLink,
    QdaProject,
    QdaRegion,
    QdaSelection,
    QdaSet,
    QdaSource,
    QdaSyncPoint,
    QdaUser,
    QdaValue,
    QdaVariable,
    read_qdc,
    read_qdpx,
    write_qdc,
    write_qdpx,
)
from cxtext.exchange.refi.positions import CleanMap, Mark, Scheme, detect_scheme
from cxtext.records import clean_text

guid = twins.guid
#: beside the repository, or wherever the variable says
SCHEMAS = Path(os.environ.get("CXTEXT_REFI_SCHEMAS", Path(__file__).parents[2] / "shared/reference/refi-qda"))
TIME = "2024-03-01T09:30:00Z"
Validate = Callable[[bytes, str], None]


@pytest.fixture(scope="session")
def validate() -> Validate:
    """Check XML against the official schema ``Project`` or ``Codebook``."""
    etree = pytest.importorskip("lxml.etree")
    if not (SCHEMAS / "Project-mrt2019.xsd").exists():
        pytest.skip("the official schemas are not here: name their folder in CXTEXT_REFI_SCHEMAS")
    schemas = {n: etree.XMLSchema(file=str(SCHEMAS / f"{n}-mrt2019.xsd")) for n in ("Project", "Codebook")}
    return lambda content, name: schemas[name].assertValid(etree.fromstring(content))


def full_project() -> QdaProject:
    """A project that uses every part of the standard that has a place."""
    text = twins.TALK
    place = text.index("Ik heb")
    codings = (QdaCoding(guid(40), guid(10), guid(1), TIME, (guid(90),)), QdaCoding(guid(41), guid(11), guid(2)))
    selection = QdaSelection(guid(30), place, place + 40, codings=codings, user=guid(1), created=TIME)
    overlap = QdaSelection(guid(31), place + 5, place + 60, "zie ook hier", "Twijfel", notes=(guid(90),))
    transcript = QdaSource(
        guid(51), "Transcript", text="Hallo 😀 Bram",
        sync_points=(QdaSyncPoint(guid(60), 0, 0), QdaSyncPoint(guid(61), 900, 7)),
        selections=(QdaSelection(guid(32), 0, 7, codings=(QdaCoding(guid(42), guid(10)),)),),
    )  # fmt: skip
    region = QdaRegion(guid(33), (1, 2, 3, 4, 5), "vak", codings=(QdaCoding(guid(43), guid(11), guid(2)),))
    return QdaProject(
        "Klanten & co", user=guid(1), created=TIME, description="Ronde 1\nen 2", project_notes=(guid(90),),
        users=(QdaUser(guid(1), "Anna", "AN"), QdaUser(guid(2), "Şule")),
        codes=(
            QdaCode(guid(10), "Wachten", color="#ff8800", description="Lang\nwachten", notes=(guid(90),)),
            QdaCode(guid(11), "Boos 😡", is_codable=False, parent=guid(10)),
            QdaCode(guid(12), "Boos 😡"),
        ),
        variables=(QdaVariable(guid(20), "Leeftijd", "Integer", "in jaren"), QdaVariable(guid(21), "Start", "Date")),
        cases=(
            QdaCase(
                guid(70), "Bram", "klant", (guid(10),), sources=(guid(50),), selections=(guid(30), guid(33)),
                values=(QdaValue(guid(20), "42", "Integer"), QdaValue(guid(21), "", "")),
            ),
        ),
        sources=(
            QdaSource(
                guid(50), "Bram", text=text, attachment=QdaAttachment.from_bytes("Bram é.docx", b"PK word"),
                selections=(selection, overlap), values=(QdaValue(guid(20), "42", "Integer"),), notes=(guid(90),),
                codings=(QdaCoding(guid(44), guid(12)),), description="op kantoor", modified_by=guid(2), modified=TIME,
            ),
            QdaSource(
                guid(52), "Opname", "audio", attachment=QdaAttachment.from_bytes("a.m4a", b"la"), texts=(transcript,)
            ),
            QdaSource(
                guid(53), "Brief", "pdf", attachment=QdaAttachment.from_bytes("b.pdf", b"%PDF"), regions=(region,),
                texts=(QdaSource(guid(54), "Tekst", text="Beste klant"),),
            ),
            QdaSource(guid(55), "Foto", "picture", regions=(QdaRegion(guid(34), (0, 0, 9, 9)),)),
        ),
        notes=(
            QdaSource(guid(90), "Memo", "note", text="Let op 😀\nbij \"wachten\"", user=guid(1), created=TIME),
            QdaSource(guid(91), "Vreemd", "note", text="met \x0b erin"),
        ),
        links=(QdaLink(guid(80), "dus", "OneWay", "#123456", guid(30), guid(31), (guid(90),)),),
        sets=(QdaSet(guid(81), "Groep", "alles", (guid(10),), (guid(50),), (guid(90),)),),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "scheme"),
    [
        ("nvivo", "UTF-16 units, line end as 2"),
        ("atlas", "code points, line end as 1"),
        ("maxqda", "code points"),
        ("maxqda_crlf", "code points, line end as 1"),
        ("quirkos", "code points"),
    ],
)
def test_every_program_is_read_as_it_counts(name: str, scheme: str, tmp_path: Path) -> None:
    """Each selection holds the words that were selected, with its code and coder, whatever the program."""
    project, report = read_qdpx(twins.twin(tmp_path / "a.qdpx", twins.ALL[name]))
    source = project.sources[0]
    assert source.text == clean_text(twins.TALK)
    found = {source.text[s.start : s.end]: s for s in source.selections}
    names = {code.guid: code.name for code in project.codes}
    assert [(q, names[found[q].codings[0].code]) for q, _ in twins.QUOTES] == list(twins.QUOTES)
    assert {s.codings[0].user for s in found.values() if s.codings} == {twins.USER}
    assert all(not s.name for s in found.values())
    (counting,) = report.counting
    assert (counting.scheme, counting.fits, counting.decided) == (scheme, len(source.selections), True)
    assert counting.runner_up_fits < counting.fits
    assert not set(report.table["outcome"]) & {"dropped", "flagged"}
    assert scheme in report.lines()[1]


def test_habits_of_nvivo_and_maxqda(tmp_path: Path) -> None:
    """A case in place of a code gets what was coded; comments, values, groups, twins and sound are kept."""
    project, report = read_qdpx(twins.twin(tmp_path / "a.qdpx", twins.NVIVO))
    (case,) = project.cases
    assert case.selections == (guid(300),)
    assert "its code is a case" in " ".join(report.lines())
    assert project.codes[0].guid == project.codes[1].parent
    assert project.codes[1].color == "#ff0000"

    project, report = read_qdpx(twins.twin(tmp_path / "b.qdpx", twins.MAXQDA_CRLF))
    comment = project.sources[0].selections[-1]
    assert (comment.description, comment.codings) == ("Mooi citaat", ())
    assert project.sources[0].values == (QdaValue(twins.VARIABLE, "42", "Integer"),)
    assert project.sets[0].sources == (twins.SOURCE,)
    assert [s.kind for s in project.sources] == ["text", "audio"]
    assert [s.attachment.read() for s in project.sources if s.attachment] == [b"PK", b"sound"]


def test_values_of_cases(tmp_path: Path) -> None:
    """Quirkos keeps values with cases, and there they stay."""
    project, _ = read_qdpx(twins.twin(tmp_path / "a.qdpx", twins.QUIRKOS))
    value = QdaValue(twins.VARIABLE, "Noord")
    assert project.cases == (QdaCase(twins.CASE, "Bram", values=(value,), sources=(twins.SOURCE,)),)


@pytest.mark.parametrize(
    "namespace",
    ["urn:QDA-XML:codebook:1.0", "urn:QDA-XML:codebook:1:0", "urn:QDA-XML:codebook:0:4", twins.PROJECT],
)
@pytest.mark.parametrize("braces", [False, True])
def test_codebooks_of_every_namespace(namespace: str, braces: bool, tmp_path: Path) -> None:
    """A codebook reads the same under every namespace that is about, and comes back equal."""
    path = tmp_path / "a.qdc"
    path.write_bytes(twins.codebook_twin(namespace, braces=braces))
    codebook, report = read_qdc(path)
    assert codebook.codes == (
        QdaCode(guid(20), "Wachten", color="#ffaa00", description="Lang"),
        QdaCode(guid(21), "Café 😡", is_codable=False, parent=guid(20)),
    )
    assert codebook.sets == (QdaSet(guid(22), "Pijn", codes=(guid(21),)),)
    assert report.lines() == ["Kept: 2 Code, 1 Set."]
    assert write_qdc(codebook, path).lines()[0] == "Kept: 2 Code, 1 Set."
    assert read_qdc(path)[0] == replace(codebook, origin="cxtext")


def test_codebooks_are_valid(tmp_path: Path, validate: Validate) -> None:
    """What goes out is valid by the schema, with and without sets."""
    project, path = full_project(), tmp_path / "a.qdc"
    for codebook in (QdaCodebook(project.codes), QdaCodebook(project.codes, project.sets, "another program")):
        write_qdc(codebook, path)
        validate(path.read_bytes(), "Codebook")


def test_a_codebook_without_sets_is_valid_and_drops_notes(tmp_path: Path) -> None:
    """No empty element goes out, and what a codebook cannot hold is reported."""
    report = write_qdc(QdaCodebook((QdaCode(guid(1), "A", notes=(guid(2),)),)), tmp_path / "a.qdc")
    assert report.table.query("outcome == 'dropped'")["element"].tolist() == ["NoteRef"]
    with pytest.raises(WriteError, match="it has no codes"):
        write_qdc(QdaCodebook(()), tmp_path / "b.qdc")


def test_a_full_project_comes_back_equal(tmp_path: Path) -> None:
    """Everything that the standard has a place for survives; a second export has the same bytes."""
    project, first, second = full_project(), tmp_path / "a.qdpx", tmp_path / "b.qdpx"
    report = write_qdpx(project, first)
    assert set(report.table["outcome"]) == {"kept"}
    again, imported = read_qdpx(first)
    assert again == project
    assert set(imported.table["outcome"]) <= {"kept", "flagged"}
    write_qdpx(again, second)
    assert first.read_bytes() == second.read_bytes()
    entries = twins.read_back(first)
    assert b"basePath" not in entries["project.qde"]
    assert entries[f"sources/{guid(50)}.txt"].decode() == project.sources[0].text
    assert entries["sources/Bram é.docx"] == b"PK word"
    assert read_qdpx(first)[0].sources[0].attachment.read() == b"PK word"  # type: ignore[union-attr]


def test_transcripts_get_sync_points_where_they_lack_them(tmp_path: Path) -> None:
    """A selection in a transcript keeps its place, and the report says that sync points were added for it."""
    transcript = QdaSource(guid(2), "T", text="ja 😀 nee", selections=(QdaSelection(guid(3), 5, 8),))
    project = QdaProject("P", sources=(QdaSource(guid(1), "Opname", "video", texts=(transcript,)),))
    report = write_qdpx(project, tmp_path / "a.qdpx")
    assert "Changed: 2 SyncPoint" in "\n".join(report.lines())
    (again,) = read_qdpx(tmp_path / "a.qdpx")[0].sources[0].texts
    assert again.selections == transcript.selections
    assert [point.position for point in again.sync_points] == [5, 8]


def test_texts_inside_the_xml(tmp_path: Path) -> None:
    """A text that is written inside the project file is read as well as one beside it."""
    inner = f"<PlainTextContent>{twins.TALK}</PlainTextContent>{twins.selections(twins.QUIRKOS)}"
    body = twins.codes() + f'<Sources><TextSource guid="{twins.SOURCE}" name="Bram">{inner}</TextSource></Sources>'
    project, _ = read_qdpx(twins.pack(tmp_path / "a.qdpx", twins.document(body, "x")))
    source = project.sources[0]
    assert source.text == twins.TALK
    assert [twins.TALK[s.start : s.end] for s in source.selections] == [quote for quote, _ in twins.QUOTES]


def test_an_empty_project(tmp_path: Path) -> None:
    """A project with a name alone goes out and comes back."""
    write_qdpx(QdaProject("Leeg"), tmp_path / "a.qdpx")
    assert read_qdpx(tmp_path / "a.qdpx")[0] == QdaProject("Leeg")


def test_a_project_can_be_written_over_itself(tmp_path: Path) -> None:
    """Attachments that are still in the file survive when that file is replaced."""
    path = tmp_path / "a.qdpx"
    write_qdpx(full_project(), path)
    project, _ = read_qdpx(path)
    write_qdpx(replace(project, name="Nieuw"), path)
    again, _ = read_qdpx(path)
    assert again == replace(project, name="Nieuw")
    assert [p.name for p in tmp_path.iterdir()] == ["a.qdpx"]


def test_another_library_reads_the_same(tmp_path: Path) -> None:
    """An exported project, read and written by pyrefiqda, holds as many things there and comes back equal."""
    project_module = pytest.importorskip("pyrefiqda.refiproject")
    project, path = full_project(), tmp_path / "a.qdpx"
    write_qdpx(project, path)
    theirs = project_module.RefiProject.load(str(path), extract_dir=str(tmp_path / "unpacked"))
    assert len(theirs.users.user) == len(project.users)
    assert len(theirs.variables.variable) == len(project.variables)
    assert len(theirs.notes.note) == len(project.notes)
    (source,) = theirs.sources.text_source
    assert [(s.start_position, s.end_position, len(s.coding)) for s in source.plain_text_selection] == [
        (s.start, s.end, len(s.codings)) for s in project.sources[0].selections
    ]
    project_module.RefiProject.save(
        theirs, str(tmp_path / "b.qdpx"), source_media_dir=str(tmp_path / "unpacked" / "sources")
    )
    again, _ = read_qdpx(tmp_path / "b.qdpx")
    assert sorted(again.sources, key=by_guid) == sorted(project.sources, key=by_guid)
    assert replace(again, sources=project.sources) == project


def by_guid(source: QdaSource) -> str:
    """By which sources are put in order: pyrefiqda writes them by kind."""
    return source.guid


#: characters that line ends, marks and composition are made of
MELTING = "aeoé\r\n\ufeff\x00\u0301\u0323😀가\u1100\u1161\u11a8\u0344\u0f71\u0f72\u0958;\u037e"
letters = st.text("abc deé😀👩\u200d🔧\u0301\u0323ß\n.", max_size=60)
names = st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn"]), max_size=12)


@st.composite
def projects(draw: st.DrawFn) -> QdaProject:
    """Two coders, nested codes, overlapping selections with several codings, emoji and combining characters."""
    codes = [
        QdaCode(guid(n), draw(names.filter(bool)), parent=draw(st.sampled_from(["", *map(guid, range(100, n))])))
        for n in range(100, draw(st.integers(101, 104)))
    ]
    by_parent = {code.guid: code for code in codes}
    ordered: list[QdaCode] = []

    def add(parent: str) -> None:
        for code in (code for code in by_parent.values() if code.parent == parent):
            ordered.append(code)
            add(code.guid)

    add("")
    sources, number = [], 1000
    for n in range(draw(st.integers(0, 2))):
        text, selections = clean_text(draw(letters)), []
        for _ in range(draw(st.integers(0, 4))):
            start, end = sorted(draw(st.tuples(*[st.integers(0, len(text))] * 2)))
            chosen = draw(
                st.lists(st.tuples(st.sampled_from(ordered), st.sampled_from(["", guid(1), guid(2)])), max_size=3)
            )
            codings = tuple(QdaCoding(guid(number + k), c.guid, user) for k, (c, user) in enumerate(chosen, 1))
            selections.append(
                QdaSelection(guid(number), start, end, draw(st.sampled_from(["", "mijn naam!"])), codings=codings)
            )
            number += 10
        sources.append(
            QdaSource(guid(500 + n), draw(names), text=text, selections=tuple(selections), description=draw(names))
        )
    users = (QdaUser(guid(1), draw(names)), QdaUser(guid(2), "Bo"))
    return QdaProject(draw(names.filter(bool)), users=users, codes=tuple(ordered), sources=tuple(sources))


@settings(max_examples=80, deadline=None)
@given(projects())
def test_whatever_is_written_comes_back_equal(project: QdaProject) -> None:
    """Any project is the same after export and import, and byte-identical when it is written again."""
    with tempfile.TemporaryDirectory() as folder:
        first, second = Path(folder, "a.qdpx"), Path(folder, "b.qdpx")
        write_qdpx(project, first)
        again, report = read_qdpx(first)
        assert again == project
        assert not set(report.table["outcome"]) & {"dropped", "repaired", "changed"}
        write_qdpx(again, second)
        assert first.read_bytes() == second.read_bytes()


@settings(max_examples=40, deadline=None)
@given(projects())
def test_whatever_is_written_is_valid(validate: Validate, project: QdaProject) -> None:
    """The XML of any project keeps to the schema."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.qdpx")
        for written in (project, full_project(), QdaProject("Leeg")):
            write_qdpx(written, path)
            validate(twins.read_back(path)["project.qde"], "Project")


@settings(max_examples=400, deadline=None)
@given(st.text(st.one_of(st.sampled_from(MELTING), st.characters(exclude_categories=["Cs"])), max_size=40), st.data())
def test_places_move_with_the_text(raw: str, data: st.DataObject) -> None:
    """A stretch between characters that do not melt together is the same stretch in the clean text."""
    places = CleanMap(raw)
    assert places.text == clean_text(raw)
    assert (places.start(0), places.end(len(raw))) == (0, len(places.text))
    start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(raw))] * 2)))
    first, last = places.start(start), places.end(end)
    assert 0 <= first <= last <= len(places.text)
    alone = [clean_text(part) for part in (raw[:start], raw[start:end], raw[end:])]
    if "".join(alone) == places.text and raw[start - 1 : start + 1] != "\r\n" and raw[end - 1 : end + 1] != "\r\n":
        assert places.text[first:last] in (alone[1], unicodedata.normalize("NFC", alone[1]))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(["wachten", "😀", "boos", "café.", "👍", "en"]), min_size=8, max_size=40), st.data())
def test_the_way_of_counting_is_found(words: list[str], data: st.DataObject) -> None:
    """From ten selections of whole words each way of counting is found, or one that gives the same places."""
    raw = "\r\n".join(f"😀 {word}" for word in words)
    utf16, crlf = data.draw(st.tuples(st.booleans(), st.sampled_from([1, 2])))
    habits = twins.Habits("x", crlf=True, utf16=utf16, count_crlf=crlf)
    text, marks, wanted = raw.replace("\r\n", "\n"), [], []
    at = 0
    for word in words:
        start = text.index(word, at + 2)
        marks.append(Mark(twins.position(text, start, habits), twins.position(text, start + len(word), habits), word))
        wanted.append(word)
        at = start + len(word)
    best = detect_scheme(raw, marks)[0]
    assert [raw[a:b] for a, b in best.places] == wanted
    assert best.scheme == Scheme(utf16, crlf)
