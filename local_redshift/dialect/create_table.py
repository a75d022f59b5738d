"""CREATE TABLE, read token by token: no SQL parser knows Redshift's attributes as well as this needs.

https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_TABLE_NEW.html
https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_TABLE_AS.html
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from local_redshift.dialect.columns import read_column, read_type
from local_redshift.dialect.draft import Draft, mark_keys
from local_redshift.dialect.queries import sized_query_sql
from local_redshift.dialect.statements import CreateTable, CreateTableAs
from local_redshift.dialect.tables import (
    creation_schema,
    creation_steps,
    physical_traits,
)
from local_redshift.errors import (
    DuplicateColumn,
    FeatureNotSupported,
    InvalidTableDefinition,
    SyntaxError_,
    UndefinedColumn,
    UndefinedTable,
)
from local_redshift.schema import TEMPORARY_SCHEMA, Column, ForeignKey, TableName

if TYPE_CHECKING:
    from local_redshift.data_types import RedshiftType
    from local_redshift.dialect.statements import Catalog
    from local_redshift.dialect.tokens import TokenReader

_DIST_STYLES = ("AUTO", "EVEN", "KEY", "ALL")


def create_table(reader: TokenReader, catalog: Catalog, *, temporary: bool) -> CreateTable | CreateTableAs:
    """Reads on from the word TABLE. Raises the errors that Redshift raises for a definition it refuses."""
    if_not_exists = reader.accept("IF", "NOT", "EXISTS")
    start = reader.position
    name = reader.table_name(catalog.database)
    draft = Draft(*_placed(name, temporary=temporary, catalog=catalog, start=start))
    parsed = TableParser(reader, catalog, draft)
    names: tuple[str, ...] = ()
    if reader.peek("(") and not reader.peek("(", "SELECT") and not reader.peek("(", "WITH"):
        names = parsed.columns_or_names()
    parsed.attributes()
    if names or reader.accept("AS"):
        if names:
            reader.expect("AS")
        return _from_query(reader, catalog, draft, names, if_not_exists=if_not_exists)
    if not draft.columns:
        raise reader.error()
    reader.finish()
    parsed.settle_keys()
    return CreateTable(
        source=reader.source,
        tag="CREATE TABLE",
        steps=creation_steps(draft.table()),
        table=_reported(draft),
        temporary=draft.temporary,
        if_not_exists=if_not_exists,
        references=draft.traits.foreign_keys,
    )


def _placed(name: TableName, *, temporary: bool, catalog: Catalog, start: int) -> tuple[TableName, bool]:
    if temporary or name.name.startswith("#"):
        if name.schema is not None:
            raise InvalidTableDefinition("temporary tables may not specify a schema name", position=start + 1)
        return TableName(name.name, TEMPORARY_SCHEMA), True
    return replace(name, schema=name.schema or creation_schema(catalog)), False


def _reported(draft: Draft) -> TableName:
    return replace(draft.name, schema=None) if draft.temporary else draft.name


def _from_query(
    reader: TokenReader, catalog: Catalog, draft: Draft, names: tuple[str, ...], *, if_not_exists: bool
) -> CreateTableAs:
    sql, parameters, sizes = sized_query_sql(reader.rest(), catalog, reader.position)
    if parameters:
        raise SyntaxError_("CREATE TABLE AS takes no parameters")
    return CreateTableAs(
        source=reader.source,
        tag="SELECT",
        sql=sql,
        draft=draft,
        table=_reported(draft),
        temporary=draft.temporary,
        if_not_exists=if_not_exists,
        names=names,
        sizes=sizes,
    )


def into_draft(name: TableName, catalog: Catalog, *, temporary: bool) -> Draft:
    """The table of SELECT ... INTO [TEMP] name."""
    return Draft(*_placed(name, temporary=temporary, catalog=catalog, start=0))


class TableParser:
    """Fills a draft from the tokens."""

    def __init__(self, reader: TokenReader, catalog: Catalog, draft: Draft) -> None:
        self.reader = reader
        self.catalog = catalog
        self.draft = draft

    def columns_or_names(self) -> tuple[str, ...]:
        """``(a int, ...)``, or the bare names of CREATE TABLE t (a, b) AS."""
        index = self.reader.index
        self.reader.expect("(")
        self.reader.identifier()
        bare = self.reader.peek(",") or self.reader.peek(")")
        self.reader.index = index
        if bare:
            return self.reader.names_in_parentheses()
        self.reader.expect("(")
        self.element()
        while self.reader.accept(","):
            self.element()
        self.reader.expect(")")
        return ()

    def element(self) -> None:
        constraint = self.reader.accept("CONSTRAINT")
        if constraint:
            self.reader.identifier()
        if self.reader.accept("PRIMARY", "KEY"):
            self.primary_key(self.reader.names_in_parentheses())
        elif self.reader.accept("UNIQUE"):
            self.unique(self.reader.names_in_parentheses())
        elif self.reader.accept("FOREIGN", "KEY"):
            columns = self.reader.names_in_parentheses()
            self.reader.expect("REFERENCES")
            self.reference(columns)
        elif self.reader.peek("CHECK"):
            raise FeatureNotSupported("CHECK constraints are not supported", position=self.reader.position + 1)
        elif constraint:
            raise self.reader.error()
        elif self.reader.accept("LIKE"):
            self.like()
        else:
            self.column()

    def primary_key(self, columns: tuple[str, ...]) -> None:
        if self.draft.traits.primary_key:
            raise InvalidTableDefinition(
                f'multiple primary keys for table "{self.draft.name.name}" are not allowed',
                position=self.reader.position,
            )
        self.draft.traits = replace(self.draft.traits, primary_key=columns)

    def unique(self, columns: tuple[str, ...]) -> None:
        self.draft.traits = replace(self.draft.traits, unique=(*self.draft.traits.unique, columns))

    def reference(self, columns: tuple[str, ...]) -> None:
        name = self.reader.table_name(self.catalog.database)
        referenced = self.reader.names_in_parentheses() if self.reader.peek("(") else ()
        for event in ("DELETE", "UPDATE"):
            if self.reader.peek("ON", event):
                raise FeatureNotSupported(f"ON {event} is not supported", position=self.reader.position + 1)
        full = replace(name, schema=name.schema or creation_schema(self.catalog))
        key = ForeignKey(columns, str(full), referenced)
        self.draft.traits = replace(self.draft.traits, foreign_keys=(*self.draft.traits.foreign_keys, key))

    def like(self) -> None:
        """Names, types, NOT NULL, distribution and sort order of another table; never its keys or IDENTITY."""
        start = self.reader.position
        name = self.reader.table_name(self.catalog.database)
        parent = self.catalog.table(name)
        if parent is None:
            raise UndefinedTable(f'relation "{name}" does not exist', position=start + 1)
        with_defaults = self.reader.accept_any("INCLUDING", "EXCLUDING")
        if with_defaults:
            self.reader.expect("DEFAULTS")
        for column in parent.columns:
            copied = physical_traits(column, identity=None, description=None)
            keep = with_defaults == "INCLUDING" and column.identity is None
            self.add(replace(copied, default=column.default if keep else None))
        self.draft.traits = replace(self.draft.traits, diststyle=parent.traits.diststyle, backup=parent.traits.backup)

    def add(self, column: Column) -> None:
        if any(column.name == other.name for other in self.draft.columns):
            raise DuplicateColumn(f'column "{column.name}" specified more than once')
        self.draft.columns.append(column)

    def column(self) -> None:
        name = self.reader.name()
        declared = self.type(name)
        self.add(read_column(self, name, declared))

    def type(self, column: str) -> RedshiftType:
        return read_type(self.reader, f"{self.draft.name.name}.{column}")

    def attributes(self) -> None:
        """BACKUP, DISTSTYLE, DISTKEY, SORTKEY and ENCODE AUTO, in any order."""
        reader = self.reader
        while True:
            if reader.accept("BACKUP"):
                answer = reader.accept_any("YES", "NO")
                if answer is None:
                    raise reader.error()
                self.draft.traits = replace(self.draft.traits, backup=answer == "YES")
            elif reader.accept("DISTSTYLE"):
                self.dist_style()
            elif reader.accept("DISTKEY"):
                reader.expect("(")
                self.set_distkey(reader.identifier())
                reader.expect(")")
            elif reader.peek("SORTKEY") or reader.peek("COMPOUND", "SORTKEY") or reader.peek("INTERLEAVED", "SORTKEY"):
                self.sort_key()
            elif not reader.accept("ENCODE", "AUTO"):
                return

    def dist_style(self) -> None:
        style = self.reader.accept_any(*_DIST_STYLES)
        if style is None:
            raise self.reader.error()
        self.draft.traits = replace(self.draft.traits, diststyle=style)  # type: ignore[arg-type]

    def set_distkey(self, column: str) -> None:
        if self.draft.distkey is not None and self.draft.distkey != column:
            raise InvalidTableDefinition(
                f'table "{self.draft.name.name}" has more than one DISTKEY column: {self.draft.distkey}, {column}',
                position=self.reader.position,
            )
        self.draft.distkey = column

    def sort_key(self) -> None:
        self.draft.interleaved = self.reader.accept_any("COMPOUND", "INTERLEAVED") == "INTERLEAVED"
        self.reader.expect("SORTKEY")
        if not self.reader.accept("AUTO"):
            self.draft.sort_columns = self.reader.names_in_parentheses()

    def settle_keys(self) -> None:
        """Check the columns that keys name, and put distribution and order into the columns' traits."""
        known = {column.name for column in self.draft.columns}
        traits = self.draft.traits
        keyed = [*traits.primary_key, *(n for names in traits.unique for n in names)]
        keyed += [n for key in traits.foreign_keys for n in key.columns] + list(self.draft.sort_columns)
        for name in [*keyed, *filter(None, [self.draft.distkey])]:
            if name not in known:
                raise UndefinedColumn(f'column "{name}" named in key does not exist')
        mark_keys(self.draft)
