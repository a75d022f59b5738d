"""What is sent to EMR runs there: two files, Spark's own Python, nothing of ours but the zip."""

from __future__ import annotations

import ast
import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from lake_process import ROOT, etl, ran
from lake_spark import PLAN, SOCKETS, Lake, files, query
from programs import program
from spark_parts import spark_or_skip

from data_lake import pack
from data_lake.job import plan
from warehouse.config import SAMPLE_DATA

pytest_plugins = ["lake_fixtures"]
pytestmark = SOCKETS
SENT = [ROOT / "data_lake" / "etl.py", *sorted((ROOT / "data_lake" / "job").glob("*.py"))]
# Other settings than those that the job is developed with.
CONF = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "Asia/Kolkata",
    "spark.ui.enabled": "false",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
}


def other_python() -> str:
    """A Python without the project: EMR's version where there is one, else that which the environment was made of."""
    beside = sorted(Path(sys.base_prefix).parent.glob("3.9*/bin/python3.9"))  # as pyenv has them
    candidates = [*beside, shutil.which("python3.9"), Path(sys.base_prefix) / "bin" / "python3"]
    for python in map(str, filter(None, candidates)):
        tried = subprocess.run([python, "-c", "import data_lake"], cwd="/", capture_output=True, text=True, check=False)
        if "No module named 'data_lake'" in tried.stderr:
            return python
    pytest.skip("every Python here has the project installed")


def test_spark_submit_needs_the_two_files_alone(sample_lake: Lake, tmp_path: Path) -> None:
    """From an empty folder, under another Python, other settings and another zone: the same rows and numbers."""
    home, python = spark_or_skip(), other_python()
    entry, archive = pack.write(tmp_path / "sent")
    output, here = tmp_path / "lake", tmp_path / "here"
    here.mkdir()
    command = [str(home / "bin" / "spark-submit"), "--master", "local[2]", "--py-files", str(archive)]
    for name, value in CONF.items():
        command += ["--conf", f"{name}={value}"]
    command += [str(entry), "--input", str(SAMPLE_DATA / "udacity-dend"), "--output", str(output)]
    done = ran(command, here, PYSPARK_PYTHON=python, PYSPARK_DRIVER_PYTHON=python, TZ="America/New_York")
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"The lake is in {output}" in done.stdout
    for table in PLAN.tables:
        columns = ", ".join(table.columns)
        rows = f"SELECT {columns} FROM {table.name} ORDER BY ALL"
        assert query(output, rows) == sample_lake.query(rows)


def test_spark_submit_tells_what_is_missing_and_exits_with_1(tmp_path: Path) -> None:
    home, python = spark_or_skip(), other_python()
    entry, archive = pack.write(tmp_path / "sent")
    command = [str(home / "bin" / "spark-submit"), "--master", "local[1]", "--py-files", str(archive), str(entry)]
    command += ["--input", str(tmp_path / "nothing"), "--output", str(tmp_path / "lake")]
    done = ran(command, tmp_path, PYSPARK_PYTHON=python, PYSPARK_DRIVER_PYTHON=python)
    assert done.returncode == 1
    # spark-submit puts what Python says on either into its standard output, and its own log on the other.
    assert f"error: There are no events: {tmp_path}/nothing/log_data does not exist" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
    assert not (tmp_path / "lake").exists()


@pytest.mark.parametrize("arguments", [[], ["--input", "a"], ["--output", "b"]])
def test_under_spark_submit_the_places_must_be_told(tmp_path: Path, arguments: list[str]) -> None:
    done = ran(etl(*arguments), tmp_path, PYSPARK_GATEWAY_PORT="1")
    assert done.returncode == 2
    assert "--input and --output say what to read and to write" in done.stderr


def test_the_same_sources_are_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        pack.write(tmp_path / name)
    assert files(tmp_path / "one") == files(tmp_path / "two")
    with zipfile.ZipFile(tmp_path / "one" / pack.ARCHIVE) as packed:
        names = packed.namelist()
        assert plan.read(json.loads(packed.read("data_lake/job/plan.json"))) == PLAN
    modules = {f"data_lake/job/{module.name}" for module in SENT[1:]}
    assert set(names) == {"data_lake/__init__.py", "data_lake/job/plan.json", *modules}
    assert len(names) == len(set(names))


@pytest.mark.parametrize("file", SENT, ids=lambda file: file.name)
def test_what_is_sent_imports_nothing_that_emr_lacks(file: Path) -> None:
    """Where etl.py imports the rest of the project it does so when it runs, and not under spark-submit."""
    tree = ast.parse(file.read_text(encoding="utf-8"), feature_version=(3, 9))
    found = {name for node in _nodes(tree, inside=file.name != "etl.py") for name in _imported(node)}
    known = {"data_lake", "pyspark", "py4j", *sys.stdlib_module_names}
    assert {name.partition(".")[0] for name in found} <= known
    assert all(name.startswith("data_lake.job") for name in found if name.startswith("data_lake"))


def _nodes(tree: ast.Module, *, inside: bool) -> list[ast.AST]:
    return list(ast.walk(tree)) if inside else [node for node in tree.body if not isinstance(node, ast.FunctionDef)]


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module == "data_lake":
        return [f"data_lake.{alias.name}" for alias in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else []


def test_what_is_sent_is_python_3_9() -> None:
    """Its syntax, by ruff; and what it uses of the standard library, by vermin."""
    given = [str(file) for file in SENT]
    syntax = ["check", "--isolated", "--no-cache", "--target-version", "py39", "--select", "E9,F,FA102"]
    ruff = subprocess.run([sys.executable, "-m", "ruff", *syntax, *given], capture_output=True, text=True, check=False)
    assert ruff.returncode == 0, ruff.stdout
    vermin = subprocess.run(
        [
            shutil.which("vermin", path=Path(sys.executable).parent) or program("vermin"),
            "--target=3.9-",
            "--violations",
            "--no-tips",
            "--eval-annotations",
            *given,
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert vermin.returncode == 0, vermin.stdout + vermin.stderr


FOREIGN = {
    "a master": r"\.master\(",
    "keys": r"AKIA|aws_secret|SECRET_ACCESS|fs\.s3a?n?\.\w+\.key|access\.key",
    "versions of jars": r"\.jar\b|packages.*:\d|hadoop-aws:|aws-java-sdk",
}


@pytest.mark.parametrize("what", FOREIGN)
@pytest.mark.parametrize("file", SENT, ids=lambda file: file.name)
def test_what_is_sent_says_nothing_of_the_place_where_it_runs(file: Path, what: str) -> None:
    assert re.search(FOREIGN[what], file.read_text(encoding="utf-8")) is None
