"""dwh.cfg as people have it -> what is to be made on AWS, or the sentence that says what is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from infrastructure import settings
from infrastructure.settings import StackSettings
from warehouse.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).resolve().parent.parent

CLASSIC = """\
[AWS]
KEY=AKIAEXAMPLE
SECRET=se/cr+et#1

[DWH]
DWH_CLUSTER_TYPE       =multi-node
DWH_NUM_NODES          ='4'
DWH_NODE_TYPE          =dc2.large
DWH_IAM_ROLE_NAME      ="dwhRole"
DWH_CLUSTER_IDENTIFIER =dwhCluster
DWH_DB                 =dwh
DWH_DB_USER            =dwhuser
DWH_DB_PASSWORD        =Passw0rd
DWH_PORT               =5439
"""


def load(folder: Path, text: str, environment: Mapping[str, str] | None = None, **more: bool) -> StackSettings:
    file = folder / "dwh.cfg"
    file.write_text(text)
    return settings.load(file, environment or {}, **more)


def refused(folder: Path, text: str, environment: Mapping[str, str] | None = None) -> str:
    """Message and hint, with the file's folder taken out."""
    with pytest.raises(ConfigError) as caught:
        load(folder, text, environment)
    return f"{caught.value.message} {caught.value.hint}".replace(f"{folder}/", "").strip()


def test_without_a_file_it_is_the_order(tmp_path: Path) -> None:
    found = settings.load(tmp_path / "dwh.cfg", {})
    assert found == StackSettings(file=tmp_path / "dwh.cfg")
    assert (found.identifier, found.cluster_type, found.node_type, found.nodes) == (
        "sparkify",
        "multi-node",
        "dc2.large",
        4,
    )
    assert not found.serverless
    assert found.secrets == ()


def test_the_example_file_says_what_is_so_without_it() -> None:
    example = ROOT / "dwh.cfg.example"
    assert settings.load(example, {}) == StackSettings(file=example, region="us-west-2")


def test_a_classic_file(tmp_path: Path) -> None:
    found = load(tmp_path, CLASSIC)
    assert (found.key, found.secret, found.token) == ("AKIAEXAMPLE", "se/cr+et#1", "")
    assert (found.cluster_type, found.nodes, found.node_type) == ("multi-node", 4, "dc2.large")
    assert (found.role_name, found.identifier) == ("dwhRole", "dwhcluster")
    assert (found.database, found.user, found.password, found.port) == ("dwh", "dwhuser", "Passw0rd", 5439)
    assert found.buckets == ("udacity-dend",)
    place = f"{tmp_path / 'dwh.cfg'}: [DWH] DWH_CLUSTER_IDENTIFIER"
    assert found.notices == (f"{place} is dwhCluster: AWS keeps it in lower case, dwhcluster.",)


def test_no_secret_shows(tmp_path: Path) -> None:
    found = load(tmp_path, CLASSIC.replace("[DWH]", "TOKEN=to=ken\n[DWH]"))
    assert found.secrets == ("se/cr+et#1", "to=ken", "Passw0rd")
    assert not any(secret in repr(found) for secret in found.secrets)


