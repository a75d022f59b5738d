from warehouse import Warehouse
from queries import STAGE, TRANSFORM

if __name__ == '__main__':
    with Warehouse() as warehouse:
        for sql in STAGE + TRANSFORM:
            warehouse.run(sql)
        for table in ('dim_users', 'dim_artists', 'song_of_the_week', 'listens'):
            print(table, warehouse.one(f'SELECT COUNT(*) FROM {table}'))
