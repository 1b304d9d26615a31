"""Files and folders: what is found, what is refused with which message, and plug-in readers."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from pathlib import Path

import docx
import openpyxl
import pytest

from cxtext import read_corpus
from cxtext.errors import CxtextError, OptionError, ReadError
from cxtext.ingest import Item, ReadOptions, Skipped, load_readers, read_documents, reader, registry
from cxtext.ingest.files import make_keys
from cxtext.records import Document, Notice, Turn
from cxtext.testing import check_reader

TALK = "I: En toen?\nR: Toen heb ik heel lang gewacht.\n"


def write(path: Path, text: str = TALK) -> Path:
    """Write a file, and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def why(path: Path, **options: str) -> str:
    """Why a single file was skipped."""
    corpus = read_corpus(path, **options)  # type: ignore[arg-type]
    assert corpus.documents == ()
    (skipped,) = corpus.skipped
    assert isinstance(skipped, Skipped)
    assert skipped.source == str(path)
    return skipped.message


def word_bytes() -> bytes:
    """A good Word file."""
    word, buffer = docx.Document(), io.BytesIO()
    for line in TALK.splitlines():
        word.add_paragraph(line)
    word.save(buffer)
    return buffer.getvalue()


def rezip(path: Path, content: bytes, **changes: bytes) -> Path:
    """Write a zip with some entries replaced or added."""
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in changes:
                new.writestr(name, old.read(name))
        for name, data in changes.items():
            new.writestr(name, data)
    return path


def test_folder(tmp_path: Path) -> None:
    """A folder is read to the bottom in the order of names, without what is no fieldwork."""
    for name in ("b.txt", "a/z.txt", "a/x.txt/y.txt", ".hidden.txt", ".git/c.txt", "README.md", "LICENSE.txt"):
        write(tmp_path / name)
    for name in ("~$b.docx", ".~lock.b.txt#"):
        write(tmp_path / name)
    corpus = read_corpus(tmp_path)
    assert [document.source for document in corpus] == [
        str(tmp_path / name) for name in ("b.txt", "a/z.txt", "a/x.txt/y.txt")
    ]
    assert (corpus.skipped, corpus.notices) == ((), ())


def test_named_readme_is_read(tmp_path: Path) -> None:
    """What the user names is read, whatever it is called."""
    assert len(read_corpus(write(tmp_path / "README.txt"))) == 1


def test_bad_files_do_not_stop_the_others(tmp_path: Path) -> None:
    """Every file that cannot be read is listed with its reason; the others are read."""
    write(tmp_path / "a.txt")
    write(tmp_path / "b.docx", "no zip")
    write(tmp_path / "c.csv", "id\n1\n")
    write(tmp_path / "d.mp3", "sound")
    write(tmp_path / "e.txt", "")
    write(tmp_path / "f.txt")
    corpus = read_corpus([tmp_path, tmp_path / "missing.txt"])
    assert [document.id for document in corpus] == ["a", "f"]
    assert [(Path(notice.source).name, notice.message.split(",")[0]) for notice in corpus.skipped] == [
        ("b.docx", "it is not a Word file"),
        ("c.csv", 'no column with answers was recognised among "id". Name it: --text-column HEADING.'),
        ("d.mp3", 'files with the suffix ".mp3" cannot be read. Save it as one of: .csv'),
        ("e.txt", "the file is empty. Check that it was copied completely."),
        ("missing.txt", "there is no such file or folder. Check the name."),
    ]


def test_empty_folder(tmp_path: Path) -> None:
    """An empty folder, or one with nothing to read, is an empty corpus with the reason."""
    write(tmp_path / "README.md")
    assert why(tmp_path).startswith("the folder holds no files to read")


def test_file_without_suffix(tmp_path: Path) -> None:
    """A file without a suffix is refused with those that can be read."""
    assert why(write(tmp_path / "interview")).startswith(
        "files without a suffix cannot be read. Save it as one of: .csv"
    )


def test_dangling_link(tmp_path: Path) -> None:
    """A link to nothing is told apart from a missing file."""
    link = tmp_path / "a.txt"
    link.symlink_to(tmp_path / "gone.txt")
    assert why(link) == "it is a link to a file that does not exist. Copy the file itself."


