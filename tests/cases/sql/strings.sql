create table s (v varchar(12), c char(4));
insert into s values ('a_b', 'x');

-- case: lengths count characters, octets bytes
select len('é€'), length('é€ '), char_length('abc'), octet_length('é€'), textlen('a');
--> len | length | length | octet_length | textlen
--> 2 | 3 | 3 | 5 | 1

-- case: || and CONCAT with NULL are NULL
select 'a' || null, concat('a', null), concat('a', 'b'), 'a' || 1;
--> ?column? | concat | concat | ?column?
--> NULL | NULL | ab | a1

-- case: CONCAT takes two
select concat('a', 'b', 'c');
--! 42883 function concat("unknown", "unknown", "unknown") does not exist

-- case: a cast to VARCHAR(n) cuts bytes and never splits a character
select 'abcdef'::varchar(3), 'é€x'::varchar(4), cast('abc' as char), 'abc'::char(2) || '.', 12345::varchar(2);
--> varchar | varchar | bpchar | ?column? | varchar
--> abc | é | a | ab. | 12

-- case: too long a value is refused
insert into s (v) values ('1234567890123');
--! 22001 value too long for type character varying(12)

-- case: bytes count
insert into s (v) values ('€€€€€');
--! 22001 value too long for type character varying(12)

-- case: surplus blanks are no surplus
insert into s (v) values ('123456789012     ');

-- case: finding
select charindex('b', 'abc'), strpos('abc', 'c'), position('c' in 'abc'), strpos('abc', 'z'), split_part('a.b.c', '.', 2);
--> charindex | strpos | position | strpos | split_part
--> 2 | 3 | 3 | 0 | b

-- case: substrings
select substring('abcdef', 2, 3), substr('abcdef', 3), substring('abcdef', 0, 3), substring('abc', -1, 3), substring('abcdef' from 2 for 3), left('abc', 2), right('abc', 2), substring(12345, 2, 2);
--> substring | substr | substring | substring | substring | left | right | substring
--> bcd | cdef | ab | a | bcd | ab | bc | 23

-- case: trimming and padding
select btrim('xxaxx', 'x'), trim('  a '), trim(both 'x' from 'xax'), ltrim('  a'), rtrim('a  ') || '.', lpad('a', 3), lpad('a', 3, '0'), rpad('a', 3, '-');
--> btrim | btrim | btrim | ltrim | ?column? | lpad | lpad | rpad
--> a | a | a | a | a. |   a | 00a | a--

-- case: changing
select initcap('hELLO wORLD'), upper('a'), lower('A'), reverse('abc'), replace('abcabc', 'b', 'x'), replicate('ab', 2), repeat('a', 3), translate('abc', 'ab', 'xy'), chr(65), ascii('A');
--> initcap | upper | lower | reverse | replace | replicate | repeat | translate | chr | ascii
--> Hello World | A | a | cba | axcaxc | abab | aaa | xyc | A | 65

-- case: digests
select md5('a'), func_sha1('a'), sha1('a'), sha2('a', 256);
--> md5 | func_sha1 | sha1 | sha2
--> 0cc175b9c0f1b6a831c399e269772661 | 86f7e437faa5a7fce15d1ddcb9eaeaea377667b8 | 86f7e437faa5a7fce15d1ddcb9eaeaea377667b8 | ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb

-- case: regular expressions
select regexp_substr('abc@d.e', '@[^.]*'), regexp_substr('a1b22', '[0-9]+', 1, 2), regexp_substr('abc', 'z'), regexp_replace('a1b2', '[0-9]', 'x'), regexp_replace('a1b2', '[0-9]'), regexp_replace('ab', '(a)(b)', '$2$1'), regexp_count('abab', 'a'), regexp_instr('xxab', 'ab'), regexp_instr('x', 'ab');
--> regexp_substr | regexp_substr | regexp_substr | regexp_replace | regexp_replace | regexp_replace | regexp_count | regexp_instr | regexp_instr
--> @d | 22 |  | axbx | ab | ba | 2 | 3 | 0

-- case: a backslash in a literal escapes
select 'it\'s', 'a\\b', len('a\tb'), regexp_substr('a12', '\\d+'), $$it's$$;
--> ?column? | ?column? | len | regexp_substr | ?column?
--> it's | a\b | 3 | 12 | it's

