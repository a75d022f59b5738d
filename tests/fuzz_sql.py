"""Random SQL from a seed: statements of the case files, mutated, and expressions that nobody would write."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from local_redshift.dialect.functions import known_functions, refused_functions

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

_CASES = Path(__file__).parent / "cases" / "sql"
_TOKEN = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"|\w+|\s+|.", re.DOTALL)
# What makes a statement run for ever or fill the memory is worth a test of its own, not a thousand.
_ENDLESS = re.compile(r"generate_series|\brepeat\b|\breplicate\b|\b[lr]pad\b|\brecursive\b", re.IGNORECASE)
_LITERALS = (
    "0", "1", "-1", "NULL", "true", "false", "''", "'a'", "'é'", "'{\"a\": [1, null]}'", "'2018-11-04'",
    "'2018-11-04 15:06:07.089'", "9223372036854775807", "-9223372036854775808", "99999999999999999999", "0.1", "1e308",
    "32768", "'NaN'", "'%_\\\\'", "'['", "DATE '2018-02-28'", "TIMESTAMP 'epoch'", "INTERVAL '1 month'",
    "CURRENT_DATE", "$1", "'0001-01-01 BC'", "'\U0001f3b5'",
)  # fmt: skip
_COLUMNS = ("i", "s", "d", "ts", "n", "f", "b", "fuzz.i", '"I"', "*", "nowhere", "x.y.z")
_TYPES = (
    "INT", "SMALLINT", "BIGINT", "REAL", "FLOAT8", "DECIMAL(10,2)", "NUMERIC", "VARCHAR", "VARCHAR(3)", "CHAR(2)",
    "DATE", "TIMESTAMP", "TIMESTAMPTZ", "TIME", "BOOLEAN", "SUPER", "VARBYTE", "INTERVAL", "TEXT[]", "DECIMAL(99,1)",
)  # fmt: skip
_OPERATORS = (
    "+",
    "-",
    "*",
    "/",
    "%",
    "||",
    "=",
    "<>",
    "<",
    "AND",
    "OR",
    "LIKE",
    "IS DISTINCT FROM",
    "~",
    "IN",
    "^",
    "!=",
)
_PARTS = ("year", "dow", "epoch", "w", "ms", "fortnight", "'mon'", "timezone", "qtr")
_WORDS = (
    "SELECT", "FROM", "WHERE", "GROUP BY", "ORDER BY", "(", ")", ",", ";", "AS", "NOT", "NULL", "CASE", "END", "::",
    "'", "$1", "DISTINCT", "OVER (", "LIMIT", "UNION", "JOIN", "ON", "--", "/*", '"', "[", "{", "\\", "@", "TOP 1",
    "QUALIFY",
)  # fmt: skip
TABLE = """
CREATE TABLE fuzz (i INT IDENTITY(1, 1), s VARCHAR(20) DEFAULT 'x', d DATE, ts TIMESTAMP, n DECIMAL(10, 2), f FLOAT8,
    b BOOLEAN);
