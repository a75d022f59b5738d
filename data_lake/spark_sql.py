"""The lake's plan out of sql_queries.py: its SELECTs written for Spark, its CREATE TABLEs as schemas.

Nothing of the SQL is written twice: what the warehouse calls a play, an artist or a week holds here too.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import sqlglot
from sqlglot import ErrorLevel, exp
from sqlglot.optimizer.annotate_types import annotate_types
from sqlglot.optimizer.qualify import qualify

from data_lake import alike
from data_lake.job.plan import Column, Plan, Source, Table
from warehouse import config
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
_Schema = dict[str, object]  # table -> column -> type in Redshift's SQL
# What else COPY can be told about a value, the lake does not do.
_OPTIONS = re.compile(
    r"\b(ACCEPT\w+|BLANKSASNULL|EMPTYASNULL|ENCODING|EXPLICIT_IDS|FILLRECORD|IGNOREBLANKLINES|NULL\s+AS|ROUNDEC|"
    r"TRIMBLANKS|TRUNCATECOLUMNS|DATEFORMAT|CSV|AVRO|PARQUET|ORC)\b",
    re.IGNORECASE,
)


def of_project() -> Plan:
    """The plan of the sql_queries.py that lies in the project. Raises QueriesError.

    dwh.cfg is not asked: it says nothing about the lake, and may not be filled in yet.
    """
    with config.defaults():
        import sql_queries
    try:
        return plan(sql_queries)
    except AttributeError as error:
        if error.obj is not sql_queries:
            raise
        raise QueriesError(
            f"sql_queries.py has no {error.name}.", "The lake takes its CREATE TABLEs and SELECTs by these names."
        ) from None


def plan(queries: ModuleType) -> Plan:
    """The plan that sql_queries.py's strings make. Raises QueriesError where one of them cannot be taken to Spark."""
    _check_copies(queries.staging_events_copy, queries.staging_songs_copy)
    events = _columns(queries.staging_events_table_create, _camel)
    songs = _columns(queries.staging_songs_table_create, lambda name: name)
    schema = _schema(queries.create_table_queries)
    return Plan(
        (
            Source("staging_events", "events", ("log_data", "log-data"), events),
            Source("staging_songs", "songs", ("song_data", "song-data"), songs),
        ),
        (
            _table(schema, queries.artist_table_create, queries.artist_table_select),
            _table(schema, queries.song_table_create, queries.song_table_select, partitions=("year",)),
            _table(
                schema,
                queries.songplay_table_create,
                queries.songplay_table_select,
                key=("start_time", "user_id", "session_id"),
                partitions=("year", "month"),
                grows=True,
            ),
            _table(schema, queries.user_table_create, queries.user_table_select),
            _table(
                schema, queries.time_table_create, queries.time_table_select, partitions=("year", "month"), grows=True
            ),
        ),
        _recall(schema, queries.staging_songs_recall, [column.name for column in songs]),
    )


def _check_copies(events: str, songs: str) -> None:
    if "epochmillisecs" not in events:
        raise QueriesError("The lake reads timestamps as TIMEFORMAT 'epochmillisecs' alone, and the COPY has another.")
    for copy in (events, songs):
        option = _OPTIONS.search(re.sub("'[^']*'", "''", copy)) or re.search("'auto ignorecase'", copy)
        if option:
            raise QueriesError(
                f"sql_queries.py: the lake does not know COPY's option {option[0]}.",
                "Leave it out, and write into the SELECTs what it is for (NULLIF(level, ''), say).",
            )


def spark(select: str, schema: _Schema) -> str:
    """A SELECT in Redshift's SQL as Spark's. Raises QueriesError.

    >>> spark("SELECT NVL(a, 1) / 7 AS b, EXTRACT(dow FROM at) AS d FROM t", {"t": {"a": "INT", "at": "TIMESTAMP"}})
    'SELECT COALESCE(t.a, 1) DIV 7 AS b, (DAYOFWEEK(t.at) - 1) AS d FROM t AS t'
    """
    return _written(_typed(_parsed(select), schema))


def _typed(tree: exp.Expr, schema: _Schema) -> exp.Expr:
    """The same with every column's table and every expression's type, of what Redshift and Spark both do."""
    try:
        named = qualify(_rewritten(tree, _without_nvl2), schema=schema, dialect="redshift", quote_identifiers=False)
    except sqlglot.errors.OptimizeError as error:
        raise QueriesError(f"sql_queries.py: {str(error).splitlines()[0]}") from None
    typed = annotate_types(named, schema=schema, dialect="redshift")
    alike.check(typed)
    return typed


def _written(tree: exp.Expr) -> str:
    try:
        return _rewritten(tree, _as_redshift_does).sql("spark", unsupported_level=ErrorLevel.RAISE)
    except sqlglot.errors.UnsupportedError as error:
        raise QueriesError(f"sql_queries.py: Spark has nothing for this: {error}.") from None


def _rewritten(tree: exp.Expr, rule: Callable[[exp.Expr], exp.Expr]) -> exp.Expr:
    """From the innermost outwards, which ``transform`` does not do below what it has replaced."""
    written = tree.copy()
    for node in reversed(list(written.walk())):
        node.replace(rule(node))
    return written


