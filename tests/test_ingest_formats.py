"""PDF, OpenDocument, rich text, SPSS and the JSON of speech recognisers."""

from __future__ import annotations

import json
from pathlib import Path

import pyreadstat
import pytest
from written_files import write_odt, write_pdf, write_rtf

from cxtext import read_corpus
from cxtext.ingest import load_readers
from cxtext.records import Corpus, Document
from cxtext.testing import check_reader


def read(path: Path, **options: str) -> Corpus:
    """Read a file that can be read, and check its reader."""
    corpus = read_corpus(path, **options)  # type: ignore[arg-type]
    assert corpus.skipped == ()
    if not options:
        check_reader(load_readers()[path.suffix], path)
    return corpus


def turns(document: Document) -> list[tuple[str, str]]:
    """Speakers and what they say."""
    return [(turn.speaker, document.text[turn.start : turn.end]) for turn in document.turns]


def refusal(path: Path) -> str:
    """Why a file is not read."""
    (skipped,) = read_corpus(path).skipped
    return skipped.message


def notices(corpus: Corpus) -> str:
    """All that was said about what was left out."""
    return "\n".join(notice.message for notice in corpus.notices)


CONVERSATION = [("I", "Hoe ging het bellen?"), ("R", "Ik vulde het formulier in, en toen hoorde ik niets meer.")]


def test_pdf(tmp_path: Path) -> None:
    """Lines become turns again, hyphenation is mended, running heads and page numbers are left out and named."""
    pages = [
        ["Interview klantreis", "I: Hoe ging het bellen?", "R: Ik vulde het formu-", "1"],
        ["Interview klantreis", "lier in, en toen", "hoorde ik niets meer.", "2"],
        ["Interview klantreis", "I: En de voor-", "en nadelen?", "R: Tja.", "3"],
    ]
    corpus = read(write_pdf(tmp_path / "a.pdf", pages))
    assert turns(corpus.documents[0]) == [*CONVERSATION, ("I", "En de voor- en nadelen?"), ("R", "Tja.")]
    assert "6 page numbers and running heads" in notices(corpus)


def test_scanned_pdf(tmp_path: Path) -> None:
    """A PDF of pictures is refused with the advice to recognise the text first."""
    assert "ocrmypdf" in refusal(write_pdf(tmp_path / "scan.pdf", [[], []]))


