"""Plots: that they say what the tables say, at the edges too, and give the same bytes twice."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from fake_study import fake_study
from matplotlib import rcParams
from matplotlib.figure import Figure

from cxtext import palette
from cxtext.errors import OptionError, WriteError
from cxtext.journey import Journey, map_journey
from cxtext.journey.mapping import CURVE, RESPONDENTS
from cxtext.phases import Phase, load_phases
from cxtext.plots import emotion_curve, emotion_map, save_plots, theme_bars
from cxtext.plots.canvas import signed
from cxtext.tables import THEMES, make_table


@pytest.fixture(scope="module")
def journey() -> Journey:
    """The journey of the invented study."""
    study = fake_study()
    return map_journey(study.segments, study.codings, study.scores)


@pytest.fixture
def themes() -> pd.DataFrame:
    """A table of themes."""
    rows = [
        ("t01", "wachttijd, telefoon", 9, 7, 6, 1, 2),
        ("t02", "monteur", 8, 5, 1, 0, 7),
        ("outliers", "overig", 3, 3, 1, 1, 1),
    ]
    names = ["theme", "name", "segments", "respondents", "pains", "needs", "gains"]
    return make_table([dict(zip(names, row, strict=True), terms="", of_respondents=12) for row in rows], THEMES)


def words(figure: Figure) -> list[str]:
    """All texts of a figure."""
    figure.draw_without_rendering()
    artists = figure.findobj(lambda artist: hasattr(artist, "get_text"))
    return [artist.get_text() for artist in artists if artist.get_text() and artist.get_visible()]


def curve_of(ns: list[int], means: list[float]) -> tuple[pd.DataFrame, pd.DataFrame, list[Phase]]:
    """Tables of a curve with so many respondents and such means."""
    phases = [Phase(f"p{i}", {"nl": f"fase {i}"}) for i in range(len(ns))]
    rows, people = [], []
    for phase, n, mean in zip(phases, ns, means, strict=True):
        half = 0.4 if n > 1 else np.nan
        rows.append({
            "phase": phase.id, "n": n, "mean": mean, "low": mean - half, "high": mean + half, "segments": n,
            "negative": 0, "negative_low": 0, "negative_high": 1,
        })  # fmt: skip
        people += [{"case": f"r{i}", "phase": phase.id, "mean": mean, "segments": 1} for i in range(n)]
    return make_table(rows, CURVE), make_table(people, RESPONDENTS), phases


def lines(figure: Figure) -> int:
    """How many curves with more than two points were drawn."""
    return sum(len(line.get_xdata()) > 2 for line in figure.axes[0].lines)


def test_curve_tells_n_and_values(journey: Journey) -> None:
    """Each phase has its n and its mean; the highest and the lowest are named."""
    texts = words(journey.plot())
    for row in journey.curve.itertuples():
        assert f"n = {row.n}" in texts
    lowest = signed(journey.curve["mean"].min(), "nl")
    assert f"laagste punt: {lowest}" in texts
    assert any(text.startswith("hoogste punt: ") for text in texts)
    assert any("Niet genoemd is niet hetzelfde als afwezig" in text for text in texts)


def test_curve_in_english(journey: Journey) -> None:
    """Labels and phases are in the language that is asked for."""
    texts = words(journey.plot(language="en"))
    assert {"Emotion curve", "orientation", "very\npositive"} <= set(texts)
    assert "oriëntatie" not in texts


def test_every_respondent_is_a_dot(journey: Journey) -> None:
    """There are as many dots as respondents with a mean in a phase."""
    axes = journey.plot().axes[0]
    drawn = sum(len(dots.get_offsets()) for dots in axes.collections if type(dots).__name__ == "PathCollection")
    assert drawn == len(journey.respondents)


def test_few_respondents_have_a_dot_without_line_and_interval() -> None:
    """The line breaks at a phase with fewer than three respondents; its dot is open."""
    curve, people, phases = curve_of([5, 4, 2, 6, 3], [0.5, 1.0, -1.0, 0.0, 0.4])
    figure = emotion_curve(curve, people, phases)
    assert lines(figure) == 2
    faces = [line.get_markerfacecolor() for line in figure.axes[0].lines if line.get_marker() == "o"]
    assert [face == palette.PAPER for face in faces] == [False, False, True, False, False]


@pytest.mark.parametrize("ns", [[0, 0, 0], [1, 0, 2], [3], [4, 0, 4]])
def test_curve_with_gaps(ns: list[int]) -> None:
    """Phases that nobody spoke about say so; a single phase and an empty study can be drawn."""
    means = [0.2 * i if n else np.nan for i, n in enumerate(ns)]
    texts = words(emotion_curve(*curve_of(ns, means)))
    assert texts.count("niet genoemd") == ns.count(0)


def test_equal_means_name_no_extreme() -> None:
    """Points that show the same value are not called the highest or the lowest; a single point is neither."""
    for ns, means in (([4, 4], [0.5, 0.52]), ([4], [0.5])):
        assert not any("punt:" in text for text in words(emotion_curve(*curve_of(ns, means))))
    texts = words(emotion_curve(*curve_of([4, 4, 4], [0.5, -0.21, -0.19])))
    assert [text for text in texts if "punt:" in text] == ["hoogste punt: +0,5"]


def test_theme_bars_tell_shares_and_kinds(themes: pd.DataFrame) -> None:
    """Respondents stand as k of n, with a percentage from ten on; kinds have a number each and a legend in words."""
    texts = words(theme_bars(themes))
    assert {"7 van 12 (58%)", "pijnpunten", "behoeften", "pluspunten", "wachttijd, telefoon"} <= set(texts)
    small = words(theme_bars(themes.assign(of_respondents=9)))
    assert "7 van 9" in small
    assert not any("%" in text for text in small)


def test_no_themes() -> None:
    """Without themes the figure says so."""
    assert "Too few statements for themes." in words(theme_bars(make_table([], THEMES), language="en"))


def test_emotion_map_counts_respondents(journey: Journey) -> None:
    """Each cell is k of n, as in the table; what was not mentioned is a dash."""
    texts = words(journey.plot_emotions())
    emotions = journey.cells[journey.cells["lane"] == "emotions"]
    for row in emotions.itertuples():
        assert f"{row.respondents} van {row.of_respondents}" in texts
    assert texts.count("–") == 8 * 5 - len(emotions)


def test_unknown_language_is_refused(journey: Journey) -> None:
    """A language without texts is refused, and the known ones are named."""
    with pytest.raises(OptionError, match=r"'fr'.*en, nl"):
        emotion_map(journey.cells, journey.curve, load_phases(), language="fr")


def test_saved_pictures_are_the_same_twice(journey: Journey, tmp_path: Path) -> None:
    """Two runs write the same bytes, as png and as svg; svg holds no date."""
    sums = []
    for run in ("a", "b"):
        paths = save_plots({"curve": journey.plot(), "emotions": journey.plot_emotions()}, tmp_path / run / "plots")
        assert [path.name for path in paths] == ["curve.png", "curve.svg", "emotions.png", "emotions.svg"]
        sums.append([hashlib.sha256(path.read_bytes()).hexdigest() for path in paths])
    assert sums[0] == sums[1]
    assert "dc:date" not in (tmp_path / "a" / "plots" / "curve.svg").read_text(encoding="utf-8")


def test_emoji_in_names_are_drawn_without_a_warning(themes: pd.DataFrame, tmp_path: Path) -> None:
    """A sign that the font lacks is left out, and a letter becomes a box; neither makes noise."""
    figure = theme_bars(themes.assign(name="eigen huis🏠 家"))
    save_plots({"themes": figure}, tmp_path)
    assert "eigen huis □" in " ".join(words(figure))


def test_unwritable_folder(journey: Journey, tmp_path: Path) -> None:
    """A folder that is a file is refused with its name and what to do."""
    (tmp_path / "plots").write_text("")
    with pytest.raises(WriteError, match=r"curve\.png: the picture cannot be written .* Choose a folder"):
        save_plots({"curve": journey.plot()}, tmp_path / "plots")


def test_figures_show_themselves(journey: Journey) -> None:
    """A figure gives a notebook its picture, without pyplot."""
    assert journey.plot()._repr_png_().startswith(b"\x89PNG")


def test_no_global_state() -> None:
    """Plotting imports no pyplot, chooses no backend and leaves the settings as they were."""
    code = (
        "import sys, matplotlib\n"
        "def settings(): return {k: dict.__getitem__(matplotlib.rcParams, k) for k in matplotlib.rcParams}\n"
        "before = settings()\n"
        "from cxtext.plots import save_plots, theme_bars\n"
        "from cxtext.tables import THEMES, make_table\n"
        "import tempfile\n"
        "with tempfile.TemporaryDirectory() as folder: save_plots({'t': theme_bars(make_table([], THEMES))}, folder)\n"
        "assert 'matplotlib.pyplot' not in sys.modules\n"
        "assert settings() == before\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    assert rcParams["svg.hashsalt"] is None


@pytest.mark.parametrize(("first", "second"), [("pain", "gain"), ("pain", "need"), ("need", "gain")])
@pytest.mark.parametrize("matrix", ["protan", "deutan", "tritan"])
def test_kinds_are_told_apart_by_the_colour_blind(first: str, second: str, matrix: str) -> None:
    """The colours of the kinds stay clearly different in simulated colour blindness (Machado et al., 2009)."""
    matrices = {
        "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
        "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
        "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
    }

    def seen(kind: str) -> np.ndarray:
        value = palette.KINDS[kind].lstrip("#")
        linear = (np.array([int(value[i : i + 2], 16) for i in (0, 2, 4)]) / 255) ** 2.2
        return np.clip(np.array(matrices[matrix]) @ linear, 0, 1) ** (1 / 2.2)

    assert np.linalg.norm(seen(first) - seen(second)) > 0.25


@pytest.mark.parametrize("colour", [palette.INK, palette.SOFT, palette.ACCENT, palette.POSITIVE, palette.NEGATIVE])
def test_text_colours_are_readable_on_white(colour: str) -> None:
    """Texts have a contrast of at least 4.5 on paper (3 for the signs of the scale)."""
    value = colour.lstrip("#")
    parts = np.array([int(value[i : i + 2], 16) for i in (0, 2, 4)]) / 255
    linear = np.where(parts <= 0.03928, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    contrast = 1.05 / (linear @ np.array([0.2126, 0.7152, 0.0722]) + 0.05)
    assert contrast > 4.4
