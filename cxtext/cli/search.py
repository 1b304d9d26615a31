"""``cxtext search``: words, patterns and codes in a study."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cxtext.cli.options import say, table_options
from cxtext.cli.studies import coder_option, open_study, sees, study_argument
from cxtext.counting import counted

if TYPE_CHECKING:
    import pandas as pd

#: so many hits are printed, where it is not said how many
_SHOWN = 100


def _values(context: click.Context, parameter: click.Parameter, given: tuple[str, ...]) -> dict[str, str]:
    """``NAME=VALUE`` as a mapping."""
    pairs = [one.partition("=") for one in given]
    if wrong := [name for name, equals, _ in pairs if not equals]:
        msg = f"{wrong[0]!r} has no value. Write NAME=VALUE."
        raise click.BadParameter(msg)
    return {name.strip(): value.strip() for name, _, value in pairs}


@click.command("search")
@study_argument
@click.argument("words", nargs=-1)
@click.option("--regex", default="", metavar="PATTERN", help="A regular expression instead of words.")
@click.option(
    "--code", "codes", multiple=True, metavar="CODE", help="What has a code: group/code, one of the two, or its name."
)
@click.option("--coded-by", "coders", multiple=True, metavar="NAME", help="What was coded by somebody.")
@click.option(
    "--attribute", "attributes", multiple=True, metavar="NAME=VALUE", callback=_values, help="Where it has this value."
)
@click.option("--speaker", "speakers", multiple=True, metavar="NAME", help="What somebody said.")
@click.option("--role", "roles", multiple=True, metavar="ROLE", help="interviewer, respondent or unknown.")
@click.option("--case", "cases", multiple=True, metavar="NAME", help="Of a respondent.")
@click.option("--document", "documents", multiple=True, metavar="NAME", help="In a document.")
@click.option("-n", "--limit", type=click.IntRange(1), help=f"How many hits; {_SHOWN} on screen, else all.")
@click.option("--context", type=click.IntRange(0), default=60, show_default=True, help="Characters around a hit.")
@click.option("--save", metavar="NAME", help="Keep this search with the study.")
@click.option("--saved", metavar="NAME", help="Search as it was kept; what is given besides it holds too.")
@click.option("--forget", metavar="NAME", help="Keep a search no longer.")
@click.option("--list", "listed", is_flag=True, help="List the searches that are kept.")
@table_options
@coder_option
def command(
    study: str,
    words: tuple[str, ...],
    limit: int | None,
    context: int,
    save: str | None,
    saved: str | None,
    forget: str | None,
    listed: bool,
    as_json: bool,
    output: Path | None,
    force: bool,
    coder: str,
    **criteria: Any,
) -> None:
    """Find what was said in a study, or, without words, what was coded.

    All words have to stand in one turn, whatever their case and accents: "words in this order" between quotes (for
    your shell: '"in de wacht"'), word* for all words that begin so, OR between two words, NOT before what must not be
    there; AND, in capitals, changes nothing. Options of the same name may be repeated: any of the values will do.

    \b
    Examples:
      cxtext search study.cxt wacht* NOT telefoon
      cxtext search study.cxt '"in de wacht" OR wachtrij' --attribute wijk=Zuid --role respondent
      cxtext search study.cxt --code pain --coded-by Noor -o pains.xlsx
      cxtext search study.cxt --regex "\\bniet\\b.{0,20}\\bmeer\\b" --save "niet meer"
      cxtext search study.cxt --saved "niet meer"
    """
    from cxtext.cli.writers import check_output, write_table
    from cxtext.project.names import choose
    from cxtext.project.search import save_search, saved_searches, search

    if output:
        check_output(output, force=force, but=[".parquet"])
    criteria = {name: _plain(value) for name, value in {"words": " ".join(words), **criteria}.items() if value}
    with open_study(study, coder) as project:
        if forget is not None:
            save_search(project, forget, None)
        kept = saved_searches(project)
        if saved is not None:
            saved = choose("saved search", [saved], kept)[0]
            criteria = {**kept[saved], **criteria}
        if listed or (forget is not None and not criteria):
            for name, query in kept.items():
                click.echo(f"{name}: {json.dumps(query, ensure_ascii=False)}")
            return
        screen = not output and not as_json
        most = limit or (_SHOWN if screen else None)
        more = most + 1 if most and screen else most
        hits = search(project, limit=more, context=context, seen_by=sees(project), **criteria)
        if save is not None:
            save_search(project, save, criteria)
    if not screen:
        write_table(hits, output)
        if output:
            say(f"{counted(len(hits), 'hit')}: {output}")
        return
    _print(hits.iloc[:most])
    if len(hits) == more:
        click.echo(f"There are more hits than {most}; see more with --limit, or all with -o FILE.")
    else:
        click.echo(
            f"{counted(len(hits), 'hit')} in {counted(hits['document'].nunique(), 'document')}, "
            f"of {counted(hits['case'].nunique(), 'respondent')}."
        )


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _print(hits: pd.DataFrame) -> None:
    """Hits for people: where it is, and what stands there."""
    for hit in hits.to_dict("records"):
        at = hit["start"] - hit["text_start"]
        said = (hit["text"][:at], hit["match"], hit["text"][at + len(hit["match"]) :])
        before, match, after = (" ".join(part.split("\n")) for part in said)
        who = ", ".join(part for part in (hit["speaker"], hit["role"]) if part)
        codes = f"  [{hit['codes']}]" if hit["codes"] else ""
        click.echo(f"{click.style(hit['document'], dim=True)} {hit['start']}-{hit['end']}  {who}{codes}")
        click.echo(f"    {before}{click.style(match, bold=True, fg='yellow')}{after}")