READ: list[tuple[str, str, object]] = [
    # the spellings of public files: text, setting, value
    ("[CLUSTER]\nCLUSTER_IDENTIFIER = music", "identifier", "music"),
    ("[CLUSTER]\nDWH_CLUSTER_IDENTIFIER = music", "identifier", "music"),
    ("[CLUSTER]\nIDENTIFIER = music", "identifier", "music"),
    ("[DWH]\nCLUSTER_IDENTIFIER = 'music-2'", "identifier", "music-2"),
    ("[dwh]\ndwh_cluster_identifier: music", "identifier", "music"),
    ("[CLUSTER]\nCLUSTER_IDENTIFIER = a" + 62 * "b", "identifier", "a" + 62 * "b"),
    ("[CLUSTER]\nCLUSTER_NODE_TYPE = ra3.xlplus  # two", "node_type", "ra3.xlplus"),
    ("[CLUSTER]\nNODE_TYPE = rg.large", "node_type", "rg.large"),
    ("[DWH]\nDWH_NODE_TYPE = ra3.16xlarge", "node_type", "ra3.16xlarge"),
    ("[CLUSTER]\nCLUSTER_NUM_NODES = 2", "nodes", 2),
    ("[CLUSTER]\nNUM_NODES = 2", "nodes", 2),
    ("[CLUSTER]\nCLUSTER_NUMBER_OF_NODES = 2", "nodes", 2),
    ("[CLUSTER]\nDWH_NUM_NODES = 128", "nodes", 128),
    ("[CLUSTER]\nDWH_CLUSTER_TYPE = single-node", "cluster_type", "single-node"),
    ("[CLUSTER]\nREPLACE_RETIRED_NODES = yes", "replace_retired", True),
    ("[IAM_ROLE]\nNAME = my.Role@1", "role_name", "my.Role@1"),
    ("[IAM_ROLE]\nIAM_ROLE_NAME = r", "role_name", "r"),
    ("[IAM]\nDWH_IAM_ROLE_NAME = r", "role_name", "r"),
    ("[CLUSTER]\nDWH_IAM_ROLE_NAME = r", "role_name", "r"),
    ("[IAM_ROLE]\nROLE_POLICY = bucket", "role_policy", "bucket"),
    ("[AWS]\nREGION = eu-central-1", "region", "eu-central-1"),
    ("[AWS]\nAWS_REGION = us-gov-west-1", "region", "us-gov-west-1"),
    ("[CLUSTER]\nREGION = us-east-1", "region", "us-east-1"),
    ("[DWH]\nDWH_REGION = us-east-1", "region", "us-east-1"),
    ("[REGION]\nREGION=us-west-1", "region", "us-west-1"),
    ("[AWS]\nREGION_NAME = us-west-1", "region", "us-west-1"),
    ("[DWH]\nDWH_REGION_NAME = us-west-1", "region", "us-west-1"),
    ("[S3]\nREGION=us-west-1", "region", ""),  # the bucket's, not the cluster's
    ("[AWS]\nPROFILE = work", "profile", "work"),
    ("[AWS]\nAWS_ACCESS_KEY_ID = A\nAWS_SECRET_ACCESS_KEY = s # 1", "secret", "s # 1"),
    ("[AWS]\nKEY = A\nSECRET = s\nAWS_SESSION_TOKEN = t#1", "token", "t#1"),
    ("[AWS]\nKEY = ASIA1\nSECRET = s\nSESSION_TOKEN = t #1", "token", "t #1"),
    ("[AWS]\nACCESS_KEY = A\nSECRET_KEY = s #1", "secret", "s #1"),
    ("[KEYS]\nACCESS_KEY_ID = A\nSECRET_ACCESS_KEY = s #1", "secret", "s #1"),
    ("[IAM]\nKEY = A\nSECRET = s #1", "secret", "s #1"),
    ("[CLUSTER]\nDWH_USER = anna", "user", "anna"),
    ("[DWH]\nDWH_PASSWORD = Passw0rd;#1", "password", "Passw0rd;#1"),
    ("[IAM_ROLE]\nDWH_ARN = arn:aws:iam::123456789012:role/r", "arn", "arn:aws:iam::123456789012:role/r"),
    ("[AWS]\nKEY = ''\nSECRET =", "key", ""),
    ("[CLUSTER]\nDB_NAME = ''\n[DWH]\nDWH_DB = dwh", "database", "dwh"),  # the first with something in it
    ("[CLUSTER]\nDB_NAME = one\n[DWH]\nDWH_DB = dwh", "database", "one"),
    ("[CLUSTER]\nHOST = c.x.us-west-2.redshift.amazonaws.com:5440/music", "database", "music"),
    ("[CLUSTER]\nHOST = c.x.us-west-2.redshift.amazonaws.com:5440/music", "port", 5440),
    ("[CLUSTER]\nHOST = c.x.us-west-2.redshift.amazonaws.com:5440", "host", "c.x.us-west-2.redshift.amazonaws.com"),
    # one thing follows from another
    ("[CLUSTER]\nCLUSTER_NUM_NODES = 1", "cluster_type", "single-node"),
    ("[CLUSTER]\nCLUSTER_TYPE = single-node", "nodes", 1),
    ("[CLUSTER]\nCLUSTER_TYPE = multi-node", "nodes", 4),
    ("[CLUSTER]\nCLUSTER_TYPE = serverless", "serverless", True),
    ("[CLUSTER]\nCLUSTER_TYPE = serverless\nCLUSTER_NUM_NODES = 1", "serverless", True),
    # ports: RA3's two ranges; whatever AWS chose for a cluster that is there
    ("[CLUSTER]\nDB_PORT = 5431", "port", 5431),
    ("[CLUSTER]\nDB_PORT = '5455'", "port", 5455),
    ("[CLUSTER]\nDWH_PORT = 8191", "port", 8191),
    ("[CLUSTER]\nDB_PORT = 8215", "port", 8215),
    ("[CLUSTER]\nHOST = old.x.us-west-2.redshift.amazonaws.com\nDB_PORT = 1150", "port", 1150),
    # networks: an address is a network of one; each once
    ("[NETWORK]\nCIDR = 52.95.4.1", "cidrs", ("52.95.4.1/32",)),
    ("[NETWORK]\nCIDR = 52.95.4.0/24, 2600:1f00::/32", "cidrs", ("52.95.4.0/24", "2600:1f00::/32")),
    ("[NETWORK]\nCIDR = 52.95.4.1, 52.95.4.1/32", "cidrs", ("52.95.4.1/32",)),
    ("[NETWORK]\nCIDR = 0.0.0.0/0", "cidrs", ("0.0.0.0/0",)),  # refused later, unless it is allowed
    ("[NETWORK]\nPUBLIC = no", "public", False),
    ("[NETWORK]\nVPC_ID = vpc-0a1b2c3d", "vpc", "vpc-0a1b2c3d"),
    ("[NETWORK]\nSUBNET_GROUP = mine", "subnet_group", "mine"),
    ("[NETWORK]\nADDRESS_URL = http://127.0.0.1:1/", "address_url", "http://127.0.0.1:1/"),
    ("[SERVERLESS]\nBASE_CAPACITY = 4", "base_capacity", 4),
    ("[SERVERLESS]\nBASE_CAPACITY = 512", "base_capacity", 512),
    ("[SERVERLESS]\nBASE_CAPACITY = 1024", "base_capacity", 1024),
    ("[SERVERLESS]\nMAX_CAPACITY = 16", "max_capacity", 16),
    ("[SERVERLESS]\nMAX_CAPACITY = 0", "max_capacity", 0),
    ("[SERVERLESS]\nRPU_HOURS_A_DAY = 24", "rpu_hours", 24),
    ("[AWS]\nWAIT_MINUTES = 5", "wait_minutes", 5),
    ("[AWS]\nPOLL_SECONDS = 0.5", "poll_seconds", 0.5),
    ("[S3]\nLOG_DATA='s3://one/x'\nLOG_JSONPATH=auto\nSONG_DATA=s3://two", "buckets", ("one", "two")),
]


