"""Learning beside the page: one job at a time, kept whole or not at all, and never in the way."""

import functools
import os
import time

import pytest
import web_work
from coded_study import TALKS, coding, decided, make_study
from web_server import Client, serving

from cxtext.errors import OptionError
from cxtext.project.learned import Taught, keep_learned, learned_runs
from cxtext.tables import CODINGS, make_table
from cxtext.web.answers import ConflictError, Given
from cxtext.web.learning import Learning, unlearn

NOTHING = Given({})


@pytest.fixture
def project(tmp_path):
    """A study of two talks with three suggestions of pain and one of gain by robot 1."""
    with make_study(tmp_path / "study.cxt", TALKS) as study:
        yield study


def accept(project, *words, status="accepted"):
    """Decide about what a machine suggests because of some words."""
    codings = project.codings()
    project.decide(codings.loc[codings["evidence"].isin(words), "coding"], status)


def learned(project, work=web_work.quick):
    """Learn with some work, and wait for it."""
    learning = Learning(project, work=work)
    learning.start(project, NOTHING)
    learning.jobs.wait(120)
    return learning


def alive(process):
    """Whether a process is there."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_the_page_stays_usable_and_a_cancelled_job_leaves_nothing(project, monkeypatch, tmp_path):
    """While a job goes on, codes are kept, a second job does not begin, and cancelling ends it without a trace."""
    monkeypatch.setattr("cxtext.web.app.Learning", functools.partial(Learning, work=web_work.endless))
    with serving(project) as door:
        client = Client(door.port, door.link())
        number = client.post("learn")[1]["number"]
        place = tmp_path / "study.cxt.pid"
        while not (place.exists() and client.get("/api/learning")["done"] > 2):
            time.sleep(0.05)
        client.open("an")
        status, _ = client.post("code", stretches=[{"document": "an", "start": 0, "end": 4}], codes=["kind/need"])
        assert status == 200
        status, state = client.post("learn")
        assert (status, state["number"], state["busy"], 0 < state["share"] < 1) == (200, number, True, True)
        before = project.log()
        assert client.post("learn_cancel")[1]["state"] == "cancelled"
        process = int(place.read_text(encoding="utf-8"))
        for _ in range(200):
            if not alive(process):
                break
            time.sleep(0.05)
        assert not alive(process)
        assert project.log() == before
        assert client.get("/api/learning")["state"] == "cancelled"
        assert client.get("/api/lesson") == {"lesson": None}


@pytest.mark.parametrize(
    ("work", "error"), [(web_work.refusing, "nothing to learn from"), (web_work.dying, "ended by itself")]
)
def test_a_job_that_fails_says_so_and_can_be_done_again(project, work, error):
    """A mistake, or the end of the process, is told; nothing was changed, and the next job begins."""
    before = project.log()
    learning = learned(project, work)
    state = learning.state(project, NOTHING)
    assert (state["state"], error in state["error"], project.log()) == ("failed", True, before)
    learning.jobs.work = web_work.quick
    learning.start(project, NOTHING)
    assert learning.jobs.wait(120).state == "done"


def test_what_is_learned_is_one_change_that_leaves_decisions_alone(project):
    """Suggestions come as one change of the machine, none on what people decided; undo of a person passes it by."""
    accept(project, "wacht")
    accept(project, "naar", status="rejected")
    before = len(project.log())
    learned(project)
    assert len(project.log()) == before + 1
    fresh = project.codings().query("coder == 'robot 2.2'")
    assert (len(fresh), set(fresh["status"])) == (4, {"suggested"})
    assert [entry.action for entry in project.undo(own=True)] == ["decide"]
    assert ["pain", "robot 1", "suggested", ""] in decided(project)
    assert len(project.codings().query("coder == 'robot 2.2'")) == 4


def test_the_next_machine_takes_the_place_of_the_one_before(project):
    """Open suggestions of the machine before go, with its name; what a person made of them stays."""
    accept(project, "wacht")
    learned(project)
    learned(project)
    assert [run.coder for run in learned_runs(project)] == ["robot 2.1", "robot 2.1"]
    mine = project.codings().query("coder == 'robot 2.1'").iloc[0]
    project.decide([mine["coding"]], "accepted")
    learned(project)
    accept(project, "dicht")
    learned(project)
    who = project.codings().query("code == 'pain'").groupby(["coder", "status"]).size().to_dict()
    assert who == {
        ("robot 1", "accepted"): 2, ("robot 1", "suggested"): 1, ("robot 2.1", "accepted"): 1,
        ("robot 2.3", "suggested"): 3,
    }  # fmt: skip
    assert set(project.coders) == {"Noor", "robot 1", "robot 2.1", "robot 2.3"}


def test_what_was_learned_can_be_taken_back(project):
    """Its open suggestions go and those of before come back; what people decided stays, and undo brings it all back."""

    def learn():
        keep_learned(project, web_work.quick(project.place, project.coder, progress=lambda *at: None))
        return learned_runs(project)[-1].started

    accept(project, "wacht")
    first, before = learn(), project.codings().query("coder == 'robot 2.1'")["coding"].tolist()
    accept(project, "dicht")
    last = learn()
    kept = project.codings().query("coder == 'robot 2.2' and document == 'an'")["coding"].iloc[0]
    project.decide([kept], "accepted")
    assert unlearn(project, Given({"at": last, "since": 0}))["taken"] == 3
    assert [run.started for run in learned_runs(project)] == [first]
    left = project.codings().query("coder in ['robot 2.1', 'robot 2.2']")
    answered = left.loc[left["coding"] == kept, ["document", "start"]].iloc[0].tolist()
    assert set(left.query("status == 'suggested'")["coding"]) < set(before)
    assert left.query("status == 'accepted'")["coding"].tolist() == [kept]
    assert answered not in left.query("status == 'suggested'")[["document", "start"]].to_numpy().tolist()
    with pytest.raises(ConflictError, match="taken back already"):
        unlearn(project, Given({"at": last, "since": 0}))
    project.undo(own=True)
    assert [run.started for run in learned_runs(project)] == [first, last]
    assert len(project.codings().query("coder == 'robot 2.2'")) == 4


def test_the_lesson_tells_what_changed_and_what_is_next(project):
    """The page gets how good each code is, how good it was, and the segments nobody read since, in their order."""
    accept(project, "wacht")
    learned(project)
    accept(project, "naar")
    lesson = learned(project).lesson(project, NOTHING)["lesson"]
    assert [(row["path"], row["f1"], row["was"]["f1"]) for row in lesson["codes"]] == [("kind/pain", 0.2, 0.1)]
    assert [one["text"] for one in lesson["next"]] == [
        "De koffie smaakte goed.", "De balie was dicht.", "De hal is groen.", "Ik wil een vaste afspraak."
    ]  # fmt: skip
    assert lesson["next"][1]["suggested"] == [("kind/pain", 0.7), ("kind/pain", 0.6)]
    project.finish(["bo"])
    left = Learning(project).lesson(project, NOTHING)["lesson"]
    assert ([one["document"] for one in left["next"]], left["coded"]) == (["an", "an"], 4)


def test_it_is_time_to_learn_after_so_many_decisions(project):
    """It begins by itself after fifteen new decisions, and does not try again what failed with the same ones."""
    rows = project.segments().head(1).to_dict("records")
    learning = Learning(project, work=web_work.refusing)
    assert not learning.state(project, NOTHING)["due"]
    codes = [code.path for code in project.codebook][:15]
    given = [coding(rows[0], path.split("/")[1]) | {"group": path.split("/")[0]} for path in codes]
    project.add_codings(make_table(given, CODINGS))
    assert learning.state(project, NOTHING)["due"]
    learning.start(project, NOTHING)
    learning.jobs.wait(120)
    assert not learning.state(project, NOTHING)["due"]


def test_nothing_is_kept_of_a_codebook_that_was_changed_meanwhile(project):
    """What was learned of codes that are others now is refused."""
    with pytest.raises(OptionError, match="codebook was changed"):
        keep_learned(project, Taught("robot 2", 99, make_table([], CODINGS), {}))
    assert "robot 2" not in project.coders


def test_a_study_teaches(tmp_path):
    """Real heads learn from a few codings, suggest where nobody read, and choose what is next there."""
    from test_study_learning import OWN

    from cxtext.teaching import teach

    waits = [f"Ik wachtte {n} weken op een brief." for n in ("twee", "drie", "vier", "vijf")]
    others = [f"Ik woon op nummer {n}." for n in (3, 5, 8, 12)]
    talks = {name: [*waits[:2], *others[:2]] if n % 2 else [*waits[2:], *others[2:]] for n, name in enumerate("abcdef")}
    with make_study(tmp_path / "own.cxt", talks, tagged=False) as project:
        project.set_codebook(OWN)
        with pytest.raises(OptionError, match="Nobody coded"):
            teach(project)
        rows = project.segments(list("abcd"))
        pains = rows[rows["text"].str.contains("wachtte")].to_dict("records")
        project.add_codings(make_table([coding(row, "pain") for row in pains], CODINGS))
        project.finish(list("abcd"))
        stages = []
        taught = teach(project, progress=lambda stage, done, total: stages.append(stage))
        assert list(dict.fromkeys(stages)) == ["read", "heads", "curve", "suggest", "next"]
        given = taught.suggestions
        assert set(given["document"]) <= {"e", "f"}
        assert (given["code"] == "pain").sum() == 4
        assert (taught.lesson["left"], len(taught.lesson["next"]), taught.lesson["whole"]) == (8, 8, 16)
        found = {row["code"]: row["f1"] for row in taught.lesson["codes"]}
        assert found["pain"] > 0.7
        assert found["gain"] is None
