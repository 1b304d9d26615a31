"""Where themes go on a map of two dimensions: like ones near each other, and no label over another."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cxtext.themes.records import Themes, centres_of

_GAP = 6.0


def theme_places(themes: Themes) -> dict[str, tuple[float, float]]:
    """Place the middles of themes by classical scaling of their cosine distances (Torgerson, 1952).

    Parameters
    ----------
    themes : Themes

    Returns
    -------
    dict of str to tuple of float
        From 0 to 1 in both directions; empty where it is not known what the themes rest on.
    """
    if themes.ground is None or not themes.ids:
        return {}
    labels = themes.members["theme"].to_numpy(dtype=object)
    centres = centres_of(themes.ground.points, labels, themes.ids).astype(float)
    near = centres - centres.mean(axis=0)
    left, sizes, _ = np.linalg.svd(near, full_matrices=False)
    plane = np.zeros((len(near), 2))
    plane[:, : min(2, len(sizes))] = (left * sizes)[:, :2]
    plane *= np.where(plane[np.abs(plane).argmax(axis=0), [0, 1]] < 0, -1, 1)  # the sign of a direction says nothing
    span = np.ptp(plane, axis=0)
    scaled = np.where(span > 1e-9, (plane - plane.min(axis=0)) / np.where(span > 1e-9, span, 1), 0.5)
    return {theme: (float(x), float(y)) for theme, (x, y) in zip(themes.ids, scaled, strict=True)}


def place_boxes(
    places: Sequence[tuple[float, float]], sizes: Sequence[tuple[float, float]], *, width: float, height: float
) -> NDArray[np.float64]:
    """Place boxes in a field near where they want to be, without any overlap.

    Each box keeps its place from left to right; from the top on, one that would lie over another moves down.

    Parameters
    ----------
    places : sequence of tuple of float
        Where each wants to be, from 0 to 1 in both directions.
    sizes : sequence of tuple of float
        Width and height of each; none wider than the field.
    width, height : float
        Of the field, which may become higher.

    Returns
    -------
    numpy.ndarray
        Shape (n, 2): upper left corners.

    Examples
    --------
    >>> place_boxes([(0, 0), (0, 0)], [(10, 10), (10, 10)], width=40, height=40).tolist()
    [[0.0, 0.0], [0.0, 16.0]]
    """
    boxes = np.asarray(sizes, dtype=float).reshape(-1, 2)
    wanted = np.asarray(places, dtype=float).reshape(-1, 2) * np.maximum(np.array([width, height]) - boxes, 0)
    done: list[int] = []
    for at in np.lexsort((wanted[:, 0], wanted[:, 1])).tolist():
        while over := [other for other in done if _overlap(wanted, boxes, at, other)]:
            wanted[at, 1] = max(wanted[other, 1] + boxes[other, 1] + _GAP for other in over)
        done.append(at)
    return wanted


def _overlap(corners: NDArray[np.float64], boxes: NDArray[np.float64], a: int, b: int) -> bool:
    """Whether two boxes lie over each other, or nearer than the gap."""
    apart = np.maximum(corners[a] - corners[b] - boxes[b], corners[b] - corners[a] - boxes[a])
    return bool((apart < _GAP - 1e-9).all())
