"""Classic projects, as strangers write them, run unchanged on the real data by ``python -m local_redshift run``.

A case is a folder of tests/cases/classic: the project's own files, and project.toml, which says what must come out.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from clients import dsn
from scripts import clean_environment

from local_redshift import embedded

CASES = Path(__file__).parent / "cases" / "classic"
CASE_NAMES = sorted(path.parent.name for path in CASES.glob("*/project.toml"))
SCRIPTS = [["create_tables.py"], ["etl.py"]]
NOT_THE_PROJECTS = ("project.toml", "s3", "__pycache__")


@pytest.mark.parametrize("case", CASE_NAMES)
def test_project(case: str, real_data: Path, tmp_path: Path) -> None:
    expected = tomllib.loads((CASES / case / "project.toml").read_text(encoding="utf-8"))
    unknown = expected.keys() - {"about", "scripts", "rows", "answers", "refused"}
    assert not unknown
    assert expected.keys() & {"rows", "refused"}
    project = shutil.copytree(CASES / case, tmp_path / "project", ignore=shutil.ignore_patterns(*NOT_THE_PROJECTS))
    database = tmp_path / "warehouse.duckdb"
    root = s3_root(CASES / case, real_data, tmp_path)
    *scripts, last = expected.get("scripts", SCRIPTS)
    for script in scripts:
        succeed(project, database, root, script)
    if "refused" in expected:
        done = run(project, database, root, last)
        assert done.returncode == 1, done.stdout + done.stderr
        for message in expected["refused"]["messages"]:
            assert message in done.stderr
    else:
        succeed(project, database, root, last)
        questions = {f"SELECT count(*) FROM {table}": rows for table, rows in expected["rows"].items()}
        questions |= expected.get("answers", {})
        assert answers(database, list(questions)) == questions


def s3_root(case: Path, real_data: Path, tmp_path: Path) -> Path:
    """The real bucket, and the project's own buckets beside it."""
    if not (case / "s3").is_dir():
        return real_data
    root = shutil.copytree(case / "s3", tmp_path / "s3")
    for bucket in real_data.iterdir():
        shutil.copytree(bucket, root / bucket.name, copy_function=os.link, dirs_exist_ok=True)
    return root


def run(project: Path, database: Path, root: Path, script: list[str]) -> subprocess.CompletedProcess[str]:
    options = ["--database", str(database), "--s3-root", str(root)]
    order = [sys.executable, "-m", "local_redshift", "run", *options, *script]
    return subprocess.run(
        order, cwd=project, env=clean_environment(), capture_output=True, text=True, timeout=300, check=False
    )


def succeed(project: Path, database: Path, root: Path, script: list[str]) -> None:
    done = run(project, database, root, script)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_corpus_is_all_there() -> None:
    assert len(CASE_NAMES) >= 40
    assert {path.name for path in CASES.iterdir()} == set(CASE_NAMES)


def answers(database: Path, questions: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    with embedded.start(database) as warehouse, closing(connect(warehouse)) as connection:
        for question in questions:
            cursor = connection.cursor()
            cursor.execute(question)
            ((found[question],),) = cursor.fetchall()
    return found


def connect(warehouse: embedded.Connection) -> Any:
    return psycopg2.connect(dsn(warehouse))
