"""INSERT ... SELECT: which types Redshift converts by itself; everything else needs a cast.

https://docs.aws.amazon.com/redshift/latest/dg/c_Supported_data_types.html (Type compatibility and conversion)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from local_redshift.data_types import DUCKDB_TYPES
from local_redshift.errors import DatatypeMismatch

if TYPE_CHECKING:
    from collections.abc import Iterable

    from local_redshift.schema import Column

_STRINGS = frozenset({"character", "character varying"})
_NUMBERS = frozenset({"smallint", "integer", "bigint", "numeric", "real", "double precision"})
_MOMENTS = frozenset({"date", "timestamp without time zone", "timestamp with time zone"})
_TIMES = frozenset({"time without time zone", "time with time zone"})

_CONVERTED = {
    "character varying": _STRINGS,
    **dict.fromkeys(("smallint", "integer", "bigint"), _NUMBERS | _STRINGS | {"boolean"}),
    **dict.fromkeys(("numeric", "real", "double precision"), _NUMBERS | _STRINGS),
    "boolean": frozenset({"boolean"}),
    "date": _MOMENTS | _STRINGS,
    **dict.fromkeys(_MOMENTS - {"date"}, _MOMENTS | _STRINGS | _TIMES),
    **dict.fromkeys(_TIMES, _TIMES | _STRINGS),
}
_TAKE_ANY = frozenset({"super", "varbyte", "interval"})  # the engine tells them apart
_SPELLED = {
    **{duckdb: name for name, duckdb in DUCKDB_TYPES.items() if name in _CONVERTED},
    "FLOAT": "real",
    "HUGEINT": "bigint",  # what DuckDB widens is a BIGINT on Redshift
    "TIME WITH TIME ZONE": "time with time zone",
    "TIMESTAMP WITH TIME ZONE": "timestamp with time zone",
}


def refuse_mismatch(targets: Iterable[Column | None], types: Iterable[str]) -> None:
    """Raise DatatypeMismatch for the first column that does not take an expression of its DuckDB type.

    No column stands for a bare literal, which has no type until it is assigned.
    """
    for column, kind in zip(targets, types, strict=False):
        source = _SPELLED.get(kind.partition("(")[0])
        if column is None or source is None or column.type.name in _TAKE_ANY:
            continue
        if column.type.name not in _CONVERTED[source]:
            raise DatatypeMismatch(
                f'column "{column.name}" is of type {column.type.name} but expression is of type {source}',
                hint="You will need to rewrite or cast the expression.",
            )
