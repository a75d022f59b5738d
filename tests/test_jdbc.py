"""The PostgreSQL JDBC driver: tests/jdbc/Warehouse.java prints what it finds, line by line."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from certificates import Authority
from clients import ask, dsn
from programs import file, program
from standalone import started

from local_redshift import embedded

DRIVER = "/usr/share/java/postgresql.jar"  # Debian's libpostgresql-jdbc-java
SOURCE = Path(__file__).parent / "jdbc" / "Warehouse.java"


def run(url: str, user: str, password: str, *arguments: object) -> dict[str, Any]:
    """What the program finds, by the names of its checks."""
    done = subprocess.run(
        [program("java"), "-Duser.timezone=Europe/Rome", "-cp", file(DRIVER), str(SOURCE), url, *map(str, arguments)],
        env={**os.environ, "PGUSER": user, "PGPASSWORD": password},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return {line["check"]: line["found"] for line in map(json.loads, done.stdout.splitlines())}


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    with embedded.start() as warehouse:
        ask(
            dsn(warehouse),
            "CREATE TABLE meta (id INT NOT NULL PRIMARY KEY, s VARCHAR(20), n DECIMAL(10,2))",
            "CREATE TABLE metachild (id INT, parent INT REFERENCES meta (id))",
        )
        url = f"jdbc:postgresql://{warehouse.host}:{warehouse.port}/{warehouse.database}"
        return run(url, warehouse.user, warehouse.password)


TYPES = [
    "Integer 1",
    "Integer 2",
    "Long 3",
    "BigDecimal 1.50",
    "BigDecimal -0.001",
    "Float 1.5",
    "Double 0.1",
    "String é",
    "Boolean true",
    "Date 2018-11-15",
    "Timestamp 2018-11-15 00:30:26.796",
    "Instant 2018-11-14T22:30:26.796Z",
    "Time 23:59:59",
    None,
    "PGobject [1,2]",
]
# What the driver needs to be found, or its SQLSTATE where it has to be refused.
CHECKS: dict[str, Any] = {
    "product": ["PostgreSQL", "8.0.2", "dev", "awsuser"],
    "types in text": TYPES,
    "types in binary": TYPES,
    "binary after five executions": [[i + 1, f"é{i}", f"{1.25 * i:.2f}"] for i in range(1, 13)],
    "parameters": [
        [["9", "1", "-12.34", "2018-11-15 00:30:26.796", "2018-11-15", "t", "2018-11-14 23:30:26+01"]],
        [["99"]],
    ],
    "a number keeps its digits": ["2.5"] * 7,
    "batch": [["1000", "499500", "title 999"]],
    "rewritten batch": [["1000", "499500", "title 999"]],
    "portal": [100_000, 5_000_050_000],
    "two portals": sum(i * (101 - i) for i in range(1, 101)),
    "cancel": ["57014", [["1"]]],
    "query timeout": "57014",
    "rollback": ["22012 25P02", [["0"]]],
    "read only": "25006",
    "savepoint": "0A000",
    "generated keys": "42601",
    "several statements": [0, 2, [["1"], ["2"]]],
    "error": ["42703", "ERROR", 8],
    "warnings": 'Table "no_such_table" does not exist and will be skipped',
    # The length of a VARCHAR is in the catalogs alone: the engine's results have none.
    "result metadata": [
        ["i", "int4", 10, 0],
        ["n", "numeric", 10, 2],
        ["s", "varchar", 2**31 - 1, 0],
        ["twice", "int4", 10, 0],
    ],
    "parameter metadata": 2,
    "copy": "0A000",
    "schema": [[["7"]], "other"],
    "time zone": [["Europe/Rome"]],
    "simple protocol": [["-7", "it's é", "0.5"]],
    "tables": ["meta", "metachild"],
    "columns": [
        ["id", "int4", "10", "0", "NO"],
        ["s", "varchar", "20", "0", "YES"],
        ["n", "numeric", "10", "2", "YES"],
    ],
    "primary keys": [["id", "1"]],
    "imported keys": [["meta", "id", "parent"]],
    "exported keys": [["metachild", "parent"]],
    "catalogs": ["dev"],
    "best row identifier": ["id"],
    "functions": [],
    "procedures": [],
    "wrong password": "28P01",
    "tls refused": "08004",
}


@pytest.mark.parametrize("check", CHECKS)
def test_what_the_driver_finds(found: dict[str, Any], check: str) -> None:
    told = found[check]
    assert (told["sqlstate"] if isinstance(told, dict) else told) == CHECKS[check], told


def test_lists_of_the_metadata(found: dict[str, Any]) -> None:
    assert {"public", "other"} <= set(found["schemas"])
    assert {"int4", "int8", "numeric", "varchar", "date", "timestamp", "bool", "super"} <= set(found["type info"])
    assert {"TABLE", "VIEW"} <= set(found["table types"])
    assert set(found) == {*CHECKS, "schemas", "type info", "table types"}


def test_tls(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    pair = authority.sign()
    with started("--tls-certificate", pair.certificate, "--tls-key", pair.key) as server:
        url = f"jdbc:postgresql://localhost:{server.port}/dev"
        told = run(url, "awsuser", server.password, authority.bundle)
    assert told == {mode: [["1000"]] for mode in ("require", "verify-ca", "verify-full")}
