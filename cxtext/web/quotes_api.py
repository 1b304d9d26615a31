"""Quotes and counts of what is coded now: the board of quotes with its pins, and codes by attribute."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from cxtext.errors import OptionError
from cxtext.project import Project
from cxtext.project.outline import changes_since
from cxtext.web import shelf
from cxtext.web.analysis import Base, analyses_of, base_of
from cxtext.web.answers import Given
from cxtext.web.shelf import shelf_of
from cxtext.web.writing import PINS

if TYPE_CHECKING:
    import pandas as pd

#: quotes at a time
PAGE = 30
#: an attribute with more values is no filter and no head of a table
MOST_VALUES = 24
_SHARE = ("share", "low", "high")


def position(project: Project, given: Given) -> Mapping[str, Any]:
    """Number of the last change of the study, and (``figures``) versions of what figures rest on."""
    if not given.get("figures", str, ""):
        return {"number": shelf.position(project)}
    base = base_of(project)
    return {"number": base.number, "version": str(base.version), "material": str(base.material)}


def quotes(project: Project, given: Given) -> Mapping[str, Any]:
    """Quotes that pass filters, a page of them (``from``), and what can be filtered by.

    Filters are ``code`` (``group/code``), ``group``, ``phase``, ``theme``, ``lane`` with ``item``, ``attribute`` with
    ``value``, ``segment``, ``pinned`` and ``words``; phases, themes and lanes are those of the last map.
    """
    base, analyses = base_of(project), analyses_of(project)
    table = _quotes(project, base)
    pins = project.settings.get(PINS, {})
    chosen = table[_passing(project, base, table, given, pins)]
    start = given.get("from", int, 0)
    return {
        "number": base.number,
        "total": len(chosen),
        "respondents": int(chosen["case"].nunique()),
        "of_respondents": int(base.segments["case"].nunique()),
        "quotes": [_quote(row, base, pins) for row in chosen.iloc[start : start + PAGE].to_dict("records")],
        "pinned": len(pins),
        "mapped": analyses.study is not None,
        "attributes": {name: values for name in base.attributes.names if (values := _values(base, name))},
    }


def crosstab(project: Project, given: Given) -> Mapping[str, Any]:
    """How many respondents of each value of an attribute (``attribute``) mention each code; names only without one."""
    base = base_of(project)
    name = given.get("attribute", str, "")
    names = [one for one in base.attributes.names if _values(base, one)]
    if not name:
        return {"number": base.number, "attributes": names}
    if name not in names:
        raise OptionError(f"{name!r} is no attribute with a few values. Choose one of: {', '.join(names) or 'none'}.")
    return shelf_of(project).get(("crosstab", base.version, name), lambda: _crosstab(base, name, names))


def pin(project: Project, given: Given) -> Mapping[str, Any]:
    """Pin a quote (``segment``) to the board, or (``pinned`` false) take it off."""
    segment, pinned = given.get("segment", str), given.get("pinned", bool)
    if segment not in set(base_of(project).segments["segment"]):
        raise OptionError(f"There is no segment {segment!r} in the study.")
    with project.change("pin" if pinned else "unpin") as writer:
        row = writer.rows("settings", [PINS]).get(PINS)
        pins = dict(row["value"]) if row else {}
        if pinned:
            pins.setdefault(segment, project.coder)
        else:
            pins.pop(segment, None)
        if row:
            writer.update("settings", {PINS: {"value": pins}})
        else:
            writer.insert("settings", [{"id": PINS, "value": pins}])
        writer.summary = segment
    return changes_since(project, given.get("since", int), seen_by=project.seen_by)


def _quotes(project: Project, base: Base) -> pd.DataFrame:
    """Segments with their codes, in the order of the text."""
    return shelf_of(project).get(("quotes", base.version), lambda: _with_codes(base))


def _with_codes(base: Base) -> pd.DataFrame:
    codes = base.coded.groupby("segment", sort=False)["code"].agg(list)
    columns = ["segment", "document", "case", "turn", "speaker", "start", "end", "text", "prompt", "time_start"]
    table = base.segments[columns].reset_index(drop=True)
    table["codes"] = [codes.get(segment, []) for segment in table["segment"]]
    return table


def _passing(project: Project, base: Base, table: pd.DataFrame, given: Given, pins: Mapping[str, str]) -> pd.Series:
    """Which quotes pass the filters."""
    import pandas as pd

    passing = table["codes"].map(bool) if not given.get("segment", str, "") else pd.Series(True, index=table.index)
    path = given.get("code", str, "")
    if group := given.get("group", str, ""):
        path = f"{group}/{path}" if path else ""
        passing &= table["codes"].map(lambda codes: any(code.startswith(f"{group}/") for code in codes))
    if path:
        passing &= table["codes"].map(lambda codes: path in codes)
    if segment := given.get("segment", str, ""):
        passing &= table["segment"] == segment
    if given.get("pinned", str, ""):
        passing = table["segment"].isin(pins)
    for word in given.get("words", str, "").casefold().split():
        passing &= table["text"].str.casefold().str.contains(word, regex=False)
    if name := given.get("attribute", str, ""):
        passing &= pd.Series(_attribute(base, name, table), index=table.index) == given.get("value", str, "")
    return passing & _on_the_map(project, table, given)


def _on_the_map(project: Project, table: pd.DataFrame, given: Given) -> pd.Series:
    """Which quotes are in a phase, in a theme, or in an item of the map."""
    import pandas as pd

    found = pd.Series(True, index=table.index)
    study = analyses_of(project).study
    phase, theme = given.get("phase", str, ""), given.get("theme", str, "")
    lane, item = given.get("lane", str, ""), given.get("item", str, "")
    if study is None:
        return found if not (phase or theme or lane) else ~found
    if lane:
        cells = study.journey.cells
        cells = cells[(cells["lane"] == lane) & (cells["item"] == item) & (cells["phase"] == phase)]
        return table["segment"].isin({segment for some in cells["quotes"] for segment in some.split(";")})
    if phase:
        found &= table["segment"].map(study.journey.assigned) == phase
    if theme:
        members = study.themes.members
        found &= table["segment"].isin(members.loc[members["theme"] == theme, "segment"])
    return found


def _quote(row: Mapping[Any, Any], base: Base, pins: Mapping[str, str]) -> dict[str, Any]:
    from cxtext.privacy.screening import needs_check
    from cxtext.report.names import clock

    return {
        "segment": row["segment"], "document": row["document"], "name": base.names.get(row["document"], ""),
        "speaker": row["speaker"], "start": row["start"], "end": row["end"], "text": row["text"],
        "prompt": row["prompt"], "time": clock(row["time_start"]), "codes": row["codes"],
        "pinned": pins.get(row["segment"], ""), "check": needs_check(row["text"]),
    }  # fmt: skip


def _crosstab(base: Base, name: str, names: list[str]) -> dict[str, Any]:
    from cxtext.crosstab import code_by_attribute

    table = code_by_attribute(base.codings, base.segments, _attribute(base, name, base.segments))
    firsts = table.drop_duplicates("value")
    rows = [
        {
            "path": code,
            "cells": [
                {
                    "k": row["respondents"], "segments": row["segments"],
                    **{part: None if math.isnan(row[part]) else round(row[part], 4) for part in _SHARE},
                }
                for row in own.to_dict("records")
            ],
        }
        for code, own in table.groupby("code", sort=False)
    ]  # fmt: skip
    values = [{"value": row["value"], "n": row["of_respondents"]} for row in firsts.to_dict("records")]
    return {"number": base.number, "attributes": names, "attribute": name, "values": values, "rows": rows}


def _attribute(base: Base, name: str, segments: pd.DataFrame) -> list[str]:
    """Value of an attribute for each segment."""
    places = segments[["document", "turn", "case"]].itertuples(index=False, name=None)
    return [base.attributes.value(name, *place) for place in places]


def _values(base: Base, name: str) -> list[str]:
    """Values of an attribute, where these are few."""
    values = base.attributes.values(name)
    return values if 1 < len(values) <= MOST_VALUES else []
