"""The staging tables: one list of columns for Redshift's CREATE TABLE and for read_json's types."""

from __future__ import annotations

EVENTS = {
    "artist": "VARCHAR(256)",
    "auth": "VARCHAR(16)",
    "firstName": "VARCHAR(64)",
    "gender": "VARCHAR(1)",
    "itemInSession": "INTEGER",
    "lastName": "VARCHAR(64)",
    "length": "DOUBLE PRECISION",
    "level": "VARCHAR(8)",
    "location": "VARCHAR(128)",
    "method": "VARCHAR(8)",
    "page": "VARCHAR(32)",
    "registration": "DOUBLE PRECISION",
    "sessionId": "INTEGER",
    "song": "VARCHAR(256)",
    "status": "SMALLINT",
    "ts": "BIGINT",
    "userAgent": "VARCHAR(512)",
    "userId": "VARCHAR(16)",
}
SONGS = {
    "artist_id": "VARCHAR(18)",
    "artist_latitude": "DOUBLE PRECISION",
    "artist_location": "VARCHAR(256)",
    "artist_longitude": "DOUBLE PRECISION",
    "artist_name": "VARCHAR(256)",
    "duration": "DOUBLE PRECISION",
    "num_songs": "INTEGER",
    "song_id": "VARCHAR(18)",
    "title": "VARCHAR(256)",
    "year": "SMALLINT",
}


def create_table(name: str, columns: dict[str, str]) -> str:
    """The statement for the warehouse."""
    return f"CREATE TABLE {name} ({', '.join(f'{column} {type_}' for column, type_ in columns.items())})"


def read_json(source: str, columns: dict[str, str], *, file_format: str = "newline_delimited") -> str:
    """What somebody would write by hand in DuckDB: every column with its type, nothing sniffed."""
    types = ", ".join(f"'{column}': '{type_.split('(')[0]}'" for column, type_ in columns.items())
    return f"read_json({source}, format = '{file_format}', columns = {{{types}}})"
