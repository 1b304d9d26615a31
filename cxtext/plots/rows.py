"""Plots with one row an item: drivers, priorities, waves and touchpoints, each figure with its interval."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from cxtext import palette
from cxtext.plots.canvas import FEW, FONT, Plot, bare, canvas, display_texts, signed, wrapped
from cxtext.stats import MIN_PERCENTAGE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_ROW = 0.46
_NAME = 2.55
#: share of resamples in which a driver has to explain more than noise
_FIRM = 0.95
_LEVEL = 0.05


def driver_bars(table: pd.DataFrame, *, method: str, language: str = "nl") -> Figure:
    """Draw the importance of each driver with its interval.

    Parameters
    ----------
    table : pandas.DataFrame
        One level of the table of a `cxtext.journey.Drivers`.
    method : str
        Of the importance.
    language : {"nl", "en"}
        Of the labels.

    Returns
    -------
    matplotlib.figure.Figure
    """
    texts = display_texts(language)
    known = table[table["importance"].notna()]
    if known.empty:
        return _nothing(texts["drivers"], table, texts)
    figure, axes = _figure(known, texts["drivers"], texts["drivers_note"].format(method=method), right=2.9)
    for y, row in enumerate(known.to_dict("records")):
        _interval(axes, y, row["low"], row["importance"], row["high"], firm=row["above_noise"] >= _FIRM)
        _beside(axes, y, 0.1, f"{row['respondents']} {texts['of']} {row['of_respondents']}")
        _beside(axes, y, 1.05, f"{100 * row['first']:.0f}%")
        _beside(axes, y, 2.05, texts[row["kind"]] if row["kind"] else "–")
    heads = texts["respondents"].lower(), texts["first_place"].replace(" ", "\n", 1), texts["driver_kind"]
    for place, head in zip((0.1, 1.05, 2.05), heads, strict=True):
        _beside(axes, -0.8, place, head, soft=True)
    _percent(axes, float(known["high"].max()), language)
    return figure


def priority_bars(table: pd.DataFrame, *, severity: str, language: str = "nl") -> Figure:
    """Draw reach times severity of each problem with its interval.

    Parameters
    ----------
    table : pandas.DataFrame
        Of a `cxtext.journey.PriorityTable`.
    severity : {"valence", "rated"}
        Where the severities come from.
    language : {"nl", "en"}
        Of the labels.

    Returns
    -------
    matplotlib.figure.Figure
    """
    texts = display_texts(language)
    known = table[table["priority"].notna()]
    if known.empty:
        return _nothing(texts["priorities"], table, texts)
    note = texts["priorities_note"].format(severity=texts[f"severity_{severity}"])
    figure, axes = _figure(known, texts["priorities"], note, right=2.9)
    for y, row in enumerate(known.to_dict("records")):
        _interval(axes, y, row["priority_low"], row["priority"], row["priority_high"])
        _beside(axes, y, 0.1, f"{row['respondents']} {texts['of']} {row['of_respondents']}")
        _beside(axes, y, 1.15, _number(row["severity"], 1, language))
        _beside(axes, y, 1.85, f"{100 * row['top3']:.0f}%")
    for place, key in ((0.1, "respondents"), (1.15, "severity"), (1.85, "top3")):
        _beside(axes, -0.8, place, texts[key].lower(), soft=True)
    axes.set_xlim(0, min(1.0, 1.08 * float(known["priority_high"].max())))
    axes.xaxis.set_major_formatter(lambda value, _: _number(value, 2, language))
    _grid(axes)
    return figure


def wave_dumbbells(table: pd.DataFrame, waves: tuple[str, str], *, measure: str, language: str = "nl") -> Figure:
    """Draw both waves of each row, with the difference and its interval in words.

    Parameters
    ----------
    table : pandas.DataFrame
        Rows of one measure of a `cxtext.journey.Changes`.
    waves : tuple of str
        Their names.
    measure : {"code", "nps", "valence", "rating"}
    language : {"nl", "en"}
        Of the labels.

    Returns
    -------
    matplotlib.figure.Figure
    """
    texts = display_texts(language)
    first, second = waves
    title = texts[f"waves_{measure}"].format(first=first, second=second)
    if table.empty:
        return canvas(7.5, 1.2, title, texts["nothing"])
    rows = table.sort_values("difference", kind="stable", na_position="last")
    scale = 100 if measure == "code" else 1
    names = [row["name"] or texts["all"] for row in rows.to_dict("records")]
    sizes = [_sizes(row, texts["of"]) for row in rows.to_dict("records")]
    note = texts["waves_note"].format(first=first, second=second)
    figure, axes = _figure(rows.assign(name=names), title, note, right=2.6, under=sizes)
    for y, row in enumerate(rows.to_dict("records")):
        values = scale * row["first"], scale * row["second"]
        colour = palette.POSITIVE if values[1] > values[0] else palette.NEGATIVE
        colour = palette.SOFT if measure == "code" else colour
        if not any(map(math.isnan, values)):
            axes.plot(values, [y, y], color=colour, lw=2.4, zorder=2, solid_capstyle="round")
        axes.plot(values[0], y, "o", ms=10, mfc=palette.PAPER, mec=palette.INK, mew=1.6, zorder=3)
        axes.plot(values[1], y, "o", ms=6.5, mfc=palette.INK, mec=palette.INK, mew=1, zorder=4)
        _beside(axes, y, 0.15, _change(row, scale, texts, language))
    _beside(axes, -0.8, 0.15, texts["difference"], soft=True)
    if measure == "code":
        axes.set_xlim(-3, 103)
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:.0f}%")
    else:
        axes.set_xlim(*{"nps": (-105, 105), "valence": (-2.1, 2.1), "rating": (-0.2, 10.2)}[measure])
        sign = "" if measure == "rating" else "+"
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:{sign}.0f}".replace("-", "−").replace("+0", "0"))
    _grid(axes)
    return figure


def touchpoint_table(table: pd.DataFrame, *, language: str = "nl") -> Figure:
    """Draw respondents, feeling and NPS of each touchpoint.

    Parameters
    ----------
    table : pandas.DataFrame
        Of a `cxtext.journey.Touchpoints`.
    language : {"nl", "en"}
        Of the labels.

    Returns
    -------
    matplotlib.figure.Figure
    """
    texts = display_texts(language)
    if table.empty:
        return canvas(7.5, 1.2, texts["touchpoint_table"], texts["nothing"])
    rows: list[dict[str, Any]] = []
    for source, own in table.groupby("source", sort=False):
        rows.append({"head": texts[f"source_{source}"]})
        rows += [{str(key): value for key, value in row.items()} for row in own.to_dict("records")]
    scored = bool((table["nps_n"] > 0).any())
    width, height = 10.6 if scored else 8.4, _ROW * len(rows) + 2.0
    figure = canvas(width, height, texts["touchpoint_table"], texts["touchpoint_note"])
    bottom, tall = 0.98 / height, _ROW * len(rows) / height
    feeling = figure.add_axes((4.05 / width, bottom, 2.3 / width, tall))
    panels = [feeling, figure.add_axes((8.2 / width, bottom, 2.1 / width, tall))] if scored else [feeling]
    for y, row in enumerate(rows):
        if "head" in row:
            _at(feeling, -3.83, y, row["head"], bold=True)
            continue
        _at(feeling, -3.83, y, wrapped(row["name"] + (f" ({row['owner']})" if row["owner"] else ""), 34))
        _at(feeling, -1.2, y, f"{row['respondents']} {texts['of']} {row['of_respondents']}")
        firm = row["respondents"] >= FEW
        low, high = (row["valence_low"], row["valence_high"]) if firm else (math.nan, math.nan)
        _interval(feeling, y, max(low, -2), row["valence"], min(high, 2), firm=firm)
        _at(feeling, 2.5, y, f"{row['pains']} / {row['needs']} / {row['gains']}")
        if scored and row["nps_n"]:
            firm = row["nps_n"] >= MIN_PERCENTAGE
            _interval(panels[1], y, row["nps_low"], row["nps"], row["nps_high"], firm=firm)
            _at(feeling, 3.62, y, f"n = {row['nps_n']}")
    for place, key in ((-1.2, "respondents"), (0.0, "feeling"), (2.5, "kinds")):
        _at(feeling, place, -0.85, texts[key], soft=True)
    if scored:
        _at(panels[1], 0, -0.85, texts["nps"], soft=True)
    ends: list[tuple[float, float, Sequence[float]]] = [(-2.1, 2.1, (-2, 0, 2)), (-105, 105, (-100, 0, 100))]
    for panel, (left, right, ticks) in zip(panels, ends, strict=False):
        panel.axvline(0, color=palette.LINE, lw=1, zorder=0)
        panel.set(xlim=(left, right), ylim=(len(rows) - 0.5, -0.5), yticks=[])
        panel.set_xticks(ticks, [f"{tick:+.0f}".replace("-", "−").replace("+0", "0") for tick in ticks])
        bare(panel, x=8.5, y=9)
    return figure


def _figure(
    rows: pd.DataFrame, title: str, note: str, *, right: float, under: Sequence[str] | None = None
) -> tuple[Plot, Axes]:
    """Figure with a row an item, its name at the left and `right` inches for words at the right."""
    lines = [wrapped(name, 32) for name in rows["name"]]
    if under is not None:
        lines = [f"{line}\n{more}" for line, more in zip(lines, under, strict=True)]
    row = max(_ROW, 0.19 * max(line.count("\n") + 1 for line in lines) + 0.12)
    width, height = _NAME + 4.2 + right, row * len(rows) + 1.95
    figure = canvas(width, height, title, note)
    axes = figure.add_axes((_NAME / width, 0.95 / height, 4.2 / width, row * len(rows) / height))
    axes.set(ylim=(len(rows) - 0.5, -0.5))
    axes.set_yticks(range(len(rows)), lines)
    bare(axes, x=9, y=9.5)
    return figure, axes


def _nothing(title: str, table: pd.DataFrame, texts: dict[str, str]) -> Figure:
    reasons = [reason for reason in dict.fromkeys(table["reason"]) if reason]
    return canvas(9.5, 1.2, title, texts["few"].format(reason=reasons[0]) if reasons else texts["nothing"])


def _interval(axes: Axes, y: int, low: float, value: float, high: float, *, firm: bool = True) -> None:
    """Dot with its interval; an open dot where it is not firm."""
    if not math.isnan(low) and not math.isnan(high):
        axes.plot([low, high], [y, y], color=palette.ACCENT, lw=2, alpha=0.75, zorder=2, solid_capstyle="butt")
    face = palette.ACCENT if firm else palette.PAPER
    axes.plot(value, y, "o", ms=8, mfc=face, mec=palette.ACCENT, mew=1.6, zorder=3)


def _beside(axes: Axes, y: float, inches: float, text: str, *, soft: bool = False) -> None:
    """Words at the right of the axes, so many inches from their edge."""
    axes.annotate(text, (1, y), (72 * inches, 0), xycoords=axes.get_yaxis_transform(), textcoords="offset points",
                  va="bottom" if soft else "center", fontsize=8.5 if soft else 9, fontfamily=FONT,
                  color=palette.SOFT if soft else palette.INK, annotation_clip=False)  # fmt: skip


def _at(axes: Axes, inches: float, y: float, text: str, *, bold: bool = False, soft: bool = False) -> None:
    """Words at so many inches from the left edge of the axes, whose first row is 0."""
    axes.annotate(text, (0, y), (72 * inches, 0), xycoords=axes.get_yaxis_transform(), textcoords="offset points",
                  va="center", fontsize=8.5 if soft else 9, fontweight="bold" if bold else "normal", fontfamily=FONT,
                  color=palette.SOFT if soft else palette.INK, annotation_clip=False)  # fmt: skip


def _sizes(row: dict[Any, Any], of: str) -> str:
    """Respondents of both waves."""
    sides = []
    for side in ("first", "second"):
        k, n = row[f"k_{side}"], row[f"n_{side}"]
        sides.append(f"n = {n}" if math.isnan(k) else f"{k:.0f} {of} {n}")
    return " → ".join(sides)


def _change(row: dict[Any, Any], scale: float, texts: dict[str, str], language: str) -> str:
    """Difference with its interval and a star, or why there is none."""
    if math.isnan(row["difference"]):
        return "–"
    decimals = 0 if scale == 100 or row["measure"] == "nps" else 1
    numbers = [_signed(scale * row[name], decimals, language) for name in ("difference", "low", "high")]
    text = f"{numbers[0]}  [{numbers[1]}; {numbers[2]}]" if not math.isnan(row["low"]) else numbers[0]
    star = " *" if row["p_holm"] < _LEVEL else ""
    return f"{text}{star}" + (f"\n{texts['new_low']}" if row["new_low"] else "")


def _signed(value: float, decimals: int, language: str) -> str:
    return signed(value, language) if decimals else f"{value:+.0f}".replace("-", "−").replace("+0", "0")


def _number(value: float, decimals: int, language: str) -> str:
    text = f"{value:.{decimals}f}"
    return text.replace(".", ",") if language == "nl" else text


def _percent(axes: Axes, most: float, language: str) -> None:
    axes.set_xlim(0, min(1.0, max(0.01, 1.08 * most)))
    axes.xaxis.set_major_formatter(lambda value, _: _number(100 * value, 0, language) + "%")
    _grid(axes)


def _grid(axes: Axes) -> None:
    axes.grid(axis="x", color=palette.LINE, lw=0.8)
    axes.set_axisbelow(True)
    axes.locator_params(axis="x", nbins=6)
