-- Databases, users and what else belongs to the server as a whole.

CREATE VIEW pg_redshift.pg_database AS SELECT
    rs.database_name() AS datname, 100::INTEGER AS datdba, 6::INTEGER AS encoding, false AS datistemplate, true AS datallowconn,
    16383::UINTEGER AS datlastsysoid, 0::UINTEGER AS datvacuumxid, 0::UINTEGER AS datfrozenxid, 1663::UINTEGER AS dattablespace,
    NULL::VARCHAR AS datconfig, NULL::VARCHAR[] AS datacl,
    100000::UINTEGER AS oid, -1::INTEGER AS datconnlimit, 'C' AS datcollate, 'C' AS datctype, 1262::UINTEGER AS tableoid;

-- https://docs.aws.amazon.com/redshift/latest/dg/r_PG_DATABASE_INFO.html
CREATE VIEW pg_redshift.pg_database_info AS SELECT
    oid AS datid, datname, datdba, encoding, datistemplate, datallowconn, datacl, datconnlimit, 'local'::VARCHAR AS datcatalogowner
FROM pg_redshift.pg_database;

CREATE VIEW pg_redshift.pg_user AS SELECT
    name AS usename, id AS usesysid, true AS usecreatedb, true AS usesuper, id = 1 AS usecatupd, '********' AS passwd,
    NULL::TIMESTAMP AS valuntil, NULL::VARCHAR[] AS useconfig
FROM (VALUES ('rdsdb', 1), (rs.user_name(), 100)) AS u(name, id);

-- https://docs.aws.amazon.com/redshift/latest/dg/r_PG_USER_INFO.html
CREATE VIEW pg_redshift.pg_user_info AS SELECT *, 'UNLIMITED' AS useconnlimit, 'UNRESTRICTED' AS syslogaccess, 0::INTEGER AS sessiontimeout FROM pg_redshift.pg_user;
CREATE VIEW pg_redshift.pg_shadow AS SELECT * REPLACE (NULL::VARCHAR AS passwd) FROM pg_redshift.pg_user;
CREATE VIEW pg_redshift.svl_user_info AS SELECT
    usename, usesysid, usecreatedb, usesuper, usecatupd, useconnlimit, syslogaccess, NULL::TIMESTAMP AS last_ddl_ts, sessiontimeout, NULL::VARCHAR AS external_user_id
FROM pg_redshift.pg_user_info;
CREATE VIEW pg_redshift.svv_user_info AS SELECT
    usename AS user_name, usesysid AS user_id, usecreatedb AS createdb, usesuper AS superuser, usecatupd AS catalog_update,
    useconnlimit AS connection_limit, syslogaccess AS syslog_access, NULL::TIMESTAMP AS last_ddl_timestamp, sessiontimeout AS session_timeout, NULL::VARCHAR AS external_user_id
FROM pg_redshift.pg_user_info;
CREATE VIEW pg_redshift.pg_group AS SELECT NULL::VARCHAR AS groname, NULL::INTEGER AS grosysid, NULL::INTEGER[] AS grolist WHERE false;

-- Of later PostgreSQLs, asked for by their clients.
CREATE VIEW pg_redshift.pg_roles AS SELECT
    usename AS rolname, usesuper AS rolsuper, true AS rolinherit, true AS rolcreaterole, usecreatedb AS rolcreatedb, usesysid <> 1 AS rolcanlogin,
    false AS rolreplication, -1::INTEGER AS rolconnlimit, passwd AS rolpassword, valuntil AS rolvaliduntil, false AS rolbypassrls,
    useconfig AS rolconfig, usesysid::UINTEGER AS oid
FROM pg_redshift.pg_user;
CREATE VIEW pg_redshift.pg_authid AS SELECT * REPLACE (NULL::VARCHAR AS rolpassword) FROM pg_redshift.pg_roles;

