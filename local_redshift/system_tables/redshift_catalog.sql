-- What Redshift's own views tell of databases, schemas, tables and columns.

-- https://docs.aws.amazon.com/redshift/latest/dg/r_PG_TABLE_DEF.html: tables in the schemas of the search path.
CREATE VIEW pg_redshift.pg_table_def AS SELECT
    schema_name AS schemaname, table_name AS tablename, column_name AS "column", declared AS type,
    coalesce(encoding, 'none') AS encoding, distkey AS distkey,
    sortkey AS sortkey, NOT is_nullable AS "notnull"
FROM pg_redshift._columns SEMI JOIN pg_redshift._tables USING (table_oid)
WHERE list_contains(pg_redshift.search_path(), schema_name) OR schema_name = pg_redshift.temporary_schema();

-- https://docs.aws.amazon.com/redshift/latest/dg/r_SVV_TABLE_INFO.html (what has a meaning on one node)
CREATE VIEW pg_redshift.svv_table_info AS SELECT
    rs.database_name() AS database, t.schema_name AS "schema", t.table_oid AS table_id, t.table_name AS "table",
    CASE WHEN c.encoded THEN 'Y' ELSE 'N' END AS encoded,
    CASE t.diststyle WHEN 'KEY' THEN 'KEY(' || c.distkey || ')' WHEN 'AUTO' THEN 'AUTO(ALL)' ELSE coalesce(t.diststyle, 'AUTO(ALL)') END AS diststyle,
    coalesce(c.sortkey1, 'AUTO(SORTKEY)') AS sortkey1, c.max_varchar, CASE WHEN c.sortkey_num > 0 THEN 'none' END AS sortkey1_enc, c.sortkey_num,
    NULL::BIGINT AS size, NULL::DECIMAL(10,4) AS pct_used, 0::BIGINT AS empty, 0::DECIMAL(5,2) AS unsorted, 0::DECIMAL(5,2) AS stats_off,
    t.estimated_size::DECIMAL(38,0) AS tbl_rows, 1::DECIMAL(19,2) AS skew_sortkey1, 1::DECIMAL(19,2) AS skew_rows,
    t.estimated_size::DECIMAL(38,0) AS estimated_visible_rows, NULL::VARCHAR AS risk_event, NULL::DECIMAL(12,2) AS vacuum_sort_benefit, NULL::TIMESTAMP AS create_time
FROM pg_redshift._tables t JOIN (
    SELECT table_oid, bool_or(encoding IS NOT NULL) AS encoded, any_value(column_name) FILTER (distkey) AS distkey,
        any_value(column_name) FILTER (sortkey IN (1, -1)) AS sortkey1, (count(*) FILTER (sortkey <> 0))::INTEGER AS sortkey_num,
        coalesce(max(pg_redshift.declared_length(declared)) FILTER (declared LIKE 'character varying%'), 0) AS max_varchar
    FROM pg_redshift._columns GROUP BY table_oid) c USING (table_oid);

-- https://docs.aws.amazon.com/redshift/latest/dg/r_STV_TBL_PERM.html (one slice)
CREATE VIEW pg_redshift.stv_tbl_perm AS SELECT
    0::INTEGER AS slice, table_oid::INTEGER AS id, table_name AS name, estimated_size AS "rows", estimated_size AS sorted_rows,
    temporary::INTEGER AS temp, 100000::INTEGER AS db_id, 0::INTEGER AS insert_pristine, 0::INTEGER AS delete_pristine, 1::INTEGER AS backup
FROM pg_redshift._tables;

CREATE VIEW pg_redshift.stv_slices AS SELECT 0::INTEGER AS node, 0::INTEGER AS slice, 0::INTEGER AS localslice, 'D' AS type;
CREATE VIEW pg_redshift.stv_node_storage_capacity AS SELECT 0::INTEGER AS node, 0::BIGINT AS used, 0::BIGINT AS capacity WHERE false;

