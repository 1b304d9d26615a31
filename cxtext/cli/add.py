"""``cxtext add``: documents into a study."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cxtext.cli.options import (
    inputs,
    privacy_options,
    pseudonymise_option,
    quiet_option,
    reading_options,
    say,
    tell_notices,
)
from cxtext.cli.studies import coder_option, open_study, study_argument
from cxtext.records import Notice

if TYPE_CHECKING:
    from cxtext.project import Project


@click.command("add")
@study_argument
@inputs
@coder_option
@pseudonymise_option
@privacy_options
@reading_options
@quiet_option
def command(
    study: str,
    inputs: tuple[Path, ...],
    coder: str,
    pseudonymise: bool,
    privacy: dict[str, Any],
    quiet: bool,
    **reading: Any,
) -> None:
    """Add transcripts and answers to a study. Their text is kept in it and never changes afterwards.

    With --pseudonymise, personal data are replaced before the text is kept; key, review list and log come beside the
    study.

    \b
    Examples:
      cxtext add study.cxt interviews/ answers.xlsx
      cxtext add study.cxt interviews/ --pseudonymise --names people.txt
    """
    from cxtext.ingest import read_corpus
    from cxtext.privacy.records import open_records

    with open_study(study, coder) as project:
        corpus = read_corpus(inputs, **reading)
        if not corpus.documents:
            tell_notices(corpus.skipped, "Nothing could be read:")
            raise click.ClickException("Nothing could be read. Give files with transcripts or answers.")
        records = open_records(Path(project.beside), **privacy) if pseudonymise else None
        if records:
            corpus = records.pseudonymiser.corpus(corpus)
            records.save()
        left = project.add(corpus)
        if records and (kept := project.settings.get("record")):
            project.set(record={**kept, "pseudonymised": True})
        counts, twins = project.counts(), _twins(project, {document.id for document in corpus})
    tell_notices(corpus.notices, "Please note:", quiet=quiet)
    tell_notices(corpus.skipped, f"Skipped ({len(corpus.skipped)}):")
    tell_notices(left, f"Not added ({len(left)}):")
    tell_notices(twins, "Please look at:", quiet=quiet)
    say(
        f"{len(corpus) - len(left)} documents added; the study has {counts['documents']} documents of "
        f"{counts['cases']} respondents, {counts['segments']} segments.",
        quiet=quiet,
    )


def _twins(project: Project, new: set[str]) -> list[Notice]:
    """Interviews of which the study holds the same text under two names."""
    documents = project.documents()
    interviews = documents[documents["kind"] == "interview"]
    alike = interviews[interviews.duplicated("sha256", keep=False)].groupby("sha256")["document"].agg(list)
    advice = "the same text twice; if it is one interview, take the last one back: cxtext undo."
    return [Notice(" and ".join(names), advice) for names in alike if new & set(names)]
