import dataclasses
import json
import re
from itertools import pairwise
from pathlib import Path
from urllib.parse import parse_qsl

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_study import ATTACK, FORMULA, empty_study, fake_study, with_text

from cxtext.cells import MAX_CHARACTERS, safe_cell, safe_frame
from cxtext.errors import OptionError, WriteError
from cxtext.records import Corpus
from cxtext.report import write_report
from cxtext.report.attributes import attributes_table, filters_table
from cxtext.report.figure import draw_narrow, draw_wide
from cxtext.report.findings import find
from cxtext.report.journey_map import cell_link, lanes
from cxtext.report.labels import LANGUAGES, load_labels
from cxtext.report.method import code_groups, files
from cxtext.report.names import names_of
from cxtext.report.page import render_page
from cxtext.report.payload import script_json
from cxtext.report.quotes import file_names, quotes_table
from cxtext.report.sections import curve_message, outliers, theme_cards
from cxtext.report.spreadsheet import write_workbook
from cxtext.report.summary import status_text
from cxtext.study import Study

NL = load_labels("nl")


@pytest.fixture(scope="module")
def study() -> Study:
    """Everything that the report shows, invented."""
    return fake_study()


@pytest.fixture(scope="module")
def page(study: Study) -> str:
    """The report in Dutch."""
    return render_page(study, NL)


def links(page: str) -> set[str]:
    """Addresses in a page."""
    return set(re.findall(r'href="([^"]*)"', page))


def data_of(page: str) -> dict:  # type: ignore[type-arg]
    """Data of the table of quotes."""
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.S)
    assert found
    return json.loads(found[1])


# ---- labels


def test_both_languages_have_the_same_texts() -> None:
    """Each label exists in each language with the same values to fill in."""

    def shape(value: object) -> object:
        if isinstance(value, dict):
            return {key: shape(text) for key, text in value.items()}
        return sorted(re.findall(r"\{\w+\}", str(value)))

    dutch, english = (shape(load_labels(language).texts) for language in LANGUAGES)
    assert dutch == english


def test_every_label_is_used() -> None:
    """No label is left over from a text that is gone."""
    folder = Path(__file__).parent.parent / "cxtext" / "report"
    code = "".join(path.read_text(encoding="utf-8") for path in folder.rglob("*") if path.suffix in (".py", ".html"))
    built = (
        "lane_",
        "count_",
        "kind_",
        "language_",
        "run_",
        "column_",
        "part_",
        "limit_",
        "finding_",
        "quadrant_",
        "advice_driver_",
        "wording_",
        "driver_kind_",
        "expectation_",
        "touchpoints_",
        "network_",
        "waves_",
        "needed_",
        "gap_",
        "handed_",
        "paths_",
        "activities_",
        "moments_why_",
        "need_",
        "pain_",
        "gain_",
    )
    assert [
        key for key in NL.texts if not key.startswith(built) and f'"{key}"' not in code and f"'{key}'" not in code
    ] == []


def test_numbers_are_written_as_in_the_language() -> None:
    """Dutch has a decimal comma and points for thousands; the minus sign is a true one; zero has no sign."""
    assert NL.number(-1234.5, 1) == "−1.234,5"
    assert load_labels("en").number(-1234.5, 1) == "−1,234.5"
    assert NL.number(-0.04, 1) == "0,0"


def test_another_language_is_refused(tmp_path: Path, study: Study) -> None:
    """A language without texts ends in a message that names the languages."""
    with pytest.raises(OptionError, match=r"'de'.*nl, en"):
        write_report(study, tmp_path, language="de")


# ---- cells


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("=1+1", "'=1+1"),
        ("+31 6", "'+31 6"),
        ("- ja hoor", "'- ja hoor"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("\x01=1", "'=1"),
        ("-5", "-5"),
        ("+1,5", "+1,5"),
        (-5, -5),
        (0.5, 0.5),
        ("gewoon", "gewoon"),
        ("", ""),
    ],
)
def test_cells_cannot_be_formulas(value: object, expected: object) -> None:
    """Text that a spreadsheet would run gets an apostrophe; numbers stay numbers."""
    assert safe_cell(value) == expected


