"""What the tests of the lake need beside the rest: Spark, Java for it, and Hadoop's jars for S3.

Skipped where absent, but never in continuous integration.
"""

from __future__ import annotations

import re
import subprocess
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from programs import missing, program

JARS = ("hadoop-aws-*.jar", "aws-java-sdk-bundle-*.jar")
JAVA = (8, 11, 17)  # https://spark.apache.org/docs/3.5.7/#downloading


def spark_or_skip() -> Path:
    """The home of the installed pyspark, whose bin/spark-submit runs; without it or Java the test is skipped."""
    home = _package("pyspark")
    if home is None:
        missing("the package pyspark is not installed: pip install -e '.[lake]'")
    if _java_version() not in JAVA:
        missing(f"Spark runs on Java {', '.join(map(str, JAVA))}: the program java here is another")
    return home


def s3a_jars_or_skip() -> list[Path]:
    """hadoop-aws and the AWS SDK that it needs, which the package sagemaker-pyspark brings."""
    home = _package("sagemaker_pyspark")
    jars = [jar for pattern in JARS for jar in sorted((home / "jars").glob(pattern))] if home else []
    if len(jars) != len(JARS):
        missing("Hadoop's jars for S3 are not here: pip install --no-deps sagemaker-pyspark==1.4.5")
    return jars


def _package(name: str) -> Path | None:
    found = find_spec(name)
    return Path(found.origin).parent if found and found.origin else None


@cache
def _java_version() -> int:
    """The first number of it (8 for 1.8)."""
    done = subprocess.run([program("java"), "-version"], capture_output=True, text=True, check=False, timeout=60)
    found = re.search(r'version "(?:1\.)?(\d+)', done.stderr + done.stdout)
    return int(found[1]) if found else 0
