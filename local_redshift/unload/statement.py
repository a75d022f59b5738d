"""UNLOAD as a statement: what the user wrote, checked as far as it can be without running the query.

https://docs.aws.amazon.com/redshift/latest/dg/r_UNLOAD.html
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from local_redshift.copy.parsing import OptionReader, unexpected
from local_redshift.copy.text.format import unescaped
from local_redshift.dialect.tokens import string_value
from local_redshift.errors import RedshiftError, SyntaxError_
from local_redshift.unload.options import FORMATS, MEGABYTE, NOT_BUILT, OPTIONS, check

if TYPE_CHECKING:
    from collections.abc import Callable

    from local_redshift.copy.credentials import Credentials
    from local_redshift.copy.options import Values
    from local_redshift.copy.tokens import Token


@dataclass(frozen=True)
class UnloadStatement:
    """An UNLOAD; ``query`` is Redshift's SQL, its literal at ``position`` (from 1) of the statement.

    ``options`` holds only what was written, MAXFILESIZE in bytes; ``partition`` the columns of PARTITION BY, which
    stay in the files where ``include`` says so.
    """

    query: str
    position: int
    target: str
    format: str
    options: Values
    partition: tuple[str, ...] = ()
    include: bool = False
    credentials: Credentials | None = field(default=None, repr=False)


def parse(source: str) -> UnloadStatement:
    """Read an UNLOAD statement, its options in any order.

    Raises SyntaxError_ with the place, FeatureNotSupported for what is not built, RedshiftError for options,
    credentials and locations that Redshift would refuse.
    """
    return _Parser(source).statement()


class _Parser(OptionReader):
    def __init__(self, source: str) -> None:
        super().__init__(source, "UNLOAD")
        self._format = ""
        self._partition: tuple[str, ...] = ()
        self._include = False

    def statement(self) -> UnloadStatement:
        self._expect("UNLOAD")
        self._expect("(")
        query = self._next
        self._string()
        self._expect(")")
        self._expect("TO")
        target = self._string()
        while not self._ends():
            self._option()
        name = self._format or "DELIMITED"
        if name == "CSV":
            self._options.setdefault("DELIMITER", ",")
        check(name, self._options)
        if not target.startswith("s3://"):
            raise RedshiftError(f"The target '{target}' is not a valid S3 location: it must begin with s3://")
        return UnloadStatement(
            string_value(query.source),
            query.position,
            target,
            name,
            self._options,
            self._partition,
            self._include,
            self._credentials(),
        )

    def _option(self) -> None:
        token = self._take()
        if not self._took_format(token) and not self._took_authorization(token):
            self._parameter(token)

    def _took_format(self, token: Token) -> bool:
        if token.keyword == "FORMAT":
            self._took("AS")
            token = self._take()
            if token.keyword not in FORMATS and token.keyword not in NOT_BUILT:
                raise unexpected(token)
        if token.keyword not in FORMATS or token.keyword == "DELIMITED":
            return False
        if self._format:
            raise SyntaxError_(f"UNLOAD takes one data format, not both {self._format} and {token.keyword}")
        self._format = token.keyword
        return True

    def _parameter(self, token: Token) -> None:
        readers: dict[str, Callable[[], str | int | bool]] = {
            "flag": lambda: True,
            "string": self._string,
            "switch": self._switch,
            "manifest": lambda: "VERBOSE" if self._took("VERBOSE") else "",
            "size": self._size,
            "partition": self._partitioned,
        }
        self._read_option(token, OPTIONS, NOT_BUILT, readers)
        if token.keyword == "DELIMITER":
            self._options["DELIMITER"] = unescaped(str(self._options["DELIMITER"]))

    def _size(self) -> int:
        """Bytes of ``6.2 GB``, ``100``: megabytes where no unit is given."""
        whole = str(self._number())
        fraction = str(self._number()) if self._took(".") else "0"
        unit = 1024 * MEGABYTE if self._took("GB") else MEGABYTE
        self._took("MB")
        return int(float(f"{whole}.{fraction}") * unit)

    def _partitioned(self) -> bool:
        self._expect("BY")
        self._expect("(")
        self._partition = self._names()
        self._include = self._took("INCLUDE")
        return True
