"""``cxtext letters``: tell respondents what was heard and what happens with it."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cxtext.cli.kept_themes import check_number
from cxtext.cli.options import quiet_option, say, tell_notices
from cxtext.cli.studies import coder_option, open_study, study_argument

if TYPE_CHECKING:
    from cxtext.letters.layout import LetterKind

_KINDS: dict[str, tuple[LetterKind, ...]] = {
    "respondents": ("respondent",),
    "themes": ("theme",),
    "both": ("respondent", "theme"),
}


def _show(context: click.Context, parameter: click.Parameter, kind: LetterKind | None) -> None:
    """Print a template and end."""
    if kind:
        from cxtext.letters import template_text

        click.echo(template_text(kind, language=context.params.get("language") or "nl"), nl=False)
        context.exit()


_file = click.Path(path_type=Path, dir_okay=False)


@click.command("letters")
@study_argument
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path, file_okay=False), help="New folder.")
@click.option(
    "--for", "whom", type=click.Choice(list(_KINDS)), default="both", show_default=True, help="Which letters."
)
@click.option(
    "--format", "formats", multiple=True, type=click.Choice(["html", "docx"]), help="One of them; both by default."
)
@click.option(
    "--language",
    type=click.Choice(["nl", "en"]),
    default="nl",
    show_default=True,
    is_eager=True,
    help="Of the letters.",
)
@click.option("--actions", type=_file, help="Register of actions in a file (csv, xlsx), in place of that of the study.")
@click.option("--template", type=_file, help="Your own template for respondents.")
@click.option("--theme-template", type=_file, help="Your own template for themes.")
@click.option("--sender", default="", metavar="NAME", help="Who signs.")
@click.option("--names", type=_file, help="File with names of people in this project, one per line, to replace.")
@click.option("--themes", "n_themes", type=click.IntRange(2, 60), metavar="N", help="As in cxtext run.")
@click.option("--seed", type=int, default=0, show_default=True, help="As in cxtext run.")
@click.option(
    "--show-template",
    type=click.Choice(["respondent", "theme"]),
    callback=_show,
    expose_value=False,
    is_eager=True,
    help="Print a template to start your own from.",
)
@quiet_option
@coder_option
def command(
    study: str, output: Path, whom: str, formats: tuple[str, ...], language: str, actions: Path | None,
    template: Path | None, theme_template: Path | None, sender: str, names: Path | None, n_themes: int | None,
    seed: int, quiet: bool, coder: str,
) -> None:  # fmt: skip
    """Write a letter to each respondent, and one about each theme: what was heard, and what happens with it.

    A respondent's letter holds only their own words. Personal data in what was said become [persoon] and the like.
    Themes of fewer than 3 respondents get no letter. What happens with it is in the register (cxtext actions).

    \b
    Examples:
      cxtext letters study.cxt -o letters/
      cxtext letters study.cxt -o letters/ --for themes --format docx --sender "Team Wonen"
      cxtext letters --show-template respondent > mine.txt
      cxtext letters study.cxt -o letters/ --template mine.txt
    """  # fmt: skip
    from cxtext.ingest.speakers import label_kind
    from cxtext.letters import make_letters, template_text, write_letters
    from cxtext.letters.writing import FORMATS
    from cxtext.privacy.records import read_names
    from cxtext.project.actions import load_actions, read_actions
    from cxtext.themes import find_themes, restore_themes

    templates: Any = {
        "respondent": template_text("respondent", language=language, path=template),
        "theme": template_text("theme", language=language, path=theme_template),
    }
    known = read_names(names) if names else []
    with open_study(study, coder) as project:
        segments, codings = project.segments(), project.codings_that_count()
        if codings.empty:
            raise click.ClickException(f"Nobody has coded anything yet. Let cxtext: cxtext tag {shlex.quote(study)}")
        register = load_actions(actions) if actions else read_actions(project)
        title = str(project.settings.get("name") or "")
        kept = project.settings.get("themes")
    check_number(kept, n_themes)
    themes = (
        restore_themes(kept, segments, codings).themes
        if kept
        else find_themes(segments, codings, n_themes=n_themes, seed=seed, language=language)
    )
    speakers = segments["speaker"].unique().tolist()
    letters, notices = make_letters(
        segments,
        themes,
        register,
        kinds=_KINDS[whom],
        names=[*known, *(name for name in speakers if name and label_kind(name) is None)],
        study=title,
        sender=sender,
        language=language,
    )
    written = write_letters(letters, output, templates=templates, formats=formats or FORMATS, language=language)
    tell_notices(notices, "Please note:", quiet=quiet)
    if register.empty:
        say("There are no actions: the letters say that nothing was decided. See cxtext actions add.", quiet=quiet)
    click.echo(f"{len(letters)} letters, {len(written)} files: {output}")
