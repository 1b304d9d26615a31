"""``cxtext codebook``: the codes of a study."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cxtext.cli.studies import coder_option, is_study, open_study, study_argument

if TYPE_CHECKING:
    import pandas as pd

    from cxtext.codebook import Codebook, CodebookChange

_file = click.Path(path_type=Path, dir_okay=False)
_drop = click.option("--drop-codings", is_flag=True, help="Codings of codes that are removed go too.")
_code = click.argument("code", metavar="GROUP/CODE")


@click.group("codebook")
def command() -> None:
    """Show and change the codebook of a study; codings follow their codes, and every change can be undone.

    \b
    Examples:
      cxtext codebook show study.cxt
      cxtext codebook save study.cxt codes.xlsx
      cxtext codebook load study.cxt codes.xlsx
      cxtext codebook merge study.cxt kind/frustration kind/annoyance --into kind/pain
    """


@command.command("show")
@click.argument("source", metavar="STUDY|FILE")
@click.option("--language", type=click.Choice(["nl", "en"]), default="nl", show_default=True, help="Of the names.")
@coder_option
def show(source: str, language: str, coder: str) -> None:
    """Print the codes of a study, or of a file, as a tree, with how often each was used."""
    codebook, used = _read(source, coder)
    click.echo(f"{codebook.name}, version {codebook.version}")
    groups = {group.id: group for group in codebook.groups}
    shown = ""
    for depth, code in codebook.walk():
        if code.group != shown:
            group, shown = groups[code.group], code.group
            one = "one code at most" if group.exclusive else "several codes possible"
            click.echo(f"{click.style(group.id, bold=True)}: {group.name(language)} ({one})")
        count = f"  {used[code.path]} codings" if used.get(code.path) else ""
        colour = f"  {code.colour}" if code.colour else ""
        click.echo(f"{'  ' * (depth + 1)}{code.id}: {code.name(language)}{colour}{count}")


@command.command("save")
@study_argument
@click.argument("file", type=_file)
@click.option("--language", type=click.Choice(["nl", "en"]), default="nl", show_default=True, help="Of the headings.")
@click.option("--force", is_flag=True, help="Replace the file where it is there already.")
@coder_option
def save(study: str, file: Path, language: str, force: bool, coder: str) -> None:
    """Write the codebook to FILE (yaml, csv or xlsx), to edit and to load again."""
    from cxtext.codebook import save_codebook

    if file.exists() and not force:
        raise click.ClickException(f"{file} is there already. Give another name, or --force to replace it.")

    with open_study(study, coder) as project:
        click.echo(f"Codebook: {save_codebook(project.codebook, file, language=language)}")  # type: ignore[arg-type]


@command.command("load")
@study_argument
@click.argument("file", type=_file)
@_drop
@coder_option
def load(study: str, file: Path, drop_codings: bool, coder: str) -> None:
    """Put the codebook of FILE in use, and say what differs.

    Codes are matched by group and id. A code that is gone stops it as long as it has codings: rename, move or merge it
    first, or drop its codings.
    """
    from cxtext.codebook import compare, load_codebook

    with open_study(study, coder) as project:
        new = load_codebook(file)
        differences = compare(project.codebook, new)
        if differences.empty:
            click.echo("The codebook of the study is the same already.")
            return
        after = project.set_codebook(new, drop_removed=drop_codings)
        _show_differences(differences)
        click.echo(f"Version {project.codebook.version} is in use; {after.dropped} codings were dropped.")


@command.command("diff")
@click.argument("old", metavar="STUDY|FILE")
@click.argument("new", metavar="STUDY|FILE")
@coder_option
def diff(old: str, new: str, coder: str) -> None:
    """Show what differs between two codebooks, each of a study or in a file."""
    from cxtext.codebook import compare

    differences = compare(_read(old, coder)[0], _read(new, coder)[0])
    _show_differences(differences)
    if differences.empty:
        click.echo("They are the same.")


@command.command("add")
@study_argument
@_code
@click.option("--name", required=True, help="Name of the code.")
@click.option("--definition", default="", help="What it means.")
@click.option("--parent", default="", metavar="CODE", help="Code of the same group under which it comes.")
@click.option("--colour", default="", metavar="#RRGGBB")
@coder_option
def add(study: str, code: str, name: str, definition: str, parent: str, colour: str, coder: str) -> None:
    """Add a code; a group that is not there yet is made, for several codes at a time."""
    from cxtext.codebook import Code, Group, add_code, add_group

    with open_study(study, coder) as project:
        codebook = project.codebook
        group, _, id = code.partition("/")
        if not (group and id):
            raise click.UsageError(f"{code!r} is no place for a code. Write GROUP/CODE, such as kind/idea.")
        both = {"nl": name, "en": name}
        new = Code(
            id, group, both, {"nl": definition, "en": definition} if definition else {}, parent=parent, colour=colour
        )
        if group in {known.id for known in codebook.groups}:
            change = add_code(codebook, new)
        else:
            change = add_group(codebook, Group(group, {"nl": group, "en": group}, (new,)))
    _apply(study, coder, change)


@command.command("rename")
@study_argument
@_code
@click.option("--name", help="New name, for people.")
@click.option("--id", help="New id.")
@click.option("--language", type=click.Choice(["nl", "en"]), help="Of the name; all languages by default.")
@coder_option
def rename(study: str, code: str, name: str | None, id: str | None, language: str | None, coder: str) -> None:
    """Give a code another name, another id, or both."""
    from cxtext.codebook import rename_code

    with open_study(study, coder) as project:
        change = rename_code(project.codebook, code, name=name, id=id, language=language)
    _apply(study, coder, change)


@command.command("move")
@study_argument
@_code
@click.option("--group", help="Group to move it to.")
@click.option("--under", default="", metavar="CODE", help="Code of that group to put it under; to the top by default.")
@coder_option
def move(study: str, code: str, group: str | None, under: str, coder: str) -> None:
    """Move a code, with the codes below it."""
    from cxtext.codebook import move_code

    with open_study(study, coder) as project:
        change = move_code(project.codebook, code, group=group, parent=under.rpartition("/")[2])
    _apply(study, coder, change)


@command.command("merge")
@study_argument
@click.argument("codes", nargs=-1, required=True, metavar="GROUP/CODE...")
@click.option("--into", required=True, metavar="GROUP/CODE", help="Code that gets the codings.")
@coder_option
def merge(study: str, codes: tuple[str, ...], into: str, coder: str) -> None:
    """Make several codes one; codings that become the same become one."""
    from cxtext.codebook import merge_codes

    with open_study(study, coder) as project:
        change = merge_codes(project.codebook, codes, into)
    _apply(study, coder, change)


@command.command("split")
@study_argument
@_code
@click.argument("new", nargs=-1, required=True, metavar="CODE...")
@coder_option
def split(study: str, code: str, new: tuple[str, ...], coder: str) -> None:
    """Make new codes beside a code; its codings stay with it until a person divides them."""
    from cxtext.codebook import Code, split_code

    with open_study(study, coder) as project:
        group = code.partition("/")[0]
        change = split_code(project.codebook, code, [Code(id, group, {"nl": id, "en": id}) for id in new])
    _apply(study, coder, change)


@command.command("remove")
@study_argument
@_code
@click.option("--with-children", is_flag=True, help="The codes below it too.")
@_drop
@coder_option
def remove(study: str, code: str, with_children: bool, drop_codings: bool, coder: str) -> None:
    """Remove a code that has no codings, or with its codings."""
    from cxtext.codebook import remove_code

    with open_study(study, coder) as project:
        change = remove_code(project.codebook, code, with_children=with_children)
    _apply(study, coder, change, drop_codings=drop_codings)


def _apply(study: str, coder: str, change: CodebookChange, *, drop_codings: bool = False) -> None:
    with open_study(study, coder) as project:
        after = project.set_codebook(change, drop_removed=drop_codings)
        click.echo(f"{change.summary} The codebook is at version {project.codebook.version} now.")
    if after.joined or after.dropped:
        click.echo(f"{after.joined} codings became the same as another, {after.dropped} were dropped.")
    for row in after.conflicts.to_dict("records"):
        place = f"{row['document']} {row['start']}-{row['end']}"
        click.echo(f"To decide: {place} has {row['codes']} by {row['coder']}, and {row['group']} allows one code.")


def _read(source: str, coder: str) -> tuple[Codebook, dict[str, int]]:
    """Codebook of a study, with how often each code was used, or of a file."""
    from cxtext.codebook import load_codebook

    if not is_study(source):
        return load_codebook(source), {}
    with open_study(source, coder) as project:
        codings = project.codings()
        used = (codings["group"] + "/" + codings["code"])[codings["status"] != "rejected"].value_counts()
        return project.codebook, {str(path): int(count) for path, count in used.items()}


def _show_differences(differences: pd.DataFrame) -> None:
    for row in differences.to_dict("records"):
        path = row["new"] or row["old"]
        was = f" {row['field']}: {row['before']!r} -> {row['after']!r}" if row["field"] else ""
        click.echo(f"  {row['change']:<10} {path}{was}")
