"""The parts of the page beside coding, as a person walks through them in Chromium; the study is the judge."""

import time

import pytest
from coded_study import coding, talk
from test_web_browser import answer
from web_server import hear, serving

from cxtext.project import Project
from cxtext.records import Corpus
from cxtext.tables import CODINGS, make_table
from cxtext.web.analysis import analyses_of, base_of

pytestmark = pytest.mark.browser
SUBJECTS = {
    "wacht": ["Ik stond {n} minuten in de wacht.", "De wacht aan de telefoon duurde {n} minuten."],
    "brief": ["De brief van {n} mei was onduidelijk.", "Ik kreeg {n} keer dezelfde brief over geld."],
    "app": ["De app liep {n} keer vast.", "Inloggen in de app lukte pas na {n} keer."],
}
VIEWS = {
    "text/an": ".said", "answers/enquete.csv": ".survey .said", "compare": ".agreement", "see/map": ".map, .map-cards",
    "see/themes": ".theme", "see/codes": ".crosstab", "see/quotes": ".quote-card", "see/share": ".review .lede",
    "codebook/kind%2Fpain": ".said-of li", "learn": ".learn-bar",
}  # fmt: skip


@pytest.fixture
def project(tmp_path_factory):
    """Two people coded talks about three things; there are answers of two departments too."""
    with Project.create(tmp_path_factory.mktemp("walk") / "study.cxt", coder="Noor") as project:
        said = {
            name: [line.format(n=n + 2 + at) for lines in SUBJECTS.values() for at, line in enumerate(lines)]
            for n, name in enumerate(["an", "bo", "ci", "do"])
        }
        talks = [talk(name, lines, wijk="Zuid" if name < "c" else "Noord") for name, lines in said.items()]
        answers = [answer(n, f"De balie was {n} dagen dicht.", afdeling="BA"[n % 2]) for n in range(1, 4)]
        project.add(Corpus((*talks, *answers)))
        for name, missed in (("Noor", 1), ("Sem", 2)):
            with Project.open(project.place, coder=name) as own:
                rows = own.segments(list(said)).to_dict("records")
                given = [coding(row, "pain") for at, row in enumerate(rows) if at % 8 != missed]
                own.add_codings(make_table(given, CODINGS))
                own.finish(list(said))
        yield project


@pytest.fixture
def door(project):
    """Its page."""
    with serving(project) as door:
        yield door


@pytest.fixture
def come(browser, door):
    """Open a window on the page; nothing may go wrong in it."""
    complaints, home = [], f"http://127.0.0.1:{door.port}/"

    def come(**options):
        context = browser.new_context(**{"locale": "nl-NL", "viewport": {"width": 1280, "height": 800}, **options})
        context.set_default_timeout(150_000)
        context.add_init_script("localStorage.setItem('cxtext-learning', 'off')")
        page = context.new_page()
        hear(page, complaints)
        page.goto(door.link())
        page.wait_for_selector(".said")
        page.home = home
        return page

    yield come
    assert complaints == []


@pytest.fixture
def page(come):
    """A window of its own: what a failed try left open would spoil the next."""
    return come()


def go(page, part):
    """Open a part of the page."""
    page.goto(f"{page.home}#/{part}")
    page.wait_for_selector(VIEWS.get(part, "main > *"))
    page.wait_for_load_state("networkidle")
    page.wait_for_selector("main [aria-busy]", state="detached")  # figures that are on their way are dimmed
    return page


def until(true):
    """Wait until something is true of the study."""
    end = time.monotonic() + 30
    while not true():
        assert time.monotonic() < end, "it did not become true"
        time.sleep(0.05)


def focused(page):
    """What of the page has the focus."""
    return page.evaluate("document.activeElement.ariaLabel || document.activeElement.textContent")


def test_memos_on_the_study_a_code_and_a_document(page, project):
    """A memo can be written on each, all are listed with the way to their place, and undo takes the last one back."""
    go(page, "codebook/kind%2Fpain").fill(".memo-box textarea", "Ook wachten?")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".code-card .memo")
    go(page, "text/an").get_by_role("button", name="Memo bij het document").click()
    page.keyboard.type("Rustig gesprek.")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".panel .memo")
    page.get_by_role("button", name="Memo’s", exact=True).click()
    page.fill("dialog .memo-box textarea", "Ronde twee in mei.")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("dialog .memos .memo")
    kept = project.memos().sort_values("created")[["about", "target"]].to_numpy().tolist()
    assert kept == [["code", "kind/pain"], ["document", "an"], ["study", ""]]
    page.click("dialog .memo-list a:text('pijn')")
    page.wait_for_selector(".code-card .memo")
    page.keyboard.press("Control+z")
    until(lambda: len(project.memos()) == 2)


