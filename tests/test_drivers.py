"""Drivers of a score, per touchpoint, from what respondents say."""

from __future__ import annotations

import math
from dataclasses import replace
from unittest.mock import Mock

import numpy as np
import pandas as pd
import pytest
from coded_people import People, people
from test_plots import words

from cxtext.errors import OptionError
from cxtext.journey import Drivers, drivers
from cxtext.journey.driving import DRIVERS, RANKS
from cxtext.report.chapters import Analyses
from cxtext.report.chapters.driving import drivers as chapter
from cxtext.report.chapters.driving import drivers_order
from cxtext.report.labels import load_labels

NL = load_labels("nl")


def survey(n: int, seed: int = 0) -> People:
    """Answers in which theme T1 costs, T2 pays, and T3 does nothing; T4 is mentioned twice."""
    rng = np.random.default_rng(seed)
    said, documents = [], {}
    for i in range(n):
        mood = rng.integers(-1, 2, 3)
        score = 6.5 - 2.5 * (mood[0] < 0) + 2.5 * (mood[1] > 0) + rng.normal(0, 0.8)
        name = f"d{i:03d}"
        documents[name] = {"@nps": str(int(np.clip(round(score), 0, 10))), "@touchpoint": "AB"[i % 2], "cijfer": "7,5"}
        said += [(name, "kind/pain channel/phone", f"T{t + 1}", float(m)) for t, m in enumerate(mood) if m]
        said.append((name, "channel/email", "T4" if i < 2 else "", 0.1))
    return people(said, documents)


@pytest.fixture(scope="module")
def told() -> People:
    """A survey of 120 respondents."""
    return survey(120)


@pytest.fixture(scope="module")
def found(told: People) -> Drivers:
    """Its drivers, of everybody and per touchpoint."""
    return drivers(*told.tables, told.documents, themes=told.themes, by="@touchpoint", n_resamples=200)


def test_drivers_are_found(found: Drivers) -> None:
    """Who costs and who pays come first, each of its kind; the idle one does not beat noise; ranks are chances."""
    table = found.table[found.table["level"] == ""].set_index("item")
    assert set(table.index[:2]) == {"theme/T1", "theme/T2"}
    assert table.loc["theme/T1", "penalty"] == pytest.approx(-2.4, abs=0.6)
    assert table.loc["theme/T2", "reward"] == pytest.approx(2.4, abs=0.6)
    assert table.loc[["theme/T1", "theme/T2"], "kind"].tolist() == ["basic", "excitement"]
    assert table.loc["theme/T3", "importance"] < 0.5 * table["importance"].min() + 0.05
    assert table["top3"].tolist() == pytest.approx([1, 1, 1])
    assert found.ranks.dtypes.astype(str).to_dict() == RANKS
    assert found.ranks.groupby(["level", "rank"])["p"].sum().tolist() == pytest.approx([1] * 9)
    assert "Drivers of @nps by LMG (all: " in repr(found)


def test_a_driver_that_explains_nothing_is_drawn(found: Drivers) -> None:
    """Where the only driver explains nothing its plot has an axis all the same, without a warning."""
    nothing = found.table.head(1).assign(importance=0.0, low=0.0, high=0.0, level="")
    assert any("0%" in text for text in words(replace(found, table=nothing).plot()))


def test_drivers_per_touchpoint_with_their_evidence(found: Drivers, told: People) -> None:
    """Each touchpoint has its own rows, of its own respondents, that lead to its own segments."""
    assert found.table.dtypes.astype(str).to_dict() == DRIVERS
    assert found.table["level"].unique().tolist() == ["", "A", "B"]
    own = found.table[found.table["level"] == "A"]
    assert set(own["of_respondents"]) == {60}
    place = told.segments.set_index("segment")["document"]
    ids = own["quotes"].iloc[0].split(";")
    assert {int(place[id][1:]) % 2 for id in ids} == {0}


def test_rare_items_are_left_out_and_told(found: Drivers) -> None:
    """A theme of two respondents is no driver, and that is said."""
    assert "theme/T4" not in set(found.table["item"])
    assert any("fewer than 5 respondents mention were left out" in notice.message for notice in found.notices)


def test_most_mentioned_are_kept(told: People) -> None:
    """More items than can be compared: those of most respondents stay, the others are counted in a notice."""
    found = drivers(*told.tables, told.documents, themes=told.themes, most=2, n_resamples=50)
    assert len(found.table) == 2
    assert any("1 others were left out" in notice.message for notice in found.notices)


def test_impact_is_that_of_leaving_a_theme_out() -> None:
    """NPS of all less that of who does not mention the theme: 20 - 48 = -28 in the published example."""
    said, documents = [], {}
    groups = [(2, 18, 5), (48, 12, 15)]
    for mentions, (up, down, middle) in enumerate(groups):
        for i, score in enumerate(["9"] * up + ["3"] * down + ["7"] * middle):
            name = f"{mentions}{i}"
            documents[name] = {"@nps": score}
            said.append((name, "", "" if mentions else "T1", -1.0))
    told = people(said, documents)
    table = drivers(*told.tables, told.documents, themes=told.themes, n_resamples=20).table
    assert table.loc[0, "impact"] == pytest.approx(20 - 48)


