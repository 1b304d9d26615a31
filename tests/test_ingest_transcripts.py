"""Transcripts: words, speakers, roles and times as they are in the file."""

from __future__ import annotations

import re
from pathlib import Path

import docx
import pytest
from docx.document import Document as WordDocument
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from cxtext import read_corpus
from cxtext.ingest import load_readers
from cxtext.records import Document
from cxtext.testing import check_reader

Said = list[tuple[str, str, str]]


def read_one(path: Path, **options: object) -> Document:
    """Read a file that has to give one document, and check it."""
    check_reader(load_readers()[path.suffix], path)
    corpus = read_corpus(path, **options)  # type: ignore[arg-type]
    assert corpus.skipped == ()
    (document,) = corpus
    return document


def write(path: Path, text: str) -> Path:
    """Write text in UTF-8 with the line ends as given."""
    path.write_text(text, encoding="utf-8", newline="")
    return path


def said(document: Document) -> Said:
    """Role, speaker and words of each turn."""
    return [(turn.role, turn.speaker, document.text[turn.start : turn.end]) for turn in document.turns]


def times(document: Document) -> list[tuple[float | None, float | None]]:
    """Start and end of each turn."""
    return [(turn.time_start, turn.time_end) for turn in document.turns]


def messages(path: Path, **options: object) -> str:
    """All that was said about a file."""
    corpus = read_corpus(path, **options)  # type: ignore[arg-type]
    return "\n".join(notice.message for notice in (*corpus.skipped, *corpus.notices))


def test_labels_of_one_letter(tmp_path: Path) -> None:
    """Labels and the header stay out of the text; lines without a label belong to the turn before."""
    path = write(
        tmp_path / "i03.txt",
        "Interview 03 - verhuizen\nDatum: 12 maart\n\nI: Hoe begon u?\nR: Nou (lacht), op een site.\n"
        "En toen heb ik gebeld.\nI: En dat bellen?\nR: Ik dacht: zo zit het.\n",
    )
    document = read_one(path)
    assert document.text == (
        "Hoe begon u?\nNou (lacht), op een site. En toen heb ik gebeld.\nEn dat bellen?\nIk dacht: zo zit het."
    )
    assert [role for role, _, _ in said(document)] == ["interviewer", "respondent"] * 2
    assert document.attributes == {"Datum": "12 maart", "header": "Interview 03 - verhuizen"}
    assert document.attribute("date") == "12 maart"
    assert (document.id, document.kind, document.language) == ("i03", "interview", "nl")


def test_times_before_the_label(tmp_path: Path) -> None:
    """Times become seconds; a note with a time inside a turn stays in the text."""
    path = write(
        tmp_path / "a.txt",
        "[00:00:05] Interviewer: Waar begon het?\n[01:02] Respondent 1: Bij een brief. [onverstaanbaar 00:01:40] Ja.\n"
        "01:02:03 Respondent 2: Bij mij ging het soepel, hoor.\n",
    )
    document = read_one(path)
    assert said(document) == [
        ("interviewer", "Interviewer", "Waar begon het?"),
        ("respondent", "Respondent 1", "Bij een brief. [onverstaanbaar 00:01:40] Ja."),
        ("respondent", "Respondent 2", "Bij mij ging het soepel, hoor."),
    ]
    assert times(document) == [(5.0, None), (62.0, None), (3723.0, None)]


def test_times_at_the_end_of_paragraphs(tmp_path: Path) -> None:
    """The times of f4 are the ends of turns, with tenths."""
    path = write(
        tmp_path / "a.txt",
        "I: Wat gebeurde er toen? #00:00:12-3#\n\nB: Ik werd doorverbonden. (...) Niemand wist het. #00:00:31-0#\n",
    )
    document = read_one(path)
    assert [text for _, _, text in said(document)] == [
        "Wat gebeurde er toen?",
        "Ik werd doorverbonden. (...) Niemand wist het.",
    ]
    assert times(document) == [(None, 12.3), (None, 31.0)]