INSERT INTO fuzz (s, d, ts, n, f, b) VALUES ('a', '2018-11-04', '2018-11-04 15:06:07', 1.25, 0.5, true);
INSERT INTO fuzz (s) VALUES (NULL), ('é')
"""


@dataclass(frozen=True)
class Corpus:
    """One file of tests/cases/sql: what prepares its schema, and its statements."""

    name: str
    setup: str
    statements: tuple[str, ...]


@cache
def corpora() -> tuple[Corpus, ...]:
    return tuple(_corpus(file) for file in sorted(_CASES.glob("*.sql")))


def _corpus(file: Path) -> Corpus:
    setup, *cases = file.read_text(encoding="utf-8").split("\n-- case: ")
    bodies = [setup, *(case.partition("\n")[2] for case in cases)]
    lines = "\n;\n".join(bodies).splitlines()
    found = re.split(r";\s*\n", "\n".join(line for line in lines if not line.startswith("--")) + "\n")
    return Corpus(file.stem, setup, tuple(part for part in found if part.strip() and not _ENDLESS.search(part)))


@cache
def _functions() -> tuple[str, ...]:
    return tuple(sorted(name for name in known_functions() | refused_functions() if not _ENDLESS.search(name)))


def statement(random: Random, corpus: Corpus) -> str:
    """One statement, or something that looks like one."""
    kinds: tuple[Callable[[Random], str], ...] = (
        lambda random: _mutated(random, corpus),
        lambda random: _mutated(random, corpus),
        lambda random: _spliced(random, corpus),
        _query,
        _query,
        _write,
    )
    return random.choice(kinds)(random)


def _mutated(random: Random, corpus: Corpus) -> str:
    tokens = _TOKEN.findall(random.choice(corpus.statements))
    for _ in range(random.randint(1, 3)):
        at = random.randrange(len(tokens))
        match random.randrange(6):
            case 0:
                del tokens[at:]
            case 1:
                tokens[at] = ""
            case 2:
                tokens.insert(at, f" {random.choice(_WORDS)} ")
            case 3:
                tokens[at] = f" {_expression(random, 2)} "
            case 4:
                other = random.randrange(len(tokens))
                tokens[at], tokens[other] = tokens[other], tokens[at]
            case _:
                tokens[at] = chr(random.choice((0, 9, 39, 34, 36, 92, 160, 233, 0x1F3B5, random.randrange(32, 127))))
        if not tokens:
            break
    return "".join(tokens)


def _spliced(random: Random, corpus: Corpus) -> str:
    first, second = (_TOKEN.findall(random.choice(corpus.statements)) for _ in range(2))
    return "".join(first[: random.randrange(len(first))] + second[random.randrange(len(second)) :])


def _query(random: Random) -> str:
    columns = ", ".join(_expression(random, 3) for _ in range(random.randint(1, 3)))
    sql = f"SELECT {random.choice(('', '', 'DISTINCT ', 'TOP 2 '))}{columns}"
    if random.random() < 0.8:
        sql += f" FROM {random.choice(('fuzz', 'fuzz', 'fuzz AS x', '(SELECT * FROM fuzz) AS q', 'pg_table_def'))}"
    for clause, chance in (("WHERE", 0.4), ("GROUP BY", 0.2), ("HAVING", 0.1), ("QUALIFY", 0.05), ("ORDER BY", 0.3)):
        if random.random() < chance:
            sql += f" {clause} {_expression(random, 2)}"
    return sql + random.choice(("", "", " LIMIT 3", " LIMIT ALL", " OFFSET -1"))


def _write(random: Random) -> str:
    expressions = ", ".join(_expression(random, 2) for _ in range(random.randint(1, 4)))
    column, kind = random.choice(_COLUMNS), random.choice(_TYPES)
    forms = (
        f"INSERT INTO fuzz (s, n) VALUES ({expressions})",
        f"INSERT INTO fuzz SELECT {expressions} FROM fuzz",
        f"UPDATE fuzz SET {column} = {_expression(random, 2)} WHERE {_expression(random, 1)}",
        f"DELETE FROM fuzz WHERE {_expression(random, 2)}",
        f"CREATE TABLE t{random.randrange(9)} (a {kind} DEFAULT {_expression(random, 1)}, b {kind} SORTKEY)",
        f"CREATE TABLE t{random.randrange(9)} AS SELECT {expressions} FROM fuzz",
        f"CREATE VIEW v{random.randrange(9)} AS SELECT {expressions} FROM fuzz",
        f"ALTER TABLE t{random.randrange(9)} ADD COLUMN c {kind} DEFAULT {_expression(random, 1)}",
        f"DROP TABLE IF EXISTS t{random.randrange(9)}, {column}",
        f"SET {random.choice(('datestyle', 'timezone', 'query_group', 'x'))} TO {_expression(random, 1)}",
        f"COPY fuzz FROM {_expression(random, 1)} IAM_ROLE {_expression(random, 1)} {random.choice(_WORDS)}",
        f"DECLARE c CURSOR FOR SELECT {expressions} FROM fuzz",
        f"FETCH {random.choice(('ALL', '1', '-1', 'x'))} FROM c",
        f"GRANT {column} ON fuzz TO {column}",
        random.choice(("BEGIN", "COMMIT", "ROLLBACK", "CLOSE ALL", "RESET ALL", "SHOW ALL", "VACUUM", "ANALYZE fuzz")),
    )
    return random.choice(forms)


def _expression(random: Random, depth: int) -> str:
    if depth == 0 or random.random() < 0.2:
        return random.choice(random.choice((_LITERALS, _COLUMNS)))

    def inner() -> str:
        return _expression(random, depth - 1)

    forms: tuple[Callable[[], str], ...] = (
        lambda: f"{random.choice(_functions())}({', '.join(inner() for _ in range(random.randrange(4)))})",
        lambda: f"{random.choice(_functions())}({', '.join(inner() for _ in range(random.randrange(4)))})",
        lambda: f"{inner()} {random.choice(_OPERATORS)} {inner()}",
        lambda: f"({inner()})",
        lambda: f"CAST({inner()} AS {random.choice(_TYPES)})",
        lambda: f"{inner()}::{random.choice(_TYPES)}",
        lambda: f"EXTRACT({random.choice(_PARTS)} FROM {inner()})",
        lambda: f"DATEDIFF({random.choice(_PARTS)}, {inner()}, {inner()})",
        lambda: f"CASE WHEN {inner()} THEN {inner()} ELSE {inner()} END",
        lambda: f"(SELECT {inner()} FROM fuzz)",
        lambda: f"{inner()} OVER (PARTITION BY {inner()} ORDER BY {inner()})",
        lambda: f"{inner()} BETWEEN {inner()} AND {inner()}",
        lambda: f"{inner()} IN ({inner()}, {inner()})",
        lambda: f"LISTAGG({inner()}, {inner()}) WITHIN GROUP (ORDER BY {inner()})",
        lambda: f"{inner()} AS {random.choice(_COLUMNS)}",
    )
    return random.choice(forms)()
