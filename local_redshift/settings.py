"""Session settings: SET, RESET and SHOW.

https://docs.aws.amazon.com/redshift/latest/dg/cm_chap_ConfigurationRef.html
"""

from __future__ import annotations

from local_redshift.errors import InvalidParameterValue, UndefinedObject

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
    "default_transaction_isolation": "snapshot",
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
    "statement_timeout": "0",
    "stored_proc_log_min_messages": "log",
    "timezone": "UTC",
    "transaction_isolation": "snapshot",
    "transaction_read_only": "off",
    "use_fips_ssl": "off",
    "wlm_query_slot_count": "1",
}
_READ_ONLY = {"is_superuser", "server_encoding", "server_version", "session_authorization"}
_MILLISECONDS = {"statement_timeout", "lock_timeout"}
_ENCODINGS = {"unicode", "utf8", "utf-8", "sql_ascii"}  # the last is what psql asks for in the C locale

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


class Settings:
    """The settings of one session, by lower-case name."""

    def __init__(self, user: str) -> None:
        self._defaults = {**_DEFAULTS, "session_authorization": user}
        self._values = dict(self._defaults)

    def __getitem__(self, name: str) -> str:
        return self._values[self._known(name)]

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._defaults

    def set(self, name: str, value: str) -> None:
        """Raises UndefinedObject for an unknown name, InvalidParameterValue for a value that cannot be."""
        name = self._known(name)
        if name in _READ_ONLY:
            raise InvalidParameterValue(f'parameter "{name}" cannot be changed')
        if name == "client_encoding" and value.lower() not in _ENCODINGS:
            raise InvalidParameterValue(f'invalid value for parameter "client_encoding": "{value}"')
        if name == "enable_case_sensitive_identifier" and value.lower() in {"on", "true", "1"}:
            raise InvalidParameterValue(f"{name} is not supported on the laptop: identifiers are always folded")
        if name in _MILLISECONDS and not value.isdigit():
            raise InvalidParameterValue(f'invalid value for parameter "{name}": "{value}" (milliseconds are wanted)')
        self._values[name] = "UNICODE" if name == "client_encoding" else value

    def reset(self, name: str) -> None:
        if name.lower() == "all":
            self._values = dict(self._defaults)
        else:
            self._values[self._known(name)] = self._defaults[self._known(name)]

    def all(self) -> list[tuple[str, str]]:
        return sorted(self._values.items())

    def snapshot(self) -> dict[str, str]:
        return dict(self._values)

    def restore(self, snapshot: dict[str, str]) -> None:
        """Settings made in a transaction that failed are undone with it."""
        self._values = dict(snapshot)

    def _known(self, name: str) -> str:
        if name not in self:
            raise UndefinedObject(f'unrecognized configuration parameter "{name}"')
        return name.lower()
