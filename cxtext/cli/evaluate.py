"""``cxtext evaluate``: figures against human codings."""

from __future__ import annotations

import json
from pathlib import Path

import click

from cxtext.cli.options import say


@click.command("evaluate")
@click.argument("predicted", metavar="PRED", type=click.Path(path_type=Path))
@click.option("--gold", required=True, type=click.Path(path_type=Path), help="Human codings, jsonl.")
@click.option("--repeats", type=click.IntRange(10), default=1000, show_default=True, help="Bootstrap samples.")
@click.option("--seed", type=int, default=0, show_default=True, help="Of the bootstrap.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(predicted: Path, gold: Path, repeats: int, seed: int, as_json: bool) -> None:
    """Compare a tagging with human codings: precision, recall, F1 and kappa per code, with intervals per group.

    Both files are jsonl with one segment per line, matched by id.

    \b
    Example:
      cxtext tag gold.jsonl -o tagged.jsonl --unit row --text-column text --document-column doc --id-column id
      cxtext evaluate tagged.jsonl --gold gold.jsonl
    """
    from cxtext.evaluation import evaluate

    result = evaluate(predicted, gold, repeats=repeats, seed=seed)
    if result.missing:
        say(f"{len(result.missing)} gold segments have no prediction; they count as nothing coded.")
    click.echo(json.dumps(result.to_dict(), indent=2) if as_json else str(result))
