"""Plots of a study. Each is a figure of its own: nothing of matplotlib's global state is used or changed."""

from cxtext.plots.charts import emotion_map, theme_bars
from cxtext.plots.curve import emotion_curve
from cxtext.plots.journeymap import journey_map
from cxtext.plots.lessons import code_scores, learning_curve
from cxtext.plots.matrix import importance_matrix, saturation_curve
from cxtext.plots.pathgraph import path_graph
from cxtext.plots.process import gap_curves, peak_map, principle_tiles
from cxtext.plots.rows import driver_bars, priority_bars, touchpoint_table, wave_dumbbells
from cxtext.plots.saving import save_plot, save_plots, svg_text
from cxtext.plots.themes import theme_map

__all__ = [
    "code_scores",
    "driver_bars",
    "emotion_curve",
    "emotion_map",
    "gap_curves",
    "importance_matrix",
    "journey_map",
    "learning_curve",
    "path_graph",
    "peak_map",
    "principle_tiles",
    "priority_bars",
    "saturation_curve",
    "save_plot",
    "save_plots",
    "svg_text",
    "theme_bars",
    "theme_map",
    "touchpoint_table",
    "wave_dumbbells",
]
