from create_tables import execute
from sql_queries import copy_table_queries, insert_table_queries

if __name__ == "__main__":
    execute(copy_table_queries)
    execute(insert_table_queries)
