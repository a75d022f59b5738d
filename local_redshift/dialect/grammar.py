"""The SQL parser and generator: sqlglot's Redshift dialect, stricter where it is lenient, and its DuckDB one.

Functions arrive as plain calls (``exp.Anonymous``): what they mean is said in functions.py alone, so that nothing
reaches DuckDB by accident.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar

from sqlglot import exp
from sqlglot.dialects.duckdb import DuckDB
from sqlglot.dialects.redshift import Redshift
from sqlglot.errors import ErrorLevel, ParseError, TokenError
from sqlglot.generators.duckdb import DuckDBGenerator
from sqlglot.parsers import redshift
from sqlglot.tokenizer_core import TokenType

from local_redshift.dialect.outer_joins import join_marked
from local_redshift.dialect.reserved import RESERVED
from local_redshift.dialect.tokens import tokenize
from local_redshift.errors import RedshiftError, SyntaxError_

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from sqlglot.tokenizer_core import Token


class Template(exp.Expression):
    """DuckDB text with numbered places for operands: ``Template("strpos({1}, {0})", text, part)``."""

    arg_types: ClassVar[dict[str, bool]] = {"this": True, "expressions": False}


def template(text: str, *operands: exp.Expr) -> Template:
    return Template(this=text, expressions=list(operands))


class UnexpectedToken(ParseError):
    def __init__(self, message: str, token: Token | None) -> None:
        super().__init__(message, errors=[{"description": message}])
        self.token = token


def _approximate(parser: RedshiftParser) -> exp.Expr | None:
    """APPROXIMATE COUNT(DISTINCT x) and APPROXIMATE PERCENTILE_DISC: exact here."""
    return parser._parse_function()


class RedshiftParser(redshift.RedshiftParser):
    FUNCTIONS: ClassVar[dict[str, Callable[..., Any]]] = {}
    FUNCTION_PARSERS: ClassVar[dict[str, Callable[..., Any]]] = {
        name: redshift.RedshiftParser.FUNCTION_PARSERS[name]
        for name in ("CAST", "CONVERT", "EXTRACT", "POSITION", "SUBSTRING", "TRIM", "TRY_CAST")
    }
    NO_PAREN_FUNCTION_PARSERS: ClassVar[dict[str, Callable[..., Any]]] = {
        "CASE": redshift.RedshiftParser.NO_PAREN_FUNCTION_PARSERS["CASE"],
        "SYSDATE": redshift.RedshiftParser.NO_PAREN_FUNCTION_PARSERS["SYSDATE"],
        "APPROXIMATE": _approximate,
    }

    def raise_error(self, message: str, token: Token | None = None) -> None:
        raise UnexpectedToken(message, token or self._curr or None)

    def _parse_csv(self, parse_method: Callable[[], Any], sep: TokenType = TokenType.COMMA) -> list[Any]:
        first = parse_method()
        items = [] if first is None else [first]
        while self._match(sep):
            item = parse_method()
            if item is None:  # sqlglot forgives a trailing comma, Redshift does not
                self.raise_error("Expected an expression after the comma")
            items.append(item)
        return items

    def _parse_type(self, parse_interval: bool = True, fallback_to_identifier: bool = False) -> exp.Expr | None:
        literal = None if fallback_to_identifier else self._parse_typed_literal()
        if literal is not None:
            return self._parse_column_ops(literal)
        return super()._parse_type(parse_interval, fallback_to_identifier)

    def _parse_typed_literal(self) -> exp.Cast | None:
        """``DATE '2018-11-01'``: sqlglot would read ``DATE '...'::varchar`` as a DATE made of a VARCHAR."""
        if self._curr.token_type not in self.TYPE_TOKENS or self._curr.token_type == TokenType.INTERVAL:
            return None
        index = self._index
        data_type = self._parse_types(check_func=True, allow_identifiers=False)
        if isinstance(data_type, exp.DataType) and self._curr.token_type == TokenType.STRING:
            return self.expression(exp.Cast(this=self._parse_primary(), to=data_type))
        self._retreat(index)
        return None

    def _parse_projections(self) -> tuple[list[exp.Expr], list[exp.Expr] | None]:
        projections: tuple[list[exp.Expr], list[exp.Expr] | None] = super()._parse_projections()
        if not projections[0]:
            self.raise_error("Expected a select list")
        return projections

    def _parse_window(self, this: exp.Expr | None, alias: bool = False) -> exp.Expr | None:
        if self._curr.token_type == TokenType.FILTER and self._next.token_type == TokenType.L_PAREN:
            self.raise_error("FILTER is not in Redshift", self._next)  # it is read as an alias
        return super()._parse_window(this, alias)

    def _parse_table_alias(self, alias_tokens: Collection[TokenType] | None = None) -> exp.TableAlias | None:
        alias: exp.TableAlias | None = super()._parse_table_alias(alias_tokens)
        name = alias.this if alias else None
        if isinstance(name, exp.Identifier) and not name.quoted and name.name.upper() in RESERVED:
            self.raise_error("A reserved word names no table", self._prev)
        return alias

    def _parse_in(self, this: exp.Expr | None, alias: bool = False) -> exp.In:
        if self._curr.token_type == TokenType.L_PAREN and self._next.token_type == TokenType.R_PAREN:
            self.raise_error("IN needs at least one value", self._next)
        return super()._parse_in(this, alias)

    def _parse_interval(self, *_args: bool, **_options: bool) -> exp.Interval | None:
        """INTERVAL '...' [qualifier]; the text is read by dates.interval_literal."""
        if not (self._curr.token_type == TokenType.INTERVAL and self._next.token_type == TokenType.STRING):
            return None
        self._advance(2)
        text = exp.Literal.string(self._prev.text)
        unit = self._prev.text if self._curr and self._match_texts(_INTERVAL_UNITS) else None
        if unit is None:
            return self.expression(exp.Interval(this=text))
        if self._match_text_seq("TO"):
            self._match_texts(_INTERVAL_UNITS)
            unit = f"{unit} TO {self._prev.text}"
        return self.expression(exp.Interval(this=text, unit=exp.var(unit.lower())))


_INTERVAL_UNITS = {
    f"{unit}{plural}" for unit in ("YEAR", "MONTH", "WEEK", "DAY", "HOUR", "MINUTE", "SECOND") for plural in ("", "S")
}


class RedshiftReader(Redshift):
    """What clients write."""

    SUPPORTS_USER_DEFINED_TYPES = True  # so that casts.py can say which type does not exist

    class Tokenizer(Redshift.Tokenizer):
        KEYWORDS: ClassVar[dict[str, TokenType]] = {**Redshift.Tokenizer.KEYWORDS, "VALUES": TokenType.VALUES}
        BYTE_STRINGS: ClassVar[list[str | tuple[str, str]]] = []  # no E'' in Redshift
        UNICODE_STRINGS: ClassVar[list[str | tuple[str, str]]] = []
        HEREDOC_STRINGS: ClassVar[list[str | tuple[str, str]]] = []  # sqlglot takes $1,$2 for one: see _plain_strings
        SINGLE_TOKENS: ClassVar[dict[str, TokenType]] = {
            **Redshift.Tokenizer.SINGLE_TOKENS,
            "$": TokenType.PARAMETER,
        }

    Parser = RedshiftParser


def _template_sql(generator: DuckDBGenerator, node: exp.Expr) -> str:
    operands = [_operand_sql(generator, operand) for operand in node.expressions]
    return str(node.this).format(*operands)


_LOOSE = (exp.Binary, exp.Unary, exp.Between, exp.In, exp.Is, exp.Connector, exp.Predicate)


def _operand_sql(generator: DuckDBGenerator, node: exp.Expr) -> str:
    sql = generator.sql(node)
    return f"({sql})" if isinstance(node, _LOOSE) else sql


class TemplateGenerator(DuckDBGenerator):
    TRANSFORMS: ClassVar[dict[type[exp.Expr], Callable[..., str]]] = {
        **DuckDBGenerator.TRANSFORMS,
        Template: _template_sql,
    }


class DuckDBWriter(DuckDB):
    """What DuckDB reads."""

    Generator = TemplateGenerator


_READER = RedshiftReader()
_WRITER = DuckDBWriter()


def parse(sql: str, offset: int = 0) -> exp.Expr:
    """The tree of one statement that starts ``offset`` characters into the client's.

    Raises SyntaxError_ with Redshift's wording and the place.
    """
    return _parsed(sql, offset, None)


def parse_expression(sql: str, offset: int = 0) -> exp.Expr:
    """The tree of a scalar expression. Raises SyntaxError_."""
    return _parsed(sql, offset, exp.Condition)


def _parsed(sql: str, offset: int, into: type[exp.Expr] | None) -> exp.Expr:
    parser = _READER.parser()
    sql = " " * offset + sql  # every token knows its place in the client's statement
    try:
        tokens = _READER.tokenize(_plain_strings(sql))
        trees = parser.parse_into(into, tokens, sql) if into else parser.parse(tokens, sql)
    except ParseError as error:
        raise _syntax_error(sql, getattr(error, "token", None)) from error
    except TokenError as error:
        raise SyntaxError_("syntax error: a quoted string or comment does not end", position=offset + 1) from error
    except RecursionError as error:
        raise too_deep() from error
    if len(trees) != 1 or trees[0] is None:
        raise SyntaxError_("syntax error at end of input", position=len(sql) + 1)
    if "(+)" in sql:
        join_marked(trees[0])
    return trees[0]


_DOLLAR_QUOTE = re.compile(r"\$(?:[a-zA-Z_]\w*)?\$")


def _plain_strings(sql: str) -> str:
    """``$$it's$$`` as an ordinary literal, padded so that what follows keeps its place."""
    if not _DOLLAR_QUOTE.search(sql):
        return sql
    pieces, position = [], 0
    for token in tokenize(sql):
        if token.kind == "string" and token.text.startswith("$"):
            text = token.value.replace("\\", "\\\\").replace("'", "''")
            pieces += [sql[position : token.start], f"'{text}'".ljust(len(token.text))]
            position = token.end
    return "".join([*pieces, sql[position:]])


def too_deep() -> RedshiftError:
    return RedshiftError("stack depth limit exceeded", hint="The statement is nested too deeply.")


def _syntax_error(sql: str, token: Token | None) -> SyntaxError_:
    if token is None:
        return SyntaxError_("syntax error at end of input", position=len(sql) + 1)
    text = sql[token.start : token.end + 1] or token.text
    return SyntaxError_(f'syntax error at or near "{text}"', position=token.start + 1)


def to_duckdb(tree: exp.Expr) -> str:
    """The tree as DuckDB SQL; every identifier is quoted, so that none is a keyword."""
    generator = _WRITER.generator(
        identify=True, normalize_functions=False, comments=False, unsupported_level=ErrorLevel.IGNORE
    )
    try:
        return generator.generate(tree, copy=False)
    except RecursionError as error:
        raise too_deep() from error
