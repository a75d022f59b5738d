create table artists (artist_id varchar(18) primary key, name varchar(100) not null, location text, latitude numeric(9,6));
create table songs (song_id varchar(18) not null sortkey, artist_id varchar(18) distkey references artists (artist_id), year int default 2018,
    id bigint identity(0,1), at timestamp default getdate(), unique (song_id, artist_id));
create view titles as select song_id, year from songs where year > 2000;
comment on table songs is 'what is played';
comment on column songs.year is 'of its release';
comment on view titles is 'recent ones';

-- case: relations and their kinds
select c.relname, c.relkind, c.relnatts, c.reldiststyle, c.relhaspkey from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname = 'case_catalog' order by 1;
--> relname | relkind | relnatts | reldiststyle | relhaspkey
--> artists | r | 4 | 9 | true
--> artists_pkey | i | 1 | 0 | false
--> songs | r | 5 | 1 | false
--> songs_song_id_artist_id_key | i | 2 | 0 | false
--> titles | v | 2 | 0 | false

-- case: columns with PostgreSQL's types and modifiers
select attname, atttypid, attlen, attnum, atttypmod, attnotnull, atthasdef, attisdistkey, attsortkeyord, format_type(atttypid, atttypmod)
from pg_attribute where attrelid = 'songs'::regclass and attnum > 0 order by attnum;
--> attname | atttypid | attlen | attnum | atttypmod | attnotnull | atthasdef | attisdistkey | attsortkeyord | format_type
--> song_id | 1043 | -1 | 1 | 22 | true | false | false | 1 | character varying(18)
--> artist_id | 1043 | -1 | 2 | 22 | false | false | true | 0 | character varying(18)
--> year | 23 | 4 | 3 | -1 | false | true | false | 0 | integer
--> id | 20 | 8 | 4 | -1 | true | true | false | 0 | bigint
--> at | 1114 | 8 | 5 | -1 | false | true | false | 0 | timestamp without time zone

-- case: the modifier of a NUMERIC
select atttypmod, format_type(atttypid, atttypmod) from pg_attribute where attrelid = 'artists'::regclass and attname = 'latitude';
--> atttypmod | format_type
--> 589834 | numeric(9,6)

-- case: defaults as they were written
select a.attname, pg_get_expr(d.adbin, d.adrelid) as def, split_part(d.adsrc, '(', 1) as kind from pg_attrdef d
join pg_attribute a on (a.attrelid, a.attnum) = (d.adrelid, d.adnum) where d.adrelid = 'songs'::regclass and a.attname <> 'id' order by 1;
--> attname | def | kind
--> at | getdate() | getdate
--> year | 2018 | 2018

-- case: IDENTITY in the default
select regexp_replace(column_default, '[0-9]+, [0-9]', 'oid, n') as shown from information_schema.columns
where table_schema = 'case_catalog' and table_name = 'songs' and column_name = 'id';
--> shown
--> "identity"(oid, n, '0,1'::text)

-- case: keys
select conname, contype, conkey, pg_get_constraintdef(oid) from pg_constraint
where connamespace = (select oid from pg_namespace where nspname = 'case_catalog') order by 1;
--> conname | contype | conkey | pg_get_constraintdef
--> artists_pkey | p | [1] | PRIMARY KEY (artist_id)
--> songs_artist_id_fkey | f | [2] | FOREIGN KEY (artist_id) REFERENCES artists(artist_id)
--> songs_song_id_artist_id_key | u | [1, 2] | UNIQUE (song_id, artist_id)

-- case: int2vector shows without braces and counts from 0
select indkey, indkey[0], indkey[1], indkey::text, indnatts, pg_get_indexdef(indexrelid), pg_get_indexdef(indexrelid, 2, true) as second
from pg_index where indrelid = 'songs'::regclass;
--> indkey | ?column? | ?column? | indkey | indnatts | pg_get_indexdef | second
--> 1 2 | 1 | 2 | 1 2 | 2 | CREATE UNIQUE INDEX songs_song_id_artist_id_key ON case_catalog.songs USING btree (song_id, artist_id) | artist_id

-- case: arrays count from 1
select conkey[1], confkey[1], array_upper(conkey, 1), array_lower(conkey, 1), array_to_string(conkey, ','), 2 = any(conkey)
from pg_constraint where conname = 'songs_artist_id_fkey';
--> ?column? | ?column? | array_upper | array_lower | array_to_string | ?column?
--> 2 | 1 | 1 | 1 | 2 | true

