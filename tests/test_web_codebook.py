"""The codebook through the page: what is counted, what changes, and that nobody's work is lost on the way."""

import pytest
from coded_study import TALKS, decided, make_study
from web_server import Client, serving

from cxtext.codebook import Code, Codebook, Group
from cxtext.project import Project

OWN = Codebook("eigen", 1, (
    Group("kind", {"nl": "Soort", "en": "Kind"}, (
        Code("pain", "kind", {"nl": "pijn", "en": "pain"}, {"nl": "Wat dwarszit."}),
        Code("waiting", "kind", {"nl": "wachten"}, parent="pain"),
        Code("need", "kind", {"nl": "behoefte"}),
        Code("gain", "kind", {"nl": "pluspunt"}, examples=("Fijn.",)),
    )),
    Group("place", {"nl": "Plek"}, (Code("desk", "place", {"nl": "balie"}),)),
))  # fmt: skip


@pytest.fixture
def project(tmp_path):
    """A study of two talks with three suggestions of pain and one of gain."""
    with make_study(tmp_path / "study.cxt", TALKS) as study:
        study.set_codebook(OWN, drop_removed=True)
        yield study


@pytest.fixture
def client(project):
    """A browser that came in."""
    with serving(project) as door:
        client = Client(door.port, door.link())
        client.number = client.get("/api/study")["number"]
        yield client


def accept(project, *words):
    """Accept what the machine suggests because of some words."""
    codings = project.codings()
    project.decide(codings.loc[codings["evidence"].isin(words), "coding"], "accepted")


def code(project, path):
    """A code as it is now."""
    return project.codebook.code(*path.split("/"))


def edit(client, path, was, **values):
    """Change a code in Dutch."""
    return client.post("code_edit", path=path, language="nl", was=was, **values)


def test_codes_are_counted_in_respondents_and_segments(project, client):
    """A code counts the stretches that have it and who said them; with it those of the codes below it, each once."""
    accept(project, "wacht", "naar", "dicht")
    rows = project.codings().query("evidence == 'wacht'").assign(code="waiting", coder="Sem")
    project.add_codings(rows.assign(coding="", status="accepted"))
    counts = client.get("/api/usage")["codes"]
    assert counts["kind/pain"] == {
        "segments": 3, "respondents": 2, "all_segments": 3, "all_respondents": 2, "open": 0, "codings": 3,
    }  # fmt: skip
    assert (counts["kind/waiting"]["segments"], counts["kind/waiting"]["respondents"]) == (1, 1)
    assert (counts["kind/gain"]["segments"], counts["kind/gain"]["open"]) == (0, 1)


def test_blind_coders_count_their_own(tmp_path):
    """Counts and quotes of a study that is coded blind show nothing of what others did in an open document."""
    with make_study(tmp_path / "blind.cxt", TALKS, blind=True) as project, serving(project) as door:
        with Project.open(project.place, coder="Sem") as other:
            accept(other, "wacht")
        client = Client(door.port, door.link())
        assert client.get("/api/usage")["codes"]["kind/pain"]["segments"] == 0
        assert client.get("/api/code_quotes?path=kind/pain")["quotes"] == []


def test_quotes_hold_what_was_said_and_decided(project, client):
    """Quotes of a code are what people accepted or rejected, word for word, with who said it and where."""
    accept(project, "wacht")
    codings = project.codings()
    project.decide(codings.loc[codings["evidence"] == "naar", "coding"], "rejected")
    quotes = client.get("/api/code_quotes?path=kind/pain")["quotes"]
    found = [(one["text"], one["status"], one["respondent"], one["document"]) for one in quotes]
    assert found == [
        ("Ik stond een uur in de wacht.", "accepted", "an", "an"),
        ("Dat was naar.", "rejected", "an", "an"),
    ]


def test_a_code_is_added_below_another(project, client):
    """A new code gets an id of its name, and stands where it was put."""
    status, answer = client.post("code_add", group="kind", parent="pain", name="  Lange  rij ", language="nl")
    assert (status, answer["path"]) == (200, "kind/lange_rij")
    assert (code(project, "kind/lange_rij").parent, code(project, "kind/lange_rij").names) == (
        "pain",
        {"nl": "Lange rij"},
    )
    assert "codebooks" in answer["tables"]
    client.post("group_add", name="Kanaal", language="nl", exclusive=True)
    assert project.codebook.group("kanaal").exclusive


