"""Touchpoints, priorities, opportunities, saturation and frequencies along the journey."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from coded_people import People, people
from test_plots import words

from cxtext.errors import OptionError
from cxtext.journey import (
    contact_steps,
    frequencies,
    goal_attainment,
    mentions,
    opportunities,
    priorities,
    rated_questions,
    saturation,
    touchpoints,
    ulwick,
)
from cxtext.journey.answers import nps_answers
from cxtext.journey.inventory import GOALS, TOUCHPOINTS
from cxtext.journey.mentions import FREQUENCIES, MENTIONS
from cxtext.journey.new_codes import INTERVIEWS
from cxtext.journey.repairs import OPPORTUNITIES, PRIORITIES
from cxtext.stats import nps


@pytest.fixture(scope="module")
def told() -> People:
    """Twelve customers: Helpdesk hurts and is contacted twice, Winkel pleases."""
    said, documents = [], {}
    for i in range(12):
        bad = i < 8
        place = {"@touchpoint": "Helpdesk" if bad else "Winkel", "@owner": "Service" if bad else "Verkoop"}
        documents[f"d{i}"] = {"case": f"k{i}", **place, "@nps": "3" if bad else "8", "@date": f"0{1 + i % 9}-03-2025"}
        said.append((f"d{i}", "kind/pain emotion/anger channel/phone" if bad else "kind/gain", "T1" if bad else "T2",
                     -1.0 - i / 50 if bad else 1.0 + i / 50))  # fmt: skip
        said.append((f"d{i}", "kind/need" if i % 2 else "", "T1", 0.0))
    documents["d12"] = {"case": "k0", "@touchpoint": "Helpdesk", "@owner": "Service", "@date": "06-03-2025"}
    said.append(("d12", "kind/pain", "T3", -1.8))
    return people(said, documents)


def test_touchpoints_of_attributes_owners_and_text(told: People) -> None:
    """Each source has its touchpoints, counted by respondent, with feeling, kinds, emotion, NPS, owner and segments."""
    found = touchpoints(*told.tables, told.documents)
    assert found.table.dtypes.astype(str).to_dict() == TOUCHPOINTS
    row = found.table.set_index(["source", "touchpoint"]).loc[("attribute", "Helpdesk")]
    assert (row["documents"], row["respondents"], row["of_respondents"], row["pains"]) == (9, 8, 12, 8)
    assert (row["emotion"], row["emotion_respondents"], row["owner"]) == ("anger", 8, "Service")
    assert row["nps"] == nps([3] * 8).score
    assert found.table.set_index("touchpoint").loc["Winkel", ["nps", "nps_eu"]].tolist() == [0, 100]
    assert found.table.query("source == 'text'")["name"].tolist() == ["telefoon"]
    assert set(row["quotes"].split(";")) <= set(told.segments["segment"])
    assert repr(found) == "Touchpoints(2 by attribute, 2 by owner, 1 by text)"


def test_repeated_contacts_within_days(told: People) -> None:
    """A second contact of the same customer within the days counts as repeated; outside of them it does not."""
    by_days = [touchpoints(*told.tables, told.documents, days=days).table.loc[0, "repeated"] for days in (7, 2)]
    assert by_days == [1, 0]


def test_one_face(told: People) -> None:
    """The spread over departments is the best less the worst; with one department there is none."""
    spread = touchpoints(*told.tables, told.documents).spread
    assert spread is not None
    assert spread.value > 1
    assert spread.p < 0.05
    assert touchpoints(*told.tables, told.documents.assign(**{"@owner": "Service"})).spread is None


def test_touchpoints_without_attributes(told: People) -> None:
    """Without documents only the text speaks, owners can be given, and the plot has no NPS."""
    found = touchpoints(*told.tables, owners={"phone": "Klantenservice"}, language="en")
    assert found.table[["name", "owner", "nps_n"]].values.tolist() == [["phone", "Klantenservice", 0]]
    texts = words(found.plot())
    assert "NPS" not in texts
    assert {"phone (Klantenservice)", "8 of 12"} <= set(texts)
    assert "n = 8" in words(touchpoints(*told.tables, told.documents).plot())


def test_crucial_and_unnecessary_touchpoints() -> None:
    """Crucial: fewer reach their goal without it. Unnecessary: as many do, and it saves no effort. Else unclear."""
    cases = [f"r{i}" for i in range(400)]
    visited = pd.DataFrame(
        [(case, step) for i, case in enumerate(cases) for step, here in
         (("uitleg", i % 2), ("folder", i % 4 < 2), ("zelden", i < 3)) if here],
        columns=["case", "step"],
    )  # fmt: skip
    goal = pd.Series([i % 2 == 1 for i in range(400)], index=cases)
    table = goal_attainment(visited, goal).set_index("touchpoint")
    assert table.dtypes.astype(str).to_dict() == {k: v for k, v in GOALS.items() if k != "touchpoint"}
    assert table["verdict"].to_dict() == {"folder": "unnecessary", "uitleg": "crucial", "zelden": ""}
    assert "fewer than 10" in table.loc["zelden", "reason"]
    effort = pd.Series([1.0 + (i % 4 >= 2) * 3 + (i % 7) / 10 for i in range(400)], index=cases)
    assert goal_attainment(visited, goal, effort=effort).set_index("touchpoint").loc["folder", "verdict"] == "unclear"


def test_priorities_by_reach_and_severity(told: People) -> None:
    """Worst first; severities come from the feeling or from people; fits and evidence are beside them."""
    found = priorities(*told.tables, themes=told.themes, fits={"rust": ["T1"], "gemak": ["T1", "T3"]})
    assert found.table.dtypes.astype(str).to_dict() == PRIORITIES
    assert found.table["item"].tolist() == ["theme/T1", "theme/T3"]
    row = found.table.iloc[0]
    assert (row["respondents"], row["of_respondents"], row["fits"]) == (8, 12, 2)
    assert row["priority_low"] < row["priority"] < row["priority_high"]
    assert found.table["top3"].tolist() == [1, 1]
    rated = priorities(*told.tables, themes=told.themes, severity=pd.Series(4.0, index=told.segments["segment"]))
    assert rated.table["severity"].tolist() == [4, 4]
    assert "Ernst is door mensen beoordeeld" in " ".join(words(rated.plot()))
    assert "8 van 12" in words(found.plot())


def test_reach_is_of_who_could_have_it(told: People) -> None:
    """With phases a pain is counted of those who spoke about its phase only; below ten there is no share."""
    phase = pd.Series("service", index=told.segments["segment"]).where(told.segments["document"].isin(
        [f"d{i}" for i in (*range(8), 12)]).to_numpy(), "use")  # fmt: skip
    table = priorities(*told.tables, themes=told.themes, phase=phase).table
    assert table["of_respondents"].tolist() == [8, 8]
    assert table["reach"].isna().all()


def test_who_answered_a_survey_could_have_any_problem(told: People) -> None:
    """A few words do not tell which phases somebody has been in: with their cases given, all of them count."""
    phase = pd.Series("use", index=told.segments["segment"])
    phase[told.segments["document"].isin(["d0", "d12"]).to_numpy()] = "loyalty"
    share = {
        len(given): priorities(*told.tables, themes=told.themes, phase=phase, exposed=given).table.set_index("item")
        for given in ([], told.segments["case"].unique().tolist())
    }
    assert share[0].loc["theme/T3", "of_respondents"] == 1
    assert share[12]["of_respondents"].tolist() == [12, 12]


def test_scores_of_a_row_count_once(told: People) -> None:
    """Three answers of one row have one NPS, one rating and one contact, and all their segments."""
    rows = told.documents.head(12).assign(name=[f"{i // 3}" for i in range(12)], source="a.xlsx", kind="survey")
    rows["@owner"] = ""
    rows = rows.assign(case=rows["name"], **{"@nps": "9", "@date": "01-03-2025", "@touchpoint": "App", "CSAT": "4"})
    answers, _ = nps_answers(rows)
    assert answers["score"].tolist() == [9.0] * 4
    (rated,) = rated_questions(rows)
    assert (rated.kind, rated.scale, rated.values.tolist()) == ("satisfaction", (1, 5), [4.0] * 4)
    case = told.segments["document"].map(rows.set_index("document")["case"])
    steps, _ = contact_steps(told.segments.assign(case=case), rows, told.scores)
    assert len(steps) == 4
    assert {len(own.split(";")) for own in steps["segments"]} == {6}
    found = touchpoints(*told.tables, rows).table.query("source == 'attribute'")
    assert found[["contacts", "repeated", "nps_n"]].values.tolist() == [[4, 0, 4]]
    other_wave = rows.assign(**{"@wave": ["0", "1", "1"] * 4})
    assert len(nps_answers(other_wave)[0]) == 8


def test_no_pains_and_no_feelings(told: People) -> None:
    """Without pains the table is empty and the plot says so; without feelings the reason is told."""
    glad = people([("a", "kind/gain", "T1", 1.0)])
    empty = priorities(*glad.tables, themes=glad.themes)
    assert empty.table.empty
    assert "Niets om te tonen." in words(empty.plot())
    blank = told.scores.assign(valence=math.nan)
    table = priorities(told.segments, told.codings, blank, themes=told.themes).table
    assert set(table["reason"]) == {"no severity of any respondent"}


def test_opportunities_of_interviews_and_surveys(told: People) -> None:
    """The index follows from needs and pains; Ulwick's score from two answers; neither below ten respondents."""
    table = opportunities(told.segments, told.codings, themes=told.themes).set_index("item")
    assert table.reset_index().dtypes.astype(str).to_dict() == OPPORTUNITIES
    row = table.loc["theme/T1"]
    assert (row["importance"], row["satisfaction"]) == pytest.approx((10 * 10 / 12, 10 * 2 / 10))
    assert row["score"] == pytest.approx(2 * row["importance"] - row["satisfaction"])
    assert row["low"] <= row["score"] <= row["high"]
    rows = [{"case": f"r{i}", "item": "snel", "importance": 5 - i % 3, "satisfaction": 2 + i % 3} for i in range(9)]
    assert ulwick(pd.DataFrame(rows)).loc[0, "reason"] == "fewer than 10 respondents"
    with pytest.raises(OptionError, match="from 1 to 5, and 'snel' has 9"):
        ulwick(pd.DataFrame(rows).assign(importance=9))
    with pytest.raises(OptionError, match="lack the columns satisfaction"):
        ulwick(pd.DataFrame(rows).drop(columns="satisfaction"))


