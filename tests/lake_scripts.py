"""infrastructure/lake.py as people run it: in a folder with a dl.cfg, against the stand-in for AWS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from infrastructure_scripts import Place
from strict_aws import ACCOUNT, REGION

if TYPE_CHECKING:
    from pathlib import Path
    from subprocess import CompletedProcess

    from strict_aws import StrictAws

INPUT = "udacity-dend"
BUCKET = f"sparkify-lake-{ACCOUNT}-{REGION}"
LAKE = f"""\
# my lake
[AWS]
INPUT_DATA = s3://{INPUT}/
OUTPUT_DATA =

[EMR]
NAME = sparkify-lake   ; as it is by itself
MAX_VCPU = 16
"""


@dataclass
class LakePlace(Place):
    """``text`` is dl.cfg's; the commands are those of lake.py."""

    @property
    def config(self) -> Path:
        return self.folder / "dl.cfg"

    def lake(self, *arguments: str, code: int = 0, **environment: str) -> str:
        """What lake.py says; it must end in ``code`` and leave stderr empty."""
        return self.succeed("lake.py", *arguments, code=code, **environment)

    def lake_fails(self, *arguments: str, **environment: str) -> str:
        """What lake.py says on stderr; it must be sentences and exit code 1."""
        return self.fail("lake.py", *arguments, **environment)

    def try_lake(self, *arguments: str, **environment: str) -> CompletedProcess[str]:
        return self.run("lake.py", *arguments, **environment)


def lake_place(folder: Path, aws: StrictAws) -> LakePlace:
    """A folder with LAKE as its dl.cfg, and an account with the bucket that it reads."""
    environment = aws.environment()
    made = LakePlace(folder, {**environment, "DL_POLL_SECONDS": "0.05"}, [environment["AWS_SECRET_ACCESS_KEY"]])
    made.configure(LAKE)
    make_bucket(aws, INPUT)
    return made


def make_bucket(aws: StrictAws, name: str, region: str = REGION, **tags: str) -> Any:
    """Somebody's bucket; ``tags`` have ``_`` for ``:``."""
    s3 = aws.client("s3", region)
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": region})
    if tags:
        given = [{"Key": key.replace("_", ":"), "Value": value} for key, value in tags.items()]
        s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": given})
    return s3
