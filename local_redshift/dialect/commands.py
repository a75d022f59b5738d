"""Statements about the session: transactions, settings, and what is accepted without effect."""

from __future__ import annotations

from typing import TYPE_CHECKING

from local_redshift.dialect.statements import NoOperation, Setting, Transaction
from local_redshift.dialect.tables import target_table
from local_redshift.dialect.tokens import TokenReader
from local_redshift.errors import FeatureNotSupported

if TYPE_CHECKING:
    from local_redshift.dialect.statements import Catalog, Statement

_LEVELS = (("SERIALIZABLE",), ("SNAPSHOT",), ("REPEATABLE", "READ"), ("READ", "COMMITTED"), ("READ", "UNCOMMITTED"))


def begin(source: str, _catalog: Catalog) -> Transaction:
    """BEGIN or START TRANSACTION; every isolation level is accepted.

    https://docs.aws.amazon.com/redshift/latest/dg/r_BEGIN.html
    """
    reader = TokenReader(source)
    tag = reader.take("word").word
    if tag == "START":
        reader.expect("TRANSACTION")
        tag = "START TRANSACTION"
    else:
        reader.accept_any("WORK", "TRANSACTION")
    read_only = _transaction_modes(reader)
    return Transaction(source=source, tag=tag, action="BEGIN", read_only=read_only)


def _transaction_modes(reader: TokenReader) -> bool | None:
    """The rest of the statement: whether READ ONLY, None where nothing is said; isolation levels are all the same."""
    read_only = None
    while reader.current is not None:
        if reader.accept("ISOLATION", "LEVEL"):
            if not any(reader.accept(*level) for level in _LEVELS):
                raise reader.error()
        elif reader.accept("READ", "ONLY"):
            read_only = True
        elif reader.accept("READ", "WRITE"):
            read_only = False
        else:
            raise reader.error()
        reader.accept(",")
    return read_only


def end(source: str, _catalog: Catalog) -> Transaction:
    """COMMIT, END, ROLLBACK, ABORT [WORK | TRANSACTION]; savepoints do not exist."""
    reader = TokenReader(source)
    word = reader.take("word").word
    reader.accept_any("WORK", "TRANSACTION")
    if reader.peek("TO"):
        raise FeatureNotSupported('SQL command "ROLLBACK TO SAVEPOINT" not supported on Redshift.')
    if reader.peek("PREPARED"):
        raise FeatureNotSupported(f'SQL command "{word} PREPARED" not supported on Redshift.')
    reader.finish()
    if word in {"COMMIT", "END"}:
        return Transaction(source=source, tag="COMMIT", action="COMMIT")
    return Transaction(source=source, tag="ROLLBACK", action="ROLLBACK")


def set_(source: str, _catalog: Catalog) -> Statement:
    """SET [SESSION | LOCAL] name TO value | name = value; SET [SESSION CHARACTERISTICS AS] TRANSACTION modes.

    https://docs.aws.amazon.com/redshift/latest/dg/r_SET.html
    """
    reader = TokenReader(source)
    reader.expect("SET")
    if reader.accept("SESSION", "AUTHORIZATION", "DEFAULT"):
        reader.finish()
        return NoOperation(source=source, tag="SET")
    if reader.peek("SESSION", "AUTHORIZATION") or reader.peek("ROLE"):
        what = "SESSION AUTHORIZATION" if reader.peek("SESSION") else "ROLE"
        raise FeatureNotSupported(f"SET {what} is not supported by the local warehouse")
    if reader.accept("SESSION", "CHARACTERISTICS", "AS", "TRANSACTION"):
        return _read_only(source, "default_transaction_read_only", _transaction_modes(reader))
    if reader.accept("TRANSACTION"):
        return _read_only(source, "transaction_read_only", _transaction_modes(reader))
    local = reader.accept_any("SESSION", "LOCAL") == "LOCAL"
    if reader.accept("TIME", "ZONE"):
        name = "timezone"
    else:
        name = _setting_name(reader)
        if not reader.accept("TO") and not reader.accept("="):
            raise reader.error()
    value = _setting_value(reader)
    return Setting(source=source, tag="SET", action="SET", name=name, value=value, local=local)


def _read_only(source: str, name: str, read_only: bool | None) -> Statement:
    if read_only is None:
        return NoOperation(source=source, tag="SET")
    return Setting(source=source, tag="SET", action="SET", name=name, value="on" if read_only else "off")


def _setting_name(reader: TokenReader) -> str:
    name = reader.identifier()
    while reader.accept("."):
        name += "." + reader.identifier()
    return name


