-- Types with the ids, sizes and names of PostgreSQL, and Redshift's own: SUPER, VARBYTE, GEOMETRY ...
-- https://www.postgresql.org/docs/8.0/catalog-pg-type.html

CREATE TABLE pg_redshift._types AS SELECT * FROM (VALUES
    -- oid, name, size, kind, category, array, the name that format_type gives
    (16, 'bool', 1, 'b', 'B', 1000, 'boolean'), (17, 'bytea', -1, 'b', 'U', 1001, 'bytea'),
    (18, 'char', 1, 'b', 'S', 1002, '"char"'), (19, 'name', 128, 'b', 'S', 1003, 'name'),
    (20, 'int8', 8, 'b', 'N', 1016, 'bigint'), (21, 'int2', 2, 'b', 'N', 1005, 'smallint'),
    (22, 'int2vector', 64, 'b', 'A', 1006, 'int2vector'), (23, 'int4', 4, 'b', 'N', 1007, 'integer'),
    (24, 'regproc', 4, 'b', 'N', 1008, 'regproc'), (25, 'text', -1, 'b', 'S', 1009, 'text'),
    (26, 'oid', 4, 'b', 'N', 1028, 'oid'), (27, 'tid', 6, 'b', 'U', 1010, 'tid'), (28, 'xid', 4, 'b', 'U', 1011, 'xid'),
    (29, 'cid', 4, 'b', 'U', 1012, 'cid'), (30, 'oidvector', 128, 'b', 'A', 1013, 'oidvector'),
    (700, 'float4', 4, 'b', 'N', 1021, 'real'), (701, 'float8', 8, 'b', 'N', 1022, 'double precision'),
    (702, 'abstime', 4, 'b', 'D', 1023, 'abstime'), (705, 'unknown', -2, 'b', 'X', 0, 'unknown'),
    (1033, 'aclitem', 12, 'b', 'U', 1034, 'aclitem'), (1042, 'bpchar', -1, 'b', 'S', 1014, 'character'),
    (1043, 'varchar', -1, 'b', 'S', 1015, 'character varying'), (1082, 'date', 4, 'b', 'D', 1182, 'date'),
    (1083, 'time', 8, 'b', 'D', 1183, 'time without time zone'),
    (1114, 'timestamp', 8, 'b', 'D', 1115, 'timestamp without time zone'),
    (1184, 'timestamptz', 8, 'b', 'D', 1185, 'timestamp with time zone'), (1186, 'interval', 16, 'b', 'T', 1187, 'interval'),
    (1188, 'intervaly2m', 4, 'b', 'T', 1189, 'interval year to month'), (1190, 'intervald2s', 8, 'b', 'T', 1191, 'interval day to second'),
    (1266, 'timetz', 12, 'b', 'D', 1270, 'time with time zone'), (1560, 'bit', -1, 'b', 'V', 1561, 'bit'),
    (1562, 'varbit', -1, 'b', 'V', 1563, 'bit varying'), (1700, 'numeric', -1, 'b', 'N', 1231, 'numeric'),
    (1790, 'refcursor', -1, 'b', 'U', 2201, 'refcursor'), (2202, 'regprocedure', 4, 'b', 'N', 2207, 'regprocedure'),
    (2205, 'regclass', 4, 'b', 'N', 2210, 'regclass'), (2206, 'regtype', 4, 'b', 'N', 2211, 'regtype'),
    (2249, 'record', -1, 'p', 'P', 0, 'record'), (2275, 'cstring', -2, 'p', 'P', 0, 'cstring'), (2276, 'any', 4, 'p', 'P', 0, '"any"'),
    (2277, 'anyarray', -1, 'p', 'P', 0, 'anyarray'), (2278, 'void', 4, 'p', 'P', 0, 'void'), (2279, 'trigger', 4, 'p', 'P', 0, '"trigger"'),
    (2283, 'anyelement', 4, 'p', 'P', 0, 'anyelement'), (2935, 'hllsketch', -1, 'b', 'U', 0, 'hllsketch'),
    (3000, 'geometry', -1, 'b', 'U', 0, 'geometry'), (3001, 'geography', -1, 'b', 'U', 0, 'geography'),
    (4000, 'super', -1, 'b', 'U', 0, 'super'), (6551, 'varbyte', -1, 'b', 'U', 0, 'binary varying')
) AS t(oid, name, size, kind, category, array_oid, spelling);

