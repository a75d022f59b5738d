-- What every catalog view is made of: the schemas, relations and columns that clients may know of.
-- DuckDB's object ids are unique within the process and above PostgreSQL's own. What depends on the session (its number,
-- its search path ...) comes in variables of its connection; a temporary table is seen by its own connection alone.

CREATE MACRO pg_redshift.temporary_schema() AS 'pg_temp_' || coalesce(getvariable('session_id')::INTEGER, 0);
-- In a lambda: elsewhere the engine may work out the failure, as a common part, before it looks whether there is one.
CREATE MACRO pg_redshift.found(value_, message_) AS
    list_transform([value_], lambda v : CASE WHEN v IS NULL AND message_ IS NOT NULL THEN rs.raise(message_) ELSE v END)[1];
CREATE MACRO pg_redshift.search_path() AS coalesce(getvariable('search_path')::VARCHAR[], []);

-- 1 is rdsdb, to whom the system's own belongs; 100 is the first user that Redshift gives a number.
CREATE VIEW pg_redshift._namespaces AS
SELECT oid::UINTEGER AS oid, schema_name AS name, CASE schema_name WHEN 'public' THEN 1 ELSE 100 END::INTEGER AS owner, NULL::VARCHAR AS description
FROM duckdb_schemas() WHERE database_name = 'dev' AND schema_name NOT IN ('main', 'redshift_journal')
UNION ALL SELECT oid::UINTEGER, pg_redshift.temporary_schema(), 1, NULL FROM duckdb_schemas()
    WHERE database_name = 'temp' AND schema_name = 'main' AND EXISTS (FROM duckdb_tables() t WHERE t.database_name = 'temp' AND t.table_name NOT LIKE 'cursor_rows_%')
UNION ALL VALUES (11::UINTEGER, 'pg_catalog', 1, 'System catalog schema'), (99::UINTEGER, 'pg_toast', 1, 'Reserved schema for TOAST tables'),
    (13000::UINTEGER, 'information_schema', 1, NULL);

CREATE VIEW pg_redshift._tables AS SELECT
    CASE WHEN temporary THEN pg_redshift.temporary_schema() ELSE schema_name END AS schema_name, table_name, table_oid, schema_oid,
    estimated_size, column_count, temporary, traits ->> 'diststyle' AS diststyle, traits ->> 'description' AS description,
    coalesce(from_json(traits -> 'primary_key', '["VARCHAR"]'), []) AS primary_key,
    coalesce(from_json(traits -> 'unique', '[["VARCHAR"]]'), []) AS unique_keys,
    coalesce(from_json(traits -> 'foreign_keys', '[{"columns":["VARCHAR"],"table":"VARCHAR","referenced":["VARCHAR"]}]'), []) AS foreign_keys
FROM (SELECT schema_name, table_name, table_oid::UINTEGER AS table_oid, schema_oid::UINTEGER AS schema_oid, estimated_size,
             column_count, temporary, TRY(comment::JSON) -> 'redshift' AS traits
      FROM duckdb_tables()
      WHERE database_name IN ('dev', 'temp') AND schema_name <> 'redshift_journal' AND table_name NOT LIKE 'cursor_rows_%');

CREATE VIEW pg_redshift._views AS SELECT
    schema_name, view_name, view_oid, schema_oid, column_count, coalesce(traits ->> 'definition', regexp_replace(sql, '^CREATE VIEW .*? AS ', '')) AS view_sql,
    traits ->> 'description' AS description
FROM (SELECT schema_name, view_name, view_oid::UINTEGER AS view_oid, schema_oid::UINTEGER AS schema_oid, column_count, sql, TRY(comment::JSON) -> 'redshift' AS traits
      FROM duckdb_views() WHERE database_name = 'dev' AND NOT internal AND schema_name NOT IN ('main', 'redshift_journal'));

CREATE VIEW pg_redshift._columns AS SELECT
    schema_name, table_name, table_oid, column_name, column_index, is_nullable, data_type,
    coalesce(nullif(traits ->> 'type', ''), rs.type_name(data_type)) AS declared, traits ->> 'encoding' AS encoding,
    coalesce((traits ->> 'distkey')::BOOLEAN, false) AS distkey, coalesce((traits ->> 'sortkey')::INTEGER, 0) AS sortkey,
    CASE WHEN (traits ->> '$.identity.seed') IS NULL THEN CASE WHEN column_default IS NOT NULL THEN coalesce(traits ->> 'default', column_default) END
         -- as Redshift shows IDENTITY
         ELSE format('{}({}, {}, ''{},{}''::text)', CASE (traits ->> '$.identity.always') WHEN 'true' THEN '"identity"' ELSE 'default_identity' END,
                     table_oid, column_index - 1, traits ->> '$.identity.seed', traits ->> '$.identity.step') END AS column_default,
    traits ->> 'description' AS description
FROM (SELECT CASE database_name WHEN 'temp' THEN pg_redshift.temporary_schema() ELSE schema_name END AS schema_name, table_name,
             table_oid::UINTEGER AS table_oid, column_name, column_index::SMALLINT AS column_index, is_nullable, data_type, column_default,
             TRY(comment::JSON) -> 'redshift' AS traits
      FROM duckdb_columns()
      WHERE NOT internal AND (database_name = 'dev' AND schema_name NOT IN ('main', 'redshift_journal')
                              OR database_name = 'temp' AND table_name NOT LIKE 'cursor_rows_%'));

