"""Going over suggestions, coding blind and settling disagreements."""

import pytest
from click.testing import CliRunner
from coded_study import Machine, coding, decided, make_study

from cxtext.cli import main
from cxtext.codebook import load_codebook
from cxtext.errors import OptionError
from cxtext.project import Project
from cxtext.project.consensus import choose, compare, settle
from cxtext.project.decisions import Decision
from cxtext.project.review import parse_codes, passage, suggestions, unread
from cxtext.project.sampling import draw_sample
from cxtext.project.session import Session, changed, enter_codes, press
from cxtext.project.tagging import tag_study
from cxtext.tables import CODINGS, make_table


@pytest.fixture
def place(tmp_path):
    """Where the study is."""
    return tmp_path / "study.cxt"


@pytest.fixture
def project(place):
    """A tagged study of two talks."""
    with make_study(place) as study:
        yield study


@pytest.fixture
def session(project):
    """A review of its four suggestions."""
    return Session(project, suggestions(project.codings()))


def no_question(question):
    """Ask nothing."""
    pytest.fail(f"asked {question}")


def review(place, lines, *options, coder="Noor"):
    """Run the command with typed lines."""
    done = CliRunner().invoke(main, ["review", str(place), "--coder", coder, *options], input="\n".join([*lines, ""]))
    assert done.exit_code == 0, done.output
    return done.output


def add_coder(place, name, codes):
    """Let a coder read every segment of talk "an" and give codes by position."""
    with Project.open(place, coder=name) as project:
        rows = project.segments(["an"]).to_dict("records")
        project.add_codings(make_table([coding(rows[at], code) for at, code in codes], CODINGS))
        project.finish(["an"])


@pytest.mark.parametrize(
    ("typed", "paths"),
    [
        ("pain", ["kind/pain"]),
        ("pain anger", ["kind/pain", "emotion/anger"]),
        ("Pluspunt, in person", ["kind/gain", "channel/in_person"]),
        ("kind/ne", ["kind/need"]),
        ("2 2", ["kind/pain"]),
        ("", []),
    ],
)
def test_codes_are_typed_by_name_number_or_first_letters(typed, paths):
    """Ids, names in any language, numbers of the list and first letters name a code, once each."""
    codebook = load_codebook()
    assert [code.path for code in parse_codes(typed, codebook, numbered=tuple(codebook))] == paths


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("e", r"'e' can be kind/expectation, .*Type more of it"),
        ("pijntje", "'pijntje' is no code of the codebook 'cx'"),
        ("99", "'99' is no code"),
        ("positive negative", "Of sentiment only one code can hold"),
    ],
)
def test_what_is_no_code_is_refused(typed, message):
    """The message names what it could be, or that it is none."""
    with pytest.raises(OptionError, match=message):
        parse_codes(typed, load_codebook())


def test_the_queue_is_in_the_order_of_the_text_or_of_doubt(project):
    """Suggestions come as in the text, or the lowest score first; filters choose."""
    codings = project.codings()
    assert [item.evidence for item in suggestions(codings)] == ["wacht", "naar", "dicht", "goed"]
    assert [item.evidence for item in suggestions(codings, order="uncertain")] == ["naar", "dicht", "goed", "wacht"]
    assert [item.evidence for item in suggestions(codings, codes=["kind/gain"])] == ["goed"]
    assert [item.evidence for item in suggestions(codings, documents=["an"], groups=["kind"])] == ["wacht", "naar"]
    assert suggestions(codings, groups=["emotion"]) == []


def test_two_machines_that_suggest_the_same_are_one_question(project):
    """One answer decides both; what was decided of one machine is not asked again of another."""
    first = suggestions(project.codings())[0]
    project.keep(Decision(accepted=first.suggestions))
    tag_study(project, Machine("robot 2"))
    left = suggestions(project.codings())
    assert [(item.evidence, len(item.suggestions)) for item in left] == [("naar", 2), ("dicht", 2), ("goed", 2)]