def test_vraag_and_antwoord(tmp_path: Path) -> None:
    """V and A are question and answer."""
    document = read_one(write(tmp_path / "a.txt", "V: Wat verwachtte u?\nA: Dat het klaar was. Zo stond het er.\n"))
    assert [(role, speaker) for role, speaker, _ in said(document)] == [("interviewer", "V"), ("respondent", "A")]


def test_markdown(tmp_path: Path) -> None:
    """Bold labels are labels, marks of bold type are no speech, and headings between turns are named in a notice."""
    path = write(
        tmp_path / "r07.md",
        "# Interview R07\n\n**Interviewer:** Hoe was de levering?\n\n**R07:** De monteur was **echt** een schat.\n\n"
        "## Service\n\n**Interviewer**: En daarna?\n\n- **R07:** Een rekening die niet klopte.\n",
    )
    document = read_one(path)
    assert said(document) == [
        ("interviewer", "Interviewer", "Hoe was de levering?"),
        ("respondent", "R07", "De monteur was echt een schat."),
        ("interviewer", "Interviewer", "En daarna?"),
        ("respondent", "R07", "Een rekening die niet klopte."),
    ]
    assert document.attributes == {"header": "Interview R07"}
    assert '"Service"' in messages(path)


def test_otter(tmp_path: Path) -> None:
    """A name with a time on a line of its own starts a turn; the footer is left out and counted."""
    path = write(
        tmp_path / "a.txt",
        "Interviewer  0:01\nNeem me eens mee.\n\nSpeaker 2  0:09\nNa de derde foute factuur.\n\n"
        "Interviewer  1:02:05\nDank je wel.\n\nTranscribed by https://otter.ai\n",
    )
    document = read_one(path)
    assert said(document) == [
        ("interviewer", "Interviewer", "Neem me eens mee."),
        ("respondent", "Speaker 2", "Na de derde foute factuur."),
        ("interviewer", "Interviewer", "Dank je wel."),
    ]
    assert times(document) == [(1.0, None), (9.0, None), (3725.0, None)]
    assert "left out 1 line that nobody spoke" in messages(path).lower()


def test_focus_group(tmp_path: Path) -> None:
    """A form of address is a label at its first use; everybody beside the moderator answers."""
    path = write(
        tmp_path / "a.txt",
        "Focusgroep 2 - huurders, 14 maart 2024\nLocatie buurthuis\n\nModerator: Wie wil er beginnen?\n"
        "Mevr. A.: Ik wil wel.\nDhr. B.: Zelfde hier: ze kwamen niet.\nModerator: Ja?\nMevr. A.: Meer niet.\n",
    )
    document = read_one(path)
    assert [(role, speaker) for role, speaker, _ in said(document)] == [
        ("interviewer", "Moderator"),
        ("respondent", "Mevr. A."),
        ("respondent", "Dhr. B."),
        ("interviewer", "Moderator"),
        ("respondent", "Mevr. A."),
    ]
    assert said(document)[2][2] == "Zelfde hier: ze kwamen niet."
    assert document.attributes == {"header": "Focusgroep 2 - huurders, 14 maart 2024\nLocatie buurthuis"}


def test_fields_above_the_conversation_are_no_turns(tmp_path: Path) -> None:
    """A form that names interviewer and respondent is a header, although these words are labels too."""
    path = write(
        tmp_path / "a.txt",
        "Interviewer: Noor Visser\nRespondent: R03, vrouw, 54\nDatum: 12-3-2024\n\nI: En toen?\nR: Niks meer gehoord.\n"
        "I: Niks?\nR: Nee, helemaal niks.\n",
    )
    document = read_one(path)
    assert document.text.startswith("En toen?")
    assert document.attributes == {
        "Interviewer": "Noor Visser",
        "Respondent": "R03, vrouw, 54",
        "Datum": "12-3-2024",
    }


