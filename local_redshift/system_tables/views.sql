-- The system views that clients may query, as far as an embedded warehouse knows their content.
-- Redshift pads CHAR columns with blanks; people trim() them, which does no harm here.

-- https://docs.aws.amazon.com/redshift/latest/dg/r_STL_LOAD_ERRORS.html
CREATE VIEW rs.stl_load_errors AS SELECT
    1::INTEGER AS userid, 0::INTEGER AS slice, tbl, starttime, session, query, filename, line_number, colname, type,
    col_length, position, raw_line, raw_field_value, err_code, err_reason, 0::INTEGER AS is_partial,
    0::BIGINT AS start_offset, 0::BIGINT AS copy_job_id
FROM dev.redshift_journal.load_errors;

-- https://docs.aws.amazon.com/redshift/latest/dg/r_STL_LOADERROR_DETAIL.html (the culprit's field of each error)
CREATE VIEW rs.stl_loaderror_detail AS SELECT
    1::INTEGER AS userid, 0::INTEGER AS slice, session, query, filename, line_number,
    NULL::INTEGER AS field, colname, raw_field_value AS value, (raw_field_value IS NULL)::INTEGER AS is_null, type, col_length
FROM dev.redshift_journal.load_errors;

-- https://docs.aws.amazon.com/redshift/latest/dg/SYS_LOAD_ERROR_DETAIL.html
CREATE VIEW rs.sys_load_error_detail AS SELECT
    1::INTEGER AS user_id, query AS query_id, xid AS transaction_id, session AS session_id, 'dev' AS database_name,
    tbl AS table_id, starttime AS start_time, filename AS file_name, line_number, colname AS column_name,
    type AS column_type, col_length AS column_length, position, err_code AS error_code, err_reason AS error_message
FROM dev.redshift_journal.load_errors;

-- https://docs.aws.amazon.com/redshift/latest/dg/r_STL_LOAD_COMMITS.html
CREATE VIEW rs.stl_load_commits AS SELECT
    1::INTEGER AS userid, f.query, 0::INTEGER AS slice, f.filename AS name, f.filename, 0::BIGINT AS byte_offset,
    f.lines AS lines_scanned, f.errors, f.curtime, 1::INTEGER AS status, l.file_format, 0::INTEGER AS is_partial,
    0::BIGINT AS start_offset, 0::BIGINT AS copy_job_id
FROM dev.redshift_journal.load_files f LEFT JOIN dev.redshift_journal.loads l USING (query);

-- https://docs.aws.amazon.com/redshift/latest/dg/SYS_LOAD_HISTORY.html (duration in microseconds)
CREATE VIEW rs.sys_load_history AS SELECT
    1::INTEGER AS user_id, query AS query_id, xid AS transaction_id, session AS session_id, 'dev' AS database_name,
    status, tablename AS table_name, starttime AS start_time, endtime AS end_time,
    date_diff('microsecond', starttime, endtime) AS duration, data_source, file_format, loaded_rows, loaded_bytes,
    files AS source_file_count, loaded_bytes AS source_file_bytes, files AS file_count_scanned,
    loaded_bytes AS file_bytes_scanned, errors AS error_count, 0::BIGINT AS copy_job_id, error_message
FROM dev.redshift_journal.loads;

-- https://docs.aws.amazon.com/redshift/latest/dg/SYS_LOAD_DETAIL.html
CREATE VIEW rs.sys_load_detail AS SELECT
    1::INTEGER AS user_id, query AS query_id, filename AS file_name, bytes AS bytes_scanned, lines AS lines_scanned,
    curtime AS record_time, 1::INTEGER AS splits_scanned, starttime AS start_time, curtime AS end_time
FROM dev.redshift_journal.load_files;

CREATE VIEW rs.stv_slices AS SELECT 0::INTEGER AS node, 0::INTEGER AS slice, 0::INTEGER AS localslice, 'DATA' AS type;

CREATE VIEW rs._tables AS SELECT
    t.schema_name, t.table_name, t.table_oid, t.estimated_size, t.temporary,
    TRY(t.comment::JSON) -> 'redshift' AS traits
FROM duckdb_tables() t
WHERE t.database_name IN ('dev', 'temp') AND t.schema_name <> 'redshift_journal' AND t.table_name NOT LIKE 'cursor_rows_%';

CREATE VIEW rs._columns AS SELECT
    c.schema_name, c.table_name, c.table_oid, c.column_name, c.column_index, c.column_default, c.is_nullable, c.data_type,
    c.numeric_precision, c.numeric_scale, TRY(c.comment::JSON) -> 'redshift' AS traits,
    coalesce(TRY(c.comment::JSON) -> 'redshift' ->> 'type', rs.type_name(c.data_type)) AS declared
