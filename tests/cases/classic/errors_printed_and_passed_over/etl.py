import psycopg2

from sql_queries import config, copy_table_queries, create_table_queries, insert_table_queries

try:
    conn = psycopg2.connect(**config['cluster'])
except psycopg2.Error as e:
    print("Error: Could not make connection to the database")
    print(e)
    raise SystemExit(2)

cur = conn.cursor()
errors = []
for query in create_table_queries + copy_table_queries + insert_table_queries:
    try:
        cur.execute(query)
        conn.commit()
    except psycopg2.Error as e:
        print("Error: Issue executing", query)
        print(e)
        errors.append((e.pgcode, type(e).__name__, str(e).splitlines()[0]))
        conn.rollback()

conn.autocommit = True
cur.execute("CREATE TABLE errors (number int identity(1,1), sqlstate char(5), class varchar, message varchar)")
for error in errors:
    cur.execute("INSERT INTO errors (sqlstate, class, message) VALUES (%s, %s, %s)", error)

cur.close()
conn.close()
