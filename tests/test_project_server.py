"""The same study on a PostgreSQL server, for a team that codes at once."""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from itertools import takewhile
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import text
from test_project import CORPUS, Machine, coding, codings
from web_server import seen
from web_team import Member, team_of

from cxtext.errors import ReadError, WriteError
from cxtext.project import Project
from cxtext.project.accounts import list_accounts
from cxtext.project.search import search
from cxtext.project.tagging import tag_study

pytest.importorskip("pg8000")
PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A real server of its own in an empty folder; gives the URL of a function that makes databases."""
    if not PROGRAMS:
        pytest.skip("PostgreSQL is not installed (Debian: postgresql)")
    folder = tmp_path_factory.mktemp("server")
    data, port = folder / "data", 20000 + os.getpid() % 20000
    user = None
    if os.geteuid() == 0:  # a server refuses to run as root
        user = "postgres"
        for parent in (folder, *takewhile(lambda above: above != Path(tempfile.gettempdir()), folder.parents)):
            parent.chmod(0o755)
        shutil.chown(folder, user)

    def call(program, *arguments):
        subprocess.run([PROGRAMS[-1] / program, *arguments], check=True, capture_output=True, cwd=folder, user=user)

    call("initdb", "-D", data, "-U", "cxtext", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8")
    command = [PROGRAMS[-1] / "postgres", "-D", data, "-p", str(port), "-k", folder, "-h", "127.0.0.1", "-F"]
    with (folder / "log").open("w") as log, subprocess.Popen(command, stderr=log, cwd=folder, user=user) as process:
        address = ("-h", "127.0.0.1", "-p", str(port), "-U", "cxtext")
        for _ in range(300):
            with contextlib.suppress(subprocess.CalledProcessError):
                call("psql", *address, "-c", "SELECT 1", "postgres")
                break
            time.sleep(0.1)
        yield lambda name: (call("createdb", *address, name), port)[1]
        process.send_signal(signal.SIGINT)


@pytest.fixture
def place(server, request):
    """The URL of an empty database."""
    name = f"study_{abs(hash(request.node.name))}"
    return f"postgresql://cxtext@127.0.0.1:{server(name)}/{name}"


def test_a_study_on_a_server_is_the_same_study(place):
    """Documents, codings, undo, redo, check and words work as in a file."""
    with Project.create(place, coder="Noor") as project:
        project.add(CORPUS)
        tag_study(project, Machine())
        assert len(project.codings()) == 2
        project.undo()
        assert project.codings().empty
        project.redo()
        assert len(project.codings()) == 2
        assert project.check() == []
    with Project.open(place, coder="Sem") as project:
        assert project.corpus().documents == CORPUS.documents
    with pytest.raises(WriteError, match="holds a study already"):
        Project.create(place, coder="Noor")


def test_a_team_codes_at_once(place):
    """Four coders at the same time lose nothing, and the log has them all."""
    with Project.create(place, coder="Noor") as project:
        project.add(CORPUS)
        rows = project.segments().to_dict("records")

        def code(coder):
            with Project.open(place, coder=coder) as mine:
                for row in rows:
                    mine.add_codings(codings(coding(row)))

        team = [Thread(target=code, args=(f"c{number}",)) for number in range(4)]
        for member in team:
            member.start()
        for member in team:
            member.join()
        assert len(project.codings()) == 4 * len(rows)
        assert [entry.action for entry in project.log()].count("code") == 4 * len(rows)
        assert project.check() == []


def test_a_server_without_a_study_is_named(place):
    """An empty database, and a server that is not there, end in a message."""
    with pytest.raises(ReadError, match="it holds no study"):
        Project.open(place, coder="Noor")
    with pytest.raises(ReadError, match="the database says"):
        Project.open("postgresql://cxtext@127.0.0.1:1/none", coder="Noor")


def test_a_search_on_a_server_finds_the_same(place):
    """Words, phrases, beginnings and codes find the same places as in a file."""
    with Project.create(place, coder="Noor", settings={"name": "x"}) as project:
        project.add(CORPUS)
        tag_study(project, Machine())
        for query, found in {
            "cafe INGANG": ["café", "ingang"], '"de wacht"': ["de wacht"], "ging OR dicht NOT vlot": ["ging", "dicht"],
            "wach* uur": ["uur", "wacht"], "CAFÉ-": ["café"], "😡x": [], "a:b & c": [], "een uu*": ["een", "uur"],
        }.items():  # fmt: skip
            assert search(project, query)["match"].tolist() == found
        assert search(project, codes=["pain"], limit=1)["codes"].tolist() == ["kind/pain"]
        assert search(project, "uur", attributes={"wijk": "zuid"}, speakers=["R"])["start"].tolist() == [27]
        assert search(project, regex="WACHT|dicht")["match"].tolist() == ["wacht", "dicht"]


def test_two_browsers_code_one_document_on_a_server(place):
    """Two people code the same at once through the page: nothing is lost or doubled, and who is second is told."""
    with Project.create(place, coder="Lea") as project:
        project.add(CORPUS)
        tag_study(project, Machine())
        row = project.codings().iloc[0]
        with team_of(project, Noor="coder", Sem="coder") as door:
            members = {name: Member(door, name) for name in ("Noor", "Sem")}
            shown = {name: member.open(row["document"])["codings"] for name, member in members.items()}
            answers = []

            def code(member):
                for at in range(15):
                    stretch = {"document": row["document"], "start": at, "end": at + 1}
                    for _ in range(2):  # as a browser that tries again because no answer came
                        status, _ = member.post("code", stretches=[stretch], codes=["kind/need", "kind/pain"])
                        answers.append(status)

            team = [Thread(target=code, args=(member,)) for member in members.values()]
            for one in team:
                one.start()
            for one in team:
                one.join()
            assert answers == [200] * 60
            kept = project.codings().query("coder in ['Noor', 'Sem']")
            assert len(kept) == len(kept.drop_duplicates(["coder", "start", "code"])) == 2 * 15 * 2
            told = members["Noor"].get("/api/changes?since=0")
            assert told.get("everything") or set(kept["coding"]) <= set(told["codings"])
            change = next(seen(one) for one in shown["Noor"] if one["id"] == row["coding"])
            assert members["Sem"].post("decide", codings=[change], status="rejected")[0] == 200
            status, answer = members["Noor"].post("decide", codings=[change], status="accepted")
            assert (status, "Sem changed this coding meanwhile" in answer["error"]) == (409, True)
        assert project.check() == []


def test_a_study_of_the_first_format_gets_accounts(place):
    """What was made before there were accounts is brought up to date when it is opened."""
    with Project.create(place, coder="Noor") as project, project._engine.begin() as connection:
        connection.execute(text("DROP TABLE accounts"))
        connection.execute(text("UPDATE meta SET value = '1' WHERE key = 'format'"))
    with Project.open(place, coder="Noor") as project:
        assert list_accounts(project) == project.check() == []


def test_the_password_of_a_server_stays_out_of_messages():
    """An error that a whole team may read has no password of the database in it."""
    with pytest.raises(ReadError, match=r"cxtext:\*\*\*@127") as caught:
        Project.open("postgresql://cxtext:geheim@127.0.0.1:1/none", coder="Noor")
    assert "geheim" not in str(caught.value)
