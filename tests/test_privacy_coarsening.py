"""What is replaced or made coarser on request: ages, postcodes, dates, employers, small places; names of back-ends."""

from __future__ import annotations

import csv
import datetime
import json
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import openpyxl
import pytest
import spacy
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from cxtext import Document, Turn, pseudonymise, read_corpus
from cxtext.cli import main
from cxtext.errors import ModelError, OptionError
from cxtext.privacy import PrivacyOptions, Pseudonymiser, Pseudonyms, backends
from cxtext.privacy.shifting import find_dates, shifted
from cxtext.records import Corpus

EVERYTHING = PrivacyOptions(ages=True, postcodes="area", shift_dates=True, employers=True, places=True)
DATES = st.dates(datetime.date(2005, 1, 1), datetime.date(2030, 12, 31))  # an earlier one can be a date of birth
FORMS = ["%d-%m-%Y", "%Y-%m-%d", "%d/%m/%Y", "%d %B %Y", "%B %d, %Y"]


def replaced(text: str, **options: object) -> str:
    """Text after replacement, with the options."""
    return Pseudonymiser(options=PrivacyOptions(**options)).text(text)  # type: ignore[arg-type]


def by_days(days: int) -> Pseudonyms:
    """A key in which everything moves by so many days."""
    key = Pseudonyms()
    key.shift = lambda case: days  # type: ignore[method-assign]
    return key


def answers(path: Path) -> list[dict[str, str]]:
    """Rows of a csv file."""
    with path.open(encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ik ben 47.", "Ik ben [40-49 JAAR]."),
        ("ik ben zelf zevenenveertig jaar oud", "ik ben zelf [40-49 JAAR] oud"),
        ("Mijn moeder is 83 en mijn zoon van 7, die woont hier.", (
            "Mijn moeder is [80+ JAAR] en mijn zoon van [0-17 JAAR], die woont hier.")),
        ("kinderen van 7, 9 en 12", "kinderen van [0-17 JAAR], [0-17 JAAR] en [0-17 JAAR]"),
        ("Een vrouw van 47 jaar.", "Een vrouw van [40-49 JAAR]."),
        ("Vrouw, 47 jaar", "Vrouw, [40-49 JAAR]"),
        ("op mijn 65e met pensioen", "op mijn [60-69 JAAR] met pensioen"),
        ("een 63-jarige man", "een [60-69 JAAR] man"),
        ("a 47-year-old woman, and I'm 38 now", "a [40-49 JAAR] woman, and I'm [30-39 JAAR] now"),
        ("Toen ik 18 was", "Toen ik [18-29 JAAR] was"),
        ("Hoe oud bent u? 47.", "Hoe oud bent u? [40-49 JAAR]."),
    ],
)  # fmt: skip
def test_ages(text: str, expected: str) -> None:
    """An age that is said of a person becomes a class; without the option it stays."""
    assert replaced(text, ages=True) == expected
    assert replaced(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "Wij zijn 47 jaar getrouwd en dat was 47 jaar geleden, met 47 jaar garantie.",
        "Ik ben al 12 jaar klant, en zij was voor 3 jaar weg.",
        "Ik ben 12 jaar klant.",
        "Ik ben al 12 jaar, in voor- en tegenspoed.",
        "We waren met 47 man.",
        "Ik ben 47 euro kwijt en hij is 3 keer geweest, 47%.",
        "Een man van 2 meter, op mijn 2e verdieping, ik was 3e in de rij.",
        "De ketel is 12 jaar oud, een 12 jaar oude ketel dus.",
        "Een 25-jarig jubileum en een 10-jarig contract.",
        "Ik woon op 47, huisnummer 47.",
        "Ik ben 24/7 bereikbaar en 50+.",
        "Ik ben een van de velen.",
        "Ik ben 3 of 4 keer geweest, als vader van twee.",
        "I am one of 47 people and I'm 47 minutes late.",
    ],
)
def test_no_ages(text: str) -> None:
    """Durations, amounts, counts, house numbers and the age of things are no ages of persons."""
    assert replaced(text, ages=True) == text


