"""``cxtext init``: a new study."""

from __future__ import annotations

from pathlib import Path

import click

from cxtext.cli.studies import coder_option, study_argument


@click.command("init")
@study_argument
@click.option("--name", help="Name of the study; that of the file by default.")
@click.option("--codebook", "codebook_path", type=click.Path(path_type=Path), help="Your own: yaml, csv or xlsx.")
@click.option("--blind", is_flag=True, help="People code blind: codings of others show when a document is finished.")
@coder_option
def command(study: str, name: str | None, codebook_path: Path | None, blind: bool, coder: str) -> None:
    """Make a study: one file that keeps documents, codebook, everybody's codings and the log of every change.

    STUDY is the file to make, such as study.cxt, or postgresql://user:password@host/database for a team.

    \b
    Examples:
      cxtext init study.cxt --name "Wachttijden 2026"
      cxtext init study.cxt --codebook codes.yaml --coder Noor
    """
    from cxtext.codebook import load_codebook
    from cxtext.project import Project

    codebook = load_codebook(codebook_path)
    settings = {key: value for key, value in (("name", name), ("blind", blind)) if value}
    with Project.create(study, coder=coder, codebook=codebook, settings=settings) as project:
        click.echo(f"Study: {project.place} (codebook {codebook.name}: {len(list(codebook))} codes)")
    click.echo(f"Next: cxtext add {study} FILES, and then cxtext tag {study}")
