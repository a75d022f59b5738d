"""Make docs/report.png, the README's picture of the report, from the sample data: ``python docs/picture.py``.

Needs what requirements-dev.txt names, and Chromium. The warehouse is made for it and gone afterwards.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from notebook import ROOT, warehouse
from PIL import Image
from playwright.sync_api import sync_playwright

PICTURE = ROOT / "docs" / "report.png"
WIDTH, HEIGHT = 1240, 1180
COLOURS = 128  # of a palette: a third of the size, and nobody sees it
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def report(folder: Path) -> Path:
    """The report on the sample data."""
    environment = warehouse(folder, "create_tables.py", "etl.py")
    page = folder / "report.html"
    command = [sys.executable, str(ROOT / "analysis" / "report.py"), "--out", str(page)]
    subprocess.run(command, cwd=folder, env=environment, check=True, stdout=subprocess.PIPE)  # noqa: S603 - our own
    return page


def photograph(page: Path, picture: Path) -> None:
    """The top of the page as a PNG."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None) or sys.exit(f"There is none of {BROWSERS}.")
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"]) as opened,
    ):
        shown = opened.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        shown.goto(page.as_uri())
        shown.screenshot(path=picture)
    with Image.open(picture) as taken:
        smaller = taken.convert("RGB").quantize(COLOURS)
    smaller.save(picture, optimize=True)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        photograph(report(Path(folder)), PICTURE)
    print(f"{PICTURE.relative_to(ROOT)}: {PICTURE.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
