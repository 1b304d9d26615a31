"""Several people at the page in Chromium: blind coding, settling, roles, fingers and the page to sign in."""

from contextlib import ExitStack

import pytest
from coded_study import TALKS, coding, make_study
from test_web_browser import until
from web_server import hear, serving
from web_team import SITE, Member, team_of

from cxtext.project import Project
from cxtext.project.consensus import CONSENSUS
from cxtext.tables import CODINGS, make_table

pytestmark = pytest.mark.browser

#: what Noor and Sem gave each sentence of a talk
GIVEN = {"Noor": ["pain", "pain", "need", "activity"], "Sem": ["gain", "need", "pain", "question"]}
ROLES = {"Lea": "lead", "Mia": "coder", "Pim": "coder", "Rik": "reader"}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A study coded blind, of which Noor and Sem finished a talk."""
    with make_study(tmp_path_factory.mktemp("together") / "study.cxt", TALKS, tagged=False, blind=True) as project:
        rows = project.segments(["an"]).to_dict("records")
        for name, codes in GIVEN.items():
            with Project.open(project.place, coder=name) as own:
                given = [coding(row, code) for row, code in zip(rows, codes, strict=True)]
                own.add_codings(make_table(given, CODINGS))
                own.finish(["an"])
        yield project


@pytest.fixture(scope="module")
def doors(project):
    """The page as each of them has it."""
    with ExitStack() as stack:
        yield {name: stack.enter_context(serving(project.as_coder(name, role))) for name, role in ROLES.items()}


@pytest.fixture(scope="module")
def contexts(browser, doors):
    """A browser of each of them, and a phone, that came in: made when it is asked for, and kept."""
    made = {}

    def context(name, **options):
        key = (name, bool(options))
        if key not in made:
            made[key] = browser.new_context(
                **{"locale": "nl-NL", "viewport": {"width": 1280, "height": 800}, **options}
            )
            made[key].set_default_timeout(60_000)
            made[key].add_init_script("localStorage.setItem('cxtext-learning', 'off')")
            made[key].request.get(doors[name].link())
        return made[key]

    yield context
    for one in made.values():
        one.close()


@pytest.fixture
def visit(contexts, doors):
    """Open a part of the page of somebody, as they have it; nothing may be refused or go wrong in it."""
    complaints, pages = [], []

    def visit(name, part="text/an", **options):
        page = contexts(name, **options).new_page()
        pages.append(page)
        hear(page, complaints)
        page.goto(f"http://127.0.0.1:{doors[name].port}/#/{part}")
        return page

    yield visit
    for page in pages:
        page.close()
    assert complaints == []


def own_codes(project, name):
    """Words and code of what somebody coded."""
    texts = {one.id: one.text for one in project.corpus()}
    rows = project.codings().query("coder == @name").itertuples()
    return {(texts[row.document][row.start : row.end], row.code) for row in rows}


def test_a_blind_coder_sees_others_when_done(visit, project):
    """Nothing of others stands in a document until one is done with it; then all of it comes by itself."""
    page = visit("Mia")
    page.get_by_role("button", name="Klaar met dit document").wait_for()
    assert page.locator(".chip").count() == 0
    page.get_by_role("button", name="Klaar met dit document").click()
    page.locator(".chip", has_text="pluspunt").wait_for()
    assert page.locator(".chip").count() == sum(map(len, GIVEN.values()))
    assert "Mia" in project.finished()["coder"].tolist()


def test_a_blind_coder_compares_what_they_finished(visit):
    """Under Compare a coder who finished nothing finds nothing of others, and is told why."""
    page = visit("Pim", "compare?first=Noor&second=Sem")
    page.locator(".note", has_text="blind gecodeerd").wait_for()
    assert page.locator(".dispute").count() == 0
    assert page.locator(".lede strong").inner_text() == "0 verschillen"


def test_a_lead_turns_blind_coding_off_and_on(visit, project):
    """Under Compare; what others coded comes to who is not done by itself, and goes again with undo."""
    coder, lead = visit("Pim"), visit("Lea", "compare")
    coder.get_by_role("button", name="Klaar met dit document").wait_for()
    lead.get_by_label("Blind coderen").uncheck()
    coder.locator(".chip", has_text="pluspunt").wait_for()
    lead.get_by_label("Eerste codeur").wait_for()
    lead.keyboard.press("Control+z")
    until(lambda: coder.locator(".chip").count() == 0)
    lead.get_by_role("button", name="Ik codeer niet zelf, ik beslis alleen").wait_for()
    assert project.settings["blind"] is True


@pytest.fixture
def compared(visit):
    """What Noor and Sem differ on, as the lead sees it who says to code nothing."""
    page = visit("Lea", "compare")
    page.get_by_role("button", name="Ik codeer niet zelf, ik beslis alleen").click()
    page.locator(".dispute").first.wait_for()
    return page


@pytest.mark.parametrize(
    ("at", "pressed", "codes"),
    [(0, "Noor heeft gelijk", {"pain"}), (1, "Sem heeft gelijk", {"need"}), (2, "Beide", {"need", "pain"})],
)
def test_a_lead_settles_a_difference(compared, project, at, pressed, codes):
    """One of the two is right, or both are: the consensus has it, and the difference goes."""
    segment = project.segments(["an"])["segment"].iloc[at]
    card = compared.locator(f".dispute[data-segment='{segment}']")
    card.get_by_role("button", name=pressed, exact=True).click()
    card.wait_for(state="detached")
    kept = project.codings()
    kept = kept[(kept["coder"] == CONSENSUS) & (kept["status"] == "accepted") & (kept["segment"] == segment)]
    assert set(kept["code"]) == codes


def test_a_difference_is_put_up_for_discussion(compared, project):
    """What the team is to talk about is a memo beside the difference, which stays."""
    segment = project.segments(["an"])["segment"].iloc[3]
    card = compared.locator(f".dispute[data-segment='{segment}']")
    card.get_by_role("button", name="Bespreken").click()
    compared.get_by_label("Wat wilt u bespreken?").fill("Vraag of activiteit?")
    compared.get_by_role("button", name="Bewaren").click()
    card.locator(".talk", has_text="Vraag of activiteit?").wait_for()
    assert "#discuss Vraag of activiteit?" in project.memos()["text"].tolist()


def test_a_sentence_is_coded_with_a_finger(visit, project):
    """A tap takes the sentence, a tap on a code gives it."""
    page = visit("Pim", "text/bo", **PHONE)
    page.locator("h1", has_text="bo").wait_for()
    box = page.locator(".respondent .said").bounding_box()
    page.touchscreen.tap(box["x"] + 40, box["y"] + 16)
    page.locator(".quote", has_text="De balie was dicht.").wait_for()
    assert page.locator(".respondent .said").bounding_box()["y"] < page.locator(".panel").bounding_box()["y"]
    page.locator(".slot", has_text="pijn").tap()
    until(lambda: ("De balie was dicht.", "pain") in own_codes(project, "Pim"))


def test_a_stretch_is_selected_and_coded_with_a_finger(visit, project):
    """Words that a finger selects, which moves no pointer over the page, are taken, and a tap on a code gives it."""
    page = visit("Mia", "text/bo", **PHONE)
    page.locator("h1", has_text="bo").wait_for()
    page.evaluate("""() => {
        const words = document.querySelector(".respondent .said").firstChild;
        const at = words.data.indexOf("koffie smaakte");
        getSelection().setBaseAndExtent(words, at, words, at + 6);
        getSelection().extend(words, at + 14);
    }""")
    page.locator(".quote", has_text="koffie smaakte").wait_for()
    page.locator(".slot", has_text="pluspunt").tap()
    until(lambda: ("koffie smaakte", "gain") in own_codes(project, "Mia"))


def test_a_selection_stays_where_a_coding_was_at_hand(visit, project):
    """Who goes on selecting in words of which a coding was chosen keeps what the finger holds."""
    with Project.open(project.place, coder="Pim") as own:
        own.add_codings(make_table([coding(own.segments(["bo"]).iloc[1], "gain")], CODINGS))
    page = visit("Pim", "text/bo", **PHONE)
    page.locator(".chip", has_text="pluspunt").tap()
    page.locator(".card.chosen").wait_for()
    page.evaluate("""() => {
        const words = document.querySelector(".coded.chosen").firstChild;
        getSelection().setBaseAndExtent(words, 3, words, 9);
    }""")
    page.locator(".quote", has_text="koffie").wait_for()
    page.locator(".card:not(.chosen)").wait_for()
    assert page.evaluate("getSelection().toString()") == "koffie"


def test_a_coder_is_offered_what_a_coder_may(visit, project):
    """No button makes or changes codes, and whoever asks for it by key is told at once who may."""
    page = visit("Mia")
    before = project.codebook
    page.locator(".said", has_text="wacht").click()
    page.get_by_role("button", name="Memo M").wait_for()
    assert page.get_by_role("button", name="In vivo V").count() == 0
    page.keyboard.press("v")
    page.locator(".said-so", has_text="Dit is voor wie de studie leidt").wait_for()
    page.locator("#typed").fill("heel nieuw")
    page.locator("#options", has_text="Er is geen code “heel nieuw”").wait_for()
    page.goto(page.url.partition("#")[0] + "#/codebook/kind%2Fpain")
    page.locator(".code-card textarea").first.wait_for()
    buttons = set(page.locator("main button:visible").all_inner_texts())
    assert buttons <= {"Bewaren", "Wijzigen"}
    assert page.locator(".code-name").is_editable() is False
    assert project.codebook == before


@pytest.mark.parametrize(
    ("part", "there", "offered"),
    [
        ("text/an", ".chip", {"Voorstellen verbergen"}),
        ("codebook/kind%2Fpain", ".said-of q", set()),
        ("compare?first=Noor&second=Sem", ".dispute", set()),
        ("learn", ".learn-bar", set()),
    ],
)
def test_a_reader_is_offered_nothing_to_change(visit, project, part, there, offered):
    """Who only reads finds no button, field or key that changes the study, in no part of the page."""
    before = project.log()
    page = visit("Rik", part)
    page.locator(there).first.wait_for(state="attached")
    page.wait_for_load_state("networkidle")
    tools = page.locator("main button:visible:not(.chip, .as-link, .back)").all_inner_texts()
    assert set(tools) <= offered
    assert page.locator("main textarea:visible:not([readonly])").count() == 0
    assert page.get_by_label("Ongedaan maken").count() == 0
    page.keyboard.press("Control+z")
    page.locator(".said-so", has_text="U kunt deze studie lezen").wait_for()
    assert project.log() == before


def test_the_page_to_sign_in_is_without_barriers(browser, tmp_path):
    """Axe finds nothing serious where a team signs in, light or dark, after a wrong password; a phone shows it all."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    with make_study(tmp_path / "study.cxt", TALKS, tagged=False) as project, team_of(project, Lea="lead") as door:
        guest = Member(door)
        context = browser.new_context(locale="nl-NL")
        page = context.new_page()

        def passed_on(route):
            request, path = route.request, route.request.url.removeprefix(SITE)
            if request.method == "GET":
                status, headers, text = guest.ask("GET", path, Accept_Language="nl")
            else:
                status, headers, text = guest.sign_in("Lea", "mis", Accept_Language="nl")
            route.fulfill(status=status, content_type=headers["content-type"], body=text)

        context.route(f"{SITE}/**", passed_on)
        page.goto(f"{SITE}/sign-in")
        page.fill("[name=name]", "Lea")
        page.fill("[name=password]", "mis")
        page.get_by_role("button", name="Inloggen").click()
        page.get_by_text("klopt niet").wait_for()
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            found = [one for one in axe.run(page).response["violations"] if one["impact"] in ("serious", "critical")]
            assert [(theme, one["id"], one["nodes"][0]["html"][:120]) for one in found] == []
        for width in (768, 390):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        context.close()
