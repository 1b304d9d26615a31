"""What differs between two codebooks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from cxtext.codebook.records import Code, Codebook, Group
from cxtext.tables import TEXT, make_table

if TYPE_CHECKING:
    import pandas as pd

#: columns of a comparison
DIFFERENCES = dict.fromkeys(("change", "old", "new", "field", "before", "after"), TEXT)


def compare(old: Codebook, new: Codebook) -> pd.DataFrame:
    """What differs between two codebooks, such as two versions, or one and the table that a colleague sent back.

    Parameters
    ----------
    old, new : Codebook

    Returns
    -------
    pandas.DataFrame
        A row per difference: ``change`` (``added``, ``removed``, ``renamed``, ``redefined``, ``moved`` or
        ``reordered``), ``old`` and ``new`` (paths, ``group`` or ``group/code``; empty where it was added or removed),
        ``field`` (such as ``definition_nl``), ``before`` and ``after``. No rows where only name or version differ.
        A code that is gone and one that came count as one where they alone have the same id, or in the same group
        the same names.

    Examples
    --------
    >>> from cxtext.codebook import load_codebook, rename_code
    >>> old = load_codebook()
    >>> compare(old, rename_code(old, "kind/pain", id="frustration").codebook).iloc[0].tolist()
    ['renamed', 'kind/pain', 'kind/frustration', 'id', 'pain', 'frustration']
    """
    return make_table((dict(zip(DIFFERENCES, row, strict=True)) for row in _differences(old, new)), DIFFERENCES)


def _differences(old: Codebook, new: Codebook) -> Iterator[tuple[str, ...]]:
    groups = {group.id: group for group in new.groups}
    for group in old.groups:
        if group.id in groups:
            yield from _of_pair(group.id, group.id, _of_group(group), _of_group(groups[group.id]))
        else:
            yield "removed", group.id, "", "", group.name("nl"), ""
    for group in new.groups:
        if group.id not in {g.id for g in old.groups}:
            yield "added", "", group.id, "", "", group.name("nl")
    pairs = matched_codes(old, new)
    codes = {code.path: code for code in new}
    ids = {(code.group, code.id): codes[pairs[code.path]].id for code in old if code.path in pairs}
    for code in old:
        if path := pairs.get(code.path):
            # a parent that got another id is the same parent
            before = _of_code(code) | {"parent": ids.get((code.group, code.parent), code.parent)}
            yield from _of_pair(code.path, path, before, _of_code(codes[path]))
        else:
            yield "removed", code.path, "", "", code.name("nl"), ""
    for code in new:
        if code.path not in pairs.values():
            yield "added", "", code.path, "", "", code.name("nl")
    yield from _reordered(old, new, pairs)


def matched_codes(old: Codebook, new: Codebook) -> dict[str, str]:
    """Codes that are in two codebooks, also where they were moved or renamed.

    Parameters
    ----------
    old, new : Codebook

    Returns
    -------
    dict of str to str
        Old path to new path.

    Examples
    --------
    >>> from cxtext.codebook import load_codebook, move_code
    >>> matched_codes(load_codebook(), move_code(load_codebook(), "kind/pain", group="emotion").codebook)["kind/pain"]
    'emotion/pain'
    """
    pairs = {code.path: code.path for code in old if code.path in {other.path for other in new}}
    for alike in (lambda code: code.id, lambda code: (code.group, *sorted(code.names.items()))):
        gone = [code for code in old if code.path not in pairs]
        come = [code for code in new if code.path not in pairs.values()]
        for code in gone:
            same = [other for other in come if alike(other) == alike(code)]
            if len(same) == 1 and sum(alike(other) == alike(code) for other in gone) == 1:
                pairs[code.path] = same[0].path
    return pairs


def _of_pair(old: str, new: str, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    for field in dict.fromkeys([*before, *after]):
        values = before.get(field, ""), after.get(field, "")
        if values[0] != values[1]:
            yield _kind(field), old, new, field, *values


def _kind(field: str) -> str:
    if field in ("group", "parent"):
        return "moved"
    return "renamed" if field == "id" or field.startswith("name_") else "redefined"


def _of_group(group: Group) -> dict[str, str]:
    flags = {"exclusive": group.exclusive, "experimental": group.experimental}
    return {**_texts("name", group.names), **{field: "yes" if flag else "no" for field, flag in flags.items()}}


def _of_code(code: Code) -> dict[str, str]:
    return {
        "group": code.group, "id": code.id, "parent": code.parent, **_texts("name", code.names),
        **_texts("definition", code.definitions), "examples": "\n".join(code.examples),
        "counter_examples": "\n".join(code.counter_examples), "colour": code.colour,
    }  # fmt: skip


def _texts(field: str, texts: Mapping[str, str]) -> dict[str, str]:
    return {f"{field}_{language}": text for language, text in sorted(texts.items())}


def _reordered(old: Codebook, new: Codebook, pairs: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    """Groups, and codes that stayed in their group, that stand in another order."""
    shared = {group.id for group in old.groups} & {group.id for group in new.groups}
    before, after = ([group.id for group in book.groups if group.id in shared] for book in (old, new))
    yield from _order("", "groups", before, after)
    for id in before:
        stayed = {path: to for path, to in pairs.items() if path.startswith(f"{id}/") and to.startswith(f"{id}/")}
        was = [stayed[code.path] for code in old.group(id).codes if code.path in stayed]
        yield from _order(id, "codes", was, [c.path for c in new.group(id).codes if c.path in stayed.values()])


def _order(place: str, field: str, before: Iterable[str], after: Iterable[str]) -> Iterator[tuple[str, ...]]:
    first, second = "; ".join(before), "; ".join(after)
    if first != second:
        yield "reordered", place, place, field, first, second
