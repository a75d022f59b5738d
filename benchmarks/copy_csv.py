"""COPY of CSV on the laptop warehouse against the same load written by hand in DuckDB."""

from __future__ import annotations

import argparse
import csv
import random
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import duckdb
import harness
from harness import compare, seconds
from loads import warehouse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness import Comparison

_ALLOWED = 2.0
_BUCKET = "rows"
# Column -> its type in the warehouse, and the engine's.
_COLUMNS = {
    "id": ("BIGINT", "BIGINT"),
    "level": ("VARCHAR(10)", "VARCHAR"),
    "name": ("VARCHAR(40)", "VARCHAR"),
    "price": ("DECIMAL(10,2)", "DECIMAL(10,2)"),
    "quantity": ("INTEGER", "INTEGER"),
    "sold_at": ("TIMESTAMP", "TIMESTAMP"),
    "day": ("DATE", "DATE"),
    "paid": ("BOOLEAN", "BOOLEAN"),
    "place": ("VARCHAR(60)", "VARCHAR"),
    "ratio": ("DOUBLE PRECISION", "DOUBLE"),
}
_PLACES = ("", "San Francisco, CA", "New York", "Paris", 'The "Other" Place, CA')
# What -> how the csv module quotes, the delimiter, COPY's format.
_LOADS: dict[str, tuple[Literal[0, 1] | None, str, str]] = {
    "CSV, quotes where they are needed": (csv.QUOTE_MINIMAL, ",", "CSV"),
    "CSV, every field in quotes": (csv.QUOTE_ALL, ",", "CSV"),
    "delimited by bars": (None, "|", "DELIMITER '|'"),
}


def main() -> int:
    """Exit code 0 when the yardstick is met throughout, 1 when it is not."""
    options = _parser().parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / _BUCKET).mkdir()
        comparisons = [_compare(root, what, options) for what in _LOADS]
    header = ("what", "COPY, s", "by hand, s", "times", "at most", "met")
    text = harness.markdown(header, [comparison.cells() for comparison in comparisons])
    harness.publish("copy_csv", text, write=not options.no_write)
    return 0 if all(comparison.met for comparison in comparisons) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, epilog="example: python benchmarks/copy_csv.py --rows 100000 --no-write"
    )
    parser.add_argument("--rows", type=int, default=1_000_000, metavar="N", help="rows (default 1,000,000)")
    parser.add_argument(
        "--repeat", type=int, default=5, metavar="N", help="rounds, of which the median counts (default 5)"
    )
    parser.add_argument("--no-write", action="store_true", help="print only, leave README.md as it is")
    return parser


def _compare(root: Path, what: str, options: argparse.Namespace) -> Comparison:
    quoting, delimiter, text_format = _LOADS[what]
    quote = "" if quoting is None else '"'
    file = root / _BUCKET / "rows.txt"
    with file.open("w", newline="", encoding="utf-8") as target:
        if quoting is None:
            target.writelines(delimiter.join(map(str, row)) + "\n" for row in _rows(options.rows))
        else:
            csv.writer(target, quoting=quoting, lineterminator="\n").writerows(_rows(options.rows))
    return compare(
        f"{options.rows:,} rows of 10 columns, {what}",
        lambda: _copy(root, text_format),
        lambda: _by_hand(file, delimiter, quote),
        allowed=_ALLOWED,
        repeat=options.repeat,
    )


def _rows(count: int) -> Iterator[tuple[object, ...]]:
    chosen = random.Random(1)  # noqa: S311 - data, the same each time
    for number in range(count):
        day = f"2018-11-{chosen.randrange(1, 31):02}"
        moment = f"{day} {chosen.randrange(24):02}:{chosen.randrange(60):02}:{chosen.randrange(60):02}"
        name, price = f"customer {chosen.randrange(100_000)}", f"{chosen.random() * 1000:.2f}"
        kind, paid, place = chosen.choice(("free", "paid")), chosen.choice("tf"), chosen.choice(_PLACES)
        yield number, kind, name, price, chosen.randrange(1000), moment, day, paid, place, chosen.random()


def _copy(root: Path, text_format: str) -> float:
    columns = ", ".join(f"{name} {kind}" for name, (kind, _) in _COLUMNS.items())
    with warehouse(root) as connection, connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE loaded ({columns})")
        return seconds(lambda: cursor.execute(f"COPY loaded FROM 's3://{_BUCKET}/rows' IAM_ROLE DEFAULT {text_format}"))


def _by_hand(file: Path, delimiter: str, quote: str) -> float:
    columns = ", ".join(f"{name} {kind}" for name, (_, kind) in _COLUMNS.items())
    texts = ", ".join(f"{name}: 'VARCHAR'" for name in _COLUMNS)
    values = ", ".join(
        name if kind == "VARCHAR" else f"CAST(nullif({name}, '') AS {kind})" for name, (_, kind) in _COLUMNS.items()
    )
    read = (
        f"read_csv('{file}', auto_detect = false, header = false, delim = '{delimiter}', quote = '{quote}', "
        f"escape = '{quote}', columns = {{{texts}}})"
    )
    with tempfile.TemporaryDirectory() as folder, duckdb.connect(Path(folder) / "by_hand.duckdb") as database:
        database.execute(f"CREATE TABLE loaded ({columns})")
        return seconds(lambda: database.execute(f"INSERT INTO loaded SELECT {values} FROM {read}"))


if __name__ == "__main__":
    sys.exit(main())
