create table t (id int, ts timestamp, d date, tz timestamptz, ms bigint);
insert into t values (1, '2018-11-04 15:06:07.089', '2018-11-04', '2018-11-04 15:06:07+00', 1541106106796);

-- case: EXTRACT gives integers, each part alone
select extract(hour from ts), extract(ms from ts), extract(us from ts), extract(sec from ts), extract(epoch from ts) from t;
--> date_part int4 | date_part int4 | date_part int4 | date_part int4 | date_part int8
--> 15 | 89 | 89000 | 7 | 1541343967

-- case: EXTRACT in every spelling
select extract(y from ts), extract(yr from ts), extract(mon from ts), extract(months from ts), extract(d from ts),
       extract(h from ts), extract(hr from ts), extract(hrs from ts), extract(m from ts), extract(mins from ts),
       extract(w from ts), extract(weeks from ts), extract(qtr from ts), extract(dy from ts), extract(doy from ts) from t;
--> date_part | date_part | date_part | date_part | date_part | date_part | date_part | date_part | date_part | date_part | date_part | date_part | date_part | date_part | date_part
--> 2018 | 2018 | 11 | 11 | 4 | 15 | 15 | 15 | 6 | 6 | 44 | 44 | 4 | 308 | 308

-- case: Sunday is day 0
select extract(dow from ts), extract(weekday from ts), extract(dayofweek from ts), extract(dw from ts), extract('dow' from d) from t;
--> date_part | date_part | date_part | date_part | date_part
--> 0 | 0 | 0 | 0 | 0

-- case: weeks are ISO weeks
select extract(week from date '2018-12-31'), date_part(w, date '2018-12-31'), extract(year from '2018-12-31');
--> date_part int4 | pgdate_part float8 | date_part int4
--> 1 | 1.0 | 2018

-- case: DATE_PART gives double precision, seconds with their fraction
select date_part(sec, ts), date_part('hour', ts), date_part(dow, d), date_part(year, ts) from t;
--> pgdate_part float8 | pgdate_part float8 | pgdate_part float8 | pgdate_part float8
--> 7.089 | 15.0 | 0.0 | 2018.0

-- case: an unknown part
select extract(fortnight from ts) from t;
--! 22023 timestamp units "fortnight" not recognized

-- case: the epoch idiom drops milliseconds
select timestamp 'epoch' + ms/1000 * interval '1 second', timestamp 'epoch' + (ms/1000)::bigint * interval '1 second',
       (timestamp 'epoch' + cast(ms as bigint)/1000 * interval '1 second')::timestamp, timestamp 'epoch' + (ms / 1000) * interval '1 seconds' from t;
--> ?column? timestamp | ?column? timestamp | timestamp timestamp | ?column? timestamp
--> 2018-11-01 21:01:46 | 2018-11-01 21:01:46 | 2018-11-01 21:01:46 | 2018-11-01 21:01:46

-- case: the epoch idiom that keeps them
select timestamp 'epoch' + ms * interval '0.001 seconds', timestamp 'epoch' + ms::float / 1000 * interval '001 second',
       timestamp 'epoch' + interval '1 second' * (ms / 1000.0), date_add('ms', ms, '1970-01-01'), dateadd(ms, ms, 'epoch') from t;
--> ?column? | ?column? | ?column? | date_add | date_add
--> 2018-11-01 21:01:46.796000 | 2018-11-01 21:01:46.796000 | 2018-11-01 21:01:46.796000 | 2018-11-01 21:01:46.796000 | 2018-11-01 21:01:46.796000

-- case: the epoch with a time zone
select timestamp with time zone 'epoch' + ms/1000 * interval '1 second' from t;
--> ?column? timestamptz
--> 2018-11-01 21:01:46+00:00

-- case: interval literals
select interval '7 days, 3 hours', interval '1w, 1h', interval '0.5 days', interval '5' day, interval '3600', interval '1 day 02:30:00', interval '1.5 seconds';
--> interval | interval | interval | interval | interval | interval | interval
--> 7 days, 3:00:00 | 7 days, 1:00:00 | 12:00:00 | 5 days, 0:00:00 | 1:00:00 | 1 day, 2:30:00 | 0:00:01.500000

-- case: a bad interval
select interval '3 parsecs';
--! 22007 invalid input syntax for type interval: "3 parsecs"

