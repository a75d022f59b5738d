import os
from configparser import ConfigParser, ExtendedInterpolation

parser = ConfigParser(interpolation=ExtendedInterpolation())
parser.read(os.environ.get("DWH_CONFIG", "dwh.cfg"))


def dsn():
    """postgresql:// URL of the cluster."""
    c = parser["CLUSTER"]
    return "postgresql://{DB_USER}:{DB_PASSWORD}@{HOST}:{DB_PORT}/{DB_NAME}".format(
        **{k.upper(): v for k, v in c.items()}
    )
