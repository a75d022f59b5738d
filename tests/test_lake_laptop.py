"""The lake as people come to it: with SQL, paths and settings of their own."""

from __future__ import annotations

import json
import sys
import zipfile
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest
from lake_process import ROOT, etl, ran
from lake_spark import SOCKETS

import sql_queries
from data_lake import laptop, settings, spark_sql
from data_lake.job import tables
from warehouse.config import Settings
from warehouse.connection import connect
from warehouse.errors import ConfigError, QueriesError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pyspark.sql import SparkSession

    from warehouse.connection import Warehouse

pytest_plugins = ["lake_fixtures"]
pytestmark = SOCKETS

EVENT = {"page": "NextSong", "ts": 1541106106796, "userId": "8", "sessionId": 139, "itemInSession": 0, "level": "free"}
SONG = {"song_id": "SOMZWCG12A8C13C480", "artist_id": "ARD7TVE1187B99BFB1", "title": "I", "year": 0, "duration": 218.9}

# SQL of one's own: sql_queries.py is there to be changed

COLUMNS = {
    "n": "INTEGER",
    "a": "VARCHAR(20)",
    "b": "VARCHAR(20)",
    "i": "INTEGER",
    "d": "DOUBLE PRECISION",
    "t": "TIMESTAMP",
}
SCHEMA: dict[str, object] = {"x": COLUMNS}
ROWS = (
    "(1, 'abc', 'B ', 7, 1.5, '2018-11-04 05:59:59.999')",
    "(2, 'a ', NULL, -7, -0.0, '1582-10-14 23:59:59.999')",
    "(3, NULL, 'x', NULL, NULL, NULL)",
    "(4, '', 'é', 0, 1e300, '2019-01-01 00:00:00')",
    "(5, 'e\u0301\U0001f600', '\ufffd', 2147483647, 0.1, '2016-02-29 12:00:00')",
)
SAME = (
    *(
        "i / 2",
        "-7 / 2",
        "i / 2 / 2",
        "100 / (i / 2 + 9)",
        "d / 2",
        "i * 1.5",
        "MOD(i, 2)",
        "i % 4",
        "ABS(d)",
        "i::float",
    ),
    *("7 - EXTRACT(dow FROM t)", "2 * EXTRACT(weekday FROM t)", "EXTRACT(week FROM t)", "DATE_PART(quarter, t)"),
    *(
        "DATE_TRUNC('week', t)",
        "DATE_TRUNC('quarter', t)",
        "t::date",
        "t + INTERVAL '1 day'",
        "t - INTERVAL '90 minutes'",
    ),
    *("CONCAT(a, b)", "a || b || i", "NVL2(a, 1, 2)", "NVL2(a || b, 1, 2)", "NVL2(a, NVL2(b, 1, 2), 3)", "LEN(a)"),
    *("TRIM(b)", "SUBSTRING(a, 2, 2)", "LEFT(a, 2)", "RIGHT(a, 2)", "GREATEST(a, b)", "NULLIF(a, '')", "a LIKE 'a%'"),
    *(
        "ROW_NUMBER() OVER (ORDER BY a, n)",
        "ROW_NUMBER() OVER (ORDER BY b DESC, n)",
        "SUM(i) OVER ()",
        "MAX(a) OVER ()",
    ),
    *("LAG(i) OVER (ORDER BY n)", "CASE WHEN a < b THEN 1 END", "NVL(b, 'it''s')"),
)
# Spark has all of these, or sqlglot writes something for them; and gives something else, if only sometimes.
OTHERWISE = (
    *(
        "i / 2.0",
        "1.5 * i / 2",
        "a / 2",
        "DATE_PART('hour', t) / 2",
        "AVG(i) OVER ()",
        "ROUND(d)",
        "TRUNC(d)",
        "TRUNC(t)",
    ),
    *("DATEADD(day, 1, t)", "DATEDIFF(day, t, t)", "EXTRACT(epoch FROM t)", "EXTRACT(second FROM t)", "GETDATE()"),
    *(
        "t + INTERVAL '1 month'",
        "t - t",
        "i::varchar",
        "a::int",
        "d::int",
        "a::varchar(2)",
        "d || 'x'",
        "TO_CHAR(t, 'Day')",
    ),
    *(
        "SUBSTRING(a, 0, 2)",
        "LEFT(a, -1)",
        "UPPER(a)",
        "LOWER(a)",
        "INITCAP(a)",
        "a ILIKE 'A%'",
        "a ~ '^a'",
        "ISNULL(a, b)",
    ),
    *("a SIMILAR TO 'a%'", "DECODE(a, b, 1)", "REGEXP_REPLACE(a, 'b', '$1')", "no_such_function(a)"),
)


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    database = tmp_path_factory.mktemp("warehouse") / "x.duckdb"
    with connect(Settings(local_database=database)) as made, made.connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE x ({', '.join(f'{name} {kind}' for name, kind in COLUMNS.items())})")
        cursor.execute(f"INSERT INTO x VALUES {', '.join(ROWS)}")
        made.connection.commit()
        yield made


