-- Redshift's functions where no DuckDB function or short expression does the same. All are called as rs.name(...).
-- DuckDB's error() may not stand under an alias that the same SELECT uses again, so failures are casts of a text that
-- starts with a SQLSTATE: the client is told that state and the rest of the text.

CREATE OR REPLACE MACRO rs.raise(message) AS CAST(message AS BIGINT);

-- The names that the session's client gave when it connected.
CREATE OR REPLACE MACRO rs.database_name() AS coalesce(getvariable('database_name')::VARCHAR, 'dev');
CREATE OR REPLACE MACRO rs.user_name() AS coalesce(getvariable('user_name')::VARCHAR, 'awsuser');

CREATE OR REPLACE MACRO rs.varchar(x, n) AS
    CASE WHEN strlen(CAST(x AS VARCHAR)) <= n THEN CAST(x AS VARCHAR)
         ELSE coalesce(TRY(decode(encode(CAST(x AS VARCHAR))[1:n])), TRY(decode(encode(CAST(x AS VARCHAR))[1:n - 1])),
                       TRY(decode(encode(CAST(x AS VARCHAR))[1:n - 2])), TRY(decode(encode(CAST(x AS VARCHAR))[1:n - 3])))
    END;

-- '12.5'::int is an error in Redshift; DuckDB would round it. The text fails in the cast around this.
CREATE OR REPLACE MACRO rs.checked_integer(x) AS
    CASE WHEN typeof(x) = 'VARCHAR' AND NOT regexp_full_match(CAST(x AS VARCHAR), '\s*[+-]?\d+\s*')
         THEN cast_to_type('22P02 invalid input syntax for integer: "' || CAST(x AS VARCHAR) || '"', x) ELSE x END;

-- Overloads are told apart by type; an aggregate or an alias has one only inside the lambda that functions.py wraps.
CREATE OR REPLACE MACRO rs.trunc
    (x TIMESTAMP) AS CAST(x AS DATE),
    (x TIMESTAMPTZ) AS CAST(x AS DATE),
    (x DATE) AS x,
    (x BIGINT) AS x,
    (x DOUBLE) AS trunc(x);

-- What is added to a date, and to a timestamp: integers are days.
CREATE OR REPLACE MACRO rs.days
    (n BIGINT) AS CAST(n AS INTEGER),
    (x) AS x;

CREATE OR REPLACE MACRO rs.interval_of_days
    (n BIGINT) AS to_days(CAST(n AS INTEGER)),
    (x) AS x;

CREATE OR REPLACE MACRO rs.compare(a, b) AS
    CASE WHEN a < b THEN -1 WHEN a > b THEN 1 WHEN a = b THEN 0 END;

-- Strings

-- What + joins: text_sums.py. The text fails in the cast around it.
CREATE OR REPLACE MACRO rs.joinable(x) AS
    CASE WHEN typeof(x) IN ('VARCHAR', '"NULL"') THEN CAST(x AS VARCHAR)
         ELSE CAST(CAST('42883 operator does not exist: character varying + ' || rs.type_name(typeof(x)) AS INTEGER) AS VARCHAR) END;

CREATE OR REPLACE MACRO rs.initcap(x) AS
    array_to_string(list_transform(regexp_extract_all(lower(x), '[[:alnum:]\pL\pM]+|[^[:alnum:]\pL\pM]+'),
                                   lambda word: upper(word[1]) || word[2:]), '');

CREATE OR REPLACE MACRO rs.trim
    (x) AS trim(CAST(x AS VARCHAR)),
    (x, characters) AS trim(CAST(x AS VARCHAR), characters);

CREATE OR REPLACE MACRO rs.ltrim
    (x) AS ltrim(CAST(x AS VARCHAR)),
    (x, characters) AS ltrim(CAST(x AS VARCHAR), characters);

CREATE OR REPLACE MACRO rs.rtrim
    (x) AS rtrim(CAST(x AS VARCHAR)),
    (x, characters) AS rtrim(CAST(x AS VARCHAR), characters);

CREATE OR REPLACE MACRO rs.lpad
    (x, n) AS lpad(CAST(x AS VARCHAR), CAST(n AS INTEGER), ' '),
    (x, n, fill) AS lpad(CAST(x AS VARCHAR), CAST(n AS INTEGER), fill);

