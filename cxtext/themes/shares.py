"""Which theme belongs to which phase, channel or wave, and which respondents recommend: with the right denominators."""

from __future__ import annotations

import pandas as pd

from cxtext.coded import codes_of, of_respondents
from cxtext.errors import OptionError
from cxtext.stats import nps, wilson
from cxtext.tables import THEME_NPS, THEME_SHARES, make_table
from cxtext.themes.records import OUTLIERS, Themes


def themes_by_code(themes: Themes, segments: pd.DataFrame, codings: pd.DataFrame, *, group: str) -> pd.DataFrame:
    """Count the respondents who speak of a theme where a code of a group holds.

    Parameters
    ----------
    themes : Themes
    segments : pandas.DataFrame
        Table `cxtext.tables.SEGMENTS`.
    codings : pandas.DataFrame
        Table `cxtext.tables.CODINGS`.
    group : str
        Such as ``"phase"`` or ``"channel"``.

    Returns
    -------
    pandas.DataFrame
        Table `cxtext.tables.THEME_SHARES`: ``value`` is the code; ``of_respondents`` all who said anything with it;
        Wilson intervals. Not mentioned is not the same as absent.
    """
    said = of_respondents(segments).set_index("segment")["case"]
    codes = codes_of(codings, group)
    codes = codes[codes["segment"].isin(said.index)]
    told = pd.DataFrame({"value": codes["code"], "case": codes["segment"].map(said), "segment": codes["segment"]})
    theme_of = themes.members.set_index("segment")["theme"]
    told["theme"] = told["segment"].map(theme_of).fillna(OUTLIERS)
    return _shares(themes, told)


def themes_by_attribute(
    themes: Themes, segments: pd.DataFrame, documents: pd.DataFrame, *, attribute: str
) -> pd.DataFrame:
    """Count the respondents of each segment of respondents, or wave, who speak of a theme.

    Parameters
    ----------
    themes : Themes
    segments : pandas.DataFrame
        Table `cxtext.tables.SEGMENTS`.
    documents : pandas.DataFrame
        From `cxtext.tables.documents_table`.
    attribute : str
        A column of `documents`, such as ``"@wave"``.

    Returns
    -------
    pandas.DataFrame
        Table `cxtext.tables.THEME_SHARES`: ``value`` is that of the attribute; ``of_respondents`` all with it who said
        anything; Wilson intervals.

    Raises
    ------
    OptionError
        There is no such column.
    """
    values = _column(documents, attribute)
    said = of_respondents(segments)
    told = pd.DataFrame({
        "value": said["document"].map(values).fillna("").astype("str"), "case": said["case"],
        "theme": said["segment"].map(themes.members.set_index("segment")["theme"]).fillna(OUTLIERS),
    })  # fmt: skip
    return _shares(themes, told[told["value"] != ""])


def themes_by_nps(themes: Themes, segments: pd.DataFrame, documents: pd.DataFrame) -> pd.DataFrame:
    """Compare the net promoter score of those who speak of a theme with that of the others.

    The difference describes and explains nothing: who speaks of one theme speaks of others too.

    Parameters
    ----------
    themes : Themes
    segments : pandas.DataFrame
        Table `cxtext.tables.SEGMENTS`.
    documents : pandas.DataFrame
        From `cxtext.tables.documents_table`, with a column ``@nps``; answers that are no whole number from 0 to 10 do
        not count, and of several answers of a respondent the last.

    Returns
    -------
    pandas.DataFrame
        Table `cxtext.tables.THEME_NPS`, with adjusted Wald intervals.

    Raises
    ------
    OptionError
        There is no column ``@nps``.
    """
    scores = pd.to_numeric(_column(documents, "@nps"), errors="coerce")
    scores = scores[scores.isin(range(11))]
    said = of_respondents(segments)
    last = said.assign(score=said["document"].map(scores)).dropna(subset=["score"]).groupby("case")["score"].last()
    rows = []
    for theme, name in _names(themes):
        speak = last.index.isin(themes.members.loc[themes.members["theme"] == theme, "case"])
        own, rest = nps(last[speak].tolist()), nps(last[~speak].tolist())
        rows.append({
            "theme": theme, "name": name, "n": own.n, "score": own.score, "low": own.low, "high": own.high,
            "n_without": rest.n, "score_without": rest.score, "low_without": rest.low, "high_without": rest.high,
        })  # fmt: skip
    return make_table(rows, THEME_NPS)


def _shares(themes: Themes, told: pd.DataFrame) -> pd.DataFrame:
    rows = []
    spoke = told.groupby("value", sort=True)["case"].nunique()
    both = told.groupby(["theme", "value"])["case"].nunique().to_dict()
    for theme, name in _names(themes):
        for value, n in spoke.items():
            share = wilson(int(both.get((theme, value), 0)), int(n))
            rows.append({
                "theme": theme, "name": name, "value": value, "respondents": int(both.get((theme, value), 0)),
                "of_respondents": int(n), "share": share.value, "low": share.low, "high": share.high,
            })  # fmt: skip
    return make_table(rows, THEME_SHARES)


def _names(themes: Themes) -> list[tuple[str, str]]:
    return [
        (theme, name)
        for theme, name in zip(themes.table["theme"], themes.table["name"], strict=True)
        if theme != OUTLIERS
    ]


def _column(documents: pd.DataFrame, name: str) -> pd.Series:
    if name not in documents:
        msg = f"The documents have no column {name!r}. There are: {', '.join(documents.columns)}."
        raise OptionError(msg)
    return documents.set_index("document")[name].astype("str").str.strip()
