"""create_tables.py and etl.py as commands: usage, output, exit codes, Ctrl-C, other people's sql_queries.py."""

from __future__ import annotations

import signal
import time
from contextlib import closing
from typing import TYPE_CHECKING

import psycopg2
import pytest
from clients import dsn
from scripts import ROOT, Project, event, on_a_terminal, project, small_project, song

if TYPE_CHECKING:
    from pathlib import Path

    from local_redshift import embedded

NOON = 1541073600796


@pytest.fixture
def small(tmp_path: Path) -> Project:
    made = small_project(tmp_path)
    made.put_songs(song())
    made.put_events("2018-11-01", [event(NOON), event(NOON + 1, page="Home")])
    return made


@pytest.mark.parametrize("script", ["create_tables.py", "etl.py"])
def test_help_has_an_example_and_imports_nothing_heavy(small: Project, script: str) -> None:
    text = small.succeed(script, "--help")
    assert f"python {script} --config" in text
    imported = small.run("-X", "importtime", script, "--help").stderr
    assert not {"duckdb", "psycopg2", "rich", "sqlglot", "boto3"} & {
        line.rsplit("|")[-1].strip() for line in imported.splitlines()
    }


def test_the_two_commands(small: Project) -> None:
    created = small.succeed("create_tables.py")
    assert "The tables are ready." in created
    assert "Fill them:  python etl.py" in created
    loaded = small.succeed("etl.py")
    lines = [line.split() for line in loaded.splitlines()]
    assert ["COPY", "staging_events", "2", "rows"] in [words[:4] for words in lines]
    assert ["INSERT", "songplays", "1", "row"] in [words[:4] for words in lines]
    assert "The data is in." in loaded
    table = {words[0]: words[1:-1] for words in lines[lines.index(["The", "data", "is", "in."]) :] if len(words) == 5}
    assert table == {
        "table": ["rows", "new", "changed"],
        "staging_events": ["2", "2", "0"],
        "staging_songs": ["1", "1", "0"],
        "artists": ["1", "1", "0"],
        "songs": ["1", "1", "0"],
        "songplays": ["1", "1", "0"],
        "users": ["1", "1", "0"],
        "time": ["1", "1", "0"],
    }
    assert "Look at it:  python -m local_redshift --database sparkify.duckdb" in loaded
    assert f"In pictures:  python {ROOT / 'analysis' / 'report.py'}" in loaded
    assert "\x1b" not in created + loaded


def test_a_second_run_says_what_was_there(small: Project) -> None:
    small.succeed("create_tables.py")
    assert "already" not in small.succeed("etl.py")
    assert "1 songplays were there already and are not added again." in small.succeed("etl.py")


def test_three_at_once_double_nothing(tmp_path: Path, warehouse: embedded.Connection) -> None:
    """TRUNCATE and COPY wait for whoever stages already, so that one load follows the other."""
    made = small_project(tmp_path)  # its s3 root is the warehouse's
    made.put_songs(song())
    made.put_events("2018-11-01", [event(NOON + number) for number in range(50)])
    (tmp_path / "dwh.cfg").write_text(
        f"[CLUSTER]\nHOST={warehouse.host}\nDB_PORT={warehouse.port}\nDB_NAME={warehouse.database}\n"
        f"DB_USER={warehouse.user}\nDB_PASSWORD='{warehouse.password}'\n"
    )
    made.succeed("create_tables.py")
    running = [made.start("etl.py") for _ in range(3)]
    said = [process.communicate(timeout=60) for process in running]
    assert [process.returncode for process in running] == [0, 0, 0], said
    counted = psycopg2.connect(dsn(warehouse))
    with closing(counted), counted.cursor() as cursor:
        cursor.execute("SELECT COUNT(*), COUNT(DISTINCT start_time), COUNT(song_id) FROM songplays")
        assert cursor.fetchone() == (50, 50, 50)


def test_without_dwh_cfg_the_sample_data_is_loaded_and_said(tmp_path: Path) -> None:
    made = project(tmp_path, tmp_path)
    (tmp_path / "dwh.cfg").unlink()
    first = made.succeed("create_tables.py").splitlines()[0]
    assert first == "No dwh.cfg here: on the laptop, in sparkify.duckdb, with the sample data"
    made.succeed("etl.py")
    plays = made.query("SELECT COUNT(*), COUNT(song_id), COUNT(DISTINCT user_id) FROM songplays")[0]
    assert all(plays)


def test_create_tables_may_be_run_at_any_time(small: Project) -> None:
    small.succeed("create_tables.py")
    small.succeed("etl.py")
    small.succeed("create_tables.py")
    assert small.query("SELECT COUNT(*) FROM songplays") == [(0,)]
    small.succeed("etl.py")
    assert small.query("SELECT COUNT(*) FROM songplays") == [(1,)]


def test_config_names_another_file(small: Project) -> None:
    (small.folder / "dwh.cfg").rename(small.folder / "other.cfg")
    (small.folder / "dwh.cfg").write_text("[CLUSTER]\nHOST = never.asked.invalid\n")
    assert "python etl.py --config other.cfg" in small.succeed("create_tables.py", "--config", "other.cfg")
    small.succeed("etl.py", "--config", "other.cfg")
    assert small.query("SELECT COUNT(*) FROM songplays") == [(1,)]


@pytest.mark.parametrize("arguments", [["--config", "none.cfg"], ["--config"], ["--nonsense"], ["more"]])
def test_wrong_usage(small: Project, arguments: list[str]) -> None:
    for script in ("create_tables.py", "etl.py"):
        done = small.run(script, *arguments)
        assert done.returncode == 2
        assert done.stderr.startswith("usage: ")