-- case: comments
select obj_description('songs'::regclass, 'pg_class'), col_description('songs'::regclass, 3), obj_description('titles'::regclass);
--> obj_description | col_description | obj_description
--> what is played | of its release | recent ones

-- case: a comment is taken away
comment on table artists is 'gone soon';
comment on table artists is null;
select obj_description('artists'::regclass, 'pg_class'), count(*) from pg_description where objoid = 'artists'::regclass group by 1;
--> obj_description | count

-- case: a comment on nothing
comment on table nothing is 'x';
--! 42P01 relation "nothing" does not exist

-- case: a comment on no column
comment on column songs.nothing is 'x';
--! 42703 column "nothing" of relation "songs" does not exist

-- case: views are shown as they were written
select pg_get_viewdef('titles'), definition from pg_views where viewname = 'titles';
--> pg_get_viewdef | definition
--> select song_id, year from songs where year > 2000; | select song_id, year from songs where year > 2000;

-- case: names to numbers and back
select 'case_catalog.songs'::regclass::oid = 'songs'::regclass::oid, 'pg_class'::regclass::oid, 1259::regclass, 'int4'::regtype::oid, 1043::regtype, 'pg_catalog.text'::regtype;
--> ?column? bool | oid 26 | regclass varchar | oid 26 | regtype varchar | regtype varchar
--> true | 1259 | pg_class | 23 | character varying | text

-- case: a name that is not on the search path shows with its schema
create schema elsewhere; create table elsewhere.there (a int);
select oid::regclass::text as shown from pg_class where relname in ('there', 'songs') order by 1;
--> shown
--> elsewhere.there
--> songs

-- case: a name of nothing
select 'nothing'::regclass;
--! 42P01 relation "nothing" does not exist

-- case: a type of nothing
select 'nothing'::regtype;
--! 42704 type "nothing" does not exist

-- case: a function of nothing
select 'nothing'::regproc::oid;
--! 42883 function "nothing" does not exist

-- case: the search path decides what is visible
select relname, pg_table_is_visible(oid) from pg_class where relname in ('there', 'songs', 'pg_class', 'tables') order by 1;
--> relname | pg_table_is_visible
--> pg_class | true
--> songs | true
--> tables | false
--> there | false

-- case: schemas of the search path
select current_schemas(false), current_schemas(true), 'case_catalog' = any(current_schemas(true)), (current_schemas(true))[1];
--> current_schemas | current_schemas | ?column? | ?column?
--> ['case_catalog'] | ['pg_catalog', 'case_catalog'] | true | pg_catalog

-- case: settings
select current_setting('datestyle'), (select setting from pg_settings where name = 'max_index_keys');
--> current_setting | ?column?
--> ISO, MDY | 32

-- case: an unknown setting
select current_setting('nothing');
--! 42704 unrecognized configuration parameter "nothing"

-- case: set_config sets
select set_config('query_group', 'reports', false);
show query_group;
--> query_group
--> reports

-- case: operators of pg_catalog, collations, escapes
select relname from pg_catalog.pg_class c where c.relname operator(pg_catalog.~) '^(songs)$' collate pg_catalog.default
and relname !~* 'ARTIST' and 'a' || E'\n' = 'a
';
--> relname
--> songs

-- case: users
select usename, usesysid, usesuper, pg_get_userbyid(usesysid) from pg_user order by usesysid;
--> usename | usesysid | usesuper | pg_get_userbyid
--> rdsdb | 1 | true | rdsdb
--> awsuser | 100 | true | awsuser

-- case: passwords are shown to nobody
select distinct passwd from pg_shadow where passwd is not null;
--> passwd

-- case: pg_table_def shows the schemas of the search path alone
select distinct tablename from pg_table_def where schemaname <> 'pg_catalog' order by 1;
--> tablename
--> artists
--> songs

-- case: svv_table_info
select "schema", "table", diststyle, sortkey1, sortkey_num, max_varchar, tbl_rows from svv_table_info where "schema" = 'case_catalog' order by 2;
--> schema | table | diststyle | sortkey1 | sortkey_num | max_varchar | tbl_rows
--> case_catalog | artists | AUTO(ALL) | AUTO(SORTKEY) | 0 | 256 | 0
--> case_catalog | songs | KEY(artist_id) | song_id | 1 | 18 | 0

