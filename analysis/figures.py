"""The forms that the notebook's pictures have, drawn by matplotlib in the colours of the report."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from IPython.display import display
from matplotlib.colors import BoundaryNorm, LinearSegmentedColormap
from matplotlib.dates import AutoDateLocator, DateFormatter
from matplotlib.ticker import FuncFormatter, MaxNLocator
from matplotlib_inline.backend_inline import set_matplotlib_formats

from analysis.charts import spoken
from analysis.pictures import PICTURES
from analysis.tables import Table
from analysis.wording import label

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from matplotlib.axes import Axes

# The page's colours on white.
_CSS = dict(
    re.findall(
        r"--([\w-]+): (#\w{6})",
        Path(__file__).with_name("page").joinpath("page.css").read_text(encoding="utf-8").partition("@media")[0],
    )
)
PAID, FREE, ACCENT, SECOND, QUIET, INK, SOFT, LINE = (
    _CSS[name] for name in ("paid", "free", "accent", "second", "quiet", "ink", "soft", "line")
)
LEVELS = {"paid": PAID, "free": FREE}
_HEAT = [_CSS[f"heat-{step}"] for step in range(7)]
_PICTURES = {picture.name: picture for picture in PICTURES}
_LONGEST_NAME = 42  # characters
_STYLE = {
    "figure.dpi": 100,
    "figure.constrained_layout.use": True,
    "figure.constrained_layout.h_pad": 0.1,  # inches
    "figure.constrained_layout.hspace": 0.06,  # of a panel
    "figure.facecolor": "white",
    "font.size": 11,
    "axes.edgecolor": LINE,
    "axes.labelcolor": SOFT,
    "axes.axisbelow": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "axes.titlelocation": "left",
    "axes.titlesize": 13,
    "axes.titleweight": "bold",
    "axes.titlepad": 12,
    "grid.color": LINE,
    "legend.frameon": False,
    "text.color": INK,
    "text.parse_math": False,
    "xtick.color": LINE,
    "ytick.color": LINE,
    "xtick.labelcolor": SOFT,
    "ytick.labelcolor": SOFT,
    "ytick.left": False,
}


def style() -> None:
    """One look for all pictures of a notebook, and the same bytes for the same numbers."""
    plt.style.use(_STYLE)
    set_matplotlib_formats("png", bbox_inches=None, metadata={"Software": None})  # type: ignore[no-untyped-call]
    pd.set_option("display.max_rows", 10)


def asked(axes: Axes, name: str, answer: pd.DataFrame) -> pd.DataFrame:
    """Give a picture its question as the title, say what the answer shows, and return the rows to draw.

    ``name`` is that of one of ``analysis.pictures``; dates come as ISO text.
    """
    picture = _PICTURES[name]
    rows = answer.astype(object).where(answer.notna(), None)
    table = picture.shape(Table(rows.columns, rows.itertuples(index=False)))
    finding = picture.finding(table) if table.rows else picture.empty
    axes.set_title(picture.title)
    display({"text/html": f"<p>{escape(finding)}</p>", "text/plain": finding}, raw=True)  # type: ignore[no-untyped-call]
    if not table.rows:
        axes.set_axis_off()
    texts = {
        column: [label(value) for value in table.column(column)]
        for column in table.columns
        if any(isinstance(value, str) for value in table.column(column))
    }
    return pd.DataFrame(table.records, columns=list(table.columns)).assign(**texts)


def over_time(axes: Axes, rows: pd.DataFrame, colours: Mapping[str, str], unit: str, time: str) -> None:
    """Bars stacked on the dates of the first column; ``colours`` are those of the columns to stack."""
    days = pd.to_datetime(rows.iloc[:, 0])
    width = 0.8 * (days.diff().dt.days.min() if len(days) > 1 else 1)
    bottom = np.zeros(len(rows))
    for column, colour in colours.items():
        if column in rows:
            heights = rows[column].fillna(0).to_numpy(dtype=float)
            axes.bar(days, heights, width, bottom, color=colour, label=spoken(column))
            bottom += heights
    years = " to ".join(dict.fromkeys(str(day.year) for day in (days.min(), days.max()) if len(days)))
    axes.set(ylabel=unit, xlabel=f"{time}, {years}")
    axes.grid(axis="y")
    axes.yaxis.set_major_locator(MaxNLocator(5, integer=True))
    axes.yaxis.set_major_formatter(_THOUSANDS)
    if len(days) <= 8:
        axes.set_xticks(days)
    else:
        axes.xaxis.set_major_locator(AutoDateLocator(maxticks=8))  # type: ignore[no-untyped-call]
    form = "%b %Y" if len(years) > 4 else "%-d %b"
    axes.xaxis.set_major_formatter(DateFormatter(form))  # type: ignore[no-untyped-call]
    _legend(axes)


def bars(axes: Axes, names: Iterable[Any], values: Mapping[str, Sequence[float]], unit: str, *colours: str) -> None:
    """Bars from left to right, the first row on top, with their numbers; each of ``values`` is a bar in every row."""
    shown = [_short(name) for name in names]
    height = 0.74 / len(values)
    for place, ((column, lengths), colour) in enumerate(zip(values.items(), colours or (ACCENT,), strict=True)):
        rows = np.arange(len(shown)) + (place - (len(values) - 1) / 2) * height
        drawn = axes.barh(rows, [length or 0 for length in lengths], height, color=colour, label=spoken(column))
        axes.bar_label(
            drawn,
            ["" if pd.isna(length) else f"{length:,.10g}" for length in lengths],
            padding=3,
            color=SOFT,
            fontsize=9,
        )
    axes.set_yticks(range(len(shown)), shown)
    axes.invert_yaxis()
    axes.set(xlabel=unit, xticks=[])
    axes.margins(x=0.12, y=0.02)
    axes.spines["bottom"].set_visible(False)
    if len(values) > 1:
        _legend(axes)


def shares(axes: Axes, parts: pd.DataFrame, colours: Mapping[str, str]) -> None:
    """A full bar for each row of ``parts``, named by its index, divided into its columns, with their percentages."""
    percent = 100 * parts.div(parts.sum(axis="columns").replace(0, 1), axis="index")
    left = np.zeros(len(parts))
    for column in parts:
        widths = percent[column].to_numpy(dtype=float)
        drawn = axes.barh(range(len(parts)), widths, 0.6, left, color=colours.get(column, QUIET), label=label(column))
        axes.bar_label(
            drawn,
            [f"{width:.0f} %" if width >= 5 else "" for width in widths],
            label_type="center",
            color=INK if colours.get(column, QUIET) == QUIET else "white",
            fontsize=10,
        )
        left += widths
    axes.set_yticks(range(len(parts)), [str(name) for name in parts.index])
    axes.invert_yaxis()
    axes.set(xlabel="% of all", xlim=(0, 100))
    _legend(axes)


def heat(axes: Axes, grid: pd.DataFrame, columns: str, rows: str, unit: str, numbers: bool = False) -> None:
    """A cell for each value of ``grid``, the stronger the larger; with a scale, or with ``numbers`` in the cells."""
    values = np.ma.masked_invalid(grid.to_numpy(dtype=float))
    steps = MaxNLocator(len(_HEAT)).tick_values(0, values.max() if values.count() else 1)
    colours = LinearSegmentedColormap.from_list("heat", _HEAT, len(steps) - 1)
    drawn = axes.pcolormesh(values, cmap=colours, norm=BoundaryNorm(steps, colours.N), edgecolors="white", linewidth=2)
    axes.set_xticks(np.arange(grid.shape[1]) + 0.5, [str(name) for name in grid.columns])
    axes.set_yticks(np.arange(grid.shape[0]) + 0.5, [str(name) for name in grid.index])
    axes.set(xlabel=f"{columns} (in the cells: {unit})" if numbers else columns, ylabel=rows)
    axes.invert_yaxis()
    axes.tick_params(length=0)
    axes.spines["bottom"].set_visible(False)
    if not numbers:
        plt.colorbar(drawn, ax=axes, label=unit, aspect=12).outline.set_visible(False)
        return
    for (row, column), value in np.ma.ndenumerate(values):  # type: ignore[no-untyped-call]
        red, green, blue, _ = drawn.to_rgba(value)
        colour = "white" if 0.3 * red + 0.6 * green + 0.1 * blue < 0.5 else INK
        axes.text(column + 0.5, row + 0.5, f"{value:.0f}", ha="center", va="center", color=colour)


_THOUSANDS = FuncFormatter(lambda value, _: f"{value:,.0f}")


def _legend(axes: Axes) -> None:
    """Beside the title, where no bar is; the first series first."""
    if axes.get_legend_handles_labels()[0]:
        axes.legend(
            loc="lower right", bbox_to_anchor=(1, 1), ncols=3, borderaxespad=0.3, handlelength=1, handleheight=1
        )


def _short(name: Any) -> str:
    text = label(name)
    return text if len(text) <= _LONGEST_NAME else f"{text[: _LONGEST_NAME - 1]}…"
