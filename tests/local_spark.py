"""EMR Serverless that runs: the stand-in's queued job runs, executed by Spark on this machine.

As on EMR, spark-submit gets what StartJobRun says, everything comes from S3 and goes there by the temporary credentials
of the job's role, and the driver's output ends up under the logUri. Only the sizes are this machine's own.

Source: https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/jobs-spark.html,
https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/logging.html
"""

from __future__ import annotations

import gzip
import logging
import os
import re
import shlex
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager, suppress
from queue import Queue
from typing import TYPE_CHECKING

from spark_parts import s3a_jars_or_skip, spark_or_skip

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from strict_aws import StrictAws
    from strict_aws.emr_serverless import JobRun

LIMIT = 240  # seconds until a job counts as hung
LOCAL = "127.0.0.1"
CREDENTIALS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
LOGS = ("stdout", "stderr")
STOP = None
"""In the queue: there will be no more."""
FAILED = "Job execution failed, please check complete logs in configured logging destination. ExitCode: {}."
LAST = 3
"""So many exceptions are told with a failure."""
EXCEPTION = re.compile(r"^(?:Caused by: |Exception in thread .*?)?(?:\w+\.)*\w*(?:Error|Exception)\b: .*", re.MULTILINE)


@contextmanager
def executing(aws: StrictAws, folder: Path) -> Iterator[None]:
    """The job runs that are started inside the block are executed, one after another; ``folder`` is for their files."""
    spark = LocalSpark(aws, folder)
    aws.scheduled = spark.queue
    spark.thread.start()
    try:
        yield
    finally:
        aws.scheduled = None
        spark.stop()


class LocalSpark:
    def __init__(self, aws: StrictAws, folder: Path) -> None:
        self.aws, self.folder = aws, folder
        self.home, self.jars = spark_or_skip(), s3a_jars_or_skip()
        self.queue: Queue[JobRun | None] = Queue()
        self.thread = threading.Thread(target=self._work, daemon=True)
        self.stopping = threading.Event()

    def stop(self) -> None:
        self.stopping.set()
        self.queue.put(STOP)
        self.thread.join()

    def _work(self) -> None:
        while (run := self.queue.get()) is not STOP:
            try:
                self.execute(run)
            except Exception:
                logging.getLogger(__name__).exception("local Spark could not execute %s", run.id)
                run.end("FAILED", "Internal error")

    def execute(self, run: JobRun) -> None:
        """From SCHEDULED to the end, be it that somebody cancels it."""
        if run.state == "CANCELLING":
            return run.end("CANCELLED")
        run.enter("RUNNING")
        environment = self.aws.assume(run.parameters["executionRoleArn"])
        folder = self.folder / run.id
        folder.mkdir(parents=True)
        code = self._submit(run, environment, folder)
        self._keep_logs(run, environment, folder)
        if run.state == "CANCELLING":
            return run.end("CANCELLED")
        said = "".join((folder / name).read_text() for name in LOGS)
        return run.end("FAILED", failure(code, said)) if code else run.end("SUCCESS")

    def _submit(self, run: JobRun, environment: dict[str, str], folder: Path) -> int:
        with (folder / "stdout").open("wb") as out, (folder / "stderr").open("wb") as err:
            process = subprocess.Popen(
                self.command(run, folder),
                env=self._environment(environment),
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                start_new_session=True,
            )
            try:
                return self._wait(run, process)
            finally:
                _kill(process)

    def _wait(self, run: JobRun, process: subprocess.Popen[bytes]) -> int:
        for _ in range(LIMIT * 5):
            try:
                return process.wait(0.2)
            except subprocess.TimeoutExpired:
                if self.stopping.is_set() or run.state == "CANCELLING":
                    break
        return -signal.SIGKILL

    def command(self, run: JobRun, folder: Path) -> list[str]:
        """spark-submit for the run; what comes later wins."""
        return [
            str(self.home / "bin" / "spark-submit"),
            *shlex.split(run.driver.get("sparkSubmitParameters", "")),
            *("--master", "local[2]", "--driver-memory", "1g"),
            *("--driver-class-path", os.pathsep.join(map(str, self.jars))),
            *(word for name, value in self._settings(folder).items() for word in ("--conf", f"{name}={value}")),
            run.driver["entryPoint"],
            *run.driver.get("entryPointArguments", []),
        ]

    def _settings(self, folder: Path) -> dict[str, str]:
        """No secret is among them: everybody on the machine can read a process's arguments."""
        return {
            "spark.driver.host": LOCAL,
            "spark.driver.bindAddress": LOCAL,
            "spark.ui.enabled": "false",
            "spark.sql.shuffle.partitions": "2",
            "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1",
            "spark.local.dir": str(folder / "spark"),
            "spark.sql.warehouse.dir": str(folder / "tables"),
            "spark.hadoop.fs.s3.impl": "org.apache.hadoop.fs.s3a.S3AFileSystem",
            "spark.hadoop.fs.s3a.endpoint": self.aws.url,
            "spark.hadoop.fs.s3a.path.style.access": "true",
            "spark.hadoop.fs.s3a.connection.ssl.enabled": "false",
            "spark.hadoop.fs.s3a.buffer.dir": str(folder / "s3a"),
        }

    def _environment(self, credentials: dict[str, str]) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "JAVA_HOME", "LANG", "TZ") if name in os.environ}
        python = {"PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": LOCAL, "SPARK_HOME": str(self.home)}
        return {**kept, **python, **{name: credentials[name] for name in CREDENTIALS}}

    def _keep_logs(self, run: JobRun, environment: dict[str, str], folder: Path) -> None:
        """By the role's right, as EMR does."""
        if not run.log_uri:
            return
        bucket, _, prefix = run.log_uri.removeprefix("s3://").partition("/")
        client = self.aws.client_as(environment, "s3")
        for name in LOGS:
            key = f"{prefix}applications/{run.application.id}/jobs/{run.id}/SPARK_DRIVER/{name}.gz"
            client.put_object(Bucket=bucket, Key=key, Body=gzip.compress((folder / name).read_bytes()))


def failure(code: int, said: str) -> str:
    """What EMR says of a job that ended in this exit code.

    >>> failure(1, "Traceback:\\nValueError: no such day\\n")[-66:]
    'ExitCode: 1. Last few exceptions: ValueError: no such day...'
    """
    exceptions = [line.strip() for line in EXCEPTION.findall(said)][-LAST:]
    told = f" Last few exceptions: {chr(10).join(exceptions)}..." if exceptions else ""
    return FAILED.format(code) + told


def _kill(process: subprocess.Popen[bytes]) -> None:
    """With the JVM and Python's workers, which are of its session."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
