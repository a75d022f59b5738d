-- https://docs.aws.amazon.com/redshift/latest/dg/cm_chap_system-tables.html and the standard's information schema.

CREATE VIEW pg_redshift.information_schema_tables AS SELECT
    rs.database_name() AS table_catalog, n.name AS table_schema, r.name AS table_name,
    CASE WHEN r.temporary THEN 'LOCAL TEMPORARY' WHEN r.kind = 'v' THEN 'VIEW' ELSE 'BASE TABLE' END AS table_type,
    NULL::VARCHAR AS self_referencing_column_name, NULL::VARCHAR AS reference_generation, NULL::VARCHAR AS user_defined_type_catalog,
    NULL::VARCHAR AS user_defined_type_schema, NULL::VARCHAR AS user_defined_name,
    CASE WHEN r.kind = 'r' AND r.owner <> 1 THEN 'YES' ELSE 'NO' END AS is_insertable_into
FROM pg_redshift._relations r JOIN pg_redshift._namespaces n ON n.oid = r.schema_oid WHERE r.kind IN ('r', 'v');

CREATE VIEW pg_redshift.information_schema_views AS SELECT
    rs.database_name() AS table_catalog, n.name AS table_schema, r.name AS table_name, pg_redshift.view_definition(r.oid) AS view_definition,
    'NONE' AS check_option, 'NO' AS is_updatable, 'NO' AS is_insertable_into
FROM pg_redshift._relations r JOIN pg_redshift._namespaces n ON n.oid = r.schema_oid WHERE r.kind = 'v';

CREATE VIEW pg_redshift.information_schema_schemata AS SELECT
    rs.database_name() AS catalog_name, name AS schema_name, pg_redshift.user_by_id(owner) AS schema_owner, NULL::VARCHAR AS default_character_set_catalog,
    NULL::VARCHAR AS default_character_set_schema, NULL::VARCHAR AS default_character_set_name, NULL::VARCHAR AS sql_path
FROM pg_redshift._namespaces;

CREATE MACRO pg_redshift.declared_length(declared_) AS
    CASE WHEN declared_ LIKE 'character%' THEN TRY_CAST(regexp_extract(declared_, '\((\d+)\)', 1) AS INTEGER) END;
CREATE MACRO pg_redshift.declared_precision(declared_) AS CASE declared_ WHEN 'smallint' THEN 16 WHEN 'integer' THEN 32 WHEN 'bigint' THEN 64 WHEN 'real' THEN 24 WHEN 'double precision' THEN 53
    ELSE CASE WHEN declared_ LIKE 'numeric%' THEN TRY_CAST(regexp_extract(declared_, '\((\d+),', 1) AS INTEGER) END END::INTEGER;
CREATE MACRO pg_redshift.declared_scale(declared_) AS CASE WHEN declared_ IN ('smallint', 'integer', 'bigint') THEN 0
    WHEN declared_ LIKE 'numeric%' THEN TRY_CAST(regexp_extract(declared_, ',(\d+)\)', 1) AS INTEGER) END::INTEGER;

CREATE VIEW pg_redshift._described_columns AS
SELECT schema_name, table_name, column_name, column_index, column_default, is_nullable, declared FROM pg_redshift._columns
UNION ALL
SELECT n.name, r.name, a.name, a.place, NULL, true, pg_redshift.format_type(a.type, -1)
FROM pg_redshift._attributes a JOIN pg_redshift._system_relations r ON r.oid = a.table_oid JOIN pg_redshift._namespaces n ON n.oid = r.schema_oid;

CREATE VIEW pg_redshift.information_schema_columns AS SELECT
    rs.database_name() AS table_catalog, schema_name AS table_schema, table_name, column_name, column_index::INTEGER AS ordinal_position,
    column_default, CASE WHEN is_nullable THEN 'YES' ELSE 'NO' END AS is_nullable, regexp_replace(declared, '\(.*\)', '') AS data_type,
    pg_redshift.declared_length(declared) AS character_maximum_length, NULL::INTEGER AS character_octet_length,
    pg_redshift.declared_precision(declared) AS numeric_precision,
    CASE WHEN pg_redshift.declared_precision(declared) IS NOT NULL THEN CASE WHEN declared LIKE 'numeric%' THEN 10 ELSE 2 END END::INTEGER AS numeric_precision_radix,
    pg_redshift.declared_scale(declared) AS numeric_scale, CASE WHEN declared LIKE 'time%' THEN 6 END::INTEGER AS datetime_precision,
    NULL::VARCHAR AS interval_type, NULL::VARCHAR AS interval_precision, NULL::VARCHAR AS character_set_catalog, NULL::VARCHAR AS character_set_schema,
    NULL::VARCHAR AS character_set_name, NULL::VARCHAR AS collation_catalog, NULL::VARCHAR AS collation_schema, NULL::VARCHAR AS collation_name,
    NULL::VARCHAR AS domain_catalog, NULL::VARCHAR AS domain_schema, NULL::VARCHAR AS domain_name, rs.database_name() AS udt_catalog, 'pg_catalog' AS udt_schema,
    pg_redshift.type_short_name(pg_redshift.type_oid(declared)) AS udt_name, NULL::VARCHAR AS scope_catalog, NULL::VARCHAR AS scope_schema,
    NULL::VARCHAR AS scope_name, NULL::INTEGER AS maximum_cardinality, column_index::INTEGER AS dtd_identifier, 'NO' AS is_self_referencing