@pytest.fixture(scope="module")
def of_the_job(spark: SparkSession) -> SparkSession:
    """Spark as the job sets it, with the same rows."""
    for key, value in tables.SETTINGS.items():
        spark.conf.set(key, value)
    kinds = {"VARCHAR(20)": "STRING", "INTEGER": "INT", "DOUBLE PRECISION": "DOUBLE"}
    cast = ", ".join(f"CAST({name} AS {kinds.get(kind, kind)}) AS {name}" for name, kind in COLUMNS.items())
    made = spark.sql(f"SELECT {cast} FROM VALUES {', '.join(ROWS)} AS x ({', '.join(COLUMNS)})")
    made.createOrReplaceTempView("x")
    return spark


def test_what_is_taken_is_the_same_in_both(warehouse: Warehouse, of_the_job: SparkSession) -> None:
    select = f"SELECT {', '.join(f'{one} AS v{nth}' for nth, one in enumerate(SAME))} FROM x ORDER BY n"
    with warehouse.connection.cursor() as cursor:
        cursor.execute(select)
        theirs = list(zip(*cursor.fetchall(), strict=True))
    mine = list(zip(*of_the_job.sql(spark_sql.spark(select, SCHEMA)).collect(), strict=True))
    for expression, expected, found in zip(SAME, theirs, mine, strict=True):
        assert [expression, *map(_plain, found)] == [expression, *map(_plain, expected)]


def _plain(value: Any) -> str:
    """3.0 and Decimal(3) are one number; -0.0 is another than 0.0."""
    return (
        repr(float(value)) if not isinstance(value, (str, type(None))) and hasattr(value, "__float__") else repr(value)
    )


@pytest.mark.parametrize("expression", OTHERWISE)
def test_what_spark_does_otherwise_is_refused_by_name(expression: str) -> None:
    with pytest.raises(QueriesError, match="is not known to be the same in Spark") as refused:
        spark_sql.spark(f"SELECT {expression} AS v FROM x", SCHEMA)
    assert "docs/lake.md" in refused.value.hint


def test_a_column_that_is_not_there_is_told_before_spark_starts() -> None:
    with pytest.raises(QueriesError, match=r"sql_queries\.py: Unknown column: c"):
        spark_sql.spark("SELECT x.c FROM x", SCHEMA)


def queries(changed: dict[str, str]) -> ModuleType:
    """sql_queries.py with some of its strings written in another way ("old -> new", by the string's name)."""
    made = ModuleType("sql_queries")
    vars(made).update({name: text for name, text in vars(sql_queries).items() if isinstance(text, str)})
    for name, change in changed.items():
        old, _, new = change.partition(" -> ")
        assert old in getattr(made, name)
        setattr(made, name, getattr(made, name).replace(old, new))
    creates = [text for name, text in vars(made).items() if name.endswith("_table_create")]
    vars(made)["create_table_queries"] = creates
    return made


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"staging_songs_copy": "COMPUPDATE -> TRUNCATECOLUMNS COMPUPDATE"}, "COPY's option TRUNCATECOLUMNS"),
        ({"staging_events_copy": "COMPUPDATE -> NULL AS '-' COMPUPDATE"}, "COPY's option NULL AS"),
        ({"staging_songs_copy": "'auto' -> 'auto ignorecase'"}, "COPY's option 'auto ignorecase'"),
        ({"song_table_create": "year      INTEGER -> released  INTEGER"}, "needs the column year in the table songs"),
        (
            {"song_table_create": "duration  DOUBLE PRECISION -> seconds  INTEGER"},
            "the SELECT for songs gives no seconds",
        ),
        (
            {"song_table_create": "duration  DOUBLE PRECISION -> duration  INTEGER"},
            "songs.duration is INT, and its SELECT",
        ),
        ({"song_table_create": "title     VARCHAR(512) -> title     TIMESTAMP"}, "songs.title is TIMESTAMP, and its"),
        ({"song_table_create": "title     VARCHAR(512) -> title     SUPER"}, "no type for the column title"),
    ],
)
def test_what_the_lake_cannot_have_is_refused_by_name(changed: dict[str, str], told: str) -> None:
    with pytest.raises(QueriesError) as refused:
        spark_sql.plan(queries(changed))
    assert told in refused.value.message


def test_a_column_more_and_another_length_are_taken(of_the_job: SparkSession) -> None:
    """A text that is too long for its column fails, as INSERT does; nothing is cut."""
    plan = spark_sql.plan(
        queries(
            {
                "song_table_create": "year      INTEGER -> decade INTEGER, year INTEGER",
                "song_table_select": "SELECT song_id, title, artist_id, year, duration\n -> "
                "SELECT song_id, title, artist_id, year / 10 * 10 AS decade, year, duration\n",
                "user_table_create": "level      VARCHAR(16) -> level      VARCHAR(4)",
            }
        )
    )
    songs = "SELECT 'a' AS song_id, 't' AS title, 'b' AS artist_id, 1999 AS year, 1D AS duration"
    of_the_job.sql(songs).createOrReplaceTempView("staging_songs")
    assert [row.decade for row in of_the_job.sql(plan.table("songs").select).collect()] == [1990]
    assert "users.level would be longer than VARCHAR(4)" in plan.table("users").select


