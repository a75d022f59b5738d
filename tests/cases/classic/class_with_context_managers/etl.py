import logging

from steps import Stage, Transform
from warehouse import SparkifyWarehouse

logging.basicConfig(level=logging.INFO)

if __name__ == "__main__":
    SparkifyWarehouse().execute(Stage(), Transform())
