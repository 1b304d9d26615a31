"""The journey map: phases, lanes, the emotion curve and NPS, counted by respondent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from fake_study import FakeStudy, cached_encode, coding, fake_study, segment

from cxtext import journey as package
from cxtext.errors import OptionError
from cxtext.journey import Journey
from cxtext.journey.lanes import CELLS, LANES
from cxtext.journey.mapping import CURVE, NPS, RESPONDENTS
from cxtext.phases import load_phases
from cxtext.stats import mean_interval, wilson
from cxtext.tables import CODINGS, SEGMENTS, make_table
from cxtext.themes import OUTLIERS, Themes, find_themes


def map_journey(*tables: pd.DataFrame, **options: Any) -> Journey:
    """Map a journey without asking the encoder twice for the same text."""
    return package.map_journey(*tables, encode=cached_encode, **options)


@pytest.fixture(scope="module")
def study() -> FakeStudy:
    """The invented study."""
    return fake_study()


@pytest.fixture(scope="module")
def themes(study: FakeStudy) -> Themes:
    """Its themes."""
    return find_themes(study.segments, study.codings, encode=cached_encode)


@pytest.fixture(scope="module")
def journey(study: FakeStudy, themes: Themes) -> Journey:
    """Its journey with everything there is."""
    return map_journey(study.segments, study.codings, study.scores, documents=study.documents, themes=themes)


def small(rows: Sequence[tuple[str, str, float]], **more: Any) -> Journey:
    """Journey of sentences given as case, phase and valence."""
    segments, codings, scores = [], [], []
    for i, (case, phase, valence) in enumerate(rows):
        segments.append(segment(f"s{i}", f"Zin nummer {i} van deze test.", document=case, start=i))
        codings.append(coding(f"s{i}", f"phase/{phase}", document=case))
        scores.append({"segment": f"s{i}", "valence": valence})
    frame = pd.DataFrame(scores, columns=["segment", "valence"])
    return map_journey(make_table(segments, SEGMENTS), make_table(codings, CODINGS), frame, **more)


def test_tables_keep_their_contract(journey: Journey) -> None:
    """Every table has its columns and types."""
    for table, contract in (
        (journey.cells, CELLS),
        (journey.curve, CURVE),
        (journey.respondents, RESPONDENTS),
        (journey.nps, NPS),
    ):
        assert table.dtypes.astype(str).to_dict() == contract


def test_curve_is_a_mean_of_respondent_means() -> None:
    """Who talks much counts once: segments are averaged per respondent first, then the respondents."""
    journey = small([("a", "use", 0.8)] * 9 + [("b", "use", -0.2), ("c", "use", 0.3)])
    row = journey.curve.set_index("phase").loc["use"]
    expected = mean_interval([0.8, -0.2, 0.3])
    assert (row["mean"], row["low"], row["high"]) == pytest.approx((expected.value, expected.low, expected.high))
    assert (row["n"], row["segments"]) == (3, 11)


def test_an_interval_ends_where_feeling_ends() -> None:
    """Of few respondents who differ, the interval is cut off at -2 and 2, as no mean can lie beyond."""
    row = small([("a", "use", 2.0), ("b", "use", -1.0)]).curve.set_index("phase").loc["use"]
    assert (row["low"], row["high"]) == (-2.0, 2.0)


def test_negative_respondents() -> None:
    """A respondent who says one clearly negative thing counts as negative, whatever the mean."""
    journey = small([("a", "use", 2.0), ("a", "use", -0.5), ("b", "use", -0.4), ("c", "use", -2.0)])
    row = journey.curve.set_index("phase").loc["use"]
    share = wilson(2, 3)
    assert (row["negative"], row["n"]) == (2, 3)
    assert (row["negative_low"], row["negative_high"]) == pytest.approx((share.low, share.high))


def test_few_respondents_have_no_interval() -> None:
    """One respondent gives a mean without bounds; a phase that nobody spoke about has a row with n = 0."""
    journey = small([("a", "use", 1.0)])
    curve = journey.curve.set_index("phase")
    assert curve.loc["use", "mean"] == 1.0
    assert np.isnan(curve.loc["use", "low"])
    assert curve.loc["loyalty", "n"] == 0
    assert np.isnan(curve.loc["loyalty", "mean"])
    assert curve.index.tolist() == [phase.id for phase in load_phases()]


def test_the_dip_and_the_peak_have_a_probability() -> None:
    """Each phase of three respondents or more has the chance of being the lowest and the highest; ties share it."""
    rows = [(f"r{i}", phase, value) for i in range(12) for phase, value in
            (("use", -1 + i % 3 / 10), ("service", 0.2), ("loyalty", 0.2))]  # fmt: skip
    chances = small([*rows, ("r0", "orientation", -2.0)]).extremes(n_resamples=200).set_index("phase")
    assert chances["lowest"].to_dict() == {"use": 1.0, "service": 0.0, "loyalty": 0.0}
    assert chances["highest"].to_dict() == {"use": 0.0, "service": 0.5, "loyalty": 0.5}
    assert small([("a", "use", 1.0)]).extremes().empty


def test_lanes_stand_in_the_order_of_the_map(journey: Journey) -> None:
    """All lanes are there, in one order, and in each the phases go from left to right."""
    assert list(dict.fromkeys(journey.cells["lane"])) == list(LANES)
    order = [phase.id for phase in journey.phases]
    for _, lane in journey.cells.groupby("lane"):
        places = lane["phase"].map(order.index)
        assert places.is_monotonic_increasing


def test_every_number_leads_to_its_quotes(study: FakeStudy, journey: Journey) -> None:
    """The listed segments are those that are counted, of the respondents that are counted, in that phase."""
    cases = study.segments.set_index("segment")["case"]
    for row in journey.cells.itertuples():
        ids = row.quotes.split(";")
        assert len(set(ids)) == len(ids) == row.segments
        assert cases[ids].nunique() == row.respondents
        assert set(journey.assigned[ids]) == {row.phase}
        assert row.respondents <= row.of_respondents


def test_shares_are_of_those_who_spoke_about_the_phase(study: FakeStudy, journey: Journey) -> None:
    """The denominator is the number of respondents with a segment in the phase."""
    placed = study.segments.assign(phase=study.segments["segment"].map(journey.assigned))
    spoke = placed.groupby("phase")["case"].nunique()
    of = journey.cells.drop_duplicates("phase").set_index("phase")["of_respondents"]
    assert of.to_dict() == spoke.drop("", errors="ignore").to_dict()


def test_channels_and_emotions_are_named(journey: Journey) -> None:
    """Codes have the names of the codebook, and the code of most respondents comes first."""
    phone = journey.cells.query("lane == 'channels' and phase == 'service'").iloc[0]
    assert (phone["item"], phone["name"]) == ("phone", "telefoon")
    assert set(journey.cells.loc[journey.cells["item"] == "anger", "name"]) == {"boosheid"}


def test_needs_pains_and_gains_are_grouped_by_theme(journey: Journey, themes: Themes) -> None:
    """With themes, a pain is shown as its theme; what is in no theme is not lost and comes last."""
    names = dict(zip(themes.table["theme"], themes.table["name"], strict=True))
    for _, cells in journey.cells[journey.cells["lane"].isin(["needs", "pains", "gains"])].groupby(["lane", "phase"]):
        assert [names[item] for item in cells["item"]] == cells["name"].tolist()
        assert OUTLIERS not in cells["item"].tolist()[:-1]
    assert OUTLIERS not in journey.cells.loc[journey.cells["lane"] == "themes", "item"].tolist()


def test_without_themes_the_strongest_sentences_stand(study: FakeStudy) -> None:
    """Without themes there are up to five pains per phase, surest first, one respondent after the other."""
    scores = study.scores.assign(**{"kind/pain": np.linspace(0.99, 0.5, len(study.scores))})
    plain = map_journey(study.segments, study.codings, scores)
    pains = plain.cells.query("lane == 'pains' and phase == 'service'")
    assert len(pains) == 5
    assert set(pains["item"]) <= set(study.segments["segment"])
    cases = pains["item"].map(study.segments.set_index("segment")["case"])
    assert cases.is_unique
    assert pains["item"].iloc[0].startswith("i01")


def test_activities_stand_for_those_told_alike() -> None:
    """Nearly equal steps are one item with all their respondents; a step of its own is another."""
    texts = ["Toen heb ik ze maar gebeld.", "Ik heb ze toen gebeld.", "Toen heb ik gebeld met ze.", "De tuin omgespit."]
    segments = [segment(f"s{i}", text, document=f"r{i}") for i, text in enumerate(texts)]
    codings = [coding(f"s{i}", path) for i in range(4) for path in ("phase/service", "kind/activity")]
    scores = pd.DataFrame({"segment": [f"s{i}" for i in range(4)], "valence": 0.0})
    cells = map_journey(make_table(segments, SEGMENTS), make_table(codings, CODINGS), scores).cells
    lane = cells[cells["lane"] == "activities"]
    assert lane["respondents"].tolist() == [3, 1]
    assert lane["name"].iloc[1] == "De tuin omgespit."


def test_quotes_show_both_sides(study: FakeStudy, journey: Journey) -> None:
    """Where a phase has good and bad, its quotes have both, of different respondents."""
    valence = study.scores.set_index("segment")["valence"]
    cases = study.segments.set_index("segment")["case"]
    for _, cells in journey.cells[journey.cells["lane"] == "quotes"].groupby("phase"):
        felt = valence[cells["item"]]
        assert felt.min() < 0 < felt.max()
        assert cases[cells["item"]].nunique() >= 4
        assert len(cells) <= 5


def test_touchpoints_come_from_the_documents(study: FakeStudy, journey: Journey) -> None:
    """A touchpoint is shown in the phases that its answers speak about; without documents there is no such lane."""
    lane = journey.cells[journey.cells["lane"] == "touchpoints"]
    assert {("use", "Installatie"), ("service", "Helpdesk"), ("loyalty", "Verlengen")} <= set(
        zip(lane["phase"], lane["item"], strict=True)
    )
    bare = map_journey(study.segments, study.codings, study.scores)
    assert "touchpoints" not in set(bare.cells["lane"])


def test_nps_per_touchpoint_and_wave(journey: Journey) -> None:
    """There is a score for all, per touchpoint, per wave and per both, with raw counts and the interval."""
    table = journey.nps.set_index(["touchpoint", "wave"])
    everybody = table.loc[("", "")]
    assert (everybody["n"], everybody["promoters"], everybody["detractors"]) == (20, 5, 10)
    assert everybody["score"] == pytest.approx(-25)
    assert table.loc[("Helpdesk", "nulmeting"), "n"] == 3
    assert table.loc[("", "hermeting"), "score"] == pytest.approx(100 * (4 - 1) / 9)
    assert (table["low"] <= table["score"]).all()
    assert (table["score"] <= table["high"]).all() or table["score"].max() == 100


def test_unreadable_scores_are_counted_and_named(journey: Journey) -> None:
    """A score that is no number from 0 to 10 is left out and told; an empty one is no answer."""
    messages = [notice.message for notice in journey.notices]
    assert messages == ["1 of 21 scores are no whole number from 0 to 10: 'weet niet'."]


@pytest.mark.parametrize(
    ("answer", "read"), [("9", 1), ("9.0", 1), ("10 - zeer waarschijnlijk", 1), ("9,5", 0), ("99", 0), ("-1", 0)]
)
def test_forms_of_a_score(study: FakeStudy, answer: str, read: int) -> None:
    """Whole numbers from 0 to 10 are read, also with a label behind them; nothing else is."""
    documents = study.documents.head(1).assign(**{"@nps": answer})
    journey = small([("a", "use", 1.0)], documents=documents)
    assert journey.nps["n"].sum() == read
    assert len(journey.notices) == 1 - read


def test_several_scores_of_one_respondent_are_told(study: FakeStudy) -> None:
    """The interval takes answers for independent; where they are not, that is said."""
    documents = study.documents.assign(case="one")
    journey = small([("one", "use", 1.0)], documents=documents)
    assert any("19 scores are further answers of a respondent" in notice.message for notice in journey.notices)
    assert journey.nps["respondents"].iloc[0] == 1


def test_segments_without_phase_or_valence_are_counted(study: FakeStudy) -> None:
    """What is on no place of the map is counted, not lost."""
    codings = study.codings[study.codings["segment"] != "i01:0"]
    scores = study.scores[study.scores["segment"] != "i01:1"]
    journey = map_journey(study.segments, codings, scores)
    assert journey.unplaced == 1
    assert journey.notices[0].message.startswith("1 of ")
    assert journey.curve["segments"].sum() == len(study.segments) - 2


def test_order_of_rows_does_not_matter(study: FakeStudy, themes: Themes, journey: Journey) -> None:
    """The same tables in another order give the same map."""
    mixed = [table.sample(frac=1, random_state=2) for table in (study.segments, study.codings, study.scores)]
    again = map_journey(*mixed, themes=themes, documents=study.documents)
    pd.testing.assert_frame_equal(journey.cells, again.cells)
    pd.testing.assert_frame_equal(journey.curve, again.curve)


def test_four_phases_in_english(study: FakeStudy) -> None:
    """Another set of phases, and other names, from the same codings."""
    journey = map_journey(study.segments, study.codings, study.scores, phases="four", language="en")
    assert [phase.name for phase in journey.phases] == ["awareness", "consideration", "purchase", "loyalty"]
    assert (journey.curve["n"] > 0).all()
    assert "phone" in set(journey.cells["name"])


def test_interviewers_do_not_count() -> None:
    """Only what respondents say is on the map."""
    segments = make_table([segment("s0", "Hoe ging dat?", role="interviewer")], SEGMENTS)
    codings = make_table([coding("s0", "phase/use")], CODINGS)
    journey = map_journey(segments, codings, pd.DataFrame({"segment": ["s0"], "valence": [1.0]}))
    assert journey.cells.empty
    assert journey.of_respondents == 0


def test_nothing_to_map() -> None:
    """A study without segments has a map without cells, that still shows itself."""
    empty = small([])
    assert empty.cells.empty
    assert empty.nps.empty
    assert "niet genoemd" not in repr(empty)
    assert "oriëntatie" in empty._repr_html_()


def test_scores_without_valence_are_refused(study: FakeStudy) -> None:
    """A frame of scores without valence is refused with what is missing."""
    with pytest.raises(OptionError, match="'valence'"):
        map_journey(study.segments, study.codings, study.scores[["segment"]])


def test_journey_shows_itself(journey: Journey) -> None:
    """In a notebook: phases across, lanes down, "not mentioned" where there is nothing, every text escaped."""
    html = journey._repr_html_()
    assert "van 29 respondenten" in html
    assert "niet genoemd" in html
    assert "Niet genoemd is niet hetzelfde als afwezig" in html
    assert html.count("<th scope") >= len(journey.phases) + len(LANES)
    cells = journey.cells.assign(name="<script>alert(1)</script>")
    assert "<script>" not in replace(journey, cells=cells)._repr_html_()
    assert "29 respondents" in repr(journey)
