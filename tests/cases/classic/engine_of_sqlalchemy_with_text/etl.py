import pandas as pd
from sqlalchemy import text

from engine import make_engine
from sql_queries import copy_table_queries, insert_table_queries

engine = make_engine()

with engine.connect() as connection:
    for query in copy_table_queries:
        connection.execute(text(query))
        connection.commit()
    for query in insert_table_queries:
        result = connection.execute(text(query))
        connection.commit()
        print(result.rowcount)

with engine.connect() as connection:
    plays = connection.execute(
        text("SELECT count(*) FROM songplays WHERE level = :level AND start_time >= :since"),
        {"level": "paid", "since": "2018-11-15"},
    ).scalar()
    print("paid plays in the second half:", plays)
    frame = pd.read_sql(text("SELECT level, count(*) AS plays FROM songplays GROUP BY level ORDER BY level"), connection)
    print(frame.to_string(index=False))
    assert list(frame["level"]) == ["free", "paid"]

# keep the figure for the dashboard
frame.to_sql("plays_by_level", engine, index=False, if_exists="replace")
