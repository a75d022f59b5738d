"""dwh.cfg and the environment -> what is to be made on AWS. Reads the classic spellings (DWH_...) as well."""

from __future__ import annotations

import ipaddress
import os
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from infrastructure import prices
from warehouse import aws, config
from warehouse.config_file import Key, Reader
from warehouse.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal
    from pathlib import Path

SERVERLESS = "serverless"
CLUSTER_TYPES = ("single-node", "multi-node", SERVERLESS)
MANAGED, BUCKET = "managed", "bucket"  # how the role may read S3
CAPACITIES = frozenset({4, *range(8, 512, 8), *range(512, 1025, 32)})  # RPU
_NAME = "lower-case letters, digits and underscores, beginning with a letter (Redshift's rule for CreateCluster)"

_CLUSTER = ("CLUSTER", "DWH")
_AWS = ("AWS",)
KEYS = {
    **config.KEYS,
    "node_type": Key(_CLUSTER, ("CLUSTER_NODE_TYPE", "NODE_TYPE", "DWH_NODE_TYPE"), ("DWH_NODE_TYPE",)),
    "nodes": Key(
        _CLUSTER, ("CLUSTER_NUM_NODES", "NUM_NODES", "DWH_NUM_NODES", "CLUSTER_NUMBER_OF_NODES"), ("DWH_NUM_NODES",)
    ),
    "replace_retired": Key(_CLUSTER, ("REPLACE_RETIRED_NODES",), ("DWH_REPLACE_RETIRED_NODES",)),
    "role_name": Key(
        ("IAM_ROLE", "IAM", *_CLUSTER), ("NAME", "DWH_IAM_ROLE_NAME", "IAM_ROLE_NAME"), ("DWH_IAM_ROLE_NAME",)
    ),
    "role_policy": Key(("IAM_ROLE",), ("ROLE_POLICY",), ("DWH_ROLE_POLICY",)),
    "cidr": Key(("NETWORK",), ("CIDR",), ("DWH_CIDR",)),
    "address_url": Key(("NETWORK",), ("ADDRESS_URL",), ("DWH_ADDRESS_URL",)),
    "public": Key(("NETWORK",), ("PUBLIC",), ("DWH_PUBLIC",)),
    "vpc": Key(("NETWORK",), ("VPC_ID",), ("DWH_VPC_ID",)),
    "subnet_group": Key(("NETWORK",), ("SUBNET_GROUP",), ("DWH_SUBNET_GROUP",)),
    "base_capacity": Key(("SERVERLESS",), ("BASE_CAPACITY",), ("DWH_BASE_CAPACITY",)),
    "max_capacity": Key(("SERVERLESS",), ("MAX_CAPACITY",), ("DWH_MAX_CAPACITY",)),
    "rpu_hours": Key(("SERVERLESS",), ("RPU_HOURS_A_DAY",), ("DWH_RPU_HOURS_A_DAY",)),
    "wait_minutes": Key(_AWS, ("WAIT_MINUTES",), ("DWH_WAIT_MINUTES",)),
    "poll_seconds": Key(_AWS, ("POLL_SECONDS",), ("DWH_POLL_SECONDS",)),
}


@dataclass(frozen=True)
class StackSettings:
    """What dwh.cfg says about AWS, validated. Secrets do not show in ``repr``.

    ``nodes`` counts compute nodes, ``base_capacity`` and ``max_capacity`` Redshift processing units (RPU; a
    ``max_capacity`` of 0 is none), ``rpu_hours`` the RPU-hours after which a serverless warehouse stops for the day.
    """

    file: Path = config.DEFAULT_FILE
    profile: str = ""
    key: str = ""
    secret: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    region: str = ""
    identifier: str = "sparkify"
    cluster_type: str = "multi-node"
    node_type: str = "dc2.large"
    nodes: int = 4
    replace_retired: bool = False
    database: str = "dev"
    user: str = "awsuser"
    password: str = field(default="", repr=False)
    port: int = 5439
    role_name: str = "sparkify-redshift-s3"
    role_policy: str = MANAGED
    cidrs: tuple[str, ...] = ()
    address_url: str = "https://checkip.amazonaws.com"
    public: bool = True
    vpc: str = ""
    subnet_group: str = ""
    base_capacity: int = 8
    max_capacity: int = 0
    rpu_hours: int = 8
    buckets: tuple[str, ...] = ("udacity-dend",)
    host: str = ""
    arn: str = ""
    wait_minutes: int = 60
    poll_seconds: float = 10.0
    prices: Mapping[str, Decimal] = field(default_factory=dict)
    notices: tuple[str, ...] = ()

    @property
    def serverless(self) -> bool:
        return self.cluster_type == SERVERLESS

    @property
    def access(self) -> aws.Access:
        """Who we are on AWS."""
        return aws.Access(self.profile, self.key, self.secret, self.token, self.region)

    @property
    def secrets(self) -> tuple[str, ...]:
        """What no line of output may hold."""
        return tuple(secret for secret in (*self.access.secrets, self.password) if secret)