def test_keys_decide(session, project):
    """Accept, reject, change, add and memo do what they say, each as one change."""
    before = project.log(last=1)[0].number
    press(session, "a", no_question)
    press(session, "r", no_question)
    press(session, "m", lambda question: "navragen")
    press(session, "+", lambda question: "anger")
    press(session, "c", lambda question: "need")
    press(session, "s", no_question)
    assert session.item is None
    assert decided(project) == [
        ["pain", "robot 1", "accepted", "Noor"],
        ["pain", "robot 1", "rejected", "Noor"],
        ["anger", "Noor", "accepted", ""],
        ["need", "Noor", "accepted", ""],
        ["pain", "robot 1", "rejected", "Noor"],
        ["gain", "robot 1", "suggested", ""],
    ]
    assert project.memos()["text"].tolist() == ["navragen"]
    assert "1 memo" in [entry.summary for entry in project.log()]
    assert project.log(last=1)[0].number - before == session.kept == 5


def test_a_change_to_the_same_code_accepts_it(session):
    """Typing the code that was suggested takes the suggestion over."""
    item = session.item
    assert changed(item, parse_codes("pain", session.codebook)).accepted == item.suggestions


def test_undo_takes_back_the_own_decision_and_returns_to_it(session, project):
    """One undo per decision, back to the item; then it says that there is nothing."""
    before = decided(project)
    press(session, "a", no_question)
    press(session, "f", no_question)
    assert session.item.document == "bo"
    assert press(session, "u", no_question) == "Taken back."
    assert (session.at, project.finished()["coder"].tolist()) == (1, ["robot 1", "robot 1"])
    press(session, "u", no_question)
    assert (session.at, decided(project)) == (0, before)
    with pytest.raises(OptionError, match="Nothing was decided in this session"):
        press(session, "u", no_question)


def test_undo_never_takes_back_what_somebody_else_did(session, project, place):
    """After a change by another, the own decision stays, and the message says whose change it is."""
    press(session, "a", no_question)
    with Project.open(place, coder="Sem") as sem:
        sem.add_memo("van mij", about="study")
    with pytest.raises(OptionError, match=r"changed after it \(Sem: memo"):
        press(session, "u", no_question)
    assert project.memos()["text"].tolist() == ["van mij"]
    assert decided(project)[0][2] == "accepted"


def test_what_somebody_decided_meanwhile_stands(session, project, place):
    """A decision that comes too late changes nothing, also not in part."""
    with Project.open(place, coder="Sem") as sem:
        sem.decide(session.item.suggestions, "rejected")
    assert "meanwhile" in press(session, "c", lambda question: "need")
    assert decided(project)[0] == ["pain", "robot 1", "rejected", "Sem"]
    assert "need" not in project.codings()["code"].tolist()
    assert session.at == 1


def test_an_unknown_key_and_help(session):
    """Another key says which there are; ? explains them."""
    assert "none of a r c" in press(session, "x", no_question)
    assert "accept" in press(session, "?", no_question)
    press(session, "q", no_question)
    assert session.item is None


def test_the_context_shows_what_stands_around(project):
    """Question, speaker, two segments on each side, and the stretch inside its segment."""
    segments = project.segments(["an"])
    text = project.corpus().documents[0].text
    item = unread(segments, ())[2]
    found = passage(item, text, segments)
    assert (found.speaker, found.prompt, found.stretch) == ("An", "Hoe ging het?", "Ik wil een vaste afspraak.")
    assert [said for _, said in found.before] == ["Ik stond een uur in de wacht.", "Dat was naar."]
    assert [said for _, said in found.after] == ["De hal is groen."]
    part = type(item)("an", "", item.start + 7, item.start + 10)
    assert (passage(part, text, segments).head, passage(part, text, segments).stretch) == ("Ik wil ", "een")


