create table staging_events (artist varchar, auth varchar, firstname varchar, gender varchar(1), iteminsession int, lastname varchar, length float, level varchar, location varchar, method varchar, page varchar, registration bigint, sessionid int, song varchar, status int, ts bigint, useragent varchar, userid int);
create table staging_songs (num_songs int, artist_id varchar, artist_latitude float, artist_longitude float, artist_location varchar, artist_name varchar, song_id varchar, title varchar, duration float, year int);
insert into staging_events (artist, firstname, gender, lastname, length, level, page, sessionid, song, ts, userid) values
    ('Des''ree', 'Kaylee', 'F', 'Summers', 246.30812, 'free', 'NextSong', 139, 'You Gotta Be', 1541106106796, 8),
    (null, 'Kaylee', 'F', 'Summers', null, 'free', 'Home', 139, null, 1541106107796, 8),
    ('Muse', 'Ryan', 'M', 'Smith', 209.50159, 'paid', 'NextSong', 169, 'Supermassive Black Hole', 1543607664796, 26);
insert into staging_songs values (1, 'AR1', 35.1, null, 'London', 'Des''ree', 'SO1', 'You Gotta Be', 246.30812, 1994), (1, 'AR2', null, null, null, 'Muse', 'SO2', 'Uprising', 304.8, 2009);
create table moment (t timestamp, tz timestamptz, d date, ms bigint);
insert into moment values ('2018-11-04 15:06:07.089123', '2018-11-04 15:06:07.089123+00', '2018-11-04', 1541106106796);
create table stage (id int, v varchar(10));
insert into stage values (1, 'one'), (2, null), (3, '3');

-- case: the fact table's INSERT
create temp table songplays (songplay_id int identity(0,1) primary key, start_time timestamp not null sortkey distkey, user_id int, level varchar, song_id varchar, artist_id varchar);
insert into songplays (start_time, user_id, level, song_id, artist_id)
select distinct timestamp 'epoch' + e.ts/1000 * interval '1 second' as start_time, e.userid, e.level, s.song_id, s.artist_id
from staging_events e left join staging_songs s on e.song = s.title and e.artist = s.artist_name and abs(e.length - s.duration) < 2
where e.page = 'NextSong';
select start_time, user_id, level, song_id, artist_id from songplays order by 1;
--> start_time | user_id | level | song_id | artist_id
--> 2018-11-01 21:01:46 | 8 | free | SO1 | AR1
--> 2018-11-30 19:54:24 | 26 | paid | NULL | NULL

-- case: the time table's INSERT, with an alias used again
select distinct timestamp 'epoch' + ts/1000 * interval '1 second' as start_time, extract(hour from start_time) as hour, extract(day from start_time) as day,
       extract(week from start_time) as week, extract(month from start_time) as month, extract(year from start_time) as year, extract(weekday from start_time) as weekday
from staging_events where page = 'NextSong' and start_time is not null order by start_time;
--> start_time | hour | day | week | month | year | weekday
--> 2018-11-01 21:01:46 | 21 | 1 | 44 | 11 | 2018 | 4
--> 2018-11-30 19:54:24 | 19 | 30 | 48 | 11 | 2018 | 5

-- case: EXTRACT takes every abbreviation, in any case, bare and quoted
select extract(WEEK from t), extract(Weeks from t), extract(w from t), extract('w' from t), extract("week" from t), extract(dayofweek from t), extract(DOW from t), extract(dw from t), extract(weekday from t),
       extract(d from t), extract(day from t), extract(days from t), extract(h from t), extract(hr from t), extract(hrs from t), extract(hour from t), extract(hours from t) from moment;
--> date_part | date_part | date_part | date_part | date_part | date_part | date_part | date_part | date_part | date_part | date_part | date_part | date_part | date_part | date_part | date_part | date_part
--> 44 | 44 | 44 | 44 | 44 | 0 | 0 | 0 | 0 | 4 | 4 | 4 | 15 | 15 | 15 | 15 | 15

