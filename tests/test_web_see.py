"""Comparing coders and seeing the study in the page: what is asked, what is kept, and that every number has quotes."""

import io
import zipfile
from urllib.parse import urlencode

import pytest
from coded_study import TALKS, coding, make_study, talk
from web_server import Client, hear, serving

from cxtext.project import Project
from cxtext.project.decisions import Decision
from cxtext.records import Corpus
from cxtext.tables import CODINGS, make_table
from cxtext.web import analysis

TALKS_MORE = {**TALKS, "ci": ["Bel mij op 06-12345678.", "De balie was dicht.", "<b>Het</b> ging goed."]}
PAIR = {"first": "Noor", "second": "Sem"}


def add_coder(place, name, codes):
    """Codes of a person: (document, position in it, code)."""
    with Project.open(place, coder=name) as own:
        rows = [coding(own.segments([d]).iloc[at], code) for d, at, code in codes]
        own.add_codings(make_table(rows, CODINGS))
        own.finish(["an", "bo", "ci"])


def fill_study(place, **settings):
    """Two people who differ on two segments and agree on one."""
    project = Project.create(place, coder="Noor", settings=settings)
    districts = {"bo": "Noord"}
    project.add(Corpus(tuple(talk(id, said, wijk=districts.get(id, "Zuid")) for id, said in TALKS_MORE.items())))
    add_coder(place, "Noor", [("an", 0, "pain"), ("an", 2, "need"), ("bo", 0, "pain")])
    add_coder(place, "Sem", [("an", 0, "pain"), ("an", 2, "pain"), ("ci", 1, "pain")])
    return project


@pytest.fixture
def project(tmp_path):
    """A study that two people coded."""
    with fill_study(tmp_path / "study.cxt") as study:
        yield study


@pytest.fixture
def client(project):
    """A browser that came in."""
    with serving(project) as door:
        yield Client(door.port, door.link())


def query(name, **values):
    """Address of a question."""
    return f"/api/{name}?{urlencode(values)}"


def sides(answer):
    """What each gave, of each dispute."""
    return [(one["first"], one["second"]) for one in answer["disputes"]]


def choice(dispute, codes):
    """A choice as the page sends it."""
    return {
        **PAIR, "segment": dispute["segment"], "group": dispute["group"], "codes": codes,
        "was": [dispute["first"], dispute["second"]],
    }  # fmt: skip


def test_a_difference_is_settled_once_and_can_be_taken_back(project, client):
    """The consensus keeps what was chosen; a second choice on the same is refused; undo brings the difference back."""
    before = client.get(query("compare", **PAIR))
    assert sides(before) == [(["need"], ["pain"]), (["pain"], []), ([], ["pain"])]
    assert before["agreed"] == 1
    wanted = choice(before["disputes"][0], ["pain"])
    assert client.post("settle", **wanted)[0] == 200
    kept = project.codings().query("coder == 'consensus'")
    assert sorted(kept[["code", "status", "decided_by"]].itertuples(index=False, name=None)) == [
        ("need", "rejected", "Noor"), ("pain", "accepted", "Noor"),
    ]  # fmt: skip
    assert len(client.get(query("compare", **PAIR))["disputes"]) == 2
    status, answer = client.post("settle", **wanted)
    assert (status, answer["conflict"]) == (409, True)
    assert client.post("undo")[0] == 200
    assert client.get(query("compare", **PAIR))["disputes"] == before["disputes"]


def test_a_choice_on_what_changed_meanwhile_is_refused(project, client):
    """What the page saw must still hold when it is settled."""
    wanted = choice(client.get(query("compare", **PAIR))["disputes"][0], ["need"])
    add_coder(project.place, "Sem", [("an", 2, "gain")])
    status, answer = client.post("settle", **wanted)
    assert (status, answer["conflict"]) == (409, True)
    assert "consensus" not in project.coders


def test_codes_that_cannot_hold_are_refused(client):
    """A code that is none of the group is named, and nothing is kept."""
    wanted = choice(client.get(query("compare", **PAIR))["disputes"][0], ["zz"])
    status, answer = client.post("settle", **wanted)
    assert status == 400
    assert "no code 'zz' in kind" in answer["error"]


def test_agreement_goes_to_the_consensus_and_is_measured(project, client):
    """What both coded alike is kept in one go; the figures count the segments that both read."""
    rows = {row["code"]: row for row in client.get(query("agreement", **PAIR))["rows"] if row["group"] == "kind"}
    assert (rows["pain"]["n"], rows["pain"]["used"]) == (9, [2, 3])
    assert rows["pain"]["alpha_low"] <= rows["pain"]["alpha"] <= rows["pain"]["alpha_high"]
    assert client.post("agree", **PAIR)[0] == 200
    assert client.get(query("compare", **PAIR))["agreed"] == 0
    assert (project.codings()["coder"] == "consensus").sum() == 1