CREATE VIEW pg_redshift.pg_am AS SELECT 'btree' AS amname, 1::INTEGER AS amowner, 403::UINTEGER AS oid, 'i' AS amtype, 0::SMALLINT AS amstrategies, false AS amcanorder;
CREATE VIEW pg_redshift.pg_tablespace AS SELECT 'pg_default' AS spcname, 1::INTEGER AS spcowner, '' AS spclocation, NULL::VARCHAR[] AS spcacl, 1663::UINTEGER AS oid, NULL::VARCHAR[] AS spcoptions;
CREATE VIEW pg_redshift.pg_language AS SELECT
    name AS lanname, 1::INTEGER AS lanowner, false AS lanispl, true AS lanpltrusted, 0::UINTEGER AS lanplcallfoid, 0::UINTEGER AS lanvalidator,
    NULL::VARCHAR[] AS lanacl, id::UINTEGER AS oid, 0::UINTEGER AS laninline, 2612::UINTEGER AS tableoid
FROM (VALUES ('internal', 12), ('sql', 14)) AS l(name, id);
CREATE VIEW pg_redshift.pg_collation AS SELECT
    'default' AS collname, 11::UINTEGER AS collnamespace, 1::INTEGER AS collowner, 'd' AS collprovider, true AS collisdeterministic, -1::INTEGER AS collencoding, 'C' AS collcollate,
    'C' AS collctype, NULL::VARCHAR AS colliculocale, 100::UINTEGER AS oid;

CREATE VIEW pg_redshift.pg_tables AS SELECT
    n.name AS schemaname, r.name AS tablename, pg_redshift.user_by_id(r.owner) AS tableowner, NULL::VARCHAR AS tablespace,
    r.primary_keys + r.unique_keys > 0 AS hasindexes, false AS hasrules, false AS hastriggers
FROM pg_redshift._relations r JOIN pg_redshift._namespaces n ON n.oid = r.schema_oid WHERE r.kind = 'r';
CREATE VIEW pg_redshift.pg_views AS SELECT
    n.name AS schemaname, r.name AS viewname, pg_redshift.user_by_id(r.owner) AS viewowner, pg_redshift.view_definition(r.oid) AS definition
FROM pg_redshift._relations r JOIN pg_redshift._namespaces n ON n.oid = r.schema_oid WHERE r.kind = 'v';

CREATE VIEW pg_redshift.pg_settings AS SELECT
    name, settings[name] AS setting, NULL::VARCHAR AS unit, 'Session' AS category, '' AS short_desc, NULL::VARCHAR AS extra_desc,
    'user' AS context, 'string' AS vartype, 'session' AS source, NULL::VARCHAR AS min_val, NULL::VARCHAR AS max_val,
    NULL::VARCHAR[] AS enumvals, settings[name] AS boot_val, settings[name] AS reset_val
FROM (SELECT getvariable('settings')::MAP(VARCHAR, VARCHAR) AS settings, unnest(map_keys(getvariable('settings')::MAP(VARCHAR, VARCHAR))) AS name);

-- The sessions of this warehouse. https://docs.aws.amazon.com/redshift/latest/dg/r_STV_SESSIONS.html
CREATE MACRO pg_redshift.sessions() AS TABLE SELECT unnest(getvariable('sessions')::
    STRUCT(process INTEGER, "user" VARCHAR, "database" VARCHAR, started TIMESTAMP, application VARCHAR)[], recursive := true);
CREATE VIEW pg_redshift.stv_sessions AS SELECT
    started AS starttime, process, "user" AS user_name, "database" AS db_name, 0::INTEGER AS timeout_sec FROM pg_redshift.sessions();
CREATE VIEW pg_redshift.pg_stat_activity AS SELECT
    100000::UINTEGER AS datid, "database" AS datname, process AS procpid, 100::INTEGER AS usesysid, "user" AS usename, NULL::VARCHAR AS current_query,
    NULL::TIMESTAMP AS query_start, process AS pid, application AS application_name, started AS backend_start, NULL::VARCHAR AS client_addr,
    NULL::VARCHAR AS state, NULL::VARCHAR AS query
FROM pg_redshift.sessions();