@pytest.mark.parametrize("content", [b"%PDF-1.4\nnothing", b"hallo", b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\n"])
def test_broken_pdf(tmp_path: Path, content: bytes) -> None:
    """A broken PDF is refused in words."""
    path = tmp_path / "a.pdf"
    path.write_bytes(content)
    assert "PDF" in refusal(path)


def test_protected_pdf(tmp_path: Path) -> None:
    """A PDF with a password is refused by that name."""
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(write_pdf(tmp_path / "open.pdf", [["I: Ja?", "R: Nee."]])))
    writer.encrypt("geheim", algorithm="RC4-128")
    writer.write(tmp_path / "dicht.pdf")
    assert "password" in refusal(tmp_path / "dicht.pdf")


def test_odt(tmp_path: Path) -> None:
    """Bold speakers, spaces, tables and lists are read; deletions, comments and notes are not text."""
    body = (
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>I: Weg?</text:p></text:deletion>"
        "</text:changed-region></text:tracked-changes>"
        "<text:h>Interview 3</text:h><text:p>Datum: 12 maart 2024</text:p>"
        '<text:p><text:span text:style-name="T1">Noor</text:span> Hoe ging\n  het<text:s text:c="2"/>bellen?</text:p>'
        "<text:p>I: En toen<office:annotation><text:p>Klopt dit?</text:p></office:annotation>?</text:p>"
        "<text:p>R: Ik wachtte<text:note><text:p>voetnoot</text:p></text:note> lang.</text:p>"
        "<table:table><table:table-row><table:table-cell><text:p>I</text:p></table:table-cell>"
        "<table:table-cell><text:p>Echt?</text:p></table:table-cell></table:table-row>"
        "<table:table-row><table:table-cell><text:p>R</text:p></table:table-cell>"
        "<table:table-cell><text:p>Ja,</text:p><text:p>echt.</text:p></table:table-cell></table:table-row></table:table>"
    )
    (document,) = read(write_odt(tmp_path / "a.odt", body))
    assert turns(document) == [("I", "En toen?"), ("R", "Ik wachtte lang."), ("I", "Echt?"), ("R", "Ja, echt.")]
    assert document.attributes["Datum"] == "12 maart 2024"
    assert "Noor Hoe ging het  bellen?" in document.attributes["header"]


def test_odt_bold_speakers(tmp_path: Path) -> None:
    """Names in bold type are speakers without a colon."""
    lines = [
        ("Vraag", "Hoe ging het?"),
        ("Respondent", "Het ging wel."),
        ("Vraag", "En toen?"),
        ("Respondent", "Niets."),
    ]
    body = "".join(f'<text:p><text:span text:style-name="T1">{who}</text:span> {said}</text:p>' for who, said in lines)
    (document,) = read(write_odt(tmp_path / "a.odt", body))
    assert turns(document) == lines


def test_protected_odt(tmp_path: Path) -> None:
    """An encrypted OpenDocument file is refused by that name."""
    path = write_odt(tmp_path / "a.odt", "", **{"META-INF/manifest.xml": "<manifest><encryption-data/></manifest>"})
    assert "password" in refusal(path)


def test_rtf(tmp_path: Path) -> None:
    """Paragraphs and tables of rich text are read, with the letters of Windows."""
    body = (
        r"I: Hoe ging het bellen?\par R: Ik vulde het formulier in, en toen hoorde ik niets meer.\par "
        r"\trowd\cellx1000\cellx2000 I\cell E\'e9n keer?\cell\row\trowd\cellx1000\cellx2000 R\cell Ja.\cell\row"
    )
    (document,) = read(write_rtf(tmp_path / "a.rtf", body))
    assert turns(document) == [*CONVERSATION, ("I", "Één keer?".replace("É", "E")), ("R", "Ja.")]


def test_rtf_that_is_none(tmp_path: Path) -> None:
    """A file that only has the name of rich text is refused."""
    path = tmp_path / "a.rtf"
    path.write_text("I: Ja?\nR: Nee.", encoding="utf-8")
    assert "not rich text" in refusal(path)


def test_spss(tmp_path: Path) -> None:
    """Questions come from the labels of variables, values from their labels, and declared missing values are empty."""
    import pandas as pd

    rows = pd.DataFrame(
        {"resp": [1.0, 2.0, 3.0], "q1": [9.0, 4.0, 99.0], "q2": ["Snel geholpen", "Steeds doorverbonden", "Te duur"],
         "fase": [1.0, 4.0, 4.0]}
    )  # fmt: skip
    path = tmp_path / "a.sav"
    pyreadstat.write_sav(
        rows, str(path),
        column_labels={"q1": "Hoe waarschijnlijk is het dat u ons aanbeveelt?", "q2": "Waarom geeft u dit cijfer?"},
        variable_value_labels={"q1": {0: "nooit", 10: "zeker", 99: "weet niet"},
                               "fase": {1: "Oriëntatie", 4: "Service"}},
        missing_ranges={"q1": [99]},
    )  # fmt: skip
    corpus = read(path)
    assert [(d.text, d.prompt, d.attribute("nps"), d.attributes["fase"]) for d in corpus] == [
        ("Snel geholpen", "Waarom geeft u dit cijfer?", "9", "Oriëntatie"),
        ("Steeds doorverbonden", "Waarom geeft u dit cijfer?", "4", "Service"),
        ("Te duur", "Waarom geeft u dit cijfer?", "", "Service"),
    ]


@pytest.mark.parametrize("content", [b"", b"geen spss", b"$FL2@(#) SPSS DATA FILE" + b"\x00" * 400])
def test_broken_spss(tmp_path: Path, content: bytes) -> None:
    """A broken SPSS file is refused in words."""
    path = tmp_path / "a.sav"
    path.write_bytes(content)
    assert "SPSS" in refusal(path)


def segments(*rows: dict[str, object]) -> str:
    """JSON of a speech recogniser."""
    return json.dumps({"language": "nl", "segments": rows})


def test_whisperx(tmp_path: Path) -> None:
    """Segments of one speaker are joined; one without a speaker is nobody's; unsure words are kept apart."""
    path = tmp_path / "w.json"
    path.write_text(
        segments(
            {"start": 0.0, "end": 2.5, "text": " Hoe ging het?", "speaker": "SPEAKER_00"},
            {"start": 2.5, "end": 4, "text": " Nou, het", "speaker": "SPEAKER_01",
             "words": [{"word": "Nou,", "score": 0.9}, {"word": "het", "score": 0.2}]},
            {"start": 3.5, "end": 5, "text": "duurde lang.", "speaker": "SPEAKER_01",
             "words": [{"word": "duurde", "score": 0.4}, {"word": "lang."}]},
            {"start": 5, "end": 6, "text": "Hm-hm."},
            {"start": 6, "end": 9, "text": "Ondertiteling door Jan", "speaker": "SPEAKER_01"},
        ),
        encoding="utf-8",
    )  # fmt: skip
    corpus = read(path, interviewer="SPEAKER_00")
    (document,) = corpus
    assert [(t.speaker, t.role, t.time_start, t.time_end) for t in document.turns] == [
        ("SPEAKER_00", "interviewer", 0.0, 2.5),
        ("SPEAKER_01", "respondent", 2.5, 5.0),
        ("", "unknown", 5.0, 6.0),
    ]
    assert document.text == "Hoe ging het?\nNou, het duurde lang.\nHm-hm."
    assert document.turns[1].attributes == {"unsure words": "het duurde"}
    assert "1 time overlaps" in notices(corpus)
    assert "Ondertiteling door Jan" in notices(corpus)
    assert "it is not clear who interviews" in refusal(path)


def test_amberscript(tmp_path: Path) -> None:
    """Words become sentences, speakers get their names, times come from the words."""
    words = [{"start": 3.06, "end": 3.4, "text": "Hoe"}, {"start": 3.4, "end": 3.9, "text": "dan"}, {"text": "?"}]
    content = {
        "speakers": [{"spkid": "spk1", "name": "Interviewer"}, {"spkid": "spk2", "name": "Fatma"}],
        "segments": [
            {"speaker": "spk1", "words": words},
            {"speaker": "spk2", "words": [{"start": 4.2, "end": 5, "text": "Gewoon.", "conf": 0.99}]},
        ],
    }
    path = tmp_path / "a.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    (document,) = read(path)
    assert turns(document) == [("Interviewer", "Hoe dan?"), ("Fatma", "Gewoon.")]
    assert document.turns[0].time_start == 3.06


def test_recogniser_that_is_stuck(tmp_path: Path) -> None:
    """A line that Whisper repeats again and again is kept once, and the rest is counted."""
    path = tmp_path / "w.json"
    path.write_text(segments({"text": "Ik belde ze op."}, *[{"text": "Dat is het."}] * 6), encoding="utf-8")
    corpus = read(path)
    assert corpus.documents[0].text.count("Dat is het.") == 1
    assert "5 lines that nobody spoke" in notices(corpus)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("{", "no JSON"),
        ('{"a": 1}', "neither a transcript"),
        ("[]", "no rows"),
        ('{"segments": []}', "no spoken text"),
        ('{"segments": [1, null, {"text": 3}]}', "no spoken text"),
        ("[" * 100_000, "no JSON"),
    ],
)
def test_other_json(tmp_path: Path, content: str, reason: str) -> None:
    """JSON of another kind is refused with the reason."""
    path = tmp_path / "a.json"
    path.write_text(content, encoding="utf-8")
    assert reason in refusal(path)
