"""Session settings: SET, RESET and SHOW.

https://docs.aws.amazon.com/redshift/latest/dg/cm_chap_ConfigurationRef.html
"""

from __future__ import annotations

import re

from local_redshift.errors import FeatureNotSupported, InvalidParameterValue, UndefinedObject

VERSION = "8.0.2"

# name -> default. What has no effect here is still remembered, so that SHOW answers.
_DEFAULTS = {
    "application_name": "",
    "analyze_threshold_percent": "10",
    "auto_analyze": "on",
    "auto_mv": "on",
    "bytea_output": "hex",
    "cast_super_null_on_error": "on",
    "client_encoding": "UNICODE",
    "client_min_messages": "notice",
    "datashare_break_glass_session_var": "",
    "datestyle": "ISO, MDY",
    "default_geometry_encoding": "1",
    "default_transaction_isolation": "serializable",
    "default_transaction_read_only": "off",
    "describe_field_name_in_uppercase": "off",
    "downcase_delimited_identifier": "on",
    "enable_case_sensitive_identifier": "off",
    "enable_numeric_rounding": "on",
    "enable_result_cache_for_session": "on",
    "error_on_nondeterministic_update": "off",
    "extra_float_digits": "0",
    "intervalstyle": "postgres",
    "is_superuser": "on",
    "json_parse_dedup_attributes": "off",
    "json_serialization_enable": "off",
    "lock_timeout": "0",
    "max_concurrency_scaling_clusters": "1",
    "max_cursor_result_set_size": "0",
    "max_identifier_length": "127",
    "max_index_keys": "32",
    "mv_enable_aqmv_for_session": "on",
    "navigate_super_null_on_error": "on",
    "parse_super_null_on_error": "off",
    "pg_federation_repeatable_read": "on",
    "query_group": "unset",
    "search_path": '"$user", public',
    "server_encoding": "UNICODE",
    "server_version": VERSION,
    "session_authorization": "",
    "spectrum_enable_pseudo_columns": "on",
    "standard_conforming_strings": "off",  # unknown to Redshift, asked for by SQLAlchemy
    "statement_timeout": "0",
    "stored_proc_log_min_messages": "log",
    "timezone": "UTC",
    "transaction_isolation": "serializable",  # the name that clients know: SQLAlchemy sets it again after AUTOCOMMIT
    "transaction_read_only": "off",
    "use_fips_ssl": "off",
    "wlm_query_slot_count": "1",
}
_READ_ONLY = {
    "is_superuser", "max_identifier_length", "max_index_keys", "server_encoding", "server_version",
    "session_authorization", "standard_conforming_strings",
}  # fmt: skip
_MILLISECONDS = {"statement_timeout", "lock_timeout"}
# As clients spell them, and as they are told: pgjdbc and psycopg 3 understand no UNICODE, and ask for UTF8.
# SQL_ASCII is what psql asks for in the C locale.
_ENCODINGS = {"unicode": "UNICODE", "utf8": "UTF8", "sqlascii": "UNICODE"}
_ON = {"on", "true", "yes", "1"}

# What the server tells a client whenever it changes, under the names of the protocol.
REPORTED = {
    "application_name": "application_name",
    "client_encoding": "client_encoding",
    "datestyle": "DateStyle",
    "is_superuser": "is_superuser",
    "server_encoding": "server_encoding",
    "server_version": "server_version",
    "session_authorization": "session_authorization",
    "timezone": "TimeZone",
}


def is_setting(name: str) -> bool:
    return name.lower() in _DEFAULTS


def _encoding(value: str) -> str:
    try:
        return _ENCODINGS[re.sub(r"[^a-z0-9]", "", value.lower())]
    except KeyError:
        raise InvalidParameterValue(
            f'invalid value for parameter "client_encoding": "{value}"', hint="Use UTF8: the warehouse keeps no other."
        ) from None


def _datestyle(value: str) -> str:
    if {word.lower() for word in re.findall(r"\w+", value)} - {"iso", "mdy", "us", "noneuropean", "default"}:
        raise FeatureNotSupported(
            f"datestyle {value} is not supported on the laptop: dates are {_DEFAULTS['datestyle']}"
        )
    return _DEFAULTS["datestyle"]


class Settings:
    """The settings of one session, by lower-case name."""

    def __init__(self, user: str) -> None:
        self._defaults = {**_DEFAULTS, "session_authorization": user}
        self._values = dict(self._defaults)
        self._at_begin: dict[str, str] | None = None  # of the transaction block; None outside of one
        self._local: dict[str, str] = {}  # what SET LOCAL replaced

    def __getitem__(self, name: str) -> str:
        return self._values[self._known(name)]

    def set(self, name: str, value: str, *, local: bool = False) -> None:
        """``local``: until the end of the transaction.

        Raises UndefinedObject for an unknown name, InvalidParameterValue for a value that cannot be,
        FeatureNotSupported for one that the laptop cannot obey.
        """
        name = self._known(name)
        if name in _READ_ONLY:
            raise InvalidParameterValue(f'parameter "{name}" cannot be changed')
        if name == "client_encoding":
            value = _encoding(value)
        if name == "datestyle":
            value = _datestyle(value)
        if name == "enable_case_sensitive_identifier" and value.lower() in _ON:
            raise InvalidParameterValue(f"{name} is not supported on the laptop: identifiers are always folded")
        if name in _MILLISECONDS and not value.isdigit():
            raise InvalidParameterValue(f'invalid value for parameter "{name}": "{value}" (milliseconds are wanted)')
        if local:
            self._local.setdefault(name, self._values[name])
        self._values[name] = value

    def reset(self, name: str) -> None:
        if name.lower() == "all":
            self._values = dict(self._defaults)
        else:
            self._values[self._known(name)] = self._defaults[self._known(name)]

    def is_on(self, name: str) -> bool:
        return self[name].lower() in _ON

    def begin(self, read_only: bool | None) -> None:
        """A transaction begins: it may write unless it says otherwise, or the session for it (None)."""
        self._at_begin = self.snapshot()
        wanted = self.is_on("default_transaction_read_only") if read_only is None else read_only
        self._values["transaction_read_only"] = "on" if wanted else "off"

    def commit(self) -> None:
        self._values |= self._local
        self._local.clear()
        self._at_begin = None

    def roll_back(self) -> None:
        """Settings made in a transaction that failed are undone with it."""
        if self._at_begin is not None:
            self._values = self._at_begin
        self._local.clear()
        self._at_begin = None

    def all(self) -> list[tuple[str, str]]:
        return sorted(self._values.items())

    def snapshot(self) -> dict[str, str]:
        return dict(self._values)

    def restore(self, snapshot: dict[str, str]) -> None:
        self._values = dict(snapshot)

    def _known(self, name: str) -> str:
        if not is_setting(name):
            raise UndefinedObject(f'unrecognized configuration parameter "{name}"')
        return name.lower()
