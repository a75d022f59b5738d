create table target (id int, v varchar(10), n int default 5);
create table source (id int, v varchar(10));
create table numbered (id int identity(1,1), v varchar(10));
insert into source values (2, 'zwei'), (3, 'drei');

-- case: fewer values fill the first columns
create temp table fewer (like target including defaults);
insert into fewer values (1), (2);
insert into fewer select 3, 'x';
insert into fewer (select 4);
insert into fewer select * from source;
insert into fewer values (5, default, null);
select * from fewer order by id, v;
--> id | v | n
--> 1 | NULL | 5
--> 2 | zwei | 5
--> 2 | NULL | 5
--> 3 | drei | 5
--> 3 | x | 5
--> 4 | NULL | 5
--> 5 | NULL | NULL

-- case: more values than columns
insert into source values (1, 'x', 3);
--! 42601 INSERT has more expressions than target columns

-- case: fewer values than names
insert into source (id, v) values (1);
--! 42601 INSERT has more target columns than expressions

-- case: a name that is no column
insert into source (id, w) values (1, 'x');
--! 42703 column "w" of relation "source" does not exist

-- case: values of every kind
create temp table kinds (a int, b varchar(20), c timestamp, d date, e boolean, f numeric(8,2));
insert into kinds values (-1, 'it''s \\ \'so\'', '2018-11-01 10:00:00'::timestamp, '2018-11-01'::date, true, 1.005), (+2, $$x$$, null, null, FALSE, 1e2);
insert into kinds (a, b) values (1 + 1, upper('x') || 'y');
select * from kinds order by a, b;
--> a | b | c | d | e | f
--> -1 | it's \ 'so' | 2018-11-01 10:00:00 | 2018-11-01 | true | 1.01
--> 2 | Xy | NULL | NULL | NULL | NULL
--> 2 | x | NULL | NULL | false | 100.00

-- case: an identity column takes no value
insert into numbered (id, v) values (1, 'x');
--! 0A000 cannot set an identity column to a value

-- case: nor by position
insert into numbered values (1, 'x');
--! 0A000 cannot set an identity column to a value

-- case: nor in an update
update numbered set id = 1;
--! 0A000 cannot set an identity column to a value

-- case: but DEFAULT
insert into numbered values (default, 'x');

-- case: into a table that is not there
insert into nowhere values (1);
--! 42P01 relation "nowhere" does not exist

-- case: update from another table
create temp table updated (like target);
insert into updated values (1, 'one', 1), (2, 'two', 2);
update updated t set v = source.v, n = t.n * 10 from source where t.id = source.id;
select * from updated order by id;
--> id | v | n
--> 1 | one | 1
--> 2 | zwei | 20

-- case: no table before the column that is set
update target set target.v = 'x';
--! 42703 column "target" of relation "target" does not exist

-- case: delete using
create temp table deleted (like target);
insert into deleted values (1, 'one'), (2, 'two'), (3, 'three');
delete from deleted using source where deleted.id = source.id and source.v = 'zwei';
delete deleted where id = 3;
select id from deleted;
--> id
--> 1

-- case: the upsert of the guide
create temp table upserted (like source);
insert into upserted values (1, 'one'), (2, 'two');
begin;
delete from upserted using source where upserted.id = source.id;
insert into upserted select * from source;
end;
select * from upserted order by 1;
--> id | v
--> 1 | one
--> 2 | zwei
--> 3 | drei

-- case: MERGE
create temp table merged (like source);
insert into merged values (1, 'one'), (2, 'two');
merge into merged using source on merged.id = source.id when matched then update set v = source.v when not matched then insert (id, v) values (source.id, source.v);
select * from merged order by 1;
--> id | v
--> 1 | one
--> 2 | zwei
--> 3 | drei

-- case: MERGE with DELETE and an alias for the source
create temp table merged2 (like source);
insert into merged2 values (1, 'one'), (2, 'two');
merge into merged2 using source as s on merged2.id = s.id when matched then delete when not matched then insert values (s.id, s.v);
select * from merged2 order by 1;
--> id | v
--> 1 | one
--> 3 | drei

-- case: MERGE REMOVE DUPLICATES
create temp table merged3 (like source);
insert into merged3 values (2, 'two'), (2, 'two');
merge into merged3 using source on merged3.id = source.id remove duplicates;
select * from merged3 order by 1;
--> id | v
--> 2 | zwei
--> 3 | drei

-- case: MERGE that matches twice
create temp table twice (like source);
insert into twice values (1, 'a'), (1, 'b');
merge into source using twice on source.id = twice.id when matched then update set v = twice.v when not matched then insert values (twice.id, twice.v);
merge into source using twice on source.id = twice.id when matched then update set v = twice.v when not matched then insert values (twice.id, twice.v);
--! XX000 Found multiple matches to update the same tuple.

-- case: MERGE with one WHEN
merge into target using source on target.id = source.id when matched then delete;
--! 42601 syntax error: MERGE needs exactly one WHEN MATCHED and one WHEN NOT MATCHED

-- case: MERGE from a subquery
merge into target using (select 1 as id) s on target.id = s.id when matched then delete when not matched then insert values (s.id);
--! 0A000 the source of MERGE must be a table, not a view or a subquery

-- case: TRUNCATE
create table emptied (id int);
insert into emptied values (1);
truncate table emptied;
select count(*) from emptied;
--> count
--> 0

-- case: ON CONFLICT
insert into target values (1) on conflict do nothing;
--! 42601 syntax error at or near "on"

-- case: RETURNING
insert into target values (1) returning id;
--! 42601 syntax error at or near "returning"

-- case: DEFAULT in an update, WITH before changes
create temp table defaults (like target including defaults);
insert into defaults values (1, 'x', 1), (2, 'y', 2);
update defaults set n = default where id = 1;
with doomed as (select 2 as id) delete from defaults where id in (select id from doomed);
with named as (select 'z' as v) update defaults set v = (select v from named);
select * from defaults;
--> id | v | n
--> 1 | z | 5
