"""A lake without Spark: the warehouse itself unloads its tables as data_lake/etl.py writes them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import sql_queries
from data_lake import spark_sql
from warehouse.connection import connect

if TYPE_CHECKING:
    from pathlib import Path

    from scripts import Project

PLAN = spark_sql.plan(sql_queries)
_EXTRACTED = {name: f"CAST(EXTRACT({name} FROM start_time) AS INTEGER) AS {name}" for name in ("year", "month")}


def unload(project: Project) -> Path:
    """The lake's folder, beside the files that the project's warehouse was loaded from."""
    lake = project.s3_root / "udacity-dend" / "lake"
    lake.mkdir()
    with connect(project.settings) as warehouse, warehouse.connection.cursor() as cursor:
        for table in PLAN.tables:
            added = [_EXTRACTED[name] for name in table.partitions if name not in table.columns]
            select = f"SELECT {', '.join([*table.columns, *added])} FROM {table.name}"
            parts = f"PARTITION BY ({', '.join(table.partitions)})" if table.partitions else ""
            cursor.execute(
                f"UNLOAD ($${select}$$) TO 's3://udacity-dend/lake/{table.name}/' IAM_ROLE default PARQUET {parts}"
            )
    told = {table.name: {"columns": table.columns, "partitions": list(table.partitions)} for table in PLAN.tables}
    (lake / "_lake.json").write_text(json.dumps({"tables": told}))
    return lake
