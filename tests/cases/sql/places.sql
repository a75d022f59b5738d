create table t (id int, v varchar(10), ts timestamp, b boolean);
insert into t values (1, 'abc', '2018-11-04 15:06:07', true);
create table s (id int, v varchar(10), w int not null default 3);
create table parent (id int primary key);

-- case: an unknown column is told with the table
select v,
       nope
from t;
--! 42703 column "nope" does not exist in t
--^ nope

-- case: with every table of the FROM clause
select a.id from t a join s b on a.id = b.id where nope > 1;
--! 42703 column "nope" does not exist in a, b
--^ nope

-- case: of a table that is named
select t.nope from t;
--! 42703 column t.nope does not exist
--^ t.nope

-- case: of a table that is not there
select t.id, x.id from t;
--! 42P01 missing FROM-clause entry for table "x"
--^ x.id

-- case: in a subquery
select id from t where id in (select nope from s);
--! 42703 column "nope" does not exist in s
--^ nope

-- case: in the query of an INSERT
insert into s (id) select nope from t;
--! 42703 column "nope" does not exist in t
--^ nope

-- case: in the query of a CREATE TABLE AS
create table x distkey (id) as select id, nope from t;
--! 42703 column "nope" does not exist in t
--^ nope

-- case: in a view
create view x as select id, nope from t;
--! 42703 column "nope" does not exist in t
--^ nope

-- case: in an UPDATE
update s set id = 1 where nope = 2;
--! 42703 column "nope" does not exist in s
--^ nope

-- case: set by an UPDATE
update s set nope = 1;
--! 42703 column "nope" of relation "s" does not exist
--^ nope

-- case: in a DELETE
delete from s where nope = 1;
--! 42703 column "nope" does not exist in s
--^ nope

-- case: named by an INSERT
insert into s (id, nope) values (1, 2);
--! 42703 column "nope" of relation "s" does not exist
--^ nope

-- case: named twice by an INSERT
insert into s (id, v, id) values (1, 'x', 2);
--! 42701 column "id" specified more than once
--^ id) values

-- case: named twice by a CREATE TABLE
create table x (id int, v int, id varchar);
--! 42701 column "id" specified more than once
--^ id varchar

-- case: in the second of two statements
select 1; select nope from t;
--! 42703 column "nope" does not exist in t
--^ nope

-- case: an unknown table
select id from nope;
--! 42P01 relation "nope" does not exist
--^ nope

-- case: an unknown function
insert into s (id) select nope(id) from t;
--! 42883 function nope(integer) does not exist
--^ nope

-- case: an unknown type
select id::whatever from t;
--! 42704 type "whatever" does not exist
--^ whatever

-- case: a column of both tables
select v from t join s on t.id = s.id;
--! 42702 column reference "v" is ambiguous
--^ v from

-- case: a column that is not grouped by
select v, id, count(*) from t group by v;
--! 42803 column "t.id" must appear in the GROUP BY clause or be used in an aggregate function
--^ id, count

-- case: a position beyond the select list
select v from t order by 3;
--! 42601 ORDER BY position 3 is not in select list
--^ 3

-- case: a grouping position beyond the select list
select v, count(*) from t group by 3;
--! 42601 GROUP BY position 3 is not in select list
--^ 3

-- case: text that is no number
select id from t where id = 'abc';
--! 22P02 invalid input syntax for integer: "abc"
--^ 'abc'

-- case: text that is no date
select date '2018-02-30' from t;
--! 22007 date/time field value out of range: "2018-02-30"
--^ '2018-02-30'

-- case: operators between types that do not go together
select id + ts from t;
--! 42883 operator does not exist: integer + timestamp without time zone
--^ + ts

-- case: comparisons too
select id from t where ts >= 5;
--! 42883 operator does not exist: timestamp without time zone >= integer
--^ >= 5

-- case: functions of other types
select sum(v) from t;
--! 42883 function sum(character varying) does not exist
--^ sum

-- case: types that COALESCE cannot match
select coalesce(v, id) from t;
--! 42804 COALESCE types character varying and integer cannot be matched

-- case: types that CASE cannot match
select case when b then v else id end from t;
--! 42804 CASE types integer and character varying cannot be matched

-- case: nothing to select
select from t;
--! 42601 syntax error at or near "from"
--^ from

-- case: nothing at all
select;
--! 42601 syntax error at end of input
--^ ;

-- case: VALUES without any
insert into s values;
--! 42601 syntax error at end of input
--^ ;