def test_age_behind_a_question(tmp_path: Path) -> None:
    """A bare number is an age where the interviewer asked for it, in the corpus and in the copy of the file."""
    path = tmp_path / "a.txt"
    path.write_text("I: Hoe oud bent u?\nR: 47.\nI: Hoe vaak belde u?\nR: 47.\n" * 2, encoding="utf-8")
    corpus = pseudonymise(read_corpus(path), options=PrivacyOptions(ages=True)).corpus
    assert corpus.documents[0].text.count("[40-49 JAAR]") == 2
    result = CliRunner().invoke(main, ["pseudonymise", str(path), "-o", str(tmp_path / "uit"), "--ages"])
    assert result.exit_code == 0, result.output
    assert (tmp_path / "uit" / "a.txt").read_text(encoding="utf-8").count("47") == 2


def test_postcodes() -> None:
    """A postcode becomes a placeholder, or on request its area; a number without the word is none."""
    text = "Op 3511 LX, postcode 9712, betaalde ik 1200 euro."
    assert replaced(text) == "Op [POSTCODE-1], postcode 9712, betaalde ik 1200 euro."
    assert replaced(text, postcodes="area") == "Op [POSTCODE 35..], postcode [POSTCODE 97..], betaalde ik 1200 euro."
    with pytest.raises(OptionError, match="placeholder or area"):
        PrivacyOptions(postcodes="pc4")  # type: ignore[arg-type]


def test_columns_on_request(tmp_path: Path) -> None:
    """Columns of ages, postcodes, employers and towns hold what was asked for, also where cells are numbers."""
    heading = ["Leeftijd", "Postcode", "Werkgever", "Woonplaats", "Jaren klant", "toelichting"]
    rows = [[47, 3511, "Bakkerij Pieters", "Lochem", 47, "Het duurde lang"], [17, 9712, "", "Utrecht", 3, "Prima hoor"]]
    book = openpyxl.Workbook()
    for row in (heading, *rows):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    options = ["--ages", "--postcodes", "area", "--employers", "--places"]
    result = CliRunner().invoke(main, ["pseudonymise", str(tmp_path / "a.xlsx"), "-o", str(tmp_path / "uit"), *options])
    assert result.exit_code == 0, result.output
    new = [[c.value for c in row] for row in openpyxl.load_workbook(tmp_path / "uit" / "a.xlsx").active.iter_rows()]
    assert new[1:] == [
        ["40-49", "35", "[WERKGEVER-1]", "[PLAATS-1]", 47, "Het duurde lang"],
        ["0-17", "97", None, "Utrecht", 3, "Prima hoor"],
    ]
    corpus = pseudonymise(read_corpus(tmp_path / "a.xlsx"), options=EVERYTHING).corpus
    assert corpus.documents[0].attributes["Leeftijd"] == "40-49"
    log = answers(tmp_path / "uit.log.csv")
    assert {(row["kind"], row["placeholder"]) for row in log} >= {("age", "40-49"), ("postcode", "35")}
    assert "3511" not in (tmp_path / "uit.log.csv").read_text(encoding="utf-8")


def test_numbers_under_a_telling_heading(tmp_path: Path) -> None:
    """Numbers and dates of Excel and JSON are replaced too where the heading says that they are personal data."""
    book = openpyxl.Workbook()
    for row in (["BSN", "Geboortedatum", "toelichting"], [111222333, datetime.datetime(1961, 5, 3), "Het duurde lang"]):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    (tmp_path / "b.jsonl").write_text('{"bsn": 111222333, "text": "Het duurde lang"}\n', encoding="utf-8")
    arguments = ["pseudonymise", str(tmp_path / "a.xlsx"), str(tmp_path / "b.jsonl"), "-o", str(tmp_path / "uit")]
    assert CliRunner().invoke(main, arguments).exit_code == 0
    sheet = openpyxl.load_workbook(tmp_path / "uit" / "a.xlsx").active
    assert [cell.value for cell in sheet[2]][:2] == ["[BSN-1]", "[GEBOORTEDATUM-1]"]
    assert json.loads((tmp_path / "uit" / "b.jsonl").read_text(encoding="utf-8"))["bsn"] == "[BSN-1]"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Op 3 mei 2023 om 12:30", "Op 17 mei 2023 om 12:30"),
        ("2023-12-28T14:03:22", "2024-01-11T14:03:22"),
        ("28-12-2023, 3/1/24 en 3.1.2024", "11-01-2024, 17/1/24 en 17.1.2024"),
        ("12-mrt-2024", "26-mrt-2024"),
        ("maandag 20 mei", "maandag 3 juni"),
        ("drie mei, eenentwintig maart tweeduizend vierentwintig", "17 mei, 4 april 2024"),
        ("van 28 t/m 31 maart, 20-24 mei", "van 11 t/m 14 april, 3-7 juni"),
        ("March 12th, 2024 and the 3rd of May", "March 26th, 2024 and the 17th of May"),
        ("Geboren op 3 mei 1961, verhuisd op 4 mei 2020.", "Geboren op [GEBOORTEDATUM-1], verhuisd op 18 mei 2020."),
    ],
)
def test_dates(text: str, expected: str) -> None:
    """Dates move and keep their form; times stay, and dates of birth are placeholders."""
    assert Pseudonymiser(by_days(14), options=PrivacyOptions(shift_dates=True)).text(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "In mei 2023 en in 2024, maart was druk.",
        "In maart 15 keer gebeld, versie 10.12.14.15, 24/7, 1/2 en 3-4.",
        "Op 31-02-2024 en 45-13-2024.",
        "Wij verdienen een jan modaal.",
        "Om 12:30 betaalde ik 12,50.",
    ],
)
def test_no_dates(text: str) -> None:
    """Months and years alone, times, versions, fractions, and days that do not exist stay."""
    assert replaced(text, shift_dates=True) == text


