"""The coding page as a person uses it, in Chromium, with the study as the judge."""

import time

import pytest
from coded_study import Machine, talk
from web_server import hear, serving

from cxtext.project import Project
from cxtext.project.tagging import tag_study
from cxtext.records import Corpus, Document, Turn

pytestmark = pytest.mark.browser
#: emoji of one, two and seven code points, an accent that has no letter of its own, and a sign beyond the first 65,536
SIGNS = ["Ik was 😡 boos.", "Mijn gezin 👨‍👩‍👧‍👦 wachtte.", "De x̧ en het 𝔘 stonden er.", "Vlag 🇳🇱 en duim 👍🏽 omhoog."]
SCRIPT = "<img src=x onerror=\"alert('nee')\"><script>alert(1)</script>"
ANSWERS = ["Lange wacht aan de telefoon.", "Prima geholpen 👍.", "Geen idee.", "De balie was dicht."]


def answer(number, said, **attributes):
    """A survey answer."""
    return Document(
        f"enq{number}", f"R{number}", "survey", "enquete.csv", said, (Turn(0, len(said), "", "respondent"),), "nl",
        prompt="Wat kan er beter?", attributes={"id": f"R{number}", **attributes}, columns={"case": "id"},
    )  # fmt: skip


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A study of talks and answers with suggestions."""
    place = tmp_path_factory.mktemp("page") / "<b>study.cxt"
    with Project.create(place, coder="Noor", settings={"name": SCRIPT, "language": "nl"}) as project:
        talks = {
            "an": ["Ik stond een uur in de wacht.", "Dat was naar.", "Ik wil een vaste afspraak.", "De hal is groen."],
            "tekens": SIGNS,
            "veel": ["Weer de wacht.", "Echt naar.", "De deur dicht.", "Nog een wacht.", "Dat kwam goed.", "Zo naar."],
            "<i>script</i>": [SCRIPT, "Dat zei hij."],
            "lang": [f"Zin nummer {n} van een lang gesprek over wachten en bellen.\n" for n in range(400)],
        }
        answers = tuple(answer(n, said) for n, said in enumerate(ANSWERS))
        project.add(Corpus((*(talk(id, said) for id, said in talks.items()), *answers)))
        tag_study(project, Machine())
        yield project


@pytest.fixture(scope="module")
def door(project):
    """Its page."""
    with serving(project) as door:
        yield door


@pytest.fixture(scope="module")
def context(browser, door):
    """A browser that came in, and stays in: a window per test."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="nl-NL", reduced_motion="reduce")
    page = context.new_page()
    page.goto(door.link())
    page.wait_for_selector(".said")
    page.close()
    yield context
    context.close()


@pytest.fixture
def visit(context, door):
    """Open a document; at the end nothing may have gone wrong in the browser or been asked for elsewhere."""
    pages, complaints, home = [], [], f"http://127.0.0.1:{door.port}/"

    def visit(address="text/an"):
        page = context.new_page()
        pages.append(page)
        hear(page, complaints)
        page.on("request", lambda one: one.url.startswith(home) or complaints.append(one.url))
        page.goto(f"{home}#/{address}")
        page.wait_for_selector(".said")
        return page

    yield visit
    for page in pages:
        page.close()
    assert complaints == []


@pytest.fixture(autouse=True)
def fresh(project):
    """Every test finds the study without codings of Noor, decisions and memos."""
    yield
    codings = project.codings()
    project.decide(codings.loc[codings["coder"] != "Noor", "coding"], "suggested")
    project.remove_codings(codings.loc[codings["coder"] == "Noor", "coding"])
    with project.change("memo") as writer:
        writer.delete("memos", project.memos()["memo"].tolist())


def codings_of(project, document):
    """What Noor coded in a document: the words and the code."""
    texts = {one.id: one.text for one in project.corpus()}
    own = project.codings().query("coder == 'Noor' and document == @document")
    return {(texts[document][row.start : row.end], row.code) for row in own.itertuples()}


def until(test):
    """Wait for what the server does meanwhile."""
    end = time.monotonic() + 20
    while not test():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.02)


def select(page, words):
    """Select words in the text as a mouse does."""
    page.evaluate(
        """words => {
            const walker = document.createTreeWalker(document.querySelector(".text"), NodeFilter.SHOW_TEXT);
            const nodes = [];
            let all = "";
            while (walker.nextNode()) if (walker.currentNode.parentElement.closest(".said")) {
                nodes.push([walker.currentNode, all.length]);
                all += walker.currentNode.data;
            }
            const at = all.indexOf(words), to = at + words.length;
            const place = (unit, last) => {
                const [node, start] = nodes.findLast(([, from]) => (last ? from < unit : from <= unit));
                return [node, unit - start];
            };
            const range = document.createRange();
            range.setStart(...place(at, false));
            range.setEnd(...place(to, true));
            getSelection().removeAllRanges();
            getSelection().addRange(range);
            document.querySelector(".text").dispatchEvent(new PointerEvent("pointerup", { bubbles: true }));
        }""",
        words,
    )


