"""Contacts in the report: crucial touchpoints, hand-offs, whole paths, and paths that end with their wave."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from coded_people import people, telling
from report_study import fake_study

from cxtext.journey import asked_goals, expectation_gaps
from cxtext.report.chapters import Analyses
from cxtext.report.chapters.blocks import Chapter, Table
from cxtext.report.chapters.contact import touchpoints
from cxtext.report.chapters.paths import paths
from cxtext.report.chapters.ratings import scores
from cxtext.report.labels import load_labels
from cxtext.report.names import names_of
from cxtext.study import Study

NL = load_labels("nl")
ASKED, EFFORT = "Heeft u bereikt wat u wilde?", "Hoeveel moeite kostte het? (1-5)"


def log(*, goal: bool = True, waves: bool = False) -> Study:
    """Thirty respondents who ring twice or three times; who speaks with Helpdesk reaches their goal, at less effort."""
    said, documents = [], {}
    for i in range(30):
        helped = i < 15
        steps = ["Balie", "Helpdesk", "Balie"] if helped else ["Balie", "Website"] if i < 28 else ["Website", "Balie"]
        for at, step in enumerate(steps):
            name = f"d{i:02d}{at}"
            own = {"case": f"r{i:02d}", "@touchpoint": step, "@owner": f"Afdeling {step}", "@channel": "telefoon",
                   "@date": f"2025-03-{1 + at:02d}"}  # fmt: skip
            if goal:
                own |= {ASKED: "Ja" if helped else "nee", EFFORT: str(2 + at % 2 if helped else 4 + at % 2)}
            if waves:
                own["@wave"] = "nul" if at == 0 else "her"
            documents[name] = own
            said.append((name, "kind/pain channel/phone", "", 0.5 * at - 0.8 - i / 100))
    told = people(said, documents)
    study = fake_study()
    return replace(study, segments=told.segments, codings=told.codings, scores=told.scores, documents=told.documents)


def made(study: Study) -> tuple[Chapter, Chapter]:
    """The chapters on touchpoints and on paths."""
    found, names = Analyses(study, "nl"), names_of(study, NL)
    return touchpoints(study, found, names, NL), paths(study, found, names, NL)


def cells(chapter: Chapter, caption: str) -> dict[str, list[str]]:
    """Texts of the rows of a table, by the first."""
    table: Table = next(table for table in chapter.tables if table.caption == NL(caption))
    return {row[0].text: [cell.text for cell in row[1:]] for row in table.rows}


@pytest.fixture(scope="module")
def chapters() -> tuple[Chapter, Chapter]:
    """Of a log in which the goal was asked."""
    return made(log())


def test_crucial_touchpoints_are_told_with_what_that_rests_on(chapters: tuple[Chapter, Chapter]) -> None:
    """With it and without it, the difference in effort and a verdict stand in a table; the question is named."""
    rows = cells(chapters[0], "attainment_caption")
    assert list(rows) == ["Helpdesk", "Website"]
    assert rows["Helpdesk"][:2] == ["15 van 15 (100%)", "0 van 15 (0%)"]
    assert rows["Helpdesk"][3].startswith("−2,")
    assert rows["Helpdesk"][4] == "cruciaal"
    assert any(ASKED in note for note in chapters[0].notes)


def test_without_a_goal_the_report_says_what_is_needed() -> None:
    """Where nobody tells whether it worked out, nothing is called crucial, and one sentence says which column helps."""
    alone = made(log(goal=False))[0]
    assert not any(table.caption == NL("attainment_caption") for table in alone.tables)
    assert NL("attainment_few", least=10) in alone.notes


def test_what_stories_tell_of_the_goal_allows_no_verdict() -> None:
    """Where nobody was asked, the difference stands there and no touchpoint is called crucial."""
    study = log(goal=False)
    helped = study.segments["case"].isin([f"r{i:02d}" for i in range(15)])
    segments = study.segments.assign(text=study.segments["text"].where(~helped, "Het is opgelost."))
    rows = cells(made(replace(study, segments=segments))[0], "attainment_caption")
    assert rows["Helpdesk"][:2] == ["15 van 15 (100%)", "0 van 15 (0%)"]
    assert {row[-1] for row in rows.values()} == {"niet te zeggen"}


def test_hand_offs_between_departments_are_counted(chapters: tuple[Chapter, Chapter]) -> None:
    """Each hand-off has its chance and the change of feeling; the note counts those straight back."""
    rows = cells(chapters[1], "handed_owner_caption")
    assert rows["Afdeling Balie → Afdeling Helpdesk"][0] == "15 van 30 (50%)"
    assert "[" in rows["Afdeling Balie → Afdeling Helpdesk"][1]
    assert NL("handed_owner", k=45, n=45, back=15) in chapters[1].notes
    assert NL("handed_channel_caption") not in {table.caption for table in chapters[1].tables}


def test_common_and_deviating_paths_lead_to_quotes(chapters: tuple[Chapter, Chapter]) -> None:
    """Whole paths of several respondents are named, and those that are taken by one alone are counted together."""
    assert cells(chapters[1], "paths_whole_caption") == {
        "Balie → Helpdesk → Balie": ["15 van 30 (50%)"],
        "Balie → Website": ["13 van 30 (43%)"],
        "Website → Balie": ["2 van 30 (7%)"],
    }
    table = next(table for table in chapters[1].tables if table.caption == NL("paths_whole_caption"))
    assert len(table.rows[0][0].quotes.split(";")) == 45


def test_the_order_of_activities_is_told_also_without_touchpoints() -> None:
    """Steps, transitions and orders stand in tables that lead to quotes; of too few, a sentence says so."""
    did = ("Ik kreeg een brief.", "Toen heb ik gebeld.", "Ik heb betaald.")
    told = telling([(f"r{i}", "kind/activity", text, at - 1.0) for i in range(10) for at, text in enumerate(did)])
    study = replace(fake_study(), segments=told.segments, codings=told.codings, scores=told.scores,
                    documents=told.documents)  # fmt: skip
    chapter = made(study)[1]
    assert chapter.intro == NL("paths_none")
    assert NL("activities_message", pattern="bericht krijgen → bellen of gebeld worden → betalen",
              share="10 van 10 (100%)") == chapter.message  # fmt: skip
    rows = cells(chapter, "activities_switches_caption")
    assert rows["bericht krijgen → bellen of gebeld worden"][:2] == ["10 van 10 (100%)", "100% [78; 100]"]
    assert all(row[0].quotes for table in chapter.tables for row in table.rows)
    assert "activities_transitions" in chapter.frames
    assert NL("activities_few") in made(log())[1].notes


def test_phases_are_told_in_the_order_of_the_story() -> None:
    """What respondents did follows from phase to phase, with the steps back to an earlier one counted."""
    codes = ("kind/activity phase/transaction", "kind/activity phase/use", "kind/activity phase/transaction")
    told = people([(f"r{i}", code, "", 0.5 - at) for i in range(4) for at, code in enumerate(codes)])
    study = replace(fake_study(), segments=told.segments, codings=told.codings, scores=told.scores,
                    documents=told.documents)  # fmt: skip
    phase = pd.Series(["transaction", "use", "transaction"] * 4, index=told.segments["segment"], dtype="str")
    study = replace(study, journey=replace(study.journey, assigned=phase))
    order = Analyses(study, "nl").phases_told
    assert order is not None
    assert order.variants["path"].tolist() == ["transactie → afname → transactie"]
    assert (order.of_respondents, order.switched) == (4, (8, 8))


def test_a_path_ends_with_its_wave() -> None:
    """Answers of a next wave are no next step: only the contacts of the first wave of a respondent are a path."""
    found = Analyses(log(waves=True), "nl")
    assert len(found.of_first_wave) == 30
    assert not found.contacts


def test_what_was_promised_expected_and_delivered_are_compared() -> None:
    """Each pair has its gap within respondents, of all and per touchpoint, and few respondents get no verdict."""
    study = log()
    documents = study.documents.assign(**{
        "Wat verwachtte u vooraf? (1-10)": [str(6 + i % 2) for i in range(len(study.documents))],
        "Wat was u beloofd? (1-10)": [str(8 + i % 3 % 2) for i in range(len(study.documents))],
        "Hoe was het uiteindelijk? (1-10)": [str(3 + i % 4) for i in range(len(study.documents))],
    })  # fmt: skip
    table = expectation_gaps(documents).set_index(["less", "of", "touchpoint"])
    assert table.xs("", level="touchpoint")["verdict"].tolist() == ["disappointed", "overpromised", "overpromised"]
    assert table.loc[("delivered", "expected", ""), "n"] == 30
    assert expectation_gaps(documents.head(2))["verdict"].eq("").all()
    found = Analyses(replace(study, documents=documents), "nl")
    assert not any(heading in found.segments_by for heading in documents.columns[-3:])
    rows = cells(scores(found.study, found, names_of(study, NL), NL), "expectation_gaps")
    assert rows["geleverd min verwacht"][3] == "teleurgesteld"


def test_the_goal_is_the_last_answer_and_other_answers_do_not_count() -> None:
    """A respondent who came back has the goal by then; 'deels' is neither yes nor no."""
    table = pd.DataFrame({
        "document": list("abcd"), "case": ["x", "x", "y", "z"], "Is uw vraag opgelost?": ["nee", "Ja", "nee", "deels"],
        "@date": ["2025-03-01", "2025-03-09", "2025-03-02", "2025-03-02"],
    })  # fmt: skip
    column, reached = asked_goals(table)
    assert column == "Is uw vraag opgelost?"
    assert reached.to_dict() == {"x": True, "y": False}
    assert asked_goals(table.assign(**{"Is uw vraag opgelost?": "Ja"}))[0] == ""


def compared(*, several: bool) -> Analyses:
    """Sixty respondents whose scores fall with what went wrong at the desk, not with the site; each at both, or one."""
    said, documents = [], {}
    for i in range(60):
        ill = i % 2
        given = {"case": f"r{i:02d}", "@nps": str(9 - 6 * ill + i % 3 % 2), "Hoe tevreden bent u?": str(5 - 3 * ill)}
        for at, feels in (("Balie", 0.5 - ill), ("Website", (-1) ** (i // 2) * 0.5)):
            if several or (at == "Balie") == (i < 30):
                documents[f"{at}{i:02d}"] = {**given, "@touchpoint": at}
                said.append((f"{at}{i:02d}", "kind/pain", "", feels))
    told = people(said, documents)
    return Analyses(replace(fake_study(), segments=told.segments, codings=told.codings, scores=told.scores,
                            documents=told.documents), "nl")  # fmt: skip


def test_moments_of_truth_among_touchpoints_of_the_files() -> None:
    """At several touchpoints, the one that goes with each score is named, with its importance; else it says why not."""
    found = compared(several=True)
    assert found.moments.names == dict.fromkeys(found.outcomes, ("Balie",))
    assert len(found.outcomes) == 2
    made = touchpoints(found.study, found, names_of(found.study, NL), NL)
    assert made.message.count(NL("moments_of_truth", names="Balie")) == 2
    assert "◆ Balie" in cells(made, "touchpoints_attribute_caption")
    own = [table for table in made.tables if NL("moments_touchpoints") in table.caption]
    assert [table.columns[3] for table in own] == [NL("moments_top", n=1)] * 2
    assert [own[0].rows[0][at].text for at in (0, 3, 4)] == ["◆ Balie", ">99%", ">99%"]
    assert own[0].rows[0][0].quotes
    assert made.frames["moments_of_truth"]["in_top"].between(0, 1).all()
    alone = compared(several=False)
    assert not alone.moments.names
    notes = touchpoints(alone.study, alone, names_of(alone.study, NL), NL).notes
    assert any(NL("moments_why_several", group=NL("moments_touchpoints"), n=0, least=20, k=0) in note for note in notes)


def without_moments(**changed: object) -> tuple[list[str], Analyses]:
    """Causes why no moment of truth is named, with these columns of the documents."""
    study = compared(several=True).study
    documents = study.documents.drop(columns=["Hoe tevreden bent u?"]).assign(**changed)
    found = Analyses(replace(study, documents=documents), "nl")
    return [f"{one.group} {one.cause}".strip() for one in found.moments.why], found


def test_each_cause_why_no_moment_of_truth_is_named_has_its_sentence() -> None:
    """No score, equal scores, no touchpoints, too few respondents, too few who mention it, or nothing sure."""
    assert without_moments(**{"@nps": ""})[0] == ["no_score"]
    assert without_moments(**{"@nps": "7"})[0] == ["equal"]
    assert without_moments(**{"@touchpoint": ""})[0] == ["@touchpoint column", "channel mentioned"]
    rows = [str(8 - 3 * (i % 7 % 2)) if i < 30 else "" for i in range(120)]
    few, found = without_moments(**{"@nps": rows})
    assert few == ["channel mentioned", "@touchpoint several"]
    assert found.moments.why[1].respondents == 15
    assert without_moments(**{"@nps": [str(i // 2 * 7 % 5 + 3) for i in range(120)]})[0][1:] == ["@touchpoint unsure"]
    for cause in ("no_score", "equal", "column", "several", "people", "mentioned", "unsure"):
        for labels in (NL, load_labels("en")):
            assert labels(f"moments_why_{cause}", group="", n=1, least=20, k=3)


def test_a_score_per_contact_is_told_to_make_its_own_mean() -> None:
    """Where respondents give each contact a score, a sentence says that the mean is partly made of them."""
    for given, told in ((["9", "3"] * 60, True), (["9", "9", "3", "3"] * 30, False)):
        found = without_moments(**{"@nps": given})[1]
        assert bool(found.moments.made_of) == told
