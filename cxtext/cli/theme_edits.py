"""Changes of themes: rename, merge, split, move, drop, lock and unlock."""

from __future__ import annotations

import click

from cxtext.cli.kept_themes import change_themes
from cxtext.cli.studies import coder_option, study_argument

_theme = click.argument("theme", metavar="THEME")


@click.command("rename")
@study_argument
@_theme
@click.argument("name")
@coder_option
def rename(study: str, theme: str, name: str, coder: str) -> None:
    """Give a theme a name of your own, that nothing takes away.

    \b
    Example:
      cxtext themes rename study.cxt t03 "Lang wachten op de monteur"
    """
    from cxtext.themes import rename_theme

    change_themes(study, coder, lambda themes: rename_theme(themes, theme, name))


@click.command("merge")
@study_argument
@click.argument("themes", nargs=-1, required=True, metavar="THEME...")
@click.option("--into", required=True, metavar="THEME", help="The theme that stays.")
@coder_option
def merge(study: str, themes: tuple[str, ...], into: str, coder: str) -> None:
    """Make one theme of several; what they were become its sub-themes.

    \b
    Example:
      cxtext themes merge study.cxt t04 t07 --into t01
    """
    from cxtext.themes import merge_themes

    change_themes(study, coder, lambda known: merge_themes(known, themes, into=into))


@click.command("split")
@study_argument
@_theme
@click.option("--into", type=click.IntRange(2), metavar="N", help="How many; its sub-themes by default.")
@coder_option
def split(study: str, theme: str, into: int | None, coder: str) -> None:
    """Make several themes of one; its largest part keeps its name."""
    from cxtext.themes import split_theme

    change_themes(study, coder, lambda themes: split_theme(themes, theme, into=into))


@click.command("move")
@study_argument
@click.argument("segments", nargs=-1, required=True, metavar="SEGMENT...")
@click.option("--to", metavar="THEME", help="Where to; outliers takes them out of every theme. Else a new theme.")
@click.option("--name", default="", help="Of the new theme.")
@coder_option
def move(study: str, segments: tuple[str, ...], to: str | None, name: str, coder: str) -> None:
    """Put segments in another theme, or in a new one; cxtext themes quotes shows their ids.

    \b
    Examples:
      cxtext themes move study.cxt energie_01#0012 --to t02
      cxtext themes move study.cxt energie_01#0012 answers#7#0001 --name "Warmtepomp"
    """
    from cxtext.themes import move_segments

    if to and name:
        raise click.UsageError("--name is for a new theme: leave out --to, or rename the theme with themes rename.")
    change_themes(study, coder, lambda themes: move_segments(themes, segments, to=to, name=name))


@click.command("drop")
@study_argument
@_theme
@coder_option
def drop(study: str, theme: str, coder: str) -> None:
    """Take a theme away; its segments lie apart then."""
    from cxtext.themes import drop_theme

    change_themes(study, coder, lambda themes: drop_theme(themes, theme))


@click.command("lock")
@study_argument
@_theme
@coder_option
def lock(study: str, theme: str, coder: str) -> None:
    """Keep a theme as it is: no change but what respondents say anew."""
    from cxtext.themes import lock_theme

    change_themes(study, coder, lambda themes: lock_theme(themes, theme))


@click.command("unlock")
@study_argument
@_theme
@coder_option
def unlock(study: str, theme: str, coder: str) -> None:
    """Free a locked theme."""
    from cxtext.themes import lock_theme

    change_themes(study, coder, lambda themes: lock_theme(themes, theme, locked=False))


EDITS = (rename, merge, split, move, drop, lock, unlock)