def give(page, typed):
    """Type a code."""
    page.locator("#typed").fill(typed)
    page.locator("#typed").press("Enter")


@pytest.mark.parametrize(
    "words", ["😡", "boos", "gezin 👨‍👩‍👧‍👦", "wachtte", "x̧ en het 𝔘", "stonden er", "🇳🇱 en duim 👍🏽", "omhoog"]
)  # fmt: skip
def test_signs_never_shift_a_coding(visit, project, words):
    """What is selected in the browser is what the study holds, before and after emoji and combining signs."""
    page = visit("text/tekens")
    page.wait_for_timeout(50)
    select(page, words)
    until(lambda: page.evaluate("document.querySelector('.quote')"))
    give(page, "behoefte")
    until(lambda: codings_of(project, "tekens"))
    assert codings_of(project, "tekens") == {(words, "need")}
    until(lambda: page.locator(".coded.sure").all_inner_texts() == [words])


def test_half_an_emoji_is_never_coded(visit, project):
    """A selection that cuts a family in two takes all of it."""
    page = visit("text/tekens")
    select(page, "👨‍👩")
    give(page, "behoefte")
    until(lambda: codings_of(project, "tekens"))
    assert codings_of(project, "tekens") == {("👨‍👩‍👧‍👦", "need")}


def test_coding_with_the_keyboard_alone(visit, project):
    """From the first sentence to codes by typing, by number and in vivo, undo and redo: no mouse is needed."""
    page = visit()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.type("behoe")
    assert page.locator("#options [aria-selected=true] .name").inner_text() == "behoefte"
    page.keyboard.press("Enter")
    until(lambda: codings_of(project, "an") == {("Dat was naar.", "need")})
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("2")
    both = "Ik wil een vaste afspraak. De hal is groen."
    until(lambda: (both, "pain") in codings_of(project, "an"))
    page.keyboard.press("Shift+ArrowUp")
    page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("v")
    until(lambda: ("Ik wil een vaste", "ik_wil_een_vaste") in codings_of(project, "an"))
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    until(lambda: codings_of(project, "an") == {("Dat was naar.", "need")})
    page.keyboard.press("Control+y")
    until(lambda: (both, "pain") in codings_of(project, "an"))
    until(lambda: page.evaluate("document.querySelectorAll('.chip:not(.open)').length === 2"))


def test_suggestions_are_apart_and_decided_by_key(visit, project):
    """A suggestion is dashed, tells its score and evidence on focus, and a and r accept and reject it."""
    page = visit()
    assert page.locator(".chip.open").count() == 2
    page.locator(".chip.open").first.focus()
    assert "robot 1 · 0,90" in page.locator(".tip").inner_text()
    assert "“wacht”" in page.locator(".tip").inner_text()
    page.locator(".text").focus()
    page.keyboard.press("n")
    assert page.locator(".quote").inner_text() == "Ik stond een uur in de wacht."
    page.keyboard.press("a")
    until(lambda: page.evaluate("document.querySelector('.quote').textContent === 'Dat was naar.'"))
    page.keyboard.press("r")
    until(lambda: set(project.codings().query("document == 'an'")["status"]) == {"accepted", "rejected"})
    until(lambda: page.evaluate("document.querySelectorAll('.chip').length === 1"))
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    until(lambda: page.evaluate("document.querySelectorAll('.chip.open').length === 2"))


def test_many_suggestions_are_folded_and_codings_are_not(visit, project):
    """More than a few suggestions beside a line are one chip a code, which goes through them and can be unfolded."""
    page = visit("text/veel")
    assert page.locator(".chip").all_inner_texts() == ["pijn\n×5", "pluspunt"]
    page.locator(".chip").first.click()
    assert page.locator(".quote").inner_text() == "Weer de wacht."
    page.keyboard.press("Enter")
    assert page.locator(".quote").inner_text() == "Echt naar."
    page.get_by_role("button", name="een voor een").press("Enter")
    assert page.locator(".chip.open").count() == 6
    assert page.locator(".chip.chosen").count() == 1
    page.keyboard.press("Enter")
    assert page.locator(".chip.open").count() == 2
    give(page, "pijn")
    page.locator(".chip:not(.open)").wait_for()
    assert page.locator(".chip").all_inner_texts() == ["pijn", "pijn\n×5", "pluspunt"]