def _setting_value(reader: TokenReader) -> str | None:
    """The values, joined by commas; None for DEFAULT."""
    if reader.accept("DEFAULT"):
        reader.finish()
        return None
    values = [_one_value(reader)]
    while reader.accept(","):
        values.append(_one_value(reader))
    reader.finish()
    return ", ".join(values)


def _one_value(reader: TokenReader) -> str:
    sign = "-" if reader.accept("-") else ""
    token = reader.take("word", "name", "string", "number")
    return sign + (token.value if token.kind != "number" else token.text)


def show(source: str, _catalog: Catalog) -> Setting:
    reader = TokenReader(source)
    action = reader.take("word").word
    for refused in ("TABLE", "TABLES", "SCHEMAS", "DATABASES", "COLUMNS", "VIEW", "EXTERNAL", "GRANTS", "PROCEDURE"):
        if action == "SHOW" and reader.peek(refused):
            raise FeatureNotSupported(f"SHOW {refused} is not supported by the local warehouse")
    if reader.accept("TIME", "ZONE"):
        name = "timezone"
    elif reader.accept("TRANSACTION", "ISOLATION", "LEVEL"):
        name = "transaction_isolation"
    else:
        name = _setting_name(reader)
    reader.finish()
    return Setting(source=source, tag=action, action="SHOW" if action == "SHOW" else "RESET", name=name)


def vacuum(source: str, catalog: Catalog) -> NoOperation:
    """VACUUM [FULL | SORT ONLY | DELETE ONLY | REINDEX | RECLUSTER] [table] [TO n PERCENT] [BOOST].

    https://docs.aws.amazon.com/redshift/latest/dg/r_VACUUM_command.html
    """
    reader = TokenReader(source)
    reader.expect("VACUUM")
    for words in (("FULL",), ("SORT", "ONLY"), ("DELETE", "ONLY"), ("REINDEX",), ("RECLUSTER",)):
        if reader.accept(*words):
            break
    if reader.current is not None and not reader.peek("TO") and not reader.peek("BOOST"):
        _existing(reader, catalog)
    if reader.accept("TO"):
        reader.integer()
        reader.expect("PERCENT")
    reader.accept("BOOST")
    reader.finish()
    return NoOperation(source=source, tag="VACUUM", outside_transaction=True)


def analyze(source: str, catalog: Catalog) -> NoOperation:
    """ANALYZE [VERBOSE] [table [(columns)]] [PREDICATE COLUMNS | ALL COLUMNS].

    https://docs.aws.amazon.com/redshift/latest/dg/r_ANALYZE.html
    """
    reader = TokenReader(source)
    reader.take("word")
    if reader.accept("COMPRESSION"):
        raise FeatureNotSupported("ANALYZE COMPRESSION is not supported by the local warehouse")
    reader.accept("VERBOSE")
    if reader.current is not None and not reader.peek("PREDICATE") and not reader.peek("ALL", "COLUMNS"):
        _existing(reader, catalog)
        if reader.peek("("):
            reader.names_in_parentheses()
    if reader.accept_any("PREDICATE", "ALL"):
        reader.expect("COLUMNS")
    reader.finish()
    return NoOperation(source=source, tag="ANALYZE")


def _existing(reader: TokenReader, catalog: Catalog) -> None:
    start = reader.position
    target_table(reader.table_name(catalog.database), catalog, start)


def lock(source: str, catalog: Catalog) -> NoOperation:
    """LOCK [TABLE] a, b: writers of one table wait for each other anyway."""
    reader = TokenReader(source)
    reader.expect("LOCK")
    reader.accept("TABLE")
    _existing(reader, catalog)
    while reader.accept(","):
        _existing(reader, catalog)
    reader.finish()
    return NoOperation(source=source, tag="LOCK TABLE")


def accepted(source: str, _catalog: Catalog) -> NoOperation:
    """GRANT, REVOKE: one user owns everything here."""
    reader = TokenReader(source)
    word = reader.take("word").word
    if reader.current is None:
        raise reader.error()
    return NoOperation(source=source, tag=word)


def default_privileges(reader: TokenReader, source: str) -> NoOperation:
    """ALTER DEFAULT PRIVILEGES [FOR USER names] [IN SCHEMA names] GRANT ... | REVOKE ...: as GRANT itself.

    https://docs.aws.amazon.com/redshift/latest/dg/r_ALTER_DEFAULT_PRIVILEGES.html
    """
    while reader.accept_any("GRANT", "REVOKE") is None:
        reader.take("word", "name", "operator")
    if reader.current is None:
        raise reader.error()
    return NoOperation(source=source, tag="ALTER DEFAULT PRIVILEGES")
