"""The page: one self-contained HTML file that fetches nothing."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from cxtext import __version__, palette
from cxtext.codebook import load_codebook
from cxtext.plots import svg_text
from cxtext.privacy.screening import needs_check
from cxtext.report import findings, journey_map, method, sections, summary
from cxtext.report.chapters import chapters_of
from cxtext.report.chapters.analyses import Analyses
from cxtext.report.chapters.blocks import Chapter, Picture, select
from cxtext.report.figure import draw_narrow, draw_wide
from cxtext.report.labels import Labels
from cxtext.report.names import names_of
from cxtext.report.payload import payload, script_json
from cxtext.report.quotes import file_names, quotes_table
from cxtext.report.theme_view import theme_view

if TYPE_CHECKING:
    from cxtext.study import Study

#: chapters that stand before the map
_FIRST = ("recommendations",)

#: columns of the tables that hold numbers
_NUMERIC = (
    "mean", "segments", "documents", "words", "turns",
    "nps_score", "nps_answers", "nps_promoters", "nps_passives", "nps_detractors",
)  # fmt: skip
_TEMPLATES = Path(__file__).parent / "templates"


def render_page(
    study: Study,
    labels: Labels,
    chapters: Sequence[Chapter] | None = None,
    found: Analyses | None = None,
    *,
    template: str = "report.html",
) -> str:
    """Render the report.

    Parameters
    ----------
    study : Study
    labels : Labels
    chapters : sequence of Chapter, optional
        Those of the study, where they were made already.
    found : Analyses, optional
        Likewise.
    template : str
        The page: ``"report.html"``, or ``"map_page.html"`` for the map alone.

    Returns
    -------
    str
        HTML with its style, script and data inside; its content security policy allows nothing else.
    """
    found = found or Analyses(study, labels.language)
    study = found.mapped
    names = names_of(study, labels)
    quotes = quotes_table(study)
    curve = study.journey.curve
    chapters = chapters_of(study, labels, found) if chapters is None else chapters
    shown = [chapter for chapter in chapters if not chapter.missing]
    selections = select(shown)
    return fill_page(
        labels,
        template=template,
        script=_asset("report.js"),
        data=Markup(script_json(payload(study, quotes, names, labels, selections))),
        names=names,
        shared=0,
        lede=summary.lede(study, labels),
        counts=summary.counts(study, labels),
        status=summary.status_text(study, labels),
        findings=findings.find(study, quotes, names, labels),
        unplaced=study.journey.unplaced,
        phases=journey_map.phase_heads(study, quotes, names, labels),
        lanes=journey_map.lanes(study, quotes, names, labels, found.moments.channels),
        small_curve=draw_wide(curve, names, labels, column=200, height=190),
        large_curve=draw_wide(
            curve, names, labels, column=180, height=360, left=96, respondents=study.journey.respondents
        ),
        narrow_curve=draw_narrow(curve, names, labels),
        nps=[],
        curve_columns=["phase", "mean", "interval", "respondents", "segments", "negative_share"],
        curve_rows=sections.curve_rows(study, names, labels),
        curve_message=sections.curve_message(study, names, labels),
        themes=sections.theme_cards(study, quotes, labels),
        view=theme_view(study, quotes, names, labels),
        outliers=sections.outliers(study, labels),
        files=method.files(study, labels),
        file_names=file_names(study),
        skipped=study.corpus.skipped,
        notices=(*study.corpus.notices, *study.journey.notices),
        facts=method.facts(study, labels),
        groups=method.code_groups(study, quotes, names, labels),
        record=study.record.rows(labels.language) if study.record else [],
        privacy=method.privacy_lines(study.record, labels, pseudonymised=study.pseudonymised),
        check=cache(needs_check),
        purpose=study.record.purpose if study.record else "",
        first=[chapter for chapter in shown if chapter.id in _FIRST],
        chapters=[chapter for chapter in shown if chapter.id not in _FIRST],
        not_shown=[chapter for chapter in chapters if chapter.missing],
        link=selections.link,
        moments=found.moments.channels,
    )


def fill_page(labels: Labels, *, template: str = "report.html", script: str = "", **values: Any) -> str:
    """Fill in the page.

    Parameters
    ----------
    labels : Labels
    template : str
    script : str
        The only script that its content security policy allows; without one it allows none.
    **values : object
        What the templates show.

    Returns
    -------
    str
    """
    style = _colours() + _asset("report.css")
    return (
        _environment()
        .get_template(template)
        .render(
            t=labels,
            version=__version__,
            style=Markup(style),
            script=Markup(script),
            policy=_policy(style, script),
            numeric=_NUMERIC,
            contents=_contents(labels, **values),
            image=_image,
            size=lambda quotes: len(quotes.split(";")),
            experimental=[group.name(labels.language) for group in load_codebook().groups if group.experimental],
            **values,
        )
    )


def _contents(
    labels: Labels, *, first: Sequence[Chapter], chapters: Sequence[Chapter], nps: Sequence[Any], shared: int, **_: Any
) -> list[tuple[str, str]]:
    """Ids and titles of the sections in the order of the page."""
    before, after = ([(chapter.id, chapter.title) for chapter in part] for part in (first, chapters))
    own = {id: (id, labels(id)) for id in ("findings", "map", "curve", "nps", "themes", "codes", "method")}
    return [
        own["findings"], *before, own["map"], own["curve"], *([own["nps"]] if nps else []), *after, own["themes"],
        *([] if shared else [own["codes"]]), own["method"],
    ]  # fmt: skip


def _image(picture: Picture) -> str:
    """Address of a plot that is part of the page."""
    return f"data:image/svg+xml;base64,{base64.b64encode(svg_text(picture.draw()).encode()).decode()}"


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _colours() -> str:
    """Colours of the plots as variables of the style."""
    names = ("ink", "soft", "line", "tint", "paper", "accent", "accent_tint", "positive", "positive_tint", "negative",
             "negative_tint", "neutral")  # fmt: skip
    colours = {name: getattr(palette, name.upper()) for name in names} | palette.KINDS
    return ":root{" + "".join(f"--{name.replace('_', '-')}:{value};" for name, value in colours.items()) + "}\n"


def _asset(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")


def _policy(style: str, script: str) -> str:
    """Content security policy that allows this style and this script, if any, and no others."""
    style_hash, script_hash = (
        f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" if text else "'none'"
        for text in (style, script)
    )
    return (
        f"default-src 'none'; style-src {style_hash}; script-src {script_hash}; img-src data:; base-uri 'none'; "
        "form-action 'none'"
    )
