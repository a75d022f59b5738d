"""What to paste into an engine to query a lake: its tables, and the questions that people ask first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlglot
from sqlglot import exp

from data_lake import declarations
from data_lake.declarations import SCHEMA
from warehouse.errors import WarehouseError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from data_lake.lake import Lake

# In Redshift's SQL; sqlglot writes it for the others.
QUESTIONS = {
    "Which songs are played most?": """
SELECT songs.title, artists.name AS artist, COUNT(*) AS plays
FROM songplays
JOIN songs ON songs.song_id = songplays.song_id
JOIN artists ON artists.artist_id = songplays.artist_id
GROUP BY songs.title, artists.name
ORDER BY plays DESC, songs.title, artists.name
LIMIT 10
""",
    "How much is played a week, by level?": """
SELECT CAST(DATE_TRUNC('week', time.start_time) AS DATE) AS monday, time.week, songplays.level, COUNT(*) AS plays
FROM songplays
JOIN time ON time.start_time = songplays.start_time
GROUP BY 1, 2, 3
ORDER BY 1, 2, 3
""",
}


@dataclass(frozen=True)
class Engine:
    """``dialect`` is sqlglot's name for the SQL of its questions. ``notes`` are comments on top, ``notes_in_s3`` those
    for a lake in S3. ``schema`` is where its tables are, if they have to be named so.
    """

    name: str
    dialect: str
    tables: Callable[[Lake], Iterator[str]]
    notes: tuple[str, ...]
    notes_in_s3: tuple[str, ...] = ()
    schema: str = ""
    only_s3: bool = False


def _spectrum(lake: Lake) -> Iterator[str]:
    import sql_queries
    from warehouse import config

    lengths = declarations.lengths(sql_queries.create_table_queries)
    return declarations.spectrum(lake, config.current().copy_authorization, lengths)


ENGINES = {
    "duckdb": Engine(
        "DuckDB",
        "duckdb",
        declarations.duckdb,
        ("Views: they show what the lake holds when you ask.",),
        ("DuckDB fetches its extensions httpfs and aws, once. The credentials are those that AWS's own tools find.",),
    ),
    "spark": Engine(
        "Spark SQL",
        "spark",
        declarations.spark,
        ("Temporary views of this session. Paste them again to see files that are written later.",),
        ("Outside EMR write s3a:// for s3://.",),
    ),
    "athena": Engine(
        "Athena",
        "athena",
        declarations.athena,
        (
            "Athena takes one statement at a time. Dropping such a table leaves its files alone.",
            "After a run that made a new year or month, MSCK REPAIR TABLE adds it.",
            f"On EMR, Spark and Hive with the Glue catalogue then know {SCHEMA} too.",
        ),
        schema=SCHEMA,
        only_s3=True,
    ),
    "spectrum": Engine(
        "Redshift Spectrum",
        "redshift",
        _spectrum,
        (
            "Run it outside a transaction (autocommit). Dropping such a table leaves its files alone.",
            "The cluster must be in the bucket's region. Its role must read the bucket and use the Glue catalogue",
            "(AWSGlueConsoleFullAccess, say): the one that infrastructure/setup.py makes reads S3 alone.",
            "After a run that made a new year or month, print and run this again.",
        ),
        schema=SCHEMA,
        only_s3=True,
    ),
}


def page(lake: Lake, engine: Engine) -> str:
    """All of it. Raises WarehouseError where the engine cannot reach the lake."""
    if engine.only_s3 and not lake.in_s3:
        raise WarehouseError(
            f"{engine.name} reads S3 alone, and the lake {lake.place} is on this machine.",
            "python data_lake/etl.py --output s3://BUCKET/lake/ writes one there; then name that here.",
        )
    in_s3 = engine.notes_in_s3 if lake.in_s3 else ()
    notes = [f"{engine.name}: the tables of {lake.place}", *engine.notes, *in_s3, *_left_out(lake, engine)]
    declared = [f"{statement};" for statement in engine.tables(lake)]
    asked = [f"-- {question}\n{asking(select, engine)};" for question, select in QUESTIONS.items()]
    return "\n\n".join(["\n".join(f"-- {note}" for note in notes), *declared, *asked])


def _left_out(lake: Lake, engine: Engine) -> Iterator[str]:
    """Redshift's documentation knows no way to name the partition of those without a value."""
    if engine is not ENGINES["spectrum"]:
        return
    for table in lake.tables:
        for folder, values in table.folders.items():
            if None in values.values():
                yield f"NOT INCLUDED: {folder}. MSCK REPAIR TABLE in Athena adds it to this same table."


def asking(select: str, engine: Engine) -> str:
    """A SELECT in Redshift's SQL as the engine's.

    >>> asking("SELECT NVL(week, 0) FROM time", ENGINES["athena"])
    'SELECT\\n  COALESCE(week, 0)\\nFROM sparkify_lake.time'
    """
    tree = sqlglot.parse_one(select, read="redshift")
    if engine.schema:
        for table in tree.find_all(exp.Table):
            table.set("db", exp.to_identifier(engine.schema))
    return tree.sql(engine.dialect, pretty=True)