def test_speech_with_a_colon_is_no_label(tmp_path: Path) -> None:
    """What reads as a sentence, or occurs once, is text; the latter is named in a notice."""
    path = write(
        tmp_path / "a.txt",
        "I: En?\nR: De inlog.\nMijn wachtwoord: dat werkte niet.\nMijn wachtwoord: echt niet.\nDigiD: ook niet.\n",
    )
    document = read_one(path)
    assert [speaker for _, speaker, _ in said(document)] == ["I", "R"]
    assert "Mijn wachtwoord: dat werkte niet." in document.text
    assert '"DigiD:"' in messages(path)


def test_paragraphs_of_one_turn(tmp_path: Path) -> None:
    """An empty line and a bullet stay a line end inside a turn; a wrapped line does not."""
    document = read_one(write(tmp_path / "a.txt", "I: En?\nR: Eerst dit\nen dat.\n\nToen:\n- bellen\n- mailen\n"))
    assert said(document)[1][2] == "Eerst dit en dat.\nToen:\n- bellen\n- mailen"


@pytest.mark.parametrize(
    ("labels", "roles"),
    [
        (("I", "M", "V"), ("interviewer", "respondent", "respondent")),
        (("M", "P1", "P2"), ("interviewer", "respondent", "respondent")),
        (("Int.", "Fatma"), ("interviewer", "respondent")),
        (("AI", "User"), ("interviewer", "respondent")),
        (("Onderzoeker 1", "Onderzoeker 2", "Huurder"), ("interviewer", "interviewer", "respondent")),
        (("R1", "R2"), ("respondent", "respondent")),
        (("Noor Visser", "Respondent 4"), ("interviewer", "respondent")),
    ],
)
def test_roles_from_labels(tmp_path: Path, labels: tuple[str, ...], roles: tuple[str, ...]) -> None:
    """Labels tell the roles; a single unknown speaker beside respondents interviews."""
    text = "".join(f"{label}: Dat was {n} keer niet zo goed.\n" for n in (1, 2) for label in labels)
    document = read_one(write(tmp_path / "a.txt", text))
    assert [(speaker, role) for role, speaker, _ in said(document)] == [*zip(labels, roles, strict=True)] * 2


@pytest.mark.parametrize(
    ("labels", "question"),
    [
        (("Marleen Visser", "Karim"), r'"Marleen Visser" \(12 words\).*--interviewer "Marleen Visser"'),
        (("A", "B"), '--interviewer "A"'),
        (("V", "M"), '--interviewer "V"'),
        (("Speaker 1", "Speaker 2"), '--interviewer "Speaker 1"'),
        (("Noor", "Bas", "Respondent 4"), '--interviewer "Noor"'),
    ],
)
def test_unknown_roles_are_asked_for(tmp_path: Path, labels: tuple[str, ...], question: str) -> None:
    """Where the labels do not tell who interviews, the file is refused with the question."""
    text = "".join(f"{label}: Dat was {n} keer niet zo.\n" for n in (1, 2) for label in labels)
    corpus = read_corpus(write(tmp_path / "a.txt", text))
    assert corpus.documents == ()
    assert [notice.source for notice in corpus.skipped] == [str(tmp_path / "a.txt")]
    assert corpus.skipped[0].message.startswith("it is not clear who interviews")
    assert re.search(question, corpus.skipped[0].message)


@pytest.mark.parametrize("name", ["marleen visser", "Marleen Visser (onderzoek)"])
def test_named_interviewer(tmp_path: Path, name: str) -> None:
    """The user's word decides, whatever capitals and department."""
    text = "Marleen Visser (onderzoek): En toen?\nKarim: Toen heb ik gebeld.\n" * 2
    document = read_one_named(write(tmp_path / "a.txt", text), name)
    assert [role for role, _, _ in said(document)] == ["interviewer", "respondent"] * 2


def read_one_named(path: Path, name: str) -> Document:
    """Read a file with a named interviewer."""
    (document,) = read_corpus(path, interviewer=name)
    return document


def test_name_of_nobody(tmp_path: Path) -> None:
    """A named interviewer who does not speak is reported."""
    path = write(tmp_path / "a.txt", "I: En toen?\nR: Toen heb ik gebeld.\n")
    assert 'Nobody called "Marlene"' in messages(path, interviewer=["Marlene", "i"])
    assert '"i"' not in messages(path, interviewer=["Marlene", "i"])


