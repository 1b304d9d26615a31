"""Reliability data: what each coder gives each segment, turn, document or character of the documents they coded."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from cxtext.codebook import Codebook, load_codebook
from cxtext.errors import OptionError
from cxtext.overlaps import in_order, overlaps
from cxtext.tables import TEXT, attribute_name, make_table

UnitKind = Literal["segment", "turn", "document", "character"]
UNITS: tuple[UnitKind, ...] = ("segment", "turn", "document", "character")
PLACES = {
    "document": TEXT, "case": TEXT, "segment": TEXT, "start": "int64", "end": "int64", "size": "int64",
}  # fmt: skip
CODED = {"document": TEXT, "coder": TEXT}


@dataclass(frozen=True)
class Judgements:
    """What each coder gives each unit, in one group of codes.

    Attributes
    ----------
    group : str
    places : pandas.DataFrame
        One row per unit that at least two coders judged: ``document``, ``case``, ``segment`` (the first one),
        ``start``, ``end``, ``size`` (1, or how many characters a row stands for), ``first`` and ``last`` (row numbers
        of its segments in `in_order`).
    coders, codes : tuple of str
        Who and what: the axes of the arrays.
    exclusive : bool
        Each coder gives a unit at most one code.
    judged : array of bool, shape (units, coders)
        Who did the document of the unit.
    held : array of bool, shape (units, coders, codes)
    several : int
        Units to which a coder of an exclusive group gave several codes; the one with most characters counts.
    outside : int
        Codings that lie in no unit, such as those of what an interviewer says.
    """

    group: str
    places: pd.DataFrame
    coders: tuple[str, ...]
    codes: tuple[str, ...]
    exclusive: bool
    judged: np.ndarray
    held: np.ndarray
    several: int
    outside: int


def units(
    codings: pd.DataFrame,
    segments: pd.DataFrame,
    *,
    group: str,
    codebook: Codebook | None = None,
    coders: Collection[str] | None = None,
    unit: UnitKind = "segment",
    coded: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Reliability data of one group of codes: one row per unit, ready for any program that computes agreement.

    A coding counts for every unit it overlaps; rejected ones are left out. What an interviewer says is no unit.

    Parameters
    ----------
    codings, segments : pandas.DataFrame
        Tables `cxtext.tables.CODINGS` and `cxtext.tables.SEGMENTS`.
    group : str
    codebook : Codebook, optional
        The default codebook where it is left out; a group that it does not have may give several codes to a unit.
    coders : collection of str, optional
        Whom to compare; those who used the group where it is left out.
    unit : {"segment", "turn", "document", "character"}
        Of characters one row is a stretch within which nothing changes, with its ``size``.
    coded : pandas.DataFrame, optional
        Columns ``document`` and ``coder``: who finished what. The documents in which a coder has at least one coding
        where it is left out.

    Returns
    -------
    pandas.DataFrame
        ``document``, ``case``, ``segment`` (the first one), ``start``, ``end``, ``size``; then for an exclusive group
        on segments and characters a column per coder with the code or ``""``, and else a column per coder and code,
        such as ``"anna/pain"``, with 1 or 0. Missing where the coder did not code the document; only units that at
        least two coders judged.

    Raises
    ------
    OptionError
        Fewer than two coders, no document that two of them coded, or an option that cannot be used.

    Examples
    --------
    >>> from cxtext.tables import CODINGS, SEGMENTS
    >>> said = make_table([{"segment": "i1:0", "document": "i1", "start": 0, "end": 9, "position": 0, "turn": 0,
    ...                     "text": "Het duurt."}], SEGMENTS)
    >>> codings = make_table([{"document": "i1", "start": 0, "end": 9, "group": "kind", "code": "pain", "coder": coder,
    ...                        "status": "accepted"} for coder in ("anna", "bram")], CODINGS)
    >>> units(codings, said, group="kind").loc[0, ["anna/pain", "bram/pain"]].tolist()
    [1.0, 1.0]
    """
    found = judgements(codings, segments, group=group, codebook=codebook, coders=coders, unit=unit, coded=coded)
    table = found.places[list(PLACES)].copy()
    for i, coder in enumerate(found.coders):
        judged = found.judged[:, i]
        if found.exclusive:
            names = np.array(["", *found.codes], dtype=object)
            given = names[np.where(found.held[:, i].any(axis=1), found.held[:, i].argmax(axis=1) + 1, 0)]
            table[attribute_name(coder, PLACES)] = pd.Series(given, dtype=TEXT).where(judged)
        else:
            for k, code in enumerate(found.codes):
                table[f"{coder}/{code}"] = np.where(judged, found.held[:, i, k].astype(float), np.nan)
    return table