def test_coding_a_segment_marks_it_as_read(project):
    """Codes or Enter: the segment is read; with the last of its document the document is finished."""
    session = Session(project, unread(project.segments(["bo"]), ()))
    enter_codes(session, "pain anger")
    assert project.seen()[["document", "coder"]].to_numpy().tolist() == [["bo", "Noor"]]
    with pytest.raises(OptionError, match="no code"):
        enter_codes(session, "xyz")
    enter_codes(session, "")
    own = project.codings().query("coder == 'Noor'")
    assert sorted(own["code"]) == ["anger", "pain"]
    assert "Noor" in project.finished()["coder"].tolist()
    assert unread(project.segments(["bo"]), set(project.seen()["segment"])) == []


def test_a_skipped_segment_keeps_its_document_open(project):
    """What was skipped was not read, so the document is not finished."""
    session = Session(project, unread(project.segments(["bo"]), ()))
    enter_codes(session, ":s")
    enter_codes(session, "")
    assert "Noor" not in project.finished()["coder"].tolist()


def test_the_command_shows_and_keeps(place, project):
    """Typed lines accept, reject and stop; what was shown has context, score and evidence."""
    output = review(place, ["a", "r", "q"])
    assert "[1 of 4] an, segment 1 of 4" in output
    assert "? Hoe ging het?" in output
    assert "> An: Ik stond een uur in de wacht." in output
    assert 'kind/pain  0.90  "wacht"  (robot 1)' in output
    assert "2 changes kept. Start again to go on." in output
    assert [row[2] for row in decided(project)] == ["accepted", "rejected", "suggested", "suggested"]
    assert "[1 of 2] bo" in review(place, [])


def test_a_line_is_one_key(place, project):
    """A line of several letters decides nothing: it may be meant for the question before it."""
    output = review(place, ["aaraczz", "c", "xyz", "an", "q"])
    assert "'aaraczz' is more than one key, and nothing was decided" in output
    assert "'an' is more than one key" in output
    assert "0 changes kept. Start again to go on." in output


def test_ctrl_c_stops_and_says_what_is_kept(place, project, monkeypatch):
    """At the question for a key it stops a review as q does."""

    def interrupt(keys):
        raise KeyboardInterrupt

    monkeypatch.setattr("cxtext.cli.review._key", interrupt)
    assert "0 changes kept. Start again to go on." in review(place, [])


def test_without_suggestions_segments_are_coded(place):
    """An untagged study is coded by hand, and says so."""
    with make_study(place, tagged=False) as project:
        output = review(place, ["pain", "", "need", "?", "", ":f", "gain", ""], "--document", "an")
        assert "There are no suggestions" in output
        assert "Nothing is left in this list." in output
        assert [row[:2] for row in decided(project)] == [["pain", "Noor"], ["need", "Noor"]]
        assert project.finished()["document"].tolist() == ["an"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--sample", "x"], "There is no sample 'x'"),
        (["--group", "soort"], "There is no group 'soort' in the study. There is: 'channel'"),
        (["--document", "zz"], "There is no document 'zz' in the study. There is: 'an', 'bo'."),
        (["--code", "zz"], "There is no code 'zz' in the study. There is: 'kind/need'"),
        (["--disagreements", "Noor", "robot 1"], "'robot 1' cannot be compared"),
        (["--disagreements", "Noor", "Sem", "--blind"], "leave out the other choices"),
        (["--blind", "--code", "pain"], "--code and --group choose suggestions"),
    ],
)
def test_what_is_not_in_the_study_is_named(place, project, options, message):
    """A wrong name ends in a message with the right ones."""
    done = CliRunner().invoke(main, ["review", str(place), *options])
    assert done.exit_code != 0
    assert message in done.output


