-- The functions of catalog queries. Names and definitions are found through maps, made by subqueries that depend on
-- nothing around them: so they may stand anywhere, also where the engine allows no correlated subquery.

CREATE MACRO pg_redshift.user_by_id(id_) AS CASE id_::INTEGER WHEN 100 THEN rs.user_name() WHEN 1 THEN 'rdsdb' ELSE 'unknown (OID=' || id_ || ')' END;

CREATE MACRO pg_redshift.encodings() AS ['none', 'raw', 'bytedict', 'delta', 'delta32k', 'lzo', 'mostly8', 'mostly16', 'mostly32', 'runlength', 'text255', 'text32k', 'zstd', 'az64'];
CREATE MACRO pg_redshift.encoding_number(name_) AS coalesce(list_position(pg_redshift.encodings(), name_), 1) - 1;
CREATE MACRO pg_redshift.format_encoding(number_) AS pg_redshift.encodings()[number_::INTEGER + 1];

-- The type of a system view's column.
CREATE MACRO pg_redshift.system_type(kind_, name_) AS CASE
    WHEN name_ IN ('indkey', 'indoption') THEN 22 WHEN name_ IN ('indclass', 'indcollation', 'proargtypes') THEN 30
    WHEN kind_ = 'UINTEGER' THEN 26 WHEN kind_ = 'SMALLINT[]' THEN 1005 WHEN kind_ = 'UINTEGER[]' THEN 1028
    WHEN kind_ = 'VARCHAR[]' THEN 1009 ELSE pg_redshift.type_oid(rs.type_name(kind_)) END::UINTEGER;

-- Relations by name: as the search path finds them, the session's temporary ones first.
CREATE MACRO pg_redshift.visible_relations() AS TABLE
    SELECT r.oid, r.name, n.name AS schema, row_number() OVER (PARTITION BY r.name ORDER BY list_position(
        [pg_redshift.temporary_schema(), 'pg_catalog'] || pg_redshift.search_path(), n.name)) AS place
    FROM pg_redshift._relations r JOIN pg_redshift._namespaces n ON n.oid = r.schema_oid
    WHERE n.name = 'pg_catalog' OR n.name = pg_redshift.temporary_schema() OR list_contains(pg_redshift.search_path(), n.name);

CREATE MACRO pg_redshift.relation_is_visible(relation_) AS
    list_contains((SELECT list(oid) FROM pg_redshift.visible_relations() WHERE place = 1), relation_::UINTEGER);

CREATE MACRO pg_redshift.relation_name(relation_) AS
    CASE WHEN relation_::UINTEGER = 0 THEN '-' ELSE coalesce((SELECT map(list(r.oid), list(CASE
        WHEN v.oid IS NULL THEN rs.quote_ident(n.name) || '.' || rs.quote_ident(r.name) ELSE rs.quote_ident(r.name) END))
    FROM pg_redshift._relations r JOIN pg_redshift._namespaces n ON n.oid = r.schema_oid
        LEFT JOIN (SELECT oid FROM pg_redshift.visible_relations() WHERE place = 1) v ON v.oid = r.oid)[relation_::UINTEGER], CAST(relation_ AS VARCHAR)) END;

-- A name as '...'::regclass takes it: of the search path without a schema, folded unless quoted; or a number.
CREATE MACRO pg_redshift.name_parts(name_) AS
    list_transform(regexp_extract_all(name_, '"(?:[^"]|"")*"|[^".]+'),
                   lambda part : CASE WHEN part[1] = '"' THEN replace(part[2:-2], '""', '"') ELSE lower(part) END);
CREATE MACRO pg_redshift.relation_oid(parts_) AS CASE
    WHEN len(parts_) = 1
    THEN (SELECT map(list(name), list(oid)) FROM pg_redshift.visible_relations() WHERE place = 1)[parts_[1]]
    ELSE (SELECT map(list(n.name || '.' || r.name), list(r.oid)) FROM pg_redshift._relations r JOIN pg_redshift._namespaces n ON n.oid = r.schema_oid)
         [parts_[-2] || '.' || parts_[-1]] END;
CREATE MACRO pg_redshift.find_relation(name_) AS CASE
    WHEN regexp_full_match(name_, '\d+') THEN TRY_CAST(name_ AS UINTEGER)
    ELSE pg_redshift.relation_oid(pg_redshift.name_parts(name_)) END;
CREATE MACRO pg_redshift.regclass(name_) AS
    pg_redshift.found(pg_redshift.find_relation(name_), '42P01 relation "' || name_ || '" does not exist');

CREATE MACRO pg_redshift.namespace_oid(name_) AS pg_redshift.found(
    (SELECT any_value(oid) FROM pg_redshift._namespaces WHERE name = name_), '3F000 schema "' || name_ || '" does not exist');
CREATE MACRO pg_redshift.namespace_name(id_) AS (SELECT map(list(oid), list(name)) FROM pg_redshift._namespaces)[id_::UINTEGER];

CREATE MACRO pg_redshift.view_definition(view_) AS
    (SELECT map(list(view_oid), list(rtrim(view_sql, ';' || chr(10) || ' ') || ';')) FROM pg_redshift._views)[view_::UINTEGER];

CREATE MACRO pg_redshift.size_pretty(bytes_) AS CASE
    WHEN bytes_ < 10240 THEN bytes_ || ' bytes' WHEN bytes_ < 10485760 THEN round(bytes_ / 1024.0)::BIGINT || ' kB'
    WHEN bytes_ < 10737418240 THEN round(bytes_ / 1048576.0)::BIGINT || ' MB' ELSE round(bytes_ / 1073741824.0)::BIGINT || ' GB' END;

-- The engine does not tell how much room a table takes.
CREATE MACRO pg_redshift.relation_size(relation_) AS CASE WHEN relation_ IS NULL THEN 0 END::BIGINT;

-- information_schema._pg_expandarray: each element with its place.
CREATE MACRO pg_redshift.expanded(elements) AS
    unnest(list_transform(elements, lambda element, place : struct_pack(x := element, n := place::INTEGER)));

CREATE MACRO pg_redshift.setting(name_) AS list_transform([(getvariable('settings')::MAP(VARCHAR, VARCHAR))[lower(name_)]],
    lambda v : CASE WHEN v IS NULL AND name_ IS NOT NULL
                    THEN CAST(rs.raise('42704 unrecognized configuration parameter "' || name_ || '"') AS VARCHAR) ELSE v END)[1];

CREATE MACRO pg_redshift.current_schemas(implicit_) AS
    CASE WHEN implicit_ THEN list_concat(
        CASE WHEN (SELECT count(*) FROM pg_redshift._namespaces WHERE name = pg_redshift.temporary_schema()) > 0 THEN [pg_redshift.temporary_schema()] ELSE [] END,
        list_concat(['pg_catalog'], pg_redshift.search_path())) ELSE pg_redshift.search_path() END;
CREATE MACRO pg_redshift.temporary_schema_oid() AS
    coalesce((SELECT any_value(oid) FROM pg_redshift._namespaces WHERE name = pg_redshift.temporary_schema()), 0)::UINTEGER;
CREATE MACRO pg_redshift.database_size() AS
    (SELECT total_blocks * block_size FROM pragma_database_size() WHERE database_name = 'dev')::BIGINT;
CREATE MACRO pg_redshift.user_id(name_) AS CASE name_ WHEN rs.user_name() THEN 100 WHEN 'rdsdb' THEN 1
    ELSE rs.raise('42704 role "' || name_ || '" does not exist') END::UINTEGER;
