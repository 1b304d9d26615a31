"""``cxtext themes``: what respondents speak about, how far that holds, and what people make of it."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from cxtext.cli.kept_themes import brought_back, theme_lines, theme_rows
from cxtext.cli.options import model_option, reading_options, say, table_options, tell_notices
from cxtext.cli.passages import check_documents
from cxtext.cli.studies import coder_option, open_study, studies_in, study_argument
from cxtext.cli.theme_edits import EDITS
from cxtext.cli.theme_names import NAMING
from cxtext.counting import counted

if TYPE_CHECKING:
    import pandas as pd

    from cxtext.themes import IntrusionItem, Themes

F = TypeVar("F", bound=Callable[..., Any])


@click.group("themes")
def command() -> None:
    """Find themes, see whether they hold, and change them; a study keeps what you change.

    \b
    Examples:
      cxtext themes show interviews/
      cxtext themes find study.cxt
      cxtext themes show study.cxt --quotes 3
      cxtext themes rename study.cxt t03 "Lang wachten op de monteur"
      cxtext themes merge study.cxt t04 t07 --into t01
      cxtext themes intrusion study.cxt
      cxtext themes codes study.cxt
      cxtext themes name study.cxt --endpoint http://localhost:11434/v1 --model llama3
    """


for _edit in (*EDITS, *NAMING):
    command.add_command(_edit)


def _finding(function: F) -> F:
    """Add the options that say what to group."""
    for option in (
        click.option("--seed", type=int, default=0, show_default=True, help="The same seed finds the same themes."),
        click.option("-n", "--number", type=click.IntRange(1, 200), metavar="N", help="Of themes; found by default."),
        click.option("--all", "everything", is_flag=True, help="Group all that respondents say, coded or not."),
        click.option(
            "--of", "among", multiple=True, metavar="GROUP/CODE",
            help="Group only segments with this code, such as kind/question; pains, needs and gains by default.",
        ),
    ):  # fmt: skip
        function = option(function)
    return function


@command.command("find")
@study_argument
@_finding
@click.option("--force", is_flag=True, help="Find anew, although people changed the themes that are there.")
@coder_option
def find(
    study: str, among: tuple[str, ...], everything: bool, number: int | None, seed: int, force: bool, coder: str
) -> None:
    """Find the themes of a study and keep them with it.

    Later, cxtext themes show gives new segments their place and proposes new themes; your changes stay.
    """
    from cxtext.themes import keep_themes
    from cxtext.themes.asking import SETTING as PROPOSED

    with open_study(study, coder) as project:
        check_documents(project)
        if (project.settings.get("themes") or {}).get("log") and not force:
            msg = (
                "People changed the themes of this study, which finding anew would lose. See them with "
                f"cxtext themes show {shlex.quote(study)}, or add --force (cxtext undo brings them back)."
            )
            raise click.ClickException(msg)
        themes = _found(
            project.segments(), project.codings_that_count(), among, everything=everything, number=number, seed=seed
        )
        if project.settings.get(PROPOSED):  # their ids are of other themes
            project.set(**{PROPOSED: None})
        keep_themes(project, themes, summary=f"{counted(len(themes.ids), 'theme')} found")
    _show(themes, quotes=1)


@command.command("show")
@click.argument("inputs", nargs=-1, required=True, metavar="STUDY|IN...", type=click.Path(path_type=Path))
@_finding
@click.option("--quotes", type=click.IntRange(0, 5), default=1, show_default=True, help="So many a theme.")
@click.option("--resamples", type=click.IntRange(0, 1000), default=50, show_default=True, help="To see what holds.")
@model_option
@reading_options
@table_options
@coder_option
def show(
    inputs: tuple[Path, ...],
    among: tuple[str, ...],
    everything: bool,
    number: int | None,
    seed: int,
    quotes: int,
    resamples: int,
    model: str,
    as_json: bool,
    output: Path | None,
    force: bool,
    coder: str,
    **reading: Any,
) -> None:
    """List themes with their size and whether they hold: those of a study, or found in files.

    Found again: four fifths of the respondents are drawn again and again and their segments grouped anew; a theme is
    shaky where it often falls apart.
    """
    from cxtext.cli.writers import check_output, write_table
    from cxtext.themes import check_themes
    from cxtext.themes.asking import proposed_names

    proposed: dict[str, str] = {}
    if output:
        check_output(output, force=force, but=[".parquet"])
    if len(inputs) == 1 and (studies := studies_in(inputs)):
        if among or everything or number:
            raise click.UsageError("A study keeps its themes: give --of, --all and --number to cxtext themes find.")
        with open_study(studies[0], coder) as project:
            themes = brought_back(project).themes
            proposed = {t: name for t, name in proposed_names(project).items() if t in themes.ids}
    else:
        segments, codings = _read(inputs, model, reading, tag=not everything)
        themes = _found(segments, codings, among, everything=everything, number=number, seed=seed)
    if as_json or output:
        write_table(theme_rows(themes, check_themes(themes, resamples=resamples)), output)
        return
    _show(themes, quotes=quotes, resamples=resamples)
    for theme, name in proposed.items():
        if theme not in themes.named:
            click.echo(f"A language model proposes for {theme}: {name} (cxtext themes accept)")


@command.command("quotes")
@study_argument
@click.argument("theme", metavar="THEME")
@coder_option
def quotes(study: str, theme: str, coder: str) -> None:
    """Show all that respondents say in a theme (or outliers), with the ids for cxtext themes move.

    Behind a segment stands a second theme that it lies nearly as near to; behind one apart, the nearest.
    """
    from cxtext.errors import OptionError

    with open_study(study, coder) as project:
        themes = brought_back(project).themes
    members = themes.members
    if theme not in set(themes.table["theme"]):
        msg = f"There is no theme {theme!r}. There are: {', '.join(themes.table['theme'])}."
        raise OptionError(msg)
    assert themes.ground is not None
    text = dict(zip(members["segment"], themes.ground.texts, strict=True))
    near = dict(zip(themes.near["segment"], themes.near["theme"], strict=True))
    for row in members[members["theme"] == theme].sort_values("similarity", ascending=False).to_dict("records"):
        id, part = row["segment"], themes.parts.get(row["segment"], "")
        second = click.style(f"  ({near[id]})", dim=True) if id in near else ""
        click.echo(f"{click.style(id, dim=True)}  {part + '  ' if part else ''}{text[id]}{second}")


@command.command("intrusion")
@study_argument
@click.option("--of", type=click.Choice(["terms", "quotes"]), default="terms", show_default=True, help="What to show.")
@click.option("-n", "most", type=click.IntRange(1, 50), default=12, show_default=True, help="Questions.")
@click.option("--seed", type=int, default=0, show_default=True)
@coder_option
def intrusion(study: str, of: Any, most: int, seed: int, coder: str) -> None:
    """Test in two minutes whether you can tell the themes apart: find the one that does not belong.

    Type its number; Enter where you do not know, q to stop.
    """
    from cxtext.themes import make_intrusion_test, score_intrusion_test

    with open_study(study, coder) as project:
        themes = brought_back(project).themes
    items = make_intrusion_test(themes, of=of, most=most, seed=seed)
    if not items:
        raise click.ClickException(f"There are too few themes, or too few {of} in them, for a test.")
    answers: list[int | None] = []
    for at, item in enumerate(items, start=1):
        answer = _answer(item, at, len(items))
        if answer == "q":
            break
        answers.append(int(answer) - 1 if answer else None)
    if not answers:
        raise click.ClickException("There are no answers to score.")
    score = score_intrusion_test(items[: len(answers)], answers, language=themes.language)
    names = dict(zip(themes.table["theme"], themes.table["name"], strict=True))
    click.echo(f"\n{score.verdict} Guessing finds {100 * score.guessing:.0f}%.")
    for theme in score.missed:
        click.echo(f"Look again at {theme}: {names[theme]}")


@command.command("codes")
@study_argument
@click.option("--group", default="theme", show_default=True, help="Group of codes to put them in.")
@coder_option
def codes(study: str, group: str, coder: str) -> None:
    """Make the themes of a study codes of its codebook, and code their segments with them, as suggestions.

    Done again later, names follow and new segments are coded.
    """
    from cxtext.themes import theme_codings, themes_as_codes
    from cxtext.themes.coding import CODER

    with open_study(study, coder) as project:
        themes = brought_back(project).themes
        change = themes_as_codes(project.codebook, themes, group=group)
        project.set_codebook(change)
        codings = theme_codings(themes, project.segments(), group=group)
        run = project.start_run(CODER, {"group": group, "method": themes.method})
        added = project.suggest(codings, list(project.documents()["document"]), coder=CODER, run=run)
    click.echo(f"{change.summary} {counted(added, 'suggestion')}: look at them with cxtext review --group {group}.")


def _found(
    segments: pd.DataFrame,
    codings: pd.DataFrame,
    among: tuple[str, ...],
    *,
    everything: bool,
    number: int | None,
    seed: int,
) -> Themes:
    from cxtext.themes import find_themes

    if everything and among:
        raise click.UsageError("Give --of or --all, not both.")
    chosen: dict[str, Any] = {"among": list(among)} if among or everything else {}
    themes = find_themes(segments, codings, n_themes=number, seed=seed, **chosen)
    if themes.table.empty:
        what = "Respondents say nothing here." if everything else "No segment has one of the codes: group all (--all)."
        raise click.ClickException(f"There are no themes. {what}")
    if not themes.ids:
        raise click.ClickException(themes.method)
    return themes


def _read(
    inputs: tuple[Path, ...], model: str, reading: dict[str, Any], *, tag: bool
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Segments of files, with their codings where these are needed."""
    from cxtext.ingest import read_corpus
    from cxtext.segmentation import segment
    from cxtext.tables import CODINGS, make_table
    from cxtext.tag import Tagger

    corpus = read_corpus(inputs, **reading)
    tell_notices(corpus.skipped, f"Skipped ({len(corpus.skipped)}):")
    if not corpus.documents:
        raise click.ClickException("Nothing could be read. Give files with transcripts or answers, or a folder.")
    segments = segment(corpus)
    return segments, Tagger.load(model).tag(segments).codings if tag else make_table([], CODINGS)


def _show(themes: Themes, *, quotes: int, resamples: int = 50) -> None:
    from cxtext.themes import check_themes

    trust = check_themes(themes, resamples=resamples)
    for line in theme_lines(themes, trust, quotes=quotes):
        click.echo(line)
    say(themes.method)


def _answer(item: IntrusionItem, at: int, of: int) -> str:
    """What a person types: a number of an option, nothing, or q."""
    click.echo(f"\n{at} of {of}. Which one does not belong with the others?")
    for number, option in enumerate(item.options, start=1):
        click.echo(f"  {number}  {option}")
    known = {"", "q", *(str(number) for number in range(1, len(item.options) + 1))}
    while (typed := click.prompt("", default="", show_default=False, prompt_suffix="> ").strip().lower()) not in known:
        click.echo(f"Type a number from 1 to {len(item.options)}, Enter where you do not know, or q to stop.")
    return typed
