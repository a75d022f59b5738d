"""Documentation says what the code does."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

from infrastructure import prices

ROOT = Path(__file__).resolve().parent.parent


def test_the_generated_lists_are_current() -> None:
    page = (ROOT / "docs" / "compatibility.md").read_text(encoding="utf-8")
    current = runpy.run_path(str(ROOT / "docs" / "update.py"))["current"]
    assert current(page) == page, "run: python docs/update.py"


def test_every_file_that_the_readme_names_exists() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#:]+)\)", text)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_every_make_target_that_the_readme_names_exists() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = set(re.findall(r"make ([a-z]+)(?: |`|$)", text, re.MULTILINE))
    assert {"run", "test"} <= named
    assert [target for target in named if f"\n{target}:" not in makefile] == []


def test_the_scaling_page_has_the_prices_of_the_table() -> None:
    page = (ROOT / "docs" / "scaling.md").read_text(encoding="utf-8")
    used = ("vcpu_hour", "memory_gb_hour", "ra3.4xlarge", "ra3.16xlarge", "rpu_hour", "storage_gb_month", "s3_gb_month")
    assert [name for name in used if f" {prices.TABLE[name]}" not in page] == []
    assert prices.READ_ON in page
