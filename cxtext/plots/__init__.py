"""Plots of a study. Each is a figure of its own: nothing of matplotlib's global state is used or changed."""

from cxtext.plots.charts import emotion_map, theme_bars
from cxtext.plots.curve import emotion_curve
from cxtext.plots.saving import save_plots

__all__ = ["emotion_curve", "emotion_map", "save_plots", "theme_bars"]