@pytest.mark.parametrize(("text", "setting", "expected"), READ)
def test_reads(tmp_path: Path, text: str, setting: str, expected: object) -> None:
    assert getattr(load(tmp_path, text), setting) == expected


UNREAD = """\
[CLUSTER]
CLUSTER_NUM_NODE = 2
DB_PASSWORT = s3cret
DB_ZONE =
[IAC]
DWH_NUM_NODES = 2
OTHER = 1
[S3]
MORE_DATA = s3://b/more
[IAM_ROLE]
name = read
"""


def test_keys_that_nothing_reads_are_named_without_their_values(tmp_path: Path) -> None:
    (notice,) = load(tmp_path, UNREAD).notices
    unread = "[CLUSTER] CLUSTER_NUM_NODE, [CLUSTER] DB_PASSWORT, [IAC] DWH_NUM_NODES"
    assert notice.startswith(f"{tmp_path / 'dwh.cfg'} has keys that are not read here: {unread}. ")
    assert "s3cret" not in notice


def test_every_key_of_the_file_and_of_the_environment_is_read(tmp_path: Path) -> None:
    """Each spelling in the tables leads to its setting: a wrong value of it is complained of under its name."""
    wrong = "'\u00fc \u00fc"
    taken_as_they_are = {"profile", "key", "secret", "token", "subnet_group", "arn"}
    of_the_load_alone = {"sslmode", "sslrootcert", "region", "local_database", "s3_root"}
    for setting in settings.KEYS.keys() - taken_as_they_are - of_the_load_alone:
        key = settings.KEYS[setting]
        for section in key.sections:
            for name in key.names:
                told = refused(tmp_path, f"[{section}]\n{name} = {wrong}")
                assert told.startswith(f"dwh.cfg: [{section}] {name} is "), told
        for variable in key.variables:
            told = refused(tmp_path, f"[{key.sections[0]}]\n{key.names[0]} = {wrong}", {variable: wrong})
            assert told.startswith(f"the environment's {variable} is "), told


