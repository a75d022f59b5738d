"""The forms that the pictures have, as Altair charts; each can be drawn wide, for a page, and narrow, for a phone.

Colours are CSS variables, so that one drawing serves light, dark and paper. Every mark tells what it stands for in its
description, which the page shows as a tooltip. https://altair-viz.github.io/user_guide/encodings/channels.html
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import altair as alt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from analysis.tables import Table

    Chart = alt.TopLevelMixin
    Record = Mapping[str, Any]

WEEKDAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
_HEAT = [f"var(--heat-{step})" for step in range(7)]
_MANY_DATES = 100  # nobody tells apart more bars than that
_ROW = 38  # pixels for a bar with its name above it


@dataclass(frozen=True)
class Width:
    """How wide the inside of a chart is drawn, in pixels; text keeps its size."""

    pixels: int

    @property
    def narrow(self) -> bool:
        return self.pixels < 500


WIDE, NARROW = Width(700), Width(300)


def over_time(table: Table, day: str, series: Mapping[str, str], width: Width) -> Chart:
    """Bars stacked on dates (an area each where the dates are many); ``series`` gives the columns their colours."""
    values = [
        _value(
            f"{spoken_date(row[day])}: {row[column] or 0:,} {spoken(column)}",
            date=row[day],
            series=spoken(column),
            value=row[column] or 0,
            order=order,
        )
        for row in table.records
        for order, column in enumerate(series)
    ]
    days = sorted({value["date"] for value in values})
    many = len(days) > _MANY_DATES
    chart = _chart(values)
    marked = chart.mark_area() if many else chart.mark_bar(size=_thickness(days, width), cornerRadius=1)
    return marked.encode(
        x=alt.X("date:T", scale=alt.Scale(type="utc", padding=0 if many else 10), axis=_dates(days, width)),
        y=alt.Y("value:Q", stack=True, axis=alt.Axis(title=None, tickCount=5)),
        color=_colours({spoken(column): colour for column, colour in series.items()}),
        order=alt.Order("order:Q"),
        description=alt.value("") if many else _TIP,
    ).properties(width=width.pixels, height=220)


def bars(table: Table, name: Callable[[Record], str], value: str, width: Width, unit: str = "") -> Chart:
    """A bar a row, in the table's order, with its name above and its value behind it."""
    unit = unit or spoken(value)
    values = [
        _value(
            f"{name(row)}: {row[value] or 0:,} {unit}",
            row=place,
            name=name(row),
            value=row[value] or 0,
            label=f"{row[value] or 0:,}",
        )
        for place, row in enumerate(table.records)
    ]
    rows = alt.Y("row:O", axis=None, scale=alt.Scale(paddingInner=0))
    base = _chart(values).encode(y=rows)
    # Room for the value behind the longest bar.
    longest = max((one["value"] for one in values), default=0) or 1
    x = alt.X("value:Q", axis=None, scale=alt.Scale(domain=[0, longest * 1.15]))
    return (
        base.mark_bar(height=12, yOffset=8, cornerRadiusEnd=3, color="var(--accent)").encode(x=x, description=_TIP)
        + base.mark_text(align="left", baseline="bottom", dx=5, dy=14).encode(x=x, text="label:N")
        + _names(base, width)
    ).properties(width=width.pixels, height=_ROW * len(values))


def pairs(table: Table, name: str, series: Mapping[str, str], width: Width) -> Chart:
    """Two bars a row, each from 0 to 100 %."""
    values = [
        _value(
            f"{row[name]}: {row[column] or 0:,} % {spoken(column)}",
            row=place,
            name=row[name],
            value=row[column] or 0,
            series=spoken(column),
        )
        for place, row in enumerate(table.records)
        for column in series
    ]
    base = _chart(values).encode(y=alt.Y("row:O", axis=None))
    marks = base.mark_bar(height=7, cornerRadiusEnd=2).encode(
        x=alt.X("value:Q", scale=alt.Scale(domain=[0, 100]), axis=alt.Axis(title="%", tickCount=5)),
        color=_colours({spoken(column): colour for column, colour in series.items()}),
        yOffset=alt.YOffset("series:N", scale=alt.Scale(range=[15, 31]), sort=[spoken(column) for column in series]),
        description=_TIP,
    )
    return (marks + _names(base, width)).properties(width=width.pixels, height=_ROW * len(table.rows))