def test_groups_of_codes_are_renamed_and_removed(page, project):
    """By key and by mouse, asked for before anything goes, and undone."""
    before = project.codebook.groups
    go(page, "codebook").locator(".tree [data-key=kind]").focus()
    page.keyboard.press("F2")
    page.keyboard.type("Uitspraken")
    page.keyboard.press("Enter")
    until(lambda: project.codebook.group("kind").name("nl") == "Uitspraken")
    group = page.locator(".tree .group-row").last
    group.hover()
    group.get_by_role("button", name="Weghalen").click()
    page.click("dialog .main-button")
    until(lambda: len(project.codebook.groups) == len(before) - 1)
    for _ in range(2):
        page.click("[aria-label='Ongedaan maken']")
        page.wait_for_timeout(300)
    until(lambda: project.codebook.groups == before)


def test_answers_have_columns_and_an_order(page):
    """Attributes stand beside the answers, which can be put in the order of one of them."""
    go(page, "answers/enquete.csv").get_by_role("button", name="Kolommen").click()
    page.get_by_role("checkbox", name="afdeling").check()
    assert page.locator(".attribute").all_inner_texts() == ["A", "B", "A"]
    page.keyboard.press("Escape")
    assert focused(page) == "Kolommen"
    page.get_by_label("Volgorde").select_option("afdeling")
    assert page.locator(".attribute").all_inner_texts() == ["A", "A", "B"]
    page.get_by_label("Volgorde").select_option("")


def test_themes_are_named_merged_and_split(page, project):
    """A person gives a theme a name, puts two together and takes them apart; each is kept, shown and undone."""
    analyses_of(project).wait(project, base_of(project))
    go(page, "see/themes")
    themes = page.locator(".theme")
    many = themes.count()
    assert many > 1
    themes.first.get_by_role("button", name="Hernoemen").click()
    page.keyboard.type("Wachten aan de telefoon")
    page.keyboard.press("Enter")
    page.wait_for_selector(".theme h2:text('Wachten aan de telefoon')")
    assert focused(page).startswith("Hernoemen")
    themes.nth(1).get_by_role("button", name="Samenvoegen").click()
    page.keyboard.type("wachten aan")
    page.keyboard.press("Enter")
    themes.nth(many - 1).wait_for(state="detached")
    themes.filter(has_text="Wachten aan de telefoon").get_by_role("button", name="Splitsen").click()
    page.keyboard.press("Enter")
    themes.nth(many - 1).wait_for()
    assert project.settings["themes"]["named"] == {"t01": "Wachten aan de telefoon"}
    bar = themes.first.locator(".kinds a").first
    told = bar.inner_text().split()[0]
    bar.click()
    page.wait_for_selector(".quote-card")
    assert page.locator(".quotes-part > .lede strong").inner_text().split()[0] == told
    for left in (2, 1):
        page.keyboard.press("Control+z")
        until(lambda left=left: len(project.settings["themes"]["log"]) == left)
    go(page, "see/themes")
    page.wait_for_selector(".theme h2:text('Wachten aan de telefoon')")


def test_the_focus_stays_with_who_works_by_keyboard(page):
    """Dialogs keep the focus in and give it back; what is drawn anew does not lose it; Escape closes."""
    go(page, "text/an").get_by_role("button", name="Toetsen").focus()
    page.keyboard.press("Enter")
    for _ in range(4):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement === document.body || !!document.activeElement.closest('dialog')")
    page.keyboard.press("Escape")
    assert focused(page) == "Toetsen"
    page.get_by_role("button", name="English").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Nederlands").wait_for()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="English").wait_for()
    assert focused(page) == "English"
    page.get_by_role("link", name="Codeboek", exact=True).focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".tree")
    assert focused(page) == "Codeboek"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_view_is_without_barriers(page, theme):
    """Axe finds nothing serious in any view, and none is wider than a screen, a tablet or a phone."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page.emulate_media(color_scheme=theme)
    for part in VIEWS:
        go(page, part)
        found = [one for one in axe.run(page).response["violations"] if one["impact"] in ("serious", "critical")]
        assert [(part, one["id"], one["nodes"][0]["html"][:120]) for one in found] == []
        for width in (768, 390) if theme == "light" else ():
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, part
        page.set_viewport_size({"width": 1280, "height": 800})