def test_no_speakers(tmp_path: Path) -> None:
    """Prose without labels is the respondent's, with a notice that says so; each paragraph is a turn."""
    path = write(tmp_path / "a.txt", "Ik heb lang gewacht.\nEcht lang.\n\nEn toen was het dicht.\n")
    assert said(read_one(path)) == [
        ("respondent", "", "Ik heb lang gewacht. Echt lang."),
        ("respondent", "", "En toen was het dicht."),
    ]
    assert "No speakers are named" in messages(path)


def test_only_the_interviewer_speaks(tmp_path: Path) -> None:
    """A transcript in which nobody answers is refused."""
    assert "nobody answers" in messages(write(tmp_path / "a.txt", "I: Hallo, bent u daar nog?\nI: Hallo?\n"))


def test_other_language(tmp_path: Path) -> None:
    """Another language is refused by name, unless the user says which it is."""
    answer = "Ich habe eine Stunde gewartet und niemand hat sich gemeldet, das war nicht gut."
    text = f"I: Was ist dann passiert?\nR: {answer}\n"
    path = write(tmp_path / "a.txt", text)
    (skipped,) = read_corpus(path).skipped
    assert "another language (de)" in skipped.message
    assert "--language nl" in skipped.message
    assert [document.language for document in read_corpus(path, language="nl")] == ["nl"]


def test_language_of_little_text(tmp_path: Path) -> None:
    """Where the text is too short to tell the language, a notice asks for it."""
    path = write(tmp_path / "a.txt", "I: 1?\nR: 2.\n")
    assert read_one(path).language == ""
    assert "Its language cannot be told" in messages(path)
    assert messages(path, language="nl") == ""


TEAMS = (
    "WEBVTT\r\n\r\n3f2a6c1e-0b7d/12-0\r\n00:00:03.219 --> 00:00:06.890\r\n"
    "<v Noor Visser (onderzoek)>Mag de opname aan?</v>\r\n\r\n3f2a6c1e-0b7d/18-0\r\n00:00:07.100 --> 00:00:11.480\r\n"
    "<v Respondent 4>Ja hoor, R&amp;D. Ik heb\r\nmaar een ding</v>\r\n\r\n3f2a6c1e-0b7d/18-1\r\n"
    "00:00:11.480 --> 00:00:15.002\r\n<v Respondent 4>dat me dwarszit.\r\n"
)


def test_teams_captions(tmp_path: Path) -> None:
    """Voice tags name the speakers, closed or not; cues of one speaker become one turn; cue ids are no speech."""
    document = read_one(write(tmp_path / "t.vtt", TEAMS))
    assert said(document) == [
        ("interviewer", "Noor Visser (onderzoek)", "Mag de opname aan?"),
        ("respondent", "Respondent 4", "Ja hoor, R&D. Ik heb maar een ding dat me dwarszit."),
    ]
    assert times(document) == [(3.219, 6.89), (7.1, 15.002)]


def test_two_voices_in_one_cue(tmp_path: Path) -> None:
    """Every voice tag starts a turn."""
    path = write(
        tmp_path / "t.vtt",
        "WEBVTT\n\nNOTE made by hand\n<v I>no speech\n\n00:01.000 --> 00:02.000\n"
        "<v I>En <b>toen</b>?</v> <v R>Niks, ik wachtte.</v>\n",
    )
    assert [(speaker, text) for _, speaker, text in said(read_one(path))] == [
        ("I", "En toen?"),
        ("R", "Niks, ik wachtte."),
    ]


def test_zoom_captions(tmp_path: Path) -> None:
    """Names stand in the text; a cue without one goes on; a colon in a sentence is no name."""
    path = write(
        tmp_path / "z.vtt",
        "WEBVTT\n\n1\n00:00:04.120 --> 00:00:07.300\nNoor Visser: Waar liep u tegenaan?\n\n2\n"
        "00:00:07.900 --> 00:00:13.250\nRespondent 5: De inlog. Mijn wachtwoord: dat werkte niet.\n\n3\n"
        "00:00:13.250 --> 00:00:15.000\nEn toen gaf ik het op.\n",
    )
    document = read_one(path)
    assert said(document) == [
        ("interviewer", "Noor Visser", "Waar liep u tegenaan?"),
        ("respondent", "Respondent 5", "De inlog. Mijn wachtwoord: dat werkte niet. En toen gaf ik het op."),
    ]
    assert times(document)[1] == (7.9, 15.0)


