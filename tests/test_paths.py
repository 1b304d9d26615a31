"""Paths: the order of steps in stories and contact logs, and their graph."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from coded_people import people, telling
from test_plots import words

from cxtext.journey import Paths, activity_steps, contact_steps, paths, story_steps
from cxtext.journey.answers import moments
from cxtext.journey.pathways import PATTERNS, TRANSITIONS, VARIANTS, VISITS
from cxtext.journey.steps import STEPS
from cxtext.tables import make_table

TRACES = ("web bel bel mail", "web winkel mail", "web bel web bel mail", "bel mail")


def steps(*traces: str, valence: float = 0.0) -> pd.DataFrame:
    """Steps of one respondent a trace."""
    rows = [
        {"case": f"r{i}", "position": p, "step": step, "name": step, "segments": f"{i}:{p}", "valence": valence * p}
        for i, trace in enumerate(traces)
        for p, step in enumerate(trace.split(), start=1)
    ]
    return make_table(rows, STEPS)


@pytest.fixture(scope="module")
def found() -> Paths:
    """Paths of the published example."""
    return paths(steps(*TRACES, valence=0.5), desired=["web", "mail"], goal=["mail"])


def test_tables_keep_their_contract(found: Paths) -> None:
    """Every table has its columns and types, also without any step."""
    nothing = paths(make_table([], STEPS))
    for one in (found, nothing):
        assert one.transitions.dtypes.astype(str).to_dict() == TRANSITIONS
        assert one.visits.dtypes.astype(str).to_dict() == VISITS
        assert one.variants.dtypes.astype(str).to_dict() == VARIANTS
        assert one.patterns.dtypes.astype(str).to_dict() == PATTERNS
    assert nothing.of_respondents == 0
    assert "Niets om te tonen." in words(nothing.plot())


def test_example_in_tables(found: Paths) -> None:
    """Probabilities, rework and switches of the published example, with the segments behind each transition."""
    table = found.transitions.set_index(["source", "target"])
    assert table.loc[("web", "bel"), "probability"] == pytest.approx(0.75)
    assert table.loc[("bel", "mail"), "quotes"] == "0:4;2:5;3:2"
    visits = found.visits.set_index("step")
    assert visits.loc[["bel", "web"], "again"].tolist() == [2, 1]
    assert found.switched == (9, 10)
    assert math.isnan(visits.loc["bel", "rework"])  # 4 respondents: no percentage


def test_feeling_across_a_transition_is_per_respondent(found: Paths) -> None:
    """Who makes a transition twice counts once in its change of feeling."""
    row = found.transitions.set_index(["source", "target"]).loc[("web", "bel")]
    assert (row["count"], row["n_change"]) == (3, 2)
    assert row["change"] == pytest.approx(0.5)


def test_whole_paths_goal_and_fit(found: Paths) -> None:
    """Each path has its respondents, the place where the goal is met, and its fit to the desired path."""
    table = found.variants.set_index("path")
    assert table.loc["web → winkel → mail", ["met_at", "steps"]].tolist() == [3, 3]
    assert table.loc["web → winkel → mail", "fit"] == pytest.approx(2 / 3)
    assert found.goal is not None
    assert found.goal.value == 1
    assert found.patterns.loc[0, ["pattern", "respondents"]].tolist() == ["bel → mail", 3]
    assert paths(steps(*TRACES)).goal is None


def test_activities_follow_the_story_in_any_language() -> None:
    """Sentences coded as activity tell of activities in order, several in one, the same by any words; rare ones go."""
    told = telling([
        *((name, "kind/activity", text, valence) for name in "abc" for text, valence in (
            ("Eerst gemaild, toen gebeld.", -1.0), ("I rang them again.", 0.0), ("Ik heb teruggeschreven.", 1.0))),
        ("a", "kind/activity", "Opgezegd.", 0.0),
        ("a", "kind/pain", "Ik heb betaald.", 0.0),
    ])  # fmt: skip
    found = activity_steps(*told.tables, language="en")
    assert found.loc[found["case"] == "b", "name"].tolist() == ["writing", "phoning"]
    assert set(found["step"]) == {"write", "phone"}
    phoned = found[(found["case"] == "a") & (found["step"] == "phone")]
    assert phoned["valence"].tolist() == [-0.5]
    assert len(phoned["segments"].iloc[0].split(";")) == 2
    assert "cancel" in set(activity_steps(*told.tables, least=1)["step"])


def test_every_activity_is_named_in_both_languages() -> None:
    """Each activity of the list has a Dutch and an English name, and words in both."""
    told = telling([("a", "kind/activity", text, 0.0) for text in (
        "Ik heb een formulier ingevuld.", "I filled it in.", "Foto's gestuurd.", "I uploaded it.", "Lang gewacht.",
        "I waited for ages.", "Ik ben naar de balie gegaan.", "I went there.", "Er kwam een brief.", "A letter came.",
        "Ik heb betaald.", "I paid.", "Opgehangen.", "I hung up.", "Ik heb raam gekozen.", "I picked one.",
    )])  # fmt: skip
    names = [activity_steps(*told.tables, least=1, language=language)["name"].tolist() for language in ("nl", "en")]
    assert [len(own) for own in names] == [8, 8]
    assert names[1][:3] == ["filling something in", "sending photos or papers", "waiting"]


def test_story_steps_merge_neighbours_and_follow_the_story() -> None:
    """Sentences in a row about a channel are one step with their mean feeling; rejected codings do not count."""
    told = people([
        ("a", "channel/phone", "", -1.0), ("a", "channel/phone", "", 0.0), ("a", "", "", 0.0),
        ("a", "channel/email", "", 1.0), ("a", "channel/phone", "", 2.0), ("b", "kind/pain", "", 0.0),
    ])  # fmt: skip
    table = story_steps(*told.tables)
    assert table["step"].tolist() == ["phone", "email", "phone"]
    assert table["name"].tolist()[0] == "telefoon"
    assert table["valence"].tolist() == [-0.5, 1.0, 2.0]
    assert table["segments"].tolist()[0] == "s000;s001"
    codings = told.codings.assign(status="rejected")
    assert story_steps(told.segments, codings).empty


def test_contacts_are_ordered_by_date_and_time() -> None:
    """Contacts follow their dates, day before month; one without a readable date is left out and told."""
    told = people([("c1", "", "", 1.0)], {
        "c1": {"case": "k", "@touchpoint": "Helpdesk", "@date": "02-11-2025", "@time": "16:00"},
        "c2": {"case": "k", "@touchpoint": "Website", "@date": "02-11-2025", "@time": "9:15"},
        "c3": {"case": "k", "@touchpoint": "Winkel", "@date": "2025-11-01", "@time": ""},
        "c4": {"case": "k", "@touchpoint": "App", "@date": "ooit"},
    })  # fmt: skip
    table, notices = contact_steps(told.segments, told.documents, told.scores)
    assert table["step"].tolist() == ["Winkel", "Website", "Helpdesk"]
    assert table["valence"].tolist()[2] == 1.0
    assert "1 contacts have no readable date" in notices[0].message
    assert moments(told.documents).dt.day.dropna().tolist() == [2, 2, 1]


def test_contacts_without_dates_keep_their_order() -> None:
    """Without dates the order of the table is that of the contacts, and the same touchpoint twice is two contacts."""
    told = people([], {name: {"case": "k", "@touchpoint": t} for name, t in zip("abc", "XXY", strict=True)})
    table, notices = contact_steps(told.segments, told.documents)
    assert table["step"].tolist() == ["X", "X", "Y"]
    assert notices == ()


def test_graph_tells_respondents_and_what_is_left_out(found: Paths) -> None:
    """Arrows say k of n; a percentage only from ten respondents on; what is left out is in the note."""
    texts = words(found.plot())
    assert any(text.startswith("3 van 4") for text in texts)
    assert not any("%" in text for text in texts)
    assert {"begin", "eind"} <= set(texts)
    assert any("Alle overgangen zijn getekend" in text for text in texts)
    english = words(found.plot(least=3, language="en"))
    assert any("Arrows of fewer than 3 respondents are left out" in text for text in english)
    many = paths(steps(*["web bel"] * 12))
    assert any("12 van 12 (100%)" in text for text in words(many.plot()))


def test_labels_of_a_graph_do_not_cover_each_other() -> None:
    """In a graph of some size no two labels overlap."""
    rng = np.random.default_rng(5)
    traces = [" ".join(rng.choice(["web", "bel", "mail", "chat", "winkel"], 4)) for _ in range(30)]
    figure = paths(steps(*traces)).plot()
    figure.draw_without_rendering()
    boxes = [text.get_window_extent() for axes in figure.axes for text in axes.texts]
    pairs = [(a, b) for i, a in enumerate(boxes) for b in boxes[:i]]
    assert len(boxes) > 15
    covered = [max(0, min(a.x1, b.x1) - max(a.x0, b.x0)) * max(0, min(a.y1, b.y1) - max(a.y0, b.y0)) for a, b in pairs]
    assert max(covered) < 0.15 * min(box.width * box.height for box in boxes)
