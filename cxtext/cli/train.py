"""``cxtext train``: from labelled text to a model."""

from __future__ import annotations

from pathlib import Path

import click

from cxtext.cli.options import on_terminal, quiet_option, say


@click.command("train")
@click.argument("sources", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@click.option(
    "-o", "--output", required=True, type=click.Path(path_type=Path, file_okay=False), help="Folder of the model."
)
@click.option("--name", default="default", show_default=True)
@click.option("--version", "model_version", default="1", show_default=True)
@click.option("-C", "strength", type=float, default=0.5, show_default=True, help="Inverse strength of regularisation.")
@click.option("--folds", type=click.IntRange(2), default=4, show_default=True, help="Folds of documents.")
@click.option("--workers", type=click.IntRange(1), default=2, show_default=True, help="Processes.")
@quiet_option
def command(
    sources: tuple[Path, ...],
    output: Path,
    name: str,
    model_version: str,
    strength: float,
    folds: int,
    workers: int,
    quiet: bool,
) -> None:
    """Train the tagger on labelled text; models/training holds that of the default model.

    \b
    Example:
      cxtext train models/training -o models/default
    """
    from cxtext.tag.examples import read_examples
    from cxtext.tag.training import train

    examples = read_examples(sources)
    say(f"{len(examples)} labelled sentences", quiet=quiet)
    show = on_terminal(quiet=quiet)
    heads = train(
        examples,
        name=name,
        version=model_version,
        C=strength,
        folds=folds,
        workers=workers,
        progress=(lambda what, done, total: say(f"[{done}/{total}] {what}")) if show else None,
    )
    heads.save(output)
    click.echo(f"Model: {output}")
