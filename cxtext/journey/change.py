"""What changed between two waves, such as nulmeting and hermeting: codes, feeling, NPS, CSAT and CES."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from cxtext.coded import of_respondents
from cxtext.errors import OptionError
from cxtext.journey.answers import among, by_document, labels, nps_answers, where_given
from cxtext.journey.mentions import evidence_by, mentions, valences
from cxtext.journey.rated import SCORED, rated_questions
from cxtext.records import Notice
from cxtext.showing import html_table
from cxtext.stats import (
    MIN_PERCENTAGE,
    Difference,
    holm,
    mean_change,
    mean_difference,
    nps,
    nps_change,
    nps_difference,
    required_n,
    resampled_means,
    share_change,
    share_difference,
    share_lowest,
)
from cxtext.tables import TEXT, make_table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from cxtext.themes import Themes

CHANGES: dict[str, str] = {
    "measure": TEXT, "touchpoint": TEXT, "item": TEXT, "name": TEXT, "k_first": "float64", "n_first": "int64",
    "first": "float64", "k_second": "float64", "n_second": "int64", "second": "float64", "difference": "float64",
    "low": "float64", "high": "float64", "p": "float64", "p_holm": "float64", "paired": "bool", "method": TEXT,
    "needed": "float64", "new_low": "bool", "lowest_first": "float64", "lowest_second": "float64", "reason": TEXT,
    "quotes_first": TEXT, "quotes_second": TEXT,
}  # fmt: skip

#: the smallest difference that a next wave should find: points of NPS, of a share, of a valence, points of a scale
TO_FIND = {"nps": 10.0, "code": 0.1, "valence": 0.25, "rating": 0.5}
_LEVEL = 0.05
_RESAMPLES = 2000
_NO_QUOTES = {"quotes_first": "", "quotes_second": ""}
_SHOWN = (
    "measure", "touchpoint", "name", "n_first", "first", "n_second", "second", "difference", "low", "high", "p_holm",
    "reason",
)  # fmt: skip


@dataclass(frozen=True)
class Changes:
    """Two waves side by side.

    Attributes
    ----------
    table : pandas.DataFrame
        One row per ``measure`` (``"nps"``, ``"valence"``, ``"code"``, or ``"rating"``: the mean of a question about
        satisfaction or effort), ``touchpoint`` (``""``: all) and ``item`` (the code or the question):
        values of both waves with ``k`` and ``n`` respondents (or answers), the ``difference`` (second less first) with
        its interval, ``p`` and ``p_holm`` (over the rows of a measure), whether the same respondents were ``paired``,
        how many respondents per wave are ``needed`` to find a difference of `TO_FIND`, whether it is a new low point of
        the touchpoints, with the probability of being the lowest in each wave, the ``reason`` where there is no figure,
        and the ids of the segments behind both. Shares are fractions; below 10 respondents they are NaN.
    waves : tuple of str
    respondents : tuple of int
        Of each wave, and of both.
    notices : tuple of Notice
        What was left out.
    language : str
    """

    table: pd.DataFrame
    waves: tuple[str, str]
    respondents: tuple[int, int, int]
    notices: tuple[Notice, ...] = ()
    language: str = "nl"

    def plot(self, measure: str = "code", *, language: str | None = None) -> Figure:
        """Draw both waves of each row of a measure, with a line between them.

        Parameters
        ----------
        measure : {"code", "nps", "valence", "rating"}
            Of a rating all touchpoints together.
        language : {"nl", "en"}, optional
            Of the labels; that of the table where it is left out.

        Returns
        -------
        matplotlib.figure.Figure
        """
        from cxtext.plots import wave_dumbbells

        rows = self.table[self.table["measure"] == measure]
        rows = rows[rows["touchpoint"] == ""].assign(name=rows["item"]) if measure == "rating" else rows
        return wave_dumbbells(rows, self.waves, measure=measure, language=language or self.language)

    def __repr__(self) -> str:
        found = int((self.table["p_holm"] < _LEVEL).sum())
        one, two, both = self.respondents
        return (
            f"Changes({self.waves[0]} (n = {one}) to {self.waves[1]} (n = {two}), {both} respondents in both; "
            f"{len(self.table)} comparisons, {found} with p < .05 after Holm)"
        )

    def _repr_html_(self) -> str:
        notes = [notice.message for notice in self.notices]
        return html_table(self.table.to_dict("records"), _SHOWN, head=repr(self), notes=notes)


def compare_waves(
    segments: pd.DataFrame,
    codings: pd.DataFrame,
    scores: pd.DataFrame,
    documents: pd.DataFrame,
    *,
    waves: Sequence[str] | None = None,
    groups: Sequence[str] = ("kind", "emotion"),
    themes: Themes | None = None,
    seed: int = 0,
    language: str = "nl",
) -> Changes:
    """Compare two waves: codes of all respondents; NPS, satisfaction, effort and feeling per touchpoint.

    Parameters
    ----------
    segments, codings, scores
        As for `cxtext.journey.map_journey`.
    documents : pandas.DataFrame
        With ``@wave``; ``@nps``, ``@touchpoint`` and what `cxtext.journey.rated_questions` finds are used where they
        are there.
    waves : sequence of str, optional
        The first and the second; those of the data in their order where it is left out.
    groups : sequence of str
        Groups whose codes are compared.
    themes : Themes, optional
        Compared as well.
    seed : int
    language : {"nl", "en"}

    Returns
    -------
    Changes

    Raises
    ------
    OptionError
        There are no two waves, or not those that are asked for.

    Notes
    -----
    Where at least half of the smaller wave is in both, those respondents are compared with themselves and the others
    left out; else the waves are independent, and the few who are in both are left out. Either is in the notices.
    A new low point: lower than before after Holm, with a probability of at least a half of being the lowest touchpoint
    now, and of less than that before.

    Examples
    --------
    >>> from cxtext.tables import CODINGS, SEGMENTS
    >>> documents = pd.DataFrame({"document": list("abcd"), "case": list("abcd")})
    >>> documents = documents.assign(**{"@wave": ["0", "0", "1", "1"], "@nps": ["5", "6", "8", "9"]})
    >>> segments, scores = make_table([], SEGMENTS), pd.DataFrame({"segment": [], "valence": []})
    >>> compare_waves(segments, make_table([], CODINGS), scores, documents)
    Changes(0 (n = 2) to 1 (n = 2), 0 respondents in both; 2 comparisons, 0 with p < .05 after Holm)
    """
    one, two = _two_waves(by_document(documents, "@wave"), waves)
    wave = by_document(documents, "@wave")
    touchpoint = by_document(documents, "@touchpoint")
    said = of_respondents(segments[["document", "case", "segment", "role", "start", "text"]])
    said = said.assign(wave=labels(said["document"], wave), touchpoint=labels(said["document"], touchpoint),
                       valence=valences(said["segment"], scores))  # fmt: skip
    answers, notices = nps_answers(documents)
    people = [set[str]().union(*(table.loc[table["wave"] == w, "case"].unique().tolist() for table in (said, answers)))
              for w in (one, two)]  # fmt: skip
    both = people[0] & people[1]
    paired = bool(both) and len(both) * 2 >= min(map(len, people))
    dropped = (people[0] ^ people[1]) if paired else both
    if dropped:
        why = "are in one wave only, and the same people are compared" if paired else "are in both waves"
        notices = [*notices, Notice("@wave", f"{len(dropped)} respondents {why}; they were left out.")]
    said = said[said["wave"].isin((one, two)) & ~among(said["case"], dropped)]
    answers = answers[answers["wave"].isin((one, two)) & ~among(answers["case"], dropped)]
    held = mentions(said, codings, scores, groups=groups, themes=themes, language=language)
    rows = [
        *_values("nps", answers.rename(columns={"score": "value"}), (one, two), paired=paired, seed=seed),
        *_values(
            "valence",
            said.drop(columns="text").rename(columns={"valence": "value"}),
            (one, two),
            paired=paired,
            seed=seed,
        ),
        *_codes(said, held, (one, two), paired=paired),
        *_ratings(documents, (one, two), dropped, paired=paired, seed=seed),
    ]
    for measure in TO_FIND:
        own = [row for row in rows if row["measure"] == measure]
        for row, p in zip(own, holm([row["p"] for row in own]), strict=True):
            fell = p < _LEVEL and row["difference"] < 0
            lows = row.get("lowest_first", math.nan), row.get("lowest_second", math.nan)
            row |= {"p_holm": p, "paired": paired, "new_low": fell and lows[1] >= 0.5 > lows[0]}
    sizes = (len(people[0]), len(people[1]), len(both))
    return Changes(make_table(rows, CHANGES), (one, two), sizes, tuple(notices), language)


def _two_waves(wave: pd.Series, wanted: Sequence[str] | None) -> tuple[str, str]:
    known = [value for value in wave.unique() if value]
    chosen = list(wanted) if wanted is not None else known
    if len(chosen) != 2 or chosen[0] == chosen[1] or not set(chosen) <= set(known):
        told = ", ".join(map(repr, known)) or "none"
        msg = f"Two different waves are compared, and the documents (column '@wave') have {told}. Name two of them."
        raise OptionError(msg)
    return chosen[0], chosen[1]


def _values(
    measure: str, table: pd.DataFrame, waves: tuple[str, str], *, paired: bool, seed: int
) -> Iterator[dict[str, Any]]:
    """Rows of the NPS or of the feeling: of all touchpoints, then of each."""
    table = table[table["value"].notna()]
    named = [str(value) for value in table["touchpoint"].unique() if value]
    lows = _lowest(table[table["touchpoint"] != ""], named, waves, nps_like=measure == "nps", seed=seed)
    for touchpoint in ["", *named]:
        own = table[table["touchpoint"] == touchpoint] if touchpoint else table
        parts = [own[own["wave"] == wave] for wave in waves]
        means = [part.groupby("case")["value"].mean() for part in parts]
        if measure == "nps":
            fitting = [part.drop_duplicates("case", keep="last").set_index("case")["value"] for part in parts]
        else:
            fitting = means
        row = _row(measure, fitting, paired=paired, seed=seed)
        quotes = {} if measure != "valence" else {
            f"quotes_{side}": ";".join(part["segment"].to_numpy(dtype=object))
            for side, part in zip(("first", "second"), parts, strict=True)
        }  # fmt: skip
        row |= {"measure": measure, "touchpoint": touchpoint, "item": "", "name": touchpoint, **_NO_QUOTES, **quotes}
        yield row | lows.get(touchpoint, {})


def _row(measure: str, sides: Sequence[pd.Series], *, paired: bool, seed: int) -> dict[str, Any]:
    """One comparison of values by respondent."""
    if paired:
        joined = pd.concat(sides, axis=1, join="inner")
        sides = [joined.iloc[:, 0], joined.iloc[:, 1]]
    one, two = sides
    if measure == "nps":
        first, second = nps(one), nps(two)
        found = nps_change(one, two, seed=seed) if paired else nps_difference(first, second)
        values, variance = (first.score, second.score), first.variance
    else:
        found = mean_change(one, two, seed=seed) if paired else mean_difference(one, two)
        values = float(one.mean()) if len(one) else math.nan, float(two.mean()) if len(two) else math.nan
        variance = float(one.var(ddof=1)) if len(one) > 1 else math.nan
    needed = required_n(variance, TO_FIND[measure]) if variance > 0 else math.nan
    least = 2 if measure == "valence" else MIN_PERCENTAGE
    reason = f"fewer than {least} respondents in a wave" if min(len(one), len(two)) < least else ""
    return {"n_first": len(one), "n_second": len(two), "first": values[0], "second": values[1], "needed": needed,
            "reason": reason, **_figures(found, known=not reason)}  # fmt: skip


def _ratings(
    documents: pd.DataFrame, waves: tuple[str, str], dropped: set[str], *, paired: bool, seed: int
) -> Iterator[dict[str, Any]]:
    """Rows of the questions about satisfaction and effort; a low point only where a high score is good."""
    for asked in rated_questions(documents):
        if asked.kind not in SCORED:
            continue
        own = where_given(documents, asked.values).rename(columns={"score": "value"})
        own = own[own["wave"].isin(waves) & ~among(own["case"], dropped)]
        unknown = {} if asked.kind == "satisfaction" or asked.easy else {"lowest_first": math.nan}
        for row in _values("rating", own, waves, paired=paired, seed=seed):
            yield row | unknown | {"item": asked.column}


def _codes(said: pd.DataFrame, held: pd.DataFrame, waves: tuple[str, str], *, paired: bool) -> Iterator[dict[str, Any]]:
    """Rows of the share of respondents that mention each code."""
    wave = labels(held["document"], said.drop_duplicates("document").set_index("document")["wave"])
    n = [said.loc[said["wave"] == name, "case"].nunique() for name in waves]
    quotes = evidence_by(held, wave + "/" + held["item"])
    cases = {key: set(own.to_numpy(dtype=object)) for key, own in held.groupby([wave, held["item"]])["case"]}
    names = held.groupby("item", sort=True)["name"].first()
    for item, name in zip(names.index.tolist(), names.tolist(), strict=True):
        one, two = (cases.get((of_wave, item), set()) for of_wave in waves)
        both = len(one & two)
        found = (
            share_change(both, len(one) - both, len(two) - both, n[0] - len(one | two))
            if paired
            else share_difference(len(one), n[0], len(two), n[1])
        )
        few = min(n) < MIN_PERCENTAGE
        shares = [math.nan if few else len(side) / total for side, total in zip((one, two), n, strict=True)]
        spread = 0.25 if few else max(0.01, shares[0] * (1 - shares[0]))
        yield {
            "measure": "code", "touchpoint": "", "item": item, "name": name, "k_first": len(one), "n_first": n[0],
            "first": shares[0], "k_second": len(two), "n_second": n[1], "second": shares[1],
            "needed": required_n(spread, TO_FIND["code"]),
            "reason": f"fewer than {MIN_PERCENTAGE} respondents in a wave" if few else "",
            "quotes_first": quotes.get(f"{waves[0]}/{item}", ""),
            "quotes_second": quotes.get(f"{waves[1]}/{item}", ""),
            **_figures(found, known=not few),
        }  # fmt: skip


def _figures(found: Difference, *, known: bool) -> dict[str, Any]:
    figures = {"difference": found.value, "low": found.low, "high": found.high, "p": found.p}
    return {key: value if known else math.nan for key, value in figures.items()} | {"method": found.method}


def _lowest(
    table: pd.DataFrame, touchpoints: Sequence[str], waves: tuple[str, str], *, nps_like: bool, seed: int
) -> dict[str, dict[str, float]]:
    """Probability of each touchpoint of being the lowest, in both waves: respondents are drawn again and again."""
    found: dict[str, dict[str, float]] = {touchpoint: {} for touchpoint in touchpoints}
    for side, wave in zip(("lowest_first", "lowest_second"), waves, strict=True):
        own = table[table["wave"] == wave]
        if len(touchpoints) < 2 or own.empty:
            continue
        worth = own["value"] if not nps_like else (own["value"] >= 9).astype(float) - (own["value"] < 7)
        cells = own.assign(worth=worth).pivot_table(index="case", columns="touchpoint", values="worth", aggfunc="mean")
        values = cells.reindex(columns=list(touchpoints)).to_numpy(dtype=float)
        draws = resampled_means(values, n_resamples=_RESAMPLES, seed=seed)
        for touchpoint, share in zip(touchpoints, share_lowest(draws).tolist(), strict=True):
            found[touchpoint][side] = share
    return found