-- case: of years and what is longer
select extract(y from t), extract(yr from t), extract(yrs from t), extract(years from t), extract(mon from t), extract(mons from t), extract(months from t), extract(qtr from t), extract(qtrs from t), extract(quarters from t),
       extract(dec from t), extract(decs from t), extract(decades from t), extract(c from t), extract(cent from t), extract(cents from t), extract(centuries from t), extract(mil from t), extract(mils from t), extract(millennium from t) from moment;
--> date_part | date_part | date_part | date_part | date_part | date_part | date_part | date_part | date_part | date_part | date_part | date_part | date_part | date_part | date_part | date_part | date_part | date_part | date_part | date_part
--> 2018 | 2018 | 2018 | 2018 | 11 | 11 | 11 | 4 | 4 | 4 | 201 | 201 | 201 | 21 | 21 | 21 | 21 | 3 | 3 | 3

-- case: of days of the year and what is shorter
select extract(doy from t), extract(dy from t), extract(yearday from t), extract(dayofyear from t), extract(m from t), extract(min from t), extract(mins from t), extract(minutes from t), extract(s from t), extract(sec from t), extract(secs from t),
       extract(ms from t), extract(msec from t), extract(msecs from t), extract(milliseconds from t), extract(us from t), extract(usec from t), extract(microsec from t), extract(microseconds from t), extract(epoch from t) from moment;
--> date_part | date_part | date_part | date_part | date_part | date_part | date_part | date_part | date_part | date_part | date_part | date_part | date_part | date_part | date_part | date_part | date_part | date_part | date_part | date_part
--> 308 | 308 | 308 | 308 | 6 | 6 | 6 | 6 | 7 | 7 | 7 | 89 | 89 | 89 | 89 | 89123 | 89123 | 89123 | 89123 | 1541343967

-- case: DATE_PART with bare and quoted parts
select date_part(hour, t), date_part('hour', t), date_part("hour", t), date_part(dw, t), date_part(WEEK, t), date_part(y, d), date_part(epoch, t), date_part(h, t)::int as hour from moment;
--> pgdate_part | pgdate_part | pgdate_part | pgdate_part | pgdate_part | pgdate_part | pgdate_part | hour
--> 15.0 | 15.0 | 15.0 | 0.0 | 44.0 | 2018.0 | 1541343967.089123 | 15

-- case: DATE_TRUNC, DATEADD and DATEDIFF with abbreviations
select date_trunc('h', t), date_trunc('qtr', t), date_trunc('w', d), date_trunc('dec', t), dateadd(w, 1, d), dateadd(mon, -1, t), dateadd(qtr, 1, d), dateadd(hrs, 2, '2018-01-01'), datediff(w, '2018-10-01', t), datediff(mins, '2018-11-04', t), datediff(yrs, d, '2020-01-01') from moment;
--> date_trunc | date_trunc | date_trunc | date_trunc | date_add | date_add | date_add | date_add | date_diff | date_diff | date_diff
--> 2018-11-04 15:00:00 | 2018-10-01 00:00:00 | 2018-10-29 00:00:00 | 2010-01-01 00:00:00 | 2018-11-11 00:00:00 | 2018-10-04 15:06:07.089123 | 2019-02-04 00:00:00 | 2018-01-01 02:00:00 | 5 | 906 | 2

-- case: the epoch in whole seconds
select timestamp 'epoch' + ms/1000 * interval '1 second' as a, TIMESTAMP 'epoch' + ms/1000 * INTERVAL '1 Second ' as b, timestamp 'epoch' + (ms/1000) * interval '1second' as c, timestamp 'epoch' + ms/1000 * interval '1s' as d,
       timestamp 'epoch' + ms/1000 * interval '1' second as e, timestamp 'epoch' + ms/1000 * interval '001 second' as f, timestamp 'epoch' + cast(ms/1000 as bigint) * interval '1 sec' as g, timestamp 'epoch' + interval '1 second' * (ms/1000) as h,
       'epoch'::timestamp + ms/1000 * interval '1 second' as i, cast('epoch' as timestamp) + ms::bigint/1000 * interval '00:00:01' as j, timestamp '1970-01-01' + ms/1000 * interval '1 second' as k, date '1970-01-01' + ms/1000 * interval '1' as l,
       dateadd(second, ms/1000, '1970-01-01') as m, dateadd(s, ms/1000, '19700101'::date) as n, timestamp 'epoch' + (ms/1000 || ' second')::interval as o, timestamp without time zone 'epoch' + (ms::int8/1000::int8) * interval '1 secs' as p from moment;
