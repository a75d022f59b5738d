"""What the driver of a job run wrote: its summary, or why it failed. EMR Serverless puts it on S3, zipped.

https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/logging.html
"""

from __future__ import annotations

import gzip
import io
import re
import time
import zlib
from collections import deque
from typing import TYPE_CHECKING, Any, NamedTuple

from infrastructure.errors import AwsFailed, doing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from infrastructure.emr.stack import LakeStack

LOOKS = 6  # AWS writes the last of the logs some seconds after the end
KEPT, SHOWN = 400, 60  # lines of a log, from its end
LONGEST = 500  # characters of a line
SPARKS_OWN = re.compile(r"\d\d/\d\d/\d\d \d\d:\d\d:\d\d (TRACE|DEBUG|INFO|WARN|ERROR|FATAL) ")
# https://docs.python.org/3/library/traceback.html: the last line of a traceback; and Java's.
EXCEPTION = re.compile(r"(Exception in thread .*|(Caused by: )?[\w.$]*(Error|Exception)\b.*)")


class Log(NamedTuple):
    """The last lines of a log; or why there are none."""

    lines: Sequence[str] = ()
    missing: str = ""


def place(stack: LakeStack, run: Mapping[str, Any]) -> str:
    """The s3:// URL of the driver's logs, where this run was told to put them."""
    monitoring = run.get("configurationOverrides", {}).get("monitoringConfiguration", {})
    root = monitoring.get("s3MonitoringConfiguration", {}).get("logUri") or stack.logs_url
    return f"{root.rstrip('/')}/applications/{run['applicationId']}/jobs/{run['jobRunId']}/SPARK_DRIVER/"


def failure(stack: LakeStack, folder: str, looks: int = LOOKS) -> Log:
    """The job's own ``error:`` sentence and what it says to do; or else the last exception.

    What a Python program writes on stderr, spark-submit writes on stdout; its own stderr has what Spark says.
    https://github.com/apache/spark/blob/v3.5.6/core/src/main/scala/org/apache/spark/deploy/PythonRunner.scala
    """
    out = read(stack, f"{folder}stdout.gz", looks)
    if lines := told(out.lines):
        return Log(lines)
    err = read(stack, f"{folder}stderr.gz", 1 if out.missing else looks)
    return err._replace(lines=told(err.lines))


def show_summary(stack: LakeStack, folder: str) -> None:
    """The last lines that a job printed whose logs are below ``folder``, an s3:// URL."""
    log = read(stack, f"{folder}stdout.gz", LOOKS)
    stack.report.say("\nThe job says:")
    for line in log.lines[-SHOWN:]:
        stack.report.say(f"  {line}")
    if not log.lines:
        stack.report.say(f"  {log.missing or 'nothing'}", "yellow")


def told(lines: Sequence[str]) -> list[str]:
    """
    >>> told(["26/11/22 10:00:00 INFO SparkContext: Running", "error: No files below s3://a/.", "Check INPUT_DATA.",
    ...       "26/11/22 10:00:01 INFO ShutdownHookManager: Shutdown hook called"])
    ['error: No files below s3://a/.', 'Check INPUT_DATA.']
    """
    last = max((number for number, line in enumerate(lines) if line.startswith("error: ")), default=None)
    if last is None:
        return next(([line] for line in reversed(lines) if EXCEPTION.fullmatch(line)), [])
    rest = [line for line in lines[last + 1 : last + 2] if line and not SPARKS_OWN.match(line)]
    return [lines[last], *rest]


def read(stack: LakeStack, url: str, looks: int = 1) -> Log:
    """The last KEPT lines of a zipped log; one that AWS has not finished is read as far as it goes.

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
    """
    bucket, _, key = url.removeprefix("s3://").partition("/")
    with stack.report.waiting("the driver's log") as tell:
        for look in range(looks):
            if look:
                tell("not written yet")
                time.sleep(stack.settings.poll_seconds)
            try:
                with doing(f"reading {url}"):
                    answer = stack.account.client("s3").get_object(Bucket=bucket, Key=key)
                    return Log(_unzipped(answer["Body"]))
            except AwsFailed as error:
                if error.code not in {"NoSuchKey", "404"}:
                    return Log(missing=error.message)
    return Log(missing=f"AWS has not written {url} yet.")


def _unzipped(body: Any) -> list[str]:
    kept: deque[str] = deque(maxlen=KEPT)
    try:
        with io.TextIOWrapper(gzip.GzipFile(fileobj=body), "utf-8", "replace") as text:
            kept.extend(_printable(line) for line in text)
    except (EOFError, gzip.BadGzipFile, zlib.error):
        kept.append("(the rest of this log cannot be read)")
    return list(kept)


def _printable(line: str) -> str:
    """Without what would move the cursor or change colours."""
    text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", line.rstrip())
    return "".join(character if character.isprintable() else " " for character in text)[:LONGEST]
