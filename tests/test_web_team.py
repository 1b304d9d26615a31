"""The coding page of a team from outside: who may come in, until when, and what each role may do."""

import io
import json
import re
import zipfile

import pytest
from coded_study import TALKS, decided, make_study
from web_server import seen
from web_team import PASSWORD, Member, team_of

from cxtext.project import Project
from cxtext.project.accounts import add_account, change_password, remove_account
from cxtext.web.app import WRITES, make_app
from cxtext.web.roles import LEADING, OWN, SHARED

ANYTHING = {"since": 0, "path": "kind/pain", "document": "an", "codes": ["kind/pain"], "text": "x"}


@pytest.fixture(scope="module")
def team(tmp_path_factory):
    """A tagged study with an account for each role, and its page: project and door."""
    place = tmp_path_factory.mktemp("team") / "study.cxt"
    with make_study(place, TALKS) as project, team_of(project, Lea="lead", Noor="coder", Rik="reader") as door:
        yield project, door


@pytest.fixture
def own(tmp_path):
    """A team of a test alone."""
    with make_study(tmp_path / "study.cxt", TALKS) as project, team_of(project, Lea="lead", Noor="coder") as door:
        yield project, door


def unpacked(text):
    """All that is in a zip."""
    with zipfile.ZipFile(io.BytesIO(text.encode(errors="surrogateescape"))) as file:
        return "".join(file.read(name).decode(errors="replace") for name in file.namelist())


def flags(headers):
    """Flags of the cookie that an answer sets."""
    return {part.strip().lower() for part in headers["set-cookie"].split(";")[1:]}


def test_who_is_not_known_is_sent_to_a_page_to_sign_in(team):
    """The page without a session leads to a form without scripts, under the same policy but for that form."""
    guest = Member(team[1])
    assert guest.ask("GET", "/")[1]["location"] == "/sign-in"
    status, headers, text = guest.ask("GET", "/sign-in", Accept_Language="en-GB,nl;q=0.5")
    assert (status, "<script" in text, "Password" in text) == (200, False, True)
    policy = headers["content-security-policy"]
    assert ("default-src 'none'" in policy, "form-action 'self'" in policy, "unsafe" in policy) == (True, True, False)
    assert {"secure", "httponly", "samesite=strict"} <= flags(headers)
    for file in re.findall(r'href="(/static/[^"]+)"', text):
        assert guest.ask("GET", file)[0] == 200
    assert "Wachtwoord" in guest.ask("GET", "/sign-in")[2]
    assert "refresh" in guest.ask("GET", "/", Sec_Fetch_Site="cross-site")[2]


@pytest.mark.parametrize("path", ["/api/study", "/api/texts?document=an", "/static/main.js", "/nope", "/sign-in/x"])
@pytest.mark.parametrize("cookie", ["", "__Host-cxtext-443=guess", "__Host-cxtext-443=", "=;;\x01"])
def test_nothing_is_told_without_a_session(team, path, cookie):
    """Without a session there is nothing of the study, nor of the page."""
    guest = Member(team[1])
    guest.cookie = cookie
    status, _, text = guest.ask("GET", path)
    assert (status, "not signed in" in text) == (401, True)


def test_the_cookie_of_a_session_is_for_this_site_alone(team):
    """No script, other site, name or plain connection gets the cookie, and it ends after a working day."""
    _, headers, _ = Member(team[1]).sign_in("Noor")
    assert headers["set-cookie"].startswith("__Host-cxtext-443=")
    assert flags(headers) == {"secure", "httponly", "samesite=strict", "path=/", "max-age=43200"}
    assert headers["location"] == "/"