-- https://docs.aws.amazon.com/redshift/latest/dg/r_SVV_TABLES.html
CREATE VIEW pg_redshift.svv_tables AS SELECT table_catalog, table_schema, table_name, table_type, d.description AS remarks
FROM pg_redshift.information_schema_tables t LEFT JOIN pg_redshift._relation_descriptions d USING (table_schema, table_name);

-- https://docs.aws.amazon.com/redshift/latest/dg/r_SVV_COLUMNS.html
CREATE VIEW pg_redshift.svv_columns AS SELECT
    table_catalog, table_schema, table_name, column_name, ordinal_position, column_default, is_nullable, data_type, character_maximum_length,
    numeric_precision, numeric_precision_radix, numeric_scale, datetime_precision, interval_type, interval_precision, character_set_catalog,
    character_set_schema, character_set_name, collation_catalog, collation_schema, collation_name, domain_name, c.description AS remarks
FROM pg_redshift.information_schema_columns i LEFT JOIN pg_redshift._column_descriptions c USING (table_schema, table_name, column_name);

-- https://docs.aws.amazon.com/redshift/latest/dg/r_SVV_ALL_TABLES.html
CREATE VIEW pg_redshift.svv_all_tables AS SELECT
    table_catalog AS database_name, table_schema AS schema_name, table_name,
    CASE WHEN table_type = 'VIEW' THEN 'VIEW' ELSE 'TABLE' END AS table_type, NULL::VARCHAR AS table_acl, remarks, rs.user_name() AS owner
FROM pg_redshift.svv_tables;
CREATE VIEW pg_redshift.svv_redshift_tables AS SELECT database_name, schema_name, table_name, table_type, table_acl, remarks, owner AS table_owner FROM pg_redshift.svv_all_tables;

-- https://docs.aws.amazon.com/redshift/latest/dg/r_SVV_ALL_COLUMNS.html
CREATE VIEW pg_redshift.svv_all_columns AS SELECT
    table_catalog AS database_name, table_schema AS schema_name, table_name, column_name, ordinal_position, column_default, is_nullable,
    data_type, character_maximum_length, numeric_precision, numeric_scale, remarks
FROM pg_redshift.svv_columns;
CREATE VIEW pg_redshift.svv_redshift_columns AS SELECT
    database_name, schema_name, table_name, column_name, ordinal_position, data_type, column_default, is_nullable,
    coalesce(t.encoding, 'none') AS encoding, coalesce(t.distkey, false) AS distkey, coalesce(t.sortkey, 0) AS sortkey, NULL::VARCHAR AS column_acl, remarks
FROM pg_redshift.svv_all_columns LEFT JOIN (SELECT schema_name, table_name, column_name, encoding, distkey, sortkey FROM pg_redshift._columns) t USING (schema_name, table_name, column_name);

-- https://docs.aws.amazon.com/redshift/latest/dg/r_SVV_ALL_SCHEMAS.html
CREATE VIEW pg_redshift.svv_all_schemas AS SELECT
    rs.database_name() AS database_name, name AS schema_name, owner AS schema_owner, 'local' AS schema_type, NULL::VARCHAR AS schema_acl,
    NULL::VARCHAR AS source_database, NULL::VARCHAR AS schema_option
FROM pg_redshift._namespaces;
CREATE VIEW pg_redshift.svv_redshift_schemas AS SELECT database_name, schema_name, schema_owner, schema_type, schema_acl, schema_option FROM pg_redshift.svv_all_schemas;
CREATE VIEW pg_redshift.svv_schemas AS SELECT * FROM pg_redshift.svv_all_schemas;

-- https://docs.aws.amazon.com/redshift/latest/dg/r_SVV_REDSHIFT_DATABASES.html
CREATE VIEW pg_redshift.svv_redshift_databases AS SELECT
    datname AS database_name, datdba AS database_owner, 'local' AS database_type, NULL::VARCHAR AS database_acl, NULL::VARCHAR AS database_options,
    'Snapshot Isolation' AS database_isolation_level
FROM pg_redshift.pg_database;
CREATE VIEW pg_redshift.svv_redshift_functions AS SELECT '' AS database_name, '' AS schema_name, '' AS function_name, '' AS function_type, '' AS argument_type, '' AS result_type WHERE false;

