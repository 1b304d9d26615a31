"""Going through the rows of a frame."""

from __future__ import annotations

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
    texts = {str(name): frame[name].to_numpy(dtype=object) for name in frame if frame[name].dtype == "str"}
    yield from frame.assign(**texts).itertuples(index=False)
