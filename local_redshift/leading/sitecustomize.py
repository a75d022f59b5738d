"""Leads the connections of psycopg2 and redshift_connector to the laptop warehouse.

``python -m local_redshift run`` puts this folder on PYTHONPATH, so that Python imports this module at its start: in
the script and in whatever Python processes the script starts. It may be another Python than the warehouse's own, so
nothing of the project is imported here. https://docs.python.org/3/library/site.html
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from importlib.machinery import ModuleSpec
    from types import ModuleType

CONNECTION_VARIABLE = "LOCAL_REDSHIFT_CONNECTION"  # names a file, readable by this user alone
# What a script says of its session; where the server is and how to get in is not for the script to say.
_SESSION_PARAMETERS = ("dbname", "user", "options", "application_name", "client_encoding")
# The same for redshift_connector, and what is its own business.
_CONNECTOR_PARAMETERS = ("application_name", "database_metadata_current_db_only", "numeric_to_float", "timeout")
_INSTALL = (
    "local_redshift run: {executable} has no {name}, which the script needs. Install it there:\n"
    "  {executable} -m pip install {package}"
)


class DriverFinder:
    """Finds the drivers as Python does, and changes where they connect to once they are loaded."""

    def find_spec(self, name: str, *_: object) -> ModuleSpec | None:
        if name not in _DRIVERS:
            return None
        package, lead = _DRIVERS[name]
        spec = self._spec_of_others(name)
        if spec is None:
            print(_INSTALL.format(executable=sys.executable, name=name, package=package), file=sys.stderr)
        elif spec.loader is not None:
            load = spec.loader.exec_module

            def load_and_lead(module: ModuleType) -> None:
                load(module)
                lead(module)

            spec.loader.exec_module = load_and_lead  # type: ignore[method-assign]
        return spec

    def _spec_of_others(self, name: str) -> ModuleSpec | None:
        from importlib.util import find_spec

        sys.meta_path.remove(self)
        try:
            return find_spec(name)
        finally:
            sys.meta_path.insert(0, self)


def lead_psycopg2(psycopg2: Any) -> None:
    """Let every connection go to the laptop, with the database, user and settings that it asks for."""
    connect = psycopg2._connect  # below psycopg2.connect(), which still checks its arguments

    def connect_to_laptop(dsn: str, connection_factory: object = None, **more: object) -> object:
        return connect(psycopg2.extensions.make_dsn(**laptop_parameters(dsn)), connection_factory, **more)

    psycopg2._connect = connect_to_laptop


def lead_redshift_connector(redshift_connector: Any) -> None:
    """The same for Amazon's own driver, with IAM or without."""
    connect = redshift_connector.connect

    def connect_to_laptop(user: str | None = None, database: str | None = None, *_: object, **more: Any) -> object:
        laptop = _laptop()
        return connect(
            user=user or more.get("db_user") or laptop["user"],
            database=database or laptop["dbname"],
            password=laptop["password"],
            host=laptop["host"],
            port=int(laptop["port"]),
            ssl=False,
            **{name: more[name] for name in _CONNECTOR_PARAMETERS if name in more},
        )

    redshift_connector.connect = connect_to_laptop


_DRIVERS = {
    "psycopg2": ("psycopg2-binary", lead_psycopg2),
    "redshift_connector": ("redshift_connector", lead_redshift_connector),
}


def _laptop() -> dict[str, str]:
    import json

    with open(os.environ[CONNECTION_VARIABLE], encoding="utf-8") as file:  # noqa: PTH123 - as light as can be
        parameters: dict[str, str] = json.load(file)
    return parameters


def laptop_parameters(dsn: str) -> dict[str, str]:
    asked = _parsed_uri(dsn) if "://" in dsn else _parsed_words(dsn)
    return {**_laptop(), **{name: asked[name] for name in _SESSION_PARAMETERS if asked.get(name)}}


def _parsed_words(dsn: str) -> dict[str, str]:
    """``host= dbname=dev user=`` and the like: an empty value stays empty, where libpq would take the next word."""
    import re

    words = re.findall(r"(\w+)\s*=\s*('(?:[^'\\]|\\.)*'|(?!\w+\s*=)\S*)", dsn)
    return {name: re.sub(r"\\(.)", r"\1", value.strip("'")) for name, value in words}


def _parsed_uri(dsn: str) -> dict[str, str]:
    """``postgresql://user:password@host:port/dbname?options=...``, whatever is in the password."""
    from urllib.parse import parse_qsl, unquote

    authority, _, rest = dsn.split("://", 1)[1].rpartition("@")
    path, _, query = rest.partition("?")
    asked = dict(parse_qsl(query))
    if authority:
        asked["user"] = unquote(authority.partition(":")[0])
    if dbname := path.partition("/")[2]:
        asked["dbname"] = unquote(dbname)
    return asked


def _hand_over() -> None:
    """Import the sitecustomize that this one stands before, where there is one."""
    here = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120 - as light as can be
    sys.path[:] = [entry for entry in sys.path if entry != here]
    own = sys.modules.pop("sitecustomize")
    try:
        import sitecustomize  # type: ignore[import-not-found]  # noqa: F401
    except ModuleNotFoundError as error:
        if error.name != "sitecustomize":
            raise
        sys.modules["sitecustomize"] = own


if __name__ == "sitecustomize" and CONNECTION_VARIABLE in os.environ:
    sys.meta_path.insert(0, DriverFinder())
    _hand_over()
