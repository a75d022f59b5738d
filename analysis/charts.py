"""The forms that the pictures have, as Altair charts; each can be drawn wide, for a page, and narrow, for a phone.

Colours are CSS variables, so that one drawing serves light, dark and paper. A chart's last layer is its places, one
for each row, date or cell: unpainted marks whose description tells what is drawn there; the page shows it as a
tooltip.
https://altair-viz.github.io/user_guide/encodings/channels.html
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import altair as alt

from analysis.dates import Dates

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from analysis.tables import Table

    Chart = alt.TopLevelMixin
    Record = Mapping[str, Any]

WEEKDAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
_HEAT = [f"var(--heat-{step})" for step in range(7)]
_ROW = 36  # pixels for a bar with its name above it
_LETTER = 8.5  # pixels of a letter in the widest fonts; what text is measured with here is narrower


@dataclass(frozen=True)
class Width:
    """How wide a chart is drawn, its axes included, in pixels; text keeps its size."""

    pixels: int

    @property
    def narrow(self) -> bool:
        return self.pixels < 500


WIDE, NARROW = Width(540), Width(320)


def over_time(table: Table, day: str, series: Mapping[str, str], width: Width) -> Chart:
    """Bars stacked on dates (an area each where the dates are many); ``series`` gives the columns their colours."""
    rows = {row[day]: row for row in table.records}
    dates = Dates.of(list(rows))
    counts = {day: {spoken(column): rows.get(day, {}).get(column) or 0 for column in series} for day in dates.every}
    values = [
        _value(date=day, series=name, value=value, order=order)
        for day, parts in counts.items()
        for order, (name, value) in enumerate(parts.items())
    ]
    high = max((sum(parts.values()) for parts in counts.values()), default=0)
    form = "~s" if high >= 10_000 else ",d"
    ticks = list(range(int(high) + 1)) if high < 5 else alt.Undefined
    axis = alt.Axis(title=None, tickCount=5, values=ticks, labelExpr=f"format(datum.value, '{form}')")
    base = _chart(values).encode(
        y=alt.Y("value:Q", stack=True, axis=axis, scale=alt.Undefined if high else alt.Scale(domain=[0, 1])),
        color=_colours({spoken(column): colour for column, colour in series.items()}, width),
        order=alt.Order("order:Q"),
    )
    return _areas(base, dates, width) if dates.many else _dated_bars(base, counts, dates, width)


def _areas(base: alt.Chart, dates: Dates, width: Width) -> Chart:
    months = dates.months
    months = months[:: math.ceil(len(months) / (3 if width.narrow else 6))]
    labelled = [alt.DateTime(year=one.year, month=one.month, date=1, utc=True) for one in months]
    axis = alt.Axis(title=None, values=labelled, format="%b %Y", labelFlush=False, grid=False)
    areas: alt.Chart = base.mark_area()
    x = alt.X("date:T", scale=alt.Scale(type="utc"), axis=axis)
    return areas.encode(x=x).properties(width=width.pixels, height=220)


def _dated_bars(
    base: alt.Chart, counts: Mapping[str, Mapping[str, float]], dates: Dates, width: Width
) -> alt.LayerChart:
    every = dates.every
    step = (width.pixels - 45) / len(every)
    form, letters = ("%b %Y", 9) if dates.span > 300 else ("%-d %b", 7)
    axis = alt.Axis(
        title=None,
        values=every[:: math.ceil(letters * _LETTER / step)],
        labelExpr=f"utcFormat(toDate(datum.value), '{form}')",
        labelOverlap=False,
        labelBound=False,
    )
    x = alt.X("date:O", scale=alt.Scale(domain=every, padding=0), axis=axis)
    bars: alt.Chart = base.mark_bar(size=max(1.0, min(40.0, 0.8 * step)))
    tips = [
        _value(f"{spoken_date(day)}: {', '.join(f'{name} {value:,}' for name, value in parts.items())}", date=day)
        for day, parts in counts.items()
    ]
    places = _places(_chart(tips).encode(x=x, y=alt.value(0), y2=alt.value("height")))
    return alt.LayerChart(layer=[bars.encode(x=x), places]).properties(width=width.pixels, height=220)


def bars(table: Table, name: Callable[[Record], str], value: str, width: Width, unit: str = "") -> Chart:
    """A bar a row, in the table's order, with its name above and its value behind it."""
    unit = unit or spoken(value)
    values = [
        _value(row=place, value=row[value] or 0, label=f"{row[value] or 0:,}")
        for place, row in enumerate(table.records)
    ]
    base = _rows(values)
    rows = (
        (name(row), f"{name(row)}: {row[value] or 0:,} {unit.removesuffix('s') if row[value] == 1 else unit}")
        for row in table.records
    )
    room = 10 + _LETTER * max((len(one["label"]) for one in values), default=0)
    longest = max((one["value"] for one in values), default=0) or 1
    scale = alt.Scale(domain=[0, longest * width.pixels / (width.pixels - room)], nice=False)
    x = alt.X("value:Q", axis=None, scale=scale, stack=None)
    marks: alt.Chart = base.mark_bar(height=9, yOffset=5, cornerRadiusEnd=2, color="var(--accent)")
    labels: alt.Chart = base.mark_text(align="left", baseline="middle", dx=5, dy=6)
    return _with_names([marks.encode(x=x), labels.encode(x=x, text="label:N")], rows, width, _ROW * len(values))


