"""data_lake/queries.py and as_warehouse.py: whatever asks the lake gets the warehouse's answers."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
import sqlglot
from scripts import ROOT, Project, event, small_project, song
from sqlglot import exp
from unloaded_lake import PLAN, unload

import sql_queries
from data_lake import as_warehouse, engines, queries
from data_lake.lake import NoLake
from data_lake.settings import LakeSettings
from warehouse.errors import WarehouseError

if TYPE_CHECKING:
    from pathlib import Path

    from pyspark.sql import SparkSession
    from strict_aws import StrictAws

pytest_plugins = ["lake_fixtures"]

TABLES = [table.name for table in PLAN.tables]
EVERYTHING = [f"SELECT {', '.join(table.columns)} FROM {table.name} ORDER BY 1" for table in PLAN.tables]
QUESTIONS = list(engines.QUESTIONS.values())
DUCKDB = {"INT": "INTEGER", "STRING": "VARCHAR"}
# A Friday in November, the last seconds of a month and of a year (ISO week 1 of the next), and a Monday.
MOMENTS = (1541121934796, 1543622399999, 1546300799999, 1546300800000, 1561939200123)
WEB = "s3://my-bucket/sparkify/lake"
Rows = list[tuple[Any, ...]]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A warehouse with songs of several years, of none and of an unknown one, and plays of several months."""
    made = small_project(tmp_path_factory.mktemp("stars"))
    years = (0, 1999, None, 2012)
    made.put_songs(*(song(f"SO{n:016}", title=f"It's {n} é", duration=n + 0.5, year=y) for n, y in enumerate(years)))
    made.put_events(
        "2018-11-01",
        [
            event(moment + n * 1000, user=n, song=f"It's {n} é", length=n + 0.5, level=("free", "paid")[n % 2])
            for moment in MOMENTS
            for n in range(5)
        ],
    )
    made.succeed("create_tables.py")
    made.succeed("etl.py")
    return made


@pytest.fixture(scope="module")
def answers(project: Project) -> list[Rows]:
    """What the warehouse says: all rows of each table, and the two questions."""
    return project.query_all(*EVERYTHING, *QUESTIONS)


@pytest.fixture(scope="module")
def folder(project: Project) -> Path:
    """The same as a lake, which the warehouse itself has unloaded."""
    lake = unload(project)
    (lake / "users" / "_SUCCESS").touch()
    return lake


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test in a folder of its own, with no dl.cfg."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def web(aws: StrictAws, folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The lake in S3; the scripts see that AWS."""
    s3, (bucket, _, prefix) = aws.client("s3"), WEB.removeprefix("s3://").partition("/")
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
    for file in folder.rglob("*"):
        if file.is_file():
            s3.upload_file(str(file), bucket, f"{prefix}/{file.relative_to(folder)}")
    for name, value in aws.environment().items():
        monkeypatch.setenv(name, value)
    return WEB


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert queries.main(arguments) == 0
    return capsys.readouterr().out


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert queries.main(arguments) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    return captured.err.replace("\n", " ")


def statements(page: str) -> list[str]:
    """What is to be executed, without the comments."""
    return [text.strip() for text in re.sub(r"(?m)^--.*\n", "", page).split(";\n") if text.strip()]


def in_duckdb(page: str) -> list[Rows]:
    with duckdb.connect() as engine:
        *views, first, second = statements(page)
        for view in views:
            engine.execute(view)
        return [engine.execute(sql).fetchall() for sql in (*EVERYTHING, first, second.rstrip(";"))]


# DuckDB


def test_duckdb_gives_the_warehouses_answers(
    capsys: pytest.CaptureFixture[str], folder: Path, answers: list[Rows]
) -> None:
    assert in_duckdb(said(capsys, str(folder), "--for", "duckdb")) == answers
    assert all(answers)


