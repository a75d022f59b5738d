"""``python -m local_redshift run``: a script as it would be run plainly, but for where psycopg2 connects to."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import venv
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from scripts import ROOT, clean_environment

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[..., subprocess.CompletedProcess[str]]

WHO = "select current_database(), current_user"
ASK = f"""
cursor = connection.cursor()
cursor.execute("{WHO}")
print(*cursor.fetchone())
"""


def start(folder: Path, *words: object, **more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "local_redshift", "run", *map(str, words)],
        cwd=folder,
        env={**clean_environment(), **more},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs the text of a script, with arguments, in a folder of its own."""

    def run_script(
        text: str, *words: str, before: tuple[str, ...] = (), stdin: str = "", **more: str
    ) -> subprocess.CompletedProcess[str]:
        (tmp_path / "script.py").write_text(text, encoding="utf-8")
        with start(tmp_path, *before, "script.py", *words, **more) as process:
            out, err = process.communicate(stdin, timeout=60)
        return subprocess.CompletedProcess(words, process.returncode, out, err)

    return run_script


def test_a_script_sees_what_it_would_see_plainly(run: Run, tmp_path: Path) -> None:
    script = "import os, sys; print(sys.argv, __name__, __file__, os.getcwd(), sys.path[0], input()); sys.exit(7)"
    done = run(script, "--database", "x", "-m", "y", "--help", stdin="typed\n")
    plain = subprocess.run(
        [sys.executable, "script.py", "--database", "x", "-m", "y", "--help"],
        cwd=tmp_path,
        input="typed\n",
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (plain.returncode, plain.stdout)
    assert done.returncode == 7


def test_a_traceback_is_the_scripts_alone(run: Run) -> None:
    done = run("def load():\n    raise KeyError('CLUSTER')\nload()")
    traceback, _, said = done.stderr.partition("\n\nlocal_redshift run: ")
    assert done.returncode == 1
    assert traceback.count("File ") == 2
    assert traceback.endswith("KeyError: 'CLUSTER'")
    assert "script.py failed with exit code 1" in said


@pytest.mark.parametrize(
    ("call", "who"),
    [
        ("host='dwh.c.us-west-2.redshift.amazonaws.com', dbname='dwh', user='me', password='p', port=5439", "dwh me"),
        ("database='dwh', user='me'", "dwh me"),
        ("host='', dbname='', user='', password='', port=''", "dev awsuser"),
        ("'host=h dbname=dwh user=me password=p port=5439'", "dwh me"),
        ("'host=h dbname=dwh user=me password=p port=5439 sslmode=verify-full sslrootcert=/nowhere'", "dwh me"),
        ("'host= dbname= user= password= port='", "dev awsuser"),
        ("'host= dbname=dwh user=me password= port=5439'", "dwh me"),
        ("'host= dbname= user=me password=a=b port='", "dev me"),
        ("'user=me port=5439 host=h password=p dbname=dwh'", "dwh me"),
        ("\"host='h' dbname = 'my dwh' user='o\\\\'me' password='a b'\"", "my dwh o'me"),
        ("'postgresql://me:p@h:5439/dwh'", "dwh me"),
        ("'postgres://me:p%40ss@h/dwh?sslmode=require'", "dwh me"),
        ("'postgresql://me:p@ss/w:rd@h:5439/dwh'", "dwh me"),
        ("'postgresql://m%65@h/dwh'", "dwh me"),
        ("'postgresql://h'", "dev awsuser"),
        ("'host=h dbname=dwh', user='me'", "dwh me"),
    ],
)
def test_any_dsn_leads_to_the_laptop(run: Run, call: str, who: str) -> None:
    done = run(f"import psycopg2\nconnection = psycopg2.connect({call})" + ASK)
    assert done.stdout == who + "\n", done.stderr


WAYS = {
    "from_import": """
from psycopg2 import connect
connection = connect("dbname=dwh user=me")
""",
    "factories": """
import psycopg2.extras
connection = psycopg2.connect(
    "dbname=dwh user=me", psycopg2.extras.DictConnection, cursor_factory=psycopg2.extras.DictCursor
)
""",
    "pool": """
from psycopg2.pool import SimpleConnectionPool
connection = SimpleConnectionPool(1, 2, "dbname=dwh user=me").getconn()
""",
    "sqlalchemy": """
import sqlalchemy
connection = sqlalchemy.create_engine("postgresql+psycopg2://me:p@h:5439/dwh").raw_connection()
""",
}


@pytest.mark.parametrize("way", WAYS)
def test_every_way_to_connect_is_led(run: Run, way: str) -> None:
    done = run(WAYS[way] + ASK)
    assert done.stdout == "dwh me\n", done.stderr


def test_asynchronous_connections_are_led(run: Run) -> None:
    done = run(f"""
import psycopg2
from psycopg2.extras import wait_select
connection = psycopg2.connect(dbname="dwh", user="me", async_=True)
wait_select(connection)
cursor = connection.cursor()
cursor.execute("{WHO}")
wait_select(connection)
print(*cursor.fetchone())
""")
    assert done.stdout == "dwh me\n", done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        "host='examplecluster.abc123xyz789.us-west-1.redshift.amazonaws.com', database='dwh', user='me', password='p'",
        "'me', 'dwh', 'p', 5439, 'h'",
        "iam=True, cluster_identifier='c', db_user='me', database='dwh', region='us-west-2', timeout=10, ssl=True",
    ],
)
def test_redshift_connector_is_led_too(run: Run, arguments: str) -> None:
    done = run(f"import redshift_connector\nconnection = redshift_connector.connect({arguments})" + ASK)
    assert done.stdout == "dwh me\n", done.stderr


