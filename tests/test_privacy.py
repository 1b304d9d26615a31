"""Personal data: found, replaced the same way everywhere, kept apart in a key; and how much of it is found."""

from __future__ import annotations

import csv
import os
import stat
import sys
from pathlib import Path

import docx
import openpyxl
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from cxtext import Document, Turn, pseudonymise, read_corpus
from cxtext.cli import main
from cxtext.privacy import Pseudonymiser, Pseudonyms, find_personal_data
from cxtext.privacy.numbers import is_bsn, is_iban
from cxtext.records import Corpus

MARKED = Path(__file__).parents[1] / "models" / "privacy"
sys.path.insert(0, str(MARKED))
from measure import STRUCTURED, count  # noqa: E402

TALK = (
    "I: Wie bent u?\nR: Ik ben Fatma Demir, ik woon op de Lindelaan 48, 8011 AB Zwolle.\n"
    "I: En toen?\nR: Toen belde Fatma met Kevin van de helpdesk. Mail naar fatma.demir@gmail.com of 06-12345678.\n"
)


def found(text: str) -> list[tuple[str, str]]:
    """Kinds and texts of what is found."""
    return [(finding.kind, text[finding.start : finding.end]) for finding in find_personal_data(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mijn bsn is 111222333, of 111.222.333.", [("bsn", "111222333"), ("bsn", "111.222.333")]),
        ("Maak het over naar NL91 ABNA 0417 1643 00 graag.", [("iban", "NL91 ABNA 0417 1643 00")]),
        ("Bel +31 6 12345678 of (0478) 551902.", [("phone", "+31 6 12345678"), ("phone", "(0478) 551902")]),
        ("nul zes, twaalf, vierendertig, zesenvijftig, achtenzeventig", [
            ("phone", "nul zes, twaalf, vierendertig, zesenvijftig, achtenzeventig")]),
        ("jan punt vos apenstaartje gmail punt com", [("email", "jan punt vos apenstaartje gmail punt com")]),
        ("Zie linkedin.com/in/jan-vos-12 maar.", [("url", "linkedin.com/in/jan-vos-12")]),
        ("Het kenteken is 12-ABC-3.", [("plate", "12-ABC-3")]),
        ("Hij is geboren op 3 mei 1961 in Assen.", [("birthdate", "3 mei 1961")]),
        ("Mijn klantnummer is 88213309.", [("number", "88213309")]),
        ("Dat ligt onder dossier Z/24/117305 daar.", [("number", "Z/24/117305")]),
        ("ik ben sanne de vries van twee hoog", [("name", "sanne de vries")]),
        ("Volgens mevrouw Yıldırım-de Boer klopt het.", [("name", "Yıldırım-de Boer")]),
        ("Groetjes, H.J. van den Berg", [("name", "H.J. van den Berg")]),
    ],
)  # fmt: skip
def test_found(text: str, expected: list[tuple[str, str]]) -> None:
    """Each kind is found in the ways that people write and say it."""
    assert found(text) == expected


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("address", "U vindt ons aan de Kerkstr. 12 in Breda", ["de Kerkstr. 12"]),
        ("address", "Bezorgen op Kanaal Zuidzijde 4, bus 0201 graag", ["Kanaal Zuidzijde 4, bus 0201"]),
        ("address", "Verhuisd van Plein 1945 nr. 8 naar de Meent 33", ["Plein 1945 nr. 8", "de Meent 33"]),
        ("address", "mijn moeder woont op de kamperfoelie negentien", ["de kamperfoelie negentien"]),
        ("address", "wij zitten aan de laan van overvest 120 rood", ["laan van overvest 120 rood"]),
        ("address", "ik woon op nummer zestien in de kerkstraat", ["nummer zestien in de kerkstraat"]),
        ("address", "Mw. Buitenhuis, Het Laar 7, klaagt", ["Het Laar 7"]),
        ("birthdate", "Ik ben van eerste kerstdag 1950.", ["eerste kerstdag 1950"]),
        ("birthdate", "Ben van '43, 8 februari, dus reken maar uit.", ["'43, 8 februari"]),
        ("birthdate", "mijn verjaardag is nul drie nul vijf eenenzestig", ["nul drie nul vijf eenenzestig"]),
        ("birthdate", "geboren de achtste van de tweede vijftig", ["de achtste van de tweede vijftig"]),
        ("birthdate", "En uw geboortedatum? Ja hoor, 12 04 1980.", ["12 04 1980"]),
        ("birthdate", "Op 3 september word ik 65!", ["3 september"]),
        ("birthdate", "ik sprak ze over negen juni achtenveertig", ["negen juni achtenveertig"]),
        ("birthdate", "I was born on the twenty-first of July 1988.", ["the twenty-first of July 1988"]),
        ("number", "Mijn stamnummer ken ik uit mijn hoofd, 57.11.90.211.", ["57.11.90.211"]),
        ("number", "3381902 is mijn leerlingnr", ["3381902"]),
        ("number", "Polis AOV 556.30; die andere, INB 771.41, is van haar.", ["AOV 556.30", "INB 771.41"]),
        ("number", "dossiernummer vier vier nul streepje drie b", ["vier vier nul streepje drie b"]),
        ("plate", "wie rijdt er nou met 51zzd8 over het gras", ["51zzd8"]),
        ("name", "Groet, A.W. (Toon) Verhoeckx", ["A.W. (Toon) Verhoeckx"]),
        ("name", "ja dat was die jonge hoe heet ie van der kolk", ["van der kolk"]),
        ("name", "Huisarts: Baldewsingh. Verder niets.", ["Baldewsingh"]),
        ("name", "Ik heet Bakker-Ouwehand, maar er staat Ouwehand.", ["Bakker-Ouwehand", "Ouwehand"]),
    ],
)  # fmt: skip
def test_found_in_other_words(kind: str, text: str, expected: list[str]) -> None:
    """Turned round, in number words, abbreviated or named from afar, it is found too."""
    assert [piece for found_kind, piece in found(text) if found_kind == kind] == expected