@given(st.text())
def test_no_text_becomes_a_formula(text: str) -> None:
    """Whatever somebody says, the cell does not start as a formula and holds no control characters."""
    cell = safe_cell(text)
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r")) or re.fullmatch(r"[+-]?\d+([.,]\d+)?", cell)
    assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", cell)


def test_column_names_are_cells_too() -> None:
    """The heading of a survey column is as harmless as its answers, and columns of one name are kept."""
    frame = pd.DataFrame([["=1", 2]], columns=["=a", "=a"])
    assert list(safe_frame(frame).columns) == ["'=a", "'=a"]
    assert safe_frame(frame).iloc[0].tolist() == ["'=1", 2]


# ---- files


def test_all_files_are_written(tmp_path: Path, study: Study) -> None:
    """The report names each file that it wrote, and nothing else is left in the folder."""
    written = write_report(study, tmp_path / "new" / "results")
    names = ["report.html", "codings.xlsx"]
    names += [
        f"tables/{name}.csv" for name in ("documents", "segments", "codings", "themes", "journey", "curve", "nps")
    ]
    assert list(written)[: len(names)] == names
    made = ("journey_map", "emotion_curve", "emotions", "themes", "touchpoints", "paths", "priorities")
    assert {f"plots/{name}.{kind}" for name in made for kind in ("png", "svg")} <= set(written)
    assert {f"tables/{name}.csv" for name in ("touchpoints", "waves", "drivers", "priorities")} <= set(written)
    assert sorted(written.values()) == sorted(path for path in (tmp_path / "new").rglob("*") if path.is_file())


def test_only_the_formats_that_were_asked_for(tmp_path: Path, study: Study) -> None:
    """One format writes its own files alone; an unknown one is refused."""
    assert list(write_report(study, tmp_path, formats=["html"])) == ["report.html"]
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]
    with pytest.raises(OptionError, match=r"'pdf'.*html, xlsx, csv, plots"):
        write_report(study, tmp_path, formats=["pdf"])


def test_a_file_in_place_of_the_folder(tmp_path: Path, study: Study) -> None:
    """A folder that cannot be made ends in a message with its name and what to do."""
    (tmp_path / "results").write_text("in the way")
    with pytest.raises(WriteError, match=r"results: the folder .* cannot be made .* Name a folder"):
        write_report(study, tmp_path / "results", formats=["html"])


def test_a_file_that_is_open_elsewhere(tmp_path: Path, study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is in use ends in a message that says so, keeps the old file and leaves nothing behind."""
    (tmp_path / "report.html").write_text("old")

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("cxtext.files.Path.replace", refuse)
    with pytest.raises(WriteError, match=r"report\.html: it cannot be written, because it is open .* Close it"):
        write_report(study, tmp_path, formats=["html"])
    assert [path.read_text() for path in tmp_path.iterdir()] == ["old"]


def test_a_full_disk(tmp_path: Path, study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another fault of the disk is told with its reason."""

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("cxtext.files.Path.replace", refuse)
    with pytest.raises(WriteError, match=r"No space left on device.*Check that the disk has room"):
        write_report(study, tmp_path, formats=["xlsx"])


@pytest.mark.parametrize(("language", "separator", "decimal"), [("nl", ";", ","), ("en", ",", ".")])
def test_tables_open_in_excel(tmp_path: Path, study: Study, language: str, separator: str, decimal: str) -> None:
    """A csv table has a byte order mark and the separators of the language, and reads back as it was."""
    path = write_report(study, tmp_path, language=language, formats=["csv"])["tables/codings.csv"]
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    back = pd.read_csv(path, sep=separator, decimal=decimal, encoding="utf-8-sig", keep_default_na=False)
    assert list(back.columns) == list(study.codings.columns)
    assert back["score"].tolist() == study.codings["score"].tolist()
    assert back["segment"].tolist() == study.codings["segment"].tolist()


def test_formulas_are_harmless_in_every_table(tmp_path: Path) -> None:
    """What a respondent says never starts a formula, in csv nor in the workbook."""
    written = write_report(with_text(FORMULA), tmp_path, formats=["csv", "xlsx"])
    segments = pd.read_csv(written["tables/segments.csv"], sep=";", encoding="utf-8-sig")
    assert segments["text"].iloc[0] == f"'{FORMULA}"
    sheet = openpyxl.load_workbook(written["codings.xlsx"])["Citaten"]
    assert sheet["A2"].value == f"'{FORMULA}"
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"inlineStr", "s", "n"}