FROM pg_redshift._described_columns;

CREATE VIEW pg_redshift.information_schema_table_constraints AS SELECT
    rs.database_name() AS constraint_catalog, schema_name AS constraint_schema, name AS constraint_name, rs.database_name() AS table_catalog,
    schema_name AS table_schema, table_name, CASE kind WHEN 'p' THEN 'PRIMARY KEY' WHEN 'u' THEN 'UNIQUE' ELSE 'FOREIGN KEY' END AS constraint_type,
    'NO' AS is_deferrable, 'NO' AS initially_deferred
FROM pg_redshift._keys;

CREATE VIEW pg_redshift.information_schema_key_column_usage AS SELECT
    rs.database_name() AS constraint_catalog, schema_name AS constraint_schema, name AS constraint_name, rs.database_name() AS table_catalog,
    schema_name AS table_schema, table_name, unnest(columns) AS column_name, (unnest(range(len(columns))) + 1)::INTEGER AS ordinal_position,
    CASE kind WHEN 'f' THEN (unnest(range(len(columns))) + 1)::INTEGER END AS position_in_unique_constraint
FROM pg_redshift._keys;

CREATE VIEW pg_redshift.information_schema_constraint_column_usage AS SELECT
    rs.database_name() AS table_catalog, CASE kind WHEN 'f' THEN referenced_schema ELSE schema_name END AS table_schema,
    CASE kind WHEN 'f' THEN referenced_name ELSE table_name END AS table_name,
    unnest(CASE kind WHEN 'f' THEN referenced ELSE columns END) AS column_name, rs.database_name() AS constraint_catalog,
    schema_name AS constraint_schema, name AS constraint_name
FROM pg_redshift._keys;

CREATE VIEW pg_redshift.information_schema_referential_constraints AS SELECT
    rs.database_name() AS constraint_catalog, f.schema_name AS constraint_schema, f.name AS constraint_name, rs.database_name() AS unique_constraint_catalog,
    u.schema_name AS unique_constraint_schema, u.name AS unique_constraint_name, 'NONE' AS match_option, 'NO ACTION' AS update_rule, 'NO ACTION' AS delete_rule
FROM pg_redshift._keys f LEFT JOIN pg_redshift._keys u ON u.table_oid = f.referenced_oid AND u.kind <> 'f' AND u.columns = f.referenced
WHERE f.kind = 'f';

CREATE VIEW pg_redshift.information_schema_constraint_table_usage AS SELECT DISTINCT
    table_catalog, table_schema, table_name, constraint_catalog, constraint_schema, constraint_name
FROM pg_redshift.information_schema_constraint_column_usage;

CREATE VIEW pg_redshift.information_schema_table_privileges AS SELECT
    rs.user_name() AS grantor, rs.user_name() AS grantee, rs.database_name() AS table_catalog, table_schema, table_name,
    unnest(['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'REFERENCES']) AS privilege_type, 'YES' AS is_grantable, 'NO' AS with_hierarchy
FROM pg_redshift.information_schema_tables WHERE table_schema NOT IN ('pg_catalog', 'information_schema');

CREATE VIEW pg_redshift.information_schema_information_schema_catalog_name AS SELECT rs.database_name() AS catalog_name;
CREATE VIEW pg_redshift.information_schema_enabled_roles AS SELECT rs.user_name() AS role_name;
CREATE VIEW pg_redshift.information_schema_routines AS SELECT '' AS specific_catalog, '' AS specific_schema, '' AS specific_name, '' AS routine_catalog, '' AS routine_schema, '' AS routine_name, '' AS routine_type, '' AS data_type, '' AS type_udt_name, '' AS routine_definition, '' AS external_language WHERE false;
CREATE VIEW pg_redshift.information_schema_parameters AS SELECT '' AS specific_catalog, '' AS specific_schema, '' AS specific_name, NULL::INTEGER AS ordinal_position, '' AS parameter_mode, '' AS parameter_name, '' AS data_type WHERE false;
CREATE VIEW pg_redshift.information_schema_sequences AS SELECT '' AS sequence_catalog, '' AS sequence_schema, '' AS sequence_name, '' AS data_type WHERE false;