def test_a_difference_can_be_kept_to_talk_about(project, client):
    """It becomes a memo on the coding, which everybody sees beside the difference."""
    dispute = client.get(query("compare", **PAIR))["disputes"][0]
    assert client.post("talk", coding=dispute["codings"][0], text="Is wachten pijn?")[0] == 200
    again = client.get(query("compare", **PAIR))["disputes"][0]
    assert [(memo["coder"], memo["text"]) for memo in again["talk"]] == [("Noor", "Is wachten pijn?")]
    assert project.memos()["text"].tolist() == ["#discuss Is wachten pijn?"]


def test_a_machine_is_compared_and_help_of_it_is_told(tmp_path):
    """A machine stands beside a person; where the person decided about its suggestions, that is said."""
    with make_study(tmp_path / "study.cxt") as project, serving(project) as door:
        first = project.codings().query("code == 'pain'")["coding"].iloc[0]
        project.keep(Decision(accepted=(first,)))
        project.finish(["an", "bo"])
        answer = Client(door.port, door.link()).get(query("compare", first="Noor", second="robot 1"))
    assert answer["seen_suggestions"] == 1
    assert all(one["first"] == [] for one in answer["disputes"])
    assert answer["disputes"]


def test_two_who_share_no_group_of_codes_have_no_figures(project, client):
    """Where two people coded other things, there is nothing to work out, which is no mistake."""
    with Project.open(project.place, coder="Bas") as own:
        own.add_codings(make_table([coding(own.segments(["an"]).iloc[0], "anger", group="emotion")], CODINGS))
        own.finish(["an"])
    other = {"first": "Noor", "second": "Bas"}
    assert client.get(query("agreement", **other))["rows"] == []
    assert len(client.get(query("compare", **other))["disputes"]) == 3


def test_blind_coders_see_no_work_of_others(tmp_path):
    """Before coding anything a blind coder compares nothing, unless they only decide; figures rest on their own."""
    place = tmp_path / "study.cxt"
    fill_study(place, blind=True).close()
    with Project.open(place, coder="Bas") as project, serving(project) as door:
        client = Client(door.port, door.link())
        assert client.get(query("compare", **PAIR)).get("gate") is True
        assert client.ask("GET", query("agreement", **PAIR))[0] == 400
        assert len(client.get(query("compare", **PAIR, decides="yes"))["disputes"]) == 3
        assert client.get("/api/quotes")["total"] == 0
        project.add_codings(make_table([coding(project.segments(["bo"]).iloc[1], "gain")], CODINGS))
        assert [one["codes"] for one in client.get("/api/quotes")["quotes"]] == [["kind/gain"]]
        assert client.get(query("compare", **PAIR, decides="yes"))["disputes"] == []
        status, _, text = client.ask("GET", query("export", what="report"))
        assert (status, "Is wachten" in text) == (200, False)


def test_every_count_has_its_quotes(client):
    """A cell of codes by attribute opens as many quotes, of as many respondents, as it says."""
    table = client.get(query("crosstab", attribute="wijk"))
    assert [(one["value"], one["n"]) for one in table["values"]] == [("Noord", 1), ("Zuid", 2)]
    for row in table["rows"]:
        for cell, one in zip(row["cells"], table["values"], strict=True):
            found = client.get(query("quotes", code=row["path"], attribute="wijk", value=one["value"]))
            assert (found["total"], found["respondents"]) == (cell["segments"], cell["k"])
    assert client.get(query("quotes", words="BALIE dicht"))["total"] == 2
    assert client.ask("GET", query("crosstab", attribute="zz"))[0] == 400


def test_pins_of_two_people_stay(project, client):
    """Nobody's pin is lost, and the board shows all of them."""
    segments = project.segments()["segment"].tolist()
    assert client.post("pin", segment=segments[0], pinned=True)[0] == 200
    with Project.open(project.place, coder="Sem") as sem, serving(sem) as door:
        assert Client(door.port, door.link()).post("pin", segment=segments[2], pinned=True)[0] == 200
    board = client.get(query("quotes", pinned="yes"))
    assert [(one["segment"], one["pinned"]) for one in board["quotes"]] == [(segments[0], "Noor"), (segments[2], "Sem")]
    assert client.post("pin", segment="zz", pinned=True)[0] == 400


