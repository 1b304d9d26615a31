"""Plots of a study. Each is a figure of its own: nothing of matplotlib's global state is used or changed."""

from cxtext.plots.charts import emotion_map, theme_bars
from cxtext.plots.curve import emotion_curve
from cxtext.plots.matrix import importance_matrix, saturation_curve
from cxtext.plots.pathgraph import path_graph
from cxtext.plots.rows import driver_bars, priority_bars, touchpoint_table, wave_dumbbells
from cxtext.plots.saving import save_plots

__all__ = [
    "driver_bars",
    "emotion_curve",
    "emotion_map",
    "importance_matrix",
    "path_graph",
    "priority_bars",
    "saturation_curve",
    "save_plots",
    "theme_bars",
    "touchpoint_table",
    "wave_dumbbells",
]
