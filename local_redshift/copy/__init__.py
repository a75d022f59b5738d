"""COPY: the statement, which files, the format, the conversions, the errors.

https://docs.aws.amazon.com/redshift/latest/dg/r_COPY.html
"""

from local_redshift.copy.command import CopyContext, CopyOutcome, copy_table
from local_redshift.copy.ledger import LOAD_FAILED

__all__ = ["LOAD_FAILED", "CopyContext", "CopyOutcome", "copy_table"]