-- case: RETURNING
delete from s where id = 1 returning id;
--! 42601 syntax error at or near "RETURNING"
--^ returning

-- case: RETURNING after an INSERT
insert into s (id) values (1) returning id;
--! 42601 syntax error at or near "returning"
--^ returning

-- case: ON CONFLICT
insert into s (id) values (1) on conflict (id) do nothing;
--! 42601 syntax error at or near "on"
--^ on conflict

-- case: a missing comma in a select list
select id
       v as x
from t;
--! 42601 syntax error at or near "as"
--^ as x

-- case: a missing comma between columns
create table x (
    id int
    v varchar
);
--! 42601 syntax error at or near "v"
--^ v varchar

-- case: a misspelled keyword
create table x (id int primry key);
--! 42601 syntax error at or near "primry"
--^ primry

-- case: two distribution columns
create table x (a int distkey, b int distkey);
--! 42P16 table "x" has more than one DISTKEY column: a, b

-- case: a reserved word names no table
create table user (id int);
--! 42601 syntax error at or near "user"
--^ user

-- case: nor a column
create table x (id int, timestamp timestamp);
--! 42601 syntax error at or near "timestamp"
--^ timestamp timestamp

-- case: nor is a table so called found without quotes
select * from user;
--! 42601 syntax error at or near "user"
--^ user

-- case: but it does when quoted
create table "user" ("timestamp" timestamp, "order" int);
insert into "user" ("order") values (1);
select "order", "timestamp" from "user";
--> order | timestamp
--> 1 | NULL

-- case: a table that exists
create table t (id int);
--! 42P07 Relation "t" already exists
--^ t (id

-- case: one that does not
drop table nope;
--! 42P01 Table "nope" does not exist
--^ nope

-- case: a view is no table
create view a_view as select 1 as one;
drop table a_view;
--! 42809 "a_view" is not a table

-- case: nor is a table a view
drop view t;
--! 42809 "t" is not a view

-- case: a name that is taken
alter table s rename to t;
--! 42P07 relation "t" already exists

-- case: a subquery of two columns
select id from t where id in (select id, v from s);
--! 42601 subquery has too many columns

-- case: window functions filter no rows
select id from t where row_number() over (order by id) = 1;
--! 42P20 window functions not allowed in WHERE clause

-- case: an aggregate in an UPDATE
update s set id = max(id);
--! 42803 cannot use aggregate function in UPDATE

-- case: a window function without a window
select rank() from t;
--! 42601 window function requires an OVER clause

-- case: a negative limit
select id from t limit -1;
--! 22023 LIMIT must not be negative

-- case: IN nothing
select id from t where id in ();
--! 42601 syntax error at or near ")"
--^ );

-- case: joined by a column that one table lacks
select id from t join s using (ts);
--! 42703 column "ts" specified in USING clause does not exist in right table

-- case: a function of a schema that is not there
select nope.upper('x');
--! 3F000 schema "nope" does not exist
--^ nope

-- case: text with a fraction into an integer column
insert into s (id) values ('1.5');
--! 22P02 invalid input syntax for integer: "1.5"
--^ '1.5'

-- case: the star counts no distinct rows
select count(distinct *) from t;
--! 42601 syntax error at or near "*"
--^ *

-- case: a regular expression that is none
select 'a' ~ '(';
--! 2201B invalid regular expression: missing ): (

-- case: a column set twice
update s set id = 1, id = 2;
--! 42601 multiple assignments to same column "id"

-- case: AVG of text
select avg(v) from t;
--! 42883 function avg(character varying) does not exist
--^ avg

-- case: arguments are told by their types
select nope(id, v, 'x', 1.5, true) from t;
--! 42883 function nope(integer, character varying, "unknown", numeric, boolean) does not exist
--^ nope

-- case: types of arguments that are not known are not told
select nope(upper(v)) from t;
--! 42883 function nope(...) does not exist

-- case: the grouped-by column of a table with another name
select a.v, count(*) from t a join s on a.id = s.id group by a.id;
--! 42803 column "a.v" must appear in the GROUP BY clause or be used in an aggregate function
--^ a.v

-- case: an ORDER BY of a UNION
select id from t union select id from s order by v;
--! 42703 column "v" does not exist
--^ v;

-- case: rows that came in the same transaction go with their schema
create schema goes; create table goes.t (a int); insert into goes.t values (1); drop schema goes cascade; select 1 as done;
--> done
--> 1

-- case: a relation that is not there is told with the schema that was named
select * from public.nope;
--! 42P01 relation "public.nope" does not exist
--^ public.nope