def test_a_name_that_is_none_gets_the_answer_of_a_wrong_password(team, monkeypatch):
    """Nobody learns who has an account: the same answer after the same work."""
    from argon2 import PasswordHasher

    work = []
    verify = PasswordHasher.verify

    def watched(hasher, hashed, password):
        work.append(hashed.rsplit("$", 2)[0])
        return verify(hasher, hashed, password)

    monkeypatch.setattr(PasswordHasher, "verify", watched)
    answers = [Member(team[1]).sign_in(name, "paard batterij nietjes") for name in ("Lea", "Ans")]
    assert [status for status, _, _ in answers] == [403, 403]
    lea, ans = (re.sub(r'(form|name)" value="[^"]*"', "", text).replace("Ans", "Lea") for _, _, text in answers)
    assert lea == ans
    assert len(work) == 2
    assert work[0] == work[1]


def test_who_is_wrong_too_often_has_to_wait(own):
    """After five failures an account is shut for a quarter of an hour, for the right password too; others come in."""
    _, door = own
    for name in ("Noor", "Ans"):
        for _ in range(5):
            assert Member(door).sign_in(name, "x")[0] == 403
        status, _, text = Member(door).sign_in(name)
        assert (status, "over 15 minuten" in text) == (429, True)
    assert Member(door).sign_in("Lea")[0] == 303
    door._clock.now += 15 * 60 + 1
    assert Member(door).sign_in("Noor")[0] == 303


def test_an_address_that_tries_many_names_has_to_wait(own):
    """Behind a proxy the address is what the proxy says, whatever the browser itself put before it."""
    _, door = own
    for number in range(20):
        assert Member(door).sign_in(f"n{number}", X_Forwarded_For=f"10.0.0.{number}, 192.0.2.7")[0] == 403
    assert Member(door).sign_in("Noor", X_Forwarded_For="10.1.1.1, 192.0.2.7")[0] == 429
    assert Member(door).sign_in("Noor", X_Forwarded_For="192.0.2.8")[0] == 303


def test_without_a_proxy_nobody_chooses_their_address(tmp_path):
    """Where no proxy was stated, what a browser says of its address is not heard."""
    with make_study(tmp_path / "study.cxt") as project, team_of(project, proxied=False, Noor="coder") as door:
        for number in range(20):
            Member(door).sign_in(f"n{number}", X_Forwarded_For=f"192.0.2.{number}")
        assert Member(door).sign_in("Noor", X_Forwarded_For="192.0.2.99")[0] == 429


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example"}, 421),
        ({"Host": "evil.example", "X_Forwarded_Host": "study.example.org"}, 421),
        ({"Host": "127.0.0.1"}, 421),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "http://study.example.org"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": None}, 403),
        ({"Sec_Fetch_Site": "cross-site"}, 403),
        ({"Content_Length": "10001"}, 413),
        ({"X_Forwarded_Host": "evil.example", "Forwarded": "host=evil.example"}, 303),
    ],
)
def test_a_form_from_elsewhere_is_refused(team, headers, status):
    """Only the page itself, under its one name, can sign somebody in; what is said of other names is not heard."""
    found = Member(team[1]).sign_in("Noor", **headers)
    assert found[0] == status
    assert "evil" not in str(found[1:])
    assert ("__Host-cxtext-443=" in str(found[1])) == (status == 303)


@pytest.mark.parametrize("form", ["", "0" * 64, "é", None])
def test_a_form_of_another_browser_is_refused(team, form):
    """The token of a form is that of the browser that asked for it."""
    door = team[1]
    token = Member(door).form() if form is None else form
    browser = Member(door)
    browser.form()
    assert browser.send("/sign-in", {"form": token, "name": "Noor", "password": PASSWORD})[0] == 403
    browser.cookie = ""
    assert browser.send("/sign-in", {"form": token, "name": "Noor", "password": PASSWORD})[0] == 403


@pytest.mark.parametrize("body", [b"", b"\xff=\xfe", b"form=%ff", b"a=1&" * 50, b"name=%00&form=x"])
def test_a_form_that_makes_no_sense_is_refused(team, body):
    """No body of a form ends in an error of the server."""
    assert Member(team[1]).ask("POST", "/sign-in", body)[0] == 403


