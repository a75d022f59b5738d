from sqlalchemy import text

from engine import make_engine
from sql_queries import create_table_queries, drop_table_queries

engine = make_engine()

with engine.begin() as connection:
    for query in drop_table_queries + create_table_queries:
        connection.execute(text(query))

print(sorted(engine.dialect.get_table_names(engine.connect(), schema="public")))
