"""The coding page from outside: who may come in, what can be asked, and that no change is lost or doubled."""

import asyncio
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading

import pytest
from coded_study import TALKS, decided, make_study
from web_server import Client, seen, serving

from cxtext.project import Project
from cxtext.web.app import static_files
from cxtext.web.server import HOST, _listening

SCRIPT = '<img src=x onerror="alert(1)">'


@pytest.fixture
def project(tmp_path):
    """A tagged study of two talks."""
    with make_study(tmp_path / "study.cxt", {**TALKS, "ci": [SCRIPT]}) as study:
        yield study


@pytest.fixture
def door(project):
    """The page of that study."""
    with serving(project) as door:
        yield door


@pytest.fixture
def client(door):
    """A browser that came in."""
    return Client(door.port, door.link())


@pytest.fixture(scope="module")
def still(tmp_path_factory):
    """A study with its page that no test of it changes: project, door, and a browser that came in."""
    place = tmp_path_factory.mktemp("still") / "study.cxt"
    with make_study(place, {**TALKS, "ci": [SCRIPT]}) as project, serving(project) as door:
        yield project, door, Client(door.port, door.link())


def opened_by_sem(project):
    """The study as another person opens it."""
    return Project.open(project.place, coder="Sem")


def test_a_link_lets_one_browser_in_once(still):
    """The token of a link becomes a cookie that no script reads and no other site sends; the link is used up."""
    door = still[1]
    link = door.link().partition(str(door.port))[2]
    status, headers, _ = Client(door.port).ask("GET", link)
    assert status == 200
    assert {"httponly", "samesite=strict"} <= {part.strip().lower() for part in headers["set-cookie"].split(";")}
    status, headers, text = Client(door.port).ask("GET", link)
    assert (status, "set-cookie" in headers) == (403, False)
    assert "used already" in text


@pytest.mark.parametrize("path", ["/", "/static/main.js", "/api/study", "/api/texts?document=an", "/nope"])
@pytest.mark.parametrize("cookie", ["", "cxtext-{port}=guess", "other=1", "=;;\x01"])
def test_nothing_is_told_without_the_cookie(still, path, cookie):
    """Whoever did not come in by a link gets nothing of the study, and not even the files of the page."""
    door = still[1]
    status, _, text = Client(door.port, cookie=cookie.format(port=door.port)).ask("GET", path)
    assert (status, "link" in text) == (403, True)


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:{port}.evil.example", ""]
)
def test_another_name_for_this_machine_is_refused(still, host):
    """DNS rebinding does not work: a page that is asked for under another name says nothing, cookie or not."""
    client = still[2]
    assert client.ask("GET", "/api/study", Host=host.format(port=client.port))[0] == 421


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1", "http://localhost:1", None])
def test_a_change_from_another_page_is_refused(still, origin):
    """A change without the Origin of the page, or with another one, changes nothing."""
    project, _, client = still
    before = project.log()
    body = b'{"since":0,"document":"an","finished":true}'
    assert client.ask("POST", "/api/finish", body, Origin=origin)[0] == 403
    assert client.ask("GET", "/api/study", Sec_Fetch_Site="cross-site")[0] == 403
    assert client.ask("GET", "/api/study", Sec_Fetch_Site="same-site")[0] == 403
    assert project.log() == before


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({"Content_Length": "1000001"}, b"", 413),
        ({"Content_Length": None, "Transfer_Encoding": "chunked"}, b"0\r\n\r\n", 411),
        ({"Content_Length": "9" * 18}, b"", 413),
        ({"Content_Length": "9" * 400}, b"", 400),
        ({"Content_Type": "text/plain"}, b"{}", 415),
        ({}, b"[1]", 400),
        ({}, b"\xff", 400),
        ({}, b"[" * 100_000, 400),
        ({}, b'{"since":0,"codings":[{"id":["x"]}]}', 400),
        ({}, b'{"since":0,"codings":3}', 400),
        ({}, b'{"since":1e400,"codings":[]}', 400),
        ({}, b'{"codings":[{"id":"\\ud800","was":[]}]}', 400),
    ],
)
def test_a_change_that_is_too_large_or_makes_no_sense_is_refused(still, headers, body, status):
    """Size, type and content of a change are looked at before anything is done with it."""
    client = still[2]
    assert client.ask("POST", "/api/remove", body, **headers)[0] == status


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"])
def test_other_methods_are_refused(still, method):
    """There is nothing to do but to ask and to change."""
    client = still[2]
    assert client.ask(method, "/api/study")[0] == 405


