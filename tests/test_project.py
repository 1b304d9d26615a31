"""The study file: what is kept, what is refused, and how everything can be taken back."""

import os
import signal
import sqlite3
import stat
import time
from random import Random
from statistics import median

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from cxtext import Document, Turn
from cxtext.codebook import Code, Codebook, Group, merge_codes
from cxtext.errors import OptionError, ReadError, WriteError
from cxtext.project import Project, database
from cxtext.project.tagging import tag_study
from cxtext.records import Corpus
from cxtext.segmentation import segment
from cxtext.tables import CODINGS, make_table


def document(id, *turns, **more):
    """A document of turns, given as (speaker, role, text)."""
    text, parts = "", []
    for speaker, role, said in turns:
        parts.append(Turn(len(text), len(text) + len(said), speaker, role))
        text += said + "\n"
    return Document(id, id, "interview", f"{id}.txt", text, tuple(parts), "nl", **more)


CORPUS = Corpus((
    document(
        "gesprek",
        ("I", "interviewer", "Hoe ging het?"),
        ("R", "respondent", "Ik stond een uur in de wacht 😡. Daarna ging het vlot."),
        attributes={"wijk": "Zuid"},
    ),
    document("antwoord", ("", "respondent", "De café-ingang is dicht.")),
))  # fmt: skip


def coding(row, code="pain", **more):
    """A coding of a segment, as a row."""
    return {
        "document": row["document"], "segment": row["segment"], "start": row["start"], "end": row["end"],
        "group": "kind", "code": code, **more,
    }  # fmt: skip


def codings(*rows):
    """Rows as a table."""
    return make_table(rows, CODINGS)


class Machine:
    """A coder that finds a pain in every segment with "wacht" or "dicht"."""

    coder = "robot 1"

    def __init__(self):
        self.thresholds = {"kind/pain": 0.5}
        self.read = []

    def tag(self, segments):
        """Tag."""
        self.read += list(segments["document"].unique())
        found = segments[segments["text"].str.contains("wacht|dicht")].to_dict("records")
        return type("Tags", (), {"codings": codings(*(coding(row, score=0.9, coder=self.coder) for row in found))})


@pytest.fixture
def place(tmp_path):
    """Where the study is."""
    return tmp_path / "study.cxt"


@pytest.fixture
def project(place):
    """A study of two documents."""
    with Project.create(place, coder="Noor", settings={"name": "Wachten"}) as study:
        study.add(CORPUS)
        yield study


@pytest.fixture
def first(project):
    """Its first segment."""
    return project.segments().iloc[0]


def test_what_goes_in_comes_out(project):
    """Documents, turns, attributes and segments come back as they were."""
    assert project.corpus().documents == CORPUS.documents
    pd.testing.assert_frame_equal(project.segments(), segment(CORPUS))
    assert project.documents()["wijk"].tolist() == ["Zuid", ""]
    assert (project.name, project.check()) == ("Wachten", [])


def test_a_study_is_opened_again(project, place):
    """Everything is on disk when a change is made."""
    with Project.open(place, coder="Sem") as again:
        assert again.corpus().documents == CORPUS.documents
        assert repr(again) == f"Project('{place}', 2 documents, 0 codings)"


def test_a_document_is_taken_once_and_its_text_never_changes(project):
    """The same file again is named, and so is another text under the same id, which is not taken."""
    other = document("gesprek", ("R", "respondent", "Iets anders."))
    notices = project.add(Corpus((*CORPUS.documents, other)))
    assert [notice.message[:40] for notice in notices[:2]] == [
        "gesprek is in the study already.", "antwoord is in the study already.",
    ]  # fmt: skip
    assert "never changes" in notices[2].message
    assert project.corpus().documents == CORPUS.documents


def test_codings_of_several_coders_stand_side_by_side(project, first):
    """Two people, two codes, one stretch: three rows; the same coding twice is one."""
    added = [
        project.add_codings(codings(coding(first), coding(first, "need"))),
        project.add_codings(codings(coding(first, coder="Sem"))),
        project.add_codings(codings(coding(first))),
    ]
    assert added == [2, 1, 0]
    found = project.codings()
    assert found[["code", "coder", "status"]].to_numpy().tolist() == [
        ["need", "Noor", "accepted"], ["pain", "Noor", "accepted"], ["pain", "Sem", "accepted"],
    ]  # fmt: skip
    assert project.coders == {"Noor": "person", "Sem": "person"}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"document": "nergens"}, "no such document"),
        ({"end": 4000}, "outside the text"),
        ({"start": 9, "end": 9}, "outside the text, or is empty"),
        ({"code": "pijn"}, "no such code"),
        ({"status": "misschien"}, "the status is none of suggested, accepted, rejected"),
    ],
)
def test_what_cannot_be_a_coding_is_refused_and_nothing_is_kept(project, first, change, reason):
    """One bad row refuses the lot, and says why and where."""
    with pytest.raises(OptionError, match=reason):
        project.add_codings(codings(coding(first, "need"), coding(first) | change))
    assert project.codings().empty