def test_few_respondents_give_reasons_not_figures() -> None:
    """Too few respondents: the items are listed with the reason, and both plots say it."""
    told = survey(12)
    found = drivers(*told.tables, told.documents, themes=told.themes, least=2)
    assert found.table["importance"].isna().all()
    assert found.table["reason"].str.contains("12 respondents with a score").all()
    for figure in (found.plot(), found.plot_matrix()):
        assert any(text.startswith("Te weinig respondenten") for text in words(figure))


def test_equal_scores_and_nothing_said(told: People) -> None:
    """All the same score, or no theme at all: a reason or an empty table, no crash and no warning."""
    found = drivers(*told.tables, told.documents, outcome="cijfer", themes=told.themes)
    assert set(found.table["reason"]) == {"all scores are equal"}
    silent = people([], {"a": {"@nps": "9"}})
    assert drivers(*silent.tables, silent.documents).table.empty
    assert "Niets om te tonen." in words(drivers(*silent.tables, silent.documents).plot())


def test_codes_as_drivers_and_unknown_columns(told: People) -> None:
    """Without themes the codes of a group are the drivers; a column that is not there is refused."""
    found = drivers(*told.tables, told.documents, groups=("channel",), n_resamples=50)
    assert set(found.table["item"]) == {"channel/phone", "channel/email"}
    assert math.isnan(found.table.set_index("item").loc["channel/email", "penalty"])
    with pytest.raises(OptionError, match=r"no column 'ces'.*@nps"):
        drivers(*told.tables, told.documents, outcome="ces")
    with pytest.raises(OptionError, match="no column '@fase'"):
        drivers(*told.tables, told.documents, by="@fase")


def test_plots_say_what_the_table_says(found: Drivers) -> None:
    """Respondents as k of n, the kind in words, quadrants named, in both languages."""
    texts = words(found.plot())
    row = found.table.iloc[0]
    assert f"{row['respondents']} van 120" in texts
    assert {"basis", "verrassing", row["name"]} <= set(texts)
    english = words(found.plot_matrix(language="en"))
    assert {"IMPROVE FIRST", "KEEP UP", row["name"]} <= set(english)


def test_loyalty_and_satisfaction_have_drivers_of_their_own(found: Drivers, told: People) -> None:
    """A survey that asks both shows both, each under its name, and says which of the two cannot be computed."""
    asked = "Hoe tevreden bent u?"
    content = drivers(*told.tables, told.documents.assign(**{asked: told.documents["@nps"]}), outcome=asked,
                      themes=told.themes, n_resamples=50)  # fmt: skip
    few = replace(content, table=content.table.assign(importance=math.nan))
    study = Mock()
    made, half = (chapter(study, Mock(drivers=(found, other)), Mock(), NL) for other in (content, few))
    assert [table.caption.split(":")[0] for table in made.tables] == [NL("outcome_loyalty")] * 2 + [
        NL("outcome_satisfaction")
    ]
    assert len({picture.name for picture in made.pictures}) == len(made.pictures) == 4
    assert made.frames["drivers"]["outcome"].unique().tolist() == ["@nps", asked]
    assert made.message.count(NL("outcome_satisfaction")) == 1
    assert asked in " ".join(made.notes)
    assert NL("outcome_satisfaction") not in half.message
    assert NL("drivers_few") in " ".join(half.notes)


def test_a_touchpoint_with_one_theme_has_no_most_important_one(found: Drivers) -> None:
    """Of a theme that is compared with no other, its place says nothing."""
    everybody = found.table[found.table["level"] == ""]
    assert len(everybody) > 1
    for themes, captions in ((2, 1), (1, 0)):
        table = pd.concat([everybody, everybody.head(themes).assign(level="Balie")], ignore_index=True)
        made = chapter(Mock(), Mock(drivers=(replace(found, table=table),)), Mock(), NL)
        assert [one.caption for one in made.tables].count(NL("drivers_per_touchpoint")) == captions


def test_both_scores_are_found_in_the_documents() -> None:
    """The NPS and the first question about satisfaction are scores; one that all answer alike is none."""
    documents = pd.DataFrame({"document": ["a", "b"], "@nps": ["3", "9"], "CSAT": ["4", "2"], "Tevreden": ["1", "2"]})
    study = Mock(documents=documents)
    assert Analyses(study, "nl").outcomes == ("@nps", "CSAT")
    study.documents = documents.assign(CSAT="4", **{"@nps": "7"})
    assert Analyses(study, "nl").outcomes == ("Tevreden",)


def test_the_order_of_drivers_is_handed_on_without_sizes(found: Drivers) -> None:
    """Names and chances only; of a single theme there is no order, and so no chapter."""
    names = {f"T{number}": f"thema {number}" for number in range(1, 4)}
    (made,) = drivers_order(Mock(drivers=(found,)), names, "note", NL)
    rows = made.tables[0].rows
    assert {row[0].text for row in rows} == set(names.values())
    assert not any(cell.quotes or cell.note or cell.span for row in rows for cell in row)
    single = replace(found, table=found.table.head(1))
    assert not list(drivers_order(Mock(drivers=(single,)), names, "note", NL))
