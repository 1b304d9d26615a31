"""Themes on the page: what people make of them, each change kept with the study and undoable."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from cxtext.errors import OptionError
from cxtext.project import Project
from cxtext.project.outline import changes_since
from cxtext.web.analysis import analyses_of, base_of, with_themes
from cxtext.web.answers import ConflictError, Given, Handler

if TYPE_CHECKING:
    from cxtext.themes import Themes

#: most parts that a theme is split into at once
MOST_PARTS = 9
_LONGEST_NAME = 80
_GONE = "Somebody changed these themes meanwhile. Nothing of yours was kept: look at them again."


def rename(project: Project, given: Given) -> Mapping[str, Any]:
    """Give a theme (``theme``) a ``name`` of one's own."""
    from cxtext.themes import rename_theme

    name = " ".join(given.get("name", str).split())
    if len(name) > _LONGEST_NAME:
        raise OptionError(f"The name of a theme has {_LONGEST_NAME} characters at most.")
    return _changed(project, given, lambda themes, theme: rename_theme(themes, theme, name))


def merge(project: Project, given: Given) -> Mapping[str, Any]:
    """Make a theme part of another (``into``)."""
    from cxtext.themes import merge_themes

    into = given.get("into", str)
    return _changed(project, given, lambda themes, theme: merge_themes(themes, [theme], into=into))


def split(project: Project, given: Given) -> Mapping[str, Any]:
    """Make ``parts`` themes of one; its sub-themes where ``parts`` is 0."""
    from cxtext.themes import split_theme

    parts = given.get("parts", int, 0)
    if parts > MOST_PARTS:
        raise OptionError(f"A theme is split into {MOST_PARTS} parts at most at once.")
    return _changed(project, given, lambda themes, theme: split_theme(themes, theme, into=parts or None))


def drop(project: Project, given: Given) -> Mapping[str, Any]:
    """Take a theme away; what it held belongs to none."""
    from cxtext.themes import drop_theme

    return _changed(project, given, drop_theme)


def lock(project: Project, given: Given) -> Mapping[str, Any]:
    """Keep a theme as it is (``locked``), or free it again."""
    from cxtext.themes import lock_theme

    locked = given.get("locked", bool)
    return _changed(project, given, lambda themes, theme: lock_theme(themes, theme, locked=locked))


WRITES: dict[str, Handler] = {
    "theme_rename": rename, "theme_merge": merge, "theme_split": split, "theme_drop": drop, "theme_lock": lock,
}  # fmt: skip


def _changed(project: Project, given: Given, change: Callable[[Themes, str], Themes]) -> Mapping[str, Any]:
    """Change a theme (``theme``), which has to be called as the page saw it (``was``), and the map with it."""
    from cxtext.themes import keep_themes

    theme, analyses, base = given.get("theme", str), analyses_of(project), base_of(project)
    study = analyses.wait(project, base)
    names = dict(zip(study.themes.table["theme"], study.themes.table["name"], strict=True))
    if names.get(theme) != given.get("was", str):
        raise ConflictError(_GONE)
    changed = change(study.themes, theme)
    if project.settings.get("themes") != base.themes:
        raise ConflictError(_GONE)
    keep_themes(project, changed)
    analyses.put(with_themes(study, changed, project), base_of(project))
    return changes_since(project, given.get("since", int), seen_by=project.seen_by)
