"""The journey map, its curve and the themes of the study as it is coded now, as the report has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from cxtext.project import Project
from cxtext.web.analysis import analyses_of, base_of
from cxtext.web.answers import Given
from cxtext.web.shelf import shelf_of
from cxtext.web.telling import told

if TYPE_CHECKING:
    from cxtext.report import journey_map
    from cxtext.report.labels import Labels
    from cxtext.study import Study
    from cxtext.themes import Themes


def journey(project: Project, given: Given) -> Mapping[str, Any]:
    """The map (``language``), or how far its making is; ``make`` begins it where something changed."""
    base, analyses = base_of(project), analyses_of(project)
    state = analyses.state(base)
    if not state["current"] and (given.get("make", str, "") or state["state"] == "none"):
        analyses.start(project, base)
        state = analyses.state(base)
    answer = {"number": base.number, **state, "error": told(state["error"], given.language)}
    if (study := analyses.study) is None:
        return answer
    from cxtext.report.labels import load_labels

    labels = load_labels(given.get("language", str, "nl"))
    key = ("map", analyses.made, labels.language)
    return {**answer, **shelf_of(project).get(key, lambda: _map(study, labels))}


def _map(study: Study, labels: Labels) -> dict[str, Any]:
    from cxtext.report import findings, journey_map, sections
    from cxtext.report.figure import draw_narrow, draw_wide
    from cxtext.report.names import names_of
    from cxtext.report.quotes import quotes_table

    names, quotes = names_of(study, labels), quotes_table(study)
    curve = study.journey.curve
    heads = journey_map.phase_heads(study, quotes, names, labels)
    return {
        "phases": [{**asdict(head), "link": address(head.link)} for head in heads],
        "lanes": [
            {
                "id": lane.id, "name": lane.name, "shown": lane.shown,
                "cells": {phase: list(map(_item, items)) for phase, items in lane.cells.items()},
            }
            for lane in journey_map.lanes(study, quotes, names, labels)
        ],
        "curve": asdict(draw_wide(curve, names, labels, column=200, height=200)),
        "narrow_curve": asdict(draw_narrow(curve, names, labels)),
        "curve_rows": sections.curve_rows(study, names, labels),
        "curve_message": sections.curve_message(study, names, labels),
        "unplaced": study.journey.unplaced,
        "respondents": study.respondents,
        "findings": [
            {
                "before": one.before, "share": one.share, "after": one.after, "link": address(one.link),
                "link_text": one.link_text, "quotes": list(map(quote, one.quotes)),
            }
            for one in findings.find(study, quotes, names, labels)
        ],
        "themes": [
            {
                "name": card.name, "terms": card.terms, "share": card.share, "segments": card.segments,
                "link": address(card.link), "bars": card.bars, "quotes": list(map(quote, card.quotes)),
                **_theme(study.themes, parse_qs(card.link.partition("?")[2])["theme"][0]),
            }
            for card in sections.theme_cards(study, quotes, labels)
        ],
        "outliers": _outliers(study, labels),
        "phase_names": dict(names.phases),
        "theme_names": dict(names.themes),
        "notices": [told(notice.message, labels.language) for notice in study.journey.notices],
    }  # fmt: skip


def address(link: str) -> str:
    """Address on the page of a link in the report.

    Parameters
    ----------
    link : str
        To quotes, or to one quote.

    Returns
    -------
    str

    Examples
    --------
    >>> address("#codes?group=kind&code=pain"), address("#quote?id=a%3A1")
    ('#/see/quotes?group=kind&code=pain', '#/see/quotes?segment=a%3A1')
    """
    what, _, query = link.partition("?")
    return f"#/see/quotes?{query.replace('id=', 'segment=', 1) if what == '#quote' else query}"


def quote(row: Mapping[Any, Any]) -> dict[str, Any]:
    """A quote with its place."""
    return {name: row[name] for name in ("segment", "document", "start", "end", "text", "who")}


def _item(item: journey_map.Item) -> dict[str, Any]:
    link = address(item.link)
    return {
        "name": item.name, "share": item.share, "percent": round(item.percent, 1), "link": link, "kind": item.kind,
        "segment": parse_qs(link.partition("?")[2]).get("segment", [""])[0],
        "quote": quote(item.quote) if item.quote else None,
    }  # fmt: skip


def _theme(themes: Themes, id: str) -> dict[str, Any]:
    """What a theme is called in a change, whether it may be changed, and what it falls into."""
    parts = themes.subthemes[themes.subthemes["theme"] == id]
    return {"id": id, "locked": id in themes.locked, "own_name": id in themes.named, "parts": parts["name"].tolist()}


def _outliers(study: Study, labels: Labels) -> dict[str, str] | None:
    from cxtext.report import sections

    if (found := sections.outliers(study, labels)) is None:
        return None
    text, link, link_text = found
    return {"text": text, "link": address(link), "link_text": link_text}
