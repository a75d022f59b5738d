create table users (user_id int, name varchar(20), level varchar(4), score int);
insert into users values (1, 'Ann', 'free', 10), (2, 'Bob', 'paid', 20), (3, 'Cyd', 'paid', null), (1, 'Ann', 'paid', 30);

-- case: columns are named as on Redshift
select count(*), max(score), user_id::varchar, user_id + 1, 'x', cast(score as bigint), case when true then 1 end, case when false then 1 else user_id end, (name), nvl(score, 0), true, upper(name), count(*) over (), date '2018-01-01', 5::int
from users group by user_id, score, name order by user_id limit 1;
--> count | max | user_id | ?column? | ?column? | score | case | user_id | name | coalesce | bool | upper | count | date | int4
--> 1 | 10 | 1 | 2 | x | 10 | 1 | 1 | Ann | 10 | true | ANN | 4 | 2018-01-01 | 5

-- case: names of subquery columns can be used
select "count", "coalesce" from (select count(*), nvl(max(score), 0) from users) s;
--> count | coalesce
--> 4 | 30

-- case: NULLs are the largest
select score from users order by score;
--> score
--> 10
--> 20
--> 30
--> NULL

-- case: NULLs come first in descending order
select score from users order by score desc limit 2;
--> score
--> NULL
--> 30

-- case: NVL NVL2 DECODE
select nvl(null, 1), nvl2(score, 'some', 'none'), decode(level, 'free', 'F', 'paid', 'P', '?'), decode(null, null, 'null', 'other') from users where user_id = 3;
--> coalesce | case | case | case
--> 1 | none | P | null

-- case: an alias can be used in the same SELECT and in WHERE
select user_id * 10 as ten, ten + 1 as eleven from users where ten = 20;
--> ten | eleven
--> 20 | 21

-- case: a column wins over an alias of its name
select user_id + 1 as user_id, user_id as same from users where user_id = 2;
--> user_id | same
--> 3 | 2

-- case: TOP
select top 2 name from users order by name desc;
--> name
--> Cyd
--> Bob

-- case: DISTINCT with parentheses
select distinct(user_id), name from users order by 1;
--> user_id | name
--> 1 | Ann
--> 2 | Bob
--> 3 | Cyd

-- case: MINUS
select user_id from users minus select 1 order by 1;
--> user_id
--> 2
--> 3

-- case: QUALIFY
select user_id, level from users u qualify row_number() over (partition by user_id order by score desc) = 1 order by 1;
--> user_id | level
--> 1 | paid
--> 2 | paid
--> 3 | paid

-- case: common table expressions
with paid as (select user_id from users where level = 'paid'), one as (select min(user_id) as m from paid) select * from one;
--> m
--> 1

-- case: NOT IN a subquery, EXISTS, comma join
select distinct u.user_id from users u, users v where u.user_id = v.user_id and u.user_id not in (select user_id from users where level = 'free') and exists (select 1 from users) order by 1;
--> user_id
--> 2
--> 3

-- case: LISTAGG skips NULL and empty strings
select listagg(name, ', ') within group (order by name desc), listagg(distinct level, '|') within group (order by level), listagg(nullif(level, 'free')) from users;
--> listagg | listagg | listagg
--> Cyd, Bob, Ann, Ann | free|paid | paidpaidpaid

-- case: LISTAGG as a window function
select distinct level, listagg(name, '-') within group (order by name) over (partition by level) from users order by 1;
--> level | listagg
--> free | Ann
--> paid | Ann-Bob-Cyd

-- case: LISTAGG needs a user's table
select listagg('a', ',');
--! XX000 One or more of the used functions must be applied on at least one user created tables. Examples of user table only functions are LISTAGG, MEDIAN, PERCENTILE_CONT, etc

-- case: medians and percentiles
select median(score), percentile_cont(0.5) within group (order by score), percentile_cont(0.25) within group (order by score desc), percentile_disc(0.5) within group (order by score) from users;
--> median | percentile_cont | percentile_cont | percentile_disc
--> 20.0 | 20.0 | 25.0 | 20

