"""``cxtext bias``: the machine against people, by an attribute of respondents."""

from __future__ import annotations

from pathlib import Path

import click

from cxtext.cli.options import say
from cxtext.cli.studies import coder_option, open_study, study_argument


@click.command("bias")
@study_argument
@click.option("--by", "attribute", required=True, metavar="ATTRIBUTE", help="Attribute of the documents to compare by.")
@click.option("--split", type=float, metavar="NUMBER", help="For numbers, such as an age: compare below and above it.")
@click.option("--people", "names", multiple=True, metavar="NAME", help="Coders to trust; all people by default.")
@click.option("--machine", metavar="NAME", help="Name of the machine coder; see cxtext status.")
@click.option("--seed", type=int, default=0, show_default=True, help="Of the bootstrap.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="All figures in a file: csv, xlsx, ...")
@click.option("--force", is_flag=True, help="Replace the output where it is there already.")
@coder_option
def command(
    study: str,
    attribute: str,
    split: float | None,
    names: tuple[str, ...],
    machine: str | None,
    seed: int,
    output: Path | None,
    force: bool,
    coder: str,
) -> None:
    """See whether the machine misses more, or is wrong more often, for some groups of respondents.

    It compares the machine with people on segments that both have read. Recall: how much of what people coded did the
    machine find; precision: how much of what it coded is right. Where the consensus decided, that is what people said.

    \b
    Examples:
      cxtext bias study.cxt --by leeftijd --split 65
      cxtext bias study.cxt --by wijk --people Noor --machine "cxtext standard 1"
    """
    from cxtext.bias import BIAS, VERDICTS, bias_check
    from cxtext.cli.writers import check_output, write_rows
    from cxtext.errors import OptionError
    from cxtext.project.lessons import decided_by_people, of_kind, on_segments, read_whole, settled

    if output:
        check_output(output, force=force)
    with open_study(study, coder) as project:
        kinds = project.coders
        machines = sorted(of_kind(kinds, "machine"))
        people = set(kinds).difference(machines)
        if unknown := sorted(set(names) - people):
            msg = f"{unknown[0]!r} is nobody who codes here. There are: {', '.join(sorted(people))}."
            raise OptionError(msg)
        if machine not in machines and (machine or len(machines) != 1):
            msg = f"Name the machine with --machine. There are: {', '.join(machines) or 'none; run cxtext tag first'}."
            raise OptionError(msg)
        machine, people = machine or machines[0], set(names) or people
        segments, documents = project.segments(), project.documents()
        marks = segments, project.finished(), project.seen()
        both = segments[segments["segment"].isin(read_whole(*marks, people) & read_whole(*marks, {machine}))]
        codings = on_segments(project.codings(), segments)
    said = decided_by_people(codings, kinds)
    figures = bias_check(
        settled(said[said["coder"].isin(people)], kinds), codings[codings["coder"] == machine], both, documents,
        attribute=attribute, split=split, seed=seed,
    )  # fmt: skip
    told = figures[figures["verdict"] != VERDICTS[0]]
    click.echo(f"{len(both)} segments of {both['document'].nunique()} documents that {machine} and people have read.")
    if len(told):
        click.echo(told.round(2).to_string(index=False, na_rep="-"))
        click.echo(
            f"{len(told)} comparisons; of these about {0.05 * len(told):.0f} would differ by chance where nothing does."
        )
    click.echo(f"{len(figures) - len(told)} more rest on too few codings or respondents to say anything.")
    found = figures[figures["measure"] == "recall"]
    if prompted := int(found["prompted"].sum()):
        click.echo(
            f"{prompted} of {found['n'].sum()} codings by people are suggestions that they accepted, which flatters "
            "the machine: a blind sample (cxtext sample) is a fairer judge."
        )
    if output:
        write_rows(({str(k): v for k, v in row.items()} for row in figures.to_dict("records")), output, list(BIAS))
        say(f"{len(figures)} rows: {output}")