def pairs(table: Table, name: str, series: Mapping[str, str], width: Width) -> Chart:
    """A bar for each of ``series`` a row, from 0 to 100 %."""
    values = [
        _value(row=place, value=row[column] or 0, series=spoken(column))
        for place, row in enumerate(table.records)
        for column in series
    ]
    rows = (
        (row[name], f"{row[name]}: {', '.join(f'{spoken(column)} {row[column] or 0:,} %' for column in series)}")
        for row in table.records
    )
    base = _rows(values)
    steps = [0, 50, 100] if width.narrow else [0, 25, 50, 75, 100]
    axis = alt.Axis(title=None, values=steps, orient="top", labelExpr="datum.label + ' %'")
    marks: alt.Chart = base.mark_bar(height=7, cornerRadiusEnd=2)
    encoded = marks.encode(
        x=alt.X("value:Q", scale=alt.Scale(domain=[0, 100]), axis=axis, stack=None),
        color=_colours({spoken(column): colour for column, colour in series.items()}, width),
        yOffset=alt.YOffset("series:N", scale=alt.Scale(range=[17, 33]), sort=[spoken(column) for column in series]),
    )
    return _with_names([encoded], rows, width, 42 * len(table.rows))


def shares(rows: Mapping[str, Mapping[str, float]], colours: Mapping[str, str], width: Width) -> Chart:
    """A full bar a row, divided into its parts; ``rows`` gives each row's parts, ``colours`` each part's colour."""
    values: list[dict[str, Any]] = []
    tips = []
    for place, (name, parts) in enumerate(rows.items()):
        total, start = sum(parts.values()) or 1, 0.0
        told = (f"{parts.get(part, 0):,} {part} ({100 * parts.get(part, 0) / total:.1f} %)" for part in colours)
        tips.append((name, f"{name}: {', '.join(told)}"))
        for part, colour in colours.items():
            share = parts.get(part, 0) / total
            label = f"{100 * share:.0f} %" if share * width.pixels > 6 * _LETTER else ""
            more = {"label": label, "on": colour.replace("--", "--on-")}
            values.append(_value(row=place, series=part, start=start, end=start + share, **more))
            start += share
    base = _rows(values)
    x = alt.X("start:Q", axis=None, scale=alt.Scale(domain=[0, 1]))
    marks: alt.Chart = base.mark_bar(height=20, yOffset=4)
    labels: alt.Chart = base.mark_text(align="left", baseline="middle", dx=6, dy=5)
    written = labels.encode(x=x, text="label:N", color=alt.Color("on:N", scale=None))
    coloured = marks.encode(x=x, x2="end:Q", color=_colours(colours, width))
    return _with_names([coloured, written], tips, width, 50 * len(rows))


