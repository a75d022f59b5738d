from common import cfg

BUCKET, ROLE = cfg['S3']['bucket'], cfg['IAM']['role']

DROP = ['DROP TABLE IF EXISTS fact_sales, returns, dim_customer, dim_product, dim_date, staging_orders, staging_products']

CREATE = ["""
CREATE TABLE staging_orders (
    order_id INTEGER NOT NULL, line SMALLINT NOT NULL, order_ts TIMESTAMP, customer VARCHAR(80), email VARCHAR(80),
    product_id INTEGER, units INTEGER, discount DECIMAL(4,2), is_return BOOLEAN
) BACKUP NO
""", """
CREATE TABLE staging_products (
    product_id INTEGER, name VARCHAR(60), category VARCHAR(30), price NUMERIC(8,2), description VARCHAR(500), listed DATE
)
""", """
CREATE TABLE dim_customer (
    customer_key INTEGER IDENTITY(1,1), email VARCHAR(80) NOT NULL, name VARCHAR(80), first_order DATE, PRIMARY KEY (customer_key)
) DISTSTYLE ALL
""", """
CREATE TABLE dim_product (
    product_id INTEGER PRIMARY KEY, name VARCHAR(60), category VARCHAR(30), price NUMERIC(8,2), description VARCHAR(500), listed DATE
) DISTSTYLE ALL SORTKEY (category, name)
""", """
CREATE TABLE dim_date (
    date_key INTEGER PRIMARY KEY, day DATE, day_name VARCHAR(9), month SMALLINT, quarter SMALLINT, is_holiday BOOLEAN DEFAULT FALSE
) DISTSTYLE ALL SORTKEY (date_key)
""", """
CREATE TABLE fact_sales (
    order_id INTEGER, line SMALLINT, date_key INTEGER REFERENCES dim_date, customer_key INTEGER REFERENCES dim_customer,
    product_id INTEGER REFERENCES dim_product, units INTEGER, amount NUMERIC(10,2)
) DISTKEY (customer_key) INTERLEAVED SORTKEY (date_key, product_id)
""", """
CREATE TABLE returns (order_id INTEGER, line SMALLINT)
"""]

COPY = [f"""
COPY staging_orders (order_id, line, order_ts, customer, email, product_id, units, discount, is_return)
FROM '{BUCKET}/2020/orders'
IAM_ROLE '{ROLE}'
CSV IGNOREHEADER 1
TIMEFORMAT 'auto'
REGION 'eu-west-1'
""", f"""
COPY staging_products FROM '{BUCKET}/products.csv'
CREDENTIALS 'aws_iam_role={ROLE}'
FORMAT AS CSV QUOTE AS '"' IGNOREHEADER AS 1
DATEFORMAT AS 'DD.MM.YYYY'
"""]

INSERT = ["""
INSERT INTO dim_customer (email, name, first_order)
SELECT LOWER(TRIM(email)), MAX(customer), MIN(order_ts)::DATE FROM staging_orders GROUP BY 1
""", """
INSERT INTO dim_product SELECT * FROM staging_products
""", """
INSERT INTO dim_date
SELECT TO_CHAR(day, 'YYYYMMDD')::INTEGER, day, TRIM(TO_CHAR(day, 'Day')), EXTRACT(mon FROM day), DATE_PART(qtr, day),
       TO_CHAR(day, 'MMDD') IN ('0101', '1225')
FROM (SELECT DATEADD(day, n::INTEGER, '2020-01-01')::DATE AS day
      FROM (SELECT ROW_NUMBER() OVER () - 1 AS n FROM staging_orders a CROSS JOIN staging_products b) numbers
      WHERE n < 366)
""", """
INSERT INTO fact_sales
SELECT o.order_id, o.line, TO_CHAR(o.order_ts, 'YYYYMMDD')::INTEGER, c.customer_key, p.product_id, o.units,
       o.units * p.price * (1 - NVL(o.discount, 0))
FROM staging_orders o, dim_customer c, dim_product p
WHERE LOWER(TRIM(o.email)) = c.email AND o.product_id = p.product_id
""", """
INSERT INTO returns SELECT order_id, line FROM staging_orders WHERE is_return
"""]

REPORTS = {
    'Best sellers': """
        SELECT p.name, SUM(units), SUM(amount) AS turnover FROM fact_sales JOIN dim_product p USING (product_id)
        GROUP BY 1 ORDER BY turnover DESC LIMIT 3""",
    'Turnover by month': "SELECT month, SUM(amount) FROM fact_sales JOIN dim_date USING (date_key) GROUP BY 1 ORDER BY 1",
    'Discounted by 10 % and more': "SELECT COUNT(*) || ' lines' FROM staging_orders WHERE discount >= 0.10",
}
