"""A stratified sample of segments for blind double coding."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from cxtext.errors import OptionError
from cxtext.tables import make_table

if TYPE_CHECKING:
    import pandas as pd

    from cxtext.codebook import Codebook

#: share of the sample that goes to segments without a suggestion: what a machine misses is among them
UNSUGGESTED = 0.25
STRATA = {"code": "str", "value": "str", "segments": "int64", "drawn": "int64"}


@dataclass(frozen=True)
class Sample:
    """Segments that were drawn.

    Attributes
    ----------
    segments : tuple of str
        Ids, in an order that tells nothing of their strata.
    strata : pandas.DataFrame
        Per ``code`` (empty: nothing suggested) and ``value`` of the attribute: how many ``segments`` there are, and
        how many were ``drawn``.
    """

    segments: tuple[str, ...]
    strata: pd.DataFrame


def draw_sample(
    segments: pd.DataFrame,
    suggested: pd.DataFrame,
    codebook: Codebook,
    *,
    n: int,
    seed: int,
    by: Mapping[str, str] | None = None,
    groups: Collection[str] = (),
) -> Sample:
    """Draw segments, as many from each stratum as there are, up to an equal share.

    A segment is in the stratum of the rarest code that a machine suggested for it, so that rare codes are seen too; a
    quarter of the sample is of segments for which nothing was suggested.

    Parameters
    ----------
    segments : pandas.DataFrame
        `cxtext.tables.SEGMENTS`.
    suggested : pandas.DataFrame
        `cxtext.tables.CODINGS` of machines, on segments.
    codebook : Codebook
    n : int
        How many.
    seed : int
    by : Mapping[str, str], optional
        Value of an attribute for each document: strata are parted by it too.
    groups : collection of str
        Groups of codes that make strata. Where there are none given: those of which a segment can have several codes,
        as the others have one for every segment; if all are of that kind, all.

    Returns
    -------
    Sample
        Of fewer than `n` segments where there are not so many.

    Raises
    ------
    OptionError
        There is no such group.
    """
    if unknown := set(groups) - {group.id for group in codebook.groups}:
        msg = f"The codebook has no group {', '.join(sorted(unknown))}. It has: {', '.join(_ids(codebook))}."
        raise OptionError(msg)
    chosen = set(groups) or {group.id for group in codebook.groups if not group.exclusive} or set(_ids(codebook))
    strata: dict[tuple[str, str], list[str]] = {}
    rarest = _rarest(suggested[suggested["group"].isin(chosen)])
    for segment, document in zip(segments["segment"], segments["document"], strict=True):
        strata.setdefault((rarest.get(segment, ""), (by or {}).get(document, "")), []).append(segment)
    shares = _shares({stratum: len(ids) for stratum, ids in strata.items()}, n)
    random = Random(seed)
    drawn = [segment for stratum in sorted(strata) for segment in random.sample(strata[stratum], shares[stratum])]
    random.shuffle(drawn)
    rows = [
        {"code": code, "value": value, "segments": len(strata[code, value]), "drawn": shares[code, value]}
        for code, value in sorted(strata)
    ]
    return Sample(tuple(drawn), make_table(rows, STRATA))


def _ids(codebook: Codebook) -> list[str]:
    return [group.id for group in codebook.groups]


def _rarest(suggested: pd.DataFrame) -> dict[str, str]:
    """Of each segment the code that the fewest have."""
    pairs = set(zip(suggested["segment"], suggested["group"] + "/" + suggested["code"], strict=True))
    counts = Counter(code for _, code in pairs)
    return dict(sorted(pairs, key=lambda pair: (-counts[pair[1]], pair)))


def _shares(sizes: Mapping[tuple[str, str], int], n: int) -> dict[tuple[str, str], int]:
    """How many to draw from each stratum."""
    without = {stratum: size for stratum, size in sizes.items() if not stratum[0]}
    coded = {stratum: size for stratum, size in sizes.items() if stratum[0]}
    least = min(round(n * UNSUGGESTED), sum(without.values()))
    of_coded = min(n - least, sum(coded.values()))
    return _level(coded, of_coded) | _level(without, n - of_coded)


def _level(sizes: Mapping[tuple[str, str], int], n: int) -> dict[tuple[str, str], int]:
    """Divide as evenly as the strata allow; what small ones cannot give, the larger ones do."""
    shares = dict.fromkeys(sizes, 0)
    left = min(n, sum(sizes.values()))
    waiting: Sequence[tuple[str, str]] = sorted(sizes, key=lambda stratum: (sizes[stratum], stratum))
    for at, stratum in enumerate(waiting):
        shares[stratum] = min(sizes[stratum], -(-left // (len(waiting) - at)))
        left -= shares[stratum]
    return shares
