"""Who may come in where a study is served to a team: names, roles, and hashes of passwords."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal, get_args

from sqlalchemy import delete, insert, select, update

from cxtext.errors import MissingExtraError, OptionError
from cxtext.project.database import exclusive, now, told
from cxtext.project.schema import accounts, coders

if TYPE_CHECKING:
    from argon2 import PasswordHasher

    from cxtext.project.view import View

Role = Literal["coder", "lead", "reader"]
ROLES: tuple[Role, ...] = get_args(Role)
#: fewest and most characters of a password
SHORTEST, LONGEST = 12, 200
_LONGEST_NAME = 100


@dataclass(frozen=True)
class Account:
    """Somebody of the team.

    Attributes
    ----------
    name : str
        Also that of the coder.
    role : {"coder", "lead", "reader"}
    password : str
        Its hash (argon2id, with salt and parameters).
    created : str
        Universal time, ISO 8601.
    """

    name: str
    role: Role
    password: str
    created: str


def list_accounts(project: View) -> list[Account]:
    """Accounts of a study, by name."""
    with project._read() as connection:
        return [Account(*row) for row in connection.execute(select(accounts).order_by(accounts.c.id))]


def find_account(project: View, name: str) -> Account | None:
    """The account of a name; None where there is none."""
    with project._read() as connection:
        row = connection.execute(select(accounts).where(accounts.c.id == name)).first()
    return Account(*row) if row else None


def add_account(project: View, name: str, role: Role, password: str) -> Account:
    """Let somebody in.

    Parameters
    ----------
    project : Project
    name : str
        Codings get it. Somebody who coded under this name goes on with these codings.
    role : {"coder", "lead", "reader"}
    password : str

    Returns
    -------
    Account

    Raises
    ------
    OptionError
        The name is taken, by somebody else or by a machine; it, the role or the password cannot be one.
    """
    from cxtext.project.consensus import CONSENSUS

    name = normal(name).strip()
    if not 0 < len(name) <= _LONGEST_NAME or not name.isprintable():
        raise OptionError(f"A name has 1 to {_LONGEST_NAME} characters, all of which can be seen.")
    if role not in ROLES:
        raise OptionError(f"{role!r} is no role. Choose one of {', '.join(ROLES)}.")
    account = Account(name, role, _hashed(password), now())
    with told(project.place), exclusive(project._engine) as connection:
        for taken in connection.execute(select(accounts.c.id)).scalars():
            if taken.casefold() == name.casefold():
                raise OptionError(f"There is an account {taken} already. Give it another password, or remove it first.")
        kind = connection.execute(select(coders.c.kind).where(coders.c.id == name)).scalar()
        if name == CONSENSUS or kind not in (None, "person"):
            raise OptionError(f"{name} is the name of the {kind or CONSENSUS} in this study. Choose another.")
        values = {"id": name, "role": role, "password": account.password, "created": account.created}
        connection.execute(insert(accounts), [values])
    return account


def change_password(project: View, name: str, password: str) -> None:
    """Give an account another password.

    Raises
    ------
    OptionError
        There is no such account, or it cannot be a password.
    """
    values = {"password": _hashed(password)}
    with told(project.place), exclusive(project._engine) as connection:
        changed = connection.execute(update(accounts).where(accounts.c.id == normal(name)).values(values)).rowcount
    _there(project, name, changed)


def remove_account(project: View, name: str) -> None:
    """Let somebody in no more; what they coded stays.

    Raises
    ------
    OptionError
        There is no such account.
    """
    with told(project.place), exclusive(project._engine) as connection:
        removed = connection.execute(delete(accounts).where(accounts.c.id == normal(name))).rowcount
    _there(project, name, removed)


def is_password(account: Account | None, password: str) -> bool:
    """Whether a password is that of an account; that there is none takes as long to find out.

    Parameters
    ----------
    account : Account or None
    password : str

    Returns
    -------
    bool
    """
    hashes = hasher()  # which says what to install, where that is missing
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        hashes.verify(account.password if account else _nobody(), normal(password[:LONGEST]))
    except (VerificationError, InvalidHashError):
        return False
    return account is not None and len(password) <= LONGEST


def normal(text: str) -> str:
    """A name or password in the one form that all keyboards come to: composed (NFC)."""
    return unicodedata.normalize("NFC", text)


def hasher() -> PasswordHasher:
    """What hashes passwords: argon2id with the parameters of RFC 9106 for little memory.

    Raises
    ------
    MissingExtraError
        argon2-cffi is not installed.
    """
    try:
        from argon2 import PasswordHasher
    except ImportError as error:
        raise MissingExtraError("Working with accounts", "team") from error
    return PasswordHasher()


def _hashed(password: str) -> str:
    password = normal(password)
    if not SHORTEST <= len(password) <= LONGEST or len(set(password)) < SHORTEST // 2:
        raise OptionError(f"A password has {SHORTEST} to {LONGEST} characters, not all the same. Four words will do.")
    return hasher().hash(password)


@cache
def _nobody() -> str:
    """A hash that is of no account."""
    return hasher().hash("nobody")


def _there(project: View, name: str, found: int) -> None:
    if not found:
        names = ", ".join(account.name for account in list_accounts(project))
        raise OptionError(f"There is no account {name!r} in this study. There are: {names or 'none'}.")
