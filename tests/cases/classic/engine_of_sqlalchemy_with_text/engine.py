import configparser

import sqlalchemy as sa

config = configparser.ConfigParser()
config.read("dwh.cfg")


def make_engine():
    c = config["CLUSTER"]
    url = sa.engine.URL.create(
        drivername=c["DIALECT"],
        username=c["DB_USER"],
        password=c["DB_PASSWORD"],
        host=c["HOST"],
        port=c.getint("DB_PORT"),
        database=c["DB_NAME"],
    )
    return sa.create_engine(url, connect_args={"sslmode": "prefer"})