def test_etl_before_create_tables(small: Project) -> None:
    said = small.fail("etl.py")
    assert "staging_events" in said
    assert "Run python create_tables.py first." in said


def test_a_failure_leaves_the_star_schema_as_it_was(small: Project) -> None:
    small.succeed("create_tables.py")
    small.succeed("etl.py")
    everything = [f"SELECT * FROM {table}" for table in ("songplays", "users", "songs", "artists", "time")]
    before = small.query_all(*everything)
    small.put_events("2018-11-02", [event(NOON + 5, user=8, level="paid")])
    text = (small.folder / "sql_queries.py").read_text()
    (small.folder / "sql_queries.py").write_text(f"{text}\ninsert_table_queries.append('INSERT INTO nowhere SELECT 1')")
    assert "INSERT nowhere failed" in small.fail("etl.py")
    assert small.query_all(*everything) == before


CLASSIC_PROJECT = """\
import configparser

config = configparser.ConfigParser()
config.read('dwh.cfg')
LOG_DATA = config.get('S3', 'LOG_DATA')
ARN = config.get('IAM_ROLE', 'ARN')

drop_table_queries = ["DROP TABLE IF EXISTS stage;", "DROP TABLE IF EXISTS plays;"]
create_table_queries = [
    "CREATE TABLE IF NOT EXISTS stage (page TEXT, ts BIGINT SORTKEY, song TEXT DISTKEY);",
    "CREATE TABLE plays (id INT IDENTITY(0,1) PRIMARY KEY, start_time TIMESTAMP NOT NULL, song TEXT) DISTSTYLE ALL;",
]
copy_table_queries = [(\"\"\"
    copy stage from {} credentials 'aws_iam_role={}' region 'us-west-2' compupdate off json 'auto';
\"\"\").format(LOG_DATA, ARN)]
insert_table_queries = [\"\"\"
    INSERT INTO plays (start_time, song)
    SELECT TIMESTAMP 'epoch' + ts/1000 * INTERVAL '1 second', song FROM stage WHERE page = 'NextSong';
\"\"\"]
"""


def test_another_projects_queries(small: Project) -> None:
    (small.folder / "sql_queries.py").write_text(CLASSIC_PROJECT)
    small.configure(
        "[S3]\nLOG_DATA='s3://udacity-dend/log_data'\n[IAM_ROLE]\nARN=arn:aws:iam::123456789012:role/dwhRole\n"
    )
    small.succeed("create_tables.py")
    small.succeed("etl.py")
    assert small.query("SELECT start_time::VARCHAR, song FROM plays") == [("2018-11-01 12:00:00", "Setanta matins")]
    small.succeed("etl.py")  # their lists neither empty the stage nor look at what is there
    assert small.query("SELECT COUNT(*) FROM plays") == [(3,)]


def test_another_projects_queries_without_their_configuration(small: Project) -> None:
    (small.folder / "sql_queries.py").write_text(CLASSIC_PROJECT)
    (small.folder / "dwh.cfg").unlink()
    assert "copy dwh.cfg.example to dwh.cfg" in small.fail("create_tables.py")


SLOW_PROJECT = """\
drop_table_queries = []
create_table_queries = ["CREATE TABLE n (i BIGINT)", "CREATE TABLE fact (i BIGINT)"]
copy_table_queries = ["INSERT INTO n VALUES (1), (2), (3), (4), (5), (6), (7), (8), (9), (10)"]
insert_table_queries = [
    "INSERT INTO fact VALUES (1)",
    "INSERT INTO fact SELECT a.i + b.i FROM n a, n b, n c, n d, n e, n f, n g, n h, n i, n j, n k, n l "
    "WHERE a.i * b.i * c.i * d.i * e.i * f.i * g.i * h.i * i.i * j.i * k.i * l.i = 1001",
]
"""


def test_ctrl_c_cancels_and_rolls_back(small: Project) -> None:
    (small.folder / "sql_queries.py").write_text(SLOW_PROJECT)
    small.succeed("create_tables.py")
    process = small.start("-u", "etl.py")
    assert process.stdout is not None
    with process:
        for line in process.stdout:
            if line.split()[:2] == ["INSERT", "fact"]:
                break
        time.sleep(0.5)  # into the slow one
        pressed = time.perf_counter()
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=20)
    assert time.perf_counter() - pressed < 5
    assert process.returncode == 1
    assert err == "error: Interrupted: INSERT fact was cancelled and the transaction rolled back.\n"
    assert small.query("SELECT COUNT(*) FROM fact") == [(0,)]
    assert small.query("SELECT COUNT(*) FROM n") == [(0,)]


def test_on_a_terminal_there_is_a_clock_and_the_lines_stay(small: Project) -> None:
    small.succeed("create_tables.py")
    code, shown = on_a_terminal(small, "etl.py")
    assert code == 0
    assert "\x1b[" in shown
    assert "COPY staging_events" in shown
    assert "0:00:00" in shown
    assert "The data is in." in shown


def test_a_reader_that_goes_away(small: Project) -> None:
    small.succeed("create_tables.py")
    with small.start("-u", "etl.py") as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr is not None
        assert "Traceback" not in process.stderr.read()


def test_the_scripts_are_a_page_each() -> None:
    for script in ("create_tables.py", "etl.py"):
        assert len((ROOT / script).read_text().splitlines()) <= 60
