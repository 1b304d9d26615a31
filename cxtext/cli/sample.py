"""``cxtext sample``: segments for blind double coding."""

from __future__ import annotations

import shlex

import click

from cxtext.cli.options import say
from cxtext.cli.passages import check_documents
from cxtext.cli.studies import coder_option, open_study, study_argument
from cxtext.counting import counted


@click.command("sample")
@study_argument
@click.option("-n", "how_many", type=click.IntRange(1), default=200, show_default=True, help="How many segments.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed draws the same segments.")
@click.option("--by", metavar="ATTRIBUTE", help="Draw evenly from the values of an attribute of the documents too.")
@click.option("--group", "groups", multiple=True, metavar="GROUP", help="Groups of codes that make the strata.")
@click.option("--name", help="Name of the sample; by default its size, seed, attribute and groups.")
@coder_option
def command(
    study: str, how_many: int, seed: int, by: str | None, groups: tuple[str, ...], name: str | None, coder: str
) -> None:
    """Draw a stratified sample for blind double coding, and keep it in the study.

    As many segments of each suggested code as there are, up to an equal share; a quarter of the sample has no
    suggestion, so that it shows what the machine misses. Tag the study first.

    \b
    Examples:
      cxtext sample study.cxt -n 200 --seed 1 --by leeftijd
      cxtext review study.cxt --sample sample-200-1-leeftijd --blind --coder Sem
    """
    from cxtext.errors import OptionError
    from cxtext.project.lessons import of_kind, on_segments
    from cxtext.project.sampling import draw_sample
    from cxtext.tables import attribute_values

    with open_study(study, coder) as project:
        check_documents(project)
        segments, codings = project.segments(), project.codings()
        machines = of_kind(project.coders, "machine")
        machine = codings[codings["coder"].isin(machines)]
        tagged = not machines.isdisjoint([*machine["coder"], *project.finished()["coder"]])
        drawn = draw_sample(
            segments, on_segments(machine, segments), project.codebook, n=how_many, seed=seed, groups=groups,
            by=attribute_values(project.documents(), by) if by else None,
        )  # fmt: skip
        if not drawn.segments:
            msg = "There are no segments to draw from: respondents say nothing in the documents of this study."
            raise OptionError(msg)
        name = name or "-".join(["sample", str(len(drawn.segments)), str(seed), *([by] if by else []), *groups])
        samples = project.settings.get("samples", {})
        if name in samples:
            msg = f"There is a sample {name!r} already, and coders may be at it. Give another --name."
            raise OptionError(msg)
        project.set(samples={**samples, name: list(drawn.segments)})
    if not tagged:
        say(
            f"The machine has not tagged this study (cxtext tag {shlex.quote(study)}), so that the sample is not "
            "stratified by code."
        )
    if len(drawn.segments) < how_many:
        say(f"The study has no more segments to draw: {how_many} were asked for.")
    strata = drawn.strata.replace({"code": {"": "(nothing suggested)" if tagged else "(not tagged)"}})
    click.echo((strata if by else strata.drop(columns="value")).to_string(index=False))
    click.echo(f"\n{counted(len(drawn.segments), 'segment')}. Each coder codes with:")
    click.echo(f"  cxtext review {shlex.quote(study)} --sample {shlex.quote(name)} --blind --coder NAME")
