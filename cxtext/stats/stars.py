"""Groups of near-duplicates: every member is like the centre of its group."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

_BLOCK = 250


def star_groups(vectors: Any, *, least: float) -> NDArray[np.int64]:
    """Group vectors around the ones that are like most others (star clustering; Aslam, Pelekhov and Rus, 2004).

    The vector with the most neighbours becomes a centre and takes them; so does the next one that nobody took, with the
    neighbours that are left. Unlike in chains of neighbours, all members are like the centre: it stands for its group.

    Parameters
    ----------
    vectors : array of shape (n, d)
        Of unit length.
    least : float
        Cosine from which two are neighbours.

    Returns
    -------
    array of int, shape (n,)
        Index of the centre of each vector; one that is like no other is its own centre. Of equals the first is chosen.

    Examples
    --------
    >>> star_groups([[1.0, 0.0], [0.0, 1.0], [0.8, 0.6], [0.6, 0.8]], least=0.75).tolist()
    [2, 1, 2, 2]
    """
    points = np.asarray(vectors, dtype=np.float32)
    n = len(points)
    near: list[NDArray[np.int32]] = []
    for start in range(0, n, _BLOCK):
        like = points[start : start + _BLOCK] @ points.T >= least - 1e-6
        near += [np.flatnonzero(row).astype(np.int32) for row in like]
    centre = np.full(n, -1, dtype=np.int64)
    for at in sorted(range(n), key=lambda i: (-len(near[i]), i)):
        if centre[at] < 0:
            free = near[at][centre[near[at]] < 0]
            centre[free], centre[at] = at, at
    return centre
