"""Themes in a study file: kept with it, with a line in its log for every change, and brought back with what came."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cxtext.counting import counted
from cxtext.errors import OptionError
from cxtext.tables import MEMBERS, SUBTHEMES, THEMES, make_table
from cxtext.terms import Vocabulary
from cxtext.themes.records import OUTLIERS, Ground, Themes
from cxtext.themes.updating import Update, update_themes

if TYPE_CHECKING:
    from cxtext.project import Project

#: under which name the settings of a study hold its themes
SETTING = "themes"
_FORMAT = 1


def keep_themes(project: Project, themes: Themes, *, summary: str = "") -> None:
    """Keep themes with a study, in one change that can be undone.

    Parameters
    ----------
    project : Project
    themes : Themes
    summary : str
        For the log of the study; the last line of the log of the themes where it is left out.
    """
    state = themes_state(themes)
    with project.change(SETTING) as writer:
        if writer.rows("settings", [SETTING]):
            writer.update("settings", {SETTING: {"value": state}})
        else:
            writer.insert("settings", [{"id": SETTING, "value": state}])
        writer.summary = summary or (themes.log[-1] if themes.log else f"{counted(len(themes.ids), 'theme')} found")


def themes_state(themes: Themes) -> dict[str, Any]:
    """What is kept of themes: which segment is in which, and what people made of them; no text.

    Parameters
    ----------
    themes : Themes

    Returns
    -------
    dict
        As JSON can hold it; `restore_themes` reads it.
    """
    members: dict[str, list[str]] = {theme: [] for theme in [*themes.ids, OUTLIERS]}
    for segment, theme in zip(themes.members["segment"], themes.members["theme"], strict=True):
        members[theme].append(segment)
    parts: dict[str, list[str]] = {}
    for segment, part in themes.parts.items():
        parts.setdefault(part, []).append(segment)
    return {
        "format": _FORMAT, "language": themes.language, "seed": themes.seed, "method": themes.method,
        "among": list(themes.ground.among) if themes.ground else [], "members": members, "parts": parts,
        "names": dict(zip(themes.table["theme"], themes.table["name"], strict=True)), "named": dict(themes.named),
        "locked": sorted(themes.locked), "log": list(themes.log),
    }  # fmt: skip


def restore_themes(
    state: Mapping[str, Any],
    segments: pd.DataFrame,
    codings: pd.DataFrame,
    *,
    encode: Callable[[Sequence[str]], Any] | None = None,
) -> Update:
    """Bring themes back as they were kept, with what came to the study or left it since.

    Parameters
    ----------
    state : Mapping[str, Any]
        From `themes_state`.
    segments : pandas.DataFrame
        Table `cxtext.tables.SEGMENTS` of the whole study.
    codings : pandas.DataFrame
        Table `cxtext.tables.CODINGS`.
    encode : callable, optional
        As for `find_themes`.

    Returns
    -------
    Update

    Raises
    ------
    OptionError
        It was kept by a newer version of cxtext, or is no state of themes; there are no themes in it, or no segment
        has one of their codes any more.
    """
    if isinstance(state.get("format"), int) and state["format"] > _FORMAT:
        msg = "The themes of this study were kept by a newer version of cxtext. Install that version."
        raise OptionError(msg)
    try:
        before = _before(state, dict(zip(segments["segment"], segments["text"], strict=True)))
        seed = int(state["seed"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        msg = "The themes that this study keeps cannot be read. Take the last change back (cxtext undo), or find anew."
        raise OptionError(msg) from error
    return update_themes(before, segments, codings, encode=encode, seed=seed)


def _before(state: Mapping[str, Any], texts: Mapping[str, str]) -> Themes:
    """Themes with no more than what `update_themes` looks at."""
    rows = [(segment, theme) for theme, own in state["members"].items() for segment in own if segment in texts]
    members = make_table([{"segment": segment, "theme": theme} for segment, theme in rows], _FEW_MEMBERS)
    parts = {segment: part for part, own in state["parts"].items() for segment in own}
    names = state["names"]
    return Themes(
        make_table([{"theme": t, "name": names.get(t, "")} for t in state["members"]], _NAMED),
        members,
        seed=int(state["seed"]),
        method=state["method"],
        language=state["language"],
        subthemes=make_table([{"subtheme": p, "theme": p.rpartition(".")[0]} for p in state["parts"]], _PARTS),
        parts=parts,
        named=dict(state["named"]),
        locked=frozenset(state["locked"]),
        log=tuple(state["log"]),
        ground=Ground(
            tuple(texts[segment] for segment, _ in rows), (), np.zeros((0, 0), np.float32), Vocabulary((), {}, {}), 0,
            tuple(state["among"]),
        ),
    )  # fmt: skip


_FEW_MEMBERS = {name: MEMBERS[name] for name in ("segment", "theme")}
_NAMED = {name: THEMES[name] for name in ("theme", "name")}
_PARTS = {name: SUBTHEMES[name] for name in ("subtheme", "theme")}
