"""UNLOAD: what it writes where, what it refuses, and that COPY reads back what it wrote."""

from __future__ import annotations

import bz2
import gzip
import json
from typing import TYPE_CHECKING, Any

import psycopg2
import pytest
import zstandard
from clients import ask, dsn

from local_redshift import embedded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from psycopg2.extensions import cursor as Cursor  # noqa: N812

TYPES = """
i INTEGER, s SMALLINT, g BIGINT, n NUMERIC(38,10), f REAL, d DOUBLE PRECISION, b BOOLEAN, c CHAR(5), v VARCHAR(100),
dt DATE, ts TIMESTAMP, tz TIMESTAMPTZ
"""
NASTY = ("plain", "", " blanks ", "a|b", "a,b", 'say "hi"', "it's", "back\\slash", "\\N", "NULL", "line\nfeed", "tab\t",
         "carriage\rreturn",
         "caf\u00e9 \u6f22\u5b57 \U0001f600", '"', "\\", "\\|", "a\\\nb", '""', "{}", "[1]")  # fmt: skip


@pytest.fixture
def bucket(s3_root: Path) -> Path:
    (s3_root / "b").mkdir()
    return s3_root / "b"


@pytest.fixture
def cursor(warehouse: embedded.Connection, bucket: Path) -> Iterator[Cursor]:
    connection = psycopg2.connect(dsn(warehouse))
    connection.autocommit = True
    yield connection.cursor()
    connection.close()


def _unload(cursor: Cursor, query: str, options: str = "", target: str = "s3://b/x_") -> None:
    cursor.execute(f"UNLOAD ($${query}$$) TO '{target}' IAM_ROLE default {options}")


def _written(bucket: Path) -> dict[str, str]:
    return {
        path.relative_to(bucket).as_posix(): path.read_bytes().decode()
        for path in sorted(bucket.rglob("*"))
        if path.is_file()
    }


# what is written

LINES = {
    "": '1|a|t|1.50\n2||f|\n3|x|y"z||0.00\n',
    "HEADER": 'i|v|b|n\n1|a|t|1.50\n2||f|\n3|x|y"z||0.00\n',
    "DELIMITER ','": '1,a,t,1.50\n2,,f,\n3,x|y"z,,0.00\n',
    r"DELIMITER '\t' NULL AS '\\N'": '1\ta\tt\t1.50\n2\t\\N\tf\t\\N\n3\tx|y"z\t\\N\t0.00\n',
    "ESCAPE": '1|a|t|1.50\n2||f|\n3|x\\|y"z||0.00\n',
    "ADDQUOTES HEADER": '"i"|"v"|"b"|"n"\n"1"|"a"|"t"|"1.50"\n"2"||"f"|\n"3"|"x|y"z"||"0.00"\n',
    "ADDQUOTES ESCAPE": '"1"|"a"|"t"|"1.50"\n"2"||"f"|\n"3"|"x\\|y\\"z"||"0.00"\n',
    "CSV": '1,a,t,1.50\n2,,f,\n3,"x|y""z",,0.00\n',
    "FORMAT AS CSV DELIMITER ';' NULL 'none'": '1;a;t;1.50\n2;none;f;none\n3;"x|y""z";none;0.00\n',
    "JSON": '{"i":1,"v":"a","b":"t","n":1.50}\n{"i":2,"v":null,"b":"f","n":null}\n'
    '{"i":3,"v":"x|y\\"z","b":null,"n":0.00}\n',
}


@pytest.mark.parametrize("options", LINES)
def test_lines(cursor: Cursor, bucket: Path, options: str) -> None:
    cursor.execute("CREATE TABLE t (i INTEGER, v VARCHAR(9), b BOOLEAN, n NUMERIC(5,2))")
    cursor.execute("""INSERT INTO t VALUES (1, 'a', true, 1.5), (2, NULL, false, NULL), (3, 'x|y"z', NULL, 0)""")
    _unload(cursor, "SELECT * FROM t ORDER BY i", options)
    assert _written(bucket) == {"x_0000_part_00": LINES[options]}