@pytest.mark.parametrize(
    "text",
    [
        "Bij Albert Heijn en Van der Valk betaal ik 84,50 euro.",
        "Op 0800-9009 en 14 020 krijg je een bandje, zeven minuten lang.",
        "De storm van januari 2024 was op 12 maart vergeten.",
        "Ik was onderweg 3 keer gebeld en had 128 GB over.",
        "Meneer pastoor zei dat iedereen welkom was.",
        "In Den Bosch en Haarlem was het model TG-789 uitverkocht.",
        "Ik kreeg R07 en P12 om kwart over drie te spreken.",
        "We trouwden op 3 juni 1972 en wonen hier sinds 1 mei 1980.",
        "Op 3 mei 50 mensen geholpen, op drie mei twintig.",
        "Op 6 juni wordt de lift 40 dagen stilgezet.",
        "Naar Antwerpen 3 dagen, met lijn vijf naar halte Markt.",
        "bij stap vier zat ik in groep drie op de poli twee uur te wachten",
        "Artikelnummer 8829103 is uitverkocht, fout 80070005 ook.",
    ],
)
def test_left_alone(text: str) -> None:
    """Brands, amounts, service numbers, dates of the journey, places and study codes stay."""
    assert found(text) == []


def test_checks() -> None:
    """The 11-test and mod 97 hold for the numbers of the standard, and fail for a wrong digit."""
    assert is_bsn("111222333")
    assert not is_bsn("111222334")
    assert is_iban("NL91ABNA0417164300")
    assert not is_iban("NL91ABNA0417164301")


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
def test_any_text(text: str) -> None:
    """Whatever is said, findings lie in the text, in order, and do not overlap."""
    end = 0
    for finding in find_personal_data(text):
        assert end <= finding.start < finding.end <= len(text)
        end = finding.end


def test_same_person_same_placeholder() -> None:
    """One person has one placeholder in all files of a project, by the whole name or a part of it."""
    person = Pseudonymiser()
    assert person.text("Ik ben Fatma Demir.") == "Ik ben [PERSOON-1]."
    assert person.text("Toen belde Fatma weer, en Demir belde terug, en Jan ook.", ["Fatma Demir"]) == (
        "Toen belde [PERSOON-1] weer, en [PERSOON-1] belde terug, en [PERSOON-2] ook."
    )
    assert person.text("Bel 06 12345678 of +31612345678.") == "Bel [TELEFOON-1] of [TELEFOON-1]."


