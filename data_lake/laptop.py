"""Spark on this machine: what dl.cfg says as Spark's settings, a Java that fits, and paths for S3's addresses."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor, wait
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from data_lake import settings as lake_settings
from data_lake.job.errors import LakeError
from warehouse import command
from warehouse.config import SAMPLE_DATA
from warehouse.errors import WarehouseError

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable

    from pyspark.sql import SparkSession

    from data_lake.settings import LakeSettings

LOOPBACK = "127.0.0.1"
JAVA = (8, 11, 17)  # https://spark.apache.org/docs/3.5.6/
GIGABYTE = 1 << 30
# The code that Spark makes for the checks of 18 columns is longer than what Java compiles by default: a fifth faster.
_JIT = "-XX:-DontCompileHugeMethods"
# What another Spark or Hadoop of this machine has set: this one is PySpark's own, on this machine's files.
_FOREIGN = (
    *("SPARK_HOME", "SPARK_CONF_DIR", "MASTER", "PYSPARK_SUBMIT_ARGS", "PYSPARK_DRIVER_PYTHON"),
    *("HADOOP_CONF_DIR", "YARN_CONF_DIR"),
)
_LOGGING = Path(__file__).with_name("log4j2.properties")


def main(given: Namespace) -> int:
    """Read dl.cfg, start Spark, do the work; the exit code. What a user can cause ends as a sentence on stderr."""
    return command.ended(lambda: _make_lake(given), given.config)


def _make_lake(given: Namespace) -> None:
    told = {"DL_INPUT_DATA": given.input, "DL_OUTPUT_DATA": given.output}
    environment = {**os.environ, **{name: text for name, text in told.items() if text}}
    settings = lake_settings.load(given.config, environment)
    _check_spark()
    _check_java()
    from data_lake import spark_sql
    from data_lake.job.report import Report
    from data_lake.job.run import Job, run

    report, plan = Report(), spark_sql.of_project()
    job = Job(located(settings.input, settings), located(settings.output, settings), given.replace, given.max_rejects)
    report.say("\n".join([*settings.notices, _where(settings, job.input, job.output)]))
    with report.step("start Spark"):
        spark = _started(settings)
    try:
        _interruptible(spark, lambda: run(spark, plan, job, report))
    except LakeError as error:
        raise WarehouseError(error.message, error.hint) from None
    finally:
        spark.stop()
    report.say(f"\nLook at it:  {_look(job.output)}")


def _started(settings: LakeSettings) -> SparkSession:
    """The same as ``session``; at Ctrl-C, a Spark that has half started is waited for, and then ended."""
    with ThreadPoolExecutor(1) as pool:
        starting = pool.submit(session, settings)
        try:
            return starting.result()
        except KeyboardInterrupt:
            starting.result().stop()
            raise


def _interruptible(spark: SparkSession, work: Callable[[], None]) -> None:
    """Do it in a thread of its own: Ctrl-C cannot stop Spark over the connection that waits for Spark's answer.

    What the work cleans up when it fails is cleaned up before this ends.
    """
    with ThreadPoolExecutor(1) as pool:
        going_on = pool.submit(work)
        try:
            going_on.result()
        except KeyboardInterrupt:
            while not going_on.done():
                spark.sparkContext.cancelAllJobs()
                wait([going_on], timeout=0.5)
            raise


def located(place: str, settings: LakeSettings) -> str:
    """Where Spark finds a place: on this machine as people would type it, in S3 as it stands."""
    if not place.startswith("s3://"):
        return _no_url(command.shown(Path(place)))
    if settings.s3_root is None:
        return place
    return _no_url(command.shown(settings.s3_root / place.removeprefix("s3://").rstrip("/")))


def _no_url(path: str) -> str:
    """Hadoop takes what is before a colon for a scheme, unless a slash comes first."""
    return f"./{path}" if ":" in path.partition("/")[0] else path


def _where(settings: LakeSettings, input_: str, output: str) -> str:
    sample = settings.s3_root is not None and settings.s3_root.resolve() == SAMPLE_DATA
    of = " (the sample data)" if sample else ""
    without = "" if settings.file else "No dl.cfg here: "
    return f"{without}on this machine, from {input_}{of} into {output}"


def _look(output: str) -> str:
    return shlex.join([command.python(), "-m", "data_lake.queries", output])


def _check_spark() -> None:
    if find_spec("pyspark") is None:
        raise WarehouseError("Spark is not installed.", f"{command.python()} -m pip install -e '.[lake]' installs it.")


def _check_java() -> None:
    """Raises WarehouseError where there is no Java that Spark runs on."""
    home = os.environ.get("JAVA_HOME")
    java = shutil.which("java", path=f"{home}/bin") if home else shutil.which("java")
    if java is None:
        where = f"JAVA_HOME ({home}) has none" if home else "there is none on PATH"
        raise WarehouseError(f"Spark needs Java, and {where}.", "Install a JDK 17 (openjdk-17-jdk-headless, say).")
    asked = subprocess.run([java, "-version"], capture_output=True, text=True, check=False)  # noqa: S603
    found = re.search(r'version "(?:1\.)?(\d+)', asked.stderr)
    if asked.returncode:  # macOS has one that only says where to get another
        raise WarehouseError(f"Spark needs Java, and {java} does not start.", "Install a JDK 17.")
    if found and int(found[1]) not in JAVA:
        raise WarehouseError(
            f"Spark runs on Java {', '.join(map(str, JAVA))}, and {java} is Java {found[1]}.",
            "Install a JDK 17 and set JAVA_HOME to it.",
        )


def session(settings: LakeSettings) -> SparkSession:
    """Raises LakeError, WarehouseError."""
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    configured = _configuration(settings)
    for name in _FOREIGN:
        os.environ.pop(name, None)
    os.environ.update(SPARK_LOCAL_IP=LOOPBACK, PYSPARK_PYTHON=sys.executable)
    builder = SparkSession.builder.appName("sparkify-lake").config(map={**configured})
    try:
        made = builder.getOrCreate()
    except (PySparkException, OSError) as error:
        raise WarehouseError(f"Spark does not start: {str(error).splitlines()[0]}", _why_not(settings)) from None
    _write_no_checksums(made)
    return made


def _write_no_checksums(spark: SparkSession) -> None:
    """Hadoop puts them beside every file on a disk, as hidden files that no other reader knows."""
    java: Any = spark.sparkContext
    java._jvm.org.apache.hadoop.fs.FileSystem.getLocal(java._jsc.hadoopConfiguration()).setWriteChecksum(False)


def _why_not(settings: LakeSettings) -> str:
    if _on_s3(settings) and not settings.jars:
        return (
            "For S3 it fetches Hadoop's S3 client from Maven Central, once. Without a way there, set JARS in [LOCAL] "
            "of dl.cfg to the jars of hadoop-aws and the AWS SDK."
        )
    return "Its own words are above."


def _configuration(settings: LakeSettings) -> dict[str, str]:
    """Spark's settings for one machine: nothing listens beyond it, and no more tasks than it has use for."""
    cores = os.cpu_count() or 2
    configured = {
        "spark.master": "local[*]",
        "spark.driver.bindAddress": LOOPBACK,
        "spark.driver.host": LOOPBACK,
        "spark.driver.memory": f"{_memory_gb()}g",
        "spark.driver.extraJavaOptions": f"-Dlog4j2.configurationFile={_LOGGING.as_uri()} {_JIT}",
        "spark.sql.shuffle.partitions": str(4 * cores),
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": str(sys.stdout.isatty() and sys.stderr.isatty()).lower(),
    }
    return configured | (_s3(settings) if _on_s3(settings) else {})


