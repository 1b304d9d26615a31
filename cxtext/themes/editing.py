"""Changes that a person makes to themes: each gives new themes, and a line in their log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np
from threadpoolctl import threadpool_limits

from cxtext.counting import counted
from cxtext.errors import OptionError
from cxtext.themes.estimator import ThemeClusterer
from cxtext.themes.records import OUTLIERS, Ground, Themes, build_themes


def rename_theme(themes: Themes, theme: str, name: str) -> Themes:
    """Give a theme a name of one's own, that no later run takes away.

    Parameters
    ----------
    themes : Themes
    theme : str
        Its id.
    name : str

    Returns
    -------
    Themes

    Raises
    ------
    OptionError
        There is no such theme, it is locked, or the name is empty.
    """
    _free(themes, [theme])
    if not name.strip():
        msg = f"The name of {theme} is empty. Give it at least one word."
        raise OptionError(msg)
    return _changed(themes, {}, f"Renamed {theme} to {name.strip()}.", named={**themes.named, theme: name.strip()})


def merge_themes(themes: Themes, merged: Iterable[str], *, into: str) -> Themes:
    """Make one theme of several; the ones that were become its sub-themes.

    Parameters
    ----------
    themes : Themes
    merged : iterable of str
        Ids of themes that go into another.
    into : str
        The theme that stays, with its id and, where a person gave it one, its name.

    Returns
    -------
    Themes

    Raises
    ------
    OptionError
        There is no such theme, one is locked, or there is nothing to merge.
    """
    going = [theme for theme in dict.fromkeys(merged) if theme != into]
    if not going:
        msg = f"There is nothing to merge into {into}. Name at least one other theme."
        raise OptionError(msg)
    _free(themes, [into, *going])
    theme_of = dict(zip(themes.members["segment"], themes.members["theme"], strict=True))
    part = {theme: f"{into}.{number}" for number, theme in enumerate([into, *going], start=1)}
    parts = {segment: part[theme] for segment, theme in theme_of.items() if theme in part}
    moves = dict.fromkeys(parts, into)
    return _changed(themes, moves, f"Merged {', '.join(going)} into {into}.", parts={**themes.parts, **parts})


def split_theme(themes: Themes, theme: str, *, into: int | None = None, seed: int = 0) -> Themes:
    """Make several themes of one.

    Parameters
    ----------
    themes : Themes
    theme : str
        Its largest part keeps this id and its name.
    into : int, optional
        How many parts to look for; its sub-themes become themes where it is left out.
    seed : int

    Returns
    -------
    Themes

    Raises
    ------
    OptionError
        There is no such theme, it is locked, or it does not fall into parts.
    """
    _free(themes, [theme])
    if into is not None and into < 2:
        msg = f"into is {into}. Split a theme into 2 parts or more."
        raise OptionError(msg)
    own = np.flatnonzero((themes.members["theme"] == theme).to_numpy())
    segments = themes.members["segment"].to_numpy()[own]
    if into is None:
        part = [themes.parts.get(segment, "") for segment in segments]
    else:
        points = _ground(themes).points[own]
        with threadpool_limits(1):
            model = ThemeClusterer(into, seed=seed).fit(points - points.mean(axis=0))
        part = [str(at) for at in model.cosines_.argmax(axis=1)]
    sizes = sorted(set(part), key=lambda one: (-part.count(one), one))
    if len(sizes) < 2:
        msg = f"{theme} does not fall into parts. Say into how many to split it, or move segments to a new theme."
        raise OptionError(msg)
    ids = dict(zip(sizes, [theme, *_new_ids(themes, len(sizes) - 1)], strict=True))
    moves = {segment: ids[one] for segment, one in zip(segments, part, strict=True)}
    parts = {segment: one for segment, one in themes.parts.items() if segment not in moves}
    return _changed(themes, moves, f"Split {theme} into {', '.join(ids.values())}.", parts=parts)


def move_segments(themes: Themes, segments: Iterable[str], *, to: str | None = None, name: str = "") -> Themes:
    """Put segments in another theme, in a new one, or apart.

    Parameters
    ----------
    themes : Themes
    segments : iterable of str
        Ids.
    to : str, optional
        Id of a theme, or `OUTLIERS`; a new theme where it is left out.
    name : str
        Of the new theme; found from its terms where it is empty.

    Returns
    -------
    Themes

    Raises
    ------
    OptionError
        There is no such segment or theme, or a theme that gives or takes is locked.
    """
    moved = list(dict.fromkeys(segments))
    theme_of = dict(zip(themes.members["segment"], themes.members["theme"], strict=True))
    if not moved or (strange := [segment for segment in moved if segment not in theme_of]):
        what = f"There is no segment {strange[0]!r} in these themes" if moved else "There are no segments to move"
        msg = f"{what}. Take ids from the column 'segment' of themes.members."
        raise OptionError(msg)
    target = _new_ids(themes, 1)[0] if to is None else to
    _free(themes, {*(theme_of[segment] for segment in moved), target} - {OUTLIERS, target if to is None else ""})
    named = {**themes.named, target: name.strip()} if to is None and name.strip() else themes.named
    parts = {segment: part for segment, part in themes.parts.items() if segment not in set(moved)}
    text = f"Moved {counted(len(moved), 'segment')} to {target}."
    return _changed(themes, dict.fromkeys(moved, target), text, parts=parts, named=named)


def drop_theme(themes: Themes, theme: str) -> Themes:
    """Take a theme away; its segments lie apart.

    Raises
    ------
    OptionError
        There is no such theme, or it is locked.
    """
    _free(themes, [theme])
    own = themes.members.loc[themes.members["theme"] == theme, "segment"]
    parts = {segment: part for segment, part in themes.parts.items() if segment not in set(own)}
    return _changed(themes, dict.fromkeys(own, OUTLIERS), f"Dropped {theme}.", parts=parts)


def lock_theme(themes: Themes, theme: str, *, locked: bool = True) -> Themes:
    """Keep a theme as it is, or free it again.

    A locked theme is not renamed, merged, split or dropped, and none of its segments leaves; what respondents say anew
    may still join it, so that its counts stay true.

    Raises
    ------
    OptionError
        There is no such theme.
    """
    _known(themes, [theme])
    now = themes.locked | {theme} if locked else themes.locked - {theme}
    return replace(themes, locked=now, log=(*themes.log, f"{'Locked' if locked else 'Unlocked'} {theme}."))


def _changed(
    themes: Themes,
    moves: Mapping[str, str],
    text: str,
    *,
    parts: Mapping[str, str] | None = None,
    named: Mapping[str, str] | None = None,
) -> Themes:
    rows = zip(themes.members["segment"], themes.members["theme"], strict=True)
    return build_themes(
        _ground(themes),
        themes.members,
        [moves.get(segment, theme) for segment, theme in rows],
        parts=themes.parts if parts is None else parts,
        language=themes.language,
        seed=themes.seed,
        method=themes.method,
        copies=themes.copies,
        named=themes.named if named is None else named,
        locked=themes.locked,
        log=(*themes.log, text),
    )


def _known(themes: Themes, ids: Iterable[str]) -> None:
    for theme in ids:
        if theme not in themes.ids:
            msg = f"There is no theme {theme!r}. There are: {', '.join(themes.ids) or 'none'}."
            raise OptionError(msg)


def _free(themes: Themes, ids: Iterable[str]) -> None:
    ids = sorted(ids)
    _known(themes, ids)
    if locked := [theme for theme in ids if theme in themes.locked]:
        msg = f"{locked[0]} is locked. Free it first: lock_theme(themes, {locked[0]!r}, locked=False)."
        raise OptionError(msg)


def _ground(themes: Themes) -> Ground:
    if themes.ground is None:
        msg = "These themes do not hold what they rest on. Find them again with find_themes."
        raise OptionError(msg)
    return themes.ground


def _new_ids(themes: Themes, number: int) -> list[str]:
    """Ids that no theme has or, by the log, had."""
    taken = {int(word) for line in (*themes.ids, *themes.log) for word in _numbers(line)}
    first = max(taken, default=0) + 1
    return [f"t{at:02d}" for at in range(first, first + number)]


def _numbers(text: str) -> list[str]:
    words = text.replace(",", " ").replace(".", " ").split()
    return [word[1:] for word in words if word[:1] == "t" and word[1:].isdigit()]