-- One row for each key: PRIMARY KEY, UNIQUE and FOREIGN KEY, named as Redshift names them. None is enforced.
-- Ids are made of the table's and of the key's place in it, so that they are the same in every query.
CREATE MACRO pg_redshift.key_oid(table_, place_) AS (1000000000 + table_::BIGINT * 100 + place_)::UINTEGER;

CREATE VIEW pg_redshift._declared_keys AS SELECT
    pg_redshift.key_oid(table_oid, key.place) AS oid, schema_name, table_name, table_oid, schema_oid, key.kind, key.columns,
    key.referenced_table, key.referenced,
    table_name || CASE key.kind WHEN 'p' THEN '_pkey' WHEN 'u' THEN '_' || array_to_string(key.columns, '_') || '_key'
        ELSE '_' || array_to_string(key.columns, '_') || '_fkey' END AS name
FROM (SELECT schema_name, table_name, table_oid, schema_oid, unnest(list_concat(
        CASE WHEN len(primary_key) > 0 THEN [{kind: 'p', columns: primary_key, referenced_table: NULL::VARCHAR, referenced: NULL::VARCHAR[], place: 0::BIGINT}] ELSE [] END,
        list_transform(unique_keys, lambda names, n : {kind: 'u', columns: names, referenced_table: NULL::VARCHAR, referenced: NULL::VARCHAR[], place: n}),
        list_transform(foreign_keys, lambda f, n : {kind: 'f', columns: f.columns, referenced_table: f.table, referenced: f.referenced, place: 50 + n}))) AS key
      FROM pg_redshift._tables);

CREATE MACRO pg_redshift.positions(all_names, names_) AS list_transform(names_, lambda name_ : list_position(all_names, name_)::SMALLINT);

CREATE VIEW pg_redshift._named_tables AS SELECT t.*, c.names
FROM pg_redshift._tables t JOIN (SELECT table_oid, list(column_name ORDER BY column_index) AS names FROM pg_redshift._columns GROUP BY 1) c ON c.table_oid = t.table_oid;

CREATE VIEW pg_redshift._keys AS SELECT
    oid, schema_name, table_name, table_oid, schema_oid, kind, columns, pg_redshift.positions(names, columns) AS places,
    referenced_schema, referenced_name, referenced_oid, referenced, pg_redshift.positions(referenced_names, referenced) AS referenced_places, name
FROM (SELECT
    k.*  EXCLUDE (referenced), t.names, r.schema_name AS referenced_schema, r.table_name AS referenced_name, r.table_oid AS referenced_oid,
    r.names AS referenced_names, CASE WHEN len(k.referenced) = 0 THEN r.primary_key ELSE k.referenced END AS referenced
    FROM pg_redshift._declared_keys k JOIN pg_redshift._named_tables t ON t.table_oid = k.table_oid
        LEFT JOIN pg_redshift._named_tables r ON k.referenced_table = r.schema_name || '.' || r.table_name);

CREATE VIEW pg_redshift._system_relations AS SELECT
    -- the ids that clients know by heart
    coalesce(MAP {'pg_type': 1247, 'pg_attribute': 1249, 'pg_proc': 1255, 'pg_class': 1259, 'pg_authid': 1260, 'pg_tablespace': 1213,
        'pg_database': 1262, 'pg_attrdef': 2604, 'pg_constraint': 2606, 'pg_description': 2609, 'pg_index': 2610, 'pg_language': 2612,
        'pg_namespace': 2615, 'pg_rewrite': 2618, 'pg_trigger': 2620, 'pg_extension': 3079}[view_name], view_oid)::UINTEGER AS oid,
    replace(view_name, 'information_schema_', '') AS name,
    CASE WHEN view_name LIKE 'information_schema_%' THEN 13000 ELSE 11 END::UINTEGER AS schema_oid, 'v' AS kind, column_count, view_oid
FROM duckdb_views() WHERE database_name IN ('rs', 'pg_redshift') AND NOT internal AND NOT starts_with(view_name, '_');

CREATE VIEW pg_redshift._relations AS
SELECT table_oid AS oid, schema_oid, table_name AS name, 'r' AS kind, 100 AS owner, estimated_size AS row_count, temporary, column_count AS natts,
    diststyle, len(primary_key) AS primary_keys, len(unique_keys) AS unique_keys, len(foreign_keys) AS foreign_keys, coalesce(k.refs, 0) AS refs, description
FROM pg_redshift._tables t LEFT JOIN (SELECT key.table AS referenced_table, count(*) AS refs
    FROM (SELECT unnest(foreign_keys) AS key FROM pg_redshift._tables) GROUP BY 1) k ON k.referenced_table = t.schema_name || '.' || t.table_name
UNION ALL SELECT view_oid, schema_oid, view_name, 'v', 100, 0, false, column_count, NULL, 0, 0, 0, 0, description FROM pg_redshift._views
UNION ALL SELECT oid, schema_oid, name, 'i', 100, 0, false, len(columns), NULL, 0, 0, 0, 0, NULL FROM pg_redshift._declared_keys WHERE kind <> 'f'
UNION ALL SELECT oid, schema_oid, name, kind, 1, 0, false, column_count, NULL, 0, 0, 0, 0, NULL FROM pg_redshift._system_relations;
