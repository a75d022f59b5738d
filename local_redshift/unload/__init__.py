"""UNLOAD: the statement, the lines or Parquet files of a query's rows, their names, the manifest.

https://docs.aws.amazon.com/redshift/latest/dg/r_UNLOAD.html
"""

from local_redshift.unload.command import UnloadContext, unload
from local_redshift.unload.statement import UnloadStatement, parse

__all__ = ["UnloadContext", "UnloadStatement", "parse", "unload"]
