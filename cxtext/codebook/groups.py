"""Changes to the groups of a codebook."""

from __future__ import annotations

from dataclasses import replace

from cxtext.codebook.changes import CodebookChange, checked, find_group, with_group
from cxtext.codebook.records import Codebook, Group
from cxtext.errors import OptionError


def add_group(codebook: Codebook, group: Group) -> CodebookChange:
    """Put a group at the end of the codebook.

    Raises
    ------
    OptionError
        There is one with its id, or its parts do not fit together.
    """
    return checked(replace(codebook, groups=(*codebook.groups, group)), {}, f"Added the group {group.id}.")


def rename_group(codebook: Codebook, id: str, *, name: str, language: str | None = None) -> CodebookChange:
    """Give a group of codes another name; its id, and with it the paths of its codes, stay.

    Parameters
    ----------
    codebook : Codebook
    id : str
        Of the group.
    name : str
    language : str, optional
        Of the name; every language that the group has where it is left out.

    Returns
    -------
    CodebookChange
        No coding moves.

    Raises
    ------
    OptionError
        There is no such group.

    Examples
    --------
    >>> from cxtext.codebook import load_codebook
    >>> change = rename_group(load_codebook(), "kind", name="Uitspraak", language="nl")
    >>> change.codebook.group("kind").name("nl"), dict(change.moved)
    ('Uitspraak', {})
    """
    group = find_group(codebook, id)
    new = replace(group, names={**group.names, **dict.fromkeys([language] if language else group.names, name)})
    return checked(with_group(codebook, new), {}, f'Renamed the group {id} to "{name}".')


def remove_group(codebook: Codebook, id: str) -> CodebookChange:
    """Take a group out with all its codes.

    Raises
    ------
    OptionError
        There is no such group, or it is the only one.

    Examples
    --------
    >>> from cxtext.codebook import load_codebook
    >>> change = remove_group(load_codebook(), "kind")
    >>> change.moved["kind/pain"], change.summary
    ('', 'Removed the group kind.')
    """
    group = find_group(codebook, id)
    if len(codebook.groups) == 1:
        raise OptionError(f"{id} is the only group. Add another one first, as a codebook needs one.")
    gone = {code.path: "" for code in group.codes}
    groups = tuple(one for one in codebook.groups if one is not group)
    return checked(replace(codebook, groups=groups), gone, f"Removed the group {id}.")