@pytest.mark.parametrize(
    ("options", "names"),
    [
        ("PARALLEL OFF", ["x_000"]),
        ("PARALLEL FALSE GZIP", ["x_000.gz"]),
        ("PARALLEL ON", ["x_0000_part_00"]),
        ("PARQUET", ["x_0000_part_00.parquet"]),
        ("PARQUET PARALLEL OFF", ["x_000.parquet"]),
        ("EXTENSION 'csv'", ["x_0000_part_00.csv"]),
        ("GZIP EXTENSION '.txt.gz'", ["x_0000_part_00.txt.gz"]),
        ("MANIFEST", ["x_0000_part_00", "x_manifest"]),
    ],
)
def test_names(cursor: Cursor, bucket: Path, options: str, names: list[str]) -> None:
    _unload(cursor, "SELECT 1 AS a", options)
    assert sorted(path.name for path in bucket.iterdir()) == names


@pytest.mark.parametrize(
    ("option", "suffix", "read"),
    [
        ("GZIP", ".gz", gzip.decompress),
        ("BZIP2", ".bz2", bz2.decompress),
        ("ZSTD", ".zst", lambda content: zstandard.ZstdDecompressor().stream_reader(content).read()),
    ],
)
def test_compression(cursor: Cursor, bucket: Path, option: str, suffix: str, read: Callable[[bytes], bytes]) -> None:
    _unload(cursor, "SELECT i FROM generate_series(1, 5000) AS s(i) ORDER BY i", option)
    content = read((bucket / f"x_0000_part_00{suffix}").read_bytes())
    assert content.decode().split() == [str(number) for number in range(1, 5001)]


@pytest.mark.parametrize(
    "quoted", ["'SELECT ''it''''s'' AS a'", r"'SELECT \'it\'\'s\' AS a'", "$$SELECT 'it''s' AS a$$"]
)
def test_quotes_in_the_query(cursor: Cursor, bucket: Path, quoted: str) -> None:
    cursor.execute(f"UNLOAD ({quoted}) TO 's3://b/x_' IAM_ROLE default")
    assert _written(bucket) == {"x_0000_part_00": "it's\n"}


def test_no_rows(cursor: Cursor, bucket: Path) -> None:
    _unload(cursor, "SELECT 1 AS a WHERE false", "HEADER")
    assert _written(bucket) == {"x_0000_part_00": "a\n"}


def test_files_are_split_at_lines(cursor: Cursor, bucket: Path) -> None:
    query = "SELECT i, repeat('x', 1000) AS v FROM generate_series(1, 12000) AS s(i) ORDER BY i"
    _unload(cursor, query, "PARALLEL OFF MAXFILESIZE AS 5 MB HEADER MANIFEST VERBOSE")
    files = [bucket / f"x_00{part}" for part in range(3)]
    assert all(path.stat().st_size <= 5 * 1024 * 1024 for path in files)
    lines = [path.read_text().splitlines() for path in files]
    assert [line[0] for line in lines] == ["i|v"] * 3
    assert [line.split("|")[0] for part in lines for line in part[1:]] == [str(i) for i in range(1, 12001)]
    told = json.loads((bucket / "x_manifest").read_text())
    assert [entry["meta"]["record_count"] for entry in told["entries"]] == [len(part) for part in lines]
    assert told["meta"]["record_count"] == 12003


def test_parquet_files_are_split(cursor: Cursor, bucket: Path) -> None:
    cursor.execute("CREATE TABLE t (i BIGINT, v VARCHAR(64))")
    query = (
        "SELECT i, sha2(i::varchar, 256) || sha2((i + 1)::varchar, 256) AS v FROM generate_series(1, 300000) AS s(i)"
    )
    _unload(cursor, query, "PARQUET MAXFILESIZE 10 MB", "s3://b/p/")
    assert sorted(path.name for path in (bucket / "p").iterdir())[:2] == [
        "0000_part_00.parquet",
        "0000_part_01.parquet",
    ]
    cursor.execute("CREATE TABLE u (i BIGINT, v VARCHAR(128))")
    cursor.execute("COPY u FROM 's3://b/p/' IAM_ROLE default PARQUET")
    cursor.execute("SELECT count(*), count(DISTINCT i) FROM u")
    assert cursor.fetchone() == (300000, 300000)


def test_manifest_verbose(cursor: Cursor, bucket: Path) -> None:
    cursor.execute("CREATE TABLE t (i INTEGER, v VARCHAR(25), n NUMERIC(8,2), c CHAR(2))")
    cursor.execute("INSERT INTO t VALUES (1, 'a', 1, 'x')")
    _unload(cursor, "SELECT * FROM t", "MANIFEST VERBOSE")
    assert json.loads((bucket / "x_manifest").read_text()) == {
        "entries": [{"url": "s3://b/x_0000_part_00", "meta": {"content_length": 11, "record_count": 1}}],
        "schema": {
            "elements": [
                {"name": "i", "type": {"base": "integer"}},
                {"name": "v", "type": {"base": "character varying", "max_length": 25}},
                {"name": "n", "type": {"base": "numeric", "precision": 8, "scale": 2}},
                {"name": "c", "type": {"base": "character", "max_length": 2}},
            ]
        },
        "meta": {"content_length": 11, "record_count": 1},
        "author": {"name": "Amazon Redshift", "version": "1.0.0"},
    }


