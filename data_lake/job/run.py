"""The whole job: stage, make the five tables, publish them, say what there is."""

from __future__ import annotations

import json
import time
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from data_lake.job import publish, sources, staging, tables
from data_lake.job.errors import OutputError, doing
from data_lake.job.files import Files, joined

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    from data_lake.job.plan import Plan, Source, Table
    from data_lake.job.report import Report

MARK = "_lake.json"  # in the lake's folder: what made it, and which columns its tables have
REJECTS = "_rejects"
STAGING = "_staging"
DAY = 86_400.0  # seconds


@dataclass(frozen=True)
class Job:
    """What to read and write. ``replace``: the lake is to hold this input alone. ``max_rejects``: percent."""

    input: str
    output: str
    replace: bool = False
    max_rejects: float = 10.0


def run(spark: SparkSession, plan: Plan, job: Job, report: Report) -> None:
    """Raises LakeError; then the lake is as it was."""
    _configure(spark, {**tables.SETTINGS, **sources.SETTINGS})
    files = Files(spark)
    found = [(source, sources.find(files, source, job.input)) for source in plan.sources]
    _check_apart(files, found, job.output)
    existing = _existing(files, plan, job)
    folder = joined(job.output, STAGING, f"{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}-{uuid.uuid4().hex[:8]}")
    files.make_folder(folder)
    try:
        staged = []
        for source, where in found:
            with report.step(f"read {source.name}") as step:
                staged.append(staging.stage(spark, source, where, folder))
                step.result = f"{staged[-1].rows:,} {source.what}"
            staging.check(staged[-1], job.max_rejects)
        _configure(spark, tables.SETTINGS)
        made = _make(spark, files, plan, folder, job.output if existing and not job.replace else None, report)
        rejected = _write_rejects(spark, staged, folder)
        with report.step("publish"):
            _publish(files, plan, job, made, rejected)
        _summary(spark, files, plan, job, staged, report)
    finally:
        files.delete(folder)
        _clean(files, joined(job.output, STAGING))


def _configure(spark: SparkSession, settings: dict[str, str]) -> None:
    for key, value in settings.items():
        spark.conf.set(key, value)


def _check_apart(files: Files, found: list[tuple[Source, sources.Found]], output: str) -> None:
    for _, where in found:
        if files.lies_in(output, where.path):
            raise OutputError(
                f"{output} lies in what is read, {where.path}: the next run would take the lake for data.",
                "Choose another OUTPUT_DATA.",
            )


def _existing(files: Files, plan: Plan, job: Job) -> bool:
    """Whether the output is a lake of ours. Raises OutputError where what lies there is not what we would write."""
    mark = files.read(joined(job.output, MARK))
    if mark is None:
        foreign = [table.name for table in plan.tables if files.under(joined(job.output, table.name))]
        if foreign and not job.replace:
            raise OutputError(
                f"{joined(job.output, foreign[0])} holds files that this lake's etl.py did not write.",
                "Choose another OUTPUT_DATA, or add --replace to delete them.",
            )
        return False
    try:
        columns = json.loads(mark)["tables"]
    except (ValueError, KeyError, TypeError):
        columns = None
    if columns != _columns(plan) and not job.replace:
        raise OutputError(
            f"The lake in {job.output} has other columns than sql_queries.py.",
            "Choose another OUTPUT_DATA, or add --replace to make it anew from this input.",
        )
    return True


def _columns(plan: Plan) -> dict[str, object]:
    return {table.name: {"columns": table.columns, "partitions": list(table.partitions)} for table in plan.tables}


def _make(
    spark: SparkSession, files: Files, plan: Plan, folder: str, lake: str | None, report: Report
) -> list[tuple[Table, str]]:
    """The tables with the folders of their new files, in the plan's order."""
    maker, made = tables.Maker(spark, files, folder, lake), []
    for table in plan.tables:
        if table.name == "songplays":
            maker.recall(plan.recall)
        with report.step(f"make {table.name}"):
            made.append((table, maker.make(table)))
    return made


def _write_rejects(spark: SparkSession, staged: list[staging.Staged], folder: str) -> list[tuple[str, str]]:
    """What was rejected, a folder a source, as lines of JSON with file, reason and record."""
    written = []
    for one in staged:
        path = joined(folder, REJECTS, one.source.name)
        if one.rejected:
            with doing("writing what was rejected", OutputError):
                staging.rejects(spark, one.path).coalesce(1).write.json(path)
        written.append((one.source.name, path))
    return written


def _publish(
    files: Files, plan: Plan, job: Job, made: list[tuple[Table, str]], rejected: list[tuple[str, str]]
) -> None:
    """Dimensions before the fact: no play ever refers to what is not there yet."""
    files.write(joined(job.output, MARK), json.dumps({"tables": _columns(plan)}, indent=1))
    for table, folder in sorted(made, key=lambda one: one[0].name == "songplays"):
        publish.publish(files, folder, joined(job.output, table.name), whole=job.replace or not table.grows)
    for name, folder in rejected:
        publish.publish(files, folder, joined(job.output, REJECTS, name), whole=True)


def _summary(
    spark: SparkSession, files: Files, plan: Plan, job: Job, staged: list[staging.Staged], report: Report
) -> None:
    rows = []
    with doing(f"counting what is in {job.output}"):
        for table in plan.tables:
            path = joined(job.output, table.name)
            count, sizes = tables.read(spark, table, path).count(), files.sizes(path).values()
            rows.append((table.name, f"{count:,}", f"{len(sizes):,}", f"{sum(sizes) / 1e6:,.1f}"))
    report.say(f"\nThe lake is in {job.output}\n")
    report.table(("table", "rows", "files", "MB"), rows)
    for one in staged:
        if one.rejected:
            why, times, file = one.reasons[0]
            where = joined(job.output, REJECTS, one.source.name)
            report.say(
                f"\n{one.rejected:,} of {one.rows + one.rejected:,} {one.source.what} were rejected, and are in {where}"
            )
            report.say(f"  mostly: {why} ({times:,} times, as in {file})")


def _clean(files: Files, folder: str) -> None:
    """Take away what crashed runs left; a run that still goes on has written within the day."""
    names = files.folders(folder)
    old = [name for name in names if time.time() - files.modified(joined(folder, name)) > DAY]
    for name in old:
        files.delete(joined(folder, name))
    if len(old) == len(names):
        files.delete(folder)
