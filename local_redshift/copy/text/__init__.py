"""Text in COPY: CSV, delimited and fixed-width files.

https://docs.aws.amazon.com/redshift/latest/dg/copy-parameters-data-format.html
"""

from local_redshift.copy.text.format import TEXT_FORMATS, check_widths, text_format
from local_redshift.copy.text.load import TextLoad, column_of
from local_redshift.copy.text.reader import TextReader

__all__ = ["TEXT_FORMATS", "TextLoad", "TextReader", "check_widths", "column_of", "text_format"]