--> a timestamp | b timestamp | c timestamp | d timestamp | e timestamp | f timestamp | g timestamp | h timestamp | i timestamp | j timestamp | k timestamp | l timestamp | m timestamp | n timestamp | o timestamp | p timestamp
--> 2018-11-01 21:01:46 | 2018-11-01 21:01:46 | 2018-11-01 21:01:46 | 2018-11-01 21:01:46 | 2018-11-01 21:01:46 | 2018-11-01 21:01:46 | 2018-11-01 21:01:46 | 2018-11-01 21:01:46 | 2018-11-01 21:01:46 | 2018-11-01 21:01:46 | 2018-11-01 21:01:46 | 2018-11-01 21:01:46 | 2018-11-01 21:01:46 | 2018-11-01 21:01:46 | 2018-11-01 21:01:46 | 2018-11-01 21:01:46

-- case: the epoch with its milliseconds
select timestamp 'epoch' + ms * interval '0.001 seconds' as a, timestamp 'epoch' + ms * interval '0.001 second' as b, timestamp 'epoch' + ms * interval '1 millisecond' as c, timestamp 'epoch' + ms/1000.0 * interval '1 second' as d,
       timestamp 'epoch' + (ms * 0.001) * interval '1 second' as e, timestamp 'epoch' + cast(ms as float)/1000 * interval '1 second' as f, timestamp 'epoch' + ms/1000::float * interval '1 second' as g, timestamp 'epoch' + (ms::float8/1000)::float8 * interval '1s' as h,
       date_add('ms', ms, '1970-01-01') as i, dateadd(ms, ms, 'epoch') as j, timestamp 'epoch' + interval '1 second' * ms / 1000 as k from moment;
--> a | b | c | d | e | f | g | h | i | j | k
--> 2018-11-01 21:01:46.796000 | 2018-11-01 21:01:46.796000 | 2018-11-01 21:01:46.796000 | 2018-11-01 21:01:46.796000 | 2018-11-01 21:01:46.796000 | 2018-11-01 21:01:46.796000 | 2018-11-01 21:01:46.796000 | 2018-11-01 21:01:46.796000 | 2018-11-01 21:01:46.796000 | 2018-11-01 21:01:46.796000 | 2018-11-01 21:01:46.796000

-- case: the epoch with a time zone
select timestamp with time zone 'epoch' + ms/1000 * interval '1 second' as a, timestamptz 'epoch' + ms/1000 * interval '1 second' as b, 'epoch'::timestamptz + ms * interval '0.001 seconds' as c, (timestamp with time zone 'epoch' + ms/1000 * interval '1 second')::timestamp as d from moment;
--> a timestamptz | b timestamptz | c timestamptz | d timestamp
--> 2018-11-01 21:01:46+00:00 | 2018-11-01 21:01:46+00:00 | 2018-11-01 21:01:46.796000+00:00 | 2018-11-01 21:01:46

-- case: a number's digits taken for a date: what is nonsense stays nonsense
select to_char(ms, '9999-99-99 99:99:99'), to_timestamp(to_char(ms, '9999-99-99 99:99:99'), 'YYYY-MM-DD HH24:MI:SS') from moment;
--> to_char | to_timestamp
-->   154-11-06 10:67:96 | 0154-11-06 11:08:36+00:00

