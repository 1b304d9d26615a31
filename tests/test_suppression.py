"""A report to hand on tells nothing of single people, in none of its files."""

import dataclasses
import itertools
import re
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from report_study import ATTACK, fake_study, with_text

from cxtext.cli import main
from cxtext.errors import OptionError, ReadError
from cxtext.journey.mapping import NPS
from cxtext.privacy.cells import WITHHELD, Line, withhold
from cxtext.privacy.processing import ProcessingRecord, grounds, load_processing_record, questions
from cxtext.privacy.screening import needs_check
from cxtext.report import check_shared, write_report
from cxtext.report.labels import LANGUAGES, load_labels
from cxtext.report.page import render_page
from cxtext.report.shared_nps import shared_nps
from cxtext.report.shared_page import render_shared
from cxtext.report.suppression import Shared, suppress
from cxtext.stats import nps
from cxtext.study import Study
from cxtext.tables import make_table

NL = load_labels("nl")
BELOW = 5
RECORD = ProcessingRecord(
    purpose="de service verbeteren",
    ground="legitimate interests",
    retention="tot 1 juli 2027",
    responsible="Team Klantonderzoek",
    consent=True,
    pseudonymised=True,
)


@pytest.fixture(scope="module")
def study() -> Study:
    """Everything that the report shows, invented."""
    return fake_study()


@pytest.fixture(scope="module")
def own_page(study: Study) -> str:
    """The page of the report that is not to be handed on."""
    return render_page(study, NL)


@pytest.fixture(scope="module")
def shared(study: Study) -> Shared:
    """What of it can be handed on."""
    return suppress(study, NL, below=BELOW)


