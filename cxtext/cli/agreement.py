"""``cxtext agreement``: where coders differ, and how far they agree."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cxtext.cli.studies import coder_option, open_study, study_argument

if TYPE_CHECKING:
    from cxtext.agreement import Agreement

_SHOWN = 10
_HEAD = ("code", "units", "has it", "agree", "kappa", "AC1", "alpha", "95 %")


@click.command("agreement")
@study_argument
@click.option("--who", multiple=True, metavar="NAME", help="Coder to compare; may be repeated. All people by default.")
@click.option("--group", multiple=True, metavar="NAME", help="Group of codes; may be repeated. All by default.")
@click.option(
    "--unit",
    type=click.Choice(["segment", "turn", "document", "character"]),
    default="segment",
    show_default=True,
    help="What is compared.",
)
@click.option(
    "--cluster",
    type=click.Choice(["document", "case"]),
    help="Draw whole documents or respondents for the intervals, as sentences of one interview are not independent.",
)
@click.option("--resamples", type=click.IntRange(1), default=2000, show_default=True, help="For the intervals.")
@click.option("--seed", type=int, default=0, show_default=True, help="Of the drawing.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, file_okay=False),
    help="Folder for disagreements.csv, agreement.csv, pairs.csv and a plot.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
@coder_option
def command(
    study: str,
    who: tuple[str, ...],
    group: tuple[str, ...],
    unit: Any,
    cluster: Any,
    resamples: int,
    seed: int,
    output: Path | None,
    as_json: bool,
    coder: str,
) -> None:
    """Compare coders, people or machine: first the stretches on which they differ, then the figures.

    What is compared are the segments that all of them read: of documents that they finished, of a blind sample, or of
    documents that they coded outside cxtext review. Figures per code: how many units, share that
    has the code, percent agreement, Cohen's kappa, Gwet's AC1, Krippendorff's alpha with its 95 % interval.

    \b
    Examples:
      cxtext agreement study.cxt
      cxtext agreement study.cxt --who Noor --who "cxtext standard 2" --group kind --cluster case -o agreement/
    """
    from cxtext.agreement import agreement_in

    with open_study(study, coder) as project:
        result = agreement_in(
            project, who, groups=group or None, unit=unit, cluster=cluster, n_resamples=resamples, seed=seed
        )
    if output is not None:
        _save(result, output)
    if as_json:
        tables = {"disagreements": result.disagreements, "agreement": result.table, "pairs": result.pairs}
        rows = {name: json.loads(table.to_json(orient="records")) for name, table in tables.items()}
        click.echo(json.dumps({**rows, "method": result.method}, ensure_ascii=False, indent=2, default=list))
        return
    _show(result, resamples)
    if output is not None:
        click.echo(f"Written: {output}")


def _show(result: Agreement, resamples: int) -> None:
    """Print the differences, and then the figures."""
    method, found = result.method, result.disagreements
    coders = method["coders"]
    click.echo(
        f"{' and '.join(coders)}, {len(method['documents'])} documents, "
        f"{result.table['n_units'].max()} {method['unit']}s that all of them read.\n"
    )
    click.echo(f"They differ on {len(found)} {method['unit']}s" + (", of which:" if len(found) > _SHOWN else ":"))
    for row in found.head(_SHOWN).to_dict("records"):
        click.echo(f"  {row['document']} {row['start']}-{row['end']}: {click.style(str(row['text']), bold=True)}")
        click.echo("    " + "; ".join(f"{name}: {row.get(name) or '-'}" for name in coders) + f"  [{row['group']}]")
    lines: list[tuple[str, ...]] = [_HEAD]
    for row in result.table.to_dict("records"):
        name = f"{row['group']}/{row['code']}" if row["code"] else str(row["group"])
        bounds = f"{_two(row['alpha_low'])} to {_two(row['alpha_high'])}"
        share = [_two(row[name]) for name in ("percent", "kappa", "ac1", "alpha")]
        lines.append((name, str(row["n_units"]), f"{row['prevalence']:.0%}", *share, bounds))
    wide = [max(map(len, column)) for column in zip(*lines, strict=True)]
    click.echo("")
    for line in lines:
        first, *rest = (cell.rjust(width) for cell, width in zip(line, wide, strict=True))
        click.echo("  " + first.strip().ljust(wide[0]) + "  " + "  ".join(rest))
    click.echo(
        f"\n95 %: of alpha, by drawing {method['resampled']} {resamples:,} times. Alpha of .800 and more is firm, from "
        ".667 on tentative (Krippendorff)."
    )
    for row in result.table[result.table["warning"] != ""].to_dict("records"):
        click.echo(f"  {row['group']}/{row['code']}: {row['warning']}")


def _two(value: float) -> str:
    return "-" if value != value else f"{value:.2f}".replace("0.", ".", 1) if abs(value) < 1 else f"{value:.2f}"


def _save(result: Agreement, folder: Path) -> None:
    """Write the tables and the plot."""
    from cxtext.files import make_folder
    from cxtext.plots import save_plots
    from cxtext.report.csvs import write_csv

    make_folder(folder)
    for name, table in (("disagreements", result.disagreements), ("agreement", result.table), ("pairs", result.pairs)):
        write_csv(table, folder / f"{name}.csv", language="en")
    save_plots({"agreement": result.plot(language="en")}, folder)