@settings(max_examples=200, deadline=None)
@given(DATES, DATES, st.sampled_from(FORMS), st.text(max_size=9))
def test_shifts_keep_distance_and_weekday(one: datetime.date, other: datetime.date, form: str, case: str) -> None:
    """Two dates of a respondent move by the same whole weeks, four at most, and stay what they are otherwise."""
    key = Pseudonyms()
    text = f"They called me on {one.strftime(form)}; and then {other.strftime(form)} again."
    new = Pseudonymiser(key, options=PrivacyOptions(shift_dates=True)).spans(text, case=case)
    moved = [datetime.datetime.strptime(said, form).date() for _, _, said in new]
    assert [date - before for date, before in zip(moved, (one, other), strict=True)] == [
        datetime.timedelta(key.shift(case))
    ] * 2
    assert key.shift(case) in {-28, -21, -14, -7, 7, 14, 21, 28}


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="0123456789-/. tmei maartdrieljn'", max_size=60), st.integers(-28, 28))
def test_any_date(text: str, days: int) -> None:
    """Whatever is found can be moved, and moving nowhere finds it again."""
    for finding in find_dates(text):
        assert shifted(text[finding.start : finding.end], days)


def test_shifts_agree_over_runs(tmp_path: Path) -> None:
    """Respondents keep their shift with the key, whichever comes first, and nothing but the key tells it."""
    key = Pseudonyms()
    shifts = {case: key.shift(case) for case in map(str, range(40))}
    assert len(set(shifts.values())) > 3
    key.save(tmp_path / "key.csv")
    again = Pseudonyms.load(tmp_path / "key.csv")
    assert {case: again.shift(case) for case in reversed(shifts)} == shifts
    again._shifts.clear()
    assert {case: again.shift(case) for case in shifts} == shifts
    assert {case: Pseudonyms().shift(case) for case in shifts} != shifts


def test_shift_is_of_the_respondent(tmp_path: Path) -> None:
    """Text and column of a row move alike, rows of one case too; copies, corpus and a second run agree."""
    path = tmp_path / "a.csv"
    path.write_text(
        "respondent;datum;toelichting\n"
        + "".join(f"R{n % 9};2024-03-{n + 10};Op {n + 10} maart 2024 belde ik\n" for n in range(12)),
        encoding="utf-8",
    )
    arguments = ["pseudonymise", str(path), "-o", str(tmp_path / "uit"), "--shift-dates"]
    assert CliRunner().invoke(main, arguments).exit_code == 0
    first = (tmp_path / "uit" / "a.csv").read_bytes()
    assert CliRunner().invoke(main, arguments).exit_code == 0
    assert (tmp_path / "uit" / "a.csv").read_bytes() == first
    key = Pseudonyms.load(tmp_path / "uit.key.csv")
    rows = answers(tmp_path / "uit" / "a.csv") if b";" not in first else list(
        csv.DictReader(first.decode("utf-8-sig").splitlines(), delimiter=";")
    )  # fmt: skip
    for number, row in enumerate(rows):
        new = datetime.date(2024, 3, number + 10) + datetime.timedelta(key.shift(f"R{number % 9}"))
        assert row["datum"] == new.isoformat()
        assert f"Op {new.day} " in row["toelichting"]
    corpus = pseudonymise(read_corpus(path), key=key, options=PrivacyOptions(shift_dates=True)).corpus
    assert [document.attributes["datum"] for document in corpus] == [row["datum"] for row in rows]
    shift = f"[{key.shift('R1'):+} DAGEN]"
    assert any(row["placeholder"] == shift and row["kind"] == "shift" for row in answers(tmp_path / "uit.key.csv"))
    assert "DAGEN" not in (tmp_path / "uit.log.csv").read_text(encoding="utf-8")