@pytest.mark.parametrize(("name", "password"), [("Noor\x00", PASSWORD), ("Noor", "x" * 9000), ("<i>", "\u0000")])
def test_strange_names_and_passwords_are_wrong(team, name, password):
    """What was typed is shown as text, whatever it is."""
    status, _, text = Member(team[1]).sign_in(name, password)
    assert (status, "<i>" in text) == (403, False)


def test_every_change_has_a_role(team):
    """No route that writes is without a role, and none has two."""
    routes = {route.path for route in make_app(*team).routes if "POST" in route.methods}
    named = {f"/api/{name}" for name in OWN | SHARED | LEADING}
    assert routes == named | {"/sign-in", "/sign-out"}
    assert len(named) == len(OWN) + len(SHARED) + len(LEADING)
    assert set(WRITES) <= OWN | SHARED | LEADING


def test_a_reader_changes_nothing(team):
    """Every change of a reader is refused, before anything is looked at; figures and texts can be read."""
    project, door = team
    before, reader = project.log(), Member(door, "Rik")
    for name in OWN | SHARED | LEADING:
        status, answer = reader.post(name, **ANYTHING)
        assert (status, "You can read this study" in answer["error"]) == (403, True), name
    assert project.log() == before
    assert reader.get("/api/study")["role"] == "reader"
    for path in ("texts?document=an", "usage", "search?words=wacht", "position", "compare"):
        assert reader.get(f"/api/{path}")


def test_a_coder_changes_neither_codebook_nor_consensus(team):
    """What everybody works with is for leads; a lead gets past the same check."""
    project, door = team
    before, coder, lead = project.log(), Member(door, "Noor"), Member(door, "Lea")
    for name in LEADING:
        status, answer = coder.post(name, **ANYTHING)
        assert (status, "for who leads" in answer["error"]) == (403, True), name
        assert lead.post(name, since=0)[0] == 400, name
    assert project.log() == before


def test_codings_get_the_name_of_the_account(own):
    """Whatever a browser says, the coder is who signed in; in the log too."""
    project, door = own
    coder = Member(door, "Noor")
    coder.open("an")
    stretch = {"document": "an", "start": 0, "end": 4, "coder": "Lea", "decided_by": "Lea"}
    assert coder.post("code", stretches=[stretch], codes=["kind/need"], coder="Lea")[0] == 200
    assert ["need", "Noor", "accepted", ""] in decided(project)
    assert project.log()[-1].coder == "Noor"


def test_a_coder_leaves_decisions_and_changes_of_others_alone(own):
    """A suggestion that somebody else decided about counts as theirs; undo takes back one's own layer alone."""
    project, door = own
    with Project.open(project.place, coder="Sem") as other:
        other.decide(project.codings().query("evidence == 'wacht'")["coding"], "accepted")
    coder = Member(door, "Noor")
    row = next(row for row in coder.open("an")["codings"] if row["evidence"] == "wacht")
    for name in ("decide", "change", "remove"):
        status, answer = coder.post(name, codings=[{**seen(row), "path": "kind/need"}], status="rejected")
        assert (status, "Sem decided" in answer["error"]) == (403, True)
    with Project.open(project.place, coder="Noor") as before:  # before there was a team, on this very file
        before.set(name="Ander")
    status, answer = coder.post("undo")
    assert (status, "no coding of your own" in answer["error"]) == (409, True)
    coder.post("code", stretches=[{"document": "an", "start": 0, "end": 4}], codes=["kind/need"])
    assert coder.post("undo")[0] == 200
    assert coder.post("redo")[0] == 200
    assert (project.name, ["need", "Noor", "accepted", ""] in decided(project)) == ("Ander", True)