-- case: window functions
select name, rank() over (order by score), sum(score) over (order by score rows unbounded preceding), lag(name, 1) over (order by score), last_value(score ignore nulls) over (order by score rows between unbounded preceding and unbounded following), ratio_to_report(score) over () from users order by score;
--> name | rank | sum | lag | last_value | ratio_to_report
--> Ann | 1 | 10 | NULL | 30 | 0.16666666666666666
--> Bob | 2 | 30 | Ann | 30 | 0.3333333333333333
--> Ann | 3 | 60 | Bob | 30 | 0.5
--> Cyd | 4 | 60 | Ann | 30 | NULL

-- case: an ordered aggregate window needs a frame
select sum(score) over (order by score) from users;
--! 0A000 Aggregate window functions with an ORDER BY clause require a frame clause

-- case: approximate counts
select approximate count(distinct level), count(distinct level) from users;
--> count int8 | count int8
--> 2 | 2

-- case: BOOL_OR, STDDEV, ANY_VALUE
select bool_or(level = 'free'), bool_and(level = 'free'), round(stddev(score), 2), any_value(1) from users;
--> bool_or | bool_and | round | any_value
--> true | false | 10.0 | 1

-- case: GROUP BY with a number, HAVING
select level, count(*) from users group by 1 having count(*) > 1;
--> level | count
--> paid | 3

-- case: set operations and parentheses
(select 1 as a union all select 2) union select 1 order by 1;
--> a
--> 1
--> 2

-- case: the session
select current_user, user, current_database(), pg_last_copy_id(), pg_last_copy_count();
--> current_user | current_user | current_database | pg_last_copy_id | pg_last_copy_count
--> awsuser | awsuser | dev | -1 | 0

-- case: the version
select version();
--> version
--> PostgreSQL 8.0.2 on i686-pc-linux-gnu, compiled by GCC gcc (GCC) 3.4.2 20041017 (Red Hat 3.4.2-6.fc3), Redshift local-duckdb

-- case: the database in front of a name
select count(*) from dev.case_queries.users;
--> count
--> 4

-- case: another database
select count(*) from other.public.users;
--! 0A000 cross-database references are not implemented: other.public.users

-- case: generate_series stands alone
select sum(generate_series) from generate_series(1, 4);
--> sum
--> 10

-- case: generate_series not beside a table
select * from generate_series(1, 4), users;
--! 0A000 Specified types or functions (one per INFO message) not supported on Redshift tables.

-- case: star without some
select * exclude (score, level) from users where user_id = 2;
--> user_id | name
--> 2 | Bob

-- case: rollup
select level, count(*) from users group by rollup (level) order by 1;
--> level | count
--> free | 1
--> paid | 3
--> NULL | 4

-- case: an alias wins over the name of an unnamed item
select user_id + 40 as t, t::bigint, (t) + 1, upper(t::varchar) from users where user_id = 2;
--> t | t | ?column? | upper
--> 42 | 42 | 43 | 42

-- case: INTO of a UNION
select 1 as a into united union all select 2 union all select 3;
select a from united order by a;
--> a
--> 1
--> 2
--> 3

-- case: a WITH query may have its table's name
with users as (select * from users where user_id = 1), more as (select count(*) as n from users) select n from more;
--> n
--> 2

-- case: a WITH query sees those before it alone
with a as (select * from b), b as (select 1) select * from a;
--! 42P01 relation "b" does not exist

-- case: WITH RECURSIVE sees itself
with recursive r(n) as (select 1 union all select n + 1 from r where n < 3) select n from r order by n;
--> n
--> 1
--> 2
--> 3

-- case: dollar quotes
select $$it's$$, $a$x$$y$a$, $$back\n$$;
--> ?column? | ?column? | ?column?
--> it's | x$$y | back\n

-- case: numbers and dates are text to LIKE
select user_id from users where user_id like '1%' and user_id not like '' and date '2018-11-01' like '2018%' order by 1;
--> user_id
--> 1
--> 1

-- case: SELECT DISTINCT is ordered by what it selects, by name, alias, number or within an expression
select distinct users.name as n, upper(level) from users order by n desc, name, level, 2 limit 1;
--> n | upper
--> Cyd | PAID

-- case: and by nothing else
select distinct name from users order by score;
--^ score
--! 42P10 for SELECT DISTINCT, ORDER BY expressions must appear in select list