def test_pipe(tmp_path: Path) -> None:
    """A pipe is refused instead of waited for."""
    os.mkfifo(tmp_path / "a.txt")
    assert why(tmp_path / "a.txt") == "it is not an ordinary file. Save its contents to a file first."


def test_unreadable_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that may not be opened is skipped with the system's reason."""

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    path = write(tmp_path / "a.txt")
    monkeypatch.setattr(Path, "open", refuse)
    assert why(path) == "it cannot be opened (Permission denied). Check that you may read it, and try again."


def test_same_file_twice(tmp_path: Path) -> None:
    """A file that is named twice is read once."""
    path = write(tmp_path / "a.txt")
    assert len(read_corpus([path, tmp_path, str(path)])) == 1


def test_keys(tmp_path: Path) -> None:
    """Ids are the stems of names; folders and suffixes are added only where stems are equal."""
    for name in ("a/x.txt", "b/x.txt", "b/y.txt", "b/y.md", "b/z.txt"):
        write(tmp_path / name)
    assert [document.id for document in read_corpus(tmp_path)] == ["a/x", "b/x", "y.md", "y.txt", "z"]
    assert [document.id for document in read_corpus(tmp_path / "a")] == ["x"]


def test_keys_of_deep_folders() -> None:
    """As many folders are added as it takes."""
    paths = [Path("/p/1/q/x.txt"), Path("/p/2/q/x.txt"), Path("/x.txt")]
    assert list(make_keys(paths).values()) == ["1/q/x", "2/q/x", "x"]


def test_odd_file_names(tmp_path: Path) -> None:
    """File names may hold anything; ids are clean text."""
    for name in ("één twee.txt", "e\u0301.txt", "a\nb.txt", "50%;'\".txt"):
        write(tmp_path / name)
    (tmp_path / os.fsdecode(b"\xff.txt")).write_text(TALK)
    corpus = read_corpus(tmp_path)
    assert [document.id for document in corpus] == ["50%;'\"", "a\nb", "é", "één twee", "\ufffd"]
    assert str(corpus.documents[-1].source).encode("utf-8", "surrogateescape").endswith(b"\xff.txt")


@pytest.mark.parametrize("suffix", [".docx", ".xlsx"])
def test_not_an_office_file(tmp_path: Path, suffix: str) -> None:
    """What is no zip, another zip, cut off, protected or in the old format has a message of its own."""
    path = tmp_path / f"a{suffix}"
    program = {".docx": "Word", ".xlsx": "Excel"}[suffix]
    path.write_bytes(b"")
    assert why(path).startswith("the file is empty")
    path.write_bytes(b"just text")
    assert why(path).startswith(f"it is not a {program} file, or it is damaged")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x.txt", "x")
    assert why(path).startswith(f"it is not a {program} file")
    path.write_bytes(word_bytes()[:-200])
    assert "damaged" in why(path)
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    path.write_bytes(ole + "EncryptedPackage".encode("utf-16-le"))
    assert why(path) == f"it is protected with a password. Take the password off in {program} and save it again."
    path.write_bytes(ole)
    assert why(path).startswith(f"it is in the old format of {program}")


def test_workbook_named_as_word(tmp_path: Path) -> None:
    """An Excel file with the suffix of Word is refused as what it is not."""
    openpyxl.Workbook().save(tmp_path / "a.xlsx")
    (tmp_path / "a.xlsx").rename(tmp_path / "a.docx")
    assert why(tmp_path / "a.docx") == "it is not a Word file. Open it and save it as a Word file."


def test_broken_word_file(tmp_path: Path) -> None:
    """A Word file with broken XML, or without its relations, is refused."""
    path = rezip(tmp_path / "a.docx", word_bytes(), **{"word/document.xml": b"<w:document"})
    assert "word/document.xml in it is damaged" in why(path)
    path = rezip(tmp_path / "a.docx", word_bytes(), **{"word/document.xml": b'<?xml version="1.0" encoding="x"?><a/>'})
    assert "word/document.xml in it is damaged" in why(path)
    path = rezip(tmp_path / "a.docx", word_bytes(), **{"_rels/.rels": b"<Relationships/>"})
    assert "the document is damaged" in why(path)


