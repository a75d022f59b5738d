create table p (id int, v varchar(10));
insert into p values (1, 'one'), (2, 'two');
create table planned (id int, v varchar(10));
insert into planned values (1, 'x'), (2, 'y'), (3, 'z');
create table big (id int, v varchar(10), n numeric(8,2), c char(5));

-- case: PREPARE and EXECUTE
prepare ins (int, char) as insert into p values ($1, $2);
execute ins (3, 'three');
execute ins (2 + 2, 'fo' || 'ur');
deallocate ins;
select * from p where id > 2 order by id;
--> id | v
--> 3 | three
--> 4 | four

-- case: a prepared query
prepare sel (int, varchar) as select v from p where id = $1 or v = $2 order by id;
execute sel(1, 'two');
--> v
--> one
--> two

-- case: no rounding of a NUMERIC parameter
prepare num (numeric) as select $1 as n;
execute num (1.25);
--> n
--> 1.25

-- case: parameters are missing
prepare missing (int) as select $1;
execute missing;
--! 42601 wrong number of parameters for prepared statement "missing"
--^ missing;

-- case: a parameter that is not declared
prepare undeclared (int) as select $2;
--! 42P02 there is no parameter $2

-- case: a name twice
prepare twice as select 1;
prepare twice as select 1;
--! 42P05 prepared statement "twice" already exists

-- case: a name that is not there
execute nowhere (1);
--! 26000 prepared statement "nowhere" does not exist
--^ nowhere

-- case: nor after DEALLOCATE
prepare gone as select 1;
deallocate prepare gone;
execute gone;
--! 26000 prepared statement "gone" does not exist

-- case: DEALLOCATE of none
deallocate nowhere;
--! 26000 prepared statement "nowhere" does not exist

-- case: what cannot be prepared
prepare ddl as create table q (a int);
--! 42601 syntax error at or near "create"
--^ create

-- case: EXPLAIN of a join
explain select count(*) from planned a left join planned b on a.id = b.id where a.v > 'a' order by 1 limit 2;
--> QUERY PLAN varchar
--> XN Limit  (rows=1)
-->   Sort Key: count ASC
-->   ->  XN Aggregate  (rows=1)
-->         ->  XN Hash Right Join DS_DIST_NONE  (rows=1)
-->               Hash Cond: (id = id)
-->               ->  XN Seq Scan on planned  (rows=3)
-->               ->  XN Hash  (rows=1)
-->                     ->  XN Seq Scan on planned  (rows=1)

-- case: EXPLAIN of a cross join, VERBOSE
explain verbose select a.id from planned a, planned b;
--> QUERY PLAN varchar
--> XN Nested Loop DS_DIST_NONE
-->   ->  XN Seq Scan on planned  (rows=3)
-->   ->  XN Seq Scan on planned  (rows=3)

-- case: EXPLAIN of a write runs nothing
explain verbose insert into big (id) select 7;
explain delete from big;
explain update big set id = 1;
explain create table q as select * from p;
select count(*) from big;
--> count
--> 0

-- case: EXPLAIN of what has no plan
explain drop table p;
--! 42601 syntax error at or near "drop"
--^ drop

-- case: CREATE TABLE AS keeps the sizes of strings
create table sized as
with a as (select v as w from big)
select big.v, c, n, v::varchar(3) as cut, 'text' as literal, upper(v) as computed, coalesce(v, 'longer than ten') as either,
       max(c) over () as most, a.w, case when id = 1 then 'a' else 'bcd' end as chosen, sum(id) over () as total
from big, a;
select "column", type from pg_table_def where tablename = 'sized';
--> column | type
--> v | character varying(10)
--> c | character(5)
--> n | numeric(8,2)
--> cut | character varying(3)
--> literal | character varying(4)
--> computed | character varying(65535)
--> either | character varying(15)
--> most | character(5)
--> w | character varying(10)
--> chosen | character varying(3)
--> total | bigint

-- case: and holds values to them
create table sized2 as select * from big union all select 1, 'x', 2, 'y';
insert into sized2 (v) values ('12345678901');
--! 22001 value too long for type character varying(10)

-- case: SELECT INTO too
select v, c into sized3 from big;
insert into sized3 (c) values ('123456');
--! 22001 value too long for type character(5)

-- case: a column twice
create table doubled as select id, id from p;
--! 42701 column "id" specified more than once

-- case: a key that is no column
create table keyed distkey (nope) as select id from p;
--! 42703 column "nope" named in key does not exist
--^ nope

-- case: more names than columns
create table names (a, b, c) as select 1, 2;
--! 42601 CREATE TABLE AS specifies too many column names
