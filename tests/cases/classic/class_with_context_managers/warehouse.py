"""The Sparkify warehouse: one object that owns the connection and runs the steps of the pipeline."""

import logging
from configparser import ConfigParser
from contextlib import contextmanager

import psycopg2

logger = logging.getLogger(__name__)


class SparkifyWarehouse:
    def __init__(self, config_file: str = "config.ini"):
        self.config = ConfigParser()
        if not self.config.read(config_file):
            raise FileNotFoundError(config_file)

    @property
    def dsn(self) -> str:
        redshift = self.config["redshift"]
        return " ".join(
            f"{key}='{value}'" for key, value in redshift.items()
        )

    @contextmanager
    def connection(self):
        conn = psycopg2.connect(self.dsn)
        try:
            yield conn
        finally:
            conn.close()

    def parameters(self) -> dict:
        """What the COPY statements need."""
        return {
            "role": self.config["iam"]["role_arn"],
            "region": self.config["s3"]["region"],
            **{key: self.config["s3"][key] for key in ("events", "events_paths", "songs")},
        }

    def execute(self, *steps):
        with self.connection() as conn:
            for step in steps:
                with conn, conn.cursor() as cur:
                    logger.info("%s", step.__class__.__name__)
                    for statement in step.statements(**self.parameters()):
                        logger.debug(statement)
                        cur.execute(statement)
                        logger.info("%s: %s", cur.statusmessage, cur.rowcount)
