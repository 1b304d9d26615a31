"""``cxtext codes``: how often codes were given, by attribute and together."""

from __future__ import annotations

import math
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from cxtext.cli.options import say, table_options
from cxtext.cli.passages import check_documents
from cxtext.cli.studies import coder_option, open_study, sees, study_argument
from cxtext.counting import counted

if TYPE_CHECKING:
    import pandas as pd

    from cxtext.project import Project

_UNKNOWN = "(not known)"
#: so many pairs of codes are printed, where it is not said how many
_SHOWN = 20
F = TypeVar("F", bound=Callable[..., Any])


def _which(function: F) -> F:
    """Add the options that say which codings count."""
    for option in (
        click.option("--suggested", is_flag=True, help="Count suggestions too that nobody decided about."),
        click.option("--coded-by", "coders", multiple=True, metavar="NAME", help="Only of these coders."),
        click.option(
            "--code", "codes", multiple=True, metavar="CODE", help="Only these: group/code, group, code or its name."
        ),
    ):
        function = option(function)
    return function


@click.group("codes")
def command() -> None:
    """Count the codes of a study. Respondents are counted; what was not mentioned may still hold for them.

    \b
    Examples:
      cxtext codes crosstab study.cxt --by wijk
      cxtext codes cooccurrence study.cxt
    """


@command.command("crosstab")
@study_argument
@click.option("--by", required=True, metavar="ATTRIBUTE", help="Attribute of documents, respondents or turns.")
@click.option("--long", is_flag=True, help="A line for each code and value, with percentages.")
@_which
@table_options
@coder_option
def crosstab(
    study: str, by: str, long: bool, as_json: bool, output: Path | None, force: bool, coder: str, **which: Any
) -> None:
    """Show per value of an attribute how many of its respondents mention each code.

    On a terminal that is wide enough 2/11 is 2 of 11 respondents. With --long and in a file there are percentages;
    their interval (Wilson, 95%) says how far the share may be off in so few respondents. Under 10 respondents there
    is no percentage.

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
    lines, columns = _matrix(table), shutil.get_terminal_size().columns
    if not long and max(map(len, lines)) > columns:
        say(f"Codes by values are wider than {columns} characters, so that each value has a line.")
        long = True
    for line in _long(table) if long else lines:
        click.echo(line)
    click.echo(f"Respondents, by {name}{'' if long else '; percentages with --long'}. Not mentioned is not absent.")


def _matrix(table: pd.DataFrame) -> list[str]:
    """Codes by values, as lines."""
    rows = [["", *(value or _UNKNOWN for value in table["value"].unique())]]
    for code, own in table.groupby("code"):
        counts = zip(own["respondents"], own["of_respondents"], strict=True)
        rows.append([str(code), *(f"{k}/{n}" for k, n in counts)])
    first, *wide = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join([f"{row[0]:<{first}}", *(f"{cell:>{width}}" for cell, width in zip(row[1:], wide, strict=True))])
        for row in rows
    ]


def _long(table: pd.DataFrame) -> Iterator[str]:
    """A line for each code and value, with its share."""
    wide = max([len(value) for value in table["value"]] + [len(_UNKNOWN)])
    for code, rows in table.groupby("code"):
        yield click.style(str(code), bold=True)
        for row in rows.to_dict("records"):
            share = "" if math.isnan(row["share"]) else _percent(row)
            count = f"{row['respondents']:>4} of {row['of_respondents']:<4}"
            yield f"  {row['value'] or _UNKNOWN:<{wide}}  {count} {share}".rstrip()


@command.command("cooccurrence")
@study_argument
@click.option(
    "--within",
    type=click.Choice(["segment", "document", "case"]),
    default="segment",
    show_default=True,
    help="What the codes have to share; a case is a respondent.",
)
@click.option("--top", type=click.IntRange(1), metavar="N", help=f"How many pairs; {_SHOWN} on screen, else all.")
@_which
@table_options
@coder_option
def cooccurrence(
    study: str,
    within: Any,
    top: int | None,
    as_json: bool,
    output: Path | None,
    force: bool,
    coder: str,
    **which: Any,
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
    every = co_occurrence(codings, segments, within=within)
    if as_json or output:
        write_table(every.head(top or len(every)), output)
        return
    table = every.head(top or _SHOWN)
    rows = [(f"{row['code']} + {row['other']}", row) for row in table.to_dict("records")]
    wide = max((len(name) for name, _ in rows), default=0)
    for name, row in rows:
        either = row["with_code"] + row["with_other"] - row["together"]
        click.echo(
            f"{name:<{wide}}  {row['together']:>5} of {either:<5} {within}s  Jaccard {row['jaccard']:.2f}  "
            f"{row['respondents']} of {counted(row['of_respondents'], 'respondent')}"
        )
    if more := len(every) - len(table):
        click.echo(f"And {counted(more, 'more pair')} of codes; see more with --top, or all with -o FILE.")
    if not rows:
        click.echo(f"No two codes stand together in one {within}.")


def _chosen(
    project: Project, *, codes: tuple[str, ...], coders: tuple[str, ...], suggested: bool
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Codings that count, and the segments of the study; says what does not count."""
    from cxtext.project.names import choose, paths_of

    check_documents(project)
    codings, segments = project.codings(seen_by=sees(project)), project.segments()
    if coders:
        codings = codings[codings["coder"].isin(choose("coder", coders, project.coders))]
    if codes:
        codings = codings[(codings["group"] + "/" + codings["code"]).isin(paths_of(project.codebook, codes))]
    open_ = codings["status"] == "suggested"
    suggestions = counted(int(open_.sum()), "suggestion")
    kept = codings[(codings["status"] == "accepted") | (open_ if suggested else False)]
    if kept.empty:
        hint = f" {suggestions} can be counted with --suggested." if open_.any() else ""
        raise click.ClickException(f"No coding was accepted.{hint}")
    if open_.any():
        say(f"{'Counted too' if suggested else 'Not counted'}: {suggestions} that nobody decided about.")
    return kept, segments


def _percent(row: dict[Any, Any]) -> str:
    return f"{100 * row['share']:3.0f}% ({100 * row['low']:.0f}-{100 * row['high']:.0f}%)"