def test_importance_and_satisfaction_on_other_scales() -> None:
    """Three quarters of the scale counts as much: 8 of 1-10 as 4 of 1-5."""
    rows = [{"case": f"r{i}", "item": "snel", "importance": 4 + i % 2, "satisfaction": 3 + i % 2} for i in range(12)]
    five = pd.DataFrame(rows)
    ten = five.assign(importance=five["importance"] + 4, satisfaction=five["satisfaction"] + 4)
    score = ["importance", "satisfaction", "score"]
    assert ulwick(ten, scale=(1, 10))[score].values.tolist() == ulwick(five)[score].values.tolist()
    with pytest.raises(OptionError, match="from 1 to 7"):
        ulwick(ten, scale=(1, 7))


def test_saturation_of_respondents() -> None:
    """Codes are counted in the order of the respondents, with the published point of saturation and total."""
    said = []
    letters = ["joy", "trust", "relief", "surprise", "anger", "sadness", "fear", "confusion"]
    for i, codes in enumerate(["01", "12", "23", "34", "0", "1", "2", "7"]):
        said += [(f"i{i}", f"emotion/{letters[int(c)]}", "", 0.0) for c in codes]
    told = people(said)
    found = saturation(told.segments, told.codings, groups=("emotion",))
    assert found.interviews.dtypes.astype(str).to_dict() == INTERVIEWS
    assert found.interviews["new"].tolist() == [2, 1, 1, 1, 0, 0, 0, 1]
    assert found.interviews["names"].tolist()[-1] == "verwarring"
    assert found.threshold.saturated_at == 4
    assert found.unseen.seen == 6
    texts = " ".join(words(found.plot()))
    assert "na 4 + 2 interviews" in texts
    assert "niet bereikt" in " ".join(words(saturation(told.segments.head(3), told.codings).plot()))


def test_frequencies_have_each_denominator(told: People) -> None:
    """Segments, documents and respondents have their own totals; a share only from ten respondents on."""
    held = mentions(*told.tables)
    assert held.dtypes.astype(str).to_dict() == MENTIONS
    table = frequencies(told.segments, held)
    assert table.dtypes.astype(str).to_dict() == FREQUENCIES
    row = table.set_index("item").loc["kind/pain"]
    assert row[["segments", "of_segments", "documents", "of_documents", "respondents", "of_respondents"]].tolist() == [
        9, 25, 9, 13, 8, 12,
    ]  # fmt: skip
    assert row["share"] == pytest.approx(8 / 12)
    few = frequencies(told.segments[told.segments["case"].isin(["k0", "k1"])], held)
    assert few["share"].isna().all()
    with pytest.raises(OptionError, match="'valence'"):
        mentions(told.segments, told.codings, told.scores[["segment"]])
