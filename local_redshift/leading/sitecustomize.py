"""Leads psycopg2's connections to the laptop warehouse.

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
_INSTALL = (
    "local_redshift run: {executable} has no psycopg2, which the script needs. Install it there:\n"
    "  {executable} -m pip install psycopg2-binary"
)


class Psycopg2Finder:
    """Finds psycopg2 as Python does, and changes where it connects to once it is loaded."""

    def find_spec(self, name: str, *_: object) -> ModuleSpec | None:
        if name != "psycopg2":
            return None
        spec = self._spec_of_others(name)
        if spec is None:
            print(_INSTALL.format(executable=sys.executable), file=sys.stderr)
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


def lead(psycopg2: Any) -> None:
    """Let every connection of ``psycopg2`` go to the laptop, with the database, user and settings that it asks for."""
    connect = psycopg2._connect  # below psycopg2.connect(), which still checks its arguments

    def connect_to_laptop(dsn: str, connection_factory: object = None, **more: object) -> object:
        return connect(psycopg2.extensions.make_dsn(**laptop_parameters(dsn)), connection_factory, **more)

    psycopg2._connect = connect_to_laptop


def laptop_parameters(dsn: str) -> dict[str, str]:
    import json

    with open(os.environ[CONNECTION_VARIABLE], encoding="utf-8") as file:  # noqa: PTH123 - as light as can be
        parameters: dict[str, str] = json.load(file)
    asked = _parsed_uri(dsn) if "://" in dsn else _parsed_words(dsn)
    return {**parameters, **{name: asked[name] for name in _SESSION_PARAMETERS if asked.get(name)}}


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
    sys.meta_path.insert(0, Psycopg2Finder())
    _hand_over()