# ---- workbook


def test_workbook_has_one_row_per_coding(tmp_path: Path, study: Study) -> None:
    """Each coding has its full code path and its quote, its attributes stand beside it, and scores are numbers."""
    write_workbook(study, tmp_path / "a.xlsx", NL)
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["Citaten"]
    rows = list(sheet.iter_rows(values_only=True))
    header = rows[0]
    assert len(rows) == len(study.codings) + 1
    first = dict(zip(header, rows[1], strict=True))
    assert first["Citaat"] == "Nou, eh, via mijn buurman eigenlijk, die had het al."
    assert first["Code"] == "Soort uitspraak / activiteit"
    assert first["Score"] == pytest.approx(study.codings["score"].iloc[0])
    assert first["Tijd"] == "1:00"
    last = dict(zip(header, rows[-1], strict=True))
    assert (last["Contactmoment"], last["NPS"], last["Fase"]) == ("Klacht", "2", "service")
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref == f"A1:{openpyxl.utils.get_column_letter(len(header))}{len(rows)}"


def test_workbook_keeps_the_limits_of_excel(tmp_path: Path) -> None:
    """Long texts are cut and codings go on on a next sheet, and the notes say both."""
    long = with_text("a" * (MAX_CHARACTERS + 10))
    write_workbook(long, tmp_path / "a.xlsx", NL, max_rows=200)
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames == ["Citaten", "Citaten 2", "Thema’s", "Toelichting"]
    assert sum(book[name].max_row - 1 for name in book.sheetnames[:2]) == len(long.codings)
    assert len(book["Citaten"]["A2"].value) == MAX_CHARACTERS
    notes = " ".join(str(row[0]) for row in book["Toelichting"].iter_rows(values_only=True))
    assert " cellen zijn afgekapt op 32.767 tekens" in notes
    assert "niet op één werkblad (200 rijen)" in notes


def test_workbook_without_codings(tmp_path: Path) -> None:
    """A study without codings gives a sheet with a header alone."""
    write_workbook(empty_study(), tmp_path / "a.xlsx", NL)
    assert openpyxl.load_workbook(tmp_path / "a.xlsx")["Citaten"].max_row == 1


# ---- page


def test_page_is_self_contained(page: str) -> None:
    """The page fetches nothing: no address leaves it, and its policy allows only its own style and script."""
    assert not [link for link in links(page) if not link.startswith(("#", "data:"))]
    assert not re.findall(r"\bsrc=(?!\"data:image/svg)|@import|url\(", page)
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy
    assert policy[1].startswith("default-src &#39;none&#39;; style-src &#39;sha256-")
    assert "unsafe" not in policy[1]
    assert 'style="' not in page


def test_page_is_the_same_at_every_rendering(study: Study, page: str) -> None:
    """The report holds no date, time or random number."""
    assert render_page(study, NL) == page


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_is_in_the_language(study: Study, language: str) -> None:
    """The page says which language it is in and uses its texts."""
    page = render_page(study, load_labels(language))
    assert f'<html lang="{language}">' in page
    assert str(load_labels(language).texts["title"]) in page


