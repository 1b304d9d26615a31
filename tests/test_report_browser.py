from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from report_study import ATTACK, fake_study, with_text
from web_server import hear

from cxtext.report import write_report
from cxtext.report.journey_map import cell_link
from cxtext.study import Study

pytestmark = pytest.mark.browser


class Visit:
    """A page with all that it asked for and complained about."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.requests: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        hear(page, self.complaints)

    def counts(self) -> tuple[int, int]:
        """Quotes and codings that are announced."""
        hits = self.page.locator("#hits")
        return int(hits.get_attribute("data-quotes")), int(hits.get_attribute("data-codings"))

    def choose(self, name: str, value: str) -> None:
        """Pick a value of a filter."""
        self.page.select_option(f"#filters [name='{name}']", value)


@pytest.fixture(scope="module")
def study() -> Study:
    """Everything that the report shows, invented."""
    return fake_study()


@pytest.fixture(scope="module")
def report(study: Study, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report in Dutch."""
    return write_report(study, tmp_path_factory.mktemp("report"), formats=["html"])["report.html"]


@pytest.fixture
def open_page(browser: Any) -> Iterator[Any]:
    """Open a file at an address inside it, in a window of its own."""
    contexts = []

    def open_page(path: Path, hash: str = "", *, width: int = 1280, **options: Any) -> Visit:
        context = browser.new_context(viewport={"width": width, "height": 800}, **options)
        contexts.append(context)
        visit = Visit(context.new_page())
        visit.page.goto(path.as_uri() + hash)
        return visit

    yield open_page
    for context in contexts:
        context.close()


def expected(study: Study, **codes: str) -> tuple[int, int]:
    """Quotes and codings with these values, counted in the tables."""
    codings = study.codings
    phase = codings[codings["group"] == "phase"].set_index("segment")["code"]
    table = codings.assign(phase=codings["segment"].map(phase))
    for column, value in codes.items():
        table = table[table[column] == value]
    return table["segment"].nunique(), len(table)


def test_nothing_leaves_the_page(open_page: Any, report: Path) -> None:
    """Opening the report and using it asks for nothing but the file itself, and raises no complaint."""
    visit = open_page(report)
    visit.choose("group", "kind")
    visit.page.locator(".quote-text").first.click()
    assert [url for url in visit.requests if not url.startswith("data:")] == [report.as_uri()]
    assert visit.complaints == []


@pytest.mark.parametrize("width", [360, 768, 1024, 1440])
def test_no_horizontal_scroll(open_page: Any, report: Path, width: int) -> None:
    """The page fits the width of a phone, a tablet and a screen."""
    visit = open_page(report, width=width)
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= width


def test_phone_has_cards_and_screen_has_a_map(open_page: Any, report: Path) -> None:
    """Phases are stacked cards on a phone and columns of a table where there is room."""
    phone, screen = open_page(report, width=360).page, open_page(report, width=1280).page
    assert (phone.locator(".map-cards").is_visible(), phone.locator(".map").is_visible()) == (True, False)
    assert (screen.locator(".map-cards").is_visible(), screen.locator(".map").is_visible()) == (False, True)
    assert not phone.locator(".side ol").is_visible()
    phone.locator(".side summary").click()
    assert phone.locator(".side ol").is_visible()


def test_filters_count_right(open_page: Any, report: Path, study: Study) -> None:
    """Filters on group, code and phase give the counts of the tables, and clearing gives all of them back."""
    visit = open_page(report)
    everything = (len(study.segments), len(study.codings))
    assert visit.counts() == everything
    visit.choose("group", "kind")
    assert visit.counts() == expected(study, group="kind")
    visit.choose("code", "pain")
    assert visit.counts() == expected(study, group="kind", code="pain")
    visit.choose("phase", "service")
    assert visit.counts() == expected(study, group="kind", code="pain", phase="service")
    assert visit.page.locator("#chips button").count() == 3
    visit.page.locator("#filters button[type=reset]").click()
    assert visit.counts() == everything


def test_filters_on_documents_and_attributes(open_page: Any, report: Path, study: Study) -> None:
    """Document, respondent, theme and attributes of the survey are filters too, and go together."""
    visit = open_page(report)
    visit.choose("file", "interview_01.docx")
    assert visit.counts()[0] == int((study.segments["document"] == "interview_01").sum())
    visit.choose("file", "")
    visit.choose("case", "focusgroep_leiden/Bram")
    assert visit.counts()[0] == int((study.segments["case"] == "focusgroep_leiden/Bram").sum())
    visit.choose("case", "")
    visit.choose("theme", "T2")
    assert visit.counts()[0] == int((study.themes.members["theme"] == "T2").sum())
    visit.choose("theme", "")
    answers = study.documents.loc[study.documents["Meting"] == "hermeting", "document"]
    visit.choose("attribute.Meting", "hermeting")
    assert visit.counts()[0] == int(study.segments["document"].isin(answers).sum())


