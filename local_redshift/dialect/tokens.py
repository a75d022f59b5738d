"""Redshift's lexical rules: where tokens, literals and statements begin and end.

https://docs.aws.amazon.com/redshift/latest/dg/r_names.html. Backslashes escape inside '...', there are no E''
literals, comments nest.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from local_redshift.dialect.reserved import RESERVED
from local_redshift.errors import FeatureNotSupported, InvalidSchemaName, SyntaxError_
from local_redshift.schema import HIDDEN_SCHEMAS, TableName

if TYPE_CHECKING:
    from collections.abc import Iterator

Kind = Literal["word", "name", "string", "number", "parameter", "operator"]

_TOKEN = re.compile(
    r"""
    (?P<blank>\s+|--[^\n]*)
    | (?P<comment>/\*)
    | (?P<string>'[^'\\]*(?:(?:\\.|'')[^'\\]*)*'|\$(?P<tag>[a-zA-Z_]\w*|)\$.*?\$(?P=tag)\$)
    | (?P<name>"[^"]*(?:""[^"]*)*")
    | (?P<parameter>\$\d+)
    | (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
    | (?P<word>\#?[^\W\d][\w$]*)
    | (?P<operator>::|:=|<=|>=|<>|!=|\|\||!~|[^\s'"])
    """,
    re.VERBOSE | re.DOTALL,
)
_COMMENT_EDGE = re.compile(r"/\*|\*/")
_ESCAPE = re.compile(r"\\([0-7]{1,3}|.)|''", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}


@dataclass(frozen=True, slots=True)
class Token:
    kind: Kind
    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def word(self) -> str:
        """Upper case for a bare word; '' for anything else, so that "select" is never SELECT."""
        return self.text.upper() if self.kind == "word" else ""

    @property
    def value(self) -> str:
        """What a literal or an identifier stands for."""
        if self.kind == "string":
            return string_value(self.text)
        if self.kind == "name":
            return self.text[1:-1].replace('""', '"').lower()
        return self.text.lower()


def string_value(text: str) -> str:
    r"""The characters that a literal stands for: ``'it''s\n'`` is it's and a line feed."""
    if text.startswith("$"):
        edge = text.index("$", 1) + 1
        return text[edge:-edge]
    body = text[1:-1]
    return _ESCAPE.sub(_unescaped, body) if "\\" in body or "'" in body else body


def _unescaped(match: re.Match[str]) -> str:
    escaped: str | None = match[1]
    if escaped is None:
        return "'"
    if escaped[0] in "01234567":
        return chr(int(escaped, 8) & 0xFF)
    return _ESCAPED.get(escaped, escaped)


def tokenize(sql: str) -> Iterator[Token]:
    """The tokens of ``sql`` without blanks and comments. Raises SyntaxError_ for what never ends."""
    position = 0
    while position < len(sql):
        match = _TOKEN.match(sql, position)
        if match is None:
            kind = "identifier" if sql[position] == '"' else "string"
            raise SyntaxError_(
                f'unterminated quoted {kind} at or near "{sql[position : position + 40]}"', position=position + 1
            )
        position = match.end()
        kind_name = match.lastgroup if match.lastgroup != "tag" else "string"
        if kind_name == "comment":
            position = _comment_end(sql, position)
        elif kind_name != "blank":
            yield Token(kind_name, match[0], match.start())  # type: ignore[arg-type]


def _comment_end(sql: str, position: int) -> int:
    start, depth = position - 2, 1
    while depth:
        edge = _COMMENT_EDGE.search(sql, position)
        if edge is None:
            raise SyntaxError_(f'unterminated /* comment at or near "{sql[start : start + 40]}"', position=start + 1)
        depth += 1 if edge[0] == "/*" else -1
        position = edge.end()
    return position


def split(sql: str) -> list[str]:
    """The statements of a script, to the letter, without their semicolons.

    >>> split("begin; insert into t values (';'); -- done;")
    ['begin', "insert into t values (';')"]
    """
    return [statement for _, statement in placed_statements(sql)]


def placed_statements(sql: str) -> list[tuple[int, str]]:
    """``split``, each statement with the offset at which it starts."""
    statements: list[tuple[int, str]] = []
    first: Token | None = None
    last: Token | None = None
    for token in tokenize(sql):
        if token.text == ";":
            if first is not None and last is not None:
                statements.append((first.start, sql[first.start : last.end]))
            first = last = None
        else:
            first, last = first or token, token
    if first is not None and last is not None:
        statements.append((first.start, sql[first.start : last.end]))
    return statements


class TokenReader:
    """A cursor over the tokens of one statement, for the statements that are parsed by hand."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.index = 0
        self._read: list[Token] = []
        self._unread = tokenize(source)  # read as far as needed: an INSERT may bring megabytes of values

    def token(self, index: int) -> Token | None:
        while len(self._read) <= index:
            token = next(self._unread, None)
            if token is None:
                return None
            self._read.append(token)
        return self._read[index]

    @property
    def current(self) -> Token | None:
        return self.token(self.index)

    @property
    def previous(self) -> Token:
        return self._read[self.index - 1]

    @property
    def position(self) -> int:
        """Offset in the source at which the current token starts."""
        token = self.current
        return token.start if token is not None else len(self.source)

    def peek(self, *words: str) -> bool:
        """Whether the next tokens are these words or signs."""
        for ahead, word in enumerate(words):
            token = self.token(self.index + ahead)
            if token is None or (token.word or token.text) != word:
                return False
        return True

    def accept(self, *words: str) -> bool:
        """Step over these words or signs if they come next."""
        if not self.peek(*words):
            return False
        self.index += len(words)
        return True

    def accept_any(self, *words: str) -> str | None:
        """Step over one of these words if it comes next, and say which."""
        token = self.current
        if token is None or (token.word or token.text) not in words or token.kind in {"string", "name"}:
            return None
        self.index += 1
        return token.word or token.text

    def expect(self, *words: str) -> None:
        for word in words:
            if not self.accept(word):
                raise self.error()

    def take(self, *kinds: Kind) -> Token:
        token = self.current
        if token is None or token.kind not in kinds:
            raise self.error()
        self.index += 1
        return token

    def identifier(self) -> str:
        """A name, folded to lower case: quoted ones too, as Redshift does by default."""
        return self.take("word", "name").value

    def name(self) -> str:
        """The name of a table or of a new column: an identifier that is no reserved word."""
        token = self.current
        if token is not None and token.word in RESERVED:
            raise self.error(token)
        return self.identifier()

    def table_name(self, database: str) -> TableName:
        """``name``, ``schema.name`` or ``database.schema.name``."""
        start = self.position
        parts = [self.name()]
        while self.accept("."):
            parts.append(self.identifier())
        return qualified(parts, database, start)

    def integer(self) -> int:
        sign = -1 if self.accept("-") else 1
        token = self.take("number")
        if not token.text.isdigit():
            raise self.error(token)
        return sign * int(token.text)

    def names_in_parentheses(self) -> tuple[str, ...]:
        self.expect("(")
        names = [self.name()]
        while self.accept(","):
            names.append(self.name())
        self.expect(")")
        return tuple(names)

    def skip_group(self) -> str:
        """Step over (...) and return the text inside."""
        opening = self.position
        self.expect("(")
        depth = 1
        while depth:
            token = self.current
            if token is None:
                raise self.error()
            depth += {"(": 1, ")": -1}.get(token.text, 0)
            self.index += 1
        return self.source[opening + 1 : self.previous.start]

    def rest(self) -> str:
        """The source from here on."""
        return self.source[self.position :]

    def finish(self) -> None:
        if self.current is not None:
            raise self.error()

    def error(self, token: Token | None = None) -> SyntaxError_:
        return syntax_error(self.source, token or self.current)


def syntax_error(source: str, token: Token | None) -> SyntaxError_:
    if token is None:
        return SyntaxError_("syntax error at end of input", position=len(source) + 1)
    return SyntaxError_(f'syntax error at or near "{token.text}"', position=token.start + 1)


def qualified(parts: list[str], database: str, start: int) -> TableName:
    """Name a table by its parts; neither another database nor the engine's own schemas can be reached."""
    if len(parts) > 3:
        raise SyntaxError_(f"improper qualified name (too many dotted names): {'.'.join(parts)}", position=start + 1)
    if len(parts) == 3 and parts[0] != database:
        raise FeatureNotSupported(
            f"cross-database references are not implemented: {'.'.join(parts)}", position=start + 1
        )
    if len(parts) > 1 and parts[-2] in HIDDEN_SCHEMAS:
        raise InvalidSchemaName(f'schema "{parts[-2]}" does not exist', position=start + 1)
    return TableName(parts[-1], parts[-2] if len(parts) > 1 else None)
