"""The lake's plan out of sql_queries.py: its SELECTs written for Spark, its CREATE TABLEs as schemas.

Nothing of the SQL is written twice: what the warehouse calls a play, an artist or a week holds here too.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import sqlglot
from sqlglot import ErrorLevel, exp

from data_lake.job.plan import Column, Plan, Source, Table
from warehouse.errors import QueriesError

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

_TYPES = {
    exp.DType.SMALLINT: "SMALLINT",
    exp.DType.INT: "INT",
    exp.DType.BIGINT: "BIGINT",
    exp.DType.DOUBLE: "DOUBLE",
    exp.DType.VARCHAR: "STRING",
    exp.DType.TIMESTAMP: "TIMESTAMP",
}


def plan(queries: ModuleType) -> Plan:
    """The plan that sql_queries.py's strings make. Raises QueriesError where one of them cannot be taken to Spark."""
    if "epochmillisecs" not in queries.staging_events_copy:
        raise QueriesError("The lake reads timestamps as TIMEFORMAT 'epochmillisecs' alone, and the COPY has another.")
    events = _columns(queries.staging_events_table_create, _camel)
    songs = _columns(queries.staging_songs_table_create, lambda name: name)
    return Plan(
        (
            Source("staging_events", "events", ("log_data", "log-data"), events),
            Source("staging_songs", "songs", ("song_data", "song-data"), songs),
        ),
        (
            _table(queries.artist_table_create, queries.artist_table_select),
            _table(queries.song_table_create, queries.song_table_select, partitions=("year",)),
            _table(
                queries.songplay_table_create,
                queries.songplay_table_select,
                key=("start_time", "user_id", "session_id"),
                partitions=("year", "month"),
                grows=True,
            ),
            _table(queries.user_table_create, queries.user_table_select),
            _table(queries.time_table_create, queries.time_table_select, partitions=("year", "month"), grows=True),
        ),
        _recall(queries.staging_songs_recall, [column.name for column in songs]),
    )


def spark(select: str) -> str:
    """A SELECT in Redshift's SQL as Spark's. Raises QueriesError.

    >>> spark("SELECT EXTRACT(dayofweek FROM start_time) AS weekday, NVL(a, 1) FROM time")
    'SELECT DAYOFWEEK(start_time) - 1 AS weekday, COALESCE(a, 1) FROM time'
    """
    return _written(_parsed(select))


def _written(tree: exp.Expr) -> str:
    try:
        return tree.transform(_sunday_is_zero).sql("spark", unsupported_level=ErrorLevel.RAISE)
    except sqlglot.errors.UnsupportedError as error:
        raise QueriesError(f"sql_queries.py: Spark has nothing for this: {error}.") from None


def _sunday_is_zero(node: exp.Expr) -> exp.Expr:
    """Redshift counts weekdays from Sunday = 0, Spark from Sunday = 1.

    https://docs.aws.amazon.com/redshift/latest/dg/r_Dateparts_for_datetime_functions.html
    """
    if isinstance(node, exp.Extract) and node.name.lower() in {"dayofweek", "dow", "weekday"}:
        return exp.Sub(this=exp.DayOfWeek(this=node.expression), expression=exp.Literal.number(1))
    return node


def _parsed(statement: str) -> exp.Expr:
    try:
        return sqlglot.parse_one(statement, read="redshift")
    except sqlglot.errors.ParseError as error:
        first = error.errors[0]
        raise QueriesError(f"sql_queries.py: {first['description']} near {first['highlight']!r}.") from None


def _table(
    create: str, select: str, key: tuple[str, ...] = (), partitions: tuple[str, ...] = (), *, grows: bool = False
) -> Table:
    schema = _parsed(create).this
    columns = {column.name: _type(column) for column in _definitions(create)}
    primary = tuple(
        column.name
        for column in _definitions(create)
        if any(isinstance(one.kind, exp.PrimaryKeyColumnConstraint) for one in column.constraints)
    )
    return Table(schema.this.name, columns, spark(select), key or primary, partitions, grows)


def _columns(create: str, key: Callable[[str], str]) -> tuple[Column, ...]:
    return tuple(
        Column(
            column.name,
            key(column.name),
            _type(column),
            _size(column),
            any(isinstance(one.kind, exp.NotNullColumnConstraint) for one in column.constraints),
        )
        for column in _definitions(create)
    )


def _definitions(create: str) -> list[exp.ColumnDef]:
    return [column for column in _parsed(create).this.expressions if isinstance(column, exp.ColumnDef)]


def _type(column: exp.ColumnDef) -> str:
    kind = column.kind
    if kind is None or kind.this not in _TYPES:
        raise QueriesError(f"sql_queries.py: the lake has no type for the column {column.name} ({kind}).")
    return _TYPES[kind.this]


def _size(column: exp.ColumnDef) -> int:
    """The length in bytes of a VARCHAR; 0 for other types."""
    parameters = column.kind.expressions if column.kind else []
    return int(parameters[0].name) if parameters else 0


def _recall(insert: str, columns: list[str]) -> str:
    """The SELECT of ``INSERT INTO staging_songs (some columns) SELECT ...``, with NULL for the other columns."""
    tree = _parsed(insert)
    given = [column.name for column in tree.this.expressions]
    names = dict(zip(given, tree.expression.selects, strict=True))
    select = tree.expression.copy()
    select.set(
        "expressions",
        [exp.alias_(names[name].unalias().copy() if name in names else exp.null(), name) for name in columns],
    )
    return _written(select)


def _camel(name: str) -> str:
    """How the logs spell a column.

    >>> _camel("item_in_session"), _camel("ts")
    ('itemInSession', 'ts')
    """
    return re.sub(r"_(\w)", lambda match: match[1].upper(), name)
