"""Agreement of coders on the codings of a study: what is compared, where coders differ, and what is warned of."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxtext.agreement import Agreement, agreement, continuum, units
from cxtext.agreement.result import AGREEMENT, INTERVALS, PAIRS
from cxtext.agreement.units import UNITS
from cxtext.errors import OptionError
from cxtext.tables import CODINGS, SEGMENTS, make_table

SENTENCES = ("Het duurde lang.", "Ik wil een belletje.", "De monteur was aardig.", "Toen belde ik weer.")


def said(*documents: str, sentences: Iterable[str] = SENTENCES) -> pd.DataFrame:
    """Documents of the same sentences, two in a turn, with a question of the interviewer first."""
    rows = []
    for document in documents:
        place = 0
        for i, text in enumerate(("Hoe ging het?", *sentences)):
            rows.append({
                "segment": f"{document}:{i}", "document": document, "case": document, "position": i,
                "turn": (i + 1) // 2, "role": "interviewer" if i == 0 else "respondent", "start": place,
                "end": place + len(text), "text": text, "prompt": "",
            })  # fmt: skip
            place += len(text) + 1
    return make_table(rows, SEGMENTS)


def coded(segments: pd.DataFrame, *rows: tuple[str, str, str], status: str = "accepted") -> pd.DataFrame:
    """Codings of (coder, segment, group/code)."""
    place = segments.set_index("segment")[["document", "start", "end"]].to_dict("index")
    return make_table(
        [
            {
                **place[segment], "segment": segment, "group": path.split("/")[0], "code": path.split("/")[1],
                "coder": coder, "status": status,
            }
            for coder, segment, path in rows
        ],
        CODINGS,
    )  # fmt: skip


def at(document: str, start: int, end: int, path: str, coder: str) -> pd.DataFrame:
    """One coding of a stretch."""
    group, code = path.split("/")
    row = {"document": document, "start": start, "end": end, "group": group, "code": code, "coder": coder}
    return make_table([{**row, "segment": "", "status": "accepted"}], CODINGS)


def row(result: Agreement, group: str, code: str = "") -> dict[str, Any]:
    """Figures of a group or a code."""
    table = result.table
    return table[(table["group"] == group) & (table["code"] == code)].iloc[0].to_dict()


SAID = said("i1", "i2")
BASE = coded(
    SAID,
    ("anna", "i1:1", "kind/pain"), ("bram", "i1:1", "kind/pain"),
    ("anna", "i1:2", "kind/need"), ("bram", "i1:2", "kind/pain"),
    ("anna", "i1:4", "kind/pain"), ("anna", "i2:1", "kind/pain"), ("bram", "i2:1", "kind/pain"),
    ("anna", "i1:1", "phase/use"), ("bram", "i1:1", "phase/service"), ("anna", "i2:2", "phase/use"),
)  # fmt: skip


def test_disagreements_come_first_with_their_context() -> None:
    """Each difference is listed once, the code that differs most first, side by side, with the text around it."""
    found = agreement(BASE, SAID, groups=["kind"], n_resamples=50).disagreements
    assert found[["segment", "code", "times", "anna", "bram"]].to_numpy().tolist() == [
        ["i1:2", "pain", 2, "need", "pain"],
        ["i1:4", "pain", 2, "pain", ""],
    ]
    assert found.loc[0, ["before", "text", "after"]].tolist() == list(SENTENCES[:3])
    assert found.loc[1, "after"] == ""
    first = said("i1")
    opening = agreement(
        coded(first, ("anna", "i1:1", "kind/gain"), ("bram", "i1:2", "kind/gain")), first, n_resamples=5
    ).disagreements
    assert opening.loc[0, "before"] == "Hoe ging het?"


def test_table_of_a_small_study_by_hand() -> None:
    """Counts, prevalence and coefficients of a code are those of its four cells, with eight units of two documents."""
    result = agreement(BASE, SAID, groups=["kind"], n_resamples=50)
    pain = row(result, "kind", "pain")
    assert pain["n_units"] == 8
    assert pain["used"] == "anna 3; bram 3"
    assert pain["prevalence"] == pytest.approx(6 / 16)
    assert pain["percent"] == pytest.approx(6 / 8)
    assert pain["kappa"] == pytest.approx((6 / 8 - 34 / 64) / (1 - 34 / 64))
    assert pain["positive"] == pytest.approx(4 / 6)
    assert pain["negative"] == pytest.approx(8 / 10)
    whole = row(result, "kind")
    assert whole["percent"] == pytest.approx(6 / 8)
    assert math.isnan(whole["kappa"])
    assert {"kind/gain", "kind/question"} <= set(result.method["codes_nobody_used"])
    assert "gain" not in set(result.table["code"])


def test_exclusive_groups_count_no_code_as_an_answer() -> None:
    """The whole of an exclusive group has one category more than it has codes."""
    whole = row(agreement(BASE, SAID, groups=["phase"], n_resamples=50), "phase")
    assert whole["percent"] == pytest.approx(6 / 8)
    assert whole["brennan_prediger"] == pytest.approx((6 / 8 - 1 / 6) / (1 - 1 / 6))


def test_rejected_codings_and_the_interviewer_do_not_count() -> None:
    """A rejected coding is as none, and what an interviewer says is no unit."""
    more = coded(SAID, ("bram", "i1:3", "kind/gain"), status="rejected")
    question = coded(SAID, ("anna", "i1:0", "kind/question"))
    result = agreement(pd.concat([BASE, more, question]), SAID, groups=["kind"], n_resamples=50)
    assert row(result, "kind", "pain")["n_units"] == 8
    assert "gain" not in set(result.table["code"])
    assert result.method["rejected_codings"] == 1
    assert result.method["groups"]["kind"]["codings_outside_units"] == 1


def test_a_coding_counts_for_every_segment_it_overlaps() -> None:
    """A stretch from one sentence into the next is a coding of both, and of no other."""
    start = int(SAID.loc[1, "end"]) - 3
    codings = pd.concat([BASE, at("i1", start, start + 8, "kind/gain", "bram")])
    table = units(codings, SAID, group="kind")
    assert table.loc[table["bram/gain"] == 1, "segment"].tolist() == ["i1:1", "i1:2"]
    touching = pd.concat([BASE, at("i1", int(SAID.loc[1, "start"]), int(SAID.loc[1, "end"]), "kind/gain", "bram")])
    table = units(touching, SAID, group="kind")
    assert table.loc[table["bram/gain"] == 1, "segment"].tolist() == ["i1:1"]


def test_units_of_each_kind() -> None:
    """Two turns or one whole document are units too; characters add up to what respondents said."""
    sizes = {unit: units(BASE, SAID, group="kind", unit=unit) for unit in UNITS}
    assert {unit: len(sizes[unit]) for unit in UNITS[:3]} == {"segment": 8, "turn": 4, "document": 2}
    assert sizes["character"]["size"].sum() == 2 * sum(map(len, SENTENCES))
    assert sizes["document"][["anna/need", "bram/need"]].to_numpy().tolist() == [[1, 0], [0, 0]]
    phases = units(BASE, SAID, group="phase")
    assert phases.loc[phases["segment"] == "i1:1", ["anna", "bram"]].to_numpy().tolist() == [["use", "service"]]
    assert phases.loc[phases["segment"] == "i1:2", ["anna", "bram"]].to_numpy().tolist() == [["", ""]]


def test_in_an_exclusive_group_the_code_with_most_characters_counts() -> None:
    """Where a coder gives two phases to one sentence the longer stretch holds, and it is counted."""
    start, end = SAID.loc[3, ["start", "end"]]
    two = [at("i1", start, start + 5, "phase/use", "anna"), at("i1", start + 5, end, "phase/service", "anna")]
    codings = pd.concat([BASE, *two])
    table = units(codings, SAID, group="phase")
    assert table.loc[table["segment"] == "i1:3", "anna"].tolist() == ["service"]
    result = agreement(codings, SAID, groups=["phase"], n_resamples=5)
    assert result.method["groups"]["phase"]["units_with_several_codes"] == 1


def test_only_documents_that_two_coders_did_are_compared() -> None:
    """A document of one coder is left out; a table of who finished what makes "no codes" an answer."""
    segments = said("i1", "i2", "i3")
    codings = pd.concat([BASE, coded(segments, ("anna", "i3:1", "kind/pain"))])
    result = agreement(codings, segments, groups=["kind"], n_resamples=50)
    assert result.method["documents"] == ("i1", "i2")
    done = pd.DataFrame([(d, c) for d in ("i1", "i2", "i3") for c in ("anna", "bram")], columns=["document", "coder"])
    result = agreement(codings, segments, groups=["kind"], coded=done, n_resamples=50)
    assert result.method["documents"] == ("i1", "i2", "i3")
    assert "i3:1" in set(result.disagreements["segment"])


def test_a_third_coder_of_one_document() -> None:
    """Missing judgements are no "no": the third coder counts where they coded, and every pair has its own figures."""
    codings = pd.concat([BASE, coded(SAID, ("carla", "i2:1", "kind/pain"), ("carla", "i2:3", "kind/pain"))])
    result = agreement(codings, SAID, groups=["kind"], n_resamples=50)
    pain = row(result, "kind", "pain")
    assert pain["used"] == "anna 3; bram 3; carla 2"
    assert math.isnan(pain["kappa"])
    pairs = result.pairs[result.pairs["code"] == "pain"].set_index(["coder_a", "coder_b"])
    assert pairs["n_units"].to_dict() == {("anna", "bram"): 8, ("anna", "carla"): 4, ("bram", "carla"): 4}
    assert pairs.loc[("anna", "carla"), "percent"] == pytest.approx(3 / 4)
    first = result.disagreements.set_index("segment")
    assert first.loc["i1:2", "carla"] == "?"
    assert first.loc["i2:3", ["anna", "carla"]].tolist() == ["", "pain"]
    assert math.isnan(units(codings, SAID, group="kind").loc[0, "carla/pain"])


def test_who_used_a_group_takes_part_in_it() -> None:
    """A machine that also codes emotions is not compared on them with people who do not, unless they are named."""
    codings = pd.concat([BASE, coded(SAID, ("machine", "i1:1", "emotion/anger"), ("machine", "i1:1", "kind/pain"))])
    result = agreement(codings, SAID, n_resamples=5)
    assert list(result.method["groups"]) == ["kind", "phase"]
    assert result.method["groups"]["phase"]["coders"] == ("anna", "bram")
    named = agreement(codings, SAID, groups=["emotion"], coders=["anna", "machine"], n_resamples=5)
    assert row(named, "emotion", "anger")["used"] == "anna 0; machine 1"


@pytest.mark.parametrize(
    ("codings", "options", "message"),
    [
        (BASE[BASE["coder"] == "anna"], {}, "No group of codes was used by two coders.*anna.*second person"),
        (BASE[BASE["coder"] == "anna"], {"groups": ["kind"]}, "needs two coders, and anna used it.*second person"),
        (make_table([], CODINGS), {}, "by nobody"),
        (BASE, {"groups": ["mood"]}, "no group mood.*kind, emotion"),
        (BASE, {"coders": ["anna", "dirk"]}, "no codings of dirk.*anna, bram"),
        (BASE, {"unit": "word"}, "no unit 'word'.*segment, turn"),
        (BASE, {"cluster": "city"}, "cluster is 'city'"),
        (BASE, {"n_resamples": 0}, "n_resamples 0"),
        (BASE, {"coded": pd.DataFrame({"document": ["i1"]})}, "needs.*'coder'"),
        (BASE[(BASE["coder"] == "anna") == (BASE["document"] == "i1")], {}, "no document.*anna: 1; bram: 1"),
    ],
)
def test_what_cannot_be_compared_is_refused_with_advice(
    codings: pd.DataFrame, options: dict[str, Any], message: str
) -> None:
    """One coder, no common document and wrong options each say what is missing and what to do."""
    with pytest.raises(OptionError, match=message):
        agreement(codings, SAID, **options)


def test_documents_without_segments_are_refused() -> None:
    """Codings of documents that the segments do not have are no silent zero."""
    with pytest.raises(OptionError, match="check that the ids"):
        agreement(BASE, make_table([], SEGMENTS))


def test_code_that_everyone_gives_always_has_no_alpha() -> None:
    """Without variation alpha is missing with a warning, and neither 1 nor a crash; percent is 1."""
    everyone = [(coder, f"i1:{i}", "kind/activity") for coder in ("anna", "bram") for i in (1, 2, 3, 4)]
    result = agreement(coded(SAID, *everyone), SAID, n_resamples=50)
    activity = row(result, "kind", "activity")
    assert activity["percent"] == 1
    for name in ("alpha", "alpha_low", "alpha_high", "p_below_667", "kappa", "negative"):
        assert math.isnan(activity[name])
    assert "no variation" in activity["warning"]
    assert result.disagreements.empty
    assert "differ: 0" in repr(result)


def test_warnings_name_what_makes_an_interval_doubtful() -> None:
    """Few units, a rare code and few documents each have a sentence of their own; a sound code has none."""
    segments = said("i1", sentences=["Ja."] * 200)
    pick = [(c, f"i1:{i}", "kind/pain") for c in ("anna", "bram") for i in range(1, 90)]
    rare = [(c, f"i1:{i}", "kind/gain") for c in ("anna", "bram") for i in range(1, 5)]
    codings = coded(segments, *pick, *rare, ("anna", "i1:150", "kind/pain"))
    result = agreement(codings, segments, n_resamples=100)
    assert row(result, "kind", "pain")["warning"] == ""
    assert "Few units with the code (2%)" in row(result, "kind", "gain")["warning"]
    one = agreement(codings, segments, n_resamples=100, cluster="document")
    assert "nothing to draw from" in row(one, "kind", "pain")["warning"]
    assert math.isnan(row(one, "kind", "pain")["alpha_low"])
    assert one.method["resampled"] == "documents"
    few = row(agreement(BASE, SAID, n_resamples=200, cluster="case"), "kind", "need")["warning"]
    assert "Only 8 units" in few
    assert "Only 2 clusters" in few


def test_characters_are_drawn_by_document() -> None:
    """Neighbouring characters are no independent units."""
    result = agreement(BASE, SAID, unit="character", n_resamples=50)
    assert result.method["resampled"] == "documents"
    assert row(result, "kind", "pain")["n_units"] == 2 * sum(map(len, SENTENCES))
    assert SENTENCES[1] in set(result.disagreements["text"])


def test_a_continuum_is_what_respondents_said() -> None:
    """Questions and white space are cut out, a coding over them is shorter, and documents follow each other."""
    stretch = at("i1", 0, int(SAID.loc[2, "end"]), "kind/pain", "anna")
    lists, length = continuum(stretch, SAID, group="kind", coders=["anna", "bram"])
    assert length == 2 * sum(map(len, SENTENCES))
    assert lists == [[(0, len(SENTENCES[0]) + len(SENTENCES[1]), "pain")], []]
    second = at("i2", int(SAID.loc[6, "start"]), int(SAID.loc[6, "end"]), "kind/pain", "anna")
    assert continuum(second, SAID, group="kind", coders=["anna"])[0][0][0][0] == length / 2


def test_unitizing_alphas_reward_the_same_boundaries() -> None:
    """Equal stretches have 1, stretches that differ at an edge less, whatever the unit of the table is."""
    exact = pd.concat([at("i1", 20, 45, "phase/use", "anna"), at("i1", 20, 45, "phase/use", "bram")])
    other = pd.concat([at("i1", 20, 45, "phase/use", "anna"), at("i1", 26, 45, "phase/use", "bram")])
    assert row(agreement(exact, SAID, n_resamples=5), "phase")["u_alpha"] == pytest.approx(1)
    shifted = row(agreement(other, SAID, n_resamples=5), "phase")
    assert 0 < shifted["u_alpha"] < 1
    assert shifted["u_alpha_boundaries"] == pytest.approx(shifted["u_alpha"])


@settings(deadline=None, max_examples=25)
@given(st.lists(st.tuples(st.integers(1, 4), st.sampled_from(["pain", "need"]), st.sampled_from("ab")), min_size=1))
def test_names_and_order_of_coders_do_not_matter(drawn: list[tuple[int, str, str]]) -> None:
    """The same codings in any order, with the coders' names exchanged, have the same coefficients."""
    rows = [(coder, f"i1:{i}", f"kind/{code}") for i, code, coder in drawn]
    swapped = [({"a": "b", "b": "a"}[coder], *rest) for coder, *rest in reversed(rows)]
    anchor = [("a", "i2:1", "kind/pain"), ("b", "i2:1", "kind/pain")]
    done = pd.DataFrame([(d, c) for d in ("i1", "i2") for c in "ab"], columns=["document", "coder"])
    both = [agreement(coded(SAID, *r, *anchor), SAID, coded=done, n_resamples=20).table for r in (rows, swapped)]
    drawn_at_random = ["alpha_low", "alpha_high", "p_below_667"]
    figures = [table.drop(columns=drawn_at_random).select_dtypes("number").to_numpy() for table in both]
    assert np.allclose(figures[0], figures[1], equal_nan=True)


