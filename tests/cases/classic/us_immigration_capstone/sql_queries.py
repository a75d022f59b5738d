import configparser

config = configparser.ConfigParser()
config.read('dl.cfg')
ROLE = config['AWS']['ROLE']
S3 = config['S3']

staging_immigration_drop = "DROP TABLE IF EXISTS staging_immigration CASCADE"
staging_airports_drop = "DROP TABLE IF EXISTS staging_airports CASCADE"
staging_demographics_drop = "DROP TABLE IF EXISTS staging_demographics CASCADE"
dim_city_drop = "DROP TABLE IF EXISTS dim_city CASCADE"
dim_calendar_drop = "DROP TABLE IF EXISTS dim_calendar CASCADE"
fact_arrivals_drop = "DROP TABLE IF EXISTS fact_arrivals CASCADE"

# the numbers come from SAS: 6.0, 20545.0 and so on
staging_immigration_create = ("""
CREATE TABLE IF NOT EXISTS staging_immigration (
    cicid    FLOAT,
    i94yr    FLOAT,
    i94mon   FLOAT,
    i94port  CHAR(3),
    arrdate  FLOAT,
    depdate  FLOAT,
    i94visa  NUMERIC,
    gender   VARCHAR(1),
    birthyear FLOAT
)""")
staging_airports_create = ("""
CREATE TABLE IF NOT EXISTS staging_airports (
    iata_code VARCHAR(3), name VARCHAR(60), elevation_ft INT, iso_country VARCHAR(2), municipality VARCHAR(40), coordinates VARCHAR(60)
)""")
staging_demographics_create = ("""
CREATE TABLE IF NOT EXISTS staging_demographics (
    city VARCHAR(40), state VARCHAR(40), median_age NUMERIC(4,1), total_population INT, foreign_born INT, race VARCHAR(60), count INT
)""")
dim_city_create = ("""
CREATE TABLE IF NOT EXISTS dim_city (
    city_id INT IDENTITY(1,1) PRIMARY KEY, city VARCHAR(40) NOT NULL, state VARCHAR(40), population INT, foreign_share NUMERIC(4,1)
) DISTSTYLE ALL""")
dim_calendar_create = ("""
CREATE TABLE IF NOT EXISTS dim_calendar (sas_day INT PRIMARY KEY, arrival DATE, year INT, month INT, day INT, week INT, weekday INT) DISTSTYLE ALL""")
fact_arrivals_create = ("""
CREATE TABLE IF NOT EXISTS fact_arrivals (
    cicid BIGINT PRIMARY KEY, arrival DATE, departure DATE, stay_days INT, city VARCHAR(40), visa VARCHAR(10), age INT
) DISTSTYLE EVEN SORTKEY (arrival)""")

staging_immigration_copy = f"""
COPY staging_immigration FROM '{S3['IMMIGRATION']}' IAM_ROLE '{ROLE}' CSV IGNOREHEADER 1 REGION 'us-east-1' COMPUPDATE OFF STATUPDATE OFF;
"""
staging_airports_copy = f"""
COPY staging_airports FROM '{S3['AIRPORTS']}' IAM_ROLE '{ROLE}' FORMAT AS CSV DELIMITER ',' QUOTE '"' IGNOREHEADER 1 REGION AS 'us-east-1' EMPTYASNULL;
"""
staging_demographics_copy = f"""
COPY staging_demographics FROM '{S3['DEMOGRAPHICS']}' IAM_ROLE '{ROLE}' DELIMITER ';' IGNOREHEADER 1 REGION 'us-east-1' FILLRECORD BLANKSASNULL;
"""

dim_city_insert = ("""
INSERT INTO dim_city (city, state, population, foreign_share)
SELECT city, state, MAX(total_population), MAX(100.0 * foreign_born / total_population)
FROM staging_demographics
WHERE total_population > 0
GROUP BY city, state
""")
dim_calendar_insert = ("""
INSERT INTO dim_calendar
SELECT DISTINCT arrdate::INT AS sas_day, ('1960-01-01'::DATE + sas_day) AS arrival, EXTRACT(y FROM arrival), EXTRACT(mon FROM arrival),
       EXTRACT(d FROM arrival), EXTRACT(w FROM arrival), EXTRACT(dow FROM arrival)
FROM staging_immigration
""")
fact_arrivals_insert = ("""
INSERT INTO fact_arrivals
SELECT i.cicid, c.arrival, DATEADD(day, i.depdate::INT, '1960-01-01')::DATE, DATEDIFF('day', c.arrival, DATEADD(day, i.depdate::INT, '1960-01-01')),
       UPPER(a.municipality), DECODE(i.i94visa, 1, 'Business', 2, 'Pleasure', 3, 'Student'), (i.i94yr - i.birthyear)::INT
FROM staging_immigration i
JOIN dim_calendar c ON c.sas_day = i.arrdate
LEFT JOIN staging_airports a ON a.iata_code = i.i94port AND a.iso_country = 'US'
WHERE i.i94port <> 'XXX'
""")

create_table_queries = [staging_immigration_create, staging_airports_create, staging_demographics_create, dim_city_create, dim_calendar_create, fact_arrivals_create]
drop_table_queries = [staging_immigration_drop, staging_airports_drop, staging_demographics_drop, dim_city_drop, dim_calendar_drop, fact_arrivals_drop]
copy_table_queries = [staging_immigration_copy, staging_airports_copy, staging_demographics_copy]
insert_table_queries = [dim_city_insert, dim_calendar_insert, fact_arrivals_insert]
quality_queries = [
    ('SELECT COUNT(*) FROM fact_arrivals', '>', 0),
    ('SELECT COUNT(*) FROM fact_arrivals WHERE cicid IS NULL', '==', 0),
    ('SELECT COUNT(*) - COUNT(DISTINCT sas_day) FROM dim_calendar', '==', 0),
    ('SELECT COUNT(*) FROM dim_city GROUP BY city HAVING COUNT(*) > 1 UNION ALL SELECT 0', '==', 0),
]
