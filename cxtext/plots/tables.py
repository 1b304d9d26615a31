"""How a journey and themes show themselves in a notebook: small tables, without scripts, with every text escaped."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from cxtext import palette
from cxtext.journey.lanes import LANES
from cxtext.plots.canvas import FEW, display_texts, signed
from cxtext.stats import share_text

if TYPE_CHECKING:
    import pandas as pd

    from cxtext.journey import Journey
    from cxtext.themes import Themes, Update

_ITEMS = 4
_TERMS = 5
_LONGEST = 90
_CELL = f"border:1px solid {palette.LINE};padding:.45em .6em;text-align:left;vertical-align:top;"
_TABLE = "border-collapse:collapse;font-size:13px;line-height:1.35;max-width:100%;"


def journey_html(journey: Journey) -> str:
    """Show a journey map as a table: phases across, lanes down.

    Parameters
    ----------
    journey : Journey

    Returns
    -------
    str
        HTML.
    """
    texts = display_texts(journey.language)
    spoke = journey.curve.set_index("phase")["n"].to_dict()
    shares = [share_text(spoke[phase.id], journey.of_respondents, journey.language) for phase in journey.phases]
    names = [escape(phase.name) for phase in journey.phases]
    heads = [f"{name}<br><small>{share}</small>" for name, share in zip(names, shares, strict=True)]
    rows = [_row(texts["feeling"], [_feeling(row, journey.language) for row in journey.curve.to_dict("records")])]
    for lane in LANES:
        own = journey.cells[journey.cells["lane"] == lane]
        if len(own):
            rows.append(_row(texts[lane], [_items(own[own["phase"] == p.id], texts) for p in journey.phases]))
    return _table(_row(texts["phase"], heads, tag="th"), rows, texts["map_note"])


def themes_html(themes: Themes) -> str:
    """Show themes as a table with their shares and best quotes.

    Parameters
    ----------
    themes : Themes

    Returns
    -------
    str
        HTML.
    """
    texts = display_texts(themes.language)
    if themes.table.empty:
        return f"<p>{texts['no_themes']}</p>"
    ranked = themes.members[themes.members["rank"] > 0].sort_values("rank", kind="stable")
    best = ranked.drop_duplicates("theme").set_index("theme")["segment"].to_dict()
    rows = []
    for theme in themes.table.to_dict("records"):
        quote = themes.quotes.get(best.get(theme["theme"], ""), "")
        share = share_text(theme["respondents"], theme["of_respondents"], themes.language)
        kinds = f"{theme['pains']} / {theme['needs']} / {theme['gains']}"
        terms = ", ".join(theme["terms"].split(", ")[:_TERMS])
        name = escape(theme["name"]) + (f"<br><small>{escape(terms)}</small>" if terms != theme["name"] else "")
        rows.append(_row(name, [share, kinds, f"“{_short(quote)}”" if quote else ""]))
    head = _row(texts["theme"], [texts["respondents"], texts["kinds"], texts["quote"]], tag="th")
    return _table(head, rows, escape(themes.method))


def update_html(update: Update) -> str:
    """Show what came to themes: how much each grew, and what would make a new one.

    Parameters
    ----------
    update : Update

    Returns
    -------
    str
        HTML.
    """
    texts = display_texts(update.themes.language)
    rows = [_row(escape(row["name"]), [row["before"], row["added"]]) for row in update.drift.to_dict("records")]
    rows.append(_row(texts["no_theme"], ["", update.apart]))
    rows += [_row(f"{texts['proposals']}: {escape(one.name)}", ["", len(one.segments)]) for one in update.proposals]
    head = _row(texts["theme"], [texts["before"], texts["added"]], tag="th")
    return _table(head, rows, escape(update.themes.method))


def _table(head: str, rows: Sequence[str], note: str) -> str:
    return (
        f'<table style="{_TABLE}"><thead>{head}</thead><tbody>{"".join(rows)}</tbody></table>'
        f'<p style="font-size:12px;opacity:.75">{note}</p>'
    )


def _row(head: str, cells: Sequence[object], *, tag: str = "td") -> str:
    scope = ' scope="col"' if tag == "th" else ""
    inner = "".join(f'<{tag}{scope} style="{_CELL}">{cell}</{tag}>' for cell in cells)
    return f'<tr><th scope="{"col" if scope else "row"}" style="{_CELL}">{head}</th>{inner}</tr>'


def _feeling(row: dict[Any, Any], language: str) -> str:
    """Mean of a phase with a bar from the middle; without a bar where few respondents spoke about it."""
    if not row["n"]:
        return "–"
    text = f"{signed(row['mean'], language)} <small>(n = {row['n']})</small>"
    if row["n"] < FEW:
        return text
    width, colour = 25 * abs(row["mean"]), palette.POSITIVE if row["mean"] > 0 else palette.NEGATIVE
    left = 50 if row["mean"] > 0 else 50 - width
    return (
        f'{text}<div style="position:relative;height:6px;background:{palette.LINE};margin-top:.3em"><div style="'
        f'position:absolute;left:{left:.0f}%;width:{width:.0f}%;height:6px;background:{colour}"></div></div>'
    )


def _items(cells: pd.DataFrame, texts: dict[str, str]) -> str:
    if cells.empty:
        return f'<span style="opacity:.6">{texts["none"]}</span>'
    lines = []
    for cell in cells.head(_ITEMS).to_dict("records"):
        share = (
            "" if cell["item"] in cell["quotes"].split(";")[:1] and cell["respondents"] == 1 else cell["respondents"]
        )
        name = f"“{_short(cell['name'])}”" if cell["item"] in cell["quotes"].split(";") else _short(cell["name"])
        lines.append(f"{name} <small>{share}</small>".removesuffix(" <small></small>"))
    if len(cells) > _ITEMS:
        lines.append(f'<span style="opacity:.6">{texts["more"].format(n=len(cells) - _ITEMS)}</span>')
    return "<br>".join(lines)


def _short(text: str) -> str:
    text = " ".join(text.split())
    return escape(text if len(text) <= _LONGEST else text[: _LONGEST - 1].rsplit(" ", 1)[0] + " …")
