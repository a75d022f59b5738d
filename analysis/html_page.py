"""The report as one HTML page that needs nothing else: no network, no script to see it, one for copying and tooltips.

Every value is escaped by Jinja, or by Vega where it is in a chart; and the page's own policy lets no script run but
its one, by its hash. https://developer.mozilla.org/en-US/docs/Web/HTTP/Guides/CSP
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from analysis.charts import NARROW, WIDE, spoken, spoken_date, visible
from analysis.drawing import draw
from analysis.pictures import CHAPTERS
from analysis.wording import percent

if TYPE_CHECKING:
    from analysis.asking import Answers
    from analysis.pictures import Picture
    from analysis.tables import Table, Value

TEMPLATES = Path(__file__).with_name("page")


@dataclass(frozen=True)
class Shown:
    """A picture with its answer: ``table`` None where there is none, with the reason as ``finding``."""

    picture: Picture
    finding: str
    table: Table | None = None
    wide: str = ""
    narrow: str = ""

    @property
    def download(self) -> str:
        """The table as a file within a link: needs no script. Excel takes it for UTF-8 by the mark it begins with."""
        return f"data:text/csv;charset=utf-8,{quote(chr(0xFEFF) + self.table.csv)}" if self.table else ""

    def numeric(self, column: str) -> bool:
        """Whether the table's column holds numbers."""
        return self.table is not None and any(map(_is_number, self.table.column(column)))


def page(answers: Answers, source: str) -> str:
    """The whole page; ``source`` names the warehouse."""
    from jinja2 import Environment, FileSystemLoader
    from markupsafe import Markup

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, finalize=_visible, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters.update(spoken=spoken, shown=_text, number=_is_number, svg=Markup)
    style, script = ((TEMPLATES / name).read_text(encoding="utf-8") for name in ("page.css", "page.js"))
    return environment.get_template("page.html").render(
        chapters=[(chapter.title, [_shown(one, answers) for one in chapter.pictures]) for chapter in CHAPTERS],
        tiles=_tiles(answers.overview),
        period=period(answers.overview),
        source=source,
        made=f"{datetime.now(UTC):%-d %b %Y, %H:%M} UTC",
        style=Markup(style),  # noqa: S704 - our own file
        script=Markup(script),  # noqa: S704 - our own file
        policy=f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; img-src data:; "
        "base-uri 'none'; form-action 'none'",
    )


def period(overview: dict[str, Any]) -> str:
    """From the first play to the last: "1 Nov 2018 to 30 Nov 2018", or the one day."""
    first, last = (spoken_date(overview[name][:10]) for name in ("first_play", "last_play"))
    return first if first == last else f"{first} to {last}"


def _shown(picture: Picture, answers: Answers) -> Shown:
    if picture.question in answers.lacking:
        return Shown(picture, f"Not answered. {answers.lacking[picture.question]}")
    table = picture.shape(answers.tables[picture.question])
    if not table.rows:
        return Shown(picture, picture.empty, table)
    wide, narrow = (draw(picture.chart(table, width)) for width in (WIDE, NARROW))
    finding = re.sub(r"(?<=\d) %", "\N{NO-BREAK SPACE}%", picture.finding(table))
    return Shown(picture, finding, table, wide, narrow)


def _tiles(overview: dict[str, Any]) -> list[tuple[str, str]]:
    """What stands at the top, in numbers."""
    return [
        ("plays", f"{overview['plays']:,}"),
        ("listeners", f"{overview['listeners']:,}"),
        ("sessions", f"{overview['sessions']:,}"),
        ("of the plays on the paid plan", percent(overview["paid_plays"], overview["plays"])),
        ("of the plays match the catalogue", percent(overview["matched_plays"], overview["plays"])),
    ]


def _text(value: Value) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else f"{value:,}"


def _visible(value: Any) -> Any:
    return visible(value) if isinstance(value, str) else value


def _is_number(value: Value) -> bool:
    return isinstance(value, int | float)


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
