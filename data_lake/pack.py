"""The job as EMR takes it: ``python -m data_lake.pack`` writes etl.py and sparkify_lake.zip (modules and SQL)."""

from __future__ import annotations

import argparse
import shutil
import sys
import zipfile
from pathlib import Path

from warehouse import command

ENTRY, ARCHIVE = "etl.py", "sparkify_lake.zip"
_HERE = Path(__file__).resolve().parent


def write(folder: Path) -> tuple[Path, Path]:
    """Write both files into ``folder``, and return them: what spark-submit runs, and what its --py-files takes.

    The same sources give the same bytes. Raises QueriesError.
    """
    from data_lake import spark_sql
    from data_lake.job.plan import PACKED

    plan = spark_sql.of_project().to_json()
    folder.mkdir(parents=True, exist_ok=True)
    entry, archive = folder / ENTRY, folder / ARCHIVE
    shutil.copyfile(_HERE / "etl.py", entry)
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for module in (_HERE / "__init__.py", *sorted((_HERE / "job").glob("*.py"))):
            _add(packed, f"data_lake/{module.relative_to(_HERE)}", module.read_text(encoding="utf-8"))
        _add(packed, f"data_lake/job/{PACKED}", plan)
    return entry, archive


def _add(packed: zipfile.ZipFile, name: str, text: str) -> None:
    packed.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_DEFLATED)


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m data_lake.pack", description=__doc__, epilog="example: python -m data_lake.pack build"
    )
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="where the two files go")
    given = parser.parse_args()

    def pack() -> None:
        entry, archive = write(given.folder)
        print(f"spark-submit --py-files {archive} {entry} --input s3://udacity-dend/ --output s3://BUCKET/lake/")

    return command.ended(pack, None)


if __name__ == "__main__":
    sys.exit(main())
