-- The system views that clients may query, as far as an embedded warehouse knows their content.
-- Redshift pads CHAR columns with blanks; people trim() them, which does no harm here.

-- https://docs.aws.amazon.com/redshift/latest/dg/r_STL_LOAD_ERRORS.html
CREATE VIEW rs.stl_load_errors AS SELECT
    100::INTEGER AS userid, 0::INTEGER AS slice, tbl, starttime, session, query, filename, line_number, colname, type,
    col_length, position, raw_line, raw_field_value, err_code, left(err_reason, 100) AS err_reason, 0::INTEGER AS is_partial,
    0::BIGINT AS start_offset, 0::BIGINT AS copy_job_id
FROM dev.redshift_journal.load_errors;

-- https://docs.aws.amazon.com/redshift/latest/dg/r_STL_LOADERROR_DETAIL.html (the culprit's field of each error)
CREATE VIEW rs.stl_loaderror_detail AS SELECT
    100::INTEGER AS userid, 0::INTEGER AS slice, session, query, filename, line_number,
    NULL::INTEGER AS field, colname, raw_field_value AS value, (raw_field_value IS NULL)::INTEGER AS is_null, type, col_length
FROM dev.redshift_journal.load_errors;

-- https://docs.aws.amazon.com/redshift/latest/dg/SYS_LOAD_ERROR_DETAIL.html
CREATE VIEW rs.sys_load_error_detail AS SELECT
    100::INTEGER AS user_id, query AS query_id, xid AS transaction_id, session AS session_id, rs.database_name() AS database_name,
    tbl AS table_id, starttime AS start_time, filename AS file_name, line_number, colname AS column_name,
    type AS column_type, col_length AS column_length, position, err_code AS error_code, err_reason AS error_message
FROM dev.redshift_journal.load_errors;

-- https://docs.aws.amazon.com/redshift/latest/dg/r_STL_REPLACEMENTS.html
CREATE VIEW rs.stl_replacements AS SELECT
    100::INTEGER AS userid, query, 0::INTEGER AS slice, tbl, starttime, session, filename, line_number, colname, raw_line
FROM dev.redshift_journal.replacements;

-- https://docs.aws.amazon.com/redshift/latest/dg/SYS_COPY_REPLACEMENTS.html
CREATE VIEW rs.sys_copy_replacements AS SELECT
    100::INTEGER AS user_id, query AS query_id, tbl AS table_id, filename AS file_name, colname AS column_name, line_number, raw_line
FROM dev.redshift_journal.replacements;

-- https://docs.aws.amazon.com/redshift/latest/dg/r_STL_LOAD_COMMITS.html
CREATE VIEW rs.stl_load_commits AS SELECT
    100::INTEGER AS userid, f.query, 0::INTEGER AS slice, f.filename AS name, f.filename, 0::BIGINT AS byte_offset,
    f.lines AS lines_scanned, f.errors, f.curtime, 1::INTEGER AS status, l.file_format, 0::INTEGER AS is_partial,
    0::BIGINT AS start_offset, 0::BIGINT AS copy_job_id
FROM dev.redshift_journal.load_files f LEFT JOIN dev.redshift_journal.loads l USING (query);

-- https://docs.aws.amazon.com/redshift/latest/dg/SYS_LOAD_HISTORY.html (duration in microseconds)
CREATE VIEW rs.sys_load_history AS SELECT
    100::INTEGER AS user_id, query AS query_id, xid AS transaction_id, session AS session_id, rs.database_name() AS database_name,
    status, tablename AS table_name, starttime AS start_time, endtime AS end_time,
    date_diff('microsecond', starttime, endtime) AS duration, data_source, file_format, loaded_rows, loaded_bytes,
    files AS source_file_count, loaded_bytes AS source_file_bytes, files AS file_count_scanned,
    loaded_bytes AS file_bytes_scanned, errors AS error_count, 0::BIGINT AS copy_job_id, error_message
FROM dev.redshift_journal.loads;

-- https://docs.aws.amazon.com/redshift/latest/dg/SYS_LOAD_DETAIL.html
CREATE VIEW rs.sys_load_detail AS SELECT
    100::INTEGER AS user_id, query AS query_id, filename AS file_name, bytes AS bytes_scanned, lines AS lines_scanned,
    curtime AS record_time, 1::INTEGER AS splits_scanned, starttime AS start_time, curtime AS end_time
FROM dev.redshift_journal.load_files;
