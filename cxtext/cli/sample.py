"""``cxtext sample``: segments for blind double coding."""

from __future__ import annotations

import click

from cxtext.cli.studies import coder_option, open_study, study_argument


@click.command("sample")
@study_argument
@click.option("-n", "how_many", type=click.IntRange(1), default=200, show_default=True, help="How many segments.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed draws the same segments.")
@click.option("--by", metavar="ATTRIBUTE", help="Draw evenly from the values of an attribute of the documents too.")
@click.option("--group", "groups", multiple=True, metavar="GROUP", help="Groups of codes that make the strata.")
@click.option("--name", help="Name of the sample; by default its size and seed.")
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
      cxtext review study.cxt --sample sample-200-1 --blind --coder Sem
    """
    from cxtext.errors import OptionError
    from cxtext.project.lessons import of_kind, on_segments
    from cxtext.project.sampling import draw_sample
    from cxtext.tables import attribute_values

    name = name or f"sample-{how_many}-{seed}"
    with open_study(study, coder) as project:
        samples = project.settings.get("samples", {})
        if name in samples:
            msg = f"There is a sample {name!r} already, and coders may be at it. Give another --name."
            raise OptionError(msg)
        segments, kinds, codings = project.segments(), project.coders, project.codings()
        machine = codings[codings["coder"].isin(of_kind(kinds, "machine"))]
        drawn = draw_sample(
            segments, on_segments(machine, segments), project.codebook, n=how_many, seed=seed, groups=groups,
            by=attribute_values(project.documents(), by) if by else None,
        )  # fmt: skip
        if not drawn.segments:
            msg = "There are no segments to draw from. Add documents first: cxtext add."
            raise OptionError(msg)
        project.set(samples={**samples, name: list(drawn.segments)})
    strata = drawn.strata.replace({"code": {"": "(nothing suggested)"}})
    click.echo((strata if by else strata.drop(columns="value")).to_string(index=False))
    click.echo(f"\n{len(drawn.segments)} segments. Each coder codes them with:")
    click.echo(f"  cxtext review {study} --sample {name} --blind --coder NAME")
