"""Make the star schema's data lake: read Sparkify's JSON with Spark, write the five tables as Parquet.

On this machine with nothing set, or with what dl.cfg says; under spark-submit (EMR) with --input and --output.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from data_lake.job.plan import Plan

_EXAMPLES = """\
examples:
  python data_lake/etl.py                                        the sample data into lake/, or what dl.cfg says
  python data_lake/etl.py --input s3://udacity-dend/ --output lake
  spark-submit --py-files sparkify_lake.zip etl.py --input s3://udacity-dend/ --output s3://bucket/lake/"""
_SUBMITTED = "PYSPARK_GATEWAY_PORT"  # set by spark-submit: then Spark's settings are its own


def main() -> int:
    """The exit code: 0 done, 1 failed; wrong usage exits with 2."""
    options = _parser()
    given = options.parse_args()
    if "" in (given.input, given.output):  # a shell's variable without a value: the sample data is not meant
        options.error("--input and --output need a folder or an s3:// address each")
    if _SUBMITTED in os.environ:
        if not (given.input and given.output):
            options.error("under spark-submit, --input and --output say what to read and to write")
        return _submitted(given)
    if given.config is not None and not given.config.is_file():
        options.error(f"there is no file {given.config}")
    from data_lake import laptop

    return laptop.main(given)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, epilog=_EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--config", type=Path, metavar="FILE", help="the configuration (default: dl.cfg)")
    parser.add_argument("--input", metavar="URL", help="the folder with song_data and log_data, or their zip archives")
    parser.add_argument("--output", metavar="URL", help="the lake's folder")
    parser.add_argument("--replace", action="store_true", help="the lake is to hold this input alone; all else goes")
    parser.add_argument(
        "--max-rejects",
        type=_percent,
        default=10.0,
        metavar="PERCENT",
        help="fail if more of the events or songs are malformed (default 10)",
    )
    return parser


def _percent(text: str) -> float:
    try:
        percent = float(text.rstrip("%"))
    except ValueError:
        percent = -1.0
    if not 0 <= percent <= 100:
        raise argparse.ArgumentTypeError(f"{text!r} is not a percentage from 0 to 100")
    return percent


def _submitted(given: argparse.Namespace) -> int:
    """Under spark-submit: master, memory, credentials and jars are its business."""
    from pyspark.sql import SparkSession

    from data_lake.job.errors import LakeError
    from data_lake.job.report import Report
    from data_lake.job.run import Job, run

    spark = SparkSession.builder.appName("sparkify-lake").getOrCreate()
    try:
        run(spark, _plan(), Job(given.input, given.output, given.replace, given.max_rejects), Report())
    except LakeError as error:
        print(f"error: {error.message}", error.hint, sep="\n", file=sys.stderr, flush=True)
        return 1
    finally:
        spark.stop()
    return 0


def _plan() -> Plan:
    """The plan that was packed with the job, or where it was not, that of the project around it."""
    from data_lake.job import plan

    packed = plan.packed()
    if packed is not None:
        return packed
    from data_lake import spark_sql

    return spark_sql.of_project()


if __name__ == "__main__":
    sys.exit(main())