@pytest.mark.parametrize("data_format", ["CSV", "PARQUET"])
def test_a_manifest_loads(cursor: Cursor, bucket: Path, data_format: str) -> None:
    _unload(cursor, "SELECT 1 AS a UNION ALL SELECT 2", f"{data_format} MANIFEST")
    cursor.execute("CREATE TABLE t (a INTEGER)")
    cursor.execute(f"COPY t FROM 's3://b/x_manifest' IAM_ROLE default {data_format} MANIFEST")
    cursor.execute("SELECT sum(a) FROM t")
    assert cursor.fetchone() == (3,)


PARTITIONED = "SELECT 1 AS a, 'x/y' AS k, 2019 AS year UNION ALL SELECT 2, NULL, 2019 UNION ALL SELECT 3, 'x/y', 2020"


def test_partitions(cursor: Cursor, bucket: Path) -> None:
    _unload(cursor, PARTITIONED, "CSV PARTITION BY (year, k)", "s3://b/p")
    assert _written(bucket) == {
        "p/year=2019/k=__HIVE_DEFAULT_PARTITION__/0000_part_00": "2\n",
        "p/year=2019/k=x%2Fy/0000_part_00": "1\n",
        "p/year=2020/k=x%2Fy/0000_part_00": "3\n",
    }


def test_partitions_keep_the_order_of_the_query(cursor: Cursor, bucket: Path) -> None:
    _unload(
        cursor, "SELECT i, i % 2 AS k FROM generate_series(1, 9) AS s(i) ORDER BY i DESC", "PARTITION BY (k) INCLUDE"
    )
    assert _written(bucket) == {
        "x_/k=0/0000_part_00": "8|0\n6|0\n4|0\n2|0\n",
        "x_/k=1/0000_part_00": "9|1\n7|1\n5|1\n3|1\n1|1\n",
    }


@pytest.mark.parametrize(("include", "columns"), [("", "a INTEGER"), ("INCLUDE", "a INTEGER, k VARCHAR(9), y INTEGER")])
def test_partitioned_parquet(cursor: Cursor, bucket: Path, include: str, columns: str) -> None:
    _unload(cursor, PARTITIONED, f"PARQUET PARTITION BY (year, k) {include}", "s3://b/p")
    assert sorted(path.relative_to(bucket).as_posix() for path in bucket.rglob("*.parquet")) == [
        "p/year=2019/k=__HIVE_DEFAULT_PARTITION__/0000_part_00.parquet",
        "p/year=2019/k=x%2Fy/0000_part_00.parquet",
        "p/year=2020/k=x%2Fy/0000_part_00.parquet",
    ]
    cursor.execute(f"CREATE TABLE t ({columns})")
    cursor.execute("COPY t FROM 's3://b/p/' IAM_ROLE default PARQUET")
    cursor.execute("SELECT sum(a) FROM t")
    assert cursor.fetchone() == (6,)


# there and back

PAIRS = {
    "ESCAPE": "ESCAPE",
    "ADDQUOTES ESCAPE": "REMOVEQUOTES ESCAPE",
    r"ESCAPE DELIMITER '\t' GZIP": r"ESCAPE DELIMITER '\t' GZIP",
    "CSV": "CSV",
    "CSV HEADER BZIP2": "CSV IGNOREHEADER 1 BZIP2",
    "JSON": "JSON 'auto'",
    "JSON ZSTD": "JSON 'auto' ZSTD",
    "PARQUET": "PARQUET",
}


