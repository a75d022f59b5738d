create table t (id int, v varchar(12));
insert into t values (1, 'one'), (2, 'two');

-- Results are those that the AWS guide prints on each function's page.

-- case: where a string is
select charindex('fish', 'dogfish'), position('fish' in 'dogfish'), strpos('dogfish', 'fish'), octet_length('français'), len('français');
--> charindex int4 | position int4 | strpos int4 | octet_length int4 | len int4
--> 4 | 4 | 4 | 9 | 8

-- case: quoting
select quote_ident('"CAT"'), quote_literal('''CAT''');
--> quote_ident | quote_literal
--> """CAT""" | '''CAT'''

-- case: regular expressions
select regexp_count('abcdefghijklmnopqrstuvwxyz', '[a-z]{3}'), regexp_count('the fox', 'FOX', 1, 'i'),
       regexp_replace('the fox', 'FOX', 'quick brown fox', 1, 'i'), regexp_substr('the fox', 'FOX', 1, 1, 'i'),
       regexp_instr('The Home Depot Center', '[cC]ent(er|re)$'), regexp_instr('the fox', 'FOX', 1, 1, 0, 'i');
--> regexp_count | regexp_count | regexp_replace | regexp_substr | regexp_instr | regexp_instr
--> 8 | 1 | the quick brown fox | fox | 16 | 5

-- case: REGEXP_INSTR from a position, of an occurrence, after the match
select regexp_instr('abcabc', 'b', 1, 2), regexp_instr('abcabc', 'b', 3), regexp_instr('abcabc', 'bc', 1, 1, 1), regexp_instr('abc', 'z'), regexp_instr('a.b.c', '[.]', 1, 3), regexp_instr(null, 'x');
--> regexp_instr | regexp_instr | regexp_instr | regexp_instr | regexp_instr | regexp_instr
--> 5 | 5 | 4 | 0 | 0 | NULL