def test_score_threshold(open_page: Any, report: Path, study: Study) -> None:
    """The slider leaves the codings from that score on."""
    visit = open_page(report)
    visit.page.locator("#filters [name=min]").fill("0.8")
    visit.page.locator("#chips button").wait_for()
    assert visit.counts()[1] == int((study.codings["score"] >= 0.8).sum())


def test_search_finds_words(open_page: Any, report: Path, study: Study) -> None:
    """Search takes words in any order and case, and the count of hits is announced."""
    visit = open_page(report)
    visit.page.locator("#filters [name=q]").fill("WACHT drie")
    visit.page.locator("#chips button").wait_for()
    texts = study.segments["text"].str.lower()
    assert visit.counts()[0] == int((texts.str.contains("wacht") & texts.str.contains("drie")).sum()) == 1
    assert visit.page.locator("#hits").get_attribute("aria-live") == "polite"
    assert visit.page.locator("#hits").inner_text().startswith("1 citaat")
    visit.page.locator("#filters [name=q]").fill("olifant")
    visit.page.locator("#hits[data-quotes='0']").wait_for()
    assert visit.page.locator("#no-hits").is_visible()


def test_address_holds_the_filter(open_page: Any, report: Path, study: Study) -> None:
    """An address with a filter opens with it, a changed filter changes the address, and a chip takes it away."""
    visit = open_page(report, "#codes?group=kind&code=pain&phase=service")
    assert visit.counts() == expected(study, group="kind", code="pain", phase="service")
    assert visit.page.locator("#results").evaluate("e => e.getBoundingClientRect().top") < 400
    visit.page.locator("#chips button", has_text="Fase").click()
    assert visit.counts() == expected(study, group="kind", code="pain")
    assert visit.page.url.endswith("#codes?group=kind&code=pain")


def test_every_link_of_the_report_has_hits(open_page: Any, report: Path, study: Study) -> None:
    """Each number that is a link leads to quotes, and those of the map to as many as the journey counts."""
    visit = open_page(report)
    addresses = visit.page.eval_on_selector_all(
        "a[href^='#codes?']", "links => [...new Set(links.map(link => link.hash))]"
    )
    assert len(addresses) > 50
    found = visit.page.evaluate(
        """addresses => addresses.map(address => {
            location.hash = address;
            dispatchEvent(new HashChangeEvent("hashchange"));
            return Number(document.querySelector("#hits").dataset.quotes);
        })""",
        addresses,
    )
    hits = dict(zip(addresses, found, strict=True))
    assert [address for address, count in hits.items() if not count] == []
    cells = {cell_link(row): row for row in study.journey.cells.itertuples(index=False)}
    shown = cells.keys() & hits.keys()
    assert {cells[link].lane for link in shown} == set(study.journey.cells["lane"]) - {"quotes"}
    assert all(hits[link] == cells[link].segments for link in shown)


def test_sorting(open_page: Any, report: Path) -> None:
    """A click on a heading sorts by it and says so; a second click turns it round."""
    visit = open_page(report, "#codes?group=kind&code=pain")
    head = visit.page.locator("th[data-key=score]")
    read = "rows => rows.map(row => Number(row.cells[5].textContent.replace(',', '.')))"
    head.locator("button").click()
    scores = visit.page.eval_on_selector_all("#rows tr", read)
    assert scores == sorted(scores, reverse=True)
    assert head.get_attribute("aria-sort") == "descending"
    head.locator("button").click()
    assert visit.page.eval_on_selector_all("#rows tr", read) == sorted(scores)
    assert head.get_attribute("aria-sort") == "ascending"


def test_context_by_keyboard(open_page: Any, report: Path) -> None:
    """Enter opens a quote in its context, Escape closes it, and the focus is back where it was."""
    visit = open_page(report, "#codes?q=verbroken")
    page = visit.page
    page.locator(".quote-text").first.focus()
    page.keyboard.press("Enter")
    dialog = page.locator("#context")
    assert dialog.is_visible()
    text = dialog.inner_text()
    assert "U vertelde net dat het in maart misging. Wat gebeurde er?" in text
    assert "Toen lag alles eruit, drie dagen." in text
    assert "Dan bel je opnieuw" in text
    assert page.locator(".line.here").inner_text().startswith("Ik heb drie kwartier in de wacht gestaan")
    assert "Soort uitspraak / pijn" in text
    for _ in range(6):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement === document.body || !!document.activeElement.closest('dialog')")
    page.keyboard.press("Escape")
    assert not dialog.is_visible()
    assert page.evaluate("document.activeElement.className") == "quote-text"


