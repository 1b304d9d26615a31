"""Two waves side by side: independent and paired, new low points, and what is withheld."""

from __future__ import annotations

import pandas as pd
import pytest
from coded_people import People, people
from test_plots import words

from cxtext.errors import OptionError
from cxtext.journey import Changes, compare_waves
from cxtext.journey.change import CHANGES
from cxtext.stats import mean_difference, nps, nps_change, nps_difference, share_difference


def two_waves(n: int, *, paired: bool = False, overlap: int = 0) -> People:
    """Website goes from good to bad, Winkel stays bad, Monteur stays good; everybody has pain in the first wave."""
    said, documents = [], {}
    worth = {"Website": ("9", "2"), "Winkel": ("4", "6"), "Monteur": ("9", "9")}
    for wave, name in enumerate(("nulmeting", "hermeting")):
        for i in range(n):
            place = list(worth)[i % 3]
            case = f"r{i}" if paired or i < overlap else f"r{wave}{i}"
            documents[f"d{wave}{i}"] = {"case": case, "@wave": name, "@touchpoint": place, "@nps": worth[place][wave]}
            bad = int(worth[place][wave]) < 7
            said.append(
                (f"d{wave}{i}", "kind/pain" if not wave or bad else "kind/gain", "", -1.5 if bad else 1.5 - i / 90)
            )
    return people(said, documents)


def changes(told: People, **options: object) -> Changes:
    """Compare its waves."""
    return compare_waves(*told.tables, told.documents, **options)  # type: ignore[arg-type]


def test_independent_waves() -> None:
    """NPS and codes are compared as the functions of the statistics do, with Holm per measure."""
    told = two_waves(36)
    found = changes(told)
    assert found.table.dtypes.astype(str).to_dict() == CHANGES
    row = found.table.query("measure == 'nps' and touchpoint == ''").iloc[0]
    scores = [told.documents.loc[told.documents["@wave"] == w, "@nps"].astype(float) for w in found.waves]
    expected = nps_difference(nps(scores[0]), nps(scores[1]))
    assert (row["difference"], row["low"], row["p"]) == pytest.approx((expected.value, expected.low, expected.p))
    pain = found.table.query("item == 'kind/pain'").iloc[0]
    assert (pain["k_first"], pain["n_first"], pain["k_second"], pain["n_second"]) == (36, 36, 24, 36)
    assert pain["high"] == pytest.approx(share_difference(36, 36, 24, 36).high)
    assert len(pain["quotes_second"].split(";")) == 24
    assert (found.table["p_holm"].dropna() >= found.table["p"].dropna()).all()
    assert not found.table["paired"].any()
    assert "36) to hermeting (n = 36), 0 respondents in both" in repr(found)


def test_new_low_point() -> None:
    """The touchpoint that fell to the bottom is a new low point; one that was low already is not."""
    table = changes(two_waves(36)).table.query("measure == 'nps'").set_index("touchpoint")
    assert table["new_low"].to_dict() == {"": False, "Website": True, "Winkel": False, "Monteur": False}
    assert table.loc["Winkel", "lowest_first"] == 1
    assert table.loc["Website", "needed"] > 0


def test_the_same_respondents_are_paired() -> None:
    """Respondents who come back are compared with themselves; those of one wave only are left out and counted."""
    told = two_waves(30, paired=True)
    lone = people([], {"x": {"@wave": "nulmeting", "@nps": "9", "@touchpoint": "Website"}})
    documents = pd.concat([told.documents, lone.documents], ignore_index=True)
    found = compare_waves(*told.tables, documents)
    assert found.table["paired"].all()
    row = found.table.query("measure == 'nps' and touchpoint == ''").iloc[0]
    expected = nps_change([9, 4, 9] * 10, [2, 6, 9] * 10)
    assert (row["difference"], row["low"]) == pytest.approx((expected.value, expected.low))
    assert "1 respondents are in one wave only" in found.notices[-1].message


def test_a_few_returning_respondents_are_left_out() -> None:
    """Where few come back the waves stay independent, without those few, and that is told."""
    found = changes(two_waves(30, overlap=3))
    row = found.table.query("measure == 'nps' and touchpoint == ''").iloc[0]
    assert (row["n_first"], row["n_second"], row["paired"]) == (27, 27, False)
    assert "3 respondents are in both waves" in found.notices[-1].message


def test_small_waves_have_counts_and_no_percentages() -> None:
    """Below ten respondents there is a reason in the place of shares and differences; the counts stay."""
    found = changes(two_waves(6))
    row = found.table.query("item == 'kind/pain'").iloc[0]
    assert (row["k_first"], row["n_first"], row["reason"]) == (6, 6, "fewer than 10 respondents in a wave")
    assert row[["first", "second", "difference", "low", "p"]].isna().all()
    texts = words(found.plot())
    assert any("6 van 6 → 4 van 6" in text for text in texts)
    assert not any("[" in text for text in texts)


def test_satisfaction_and_effort_are_compared() -> None:
    """Means of each question, of all and per touchpoint; where little effort is a low score there is no low point."""
    told = two_waves(36)
    happy = [str(2 + int(int(nps) > 5) * 2 + i % 2) for i, nps in enumerate(told.documents["@nps"])]
    asked = {"Hoe tevreden bent u? (1-5)": happy, "Hoeveel moeite kostte het? (1-5)": happy}
    table = changes(People(*told.tables, told.documents.assign(**asked), told.themes)).table.query(
        "measure == 'rating'"
    )
    satisfied = table[table["item"].str.startswith("Hoe tevreden")].set_index("touchpoint")
    values = [pd.Series(happy, dtype=float)[(told.documents["@wave"] == wave).to_numpy()] for wave in
              ("nulmeting", "hermeting")]  # fmt: skip
    expected = mean_difference(*values)
    assert satisfied.loc["", ["difference", "low", "p"]].tolist() == pytest.approx(
        [expected.value, expected.low, expected.p]
    )
    assert satisfied["new_low"].to_dict() == {"": False, "Website": True, "Winkel": False, "Monteur": False}
    assert satisfied.loc["", "needed"] > 0
    assert not table.loc[table["item"].str.startswith("Hoeveel"), "new_low"].any()
    assert "Hoe tevreden bent u? (1-5)" in " ".join(
        words(changes(People(*told.tables, told.documents.assign(**asked), told.themes)).plot("rating"))
    ).replace("\n", " ")


def test_waves_that_are_not_there() -> None:
    """One wave, or a wave with another name, is refused with those that there are."""
    told = two_waves(6)
    with pytest.raises(OptionError, match="have 'nulmeting', 'hermeting'"):
        changes(told, waves=("nulmeting", "meting 3"))
    with pytest.raises(OptionError, match="have none"):
        changes(people([("a", "kind/pain", "", 0.0)]))


def test_plots_of_waves() -> None:
    """Each measure is drawn with both waves, its difference and its new low point; English too."""
    found = changes(two_waves(36))
    texts = words(found.plot("nps"))
    assert any("nieuw dieptepunt" in text for text in texts)
    assert "NPS: nulmeting en hermeting" in texts
    assert any("n = 36 → n = 36" in text for text in words(found.plot("valence", language="en")))
    empty = people([], {"a": {"@wave": "1"}, "b": {"@wave": "2"}})
    assert "Niets om te tonen." in words(changes(empty).plot())
