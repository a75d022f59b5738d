"""Opens the connection to the warehouse described in the [DWH] section of dwh.cfg."""
import configparser

import psycopg2


def get_config(path="dwh.cfg"):
    config = configparser.ConfigParser()
    with open(path) as f:
        config.read_file(f)
    return config


def get_connection(config):
    dwh = config["DWH"]
    return psycopg2.connect(
        host=dwh["DWH_ENDPOINT"],
        database=dwh["DWH_DB"],
        user=dwh["DWH_DB_USER"],
        password=dwh["DWH_DB_PASSWORD"],
        port=int(dwh["DWH_PORT"]),
        connect_timeout=10,
        sslmode="require",
    )