@pytest.fixture(scope="module")
def folder(study: Study, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All files of the report to hand on."""
    folder = tmp_path_factory.mktemp("shared")
    write_report(study, folder, suppress_below=BELOW)
    return folder


def everything(folder: Path) -> str:
    """Text of all files, also of those inside workbooks, and the bytes of pictures."""
    texts = []
    for path in folder.rglob("*"):
        if path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as book:
                texts += [book.read(name).decode("utf-8") for name in book.namelist()]
        elif path.is_file():
            texts.append(path.read_bytes().decode("utf-8", "replace"))
    return "\n".join(texts)


def plain(text: str) -> str:
    """Text as it may be escaped or quoted, without what escaping changes."""
    return re.sub(r"&#?\w+;|\W+", " ", text).strip()


# ---- which numbers are withheld


def test_small_numbers_are_withheld() -> None:
    """From 1 to k - 1 a number is withheld; nobody, and k, are shown."""
    assert withhold({"a": 0, "b": 1, "c": 4, "d": 5}, below=5) == {"b": "<5", "c": "<5"}


def test_the_only_small_number_of_a_total_takes_the_next_smallest_along() -> None:
    """Where the parts add up to a total, one number alone is never withheld; where somebody is in none, it can be."""
    counts = {"a": 9, "b": 6, "c": 2}
    assert withhold(counts, [Line(("a", "b", "c"))], below=5) == {"c": WITHHELD, "b": WITHHELD}
    assert withhold(counts, [Line(("a", "b", "c"), rest=3)], below=5) == {"c": "<5"}
    assert withhold(counts, [Line(("a", "b", "c"), rest=1)], below=5) == {"c": WITHHELD, "b": WITHHELD}


@given(st.lists(st.lists(st.integers(0, 12), min_size=3, max_size=3), min_size=1, max_size=5), st.integers(2, 6))
def test_nothing_small_can_be_computed_from_a_table(table: list[list[int]], below: int) -> None:
    """In a table with known totals, at least two cells, of k people at least, are missing from a row or column."""
    counts = {(i, j): n for i, row in enumerate(table) for j, n in enumerate(row)}
    rows = [Line(tuple((i, j) for j in range(3))) for i in range(len(table))]
    columns = [Line(tuple((i, j) for i in range(len(table)))) for j in range(3)]
    marks = withhold(counts, [*rows, *columns], below=below)
    assert all(key in marks for key, n in counts.items() if 0 < n < below)
    for line in (*rows, *columns):
        gone = [counts[key] for key in line.keys if key in marks]
        shown = [key for key in line.keys if key not in marks and counts[key]]
        assert not gone or not shown or (len(gone) > 1 and sum(gone) >= below)


# ---- what is handed on


def test_no_file_tells_of_single_people(study: Study, folder: Path, shared: Shared) -> None:
    """No withheld sentence, case, speaker, document, file, segment or question is in any byte of any file."""
    text = everything(folder)
    said = f" {plain(text)} "
    quotes = {
        *shared.cells["name"],
        *(c.quote for c in shared.claims),
        *(q for own in shared.quotes.values() for q in own),
    }
    withheld = [sentence for sentence in study.segments["text"] if sentence not in quotes]
    assert len(withheld) > 20
    assert [sentence for sentence in withheld if f" {plain(sentence)} " in said] == []
    names = {*study.segments["case"], *study.segments["segment"], *study.documents["name"], *study.documents["source"]}
    assert [name for name in names if name in text] == []
    assert [prompt for prompt in study.segments["prompt"].unique() if plain(prompt) in said] == []
    speakers = {turn.speaker for document in study.corpus for turn in document.turns} - {"", "Interviewer"}
    assert [name for name in speakers if f" {name} " in said] == []


def test_the_page_holds_no_data_and_no_script(folder: Path) -> None:
    """Where a search works, all it finds is in the file; so the page to hand on has none."""
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "script-src 'none'" in page.replace("&#39;", "'")
    assert not re.findall(r'href="#(?:codes|quote)', page)


def test_there_are_no_tables_of_single_people(folder: Path) -> None:
    """Tables of documents, segments and codings, and the workbook of quotes, are left out."""
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.suffix in (".csv", ".xlsx")}
    tables = {f"tables/{name}.csv" for name in ("journey", "curve", "themes", "codes", "nps")}
    assert names == {"tables.xlsx", *tables}


def test_no_number_is_small(shared: Shared, folder: Path) -> None:
    """No number of respondents from 1 to k - 1 is in a table, on a sheet or in the page."""
    frames = (shared.cells, shared.curve, shared.nps, shared.themes, shared.codes)
    columns = ("respondents", "of_respondents", "n", "negative", "promoters", "passives", "detractors")
    numbers = [
        n for frame in frames for name in frame if name in columns for n in frame[name] if not isinstance(n, str)
    ]
    assert len(numbers) > 30
    assert [n for n in numbers if 0 < n < BELOW] == []
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert re.findall(r">[1-4] van \d+ respondent", page) == []
    assert "&lt;5 van 11 respondenten" in page
    sheet = openpyxl.load_workbook(folder / "tables.xlsx")[NL("map")]
    assert {cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, int)} & {
        1,
        2,
        3,
        4,
    } == set()
    table = pd.read_csv(folder / "tables" / "journey.csv", sep=";", encoding="utf-8-sig")
    assert "<5" in set(table["respondents"])


def test_numbers_that_are_large_enough_stay_what_they_are(study: Study, shared: Shared) -> None:
    """Suppression changes no number that it shows."""
    own = study.journey.cells.set_index(["phase", "lane", "item"])["respondents"]
    shown = [row for row in shared.cells.itertuples() if isinstance(row.respondents, int)]
    assert shown
    assert all(own[row.phase, row.lane, row.item] == row.respondents for row in shown)
    assert shared.curve["n"].tolist() == study.journey.curve["n"].tolist()
    themes = study.themes.table.set_index("theme")["respondents"]
    assert all(themes[row.theme] == row.respondents for row in shared.themes.itertuples())


def test_small_phases_and_themes_have_no_mean_and_no_quotes(study: Study) -> None:
    """A phase of fewer than k respondents has neither number, mean nor quote, and a small theme is not named."""
    shared = suppress(study, NL, below=7)
    curve = shared.curve.set_index("phase")
    assert curve.loc["transaction", "n"] in ("<7", WITHHELD)
    assert curve.loc["transaction", ["mean", "low", "high"]].isna().all()
    cells = shared.cells[shared.cells["phase"] == "transaction"]
    assert not any(isinstance(n, int) for n in cells["respondents"])
    assert set(cells.loc[cells["item"] == "", "name"]) == {""}
    small = study.themes.table[study.themes.table["respondents"] < 7]
    assert len(small)
    assert not {*small["name"]} & {*shared.themes["name"], *shared.cells["name"]}
    assert NL("cell_withheld", few="<7").replace("<", "&lt;") in render_shared(shared, NL)


def test_the_parts_of_an_nps_cannot_be_computed(shared: Shared) -> None:
    """Where a part is small, all parts and the interval are withheld, and never in one group alone."""
    rows = {(row.touchpoint, row.wave): row for row in shared.nps.itertuples()}
    assert set(rows) == {("", ""), ("", "nulmeting"), ("", "hermeting")}
    waves = [rows["", "nulmeting"], rows["", "hermeting"]]
    assert {row.promoters for row in waves} == {WITHHELD}
    assert all(pd.isna(row.low) for row in waves)


def nps_table(*parts: tuple[int, int, int], kind: str = "wave") -> pd.DataFrame:
    """NPS of everybody, and of groups with these promoters, passives and detractors."""
    names = [f"m{number}" for number in range(len(parts))]
    everybody = tuple(sum(column) for column in zip(*parts, strict=True))
    rows = []
    for name, (promoters, passives, detractors) in zip(["", *names], [everybody, *parts], strict=True):
        result = nps([10] * promoters + [8] * passives + [0] * detractors)
        groups = {"touchpoint": "", "wave": "", kind: name}
        rows.append({**groups, **dataclasses.asdict(result), "respondents": result.n})
    return make_table(rows, NPS)


def divisions(row: Any) -> list[tuple[int, ...]]:
    """All promoters, passives and detractors that fit what is printed of a group."""
    found = [(p, row.n - p - d, d) for p in range(row.n + 1) for d in range(row.n + 1 - p)]
    printed = (row.promoters, row.passives, row.detractors)
    fits = [own for own in found if row.promoters == WITHHELD or own == printed]
    return [own for own in fits if row.score == WITHHELD or round(100 * (own[0] - own[2]) / row.n) == row.score]


def test_a_score_that_tells_its_parts_is_withheld() -> None:
    """Six answers and a score of -83 are one passive and five detractors; that is not printed, here 0 promoters too."""
    (row,) = shared_nps(nps_table((0, 1, 5)).iloc[:1], below=BELOW).itertuples()
    assert (row.n, row.promoters, row.score) == (6, WITHHELD, WITHHELD)
    (row,) = shared_nps(nps_table((8, 3, 9)).iloc[:1], below=BELOW).itertuples()
    assert (row.n, row.promoters, row.score) == (20, WITHHELD, -5)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(*[st.integers(0, 3)] * 3).filter(lambda parts: sum(parts) > 2), min_size=1, max_size=3),
    st.integers(2, 3),
)
def test_small_parts_of_an_nps_do_not_follow_from_all_that_is_printed(
    parts: list[tuple[int, int, int]], below: int
) -> None:
    """With every number, score and sum of the table, at least three values remain for each small part."""
    table = shared_nps(nps_table(*parts), below=below)
    total, *groups = table.itertuples()
    assert len(groups) == len(parts)
    sums = set(divisions(total))
    worlds = [w for w in itertools.product(*map(divisions, groups)) if tuple(map(sum, zip(*w, strict=True))) in sums]
    assert tuple(parts) in worlds
    for group, own in enumerate(parts):
        for part in range(3):
            assert not 0 < own[part] < below or len({world[group][part] for world in worlds}) > 2


def test_a_score_stays_where_it_tells_nothing() -> None:
    """Groups whose parts are large keep all; of the others, a score remains that many divisions fit."""
    table = shared_nps(nps_table((20, 20, 20), (30, 10, 20), (18, 4, 4), (19, 3, 4), (18, 4, 3)), below=BELOW)
    assert table["score"].tolist() == [27, 0, 17, 54, 58, 60]
    assert table["passives"].tolist() == [41, 20, 10, WITHHELD, WITHHELD, WITHHELD]


def test_few_who_are_not_negative_do_not_follow_from_those_who_are(study: Study, shared: Shared) -> None:
    """Five negative respondents of seven leave two who are not: the five are withheld; six of eleven are not."""
    own = study.journey.curve.set_index("phase")["negative"]
    assert own["orientation"] == 5
    negative = shared.curve.set_index("phase")["negative"]
    assert (negative["orientation"], negative["transaction"], negative["use"]) == (WITHHELD, "<5", WITHHELD)
    assert negative["service"] == own["service"] == 6
    said = study.codings.assign(code=study.codings["code"].where(study.codings["group"] != "sentiment", "negative"))
    codes = suppress(dataclasses.replace(study, codings=said), NL, below=BELOW).codes
    everybody = codes[codes["group"] == "sentiment"]["respondents"]
    assert everybody.tolist() == [study.respondents]
    one = said[~((said["group"] == "sentiment") & (said["document"] == said["document"].iloc[-1]))]
    codes = suppress(dataclasses.replace(study, codings=one), NL, below=BELOW).codes
    assert codes[codes["group"] == "sentiment"]["respondents"].tolist() == [WITHHELD]


def test_a_study_that_is_too_small_is_refused(tmp_path: Path) -> None:
    """Where nothing would remain, a message says so, and nothing is written."""
    with pytest.raises(OptionError, match=r"3 respondents.*fewer than 5.*nothing would remain"):
        write_report(fake_study(interviews=3, survey=0), tmp_path / "out", suppress_below=5)
    with pytest.raises(OptionError, match="Give 2 or more"):
        write_report(fake_study(), tmp_path / "out", suppress_below=1)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", ["report.html", "plots/emotion_curve.png", "tables/documents.csv", "notes/.x"])
def test_it_does_not_come_among_other_files(study: Study, tmp_path: Path, name: str) -> None:
    """A folder with any file is refused, as that would be handed on with it; empty folders do no harm."""
    (tmp_path / name).parent.mkdir(exist_ok=True)
    check_shared(tmp_path)
    (tmp_path / name).touch()
    with pytest.raises(OptionError, match=rf"holds {re.escape(name)}.*Name another folder"):
        write_report(study, tmp_path, formats=["csv"], suppress_below=5)
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [Path(name).name]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_report_says_what_is_withheld(study: Study, language: str) -> None:
    """First page and method section tell what is withheld and from how few respondents, in both languages."""
    labels = load_labels(language)
    shared = suppress(study, labels, below=6)
    channels = shared.cells[shared.cells["lane"] == "channels"]
    assert {*channels["name"]} == {shared.names.codes[f"channel/{code}"] for code in channels["item"]}
    page = render_shared(shared, labels)
    assert f'<html lang="{language}">' in page
    assert labels("shared_text", below=6) in page
    assert labels("privacy_quotes", below=6) in page
    assert "anoniem" not in page.lower()
    assert "anonym" not in page.lower()


def test_texts_are_escaped_in_a_shared_report(tmp_path: Path) -> None:
    """A respondent who says markup is quoted, not obeyed."""
    write_report(with_text(ATTACK), tmp_path, formats=["html"], suppress_below=2)
    assert "<img" not in (tmp_path / "report.html").read_text(encoding="utf-8")


# ---- quotes to be checked


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Bel me op 06-12345678.", True),
        ("Door mijn depressie kwam het er niet van.", True),
        ("Toen zei [PERSOON-1] dat het kon.", False),
        ("Drie kwartier in de wacht.", False),
    ],
)
def test_what_has_to_be_checked(text: str, expected: bool) -> None:
    """Personal data and special categories have to be checked; placeholders and plain complaints have not."""
    assert needs_check(text) is expected


def test_quotes_that_have_to_be_checked_are_withheld_until_they_are(study: Study, own_page: str) -> None:
    """They are left out, unless the data are pseudonymised and a person checked the quotes."""
    name = "Karin"
    assert name in own_page
    assert name not in render_shared(suppress(study, NL, below=2), NL)
    checked = dataclasses.replace(study, record=dataclasses.replace(RECORD, quotes_checked=True))
    assert name in render_shared(suppress(checked, NL, below=2), NL)


def test_own_report_marks_quotes_to_be_checked(own_page: str) -> None:
    """The researcher sees which printed quotes need a look, and no others are marked."""
    figures = re.findall(r'<figure class="quote">.*?</figure>', own_page, re.S)
    marked = [figure for figure in figures if NL("check_quote") in figure]
    assert marked
    assert all("Karin" in figure for figure in marked)


# ---- the processing record


def test_record_is_printed_in_both_reports(study: Study) -> None:
    """Purpose, ground, retention, who and consent stand in the privacy section, in words of the language."""
    known = dataclasses.replace(study, record=RECORD)
    for page in (render_page(known, NL), render_shared(suppress(known, NL, below=BELOW), NL)):
        section = page.split('id="privacy"')[1]
        for text in ("de service verbeteren", "gerechtvaardigd belang", "tot 1 juli 2027", "Team Klantonderzoek"):
            assert text in section
        assert NL("privacy_pseudonymised") in section
        assert NL("privacy_no_record") not in section


def test_a_study_without_a_record_says_so(own_page: str) -> None:
    """One line tells that nothing is on record and how to add it; nothing is claimed about pseudonyms."""
    assert "--record" in own_page
    assert NL("privacy_as_given") in own_page


def test_record_goes_to_a_file_and_back(tmp_path: Path) -> None:
    """What is saved is read again as it was."""
    RECORD.save(tmp_path / "record.yaml")
    assert load_processing_record(tmp_path / "record.yaml") == RECORD


def test_record_may_be_written_in_dutch(tmp_path: Path) -> None:
    """Dutch names of fields, grounds and answers do as well."""
    path = tmp_path / "studie.yaml"
    path.write_text(
        "Doel: de service verbeteren\nGrondslag: gerechtvaardigd belang\nBewaartermijn: tot 1 juli 2027\n"
        "Wie: Team Klantonderzoek\nToestemming: ja\nGepseudonimiseerd: ja\n",
        encoding="utf-8",
    )
    assert load_processing_record(path) == RECORD


def test_the_record_of_the_readme_is_one(tmp_path: Path) -> None:
    """What the README shows can be copied."""
    readme = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```yaml\n(doel:.*?)```", readme, re.S)
    (tmp_path / "study.yaml").write_text(block, encoding="utf-8")
    assert load_processing_record(tmp_path / "study.yaml").ground == "consent"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "doel: x\ngrondslag: toestemming\ntoestemming: ja\n",
            r"nothing about: retention \(bewaartermijn\), responsible",
        ),
        ("doel: x\nkleur: rood\n", r"no field 'kleur'.*purpose \(doel\)"),
        ("doel: x\npurpose: y\n", r"'purpose' is there twice"),
        ("doel: x\ngrondslag: omdat het mag\nbewaartermijn: 1\nwie: y\ntoestemming: nee\n", r"no ground.*toestemming"),
        ("doel: x\ngrondslag: toestemming\nbewaartermijn: 1\nwie: y\ntoestemming: nee\n", r"did not give it"),
        ("toestemming: misschien\n", r"'misschien'.*yes or no"),
        ("- doel\n", r"no processing record.*one line per field"),
        ("doel: [x\n", r"cannot be read"),
    ],
)
def test_a_wrong_record_is_told(tmp_path: Path, text: str, message: str) -> None:
    """Whatever is wrong with a file, the message says what and what to write."""
    path = tmp_path / "record.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ReadError, match=f"(?s)record.yaml: .*{message}"):
        load_processing_record(path)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_field_has_a_question(language: str) -> None:
    """Who asks for a record can ask for all of it, and offer the six grounds of the law."""
    assert list(questions(language)) == [field.name for field in dataclasses.fields(ProcessingRecord)]
    assert len(set(grounds(language).values())) == 6


# ---- the command line


def test_run_makes_a_report_to_hand_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """``--suppress-below`` without a number withholds below five; the record is printed, and bad ones stop it early."""
    monkeypatch.chdir(tmp_path)
    answers = "".join(
        f"R-{i:03d}-geheim,{i},Vreselijk lang in de wacht gestaan bij de klantenservice.\n" for i in range(9)
    )
    Path("answers.csv").write_text(f"id,nps,answer\n{answers}", encoding="utf-8")
    Path("broken.yaml").write_text("doel: x\n", encoding="utf-8")
    RECORD.save("record.yaml")
    run = ["run", "answers.csv", "-o", "out", "--model", "fast", "-q"]
    stopped = CliRunner().invoke(main, [*run, "--record", "broken.yaml"])
    assert stopped.exit_code == 1
    assert "nothing about" in stopped.output
    assert not Path("out").exists()
    done = CliRunner().invoke(main, [*run, "--record", "record.yaml", "--suppress-below"])
    assert done.exit_code == 0, done.output
    text = everything(Path("out"))
    assert "geheim" not in text
    assert "&lt;5" in text
    assert "Team Klantonderzoek" in text
