"""dl.cfg and the environment -> what runs the lake's job on AWS."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from data_lake import settings as lake
from infrastructure import prices
from warehouse import aws
from warehouse.config_file import Key, Reader
from warehouse.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal
    from pathlib import Path

_EMR, _AWS = ("EMR",), ("AWS",)
KEYS = {
    **lake.KEYS,
    "name": Key(_EMR, ("NAME",), ("DL_NAME",)),
    "release": Key(_EMR, ("RELEASE",), ("DL_RELEASE",)),
    "max_vcpu": Key(_EMR, ("MAX_VCPU",), ("DL_MAX_VCPU",)),
    "max_memory_gb": Key(_EMR, ("MAX_MEMORY_GB",), ("DL_MAX_MEMORY_GB",)),
    "idle_minutes": Key(_EMR, ("IDLE_MINUTES",), ("DL_IDLE_MINUTES",)),
    "job_minutes": Key(_EMR, ("JOB_MINUTES",), ("DL_JOB_MINUTES",)),
    "on_ec2": Key(_EMR, ("ON_EC2",), ("DL_ON_EC2",)),
    "instance_type": Key(_EMR, ("INSTANCE_TYPE",), ("DL_INSTANCE_TYPE",)),
    "instances": Key(_EMR, ("INSTANCES",), ("DL_INSTANCES",)),
    "subnet": Key(_EMR, ("SUBNET_ID",), ("DL_SUBNET_ID",)),
    "wait_minutes": Key(_AWS, ("WAIT_MINUTES",), ("DL_WAIT_MINUTES",)),
    "poll_seconds": Key(_AWS, ("POLL_SECONDS",), ("DL_POLL_SECONDS",)),
}
# With twelve digits and the longest region behind it, it is still a bucket's name: 63 characters at most.
_NAME = r"[a-z][a-z0-9-]{0,34}"


@dataclass(frozen=True)
class EmrSettings:
    """What dl.cfg says about the lake on AWS, validated. Secrets do not show in ``repr``.

    ``input`` is s3://bucket/prefix/; ``output`` as well, or empty for the bucket that ``lake.py up`` makes.
    ``max_vcpu`` and ``max_memory_gb`` limit EMR Serverless; it stops by itself after ``idle_minutes`` without a job,
    and a job after ``job_minutes``. ``instances`` counts EC2 instances: one primary node, the rest core nodes.
    """

    file: Path = lake.DEFAULT_FILE
    access: aws.Access = field(default_factory=aws.Access)
    name: str = "sparkify-lake"
    release: str = "emr-7.13.0"
    max_vcpu: int = 16
    max_memory_gb: int = 64
    idle_minutes: int = 5
    job_minutes: int = 60
    on_ec2: bool = False
    instance_type: str = "m5.xlarge"
    instances: int = 3
    subnet: str = ""
    input: str = "s3://udacity-dend/"
    output: str = ""
    wait_minutes: int = 60
    poll_seconds: float = 10.0
    prices: Mapping[str, Decimal] = field(default_factory=dict)
    notices: tuple[str, ...] = ()

    @property
    def secrets(self) -> tuple[str, ...]:
        """What no line of output may hold."""
        return self.access.secrets


def load(file: Path | None = None, environment: Mapping[str, str] = os.environ, *, on_ec2: bool = False) -> EmrSettings:
    """Read ``file`` (None: dl.cfg; all defaults where it does not exist) and the environment. Raises ConfigError.

    ``on_ec2`` goes before ON_EC2.
    """
    reader = Reader(file or lake.DEFAULT_FILE, KEYS, environment)
    defaults = EmrSettings()
    output, local = _output(reader)
    return EmrSettings(
        file=reader.file,
        access=aws.read(reader),
        name=reader.matching("name", _NAME, "a name: 1 to 35 of a to z, 0 to 9 and -, a letter first", defaults.name),
        release=reader.matching(
            "release", r"emr-(spark-)?\d+\.\d+\.\d+", "a release of EMR such as emr-7.13.0", defaults.release
        ),
        # The least is a driver and the three executors that a job begins with, of the smallest size (``workers``).
        max_vcpu=reader.number("max_vcpu", 4, 4000, "a number of vCPU (4 to 4000)", defaults.max_vcpu),
        max_memory_gb=reader.number(
            "max_memory_gb", 16, 30_000, "a number of GB (16 to 30000)", defaults.max_memory_gb
        ),
        idle_minutes=reader.number("idle_minutes", 1, 10_080, _minutes(1, 10_080), defaults.idle_minutes),
        job_minutes=reader.number("job_minutes", 5, 10_080, _minutes(5, 10_080), defaults.job_minutes),
        on_ec2=on_ec2 or reader.flag("on_ec2", False),
        instance_type=reader.matching(
            "instance_type", prices.NODE_TYPE, "an instance type such as m5.xlarge", defaults.instance_type
        ),
        instances=reader.number("instances", 2, 100, "a number of instances (2 to 100)", defaults.instances),
        subnet=reader.matching("subnet", r"subnet-[0-9a-f]+", "a subnet such as subnet-0a1b2c3d"),
        input=_input(reader, defaults.input),
        output=output,
        wait_minutes=reader.number("wait_minutes", 1, 600, _minutes(1, 600), defaults.wait_minutes),
        poll_seconds=float(reader.matching("poll_seconds", r"\d+(\.\d+)?", "a number of seconds", "10")),
        prices=prices.read(reader.file, reader.sections.get("PRICES", {})),
        notices=(*local, *_unread(reader)),
    )


def _minutes(low: int, high: int) -> str:
    return f"a number of minutes ({low} to {high})"


def _input(reader: Reader, default: str) -> str:
    place = lake.place(reader, "input", default)
    if not place.startswith("s3://"):
        value = reader.filled("input")
        where = value.place if value else str(reader.file)
        raise ConfigError(
            f"{where} is {place}, a folder on this machine, which EMR cannot read.",
            "Copy it to S3 (aws s3 sync FOLDER s3://BUCKET/PREFIX) and set INPUT_DATA to that.",
        )
    return _folder(place)


def _output(reader: Reader) -> tuple[str, tuple[str, ...]]:
    """Where the lake is to be, empty for a bucket of our own; and what to tell where dl.cfg has a local folder."""
    place = lake.place(reader, "output", "")
    if place.startswith("s3://"):
        return _folder(place), ()
    value = reader.filled("output")
    if value is None:
        return "", ()
    return "", (f"{value.place} is a folder on this machine, which EMR cannot write: the lake gets a bucket instead.",)


def _folder(url: str) -> str:
    return f"{url.rstrip('/')}/"


def _unread(reader: Reader) -> tuple[str, ...]:
    """What to tell of keys that nothing reads: a slip in one may cost money."""
    unread = reader.unread()
    if not unread:
        return ()
    remedy = "data_lake/dl.cfg.example has the names and sections that count."
    return (f"{reader.file} has keys that are not read here: {', '.join(unread)}. {remedy}",)
