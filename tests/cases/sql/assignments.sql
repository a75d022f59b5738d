create table assigned (n int, at timestamp, d date, b boolean, v varchar(30), x numeric(8,2));
create table given (big bigint, at timestamp, v varchar(10));
insert into given values (1541106106797, '2018-11-04 15:06:07', '8');

-- case: INSERT ... SELECT converts no text to numbers
insert into assigned (n) select v from given;
--! 42804 column "n" is of type integer but expression is of type character varying

-- case: INSERT ... SELECT converts no number to a timestamp
insert into assigned (at) select big from given;
--! 42804 column "at" is of type timestamp without time zone but expression is of type bigint

-- case: INSERT ... SELECT converts no timestamp to a number
insert into assigned select at from given;
--! 42804 column "n" is of type integer but expression is of type timestamp without time zone

-- case: INSERT ... SELECT converts no boolean
insert into assigned (v) select n > 1 from assigned;
--! 42804 column "v" is of type character varying but expression is of type boolean

-- case: INSERT ... SELECT of another type, in a CTE
insert into assigned (x) with q as (select v as amount from given) select amount from q;
--! 42804 column "x" is of type numeric but expression is of type character varying

-- case: INSERT ... SELECT converts integers, dates and whatever becomes text; literals fit everywhere
insert into assigned (n, at, d, b, v, x) select 1.5, at::date, at, (big % 2)::int, at, '7.25' from given
union all select null, '2018-11-01', null, null, null, 1;
insert into assigned (v) select big from given where v = '8' and big > 2;
select n, at, d, b, v, x from assigned order by n, at;
--> n | at | d | b | v | x
--> 2 | 2018-11-04 00:00:00 | 2018-11-04 | true | 2018-11-04 15:06:07 | 7.25
--> NULL | 2018-11-01 00:00:00 | NULL | NULL | NULL | 1.00
--> NULL | NULL | NULL | NULL | 1541106106797 | NULL

-- case: INSERT ... SELECT of every column, though one is a literal
insert into given select *, '8' from (select 2::bigint as big, sysdate as at) t;
select v from given where big = 2;
--> v
--> 8