-- case: svv_columns
select column_name, ordinal_position, is_nullable, data_type, character_maximum_length, numeric_precision, numeric_scale, remarks
from svv_columns where table_schema = 'case_catalog' and table_name = 'songs' and ordinal_position <= 3 order by 2;
--> column_name | ordinal_position | is_nullable | data_type | character_maximum_length | numeric_precision | numeric_scale | remarks
--> song_id | 1 | NO | character varying | 18 | NULL | NULL | NULL
--> artist_id | 2 | YES | character varying | 18 | NULL | NULL | NULL
--> year | 3 | YES | integer | NULL | 32 | 0 | of its release

-- case: svv_all_tables, svv_redshift_tables and svv_tables tell the same
select a.table_name, r.table_type, t.table_type as kind, t.remarks from svv_all_tables a
join svv_redshift_tables r on r.schema_name = a.schema_name and r.table_name = a.table_name
join svv_tables t on t.table_schema = a.schema_name and t.table_name = a.table_name where a.schema_name = 'case_catalog' order by 1;
--> table_name | table_type | kind | remarks
--> artists | TABLE | BASE TABLE | NULL
--> songs | TABLE | BASE TABLE | what is played
--> titles | VIEW | VIEW | recent ones

-- case: svv_redshift_columns knows the keys
select column_name, encoding, distkey, sortkey from svv_redshift_columns where schema_name = 'case_catalog' and table_name = 'songs' and ordinal_position <= 2 order by 1;
--> column_name | encoding | distkey | sortkey
--> artist_id | none | true | 0
--> song_id | none | false | 1

-- case: schemas, without ours and the engine's
select schema_name from svv_all_schemas where schema_name not like 'case%' order by 1;
--> schema_name
--> elsewhere
--> information_schema
--> pg_catalog
--> pg_toast
--> public

-- case: databases
select database_name, database_type from svv_redshift_databases;
--> database_name | database_type
--> dev | local

-- case: keys in the information schema
select tc.constraint_name, tc.constraint_type, kcu.column_name, ccu.table_name, ccu.column_name as refers_to
from information_schema.table_constraints tc
join information_schema.key_column_usage kcu on tc.constraint_name = kcu.constraint_name and tc.table_schema = kcu.table_schema
join information_schema.constraint_column_usage ccu on ccu.constraint_name = tc.constraint_name
where tc.constraint_type = 'FOREIGN KEY' and tc.table_name = 'songs';
--> constraint_name | constraint_type | column_name | table_name | refers_to
--> songs_artist_id_fkey | FOREIGN KEY | artist_id | artists | artist_id

-- case: which key a foreign key refers to
select constraint_name, unique_constraint_name from information_schema.referential_constraints;
--> constraint_name | unique_constraint_name
--> songs_artist_id_fkey | artists_pkey

-- case: late-binding views, of which there are none
select view_name, col_type from pg_get_late_binding_view_cols() cols(view_schema name, view_name name, col_name name, col_type varchar, col_num int);
--> view_name | col_type

-- case: external schemas, of which there are none
select count(*) from svv_external_schemas s join svv_external_tables t on s.schemaname = t.schemaname left join svv_external_columns c on c.tablename = t.tablename;
--> count
--> 0

-- case: temporary tables have a schema of the session's own
create temp table passing (a int);
select nspname ~ '^pg_temp_' as temporary, relpersistence from pg_class c join pg_namespace n on n.oid = relnamespace where relname = 'passing';
--> temporary | relpersistence
--> true | t

-- case: catalog functions are the leader node's
select format_type(23, -1) from songs;
--! 0A000 Specified types or functions (one per INFO message) not supported on Redshift tables.

-- case: object types are the leader node's
select song_id::regclass from songs;
--! 0A000 Specified types or functions (one per INFO message) not supported on Redshift tables.

-- case: arrays stay the catalogs'
select array[year] from songs;
--! 0A000 ARRAY is not supported

-- case: no arrays either where a user's table is joined with a catalog
select conkey[1] from songs, pg_constraint;
--! 0A000 navigation into arrays and SUPER values with [ ] is not supported

-- case: the engine's functions stay unknown in catalog queries
select read_text('/etc/passwd') from pg_class;
--! 42883 function read_text("unknown") does not exist

-- case: the engine's table functions too
select * from duckdb_settings(), pg_class;
--! 42883 function duckdb_settings() does not exist

-- case: our helpers are not relations
select * from pg_redshift._tables;
--! 42P01 relation "pg_redshift._tables" does not exist

