"""Bring analysis/song_plays.ipynb up to date: ``python docs/notebook.py``.

Its %%sql cells get the SQL of ``analysis.questions`` by their names, and all of it is executed on the sample data, in a
warehouse that is made for it and gone afterwards. A second run gives the same bytes.
"""

from __future__ import annotations

import base64
import io
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
from nbclient import NotebookClient
from PIL import Image
from traitlets.config import Config

from analysis.questions import QUESTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from nbformat import NotebookNode

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOK = ROOT / "analysis" / "song_plays.ipynb"
SECONDS = 120  # for a cell, on a machine that has other things to do
COLOURS = 64


def read() -> NotebookNode:
    return nbformat.read(NOTEBOOK, as_version=4)  # type: ignore[no-any-return, no-untyped-call]


def synchronised(notebook: NotebookNode) -> NotebookNode:
    """The notebook with the questions as ``analysis.questions`` has them."""
    for cell in notebook.cells:
        match = re.match(r"%%sql (\w+)= <<", cell.source)
        if match and match[1] in QUESTIONS:
            cell.source = f"{match[0]}{QUESTIONS[match[1]].rstrip()}"
    return notebook


def warehouse(folder: Path, *scripts: str) -> dict[str, str]:
    """Run these scripts, on the sample data, for a warehouse in ``folder``; the environment that leads to it."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DWH_")}
    environment |= {"DWH_HOST": "", "DWH_LOCAL_DATABASE": str(folder / "sparkify.duckdb")}
    for script in scripts:
        subprocess.run(  # noqa: S603 - our own
            [sys.executable, ROOT / script], cwd=folder, env=environment, check=True, stdout=subprocess.PIPE
        )
    return environment


def executed(notebook: NotebookNode, folder: Path, environment: Mapping[str, str]) -> NotebookNode:
    """The notebook with its outputs, as Jupyter in ``folder`` makes them. Raises CellExecutionError."""
    client = NotebookClient(
        notebook,
        timeout=SECONDS,
        kernel_name="python3",
        record_timing=False,
        resources={"metadata": {"path": folder}},
        config=Config({"KernelManager": {"transport_encryption": "required"}}),
    )
    client.execute(env={**environment, "IPYTHONDIR": str(folder / "ipython")})
    return notebook


def tidy(notebook: NotebookNode) -> NotebookNode:
    """As it is kept: without what tells of the Python that ran it, and its pictures with few colours, thus small."""
    notebook.metadata.language_info.pop("version", None)
    for output in outputs(notebook):
        if picture := output.get("data", {}).get("image/png"):
            output.data["image/png"] = _small(picture)
    return notebook


def outputs(notebook: NotebookNode) -> Iterator[NotebookNode]:
    """Those of all cells."""
    for cell in notebook.cells:
        yield from cell.get("outputs", ())


def _small(png: str) -> str:
    with Image.open(io.BytesIO(base64.b64decode(png))) as picture, io.BytesIO() as file:
        picture.convert("RGB").quantize(COLOURS).save(file, "PNG", optimize=True)
        return base64.b64encode(file.getvalue()).decode()


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="sparkify-notebook-") as name:
        folder = Path(name)
        environment = warehouse(folder, "create_tables.py", "etl.py")
        notebook = tidy(executed(synchronised(read()), folder, environment))
    nbformat.write(notebook, NOTEBOOK)  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    main()
