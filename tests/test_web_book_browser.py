"""The codebook and learning in a browser, as a person does it; the study is the judge."""

import functools
import time

import pytest
import web_work
from coded_study import TALKS, Machine, make_study
from test_web_codebook import OWN, accept
from web_server import serving

from cxtext.codebook import describe_code
from cxtext.project.tagging import tag_study
from cxtext.web.learning import Learning

pytestmark = pytest.mark.browser


@pytest.fixture
def project(tmp_path):
    """A study of two talks, of which one suggestion was accepted."""
    with make_study(tmp_path / "study.cxt", TALKS) as study:
        study.set_codebook(OWN, drop_removed=True)
        accept(study, "wacht")
        yield study


@pytest.fixture
def visit(browser, project, monkeypatch, request):
    """Open a part of the page of the study; what it complains of ends the test. A parameter is how it learns."""
    work = getattr(request, "param", web_work.quick)
    monkeypatch.setattr("cxtext.web.app.Learning", functools.partial(Learning, work=work))
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="nl-NL")
    context.set_default_timeout(40_000)
    complaints = []
    with serving(project) as door:

        def visit(part):
            page = context.new_page()
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.on("console", lambda message: "Failed to load" in message.text or complaints.append(message.text))
            page.goto(door.link())
            page.wait_for_selector("main > *")
            page.goto(f"http://127.0.0.1:{door.port}/#/{part}")
            return page

        yield visit
        context.close()
    assert complaints == []


