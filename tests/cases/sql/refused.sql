create table t (id int, v varchar(10));

-- case: a DuckDB function that reads files
select * from read_csv('/etc/passwd');
--! 42883 function read_csv("unknown") does not exist

-- case: another
select * from read_text('/etc/passwd'), t;
--! 42883 function read_text("unknown") does not exist

-- case: as a scalar
select query('select 1');
--! 42883 function query("unknown") does not exist

-- case: with its schema
select main.read_blob('/etc/passwd');
--! 42883 function read_blob("unknown") does not exist

-- case: a file as a table
select * from '/etc/passwd.csv';
--! 42P01 relation "/etc/passwd.csv" does not exist

-- case: a file as a quoted table
select * from "secret.csv";
--! 42P01 relation "secret.csv" does not exist

-- case: a file as schema and table
select * from secret.parquet;
--! 42P01 relation "secret.parquet" does not exist

-- case: a Python variable as a table
select * from sys;
--! 42P01 relation "sys" does not exist

-- case: the engine's catalog functions
select * from duckdb_settings();
--! 42883 function duckdb_settings() does not exist

-- case: lists
select list_value(1, 2);
--! 42883 function list_value(integer, integer) does not exist

-- case: ATTACH
attach 'x.db' as x;
--! 42601 syntax error at or near "attach"

-- case: INSTALL
install httpfs;
--! 42601 syntax error at or near "install"

-- case: PRAGMA
pragma database_list;
--! 42601 syntax error at or near "pragma"

-- case: two statements in one by a comment
select 1 /* ; attach 'x' */ as one;
--> one
--> 1

-- case: ARRAY_AGG
select array_agg(id) from t;
--! 42883 function array_agg(integer) does not exist

-- case: STRING_AGG
select string_agg(v, ',') from t;
--! 42883 function string_agg(character varying, "unknown") does not exist

-- case: DISTINCT ON
select distinct on (id) * from t;
--! 0A000 SELECT DISTINCT ON is not supported

-- case: IS DISTINCT FROM
select id is distinct from 1 from t;
--! 0A000 IS DISTINCT FROM is not supported

-- case: VALUES as a table
select * from (values (1)) x;
--! 42601 syntax error at or near "VALUES"

-- case: LATERAL
select * from t, lateral (select 1) x;
--! 0A000 LATERAL is not supported

-- case: arrays
select array[1, 2];
--! 0A000 ARRAY is not supported

-- case: savepoints
savepoint a;
--! 0A000 SQL command "SAVEPOINT" not supported on Redshift.

-- case: COPY FROM STDIN
copy t from stdin;
--! 0A000 COPY FROM STDIN and COPY TO STDOUT are not supported on Redshift

-- case: a type that does not exist
select '1'::uuid;
--! 42704 type "uuid" does not exist

-- case: a trailing comma
select id, from t;
--! 42601 syntax error at or near "from"

-- case: the end is missing
select id from t where;
--! 42601 syntax error at end of input

-- case: no known word
selct 1;
--! 42601 syntax error at or near "selct"

-- case: a string that does not end
select 'abc;
--! 42601 unterminated quoted string at or near "'abc;"

-- case: UNLOAD of fixed width is not built
unload ('select 1') to 's3://b/x' iam_role default fixedwidth '0:3';
--! 0A000 UNLOAD with FIXEDWIDTH is not built in the local warehouse

-- case: SET SESSION AUTHORIZATION is not built
set session authorization other;
--! 0A000 SET SESSION AUTHORIZATION is not supported by the local warehouse

-- case: procedures are not built
call p();
--! 0A000 CALL is not supported by the local warehouse

-- case: case-insensitive regular expressions
select v from t where v ~* 'x';
--! 0A000 the ~* operator is not supported

-- case: FOR UPDATE
select * from t for update;
--! 0A000 FOR UPDATE is not supported

-- case: PIVOT
select * from t pivot (count(*) for id in (1, 2));
--! 0A000 PIVOT and UNPIVOT is not supported

-- case: the (+) operator beside a JOIN
select * from t join t y on t.id = y.id, t x where t.id = x.id(+);
--! 42601 the (+) operator cannot be used with JOIN in the FROM clause

-- case: the (+) operator under OR
select * from t, t x where t.id = x.id(+) or x.id(+) = 1;
--! 42601 Outer join operator (+) not allowed in operand of OR or IN.