def test_a_blind_coder_sees_the_others_after_finishing(project, first):
    """Codings of others in a document come when the coder has finished that document."""
    project.add_codings(codings(coding(first, coder="Sem")))
    assert project.codings(seen_by="Noor").empty
    project.finish(["gesprek"])
    assert project.codings(seen_by="Noor")["coder"].tolist() == ["Sem"]


def test_a_machine_suggests_and_a_decision_survives_the_next_run(project):
    """A second run replaces open suggestions; what a person decided stays, once."""
    machine = Machine()
    result = tag_study(project, machine)
    assert (result.documents, result.suggestions) == (2, 2)
    assert project.codings()["status"].tolist() == ["suggested", "suggested"]
    accepted, other = project.codings()["coding"]
    project.decide([accepted], "rejected")
    assert tag_study(project, machine).documents == 0
    assert tag_study(project, machine, again=True).suggestions == 1
    found = project.codings()
    assert found["coding"].tolist()[0] == accepted
    assert found["coding"].tolist()[1] != other
    assert found[["status", "decided_by"]].to_numpy().tolist() == [["rejected", "Noor"], ["suggested", ""]]
    assert project.coders["robot 1"] == "machine"


def test_a_run_that_broke_off_goes_on(project, monkeypatch):
    """Documents that were read are not read again."""
    monkeypatch.setattr("cxtext.project.tagging._PIECE", 1)
    machine = Machine()

    def stop(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        tag_study(project, machine, progress=stop)
    tag_study(project, machine)
    assert machine.read == ["gesprek", "antwoord"]


def test_a_run_is_undone_as_one(project, monkeypatch):
    """One undo takes back a run over many pieces, one redo brings it back."""
    monkeypatch.setattr("cxtext.project.tagging._PIECE", 1)
    tag_study(project, Machine())
    after = project.codings()
    assert len(project.undo()) == 3
    assert (len(project.codings()), project.finished().empty) == (0, True)
    project.redo()
    pd.testing.assert_frame_equal(project.codings(), after)


def test_codings_follow_their_codes(project, first):
    """A merged code hands on its codings, of which those that become the same are one; an undo brings them back."""
    project.add_codings(codings(coding(first), coding(first, "need", status="suggested")))
    after = project.set_codebook(merge_codes(project.codebook, ["kind/pain"], "kind/need"))
    assert after.joined == 1
    assert project.codings()[["code", "status"]].to_numpy().tolist() == [["need", "accepted"]]
    assert (project.codebook.version, "kind/pain" in {code.path for code in project.codebook}) == (2, False)
    project.undo()
    assert sorted(project.codings()["code"]) == ["need", "pain"]
    assert project.codebook.version == 1


def test_another_codebook_does_not_lose_codings_unasked(project, first):
    """Codings of codes that the new codebook lacks stop it, unless they are to be dropped."""
    project.add_codings(codings(coding(first)))
    own = Codebook("own", 1, (Group("kind", {"en": "Kind"}, (Code("ache", "kind", {"en": "Ache"}),)),))
    with pytest.raises(OptionError, match="There are 1 codings of kind/pain, which the change removes"):
        project.set_codebook(own)
    assert project.codebook.name == "cx"
    assert project.set_codebook(own, drop_removed=True).dropped == 1
    assert (project.codebook.name, project.codings().empty) == ("own", True)


def test_memos_and_settings_are_kept(project, first):
    """A note knows who wrote it and what it is about; a setting that is set to None is forgotten."""
    project.add_codings(codings(coding(first)))
    id = project.codings()["coding"][0]
    memo = project.add_memo("Navragen bij de balie", about="coding", target=id)
    assert project.memos()[["memo", "coder", "target"]].to_numpy().tolist() == [[memo, "Noor", id]]
    project.set(name=None, blind=True)
    assert project.settings == {"blind": True}
    assert project.name == "study"


def test_codings_can_be_changed_and_removed(project, first):
    """A coding gets another stretch or code; one outside the text is refused."""
    project.add_codings(codings(coding(first)))
    id = project.codings()["coding"][0]
    assert project.change_codings({id: {"code": "need", "end": int(first["end"]) - 1}}) == 1
    assert project.codings().loc[0, ["code", "end"]].tolist() == ["need", first["end"] - 1]
    with pytest.raises(OptionError, match="outside the text"):
        project.change_codings({id: {"end": 999}})
    assert project.remove_codings([id, "no such coding"]) == 1


def state(project):
    """All that can be undone."""
    with project._read() as connection:
        return {
            table: sorted(map(repr, connection.execute(text(f"SELECT * FROM {table}")).all()))
            for table in ("documents", "segments", "codings", "codebooks", "settings", "memos", "finished", "coders")
        }


@given(seed=st.integers(0, 10**6))
@settings(max_examples=8, deadline=None)
def test_every_change_can_be_undone_and_done_again(tmp_path_factory, seed):
    """Undo goes back through every state there was, up to an empty study, and redo through all of them again."""
    random = Random(seed)
    with Project.create(tmp_path_factory.mktemp("study") / "s.cxt", coder="Noor") as project:
        states = [state(project)]
        project.add(CORPUS)
        rows = project.segments().to_dict("records")
        for number in range(random.randint(1, 12)):
            states.append(state(project))
            ids = project.codings()["coding"].tolist()
            match random.randrange(6):
                case 0 if ids:
                    changed = project.decide([random.choice(ids)], random.choice(["rejected", "suggested"]))
                case 1 if ids:
                    changed = project.remove_codings([random.choice(ids)])
                case 2:
                    changed = project.add_memo(f"memo {number}", about="study")
                case 3:
                    changed = project.set(**{random.choice("ab"): number}) or True
                case _:
                    code = random.choice(["pain", "need", "gain"])
                    changed = project.add_codings(codings(coding(random.choice(rows), code)))
            if not changed:
                states.pop()
        states.append(state(project))
        for earlier in reversed(states[:-1]):
            assert project.undo()
            assert state(project) == earlier
        assert project.undo() == []
        for later in states[1:]:
            assert project.redo()
            assert state(project) == later
        assert project.redo() == []


def test_a_new_change_ends_what_can_be_done_again(project, first):
    """After an undo and something new, the undone change stays undone."""
    project.add_codings(codings(coding(first)))
    project.undo()
    project.add_memo("iets nieuws", about="study")
    assert project.redo() == []
    actions = [entry.action for entry in project.log()]
    assert actions == ["init", "add", "code", "undo", "memo"]


def test_the_log_says_who_did_what(project, place, first):
    """Each entry has the coder, the moment and the number of things."""
    with Project.open(place, coder="Sem") as sem:
        sem.add_codings(codings(coding(first)))
    entry = project.log(last=1)[0]
    assert (entry.coder, entry.action, entry.summary) == ("Sem", "code", "1 codings")
    assert entry.at.endswith("+00:00")


def change_for_ever(place, table, coder, tell):
    """Code, tag and undo until somebody ends it; tell when the study is open, and after each coding."""
    with Project.open(place, coder=coder) as mine:
        while True:
            os.write(tell, b"!")
            mine.add_codings(table)
            os.write(tell, b"!")
            tag_study(mine, Machine(), again=True)
            mine.undo()


def test_a_killed_process_loses_at_most_the_change_in_flight(project, place):
    """Two hundred processes killed at any moment leave a whole study each time, with all that they had finished."""
    rows = project.segments().to_dict("records")
    random = Random(1)
    durations, told = [], set()
    for number in range(200):
        coder = f"c{number}"
        table = codings(*(coding(row, coder=coder) for row in rows))
        ready, tell = os.pipe()
        child = os.fork()
        if child == 0:
            change_for_ever(place, table, coder, tell)
        os.close(tell)
        os.read(ready, 1)
        if number % 2 == 0:  # killed after its first change, which also tells how long one takes here and now
            start = time.perf_counter()
            os.read(ready, 1)
            durations.append(time.perf_counter() - start)
            told.add(coder)
        time.sleep(random.random() * 2 * median(durations))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        told |= {coder} if os.read(ready, 1) else set()
        os.close(ready)
        if number % 40 == 39:
            assert project.check() == []
    found = project.codings()
    whole = found[found["coder"].str.startswith("c")].groupby("coder").size()
    assert set(whole) == {len(rows)}
    assert told <= set(whole.index)
    assert 100 <= len(whole) < 200


def damage(place, *statements):
    """Change the file behind the back of cxtext."""
    connection = sqlite3.connect(place)
    with connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()


@pytest.mark.parametrize(
    ("statement", "message", "repaired"),
    [
        ("UPDATE documents SET text = text || '!' WHERE id = 'gesprek'", "not the one that was added", False),
        ('UPDATE codings SET "end" = 9999', "lie outside the text of their document, such as gesprek", True),
        ("UPDATE codings SET code = 'weg'", "have a code that is not in the codebook", True),
        ("UPDATE codings SET document = 'weg'", "belong to no document", True),
        ("DELETE FROM turns WHERE document = 'gesprek'", "segments belong to no turn", True),
        ("UPDATE changes SET content = x'00' WHERE log = 2", "Entry 2 of the log cannot be read", False),
        ("DELETE FROM words", "The index of words has 0 turns", True),
    ],
)
def test_damage_is_found_and_what_can_be_is_repaired(project, place, first, statement, message, repaired):
    """Each kind of damage is named; a repair takes away what points nowhere, and says what is left."""
    project.add_codings(codings(coding(first)))
    project.close()
    damage(place, statement)
    with Project.open(place, coder="Noor") as study:
        assert [message in problem.what for problem in study.check()].count(True) == 1
        left = [problem.what for problem in study.check(repair=True)]
        assert any(message in what for what in left) is not repaired


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "not a study of cxtext"),
        (b"Geachte heer, " * 20, "not a study of cxtext"),
        (b"SQLite format 3\x00" + b"\x00" * 200, "database of another program"),
    ],
)
def test_something_else_is_refused(tmp_path, content, message):
    """Another file is not opened, and not touched."""
    path = tmp_path / "x.cxt"
    path.write_bytes(content)
    with pytest.raises(ReadError, match=message):
        Project.open(path, coder="Noor")
    assert path.read_bytes() == content