-- case: looking ahead is not built
select regexp_substr('a1', '(?=[0-9])', 1, 1, 'p');
--! 0A000 (?= in a regular expression is not supported by the local warehouse

-- case: trimming
select rtrim('xyzaxyzbxyzcxyz', 'xyz'), ltrim('xyzaxyzbxyzcxyz', 'xyz'), btrim('xyzaxyzbxyzcxyz', 'xyz'), trim(both '"' from '"dog"'), trim(leading '"' from '"dog"');
--> rtrim | ltrim | btrim | btrim | ltrim
--> xyzaxyzbxyzc | axyzbxyzcxyz | axyzbxyzc | dog | dog"

-- case: parts
select split_part('abc$def$ghi', '$', 2), split_part('abc$def$ghi', '$', 4), split_part('abc$def$ghi', '#', 1), substring('caterpillar', 6, 4), substring('caterpillar', 6, 8), translate('mint tea', 'inea', 'osin');
--> split_part | split_part | split_part | substring | substring | translate
--> def |  | abc$def$ghi | pill | pillar | most tin

-- case: numbers as text and text as numbers
select strtol('abcd1234', 16), strtol('0xf', 16), strtol('1234567', 10), strtol('01234567', 8), strtol('110101', 2), to_hex(2147676847);
--> strtol | strtol | strtol | strtol | strtol | to_hex
--> 2882343476 | 15 | 1234567 | 342391 | 53 | 8002f2af

-- case: SOUNDEX
select soundex('Amazon'), soundex('AWS Amazon'), soundex('+-*/%'), soundex('Ashcraft'), soundex('Tymczak'), soundex('Pfister'), soundex(null);
--> soundex | soundex | soundex | soundex | soundex | soundex | soundex
--> A525 | A252 |  | A261 | T522 | P236 | NULL

-- case: JSON
select json_extract_path_text('{"f2":{"f3":1},"f4":{"f5":99,"f6":"star"}}', 'f4', 'f6'), json_extract_array_element_text('[111,112,113]', 2), json_array_length('[11,12,13,{"f1":21,"f2":[25,26]},14]');
--> json_extract_path_text | json_extract_array_element_text | json_array_length
--> star | 113 | 5

-- case: dates in any spelling
select months_between('1969-01-18', '1969-03-18'), next_day('8/20/2014', 'Tuesday'), add_months('2008-02-29', 1), last_day('10/4/2008'), date_cmp('6/18/2008', '2008-06-17');
--> months_between | next_day | add_months | last_day | date_cmp
--> -2.0 | 2014-08-26 | 2008-03-31 00:00:00 | 2008-10-31 | 1

-- case: comparing dates with times
select date_cmp_timestamp('2008-06-18', '2008-06-18 00:00:00'), timestamp_cmp_date('2008-06-18 10:00:00', '2008-06-18'), timestamp_cmp('2008-01-24 06:43:29', '2008-01-24 06:43:30'), timestamptz_cmp('2008-01-24 06:43:29+00', '2008-01-24 06:43:29+02'), timestamp_cmp_timestamptz('2008-01-24 06:43:29', '2008-01-24 06:43:29+00'), interval_cmp('3 days', '1 year');
--> date_cmp_timestamp | timestamp_cmp_date | timestamp_cmp | timestamptz_cmp | timestamp_cmp_timestamptz | interval_cmp
--> 0 | 1 | -1 | 1 | 0 | -1

-- case: time zones
select convert_timezone('America/New_York', '2013-02-01 08:00:00'), convert_timezone('EST', 'GMT', '20080305 10:00:00'), convert_timezone('GMT', 'EST', '2008-08-21 07:23:54');
--> convert_timezone | convert_timezone | convert_timezone
--> 2013-02-01 03:00:00 | 2008-03-05 15:00:00 | 2008-08-21 02:23:54

-- case: TO_TIMESTAMP carries what is too much
select to_timestamp('2011-12-18 24:38:15', 'YYYY-MM-DD HH24:MI:SS'), to_date('02 Oct 2001', 'DD Mon YYYY'), to_date('20010631', 'YYYYMMDD', false);
--> to_timestamp | to_date | to_date
--> 2011-12-19 00:38:15+00:00 | 2001-10-02 | 2001-07-01

-- case: TO_CHAR of a timestamp
select to_char(timestamp '2009-12-31 23:15:59', 'MONTH-DY-DD-YYYY HH12:MIPM'), to_char(timestamp '2009-12-31 23:15:59', 'DDD'), to_char(timestamp '2022-05-16 23:15:59', 'ID'), to_char(timestamp '2009-12-31 23:15:59', 'cc'), to_char(timestamp '2009-12-31 23:15:59', 'HH12:MI:SS TZ');
--> to_char | to_char | to_char | to_char | to_char
--> DECEMBER -THU-31-2009 11:15PM | 365 | 1 | 21 | 11:15:59 UTC

-- case: TO_CHAR of a number
select to_char(-125.8, '999D99S'), to_char(618.80, 'l99999D99'), '[' || to_char(618.80, 'rn') || ']', to_char(1994, 'FMRN'), to_char(482, '999th'), to_char(11, 'FM99TH');
--> to_char | to_char | ?column? | to_char | to_char | to_char
--> 125.80- | $   618.80 | [          dcxix] | MCMXCIV |  482nd | 11TH

-- case: TO_NUMBER
select to_number('12,454.8-', '99G999D9S'), to_number('$ 12,454.88', 'L 99,999.99'), to_number('$ 2,012,454.88', 'L 9,999,999.99');
--> to_number | to_number | to_number
--> -12454.8 | 12454.88 | 2012454.88

-- case: intervals
select date '2008-12-31' + interval '1w, 1h, 1m, 1s', date '2008-12-31' + interval '52 weeks', date '2008-12-31' + interval '3 hours, 35 minutes', date '2008-12-31' + interval '0.5 days', date '2023-03-31' - interval '4 months';
--> ?column? | ?column? | ?column? | ?column? | ?column?
--> 2009-01-07 01:01:01 | 2009-12-30 00:00:00 | 2008-12-31 03:35:00 | 2008-12-31 12:00:00 | 2022-11-30 00:00:00

-- case: DATEDIFF
select datediff(week, '2009-01-01', '2009-12-31'), datediff(hour, '2023-01-01', '2023-01-03 05:04:03'), datediff(day, '2023-01-01', '2023-01-03 05:04:03'), datediff(sec, '04:05:06', '04:05:08');
--> date_diff | date_diff | date_diff | date_diff
--> 52 | 53 | 2 | 2

-- case: DATE_PART
select date_part(w, timestamp '2008-06-17 09:44:54'), date_part(minute, timestamp '2009-12-31 23:15:59'), date_part(month, date '2008-06-17');
--> pgdate_part | pgdate_part | pgdate_part
--> 25.0 | 15.0 | 6.0

-- case: dates as literals
select '080215'::date, '2008.366'::date, '01/02/00'::date, 'Jan-31-2000'::date, '2000-Jan-31'::date, 'January 8, 1999'::date, '1/8/1999'::date, '31-Jan-2000'::date;
--> date | date | date | date | date | date | date | date
--> 2008-02-15 | 2008-12-31 | 2000-01-02 | 2000-01-31 | 2000-01-31 | 1999-01-08 | 1999-01-08 | 2000-01-31

-- case: times as literals
select '04:05 AM'::time, '040506'::time, '04:05 PM'::time, '16:05'::time, '20080215 04:05 PM'::timestamp, '20080215 040506'::timestamp, '12/31/2008 12:10 am'::timestamp;
--> time | time | time | time | timestamp | timestamp | timestamp
--> 04:05:00 | 04:05:06 | 16:05:00 | 16:05:00 | 2008-02-15 16:05:00 | 2008-02-15 04:05:06 | 2008-12-31 00:10:00

-- case: words that are dates
select 'today'::date = current_date, 'tomorrow'::date - 'yesterday'::date, timestamp 'today' = current_date, dateadd(day, 1, 'today') = 'tomorrow'::timestamp, 'now'::timestamp >= 'today'::timestamp;
--> ?column? | ?column? | ?column? | ?column? | ?column?
--> true | 2 | true | true | true

-- case: other spellings of dates are inserted, compared and assigned
create temp table spelled (id int, d date, ts timestamp, v varchar(10));
insert into spelled values (1, '11/04/2018', '11/04/2018 10:00 PM', '11/04/2018'), (2, '04-Nov-2018', '20181104 100000', 'x'), (3, null, null, upper('y'));
update spelled set d = '12/31/2018' where d = '11/4/2018' and id = 2;
select * from spelled where (d >= '11/04/2018' and ts < '11/5/2018') or v = 'Y' order by id;
--> id | d | ts | v
--> 1 | 2018-11-04 | 2018-11-04 22:00:00 | 11/04/2018
--> 2 | 2018-12-31 | 2018-11-04 10:00:00 | x
--> 3 | NULL | NULL | Y

-- case: but text is compared as text
select count(*) from spelled where v = '11/04/2018';
--> count
--> 1

-- case: TIMEOFDAY is the leader node's
select timeofday() from t;
--! 0A000 Specified types or functions (one per INFO message) not supported on Redshift tables.

-- case: no BOOLEAN becomes text
select true::varchar;
--! 42846 cannot cast type boolean to character varying

-- case: nor what is compared
select cast(id = 1 as varchar(5)) from t;
--! 42846 cannot cast type boolean to character varying

-- case: functions of other databases
select ifnull(v, 'x') from t;
--! 42883 function ifnull(character varying, "unknown") does not exist
--^ ifnull

-- case: TRY_CAST gives NULL for what is none of the type
select try_cast('12' as int) as i, try_cast('x' as int) as none, try_cast('1.5' as int) as fraction, try_cast('2018-02-30' as date) as day,
       try_cast('abc' as varchar(2)) as cut, try_cast(lower('T') as boolean) as yes, try_cast('9' || '9' as smallint) as joined;
--> i int4 | none int4 | fraction int4 | day date | cut varchar | yes bool | joined int2
--> 12 | NULL | NULL | NULL | ab | true | 99

-- case: TRY_CAST hides no error but its own
select try_cast(1 / 0 as int);
--! 22012 division by zero

-- case: TRY_CAST makes no moment of a truth
select try_cast(true as timestamp);
--! 42846 cannot cast type boolean to timestamp without time zone

-- case: operators of roots, and the user's number
select |/ 16, ||/ 8, current_user_id, current_user_id = (select usesysid from pg_user where usename = current_user) as same;
--> ?column? float8 | ?column? float8 | current_user_id int4 | same bool
--> 4.0 | 2.0 | 100 | true

-- case: TO_CHAR of what is counted
select to_char(sum(n), '9,999.99') as total, to_char(sum(n) over (), 'S9999') as each, to_char(-n, '9999PR') as negative
from (select 1234.5::decimal(8,2) as n) s group by n;
--> total | each | negative
-->  1,234.50 | +1235 | <1235>
