"""Themes: what respondents need, where it hurts and what pleases them, grouped by subject and named by its terms."""

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