@pytest.mark.parametrize("written", PAIRS)
def test_every_type_comes_back(cursor: Cursor, bucket: Path, written: str) -> None:
    cursor.execute(f"CREATE TABLE t ({TYPES})")
    # A JSON number becomes a double before it becomes a decimal, as on Redshift.
    longest = "12345.0123456789" if "JSON" in written else "1234567890123456789012345678.0123456789"
    cursor.execute(f"""
        INSERT INTO t VALUES (1, -2, 9223372036854775807, {longest}, 1.5, 1e300, true,
        'ab', 'x', '2020-02-29', '1999-12-31 23:59:59.678901', '2020-01-02 03:04:05+02'),
        (-2147483648, 0, 0, -0.5, -0.1, 0.1, false, '', 'y', '0001-01-01', '2024-01-01', '2024-06-01 00:00:00.1+00')
    """)
    cursor.execute("INSERT INTO t (i) VALUES (NULL)")
    _unload(cursor, "SELECT * FROM t", f"{written} NULL AS '@null@'" if "NULL" in _takes(written) else written)
    given = " NULL AS '@null@'" if "NULL" in _takes(written) else ""
    cursor.execute(f"CREATE TABLE u ({_for_parquet(written)})")
    cursor.execute(f"COPY u FROM 's3://b/x_' IAM_ROLE default {PAIRS[written]}{given}")
    assert _rows(cursor, "u") == _rows(cursor, "t")


def _takes(written: str) -> set[str]:
    return set() if {"JSON", "PARQUET"} & set(written.split()) else {"NULL"}


def _for_parquet(written: str) -> str:
    return TYPES.replace("TIMESTAMPTZ", "TIMESTAMP") if written == "PARQUET" else TYPES


def _rows(cursor: Cursor, table: str) -> list[tuple[Any, ...]]:
    cursor.execute(f"SELECT i, s, g, n, f, d, b, c, v, dt, ts, tz::timestamp FROM {table} ORDER BY i")
    return cursor.fetchall()


@pytest.mark.parametrize("written", PAIRS)
def test_nasty_strings_come_back(cursor: Cursor, bucket: Path, written: str) -> None:
    cursor.execute("CREATE TABLE t (i INTEGER, v VARCHAR(100))")
    cursor.executemany("INSERT INTO t VALUES (%s, %s)", list(enumerate(NASTY)))
    given = " NULL AS '@null@'" if "NULL" in _takes(written) else ""
    _unload(cursor, "SELECT * FROM t", written + given)
    cursor.execute("CREATE TABLE u (LIKE t)")
    cursor.execute(f"COPY u FROM 's3://b/x_' IAM_ROLE default {PAIRS[written]}{given}")
    cursor.execute("SELECT v FROM u ORDER BY i")
    assert [text for (text,) in cursor.fetchall()] == list(NASTY)


def test_super_comes_back(cursor: Cursor, bucket: Path) -> None:
    cursor.execute("CREATE TABLE t (i INTEGER, s SUPER)")
    cursor.execute("""INSERT INTO t SELECT 1, json_parse('{"a": [1, "x|y"], "b": null}')""")
    _unload(cursor, "SELECT * FROM t", "JSON")
    cursor.execute("CREATE TABLE u (LIKE t)")
    cursor.execute("COPY u FROM 's3://b/x_' IAM_ROLE default JSON 'auto'")
    cursor.execute("SELECT json_serialize(s) FROM u")
    assert json.loads((cursor.fetchone() or ("",))[0]) == {"a": [1, "x|y"], "b": None}


# what it tells


def test_counts_and_notice(cursor: Cursor, bucket: Path) -> None:
    cursor.execute("SELECT pg_last_unload_count(), pg_last_unload_id()")
    assert cursor.fetchone() == (0, -1)
    _unload(cursor, "SELECT 1 AS a UNION ALL SELECT 2")
    assert cursor.statusmessage == "UNLOAD"
    assert cursor.connection.notices[-1] == "INFO:  UNLOAD completed, 2 record(s) unloaded successfully.\n"
    cursor.execute("SELECT pg_last_unload_count(), pg_last_unload_id() > 0")
    assert cursor.fetchone() == (2, True)


def test_a_transaction_unloads_its_own_rows(connect: Any, bucket: Path) -> None:
    cursor = connect().cursor()
    cursor.execute("CREATE TABLE t (a INTEGER)")
    cursor.execute("INSERT INTO t VALUES (7)")
    _unload(cursor, "SELECT * FROM t")
    assert _written(bucket) == {"x_0000_part_00": "7\n"}


# overwriting


def test_a_target_with_objects_is_refused(cursor: Cursor, bucket: Path) -> None:
    (bucket / "x_other").write_text("kept")
    with pytest.raises(psycopg2.InternalError, match=r"Specified unload destination on S3 is not empty\. Consider"):
        _unload(cursor, "SELECT 1 AS a")
    assert _written(bucket) == {"x_other": "kept"}