def load(
    file: Path | None = None, environment: Mapping[str, str] = os.environ, *, serverless: bool = False
) -> StackSettings:
    """Read ``file`` (None: dwh.cfg; all defaults where it does not exist) and the environment. Raises ConfigError.

    ``serverless`` goes before CLUSTER_TYPE.
    """
    reader = Reader(file or config.DEFAULT_FILE, KEYS, environment)
    defaults = StackSettings()
    identifier, notices = _identifier(reader, defaults.identifier)
    unread = _unread(reader)
    cluster_type, nodes = _size(reader, defaults)
    access = aws.read(reader)
    base_capacity, max_capacity = _capacities(reader, defaults)
    host, port, database = config.endpoint(reader.find("host"))
    return StackSettings(
        file=reader.file,
        profile=access.profile,
        key=access.key,
        secret=access.secret,
        token=access.token,
        region=access.region,
        identifier=identifier,
        cluster_type=SERVERLESS if serverless else cluster_type,
        node_type=reader.matching("node_type", prices.NODE_TYPE, "a node type such as ra3.large", defaults.node_type),
        nodes=nodes,
        replace_retired=reader.flag("replace_retired", False),
        database=reader.matching("database", r"[a-z_][a-z0-9_]{0,63}", _NAME, database or defaults.database),
        user=_user(reader, defaults.user),
        password=_password(reader),
        port=_port(reader, int(port or defaults.port)),
        role_name=reader.matching(
            "role_name", r"[A-Za-z0-9_+=,.@-]{1,64}", "a role's name (not its ARN)", defaults.role_name
        ),
        role_policy=reader.choice("role_policy", (MANAGED, BUCKET), defaults.role_policy),
        cidrs=_cidrs(reader),
        address_url=reader.matching("address_url", r"https?://\S+", "an http address", defaults.address_url),
        public=reader.flag("public", True),
        vpc=reader.matching("vpc", r"vpc-[0-9a-f]+", "a VPC such as vpc-0a1b2c3d"),
        subnet_group=reader.text("subnet_group"),
        base_capacity=base_capacity,
        max_capacity=max_capacity,
        rpu_hours=reader.number("rpu_hours", 1, 1_000_000, "a number of RPU-hours", defaults.rpu_hours),
        buckets=_buckets(reader),
        host=host,
        arn=reader.text("arn"),
        wait_minutes=reader.number("wait_minutes", 1, 600, "a number of minutes (1 to 600)", defaults.wait_minutes),
        poll_seconds=float(reader.matching("poll_seconds", r"\d+(\.\d+)?", "a number of seconds", "10")),
        prices=prices.read(reader.file, reader.sections.get("PRICES", {})),
        notices=(*notices, *unread),
    )


def _identifier(reader: Reader, default: str) -> tuple[str, tuple[str, ...]]:
    """The cluster's identifier as AWS keeps it, and what to tell where that is not as written.

    https://docs.aws.amazon.com/redshift/latest/APIReference/API_CreateCluster.html
    """
    value = reader.filled("identifier")
    if value is None:
        return default, ()
    lower = value.text.lower()
    if not re.fullmatch(r"[a-z](?!.*--)([a-z0-9-]{0,61}[a-z0-9])?", lower):
        raise ConfigError(
            f"{value.place} is {value.text!r}, not an identifier.",
            "1 to 63 letters, digits and single hyphens; a letter first, no hyphen at the end.",
        )
    notice = f"{value.place} is {value.text}: AWS keeps it in lower case, {lower}."
    return lower, () if lower == value.text else (notice,)


def _unread(reader: Reader) -> tuple[str, ...]:
    """What to tell of keys that nothing reads: a slip in one may cost money."""
    unread = reader.unread()
    if not unread:
        return ()
    remedy = "dwh.cfg.example has the names and sections that count; DWH_... count in [DWH] and [CLUSTER]."
    return (f"{reader.file} has keys that are not read here: {', '.join(unread)}. {remedy}",)


