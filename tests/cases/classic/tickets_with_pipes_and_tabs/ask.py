import psycopg2

import settings

QUESTIONS = [
    ('Find events in the 95th percentile of gross sales', '''
        SELECT eventname, total_price
        FROM (SELECT eventid, total_price, ntile(4) over(order by total_price desc) as percentile
              FROM (SELECT eventid, sum(pricepaid) total_price FROM sales GROUP BY eventid)) Q, event E
        WHERE Q.eventid = E.eventid AND percentile = 1
        ORDER BY total_price desc'''),
    ('What did each event take', '''
        select eventname, sum(pricepaid) from sales s join event e on s.eventid = e.eventid group by eventname having sum(pricepaid) > 0'''),
]

conn = psycopg2.connect(host=settings.HOST, port=settings.PORT, database=settings.DATABASE, user=settings.USER, password=settings.PASSWORD)
cur = conn.cursor()
for number, (title, query) in enumerate(QUESTIONS, 1):
    print(title)
    cur.execute(query)
    for row in cur.fetchall():
        print('  %s: %s' % row)
    cur.execute(f'insert into answers select {number}, * from ({query}) q')
conn.commit()
conn.close()