def test_a_session_ends(own):
    """By signing out, after a working day, with another password, and with the account, in that very moment."""
    project, door = own
    member = Member(door, "Noor")
    old = member.cookie
    assert member.send("/sign-out", {"form": "x"})[0] == 403
    assert member.send("/sign-out", {"form": member.form()})[0] == 303
    member.cookie = old
    assert member.ask("GET", "/api/study")[0] == 401
    for end in (
        lambda: setattr(door._clock, "now", door._clock.now + 12 * 3600 + 1),
        lambda: change_password(project, "Noor", PASSWORD),
        lambda: remove_account(project, "Noor"),
    ):
        member = Member(door, "Noor")
        assert member.get("/api/study")["coder"] == "Noor"
        end()
        assert member.ask("GET", "/api/study")[0] == 401
    add_account(project, "Noor", "lead", PASSWORD)
    assert member.ask("GET", "/api/study")[0] == 401


def test_a_lead_has_a_study_coded_blind(own):
    """The lead turns it on and off, which undo does too; what others coded goes from every page, and comes back."""
    project, door = own
    coder, lead = Member(door, "Noor"), Member(door, "Lea")
    shown = len(coder.open("an")["codings"])
    for turn, blind in ((("blind", {"blind": True}), True), (("undo", {}), False), (("redo", {}), True)):
        name, values = turn
        assert lead.post(name, **values)[0] == 200
        assert coder.get(f"/api/changes?since={coder.number}")["everything"] is True
        assert len(coder.open("an")["codings"]) == (0 if blind else shown)
        assert lead.get("/api/study")["blind"] is blind
    assert project.log(last=3)[0].summary == "blind"
    assert lead.post("blind", blind=False)[0] == 200
    assert (project.settings, project.log(last=1)[0].summary) == ({}, "no blind")


def test_a_blind_coder_finds_nothing_of_others(tmp_path):
    """No answer and no file tells a coder what others coded or wrote in a document that this coder has not finished."""
    with make_study(tmp_path / "study.cxt", TALKS, tagged=False, blind=True) as project:
        with Project.open(project.place, coder="Sem") as other:
            segment = project.segments(["an"]).iloc[[0]]
            rows = segment.assign(group="kind", code="pain", coder="Sem", status="accepted")
            other.add_codings(rows)
            other.add_memo("alleen van Sem", about="document", target="an")
            other.finish(["an", "bo"])
        with team_of(project, Noor="coder", Rik="reader", Lea="lead") as door:
            coder = Member(door, "Noor")
            coder.open("an")
            since = coder.number
            coder.post("code", stretches=[{"document": "an", "start": 15, "end": 19}], codes=["kind/need"])
            with Project.open(project.place, coder="Sem") as other:
                other.add_codings(rows.assign(code="gain"))
            secrets = project.codings().query("coder == 'Sem'")["coding"].tolist()
            answers = {path: coder.ask("GET", f"/api/{path}") for path in (
                "study", "texts?document=an", f"changes?since={since}", "search?words=wacht", "usage", "quotes",
                "crosstab", "code_quotes?path=kind/pain", "compare?first=Noor&second=Sem&decides=yes", "privacy",
                "lesson", "agreement?first=Noor&second=Sem&decides=yes", "export?what=codings", "export?what=qdpx",
            )}  # fmt: skip
            for path, (status, _, text) in answers.items():
                told = unpacked(text) if "export" in path else text
                assert status == 200, (path, text)
                assert not any(id in told for id in secrets), path
                assert "alleen van Sem" not in told, path
            told = {path.partition("?")[0]: answer for path, (_, _, answer) in answers.items() if "export" not in path}
            assert json.loads(told["usage"])["codes"]["kind/pain"]["codings"] == 0
            compared = json.loads(told["compare"])
            assert (compared["read"], compared["disputes"], compared["seen_suggestions"]) == (0, [], 0)
            assert json.loads(told["agreement"])["rows"] == []
            assert json.loads(told["quotes"])["quotes"][0]["codes"] == ["kind/need"]
            assert Member(door, "Rik").get("/api/quotes")["quotes"][0]["codes"] == [
                "kind/gain",
                "kind/pain",
                "kind/need",
            ]
            coder.post("finish", document="an", finished=True)
            assert all(id in coder.ask("GET", "/api/texts?document=an")[2] for id in secrets)
            assert len(coder.get("/api/compare?first=Noor&second=Sem")["disputes"]) == 1
