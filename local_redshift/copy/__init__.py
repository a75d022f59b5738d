"""COPY: the statement, which files, the format, the conversions, the errors.

https://docs.aws.amazon.com/redshift/latest/dg/r_COPY.html
"""

from local_redshift.copy.command import CopyContext, CopyOutcome, copy_table

__all__ = ["CopyContext", "CopyOutcome", "copy_table"]
