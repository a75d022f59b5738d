import logging

from steps import CreateTables, DropTables
from warehouse import SparkifyWarehouse

logging.basicConfig(level=logging.INFO)

if __name__ == "__main__":
    SparkifyWarehouse().execute(DropTables(), CreateTables())
