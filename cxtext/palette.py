"""The colours of plots and reports: readable on white, and told apart by colour-blind people.

The kinds differ in hue along the axis that red-green blindness leaves, and in lightness; wherever they stand side by
side, a number, a pattern or a word tells them apart as well.
"""

from __future__ import annotations

INK = "#1c2731"
SOFT = "#586470"
LINE = "#dfddd6"
TINT = "#f7f5f0"
PAPER = "#ffffff"
ACCENT = "#1b5a63"
ACCENT_TINT = "#e6eff0"

#: needs, pains and gains
KINDS = {"pain": "#a5402d", "need": "#e0a63a", "gain": "#2f8091"}
#: patterns of the kinds, for print without colour
HATCHES = {"pain": "", "need": "...", "gain": "///"}
#: lines of the patterns
ON_PATTERNS = {"pain": "#a5402d", "need": "#f6ddab", "gain": "#6fb0bd"}
#: text on the colour of a kind
ON_KINDS = {"pain": PAPER, "need": INK, "gain": PAPER}

#: codes that have no colour of their own, in turn: each at least 4.5 to 1 on white
CODES = (
    "#1f6f8b", "#a5402d", "#6a4c93", "#3f7232", "#8a6100", "#b0306a", "#3b5bb5", "#7a4a32", "#00756b", "#5c5f66",
)  # fmt: skip

#: above and below neutral
POSITIVE, POSITIVE_TINT = "#2f8091", "#eef6f7"
NEGATIVE, NEGATIVE_TINT = "#a5402d", "#fbf2ef"
NEUTRAL = "#6b6480"

#: side of each emotion of the default codebook
EMOTIONS = {
    "joy": POSITIVE, "trust": POSITIVE, "relief": POSITIVE, "surprise": NEUTRAL,
    "anger": NEGATIVE, "sadness": NEGATIVE, "fear": NEGATIVE, "confusion": NEGATIVE,
}  # fmt: skip