def test_whisper_captions(tmp_path: Path) -> None:
    """Lines that Whisper made up are left out and counted; without names cues join up to the end of a sentence."""
    path = write(
        tmp_path / "w.vtt",
        "WEBVTT\n\n00:00.000 --> 00:04.480\nDus je hebt eerst online\n\n"
        "00:04.480 --> 00:09.200\ngezocht. En dat viel tegen.\n\n"
        "00:09.200 --> 00:10.000\nBedankt voor het kijken naar mijn brief.\n\n"
        "00:10.000 --> 00:11.000\nBedankt voor het kijken!\n\n"
        "00:11.000 --> 00:12.000\nOndertitels ingediend door de Amara.org gemeenschap\n",
    )
    document = read_one(path)
    assert document.text == (
        "Dus je hebt eerst online gezocht. En dat viel tegen.\nBedankt voor het kijken naar mijn brief."
    )
    assert times(document) == [(0.0, 9.2), (9.2, 10.0)]
    assert "left out 2 lines that nobody spoke" in messages(path).lower()


def test_subrip(tmp_path: Path) -> None:
    """SRT with a byte order mark, decimal commas, dashes for a new speaker, and a cue that is a number."""
    path = write(
        tmp_path / "a.srt",
        "\ufeff1\r\n00:00:03,060 --> 00:00:03,900\r\nHoe ging dat\r\n\r\n2\r\n00:00:04,200 --> 00:00:08,100\r\n"
        "- Traag. Drie weken\r\nop een antwoord.\r\n\r\n3\r\n00:00:09,000 --> 00:00:10,000\r\n42\r\n\r\n4\r\n"
        "00:00:11,000 --> 00:00:12,000\r\nof zo.\r\n",
    )
    document = read_one(path)
    assert document.text == "Hoe ging dat\nTraag. Drie weken op een antwoord.\n42 of zo."
    assert times(document) == [(3.06, 3.9), (4.2, 8.1), (9.0, 12.0)]


def test_captions_without_times(tmp_path: Path) -> None:
    """A caption file without cues is refused with what was expected."""
    assert "no captions were found" in messages(write(tmp_path / "a.vtt", "WEBVTT\n\nHallo daar\n"))


def save(word: WordDocument, path: Path) -> Path:
    """Save a Word document."""
    word.save(str(path))
    return path


def test_teams_word(tmp_path: Path) -> None:
    """Name and time above the words in one paragraph; lines about the recording are no speech."""
    word = docx.Document()
    for text in (
        "Interview klantreis-20240212-Vergadertranscriptie",
        "12 februari 2024, 10:03",
        "27m 42s",
        "Noor Visser heeft de transcriptie gestart",
        "Noor Visser   0:03\nFijn dat u er bent.",
        "Respondent 4   0:07\nJa hoor, prima.",
        "Respondent 4   1:02:11\nToen moest ik alles opnieuw doen.",
        "Noor Visser stopped transcription",
    ):
        word.add_paragraph(text)
    document = read_one(save(word, tmp_path / "t.docx"))
    assert said(document) == [
        ("interviewer", "Noor Visser", "Fijn dat u er bent."),
        ("respondent", "Respondent 4", "Ja hoor, prima."),
        ("respondent", "Respondent 4", "Toen moest ik alles opnieuw doen."),
    ]
    assert times(document) == [(3.0, None), (7.0, None), (3731.0, None)]
    assert document.attributes["header"].splitlines()[1] == "12 februari 2024, 10:03"


