-- What loads leave behind. These rows are written outside the loading transaction: they outlive its rollback,
-- and being in the database file they outlive the process.
CREATE TABLE IF NOT EXISTS dev.redshift_journal.loads (
    query BIGINT, session INTEGER, xid BIGINT, username VARCHAR, tablename VARCHAR, tbl BIGINT,
    data_source VARCHAR, file_format VARCHAR, starttime TIMESTAMP, endtime TIMESTAMP, status VARCHAR,
    loaded_rows BIGINT, loaded_bytes BIGINT, files INTEGER, errors BIGINT, error_message VARCHAR
);
CREATE TABLE IF NOT EXISTS dev.redshift_journal.load_errors (
    query BIGINT, session INTEGER, xid BIGINT, tbl BIGINT, starttime TIMESTAMP, filename VARCHAR, line_number BIGINT,
    colname VARCHAR, type VARCHAR, col_length VARCHAR, position INTEGER, raw_line VARCHAR, raw_field_value VARCHAR,
    err_code INTEGER, err_reason VARCHAR
);
CREATE TABLE IF NOT EXISTS dev.redshift_journal.load_files (
    query BIGINT, session INTEGER, xid BIGINT, filename VARCHAR, bytes BIGINT, lines BIGINT, errors BIGINT,
    starttime TIMESTAMP, curtime TIMESTAMP
);
CREATE TABLE IF NOT EXISTS dev.redshift_journal.replacements (
    query BIGINT, session INTEGER, tbl BIGINT, starttime TIMESTAMP, filename VARCHAR, line_number BIGINT,
    colname VARCHAR, raw_line VARCHAR
);