def test_dates_of_excel_stay_dates(tmp_path: Path) -> None:
    """A date cell of a workbook is still a date, moved like the text of its row."""
    book = openpyxl.Workbook()
    for row in (["datum", "toelichting"], [datetime.datetime(2024, 3, 12, 9, 30), "Op 12 maart 2024 belde ik"]):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    arguments = ["pseudonymise", str(tmp_path / "a.xlsx"), "-o", str(tmp_path / "uit"), "--shift-dates"]
    assert CliRunner().invoke(main, arguments).exit_code == 0
    date, text = (cell.value for cell in openpyxl.load_workbook(tmp_path / "uit" / "a.xlsx").active[2])
    assert date != datetime.datetime(2024, 3, 12, 9, 30)
    assert (date.hour, date.minute, date.weekday()) == (9, 30, 1)
    assert f"Op {date.day} " in text


def test_waves_keep_their_dates() -> None:
    """Dates that tell waves apart stay, and that is said."""
    attributes = {"meting": "2024-03-12", "datum": "2024-03-12"}
    text = "Het duurde lang"
    document = Document(
        "a", "a", "survey", "a.csv", text, (Turn(0, len(text), "", "respondent"),), "nl", attributes, {"wave": "meting"}
    )
    done = pseudonymise(Corpus((document,)), options=PrivacyOptions(shift_dates=True)).corpus
    assert done.documents[0].attributes["meting"] == "2024-03-12"
    assert done.documents[0].attributes["datum"] != "2024-03-12"
    assert 'Dates in "meting" stay' in done.notices[-1].message


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ik werk al jaren als kok bij Albert Heijn.", "Ik werk al jaren als kok bij [WERKGEVER-1]."),
        ("ik werk bij albert heijn in ploegen", "ik werk bij [WERKGEVER-1] in ploegen"),
        ("Mijn baas bij Bakkerij Pieters belde.", "Mijn baas bij [WERKGEVER-1] belde."),
        ("Mijn man werkt bij de gemeente Dalfsen.", "Mijn man werkt bij de [WERKGEVER-1]."),
        ("Ik heb jaren bij Philips gewerkt.", "Ik heb jaren bij [WERKGEVER-1] gewerkt."),
        ("I work at Philips, for now.", "I work at [WERKGEVER-1], for now."),
        ("Ik was in dienst van Jansen Bouw.", "Ik was in dienst van [WERKGEVER-1]."),
    ],
)
def test_employers(text: str, expected: str) -> None:
    """For whom somebody works is replaced on request."""
    assert replaced(text, employers=True) == expected


@pytest.mark.parametrize(
    "text",
    [
        "De app werkt bij Ziggo niet en bij KPN wel.",
        "Ik bel al jaren met Albert Heijn en heb een contract bij Vattenfall.",
        "Ik werk thuis en bel dan bij Ziggo.",
        "Ik werk bij een bank.",
    ],
)
def test_no_employers(text: str) -> None:
    """The company that a customer speaks of is no employer."""
    assert replaced(text, employers=True) == text


def test_employer_elsewhere() -> None:
    """An employer that is no brand is replaced in the whole interview; a brand only where it is the employer."""
    text = "Bij Pietersma Techniek is het druk. Ik werk bij Pietersma Techniek. Ik werkte bij Ziggo. Ziggo is duur."
    document = Document("a", "a", "interview", "a.txt", text, (Turn(0, len(text), "R", "respondent"),), "nl")
    done = pseudonymise(Corpus((document,)), options=PrivacyOptions(employers=True)).corpus.documents[0].text
    assert "Pietersma" not in done
    assert done.endswith("Ik werkte bij [WERKGEVER-2]. Ziggo is duur.")


