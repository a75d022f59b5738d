import json

from create_tables import connect

config, conn = connect()
cur = conn.cursor()
authorization = "ACCESS_KEY_ID '{KEY}' SECRET_ACCESS_KEY '{SECRET}'".format(**{k.upper(): v for k, v in config['AWS'].items()})

cur.execute(f"""
    COPY staging_trips FROM '{config['S3']['MANIFEST']}' {authorization}
    MANIFEST GZIP CSV IGNOREHEADER 1 TIMEFORMAT 'YYYY-MM-DD HH:MI:SS' ACCEPTANYDATE MAXERROR 10 REGION 'us-east-1'
""")
cur.execute('SELECT pg_last_copy_count(), pg_last_copy_id()')
count, copy_id = cur.fetchone()
print(count, 'trips loaded')
for notice in conn.notices:
    print(notice, end='')
cur.execute("""
    INSERT INTO rejected
    SELECT TRIM(filename), line_number, TRIM(colname), TRIM(err_reason) FROM stl_load_errors WHERE query = %s
""", (copy_id,))
cur.execute(f"COPY zones FROM '{config['S3']['ZONES']}' {authorization} DELIMITER ',' REMOVEQUOTES IGNOREHEADER 1")

cur.execute("""
    INSERT INTO trips (pickup, minutes, pickup_zone, dropoff_zone, payment, total)
    SELECT t.pickup, DATEDIFF(minute, t.pickup, t.dropoff), NVL(f.zone, 'Unknown'), COALESCE(d.zone, 'Unknown'),
           DECODE(t.payment_type, 1, 'card', 2, 'cash', 'other'), t.fare + NVL(t.tip, 0)
    FROM staging_trips t
    LEFT JOIN zones f ON f.zone_id = t.from_zone
    LEFT JOIN zones d ON d.zone_id = t.to_zone
    WHERE t.dropoff > t.pickup
""")
cur.execute("""
    INSERT INTO hourly
    SELECT DATE_PART(hour, pickup)::int AS pickup_hour, COUNT(*), SUM(total) FROM trips GROUP BY pickup_hour
""")
conn.commit()

cur.execute('SELECT payment, COUNT(*), SUM(total), AVG(minutes) FROM trips GROUP BY payment ORDER BY 2 DESC')
print(json.dumps([dict(zip(('payment', 'trips', 'total', 'minutes'), map(str, row))) for row in cur], indent=1))
conn.close()