-- case: DATEADD returns a timestamp
select dateadd(month, 18, '2008-02-28'), dateadd(day, 1, d), dateadd('hr', -1, ts), date_add('qtr', 1, d) from t;
--> date_add timestamp | date_add timestamp | date_add timestamp | date_add timestamp
--> 2009-08-28 00:00:00 | 2018-11-05 00:00:00 | 2018-11-04 14:06:07.089000 | 2019-02-04 00:00:00

-- case: DATEDIFF counts boundaries
select datediff(year, '2018-12-31', '2019-01-01'), datediff(qtr, '1998-07-01', date '2008-01-01'), date_diff('hour', ts, dateadd(day, 1, ts)), datediff(d, d, '2018-11-01') from t;
--> date_diff int8 | date_diff int8 | date_diff int8 | date_diff int8
--> 1 | 38 | 24 | -3

-- case: weeks of DATEDIFF begin on Sunday
select datediff(week, '2018-11-03', '2018-11-04'), datediff(week, '2018-11-04', '2018-11-05');
--> date_diff | date_diff
--> 1 | 0

-- case: DATE_TRUNC gives a timestamp and weeks begin on Monday
select date_trunc('week', ts), date_trunc('month', d), date_trunc('mon', '2018-11-04') from t;
--> date_trunc timestamp | date_trunc timestamp | date_trunc timestamp
--> 2018-10-29 00:00:00 | 2018-11-01 00:00:00 | 2018-11-01 00:00:00

-- case: TRUNC of a timestamp is its date
select trunc(ts), ts::date, date(ts), last_day(ts), last_day('2020-02-10'), d + 1, d - date '2018-11-01' from t;
--> trunc date | ts date | date date | last_day date | last_day date | ?column? date | ?column? int8
--> 2018-11-04 | 2018-11-04 | 2018-11-04 | 2018-11-30 | 2020-02-29 | 2018-11-05 | 3

-- case: months
select add_months('2018-02-28', 1), add_months('2018-01-31', 1), add_months(d, 1), months_between('2018-03-31', '2018-02-28'), next_day('2018-11-04', 'Tue') from t;
--> add_months timestamp | add_months timestamp | add_months timestamp | months_between float8 | next_day date
--> 2018-03-31 00:00:00 | 2018-02-28 00:00:00 | 2018-12-04 00:00:00 | 1.0 | 2018-11-06

-- case: time zones
select convert_timezone('America/New_York', timestamp '2018-11-04 10:00:00'), convert_timezone('PST', 'UTC', '2018-07-04 10:00:00'), convert_timezone('GMT+2', timestamp '2018-07-04 10:00:00');
--> convert_timezone | convert_timezone | convert_timezone
--> 2018-11-04 05:00:00 | 2018-07-04 18:00:00 | 2018-07-04 08:00:00

-- case: AT TIME ZONE goes both ways
select ts at time zone 'EST', tz at time zone 'EST' from t;
--> ?column? timestamptz | ?column? timestamp
--> 2018-11-04 20:06:07.089000+00:00 | 2018-11-04 10:06:07

-- case: TIMEZONE is AT TIME ZONE
select timezone('EST', ts), timezone('EST', tz), timezone('UTC', timestamp 'epoch' + ms/1000 * interval '1 second') from t;
--> timezone timestamptz | timezone timestamp | timezone timestamptz
--> 2018-11-04 20:06:07.089000+00:00 | 2018-11-04 10:06:07 | 2018-11-01 21:01:46+00:00

-- case: TO_CHAR of dates
select to_char(ts, 'YYYY-MM-DD HH24:MI:SS.MS'), to_char(ts, 'HH12:MI AM'), to_char(ts, 'yyyymmdd'), to_char(d, 'DD Mon YYYY'), to_char(ts, '"Q"Q DDD US'), to_char(ts, 'FMMM/FMDDth') from t;
--> to_char | to_char | to_char | to_char | to_char | to_char
--> 2018-11-04 15:06:07.089 | 03:06 PM | 20181104 | 04 Nov 2018 | Q4 308 089000 | 11/4th

