"""Themes to click through in a notebook: a map and a panel per theme, in HTML and CSS alone, every text escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pandas as pd

from cxtext import palette
from cxtext.journey.answers import by_document, waves_in_order
from cxtext.phases import in_language, load_phases
from cxtext.plots.canvas import display_texts
from cxtext.stats import MIN_PERCENTAGE, percentage, share_interval, share_text
from cxtext.tables import TEXT

if TYPE_CHECKING:
    from cxtext.phases import Phase
    from cxtext.themes import Themes, Trust
    from cxtext.themes.layout import Bubble

_WIDE, _NARROW = 720, 440
_PART_QUOTES, _LONGEST, _TERMS = 3, 400, 8

#: details of one name are open one at a time; where the layout is taken away they are a list to open
_STYLE = """<style>
.cxt-themes{container-type:inline-size;max-width:WIDEpx;font-size:14px;line-height:1.4;color:inherit;overflow-x:auto}
.cxt-themes p{margin:.3em 0}
.cxt-themes ul{margin:.3em 0;padding-left:1.3em}
.cxt-themes .cxt-soft{opacity:.8;font-size:.93em}
.cxt-themes .cxt-title{font-size:1.15em;font-weight:600}
.cxt-themes .cxt-part{font-weight:600;margin-top:.9em}
.cxt-themes .cxt-map{position:relative;padding-top:var(--high)}
.cxt-themes summary{cursor:pointer}
.cxt-themes .cxt-spot{display:flex;align-items:center;gap:8px;line-height:18px;white-space:nowrap}
.cxt-themes .cxt-spot::-webkit-details-marker{display:none}
.cxt-themes .cxt-map .cxt-spot{position:absolute;left:var(--left);top:var(--top);transform:translateY(-50%)}
.cxt-themes .cxt-list .cxt-spot{padding:3px 0;white-space:normal}
.cxt-themes i{flex:none;box-sizing:border-box;width:var(--size);height:var(--size);border:1.5px solid currentColor;
 border-radius:50%;background:ACCENT40}
