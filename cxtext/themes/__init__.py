"""Themes: what respondents need, where it hurts and what pleases them, grouped by subject and named by its terms.

Names are loaded when they are first used: who only reads themes needs no scikit-learn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cxtext.lazy import lazily

_LAZY = {
    "IntrusionItem": "cxtext.themes.intrusion",
    "KINDS": "cxtext.themes.records",
    "OUTLIERS": "cxtext.themes.records",
    "Proposal": "cxtext.themes.updating",
    "ThemeClusterer": "cxtext.themes.estimator",
    "Themes": "cxtext.themes.records",
    "Trust": "cxtext.themes.trust",
    "Update": "cxtext.themes.updating",
    "check_themes": "cxtext.themes.trust",
    "drop_theme": "cxtext.themes.editing",
    "find_themes": "cxtext.themes.finding",
    "keep_themes": "cxtext.themes.keeping",
    "lock_theme": "cxtext.themes.editing",
    "make_intrusion_test": "cxtext.themes.intrusion",
    "merge_themes": "cxtext.themes.editing",
    "move_segments": "cxtext.themes.editing",
    "rename_theme": "cxtext.themes.editing",
    "restore_themes": "cxtext.themes.keeping",
    "score_intrusion_test": "cxtext.themes.intrusion",
    "split_theme": "cxtext.themes.editing",
    "theme_codings": "cxtext.themes.coding",
    "themes_as_codes": "cxtext.themes.coding",
    "themes_by_attribute": "cxtext.themes.shares",
    "themes_by_code": "cxtext.themes.shares",
    "themes_by_nps": "cxtext.themes.shares",
    "themes_state": "cxtext.themes.keeping",
    "update_themes": "cxtext.themes.updating",
}

__all__ = [
    "KINDS",
    "OUTLIERS",
    "IntrusionItem",
    "Proposal",
    "ThemeClusterer",
    "Themes",
    "Trust",
    "Update",
    "check_themes",
    "drop_theme",
    "find_themes",
    "keep_themes",
    "lock_theme",
    "make_intrusion_test",
    "merge_themes",
    "move_segments",
    "rename_theme",
    "restore_themes",
    "score_intrusion_test",
    "split_theme",
    "theme_codings",
    "themes_as_codes",
    "themes_by_attribute",
    "themes_by_code",
    "themes_by_nps",
    "themes_state",
    "update_themes",
]


if TYPE_CHECKING:
    from cxtext.themes.coding import theme_codings, themes_as_codes
    from cxtext.themes.editing import drop_theme, lock_theme, merge_themes, move_segments, rename_theme, split_theme
    from cxtext.themes.estimator import ThemeClusterer
    from cxtext.themes.finding import find_themes
    from cxtext.themes.intrusion import IntrusionItem, make_intrusion_test, score_intrusion_test
    from cxtext.themes.keeping import keep_themes, restore_themes, themes_state
    from cxtext.themes.records import KINDS, OUTLIERS, Themes
    from cxtext.themes.shares import themes_by_attribute, themes_by_code, themes_by_nps
    from cxtext.themes.trust import Trust, check_themes
    from cxtext.themes.updating import Proposal, Update, update_themes


__getattr__ = lazily(__name__, _LAZY)
