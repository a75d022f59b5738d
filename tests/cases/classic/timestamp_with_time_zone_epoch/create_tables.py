from db import run_all
from sql_queries import create_table_queries, drop_table_queries

if __name__ == '__main__':
    run_all(drop_table_queries + create_table_queries)