def test_corpus(tmp_path: Path) -> None:
    """Text, speakers, attributes, names and ids of documents are replaced, and turns still point at what was said."""
    path = tmp_path / "interview_demir.txt"
    path.write_text("Datum: 12 maart 2024\n\n" + TALK.replace("R:", "Fatma Demir:"), encoding="utf-8")
    done = pseudonymise(read_corpus(path))
    (document,) = done.corpus
    assert document.id == document.name == "interview_[PERSOON-1]"
    assert [turn.speaker for turn in document.turns] == ["I", "[PERSOON-1]", "I", "[PERSOON-1]"]
    assert [document.text[t.start : t.end] for t in document.turns][1:4:2] == [
        "Ik ben [PERSOON-1], ik woon op [ADRES-1], [POSTCODE-1] Zwolle.",
        "Toen belde [PERSOON-1] met [PERSOON-2] van de helpdesk. Mail naar [E-MAIL-1] of [TELEFOON-1].",
    ]
    assert document.attributes["Datum"] == "12 maart 2024"
    assert "Fatma" not in repr(document)
    assert "Pseudonymised, not anonymous" in done.corpus.notices[-1].message
    assert set(done.log["document"]) == {document.id}
    assert "original" not in done.log


def test_notices(tmp_path: Path) -> None:
    """What was said about the files names nobody either."""
    path = tmp_path / "a.txt"
    path.write_text("Noor Visser: Hoe ging het?\nRespondent 4: Prima hoor.\n" * 2, encoding="utf-8")
    done = pseudonymise(read_corpus(path))
    assert '"[PERSOON-1]" was taken as the interviewer' in done.corpus.notices[0].message


def test_columns_with_personal_data(tmp_path: Path) -> None:
    """A column that holds names or addresses is replaced whole; roles and empty cells are not."""
    path = tmp_path / "a.csv"
    path.write_text(
        "nr,E-mailadres,Achternaam,Telefoon,toelichting\n1,jan@vos.nl,Vos,,Het duurde lang\n"
        "2,,Interviewer,Telefoon,Het ging wel\n",
        encoding="utf-8",
    )
    first, second = pseudonymise(read_corpus(path)).corpus
    assert [first.attributes[name] for name in ("E-mailadres", "Achternaam", "Telefoon")] == [
        "[E-MAIL-1]", "[PERSOON-1]", "",
    ]  # fmt: skip
    assert [second.attributes[name] for name in ("Achternaam", "Telefoon")] == ["Interviewer", "Telefoon"]


def test_names_of_the_project() -> None:
    """Names that the user gives are found wherever they stand."""
    assert found("daar zat quistorff weer") == []
    assert Pseudonymiser(names=["Xhe Quistorff"]).text("daar zat quistorff weer") == "daar zat [PERSOON-1] weer"


def test_review() -> None:
    """What is unsure, and terms of special categories, are on the review list; what was refused stays."""
    text = "Mijn nummer daar is 112345678, zei de psychiater."
    document = Document("a", "a", "survey", "a.csv", text, (Turn(0, len(text), "", "respondent"),), "nl")
    text = "111222333 stond er."
    other = Document("b", "b", "survey", "a.csv", text, (Turn(0, len(text), "", "respondent"),), "nl")
    done = pseudonymise(Corpus((document, other)))
    assert {"bsn", "special: health"} <= set(done.review["kind"])
    assert "psychiater" in done.corpus.documents[0].text
    assert done.corpus.documents[1].text == "[BSN-1] stond er."
    kept = pseudonymise(Corpus((other,)), refused=[("bsn", "111222333")])
    assert kept.corpus.documents[0].text == text


def test_key(tmp_path: Path) -> None:
    """The key can be read by its owner alone, and gives the same placeholders in the next run."""
    key = Pseudonyms()
    assert key.placeholder("name", "Fatma Demir") == "[PERSOON-1]"
    key.save(tmp_path / "key.csv")
    if os.name == "posix":
        assert stat.S_IMODE((tmp_path / "key.csv").stat().st_mode) == 0o600
    again = Pseudonyms.load(tmp_path / "key.csv")
    assert again.placeholder("name", "Jan Vos") == "[PERSOON-2]"
    assert again.placeholder("name", "fatma demir") == "[PERSOON-1]"


def write_files(folder: Path) -> None:
    """Put a transcript and a table of every kind that stays what it is into a folder."""
    folder.mkdir()
    (folder / "gesprek.txt").write_text(TALK, encoding="utf-8")
    (folder / "teams.vtt").write_text(
        "WEBVTT\n\n00:00:01.000 --> 00:00:03.000\n<v Noor Visser (onderzoek)>Dag.</v>\n\n"
        "00:00:03.000 --> 00:00:06.000\n<v Respondent 4>Dag Noor, ik ben Jan Vos.</v>\n",
        encoding="utf-8",
    )
    word = docx.Document()
    paragraph = word.add_paragraph()
    paragraph.add_run("R: Ik ben Fat").bold = True
    paragraph.add_run("ma Demir en dat ")
    paragraph.add_run("duurde lang.").italic = True
    word.add_paragraph("I: En toen, mevrouw Demir?")
    word.core_properties.author = "Noor Visser"
    word.save(folder / "gesprek2.docx")
    book = openpyxl.Workbook()
    for row in (["nr", "Naam", "toelichting"], [1, "Jan Vos", "Ik belde met Kevin van de helpdesk"], [2, "", "=1+1"]):
        book.active.append(row)
    book.save(folder / "antwoorden.xlsx")
    (folder / "antwoorden2.csv").write_text(
        "nr;toelichting\n1;Bel 06-12345678; \n2;Het duurde lang;\n", encoding="utf-8"
    )
    (folder / "antwoorden3.jsonl").write_text(
        '{"nr": 1, "text": "Bel Jan Vos maar op 06-12345678"}\n', encoding="utf-8"
    )


