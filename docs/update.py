"""Write the generated lists of compatibility.md anew: ``python docs/update.py``. A test compares them."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

from local_redshift.copy.options import BUILT_FORMATS, FORMATS, NOT_BUILT, OPTIONS
from local_redshift.dialect.functions import known_functions, refused_functions
from local_redshift.unload import options as unload_options

if TYPE_CHECKING:
    from collections.abc import Iterable

PAGE = Path(__file__).with_name("compatibility.md")


def current(page: str) -> str:
    """The page with its generated parts as the code has them."""
    for name, text in (("copy", _copy()), ("unload", _unload()), ("functions", _functions())):
        before, _, rest = page.partition(f"<!-- generated: {name} -->\n")
        _, end, after = rest.partition("<!-- end -->")
        page = f"{before}<!-- generated: {name} -->\n{text}\n{end}{after}"
    return page


def _copy() -> str:
    refused = sorted({*FORMATS} - {*BUILT_FORMATS}) + sorted(NOT_BUILT)
    return "\n\n".join(
        (_paragraph("Formats", BUILT_FORMATS), _paragraph("Options", OPTIONS), _paragraph("Refused by name", refused))
    )


def _unload() -> str:
    options = {"PARTITION BY" if name == "PARTITION" else name for name in unload_options.OPTIONS}
    return "\n\n".join(
        (
            _paragraph("Formats", unload_options.FORMATS),
            _paragraph("Options", options),
            _paragraph("Refused by name", unload_options.NOT_BUILT),
        )
    )


def _functions() -> str:
    return "\n\n".join((_paragraph("Known", known_functions()), _paragraph("Refused by name", refused_functions())))


def _paragraph(title: str, names: Iterable[str]) -> str:
    words = ", ".join(f"`{name}`" for name in sorted(names))
    return textwrap.fill(f"{title}: {words}.", width=118, break_long_words=False, break_on_hyphens=False)


if __name__ == "__main__":
    PAGE.write_text(current(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