-- case: days by name and number
select '[' || to_char(t, 'Day') || ']', to_char(t, 'FMDay'), to_char(t, 'Dy'), to_char(t, 'DAY'), to_char(t, 'ID'), to_char(t, 'D'), to_char(t, 'WW'), to_char(t, 'IW'), to_char(t, 'Q'), to_char(t, 'HH12:MI:SS.MS AM'), '[' || to_char(t, 'Month') || ']', to_char(t, 'YYYYMMDDHH24MISS')::bigint, to_char(d, 'YYYY')::int from moment;
--> ?column? | to_char | to_char | to_char | to_char | to_char | to_char | to_char | to_char | to_char | ?column? | to_char | to_char
--> [Sunday   ] | Sunday | Sun | SUNDAY    | 7 | 1 | 44 | 44 | 4 | 03:06:07.089 PM | [November ] | 20181104150607 | 2018

-- case: weekend or not
select case when extract(dow from t) in (0, 6) then true else false end as weekend, case when date_part(weekday, d) in (6, 7) then 'weekend' else 'weekday' end as wrong from moment;
--> weekend | wrong
--> true | weekday

-- case: an alias in SELECT, WHERE, GROUP BY, HAVING and ORDER BY
select userid * 10 as ten, ten + 1 as eleven, count(*) as n from staging_events where ten > 0 and eleven < 1000 group by ten having n >= 1 order by ten desc;
--> ten | eleven | n
--> 260 | 261 | 1
--> 80 | 81 | 2

-- case: a column of the same name wins
select upper(v) as v, v || '!' as again from stage where v = 'one';
--> v | again
--> ONE | one!

-- case: DISTINCT with parentheses, DISTINCT of a concatenation
select distinct(userid), firstname from staging_events order by 1;
--> userid | firstname
--> 8 | Kaylee
--> 26 | Ryan

-- case: COUNT DISTINCT
select count(distinct userid || page), count(distinct(level)), count(*), count(artist) from staging_events;
--> count | count | count | count
--> 3 | 2 | 3 | 2

-- case: several statements, comments, blank statements
begin;
-- a comment; with a semicolon
create temp table several (a int); /* another; /* nested */ one */
;;
insert into several values (1);
end transaction;
select a from several;;
--> a
--> 1

-- case: BEGIN and COMMIT around work
begin transaction; delete from stage where id = 99; commit work; start transaction; rollback; select count(*) from stage;
--> count
--> 3

-- case: tables made of tables
create temp table liked (like stage);
create table #copied as select * from stage;
insert into liked select * from #copied;
alter table liked add column n int default 5;
alter table liked rename column v to w;
alter table liked rename to renamed;
alter table renamed drop column n cascade;
select * from renamed order by id;
--> id | w
--> 1 | one
--> 2 | NULL
--> 3 | 3

-- case: schemas and the search path
create schema if not exists dwh authorization awsuser;
set search_path to dwh, case_classic, public;
create table in_dwh (a int);
insert into in_dwh values (1);
select in_dwh.a, s.id from in_dwh, stage s where s.id = in_dwh.a;
drop schema dwh cascade;
set search_path to case_classic;

-- case: comma joins and NOT IN
select e.firstname, s.title from staging_events e, staging_songs s where e.song = s.title and e.userid not in (select id from stage);
--> firstname | title
--> Kaylee | You Gotta Be

-- case: NOT IN with a NULL finds nothing
select count(*) from staging_events where song not in (select artist_location from staging_songs);
--> count
--> 0

-- case: outer joins with (+)
select s.id, e.firstname from stage s, (select distinct userid - 7 as id, firstname from staging_events) e where s.id = e.id(+) order by 1;
--> id | firstname
--> 1 | Kaylee
--> 2 | NULL
--> 3 | NULL

-- case: the other way round, with a constant
select s.id, e.userid from staging_events e, stage s where e.sessionid(+) = s.id + 138 and e.page(+) = 'Home' and s.id < 3 order by 1;
--> id | userid
--> 1 | 8
--> 2 | NULL

-- case: three tables in a row
select a.id, b.id, c.id from stage a, stage b, stage c where a.id + 1 = b.id(+) and b.id + 1 = c.id(+) order by 1;
--> id | id | id
--> 1 | 2 | 3
--> 2 | 3 | NULL
--> 3 | NULL | NULL

