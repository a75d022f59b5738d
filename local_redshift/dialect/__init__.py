"""Redshift SQL in, DuckDB SQL out.

``split`` cuts a script into statements, ``translate`` turns one of them into a Statement (statements.py), asking the
session's Catalog where the answer depends on the tables that exist. tokens.py reads what is parsed by hand (DDL,
INSERT, commands), grammar.py the rest through sqlglot; rewrite.py walks the tree once; functions.py lists the
functions that exist; functions.sql holds those that need a macro.
"""

from local_redshift.dialect.tokens import placed_statements, split
from local_redshift.dialect.translate import translate

__all__ = ["placed_statements", "split", "translate"]