def test_a_blind_sample_shows_nobodys_work(place, project):
    """A sample has segments without suggestions too; who codes it blind sees no suggestion and no coding of others."""
    done = CliRunner().invoke(main, ["sample", str(place), "-n", "4", "--seed", "3", "--by", "wijk"])
    assert done.exit_code == 0, done.output
    assert "(nothing suggested)" in done.output
    drawn = project.settings["samples"]["sample-4-3-wijk"]
    assert len(drawn) == 4
    output = review(place, ["pain", "", "", ""], "--sample", "sample-4-3-wijk", "--blind", coder="Sem")
    assert "robot" not in output
    assert "0.90" not in output
    assert sorted(project.seen()["segment"]) == sorted(drawn)
    assert "yours" not in output
    again = CliRunner().invoke(main, ["sample", str(place), "-n", "4", "--seed", "3", "--by", "wijk"])
    assert "There is a sample 'sample-4-3-wijk' already" in again.output


def test_a_sample_of_an_untagged_study_says_so(tmp_path):
    """Without a machine the strata are no codes, which is said; the name is that of what was drawn."""
    place = tmp_path / "mijn studie.cxt"
    make_study(place, tagged=False).close()
    done = CliRunner().invoke(main, ["sample", str(place), "-n", "500"])
    assert f"has not tagged this study (cxtext tag '{place}')" in done.stderr
    assert "500 were asked for" in done.stderr
    assert "(nothing suggested)" not in done.output
    assert f"cxtext review '{place}' --sample sample-6-1 --blind" in done.stdout


@pytest.mark.parametrize(
    "command",
    [["review"], ["next"], ["sample"], ["codes", "crosstab", "--by", "wijk"], ["codes", "cooccurrence"]],
    ids=" ".join,
)
def test_a_study_without_documents_says_what_to_do(tmp_path, command):
    """Nothing to look at is no finished work: the message names the command that adds documents."""
    place = tmp_path / "mijn studie.cxt"
    Project.create(place, coder="Noor").close()
    done = CliRunner().invoke(main, [*command, str(place)])
    assert done.exit_code == 1
    assert f"The study has no documents yet: cxtext add '{place}' FILES" in done.output


def test_a_blind_study_hides_suggestions_until_the_document_is_finished(place):
    """In a blind study one codes first; the suggestions come when the document is finished."""
    with make_study(place, blind=True) as project:
        assert "robot" not in review(place, [":q"])
        project.finish(["bo"])
        assert "(robot 1)" in review(place, ["q"])


def test_a_sample_is_spread_over_codes_and_values(project):
    """Rare codes and both values get their share, a quarter has no suggestion; a seed draws the same."""
    segments = make_table(
        [{"segment": f"s{i}", "document": f"d{i % 2}"} for i in range(400)], {"segment": "str", "document": "str"}
    )
    rows = [{"segment": f"s{i}", "group": "kind", "code": "gain" if i < 20 else "pain"} for i in range(200)] + [
        {"segment": f"s{i}", "group": "sentiment", "code": "neutral"} for i in range(400)
    ]
    suggested = make_table(rows, dict.fromkeys(("segment", "group", "code"), "str"))
    draw = {"n": 80, "by": {"d0": "jong", "d1": "oud"}}
    sample = draw_sample(segments, suggested, load_codebook(), seed=1, **draw)
    assert sample.strata["drawn"].tolist() == [10, 10, 10, 10, 20, 20]
    assert sample.strata["segments"].tolist() == [100, 100, 10, 10, 90, 90]
    assert len(set(sample.segments)) == 80
    assert draw_sample(segments, suggested, load_codebook(), seed=1, **draw).segments == sample.segments
    assert draw_sample(segments, suggested, load_codebook(), seed=2, **draw).segments != sample.segments
    everything = draw_sample(segments, suggested, load_codebook(), n=1000, seed=1)
    assert len(everything.segments) == 400


