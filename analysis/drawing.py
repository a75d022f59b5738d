"""An Altair chart -> SVG, by vl-convert: Vega itself, without a browser. What comes out needs no script to be seen."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from analysis.charts import Chart

_INK, _SOFT, _LINE = "var(--ink)", "var(--soft)", "var(--line)"
SIZE = 13  # pixels; page.css has the same
_FONT = {
    "labelFontSize": SIZE,
    "titleFontSize": SIZE,
    "labelColor": _SOFT,
    "titleColor": _SOFT,
    "titleFontWeight": "normal",
}
_GRADIENT = {"gradientLength": 266, "gradientThickness": 8}
CONFIG: dict[str, Any] = {
    "background": None,
    "padding": 1,
    "autosize": {"type": "fit-x", "contains": "padding"},
    "font": "Arial, sans-serif",  # to measure with; the page has its own
    "aria": True,
    "mark": {"aria": False},
    "axis": {**_FONT, "domainColor": _LINE, "gridColor": _LINE, "domain": False, "ticks": False},
    "axisX": {"labelPadding": 6, "labelAngle": 0, "titlePadding": 8},
    "axisY": {"minExtent": 34, "labelPadding": 8},
    "legend": {**_FONT, "symbolType": "square", "columnPadding": 30, "offset": 10, **_GRADIENT},
    "text": {"fontSize": SIZE, "fill": _INK},
    "view": {"stroke": None},
}
# What the page's style says once, what says nothing, and what is for readers of a picture that has no text beside it.
_NEEDLESS = {
    *("aria-hidden", "aria-roledescription", "class", "font-family", "font-size", "height", "opacity"),
    *("pointer-events", "role", "stroke-miterlimit", "version", "width"),
}


def draw(chart: Chart) -> str:
    """The chart as an SVG element. Text in it is escaped; it holds no script, link or style.

    Of the descriptions those of the places are kept, the unpainted marks.
    """
    from xml.etree import ElementTree as Tree

    import vl_convert

    spec = json.dumps({**chart.to_dict(), "config": CONFIG}, ensure_ascii=False)
    stand_ins = _stand_ins(spec)
    svg = vl_convert.vegalite_to_svg(spec.translate(stand_ins))
    svg = svg.translate({ord(stand_in): ordinal for ordinal, stand_in in stand_ins.items()})
    # In HTML an SVG needs no namespace.
    root = Tree.fromstring(svg.replace(' xmlns="http://www.w3.org/2000/svg"', "", 1))  # noqa: S314 - Vega's own output
    _prune(root)
    return Tree.tostring(root, encoding="unicode")


def _stand_ins(spec: str) -> dict[int, str]:
    """For every character beyond U+FFFF one of private use: Vega, cutting a name, splits such pairs, and then fails."""
    beyond = sorted({ord(character) for character in spec if character > "\uffff"})
    unused = (chr(code) for code in range(0xE000, 0xF900) if chr(code) not in spec)
    return dict(zip(beyond, unused, strict=False))


def _prune(element: Element) -> None:
    for child in list(element):
        _prune(child)
        if child.get("display") == "none" or (not len(child) and not child.text and _draws_nothing(child)):
            element.remove(child)
    for name, value in list(element.attrib.items()):
        if name in _NEEDLESS or (name == "aria-label" and element.tag != "path"):
            del element.attrib[name]
        elif name in {"d", "transform"}:
            element.set(name, _shorter(value))


def _draws_nothing(element: Element) -> bool:
    return element.tag in {"g", "text"} or (
        element.tag == "path" and not element.attrib.keys() & {"fill", "stroke", "aria-label"}
    )


def _shorter(path: str) -> str:
    """Coordinates to a tenth of a pixel.

    >>> _shorter("M0.5,33.33333h10.000001")
    'M0.5,33.3h10'
    """
    return re.sub(r"-?\d+\.\d+(?:e-?\d+)?", lambda number: f"{round(float(number[0]), 1):g}", path)
