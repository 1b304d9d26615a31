"""What a study teaches a model: what was read, what holds, and what to code next."""

import csv

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from coded_study import coding, make_study

from cxtext.cli import main
from cxtext.codebook import Code, Codebook, Group
from cxtext.project import Project
from cxtext.project.decisions import Decision
from cxtext.project.lessons import lessons_of, on_segments
from cxtext.project.review import suggestions
from cxtext.tables import CODINGS, SEGMENTS, make_table
from cxtext.tag import learning

OWN = Codebook("eigen", 1, (Group("kind", {"en": "kind"}, (
    Code("pain", "kind", {"nl": "pijn"}, {"nl": "Een probleem of wachttijd."}),
    Code("gain", "kind", {"nl": "pluspunt"}, {"nl": "Iets dat goed ging."}),
)),))  # fmt: skip


@pytest.fixture
def place(tmp_path):
    """Where the study is."""
    return tmp_path / "study.cxt"


@pytest.fixture
def project(place):
    """A tagged study of two talks: three suggestions of pain, one of gain."""
    with make_study(place) as study:
        yield study


def known(project, *codes):
    """Text and what is known of codes, of the segments that were read."""
    lessons = lessons_of(project)
    columns = lessons.known[list(codes)].to_numpy().tolist()
    return dict(zip(lessons.segments["text"], columns, strict=True))


def test_nothing_is_read_before_a_person_did_something(project):
    """Suggestions alone teach nothing, and the machine's reading is not a person's."""
    lessons = lessons_of(project)
    assert (len(lessons.segments), len(lessons.codings), lessons.whole) == (0, 0, 0)


def test_a_decision_makes_its_group_known_on_its_segment(project):
    """Of a decided segment the group is known, but no code that is still open, and no other group."""
    first, second, *_ = suggestions(project.codings())
    project.keep(Decision(rejected=first.suggestions))
    robot_2 = {"coder": "robot 2", "status": "suggested"}
    row = project.segments().iloc[0]
    project.add_codings(make_table([coding(row, "need", **robot_2)], CODINGS), kind="machine")
    assert known(project, "kind/pain", "kind/need", "kind/gain", "emotion/joy") == {
        "Ik stond een uur in de wacht.": [True, False, True, False]
    }
    assert lessons_of(project).codings["status"].tolist() == ["rejected"]
    project.keep(Decision(accepted=second.suggestions))
    assert len(lessons_of(project).segments) == 2


def test_a_finished_document_and_a_seen_segment_are_known_for_all_codes(project):
    """Who read all, read it for every code; an open suggestion there was not taken over."""
    project.finish(["bo"])
    project.keep(Decision(seen={project.segments(["an"])["segment"].iloc[3]: "an"}))
    lessons = lessons_of(project)
    assert lessons.segments["text"].tolist() == [
        "De hal is groen.", "De balie was dicht.", "De koffie smaakte goed."
    ]  # fmt: skip
    assert lessons.known.to_numpy().all()
    assert lessons.whole == 3
    assert lessons.codings.empty


def test_an_accepted_suggestion_is_the_coding_of_who_accepted_it(project):
    """People's names stand in what is learned from."""
    project.keep(Decision(accepted=suggestions(project.codings())[0].suggestions))
    assert lessons_of(project).codings[["coder", "status"]].to_numpy().tolist() == [["Noor", "accepted"]]


def test_the_consensus_overrules(project, place):
    """Where the consensus decided about a group, only it is learned from."""
    row = project.segments().iloc[0]
    project.add_codings(make_table([coding(row, "pain"), coding(row, "anger") | {"group": "emotion"}], CODINGS))
    consensus = [coding(row, "need", coder="consensus"), coding(row, "pain", coder="consensus", status="rejected")]
    project.add_codings(make_table(consensus, CODINGS), kind="consensus")
    held = lessons_of(project).codings.query("status == 'accepted'")
    assert sorted(held["coder"] + " " + held["code"]) == ["Noor anger", "consensus need"]


def test_a_stretch_of_ones_own_is_placed_on_segments(project):
    """A free stretch counts for the segments that it covers by half, or that hold half of it."""
    segments = project.segments(["an"])
    first, second = segments.iloc[0], segments.iloc[1]
    free = {"document": "an", "segment": "", "group": "kind", "code": "pain"}
    codings = make_table([
        free | {"start": first["start"], "end": second["end"]},
        free | {"start": first["start"] + 2, "end": first["start"] + 8},
        free | {"start": first["start"], "end": second["start"] + 2},
    ], CODINGS)  # fmt: skip
    assert on_segments(codings, segments)["segment"].tolist() == [
        first["segment"], second["segment"], first["segment"], first["segment"]
    ]  # fmt: skip