FROM duckdb_columns() c
WHERE c.database_name IN ('dev', 'temp') AND NOT c.internal AND c.schema_name <> 'redshift_journal'
    AND c.table_name NOT LIKE 'cursor_rows_%';

-- https://docs.aws.amazon.com/redshift/latest/dg/r_PG_TABLE_DEF.html
CREATE VIEW rs.pg_table_def AS SELECT
    schema_name AS schemaname, table_name AS tablename, column_name AS "column", declared AS type,
    coalesce(traits ->> 'encoding', 'none') AS encoding, coalesce((traits ->> 'distkey')::BOOLEAN, false) AS distkey,
    coalesce((traits ->> 'sortkey')::INTEGER, 0) AS sortkey, NOT is_nullable AS "notnull"
FROM rs._columns;

-- https://docs.aws.amazon.com/redshift/latest/dg/r_SVV_TABLE_INFO.html (what has a meaning on one node)
CREATE VIEW rs.svv_table_info AS SELECT
    'dev' AS database, t.schema_name AS "schema", t.table_oid AS table_id, t.table_name AS "table",
    CASE WHEN (SELECT bool_or(c.traits ->> 'encoding' IS NOT NULL) FROM rs._columns c WHERE c.table_oid = t.table_oid) THEN 'Y' ELSE 'N' END AS encoded,
    CASE t.traits ->> 'diststyle' WHEN 'KEY' THEN 'KEY(' || (
        SELECT any_value(c.column_name) FROM rs._columns c WHERE c.table_oid = t.table_oid AND c.traits ->> 'distkey' = 'true'
    ) || ')' ELSE coalesce(t.traits ->> 'diststyle', 'AUTO') END AS diststyle,
    (SELECT any_value(c.column_name) FROM rs._columns c WHERE c.table_oid = t.table_oid AND c.traits ->> 'sortkey' IN ('1', '-1')) AS sortkey1,
    (SELECT count(*) FROM rs._columns c WHERE c.table_oid = t.table_oid AND coalesce(c.traits ->> 'sortkey', '0') <> '0')::INTEGER AS sortkey_num,
    NULL::BIGINT AS size, NULL::DECIMAL(10,4) AS pct_used, 0::DECIMAL(19,2) AS unsorted, 0::DECIMAL(5,2) AS stats_off,
    t.estimated_size AS tbl_rows, t.estimated_size AS estimated_visible_rows
FROM rs._tables t;

-- https://docs.aws.amazon.com/redshift/latest/dg/r_STV_TBL_PERM.html (one slice)
CREATE VIEW rs.stv_tbl_perm AS SELECT
    0::INTEGER AS slice, table_oid AS id, table_name AS name, estimated_size AS "rows", estimated_size AS sorted_rows,
    temporary::INTEGER AS temp, table_oid AS db_id
FROM rs._tables;

CREATE VIEW rs.pg_tables AS SELECT
    schema_name AS schemaname, table_name AS tablename, 'awsuser' AS tableowner, NULL::VARCHAR AS tablespace,
    false AS hasindexes, false AS hasrules, false AS hastriggers
FROM rs._tables;

CREATE VIEW rs.information_schema_tables AS
SELECT 'dev' AS table_catalog, schema_name AS table_schema, table_name, CASE WHEN temporary THEN 'LOCAL TEMPORARY' ELSE 'BASE TABLE' END AS table_type FROM rs._tables
UNION ALL
SELECT 'dev', schema_name, view_name, 'VIEW' FROM duckdb_views() WHERE database_name = 'dev' AND NOT internal;

CREATE VIEW rs.information_schema_schemata AS SELECT
    'dev' AS catalog_name, schema_name, 'awsuser' AS schema_owner
FROM duckdb_schemas() WHERE database_name = 'dev' AND schema_name NOT IN ('main', 'redshift_journal') AND NOT internal;

CREATE VIEW rs.information_schema_columns AS SELECT
    'dev' AS table_catalog, schema_name AS table_schema, table_name, column_name,
    (row_number() OVER (PARTITION BY table_oid ORDER BY column_index))::INTEGER AS ordinal_position, column_default,
    CASE WHEN is_nullable THEN 'YES' ELSE 'NO' END AS is_nullable, regexp_replace(declared, '\(.*\)', '') AS data_type,
    CASE WHEN declared LIKE 'character%' THEN regexp_extract(declared, '\((\d+)\)', 1)::INTEGER END AS character_maximum_length,
    numeric_precision::INTEGER AS numeric_precision, numeric_scale::INTEGER AS numeric_scale
FROM rs._columns;

-- https://docs.aws.amazon.com/redshift/latest/dg/r_SVV_COLUMNS.html
CREATE VIEW rs.svv_columns AS SELECT * FROM rs.information_schema_columns;
