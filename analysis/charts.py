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
    """Bars stacked on dates, or on the averages of many dates; ``series`` gives the columns their colours."""
    dates = Dates.of(table.column(day))
    counts = _counts(table, day, list(series), dates)
    values = [
        _value(date=begin, series=spoken(column), value=parts[column], order=order)
        for begin, parts in zip(dates.places, counts, strict=True)
        for order, column in enumerate(series)
    ]
    high = max(sum(parts.values()) for parts in counts)
    form = "~s" if high >= 10_000 else ",d"
    ticks = list(range(int(high) + 1)) if high < 5 else alt.Undefined
    axis = alt.Axis(title=None, tickCount=5, values=ticks, labelExpr=f"format(datum.value, '{form}')")
    x = alt.X("date:O", scale=alt.Scale(domain=dates.places, padding=0), axis=_dates(dates, width))
    bars: alt.Chart = _chart(values).mark_bar(size=max(1.0, min(40.0, 0.8 * _room(dates, width))))
    marks = bars.encode(
        x=x,
        y=alt.Y("value:Q", stack=True, axis=axis, scale=alt.Undefined if high else alt.Scale(domain=[0, 1])),
        color=_colours({spoken(column): colour for column, colour in series.items()}, width),
        order=alt.Order("order:Q"),
    )
    tips = [_value(_told(dates, place, parts), date=dates.places[place]) for place, parts in enumerate(counts)]
    places = _places(_chart(tips).encode(x=x, y=alt.value(0), y2=alt.value("height")))
    return alt.LayerChart(layer=[marks, places]).properties(width=width.pixels, height=220)


def _counts(table: Table, day: str, columns: Sequence[str], dates: Dates) -> list[dict[str, float]]:
    """What each place has of each column: of several dates the average, to a tenth."""
    sums = [dict.fromkeys(columns, 0) for _ in dates.places]
    for row in table.records:
        for column in columns:
            sums[dates.place(row[day])][column] += row[column] or 0
    if dates.together == 1:
        return [dict(parts) for parts in sums]
    return [
        {column: round(value / dates.within(place), 1) for column, value in parts.items()}
        for place, parts in enumerate(sums)
    ]


def _told(dates: Dates, place: int, parts: Mapping[str, float]) -> str:
    begin, numbers = dates.places[place], ", ".join(f"{spoken(name)} {value:,}" for name, value in parts.items())
    if dates.together == 1:
        return f"{spoken_date(begin)}: {numbers}"
    within = dates.within(place)
    return f"{within} {dates.unit}{'s' * (within > 1)} from {spoken_date(begin)}, on average: {numbers}"


def _room(dates: Dates, width: Width) -> float:
    """Pixels for a place; the rest is the other axis's."""
    return (width.pixels - 45) / len(dates.places)


def _dates(dates: Dates, width: Width) -> alt.Axis:
    form, letters = ("%b %Y", 9) if dates.span > 300 else ("%-d %b", 7)
    return alt.Axis(
        title=f"a bar is the average of {dates.together} {dates.unit}s" if dates.together > 1 else None,
        values=dates.places[:: math.ceil(letters * _LETTER / _room(dates, width))],
        labelExpr=f"utcFormat(toDate(datum.value), '{form}')",
        labelOverlap=False,
        labelBound=False,
    )


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