def test_page_of_an_empty_study() -> None:
    """A study in which nothing was said still has a report, without a curve and without findings."""
    page = render_page(empty_study(), NL)
    assert NL("no_curve") in page
    assert NL("findings_none") in page
    assert NL("themes_none") in page


def test_every_text_is_escaped() -> None:
    """A respondent who says markup is quoted, not obeyed, wherever the text appears."""
    page = render_page(with_text(ATTACK), NL)
    assert "<img src=x" not in page
    assert page.count("</script>") == 2
    assert data_of(page)["quotes"][0][7] == ATTACK


def test_json_cannot_end_its_script() -> None:
    """Data in a script element holds no markup and comes back as it was."""
    text = "</script><!-- & \u2028 é"
    assert not set("<>&\u2028") & set(script_json([text]))
    assert json.loads(script_json([text])) == [text]


def test_headings_are_in_order(page: str) -> None:
    """No level of heading is skipped, and there is one first heading."""
    levels = [int(level) for level in re.findall(r"<h([1-6])", page.split("<dialog")[0] + page.split("</dialog>")[1])]
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_ids_are_unique(page: str) -> None:
    """No two elements have the same id."""
    ids = re.findall(r'\sid="([^"]+)"', page.split('<script type="application/json"')[0])
    assert len(ids) == len(set(ids))


def test_every_item_of_the_map_leads_to_its_quotes(study: Study, page: str) -> None:
    """The address of each item finds exactly the segments that the journey counts for it."""
    quotes = quotes_table(study).set_index("segment")
    cells = {(phase, lane, item): members for phase, lane, item, _, members in data_of(page)["cells"]}
    for row in study.journey.cells.itertuples(index=False):
        asked = dict(parse_qsl(cell_link(row).partition("?")[2]))
        if "lane" in asked:
            found = set(quotes.index[cells[asked["phase"], asked["lane"], asked["item"]]])
        else:
            kept = quotes[quotes["phase"] == asked["phase"]]
            if "theme" in asked:
                kept = kept[kept["theme"] == asked["theme"]]
            found = set(kept.index)
            if "group" in asked:
                coded = study.codings[["group", "code"]].eq([asked["group"], asked["code"]]).all(axis=1)
                found &= set(study.codings.loc[coded, "segment"])
        assert found == set(row.quotes.split(";")), row