def test_what_psycopg2_refuses_by_itself_is_still_refused(run: Run) -> None:
    done = run("import psycopg2\npsycopg2.connect(host='h', pasword='p')")
    assert 'invalid connection option "pasword"' in done.stderr
    done = run("import psycopg2\npsycopg2.connect('host=h password=two words')")
    assert 'missing "=" after "words"' in done.stderr


def test_settings_in_the_dsn_are_kept(run: Run) -> None:
    done = run(
        "import psycopg2\n"
        "connection = psycopg2.connect(dbname='d', options='-c search_path=mine', application_name='etl')\n"
        "cursor = connection.cursor()\n"
        "for name in ('search_path', 'application_name'):\n"
        "    cursor.execute('show ' + name)\n"
        "    print(*cursor.fetchone())"
    )
    assert done.stdout == "mine\netl\n", done.stderr


def test_the_database_is_kept_between_runs(run: Run, tmp_path: Path) -> None:
    connect = "import psycopg2\nconnection = psycopg2.connect('dbname=dwh')\ncursor = connection.cursor()\n"
    run(connect + "cursor.execute('create table plays (id int)')\nconnection.commit()")
    done = run(connect + "cursor.execute('insert into plays values (1), (2)')\nconnection.commit()")
    assert (tmp_path / "local_redshift.duckdb").exists()
    assert "Tables in local_redshift.duckdb, with their rows:\n  plays            2\n" in done.stderr
    other = run(connect + "cursor.execute('select * from plays')", before=("--database", "other.duckdb"))
    assert 'relation "plays" does not exist' in other.stderr
    assert "other.duckdb has no tables." in other.stderr


def test_modules_and_what_they_import_from_the_folder(tmp_path: Path) -> None:
    (tmp_path / "etl").mkdir()
    (tmp_path / "etl" / "__init__.py").touch()
    (tmp_path / "sql_queries.py").write_text(f"query = '{WHO}'")
    (tmp_path / "etl" / "load.py").write_text(
        "import sys, psycopg2\nfrom sql_queries import query\n"
        "cursor = psycopg2.connect(dbname='dwh', user='me').cursor()\n"
        "cursor.execute(query)\nprint(*cursor.fetchone(), *sys.argv[1:])"
    )
    with start(tmp_path, "-m", "etl.load", "--day", "1") as process:
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (0, "dwh me --day 1\n"), err


def test_python_processes_of_the_script_are_led_too(run: Run) -> None:
    done = run(
        "import multiprocessing, os, subprocess, sys, psycopg2\n"
        "def ask(user):\n"
        "    cursor = psycopg2.connect(dbname='dwh', user=user).cursor()\n"
        f"    cursor.execute('{WHO}')\n"
        "    return cursor.fetchone()\n"
        "if __name__ == '__main__':\n"
        "    with multiprocessing.get_context('spawn').Pool(1) as pool:\n"
        "        print(pool.map(ask, ['a', 'b']))\n"
        "    subprocess.run([sys.executable, '-c', 'import script; print(script.ask(\"c\"))'])"
    )
    assert done.stdout == "[('dwh', 'a'), ('dwh', 'b')]\n('dwh', 'c')\n", done.stderr