def test_command(tmp_path: Path) -> None:
    """Copies are of the same kind, hold no personal data, and can be read again; the key lies beside the folder."""
    write_files(tmp_path / "in")
    result = CliRunner().invoke(main, ["pseudonymise", str(tmp_path / "in"), "-o", str(tmp_path / "uit")])
    assert result.exit_code == 0, result.output
    assert sorted(p.name for p in (tmp_path / "uit").iterdir()) == sorted(p.name for p in (tmp_path / "in").iterdir())
    corpus = read_corpus(tmp_path / "uit")
    assert corpus.skipped == ()
    everything = " ".join(f"{d.text} {d.attributes} {[t.speaker for t in d.turns]}" for d in corpus)
    for name in ("Fatma", "Demir", "Jan", "Vos", "Noor", "Visser", "Kevin", "0612345678", "06-12345678", "Lindelaan"):
        assert name not in everything
    captions = (tmp_path / "uit" / "teams.vtt").read_text(encoding="utf-8")
    assert "00:00:03.000 --> 00:00:06.000" in captions
    assert "(onderzoek)>Dag.</v>" in captions
    with (tmp_path / "uit.key.csv").open(encoding="utf-8") as file:
        originals = {row["original"] for row in csv.DictReader(file)}
    assert {"Fatma Demir", "06-12345678"} <= originals
    word = docx.Document(str(tmp_path / "uit" / "gesprek2.docx"))
    assert word.core_properties.author == ""
    runs = word.paragraphs[0].runs
    assert [(run.text, run.bold, run.italic) for run in runs] == [
        ("R: Ik ben [PERSOON-1]" if "[PERSOON-1]" in runs[0].text else runs[0].text, True, None),
        (" en dat ", None, None),
        ("duurde lang.", None, True),
    ]
    assert openpyxl.load_workbook(tmp_path / "uit" / "antwoorden.xlsx").active["C3"].value == "=1+1"


def test_tag_without_personal_data(tmp_path: Path) -> None:
    """Batch tagging on request sees and writes placeholders only."""
    write_files(tmp_path / "in")
    output = tmp_path / "uit.csv"
    result = CliRunner().invoke(
        main, ["tag", str(tmp_path / "in" / "gesprek.txt"), "-o", str(output), "--pseudonymise", "--model", "fast"]
    )
    assert result.exit_code == 0, result.output
    written = output.read_text(encoding="utf-8-sig")
    assert "[PERSOON-1]" in written
    assert "Fatma" not in written
    assert (tmp_path / "uit.csv.key.csv").exists()


@pytest.mark.parametrize("content", ["", "a,b\n1,2\n", "placeholder,kind,original\nPERSOON,name,x\n"])
def test_wrong_key(tmp_path: Path, content: str) -> None:
    """A file that is no key is refused, and left as it is."""
    key = tmp_path / "key.csv"
    key.write_text(content, encoding="utf-8")
    write_files(tmp_path / "in")
    arguments = ["pseudonymise", str(tmp_path / "in"), "-o", str(tmp_path / "uit"), "--key", str(key)]
    result = CliRunner().invoke(main, arguments)
    if content:
        assert result.exit_code == 1
        assert "not a key of cxtext" in result.output
        assert key.read_text(encoding="utf-8") == content


def test_how_much_is_found() -> None:
    """On sentences that no rule was made for nearly all is found, and hardly anything else is replaced."""
    lines = (MARKED / "held_out.txt").read_text(encoding="utf-8").splitlines()
    marks, covered, _, _, plain, changed = count(lines)
    assert sum(covered[kind] for kind in STRUCTURED) >= 0.98 * sum(marks[kind] for kind in STRUCTURED)
    for kind in ("name", "address", "birthdate", "number"):
        assert covered[kind] >= 0.85 * marks[kind], kind
    assert changed <= 0.03 * plain
