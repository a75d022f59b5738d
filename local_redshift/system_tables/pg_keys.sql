-- Keys, as constraints and as the indexes that PostgreSQL's clients look for them in. Redshift enforces none.

CREATE VIEW pg_redshift.pg_constraint AS SELECT
    name AS conname, schema_oid AS connamespace, kind AS contype, false AS condeferrable, false AS condeferred,
    table_oid AS conrelid, 0::UINTEGER AS contypid, coalesce(referenced_oid, 0)::UINTEGER AS confrelid,
    CASE kind WHEN 'f' THEN 'a' ELSE ' ' END AS confupdtype, CASE kind WHEN 'f' THEN 'a' ELSE ' ' END AS confdeltype,
    CASE kind WHEN 'f' THEN 's' ELSE ' ' END AS confmatchtype, places AS conkey,
    referenced_places AS confkey, NULL::VARCHAR AS conbin, NULL::VARCHAR AS consrc,
    oid, CASE kind WHEN 'f' THEN 0 ELSE oid END::UINTEGER AS conindid, true AS convalidated, 0::UINTEGER AS conparentid,
    true AS conislocal, 0::INTEGER AS coninhcount, false AS connoinherit, NULL::UINTEGER[] AS conpfeqop, NULL::UINTEGER[] AS conexclop,
    2606::UINTEGER AS tableoid
FROM pg_redshift._keys;

CREATE VIEW pg_redshift.pg_index AS SELECT
    oid AS indexrelid, table_oid AS indrelid, places AS indkey,
    list_transform(columns, lambda c : 0::UINTEGER) AS indclass, len(columns)::SMALLINT AS indnatts, true AS indisunique,
    kind = 'p' AS indisprimary, false AS indisclustered, NULL::VARCHAR AS indexprs, NULL::VARCHAR AS indpred,
    len(columns)::SMALLINT AS indnkeyatts, true AS indimmediate, true AS indisvalid, true AS indisready, true AS indislive, false AS indisreplident,
    false AS indisexclusion, false AS indcheckxmin, false AS indnullsnotdistinct, list_transform(columns, lambda c : 0::SMALLINT) AS indoption,
    list_transform(columns, lambda c : 0::UINTEGER) AS indcollation, 2610::UINTEGER AS tableoid
FROM pg_redshift._keys WHERE kind <> 'f';

CREATE MACRO pg_redshift.column_list(columns_) AS '(' || array_to_string(list_transform(columns_, lambda c : rs.quote_ident(c)), ', ') || ')';

CREATE MACRO pg_redshift.constraint_definition(key_) AS (
    SELECT map(list(oid), list(CASE kind
        WHEN 'p' THEN 'PRIMARY KEY ' || pg_redshift.column_list(columns)
        WHEN 'u' THEN 'UNIQUE ' || pg_redshift.column_list(columns)
        ELSE 'FOREIGN KEY ' || pg_redshift.column_list(columns) || ' REFERENCES '
             || CASE WHEN list_contains(pg_redshift.search_path(), referenced_schema) THEN '' ELSE rs.quote_ident(referenced_schema) || '.' END
             || rs.quote_ident(referenced_name) || pg_redshift.column_list(referenced) END)) FROM pg_redshift._keys)[key_::UINTEGER];

CREATE MACRO pg_redshift.index_definition(index_) AS (
    SELECT map(list(oid), list('CREATE UNIQUE INDEX ' || rs.quote_ident(name) || ' ON ' || rs.quote_ident(schema_name) || '.'
        || rs.quote_ident(table_name) || ' USING btree ' || pg_redshift.column_list(columns))) FROM pg_redshift._keys WHERE kind <> 'f')[index_::UINTEGER];
CREATE MACRO pg_redshift.index_column(index_, place_) AS CASE WHEN place_::INTEGER = 0 THEN pg_redshift.index_definition(index_)
    ELSE (SELECT map(list(oid), list(columns)) FROM pg_redshift._keys WHERE kind <> 'f')[index_::UINTEGER][place_::INTEGER] END;

CREATE VIEW pg_redshift.pg_indexes AS SELECT
    schema_name AS schemaname, table_name AS tablename, name AS indexname, NULL::VARCHAR AS tablespace,
    pg_redshift.index_definition(oid) AS indexdef
FROM pg_redshift._keys WHERE kind <> 'f';

-- What a foreign key depends on: the key that it refers to, where clients look for the latter's name.
CREATE VIEW pg_redshift.pg_depend AS SELECT
    2606::UINTEGER AS classid, f.oid AS objid, 0::INTEGER AS objsubid, 1259::UINTEGER AS refclassid, k.oid AS refobjid,
    0::INTEGER AS refobjsubid, 'n' AS deptype
FROM pg_redshift._keys f JOIN pg_redshift._keys k ON k.table_oid = f.referenced_oid AND k.columns = f.referenced AND k.kind <> 'f'
WHERE f.kind = 'f';