def test_a_sitecustomize_of_the_users_own_is_imported(run: Run, tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text("import builtins; builtins.customized = 'yes'")
    script = "import sys, psycopg2; print(customized, any('leading' in entry for entry in sys.path))"
    done = run(script, PYTHONPATH=str(tmp_path / "site"))
    assert done.stdout == "yes False\n", done.stderr


def test_without_psycopg2_it_says_what_to_install(tmp_path: Path) -> None:
    venv.create(tmp_path / "venv", symlinks=True)
    packages = next((tmp_path / "venv").glob("lib/python*/site-packages"))
    for package in next(Path(entry) for entry in sys.path if entry.endswith("site-packages")).iterdir():
        if not package.name.startswith(("psycopg2", "__editable__")):
            (packages / package.name).symlink_to(package)
    (tmp_path / "script.py").write_text("import psycopg2")
    python = tmp_path / "venv" / "bin" / "python"
    done = subprocess.run(
        [python, "-m", "local_redshift", "run", "script.py"],
        cwd=tmp_path,
        env={**clean_environment(), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert f"local_redshift run: {python} has no psycopg2" in done.stderr
    assert "pip install psycopg2-binary" in done.stderr
    assert "ModuleNotFoundError: No module named 'psycopg2'" in done.stderr


def test_a_failed_copy_is_explained(run: Run, tmp_path: Path) -> None:
    (tmp_path / "s3" / "bucket").mkdir(parents=True)
    (tmp_path / "s3" / "bucket" / "songs.json").write_text('{"year": 2001}\n{"year": "unknown"}')
    done = run(
        "import psycopg2\nconnection = psycopg2.connect(dbname='dwh')\ncursor = connection.cursor()\n"
        "cursor.execute('create table songs (year int)')\nconnection.commit()\n"
        "cursor.execute(\"copy songs from 's3://bucket/songs' iam_role default json 'auto'\")",
        before=("--s3-root", "s3"),
    )
    assert done.returncode == 1
    assert "Load into table 'songs' failed.  Check 'stl_load_errors' system table for details." in done.stderr
    assert "s3://bucket/songs.json, line 2, column year (int4), value 'unknown': Invalid digit" in done.stderr


def test_quiet_says_nothing_of_its_own(run: Run) -> None:
    done = run("import psycopg2; psycopg2.connect(dbname='dwh').close()", before=("--quiet",))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_password_is_not_in_the_environment(run: Run) -> None:
    done = run(
        "import json, os, psycopg2\n"
        "password = json.load(open(os.environ['LOCAL_REDSHIFT_CONNECTION']))['password']\n"
        "print(oct(os.stat(os.environ['LOCAL_REDSHIFT_CONNECTION']).st_mode & 0o777))\n"
        "print(any(password in value for value in os.environ.values()), password in psycopg2.connect('dbname=d').dsn)"
    )
    assert done.stdout == "0o600\nFalse False\n", done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "which script?"),
        (["-m"], "-m needs the name of a module"),
        (["nothing.py"], "nothing.py does not exist"),
        (["a.ipynb"], "a.ipynb is a notebook"),
        (["--s3-root", "nowhere", "x.py"], "nowhere is not a folder"),
        (["--databse", "x", "x.py"], "--databse"),
    ],
)
def test_wrong_usage(tmp_path: Path, words: list[str], said: str) -> None:
    with start(tmp_path, *words) as process:
        out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (2, "")
    assert said in err


def test_a_file_that_is_no_database(run: Run, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("not a database, " * 1000)
    done = run("print('not reached')", before=("--database", "notes.txt"))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("local_redshift run: ")
    assert "notes.txt" in done.stderr
    assert "Traceback" not in done.stderr


WAIT = """
import signal, sys, time
def leave(*_):
    print("told", flush=True)
    sys.exit(5)
signal.signal(signal.SIGTERM, leave)
try:
    print("ready", flush=True)
    time.sleep(60)
except KeyboardInterrupt:
    print("interrupted", flush=True)
    sys.exit(6)
"""


def test_sigterm_is_handed_on(tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text(WAIT)
    with start(tmp_path, "script.py") as process:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        process.terminate()
        out, _ = process.communicate(timeout=60)
    assert (process.returncode, out) == (5, "told\n")


def test_ctrl_c_is_the_scripts_to_handle(tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text(WAIT)
    process = subprocess.Popen(
        [sys.executable, "-m", "local_redshift", "run", "script.py"],
        cwd=tmp_path,
        env=clean_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    with process:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        os.killpg(process.pid, signal.SIGINT)  # what the terminal does
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (6, "interrupted\n"), err


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_script_that_a_signal_ends(run: Run, number: signal.Signals) -> None:
    done = run(f"import os; os.kill(os.getpid(), {number.value})")
    assert done.returncode == -number
    assert f"script.py ended by signal {number.value}" in done.stderr
    assert "Traceback" not in done.stderr


def test_help_is_quick_and_has_an_example(tmp_path: Path) -> None:
    began = time.monotonic()
    with start(tmp_path, "--help") as process:
        out, _ = process.communicate(timeout=30)
    assert process.returncode == 0
    assert "python -m local_redshift run create_tables.py" in out
    assert time.monotonic() - began < 20
