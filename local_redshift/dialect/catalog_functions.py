"""The functions of catalog queries: leader-node ones, that no query on a user's table may call.

https://docs.aws.amazon.com/redshift/latest/dg/c_SQL_functions_leader_node_only.html; those of later PostgreSQLs are
here because their clients call them, whatever version the server tells.
"""

from __future__ import annotations

from local_redshift.dialect.simple_functions import MANY

# name -> (fewest arguments, most, DuckDB text). {*} stands for all the arguments; the macros are those of
# system_tables/*.sql.
CATALOG_FUNCTIONS: dict[str, tuple[int, int, str]] = {
    # names and definitions
    "col_description": (2, 2, "pg_redshift.description({0}, {1})"),
    "format_encoding": (1, 1, "pg_redshift.format_encoding({0})"),
    "format_type": (2, 2, "pg_redshift.format_type({0}, {1})"),
    "obj_description": (1, 2, "pg_redshift.description({0}, 0)"),
    "pg_get_constraintdef": (1, 2, "pg_redshift.constraint_definition({0})"),
    "pg_get_expr": (2, 3, "CAST({0} AS VARCHAR)"),
    "pg_get_function_arguments": (1, 1, "CAST(NULL AS VARCHAR)"),
    "pg_get_function_identity_arguments": (1, 1, "CAST(NULL AS VARCHAR)"),
    "pg_get_function_result": (1, 1, "CAST(NULL AS VARCHAR)"),
    "pg_get_functiondef": (1, 1, "CAST(NULL AS VARCHAR)"),
    "pg_get_indexdef": (1, 1, "pg_redshift.index_definition({0})"),
    "pg_get_partkeydef": (1, 1, "CAST(NULL AS VARCHAR)"),
    "pg_get_ruledef": (1, 2, "CAST(NULL AS VARCHAR)"),
    "pg_get_serial_sequence": (2, 2, "CAST(NULL AS VARCHAR)"),
    "pg_get_triggerdef": (1, 2, "CAST(NULL AS VARCHAR)"),
    "pg_get_userbyid": (1, 1, "pg_redshift.user_by_id({0})"),
    "pg_get_viewdef": (1, 2, "pg_redshift.view_definition({0})"),
    "shobj_description": (2, 2, "CAST(NULL AS VARCHAR)"),
    "to_regclass": (1, 1, "pg_redshift.find_relation({0})"),
    # what the search path shows
    "current_schemas": (1, 1, "pg_redshift.current_schemas({0})"),
    "pg_collation_is_visible": (1, 1, "true"),
    "pg_conversion_is_visible": (1, 1, "true"),
    "pg_function_is_visible": (1, 1, "true"),
    "pg_is_other_temp_schema": (1, 1, "false"),
    "pg_my_temp_schema": (0, 0, "pg_redshift.temporary_schema_oid()"),
    "pg_opclass_is_visible": (1, 1, "true"),
    "pg_operator_is_visible": (1, 1, "true"),
    "pg_opfamily_is_visible": (1, 1, "true"),
    "pg_table_is_visible": (1, 1, "pg_redshift.relation_is_visible({0})"),
    "pg_ts_config_is_visible": (1, 1, "true"),
    "pg_ts_dict_is_visible": (1, 1, "true"),
    "pg_ts_parser_is_visible": (1, 1, "true"),
    "pg_ts_template_is_visible": (1, 1, "true"),
    "pg_type_is_visible": (1, 1, "true"),
    # settings and the server
    "current_setting": (1, 2, "pg_redshift.setting({0})"),
    "getdatabaseencoding": (0, 0, "'UNICODE'"),
    "pg_char_to_encoding": (1, 1, "CASE WHEN upper({0}) IN ('UNICODE', 'UTF8') THEN 6 ELSE -1 END"),
    "pg_client_encoding": (0, 0, "pg_redshift.setting('client_encoding')"),
    "pg_database_size": (1, 1, "pg_redshift.database_size()"),
    "pg_encoding_to_char": (1, 1, "CASE {0} WHEN 6 THEN 'UNICODE' WHEN 0 THEN 'SQL_ASCII' ELSE '' END"),
    "pg_is_in_recovery": (0, 0, "false"),
    "pg_relation_is_publishable": (1, 1, "false"),
    "pg_relation_size": (1, 2, "pg_redshift.relation_size({0})"),
    "pg_size_pretty": (1, 1, "pg_redshift.size_pretty({0})"),
    "pg_table_size": (1, 1, "pg_redshift.relation_size({0})"),
    "pg_tablespace_location": (1, 1, "''"),
    "pg_total_relation_size": (1, 1, "pg_redshift.relation_size({0})"),
    # one user may do everything
    "has_any_column_privilege": (2, 3, "true"),
    "has_column_privilege": (3, 4, "true"),
    "has_function_privilege": (2, 3, "true"),
    "has_language_privilege": (2, 3, "true"),
    "has_sequence_privilege": (2, 3, "true"),
    "has_tablespace_privilege": (2, 3, "true"),
    "pg_has_role": (2, 3, "true"),
}
# Arrays, which only the catalogs have.
ARRAY_FUNCTIONS: dict[str, tuple[int, int, str]] = {
    "_pg_expandarray": (1, 1, "pg_redshift.expanded({0})"),
    "any": (1, 1, "ANY({0})"),
    "array": (1, 1, "ARRAY({0})"),
    "array_agg": (1, 1, "list({0})"),
    "array_length": (2, 2, "CAST(nullif(len({0}), 0) AS INTEGER)"),
    "array_lower": (2, 2, "CASE WHEN len({0}) > 0 THEN 1 END"),
    "array_position": (2, 2, "CAST(list_position({0}, {1}) AS INTEGER)"),
    "array_to_string": (2, 3, "array_to_string({0}, {1})"),
    "array_upper": (2, 2, "CAST(nullif(len({0}), 0) AS INTEGER)"),
    "generate_subscripts": (2, 2, "unnest(range(1, len({0}) + 1))"),
    "json_build_object": (0, MANY, "json_object({*})"),
    "string_agg": (2, 2, "string_agg({0}, {1})"),
    "string_to_array": (2, 2, "string_split({0}, {1})"),
    "unnest": (1, 1, "unnest({0})"),
}
TABLE_FUNCTIONS = {
    "pg_get_late_binding_view_cols": "pg_redshift.pg_get_late_binding_view_cols()",
}