def _without_nvl2(node: exp.Expr) -> exp.Expr:
    """sqlglot knows the type of a CASE."""
    if isinstance(node, exp.Nvl2):
        some = exp.Not(this=exp.Is(this=exp.paren(node.this), expression=exp.null()))
        return exp.Case(ifs=[exp.If(this=some, true=node.args["true"])], default=node.args.get("false"))
    return node


def _as_redshift_does(node: exp.Expr) -> exp.Expr:
    if isinstance(node, exp.Extract) and node.name.lower() in alike.WEEKDAY:
        return exp.paren(exp.Sub(this=exp.DayOfWeek(this=node.expression), expression=exp.Literal.number(1)))
    if isinstance(node, exp.Div) and alike.whole(node):
        divided = exp.IntDiv(this=node.this, expression=node.expression)
        divided.type = node.type
        return divided
    if isinstance(node, exp.Concat):
        node.set("coalesce", False)  # NULL makes it NULL
    return node


def _parsed(statement: str) -> exp.Expr:
    try:
        return sqlglot.parse_one(statement, read="redshift")
    except sqlglot.errors.ParseError as error:
        first = error.errors[0]
        raise QueriesError(f"sql_queries.py: {first['description']} near {first['highlight']!r}.") from None


def _table(
    schema: _Schema,
    create: str,
    select: str,
    key: tuple[str, ...] = (),
    partitions: tuple[str, ...] = (),
    *,
    grows: bool = False,
) -> Table:
    name = _parsed(create).this.this.name
    columns = {column.name: _type(column) for column in _definitions(create)}
    primary = tuple(
        column.name
        for column in _definitions(create)
        if any(isinstance(one.kind, exp.PrimaryKeyColumnConstraint) for one in column.constraints)
    )
    for needed in (*(key or primary), *(() if grows else partitions)):
        if needed not in columns:
            raise QueriesError(f"sql_queries.py: the lake needs the column {needed} in the table {name}.")
    tree = _typed(_parsed(select), schema)
    checked = _fitting(tree, name, {column.name: column for column in _definitions(create)})
    return Table(name, columns, _written(checked), key or primary, partitions, grows)


def _fitting(tree: exp.Expr, table: str, columns: dict[str, exp.ColumnDef]) -> exp.Expr:
    """A SELECT whose values fit the table's columns as INSERT has it: not cut, rounded or spelt as texts on the way.

    A text that may be too long fails when the table is made.
    """
    given = {select.alias_or_name: select for select in tree.selects}  # type: ignore[attr-defined]
    checked = dict[str, exp.Expr]()
    for name, column in columns.items():
        if column.find(exp.GeneratedAsIdentityColumnConstraint):
            continue
        if name not in given:
            raise QueriesError(f"sql_queries.py: the SELECT for {table} gives no {name}.")
        kinds = alike.kind(given[name]), alike.kind(exp.Cast(this=exp.null(), to=column.kind, _type=column.kind))
        if kinds[0] != "null" and kinds not in alike.FITS:
            raise QueriesError(
                f"sql_queries.py: {table}.{name} is {column.kind}, and its SELECT gives {given[name].type}: "
                "the lake does not convert it as Redshift does.",
                "Give the column the SELECT's type.",
            )
        checked[name] = exp.column(name)
        size, most = _length(given[name].type), _length(column.kind)
        if kinds[1] == "text" and most and not 0 < size <= most:
            checked[name] = _no_longer(name, table, most)
    if all(isinstance(one, exp.Column) for one in checked.values()):
        return tree
    selected = exp.select(*(exp.alias_(one, name) for name, one in checked.items()))
    return selected.from_(tree.subquery("made"))  # type: ignore[attr-defined]


def _no_longer(name: str, table: str, most: int) -> exp.Expr:
    long = exp.GT(this=exp.func("OCTET_LENGTH", exp.column(name)), expression=exp.Literal.number(most))
    told = exp.Literal.string(f"{table}.{name} would be longer than VARCHAR({most})")
    return exp.Case(
        ifs=[exp.If(this=long, true=exp.Anonymous(this="RAISE_ERROR", expressions=[told]))], default=exp.column(name)
    )


def _schema(creates: list[str]) -> _Schema:
    return {
        _parsed(create).this.this.name: {
            column.name: column.kind.sql("redshift") for column in _definitions(create) if column.kind
        }
        for create in creates
    }


def _columns(create: str, key: Callable[[str], str]) -> tuple[Column, ...]:
    return tuple(
        Column(
            column.name,
            key(column.name),
            _type(column),
            _length(column.kind),
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


def _length(kind: exp.DataType | None) -> int:
    """The length in bytes of a VARCHAR; 0 for other types."""
    return int(kind.expressions[0].name) if kind and kind.expressions else 0


def _recall(schema: _Schema, insert: str, columns: list[str]) -> str:
    """The SELECT of ``INSERT INTO staging_songs (some columns) SELECT ...``, with NULL for the other columns."""
    tree = _parsed(insert)
    given = [column.name for column in tree.this.expressions]
    select = _typed(tree.expression.copy(), schema)
    names = dict(zip(given, select.selects, strict=True))  # type: ignore[attr-defined]
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
