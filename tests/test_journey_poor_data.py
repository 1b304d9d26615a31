"""Every table along the journey with data that say little: nothing crashes or warns, and nothing is made up."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest
from coded_people import People, people

from cxtext.journey import (
    compare_waves,
    contact_steps,
    drivers,
    frequencies,
    goal_attainment,
    map_journey,
    mentions,
    opportunities,
    paths,
    priorities,
    saturation,
    story_steps,
    touchpoints,
)

WITH_EMOTION = "kind/pain emotion/anger channel/phone phase/use"
OTHERS = ("kind/gain emotion/joy channel/email phase/service", "kind/need channel/app phase/loyalty")


def answers(
    n: int, *, nps: str = "9 3 8 10 6", codes: tuple[str, ...] = (WITH_EMOTION, *OTHERS), valence: float = math.nan
) -> People:
    """Answers of `n` respondents in two waves, with scores and codes in turn; valences in turn where none is given."""
    scores, said, documents = nps.split(), [], {}
    for i in range(n):
        name = f"d{i:02d}"
        documents[name] = {"@nps": scores[i % len(scores)], "@wave": "01"[i % 2], "@touchpoint": "AB"[i // 2 % 2],
                           "@owner": "XY"[i // 2 % 2], "@date": f"{1 + i % 28:02d}-03-2025"}  # fmt: skip
        felt = (-1.5, 1.0, 0.0)[i % 3] if math.isnan(valence) else valence
        said.append((name, codes[i % len(codes)], f"T{i % 2 + 1}", felt))
    return people(said, documents)


def unfelt(told: People) -> People:
    """The same without any valence."""
    return replace(told, scores=told.scores.assign(valence=math.nan))


STUDIES = {
    "one respondent": answers(1),
    "two respondents": answers(2),
    "nine respondents": answers(9),
    "one phase": answers(12, codes=(WITH_EMOTION,)),
    "no emotions": unfelt(answers(24, codes=("kind/pain channel/phone phase/use", "kind/need channel/app phase/use"))),
    "no codes": answers(24, codes=("",)),
    "ties": answers(24, valence=-1.0),
    "all scores equal": answers(24, nps="9"),
    "passives only": answers(24, nps="7 8"),
    "no readable score": answers(24, nps="99 n.v.t."),
    "all scores, codes and feelings equal": answers(24, nps="8", codes=(WITH_EMOTION,), valence=0.5),
}


def every_table(told: People) -> Iterator[tuple[str, pd.DataFrame]]:
    """All tables of a study, with their names."""
    journey = map_journey(
        *told.tables, documents=told.documents, themes=told.themes, encode=lambda texts: np.ones((len(texts), 1))
    )
    yield from (("cells", journey.cells), ("curve", journey.curve), ("nps", journey.nps))
    yield "touchpoints", touchpoints(*told.tables, told.documents).table
    steps, _ = contact_steps(told.segments, told.documents, told.scores)
    for walked in (steps, story_steps(*told.tables)):
        found = paths(walked, desired=["A", "B"], goal=["B"])
        yield from (("transitions", found.transitions), ("visits", found.visits), ("variants", found.variants))
    reached = pd.Series([True] * told.documents["case"].nunique(), index=told.documents["case"].unique())
    yield "goals", goal_attainment(steps, reached, effort=reached.astype(float))
    mentioned = mentions(*told.tables, themes=told.themes)
    yield "frequencies", frequencies(told.segments, mentioned)
    for themes in (told.themes, None):
        found = drivers(*told.tables, told.documents, themes=themes, by="@touchpoint", least=2, n_resamples=50)
        yield from (("drivers", found.table), ("ranks", found.ranks))
    yield "priorities", priorities(*told.tables, themes=told.themes).table
    yield "opportunities", opportunities(told.segments, told.codings, themes=told.themes)
    yield "curve of codes", saturation(told.segments, told.codings, themes=told.themes).curve
    if told.documents["@wave"].nunique() == 2:
        yield "changes", compare_waves(*told.tables, told.documents, themes=told.themes).table


@cache
def tables_of(name: str) -> dict[str, pd.DataFrame]:
    """The tables of one of the studies, made once."""
    return dict(every_table(STUDIES[name]))


@pytest.mark.parametrize("name", STUDIES)
def test_tables_of_poor_data(name: str) -> None:
    """All tables are made without a warning; intervals hold their figure, and few respondents have no percentage."""
    made = tables_of(name)
    for where, table in made.items():
        figures = table.select_dtypes("float").drop(columns="inflation", errors="ignore")
        assert not np.isinf(figures.to_numpy()).any(), where
        if {"share", "low", "high"} <= set(table.columns):
            known = table[table["share"].notna()]
            assert known["share"].between(known["low"] - 1e-9, known["high"] + 1e-9).all(), where
            assert known["share"].between(0, 1).all(), where
            assert table.loc[table["of_respondents"] < 10, "share"].isna().all(), where
    few = made["curve"]["n"] < 2
    assert made["curve"].loc[few, ["low", "high"]].isna().all(axis=None)
    assert (made["drivers"]["importance"].notna() | made["drivers"]["reason"].ne("")).all()


def test_passives_only_are_a_score_of_nothing() -> None:
    """Passives alone give an NPS of 0 with an interval around it, and nothing to drive a difference of groups."""
    table = tables_of("passives only")["nps"].iloc[0]
    assert (table["score"], table["passives"], table["n"]) == (0, 24, 24)
    assert table["low"] < 0 < table["high"]


def test_equal_scores_give_a_reason() -> None:
    """Where all gave the same score there is no driver, and the table says why."""
    found = tables_of("all scores equal")["drivers"]
    assert set(found["reason"]) == {"all scores are equal"}
    assert found["importance"].isna().all()
