"""The main findings: sentences about respondents, each with its quotes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from cxtext.report.labels import Labels
from cxtext.report.links import quotes_link
from cxtext.report.names import Names
from cxtext.report.quotes import active_codings
from cxtext.stats import share_text
from cxtext.themes import OUTLIERS

if TYPE_CHECKING:
    from cxtext.study import Study

_GOOD_LENGTH = (40, 180)


@dataclass(frozen=True)
class Finding:
    """A sentence with a number and the way to its quotes.

    Attributes
    ----------
    before, share, after : str
        The sentence in three parts; `share` is the number.
    link, link_text : str
        Address and text of the link to its quotes.
    quote : Mapping
        Row of `quotes_table` that illustrates it.
    """

    before: str
    share: str
    after: str
    link: str
    link_text: str
    quote: Mapping[Any, Any]


@dataclass(frozen=True)
class _Claim:
    """What a finding says: a label, the codings it rests on, the filters that show them, its other values, a quote."""

    label: str
    said: pd.DataFrame
    filters: Mapping[str, str]
    values: Mapping[str, str]
    segment: str = ""


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
    codings = active_codings(study)[["segment", "group", "code", "score"]]
    said = codings.merge(quotes[["segment", "case", "phase", "theme", "text"]], on="segment")
    claims = (make(study, said, names, labels) for make in _MAKERS)
    return [_finding(claim, study.respondents, quotes, labels) for claim in claims if claim is not None]


def _finding(claim: _Claim, n: int, quotes: pd.DataFrame, labels: Labels) -> Finding:
    share = share_text(claim.said["case"].nunique(), n, labels.language)
    before, share, after = labels(claim.label, share=share, **claim.values).partition(share)
    segment = claim.segment or _best(claim.said)
    number = labels.count("quote", claim.said["segment"].nunique())
    return Finding(
        before,
        share,
        after,
        quotes_link(**claim.filters),
        labels("see_quotes", quotes=number),
        quotes[quotes["segment"] == segment].iloc[0].to_dict(),
    )


def _best(said: pd.DataFrame) -> str:
    """Segment of the surest coding, of a length that reads well where there is one."""
    good = said[said["text"].str.len().between(*_GOOD_LENGTH)]
    return str((said if good.empty else good).sort_values("score", ascending=False, kind="stable")["segment"].iloc[0])


def _top_phase(said: pd.DataFrame, code: str) -> str:
    """Phase in which most respondents have a `kind`; ``""`` where there is none."""
    rows = said[(said["group"] == "kind") & (said["code"] == code) & (said["phase"] != "")]
    cases = rows.groupby("phase", sort=False)["case"].nunique()
    return "" if cases.empty else str(cases.idxmax())


def _of_phase(code: str, label: str) -> Callable[..., _Claim | None]:
    def make(study: Study, said: pd.DataFrame, names: Names, labels: Labels) -> _Claim | None:
        if not (phase := _top_phase(said, code)):
            return None
        rows = said[(said["group"] == "kind") & (said["code"] == code) & (said["phase"] == phase)]
        filters = {"group": "kind", "code": code, "phase": phase}
        return _Claim(label, rows, filters, {"phase": names.phases.get(phase, phase)})

    return make


def _theme(study: Study, said: pd.DataFrame, names: Names, labels: Labels) -> _Claim | None:
    themes = study.themes.table
    themes = themes[themes["theme"] != OUTLIERS].sort_values("respondents", ascending=False, kind="stable")
    if themes.empty:
        return None
    top = themes.iloc[0]
    members = study.themes.members
    members = members[members["theme"] == top["theme"]]
    first = members.loc[members["rank"] == 1, "segment"]
    rows = said[said["segment"].isin(members["segment"])]
    kinds = {key: labels.count(f"{key}_count", int(top[f"{key}s"])) for key in ("need", "pain", "gain")}
    values = {"theme": str(top["name"]), **{f"{key}s": text for key, text in kinds.items()}}
    return _Claim(
        "finding_theme", rows, {"theme": str(top["theme"])}, values, "" if first.empty else str(first.iloc[0])
    )


def _need(study: Study, said: pd.DataFrame, names: Names, labels: Labels) -> _Claim | None:
    if not (phase := _top_phase(said, "need")):
        return None
    rows = said[(said["group"] == "kind") & (said["code"] == "need")]
    return _Claim("finding_need", rows, {"group": "kind", "code": "need"}, {"phase": names.phases.get(phase, phase)})


def _emotion(study: Study, said: pd.DataFrame, names: Names, labels: Labels) -> _Claim | None:
    rows = said[said["group"] == "emotion"]
    if rows.empty:
        return None
    code = str(rows.groupby("code", sort=False)["case"].nunique().idxmax())
    return _Claim(
        "finding_emotion",
        rows[rows["code"] == code],
        {"group": "emotion", "code": code},
        {"emotion": names.codes[f"emotion/{code}"]},
    )


_MAKERS: tuple[Callable[..., _Claim | None], ...] = (
    _of_phase("pain", "finding_pain_phase"),
    _theme,
    _need,
    _of_phase("gain", "finding_gain_phase"),
    _emotion,
)