def test_allowoverwrite_leaves_other_objects(cursor: Cursor, bucket: Path) -> None:
    (bucket / "x_0000_part_00").write_text("old")
    (bucket / "x_other").write_text("kept")
    _unload(cursor, "SELECT 1 AS a", "ALLOWOVERWRITE")
    assert _written(bucket) == {"x_0000_part_00": "1\n", "x_other": "kept"}


def test_cleanpath_removes_what_was_there(cursor: Cursor, bucket: Path) -> None:
    for name in ("x_0000_part_00", "x_other", "elsewhere"):
        (bucket / name).write_text("old")
    _unload(cursor, "SELECT 1 AS a", "CLEANPATH")
    assert _written(bucket) == {"x_0000_part_00": "1\n", "elsewhere": "old"}


def test_cleanpath_of_partitions_cleans_their_folders(cursor: Cursor, bucket: Path) -> None:
    for folder in ("k=1", "k=2"):
        (bucket / "p" / folder).mkdir(parents=True)
        (bucket / "p" / folder / "old").write_text("old")
    _unload(cursor, "SELECT 1 AS k, 5 AS a", "PARTITION BY (k) CLEANPATH", "s3://b/p/")
    assert _written(bucket) == {"p/k=1/0000_part_00": "5\n", "p/k=2/old": "old"}


@pytest.mark.parametrize("options", ["", "CLEANPATH", "ALLOWOVERWRITE", "PARQUET CLEANPATH"])
def test_a_failing_query_changes_nothing(cursor: Cursor, bucket: Path, options: str) -> None:
    if options:
        (bucket / "x_0000_part_00").write_text("old")
    before = _written(bucket)
    with pytest.raises(psycopg2.Error):
        _unload(cursor, "SELECT 1 / (i - 5000) AS a FROM generate_series(1, 9000) AS s(i)", options)
    assert _written(bucket) == before


def test_what_cannot_all_be_written_is_not_written(cursor: Cursor, bucket: Path) -> None:
    (bucket / "p").mkdir()
    (bucket / "p" / "k=2").write_text("a file where a folder must be")
    with pytest.raises(psycopg2.InternalError, match="cannot be written"):
        _unload(cursor, "SELECT 1 AS k, 5 AS a UNION ALL SELECT 2, 6", "PARTITION BY (k) ALLOWOVERWRITE", "s3://b/p/")
    assert _written(bucket) == {"p/k=2": "a file where a folder must be"}


@pytest.mark.parametrize("target", ["s3://b/../../out", "s3://b/a/../../../out", "s3://../out", "s3://b/link/out"])
def test_nothing_is_written_outside_the_root(cursor: Cursor, bucket: Path, tmp_path: Path, target: str) -> None:
    (tmp_path / "beside").mkdir()
    (bucket / "link").symlink_to(tmp_path / "beside")
    before = set(tmp_path.rglob("*"))
    for options in ("", "ALLOWOVERWRITE"):
        with pytest.raises(psycopg2.Error):
            _unload(cursor, "SELECT 1 AS a", options, target)
    assert set(tmp_path.rglob("*")) == before


# what it refuses