-- case: dbt looks for relations
select 'dev' as database, tablename as name, schemaname as schema, 'table' as type from pg_tables where schemaname ilike 'case_catalog'
union all
select 'dev' as database, viewname as name, schemaname as schema, 'view' as type from pg_views where schemaname ilike 'case_catalog' order by 2;
--> database | name | schema | type
--> dev | artists | case_catalog | table
--> dev | songs | case_catalog | table
--> dev | titles | case_catalog | view

-- case: dbt looks for columns
with bound_views as (
  select ordinal_position, table_schema, column_name, data_type, character_maximum_length, numeric_precision, numeric_scale
  from information_schema."columns" where table_name = 'artists'
), unbound_views as (
  select ordinal_position, view_schema, col_name,
    case when col_type ilike 'character varying%' then 'character varying' when col_type ilike 'numeric%' then 'numeric' else col_type end as col_type,
    case when col_type like 'character%' then nullif(regexp_substr(col_type, '[0-9]+'), '')::int else null end as character_maximum_length,
    case when col_type like 'numeric%' then nullif(split_part(regexp_substr(col_type, '[0-9,]+'), ',', 1), '')::int else null end as numeric_precision,
    case when col_type like 'numeric%' then nullif(split_part(regexp_substr(col_type, '[0-9,]+'), ',', 2), '')::int else null end as numeric_scale
  from pg_get_late_binding_view_cols() cols(view_schema name, view_name name, col_name name, col_type varchar, ordinal_position int)
  where view_name = 'artists'
), external_views as (
  select columnnum, schemaname, columnname, external_type as col_type, null::int as character_maximum_length, null::int as numeric_precision, null::int as numeric_scale
  from pg_catalog.svv_external_columns where schemaname = 'case_catalog' and tablename = 'artists'
), unioned as (
  select * from bound_views union all select * from unbound_views union all select * from external_views
)
select column_name, data_type, character_maximum_length, numeric_precision, numeric_scale from unioned where table_schema = 'case_catalog' order by ordinal_position;
--> column_name | data_type | character_maximum_length | numeric_precision | numeric_scale
--> artist_id | character varying | 18 | NULL | NULL
--> name | character varying | 100 | NULL | NULL
--> location | character varying | 256 | NULL | NULL
--> latitude | numeric | NULL | 9 | 6

-- case: dbt asks for a schema
select count(*) from information_schema.schemata where catalog_name = 'dev' and schema_name = 'case_catalog';
--> count
--> 1

-- case: dbt looks for what depends on what
with relation as (
  select pg_rewrite.ev_class as class, pg_rewrite.oid as id from pg_rewrite
), class as (
  select oid as id, relname as name, relnamespace as schema, relkind as kind from pg_class
), dependency as (
  select distinct pg_depend.objid as id, pg_depend.refobjid as ref from pg_depend
), schema as (
  select pg_namespace.oid as id, pg_namespace.nspname as name from pg_namespace where nspname != 'information_schema' and nspname not like 'pg\_%'
)
select referenced.name, dependent.name from relation join class as dependent on relation.class = dependent.id
join dependency on relation.id = dependency.id join class as referenced on dependency.ref = referenced.id join schema on schema.id = referenced.schema;
--> name | name

-- case: Metabase looks for rights
with table_privileges as (
  select null as role, t.schemaname as schema, t.objectname as table,
    pg_catalog.has_table_privilege(current_user, '"' || t.schemaname || '"' || '.' || '"' || t.objectname || '"', 'UPDATE') as "update",
    pg_catalog.has_any_column_privilege(current_user, '"' || t.schemaname || '"' || '.' || '"' || t.objectname || '"', 'SELECT') as "select"
  from (select schemaname, tablename as objectname from pg_catalog.pg_tables union all select schemaname, viewname as objectname from pg_views) t
  where t.schemaname !~ '^pg_' and t.schemaname <> 'information_schema' and pg_catalog.has_schema_privilege(current_user, t.schemaname, 'USAGE')
)
select t.table, t."update", t."select" from table_privileges t where schema = 'case_catalog' order by 1;
--> table | update | select
--> artists | true | true
--> songs | true | true
--> titles | true | true

-- case: DBeaver looks for schemas
select n.oid, n.*, d.description from pg_catalog.pg_namespace n
left outer join pg_catalog.pg_description d on d.objoid = n.oid and d.objsubid = 0 and d.classoid = 'pg_namespace'::regclass order by nspname;