def test_bold_names_in_word(tmp_path: Path) -> None:
    """A bold line with time and name, a bold name before the words, and a bold style are labels."""
    word = docx.Document()
    word.add_paragraph().add_run("00:00:03 Interviewer").bold = True
    word.add_paragraph("Hoe ging dat?")
    word.add_paragraph().add_run("00:00:04 Spreker 2").bold = True
    word.add_paragraph("Traag. Ik wachtte drie weken.")
    word.add_paragraph().add_run("Interviewer").bold = True
    word.add_paragraph("En toen?")
    paragraph = word.add_paragraph()
    paragraph.add_run("Spreker 2 ", style="Strong")
    paragraph.add_run("Toen was het ")
    paragraph.add_run("eindelijk").bold = True
    paragraph.add_run(" klaar.")
    word.add_paragraph().add_run("Interviewer:").bold = True
    word.add_paragraph("Dank u.")
    document = read_one(save(word, tmp_path / "t.docx"))
    assert [(speaker, text) for _, speaker, text in said(document)] == [
        ("Interviewer", "Hoe ging dat?"),
        ("Spreker 2", "Traag. Ik wachtte drie weken."),
        ("Interviewer", "En toen?"),
        ("Spreker 2", "Toen was het eindelijk klaar."),
        ("Interviewer", "Dank u."),
    ]
    assert times(document)[:2] == [(3.0, None), (4.0, None)]


def test_table_in_word(tmp_path: Path) -> None:
    """A table of time, speaker and text is a conversation; a table of fields is a header."""
    word = docx.Document()
    fields = word.add_table(0, 2)
    for cells in (("Datum", "12 maart"), ("Locatie", "buurthuis")):
        for cell, text in zip(fields.add_row().cells, cells, strict=True):
            cell.text = text
    table = word.add_table(0, 3)
    rows = [
        ("Tijd", "Spreker", "Tekst"),
        ("0:03", "Noor:", "Hoe ging dat?"),
        ("0:07", "Bart (klant)", "Slecht.\nIk wachtte weken."),
        ("0:12", "Noor:", "Weken?"),
        ("", "", "Zo lang?"),
    ]
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    corpus = read_corpus(save(word, tmp_path / "t.docx"), interviewer="Noor")
    (document,) = corpus
    assert said(document) == [
        ("interviewer", "Noor", "Hoe ging dat?"),
        ("respondent", "Bart (klant)", "Slecht. Ik wachtte weken."),
        ("interviewer", "Noor", "Weken? Zo lang?"),
    ]
    assert [start for start, _ in times(document)] == [3.0, 7.0, 12.0]
    assert document.attributes == {"Datum": "12 maart", "Locatie": "buurthuis"}


def test_tracked_changes_in_word(tmp_path: Path) -> None:
    """Inserted words are read and deleted words are not."""
    word = docx.Document()
    word.add_paragraph("I: En toen?")
    paragraph = word.add_paragraph("R: Ik heb ")
    for xml in (
        f'<w:del {nsdecls("w")} w:id="1" w:author="x"><w:r><w:delText>nooit </w:delText></w:r></w:del>',
        f'<w:ins {nsdecls("w")} w:id="2" w:author="x"><w:r><w:t>weken gewacht.</w:t></w:r></w:ins>',
    ):
        paragraph._p.append(parse_xml(xml))
    assert said(read_one(save(word, tmp_path / "t.docx")))[1][2] == "Ik heb weken gewacht."


def test_same_text_however_it_is_written(tmp_path: Path) -> None:
    """Line ends, byte order marks and composed accents make no difference."""
    plain = "I: Waar?\nR: Op het café, één keer en nooit meer.\n"
    write(tmp_path / "a.txt", plain)
    (tmp_path / "b.txt").write_bytes("\ufeff".encode() + plain.replace("\n", "\r\n").encode())
    (tmp_path / "c.txt").write_bytes(plain.replace("\n", "\r").replace("é", "e\u0301").encode("utf-16"))
    (tmp_path / "d.txt").write_bytes(plain.encode("cp1252"))
    documents = read_corpus(tmp_path).documents
    assert [document.id for document in documents] == ["a", "b", "c", "d"]
    assert {document.sha256 for document in documents} == {documents[0].sha256}
