"""``cxtext accounts``: who may work in a study that is served to a team."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cxtext.cli.studies import is_study, login_name, open_study, study_argument

if TYPE_CHECKING:
    from cxtext.project import Project
    from cxtext.project.accounts import Role

_name = click.argument("name", metavar="NAME")


@click.group("accounts")
def command() -> None:
    """Keep the accounts of a team, which works in one study through cxtext code --host.

    Passwords are asked for, and kept as a hash (argon2id) in the study. Whoever has the study file itself, or the
    password of its server, needs no account.

    \b
    Examples:
      cxtext accounts add Noor study.cxt --role lead
      cxtext accounts add Sem study.cxt --role coder
      cxtext accounts list study.cxt
    """


@command.command("add")
@_name
@study_argument
@click.option(
    "--role", type=click.Choice(["coder", "lead", "reader"]), required=True,
    help="coder codes; lead also changes the codebook and settles; reader only reads.",
)  # fmt: skip
def add(name: str, study: str, role: Role) -> None:
    """Let somebody in, with a password that is asked for. The name is that of their codings.

    \b
    Example:
      cxtext accounts add Sem study.cxt --role coder
    """
    from cxtext.project.accounts import add_account

    with _open(study, name) as project:
        account = add_account(project, name, role, _password(name))
    click.echo(f"{account.name} is a {account.role} of this study now.")


@command.command("list")
@study_argument
def list_(study: str) -> None:
    """Show who has an account, with their role.

    \b
    Example:
      cxtext accounts list study.cxt
    """
    from cxtext.project.accounts import list_accounts

    with _open(study) as project:
        accounts = list_accounts(project)
    for account in accounts:
        click.echo(f"{account.name}  {account.role}  since {account.created[:10]}")
    if not accounts:
        click.echo("There are no accounts yet: cxtext accounts add NAME STUDY --role lead")


@command.command("remove")
@_name
@study_argument
def remove(name: str, study: str) -> None:
    """Let somebody in no more, from this moment; what they coded stays.

    \b
    Example:
      cxtext accounts remove Sem study.cxt
    """
    from cxtext.project.accounts import remove_account

    with _open(study, name) as project:
        remove_account(project, name)
    click.echo(f"{name} has no account any more.")


@command.command("password")
@_name
@study_argument
def password(name: str, study: str) -> None:
    """Give somebody another password, which is asked for; whoever is signed in under this name has to sign in again.

    \b
    Example:
      cxtext accounts password Sem study.cxt
    """
    from cxtext.project.accounts import change_password

    with _open(study, name) as project:
        change_password(project, name, _password(name))
    click.echo(f"{name} has another password now.")


def _open(study: str, name: str = "") -> Project:
    if is_study(name) and not is_study(study):
        raise click.UsageError(f"The name comes before the study: cxtext accounts ... {study} {name}")
    return open_study(study, login_name())


def _password(name: str) -> str:
    from cxtext.project.accounts import SHORTEST, hasher

    hasher()  # before anything is asked
    answer: str = click.prompt(
        f"Password of {name} ({SHORTEST} characters or more)", hide_input=True, confirmation_prompt=True
    )
    return answer
