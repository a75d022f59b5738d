"""What one translation knows while it walks a tree."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlglot import exp

from local_redshift.errors import FeatureNotSupported, RedshiftError, UndefinedColumn

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from local_redshift.dialect.statements import Catalog
    from local_redshift.schema import Table


@dataclass
class Scope:
    """``stored`` is true inside views and defaults, which are evaluated later than they are translated."""

    catalog: Catalog
    stored: bool = False
    parameters: int = 0
    user_tables: bool = False
    leader_functions: set[str] = field(default_factory=set)
    compute_functions: set[str] = field(default_factory=set)
    columns: set[str] = field(default_factory=set)  # the names that stand without a table
    # those of catalog queries, before the common ones
    rules: Mapping[type[exp.Expr], Callable[[exp.Expr, Scope], exp.Expr]] = field(default_factory=dict)
    relations: list[str] = field(default_factory=list)  # the names that tables go by
    tables: list[Table | None] = field(default_factory=list)  # None: one whose columns are not known here

    def check_columns(self, tree: exp.Expr) -> None:
        """DuckDB takes a table's name for its whole row, and knows a rowid: Redshift has neither."""
        doubtful = self.columns & {*self.relations, "rowid"}
        if not doubtful or None in self.tables:
            return
        known = {column.name for table in self.tables if table for column in table.columns}
        known |= {item.alias.lower() for item in tree.find_all(exp.Alias)}
        known |= {column.name.lower() for alias in tree.find_all(exp.TableAlias) for column in alias.columns}
        for name in doubtful - known:
            raise UndefinedColumn(f'column "{name}" does not exist')

    def check_nodes(self) -> None:
        """Some functions run on the leader node alone, some only over a user's table.

        https://docs.aws.amazon.com/redshift/latest/dg/c_SQL_functions_leader_node_only.html
        """
        if self.user_tables and self.leader_functions:
            raise FeatureNotSupported(
                "Specified types or functions (one per INFO message) not supported on Redshift tables.",
                detail=f"Leader-node only: {', '.join(sorted(self.leader_functions))}.",
            )
        if self.compute_functions and not self.user_tables:
            raise RedshiftError(
                "One or more of the used functions must be applied on at least one user created tables. "
                "Examples of user table only functions are LISTAGG, MEDIAN, PERCENTILE_CONT, etc",
                detail=f"Used here: {', '.join(sorted(self.compute_functions))}.",
            )
