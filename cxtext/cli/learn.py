"""``cxtext learn``: a tagger for a researcher's own codes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cxtext.cli.options import inputs, quiet_option, reading_options, say

if TYPE_CHECKING:
    from cxtext.codebook import Codebook


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
@quiet_option
def command(
    inputs: tuple[Path, ...],
    output: Path,
    codebook_path: Path | None,
    code_columns: tuple[str, ...],
    how_many: int,
    quiet: bool,
    **reading: Any,
) -> None:
    """Learn your own codes from a table in which you coded some rows.

    Every row is one segment; columns named as the groups of your codebook (or --code-column) hold its codes. Empty
    cells up to the last row that you coded mean "none of the codes"; the rows after it were not read yet, and the most
    useful of them to code next are written to next.csv in the folder of the model. Tag with it: cxtext tag FILE -o OUT
    --unit row --model FOLDER

    \b
    Example:
      cxtext learn coded.xlsx -o my_codes --code-column thema
    """
    from cxtext.cli.coded_rows import read_coded
    from cxtext.codebook import load_codebook
    from cxtext.files import make_folder
    from cxtext.tag import Tagger

    if bool(codebook_path) == bool(code_columns):
        raise click.UsageError("Give either --codebook FILE or --code-column HEADING.")
    make_folder(output)
    own: Codebook | None = load_codebook(codebook_path) if codebook_path else None
    coded = read_coded(inputs, reading, own, code_columns, name=output.name)
    say(f"{len(coded.read)} rows read, {len(coded.unread)} not read yet", quiet=quiet)
    tagger = Tagger(coded.codebook).fit(coded.read, coded.codings)
    tagger.save(output)
    lesson = tagger.lesson
    assert lesson is not None
    shown = lesson.codes.drop(columns="people_f1").round(2)
    click.echo(shown.to_string(index=False, na_rep="-"))
    if not lesson.curve.empty:
        click.echo("\nWith more respondents:\n" + lesson.curve.round(2).to_string(index=False))
    if how_many and len(coded.unread):
        chosen = tagger.next(coded.unread, how_many)
        chosen[["segment", "text"]].to_csv(output / "next.csv", index=False, encoding="utf-8-sig")
        click.echo(f"\nTo code next: {output / 'next.csv'}")
    click.echo(f"Model: {output}")
