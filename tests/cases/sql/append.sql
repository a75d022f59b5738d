create table target (id int, v varchar(3) default 'd', n int identity(1, 1)) distkey (id);
create table narrow (v varchar(3), id int) distkey (id);
create table wide (id int, v varchar(3), w int);
create table plain (v varchar(3), id int);
create table typed (id bigint, v varchar(3));
create temp table temporary (id int, v varchar(3));

-- case: the target's other columns are filled
create table moving (v varchar(3), id int) distkey (id);
insert into moving values ('a', 1), ('b', 2);
alter table target append from moving filltarget;
select id, v, n > 0 as numbered, (select count(*) from moving) as left_over from target order by id;
--> id | v | numbered | left_over
--> 1 | a | true | 0
--> 2 | b | true | 0

-- case: the source's other columns are left out
create table wider (id int, v varchar(3), w int);
insert into wider values (1, 'a', 7);
alter table plain append from wider ignoreextra;
select v, id, (select count(*) from wider) as left_over from plain;
--> v | id | left_over
--> a | 1 | 0

-- case: unless it is said, the source may have no more columns
alter table plain append from wide;
--! 42P16 ALTER TABLE APPEND: the target has no column "w"

-- case: nor the target
alter table target append from narrow;
--! 42P16 ALTER TABLE APPEND: the source has no column "n"

-- case: types must be the same
alter table plain append from typed;
--! 42P16 ALTER TABLE APPEND: column "id" has other attributes in the source

-- case: so must distribution
alter table plain append from narrow;
--! 42P16 ALTER TABLE APPEND: the tables must have the same distribution style

-- case: no temporary tables
alter table plain append from temporary;
--! 42P16 ALTER TABLE APPEND: "temporary" is a temporary table

-- case: no table appends to itself
alter table plain append from plain;
--! 42P16 ALTER TABLE APPEND: the source and the target must be different tables

-- case: not inside a transaction
begin; alter table plain append from wide ignoreextra;
--! 25001 ALTER TABLE APPEND cannot run inside a transaction block
