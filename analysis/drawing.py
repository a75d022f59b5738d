"""An Altair chart -> SVG, by vl-convert: Vega itself, without a browser. What comes out needs no script to be seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from analysis.charts import Chart

_INK, _SOFT, _LINE = "var(--ink)", "var(--soft)", "var(--line)"
_FONT = {
    "labelFontSize": 13,
    "titleFontSize": 13,
    "labelColor": _SOFT,
    "titleColor": _SOFT,
    "titleFontWeight": "normal",
}
CONFIG: dict[str, Any] = {
    "background": None,
    "font": "system-ui, sans-serif",
    "axis": {**_FONT, "domainColor": _LINE, "tickColor": _LINE, "gridColor": _LINE, "domain": False, "ticks": False},
    "axisX": {"labelPadding": 6, "labelAngle": 0},
    "legend": {**_FONT, "symbolType": "square", "columnPadding": 16},
    "text": {"fontSize": 13, "fill": _INK},
    "view": {"stroke": None},
}


def draw(chart: Chart) -> str:
    """The chart as an SVG element. Text in it is escaped by Vega; it holds no script, link or style."""
    import vl_convert

    svg: str = vl_convert.vegalite_to_svg({**chart.to_dict(), "config": CONFIG})
    return svg
