"""``cxtext init``: a new study."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cxtext.cli.studies import coder_option, is_study, is_url, study_argument

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cxtext.privacy.processing import ProcessingRecord


@click.command("init")
@study_argument
@click.option("--name", help="Name of the study; that of the file by default.")
@click.option("--codebook", "codebook_path", type=click.Path(path_type=Path), help="Your own: yaml, csv or xlsx.")
@click.option("--record", type=click.Path(path_type=Path), help="YAML with the processing record, not to be asked.")
@click.option("--ask/--no-ask", default=None, help="Ask for the processing record; as a rule on a terminal.")
@click.option("--blind", is_flag=True, help="People code blind: codings of others show when a document is finished.")
@coder_option
def command(
    study: str,
    name: str | None,
    codebook_path: Path | None,
    record: Path | None,
    ask: bool | None,
    blind: bool,
    coder: str,
) -> None:
    """Make a study: one file that keeps documents, codebook, everybody's codings and the log of every change.

    You are asked once why these personal data are processed, on which ground, how long and by whom; it is kept with the
    study and printed in its reports.

    STUDY is the file to make, such as study.cxt (.cxt is added where it is not there), or
    postgresql://user:password@host/database for a team.

    \b
    Examples:
      cxtext init study.cxt --name "Wachttijden 2026"
      cxtext init study.cxt --codebook codes.yaml --coder Noor
    """
    from cxtext.codebook import load_codebook
    from cxtext.privacy.processing import load_processing_record
    from cxtext.project import Project

    if not is_study(study):
        study += ".cxt"
    if not is_url(study) and not Path(study).parent.is_dir():
        raise click.UsageError(f"There is no folder {Path(study).parent} to make the study in. Make it first.")
    codebook = load_codebook(codebook_path)
    kept = None
    if record:
        kept = load_processing_record(record)
    elif sys.stdin.isatty() if ask is None else ask:
        kept = _ask()
    settings = {
        key: value for key, value in (("name", name), ("blind", blind), ("record", kept and kept.to_mapping())) if value
    }
    with Project.create(study, coder=coder, codebook=codebook, settings=settings) as project:
        click.echo(f"Study: {project.place} (codebook {codebook.name}: {len(list(codebook))} codes)")
    if not kept:
        click.echo("It has no processing record; cxtext run STUDY --record FILE can still print one.")
    named = shlex.quote(study)
    click.echo(f"Next: cxtext add {named} FILES, and then cxtext tag {named}")


def _ask() -> ProcessingRecord | None:
    """Ask for the processing record, field by field; an empty first answer leaves it out."""
    from cxtext.privacy.processing import ProcessingRecord, grounds, questions

    asked, names = questions("nl"), grounds("nl")
    click.echo("Verwerkingsregister van deze studie (bij de eerste vraag niets invullen: overslaan)")
    answers = {"purpose": click.prompt(asked["purpose"], default="", show_default=False)}
    if not answers["purpose"]:
        return None
    for number, label in enumerate(names.values(), 1):
        click.echo(f"  {number}. {label}")
    choice = {str(number): ground for number, ground in enumerate(names, 1)}
    for field in _REST:
        wrong = "-"
        while wrong:
            said = click.prompt(asked[field])
            answers[field] = choice.get(said.strip(" ."), said) if field == "ground" else said
            if wrong := _objection(answers):
                click.echo(wrong)
    return ProcessingRecord.from_mapping(answers)


#: what is asked after the purpose, with answers that will do until it is
_REST = {"ground": "contract", "retention": "-", "responsible": "-", "consent": "ja"}


def _objection(answers: Mapping[str, str]) -> str:
    """What is wrong with the answers so far, empty where they will do."""
    from cxtext.errors import OptionError
    from cxtext.privacy.processing import ProcessingRecord

    try:
        ProcessingRecord.from_mapping({**_REST, **answers})
    except OptionError as error:
        return str(error)
    return ""