-- case: two tables outer-joined to each other
select * from t, t x where t.id = x.id(+) and x.v = t.v(+);
--! 42601 every table of the FROM clause is outer-joined

-- case: the (+) operator outside of WHERE
select x.id(+) from t x;
--! 0A000 the (+) operator is allowed in the WHERE clause of a SELECT alone

-- case: FILTER
select count(*) filter (where id > 1) from t;
--! 42601 syntax error at or near "("
--^ (where

-- case: a table has no rowid
select rowid from t;
--! 42703 column "rowid" does not exist in t
--^ rowid

-- case: nor with its name before it
select x.rowid from t x;
--! 42703 column "rowid" does not exist

-- case: a table is no value
select t from t;
--! 42703 column "t" does not exist in t
--^ t from

-- case: geometry is not built
create table g (a int, b geometry);
--! 0A000 type geometry is not supported by the local warehouse
--^ geometry

-- case: star with replacements
select * replace (1 as id) from t;
--! 42601 syntax error at or near "REPLACE"

-- case: a try
select try('x'::int);
--! 42883 function try(...) does not exist

-- case: a system view that is not built
select query, querytxt from stl_query order by starttime;
--! 0A000 system view "stl_query" is not supported by the local warehouse
--^ stl_query

-- case: lambdas
select x -> x + 1;
--! 0A000 the -> operator is not supported

-- case: the name of a DuckDB setting
select getvariable('x'), current_setting('memory_limit') from t;
--! 42883 function getvariable("unknown") does not exist

-- case: a WITH query elsewhere does not open a file
select * from (with "/etc/passwd.csv" as (select 1) select 1) a, "/etc/passwd.csv";
--! 42P01 relation "/etc/passwd.csv" does not exist

-- case: nor does a WITH query that reads its own name
with "secret.csv" as (select * from "secret.csv") select * from "secret.csv";
--! 42P01 relation "secret.csv" does not exist

-- case: nor the engine's catalog
select (with duckdb_tables as (select 2) select 1), (select count(*) from duckdb_tables);
--! 42P01 relation "duckdb_tables" does not exist

-- case: a schema by the name of our own macros
create schema rs;
--! 3F000 unacceptable schema name "rs"

-- case: a schema of the system
create schema pg_mine;
--! 3F000 unacceptable schema name "pg_mine"

-- case: placeholders of other databases
select ?;
--! 42601 syntax error at or near "?"

-- case: a parameter that nobody gives
select $1;
--! 42P02 there is no parameter $1

-- case: a column that only its own name could be
select b::int;
--! 42703 column "b" does not exist

-- case: a field of a column
select id.other from t id;
--! 42703 column "other" does not exist

-- case: casts that cannot be
select current_date::int;
--! 42846 cannot cast type date to integer

-- case: a number is no timestamp
select id::timestamp from (select 1 as id) x;
--! 42846 cannot cast type integer to timestamp without time zone

-- case: a query's syntax comes before the columns that take it
insert into t (nothing) select id as a v from t;
--! 42601 syntax error at or near "v"

-- case: a column that is not there
insert into t (nothing) select id from t;
--! 42703 column "nothing" of relation "t" does not exist

-- case: a placeholder that was sent without its value
select %s from t;
--! 42601 syntax error at or near "%"

-- case: a named placeholder that was sent without its value
select :id from t;
--! 42601 syntax error at or near ":"

-- case: a position beyond a starred select list
select * from t order by 9;
--! 42601 ORDER BY position is not in select list

-- case: a position to group by beyond it
select * from t group by 9;
--! 42601 GROUP BY position is not in select list

-- case: a struct
select {'a': 1};
--! 0A000 a struct or a named argument is not supported

-- case: dates are read in one style
set datestyle to 'SQL, DMY';
--! 0A000 datestyle SQL, DMY is not supported on the laptop: dates are ISO, MDY

-- case: which may be asked for
set datestyle to 'ISO'; show datestyle;
--> datestyle
--> ISO, MDY

-- case: a table named by a reserved word
select 1 from t as top;
--! 42601 syntax error at or near "top"

-- case: a subquery of such a name
select 1 from (select 1 as id) tag;
--! 42601 syntax error at or near "tag"

-- case: a WITH of such a name
with open as (select 1 as id) select id from open;
--! 42601 syntax error at or near "open"