-- case: LIKE escapes with a backslash by default
select 'a_c' like 'a\\_c', 'abc' like 'a\\_c', 'a%' like 'a^%' escape '^', 'ABC' ilike 'a%', v like 'a\\_%' from s where v = 'a_b';
--> ?column? | ?column? | ?column? | ?column? | ?column?
--> true | false | true | true | true

-- case: SIMILAR TO matches the whole, ~ a part
select 'abc' similar to '%(b|d)%', 'abc' similar to 'b', 'abc' not similar to 'b', 'a.c' similar to 'a.c', 'abc' similar to 'a.c', 'abc' ~ 'b', 'abc' !~ '^b';
--> ?column? | ?column? | ?column? | ?column? | ?column? | ?column? | ?column?
--> true | false | true | true | false | true | true

-- case: JSON in text
select json_extract_path_text('{"a":{"b":"x{y}"}}', 'a', 'b'), json_extract_path_text('{"a":1}', 'z'), json_extract_path_text('bad', 'a', true), json_extract_array_element_text('[1,"two"]', 1), json_array_length('[1,2,3]'), is_valid_json('{"a":1}'), is_valid_json('x'), is_valid_json_array('[1]');
--> json_extract_path_text | json_extract_path_text | json_extract_path_text | json_extract_array_element_text | json_array_length | is_valid_json | is_valid_json | is_valid_json_array
--> x{y} | NULL | NULL | two | 3 | true | false | true

-- case: JSON that is none
select json_extract_path_text('bad', 'a');
--! XX000 JSON parsing error: invalid json object bad

-- case: a quoted identifier keeps no case
select "V" as "MixedCase" from s where "S"."v" = 'a_b';
--> mixedcase
--> a_b

-- case: string functions take numbers
select upper(12), len(123), trim(5), replace(101, '0', '-'), substring(2018, 3), md5(1) = md5('1'), split_part(1.5, '.', 2), strpos(123, '2'), lpad(7, 3, '0'), left(2018, 2);
--> upper | len | btrim | replace | substring | ?column? | split_part | strpos | lpad | left
--> 12 | 3 | 5 | 1-1 | 18 | true | 5 | 2 | 007 | 20

-- case: literals on two lines are one
select 'one '
       'two';
--> ?column?
--> one two

-- case: a CHAR too long
insert into s (c) values ('abcde');
--! 22001 value too long for type character(4)

-- case: a VARCHAR too long
insert into s (v) values ('a value too long');
--! 22001 value too long for type character varying(12)

-- case: columns with awkward names have lengths too
create table awkward ("c""ol" varchar(3), "b}{" char(2));
insert into awkward values ('abc', 'abc');
--! 22001 value too long for type character(2)

-- case: and a quotation mark in the name
create table awkward2 ("c""ol" varchar(3));
insert into awkward2 values ('abcd');
--! 22001 value too long for type character varying(3)

-- case: + joins strings
select 'a' + 'b', 'a' + 'b' + 'c', 'x' + chr(65), ('a' + upper('b')) + ('c' + lower('D')), 'a' + null;
--> ?column? varchar | ?column? varchar | ?column? varchar | ?column? varchar | ?column? varchar
--> ab | abc | xA | aBcd | NULL

-- case: + joins columns with literals, casts and functions
select n + '-' + c, '(' + n + ')', n + i::varchar, n + to_char(d, 'YYYY'), nvl2(n, n + '!', c),
       case when i = 1 then 'one ' else '' end + n from (select 'a'::varchar(5) n, 'b'::char(1) c, 1 i, date '2018-11-01' d) t;
--> ?column? | ?column? | ?column? | ?column? | case | ?column?
--> a-b | (a) | a1 | a2018 | a! | one a

-- case: + counts where a literal is a number, a date or an interval
select '1' + 1, i + '2', i + i + 1, d + '1', d + '1 day' from (select 1 i, date '2018-11-01' d) t;
--> ?column? int4 | ?column? int4 | ?column? int4 | ?column? date | ?column? timestamp
--> 2 | 3 | 3 | 2018-11-02 | 2018-11-02 00:00:00

-- case: + does not join a number to a string
select 'n: ' + i from (select 1 i) t;
--! 42883 operator does not exist: character varying + integer
--^ + i

-- case: nor a literal number
select 'a' + 1;
--! 22P02 invalid input syntax for integer: "a"
