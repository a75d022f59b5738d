from warehouse import Warehouse
from queries import TABLES

if __name__ == '__main__':
    with Warehouse() as warehouse:
        for name, columns in TABLES.items():
            warehouse.run(f'DROP TABLE IF EXISTS {name}')
            warehouse.run(f'CREATE TABLE {name} ({columns})')