CREATE OR REPLACE MACRO rs.rpad
    (x, n) AS rpad(CAST(x AS VARCHAR), CAST(n AS INTEGER), ' '),
    (x, n, fill) AS rpad(CAST(x AS VARCHAR), CAST(n AS INTEGER), fill);

-- A start below 1 shortens the result instead of counting from the end.
CREATE OR REPLACE MACRO rs.substring
    (x, start) AS substring(CAST(x AS VARCHAR), greatest(CAST(start AS BIGINT), 1)),
    (x, start, n) AS substring(CAST(x AS VARCHAR), greatest(CAST(start AS BIGINT), 1),
                               greatest(CAST(n AS BIGINT) + least(CAST(start AS BIGINT), 1) - 1, 0));

CREATE OR REPLACE MACRO rs.quote_ident(x) AS
    CASE WHEN regexp_full_match(x, '[a-z_][a-z0-9_]*') THEN x ELSE '"' || replace(x, '"', '""') || '"' END;

CREATE OR REPLACE MACRO rs.quote_literal(x) AS '''' || replace(replace(x, '\', '\\'), '''', '''''') || '''';

CREATE OR REPLACE MACRO rs.strtol(x, base) AS
    CASE WHEN base NOT BETWEEN 2 AND 36 THEN rs.raise('22023 The base must be between 2 and 36.')
         WHEN x IS NULL THEN NULL
         WHEN NOT regexp_full_match(lower(trim(x)), '[+-]?(0x)?[0-9a-z]+')
         THEN rs.raise('22P02 The input ' || x || ' is not valid to be converted to base ' || base)
         ELSE CAST(CASE WHEN trim(x)[1] = '-' THEN -1 ELSE 1 END * list_sum(list_transform(
             string_split(reverse(regexp_replace(lower(trim(x)), '^[+-]?(0x)?', '')), ''),
             lambda digit, place: CASE WHEN strpos('0123456789abcdefghijklmnopqrstuvwxyz', digit) <= base
                 THEN CAST(strpos('0123456789abcdefghijklmnopqrstuvwxyz', digit) - 1 AS HUGEINT)
                 ELSE rs.raise('22P02 The input ' || x || ' is not valid to be converted to base ' || base) END
                 * CAST(pow(CAST(base AS DOUBLE), place - 1) AS HUGEINT))) AS BIGINT) END;

