"""Themes become codes: a change to a codebook, and the codings of their segments."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from cxtext.codebook import Code, Codebook, CodebookChange, Group, add_code, add_group, rename_code
from cxtext.counting import counted
from cxtext.tables import CODINGS, make_table
from cxtext.themes.records import OUTLIERS, Themes

#: who gave the codings of themes
CODER = "cxtext themes"

_GROUP_NAMES = {"nl": "thema", "en": "theme"}
_SAID = {"nl": "Uitspraken over: {terms}.", "en": "Statements about: {terms}."}


def themes_as_codes(codebook: Codebook, themes: Themes, *, group: str = "theme") -> CodebookChange:
    """Put themes in a codebook: each a code, with its sub-themes below it.

    Parameters
    ----------
    codebook : Codebook
    themes : Themes
    group : str
        Id of their group; made where it is not there. Where it is, codes of themes that were put in before get the
        name that the theme has now, new themes are added, and no code is taken away.

    Returns
    -------
    CodebookChange
        The definition names the telling terms, the examples are the representative quotes.

    Examples
    --------
    >>> from cxtext.codebook import load_codebook
    >>> from cxtext.tables import MEMBERS, THEMES
    >>> none = Themes(make_table([], THEMES), make_table([], MEMBERS))
    >>> themes_as_codes(load_codebook(), none).codebook.group("theme").codes
    ()
    """
    codes = _codes(themes, group)
    if group not in {one.id for one in codebook.groups}:
        change = add_group(codebook, Group(group, _GROUP_NAMES, codes))
        return replace(change, summary=f"Made {counted(len(codes), 'code')} of themes in the group {group}.")
    new, there = codebook, {code.id: code for code in codebook.group(group).codes}
    for code in codes:
        if code.id not in there:
            new = add_code(new, code).codebook
        elif there[code.id].name(themes.language) != code.name(themes.language):
            new = rename_code(new, code.path, name=code.name(themes.language), language=themes.language).codebook
    summary = f"Brought the codes of {counted(len(codes), 'theme')} in the group {group} up to date."
    return CodebookChange(replace(new, version=codebook.version + 1), {}, summary)


def theme_codings(themes: Themes, segments: pd.DataFrame, *, group: str = "theme") -> pd.DataFrame:
    """Codings of the segments in themes, to go with `themes_as_codes`.

    Parameters
    ----------
    themes : Themes
    segments : pandas.DataFrame
        Table `cxtext.tables.SEGMENTS`.
    group : str
        As for `themes_as_codes`.

    Returns
    -------
    pandas.DataFrame
        Table `cxtext.tables.CODINGS`: suggestions by `CODER`, with the sub-theme where there is one, else the theme;
        what lies apart has none.
    """
    inside = themes.members[themes.members["theme"] != OUTLIERS].set_index("segment")
    rows = []
    for row in segments[segments["segment"].isin(inside.index)].to_dict("records"):
        own = inside.loc[row["segment"]]
        rows.append({
            "document": row["document"], "segment": row["segment"], "start": row["start"], "end": row["end"],
            "group": group, "code": themes.parts.get(row["segment"], own["theme"]), "coder": CODER,
            "status": "suggested", "score": own["similarity"], "uncertain": False, "evidence": "", "run": "",
        })  # fmt: skip
    return make_table(rows, CODINGS)


def _codes(themes: Themes, group: str) -> tuple[Code, ...]:
    """Themes in the order of the table, each with its sub-themes behind it."""
    language = themes.language
    ranked = themes.members[themes.members["rank"] > 0].sort_values("rank", kind="stable")
    codes = []
    for theme in themes.table[themes.table["theme"] != OUTLIERS].to_dict("records"):
        quotes = tuple(themes.quotes[s] for s in ranked.loc[ranked["theme"] == theme["theme"], "segment"])
        codes.append(_code(group, theme["theme"], theme["name"], theme["terms"], language, quotes))
        for part in themes.subthemes[themes.subthemes["theme"] == theme["theme"]].to_dict("records"):
            below = _code(group, part["subtheme"], part["name"], part["terms"], language)
            codes.append(replace(below, parent=theme["theme"]))
    return tuple(codes)


def _code(group: str, id: str, name: str, terms: str, language: str, quotes: tuple[str, ...] = ()) -> Code:
    definition = {language: _SAID[language].format(terms=terms)} if terms else {}
    return Code(id, group, {language: name}, definition, quotes)