@pytest.mark.parametrize(
    "path",
    ["/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2f..%2fpalette.py", "/static//etc/passwd",
     "/static/", "/static/index.html%00", "/static/C:%5Cwindows"],
)  # fmt: skip
def test_only_the_files_of_the_page_are_served(still, path):
    """No path leads out of the folder of the page."""
    client = still[2]
    status, _, text = client.ask("GET", path)
    assert (status, "import" in text) == (404, False)


@pytest.mark.parametrize("path", ["/", "/static/main.js", "/api/study", "/api/texts?document=nope", "/nope"])
def test_every_answer_forbids_what_is_not_ours(still, path):
    """No answer lets a browser run, fetch, frame or guess anything that did not come from here."""
    client = still[2]
    headers = client.ask("GET", path)[1]
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert (headers["x-content-type-options"], headers["cross-origin-resource-policy"]) == ("nosniff", "same-origin")


def test_the_files_of_the_page_ask_for_nothing_elsewhere():
    """No file of the page names another address or makes markup of text; both languages have the same texts."""
    texts = {name: content.decode() for name, (_, content) in static_files().items()}
    scripts = {name: text for name, text in texts.items() if name.endswith(".js")}
    assert len(scripts) > 10
    for name, text in texts.items():
        assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", text), name
    for name, text in scripts.items():
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(", text), name
        assert len(text.splitlines()) < 400, name
    dutch, english = (json.loads(texts[f"texts.{language}.json"]) for language in ("nl", "en"))
    assert list(dutch) == list(english)
    used = set(re.findall(r'\bt\("([a-z_0-9]+)"', "\n".join(scripts.values())))
    assert used <= set(dutch)


def test_a_script_in_a_transcript_is_sent_as_text(still):
    """What looks like markup comes as JSON, with a type that no browser takes for a page."""
    client = still[2]
    status, headers, text = client.ask("GET", "/api/texts?document=ci")
    assert (status, headers["content-type"]) == (200, "application/json")
    assert SCRIPT in json.loads(text)["documents"][0]["text"]


def test_a_coding_is_kept_and_told(client, project):
    """A code on a stretch is in the study when the answer comes, and the answer holds it."""
    text = client.open("an")["text"]
    start = text.index("vaste afspraak")
    place = {"document": "an", "start": start, "end": start + len("vaste afspraak")}
    status, answer = client.post("code", stretches=[place], codes=["kind/need", "emotion/trust"])
    assert status == 200
    assert {row["code"] for row in answer["codings"].values()} == {"need", "trust"}
    own = project.codings().query("coder == 'Noor'")
    assert set(own["code"]) == {"need", "trust"}
    assert {text[a:b] for a, b in own[["start", "end"]].to_numpy()} == {"vaste afspraak"}


def test_the_answer_to_a_change_is_all_that_changed(client, project):
    """A change is answered with what asking for the changes gives, also where somebody else changed something too."""
    suggested = client.open("an")["codings"][0]
    places = [{"document": "an", "start": start, "end": start + 4} for start in (0, 5)]
    answers = []

    def ask(name, **values):
        since = project.number
        client.number = since - 1 if name == "remove" else since
        _, answer = client.post(name, **values)
        assert answer == client.get(f"/api/changes?since={client.number}")
        answers.append(answer)
        return next(iter(answer["codings"].values()), None)

    own = ask("code", stretches=places, codes=["kind/need"], seen=[{"segment": suggested["segment"], "document": "an"}])
    ask("code", stretches=places[:1], codes=["kind/need"])
    own = ask("change", codings=[{**seen(own), "path": "kind/pain"}])
    ask("decide", codings=[seen(suggested)], status="accepted")
    ask("remove", codings=[seen(own)])
    assert [len(answer["codings"]) for answer in answers] == [2, 0, 1, 1, 2]
    assert answers[-1]["codings"][own["id"]] is None


def test_an_answer_leaves_at_once():
    """What is written to a browser is sent without waiting until the browser has confirmed what came before."""

    async def options():
        found = asyncio.get_running_loop().create_future()

        async def meet(reader, writer):
            found.set_result(writer.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()

        with _listening(HOST, 0) as listener:
            async with await asyncio.start_server(meet, sock=listener):
                _, writer = await asyncio.open_connection(*listener.getsockname())
                writer.close()
                return await found

    assert asyncio.run(options())


@pytest.mark.parametrize(
    ("name", "values", "message"),
    [
        ("code", {"stretches": [{"document": "an", "start": 0, "end": 99999}], "codes": ["kind/pain"]}, "outside"),
        ("code", {"stretches": [{"document": "zz", "start": 0, "end": 1}], "codes": ["kind/pain"]}, "no such document"),
        ("code", {"stretches": [{"document": "an", "start": 0, "end": 1}], "codes": ["kind/nope"]}, "no such code"),
        ("code", {"stretches": [{"document": "an", "start": "a", "end": 1}], "codes": ["kind/pain"]}, "a whole number"),
        ("decide", {"codings": [], "status": "maybe"}, "no status"),
        ("memo", {"about": "weather", "text": "x"}, "nothing that a memo can be about"),
        ("memo", {"about": "document", "target": "an", "text": " "}, "empty"),
        ("new_code", {"name": "x", "group": "nope", "stretches": []}, "no group"),
    ],
)
def test_a_mistake_is_told_and_changes_nothing(still, name, values, message):
    """What cannot be kept is refused in one sentence."""
    project, _, client = still
    before = project.log()
    status, answer = client.post(name, **values)
    assert (status, message in answer["error"]) == (400, True), answer
    assert project.log() == before


def test_who_comes_second_is_told(client, project):
    """A change of something that another person changed meanwhile is refused, says who, and keeps nothing."""
    row = next(row for row in client.open("an")["codings"] if row["evidence"] == "wacht")
    with opened_by_sem(project) as other:
        other.decide([row["id"]], "rejected")
    for name, values in (("decide", {"status": "accepted"}), ("remove", {}), ("change", {})):
        change = {**seen(row), "path": "kind/need"}
        status, answer = client.post(name, codings=[change], **values)
        assert (status, answer.get("conflict")) == (409, True)
        assert "Sem changed this coding meanwhile" in answer["error"]
    assert ["pain", "robot 1", "rejected", "Sem"] in decided(project)
    assert client.get(f"/api/changes?since={client.number}")["codings"][row["id"]]["status"] == "rejected"


def test_a_changed_suggestion_becomes_ones_own(client, project):
    """Another code, or another stretch, for a suggestion rejects it and adds a coding of one's own, as one change."""
    row = next(row for row in client.open("an")["codings"] if row["evidence"] == "naar")
    status, _ = client.post("change", codings=[{**seen(row), "path": "emotion/sadness"}])
    assert status == 200
    assert ["sadness", "Noor", "accepted", ""] in decided(project)
    assert ["pain", "robot 1", "rejected", "Noor"] in decided(project)
    status, answer = client.post("undo")
    assert (status, len(answer["done"])) == (200, 1)
    assert ["pain", "robot 1", "suggested", ""] in decided(project)
    client.post("redo")
    assert ["sadness", "Noor", "accepted", ""] in decided(project)


def test_what_another_person_coded_is_left_alone(client, project):
    """Codings of another person can be neither changed nor removed: agreement is measured on them."""
    with opened_by_sem(project) as other:
        other.add_codings(project.codings().head(1).assign(coder="Sem", status="accepted"))
    row = next(row for row in client.open("an")["codings"] if row["coder"] == "Sem")
    for name in ("change", "remove"):
        status, answer = client.post(name, codings=[{**seen(row), "path": "kind/need"}])
        assert (status, "is of Sem" in answer["error"]) == (400, True)


def test_each_takes_back_their_own(client, project):
    """Undo takes back one's own last change though somebody else coded after it, and not theirs."""
    client.open("an")
    client.post("code", stretches=[{"document": "an", "start": 0, "end": 4}], codes=["kind/need"])
    with opened_by_sem(project) as other:
        other.add_codings(project.codings().head(1).assign(coder="Sem", status="accepted"))
    status, answer = client.post("undo")
    assert (status, answer["done"][0]["action"]) == (200, "review")
    assert {"Sem"} == set(project.codings()["coder"]) - {"robot 1"}
    client.post("redo")
    assert {"Sem", "Noor"} == set(project.codings()["coder"]) - {"robot 1"}


def test_undo_does_not_undo_what_others_went_on_with(client, project):
    """A change that somebody else changed since is not taken back: that would be their loss."""
    row = next(row for row in client.open("an")["codings"] if row["evidence"] == "wacht")
    client.post("decide", codings=[seen(row)], status="accepted")
    with opened_by_sem(project) as other:
        other.decide([row["id"]], "rejected")
    status, answer = client.post("undo")
    assert (status, answer["conflict"]) == (409, True)
    assert ["pain", "robot 1", "rejected", "Sem"] in decided(project)


def test_a_code_in_vivo_is_a_code_and_a_coding(client, project):
    """In vivo makes a code of the words, codes them with it, and one undo takes both back."""
    text = client.open("an")["text"]
    start = text.index("De hal is groen")
    place = {"document": "an", "start": start, "end": start + 15}
    status, answer = client.post("new_code", name=text[start : start + 15], stretches=[place])
    assert (status, answer["path"]) == (200, "in_vivo/de_hal_is_groen")
    assert ["de_hal_is_groen", "Noor", "accepted", ""] in decided(project)
    client.post("undo")
    assert "in_vivo" not in {group.id for group in project.codebook.groups}


def test_memos_are_written_changed_and_removed(client, project):
    """A memo can be changed by who wrote it, as long as nobody changed it meanwhile; an empty one goes."""
    client.open("an")
    client.post("memo", about="document", target="an", text="Let op de toon 🙂.")
    id = project.memos()["memo"].iloc[0]
    assert client.post("memo", id=id, was="iets anders", text="x")[0] == 409
    assert client.post("memo", id=id, was="Let op de toon 🙂.", text="Anders")[0] == 200
    assert project.memos()["text"].tolist() == ["Anders"]
    assert client.post("memo", id=id, was="Anders", text="")[0] == 200
    assert project.memos().empty


def test_blind_coders_see_only_their_own(tmp_path):
    """In a study that is coded blind, others' codings and memos come only when the document is finished."""
    with make_study(tmp_path / "blind.cxt", blind=True) as project, serving(project) as door:
        with opened_by_sem(project) as other:
            other.add_memo("van Sem", about="document", target="an")
        client = Client(door.port, door.link())
        text = client.open("an")
        assert (text["codings"], text["memos"]) == ([], [])
        client.post("finish", document="an", finished=True)
        assert {row["coder"] for row in client.open("an")["codings"]} == {"robot 1"}


def test_two_browsers_lose_and_double_nothing(client, door, project):
    """Two browsers that code the same document at once: each coding is there once, and both are told of all."""
    other = Client(door.port, door.link())
    stretches = [{"document": "an", "start": at, "end": at + 1} for at in range(20)]

    def code(browser, path):
        browser.open("an")
        for stretch in stretches:
            status, answer = browser.post("code", stretches=[stretch], codes=[path, "kind/gain"])
            browser.number = answer["number"]
            assert status == 200

    threads = [threading.Thread(target=code, args=given) for given in ((client, "kind/need"), (other, "kind/need"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    own = project.codings().query("coder == 'Noor'")
    assert len(own) == len(own.drop_duplicates(["start", "end", "code"])) == 2 * len(stretches)
    assert {row["id"] for row in client.open("an")["codings"] if row["coder"] == "Noor"} == set(own["coding"])


def test_a_killed_server_has_kept_every_coding(tmp_path):
    """Killed in the midst of rapid codings, the server has kept all that it answered, and the study is whole."""
    place = tmp_path / "study.cxt"
    make_study(place, {"lang": ["Dit is een zin van tien woorden die wordt gecodeerd."] * 30}, tagged=False).close()
    command = [sys.executable, "-c", "from cxtext.cli import main; main()", "code", str(place), "--no-browser"]
    with subprocess.Popen([*command, "--coder", "Noor"], stdout=subprocess.PIPE, text=True) as process:
        link = re.search(r"http://\S+", process.stdout.readline())[0]
        port = int(link.split(":")[2].partition("/")[0])
        client = Client(port, link)
        client.open("lang")
        answered, enough = set(), threading.Event()

        def code():
            for at in range(1000):
                stretch = {"document": "lang", "start": at, "end": at + 5}
                _, answer = client.post("code", stretches=[stretch], codes=["kind/pain"])
                client.number = answer["number"]
                answered.update(answer["codings"])
                if at == 199:
                    enough.set()

        def code_until_killed():
            with pytest.raises((OSError, http.client.HTTPException)):
                code()

        thread = threading.Thread(target=code_until_killed)
        thread.start()
        assert enough.wait(60)
        os.kill(process.pid, signal.SIGKILL)
        thread.join()
    with Project.open(place, coder="Noor") as project:
        kept = set(project.codings()["coding"])
        assert answered <= kept
        assert len(answered) >= 200
        assert len(kept - answered) <= 1  # the one that was on its way
        assert project.check() == []
