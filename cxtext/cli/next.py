"""``cxtext next``: what to code next."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cxtext.cli.options import say
from cxtext.cli.studies import coder_option, open_study, sees, study_argument

if TYPE_CHECKING:
    from cxtext.codebook import Codebook
    from cxtext.tag import Tagger


@click.command("next")
@study_argument
@click.option("-n", "how_many", type=click.IntRange(1), default=20, show_default=True, help="How many.")
@click.option(
    "--model", metavar="NAME|FOLDER",
    help="Model that is to be less unsure, such as the folder of cxtext learn; by default the standard model, or for a "
    "codebook of your own its descriptions.",
)  # fmt: skip
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Also a file: csv, tsv, xlsx, jsonl or parquet.")
@click.option("--force", is_flag=True, help="Replace the output where it is there already.")
@coder_option
def command(study: str, how_many: int, model: str | None, output: Path | None, force: bool, coder: str) -> None:
    """Show the segments that are most worth coding: those that a model is least sure of, no two alike.

    Segments that a person has read are left out.

    \b
    Examples:
      cxtext next study.cxt -n 50 -o next.xlsx
      cxtext next study.cxt --model my_codes
    """
    from cxtext.cli.passages import Passages, check_documents
    from cxtext.cli.writers import check_output, write_rows
    from cxtext.counting import counted
    from cxtext.project.lessons import lessons_of
    from cxtext.project.review import unread

    if output:
        check_output(output, force=force)
    with open_study(study, coder) as project:
        check_documents(project)
        read, segments = set(lessons_of(project).segments["segment"]), project.segments()
        left = segments[~segments["segment"].isin(read)].reset_index(drop=True)
        if left.empty:
            say("People have read all segments of this study.")
            return
        chosen = _tagger(model, project.codebook).next(left, how_many)
        codings = project.codings(seen_by=sees(project))
        codings = codings[codings["segment"].isin(chosen["segment"]) & (codings["status"] == "suggested")]
        given = (codings["group"] + "/" + codings["code"] + codings["score"].map(" {:.2f}".format)).groupby(
            codings["segment"]
        )
        suggested = given.agg(", ".join).to_dict()
        passages = Passages(project)
        rows = []
        for number, item in enumerate(unread(chosen, ()), 1):
            place, around = passages.place(item), passages.lines(item)
            row = chosen.iloc[number - 1]
            click.echo(f"{number}. {place}\n{around}\n    suggested: {suggested.get(item.segment, 'nothing')}\n")
            rows.append({
                "place": place, "segment": item.segment, "document": item.document, "speaker": row["speaker"],
                "question": row["prompt"], "context": click.unstyle(around), "text": row["text"],
                "suggested": suggested.get(item.segment, ""),
            })  # fmt: skip
    if output:
        write_rows(rows, output, list(rows[0]))
        say(f"{counted(len(rows), 'row')}: {output}")


def _tagger(model: str | None, codebook: Codebook) -> Tagger:
    """The model that was asked for, or one for the codebook."""
    from cxtext.tag import Tagger

    if model:
        return Tagger.load(model)
    return Tagger() if is_standard(codebook) else Tagger(codebook)


def is_standard(codebook: Codebook) -> bool:
    """Whether a codebook has the codes of the standard model."""
    from cxtext.codebook import load_codebook

    return {code.path for code in codebook} == {code.path for code in load_codebook()}
