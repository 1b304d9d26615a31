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
@click.option(
    "--engine",
    type=click.Choice(["standard", "fast"]),
    default="standard",
    show_default=True,
    help="standard tunes an encoder (about an hour); fast fits linear heads (minutes).",
)
@click.option("--name", help="Name of the model; that of the engine where it is left out.")
@click.option("--version", "model_version", default="1", show_default=True)
@click.option(
    "--texts",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder of the public data sets of which the labelled text names sentences; without it they are left out.",
)
@click.option("--epochs", type=float, default=4.0, show_default=True, help="standard: how often the text is seen.")
@click.option(
    "--teacher",
    "teachers",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="standard: folder of a model whose probabilities count beside the labels; may be given more than once.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="standard: of the order of the text.")
@click.option("-C", "strength", type=float, default=0.5, show_default=True, help="fast: inverse regularisation.")
@click.option("--workers", type=click.IntRange(1), default=2, show_default=True, help="fast: processes.")
@quiet_option
def command(
    sources: tuple[Path, ...],
    output: Path,
    engine: str,
    name: str | None,
    model_version: str,
    texts: Path | None,
    epochs: float,
    teachers: tuple[Path, ...],
    seed: int,
    strength: float,
    workers: int,
    quiet: bool,
) -> None:
    """Train a tagger on labelled text; models/training holds that of the models that come with cxtext.

    A run of the standard engine that was broken off goes on where it was when the command is given again. It needs
    more packages: pip install "cxtext[train]"

    \b
    Example:
      cxtext train models/training -o models/standard
    """
    from cxtext.files import make_folder
    from cxtext.tag.examples import read_examples

    make_folder(output)
    examples = read_examples(sources, texts=texts)
    say(f"{len(examples)} labelled sentences", quiet=quiet)
    show = on_terminal(quiet=quiet)
    progress = (lambda what, done, total: say(f"[{done}/{total}] {what}")) if show else None
    if engine == "standard":
        from cxtext.tag.finetuning import finetune
        from cxtext.tag.model import load_model

        finetune(
            examples,
            output,
            name=name or engine,
            version=model_version,
            teachers=[load_model(folder) for folder in teachers],
            epochs=epochs,
            seed=seed,
            progress=progress,
        )
    else:
        from cxtext.tag.training import train

        model = train(
            examples,
            name=name or engine,
            version=model_version,
            C=strength,
            workers=workers,
            progress=progress,
        )
        model.save(output)
    click.echo(f"Model: {output}")