def judgements(
    codings: pd.DataFrame,
    segments: pd.DataFrame,
    *,
    group: str,
    codebook: Codebook | None = None,
    coders: Collection[str] | None = None,
    unit: UnitKind = "segment",
    coded: pd.DataFrame | None = None,
) -> Judgements:
    """`units` as arrays; parameters and errors are the same.

    Returns
    -------
    Judgements
    """
    if unit not in UNITS:
        msg = f"There is no unit {unit!r}. Choose one of: {', '.join(UNITS)}."
        raise OptionError(msg)
    every = sorted(codings["coder"].unique())
    own = codings[(codings["group"] == group) & (codings["status"] != "rejected")]
    named = who(codings, coders, coded)
    taking_part = named if coders is not None else tuple(c for c in named if c in set(own["coder"].unique()))
    if len(taking_part) < 2:
        known = f"Coders in the codings: {', '.join(every) or 'none'}."
        msg = (
            f"Agreement on {group!r} needs two coders, and {', '.join(taking_part) or 'nobody'} used it. {known} Have "
            "a second person (or the machine) code the same documents, or name with coders= who coded nothing there."
        )
        raise OptionError(msg)
    done = finished(codings, taking_part, coded)
    common = done.index[done.sum(axis=1) >= 2]
    ordered = in_order(segments[segments["document"].isin(common)])
    said = ordered[ordered["role"] != "interviewer"]
    if said.empty:
        counts = "; ".join(f"{coder}: {int(done[coder].sum())}" for coder in taking_part)
        msg = (
            f"There is no document with segments that two coders of {group!r} have both coded (documents of {counts}). "
            "Have them code the same documents, and check that the ids of documents in codings and segments are equal."
        )
        raise OptionError(msg)
    own = own[own["document"].isin(common) & own["coder"].isin(taking_part)]
    places = _places(said, own, unit)
    codes, exclusive = _codes(own, group, codebook or load_codebook())
    exclusive = exclusive and unit in ("segment", "character")
    row, of = overlaps(own, places)
    length = np.minimum(own["end"].to_numpy()[of], places["end"].to_numpy()[row])
    length -= np.maximum(own["start"].to_numpy()[of], places["start"].to_numpy()[row])
    covered = np.zeros((len(places), len(taking_part), len(codes)))
    at = [pd.Categorical(own[name], known).codes for name, known in (("coder", taking_part), ("code", codes))]
    np.add.at(covered, (row, at[0][of], at[1][of]), length)
    held = covered > 0
    several = int((held.sum(axis=2) > 1).any(axis=1).sum()) if exclusive else 0
    if exclusive and codes:
        held &= np.arange(len(codes)) == covered.argmax(axis=2)[:, :, None]
    judged = done.loc[places["document"]].to_numpy()
    return Judgements(
        group, places, taking_part, codes, exclusive, judged, held & judged[:, :, None], several,
        len(own) - len(np.unique(of)),
    )  # fmt: skip


