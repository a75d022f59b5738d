"""What kind of statement comes of a text, where that does not depend on tables."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from local_redshift.dialect import statements as kinds
from local_redshift.dialect import translate
from local_redshift.errors import FeatureNotSupported, RedshiftError, SyntaxError_

if TYPE_CHECKING:
    from local_redshift.schema import Table, TableName


class EmptyCatalog:
    """A warehouse without tables."""

    now = datetime(2018, 11, 5, 1, 2, 3, 456789)
    user = "awsuser"
    database = "dev"
    search_path = ("public",)
    last_copy_id = 7
    last_copy_count = 42
    last_unload_count = 42
    last_unload_id = -1
    session_id = 123
    query_id = 9

    def table(self, name: TableName) -> Table | None:  # noqa: ARG002
        return None

    def open_catalog(self) -> None:
        pass

    def prepared(self, name: str) -> kinds.Prepare | None:  # noqa: ARG002
        return None

    def system_relation(self, name: TableName) -> str | None:
        return f"rs.{name.name}" if name.name.startswith("stl_") else None


CATALOG = EmptyCatalog()


@pytest.mark.parametrize(
    ("source", "action", "tag"),
    [
        ("BEGIN", "BEGIN", "BEGIN"),
        ("begin work isolation level serializable", "BEGIN", "BEGIN"),
        ("BEGIN TRANSACTION ISOLATION LEVEL READ COMMITTED READ WRITE", "BEGIN", "BEGIN"),
        ("START TRANSACTION ISOLATION LEVEL SNAPSHOT, READ ONLY", "BEGIN", "START TRANSACTION"),
        ("COMMIT", "COMMIT", "COMMIT"),
        ("END TRANSACTION", "COMMIT", "COMMIT"),
        ("rollback work", "ROLLBACK", "ROLLBACK"),
        ("ABORT", "ROLLBACK", "ROLLBACK"),
    ],
)
def test_transactions(source: str, action: str, tag: str) -> None:
    statement = translate(source, CATALOG)
    assert isinstance(statement, kinds.Transaction)
    assert (statement.action, statement.tag, statement.source) == (action, tag, source)


@pytest.mark.parametrize(
    ("source", "action", "name", "value"),
    [
        ("set query_group to 'nightly'", "SET", "query_group", "nightly"),
        ("SET search_path TO Staging, \"Public\", '$user'", "SET", "search_path", "staging, public, $user"),
        ("set statement_timeout = 1000", "SET", "statement_timeout", "1000"),
        ("set extra_float_digits to -1", "SET", "extra_float_digits", "-1"),
        ("set time zone 'UTC'", "SET", "timezone", "UTC"),
        ("set session characteristics as transaction read write", "SET", "default_transaction_read_only", "off"),
        ("set datestyle to default", "SET", "datestyle", None),
        ("reset all", "RESET", "all", None),
        ("RESET search_path", "RESET", "search_path", None),
        ("show search_path", "SHOW", "search_path", None),
        ("show time zone", "SHOW", "timezone", None),
        ("show transaction isolation level", "SHOW", "transaction_isolation", None),
    ],
)
def test_settings(source: str, action: str, name: str, value: str | None) -> None:
    statement = translate(source, CATALOG)
    assert isinstance(statement, kinds.Setting)
    assert (statement.action, statement.name, statement.value) == (action, name, value)


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("fetch c", 1), ("FETCH NEXT FROM c", 1), ("fetch forward 2000 from c", 2000), ("FETCH 5 IN c", 5),
        ("fetch all c", None), ("fetch forward all from \"C\"", None),
    ],
)  # fmt: skip
def test_fetch(source: str, count: int | None) -> None:
    statement = translate(source, CATALOG)
    assert isinstance(statement, kinds.FetchCursor)
    assert (statement.name, statement.count) == ("c", count)


def test_declare() -> None:
    statement = translate('DECLARE "Names" CURSOR WITHOUT HOLD FOR select 1 as one', CATALOG)
    assert isinstance(statement, kinds.DeclareCursor)
    assert (statement.name, statement.query.sql) == ("names", 'SELECT 1 AS "one"')


@pytest.mark.parametrize("source", ["declare c scroll cursor for select 1", "declare c cursor with hold for select 1"])
def test_cursors_that_redshift_does_not_have(source: str) -> None:
    with pytest.raises(FeatureNotSupported, match="is not supported"):
        translate(source, CATALOG)


@pytest.mark.parametrize(
    ("source", "tag", "outside"),
    [
        ("vacuum", "VACUUM", True), ("VACUUM delete only", "VACUUM", True), ("vacuum reindex", "VACUUM", True),
        ("analyze", "ANALYZE", False), ("analyze verbose", "ANALYZE", False),
        ("analyze predicate columns", "ANALYZE", False), ("grant select on t to public", "GRANT", False),
        ("alter default privileges for user etl, bi in schema s grant select on tables to public",
         "ALTER DEFAULT PRIVILEGES", False),
        ("revoke all on t from x", "REVOKE", False),
        ("set transaction isolation level serializable", "SET", False),
    ],
)  # fmt: skip
def test_accepted_without_effect(source: str, tag: str, outside: bool) -> None:
    statement = translate(source, CATALOG)
    assert isinstance(statement, kinds.NoOperation)
    assert (statement.tag, statement.outside_transaction) == (tag, outside)


@pytest.mark.parametrize(
    ("source", "near", "position"),
    [
        ("selct 1", "selct", 1),
        ("select a, from t", "from", 11),
        ("select 1 +", "end of input", 11),
        ("create table t (a int b int)", "b", 23),
        ("create table t (a int,\n  b varchar(10)\n  c int)", "c", 42),
        ("drop table t t", "t", 14),
        ("begin now", "now", 7),
        ("vacuum full sort", "sort", 13),
        ("insert t values (1)", "t", 8),
        ("set x", "end of input", 6),
    ],
)
def test_syntax_errors_know_their_place(source: str, near: str, position: int) -> None:
    with pytest.raises(RedshiftError) as raised:
        translate(source, CATALOG)
    if isinstance(raised.value, SyntaxError_):
        where = near if near == "end of input" else f'or near "{near}"'
        assert raised.value.message == f"syntax error at {where}"
    assert raised.value.position == position


def test_parameters_are_counted_and_kept() -> None:
    statement = translate("select $2::int, upper($1) where $1 <> 'x'", CATALOG)
    assert isinstance(statement, kinds.Query)
    assert statement.parameters == 2
    assert "$1" in statement.sql
    assert "CAST($2 AS INTEGER)" in statement.sql


def test_session_functions_ask_the_catalog() -> None:
    statement = translate(
        "select getdate(), pg_last_copy_id(), pg_last_copy_count(), pg_backend_pid(), pg_last_query_id(), user", CATALOG
    )
    assert isinstance(statement, kinds.Query)
    for value in ("'2018-11-05 01:02:03'", " 7 ", " 42 ", " 123 ", " 9 ", "'awsuser'"):
        assert value in statement.sql


def test_system_relations_come_from_the_catalog() -> None:
    statement = translate("select trim(filename) from stl_load_errors where stl_load_errors.query = 1", CATALOG)
    assert isinstance(statement, kinds.Query)
    assert 'FROM "rs"."stl_load_errors" AS "stl_load_errors"' in statement.sql


def test_copy_is_left_to_its_own_parser() -> None:
    source = r"COPY t FROM 's3://b/x' NULL AS '\N'"
    assert translate(source, CATALOG) == kinds.Copy(source=source, tag="COPY")


def test_a_temporary_table_has_no_schema() -> None:
    statement = translate("create table #stage (id int identity(10, 5))", CATALOG)
    assert isinstance(statement, kinds.CreateTable)
    assert (statement.table.schema, statement.table.name, statement.temporary) == (None, "#stage", True)
    assert "START WITH 10 INCREMENT BY 5" in statement.steps[0]


def test_a_nested_statement_is_no_crash() -> None:
    with pytest.raises(RedshiftError, match="stack depth limit exceeded"):
        translate("select " + "(" * 3000 + "1" + ")" * 3000, CATALOG)


def test_light_statements_need_no_parser() -> None:
    """BEGIN, SET, COPY and their like come before any query in a script: loading sqlglot would delay them."""
    program = (
        "import sys; from local_redshift.dialect import split, translate\n"
        "for source in split('begin; set x to 1; copy t from \\'s3://b/k\\' json \\'auto\\'; commit; vacuum'):\n"
        "    translate(source, None)\n"
        "assert 'sqlglot' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