-- case: zeros and nines beside the fields of a date are text
select to_char(ts, 'YYYY-MM-DD 00:00:00'), to_char(ts, 'YYYY-MM-01'), to_char(d, 'HH24:00 9'), to_char(ts, 'YYYY-MM-DD"T"HH24:00') from t;
--> to_char | to_char | to_char | to_char
--> 2018-11-04 00:00:00 | 2018-11-01 | 00:00 9 | 2018-11-04T15:00

-- case: names of days and months are blank-padded
select '[' || to_char(ts, 'Day') || ']', to_char(ts, 'FMDay'), to_char(ts, 'DAY') || '.', to_char(ts, 'Dy'), to_char(ts, 'dy'), '[' || to_char(ts, 'Month') || ']', to_char(ts, 'MON') from t;
--> ?column? | to_char | ?column? | to_char | to_char | ?column? | to_char
--> [Sunday   ] | Sunday | SUNDAY   . | Sun | sun | [November ] | NOV

-- case: numbers of days and weeks
select to_char(ts, 'D'), to_char(ts, 'ID'), to_char(ts, 'WW'), to_char(ts, 'IW'), to_char(ts, 'W'), to_char(ts, 'J'), to_char(ts, 'CC') from t;
--> to_char | to_char | to_char | to_char | to_char | to_char | to_char
--> 1 | 7 | 44 | 44 | 1 | 2458427 | 21

-- case: TO_DATE is lenient
select to_date('20010631', 'YYYYMMDD'), to_date('2018-11-04', 'YYYY-MM-DD'), to_date('04 Nov 2018', 'DD Mon YYYY'), to_date('11/04/18', 'MM/DD/YY'), to_date('2018', 'YYYY');
--> to_date date | to_date date | to_date date | to_date date | to_date date
--> 2001-07-01 | 2018-11-04 | 2018-11-04 | 2018-11-04 | 2018-01-01

-- case: TO_DATE when told to be strict
select to_date('20010631', 'YYYYMMDD', true);
--! 22007 date/time field value out of range: 20010631

-- case: TO_TIMESTAMP returns TIMESTAMPTZ
select to_timestamp('2018-11-04 10:11:12', 'YYYY-MM-DD HH24:MI:SS'), to_timestamp('11/04/2018 03:04 PM', 'MM/DD/YYYY HH12:MI AM'), to_timestamp('2018-11-04', 'YYYY-MM-DD HH24:MI:SS');
--> to_timestamp timestamptz | to_timestamp timestamptz | to_timestamp timestamptz
--> 2018-11-04 10:11:12+00:00 | 2018-11-04 15:04:00+00:00 | 2018-11-04 00:00:00+00:00

-- case: TO_TIMESTAMP of TO_CHAR of a number
select to_timestamp(to_char(20181104101112, '9999-99-99 99:99:99'), 'YYYY-MM-DD HH24:MI:SS')::timestamp;
--> to_timestamp timestamp
--> 2018-11-04 10:11:12

-- case: TO_TIMESTAMP of a number alone does not exist
select to_timestamp(1541106106) from t;
--! 42883 function to_timestamp(integer) does not exist

-- case: GETDATE has whole seconds, SYSDATE is a timestamp
select date_part(ms, getdate()), datediff(hour, getdate(), sysdate), current_date - sysdate::date, trunc(getdate()) = current_date;
--> pgdate_part float8 | date_diff int8 | ?column? int8 | ?column? bool
--> 0.0 | 0 | 0 | true

-- case: NOW is the leader node's
select now() from t;
--! 0A000 Specified types or functions (one per INFO message) not supported on Redshift tables.

-- case: dates in other spellings
select date '20181104', date '11/04/2018', '04-Nov-2018'::date, 'Nov 4, 2018 10:11:12'::timestamp, timestamp '2018/11/4';
--> date | date | date | timestamp | timestamp
--> 2018-11-04 | 2018-11-04 | 2018-11-04 | 2018-11-04 10:11:12 | 2018-11-04 00:00:00

-- case: TRUNC of an aggregate, of an alias, and grouped by
select trunc(max(ts)), trunc(max(ms / 7.0)) as n, max(ts) as last, trunc(last), trunc(min(ts) over ()) from t group by ts;
--> trunc date | n float8 | last timestamp | trunc date | trunc date
--> 2018-11-04 | 220158015256.0 | 2018-11-04 15:06:07.089000 | 2018-11-04 | 2018-11-04

