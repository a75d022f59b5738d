create table n (i int, b bigint, s smallint, d decimal(8,2), r real, f float);
insert into n values (1, 10, 100, 1.25, 0.5, 0.25), (2, 20, 200, 2.50, 1.5, 1.25), (4, null, 400, 3.00, 2.5, 2.25);

-- case: integer division truncates toward zero
select 7/2, -7/2, 7/2.0;
--> ?column? int4 | ?column? int4 | ?column? float8
--> 3 | -3 | 3.5

-- case: AVG of integers is a whole number, of others not
select avg(i), avg(s), avg(d), avg(f), avg(b) from n;
--> avg int8 | avg int8 | avg numeric | avg float8 | avg int8
--> 2 | 233 | 2.25 | 1.25 | 15

-- case: AVG over a window, with FILTER-less DISTINCT, of nothing
select avg(distinct i), avg(i) over (), avg(case when false then i end) over () from n group by i order by 1;
--> avg | avg | avg
--> 1 | 2 | NULL
--> 2 | 2 | NULL
--> 4 | 2 | NULL

-- case: SUM of integers is BIGINT
select sum(i), sum(s), sum(d), sum(f) from n;
--> sum int8 | sum int8 | sum numeric | sum float8
--> 7 | 700 | 6.75 | 3.75

-- case: division by zero is an error
select 1/0 from n;
--! 22012 division by zero

-- case: NUMERIC without sizes has no decimals
select 12.6::numeric, cast(12.345 as decimal(10,2)), 1.5::int, '42'::int, ' 7 '::bigint;
--> numeric numeric | numeric numeric | int4 int4 | int4 int4 | int8 int8
--> 13 | 12.35 | 2 | 42 | 7

-- case: text with a fraction is no integer
select '12.5'::int from n;
--! 22P02 invalid input syntax for integer: "12.5"

-- case: empty text is no integer
select ''::int from n;
--! 22P02 invalid input syntax for integer: ""

-- case: numeric functions
select abs(-3), mod(7, 3), power(2, 3), 2 ^ 3, sqrt(16), sign(-2), ln(1), log(1000), dlog10(10), exp(0);
--> abs | mod | power | ?column? | sqrt | sign | ln | log | dlog10 | exp
--> 3 | 1 | 8.0 | 8.0 | 4.0 | -1 | 0.0 | 3.0 | 1.0 | 1.0

-- case: rounding
select round(2.567, 2), round(2.5), trunc(2.567, 2), trunc(-2.9), ceil(1.2), floor(-1.2), ceiling(1.0);
--> round | round | trunc | trunc | ceil | floor | ceiling
--> 2.57 | 3 | 2.56 | -2.0 | 2 | -2 | 1

-- case: GREATEST and LEAST pass over NULL
select greatest(1, null, 3), least(null, 2, 5);
--> greatest | least
--> 3 | 2

-- case: float types
select 1::float4, 1::float8, 1::real, 1::float(10), 1::float(30), 1::double precision;
--> float4 float4 | float8 float8 | float4 float4 | float4 float4 | float8 float8 | float8 float8
--> 1.0 | 1.0 | 1.0 | 1.0 | 1.0 | 1.0

-- case: numbers as text
select to_char(1541106106796, '9999-99-99 99:99:99'), to_char(12.5, 'FM999.00'), to_char(-12, '9999');
--> to_char | to_char | to_char
-->   154-11-06 10:67:96 | 12.50 |   -12

-- case: numeric formats
select to_char(1234567.891, 'FM9,999,999.99'), to_char(5, 'FM00'), to_char(0.5, 'FM0.99'), to_char(0.1, 'FM9.99'),
       to_char(12345, 'FM999'), to_char(-5, 'FM999MI'), to_char(-5, 'FM999PR'), to_char(-5, 'S999'), to_char(125, 'FM$999.99');
--> to_char | to_char | to_char | to_char | to_char | to_char | to_char | to_char | to_char
--> 1,234,567.89 | 05 | 0.5 | .1 | ### | 5- | <5> |   -5 | $125.

-- case: TO_NUMBER
select to_number('12,454.8-', '99G999D9S'), to_number('$ 1,000.00', 'L 9,999.99');
--> to_number | to_number
--> -12454.8 | 1000.00

-- case: STRTOL
select strtol('abcd1234', 16), strtol('110101', 2), strtol('-ff', 16), to_hex(255);
--> strtol int8 | strtol int8 | strtol int8 | to_hex varchar
--> 2882343476 | 53 | -255 | ff

-- case: STRTOL refuses other digits
select strtol('12z', 10);
--! 22P02 The input 12z is not valid to be converted to base 10