-- case: DBeaver looks for types
select t.oid, t.*, c.relkind, format_type(nullif(t.typbasetype, 0), t.typtypmod) as base_type_name, d.description
from pg_catalog.pg_type t left outer join pg_catalog.pg_type et on et.oid = t.typelem left outer join pg_catalog.pg_class c on c.oid = t.typrelid
left outer join pg_catalog.pg_description d on t.oid = d.objoid
where t.typname is not null and (c.relkind is null or c.relkind = 'c') and (et.typcategory is null or et.typcategory <> 'C');

-- case: DBeaver looks for tables
select c.relname, d.description, pg_catalog.pg_get_expr(c.relpartbound, c.oid) as partition_expr, pg_catalog.pg_get_partkeydef(c.oid) as partition_key
from pg_catalog.pg_class c left outer join pg_catalog.pg_description d on d.objoid = c.oid and d.objsubid = 0 and d.classoid = 'pg_class'::regclass
where c.relnamespace = (select oid from pg_namespace where nspname = 'case_catalog') and c.relkind not in ('i', 'I', 'c') order by 1;
--> relname | description | partition_expr | partition_key
--> artists | NULL | NULL | NULL
--> songs | what is played | NULL | NULL
--> titles | recent ones | NULL | NULL

-- case: DBeaver looks for columns
select c.relname, a.attname, pg_catalog.pg_get_expr(ad.adbin, ad.adrelid, true) as def_value, dsc.description, dep.objid
from pg_catalog.pg_attribute a inner join pg_catalog.pg_class c on (a.attrelid = c.oid)
left outer join pg_catalog.pg_attrdef ad on (a.attrelid = ad.adrelid and a.attnum = ad.adnum)
left outer join pg_catalog.pg_description dsc on (c.oid = dsc.objoid and a.attnum = dsc.objsubid)
left outer join pg_depend dep on dep.refobjid = a.attrelid and dep.deptype = 'i' and dep.refobjsubid = a.attnum and dep.classid = dep.refclassid
where not a.attisdropped and c.relkind not in ('i', 'I', 'c') and c.oid = 'titles'::regclass order by a.attnum;
--> relname | attname | def_value | description | objid
--> titles | song_id | NULL | NULL | NULL
--> titles | year | NULL | NULL | NULL

-- case: DBeaver looks for keys
select c.conname, t.relname as tabrelname, rt.relname as refers_to, case when c.contype = 'c' then "substring"(pg_get_constraintdef(c.oid), 7) else null end as consrc_copy
from pg_catalog.pg_constraint c inner join pg_catalog.pg_class t on t.oid = c.conrelid left outer join pg_catalog.pg_class rt on rt.oid = c.confrelid
left outer join pg_catalog.pg_description d on d.objoid = c.oid and d.objsubid = 0 and d.classoid = 'pg_constraint'::regclass
where c.conrelid = 'songs'::regclass order by c.oid;
--> conname | tabrelname | refers_to | consrc_copy
--> songs_song_id_artist_id_key | songs | NULL | NULL
--> songs_artist_id_fkey | songs | artists | NULL

-- case: psycopg2 looks for hstore
select t.oid, typarray from pg_type t join pg_namespace ns on typnamespace = ns.oid where typname = 'hstore';
--> oid | typarray

-- case: a view on the catalogs may use the leader node's functions
create view columns_of as select c.relname, a.attname, format_type(a.atttypid, a.atttypmod) as type, pg_get_userbyid(c.relowner) as owner
from pg_class c join pg_attribute a on a.attrelid = c.oid join pg_namespace n on n.oid = c.relnamespace
where n.nspname = 'case_catalog' and a.attnum > 0 and c.relkind = 'r';
select attname, type, owner = current_user as mine from columns_of where relname = 'artists' order by 1 limit 2;
--> attname | type | mine
--> artist_id | character varying(18) | true
--> latitude | numeric(9,6) | true

-- case: what such a view shows
create view definitions as select n.nspname + '.' + c.relname as name, 'CREATE VIEW ' + quote_ident(c.relname) + ' AS ' + coalesce(pg_get_viewdef(c.oid, true), '') as ddl
from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind = 'v';
select ddl from definitions where name = 'case_catalog.titles';
--> ddl
--> CREATE VIEW titles AS select song_id, year from songs where year > 2000;

-- case: a view on a user's table may not
create view wrong as select format_type(23, -1) from songs;
--! 0A000 Specified types or functions (one per INFO message) not supported on Redshift tables.

-- case: tables that admin views look into
select (select count(*) from pg_conf where key like 'pg_class_backup_%') as unsaved, (select count(*) from stv_blocklist) as blocks;
--> unsaved | blocks
--> 0 | 0