def test_duckdb_has_the_star_schemas_columns_and_types(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    with duckdb.connect() as engine:
        engine.execute(said(capsys, str(folder), "--for", "duckdb"))
        for table in PLAN.tables:
            found = {row[0]: row[1] for row in engine.execute(f"DESCRIBE {table.name}").fetchall()}
            assert list(found.items())[: len(table.columns)] == [
                (name, DUCKDB.get(kind, kind)) for name, kind in table.columns.items()
            ]
            assert set(found) == {*table.columns, *table.partitions}


def test_duckdb_takes_the_folders_name_to_the_letter(
    capsys: pytest.CaptureFixture[str], folder: Path, answers: list[Rows], tmp_path: Path
) -> None:
    for other in ("it's [my] lake*", "it's m lakes", "year=7"):
        shutil.copytree(folder, tmp_path / other)
    assert in_duckdb(said(capsys, "it's [my] lake*", "--for", "duckdb")) == answers
    assert "takes the folder year=7" in refused(capsys, "year=7/", "--for", "duckdb")


def test_a_table_without_files_has_no_rows(capsys: pytest.CaptureFixture[str], folder: Path, tmp_path: Path) -> None:
    """As where nobody has played yet."""
    shutil.copytree(folder, tmp_path / "lake", ignore=shutil.ignore_patterns("songplays"))
    page = said(capsys, "--for", "duckdb")
    with duckdb.connect() as engine:
        engine.execute(page)
        assert engine.execute("SELECT * FROM songplays").fetchall() == []
        assert engine.execute("SELECT typeof(start_time) FROM time LIMIT 1").fetchall() == [("TIMESTAMP",)]
    assert re.search(r"songplays +0 +0 ", said(capsys))


def test_duckdb_reads_s3_with_its_own_extensions(
    capsys: pytest.CaptureFixture[str], web: str, folder: Path, answers: list[Rows]
) -> None:
    page = said(capsys, web, "--for", "duckdb")
    *before, secret = statements(page)[:5]
    assert before == ["INSTALL httpfs", "LOAD httpfs", "INSTALL aws", "LOAD aws"]
    assert "PROVIDER credential_chain, SCOPE 's3://my-bucket'" in secret
    assert "REGION 'us-west-2'" in secret
    rest = ";\n".join(statements(page)[5:]).replace(web, str(folder))
    assert in_duckdb(rest) == answers


# Spark


def test_spark_gives_the_warehouses_answers(
    capsys: pytest.CaptureFixture[str], spark: SparkSession, folder: Path, answers: list[Rows], tmp_path: Path
) -> None:
    """On timestamps as Spark writes them, in a session of another time zone."""
    written = tmp_path / "it's here"
    rewrite(spark, folder, written)
    *views, first, second = statements(said(capsys, str(written), "--for", "spark"))
    session = spark.newSession()
    session.conf.set("spark.sql.session.timeZone", "America/New_York")
    session.conf.set("spark.sql.shuffle.partitions", "1")
    for view in views:
        session.sql(view)
    for table in PLAN.tables:
        kinds = dict.fromkeys(table.partitions, "INT") | table.columns
        assert dict(session.table(table.name).dtypes) == {name: kind.lower() for name, kind in kinds.items()}
    for number, (sql, rows) in enumerate(zip([*EVERYTHING, first, second], answers, strict=True)):
        if "FROM users" in sql or "FROM artists O" in sql:
            continue  # nothing in them that is not in the others
        # By a file: the sockets by which PySpark collects stay open.
        session.sql(sql.rstrip(";")).coalesce(1).write.parquet(str(tmp_path / f"{number}"))
        assert read(f"{tmp_path}/{number}/*.parquet") == rows
    assert in_duckdb(said(capsys, str(written), "--for", "duckdb")) == answers


def rewrite(spark: SparkSession, folder: Path, target: Path) -> None:
    """The lake as the job writes it: timestamps as INT96."""
    from data_lake.job import tables

    shutil.copytree(folder, target, ignore=shutil.ignore_patterns("songplays", "time"))
    session = spark.newSession()
    for key, value in tables.SETTINGS.items():
        session.conf.set(key, value)
    for table in (PLAN.table("songplays"), PLAN.table("time")):
        rows = tables.read(session, table, str(folder / table.name))
        rows.coalesce(1).write.partitionBy(*table.partitions).parquet(str(target / table.name))


def read(files: str) -> Rows:
    with duckdb.connect() as engine:
        return engine.execute("FROM read_parquet(?)", [files]).fetchall()


# Athena and Redshift Spectrum


@pytest.mark.parametrize(("engine", "dialect"), [("athena", "hive"), ("spectrum", "redshift")])
def test_external_tables_have_the_files_columns(
    capsys: pytest.CaptureFixture[str], web: str, folder: Path, engine: str, dialect: str
) -> None:
    page = said(capsys, web, "--for", engine)
    created = {tree.this.this.name: tree for tree in external(page, dialect)}
    assert list(created) == TABLES
    for table in PLAN.tables:
        tree = created[table.name]
        assert {column.name: family(column) for column in tree.this.expressions} == stored(folder / table.name)
        partitions = tree.find(exp.PartitionedByProperty)
        named = [(column.name, family(column)) for column in partitions.this.expressions] if partitions else []
        assert named == [(name, DUCKDB.get(k := table.columns.get(name, "INT"), k)) for name in table.partitions]
        properties = {type(one): one.this.name for one in tree.args["properties"].expressions if one.this}
        assert properties[exp.LocationProperty] == f"{web}/{table.name}/"
        assert properties[exp.FileFormatProperty].upper() == "PARQUET"
        assert tree.this.this.db == "sparkify_lake"


def external(page: str, dialect: str) -> list[exp.Create]:
    texts = [text for text in statements(page) if text.startswith("CREATE EXTERNAL TABLE")]
    trees = [sqlglot.parse_one(text, read=dialect) for text in texts]
    assert all(isinstance(tree, exp.Create) for tree in trees)
    return [tree for tree in trees if isinstance(tree, exp.Create)]


def family(column: exp.ColumnDef) -> str:
    """The type in DuckDB's words, without a length."""
    assert column.kind
    name = str(column.kind.this.name)
    return {"INT": "INTEGER", "TEXT": "VARCHAR"}.get(name, name)


def stored(folder: Path) -> dict[str, str]:
    """The columns that are in a table's files, with their types."""
    files = [str(file) for file in folder.rglob("*.parquet")]
    with duckdb.connect() as engine:
        schema = engine.execute("SELECT name, duckdb_type FROM parquet_schema(?) WHERE num_children IS NULL", [files])
        return dict(schema.fetchall())


def test_varchars_are_as_long_as_in_the_warehouse(capsys: pytest.CaptureFixture[str], web: str) -> None:
    created = {tree.this.this.name: tree.this for tree in external(said(capsys, web, "--for", "spectrum"), "redshift")}
    for create in sql_queries.create_table_queries:
        schema = sqlglot.parse_one(create, read="redshift").this
        if schema.this.name in created:
            here = {column.name: column.kind for column in created[schema.this.name].expressions}
            there = {column.name: column.kind for column in schema.expressions if column.name in here}
            assert here == there


def test_spectrum_names_every_partition_that_is_there(
    capsys: pytest.CaptureFixture[str], web: str, folder: Path
) -> None:
    page = said(capsys, web, "--for", "spectrum")
    added = dict(re.findall(r"PARTITION \(([^)]*)\) LOCATION '([^']*)'", page))
    assert len(added) == 3 + 4  # years of songs; months, of plays and times alike
    places = re.findall(r"LOCATION '([^']*=[^']*)/'", page)
    there = {str(file.parent.relative_to(folder)) for file in folder.rglob("*.parquet") if "=" in str(file)}
    assert {place.removeprefix(f"{web}/") for place in places} == {at for at in there if "DEFAULT" not in at}
    assert added["year = 2018, month = 11"] == f"{web}/time/year=2018/month=11/"
    assert "-- NOT INCLUDED: songs/year=__HIVE_DEFAULT_PARTITION__." in page


def test_spectrum_adds_at_most_a_hundred_partitions_at_once(
    capsys: pytest.CaptureFixture[str], aws: StrictAws, web: str, folder: Path
) -> None:
    """More than that the Glue catalogue does not take."""
    years = range(1801, 1950)
    for year in years:
        aws.client("s3").put_object(Bucket="my-bucket", Key=f"sparkify/lake/songs/year={year}/part.parquet", Body=b"x")
    adding = [one for one in statements(said(capsys, web, "--for", "spectrum")) if "lake.songs ADD" in one]
    counts = [one.count("PARTITION (") for one in adding]
    assert sum(counts) == len(years) + 3
    assert max(counts) == 100


def test_athena_finds_the_partitions_itself(capsys: pytest.CaptureFixture[str], web: str) -> None:
    repaired = [one for one in statements(said(capsys, web, "--for", "athena")) if one.startswith("MSCK")]
    assert repaired == [
        f"MSCK REPAIR TABLE `sparkify_lake`.`{name}`" for name in TABLES if name in {"songs", "songplays", "time"}
    ]


@pytest.mark.parametrize(("engine", "dialect"), [("athena", "athena"), ("spectrum", "redshift")])
def test_their_questions_name_the_schema(
    capsys: pytest.CaptureFixture[str], web: str, engine: str, dialect: str
) -> None:
    for text in statements(said(capsys, web, "--for", engine))[-2:]:
        tree = sqlglot.parse_one(text.rstrip(";"), read=dialect)
        assert {table.db for table in tree.find_all(exp.Table)} == {"sparkify_lake"}


def test_spectrum_gets_the_role_of_dwh_cfg(
    capsys: pytest.CaptureFixture[str], web: str, project: Project, tmp_path: Path
) -> None:
    """In a process of its own: a process reads dwh.cfg once."""
    arn = "arn:aws:iam::123456789012:role/myRedshiftRole"
    (tmp_path / "dwh.cfg").write_text(f"[CLUSTER]\n[IAM_ROLE]\nARN = {arn}\n")
    here = Project(tmp_path, project.s3_root)
    page = here.succeed("-m", "data_lake.queries", web, "--for", "spectrum")
    assert f"IAM_ROLE '{arn}'" in statements(page)[0]
    assert "IAM_ROLE default" in said(capsys, web, "--for", "spectrum")


# What there is


def test_without_an_engine_it_answers_at_once(
    capsys: pytest.CaptureFixture[str], folder: Path, answers: list[Rows]
) -> None:
    text = said(capsys, str(folder))
    for table, rows in zip(TABLES, answers, strict=False):
        assert re.search(rf"{table} +{len(rows)} ", text)
    title, artist, plays = answers[-2][0]
    assert re.search(rf"{re.escape(title)} +{artist} +{plays}", text)
    assert f"{folder} --for duckdb" in text
    assert "--for athena" not in text


def test_a_lake_in_s3_tells_what_is_in_it(capsys: pytest.CaptureFixture[str], web: str) -> None:
    text = said(capsys, f"{web}/")
    assert re.search(r"songs +4 +0\.0", text)
    assert re.search(r"users +1 ", text)  # not _SUCCESS
    assert all(f"--for {name}" in text for name in engines.ENGINES)


def test_dl_cfg_says_which_lake(capsys: pytest.CaptureFixture[str], folder: Path, tmp_path: Path) -> None:
    (tmp_path / "dl.cfg").write_text(f"[LAKE]\nOUTPUT_DATA = {folder}\n")
    assert f"The lake in {folder}" in said(capsys)
    (tmp_path / "dl.cfg").unlink()
    (tmp_path / "other.cfg").write_text(f"[LAKE]\nOUTPUT_DATA = s3://bucket/lake\n[LOCAL]\nS3_ROOT = {tmp_path}/s3\n")
    shutil.copytree(folder, tmp_path / "s3" / "bucket" / "lake")
    assert f"The lake in {tmp_path}/s3/bucket/lake" in said(capsys, "--config", "other.cfg")


# What goes wrong


def test_no_lake(capsys: pytest.CaptureFixture[str], tmp_path: Path, web: str) -> None:
    told = refused(capsys)
    assert f"There is no lake in {tmp_path}/lake" in told
    assert f"data_lake/etl.py --output {tmp_path}/lake makes one." in told
    assert "There is no lake in s3://my-bucket/other" in refused(capsys, "s3://my-bucket/other", "--for", "athena")
    assert "Check the bucket's name." in refused(capsys, "s3://no-such-bucket/lake")
    (tmp_path / "file").touch()
    assert "There is no lake" in refused(capsys, "file")


@pytest.mark.parametrize("text", ["", "[]", '{"tables": 7}', '{"tables": {"songs": 7}}', '{"tables": {}}'])
def test_a_mark_that_is_none(capsys: pytest.CaptureFixture[str], tmp_path: Path, text: str) -> None:
    (tmp_path / "lake").mkdir()
    (tmp_path / "lake" / "_lake.json").write_text(text)
    assert "makes one." in refused(capsys)


def test_s3_does_not_allow_it(capsys: pytest.CaptureFixture[str], aws: StrictAws, web: str) -> None:
    aws.fault("s3", "ListObjectsV2", "AccessDenied", "Access Denied", 403)
    told = refused(capsys, web)
    assert f"While listing {web}/artists, AWS said: Access Denied (AccessDenied)." in told


@pytest.mark.parametrize("engine", ["athena", "spectrum"])
def test_what_reads_s3_alone(capsys: pytest.CaptureFixture[str], folder: Path, engine: str) -> None:
    assert "reads S3 alone" in refused(capsys, str(folder), "--for", engine)


def test_a_damaged_file(capsys: pytest.CaptureFixture[str], folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "lake")
    damaged = next((tmp_path / "lake" / "users").glob("*.parquet"))
    damaged.write_bytes(b"PAR1 is not all")
    assert "The lake cannot be read" in refused(capsys)
    with pytest.raises(WarehouseError, match="table users cannot be read"), as_warehouse.connect(LakeSettings()):
        pass


@pytest.mark.parametrize("arguments", [["--for", "oracle"], ["--config", "none.cfg"]])
def test_wrong_usage(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        queries.main(arguments)
    assert ended.value.code == 2


# As a warehouse


def asked(settings: LakeSettings) -> list[Rows]:
    with as_warehouse.connect(settings) as warehouse, warehouse.connection.cursor() as cursor:
        found = []
        for sql in (*EVERYTHING, *QUESTIONS):
            cursor.execute(sql)
            found.append(cursor.fetchall())
        return found


def test_the_lake_answers_as_the_warehouse(
    capsys: pytest.CaptureFixture[str], folder: Path, answers: list[Rows]
) -> None:
    """The numbers of the plays too, which the lake has given."""
    assert asked(LakeSettings(output=str(folder))) == answers
    assert re.search(r"COPY songplays +25 rows", capsys.readouterr().out)


def test_a_lake_in_s3_answers_too(web: str, answers: list[Rows]) -> None:
    assert asked(LakeSettings(output=f"{web}/", s3_root=None)) == answers


def test_a_lake_is_only_read(folder: Path) -> None:
    before = {file: file.stat().st_mtime_ns for file in folder.rglob("*")}
    with as_warehouse.connect(LakeSettings(output=str(folder))) as warehouse, warehouse.connection.cursor() as cursor:
        cursor.execute("DELETE FROM songplays")
        warehouse.connection.commit()
    assert {file: file.stat().st_mtime_ns for file in folder.rglob("*")} == before


def test_no_warehouse_without_a_lake(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(NoLake), as_warehouse.connect(LakeSettings()):
        pass
    shutil.copytree(folder, tmp_path / "lake")
    mark_text = (tmp_path / "lake" / "_lake.json").read_text()
    (tmp_path / "lake" / "_lake.json").write_text(mark_text.replace('"gender"', '"sex"'))
    with (
        pytest.raises(WarehouseError, match=r"other columns than sql_queries\.py"),
        as_warehouse.connect(LakeSettings()),
    ):
        pass


def test_the_pages_example_runs(capsys: pytest.CaptureFixture[str], folder: Path, tmp_path: Path) -> None:
    page = (ROOT / "docs" / "lake.md").read_text(encoding="utf-8")
    shutil.copytree(folder, tmp_path / "lake")
    for example in re.findall(r"```python\n(.*?)```", page, re.DOTALL):
        exec(example, {})  # noqa: S102
    assert sorted(eval(capsys.readouterr().out.splitlines()[-1])) == [("free", 15), ("paid", 10)]  # noqa: S307
    assert set(re.findall(r"--for (\w+)", page)) == set(engines.ENGINES)