class FakeEngine:
    """One feature: whether "wacht" is in the text."""

    def __init__(self, codes=2):
        self.weights = np.zeros((1, codes), dtype=np.float32)
        self.bias = np.zeros(codes, dtype=np.float32)
        self.trained = np.zeros(codes, dtype=bool)
        self.phrases = None

    def features(self, segments):
        """Shape (n, 1)."""
        return segments["text"].str.contains("wacht").to_numpy(dtype=np.float32)[:, None]


def test_a_head_learns_only_where_people_looked_for_its_code(monkeypatch):
    """Segments that nobody read for a code are no examples of its absence."""
    monkeypatch.setattr(learning.LearnedEngine, "untrained", lambda phrases, codes: FakeEngine(codes))
    rows = [
        {"segment": f"s{i}", "document": f"d{i % 6}", "case": f"d{i % 6}", "text": "wacht" if i < 30 else "hal"}
        for i in range(60)
    ]
    segments = segments_of(rows)
    codings = make_table(
        [
            {"segment": f"s{i}", "document": f"d{i % 6}", "start": 0, "end": 1, "group": "kind", "code": "pain",
             "status": "accepted", "score": 1.0}
            for i in range(15)
        ],
        CODINGS,
    )  # fmt: skip
    read = pd.DataFrame({"kind/pain": [i < 15 or i >= 30 for i in range(60)], "kind/gain": True})
    half = learning.learn(segments, codings, OWN, known=read).codes.set_index("code").loc["pain"]
    whole = learning.learn(segments, codings, OWN).codes.set_index("code").loc["pain"]
    assert (half["codings"], half["f1"]) == (15, 1.0)
    assert (whole["codings"], round(whole["precision"], 2)) == (15, 0.5)


def segments_of(rows):
    """Rows as segments, with nothing where nothing is given."""
    empty = {name: "" if dtype == "str" else 0 for name, dtype in SEGMENTS.items()}
    return make_table([empty | row for row in rows], SEGMENTS)


def test_a_study_teaches_and_is_tagged_with_what_was_learned(tmp_path):
    """Learn, tag and next work on one study; the learned model is a coder of its own."""
    place, model = tmp_path / "own.cxt", tmp_path / "eigen"
    waits = [f"Ik wachtte {n} weken op een brief." for n in ("twee", "drie", "vier", "vijf")]
    others = [f"Ik woon op nummer {n}." for n in (3, 5, 8, 12)]
    talks = {name: [*waits[:2], *others[:2]] if n % 2 else [*waits[2:], *others[2:]] for n, name in enumerate("abcdef")}
    run = CliRunner()
    with make_study(place, talks, tagged=False) as project:
        project.set_codebook(OWN)
        refused = run.invoke(main, ["learn", str(place), "-o", str(model)])
        assert "nobody coded or accepted anything yet" in refused.output
        rows = project.segments(list("abcd"))
        pains = rows[rows["text"].str.contains("wachtte")].to_dict("records")
        project.add_codings(make_table([coding(row, "pain") for row in pains], CODINGS))
        project.finish(list("abcd"))
    done = run.invoke(main, ["learn", str(place), "-o", str(model)])
    assert done.exit_code == 0, done.output
    assert "8 codings that hold, 0 that people rejected; 16 segments read for all codes, 0 more" in done.output
    assert "cxtext eigen 2.8" in done.output
    done = run.invoke(main, ["tag", str(place), "--model", str(model)])
    assert done.exit_code == 0, done.output
    with Project.open(place, coder="Noor") as project:
        given = project.codings().query("coder == 'cxtext eigen 2.8' and document in ['e', 'f'] and code == 'pain'")
        assert len(given) == 4
    out = tmp_path / "next.csv"
    done = run.invoke(main, ["next", str(place), "-n", "3", "--model", str(model), "-o", str(out)])
    assert done.exit_code == 0, done.output
    assert "1. " in done.output
    with out.open(encoding="utf-8-sig", newline="") as file:
        found = list(csv.DictReader(file))
    assert {row["document"] for row in found} <= {"e", "f"}
    assert len(found) == 3
    assert "is there already" in run.invoke(main, ["next", str(place), "-o", str(out)]).output


def test_a_study_that_is_read_has_nothing_next(project, place):
    """When people have read everything, nothing is left to choose from, and no model is loaded."""
    project.finish(["an", "bo"])
    done = CliRunner().invoke(main, ["next", str(place)])
    assert "People have read all segments" in done.output


def test_a_study_takes_no_codebook_from_outside(place, project, tmp_path):
    """The codebook of a study is its own."""
    done = CliRunner().invoke(main, ["learn", str(place), "-o", str(tmp_path / "m"), "--code-column", "x"])
    assert "A study has its own codebook" in done.output