def test_disagreements_are_settled_with_who_decided(place, project):
    """Where two differ, the choice becomes a coding of the consensus; where they agree, it is taken over."""
    add_coder(place, "Noor", [(0, "pain"), (1, "pain"), (2, "need")])
    add_coder(place, "Sem", [(0, "pain"), (1, "need"), (3, "gain")])
    output = review(place, ["o", "need, pain", "m", "echt een wens", "1", "n"], "--disagreements", "Noor", "Sem")
    assert "as both agree: 1 coding." in output
    assert "1 Noor: pain\n  2 Sem: need" in output
    consensus = project.codings().query("coder == 'consensus'")
    assert consensus[["code", "status", "decided_by"]].to_numpy().tolist() == [
        ["pain", "accepted", "Noor and Sem"],
        ["need", "accepted", "Noor"],
        ["pain", "accepted", "Noor"],
        ["need", "accepted", "Noor"],
        ["gain", "rejected", "Noor"],
    ]
    assert (consensus["decided"] != "").all()
    assert project.coders["consensus"] == "consensus"
    memo = project.memos().iloc[0]
    assert (memo["text"], memo["target"]) == ("echt een wens", consensus["coding"].iloc[3])
    assert "[1 of" not in review(place, [], "--disagreements", "Noor", "Sem")


def test_a_consensus_is_kept_in_one_call_and_counts(place, project):
    """Choices by segment become the consensus, which then counts for a report and not what either of them gave."""
    add_coder(place, "Noor", [(0, "pain"), (1, "pain"), (2, "need")])
    add_coder(place, "Sem", [(0, "pain"), (1, "need"), (3, "gain")])
    left = settle(project, "Noor", "Sem", {"an:2": ["need"], "an:3": []}, group="kind")
    assert [dispute.segment for dispute in left] == ["an:4"]
    counted = project.codings_that_count().query("document == 'an' and coder != 'robot 1'")
    assert counted[["segment", "code", "coder"]].to_numpy().tolist() == [
        ["an:1", "pain", "consensus"],
        ["an:2", "need", "consensus"],
        ["an:4", "gain", "Sem"],
    ]
    for choices, message in [
        ({"an:2": ["pain"]}, "or that was settled before. Choose for: an:4"),
        ({"an:4": "pain"}, "Give a list of codes of kind: need, pain"),
        ({"an:4": ["luck"]}, "cannot be chosen"),
    ]:
        with pytest.raises(OptionError, match=message):
            settle(project, "Noor", "Sem", choices, group="kind")


def test_only_what_both_have_read_is_compared(place, project):
    """What one coder has still to read is no disagreement."""
    add_coder(place, "Noor", [(0, "pain"), (1, "pain")])
    with Project.open(place, coder="Sem") as sem:
        row = sem.segments(["an"]).iloc[0]
        sem.add_codings(make_table([coding(row, "need")], CODINGS))
    disputes, agreed = compare(project, "Noor", "Sem")
    assert [(dispute.first, dispute.second) for dispute in disputes] == [(("pain",), ("need",))]
    assert agreed.codings == ()


def test_of_an_exclusive_group_only_one_can_be_the_consensus(place, project):
    """Both judgements cannot hold at once."""
    for name, code in (("Noor", "positive"), ("Sem", "negative")):
        with Project.open(place, coder=name) as own:
            row = coding(own.segments(["bo"]).iloc[0], code) | {"group": "sentiment"}
            own.add_codings(make_table([row], CODINGS))
    session = Session(project, compare(project, "Noor", "Sem")[0], may_finish=False)
    with pytest.raises(OptionError, match="Of sentiment only one code can hold"):
        choose(session, "b", no_question)
    choose(session, "2", no_question)
    assert ["negative", "consensus", "accepted", "Noor"] in decided(project)


def test_an_arbiter_of_a_blind_study_sees_nothing_before_reading_it(place):
    """Who codes blind and has not read a segment does not get its disagreement; who codes nothing may decide."""
    with make_study(place, blind=True) as project:
        add_coder(place, "Bas", [(0, "pain")])
        add_coder(place, "Sem", [(0, "need")])
        assert len(compare(project, "Bas", "Sem")[0]) == 1
        project.keep(Decision(seen={project.segments(["bo"])["segment"].iloc[0]: "bo"}))
        assert compare(project, "Bas", "Sem")[0] == []
