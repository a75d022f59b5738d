"""COPY as a statement: what the user wrote, checked as far as it can be without looking at table or files.

https://docs.aws.amazon.com/redshift/latest/dg/r_COPY.html
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from local_redshift.copy.options import BUILT_FORMATS, FORMATS, NOT_BUILT, OPTIONS, Values, check
from local_redshift.copy.parsing import OptionReader, unexpected
from local_redshift.errors import FeatureNotSupported, SyntaxError_
from local_redshift.schema import DATABASE, TableName

if TYPE_CHECKING:
    from collections.abc import Callable

    from local_redshift.copy.credentials import Credentials
    from local_redshift.copy.tokens import Token

_WITHOUT_ARGUMENT = {"CSV", "ORC", "PARQUET"}


@dataclass(frozen=True)
class CopyStatement:
    """A COPY; ``columns`` is None where the statement gave no list, ``options`` holds only what was written."""

    table: TableName
    columns: tuple[str, ...] | None
    source: str
    format: str
    argument: str
    options: Values
    credentials: Credentials | None = field(default=None, repr=False)


def parse(source: str, database: str = DATABASE) -> CopyStatement:
    """Read a COPY statement, its options in any order; ``database`` is what the session calls its own.

    Raises SyntaxError_ with the place, FeatureNotSupported for what is not built, RedshiftError for options and
    credentials that Redshift would refuse.
    """
    return _Parser(source, database).statement()


class _Parser(OptionReader):
    def __init__(self, source: str, database: str) -> None:
        super().__init__(source, "COPY")
        self._database = database
        self._format = ""
        self._argument = "auto"

    def statement(self) -> CopyStatement:
        self._expect("COPY")
        table = self._table()
        columns = self._columns()
        self._expect("FROM")
        location = self._location()
        while not self._ends():
            self._option()
        name = self._format or "DELIMITED"
        check(name, self._options)
        if name not in BUILT_FORMATS:
            raise FeatureNotSupported(f"COPY {FORMATS[name]} is not built in the local warehouse")
        return CopyStatement(table, columns, location, name, self._argument, self._options, self._credentials())

    # parts

    def _table(self) -> TableName:
        parts = [self._name()]
        while self._took("."):
            parts.append(self._name())
        if len(parts) > 3 or (len(parts) == 3 and parts[0] != self._database):
            raise FeatureNotSupported(f"cross-database reference to {'.'.join(parts)} is not supported")
        return TableName(parts[-1], parts[-2] if len(parts) > 1 else None)

    def _columns(self) -> tuple[str, ...] | None:
        if not self._took("("):
            return None
        return self._names()

    def _location(self) -> str:
        if self._next.keyword in {"STDIN", "STDOUT"}:
            raise FeatureNotSupported("COPY FROM STDIN is not supported: Redshift loads from Amazon S3")
        if self._next.kind != "string":
            raise unexpected(self._next)
        return self._take().text

    def _option(self) -> None:
        token = self._take()
        word = token.keyword
        self._took_format(word) or self._took_authorization(token) or self._took_parameter(token)

    def _took_format(self, word: str) -> bool:
        if word in {"FORMAT", "AS"}:
            self._took("AS")
            token = self._take()
            if token.keyword == "DELIMITER":
                return self._took_parameter(token)
            if token.keyword not in FORMATS or token.keyword == "DELIMITED":
                raise unexpected(token)
            word = token.keyword
        if word not in FORMATS or word == "DELIMITED":
            return False
        if self._format:
            raise SyntaxError_(f"COPY takes one data format, not both {self._format} and {word}")
        self._format = word
        if word == "FIXEDWIDTH":
            self._argument = self._string()
        elif word in _WITHOUT_ARGUMENT:
            return True
        elif self._next.kind == "string" or (
            self._next.keyword == "AS" and self._tokens[self._at + 1].kind == "string"
        ):
            self._argument = self._string()
        return True

    def _took_parameter(self, token: Token) -> bool:
        readers: dict[str, Callable[[], str | int | bool]] = {
            "flag": lambda: True,
            "string": self._string,
            "number": self._number,
            "switch": lambda: self._switch("PRESET"),
            "replacement": self._replacement,
            "word": self._word,
        }
        self._read_option(token, OPTIONS, NOT_BUILT, readers)
        return True

    def _word(self) -> str:
        self._took("AS")
        if self._next.kind not in {"string", "word", "quoted"}:
            raise unexpected(self._next)
        return self._take().text

    def _replacement(self) -> str:
        """ACCEPTINVCHARS takes an optional character; bare, it is a question mark."""
        follows = self._next.kind == "string" or self._next.keyword == "AS"
        return self._string() if follows else "?"
