-- What results.py needs of the engine.

-- numeric's binary format: counts of four-digit groups before and after the point, sign, scale, then the groups.
CREATE MACRO rs.digit_groups(digits) AS list_reduce(
    list_transform(range(0, strlen(digits), 4), lambda i : (digits[i + 1 : i + 4])::SMALLINT::BIT::BLOB),
    lambda x, y : x || y);
CREATE MACRO rs.padded_groups(whole, fraction) AS
    lpad(whole, (((strlen(whole) + 3) // 4) * 4)::INT, '0') || rpad(fraction, (((strlen(fraction) + 3) // 4) * 4)::INT, '0');
CREATE MACRO rs.numeric_groups(whole, fraction, negative, scale) AS
    ((strlen(rs.padded_groups(whole, fraction)) // 4)::SMALLINT::BIT::BLOB)
    || (((strlen(whole) + 3) // 4 - 1)::SMALLINT::BIT::BLOB)
    || CASE WHEN negative THEN '\x40\x00'::BLOB ELSE '\x00\x00'::BLOB END
    || (scale::SMALLINT::BIT::BLOB) || rs.digit_groups(rs.padded_groups(whole, fraction));
CREATE MACRO rs.numeric_binary(x, scale) AS
    rs.numeric_groups(split_part(abs(x)::VARCHAR, '.', 1), split_part(abs(x)::VARCHAR, '.', 2), x < 0, scale);

-- DuckDB's name of a type as Redshift spells it, for columns that were never declared (CREATE TABLE AS).
CREATE MACRO rs.type_name(kind) AS CASE
    WHEN kind LIKE 'DECIMAL%' THEN 'numeric' || kind[8:]
    WHEN kind = 'SMALLINT' OR kind = 'TINYINT' THEN 'smallint'
    WHEN kind = 'INTEGER' THEN 'integer'
    WHEN kind IN ('BIGINT', 'HUGEINT', 'UBIGINT', 'UINTEGER') THEN 'bigint'
    WHEN kind = 'FLOAT' THEN 'real'
    WHEN kind = 'DOUBLE' THEN 'double precision'
    WHEN kind = 'BOOLEAN' THEN 'boolean'
    WHEN kind = 'DATE' THEN 'date'
    WHEN kind = 'TIME' THEN 'time without time zone'
    WHEN kind = 'TIMESTAMP' THEN 'timestamp without time zone'
    WHEN kind = 'TIMESTAMP WITH TIME ZONE' THEN 'timestamp with time zone'
    WHEN kind = 'TIME WITH TIME ZONE' THEN 'time with time zone'
    WHEN kind = 'JSON' THEN 'super'
    WHEN kind = 'BLOB' THEN 'varbyte'
    ELSE 'character varying(65535)' END;