def test_quotes_of_the_report_open_their_context(open_page: Any, report: Path) -> None:
    """A quote beside a finding opens the same dialog, and the focus returns to it."""
    page = open_page(report).page
    link = page.locator(".findings .quote a").first
    link.focus()
    page.keyboard.press("Enter")
    assert page.locator(".line.here").inner_text() == link.inner_text().strip("“”")
    page.locator("#close").click()
    assert page.evaluate("document.activeElement.closest('.findings') !== null")


def test_next_and_previous(open_page: Any, report: Path) -> None:
    """From the table one can walk through the hits."""
    page = open_page(report, "#codes?theme=T4").page
    page.locator(".quote-text").first.click()
    first = page.locator(".line.here").inner_text()
    assert page.locator("#previous").is_disabled()
    page.locator("#next").click()
    assert page.locator(".line.here").inner_text() != first
    page.locator("#previous").click()
    assert page.locator(".line.here").inner_text() == first


def test_evidence_is_marked(open_page: Any, report: Path, study: Study) -> None:
    """The words behind a code are marked in its quote."""
    page = open_page(report, "#codes?group=kind&code=pain&q=verbroken").page
    segment = study.segments.loc[study.segments["text"].str.contains("verbroken"), "segment"].iloc[0]
    own = study.codings[(study.codings["segment"] == segment) & (study.codings["code"] == "pain")]
    assert set(page.locator("#rows mark").all_inner_texts()) == set(own["evidence"].iloc[0].split("; "))


def test_injected_markup_is_inert(open_page: Any, tmp_path: Path) -> None:
    """A respondent who says a script is shown saying it: nothing runs, nothing is fetched."""
    report = write_report(with_text(ATTACK), tmp_path, formats=["html"])["report.html"]
    visit = open_page(report)
    page = visit.page
    page.locator(".quote-text").first.click()
    assert page.locator(".line.here").inner_text() == ATTACK
    assert page.locator("img:not([src^='data:image/svg'])").count() == 0
    page.wait_for_timeout(100)
    assert visit.complaints == []
    assert [url for url in visit.requests if not url.startswith("data:")] == [report.as_uri()]


def test_policy_stops_foreign_scripts(open_page: Any, report: Path, tmp_path: Path) -> None:
    """Were a script to slip into the file all the same, the browser would refuse it."""
    broken = tmp_path / "broken.html"
    broken.write_text(
        report.read_text(encoding="utf-8").replace("</main>", "<script>document.title = 'taken'</script></main>"),
        encoding="utf-8",
    )
    visit = open_page(broken)
    assert visit.page.title() != "taken"
    assert any("Content Security Policy" in complaint for complaint in visit.complaints)


def test_prints_on_more_pages(open_page: Any, report: Path) -> None:
    """Printed, it is a document of several pages without the interactive parts."""
    page = open_page(report).page
    pdf = page.pdf(prefer_css_page_size=True)
    assert pdf.count(b"/Type /Page\n") + pdf.count(b"/Type /Page ") + pdf.count(b"/Type /Page/") > 3
    page.emulate_media(media="print")
    assert not page.locator("#filters").is_visible()
    assert not page.locator(".side").is_visible()
    assert page.locator(".map").is_visible()
    assert page.locator(".only-print").is_visible()


def test_without_script(open_page: Any, report: Path) -> None:
    """Without JavaScript the map, the curve and the themes are there, and a note says where the quotes are."""
    page = open_page(report, java_script_enabled=False).page
    assert page.locator(".map").is_visible()
    assert page.locator("svg.curve.large").is_visible()
    assert page.locator(".card").first.is_visible()
    assert not page.locator("#codes-app").is_visible()
    assert "codings.xlsx" in page.locator("#codes noscript").inner_text()


def test_large_studies_stay_smooth(open_page: Any, tmp_path: Path) -> None:
    """Ten thousand codings are filtered in a moment, and only some of the rows are drawn at once."""
    large = fake_study(repeat=100)
    assert len(large.codings) > 10_000
    report = write_report(large, tmp_path, formats=["html"])["report.html"]
    page = open_page(report).page
    assert page.locator("#rows tr").count() == 50
    page.locator("#more").click()
    assert page.locator("#rows tr").count() == 100
    assert page.evaluate("document.activeElement === document.querySelectorAll('.quote-text')[50]")
    took = page.evaluate(
        """() => {
            const start = performance.now();
            document.querySelector("[name=group]").value = "emotion";
            document.querySelector("th[data-key=score] button").click();
            location.hash = "#codes?group=kind&code=pain";
            dispatchEvent(new HashChangeEvent("hashchange"));
            return performance.now() - start;
        }"""
    )
    assert took < 2_000
