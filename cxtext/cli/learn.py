"""``cxtext learn``: a tagger for a researcher's own codes, from a table or from a study."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cxtext.cli.options import inputs, quiet_option, reading_options, say
from cxtext.cli.studies import coder_option, open_study, studies_in

if TYPE_CHECKING:
    from cxtext.codebook import Codebook
    from cxtext.tag import Tagger


@click.command("learn")
@inputs
@click.option(
    "-o", "--output", required=True, type=click.Path(path_type=Path, file_okay=False), help="Folder of the model."
)
@click.option(
    "--codebook", "codebook_path", type=click.Path(path_type=Path), help="YAML with groups, codes and definitions."
)
@click.option(
    "--code-column", "code_columns", multiple=True, metavar="HEADING",
    help="Column with your codes (several joined by ;), where you have no codebook file; may be repeated.",
)  # fmt: skip
@click.option("--next", "how_many", type=click.IntRange(0), default=20, show_default=True, help="Rows to code next.")
@reading_options
@coder_option
@quiet_option
def command(
    inputs: tuple[Path, ...],
    output: Path,
    codebook_path: Path | None,
    code_columns: tuple[str, ...],
    how_many: int,
    coder: str,
    quiet: bool,
    **reading: Any,
) -> None:
    """Learn your own codes from a table in which you coded some rows, or from a study.

    In a table every row is one segment; columns named as the groups of your codebook (or --code-column) hold its codes.
    Empty cells up to the last row that you coded mean "none of the codes"; the rows after it were not read yet, and the
    most useful of them to code next are written to next.csv in the folder of the model. Tag with it: cxtext tag FILE -o
    OUT --unit row --model FOLDER

    In a study (a .cxt file, or postgresql://...) what people coded and accepted holds, and what they rejected does not.
    A segment counts as read when a person finished its document or read it in cxtext review; else for the groups of
    codes of which a person coded or decided something in it. Suggest with it: cxtext tag STUDY --model FOLDER

    \b
    Examples:
      cxtext learn coded.xlsx -o my_codes --code-column thema
      cxtext learn study.cxt -o my_codes
    """
    if len(inputs) == 1 and (studies := studies_in(inputs)):
        if codebook_path or code_columns:
            raise click.UsageError("A study has its own codebook: leave out --codebook and --code-column.")
        _learn_study(studies[0], output, coder, quiet=quiet)
        return
    from cxtext.codebook import load_codebook
    from cxtext.files import make_folder
    from cxtext.tag import Tagger, read_coded

    if bool(codebook_path) == bool(code_columns):
        raise click.UsageError("Give either --codebook FILE or --code-column HEADING.")
    make_folder(output)
    own: Codebook | None = load_codebook(codebook_path) if codebook_path else None
    coded = read_coded(inputs, codebook=own, columns=code_columns, name=output.name, **reading)
    say(f"{len(coded.read)} rows read, {len(coded.unread)} not read yet", quiet=quiet)
    tagger = Tagger(coded.codebook).fit(coded.read, coded.codings)
    _save(tagger, output)
    if how_many and len(coded.unread):
        chosen = tagger.next(coded.unread, how_many)
        chosen[["segment", "text"]].to_csv(output / "next.csv", index=False, encoding="utf-8-sig")
        click.echo(f"\nTo code next: {output / 'next.csv'}")
    click.echo(f"Model: {output}")


def _learn_study(study: str, output: Path, coder: str, *, quiet: bool) -> None:
    """Learn from what people made of a study."""
    from cxtext.cli.next import is_standard
    from cxtext.errors import OptionError
    from cxtext.files import make_folder
    from cxtext.project.lessons import lessons_of
    from cxtext.tag import Tagger

    with open_study(study, coder) as project:
        lessons, codebook = lessons_of(project), project.codebook
    held = int((lessons.codings["status"] == "accepted").sum())
    if not held:
        msg = f"{study}: nobody coded or accepted anything yet. Code some of it first: cxtext review {study}."
        raise OptionError(msg)
    say(
        f"{held} codings that hold, {len(lessons.codings) - held} that people rejected; {lessons.whole} segments read "
        f"for all codes, {len(lessons.segments) - lessons.whole} more for some of them.",
        quiet=quiet,
    )
    if not lessons.whole:
        say("No document is finished: what the machine did not suggest is hardly learned from.", quiet=quiet)
    make_folder(output)
    tagger = Tagger(codebook).fit(lessons.segments, lessons.codings, known=lessons.known)
    _save(tagger, output)
    if is_standard(codebook):
        say("These are the codes of the standard model: you now have heads of your own beside it.", quiet=quiet)
    say(f"Suggest with it ({tagger.coder}): cxtext tag {study} --model {output}", quiet=quiet)


def _save(tagger: Tagger, output: Path) -> None:
    """Keep what was learned, and show how good it is."""
    tagger.save(output)
    lesson = tagger.lesson
    assert lesson is not None
    shown = lesson.codes.drop(columns="people_f1").round(2)
    click.echo(shown.to_string(index=False, na_rep="-"))
    if not lesson.curve.empty:
        click.echo("\nWith more respondents:\n" + lesson.curve.round(2).to_string(index=False))