def test_the_environment_goes_before_the_file(tmp_path: Path) -> None:
    found = load(tmp_path, CLASSIC, {"DWH_CLUSTER_IDENTIFIER": "other", "DWH_NUM_NODES": "", "DWH_DB_PASSWORD": ""})
    assert (found.identifier, found.notices, found.nodes, found.password) == ("other", (), 4, "")


def test_the_flag_goes_before_the_file(tmp_path: Path) -> None:
    assert load(tmp_path, CLASSIC, serverless=True).serverless


IDENTIFIER = "an identifier. 1 to 63 letters, digits and single hyphens; a letter first, no hyphen at the end."
NAME = "lower-case letters, digits and underscores, beginning with a letter (Redshift's rule for CreateCluster)."
USER = "lower-case letters, digits and _@.+-, beginning with a letter (Redshift's rule for CreateCluster)."
NODES = "a number of nodes (1 to 128)."
HOST = "Fill in the endpoint; or leave it empty, for the laptop and until infrastructure/setup.py fills it in."
PORTS = "Redshift takes 5431 to 5455 and 8191 to 8215. 5439 is the usual one."
RPU = "a number of RPU: 4, 8 to 512 in steps of 8, or to 1024 in steps of 32."

REFUSED = [
    ("[CLUSTER]\nCLUSTER_IDENTIFIER = my_dwh", f"[CLUSTER] CLUSTER_IDENTIFIER is 'my_dwh', not {IDENTIFIER}"),
    ("[CLUSTER]\nCLUSTER_IDENTIFIER = 1dwh", f"[CLUSTER] CLUSTER_IDENTIFIER is '1dwh', not {IDENTIFIER}"),
    ("[CLUSTER]\nCLUSTER_IDENTIFIER = dwh-", f"[CLUSTER] CLUSTER_IDENTIFIER is 'dwh-', not {IDENTIFIER}"),
    ("[CLUSTER]\nCLUSTER_IDENTIFIER = d--wh", f"[CLUSTER] CLUSTER_IDENTIFIER is 'd--wh', not {IDENTIFIER}"),
    ("[DWH]\nDWH_CLUSTER_IDENTIFIER = d.h", f"[DWH] DWH_CLUSTER_IDENTIFIER is 'd.h', not {IDENTIFIER}"),
    (
        f"[CLUSTER]\nIDENTIFIER = {64 * 'a'}",
        f"[CLUSTER] IDENTIFIER is '{64 * 'a'}', not {IDENTIFIER}",
    ),
    ("[CLUSTER]\nDB_NAME = My-Db", f"[CLUSTER] DB_NAME is 'My-Db', not {NAME}"),
    ("[CLUSTER]\nDB_USER = Admin", f"[CLUSTER] DB_USER is 'Admin', not {USER}"),
    ("[CLUSTER]\nDB_USER = _x", f"[CLUSTER] DB_USER is '_x', not {USER}"),
    ("[CLUSTER]\nDB_USER = public", "DB_USER is public, which is reserved. Choose another, such as awsuser."),
    (
        "[CLUSTER]\nCLUSTER_TYPE = multi",
        "[CLUSTER] CLUSTER_TYPE is 'multi', not one of single-node, multi-node, serverless.",
    ),
    ("[CLUSTER]\nNODE_TYPE = large", "[CLUSTER] NODE_TYPE is 'large', not a node type such as ra3.large."),
    ("[DWH]\nDWH_NUM_NODES = 0", f"[DWH] DWH_NUM_NODES is '0', not {NODES}"),
    ("[DWH]\nDWH_NUM_NODES = two", f"[DWH] DWH_NUM_NODES is 'two', not {NODES}"),
    ("[DWH]\nDWH_NUM_NODES = 129", f"[DWH] DWH_NUM_NODES is '129', not {NODES}"),
    (
        "[DWH]\nDWH_CLUSTER_TYPE=multi-node\nDWH_NUM_NODES=1",  # as some public files have it
        (
            "CLUSTER_TYPE is multi-node, which has at least 2 nodes, and CLUSTER_NUM_NODES is 1. "
            "Set CLUSTER_TYPE = single-node, or CLUSTER_NUM_NODES = 2."
        ),
    ),
    (
        "[DWH]\nDWH_CLUSTER_TYPE=single-node\nDWH_NUM_NODES=4",
        (
            "CLUSTER_TYPE is single-node and CLUSTER_NUM_NODES is 4. "
            "Set CLUSTER_TYPE = multi-node, or CLUSTER_NUM_NODES = 1."
        ),
    ),
    ("[CLUSTER]\nDB_PORT = 5430", f"[CLUSTER] DB_PORT is 5430: {PORTS}"),
    ("[CLUSTER]\nDB_PORT = 5456", f"[CLUSTER] DB_PORT is 5456: {PORTS}"),
    ("[DWH]\nDWH_PORT = 8190", f"[DWH] DWH_PORT is 8190: {PORTS}"),
    ("[DWH]\nDWH_PORT = 8216", f"[DWH] DWH_PORT is 8216: {PORTS}"),
    ("[CLUSTER]\nDB_PORT = 0", "[CLUSTER] DB_PORT is '0', not a port number (1 to 65535; Redshift's is 5439)."),
    (
        "[AWS]\nKEY = ASIA1\nSECRET = s",
        (
            "KEY in [AWS] is that of temporary keys, and there is no TOKEN. "
            "Fill in TOKEN: temporary keys come in threes (aws_session_token)."
        ),
    ),
    ("[CLUSTER]\nHOST = <the endpoint>", f"[CLUSTER] HOST is '<the endpoint>', not a host name. {HOST}"),
    (
        "[AWS]\nKEY = A",
        (
            "[AWS] has only one of KEY and SECRET. "
            "Fill in both, or neither: then PROFILE, or whatever `aws configure` set up, is used."
        ),
    ),
    (
        "[AWS]\nTOKEN = t",
        (
            "[AWS] has a TOKEN without KEY and SECRET. "
            "Fill in both, or neither: then PROFILE, or whatever `aws configure` set up, is used."
        ),
    ),
    (
        "[AWS]\nKEY = A\nSECRET = s\nPROFILE = p",
        "[AWS] has a PROFILE and a KEY as well. Leave one of them empty.",
    ),
    ("[AWS]\nREGION = Oregon", "[AWS] REGION is 'Oregon', not a region such as us-west-2."),
    ("[AWS]\nREGION = us-west-2a", "[AWS] REGION is 'us-west-2a', not a region such as us-west-2."),
    (
        "[IAM_ROLE]\nNAME = arn:aws:iam::123456789012:role/x",
        "[IAM_ROLE] NAME is 'arn:aws:iam::123456789012:role/x', not a role's name (not its ARN).",
    ),
    ("[IAM_ROLE]\nNAME = r\u00f4le", "[IAM_ROLE] NAME is 'r\u00f4le', not a role's name (not its ARN)."),
    ("[IAM_ROLE]\nROLE_POLICY = all", "[IAM_ROLE] ROLE_POLICY is 'all', not one of managed, bucket."),
    ("[CLUSTER]\nREPLACE_RETIRED_NODES = ja", "[CLUSTER] REPLACE_RETIRED_NODES is 'ja', neither yes nor no."),
    (
        "[NETWORK]\nCIDR = 52.95.4.1/24",
        (
            "[NETWORK] CIDR is '52.95.4.1/24': 52.95.4.1/24 has host bits set. "
            "Networks such as 203.0.113.7/32, separated by commas."
        ),
    ),
    (
        "[NETWORK]\nCIDR = 52.95.4.1/32, home",
        (
            "[NETWORK] CIDR is '52.95.4.1/32, home': 'home' does not appear to be an IPv4 or IPv6 network. "
            "Networks such as 203.0.113.7/32, separated by commas."
        ),
    ),
    ("[NETWORK]\nVPC_ID = mine", "[NETWORK] VPC_ID is 'mine', not a VPC such as vpc-0a1b2c3d."),
    (
        "[NETWORK]\nADDRESS_URL = file:///etc/passwd",
        "[NETWORK] ADDRESS_URL is 'file:///etc/passwd', not an http address.",
    ),
    ("[SERVERLESS]\nBASE_CAPACITY = 0", f"[SERVERLESS] BASE_CAPACITY is '0', not {RPU}"),
    ("[SERVERLESS]\nBASE_CAPACITY = 12", f"[SERVERLESS] BASE_CAPACITY is '12', not {RPU}"),
    ("[SERVERLESS]\nBASE_CAPACITY = 520", f"[SERVERLESS] BASE_CAPACITY is '520', not {RPU}"),
    ("[SERVERLESS]\nBASE_CAPACITY = 1032", f"[SERVERLESS] BASE_CAPACITY is '1032', not {RPU}"),
    ("[SERVERLESS]\nMAX_CAPACITY = 6", f"[SERVERLESS] MAX_CAPACITY is '6', not {RPU}"),
    (
        "[SERVERLESS]\nBASE_CAPACITY = 16\nMAX_CAPACITY = 8",
        (
            "BASE_CAPACITY is 16 RPU and MAX_CAPACITY 8, which is less. "
            "Set MAX_CAPACITY to as much or more, or leave it empty."
        ),
    ),
    ("[SERVERLESS]\nRPU_HOURS_A_DAY = 0", "[SERVERLESS] RPU_HOURS_A_DAY is '0', not a number of RPU-hours."),
    ("[AWS]\nWAIT_MINUTES = 601", "[AWS] WAIT_MINUTES is '601', not a number of minutes (1 to 600)."),
    ("[AWS]\nPOLL_SECONDS = soon", "[AWS] POLL_SECONDS is 'soon', not a number of seconds."),
    ("[S3]\nLOG_DATA = /data", "[S3] LOG_DATA is '/data', not an S3 path such as s3://bucket/prefix."),
]


