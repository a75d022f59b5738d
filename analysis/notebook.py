"""The notebook's way into the configured warehouse, as an SQLAlchemy engine for JupySQL and pandas."""

from __future__ import annotations

import contextlib
import importlib
import sys
import warnings
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from psycopg2 import extensions, extras

from analysis.contents import filled
from analysis.sources import opened
from warehouse.command import ROOT
from warehouse.connection import KEEPALIVES
from warehouse.errors import WarehouseError

if TYPE_CHECKING:
    from warehouse.connection import Warehouse

_SPARK_CONNECT = "pyspark.sql.connect.dataframe"
_opened = contextlib.ExitStack()


class NotOpened(WarehouseError):
    """Why there is no warehouse to ask, and what to do; Jupyter shows it without a traceback."""

    def _render_traceback_(self) -> list[str]:
        """https://ipython.readthedocs.io/en/stable/config/integrating.html#custom-exception-tracebacks"""
        return [self.message, self.hint]


def connect() -> sa.Engine:
    """The warehouse of the project's dwh.cfg, else the laptop's; open until ``close`` or the end of the process.

    Decimals come as int or float, since pandas calculates with those. Jupyter's "interrupt" cancels the running
    statement. Raises NotOpened, also where the warehouse holds no play.
    """
    close()
    _hide_half_a_spark()
    try:
        # Wherever Jupyter was started: dwh.cfg, and the paths in it, are the project's.
        with contextlib.chdir(ROOT):
            source = _opened.enter_context(opened(None, lake=False))
            filled(source)
    except WarehouseError as error:
        close()
        raise NotOpened(error.message, f"{error.hint}\nThe project's folder is {ROOT}.".lstrip()) from None
    # The scripts' own callback is for one Ctrl-C in a process; a notebook goes on after it.
    extensions.set_wait_callback(extras.wait_select)
    engine = sa.create_engine(url(source.warehouse))
    sa.event.listen(engine, "connect", _without_decimals)
    _opened.callback(engine.dispose)
    return engine


def close() -> None:
    """Close what ``connect`` opened; the laptop's warehouse ends, so that other programs can open its file."""
    _opened.close()


def url(warehouse: Warehouse) -> sa.URL:
    """Where and as whom an open warehouse was reached, for SQLAlchemy; its text shows *** for the password.

    sqlalchemy-redshift's dialect, since PostgreSQL's asks for settings that a cluster does not know. It would trust
    roots of its own; here those hold that ``warehouse`` was opened with.
    """
    used = warehouse.connection.info
    kept = {"sslmode": "prefer", "sslrootcert": "", **used.dsn_parameters}
    return sa.URL.create(
        "redshift+psycopg2",
        used.user,
        used.password,
        used.host,
        used.port,
        used.dbname,
        {name: str(kept[name]) for name in ("sslmode", "sslrootcert", *KEEPALIVES)},
    )


def _number(text: Any, _: Any) -> float | None:
    if text is None:
        return None
    number = Decimal(text)
    return int(number) if number == number.to_integral_value() else float(number)


_NUMBER = extensions.new_type(extensions.DECIMAL.values, "NUMBER", _number)


def _without_decimals(connection: extensions.connection, _: Any) -> None:
    extensions.register_type(_NUMBER, connection)


def _hide_half_a_spark() -> None:
    """JupySQL 0.11 loads beside no Spark, and beside a whole one; not beside one without Spark Connect's packages."""
    try:
        with warnings.catch_warnings(action="ignore"):  # of the old Python that this Spark is for
            importlib.import_module(_SPARK_CONNECT)
    except ImportError:
        sys.modules[_SPARK_CONNECT] = None  # type: ignore[assignment]
