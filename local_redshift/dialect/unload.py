"""UNLOAD: the query inside is translated as any other, but may have no LIMIT.

https://docs.aws.amazon.com/redshift/latest/dg/r_UNLOAD.html#unload-usage-limit-clause
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from local_redshift.dialect.queries import parse_query
from local_redshift.dialect.sizes import string_sizes
from local_redshift.dialect.statements import Query, Unload
from local_redshift.dialect.translate import translate
from local_redshift.errors import FeatureNotSupported, RedshiftError, SyntaxError_
from local_redshift.unload.statement import parse

if TYPE_CHECKING:
    from local_redshift.data_types import RedshiftType
    from local_redshift.dialect.statements import Catalog


def unload(source: str, catalog: Catalog) -> Unload:
    """UNLOAD ('query') TO 's3://...'; an error in the query is placed at its literal."""
    statement = parse(source)
    try:
        sql, sizes = _query(statement.query, catalog)
    except RedshiftError as error:
        error.position = statement.position
        raise
    return Unload(source=source, tag="UNLOAD", statement=statement, sql=sql, sizes=sizes)


def _query(text: str, catalog: Catalog) -> tuple[str, tuple[RedshiftType | None, ...]]:
    tree = parse_query(text)
    if tree.args.get("limit") or tree.args.get("offset"):
        raise FeatureNotSupported(
            "LIMIT clause is not supported in the outer SELECT of UNLOAD",
            hint="Put it into a subquery: SELECT * FROM (SELECT ... LIMIT 10).",
        )
    sizes = string_sizes(tree, catalog)
    inner = translate(text, catalog)
    if not isinstance(inner, Query) or inner.settings:
        raise SyntaxError_("UNLOAD takes a SELECT that returns rows")
    if inner.parameters:
        raise FeatureNotSupported("parameters inside the query of UNLOAD are not supported")
    return inner.sql, sizes
