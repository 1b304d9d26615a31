"""``cxtext code``: the coding page."""

from __future__ import annotations

from pathlib import Path

import click

from cxtext.cli.studies import coder_option, open_study, study_argument

_file = click.Path(path_type=Path, dir_okay=False, exists=True)


@click.command("code")
@study_argument
@coder_option
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, metavar="PORT",
    help="Serve here; else any free port, and for a team 8443, or 8790 behind a proxy.",
)  # fmt: skip
@click.option("--no-browser", is_flag=True, help="Only print the link; open it yourself.")
@click.option("--host", metavar="NAME", help="Serve a team, whose accounts are in the study, on this name or address.")
@click.option("--tls-cert", type=_file, metavar="FILE", help="For a team: certificate (with its chain), in PEM.")
@click.option("--tls-key", type=_file, metavar="FILE", help="The key of that certificate, in PEM, without a password.")
@click.option("--behind-proxy", default="", metavar="URL", help="Or the address of a reverse proxy: https://name.")
def command(
    study: str,
    coder: str,
    port: int,
    no_browser: bool,
    host: str | None,
    tls_cert: Path | None,
    tls_key: Path | None,
    behind_proxy: str,
) -> None:
    """Open the coding page of a study: read, code with the keyboard, accept or reject suggestions.

    The page is served on this machine only, to the browser that opens the link, which works once. Every change is
    kept at once and can be undone. Ctrl-C ends it.

    A team works in it with --host, each with an account (cxtext accounts), over TLS or behind a reverse proxy.

    \b
    Examples:
      cxtext code study.cxt
      cxtext code study.cxt --coder Noor --no-browser
      cxtext code study.cxt --host study.example.org --tls-cert cert.pem --tls-key key.pem
      cxtext code study.cxt --behind-proxy https://study.example.org
    """
    import webbrowser

    from cxtext.cli.passages import check_documents
    from cxtext.web.server import HOST, Team, serve

    team = None
    if host is not None or tls_cert or tls_key or behind_proxy:
        team = Team(host or HOST, tls_cert, tls_key, behind_proxy)

    def ready(link: str) -> None:
        who = "for who has an account" if team else f"coded by {coder}"
        click.echo(f"{project.name}, {who}: {link}\nCtrl-C ends it; everything is kept already.")
        if not (no_browser or team):
            webbrowser.open(link)

    with open_study(study, coder) as project:
        check_documents(project)
        serve(project, port=port, team=team, ready=ready)