def heat(cells: Iterable[Cell], columns: Sequence[str], rows: Sequence[str], title: str, width: Width) -> Chart:
    """A grid of cells, the stronger the larger; the columns' title stands below."""
    values = [_value(cell.tip, column=cell.column, row=cell.row, value=cell.value, label=cell.label) for cell in cells]
    high = max((one["value"] for one in values), default=0) or 1
    thin = 3 if width.narrow and len(columns) > 12 else 1
    base = _chart(values).encode(
        x=alt.X("column:O", scale=alt.Scale(domain=list(columns)), axis=alt.Axis(title=title, values=columns[::thin])),
        y=alt.Y("row:O", scale=alt.Scale(domain=list(rows)), axis=alt.Axis(title=None)),
    )
    told = any(one["label"] for one in values)
    form = "isFinite(datum.value) ? format(datum.value, datum.value < 10 ? '.2~r' : '.2~s') : ''"
    legend = alt.Legend(title=None, orient="top", labelExpr=form)
    scale = alt.Scale(type="quantize", domain=[0, high], range=_HEAT)
    grid: alt.Chart = base.mark_rect(stroke="var(--card)", strokeWidth=1)
    labels: alt.Chart = base.mark_text()
    layers = [
        grid.encode(color=alt.Color("value:Q", scale=scale, legend=None if told else legend)),
        labels.encode(text="label:N", color=_readable(high)),
        _places(base),
    ]
    height = max(28, min(44, 240 // max(len(rows), 1))) * len(rows)
    return alt.LayerChart(layer=layers).properties(width=width.pixels, height=height)


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


# A terminal's control characters may stand in a name, but not in an SVG, nor be seen.
_PICTURES = {code: 0x2400 + code for code in range(32) if chr(code) not in "\t\n\r"}
_UNSEEN = {**_PICTURES, 0x7F: 0x2421, 0xFFFE: 0xFFFD, 0xFFFF: 0xFFFD}


def visible(text: str) -> str:
    """``text`` with a picture in place of each control character that XML does not allow.

    >>> visible("bell" + chr(7))
    'bell␇'
    """
    return text.translate(_UNSEEN)


def _value(tip: str = "", **fields: Any) -> dict[str, Any]:
    told = {**fields, "tip": tip} if tip else fields
    return {name: visible(value) if isinstance(value, str) else value for name, value in told.items()}


def _chart(values: Sequence[Mapping[str, Any]]) -> alt.Chart:
    return alt.Chart(alt.InlineData(values=list(values)))


def _rows(values: Sequence[Mapping[str, Any]], *, start: bool = False) -> alt.Chart:
    """A chart of rows one below the other; marks stand at the ``start`` of theirs, else in the middle."""
    row = alt.Y("row:O", axis=None, scale=alt.Scale(padding=0), bandPosition=0 if start else alt.Undefined)
    return _chart(values).encode(y=row)


def _with_names(
    marks: Sequence[alt.Chart], rows: Iterable[tuple[str, str]], width: Width, height: int
) -> alt.LayerChart:
    """``marks`` with the name of each row above them, cut where it is too long; ``rows`` are names and tips."""
    values = [_value(tip, row=place, name=name) for place, (name, tip) in enumerate(rows)]
    names: alt.Chart = _rows(values, start=True).mark_text(
        align="left", baseline="top", limit=round(width.pixels * 0.8)
    )
    named = names.encode(x=alt.value(0), text="name:N")
    places = _places(_rows(values).encode(x=alt.value(0), x2=alt.value("width")))
    return alt.LayerChart(layer=[*marks, named, places]).properties(width=width.pixels, height=height)


def _places(base: alt.Chart) -> alt.Chart:
    marks: alt.Chart = base.mark_rect(fill=None, aria=True)
    return marks.encode(description=alt.Description("tip:N"))


def _colours(colours: Mapping[str, str], width: Width) -> alt.Color:
    """Beside each other where the names have room, with some to spare."""
    room = sum(3 * _LETTER + _LETTER * len(name) for name in colours) < width.pixels
    legend = alt.Legend(title=None, orient="top", columns=len(colours) if room else 1)
    scale = alt.Scale(domain=[visible(name) for name in colours], range=list(colours.values()))
    return alt.Color("series:N", scale=scale, legend=legend if len(colours) > 1 else None)


def _readable(high: float) -> Any:
    """Text that stands out from its cell."""
    return (
        alt.when(f"datum.value > {high * 4 / 7}").then(alt.value("var(--on-heat)")).otherwise(alt.value("var(--ink)"))
    )
