"""The words of a COPY or UNLOAD statement.

sqlglot pairs COPY's options up by position and loses backslashes in strings, so both are read from their own tokens.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from local_redshift.errors import SyntaxError_

if TYPE_CHECKING:
    from collections.abc import Iterator

_TOKEN = re.compile(
    r"""
    (?P<blank>\s+|--[^\n]*|/\*.*?\*/)
  | (?P<dollar>\$\$.*?\$\$)
  | (?P<string>'(?:[^'\\]|''|\\.)*')
  | (?P<quoted>"(?:[^"]|"")*")
  | (?P<number>\d+)
  | (?P<word>[A-Za-z_\#\u0080-\uffff][\w$\#]*)
  | (?P<sign>::|[^\w\s'"])
    """,
    re.VERBOSE | re.DOTALL,
)


class Token(NamedTuple):
    kind: str  # string, quoted, number, word, sign; end after the last
    text: str  # the value: strings without their quotes
    source: str  # as written
    position: int  # in characters of the statement, from 1

    @property
    def keyword(self) -> str:
        """The word in upper case; empty for anything but a bare word."""
        return self.text.upper() if self.kind == "word" else ""


def tokenize(source: str) -> list[Token]:
    """The tokens of a statement, and an end token. Raises SyntaxError_ for a quote that is not closed."""
    tokens = list(_tokens(source))
    return [*tokens, Token("end", "", "end of input", len(source) + 1)]


def _tokens(source: str) -> Iterator[Token]:
    at = 0
    while at < len(source):
        match = _TOKEN.match(source, at)
        if match is None:
            raise _no_token(source, at)
        kind = str(match.lastgroup)
        if kind == "dollar":
            yield Token("string", match[0][2:-2], match[0], at + 1)
        elif kind != "blank":
            yield Token(kind, _value(kind, match[0]), match[0], at + 1)
        at = match.end()


def _no_token(source: str, at: int) -> SyntaxError_:
    if source[at] in "'\"":
        return SyntaxError_(f'unterminated quoted string at or near "{source[at : at + 20]}"', position=at + 1)
    return SyntaxError_(f'syntax error at or near "{source[at]}"', position=at + 1)


def _value(kind: str, text: str) -> str:
    if kind == "string":
        return re.sub(r"''|\\(['\\])", lambda match: match[1] or "'", text[1:-1])
    if kind == "quoted":
        return text[1:-1].replace('""', '"')
    return text
