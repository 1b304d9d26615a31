"""``cxtext codes``: how often codes were given, by attribute and together."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from cxtext.cli.options import say, table_options
from cxtext.cli.studies import coder_option, open_study, sees, study_argument

if TYPE_CHECKING:
    import pandas as pd

    from cxtext.project import Project

_UNKNOWN = "(not known)"
F = TypeVar("F", bound=Callable[..., Any])


def _which(function: F) -> F:
    """Add the options that say which codings count."""
    for option in (
        click.option("--suggested", is_flag=True, help="Count suggestions too that nobody decided about."),
        click.option("--coded-by", "coders", multiple=True, metavar="NAME", help="Only of these coders."),
        click.option("--code", "codes", multiple=True, metavar="CODE", help="Only these: group/code, group or code."),
    ):
        function = option(function)
    return function


@click.group("codes")
def command() -> None:
    """Count the codes of a study. Respondents are counted; what was not mentioned may still hold for them."""


@command.command("crosstab")
@study_argument
@click.option("--by", required=True, metavar="ATTRIBUTE", help="Attribute of documents, respondents or turns.")
@_which
@table_options
@coder_option
def crosstab(study: str, by: str, as_json: bool, output: Path | None, force: bool, coder: str, **which: Any) -> None:
    """Show per value of an attribute how many of its respondents mention each code.

    The interval (Wilson, 95%) says how far the share may be off in so few respondents; under 10 respondents there is
    no percentage.

    \b
    Examples:
      cxtext codes crosstab study.cxt --by wijk
      cxtext codes crosstab study.cxt --by wave --code pain --suggested -o pains.xlsx
    """
    from cxtext.cli.writers import check_output, write_table
    from cxtext.crosstab import code_by_attribute
    from cxtext.project.names import choose

    if output:
        check_output(output, force=force, but=[".parquet"])
    with open_study(study, coder) as project:
        codings, segments = _chosen(project, **which)
        known = project.attributes()
    name = choose("attribute", [by], known.names)[0]
    values = [
        known.value(name, row["document"], row["turn"], row["case"])
        for row in segments[["document", "turn", "case"]].to_dict("records")
    ]
    table = code_by_attribute(codings, segments, values)
    if as_json or output:
        write_table(table, output)
        return
    wide = max([len(value) for value in table["value"]] + [len(_UNKNOWN)])
    for code, rows in table.groupby("code"):
        click.echo(click.style(str(code), bold=True))
        for row in rows.to_dict("records"):
            share = "" if math.isnan(row["share"]) else _percent(row)
            count = f"{row['respondents']:>4} of {row['of_respondents']:<4}"
            click.echo(f"  {row['value'] or _UNKNOWN:<{wide}}  {count} {share}".rstrip())
    click.echo(f"Respondents, by {name}. Not mentioned is not absent.")


@command.command("cooccurrence")
@study_argument
@click.option(
    "--within",
    type=click.Choice(["segment", "document", "case"]),
    default="segment",
    show_default=True,
    help="What the codes have to share; a case is a respondent.",
)
@_which
@table_options
@coder_option
def cooccurrence(
    study: str, within: Any, as_json: bool, output: Path | None, force: bool, coder: str, **which: Any
) -> None:
    """Show which codes stand together, and with how many respondents.

    Jaccard is the share of segments (documents, respondents) with both codes in those with either.

    \b
    Examples:
      cxtext codes cooccurrence study.cxt
      cxtext codes cooccurrence study.cxt --within case --code kind -o together.csv
    """
    from cxtext.cli.writers import check_output, write_table
    from cxtext.crosstab import co_occurrence

    if output:
        check_output(output, force=force, but=[".parquet"])
    with open_study(study, coder) as project:
        codings, segments = _chosen(project, **which)
    table = co_occurrence(codings, segments, within=within)
    if as_json or output:
        write_table(table, output)
        return
    rows = [(f"{row['code']} + {row['other']}", row) for row in table.to_dict("records")]
    wide = max((len(name) for name, _ in rows), default=0)
    for name, row in rows:
        either = row["with_code"] + row["with_other"] - row["together"]
        click.echo(
            f"{name:<{wide}}  {row['together']:>5} of {either:<5} {within}s  Jaccard {row['jaccard']:.2f}  "
            f"{row['respondents']} of {row['of_respondents']} respondents"
        )
    if not rows:
        click.echo(f"No two codes stand together in one {within}.")


def _chosen(
    project: Project, *, codes: tuple[str, ...], coders: tuple[str, ...], suggested: bool
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Codings that count, and the segments of the study; says what does not count."""
    from cxtext.project.names import choose, paths_of

    codings, segments = project.codings(seen_by=sees(project)), project.segments()
    if coders:
        codings = codings[codings["coder"].isin(choose("coder", coders, project.coders))]
    if codes:
        codings = codings[(codings["group"] + "/" + codings["code"]).isin(paths_of(project.codebook, codes))]
    open_ = codings["status"] == "suggested"
    kept = codings[(codings["status"] == "accepted") | (open_ if suggested else False)]
    if kept.empty:
        hint = f" There are {open_.sum()} suggestions; count them with --suggested." if open_.any() else ""
        raise click.ClickException(f"No coding was accepted.{hint}")
    if open_.any():
        say(f"{open_.sum()} suggestions that nobody decided about are {'counted too' if suggested else 'not counted'}.")
    return kept, segments


def _percent(row: dict[Any, Any]) -> str:
    return f"{100 * row['share']:3.0f}% ({100 * row['low']:.0f}-{100 * row['high']:.0f}%)"