def test_a_damaged_file_says_so(project, place):
    """A study with holes in it names the damage and the way out."""
    project.close()
    content = bytearray(place.read_bytes())
    content[5000:9000] = b"\xff" * 4000
    place.write_bytes(content)
    with pytest.raises(ReadError, match=r"damaged|database says"), Project.open(place, coder="Noor") as study:
        study.corpus()


def test_a_missing_study_and_a_taken_name_are_named(tmp_path, place, project):
    """Opening needs a study, making needs a free name."""
    with pytest.raises(ReadError, match="there is no study to open"):
        Project.open(tmp_path / "none.cxt", coder="Noor")
    with pytest.raises(WriteError, match="a file of this name already"):
        Project.create(place, coder="Noor")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_study_can_be_read_and_refuses_changes(project, place):
    """A change of a read-only file ends in a message, not in a traceback."""
    project.close()
    place.chmod(stat.S_IREAD)
    with Project.open(place, coder="Noor") as study, pytest.raises(WriteError, match="cannot be written"):
        study.set(name="x")


def test_a_study_that_is_being_written_waits_and_then_says_so(project, place, monkeypatch):
    """Two programs at once: the second waits, and then names the reason."""
    monkeypatch.setattr(database, "PATIENCE", 0.1)
    other = sqlite3.connect(place, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with Project.open(place, coder="Sem") as study, pytest.raises(WriteError, match="another program is writing"):
        study.set(name="x")
    other.rollback()
    other.close()


def test_a_full_disk_keeps_what_was_there(project, place):
    """A change that does not fit is not kept, and everything before it is."""
    with project._engine.execution_options(writes=True).begin() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar_one()
        connection.execute(text(f"PRAGMA max_page_count = {pages}"))
        with pytest.raises(WriteError, match="the disk is full; nothing of this change was kept"), database.told("s"):
            connection.execute(text("INSERT INTO settings VALUES ('x', :long)"), {"long": "x" * 10**6})
    assert project.corpus().documents == CORPUS.documents


def test_an_older_study_is_brought_up_to_date_after_a_copy(project, place, monkeypatch):
    """A format that is one behind is migrated, and the old file is kept beside it; a newer one is refused."""
    project.close()
    before = place.read_bytes()
    steps = {**database.MIGRATIONS, 3: lambda connection: connection.execute(text("CREATE TABLE more (id text)"))}
    with monkeypatch.context() as newer:
        newer.setattr(database, "MIGRATIONS", steps)
        with Project.open(place, coder="Noor") as study:
            assert study.corpus().documents == CORPUS.documents
    assert place.with_name("study.format-2.cxt").read_bytes() == before
    with pytest.raises(ReadError, match="made by a newer version of cxtext"):
        Project.open(place, coder="Noor")