CREATE VIEW pg_redshift.pg_type AS SELECT
    name AS typname, 11::UINTEGER AS typnamespace, 1::INTEGER AS typowner, size::SMALLINT AS typlen,
    size BETWEEN 1 AND 8 AS typbyval, kind AS typtype, true AS typisdefined, ',' AS typdelim, 0::UINTEGER AS typrelid,
    element::UINTEGER AS typelem, input AS typinput, replace(input, 'in', 'out') AS typoutput, replace(input, 'in', 'recv') AS typreceive,
    replace(input, 'in', 'send') AS typsend, '-' AS typanalyze, CASE WHEN size IN (1, 2) THEN CASE size WHEN 1 THEN 'c' ELSE 's' END WHEN size = 8 THEN 'd' ELSE 'i' END AS typalign,
    CASE WHEN size = -1 THEN 'x' ELSE 'p' END AS typstorage, false AS typnotnull, 0::UINTEGER AS typbasetype, -1::INTEGER AS typtypmod,
    0::INTEGER AS typndims, NULL::VARCHAR AS typdefaultbin, NULL::VARCHAR AS typdefault,
    -- of later PostgreSQLs, whose clients ask for them
    oid::UINTEGER AS oid, array_oid::UINTEGER AS typarray, category AS typcategory, false AS typispreferred,
    CASE WHEN category = 'S' THEN 100 ELSE 0 END::UINTEGER AS typcollation, NULL::VARCHAR[] AS typacl, 1247::UINTEGER AS tableoid
FROM (SELECT oid, name, size, kind, category, array_oid, 0 AS element, name || 'in' AS input FROM pg_redshift._types
      UNION ALL SELECT array_oid, '_' || name, -1, 'b', 'A', 0, oid, 'array_in' FROM pg_redshift._types WHERE array_oid > 0);

CREATE MACRO pg_redshift.type_oid(declared_) AS
    coalesce((SELECT map(list(spelling), list(oid)) FROM pg_redshift._types)[regexp_replace(declared_, '\(.*\)', '')], 1043)::UINTEGER;

CREATE MACRO pg_redshift.type_modifier(declared_) AS CASE
    WHEN NOT contains(declared_, '(') THEN -1
    WHEN declared_ LIKE 'numeric%'
    THEN regexp_extract(declared_, '(\d+),', 1)::INTEGER * 65536 + regexp_extract(declared_, ',(\d+)', 1)::INTEGER + 4
    ELSE regexp_extract(declared_, '\((\d+)', 1)::INTEGER + 4 END;

CREATE MACRO pg_redshift.type_spelling(type_) AS
    (SELECT map(list(oid), list(spelling)) FROM (SELECT oid, spelling FROM pg_redshift._types
        UNION ALL SELECT array_oid, spelling || '[]' FROM pg_redshift._types WHERE array_oid > 0))[type_::INTEGER];

CREATE MACRO pg_redshift.format_type(type_, modifier_) AS
    CASE WHEN type_ IS NULL THEN NULL WHEN type_::INTEGER = 0 THEN '-'
         ELSE coalesce(pg_redshift.type_spelling(type_), '???') || CASE
             WHEN coalesce(modifier_::INTEGER, -1) < 4 THEN ''
             WHEN type_::INTEGER IN (1042, 1043, 6551, 1014, 1015) THEN '(' || (modifier_::INTEGER - 4) || ')'
             WHEN type_::INTEGER = 1700 THEN '(' || ((modifier_::INTEGER - 4) >> 16) || ',' || ((modifier_::INTEGER - 4) & 65535) || ')'
             ELSE '' END END;

CREATE MACRO pg_redshift.type_short_name(type_) AS (SELECT map(list(oid), list(name)) FROM pg_redshift._types)[type_::INTEGER];
CREATE MACRO pg_redshift.type_size(type_) AS (SELECT map(list(oid), list(size)) FROM pg_redshift._types)[type_::INTEGER]::SMALLINT;

-- A type by any of its names, for 'name'::regtype.
CREATE MACRO pg_redshift.find_type(name_) AS pg_redshift.found(
    (SELECT any_value(oid)::UINTEGER FROM (SELECT typname AS known, oid FROM pg_redshift.pg_type UNION ALL SELECT spelling, oid FROM pg_redshift._types
        UNION ALL VALUES ('int', 23), ('decimal', 1700), ('float', 701), ('varbinary', 6551), ('char', 1042))
     WHERE known = replace(trim(regexp_replace(lower(name_), '^pg_catalog\.|\(.*\)', '', 'g')), '"', '')),
    '42704 type "' || name_ || '" does not exist');