def test_a_bucket_may_be_called_as_an_option_is() -> None:
    assert spark_sql.plan(queries({"staging_songs_copy": "FROM 's3:// -> FROM 's3://csv-"}))


def test_an_unfinished_dwh_cfg_is_none_of_the_lakes_business(tmp_path: Path) -> None:
    (tmp_path / "dwh.cfg").write_text("[CLUSTER]\nHOST = x.example.com\n")
    done = ran([sys.executable, "-m", "data_lake.pack", "packed"], tmp_path, PYTHONPATH=str(ROOT))
    assert (done.returncode, done.stderr) == (0, "")


# What is to be read and written


@pytest.mark.parametrize("arguments", [["--input", ""], ["--output", ""]])
def test_a_variable_without_a_value_does_not_mean_the_sample_data(tmp_path: Path, arguments: list[str]) -> None:
    done = ran(etl(*arguments), tmp_path)
    assert done.returncode == 2
    assert "--input and --output need a folder or an s3:// address each" in done.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("place", ["s3:/bucket/lake", "S3A:bucket"])
def test_an_address_that_lacks_a_slash_is_no_folder(place: str) -> None:
    with pytest.raises(ConfigError, match="neither s3://bucket/prefix nor a folder"):
        settings.load(environment={"DL_OUTPUT_DATA": place})


def test_a_folder_with_a_colon_is_no_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    told = settings.load(environment={"DL_INPUT_DATA": "a:b/c", "DL_OUTPUT_DATA": "d/e:f"})
    assert [laptop.located(place, told) for place in (told.input, told.output)] == ["./a:b/c", "d/e:f"]


def test_a_misspelt_key_is_told(tmp_path: Path) -> None:
    """With INPUT_DAT the sample data would be read, and nobody would know."""
    file = tmp_path / "dl.cfg"
    file.write_text("[LAKE]\nINPUT_DAT = s3://mine/\n[AWS]\nWAIT_MINUTES = 5\n[EMR]\nNAME = lake\n")
    assert settings.load(file, {}).notices == (f"{file} has keys that are not read here: [LAKE] INPUT_DAT.",)


# The machine as it is


def java(folder: Path, text: str) -> Path:
    """A home of a Java that says this."""
    program = folder / "java home" / "bin" / "java"
    program.parent.mkdir(parents=True)
    program.write_text(f"#!/bin/sh\n{text}\n")
    program.chmod(0o755)
    return program.parent.parent


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("""echo 'openjdk version "21.0.1" 2023-10-17' >&2""", "Spark runs on Java 8, 11, 17, and "),
        ("echo 'Unable to locate a Java Runtime.' >&2; exit 1", "java does not start."),
    ],
)
def test_a_java_that_does_not_fit_is_told(spark: SparkSession, tmp_path: Path, text: str, told: str) -> None:
    done = ran(etl(), tmp_path, JAVA_HOME=str(java(tmp_path, text)))
    assert (done.returncode, done.stdout) == (1, "")
    assert told in done.stderr
    assert "Install a JDK 17" in done.stderr


def test_what_another_spark_has_set_is_not_this_ones(spark: SparkSession, tmp_path: Path) -> None:
    """Archives make Python's workers start. In a folder that Hadoop would take for a pattern."""
    hadoop = tmp_path / "hadoop"
    hadoop.mkdir()
    site = "<configuration><property><name>fs.defaultFS</name><value>hdfs://far:9000</value></property></configuration>"
    (hadoop / "core-site.xml").write_text(site)
    (hadoop / "spark-defaults.conf").write_text("spark.master yarn\n")
    folder = tmp_path / "mine [1] {a,b}"
    for name, record in (("log-data", EVENT), ("song-data", SONG)):
        folder.mkdir(exist_ok=True)
        with zipfile.ZipFile(folder / f"{name}.zip", "w") as archive:
            archive.writestr("a.json", json.dumps(record))
    done = ran(
        etl("--input", str(folder), "--output", "lake [2]"),
        folder,
        SPARK_HOME="/nowhere",
        SPARK_CONF_DIR=str(hadoop),
        HADOOP_CONF_DIR=str(hadoop),
        PYSPARK_PYTHON="/nowhere/python",
        PYSPARK_SUBMIT_ARGS="--master yarn pyspark-shell",
        MASTER="yarn",
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert "The lake is in lake [2]" in done.stdout
    assert sorted(one.name for one in folder.iterdir()) == ["lake [2]", "log-data.zip", "song-data.zip"]
