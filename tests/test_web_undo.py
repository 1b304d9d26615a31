"""Every change that the page can make is one step of undo and redo; the study is the judge."""

import pytest
from coded_study import TALKS, coding, make_study
from test_web_codebook import OWN
from web_server import Client, seen, serving

from cxtext.project import Project
from cxtext.tables import CODINGS, make_table
from cxtext.web.roles import LEADING, SHARED
from cxtext.web.roles import OWN as OF_ONES_OWN

STRETCH = {"document": "an", "start": 13, "end": 20}
PAIR = {"first": "Noor", "second": "Sem"}
#: what is sent with a change, in a study of which Noor and Sem coded one talk; a function is given what is coded
CHANGES = {
    "code": {"stretches": [STRETCH], "codes": ["kind/gain"]},
    "decide": lambda rows: {"codings": [seen(rows["wacht"])], "status": "accepted"},
    "change": lambda rows: {"codings": [{**seen(rows["Noor"]), "path": "kind/gain"}]},
    "remove": lambda rows: {"codings": [seen(rows["Noor"]), seen(rows["wacht"])]},
    "new_code": {"name": "een uur", "language": "nl", "stretches": [STRETCH]},
    "memo": {"about": "study", "text": "Let op."},
    "finish": {"document": "bo", "finished": True},
    "pin": {"segment": "an:1", "pinned": True},
    "talk": lambda rows: {"coding": rows["Noor"]["id"], "text": "Is dat pijn?"},
    "settle": lambda rows: {
        **PAIR,
        "segment": rows["Noor"]["segment"],
        "group": "kind",
        "codes": ["pain"],
        "was": [["pain"], ["gain"]],
    },
    "agree": PAIR,
    "blind": {"blind": True},
    "code_add": {"group": "kind", "name": "Rij", "language": "nl"},
    "code_edit": {"path": "kind/pain", "language": "nl", "was": {"name": "pijn"}, "name": "klacht"},
    "code_move": {"path": "kind/gain", "group": "kind", "parent": "pain", "was": ""},
    "code_merge": {"paths": ["kind/gain"], "into": "kind/pain"},
    "code_remove": {"path": "kind/gain", "codings": 2},
    "group_add": {"name": "Kanaal", "language": "nl"},
    "group_edit": {"group": "kind", "name": "Uitspraak", "language": "nl", "was": "Soort"},
    "group_remove": {"group": "place", "codings": 0},
}
#: what learning does is taken back by a button of its own; of themes, see test_web_walk_browser
ELSEWHERE = {"undo", "redo", "learn", "learn_cancel", "unlearn"}


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A study of two talks, of which two people finished one."""
    with make_study(tmp_path_factory.mktemp("undo") / "study.cxt", TALKS) as project:
        project.set_codebook(OWN, drop_removed=True)
        for name, codes in (("Noor", ("pain", "pain")), ("Sem", ("gain", "pain"))):
            with Project.open(project.place, coder=name) as own:
                rows = own.segments(["an"]).to_dict("records")[1:]
                own.add_codings(make_table(map(coding, rows, codes), CODINGS))
                own.finish(["an"])
        yield project


@pytest.fixture(scope="module")
def client(project):
    """A browser that came in."""
    with serving(project) as door:
        yield Client(door.port, door.link())


def held(project):
    """All that people and machines have put in a study."""
    tables = [project.codings(), project.memos(), project.finished(), project.seen()]
    rows = [sorted(table.to_csv(index=False).splitlines()) for table in tables]
    return rows, project.settings, project.codebook.groups


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_undone_and_done_again(project, client, name):
    """Undo brings back what was, to the letter, and redo what the change had made of it."""
    found = client.open("an")["codings"]
    rows = {row["evidence"] or row["coder"]: row for row in found[::-1]}
    values = CHANGES[name](rows) if callable(CHANGES[name]) else CHANGES[name]
    before = held(project)
    status, answer = client.post(name, **values)
    assert status == 200, answer
    after = held(project)
    assert after != before
    for turn, wanted in (("undo", before), ("redo", after), ("undo", before)):
        assert client.post(turn)[0] == 200
        assert held(project) == wanted


def test_every_change_is_among_them():
    """A new change of the page is tried here too."""
    themes = {change for change in LEADING if change.startswith("theme_")}
    assert set(CHANGES) == (OF_ONES_OWN | SHARED | LEADING) - ELSEWHERE - themes
