-- pg_class and what hangs from it. First Redshift's columns in their order, then those of later PostgreSQLs that
-- clients ask for; oid, hidden on Redshift, comes last.
-- https://www.postgresql.org/docs/8.0/catalogs.html

CREATE VIEW pg_redshift.pg_namespace AS SELECT
    name AS nspname, owner AS nspowner, NULL::VARCHAR[] AS nspacl, oid, 2615::UINTEGER AS tableoid
FROM pg_redshift._namespaces;

CREATE VIEW pg_redshift.pg_class AS SELECT
    name AS relname, schema_oid AS relnamespace, 0::UINTEGER AS reltype, owner AS relowner,
    CASE kind WHEN 'i' THEN 403 ELSE 0 END::UINTEGER AS relam, oid AS relfilenode, 0::UINTEGER AS reltablespace, 0::INTEGER AS relpages,
    row_count::REAL AS reltuples, 0::UINTEGER AS reltoastrelid, 0::UINTEGER AS reltoastidxid,
    primary_keys + unique_keys > 0 AS relhasindex, false AS relisshared, kind AS relkind,
    natts::SMALLINT AS relnatts, 0::UINTEGER AS relexternid, false AS relisreplicated, false AS relispinned,
    CASE WHEN kind <> 'r' THEN 0 ELSE coalesce(MAP {'EVEN': 0, 'KEY': 1, 'ALL': 8, 'AUTO': 9}[diststyle], 9) END::SMALLINT AS reldiststyle,
    0::UINTEGER AS relprojbaseid, 0::SMALLINT AS relchecks, (foreign_keys + refs)::SMALLINT AS reltriggers,
    unique_keys::SMALLINT AS relukeys,
    foreign_keys::SMALLINT AS relfkeys, refs::SMALLINT AS relrefs, false AS relhasoids,
    primary_keys > 0 AS relhaspkey, kind = 'v' AS relhasrules, false AS relhassubclass,
    NULL::VARCHAR[] AS relacl,
    oid, CASE WHEN temporary THEN 't' ELSE 'p' END AS relpersistence, foreign_keys + refs > 0 AS relhastriggers, false AS relrowsecurity,
    false AS relforcerowsecurity, 0::UINTEGER AS reloftype, NULL::VARCHAR[] AS reloptions, 'd' AS relreplident, true AS relispopulated,
    false AS relispartition, NULL::VARCHAR AS relpartbound, 0::INTEGER AS relallvisible, 0::UINTEGER AS relrewrite, 1259::UINTEGER AS tableoid
FROM pg_redshift._relations;

-- https://docs.aws.amazon.com/redshift/latest/dg/r_PG_CLASS_INFO.html
CREATE VIEW pg_redshift.pg_class_info AS SELECT
    oid AS reloid, * EXCLUDE (oid, tableoid), NULL::TIMESTAMP AS relcreationtime,
    CASE reldiststyle WHEN 9 THEN 10 ELSE reldiststyle END::SMALLINT AS releffectivediststyle
FROM pg_redshift.pg_class;

CREATE VIEW pg_redshift._attributes AS
SELECT table_oid, column_name AS name, pg_redshift.type_oid(declared) AS type, pg_redshift.type_modifier(declared) AS modifier, column_index AS place,
    is_nullable, column_default IS NOT NULL AS has_default, encoding, distkey, sortkey FROM pg_redshift._columns
UNION ALL
SELECT k.oid, c.column_name, pg_redshift.type_oid(c.declared), pg_redshift.type_modifier(c.declared), k.place, true, false, NULL, false, 0
FROM (SELECT oid, table_oid, unnest(columns) AS name, (unnest(range(len(columns))) + 1)::SMALLINT AS place FROM pg_redshift._keys WHERE kind <> 'f') k
    JOIN pg_redshift._columns c ON c.table_oid = k.table_oid AND c.column_name = k.name
