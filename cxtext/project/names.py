"""What is meant by the names that people type."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from cxtext.codebook import Codebook
from cxtext.errors import OptionError


def some(names: Sequence[str], total: int) -> str:
    """Names, and how many more there are.

    Examples
    --------
    >>> some(["Noor", "Sem"], 5)
    'Noor, Sem and 3 more'
    """
    return (", ".join(names) or "none") + (f" and {total - len(names)} more" if total > len(names) else "")


def choose(what: str, wanted: Iterable[str], known: Iterable[str], *, listed: Sequence[str] | None = None) -> list[str]:
    """Find what is meant by names that somebody typed, whatever their case.

    Parameters
    ----------
    what : str
        What the names are of, for the error.
    wanted, known : iterable of str
    listed : sequence of str, optional
        What there is, for the error, where things have several names; by default what is known.

    Returns
    -------
    list of str
        Of what is known.

    Raises
    ------
    OptionError
        A name is not known; what is near to it is named.

    Examples
    --------
    >>> choose("coder", ["noor"], ["Noor", "Sem"])
    ['Noor']
    """
    names = list(dict.fromkeys(known))
    by_fold: dict[str, list[str]] = {}
    for name in names:
        by_fold.setdefault(name.casefold(), []).append(name)
    chosen = []
    for one in wanted:
        found = [one] if one in names else by_fold.get(one.casefold(), [])
        if not found:
            there = sorted(names) if listed is None else listed
            near = get_close_matches(one, names, n=3) or there[:10]
            msg = f"There is no {what} {one!r} in the study. There is: {some([*map(repr, near)], len(there))}."
            raise OptionError(msg)
        chosen += found
    return chosen


def paths_of(codebook: Codebook, codes: Iterable[str]) -> set[str]:
    """Find the codes that are meant.

    Parameters
    ----------
    codebook : Codebook
    codes : iterable of str
        ``group/code``, a group or a code alone, or the name of a code in Dutch or English.

    Returns
    -------
    set of str
        As ``group/code``.

    Raises
    ------
    OptionError
        The codebook has no such code.

    Examples
    --------
    >>> from cxtext import load_codebook
    >>> paths_of(load_codebook(), ["Pijn"])
    {'kind/pain'}
    """
    by_name: dict[str, set[str]] = {}
    paths = [code.path for code in codebook]
    for code in codebook:
        for name in (code.path, code.group, code.id, *code.names.values()):
            by_name.setdefault(name, set()).add(code.path)
    return {path for name in choose("code", codes, by_name, listed=paths) for path in by_name[name]}