def _size(reader: Reader, defaults: StackSettings) -> tuple[str, int]:
    """Cluster type and number of nodes, which must fit each other."""
    nodes = reader.number("nodes", 1, 128, "a number of nodes (1 to 128)", 0)
    kind = reader.choice("cluster_type", CLUSTER_TYPES, "single-node" if nodes == 1 else defaults.cluster_type)
    if kind == "single-node" and nodes > 1:
        raise ConfigError(
            f"{reader.file}: CLUSTER_TYPE is single-node and CLUSTER_NUM_NODES is {nodes}.",
            "Set CLUSTER_TYPE = multi-node, or CLUSTER_NUM_NODES = 1.",
        )
    if kind == "multi-node" and nodes == 1:
        raise ConfigError(
            f"{reader.file}: CLUSTER_TYPE is multi-node, which has at least 2 nodes, and CLUSTER_NUM_NODES is 1.",
            "Set CLUSTER_TYPE = single-node, or CLUSTER_NUM_NODES = 2.",
        )
    return kind, nodes or (1 if kind == "single-node" else defaults.nodes)


def _user(reader: Reader, default: str) -> str:
    what = "lower-case letters, digits and _@.+-, beginning with a letter (Redshift's rule for CreateCluster)"
    user = reader.matching("user", r"[a-z][a-z0-9_@.+-]{0,127}", what, default)
    if user == "public":
        raise ConfigError(f"{reader.file}: DB_USER is public, which is reserved.", "Choose another, such as awsuser.")
    return user


def _password(reader: Reader) -> str:
    """The administrator's password, empty where AWS is to keep one.

    https://docs.aws.amazon.com/redshift/latest/APIReference/API_CreateCluster.html (MasterUserPassword)
    """
    value = reader.filled("password")
    if value is None:
        return ""
    wanted = (r".*[A-Z].*", r".*[a-z].*", r".*[0-9].*", r"[!#-&(-.0-?A-\[\]-~]{8,64}")
    if not all(re.fullmatch(part, value.text) for part in wanted):
        raise ConfigError(
            f"{value.place} is no password that Redshift takes.",
            "8 to 64 printable ASCII characters with a capital, a small letter and a digit, without / @ \" ' \\ and "
            "blanks. Or leave it empty: AWS then keeps one in Secrets Manager, and no password is in a file.",
        )
    return value.text


def _port(reader: Reader, default: int) -> int:
    """https://docs.aws.amazon.com/redshift/latest/APIReference/API_CreateCluster.html (Port, RA3 nodes)"""
    port = reader.number("port", 1, 65535, config.PORT, default)
    if reader.text("host") or 5431 <= port <= 5455 or 8191 <= port <= 8215:  # of a HOST that is there, it is AWS's
        return port
    value = reader.filled("port")
    raise ConfigError(
        f"{value.place if value else 'DB_PORT'} is {port}: Redshift takes 5431 to 5455 and 8191 to 8215.",
        "5439 is the usual one.",
    )


def _cidrs(reader: Reader) -> tuple[str, ...]:
    """Who may connect, where that is not the caller's address alone: networks, separated by commas."""
    value = reader.filled("cidr")
    if value is None:
        return ()
    try:
        networks = [str(ipaddress.ip_network(part)) for part in re.split(r"[,\s]+", value.text) if part]
    except ValueError as error:
        raise ConfigError(
            f"{value.place} is {value.text!r}: {error}.", "Networks such as 203.0.113.7/32, separated by commas."
        ) from None
    return tuple(dict.fromkeys(networks))


def _capacities(reader: Reader, defaults: StackSettings) -> tuple[int, int]:
    """The base capacity, and the most that it may grow to (0: no such limit)."""
    base = _capacity(reader, "base_capacity", defaults.base_capacity)
    most = _capacity(reader, "max_capacity", defaults.max_capacity)
    if 0 < most < base:
        raise ConfigError(
            f"{reader.file}: BASE_CAPACITY is {base} RPU and MAX_CAPACITY {most}, which is less.",
            "Set MAX_CAPACITY to as much or more, or leave it empty.",
        )
    return base, most


def _capacity(reader: Reader, setting: str, default: int) -> int:
    """https://docs.aws.amazon.com/redshift/latest/mgmt/serverless-capacity.html"""
    what = "a number of RPU: 4, 8 to 512 in steps of 8, or to 1024 in steps of 32"
    capacity = reader.number(setting, 0, 1024, what, default)
    value = reader.filled(setting)
    if value and capacity not in {default, *CAPACITIES}:
        raise ConfigError(f"{value.place} is {value.text!r}, not {what}.")
    return capacity


def _buckets(reader: Reader) -> tuple[str, ...]:
    """The buckets that COPY reads, each once."""
    defaults = config.Settings()
    paths = [
        config.s3_path(reader, setting, getattr(defaults, setting))
        for setting in ("log_data", "log_jsonpath", "song_data")
    ]
    return tuple(dict.fromkeys(path.split("/")[2] for path in paths if path.startswith("s3://")))