def test_the_least_certain_suggestion_comes_first(visit):
    """The key u goes to the suggestion with the lowest score, and n on from there."""
    page = visit()
    page.keyboard.press("u")
    assert page.locator(".quote").inner_text() == "Dat was naar."


def test_edges_and_codes_can_be_changed(visit, project):
    """A coding gets new edges, another code, and goes, by what stands beside the text."""
    page = visit()
    select(page, "vaste afspraak")
    give(page, "behoefte")
    page.locator(".chip:not(.open)").click()
    page.locator(".text").focus()
    page.keyboard.press("Alt+Shift+ArrowLeft")
    page.keyboard.press("b")
    until(lambda: codings_of(project, "an") == {("een vaste afspraak", "need")})
    select(page, "Ik wil een vaste afspraak")
    page.get_by_role("button", name="Grenzen hierheen").click()
    until(lambda: codings_of(project, "an") == {("Ik wil een vaste afspraak", "need")})
    page.keyboard.press("Control+z")
    until(lambda: codings_of(project, "an") == {("een vaste afspraak", "need")})
    page.locator(".chip:not(.open)").click()
    page.get_by_role("button", name="Andere code").click()
    page.keyboard.type("pluspunt")
    page.keyboard.press("Enter")
    until(lambda: codings_of(project, "an") == {("een vaste afspraak", "gain")})
    page.get_by_role("button", name="Weghalen").click()
    until(lambda: codings_of(project, "an") == set())


def test_a_memo_on_a_coding(visit, project):
    """A memo is written beside its coding, and is there after the page was opened again."""
    page = visit()
    page.keyboard.press("n")
    page.keyboard.press("m")
    page.keyboard.type("Let op: <b>toon</b> 🙂")
    page.keyboard.press("Control+Enter")
    page.locator(".memo").wait_for()
    assert project.memos()["text"].tolist() == ["Let op: <b>toon</b> 🙂"]
    page.reload()
    page.wait_for_selector(".said")
    page.keyboard.press("n")
    assert "<b>toon</b> 🙂" in page.locator(".card .memo").inner_text()
    page.keyboard.press("Control+z")
    page.wait_for_selector(".memo", state="detached")


def test_answers_are_coded_as_fast_as_one_types(visit, project):
    """In a survey one types a code, Enter, and Enter again for the next answer; an answer without a code is read."""
    page = visit("answers/enquete.csv")
    assert page.locator(".survey .block").count() == len(ANSWERS)
    page.keyboard.press("Enter")
    for typed in ("pijn", "pluspunt", "", "pijn"):
        page.keyboard.type(typed)
        if typed:
            page.keyboard.press("Enter")
        page.keyboard.press("Enter")
    until(lambda: len(project.codings().query("coder == 'Noor'")) == 3)
    assert codings_of(project, "enq1") == {(ANSWERS[1], "gain")}
    until(lambda: set(project.seen()["document"]) >= {"enq0", "enq1", "enq2"})


def test_leaving_before_a_code_is_kept_is_asked(context, door, project):
    """Whoever closes the page while a change is on its way is asked first; the change is kept when it arrives."""
    page, asked, held = context.new_page(), [], []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.route("**/api/code", lambda route: held.append(route))
    page.goto(f"http://127.0.0.1:{door.port}/#/answers/enquete.csv")
    page.wait_for_selector(".survey .block")
    page.keyboard.press("Enter")
    page.keyboard.type("pijn")
    page.keyboard.press("Enter")
    until(lambda: page.evaluate("1") and held)
    page.close(run_before_unload=True)
    until(lambda: page.evaluate("1") and asked == ["beforeunload"])
    held[0].continue_()
    until(lambda: page.evaluate("1") and len(project.codings().query("coder == 'Noor'")) == 1)
    page.close()


def test_search_leads_to_the_place(visit):
    """A hit is shown in its context, and opens its document with the words at hand."""
    page = visit()
    page.keyboard.press("/")
    page.locator(".words").fill("duim")
    page.locator(".hits a").wait_for()
    assert page.locator(".hits mark").inner_text() == "duim"
    page.locator(".hits a").click()
    until(lambda: page.evaluate("document.querySelector('h1').textContent === 'tekens'"))
    until(lambda: page.evaluate("document.querySelector('.quote')?.textContent === 'duim'"))


