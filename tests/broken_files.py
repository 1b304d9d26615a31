"""Files as they should not be: broken, hostile, or merely odd. Each is written by one line here."""

from __future__ import annotations

import io
import json
import os
import zipfile
from pathlib import Path

import docx
import openpyxl
from written_files import write_odt, write_pdf, write_rtf

TALK = "I: En toen?\nR: Toen heb ik heel lang aan de lijn gewacht.\n"
TABLE = "nr;nps;toelichting\n1;9;Ik ben snel en goed geholpen\n2;4;Het duurde mij veel te lang\n"
BOMB = b"<a>" + b"x" * 60_000_000 + b"</a>"
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><w:document xmlns:w="x">&c;</w:document>'
)
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]><a>&a;</a>'


def write_broken(folder: Path) -> tuple[list[Path], list[Path]]:
    """Write them all; those that hold something to read, and those that do not."""
    good: list[Path] = []
    bad: list[Path] = []

    def put(name: str, content: bytes | str, *, reads: bool) -> None:
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        (good if reads else bad).append(path)

    word, book = _word(), _book()
    for suffix in (
        "txt",
        "md",
        "vtt",
        "srt",
        "csv",
        "tsv",
        "jsonl",
        "json",
        "docx",
        "xlsx",
        "odt",
        "rtf",
        "pdf",
        "sav",
    ):
        put(f"leeg.{suffix}", b"", reads=False)
        put(f"nullen.{suffix}", b"\x00" * 4_000, reads=False)
    for suffix, content in (("docx", word), ("xlsx", book), ("odt", _odt(folder))):
        put(f"afgebroken.{suffix}", content[: len(content) // 2], reads=False)
        put(f"zip_met_niets.{suffix}", _zip({"a.txt": b"x"}), reads=False)
        put(
            f"wachtwoord.{suffix}",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            reads=False,
        )
    main = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "odt": "content.xml"}
    for suffix, entry in main.items():
        put(f"bom.{suffix}", _zip({entry: BOMB}), reads=False)
        put(f"lachen.{suffix}", _zip({entry: LAUGHS.encode()}), reads=False)
        put(f"buiten.{suffix}", _zip({entry: OUTSIDE.encode()}), reads=False)
        put(f"omhoog.{suffix}", _zip({"../../weg.xml": b"<a/>", entry: b"<a/>"}), reads=False)
    put("pdf_als_word.docx", b"%PDF-1.4\n", reads=False)
    put("word_als_excel.xlsx", word, reads=False)
    put("excel_als_word.docx", book, reads=False)
    put("tekst_als_pdf.pdf", TALK, reads=False)
    put("half.pdf", b"%PDF-1.7\n1 0 obj << /Type /Catalog /Pages 2 0 R >>", reads=False)
    put("oud_word.doc", b"\xd0\xcf\x11\xe0", reads=False)
    put("plaatje.vtt", bytes(range(256)) * 20, reads=False)
    put("geen_ondertitels.vtt", "WEBVTT\n\nNOTE niets\n", reads=False)
    put("tijden_zonder_tekst.srt", "1\n00:00:01,000 --> 00:00:02,000\n\n", reads=False)
    put(
        "tijden_terug.srt",
        "1\n00:00:09,000 --> 00:00:10,000\nIk was er\n\n2\n00:00:01,000 --> 00:00:02,000\nnog niet.\n",
        reads=True,
    )
    put("alleen_koppen.csv", "nr;toelichting\n", reads=False)
    put("alleen_nvt.csv", "nr;toelichting\n1;nvt\n2;-\n", reads=False)
    put("alleen_getallen.csv", "a;b\n1;2\n3;4\n", reads=False)
    put("scheve_rijen.csv", TABLE + "3\n4;5;6;7;8\n", reads=True)
    put("dubbele_koppen.csv", "toelichting;toelichting;;\nHet duurde lang;nee;;\nHet ging goed;ja;;\n", reads=True)
    put("open_aanhaling.csv", TABLE + '3;8;"Het ging goed\n', reads=True)
    put("lange_regel.csv", f"nr;toelichting\n1;{'lang ' * 1_000_000}\n2;Het ging goed zo\n", reads=True)
    put("nullen_in_tabel.csv", TABLE.replace("snel", "sn\x00el"), reads=True)
    put("utf16.csv", TABLE.encode("utf-16"), reads=True)
    put("utf16_zonder_bom.txt", TALK.encode("utf-16-le"), reads=True)
    put("windows.csv", TABLE.replace("lang", "één keer").encode("cp1252"), reads=True)
    put("nfd.txt", TALK.replace("lang", "te\u0301 lang"), reads=True)
    put("rechts_naar_links.txt", TALK.replace("heel", "\u202eheel\u202c \u200f"), reads=True)
    put("surrogaten.txt", TALK.encode() + b"\xed\xa0\x80", reads=True)
    put("alleen_emoji.txt", "R: 🙈🙈🙈\nI: 🤷\n", reads=True)
    put("regeleinden.txt", TALK.replace("\n", "\r"), reads=True)
    put("een_woord.txt", "Ja", reads=True)
    put("diep.json", "[" * 50_000, reads=False)
    put("oneindig.json", '{"segments": [{"text": "Ja hoor.", "start": 1e999, "end": -5}]}', reads=True)
    put(
        "vreemd.json",
        json.dumps({"segments": [[], {"text": []}, {"words": [{"text": 3}]}, {"text": "Ik wacht."}]}),
        reads=True,
    )
    put("half.jsonl", '{"toelichting": "Het duurde lang"}\n{"toelichting": \n[1]\n"x"\n', reads=True)
    put("naam met spatie, en 'tekens' – ’n $(x).txt", TALK, reads=True)
    put("zonder_suffix", TALK, reads=False)
    good += [write_rtf(folder / "diep.rtf", "{" * 500 + r"R: Ik wachtte heel lang.\par I: Echt?" + "}" * 500)]
    bad += [write_pdf(folder / "scan.pdf", [[], [], []])]
    (folder / "weg.txt").symlink_to(folder / "bestaat_niet.txt")
    bad.append(folder / "weg.txt")
    if hasattr(os, "mkfifo"):
        os.mkfifo(folder / "pijp.txt")
        bad.append(folder / "pijp.txt")
    return good, bad


def _zip(entries: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def _word() -> bytes:
    word, buffer = docx.Document(), io.BytesIO()
    for line in TALK.splitlines():
        word.add_paragraph(line)
    word.save(buffer)
    return buffer.getvalue()


def _book() -> bytes:
    book, buffer = openpyxl.Workbook(), io.BytesIO()
    for line in TABLE.splitlines():
        book.active.append(line.split(";"))
    book.save(buffer)
    return buffer.getvalue()


def _odt(folder: Path) -> bytes:
    path = write_odt(
        folder / "kort.odt", "<text:p>I: En?</text:p><text:p>R: Ik wachtte heel lang op antwoord.</text:p>"
    )
    content = path.read_bytes()
    path.unlink()
    return content