def test_the_same_seed_gives_the_same_tables() -> None:
    """Every table keeps its columns and is the same at every run; another seed moves intervals only."""
    first, second, third = (agreement(BASE, SAID, n_resamples=100, seed=seed) for seed in (0, 0, 1))
    for name, columns in (("table", AGREEMENT), ("intervals", INTERVALS), ("pairs", PAIRS)):
        pd.testing.assert_frame_equal(getattr(first, name), getattr(second, name))
        assert {c: str(d) for c, d in getattr(first, name).dtypes.items()} == columns
    pd.testing.assert_series_equal(first.table["alpha"], third.table["alpha"])


def test_texts_show_the_differences_before_the_figures() -> None:
    """In a terminal and in a notebook the list comes first, and every text is escaped."""
    segments = said("i1", sentences=["<b>Te duur</b>", "Ja."])
    result = agreement(
        coded(segments, ("anna", "i1:1", "kind/pain"), ("bram", "i1:2", "kind/pain")), segments, n_resamples=20
    )
    assert repr(result).index("Te duur") < repr(result).index("kappa") < repr(result).index("Only 2 units")
    html = result._repr_html_()
    assert "<b>" not in html
    assert html.index("Te duur") < html.index("kappa")


def test_plot_has_a_row_for_each_code_and_the_two_lines() -> None:
    """Codes and their alphas are written out, in the language asked for."""
    result = agreement(BASE, SAID, n_resamples=50)
    figure = result.plot()
    labels = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert len(labels) == len(result.table)
    assert "pain" in labels
    ticks = [label.get_text() for label in figure.axes[0].get_xticklabels()]
    assert ticks == ["0", ",667", ",800", "1"]
    assert "Overeenstemming tussen codeurs" in {text.get_text() for text in figure.texts}
    assert "Agreement between coders" in {text.get_text() for text in result.plot(language="en").texts}