-- $1 is a group in Redshift's replacements, \1 in DuckDB's.
CREATE OR REPLACE MACRO rs.replacement(x) AS regexp_replace(replace(x, '\', '\\'), '\$(\d)', '\\\1', 'g');

-- Where the n-th of the matches stands in x, which begins at position start of the whole: each is looked for after
-- the one before it.
CREATE OR REPLACE MACRO rs.regexp_place(x, matches, start, n, option) AS
    CASE WHEN x IS NULL OR matches IS NULL THEN NULL
         WHEN n < 1 OR n > len(matches) THEN 0
         ELSE CAST(greatest(start, 1) - 1 + list_reduce(
             list_transform(matches[1:n], lambda found : {'after': 0, 'found': found}),
             lambda so_far, next : {'after': so_far.after + strpos(substring(x, so_far.after + 1), next.found)
                                             + length(next.found) - 1, 'found': next.found},
             {'after': 0, 'found': ''}).after + CASE WHEN option = 1 THEN 1 ELSE 1 - length(matches[n]) END AS INTEGER) END;

-- American Soundex: h and w are passed over, equal codes that touch are one, vowels keep codes apart.
CREATE OR REPLACE MACRO rs.soundex_codes(letters) AS
    list_reduce(['1', '2', '3', '4', '5', '6'], lambda codes, code : regexp_replace(codes, code || '+', code, 'g'),
                translate(replace(replace(letters, 'H', ''), 'W', ''),
                          'ABCDEFGIJKLMNOPQRSTUVXYZ', '012301202245501262301202'));
CREATE OR REPLACE MACRO rs.soundex(x) AS (
    SELECT CASE WHEN x IS NULL THEN NULL WHEN letters = '' THEN ''
                ELSE letters[1] || rpad(left(replace(CASE WHEN letters[1] IN ('H', 'W') THEN rs.soundex_codes(letters)
                                                          ELSE substring(rs.soundex_codes(letters), 2) END, '0', ''), 3), 3, '0')
           END FROM (SELECT regexp_replace(upper(x), '[^A-Z]', '', 'g') AS letters));

-- Dates

CREATE OR REPLACE MACRO rs.add_months(x, n) AS
    CASE WHEN CAST(x AS DATE) = last_day(CAST(x AS TIMESTAMP))
         THEN CAST(last_day(CAST(x AS TIMESTAMP) + to_months(CAST(n AS INTEGER))) AS TIMESTAMP)
              + (CAST(x AS TIMESTAMP) - date_trunc('day', CAST(x AS TIMESTAMP)))
         ELSE CAST(x AS TIMESTAMP) + to_months(CAST(n AS INTEGER)) END;

CREATE OR REPLACE MACRO rs.months_between(a, b) AS
    CAST((date_part('year', CAST(a AS TIMESTAMP)) - date_part('year', CAST(b AS TIMESTAMP))) * 12
         + date_part('month', CAST(a AS TIMESTAMP)) - date_part('month', CAST(b AS TIMESTAMP)) AS DOUBLE)
    + CASE WHEN date_part('day', CAST(a AS TIMESTAMP)) = date_part('day', CAST(b AS TIMESTAMP))
             OR (last_day(CAST(a AS TIMESTAMP)) = CAST(a AS DATE) AND last_day(CAST(b AS TIMESTAMP)) = CAST(b AS DATE))
           THEN 0.0
           ELSE (date_part('day', CAST(a AS TIMESTAMP)) - date_part('day', CAST(b AS TIMESTAMP))
                 + (epoch(CAST(a AS TIMESTAMP)) % 86400 - epoch(CAST(b AS TIMESTAMP)) % 86400) / 86400.0) / 31.0 END;

CREATE OR REPLACE MACRO rs.next_day(x, weekday) AS
    CAST(x AS DATE) + CAST((list_position(['su', 'mo', 'tu', 'we', 'th', 'fr', 'sa'], lower(left(weekday, 2))) - 1
                            - date_part('dow', CAST(x AS DATE)) + 6) % 7 + 1 AS INTEGER);

CREATE OR REPLACE MACRO rs.ordinal(n) AS
    CASE WHEN n % 100 BETWEEN 11 AND 13 THEN 'th' WHEN n % 10 = 1 THEN 'st' WHEN n % 10 = 2 THEN 'nd'
         WHEN n % 10 = 3 THEN 'rd' ELSE 'th' END;

CREATE OR REPLACE MACRO rs.month_number(name) AS
    coalesce(list_position(['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
                           lower(left(name, 3))), rs.raise('22007 invalid value for MON/Mon/mon: ' || name));

CREATE OR REPLACE MACRO rs.full_year(year, short_year) AS
    CASE WHEN year IS NOT NULL THEN CAST(year AS BIGINT)
         WHEN short_year IS NULL THEN 1
         WHEN CAST(short_year AS BIGINT) < 70 THEN 2000 + CAST(short_year AS BIGINT)
         ELSE 1900 + CAST(short_year AS BIGINT) END;

CREATE OR REPLACE MACRO rs.clock_hour(hour, meridiem) AS
    CASE WHEN meridiem IS NULL THEN coalesce(CAST(hour AS BIGINT), 0)
         WHEN lower(meridiem) = 'p' THEN CAST(hour AS BIGINT) % 12 + 12 ELSE CAST(hour AS BIGINT) % 12 END;

CREATE OR REPLACE MACRO rs.checked_day(day, month, of_month, strict, x) AS
    CASE WHEN strict AND (date_part('month', day) <> month OR date_part('day', day) <> of_month)
         THEN make_timestamp(rs.raise('22007 date/time field value out of range: ' || x)) ELSE day END;

-- The fields arrive as text, NULL where the format or the text has none.
CREATE OR REPLACE MACRO rs.from_fields(x, pattern, format, strict, year, short_year, month, month_name, day,
                                       day_of_year, hour, meridiem, minute, second, fraction, julian) AS
    CASE WHEN x IS NULL THEN NULL
         WHEN NOT regexp_matches(x, pattern)
         THEN make_timestamp(rs.raise('22007 invalid value "' || x || '" for the format "' || format || '"'))
         ELSE (CASE WHEN julian IS NOT NULL
                    THEN make_timestamp(-4713, 11, 24, 0, 0, 0) + to_days(CAST(julian AS INTEGER))
                    ELSE rs.checked_day(
                        make_timestamp(rs.full_year(year, short_year), 1, 1, 0, 0, 0)
                        + to_months(CAST(coalesce(CAST(month AS BIGINT),
                              CASE WHEN month_name IS NOT NULL THEN rs.month_number(month_name) END, 1) - 1 AS INTEGER))
                        + to_days(CAST(coalesce(CAST(day AS BIGINT), CAST(day_of_year AS BIGINT), 1) - 1 AS INTEGER)),
                        CASE WHEN month_name IS NOT NULL THEN rs.month_number(month_name)
                             ELSE coalesce(CAST(month AS BIGINT), 1) END,
                        coalesce(CAST(day AS BIGINT), 1), strict AND day_of_year IS NULL, x) END)
              + to_hours(rs.clock_hour(hour, meridiem)) + to_minutes(coalesce(CAST(minute AS BIGINT), 0))
              + to_microseconds(coalesce(CAST(second AS BIGINT), 0) * 1000000
                                + coalesce(CAST(rpad(fraction, 6, '0') AS BIGINT), 0))
    END;

-- Numbers as text: digits is abs(x) with its decimals; see formats.py for the rest.
CREATE OR REPLACE MACRO rs.whole_digits(digits, width, decimals, zero_from) AS
    CASE WHEN split_part(digits, '.', 1) = '0' AND decimals > 0 AND zero_from >= width THEN ''
         ELSE split_part(digits, '.', 1) END;

CREATE OR REPLACE MACRO rs.padded_digits(whole, width, zero_from) AS
    CASE WHEN length(whole) > width THEN repeat('#', width)
         ELSE left(lpad(whole, width, ' '), zero_from)
              || replace(substring(lpad(whole, width, ' '), zero_from + 1), ' ', '0') END;

CREATE OR REPLACE MACRO rs.without_leading_commas(shaped) AS
    repeat(' ', length(regexp_extract(shaped, '^[ ,]*'))) || regexp_replace(shaped, '^[ ,]*', '');

CREATE OR REPLACE MACRO rs.shown_decimals(digits, decimals, kept, fill) AS
    CASE WHEN decimals = 0 THEN '' WHEN fill THEN '.' || split_part(digits, '.', 2)
         ELSE '.' || left(split_part(digits, '.', 2), kept)
              || rtrim(substring(split_part(digits, '.', 2), kept + 1), '0') END;

CREATE OR REPLACE MACRO rs.with_sign(body, negative, sign, fill) AS
    CASE WHEN sign = '' AND fill
         THEN repeat(' ', length(body) - length(ltrim(body))) || CASE WHEN negative THEN '-' ELSE ' ' END || ltrim(body)
         WHEN sign = '' THEN CASE WHEN negative THEN '-' ELSE '' END || ltrim(body)
         WHEN sign IN ('S<', 'SG<') THEN repeat(' ', CASE WHEN fill THEN length(body) - length(ltrim(body)) ELSE 0 END)
              || CASE WHEN negative THEN '-' ELSE '+' END || ltrim(body)
         WHEN sign IN ('S>', 'SG>') THEN CASE WHEN fill THEN body ELSE ltrim(body) END
              || CASE WHEN negative THEN '-' ELSE '+' END
         WHEN sign = 'MI<' THEN CASE WHEN negative THEN '-' WHEN fill THEN ' ' ELSE '' END
              || CASE WHEN fill THEN body ELSE ltrim(body) END
         WHEN sign = 'MI>' THEN CASE WHEN fill THEN body ELSE ltrim(body) END
              || CASE WHEN negative THEN '-' WHEN fill THEN ' ' ELSE '' END
         WHEN sign IN ('PR>', 'PR<') THEN CASE WHEN fill THEN repeat(' ', length(body) - length(ltrim(body))) ELSE '' END
              || CASE WHEN negative THEN '<' || ltrim(body) || '>' WHEN fill THEN ' ' || ltrim(body) || ' '
                      ELSE ltrim(body) END
         ELSE CASE WHEN negative THEN '-' ELSE '+' END || CASE WHEN fill THEN body ELSE ltrim(body) END END;

-- The lambda keeps what with_sign names many times from being computed, and bound, as many times.
CREATE OR REPLACE MACRO rs.number_to_char(digits, negative, width, decimals, zero_from, regex, shape, kept, sign, fill) AS
    list_transform([{
        'body': rs.without_leading_commas(regexp_replace(
            rs.padded_digits(rs.whole_digits(digits, width, decimals, zero_from), width, zero_from), regex, shape))
            || rs.shown_decimals(digits, decimals, kept, fill),
        'negative': negative}], lambda number : rs.with_sign(number.body, number.negative, sign, fill))[1];

-- The Roman numeral of a number from 1 to 3999, as wide as the longest of them.
CREATE OR REPLACE MACRO rs.roman(n) AS
    CASE WHEN round(n) NOT BETWEEN 1 AND 3999 THEN repeat('#', 15)
         ELSE ['', 'M', 'MM', 'MMM'][CAST(round(n) AS BIGINT) // 1000 + 1]
              || ['', 'C', 'CC', 'CCC', 'CD', 'D', 'DC', 'DCC', 'DCCC', 'CM'][CAST(round(n) AS BIGINT) // 100 % 10 + 1]
              || ['', 'X', 'XX', 'XXX', 'XL', 'L', 'LX', 'LXX', 'LXXX', 'XC'][CAST(round(n) AS BIGINT) // 10 % 10 + 1]
              || ['', 'I', 'II', 'III', 'IV', 'V', 'VI', 'VII', 'VIII', 'IX'][CAST(round(n) AS BIGINT) % 10 + 1] END;

CREATE OR REPLACE MACRO rs.number_text(x) AS
    CASE WHEN x LIKE '%-%' OR trim(x) LIKE '<%' THEN '-' ELSE '' END || regexp_replace(x, '[^0-9.]', '', 'g');

-- JSON

CREATE OR REPLACE MACRO rs.json_text(x, path, lenient) AS
    CASE WHEN x IS NULL THEN NULL
         WHEN json_valid(CAST(x AS VARCHAR)) THEN json_extract_string(CAST(x AS VARCHAR), path)
         WHEN lenient THEN NULL
         ELSE CAST(rs.raise('XX000 JSON parsing error: invalid json object ' || left(CAST(x AS VARCHAR), 200)) AS VARCHAR) END;

CREATE OR REPLACE MACRO rs.json_key(x) AS '."' || replace(replace(x, '\', '\\'), '"', '\"') || '"';

CREATE OR REPLACE MACRO rs.json_element
    (x, i) AS rs.json_text(x, '$[' || CAST(i AS BIGINT) || ']', false),
    (x, i, lenient) AS rs.json_text(x, '$[' || CAST(i AS BIGINT) || ']', lenient);

CREATE OR REPLACE MACRO rs.is_json(x, kind) AS
    CASE WHEN x IS NULL THEN NULL WHEN json_valid(CAST(x AS VARCHAR)) THEN json_type(CAST(x AS JSON)) = kind
         ELSE false END;

CREATE OR REPLACE MACRO rs.json_array_length
    (x) AS CASE WHEN x IS NULL THEN NULL WHEN rs.is_json(x, 'ARRAY') THEN CAST(json_array_length(CAST(x AS JSON)) AS INTEGER)
           ELSE rs.raise('XX000 JSON parsing error: invalid json array object ' || left(CAST(x AS VARCHAR), 200)) END,
    (x, lenient) AS CASE WHEN rs.is_json(x, 'ARRAY') THEN CAST(json_array_length(CAST(x AS JSON)) AS INTEGER) END;

CREATE OR REPLACE MACRO rs.json_typeof(x) AS
    CASE json_type(x) WHEN 'VARCHAR' THEN 'string' WHEN 'OBJECT' THEN 'object' WHEN 'ARRAY' THEN 'array'
         WHEN 'BOOLEAN' THEN 'boolean' WHEN 'NULL' THEN 'null' ELSE 'number' END;