@pytest.mark.parametrize(("text", "sentence"), REFUSED)
def test_refuses(tmp_path: Path, text: str, sentence: str) -> None:
    assert refused(tmp_path, text) == f"dwh.cfg: {sentence}"


PASSWORDS = "".join(chr(code) for code in range(33, 127) if chr(code) not in "/@\"'\\")


@pytest.mark.parametrize(
    "password",
    ["Passw0rd", "Pa%ss#word1", "%(x)sAb1;$=", "A1" + 62 * "a"]
    + [f"Aa1{PASSWORDS[start : start + 50]}" for start in range(0, len(PASSWORDS), 50)],
)
def test_takes_the_password(tmp_path: Path, password: str) -> None:
    assert load(tmp_path, f"[CLUSTER]\nDB_PASSWORD = {password}").password == password


@pytest.mark.parametrize(
    "password",
    ["Passw0r", "A1" + 63 * "a", "passw0rd", "PASSW0RD", "Password", "Passw0rd\u00e9", "Passw0rd\t1"]
    + [f"Passw0rd{sign}x" for sign in "/@\"'\\ \x0c"],
)
def test_refuses_the_password_without_telling_it(tmp_path: Path, password: str) -> None:
    told = refused(tmp_path, "[CLUSTER]\n", {"DWH_DB_PASSWORD": password})
    assert told.startswith("the environment's DWH_DB_PASSWORD is no password that Redshift takes. 8 to 64 printable")
    assert password not in told
