"""``cxtext status``: what a study holds."""

from __future__ import annotations

import json

import click

from cxtext.cli.studies import coder_option, open_study, study_argument

_HEAD = ("coder", "kind", "suggested", "accepted", "rejected", "finished")


@click.command("status")
@study_argument
@coder_option
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def command(study: str, coder: str, as_json: bool) -> None:
    """Show what is in a study, who coded how much, and what was done last.

    \b
    Example:
      cxtext status study.cxt
    """
    from cxtext.project.codings import STATUSES

    with open_study(study, coder) as project:
        counts, codings, finished = project.counts(), project.codings(), project.finished()
        kinds = project.coders
        of = codings.groupby(["coder", "status"]).size().to_dict()
        documents = finished["coder"].value_counts()
        coders = [
            {
                "coder": name,
                "kind": kind,
                **{status: of.get((name, status), 0) for status in STATUSES},
                "finished": int(documents.get(name, 0)),
            }
            for name, kind in kinds.items()
        ]
        codebook = project.codebook
        last = [f"{e.at[:16].replace('T', ' ')}  {e.coder}: {e.action}, {e.summary}" for e in project.log(last=5)]
        name = project.name
    if as_json:
        click.echo(json.dumps({"name": name, "counts": counts, "coders": coders}, ensure_ascii=False, indent=2))
        return
    click.echo(
        f"{name}: {counts['documents']} documents of {counts['cases']} respondents, {counts['segments']} segments; "
        f"codebook {codebook.name}, version {codebook.version}, {len(list(codebook))} codes; {counts['memos']} memos."
    )
    wide = max(len("coder"), *(len(name) for name in kinds))
    for row in (dict(zip(_HEAD, _HEAD, strict=True)), *coders):
        click.echo(f"  {row['coder']!s:<{wide}}  {row['kind']!s:<10}" + "".join(f"{row[c]!s:>11}" for c in _HEAD[2:]))
    click.echo("Last changes (UTC):\n  " + "\n  ".join(last))