def test_two_windows_see_each_other(visit, project):
    """What is coded in one window, or by somebody else, appears in the other by itself; a conflict is told."""
    page, other = visit(), visit()
    page.keyboard.press("n")
    page.keyboard.press("a")
    until(lambda: other.evaluate("document.querySelectorAll('.chip.open').length === 1"))
    id = project.codings().query("evidence == 'naar'")["coding"].iloc[0]
    with Project.open(project.place, coder="Sem") as sem:
        sem.decide([id], "accepted")
    until(lambda: page.evaluate("document.querySelectorAll('.chip.open').length === 0"))
    with Project.open(project.place, coder="Sem") as sem:
        sem.undo(own=True)


def test_scripts_in_text_names_and_codes_are_shown(visit):
    """Markup in a transcript, a file name, the name of the study and a code is text, wherever it is shown."""
    page = visit("text/%3Ci%3Escript%3C%2Fi%3E")
    assert page.locator(".said").nth(1).inner_text().startswith(SCRIPT)
    assert page.locator("h1").inner_text() == "<i>script</i>"
    assert SCRIPT in page.locator(".brand").inner_text()
    page.keyboard.press("ArrowDown")
    give(page, "<script>alert(2)</script>")
    page.locator(".chip", has_text="<script>alert(2)</script>").wait_for()
    assert page.locator("main img, main script, main b").count() == 0


def test_a_long_document_is_drawn_in_parts(visit):
    """A text is there at once; what is not in sight comes when it is reached, and places do not move."""
    page = visit("text/lang")
    until(lambda: page.evaluate("document.querySelectorAll('.block').length > 1"))
    page.evaluate("window.scrollTo(0, document.documentElement.scrollHeight)")
    until(lambda: page.evaluate("[...document.querySelectorAll('.said')].at(-1).textContent.includes('nummer 399 ')"))


def test_a_text_that_was_read_to_its_end_stays_light(visit):
    """What is far out of sight is not laid out any more; the words, and the sentence at hand, stay."""
    page = visit("text/lang")
    asked = page.context.new_cdp_session(page)
    asked.send("Performance.enable")

    def laid_out():
        asked.send("HeapProfiler.collectGarbage")
        return {one["name"]: one["value"] for one in asked.send("Performance.getMetrics")["metrics"]}["LayoutObjects"]

    until(lambda: page.locator(".said").count() == 401)
    before = laid_out()
    page.keyboard.press("ArrowDown")
    for step in range(40):
        page.evaluate("step => scrollTo(0, step / 39 * document.documentElement.scrollHeight)", step)
        page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    until(lambda: laid_out() < 2 * before)
    assert page.evaluate("[...CSS.highlights.get('at-hand')].join('')").startswith("Zin nummer 0 ")
    assert page.evaluate("document.querySelector('.text').textContent").count("Zin nummer ") == 400


def test_a_chosen_coding_is_in_sight(visit):
    """On a phone a chip can stand far below its words: a tap on it brings these into sight."""
    page = visit("text/an")
    page.set_viewport_size({"width": 390, "height": 560})
    chip = page.locator(".chip").first
    page.evaluate("document.querySelector('main').style.paddingBottom = '900px'")
    chip.evaluate("one => scrollBy(0, one.getBoundingClientRect().top - 130)")
    box = "() => [...CSS.highlights.get('at-hand')][0]?.getBoundingClientRect()"
    chip.click()
    until(lambda: (seen := page.evaluate(f"({box})()?.top")) is not None and 80 < seen < 400)


@pytest.mark.parametrize("width", [390, 820, 1440])
def test_no_sideways_scroll(visit, width):
    """The page fits a phone, a tablet and a screen."""
    page = visit()
    page.set_viewport_size({"width": width, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_serious_barrier(visit, theme):
    """Axe finds nothing serious, in the light and the dark, with a coding at hand, the search and the keys open."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = visit()
    page.emulate_media(color_scheme=theme)
    page.keyboard.press("n")
    page.wait_for_selector(".card")

    def check():
        found = [one for one in axe.run(page).response["violations"] if one["impact"] in ("serious", "critical")]
        assert [(one["id"], one["nodes"][0]["html"][:120]) for one in found] == []

    check()
    page.keyboard.press("?")
    check()
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    page.keyboard.type("p")
    check()


def test_dutch_and_english(visit):
    """One button turns every label into the other language, and the browser remembers it."""
    page = visit()
    page.get_by_role("button", name="English").click()
    page.get_by_role("button", name="Done with this document").wait_for()
    assert page.evaluate("document.documentElement.lang") == "en"
    page.reload()
    page.get_by_role("button", name="Nederlands").click()
    page.get_by_role("button", name="Klaar met dit document").wait_for()
