"""Paths: in which order respondents meet channels, touchpoints or departments, or do things."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cxtext.journey.answers import joined
from cxtext.journey.mentions import share_of
from cxtext.showing import html_table
from cxtext.stats import (
    END,
    Estimate,
    bounces,
    directly_follows,
    first_fit,
    fit,
    frequent_patterns,
    mean_interval,
    repeats,
    switches,
    wilson,
)
from cxtext.tables import TEXT, make_table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TRANSITIONS: dict[str, str] = {
    "source": TEXT, "target": TEXT, "count": "int64", "respondents": "int64", "of_respondents": "int64",
    "probability": "float64", "low": "float64", "high": "float64", "change": "float64", "change_low": "float64",
    "change_high": "float64", "n_change": "int64", "quotes": TEXT,
}  # fmt: skip
VISITS: dict[str, str] = {
    "step": TEXT, "name": TEXT, "visits": "int64", "respondents": "int64", "of_respondents": "int64", "again": "int64",
    "rework": "float64", "low": "float64", "high": "float64", "self_loops": "int64", "returns": "int64",
    "bounces": "int64", "place": "float64", "valence": "float64", "quotes": TEXT,
}  # fmt: skip
VARIANTS: dict[str, str] = {
    "path": TEXT, "steps": "int64", "respondents": "int64", "of_respondents": "int64", "share": "float64",
    "low": "float64", "high": "float64", "fit": "float64", "met_at": "int64", "cases": TEXT,
}  # fmt: skip
PATTERNS: dict[str, str] = {
    "pattern": TEXT, "respondents": "int64", "of_respondents": "int64", "share": "float64", "low": "float64",
    "high": "float64", "quotes": TEXT,
}  # fmt: skip

#: between the steps of a path that is written out
ARROW = " → "
_SHOWN = ("source", "target", "respondents", "of_respondents", "probability", "low", "high", "change", "n_change")


@dataclass(frozen=True)
class Paths:
    """The order of steps in the stories or contacts of respondents.

    Attributes
    ----------
    transitions : pandas.DataFrame
        One row per ``source`` and ``target`` (``"(start)"`` and ``"(end)"`` are the edges): ``count``, in the paths of
        how many ``respondents`` of those who left the source, ``probability`` of the target with its interval,
        mean ``change`` of the feeling across it (per respondent first, t-interval), and ``quotes``: segments of the
        target.
    visits : pandas.DataFrame
        One row per ``step``: ``visits``, ``respondents``, how many took it ``again`` and which share that is
        (``rework``), direct ``self_loops``, later ``returns``, ``bounces`` (sent from here and straight back), its mean
        ``place`` along the paths (0 the start, 1 the end), mean ``valence`` of the respondents' means.
    variants : pandas.DataFrame
        One row per whole ``path``: its respondents, the ``fit`` to the desired path (1 is the same; NaN where none is
        given), and ``met_at``: the step at which the goal is met, 0 where it is not.
    patterns : pandas.DataFrame
        Steps that several respondents take in this order, with anything in between; closed patterns, with ``quotes``:
        the segments of these steps.
    names : Mapping[str, str]
        Of the steps.
    switched : tuple of int
        Transitions within paths to another step, and all of them.
    goal : Estimate or None
        Share of the respondents whose path meets the goal, with its Wilson interval.
    of_respondents : int
        Respondents with a path.
    language : str
    """

    transitions: pd.DataFrame
    visits: pd.DataFrame
    variants: pd.DataFrame
    patterns: pd.DataFrame
    names: Mapping[str, str]
    switched: tuple[int, int]
    goal: Estimate | None
    of_respondents: int
    language: str = "nl"

    def plot(self, *, least: int | None = None, title: str = "", language: str | None = None) -> Figure:
        """Draw what follows what as a graph.

        Parameters
        ----------
        least : int, optional
            Respondents that an arrow needs; as few as can be read where it is left out. The note tells it.
        title : str
        language : {"nl", "en"}, optional
            Of the labels; that of the paths where it is left out.

        Returns
        -------
        matplotlib.figure.Figure
        """
        from cxtext.plots import path_graph

        return path_graph(self, least=least, title=title, language=language or self.language)

    def __repr__(self) -> str:
        other, all_ = self.switched
        return (
            f"Paths({self.of_respondents} respondents, {len(self.visits)} steps, {len(self.variants)} variants, "
            f"{other} of {all_} transitions to another step)"
        )

    def _repr_html_(self) -> str:
        rows = self.transitions.sort_values("respondents", ascending=False, kind="stable")
        named = rows.assign(source=rows["source"].replace(self.names), target=rows["target"].replace(self.names))
        return html_table(named.to_dict("records"), _SHOWN, head=repr(self))


def paths(
    steps: pd.DataFrame,
    *,
    desired: Sequence[str] | None = None,
    goal: Sequence[str] = (),
    least: int = 2,
    language: str = "nl",
) -> Paths:
    """Count what follows what, what is done over, and which whole paths there are.

    Parameters
    ----------
    steps : pandas.DataFrame
        From `story_steps` or `contact_steps`.
    desired : sequence of str, optional
        The path as it was meant, to compare with.
    goal : sequence of str
        Steps at which the respondent has what they came for.
    least : int
        Respondents that a pattern needs.
    language : {"nl", "en"}
        Of the labels of plots.

    Returns
    -------
    Paths

    Examples
    --------
    >>> from cxtext.journey.steps import STEPS
    >>> rows = [("a", 1, "web"), ("a", 2, "bel"), ("b", 1, "web"), ("b", 2, "winkel")]
    >>> found = paths(make_table([dict(zip(STEPS, (*row, row[2], "", "", 0.0))) for row in rows], STEPS))
    >>> found
    Paths(2 respondents, 3 steps, 2 variants, 2 of 2 transitions to another step)
    >>> found.transitions.loc[0, ["source", "target"]].tolist()
    ['(start)', 'web']
    """
    steps = steps.sort_values(["case", "position"], kind="stable", ignore_index=True)
    once = steps.drop_duplicates("step")
    names = dict(zip(once["step"].tolist(), once["name"].tolist(), strict=True))
    taken: dict[str, list[str]] = {}
    for case, step in zip(steps["case"].to_numpy(dtype=object), steps["step"].to_numpy(dtype=object), strict=True):
        taken.setdefault(case, []).append(step)
    traces = {case: tuple(own) for case, own in taken.items()}
    n, starts, segments = len(traces), dict[tuple[str, ...], list[int]](), steps["segments"].tolist()
    for start, trace in zip(np.cumsum([0, *map(len, traces.values())]).tolist(), traces.values(), strict=False):
        starts.setdefault(trace, []).append(start)
    met = {case: next((i for i, step in enumerate(trace, 1) if step in goal), 0) for case, trace in traces.items()}
    return Paths(
        transitions=_transitions(steps, list(traces.values())),
        visits=_visits(steps, list(traces.values()), names),
        variants=_variants(traces, met, names, desired),
        patterns=make_table(
            [
                {"pattern": ARROW.join(names[step] for step in pattern), "respondents": k, "of_respondents": n,
                 "quotes": _quotes(pattern, starts, segments), **share_of(k, n)}
                for pattern, k in frequent_patterns(list(traces.values()), least=least)
            ],
            PATTERNS,
        ),
        names=names,
        switched=switches(list(traces.values())),
        goal=wilson(sum(place > 0 for place in met.values()), n) if len(goal) else None,
        of_respondents=n,
        language=language,
    )  # fmt: skip


def _quotes(pattern: Sequence[str], starts: Mapping[tuple[str, ...], list[int]], segments: Sequence[str]) -> str:
    """Segments of the steps in which respondents first take a pattern."""
    fits = ((own, first_fit(trace, pattern)) for trace, own in starts.items())
    return ";".join(
        filter(None, (segments[start + place] for own, places in fits for start in own for place in places))
    )


def _transitions(steps: pd.DataFrame, traces: Sequence[tuple[str, ...]]) -> pd.DataFrame:
    following = steps.assign(
        next_case=steps["case"].shift(-1), target=steps["step"].shift(-1), after=steps["valence"].shift(-1),
        quotes=steps["segments"].shift(-1).fillna(""),
    )  # fmt: skip
    pairs = following[following["case"] == following["next_case"]]
    pairs = pairs.assign(change=pairs["after"] - pairs["valence"])
    by_pair = dict(list(pairs.groupby(["step", "target"])))
    firsts = steps[steps["position"] == 1]
    rows: list[dict[str, Any]] = []
    for one in directly_follows(traces):
        own = by_pair.get((one.source, one.target))
        change = mean_interval([] if own is None else own.groupby("case")["change"].mean().to_numpy())
        quotes = own["quotes"] if own is not None else firsts.loc[firsts["step"] == one.target, "segments"]
        rows.append({
            "source": one.source, "target": one.target, "count": one.count, "respondents": one.cases,
            "of_respondents": one.probability.n, "probability": one.probability.value, "low": one.probability.low,
            "high": one.probability.high, "change": change.value, "change_low": change.low, "change_high": change.high,
            "n_change": change.n, "quotes": ";".join(quote for quote in quotes if quote) if one.target != END else "",
        })  # fmt: skip
    return make_table(rows, TRANSITIONS)


def _visits(steps: pd.DataFrame, traces: Sequence[tuple[str, ...]], names: Mapping[str, str]) -> pd.DataFrame:
    sent = Counter[str]()
    for (source, _), count in bounces(traces).items():
        sent[source] += count
    means = steps.groupby(["step", "case"])["valence"].mean().groupby("step").mean()
    quotes = joined(steps["step"], steps["segments"])
    along = (steps["position"] - 0.5) / steps.groupby("case")["position"].transform("max")
    place = along.groupby(steps["step"]).mean()
    rows = []
    for one in repeats(traces):
        again, n = round(one.rework.value * one.rework.n), one.rework.n
        share = share_of(again, n)
        rows.append({
            "step": one.step, "name": names[one.step], "visits": one.visits, "respondents": one.cases,
            "of_respondents": n, "again": again, "rework": share["share"], "low": share["low"], "high": share["high"],
            "self_loops": one.self_loops, "returns": one.returns, "bounces": sent[one.step], "place": place[one.step],
            "valence": means.get(one.step, math.nan), "quotes": quotes[one.step].strip(";"),
        })  # fmt: skip
    return make_table(rows, VISITS)


def _variants(
    traces: Mapping[str, tuple[str, ...]],
    met: Mapping[str, int],
    names: Mapping[str, str],
    desired: Sequence[str] | None,
) -> pd.DataFrame:
    cases: dict[tuple[str, ...], list[str]] = {}
    for case, trace in traces.items():
        cases.setdefault(trace, []).append(case)
    rows = [
        {"path": ARROW.join(names[step] for step in trace), "steps": len(trace), "respondents": len(own),
         "of_respondents": len(traces), "fit": math.nan if desired is None else fit(trace, list(desired)),
         "met_at": met[own[0]], "cases": ";".join(own), **share_of(len(own), len(traces))}
        for trace, own in cases.items()
    ]  # fmt: skip
    return make_table(sorted(rows, key=lambda row: (-row["respondents"], row["steps"], row["path"])), VARIANTS)
