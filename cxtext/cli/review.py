"""``cxtext review``: suggestions, segments or disagreements, one by one."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import click

from cxtext.cli.passages import Passages, check_documents
from cxtext.cli.studies import coder_option, open_study, sees, study_argument
from cxtext.counting import counted
from cxtext.errors import OptionError

if TYPE_CHECKING:
    import pandas as pd

    from cxtext.project import Project
    from cxtext.project.session import Session

Show = Callable[[Any], str]


@click.command("review")
@study_argument
@click.option(
    "--order", type=click.Choice(["document", "uncertain"]), default="document", show_default=True,
    help="As in the text, or the least certain suggestions first.",
)  # fmt: skip
@click.option("--code", "codes", multiple=True, metavar="CODE", help="Only this code; may be repeated.")
@click.option("--group", "groups", multiple=True, metavar="GROUP", help="Only this group of codes; may be repeated.")
@click.option("--document", "documents", multiple=True, metavar="ID", help="Only this document; may be repeated.")
@click.option("--sample", metavar="NAME", help="Only the segments of a sample; see cxtext sample.")
@click.option("--blind", is_flag=True, help="Code segments yourself: nobody's codings or suggestions are shown.")
@click.option(
    "--disagreements", nargs=2, metavar="CODER CODER", help="Settle where two coders differ; the result is a consensus."
)
@coder_option
def command(
    study: str,
    order: Any,
    codes: tuple[str, ...],
    groups: tuple[str, ...],
    documents: tuple[str, ...],
    sample: str | None,
    blind: bool,
    disagreements: tuple[str, str] | None,
    coder: str,
) -> None:
    """Go over the suggestions in a study: accept, reject or change them, one key each; ? tells the keys.

    Each decision is kept at once, and can be undone. Where there are no suggestions, or with --blind, you code the
    segments that you have not read yet: type codes or their first letters (pain ang), Enter where none holds.

    \b
    Examples:
      cxtext review study.cxt --order uncertain --group kind
      cxtext review study.cxt --sample sample-200-1 --blind --coder Sem
      cxtext review study.cxt --disagreements Noor Sem
    """
    from cxtext.project.lessons import read_whole
    from cxtext.project.names import choose, paths_of
    from cxtext.project.review import suggestions, unread

    if blind and (codes or groups):
        raise click.UsageError("--code and --group choose suggestions, which --blind does not show.")
    if disagreements and (blind or sample or codes or groups or documents):
        raise click.UsageError("--disagreements goes over all that both have read: leave out the other choices.")
    with open_study(study, coder) as project:
        check_documents(project)
        if disagreements:
            _settle(project, *disagreements)
            return
        chosen = _sample(project, sample)
        codes = tuple(paths_of(project.codebook, codes))
        groups = tuple(choose("group", groups, [group.id for group in project.codebook.groups]))
        documents = tuple(choose("document", documents, project.attributes().documents)) if documents else ()
        segments = project.segments(documents or None)
        blind = blind or (sample is not None and bool(project.settings.get("blind")))
        if not blind:
            codings = project.codings(seen_by=sees(project))
            if chosen is not None:
                codings = codings[codings["segment"].isin(chosen)]
            items = suggestions(codings, order=order, codes=codes, groups=groups, documents=documents)
            if items:
                _decide(project, items, may_finish=chosen is None)
                return
            click.echo("There are no suggestions to look at.")
            if codes or groups:
                return
        read = read_whole(segments, project.finished(), project.seen(), {project.coder})
        _code(project, unread(segments, read, sample=chosen), may_finish=chosen is None)


def _sample(project: Project, name: str | None) -> list[str] | None:
    """Segments of a sample; None where none is asked for."""
    samples = project.settings.get("samples", {})
    if name is not None and name not in samples:
        msg = f"There is no sample {name!r}. There are: {', '.join(samples) or 'none'}; cxtext sample draws one."
        raise OptionError(msg)
    return None if name is None else samples[name]


def _decide(project: Project, items: Sequence[Any], *, may_finish: bool) -> None:
    from cxtext.project.session import KEYS, Session, press

    passages, session = Passages(project), Session(project, items, may_finish=may_finish)

    def show(item: Any) -> str:
        evidence = f'  "{item.evidence}"' if item.evidence else ""
        code = click.style(f"{item.group}/{item.code}", bold=True)
        score = f"  {item.score:.2f}" if item.score == item.score else ""
        return f"{passages.place(item)}\n{passages.lines(item)}\n  {code}{score}{evidence}  ({item.coder})"

    _walk(session, show, lambda: press(session, _key(" ".join(KEYS)), _line))


def _code(project: Project, items: Sequence[Any], *, may_finish: bool) -> None:
    from cxtext.project.session import COMMANDS, Session, enter_codes

    passages, session = Passages(project), Session(project, items, may_finish=may_finish)
    own = _own(project.codings(), project.coder)
    if items:
        click.echo(
            f"{counted(len(items), 'segment')} that you have not read yet: type the codes of each, or ? for help."
        )

    def show(item: Any) -> str:
        mine = f"\n  yours: {own[item.segment]}" if item.segment in own else ""
        return f"{passages.place(item)}\n{passages.lines(item)}{mine}"

    _walk(session, show, lambda: enter_codes(session, _line(f"codes ({' '.join(list(COMMANDS)[:5])}):").strip()))


def _own(codings: pd.DataFrame, coder: str) -> dict[str, str]:
    """What a coder gave before, by segment."""
    own = codings[(codings["coder"] == coder) & (codings["status"] == "accepted")]
    given: dict[str, list[str]] = {}
    for row in own.to_dict("records"):
        given.setdefault(row["segment"], []).append(f"{row['group']}/{row['code']}")
    return {segment: ", ".join(codes) for segment, codes in given.items()}


def _settle(project: Project, first: str, second: str) -> None:
    from cxtext.project.consensus import KEYS, choose, compare
    from cxtext.project.session import Session

    disputes, agreed = compare(project, first, second)
    if agreed.codings and project.keep(agreed):
        click.echo(f"In the consensus, as both agree: {counted(len(agreed.codings), 'coding')}.")
    passages, session = Passages(project), Session(project, disputes, may_finish=False)

    def show(dispute: Any) -> str:
        sides = [
            f"  {number} {name}: {', '.join(codes) or 'none'}"
            for number, name, codes in ((1, first, dispute.first), (2, second, dispute.second))
        ]
        head = f"{passages.place(dispute.item)}\n{passages.lines(dispute.item)}"
        return "\n".join([head, f"  {click.style(dispute.item.group, bold=True)}", *sides])

    _walk(session, show, lambda: choose(session, _key(" ".join(KEYS)), _line))


def _walk(session: Session[Any], show: Show, turn: Callable[[], str]) -> None:
    """Show each item of a queue and let a person take turns until its end."""
    shown = None
    while (item := session.item) is not None:
        if item is not shown:
            click.echo(f"\n[{session.at + 1} of {len(session.items)}] {show(item)}")
            shown = item
        try:
            told = turn()
        except OptionError as error:
            told = str(error)
        except (EOFError, KeyboardInterrupt):
            session.ended = True
            told = ""
        if told:
            click.echo(told)
    rest = "Start again to go on." if session.ended else "Nothing is left in this list."
    click.echo(f"\n{counted(session.kept, 'change')} kept. {rest}")


def _key(keys: str) -> str:
    """One key on a terminal, and elsewhere a line of one letter; a longer line may be meant as something else."""
    if not sys.stdin.isatty():
        typed = _line(f"{keys} >").strip().lower()
        if len(typed) > 1:
            msg = f"{typed!r} is more than one key, and nothing was decided. Type one of {keys} on each line."
            raise OptionError(msg)
        return typed
    click.echo(f"{keys} > ", nl=False)
    key = click.getchar()[:1].lower()
    click.echo(key)
    return key


def _line(question: str) -> str:
    """A line of text; the end of the input is an `EOFError`."""
    try:
        answer: str = click.prompt(question, default="", show_default=False, prompt_suffix=" ")
    except click.Abort as error:
        raise EOFError from error
    return answer
