"""What one translation knows while it walks a tree."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from local_redshift.errors import FeatureNotSupported, RedshiftError

if TYPE_CHECKING:
    from local_redshift.dialect.statements import Catalog


@dataclass
class Scope:
    """``stored`` is true inside views and defaults, which are evaluated later than they are translated."""

    catalog: Catalog
    stored: bool = False
    parameters: int = 0
    user_tables: bool = False
    leader_functions: set[str] = field(default_factory=set)
    compute_functions: set[str] = field(default_factory=set)

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