REFUSED = [
    ("SELECT 1 AS a LIMIT 5", "", "0A000", "LIMIT clause is not supported in the outer SELECT of UNLOAD"),
    ("SELECT TOP 5 1 AS a", "", "0A000", "LIMIT clause is not supported in the outer SELECT of UNLOAD"),
    ("DELETE FROM t", "", "42601", 'syntax error at or near "DELETE"'),
    ("SELECT nope", "", "42703", 'column "nope" does not exist'),
    ("SELECT 1 AS a", "ESCAPE CSV", "42601", "ESCAPE is not supported for UNLOAD to CSV"),
    ("SELECT 1 AS a", "ADDQUOTES CSV", "42601", "ADDQUOTES is not supported for UNLOAD to CSV"),
    ("SELECT 1 AS a", "HEADER JSON", "42601", "HEADER is not supported for UNLOAD to JSON"),
    ("SELECT 1 AS a", "GZIP PARQUET", "42601", "GZIP is not supported for UNLOAD to PARQUET"),
    ("SELECT 1 AS a", "NULL AS 'x' PARQUET", "42601", "NULL AS is not supported for UNLOAD to PARQUET"),
    ("SELECT 1 AS a", "GZIP ZSTD", "42601", "GZIP and ZSTD cannot be used together"),
    ("SELECT 1 AS a", "ALLOWOVERWRITE CLEANPATH", "42601", "ALLOWOVERWRITE and CLEANPATH cannot be used together"),
    ("SELECT 1 AS a", "CSV JSON", "42601", "UNLOAD takes one data format, not both CSV and JSON"),
    ("SELECT 1 AS a", "HEADER HEADER", "42601", "conflicting or redundant options: HEADER"),
    ("SELECT 1 AS a", "MAXFILESIZE 4 MB", "22023", "MAXFILESIZE must be between 5 MB and 6.2 GB"),
    ("SELECT 1 AS a", "MAXFILESIZE 6.3 GB", "22023", "MAXFILESIZE must be between 5 MB and 6.2 GB"),
    ("SELECT 1 AS a", "DELIMITER '||'", "22023", "UNLOAD delimiter must be a single ASCII character"),
    ("SELECT 1 AS a", "ENCRYPTED AUTO", "0A000", "UNLOAD with ENCRYPTED is not built"),
    ("SELECT 1 AS a", "ROWGROUPSIZE 32 MB PARQUET", "0A000", "UNLOAD with ROWGROUPSIZE is not built"),
    ("SELECT 1 AS a", "PARQUET PARALLEL OFF MAXFILESIZE 9", "0A000", "PARQUET with PARALLEL OFF and MAXFILESIZE"),
    ("SELECT 1 AS a", "TRUNCATECOLUMNS", "42601", 'syntax error at or near "TRUNCATECOLUMNS"'),
    ("SELECT 1 AS a, 2 AS b", "PARTITION BY (c)", "42703", 'PARTITION BY column "c" is not in the query'),
    ("SELECT 1 AS a", "PARTITION BY (a)", "XX000", "needs a column that is no partition column"),
    ("SELECT 1 AS a, 2 AS a", "JSON", "XX000", 'UNLOAD to JSON needs unique column names: "a" is there twice'),
    ("SELECT 'a'::varbyte AS a", "PARQUET", "0A000", 'UNLOAD to PARQUET does not take column "a" of type VARBYTE'),
]  # fmt: skip


@pytest.mark.parametrize(("query", "options", "code", "message"), REFUSED)
def test_refused(cursor: Cursor, bucket: Path, query: str, options: str, code: str, message: str) -> None:
    with pytest.raises(psycopg2.Error) as caught:
        _unload(cursor, query, options)
    assert (caught.value.pgcode, message in str(caught.value)) == (code, True), str(caught.value)
    assert _written(bucket) == {}


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("UNLOAD ('SELECT 1') TO 's3://b/x'", "UNLOAD needs credentials"),
        ("UNLOAD ('SELECT 1') TO '/tmp/x' IAM_ROLE default", "it must begin with s3://"),
        ("UNLOAD ('SELECT 1') TO 's3://nowhere/x' IAM_ROLE default", "The specified bucket does not exist"),
        ("UNLOAD (SELECT 1) TO 's3://b/x' IAM_ROLE default", 'syntax error at or near "SELECT"'),
        ("UNLOAD ('SELECT 1') IAM_ROLE default", 'syntax error at or near "IAM_ROLE"'),
    ],
)
def test_refused_statements(cursor: Cursor, statement: str, message: str) -> None:
    with pytest.raises(psycopg2.Error, match=message):
        cursor.execute(statement)


# S3 itself


def test_to_s3(monkeypatch: pytest.MonkeyPatch) -> None:
    import boto3
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    for name, value in {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "AKIAEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "never-to-be-shown",
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    bucket = boto3.resource("s3").Bucket("lake")
    bucket.create()
    bucket.put_object(Key="out/old", Body=b"old")
    unload = "UNLOAD ('SELECT 1 AS a, ''x'' AS b') TO 's3://lake/out/' IAM_ROLE default CSV MANIFEST"
    try:
        with embedded.start() as warehouse:
            with pytest.raises(psycopg2.InternalError, match="destination on S3 is not empty"):
                ask(dsn(warehouse), unload)
            rows = ask(
                dsn(warehouse),
                f"{unload} CLEANPATH",
                "CREATE TABLE t (a INTEGER, b VARCHAR(5))",
                "COPY t FROM 's3://lake/out/manifest' IAM_ROLE default CSV MANIFEST",
                "SELECT * FROM t",
            )
        assert rows == [(1, "x")]
        assert [item.key for item in bucket.objects.all()] == ["out/0000_part_00", "out/manifest"]
    finally:
        server.stop()