def _memory_gb() -> int:
    """Half of the machine's memory, 1 to 4 GB."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") if hasattr(os, "sysconf") else 0
    return max(1, min(4, total // GIGABYTE // 2))


def _on_s3(settings: LakeSettings) -> bool:
    return settings.s3_root is None and any(place.startswith("s3://") for place in (settings.input, settings.output))


def _s3(settings: LakeSettings) -> dict[str, str]:
    """S3A, as EMR has it too, for s3:// addresses. The credentials go by the environment, where no list shows them."""
    from warehouse.aws_errors import doing

    with doing("looking for AWS credentials"):
        session = settings.access.session()
        credentials = session.get_credentials()
    if credentials is None:
        raise WarehouseError(
            "No AWS credentials were found.", "Set PROFILE or keys in [AWS] of dl.cfg, or run aws configure."
        )
    frozen = credentials.get_frozen_credentials()
    given = {
        "AWS_ACCESS_KEY_ID": frozen.access_key,
        "AWS_SECRET_ACCESS_KEY": frozen.secret_key,
        "AWS_SESSION_TOKEN": frozen.token,
    }
    for name, text in given.items():
        os.environ.pop(name, None)
        if text:
            os.environ[name] = text
    made = {
        "spark.hadoop.fs.s3.impl": "org.apache.hadoop.fs.s3a.S3AFileSystem",
        "spark.hadoop.fs.s3a.aws.credentials.provider": "com.amazonaws.auth.EnvironmentVariableCredentialsProvider",
        **_endpoint(session.region_name),
    }
    if settings.jars:
        return made | {"spark.jars": ",".join(settings.jars)}
    return made | {"spark.jars.packages": f"org.apache.hadoop:hadoop-aws:{_hadoop_version()}"}


def _endpoint(region: str | None) -> dict[str, str]:
    url = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
    if not url:
        return {"spark.hadoop.fs.s3a.endpoint.region": region} if region else {}
    return {
        "spark.hadoop.fs.s3a.endpoint": url,
        "spark.hadoop.fs.s3a.path.style.access": "true",
        "spark.hadoop.fs.s3a.connection.ssl.enabled": str(urlsplit(url).scheme == "https").lower(),
    }


def _hadoop_version() -> str:
    """That of the Hadoop in this PySpark: another version's S3 client does not fit."""
    import pyspark

    jars = Path(pyspark.__file__).parent / "jars"
    return next(jars.glob("hadoop-client-api-*.jar")).stem.removeprefix("hadoop-client-api-")
