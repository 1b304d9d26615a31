"""Where themes go on a map of two dimensions: like ones near each other, and no label over another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap

import numpy as np
from numpy.typing import NDArray

from cxtext.themes.records import Themes, centres_of

_GAP = 6.0
_LETTER, _LINE, _TEXT_WIDTH = 8.2, 18.0, 22
_LARGEST, _SMALLEST, _ROW, _EDGE = 30.0, 6.0, 46.0, 2.0


@dataclass(frozen=True)
class Bubble:
    """A theme on the map.

    Attributes
    ----------
    theme, name : str
    x, y, radius : float
        Of its circle, whose area is its number of respondents.
    lines : list of tuple
        ``(x, y, text)`` of its name, right of the circle.
    """

    theme: str
    name: str
    x: float
    y: float
    radius: float
    lines: list[tuple[float, float, str]]


def theme_bubbles(themes: Themes, *, width: float) -> tuple[list[Bubble], float]:
    """Lay out themes as circles with their names beside them, no name over another.

    Parameters
    ----------
    themes : Themes
    width : float
        Of the map, in pixels.

    Returns
    -------
    bubbles : list of Bubble
        In the order of the table; empty for fewer than two themes, or where it is not known what they rest on.
    height : float
        Of the map.
    """
    places = theme_places(themes)
    rows = [row for row in themes.table.to_dict("records") if row["theme"] in places]
    if len(rows) < 2:
        return [], 0.0
    most = max(row["respondents"] for row in rows)
    radii = [max(_SMALLEST, _LARGEST * (row["respondents"] / most) ** 0.5) for row in rows]
    texts = [wrap(row["name"], _TEXT_WIDTH) for row in rows]
    sizes = [
        (2 * radius + 8 + _LETTER * max(map(len, text)), max(2 * radius, _LINE * len(text)))
        for radius, text in zip(radii, texts, strict=True)
    ]
    height = max(300, _ROW * len(rows))
    corners = _EDGE + place_boxes(
        [places[row["theme"]] for row in rows], sizes, width=width - 2 * _EDGE, height=height - 2 * _EDGE
    )
    bubbles = []
    for row, radius, text, (left, top), (_, high) in zip(rows, radii, texts, corners.tolist(), sizes, strict=True):
        middle = top + high / 2
        first = middle - _LINE * (len(text) - 1) / 2 + 5
        lines = [(left + 2 * radius + 8, first + _LINE * at, line) for at, line in enumerate(text)]
        bubbles.append(Bubble(row["theme"], row["name"], left + radius, middle, radius, lines))
    return bubbles, _EDGE + max(top + high for (_, top), (_, high) in zip(corners.tolist(), sizes, strict=True))


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