def test_a_code_is_described(project, client):
    """Name, definition, examples and colour change as one change, which undo takes back."""
    was = {"name": "pijn", "definition": "Wat dwarszit.", "colour": "", "examples": [], "counter_examples": []}
    values = {"name": "Pijnpunt", "definition": "Wat stoort.", "colour": "#1f6f8b", "examples": ["Au\nzeg."]}
    status, _ = edit(client, "kind/pain", was, **values)
    new = code(project, "kind/pain")
    assert (status, dict(new.names)) == (200, {"nl": "Pijnpunt", "en": "pain"})
    assert (new.definitions["nl"], new.colour, new.examples) == ("Wat stoort.", "#1f6f8b", ("Au zeg.",))
    status, answer = client.post("undo")
    assert (status, len(answer["done"])) == (200, 1)
    assert project.codebook.groups == OWN.groups


def test_two_who_describe_the_same_are_told(project, client):
    """What somebody changed meanwhile is not overwritten; another part of the same code can be changed beside it."""
    assert edit(client, "kind/gain", {"name": "pluspunt"}, name="Winst")[0] == 200
    status, answer = edit(client, "kind/gain", {"name": "pluspunt"}, name="Voordeel")
    assert (status, answer["conflict"]) == (409, True)
    assert edit(client, "kind/gain", {"examples": ["Fijn."]}, examples=["Fijn.", "Top."])[0] == 200
    assert (code(project, "kind/gain").names["nl"], code(project, "kind/gain").examples) == ("Winst", ("Fijn.", "Top."))


def test_a_code_is_moved_to_its_place(project, client):
    """A code moves with all below it in front of another, to another group, and its codings follow."""
    accept(project, "wacht")
    status, _ = client.post("code_move", path="kind/gain", group="kind", parent="", before="pain", was="")
    assert status == 200
    assert [one.id for one in project.codebook.group("kind").codes] == ["gain", "pain", "waiting", "need"]
    client.post("code_move", path="kind/gain", group="kind", parent="", before="", was="")
    assert [one.id for one in project.codebook.group("kind").codes] == ["pain", "waiting", "need", "gain"]
    status, _ = client.post("code_move", path="kind/pain", group="place", parent="desk", was="")
    assert status == 200
    assert code(project, "place/waiting").parent == "pain"
    assert code(project, "place/pain").parent == "desk"
    assert {row[0] for row in decided(project)} == {"pain", "gain"}
    assert set(project.codings().query("code == 'pain'")["group"]) == {"place"}
    assert client.post("code_move", path="place/pain", group="kind", was="")[0] == 409


def test_codes_are_merged_with_their_codings(project, client):
    """Merging gives all codings to the code that stays, as one change that undo takes back."""
    accept(project, "wacht", "goed")
    status, answer = client.post("code_merge", paths=["kind/gain"], into="kind/pain")
    assert (status, answer["joined"]) == (200, 0)
    assert {row[0] for row in decided(project)} == {"pain"}
    assert code(project, "kind/pain").examples == ("Fijn.",)
    client.post("undo")
    assert {row[0] for row in decided(project)} == {"pain", "gain"}


def test_a_code_is_removed_only_as_it_was_seen(project, client):
    """Removing takes the code, those below it and their codings, unless somebody coded with them meanwhile."""
    status, answer = client.post("code_remove", path="kind/pain", codings=2)
    assert (status, answer["conflict"]) == (409, True)
    assert len(project.codings()) == 4
    status, answer = client.post("code_remove", path="kind/pain", codings=3)
    assert (status, answer["dropped"]) == (200, 3)
    assert {one.path for one in project.codebook} == {"kind/need", "kind/gain", "place/desk"}
    assert client.post("code_remove", path="kind/pain", codings=0)[0] == 409
    client.post("undo")
    assert len(project.codings()) == 4


@pytest.mark.parametrize(
    ("name", "values", "message"),
    [
        ("code_add", {"group": "nope", "name": "x", "language": "nl"}, "no group"),
        ("code_add", {"group": "kind", "name": " ", "language": "nl"}, "1 to 60"),
        ("code_add", {"group": "kind", "name": "x", "language": "xx"}, "language"),
        ("code_add", {"group": "kind", "name": "x", "language": "nl", "parent": "nope"}, "parent"),
        ("code_edit", {"path": "kind/pain", "language": "nl", "was": {"colour": ""}, "colour": "url(x)"}, "no colour"),
        ("code_edit", {"path": "kind/pain", "language": "nl", "was": {}}, "Nothing is said"),
        ("code_move", {"path": "kind/pain", "group": "kind", "parent": "waiting", "was": ""}, "below itself"),
        ("code_move", {"path": "kind/need", "group": "kind", "before": "waiting", "was": ""}, "does not stand below"),
        ("code_merge", {"paths": ["kind/pain"], "into": "kind/pain"}, "nothing to merge"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_and_changes_nothing(project, client, name, values, message):
    """What a codebook cannot be is refused in one sentence."""
    before = project.log()
    status, answer = client.post(name, **values)
    assert (status, message in answer["error"]) == (400, True), answer
    assert project.log() == before
