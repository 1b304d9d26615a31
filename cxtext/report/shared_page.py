"""The page to hand on: the same report of what is left after suppression, without a script and without data in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cxtext.codebook import load_codebook
from cxtext.privacy.cells import WITHHELD
from cxtext.report.figure import draw_narrow, draw_wide
from cxtext.report.findings import Finding
from cxtext.report.journey_map import Item, Lane, PhaseHead, cell_kind, sentence_of
from cxtext.report.labels import Labels
from cxtext.report.method import CodeGroup, CodeRow, codes_in, privacy_lines
from cxtext.report.page import fill_page
from cxtext.report.rows import rows_of
from cxtext.report.sections import ThemeCard, extremes, interval_text, nps_row
from cxtext.report.suppression import Shared, SharedClaim
from cxtext.stats import share_interval, share_text

if TYPE_CHECKING:
    import pandas as pd


def render_shared(shared: Shared, labels: Labels) -> str:
    """Render the report to hand on.

    Parameters
    ----------
    shared : Shared
    labels : Labels

    Returns
    -------
    str
        HTML with its style inside; its content security policy allows nothing else.
    """
    names, curve = shared.names, shared.curve
    totals = {
        "respondents": shared.respondents, "documents": shared.documents, "segments": shared.segments,
        "codings": shared.codings,
    }  # fmt: skip
    return fill_page(
        labels,
        names=names,
        shared=shared.below,
        lede=labels(
            "lede_shared",
            documents=labels.count("document", shared.documents),
            respondents=labels.count("respondent", shared.respondents),
            segments=labels.count("segment", shared.segments),
        ),
        counts=[(labels.number(number), labels(f"count_{key}")) for key, number in totals.items()],
        status=shared.status,
        findings=[_finding(claim, shared, labels) for claim in shared.claims],
        unplaced=0,
        phases=[_phase_head(phase, shared, labels) for phase in shared.phases],
        lanes=[_lane(str(lane), own, labels) for lane, own in shared.cells.groupby("lane", sort=False)],
        small_curve=draw_wide(curve, names, labels, column=200, height=190),
        large_curve=draw_wide(curve, names, labels, column=180, height=360, left=96),
        narrow_curve=draw_narrow(curve, names, labels),
        curve_columns=["phase", "mean", "interval", "respondents", "negative_share"],
        curve_rows=[_curve_row(row, shared, labels) for row in rows_of(curve)],
        curve_message=extremes(curve[curve["mean"].notna()], names, labels),
        nps=[nps_row(row, labels) for row in rows_of(shared.nps)],
        themes=[_theme_card(row, shared, labels) for row in rows_of(shared.themes)],
        view=None,
        outliers=None,
        facts=[(labels(f"run_{key}"), value) for key, value in shared.facts.items()],
        groups=_code_groups(shared, labels),
        record=shared.record.rows(labels.language) if shared.record else [],
        privacy=privacy_lines(shared.record, labels, pseudonymised=shared.pseudonymised, below=shared.below),
        check=lambda text: False,
        purpose=shared.record.purpose if shared.record else "",
        first=(),
        chapters=shared.chapters,
        not_shown=(),
    )


def _said(text: str) -> dict[str, str]:
    """A quote without anything that tells whose it is."""
    return {"segment": "", "text": text}


def _finding(claim: SharedClaim, shared: Shared, labels: Labels) -> Finding:
    share = share_text(claim.respondents, shared.respondents, labels.language)
    before, share, after = labels(claim.label, share=share, **claim.values).partition(share)
    quotes = (_said(claim.quote),) if claim.quote else ()
    interval = share_interval(claim.respondents, shared.respondents, labels.language)
    return Finding(before, share, after, "", "", quotes, interval)


def _phase_head(phase: Any, shared: Shared, labels: Labels) -> PhaseHead:
    point = next(row for row in rows_of(shared.curve) if row.phase == phase.id)
    feeling = f"{labels.number(point.mean, 1)} (n = {labels.number(point.n)})" if point.mean == point.mean else ""
    share = share_text(shared.spoke[phase.id], shared.respondents, labels.language)
    text, summary = sentence_of(phase, labels)
    return PhaseHead(phase.id, shared.names.phases[phase.id], text, summary, share, "", feeling)


def _lane(lane: str, cells: pd.DataFrame, labels: Labels) -> Lane:
    by_phase = {
        str(phase): [_item(row, labels) for row in rows_of(own)] for phase, own in cells.groupby("phase", sort=False)
    }
    return Lane(lane, labels.optional(f"lane_{lane}", lane), by_phase, 3 if (cells["item"] == "").all() else 4)


def _item(row: Any, labels: Labels) -> Item:
    if not row.name:
        return Item(withheld_text(row, labels), "", 0, "", "withheld")
    if row.respondents == "":
        return Item("", "", 0, "", quote=_said(row.name))
    share = share_text(row.respondents, row.of_respondents, labels.language)
    shown = isinstance(row.respondents, int) and isinstance(row.of_respondents, int)
    percent = 100 * row.respondents / row.of_respondents if shown else 0
    return Item(row.name, share, percent, "", cell_kind(row))


def withheld_text(row: Any, labels: Labels) -> str:
    """Why something in the map is not shown.

    Parameters
    ----------
    row : tuple
        Row of the cells without a name.
    labels : Labels

    Returns
    -------
    str
    """
    return labels("quotes_withheld") if row.respondents == WITHHELD else labels("cell_withheld", few=row.respondents)


def _curve_row(row: Any, shared: Shared, labels: Labels) -> list[str]:
    known = row.mean == row.mean
    return [
        shared.names.phases.get(row.phase, row.phase),
        labels.number(row.mean, 2) if known else "–",
        interval_text(row, labels, 2),
        labels.number(row.n),
        share_text(row.negative, row.n, labels.language) if known else "–",
    ]


def _theme_card(row: Any, shared: Shared, labels: Labels) -> ThemeCard:
    share = share_text(row.respondents, row.of_respondents, labels.language)
    terms = [term for term in row.terms.split(", ") if term and term not in row.name.split(", ")]
    return ThemeCard(row.name, terms, share, "", "", [], [_said(text) for text in shared.quotes[row.theme]])


def _code_groups(shared: Shared, labels: Labels) -> list[CodeGroup]:
    shares = {
        f"{row.group}/{row.code}": share_text(row.respondents, shared.respondents, labels.language)
        for row in rows_of(shared.codes)
    }
    experimental = {group.id for group in load_codebook().groups if group.experimental}
    none = share_text(0, shared.respondents, labels.language)
    return [
        CodeGroup(
            name,
            group in experimental,
            [
                CodeRow(code, definition, shared.thresholds.get(path, "–"), "", shares.get(path, none), "")
                for path, code, definition in codes_in(group, shared.names, labels)
            ],
        )
        for group, name in shared.names.groups.items()
    ]