def shares(rows: Mapping[str, Mapping[str, float]], colours: Mapping[str, str], width: Width) -> Chart:
    """A full bar a row, divided into its parts; ``rows`` gives each row's parts, ``colours`` each part's colour."""
    values: list[dict[str, Any]] = []
    for place, (name, parts) in enumerate(rows.items()):
        total, start = sum(parts.values()) or 1, 0.0
        for part in colours:
            share = parts.get(part, 0) / total
            tip = f"{name}: {parts.get(part, 0):,} {part}, {100 * share:.1f} %"
            label = f"{100 * share:.0f} %" if share >= (0.15 if width.narrow else 0.06) else ""
            values.append(_value(tip, row=place, name=name, series=part, start=start, end=start + share, label=label))
            start += share
    base = _chart(values).encode(y=alt.Y("row:O", axis=None))
    x = alt.X("start:Q", axis=None, scale=alt.Scale(domain=[0, 1]))
    return (
        base.mark_bar(height=18, yOffset=9).encode(x=x, x2="end:Q", color=_colours(colours), description=_TIP)
        + base.mark_text(align="left", dx=6, dy=9, color="var(--on-mark)").encode(x=x, text="label:N")
        + _names(base, width)
    ).properties(width=width.pixels, height=44 * len(rows))


def heat(cells: Iterable[Cell], columns: Sequence[str], rows: Sequence[str], title: str, width: Width) -> Chart:
    """A grid of cells, the stronger the larger; the columns' title stands below."""
    values = [_value(cell.tip, column=cell.column, row=cell.row, value=cell.value, label=cell.label) for cell in cells]
    high = max((one["value"] for one in values), default=0) or 1
    every_other = [name for place, name in enumerate(columns) if not width.narrow or place % 3 == 0]
    base = _chart(values).encode(
        x=alt.X("column:O", scale=alt.Scale(domain=list(columns)), axis=alt.Axis(title=title, values=every_other)),
        y=alt.Y("row:O", scale=alt.Scale(domain=list(rows)), axis=alt.Axis(title=None)),
    )
    colour = alt.Color("value:Q", scale=alt.Scale(type="quantize", domain=[0, high], range=_HEAT), legend=None)
    return (
        base.mark_rect(cornerRadius=2).encode(color=colour, description=_TIP)
        + base.mark_text().encode(text="label:N", color=_readable(high))
    ).properties(width=width.pixels - 40, height=28 * len(rows))


@dataclass(frozen=True)
class Cell:
    """Where it stands, how strong it is, what is written into it and what it says."""

    column: str
    row: str
    value: float
    tip: str
    label: str = ""


def spoken(column: str) -> str:
    """A column's name as people say it."""
    return column.replace("_", " ")


def spoken_date(day: str) -> str:
    """An ISO date as people write it.

    >>> spoken_date("2018-11-05")
    '5 Nov 2018'
    """
    return f"{date.fromisoformat(day):%-d %b %Y}"


_TIP = alt.Description("tip:N")


def _value(tip: str, **fields: Any) -> dict[str, Any]:
    return {"tip": tip, **fields}


def _chart(values: Sequence[Mapping[str, Any]]) -> alt.Chart:
    return alt.Chart(alt.InlineData(values=list(values)))


def _names(base: alt.Chart, width: Width) -> alt.Chart:
    return base.mark_text(align="left", baseline="bottom", dy=-2, limit=width.pixels).encode(
        x=alt.value(0), text="name:N"
    )


def _colours(colours: Mapping[str, str]) -> alt.Color:
    legend = alt.Legend(title=None, orient="top") if len(colours) > 1 else None
    return alt.Color(
        "series:N",
        scale=alt.Scale(domain=list(colours), range=list(colours.values())),
        legend=legend,
    )


def _readable(high: float) -> Any:
    """Text that stands out from its cell."""
    return (
        alt.when(f"datum.value > {high * 4 / 7}").then(alt.value("var(--on-heat)")).otherwise(alt.value("var(--ink)"))
    )


def _thickness(days: Sequence[str], width: Width) -> float:
    """Of bars that leave a gap between them; ``days`` are sorted."""
    if len(days) < 2:
        return 24
    steps = [(date.fromisoformat(after) - date.fromisoformat(day)).days for day, after in pairwise(days)]
    span = (date.fromisoformat(days[-1]) - date.fromisoformat(days[0])).days
    return max(1.0, min(40.0, 0.8 * (width.pixels - 20) * min(steps) / (span + min(steps))))


def _dates(days: Sequence[str], width: Width) -> alt.Axis:
    span = (date.fromisoformat(days[-1]) - date.fromisoformat(days[0])).days if days else 0
    form = "%b %Y" if span > 300 else "%-d %b"
    return alt.Axis(title=None, format=form, tickCount=4 if width.narrow else 8, labelOverlap=True, grid=False)