UNION ALL
SELECT r.oid, c.column_name, pg_redshift.system_type(c.data_type, c.column_name), -1, c.column_index::SMALLINT, true, false, NULL, false, 0
FROM pg_redshift._system_relations r JOIN duckdb_columns() c ON c.table_oid = r.view_oid WHERE c.database_name IN ('rs', 'pg_redshift');

CREATE VIEW pg_redshift.pg_attribute AS SELECT
    table_oid AS attrelid, name AS attname, type AS atttypid, -1::INTEGER AS attstattarget, pg_redshift.type_size(type) AS attlen,
    place AS attnum, 0::INTEGER AS attndims, -1::INTEGER AS attcacheoff, modifier AS atttypmod,
    coalesce(pg_redshift.type_size(type) BETWEEN 1 AND 8, false) AS attbyval, CASE WHEN pg_redshift.type_size(type) = -1 THEN 'x' ELSE 'p' END AS attstorage,
    'i' AS attalign, NOT is_nullable AS attnotnull, has_default AS atthasdef, false AS attisdropped, true AS attislocal, 0::INTEGER AS attinhcount,
    distkey AS attisdistkey, false AS attispreloaded,
    sortkey AS attsortkeyord, pg_redshift.encoding_number(encoding)::SMALLINT AS attencodingtype,
    0::SMALLINT AS attencrypttype,
    '' AS attidentity, '' AS attgenerated, false AS atthasmissing, NULL::VARCHAR AS attmissingval, '' AS attcompression,
    CASE WHEN type IN (18, 19, 25, 1042, 1043) THEN 100 ELSE 0 END::UINTEGER AS attcollation, NULL::VARCHAR[] AS attacl,
    NULL::VARCHAR[] AS attoptions, NULL::VARCHAR[] AS attfdwoptions, 1249::UINTEGER AS tableoid
FROM pg_redshift._attributes;

-- Encodings by the numbers of attencodingtype. https://docs.aws.amazon.com/redshift/latest/dg/c_Compression_encodings.html
CREATE VIEW pg_redshift.pg_attribute_info AS SELECT *, pg_redshift.format_encoding(attencodingtype) AS attencodingname FROM pg_redshift.pg_attribute;

CREATE VIEW pg_redshift.pg_attrdef AS SELECT
    table_oid AS adrelid, column_index AS adnum, column_default AS adbin, column_default AS adsrc,
    ((table_oid::BIGINT * 1600 + column_index) % 4000000000)::UINTEGER AS oid, 2604::UINTEGER AS tableoid
FROM pg_redshift._columns WHERE column_default IS NOT NULL;

CREATE VIEW pg_redshift.pg_description AS
SELECT oid AS objoid, 1259::UINTEGER AS classoid, 0::INTEGER AS objsubid, description FROM pg_redshift._relations WHERE description IS NOT NULL
UNION ALL SELECT table_oid, 1259, column_index, description FROM pg_redshift._columns WHERE description IS NOT NULL
UNION ALL SELECT oid, 2615, 0, description FROM pg_redshift._namespaces WHERE description IS NOT NULL;

CREATE MACRO pg_redshift.description(object_, place_) AS (SELECT map(list(objoid || '.' || objsubid), list(description)) FROM pg_redshift.pg_description
        WHERE classoid = 1259 OR objsubid = 0)[object_::VARCHAR || '.' || place_::VARCHAR];

-- The same by names, for Redshift's own views.
CREATE VIEW pg_redshift._relation_descriptions AS SELECT n.name AS table_schema, r.name AS table_name, r.description
FROM pg_redshift._relations r JOIN pg_redshift._namespaces n ON n.oid = r.schema_oid WHERE r.description IS NOT NULL;
CREATE VIEW pg_redshift._column_descriptions AS SELECT schema_name AS table_schema, table_name, column_name, description
FROM pg_redshift._columns WHERE description IS NOT NULL;