def until(true, seconds=20):
    """Wait until something is true of the study."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not become true"
        time.sleep(0.05)


def codes(project, group="kind"):
    """Ids of the codes of a group in their order, with their parents."""
    return [(code.id, code.parent) for code in project.codebook.group(group).codes]


def row(page, path):
    """A row of the tree."""
    return page.locator(f'.tree [data-key="{path}"]')


def rows(page, *paths):
    """Some codes, in the order of the tree."""
    shown = page.locator(".tree [data-key]").evaluate_all("rows => rows.map((row) => row.dataset.key)")
    return [path for path in shown if path in paths]


def test_a_codebook_grows_by_keyboard_and_mouse(project, visit):
    """Add, describe, move by key and by dragging, merge, remove, and take it all back."""
    page = visit("codebook")
    row(page, "kind/pain").click()
    page.wait_for_selector(".tree [aria-label^='pijn, 1 respondent, 1 fragment, 2 voorstellen']")
    page.keyboard.press("n")
    page.keyboard.type("Lange rij")
    page.keyboard.press("Enter")
    row(page, "kind/lange_rij").wait_for()
    assert ("lange_rij", "pain") in codes(project)

    page.fill(".code-card [data-key=definition]", "Wie in een rij staat.")
    page.locator(".swatch").nth(3).click()
    until(lambda: project.codebook.code("kind", "lange_rij").colour == "#6a4c93")
    assert project.codebook.code("kind", "lange_rij").definitions == {"nl": "Wie in een rij staat."}

    row(page, "kind/gain").focus()
    page.keyboard.press("Alt+ArrowUp")
    until(lambda: [id for id, parent in codes(project) if not parent] == ["pain", "gain", "need"])
    until(lambda: rows(page, "kind/gain", "kind/need") == ["kind/gain", "kind/need"])
    page.wait_for_selector(".tree [data-key='kind/gain']:focus")
    page.keyboard.press("Alt+ArrowRight")
    until(lambda: ("gain", "pain") in codes(project))
    page.wait_for_selector(".tree [data-key='kind/gain'][aria-level='3']")
    page.wait_for_timeout(1000)  # the counts come, and all rows are drawn once more

    row(page, "kind/need").drag_to(row(page, "place/desk"))
    until(lambda: ("need", "desk") in codes(project, "place"))

    row(page, "kind/pain").click()
    page.click(".code-card [data-key=merge]")
    page.keyboard.type("balie")
    page.keyboard.press("Enter")
    page.click("dialog .main-button")
    until(lambda: set(project.codings()["code"]) == {"desk", "gain"})
    row(page, "place/gain").focus()
    page.keyboard.press("Delete")
    page.click("dialog .main-button")
    until(lambda: set(project.codings()["code"]) == {"desk"})
    page.wait_for_selector("dialog", state="detached")

    before = project.number
    for turn in range(1, 9):
        page.click(".head [aria-label='Ongedaan maken']")
        until(lambda turn=turn: project.number == before + turn)
    assert project.codebook.groups == OWN.groups
    row(page, "kind/gain").wait_for()


def test_examples_are_picked_from_the_text(project, visit):
    """What was said of the text becomes an example with one click, and a quote leads to its place."""
    page = visit("codebook/kind%2Fpain")
    page.click(".said-of button:has-text('Als voorbeeld')")
    page.wait_for_selector(".said-of .is-example")
    assert project.codebook.code("kind", "pain").examples == ("Ik stond een uur in de wacht.",)
    page.click(".said-of a")
    page.wait_for_selector(".coding .panel .card")
    assert "at=" in page.url


def test_what_is_written_survives_what_others_do(project, visit):
    """A definition that is being written stays when somebody else changes the code, and is not kept over theirs."""
    page = visit("codebook/kind%2Fpain")
    page.locator(".code-card [data-key=definition]").press_sequentially("!")
    version = project.codebook.version
    code = project.codebook.code("kind", "pain")
    project.set_codebook(describe_code(project.codebook, code.path, definition="Van Sem.", language="nl"))
    page.wait_for_selector(f".book-head :text('versie {version + 1}')")
    field = page.locator(".code-card [data-key=definition]")
    assert "!" in field.input_value()
    field.blur()
    page.wait_for_selector(".trouble p")
    assert "!" in field.input_value()
    assert project.codebook.code("kind", "pain").definitions["nl"] == "Van Sem."


def test_learning_is_asked_for_and_leads_on(project, visit):
    """A button learns; the table says how good each code is, and the list leads to what to code next."""
    page = visit("learn")
    page.locator(".learn-head input").uncheck()
    page.click(".learn-bar .main-button")
    page.wait_for_selector(".quality tbody tr")
    assert "0,10" in page.inner_text(".quality tbody tr")
    accept(project, "naar")
    page.click(".learn-bar .main-button")
    page.wait_for_selector(".changes")
    assert "▲ 0,10" in page.inner_text(".quality tbody tr")
    first = page.locator(".next li a").first
    assert "De koffie smaakte goed." in first.inner_text()
    first.click()
    page.wait_for_selector(".coding .panel .quote")
    assert "De koffie smaakte goed." in page.inner_text(".coding .panel .quote")


@pytest.mark.parametrize("visit", [web_work.endless], indirect=True)
def test_learning_goes_on_beside_the_work_and_is_stopped(project, visit):
    """One codes while the machine learns; stopping it leaves nothing of it."""
    page = visit("learn")
    page.click(".learn-bar .main-button")
    page.wait_for_selector(".learn-bar progress")
    page.get_by_role("link", name="Coderen").click()
    page.locator(".said", has_text="wacht").click()
    page.keyboard.press("1")
    until(lambda: "Noor" in project.codings()["coder"].tolist())
    kept = project.number
    page.get_by_role("link", name="Leren").click()
    page.get_by_role("button", name="Stoppen").click()
    page.locator(".learn-bar .stage", has_text="er is niets veranderd").wait_for()
    assert (project.number, page.locator(".learn-bar progress").count()) == (kept, 0)


def test_what_two_machines_suggest_is_one_suggestion(project, visit):
    """The same code on the same words is shown once, and a decision about it is one about both."""
    tag_study(project, Machine("robot 2"))
    page = visit("text/an")
    page.locator(".chip.open").first.wait_for()
    assert page.locator(".chip.open").count() == 2
    page.locator(".chip.open").last.click()
    page.get_by_role("button", name="Aannemen").click()
    page.locator(".chip.open").nth(1).wait_for(state="detached")
    naar = project.codings().query("evidence == 'naar'")
    assert naar[["coder", "status"]].to_numpy().tolist() == [["robot 1", "accepted"], ["robot 2", "accepted"]]