def test_places() -> None:
    """Small places are replaced; cities, regions, countries, and words that are places too stay."""
    text = (
        "Ik kom uit Best en woon in lochem, niet in de wijk, Apeldoorn, Spanje of Twente; dat is het best. Goes? Exloo!"
    )
    assert replaced(text, places=True) == (
        "Ik kom uit [PLAATS-1] en woon in [PLAATS-2], niet in de wijk, Apeldoorn, Spanje of Twente; dat is het best. "
        "Goes? [PLAATS-3]!"
    )
    assert replaced(text) == text


def test_pipeline_of_spacy(tmp_path: Path) -> None:
    """Names that a spaCy pipeline finds are added, on the review list; where ours overlap they stay."""
    pipeline = spacy.blank("nl")
    ruler = pipeline.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": "PERSON", "pattern": name} for name in ("het Quistorffje", "Fatma")])
    ruler.add_patterns([{"label": "GPE", "pattern": "Lochem"}])
    pipeline.to_disk(tmp_path / "nl")
    text = "Fatma Demir zag het Quistorffje in Lochem."
    pseudonymiser = Pseudonymiser(options=PrivacyOptions(backend=str(tmp_path / "nl")))
    assert pseudonymiser.text(text) == "[PERSOON-1] zag [PERSOON-2] in Lochem."
    assert [(r.sure, r.original) for r in pseudonymiser.replacements] == [
        (True, "Fatma Demir"), (False, "het Quistorffje"),
    ]  # fmt: skip


def test_deduce(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of what Deduce finds, persons are added and the rest is not."""

    class Deduce:
        def deidentify(self, text: str) -> SimpleNamespace:
            found = [("quistorff", "persoon"), ("lochem", "locatie")]
            places = [(text.find(word), word, tag) for word, tag in found if word in text]
            return SimpleNamespace(
                annotations=[SimpleNamespace(start_char=at, end_char=at + len(w), tag=t) for at, w, t in places]
            )

    fake = ModuleType("deduce")
    fake.Deduce = Deduce  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "deduce", fake)
    backends._deduce.cache_clear()
    assert replaced("daar zat quistorff in lochem", backend="deduce") == "daar zat [PERSOON-1] in lochem"
    backends._deduce.cache_clear()


def test_back_ends_that_are_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What is not installed is said before anything is read, with the command that installs it."""
    monkeypatch.setitem(sys.modules, "deduce", None)
    backends._deduce.cache_clear()
    monkeypatch.setattr(spacy.util, "is_package", lambda name: False)
    backends._installed.cache_clear()
    with pytest.raises(ModelError, match=r"Run: pip install deduce$"):
        Pseudonymiser(options=PrivacyOptions(backend="deduce"))
    with pytest.raises(ModelError, match=r"pip install https://github.com/explosion/.*nl_core_news_md-\S+\.whl$"):
        Pseudonymiser(options=PrivacyOptions(backend="spacy"))
    with pytest.raises(ModelError, match="cannot be loaded as a spaCy pipeline"):
        Pseudonymiser(options=PrivacyOptions(backend=str(tmp_path)))


@pytest.mark.parametrize("option", [["--ages"], ["--postcodes", "area"], ["--names", "people.txt"]])
def test_options_without_pseudonymise(tmp_path: Path, option: list[str]) -> None:
    """An option of pseudonymisation without --pseudonymise is refused, so that nobody believes it was done."""
    (tmp_path / "a.txt").write_text("Ik ben 47.", encoding="utf-8")
    result = CliRunner().invoke(main, ["tag", str(tmp_path / "a.txt"), "-o", str(tmp_path / "uit.csv"), *option])
    assert result.exit_code == 2
    assert "without --pseudonymise" in result.output


def test_tag_with_options(tmp_path: Path) -> None:
    """Batch tagging takes the same options."""
    (tmp_path / "a.csv").write_text("leeftijd,toelichting\n47,Ik ben 47. Het duurde lang\n", encoding="utf-8")
    output = tmp_path / "uit.csv"
    arguments = ["tag", str(tmp_path / "a.csv"), "-o", str(output), "--model", "fast", "--pseudonymise", "--ages"]
    result = CliRunner().invoke(main, [*arguments, "--text-column", "toelichting"])
    assert result.exit_code == 0, result.output
    assert next((row["leeftijd"], row["text"]) for row in answers(output)) == ("40-49", "Ik ben [40-49 JAAR].")
