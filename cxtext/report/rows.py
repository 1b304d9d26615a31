"""Going through the rows of a frame."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


def rows_of(frame: pd.DataFrame) -> Iterator[Any]:
    """Rows of a frame as named tuples; their columns have the types of a contract, which a checker cannot know.

    Parameters
    ----------
    frame : pandas.DataFrame

    Yields
    ------
    tuple
    """
    row = namedtuple("Row", map(str, frame.columns), rename=True)  # type: ignore[misc]  # as the frame has them
    yield from map(row._make, zip(*(column.to_numpy(dtype=object) for _, column in frame.items()), strict=True))