-- case: a marked column without its table
select a.id, b.v from stage a, (select id + 1 as other, v as w, v from stage) b where a.id = b.other(+) and w(+) = 'one' order by 1;
--> id | v
--> 1 | NULL
--> 2 | one
--> 3 | NULL

-- case: grouping sets
select level, gender, count(*) from staging_events group by grouping sets ((level), (gender), ()) order by 1, 2;
--> level | gender | count
--> free | NULL | 2
--> paid | NULL | 1
--> NULL | F | 2
--> NULL | M | 1
--> NULL | NULL | 3

-- case: CUBE, GROUPING
select level, grouping(level), count(*) from staging_events group by cube (level) order by 1;
--> level | grouping | count
--> free | 0 | 2
--> paid | 0 | 1
--> NULL | 1 | 3

-- case: GROUP BY ALL
select level, gender, count(*) from staging_events group by all order by 1;
--> level | gender | count
--> free | F | 2
--> paid | M | 1

-- case: TOP, LIMIT ALL, OFFSET
select top 1 id from stage order by id desc;
--> id
--> 3

-- case: LIMIT and OFFSET
select id from stage order by id limit 1 offset 1;
--> id
--> 2

-- case: LIMIT ALL
select id from stage order by id limit all offset 2;
--> id
--> 3

-- case: a literal takes the type of what it meets
select id + '1', '10' / id, '7' % 2, 2 * '1.5', t - '2018-11-04', d - '2018-11-01', t + '1 day', d - '2 hours' from stage, moment where id = '3' and id in ('3', '4') and id between '1' and '5';
--> ?column? | ?column? | ?column? | ?column? | ?column? | ?column? | ?column? | ?column?
--> 4 | 3 | 1 | 3.0 | 15:06:07.089123 | 3 | 2018-11-05 15:06:07.089123 | 2018-11-03 22:00:00

-- case: || with NULL and numbers
select 'a' || null || 'b', 'a' || 1 || 2.5, id || '-' || v from stage where id < 3 order by id;
--> ?column? | ?column? | ?column?
--> NULL | a12.5 | 1-one
--> NULL | a12.5 | NULL

-- case: casts in all spellings
select cast('12' as int), '12'::int, convert(int, '12'), convert(varchar(2), 'abc'), '1'::bool, 't'::boolean, 'no'::boolean, 1::boolean, 3.7::int, '2018-11-04'::date::timestamp, 12::varchar || '!';
--> int4 | int4 | int4 | varchar | bool | bool | bool | bool | int4 | timestamp | ?column?
--> 12 | 12 | 12 | ab | true | true | false | true | 4 | 2018-11-04 00:00:00 | 12!

-- case: an empty user id is no integer
select count(*) from staging_events where userid <> '';
--! 22P02 invalid input syntax for integer: ""
--^ ''

-- case: names that are no reserved words
select 1 as level, 2 as year, 3 as month, 4 as day, 5 as hour, 6 as week, 7 as weekday, 8 as location, 9 as status, 10 as method, 11 as length, 12 as duration, 13 as time, 14 as date, 15 as users, 16 as name, 17 as type, 18 as value;
--> level | year | month | day | hour | week | weekday | location | status | method | length | duration | time | date | users | name | type | value
--> 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14 | 15 | 16 | 17 | 18

-- case: tables called time and users
create temp table time (start_time timestamp, hour int, day int, week int, month int, year int, weekday int);
create temp table users (user_id int, level varchar);
insert into time select t, extract(hour from t), extract(day from t), extract(week from t), extract(month from t), extract(year from t), extract(weekday from t) from moment;
select u.level, t.hour from time t left join users u on u.user_id = t.day;
--> level | hour
--> NULL | 15

-- case: SERIAL is refused
create table refused (id serial primary key);
--! 0A000 Column "refused.id" has unsupported type "serial".
--^ serial

-- case: two distribution columns are refused
create table refused (a int, b int) distkey (a, b);
--! 42601 syntax error at or near ","
--^ , b)
