"""What is meant by the names that people type."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from cxtext.codebook import Codebook
from cxtext.errors import OptionError


def choose(what: str, wanted: Iterable[str], known: Iterable[str]) -> list[str]:
    """Find what is meant by names that somebody typed, whatever their case.

    Parameters
    ----------
    what : str
        What the names are of, for the error.
    wanted, known : iterable of str

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
            near = get_close_matches(one, names, n=3) or sorted(names)[:10]
            msg = f"There is no {what} {one!r} in the study. There is: {', '.join(map(repr, near)) or 'none'}."
            raise OptionError(msg)
        chosen += found
    return chosen


def paths_of(codebook: Codebook, codes: Iterable[str]) -> set[str]:
    """Find the codes that are meant.

    Parameters
    ----------
    codebook : Codebook
    codes : iterable of str
        ``group/code``, a group or a code alone.

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
    >>> paths_of(load_codebook(), ["pain"])
    {'kind/pain'}
    """
    by_name: dict[str, set[str]] = {}
    for code in codebook:
        for name in (code.path, code.group, code.id):
            by_name.setdefault(name, set()).add(code.path)
    return {path for name in choose("code", codes, by_name) for path in by_name[name]}
