"""The catalogs of PostgreSQL and Redshift: views over the engine's own, in a database in memory beside the user's.

They are made when a client first asks for one, since that takes longer than opening the warehouse does, and in a
database of their own (``pg_redshift``, a name that no schema of a client's can have) that is attached then: a
transaction that has begun sees a database which is new to it, but nothing new in one that it has looked at.
"""

from __future__ import annotations

import re
import threading
from functools import cached_property
from importlib import resources
from typing import TYPE_CHECKING

from local_redshift.schema import literal

if TYPE_CHECKING:
    import duckdb

    from local_redshift.sessions.session import Session

CATALOG = "pg_redshift"
# In the order of their making: each needs what stands before it.
_FILES = (
    "catalog_base.sql",
    "pg_types.sql",
    "catalog_functions.sql",
    "pg_relations.sql",
    "pg_keys.sql",
    "pg_server.sql",
    "information_schema.sql",
    "redshift_catalog.sql",
    "empty.sql",
)
_VIEW = re.compile(rf"^CREATE VIEW {CATALOG}\.([a-z]\w*) AS", re.MULTILINE)
_STORED_USE = f"""
SELECT 1 FROM duckdb_views() WHERE database_name = 'dev' AND NOT internal AND contains(sql, '{CATALOG}') LIMIT 1
"""


class SystemCatalog:
    """Makes the views through ``cursor``; ``names`` are those that clients may ask for."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection) -> None:
        self._cursor = cursor
        self._guard = threading.Lock()
        self.made = False
        if cursor.execute(_STORED_USE).fetchone():  # a client's view may be asked for before any catalog is
            self.make()

    @cached_property
    def names(self) -> frozenset[str]:
        return frozenset(name for script in _scripts() for name in _VIEW.findall(script))

    def make(self) -> None:
        """Make the views unless they are there; every session that asks meanwhile waits."""
        with self._guard:
            if not self.made:
                self._cursor.execute(f"ATTACH ':memory:' AS {CATALOG}")
                for script in _scripts():
                    self._cursor.execute(script)
                self.made = True


def session_variables(session: Session) -> dict[str, str]:
    """What the views ask of the session that looks at them: names of variables and DuckDB SQL for their values."""
    settings = session.settings.all()
    names, values = (", ".join(literal(pair[index]) for pair in settings) for index in (0, 1))
    sessions = ", ".join(_described(each) for each in list(session.engine.sessions.values()))
    return {
        "session_id": str(session.session_id),
        "search_path": f"[{', '.join(literal(name) for name in session.search_path)}]::VARCHAR[]",
        "settings": f"MAP([{names}], [{values}])",
        "sessions": f"[{sessions}]",
    }


def _described(session: Session) -> str:
    return (
        f"{{'process': {session.session_id}, 'user': {literal(session.user)}, 'database': {literal(session.database)}, "
        f"'started': TIMESTAMP {literal(session.started.isoformat())}, "
        f"'application': {literal(session.settings['application_name'])}}}"
    )


def _scripts() -> list[str]:
    package = resources.files("local_redshift") / "system_tables"
    return [(package / file).read_text(encoding="utf-8") for file in _FILES]
