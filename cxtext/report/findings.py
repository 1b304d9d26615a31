"""The main findings: sentences about respondents, each with its quotes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from cxtext.journey.answers import among, places
from cxtext.palette import EMOTIONS, NEGATIVE, POSITIVE
from cxtext.report.chapters.blocks import listed
from cxtext.report.labels import Labels
from cxtext.report.links import quotes_link
from cxtext.report.names import Names
from cxtext.report.quotes import active_codings
from cxtext.stats import share_interval, share_text
from cxtext.themes import OUTLIERS

if TYPE_CHECKING:
    from cxtext.study import Study

_GOOD_LENGTH = (40, 180)
#: groups of codes that findings are about, beside the theme of most respondents
_SPOKEN = ("kind", "emotion")
_QUOTES = 3
_OTHER_SIDE = {POSITIVE: NEGATIVE, NEGATIVE: POSITIVE}
#: what speaks against a kind
_AGAINST = {"pain": "gain", "gain": "pain", "need": "gain"}


@dataclass(frozen=True)
class Finding:
    """A sentence with a number and the way to its quotes.

    Attributes
    ----------
    before, share, after : str
        The sentence in three parts; `share` is the number.
    link, link_text : str
        Address and text of the link to its quotes.
    quotes : tuple of Mapping
        Rows of `quotes_table` that illustrate it, of different respondents.
    interval : str
        Of its share; ``""`` where there are too few respondents.
    counter : Mapping or None
        Row of `quotes_table` that speaks against it.
    """

    before: str
    share: str
    after: str
    link: str
    link_text: str
    quotes: tuple[Mapping[Any, Any], ...]
    interval: str = ""
    counter: Mapping[Any, Any] | None = None


@dataclass(frozen=True)
class Claim:
    """What a finding says.

    Attributes
    ----------
    label : str
        Key of its sentence.
    said : pandas.DataFrame
        Codings that it rests on, with case, phase, theme and text of their segments.
    filters : Mapping[str, str]
        What shows exactly these.
    values : Mapping[str, str]
        Other values of the sentence.
    segment : str
        Its best quote, where that is known.
    phase : str
        Phase that it names.
    against : pandas.DataFrame, optional
        Codings that speak against it, as `said`.
    """

    label: str
    said: pd.DataFrame
    filters: Mapping[str, str]
    values: Mapping[str, str]
    segment: str = ""
    phase: str = ""
    against: pd.DataFrame | None = None


def find(study: Study, quotes: pd.DataFrame, names: Names, labels: Labels) -> list[Finding]:
    """Name the main findings.

    Parameters
    ----------
    study : Study
    quotes : pandas.DataFrame
        From `quotes_table`.
    names : Names
    labels : Labels

    Returns
    -------
    list of Finding
        One per kind of finding; fewer where the study has less to tell.
    """
    return [_finding(claim, study.respondents, quotes, labels) for claim in claims(study, quotes, names, labels)]


def claims(study: Study, quotes: pd.DataFrame, names: Names, labels: Labels) -> Iterator[Claim]:
    """Say on what the main findings rest.

    Parameters
    ----------
    study : Study
    quotes : pandas.DataFrame
        From `quotes_table`.
    names : Names
    labels : Labels

    Yields
    ------
    Claim
        One per finding.
    """
    codings = active_codings(study)[["segment", "group", "code", "score"]]
    codings = codings[among(codings["group"], _SPOKEN) | among(codings["segment"], _of_top_theme(study)["segment"])]
    codings = codings.assign(place=places(codings["segment"], quotes["segment"]))
    codings = codings[codings["place"] >= 0].reset_index(drop=True)
    said = codings.assign(**{name: quotes[name].iloc[codings["place"]].array for name in ("case", "phase", "theme")})
    for make in _MAKERS:
        if claim := make(study, said, names, labels):
            against = None if claim.against is None else _with_text(claim.against, quotes)
            yield replace(claim, said=_with_text(claim.said, quotes), against=against)


def _with_text(said: pd.DataFrame, quotes: pd.DataFrame) -> pd.DataFrame:
    """Codings of a claim with the text of their segments, which takes too much memory for those of all claims."""
    return said.assign(text=quotes["text"].iloc[said["place"]].array)


def _finding(claim: Claim, n: int, quotes: pd.DataFrame, labels: Labels) -> Finding:
    k = claim.said["case"].nunique()
    share = share_text(k, n, labels.language)
    label = f"{claim.label}_one" if k == 1 else claim.label
    before, share, after = labels(label, share=share, **claim.values).partition(share)
    number = labels.count("quote", claim.said["segment"].nunique())
    counter = None
    if claim.against is not None:
        others = claim.against[~among(claim.against["segment"], claim.said["segment"])]
        alone = others[~among(others["case"], claim.said["case"])]
        counter = next(iter(_rows(_told(others if alone.empty else alone, 1), quotes)), None)
    return Finding(
        before,
        share,
        after,
        quotes_link(**claim.filters),
        labels("see_quotes", quotes=number),
        tuple(_rows(_told(claim.said, _QUOTES, first=claim.segment), quotes)),
        share_interval(k, n, labels.language),
        counter,
    )


def _told(said: pd.DataFrame, most: int, *, first: str = "") -> list[str]:
    """Best segments of different respondents in different words, `first` before the others."""
    words = said["text"].str.casefold().str.rstrip(".!? ")
    chosen: list[str] = []
    left, next_one = said, first if first in set(said["segment"]) else ""
    while len(chosen) < most and len(left):
        chosen.append(next_one or best(left))
        own, here = left["segment"] == chosen[-1], words[left.index]
        told = among(left["case"], left.loc[own, "case"]) | among(here, here[own])
        left, next_one = left[~told], ""
    return chosen


def _rows(segments: Iterable[str], quotes: pd.DataFrame) -> Iterator[Mapping[Any, Any]]:
    for segment in segments:
        yield quotes[quotes["segment"] == segment].iloc[0].to_dict()


def best(said: pd.DataFrame) -> str:
    """Segment of the surest coding, of a length that reads well where there is one.

    Parameters
    ----------
    said : pandas.DataFrame
        With ``segment``, ``score`` and ``text``; at least one row.

    Returns
    -------
    str
    """
    good = said[said["text"].str.len().between(*_GOOD_LENGTH)]
    return str((said if good.empty else good).sort_values("score", ascending=False, kind="stable")["segment"].iloc[0])


def _top_phase(said: pd.DataFrame, code: str) -> str:
    """Phase in which most respondents have a `kind`; ``""`` where there is none."""
    rows = said[(said["group"] == "kind") & (said["code"] == code) & (said["phase"] != "")]
    cases = rows.groupby("phase", sort=False)["case"].nunique()
    return "" if cases.empty else str(cases.idxmax())


def _of_phase(code: str, label: str) -> Callable[..., Claim | None]:
    def make(study: Study, said: pd.DataFrame, names: Names, labels: Labels) -> Claim | None:
        if not (phase := _top_phase(said, code)):
            return None
        here = said[(said["group"] == "kind") & (said["phase"] == phase)]
        filters = {"group": "kind", "code": code, "phase": phase}
        return Claim(label, here[here["code"] == code], filters, {"phase": names.phases.get(phase, phase)},
                     phase=phase, against=here[here["code"] == _AGAINST[code]])  # fmt: skip

    return make


def _of_top_theme(study: Study) -> pd.DataFrame:
    """Members of the theme of most respondents; none where there are no themes."""
    themes, members = study.themes.table, study.themes.members
    themes = themes[themes["theme"] != OUTLIERS].sort_values("respondents", ascending=False, kind="stable")
    return members[members["theme"].isin(themes["theme"].head(1))]


def _theme(study: Study, said: pd.DataFrame, names: Names, labels: Labels) -> Claim | None:
    members = _of_top_theme(study)
    if members.empty:
        return None
    themes = study.themes.table
    top = themes[themes["theme"] == members["theme"].iloc[0]].iloc[0]
    first = members.loc[members["rank"] == 1, "segment"]
    rows = said[among(said["segment"], members["segment"])]
    kinds = {key: labels.count(f"{key}_count", int(top[f"{key}s"])) for key in ("need", "pain", "gain")}
    values = {"theme": str(top["name"]), **{f"{key}s": text for key, text in kinds.items()}}
    return Claim("finding_theme", rows, {"theme": str(top["theme"])}, values, "" if first.empty else str(first.iloc[0]))


def _need(study: Study, said: pd.DataFrame, names: Names, labels: Labels) -> Claim | None:
    if not (phase := _top_phase(said, "need")):
        return None
    rows = said[(said["group"] == "kind") & (said["code"] == "need")]
    filters, values = {"group": "kind", "code": "need"}, {"phase": names.phases.get(phase, phase)}
    praise = said[(said["group"] == "kind") & (said["code"] == _AGAINST["need"]) & (said["phase"] == phase)]
    return Claim("finding_need", rows, filters, values, phase=phase, against=praise)


def _emotion(study: Study, said: pd.DataFrame, names: Names, labels: Labels) -> Claim | None:
    rows = said[said["group"] == "emotion"]
    if rows.empty:
        return None
    people = rows.groupby("code", sort=False)["case"].nunique()
    code, *others = people.index[people == people.max()].tolist()
    values = {"emotion": names.codes[f"emotion/{code}"]}
    return Claim(
        "finding_emotion_tied" if others else "finding_emotion",
        rows[rows["code"] == code],
        {"group": "emotion", "code": code},
        values | ({"others": listed([names.codes[f"emotion/{one}"] for one in others], labels)} if others else {}),
        against=rows[rows["code"].map(EMOTIONS).eq(_OTHER_SIDE.get(EMOTIONS.get(code, ""), "none"))],
    )


_MAKERS: tuple[Callable[..., Claim | None], ...] = (
    _of_phase("pain", "finding_pain_phase"),
    _theme,
    _need,
    _of_phase("gain", "finding_gain_phase"),
    _emotion,
)
