"""The notebook's pictures: their bars and cells are as long, as high and as strong as the numbers are."""

from __future__ import annotations

import io
import math
from typing import TYPE_CHECKING

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from analysis import figures

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@pytest.fixture
def axes() -> Axes:
    return Figure().subplots()


def boxes(axes: Axes) -> list[tuple[str, float, float, float, float]]:
    """Colour, left, bottom, width and height of the bars."""
    bars = [one for one in axes.patches if isinstance(one, Rectangle)]
    return [(to_hex(one.get_facecolor()), *one.get_xy(), one.get_width(), one.get_height()) for one in bars]


def texts(axes: Axes) -> list[str]:
    return [one.get_text() for one in axes.texts]


def test_bars_are_stacked_on_their_dates(axes: Axes) -> None:
    rows = pd.DataFrame({"week": ["2018-11-05", "2018-11-19", "2018-11-26"], "new": [1, 2, None], "old": [3, 0, 5]})
    figures.over_time(axes, rows, {"old": "#111111", "new": "#222222", "none": "#333333"}, "listeners", "week")
    seen = boxes(axes)
    assert [(colour, bottom, height) for colour, _, bottom, _, height in seen] == [
        *[("#111111", 0, 3), ("#111111", 0, 0), ("#111111", 0, 5)],
        *[("#222222", 3, 1), ("#222222", 0, 2), ("#222222", 5, 0)],
    ]
    places = [left for _, left, _, _, _ in seen[:3]]
    assert [place - places[0] for place in places] == pytest.approx([0, 14, 21])
    assert {round(width, 1) for _, _, _, width, _ in seen} == {5.6}  # of the seven days of a week


def test_bars_have_their_numbers_and_the_first_row_is_on_top(axes: Axes) -> None:
    figures.bars(axes, ["a", None], {"before": [1234.0, math.nan], "other": [2, 0.5]}, "%", "#111111", "#222222")
    seen = boxes(axes)
    assert [colour for colour, *_ in seen] == ["#111111"] * 2 + ["#222222"] * 2
    assert [width for _, _, _, width, _ in seen] == pytest.approx([1234, math.nan, 2, 0.5], nan_ok=True)
    assert texts(axes) == ["1,234", "", "2", "0.5"]
    assert [one.get_text() for one in axes.get_yticklabels()] == ["a", "(unknown)"]
    assert axes.yaxis_inverted()


def test_shares_fill_their_bar(axes: Axes) -> None:
    parts = pd.DataFrame({"paid": [1, 0, 3], "free": [3, 0, 97]}, index=["plays", "nothing", "sessions"])
    figures.shares(axes, parts, {"paid": "#111111"})
    assert [(left, width) for _, left, _, width, _ in boxes(axes)] == [
        (0, 25),
        (0, 0),
        (0, 3),
        (25, 75),
        (0, 0),
        (3, 97),
    ]
    assert texts(axes) == ["25 %", "", "", "75 %", "", "97 %"]  # no room for 3 %


def test_the_larger_a_cell_the_stronger_and_its_number_stands_out(axes: Axes) -> None:
    grid = pd.DataFrame([[0.0, 100.0], [50.0, None]], index=["a", "b"], columns=[0, 1])
    figures.heat(axes, grid, "weeks later", "week", "%", numbers=True)
    assert texts(axes) == ["0", "100", "50"]
    (cells,) = axes.collections
    light, dark, between = (sum(colour[:3]) for colour in cells.to_rgba(np.array([0, 100, 50])))
    assert light > between > dark
    assert [to_hex(axes.texts[place].get_color()) for place in (0, 1)] == [figures.INK, "#ffffff"]


def test_a_name_is_no_formula() -> None:
    """matplotlib sets what stands between two dollars as one, and fails where it is none."""
    with mpl.rc_context():
        figures.style()
        figure = Figure()
        figures.bars(figure.subplots(), [r"A$AP \frac $ Rocky"], {"plays": [1]}, "plays")
        figure.savefig(io.BytesIO())