.cxt-themes .cxt-spot:hover span{text-decoration:underline}
.cxt-themes [open]>summary>i{background:ACCENT;box-shadow:0 0 0 2px ACCENT80}
.cxt-themes [open]>summary>span{text-decoration:underline;text-decoration-thickness:2px;text-underline-offset:3px}
.cxt-themes summary:focus-visible{outline:2px solid currentColor;outline-offset:2px;border-radius:4px}
.cxt-themes section{margin-top:14px;padding-top:8px;border-top:1px solid #88888899}
.cxt-themes .cxt-list section{margin:2px 0 8px 28px;border:0;padding:0}
.cxt-themes .cxt-list section .cxt-title{display:none}
.cxt-themes .cxt-sizes{display:grid;grid-template-columns:minmax(6em,11em) minmax(3em,9em) 1fr;gap:3px 12px;
 align-items:center;margin:.3em 0}
.cxt-themes .cxt-bar{height:8px;background:#88888840}
.cxt-themes .cxt-bar b{display:block;height:8px;background:currentColor;opacity:.65}
.cxt-themes .cxt-few{visibility:hidden}
@container (max-width:BELOWpx){
.cxt-themes .cxt-map{padding-top:var(--n-high)}
.cxt-themes .cxt-map .cxt-spot{left:var(--n-left);top:var(--n-top)}
.cxt-themes .cxt-sizes{grid-template-columns:minmax(5em,8em) 1fr}
.cxt-themes .cxt-bar{display:none}}
@media print{.cxt-themes details::details-content{content-visibility:visible}}
</style>"""


@dataclass(frozen=True, eq=False)
class ThemeExplorer:
    """A map of themes to click through; it shows itself in a notebook.

    Attributes
    ----------
    themes : Themes
    said : pandas.DataFrame
        What was said in themes, the best quotes of each first: columns ``segment``, ``case``, ``theme``, ``part``,
        ``text``.
    sizes : tuple of tuple
        ``(caption, table, values)``: a table `cxtext.tables.THEME_SHARES`, and names of its values in order.
    verdicts : dict of str to str
        How stable each theme is, where that was measured.
    quotes : int
        The most quotes of a theme.
    language : str
    """

    themes: Themes
    said: pd.DataFrame
    sizes: tuple[tuple[str, pd.DataFrame, dict[str, str]], ...]
    verdicts: dict[str, str]
    quotes: int
    language: str

    def __repr__(self) -> str:
        return f"ThemeExplorer({len(self.themes.ids)} themes)"

    def _repr_html_(self) -> str:
        from cxtext.themes.layout import theme_bubbles

        texts = display_texts(self.language)
        rows = [row for row in self.themes.table.to_dict("records") if row["theme"] in self.themes.ids]
        if not rows:
            return f"<p>{texts['no_themes']}</p>"
        (wide, high), (narrow, deep) = (theme_bubbles(self.themes, width=width) for width in (_WIDE, _NARROW))
        spots = {one.theme: (_place(one, other), one.lines) for one, other in zip(wide, narrow, strict=True)}
        group = f"cxt-{uuid4().hex[:12]}"
        parts: list[str] = []
        for row in rows:
            style, lines = spots.get(row["theme"], ("--size:20px", [(0.0, 0.0, row["name"])]))
            name = "<br>".join(escape(line) for *_, line in lines)
            parts.append(
                f'<details name="{group}"{"" if parts else " open"}>'
                f'<summary class="cxt-spot" style="{style}"><i></i><span>{name}</span></summary>'
                f"<section>{self._panel(row, texts)}</section></details>"
            )
        style = _STYLE.replace("WIDE", str(_WIDE)).replace("BELOW", str(_WIDE - 1)).replace("ACCENT", palette.ACCENT)
        title = texts["theme_map" if wide else "themes"]
        field = f'cxt-map" style="--high:{high:.0f}px;--n-high:{deep:.0f}px' if wide else "cxt-list"
        apart = len(self.themes.members) - len(self.said)
        return (
            f'{style}<div class="cxt-themes"><p class="cxt-title">{title}</p>'
            f'<p class="cxt-soft">{texts["explore_hint" if wide else "explore_plain"]}</p>'
            f'<div role="group" aria-label="{title}" class="{field}">{"".join(parts)}</div>'
            f'<p class="cxt-soft">{texts["quotes_apart"].format(n=apart)}</p></div>'
        )

    def _panel(self, row: dict[Any, Any], texts: dict[str, str]) -> str:
        """Everything about one theme: how many, how sure, its sub-themes, sizes and quotes."""
        k, n, theme = row["respondents"], row["of_respondents"], row["theme"]
        terms = escape(", ".join(row["terms"].split(", ")[:_TERMS]))
        facts = [texts["terms"].format(terms=terms)] * bool(terms) + [texts["explore_kinds"].format(**row)]
        interval = share_interval(k, n, self.language)
        lines = [
            f'<p class="cxt-title">{escape(row["name"])}</p>',
            f"<p><b>{share_text(k, n, self.language)}</b>{f' ({interval})' if interval else ''}</p>",
            f"<p>{escape(self.verdicts[theme])}</p>" if theme in self.verdicts else "",
            f'<p class="cxt-soft">{" · ".join(facts)}</p>',
            self._quotes(self.said[self.said["theme"] == theme], self.quotes, texts),
        ]
        subthemes = self.themes.subthemes
        for number, part in enumerate(subthemes[subthemes["theme"] == theme].to_dict("records")):
            lines.append(f'<p class="cxt-part">{texts["subthemes"]}</p>' if not number else "")
            own = self._quotes(self.said[self.said["part"] == part["subtheme"]], _PART_QUOTES, texts)
            share = share_text(part["respondents"], n, self.language)
            lines.append(f"<details><summary>{escape(part['name'])}: {share}</summary>{own}</details>")
        for caption, table, values in self.sizes:
            own = self._sizes(table[table["theme"] == theme], values, texts)
            lines.append(f'<p class="cxt-part">{caption}</p><div class="cxt-sizes">{own}</div>')
        return "".join(lines)

    def _sizes(self, table: pd.DataFrame, values: dict[str, str], texts: dict[str, str]) -> str:
        counts = dict(zip(table["value"], zip(table["respondents"], table["of_respondents"], strict=True), strict=True))
        cells = []
        for value, name in values.items():
            k, n = map(int, counts[value])
            interval = share_interval(k, n, self.language)
            share = f'{share_text(k, n, self.language)} <span class="cxt-soft">{interval and f"({interval})"}</span>'
            share = share if k else f'<span class="cxt-soft">{texts["none"]} (n = {n})</span>'
            bar = f'<b style="width:{percentage(k, n) if k else 0}%"></b>'
            bar = f'<div class="cxt-bar{"" if n >= MIN_PERCENTAGE else " cxt-few"}">{bar}</div>'
            cells.append(f"<div>{escape(name)}</div>{bar}<div>{share}</div>")
        return "".join(cells)

    def _quotes(self, said: pd.DataFrame, most: int, texts: dict[str, str]) -> str:
        """Best quotes, each in other words and by another respondent, and how many statements there are."""
        words = said["text"].str.casefold().str.rstrip(".!? ")
        chosen = said[~words.duplicated()].drop_duplicates("case").head(most)
        told = texts["quotes_shown"].format(shown=len(chosen), all=len(said)) if len(chosen) < len(said) else ""
        return f"<ul>{''.join(_items(chosen))}</ul>" + (f'<p class="cxt-soft">{told}</p>' if told else "")


def explore_themes(
    themes: Themes,
    segments: pd.DataFrame,
    codings: pd.DataFrame,
    documents: pd.DataFrame | None = None,
    *,
    trust: Trust | None = None,
    phases: Sequence[Phase] | None = None,
    quotes: int = 5,
    language: str = "nl",
) -> ThemeExplorer:
    """Gather what `cxtext.themes.Themes.explore` shows.

    Parameters
    ----------
    themes, segments, codings, documents, trust, phases, quotes, language
        See there.

    Returns
    -------
    ThemeExplorer
    """
    from cxtext.themes import themes_by_attribute, themes_by_code

    texts = display_texts(language)
    members = themes.members[themes.members["theme"].isin(themes.ids)]
    texts_of = dict(zip(segments["segment"], segments["text"], strict=True))
    members = members.assign(
        text=pd.Series([texts_of.get(one, "") for one in members["segment"]], index=members.index, dtype=TEXT),
        part=[themes.parts.get(one, "") for one in members["segment"]],
        late=members["rank"].where(members["rank"] > 0, members["rank"].max() + 1),
    )
    best = members.sort_values(["late", "similarity"], ascending=[True, False], kind="stable")
    sizes = []
    by_phase = themes_by_code(themes, segments, codings, group="phase")
    names = {phase.id: phase.name for phase in in_language(phases or load_phases(), language)}
    there = {
        value: names.get(value, value) for value in (*names, *by_phase["value"]) if value in set(by_phase["value"])
    }
    if there:
        sizes.append((texts["by_phase"], by_phase, there))
    if documents is not None and by_document(documents, "@wave").any():
        by_wave = themes_by_attribute(themes, segments, documents, attribute="@wave")
        known = {wave: wave for wave in waves_in_order(documents) if wave in set(by_wave["value"])}
        sizes += [(texts["by_wave"], by_wave, known)] * (len(known) > 1)
    verdicts = {} if trust is None else dict(zip(trust.table["theme"], trust.table["verdict"], strict=True))
    said = best[["segment", "case", "theme", "part", "text"]]
    return ThemeExplorer(themes, said, tuple(sizes), verdicts, quotes, language)


def _place(wide: Bubble, narrow: Bubble) -> str:
    """Where a bubble is on the wide map and on the narrow one, as properties of CSS."""
    left, other = wide.x - wide.radius, narrow.x - narrow.radius
    return (
        f"--left:{left:.0f}px;--top:{wide.y:.0f}px;--n-left:{other:.0f}px;--n-top:{narrow.y:.0f}px;"
        f"--size:{2 * wide.radius:.0f}px"
    )


def _items(quotes: pd.DataFrame) -> Iterable[str]:
    for text, case in zip(quotes["text"], quotes["case"], strict=True):
        short = text if len(text) <= _LONGEST else text[: _LONGEST - 1].rsplit(" ", 1)[0] + " …"
        yield f'<li>“{escape(" ".join(short.split()))}” <span class="cxt-soft">{escape(case)}</span></li>'
