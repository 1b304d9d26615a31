"""``cxtext models``: what can tag."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click


@click.command("models")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(as_json: bool) -> None:
    """List the models that come with cxtext: engine, size, what each was trained on, and where its card is.

    \b
    Example:
      cxtext models
    """
    from cxtext.resources import model_names, model_path

    models = [describe(model_path(name)) for name in model_names()]
    if as_json:
        click.echo(json.dumps(models, indent=2))
        return
    for model in models:
        click.echo(f"{model['name']} (version {model['version']}, engine {model['engine']}, {model['megabytes']} MB)")
        languages = ", ".join(f"{count:,} {language}" for language, count in model["languages"].items())
        click.echo(f"  trained on {model['sentences']:,} sentences ({languages}), codebook {model['codebook']}")
        click.echo(f"  scores, limits and licences: {model['card']}")


def describe(folder: Path) -> dict[str, Any]:
    """Facts about a model folder."""
    about = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    training = about["training"]
    return {
        "name": about["name"],
        "version": about["version"],
        "engine": about["engine"],
        "codebook": f"{about['codebook']['name']} {about['codebook']['version']}",
        "sentences": training["sentences"],
        "languages": training["languages"],
        "megabytes": round(sum(file.stat().st_size for file in folder.iterdir()) / 1e6, 1),
        "card": str(folder / "CARD.md"),
    }