def test_the_map_is_made_beside_the_work_and_knows_that_it_is_old(project, client):
    """It comes when it is made; a pin leaves it as it is, a coding makes it old."""
    assert client.get("/api/journey")["state"] == "working"
    study = analysis.analyses_of(project).wait(project, analysis.base_of(project))
    shown = client.get("/api/journey")
    assert (shown["current"], shown["respondents"], len(shown["phases"])) == (True, study.respondents, 5)
    client.post("pin", segment=project.segments()["segment"].iloc[0], pinned=True)
    assert client.get("/api/journey")["current"] is True
    add_coder(project.place, "Sem", [("bo", 1, "gain")])
    assert client.get("/api/journey")["current"] is False


def test_files_are_those_of_export_and_run(client):
    """Each file is what its name says; another one is refused in a sentence."""
    status, headers, _ = client.ask("GET", query("export", what="qdc"))
    assert (status, headers["content-disposition"]) == (200, 'attachment; filename="study-codebook.qdc"')
    status, _, text = client.ask("GET", query("export", what="report"))
    assert (status, "&lt;b&gt;Het&lt;/b&gt;" in text or "\\u003cb\\u003e" in text, "<b>Het</b>" in text) == (
        200,
        True,
        False,
    )
    assert client.ask("GET", query("export", what="../etc"))[0] == 400


def test_a_project_for_other_programs_comes_whole(project):
    """The archive that is sent can be opened."""
    from cxtext.web.answers import Given
    from cxtext.web.exports_api import export

    name, _, content, _ = export(project, Given({"what": "qdpx"}))
    assert name == "study-study.qdpx"
    assert "project.qde" in zipfile.ZipFile(io.BytesIO(content)).namelist()


def test_what_may_be_personal_is_listed(project, client):
    """A telephone number in a coded segment is on the list with its place; in others it is not looked for."""
    assert client.get("/api/privacy")["rows"] == []
    add_coder(project.place, "Sem", [("ci", 0, "need")])
    (row,) = client.get("/api/privacy")["rows"]
    found = row["found"][0]
    assert (row["text"][found["start"] : found["end"]], found["kind"]) == ("06-12345678", "phone")


@pytest.mark.browser
def test_a_person_compares_and_looks(browser, project):
    """Settle by key, undo, filter quotes, pin one, open it in its text, go by an attribute, and take a file along."""
    complaints = []
    with serving(project) as door:
        page = browser.new_page(locale="nl-NL", viewport={"width": 1280, "height": 800})
        page.set_default_timeout(60_000)
        hear(page, complaints)
        page.goto(door.link())
        page.get_by_role("link", name="Vergelijken").click()
        cards = page.locator(".dispute")
        cards.first.wait_for()
        assert cards.count() == 3
        page.locator(".agreement .of-code").first.wait_for()
        cards.first.focus()
        page.keyboard.press("2")
        page.get_by_text("In de consensus: pijn").wait_for()
        assert cards.count() == 2
        page.keyboard.press("Control+z")
        cards.nth(2).wait_for()
        page.get_by_role("link", name="Bekijken").click()
        page.locator(".map, .map-cards").first.wait_for()
        page.get_by_role("link", name="Citaten", exact=True).click()
        page.locator(".choice:has(> span:text-is('Code')) select").select_option("kind/need")
        page.get_by_text("1 citaat").wait_for()
        page.get_by_role("button", name="Vastmaken").click()
        page.get_by_text("Vastgemaakt.").wait_for()
        assert list(project.settings["pins"].values()) == ["Noor"]
        page.locator(".quote-card blockquote a").click()
        page.locator(".here .said, .said").get_by_text("Ik wil een vaste afspraak.").first.wait_for()
        page.get_by_role("link", name="Bekijken").click()
        page.get_by_role("link", name="Codes per kenmerk").click()
        page.locator(".crosstab tr:has-text('behoefte') td a").click()
        page.get_by_text("1 citaat").wait_for()
        page.get_by_role("link", name="Delen", exact=True).click()
        with page.expect_download() as download:
            page.get_by_role("button", name="Downloaden: REFI-QDA-project").click()
        assert download.value.suggested_filename == "study-study.qdpx"
        page.set_viewport_size({"width": 390, "height": 800})
        for part in ("compare", "see/map", "see/themes", "see/quotes", "see/share"):
            page.evaluate("hash => { location.hash = hash }", f"#/{part}")
            page.locator(".see h1").first.wait_for()
            assert page.evaluate("document.documentElement.scrollWidth") <= 390, part
            assert "[object" not in page.locator(".see").inner_text()
        page.close()
    assert complaints == []
