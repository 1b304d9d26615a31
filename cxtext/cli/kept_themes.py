"""The themes that a study keeps: brought back for a command, changed, and shown."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import click

from cxtext.cli.options import say
from cxtext.cli.passages import check_documents
from cxtext.cli.studies import open_study
from cxtext.counting import counted

if TYPE_CHECKING:
    from cxtext.project import Project
    from cxtext.themes import Themes, Trust, Update

_TERMS = 6
_SHOWN_IDS = 5
#: so much lower than before lies what came, on the mean, where a theme drifts
_DRIFT = 0.1


def brought_back(project: Project) -> Update:
    """The themes of a study with what came since; says what that was."""
    from cxtext.themes import restore_themes

    check_documents(project)
    state = project.settings.get("themes")
    if not state:
        raise click.ClickException(f"This study keeps no themes yet: cxtext themes find {shlex.quote(project.place)}")
    found = restore_themes(state, project.segments(), project.codings_that_count())
    for line in news(found):
        say(line)
    return found


def check_number(kept: object, n_themes: int | None) -> None:
    """Refuse a number of themes where a study keeps its own."""
    if kept and n_themes:
        raise click.UsageError("The study keeps its themes: leave out --themes, or cxtext themes find -n N.")


def news(found: Update) -> Iterator[str]:
    """What came to themes and left them since they were kept."""
    if found.added or found.removed:
        yield (
            f"Since these themes were kept {counted(found.added, 'segment')} came, of which {found.apart} fit in no "
            f"theme, and {found.removed} went."
        )
    for row in found.drift.to_dict("records"):
        if row["added"] and row["similarity_added"] < row["similarity_before"] - _DRIFT:
            yield f"{row['theme']} {row['name']} drifts: what came lies further from its middle than what was there."
    for proposal in found.proposals:
        people = counted(proposal.respondents, "respondent")
        yield (
            f"A new theme may be there: {proposal.name} ({counted(len(proposal.segments), 'segment')} of {people}): "
            f"{' '.join(proposal.segments[:_SHOWN_IDS])}"
        )


def change_themes(study: str, coder: str, change: Callable[[Themes], Themes]) -> None:
    """Bring the themes of a study back, change them, keep them with a line in its log, and say what was done."""
    from cxtext.themes import keep_themes

    with open_study(study, coder) as project:
        themes = change(brought_back(project).themes)
        keep_themes(project, themes)
    click.echo(f"{themes.log[-1]} Take it back with cxtext undo {shlex.quote(study)}")


def theme_lines(themes: Themes, trust: Trust, *, quotes: int) -> Iterator[str]:
    """Themes as a list: name, size and verdict, telling terms, sub-themes and best quotes."""
    from cxtext.stats import share_text
    from cxtext.themes import OUTLIERS

    verdicts = dict(zip(trust.table["theme"], trust.table["verdict"], strict=True))
    ranked = themes.members[themes.members["rank"] > 0].sort_values("rank", kind="stable")
    for row in themes.table.to_dict("records"):
        theme = row["theme"]
        share = share_text(row["respondents"], row["of_respondents"], themes.language)
        locked = " (locked)" if theme in themes.locked else ""
        yield f"{click.style(theme, bold=True)}  {click.style(row['name'], bold=True)}{locked}"
        yield f"     {share}, {counted(row['segments'], 'segment')}"
        if theme == OUTLIERS:
            continue
        yield f"     {verdicts[theme]}"
        yield f"     {', '.join(row['terms'].split(', ')[:_TERMS])}"
        for part in themes.subthemes[themes.subthemes["theme"] == theme].to_dict("records"):
            people = counted(part["respondents"], "respondent")
            yield f"     - {part['subtheme']} {part['name']} ({people}, {counted(part['segments'], 'segment')})"
        for segment in ranked.loc[ranked["theme"] == theme, "segment"].head(quotes):
            yield f"     “{themes.quotes[segment]}”"


def theme_rows(themes: Themes, trust: Trust) -> Any:
    """Table of themes with their trust, for a file."""
    from cxtext.tables import TRUST

    own = [name for name in TRUST if name not in {"name", "respondents", "of_respondents"}]
    return themes.table.merge(trust.table[own], on="theme", how="left")