def who(codings: pd.DataFrame, coders: Collection[str] | None, coded: pd.DataFrame | None) -> tuple[str, ...]:
    """Coders to compare, in order of their names.

    Parameters
    ----------
    codings : pandas.DataFrame
    coders : collection of str or None
        Those of whom there are codings, or who finished a document, where it is None.
    coded : pandas.DataFrame or None

    Returns
    -------
    tuple of str

    Raises
    ------
    OptionError
        A coder is named of whom nothing is known, or `coded` lacks a column.
    """
    if coded is not None and not set(CODED) <= set(coded.columns):
        msg = (
            f"The table of who coded what has columns {list(coded.columns)}. It needs {list(CODED)}: one row for each."
        )
        raise OptionError(msg)
    known = set(codings["coder"].unique()) | set(() if coded is None else coded["coder"])
    unknown = sorted(set(coders or ()) - known)
    if unknown:
        msg = f"There are no codings of {', '.join(unknown)}. Choose from: {', '.join(sorted(known)) or 'nobody'}."
        raise OptionError(msg)
    return tuple(sorted(known if coders is None else set(coders)))


def finished(codings: pd.DataFrame, coders: Sequence[str], coded: pd.DataFrame | None) -> pd.DataFrame:
    """Which documents each coder did.

    Parameters
    ----------
    codings : pandas.DataFrame
    coders : sequence of str
    coded : pandas.DataFrame or None
        The documents in which a coder has at least one coding, of any group and status, where it is None.

    Returns
    -------
    pandas.DataFrame
        Truth values: documents down, coders across.
    """
    rows = (codings if coded is None else coded)[list(CODED)].drop_duplicates()
    rows = rows[rows["coder"].isin(coders)]
    return pd.crosstab(rows["document"], rows["coder"]).reindex(columns=list(coders), fill_value=0).astype(bool)


def _places(said: pd.DataFrame, codings: pd.DataFrame, unit: UnitKind) -> pd.DataFrame:
    """One row per unit, from segments of `in_order`."""
    said = said.assign(first=said.index, last=said.index, size=1)
    if unit in ("turn", "document"):
        by = ["document", "turn"] if unit == "turn" else ["document"]
        said = said.groupby(by, sort=False, as_index=False).agg(
            case=("case", "first"), segment=("segment", "first"), start=("start", "min"), end=("end", "max"),
            first=("first", "min"), last=("last", "max"), size=("size", "first"),
        )  # fmt: skip
    if unit == "character":
        said = _stretches(said, codings)
    places = make_table({name: said[name].tolist() for name in PLACES}, PLACES)
    return places.assign(first=said["first"].to_numpy(), last=said["last"].to_numpy())


def _stretches(said: pd.DataFrame, codings: pd.DataFrame) -> pd.DataFrame:
    """Segments cut wherever a coding begins or ends."""
    row, of = overlaps(codings, said)
    starts, ends = said["start"].to_numpy(), said["end"].to_numpy()
    cuts = [(np.arange(len(said)), starts), (np.arange(len(said)), ends)]
    cuts += [(row, np.clip(codings[side].to_numpy()[of], starts[row], ends[row])) for side in ("start", "end")]
    pairs = np.unique(np.stack([np.concatenate(part) for part in zip(*cuts, strict=True)], axis=1), axis=0)
    same = pairs[1:, 0] == pairs[:-1, 0]
    pieces = said.iloc[pairs[:-1][same][:, 0]].reset_index(drop=True)
    begin, stop = pairs[:-1][same][:, 1], pairs[1:][same][:, 1]
    return pieces.assign(start=begin, end=stop, size=stop - begin)


def _codes(codings: pd.DataFrame, group: str, codebook: Codebook) -> tuple[tuple[str, ...], bool]:
    """Codes of a group, those of the codebook before those that only the codings have; and whether it is exclusive."""
    used = set(codings["code"].unique())
    known = next((g for g in codebook.groups if g.id == group), None)
    listed = [code.id for code in known.codes] if known else []
    return (*listed, *sorted(used - set(listed))), bool(known and known.exclusive)