def test_zip_bombs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files that unpack to too much, by size, ratio or number of entries, are not opened."""
    bomb = rezip(tmp_path / "ratio.docx", word_bytes(), **{"word/media/x": bytes(20_000_000)})
    assert "as a zip bomb does" in why(bomb)
    good = rezip(tmp_path / "good.docx", word_bytes(), **{"word/media/x": os.urandom(2_000)})
    assert len(read_corpus(good)) == 1
    for limit, value in (("MOST_ENTRIES", 5), ("MOST_BYTES", 2_000), ("MOST_BYTES_OF_DOCUMENT", 100)):
        with monkeypatch.context() as patch:
            patch.setattr(f"cxtext.ingest.archives.{limit}", value)
            assert "as a zip bomb does" in why(good)


@pytest.mark.parametrize(
    "declaration",
    [
        b'<!DOCTYPE x [<!ENTITY a "b">]>',
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        b'<!DOCTYPE x SYSTEM "http://localhost/x.dtd">',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_in_xml(tmp_path: Path, declaration: bytes, encoding: str) -> None:
    """XML that declares a document type is refused, in whatever encoding."""
    xml = f'<?xml version="1.0" encoding="{encoding}"?>{declaration.decode()}<x/>'.encode(encoding)
    path = rezip(tmp_path / "a.docx", word_bytes(), **{"word/document.xml": xml})
    assert "word/document.xml in it holds a document type declaration" in why(path)


def test_binary_file_as_text(tmp_path: Path) -> None:
    """A file that is no text is refused, as a transcript and as a table."""
    for name in ("a.txt", "a.csv", "a.vtt", "a.jsonl"):
        (tmp_path / name).write_bytes(word_bytes())
        assert why(tmp_path / name).startswith("it is not a text file")


def test_text_of_white_space(tmp_path: Path) -> None:
    """A transcript of empty lines is refused."""
    assert why(write(tmp_path / "a.txt", "\n \n\t\n")).startswith("it holds no text")


def test_label_without_words(tmp_path: Path) -> None:
    """A transcript of labels alone is refused."""
    assert why(write(tmp_path / "a.txt", "I:\nR:\n")).startswith("it holds no spoken text")


def test_large_transcript(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A text file larger than any transcript is refused before it is read."""
    monkeypatch.setattr("cxtext.ingest.decoding.LARGEST_TRANSCRIPT", 10)
    assert "more than any transcript" in why(write(tmp_path / "a.txt"))


def test_encoding_by_option(tmp_path: Path) -> None:
    """A named encoding wins; a wrong one is an error that says so."""
    path = tmp_path / "a.txt"
    path.write_bytes("I: Waar?\nR: Op het café gewacht, één keer.\n".encode("cp850"))
    (document,) = read_corpus(path, encoding="cp850")
    assert document.text.endswith("café gewacht, één keer.")
    assert why(path, encoding="utf-8") == (
        "it is not in the encoding utf-8 (the first wrong byte is near position 22). "
        "Leave out --encoding, or name another one."
    )


def test_few_broken_bytes_in_a_transcript(tmp_path: Path) -> None:
    """UTF-8 with a wrong byte stays UTF-8, and the notice counts what could not be decoded."""
    (tmp_path / "a.txt").write_bytes("I: Waar?\nR: Eén café, één bar".encode() + b"\xff en niks.\n")
    corpus = read_corpus(tmp_path)
    assert corpus.documents[0].text.endswith("Eén café, één bar\ufffd en niks.")
    assert [notice.message[:32] for notice in corpus.notices] == ["1 places could not be decoded as"]


@pytest.mark.parametrize("option", [{"language": "de"}, {"encoding": "utf-9"}, {"encoding": "base64"}])
def test_options_that_cannot_be_used(option: dict[str, str]) -> None:
    """A language or an encoding that is not known is an error at once."""
    with pytest.raises(OptionError, match=r"'(de|utf-9|base64)'"):
        read_corpus("x.txt", **option)  # type: ignore[arg-type]


@reader(".note")
def read_note(path: Path, options: ReadOptions) -> Iterator[Item]:
    """Read a note of one person."""
    text = path.read_text()
    if "stop" in text:
        raise ReadError(str(path), "it says stop", "Take that out.")
    yield Document(
        options.key_of(path), path.stem, "interview", str(path), text, (Turn(0, len(text), "", "respondent"),)
    )
    if "fail" in text:
        raise ZeroDivisionError("oops")


