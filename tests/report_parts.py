"""Parts for the tests of analysis/report.py: its warehouse changed, asked, and behind a socket."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from scripts import ROOT

from analysis.asking import Answers, ask
from analysis.sources import Source
from warehouse.connection import connect
from warehouse.runner import Silent

if TYPE_CHECKING:
    from collections.abc import Iterator

    import standalone
    from scripts import Project

    from warehouse.connection import Warehouse

REPORT = str(ROOT / "analysis" / "report.py")
RENAME = "ALTER TABLE songplays RENAME TO plays"


@contextmanager
def source(project: Project, *changes: str) -> Iterator[Source]:
    """The project's warehouse after some changes, open."""
    with connect(project.settings) as warehouse:
        change(warehouse, *changes)
        yield Source(warehouse, "the laptop", Path("other.cfg"))


def change(warehouse: Warehouse, *statements: str) -> None:
    with warehouse.connection.cursor() as cursor:
        for one in statements:
            cursor.execute(one)
    warehouse.connection.commit()


def answered(project: Project, *changes: str) -> Answers:
    """What comes of all questions after some changes."""
    with source(project, *changes) as opened:
        return ask(opened, Silent())


def left(folder: Path) -> list[str]:
    """What is in a folder."""
    return sorted(path.name for path in folder.iterdir())


def cluster(project: Project, server: standalone.Started, **changes: str) -> None:
    """cluster.cfg, for a warehouse that runs by itself."""
    keys = {"DB_PORT": str(server.port), "DB_PASSWORD": f"'{server.password}'", **changes}
    (project.folder / "cluster.cfg").write_text(
        "[CLUSTER]\nHOST = 127.0.0.1\nDB_NAME = dev\nDB_USER = awsuser\n"
        + "".join(f"{key} = {value}\n" for key, value in keys.items())
        + "[AWS]\nKEY = AKIAUNMISTAKABLEKEY1\nSECRET = unmistakable/secret+key\n"
    )
