from db import run_all
from sql_queries import copy_table_queries, insert_table_queries

if __name__ == '__main__':
    run_all(copy_table_queries)
    run_all(insert_table_queries)