-- case: TRUNC in GROUP BY
select trunc(ts), count(*) from t group by trunc(ts) order by trunc(ts);
--> trunc | count
--> 2018-11-04 | 1

-- case: an alias of a converted value is used again
select ms::varchar::bigint as ms2, timestamp 'epoch' + ms2::int8 / 1000 * interval '1 second' as start_time, extract(hour from start_time), to_timestamp(start_time::varchar, 'YYYY-MM-DD') as day, date_part(d, day) from t;
--> ms2 | start_time | date_part | day | pgdate_part
--> 1541106106796 | 2018-11-01 21:01:46 | 21 | 2018-11-01 00:00:00+00:00 | 1.0

-- case: text that is no date
select to_date('never', 'YYYY-MM-DD');
--! 22007 invalid value "never" for the format "YYYY-MM-DD"

-- case: an interval times a number, divided
select timestamp 'epoch' + interval '1 second' * ms / 1000, timestamp 'epoch' + (ms * interval '1 second') / 1000.0, interval '1 hour' / 2 from t;
--> ?column? timestamp | ?column? timestamp | ?column? interval
--> 2018-11-01 21:01:46.796000 | 2018-11-01 21:01:46.796000 | 0:30:00

-- case: a cast of a typed literal
select timestamp '2018-11-04 15:06:07'::time, timestamp '2018-11-04 15:06:07'::date, date '2018-11-04'::varchar, timestamp 'epoch'::timestamptz;
--> time time | date date | varchar varchar | timestamptz timestamptz
--> 15:06:07 | 2018-11-04 | 2018-11-04 | 1970-01-01 00:00:00+00:00

-- case: days are counted by BIGINT too
create temp table counted (n bigint, day date);
insert into counted values (1, '2018-11-02'), (2, '2018-11-04');
select ('2018-12-01'::date - row_number() over (order by n))::date as window, date '2018-11-01' + (n + n * 10) as sum, n + '2018-11-01'::date as turned,
       current_date - n < current_date as past, '2018-12-01'::date - day as days from counted order by n;
--> window date | sum date | turned date | past bool | days int8
--> 2018-11-30 | 2018-11-12 | 2018-11-02 | true | 29
--> 2018-11-29 | 2018-11-23 | 2018-11-03 | true | 27

-- case: also where the BIGINT is an aggregate or an alias
create temp table added (n bigint);
insert into added values (1), (2);
select '2018-12-01'::date - count(*) as counted, '2018-12-01'::date - max(n) as longest, count(*) * 3 as k, '2018-12-01'::date + k as later from added;
--> counted date | longest date | k int8 | later date
--> 2018-11-29 | 2018-11-29 | 6 | 2018-12-07

-- case: days are added to timestamps
create temp table spans (n bigint, small int);
insert into spans values (2, 3);
select '2018-11-04 15:06:07'::timestamp - 1 as before, n + '2018-11-04 15:06:07'::timestamp as after, '2018-11-04'::timestamp + (n * 10 + small) as later,
       sysdate - 1 < sysdate as yesterday, getdate() - 1 - n <= getdate() - small as sooner, '2018-11-04'::timestamp - '2018-11-03'::timestamp as between_them,
       '2018-11-04'::timestamp + interval '1 hour' as hour from spans;
--> before timestamp | after timestamp | later timestamp | yesterday bool | sooner bool | between_them interval | hour timestamp
--> 2018-11-03 15:06:07 | 2018-11-06 15:06:07 | 2018-11-27 00:00:00 | true | true | 1 day, 0:00:00 | 2018-11-04 01:00:00

-- case: but not to what lies between two of them
select (sysdate - ts) + 1 from t;
--! 42883 operator does not exist: interval + integer

-- case: nor are fractions
select '2018-12-01'::date + ms::float from t;
--! 42883 operator does not exist: date + double precision

-- case: DATETIME is TIMESTAMP
create temp table moments (a datetime not null, b datetime);
insert into moments values ('2018-11-04 15:06:07', null);
select a, '2018-11-04'::datetime as b, cast('2018-11-04 1:00' as datetime) as c from moments;
--> a timestamp | b timestamp | c timestamp
--> 2018-11-04 15:06:07 | 2018-11-04 00:00:00 | 2018-11-04 01:00:00