def test_filters_leave_out_who_somebody_is(study: Study) -> None:
    """Recognised parts and attributes with a few values are filters; a name or a value that is alone is not."""
    parts = ["Contactmoment", "Kanaal (opgegeven)", "Meting", "NPS-cijfer"]
    assert list(filters_table(study, NL).columns) == parts
    n = len(study.documents)
    more = study.documents.assign(
        Naam=[f"naam {i}" for i in range(n)],
        Kop=["kop 1", "kop 2"] + [""] * (n - 2),
        Regio=["noord", "zuid"] * (n // 2),
    )
    assert list(filters_table(dataclasses.replace(study, documents=more), NL).columns) == [*parts, "Regio"]


def test_attributes_of_a_turn_are_those_of_its_segments(study: Study) -> None:
    """Where a table has several rows per document, each segment has what its own row says."""
    first = study.corpus.documents[-1]
    turn = dataclasses.replace(first.turns[0], attributes={"Contactmoment": "Balie", "Filiaal": "Leiden"})
    corpus = Corpus((*study.corpus.documents[:-1], dataclasses.replace(first, turns=(turn,))))
    changed = dataclasses.replace(study, corpus=corpus)
    own = (study.segments["document"] == first.id).to_numpy()
    assert set(filters_table(changed, NL).loc[own, "Contactmoment"]) == {"Balie"}
    assert "Balie" not in set(filters_table(changed, NL).loc[~own, "Contactmoment"])
    assert set(attributes_table(changed).loc[own, "Filiaal"]) == {"Leiden"}
    assert set(attributes_table(changed).loc[~own, "Filiaal"]) == {""}


def test_files_have_no_folders(study: Study) -> None:
    """The report shows the name of a file, and its folder only where two files have one name."""
    documents = study.documents.assign(source=["/home/els/a/1.txt", "/home/els/b/1.txt", *["/home/els/c.csv"] * 20])
    assert list(file_names(dataclasses.replace(study, documents=documents)).values()) == [
        "a/1.txt",
        "b/1.txt",
        "c.csv",
        "interview_07.docx",
    ]


# ---- sections


def test_findings_count_respondents(study: Study) -> None:
    """A finding says how many respondents of how many, and leads to exactly those quotes."""
    quotes = quotes_table(study)
    found = find(study, quotes, names_of(study, NL), NL)
    assert [finding.link.partition("?")[2] for finding in found] == [
        "group=kind&code=pain&phase=use",
        "theme=T1",
        "group=kind&code=need",
        "group=kind&code=gain&phase=use",
        "group=emotion&code=anger",
    ]
    pains = study.codings[(study.codings["group"] == "kind") & (study.codings["code"] == "pain")]
    in_use = quotes[quotes["segment"].isin(pains["segment"]) & (quotes["phase"] == "use")]
    assert found[0].share.startswith(f"{in_use['case'].nunique()} van 25 respondenten")
    assert found[0].link_text == f"Lees {len(in_use)} citaten"
    assert found[0].quotes[0]["segment"] in set(in_use["segment"])


def test_small_studies_have_no_percentages() -> None:
    """Below ten respondents every share is a plain count, all through the page."""
    small = fake_study(interviews=3, survey=0)
    assert small.respondents == 3
    visible = render_page(small, NL).split("<script")[0]
    assert "van 3 respondenten" in visible
    assert not re.search(r"respondenten \(\d+%\)", visible)


def test_rejected_codings_do_not_count(study: Study) -> None:
    """What a person rejected is in no number, and what a person accepted is called reviewed."""
    codings = study.codings.copy()
    codings.loc[codings.index[:10], "status"] = "rejected"
    codings.loc[codings.index[10:13], "status"] = "accepted"
    judged = dataclasses.replace(study, codings=codings)
    assert status_text(judged, NL)[0] == f"3 van de {len(codings) - 10} codes zijn door een mens beoordeeld."
    assert len(data_of(render_page(judged, NL))["codings"]) == len(codings) - 10
    codings.loc[codings.index[10:], "status"] = "accepted"
    assert status_text(dataclasses.replace(study, codings=codings), NL)[1] == ""


def test_suggestions_are_called_suggestions(study: Study, page: str) -> None:
    """The first page says that nobody has judged the codes yet."""
    assert status_text(study, NL)[0] == "Voorgesteld door de computer, nog niet door een mens beoordeeld."
    assert status_text(study, NL)[0] in page


def test_themes_show_their_best_quotes(study: Study) -> None:
    """A card has its size with an interval and at most five quotes by rank; the outliers are told apart."""
    cards = theme_cards(study, quotes_table(study), NL)
    assert (cards[0].name, cards[0].interval[:12]) == ("wachten op antwoord", "95%-interval")
    assert all(1 <= len(card.quotes) <= 5 for card in cards)
    assert "overig" not in [card.name for card in cards]
    text, link, _ = outliers(study, NL)  # type: ignore[misc]
    assert text.startswith("5 uitspraken van 4 van 25 respondenten")
    assert link == "#codes?theme=outliers"


def test_lanes_follow_the_journey(study: Study) -> None:
    """The map has the lanes of the journey in their order, with names in the language."""
    names = [lane.name for lane in lanes(study, quotes_table(study), names_of(study, NL), NL)]
    assert names[:2] == ["Activiteiten", "Kanalen"]
    assert names[-1] == "In hun woorden"


def curve(*rows: tuple[str, int, float, float, float]) -> pd.DataFrame:
    """Make a curve of phase, n, mean, low and high."""
    return pd.DataFrame(rows, columns=["phase", "n", "mean", "low", "high"])


NAN = float("nan")


def test_curve_has_only_a_point_where_few_speak(study: Study) -> None:
    """Below three respondents there is an open point, without line and without band."""
    names = names_of(study, NL)
    rows = curve(("orientation", 5, 0.5, 0.1, 0.9), ("use", 4, -0.5, -1.0, 0.0), ("service", 2, -1.0, -3.0, 1.0))
    for figure in (draw_wide(rows, names, NL, column=100, height=200), draw_narrow(rows, names, NL)):
        assert [few for _, _, few in figure.points] == [False, False, True]
        assert [len(line.split()) for line in figure.lines] == [2]
        assert [len(band.split()) for band in figure.bands] == [4]
        assert [text.text for text in figure.texts if text.kind == "n"] == ["n = 5", "n = 4", "n = 2"]
    assert "service: −1,0, n = 2" in figure.description


def test_curve_has_a_dot_per_respondent(study: Study) -> None:
    """The large curve shows every respondent of every phase within the column of the phase."""
    journey = study.journey
    figure = draw_wide(
        journey.curve, names_of(study, NL), NL, column=100, height=200, left=50, respondents=journey.respondents
    )
    assert len(figure.dots) == len(journey.respondents) == journey.curve["n"].sum()
    assert sum(50 < x < 150 for x, _ in figure.dots) == journey.curve["n"].iloc[0]


@pytest.mark.parametrize(("high", "warned"), [(0.2, True), (-0.2, False)])
def test_curve_warns_of_chance(study: Study, high: float, warned: bool) -> None:
    """Where the intervals of the lowest and the highest phase overlap, the page says so."""
    rows = curve(("use", 9, -0.5, -0.9, high), ("service", 9, 0.4, -0.1, 0.9))
    message = curve_message(
        dataclasses.replace(study, journey=dataclasses.replace(study.journey, curve=rows)), names_of(study, NL), NL
    )
    assert message.startswith("Het gevoel is het laagst in de fase afname (gemiddeld −0,5")
    assert (NL("curve_overlap") in message) == warned
    assert "%" not in message
    many = dataclasses.replace(study.journey, curve=rows.assign(n=10))
    assert "De kans dat dit echt het dieptepunt is" in curve_message(
        dataclasses.replace(study, journey=many), names_of(study, NL), NL
    )


def test_curve_of_lonely_phases(study: Study) -> None:
    """A phase between two without enough respondents has a whisker; one without any has no point."""
    names = names_of(study, NL)
    rows = curve(("orientation", 0, NAN, NAN, NAN), ("use", 4, -0.5, -1.0, 9.0), ("service", 1, -1.0, NAN, NAN))
    figure = draw_wide(rows, names, NL, column=100, height=200)
    assert len(figure.points) == 2
    assert figure.lines == figure.bands == []
    assert figure.whiskers[0][3] == pytest.approx(30)
    assert "oriëntatie: geen uitspraken" in figure.description


def test_method_counts_what_was_read(study: Study) -> None:
    """The files stand with their sizes and a total, and the codebook with its thresholds and counts."""
    table = files(study, NL)
    assert table[0][:4] == ["interview_01.docx", "gesprek", "Nederlands", "1"]
    assert table[-2][:4] == ["enquete.csv", "enquête", "Nederlands", "16"]
    assert table[-1][3] == str(len(study.documents))
    kind = code_groups(study, quotes_table(study), names_of(study, NL), NL)[0]
    pain = next(row for row in kind.rows if row.name == "pijn")
    assert (pain.threshold, pain.link) == ("0,42", "#codes?group=kind&code=pain")
    assert pain.codings == str(int(((study.codings["group"] == "kind") & (study.codings["code"] == "pain")).sum()))


def test_method_names_what_was_skipped(page: str) -> None:
    """Files that could not be read and rows that were left out are named with the reason."""
    assert "<strong>interview_07.docx</strong> het is geen Word-bestand" in page
    assert "2 rijen zonder antwoord zijn overgeslagen: rij 14 en 29" in page