@pytest.fixture
def plugin(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[EntryPoint]]:
    """Entry points that the registry finds; add to the list."""
    found: list[EntryPoint] = []
    monkeypatch.setattr(registry, "entry_points", lambda group: found if group == "cxtext.readers" else [])
    load_readers.cache_clear()
    yield found
    load_readers.cache_clear()


def entry(name: str) -> EntryPoint:
    """Entry point to something in this file."""
    return EntryPoint(name, f"{__name__}:{name}", "cxtext.readers")


def test_formats_are_documented() -> None:
    """The page about formats names every suffix that is read."""
    page = (Path(__file__).parents[1] / "docs" / "formats.md").read_text(encoding="utf-8")
    assert [suffix for suffix in load_readers() if f"`{suffix}`" not in page] == []


def test_plugin(tmp_path: Path, plugin: list[EntryPoint]) -> None:
    """A reader of somebody else reads its suffix; what goes wrong in it stops no other file."""
    plugin.append(entry("read_note"))
    for name, text in {"a": "hallo", "b": "stop", "c": "fail"}.items():
        write(tmp_path / f"{name}.note", text)
    corpus = read_corpus(tmp_path)
    assert [document.id for document in corpus] == ["a", "c"]
    assert corpus.skipped == (Skipped(str(tmp_path / "b.note"), "it says stop. Take that out."),)
    assert corpus.notices == (
        Notice(
            str(tmp_path / "c.note"),
            "Reading stopped halfway: its reader failed (ZeroDivisionError: oops). Report this.",
        ),
    )


no_reader = "text"
read_text_again = reader(".txt")(read_note.read)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("nothing", "nothing cannot be loaded"),
        ("no_reader", "no_reader is a str. Decorate it"),
        ("read_text_again", r"read_text_again wants \.txt, which read_plain reads already"),
    ],
)
def test_plugins_that_cannot_be_used(plugin: list[EntryPoint], name: str, message: str) -> None:
    """A plug-in that is missing, no reader, or wants a suffix that is taken is named."""
    plugin.append(entry(name))
    with pytest.raises(CxtextError, match=message):
        list(read_documents("x.txt"))


def test_check_reader_accepts(tmp_path: Path) -> None:
    """A reader that keeps its promises passes."""
    check_reader(read_note, write(tmp_path / "a.note", "hallo"))


def spoil(**changes: object) -> registry.Reader:
    """A reader whose document breaks a promise."""

    def read(path: Path, options: ReadOptions) -> Iterator[Item]:
        values = {
            "id": "a",
            "source": str(path),
            "text": "hallo daar",
            "turns": (Turn(0, 5, "", "respondent"),),
            **changes,
        }
        yield Document(name="a", kind="interview", **values)  # type: ignore[arg-type]

    return reader(".note")(read)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"text": "hallo\r\n"}, "not as clean_text leaves it"),
        ({"id": ""}, "ids are empty"),
        ({"turns": ()}, "has no turns"),
        ({"turns": (Turn(0, 11, "", "respondent"),)}, "lies outside the text"),
        ({"turns": (Turn(0, 5, "", "respondent"), Turn(4, 7, "", "respondent"))}, "turn 2: it overlaps"),
        ({"turns": (Turn(5, 6, "", "respondent"),)}, "nothing is said"),
        ({"turns": (Turn(0, 5, "", "boss"),)}, "'boss' is no role"),
        ({"turns": (Turn(0, 5, "", "respondent", -1.0),)}, "a time is negative"),
        ({"attributes": {"nps": 9}}, "an attribute is no text"),
        ({"columns": {"mood": "x"}}, "there is no part mood"),
        ({"source": "x"}, "the source of Document is 'x'"),
    ],
)
def test_check_reader_refuses(tmp_path: Path, changes: dict[str, object], message: str) -> None:
    """Every broken promise is found and named."""
    path = write(tmp_path / "a.note", "hallo")
    with pytest.raises(AssertionError, match=message):
        check_reader(spoil(**changes), path)
