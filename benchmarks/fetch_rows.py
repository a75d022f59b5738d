"""Rows through psycopg2: the laptop warehouse against a local PostgreSQL, a large result and many small statements."""

from __future__ import annotations

import argparse
import sys
import tempfile
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import harness
import postgres
import psycopg2
from harness import Comparison, compare, seconds

from local_redshift import embedded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from psycopg2.extensions import connection as Connection  # noqa: N812

_ALLOWED = 1.6
_SMALL_STATEMENTS = 1_000
_CURSOR_ROWS = 20_000
# Both understand both statements to the letter.
_TABLE = """
CREATE TABLE plays (id INTEGER, at_ms BIGINT, session_id SMALLINT, length DOUBLE PRECISION, price DECIMAL(12, 2),
    user_name VARCHAR(32), song VARCHAR(256), day DATE, started TIMESTAMP, paid BOOLEAN)
"""
_FILL = """
INSERT INTO plays
SELECT i, 1541105830796 + i * CAST(7919 AS BIGINT), i % 1000, i * 0.37, CAST(i % 100000 AS DECIMAL(12, 2)) / 7,
    'user_' || CAST(i % 5000 AS VARCHAR(8)), CASE WHEN i % 11 = 0 THEN NULL ELSE repeat('a long title ', i % 8) END,
    DATE '2018-11-01' + CAST(i % 365 AS INTEGER), TIMESTAMP '2018-11-01 00:00:00.123' + i * INTERVAL '1 second',
    CASE WHEN i % 10 = 0 THEN NULL ELSE i % 2 = 0 END
FROM generate_series(1, {rows}) AS g(i)
"""


def main() -> int:
    """Exit code 0 when the yardstick is met, 1 when it is not, 2 where there is no PostgreSQL."""
    options = _parser().parse_args()
    try:
        with _laptop() as ours, _postgresql() as yardstick:
            for connection in (ours, yardstick):
                _prepare(connection, options.rows)
            comparisons = _compare(ours, yardstick, options)
    except postgres.Missing as missing:
        print(f"fetch_rows.py: {missing}", file=sys.stderr)
        return 2
    header = ("what", "laptop warehouse, s", "PostgreSQL, s", "times", "at most", "met")
    text = harness.markdown(header, [comparison.cells() for comparison in comparisons])
    harness.publish("fetch_rows", text, write=not options.no_write)
    return 0 if all(comparison.met for comparison in comparisons) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, epilog="example: python benchmarks/fetch_rows.py --rows 100000 --repeat 3 --no-write"
    )
    parser.add_argument("--rows", type=int, default=1_000_000, metavar="N", help="rows of 10 columns (1,000,000)")
    parser.add_argument(
        "--repeat", type=int, default=5, metavar="N", help="rounds, of which the median counts (default 5)"
    )
    parser.add_argument("--no-write", action="store_true", help="print only, leave README.md as it is")
    return parser


@contextmanager
def _laptop() -> Iterator[Connection]:
    with tempfile.TemporaryDirectory() as folder, embedded.start(Path(folder) / "warehouse.duckdb") as server:
        connection = psycopg2.connect(
            host=server.host, port=server.port, user=server.user, password=server.password, dbname=server.database
        )
        with closing(connection):
            yield connection


@contextmanager
def _postgresql() -> Iterator[Connection]:
    with postgres.running() as conninfo, closing(psycopg2.connect(conninfo)) as connection:
        yield connection


def _prepare(connection: Connection, rows: int) -> None:
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(_TABLE)
        cursor.execute(_FILL.format(rows=rows))
        cursor.execute("CREATE TABLE notes (id INTEGER, note VARCHAR(40))")
        cursor.execute("ANALYZE")


def _compare(ours: Connection, yardstick: Connection, options: argparse.Namespace) -> list[Comparison]:
    def both(what: str, action: Callable[[Connection], float], allowed: float | None = None) -> Comparison:
        return compare(what, lambda: action(ours), lambda: action(yardstick), allowed=allowed, repeat=options.repeat)

    return [
        both(f"{options.rows:,} rows of 10 columns", lambda one: _fetch_all(one, options.rows), _ALLOWED),
        both(f"the same, {_CURSOR_ROWS:,} at a time", lambda one: _fetch_by_cursor(one, options.rows)),
        both(f"{_SMALL_STATEMENTS:,} small SELECTs", _select_small),
        both(f"{_SMALL_STATEMENTS:,} INSERTs, each committed", _insert),
    ]


def _fetch_all(connection: Connection, rows: int) -> float:
    with connection.cursor() as cursor:

        def fetch() -> None:
            cursor.execute("SELECT * FROM plays")
            _check(len(cursor.fetchall()), rows)

        return seconds(fetch)


def _fetch_by_cursor(connection: Connection, rows: int) -> float:
    connection.autocommit = False
    with connection, connection.cursor("portions") as cursor:
        cursor.itersize = _CURSOR_ROWS

        def fetch() -> None:
            cursor.execute("SELECT * FROM plays")
            _check(sum(1 for _ in cursor), rows)

        taken = seconds(fetch)
    connection.autocommit = True
    return taken


def _select_small(connection: Connection) -> float:
    with connection.cursor() as cursor:

        def select() -> None:
            for number in range(_SMALL_STATEMENTS):
                cursor.execute("SELECT %s + 1, 'a note'", (number,))
                cursor.fetchall()

        return seconds(select)


def _insert(connection: Connection) -> float:
    with connection.cursor() as cursor:

        def insert() -> None:
            for number in range(_SMALL_STATEMENTS):
                cursor.execute("INSERT INTO notes VALUES (%s, %s)", (number, f"note {number}"))

        return seconds(insert)


def _check(found: int, wanted: int) -> None:
    if found != wanted:
        raise RuntimeError(f"{found:,} rows came instead of {wanted:,}")


if __name__ == "__main__":
    sys.exit(main())
