"""What is damaged, does not fit or is no text: it is told, and nothing half made is left."""

import resource
import subprocess
import sys

import pandas as pd
import pytest
from test_project import CORPUS, coding, codings, damage, document, first, place, project  # noqa: F401

from cxtext.errors import CxtextError, OptionError, ReadError
from cxtext.project import Project
from cxtext.project.frames import read_documents
from cxtext.project.search import search
from cxtext.records import Corpus


def test_a_study_that_could_not_be_made_leaves_no_file(place):  # noqa: F811
    """Settings that cannot be kept are refused, and the same name can be used again."""
    with pytest.raises(OptionError, match="cannot be kept"):
        Project.create(place, coder="Noor", settings={"name": object()})
    assert not place.exists()
    with Project.create(place, coder="Noor") as study:
        assert study.check() == []


def test_an_empty_file_of_a_killed_making_can_be_taken(place):  # noqa: F811
    """What is left where the making was killed does not stand in the way."""
    place.touch()
    with Project.create(place, coder="Noor") as study:
        assert study.check() == []


def test_no_room_is_told_as_that(place):  # noqa: F811
    """Where files may not grow, the message is about room, and no file is left."""
    code = f"from cxtext.project import Project\nProject.create({str(place)!r}, coder='Noor')"
    limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))  # noqa: E731
    told = subprocess.run([sys.executable, "-B", "-c", code], preexec_fn=limit, capture_output=True, text=True)
    assert "WriteError" in told.stderr
    assert "room on the disk" in told.stderr
    assert not place.exists()


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TABLE memos", "DELETE FROM coders", "DELETE FROM changes", "UPDATE segments SET start = -5",
        "UPDATE documents SET attributes = '[1]'", "UPDATE turns SET attributes = '[1]'",
        "UPDATE cases SET attributes = '[1]'", "UPDATE changes SET \"table\" = 'meta'",
        "UPDATE documents SET attributes = '{'", "UPDATE settings SET value = '{'",
        "UPDATE documents SET text = x'ff00'", "UPDATE documents SET text = cast(x'fffe61' as text)",
        "UPDATE turns SET start = 'abc'", "UPDATE segments SET start = 'abc'", "UPDATE codings SET start = 'abc'",
        "UPDATE changes SET content = 'tekst'", "UPDATE codebooks SET content = 'x: ['", "DELETE FROM codebooks",
        "DROP TABLE words", "DROP TABLE documents", "DELETE FROM log", "UPDATE codings SET score = 'x'",
    ],
)  # fmt: skip
def test_a_check_finds_all_damage_and_nothing_ends_in_a_traceback(project, place, first, statement):  # noqa: F811
    """Each kind of damage is found, and reading, searching and undoing work or say what is wrong."""
    project.add_codings(codings(coding(first)))
    damage(place, statement)
    assert project.check() != []
    reads = (
        project.documents, project.segments, project.codings, lambda: search(project, "wacht"),
        lambda: search(project, codes=["pain"]), lambda: project.attributes().names, lambda: project.settings,
        lambda: project.add_codings(codings(coding(first, "need"))), project.undo, lambda: project.check(repair=True),
    )  # fmt: skip
    for read in reads:
        try:
            read()
        except CxtextError:
            continue


def test_a_damaged_format_is_told(project, place):  # noqa: F811
    """A format that is no number is damage."""
    damage(place, "UPDATE meta SET value = 'abc' WHERE key = 'format'")
    with pytest.raises(ReadError, match="damaged"):
        Project.open(place, coder="Noor")


def test_a_repair_of_a_damaged_text_keeps_its_codings(project, place, first):  # noqa: F811
    """Codings whose text cannot be read are not taken for codings outside it."""
    project.add_codings(codings(coding(first)))
    damage(place, "UPDATE documents SET text = x'ff00'")
    project.check(repair=True)
    assert len(project.codings()) == 1


def test_keys_do_not_collide(project):  # noqa: F811
    """A coder and a document with a slash in them are not another pair."""
    project.add(Corpus((document("a/b", ("R", "respondent", "Ja.")), document("a", ("R", "respondent", "Nee.")))))
    for coder, id in (("c", "a/b"), ("b/c", "a")):
        with Project.open(project.place, coder=coder) as mine:
            mine.finish([id])
            mine.finish([id])
    assert sorted(zip(*(project.finished()[name] for name in ("document", "coder")), strict=True)) == [
        ("a", "b/c"), ("a/b", "c"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda study, id: study.add_memo("half \ud800", about="study"), "half a character"),
        (lambda study, id: study.add_coder("\ud800"), "half a character"),
        (lambda study, id: study.add_coder(" "), "without a name"),
        (lambda study, id: Project.open(study.place, coder=""), "coder is empty"),
        (lambda study, id: study.finish(["nope"]), "no document 'nope'"),
        (lambda study, id: study.add_memo("x", about="niets"), "nothing that a memo can be about"),
        (lambda study, id: study.add_memo("x", about="coding", target="nope"), "no coding 'nope'"),
        (lambda study, id: study.change_codings({id: {"coder": "Sem"}}), "can be changed, and not coder"),
        (lambda study, id: study.change_codings({id: {"start": "abc"}}), "whole numbers"),
        (lambda study, id: study.change_codings({id: {"code": "need"}}), "already; nothing was changed"),
        (lambda study, id: search(study, "wacht", limit=-1), "limit is a number from 0"),
        (lambda study, id: study.add(Corpus((document("n", ("R", "respondent", "a\x00b")),))), "clean_text"),
    ],
)  # fmt: skip
def test_what_cannot_be_kept_is_explained(project, first, change, reason):  # noqa: F811
    """A mistake ends in an OptionError that names it, and changes nothing."""
    project.add_codings(codings(coding(first), coding(first, "need")))
    found = project.codings()
    id = found.loc[found["code"] == "pain", "coding"].iloc[0]
    before = len(project.log())
    with pytest.raises(OptionError, match=reason):
        change(project, id)
    assert len(project.log()) == before


def test_more_documents_than_a_query_has_variables(project):  # noqa: F811
    """Forty thousand documents can be asked for at once."""
    ids = ["gesprek", *map(str, range(40_000))]
    with project._read() as connection:
        assert [one.id for one in read_documents(connection, ids)] == ["gesprek"]
    pd.testing.assert_frame_equal(project.segments(ids), project.segments(["gesprek"]))
    assert CORPUS.documents[0].id == "gesprek"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("мой", ["мой"]), ("МОИ", ["мой"]), ('"он мой вр*"', ["Он мой врач"]), ("αύριο", ["αύριο"]),
        ("αυριο", ["αύριο"]), ("Ǽ", ["ǽ"]), ("врач -мой", []), ("й*", []),
    ],
)  # fmt: skip
def test_accents_of_other_scripts_are_found(project, query, found):  # noqa: F811
    """A letter with an accent outside Latin is found with and without it."""
    project.add(Corpus((document("ru", ("R", "respondent", "Он мой врач. Θα έρθω αύριο. En ǽ ook.")),)))
    assert search(project, query)["match"].tolist() == found
