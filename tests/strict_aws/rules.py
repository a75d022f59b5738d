"""What CreateCluster refuses, as tables and small checks; the words are AWS's where a public log has them.

Source: https://docs.aws.amazon.com/redshift/latest/APIReference/API_CreateCluster.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from local_redshift.dialect.reserved import RESERVED
from strict_aws.wire import AwsError

if TYPE_CHECKING:
    from strict_aws.wire import Call

NODES = {
    "ra3.large": (1, 16),
    "ra3.xlplus": (1, 32),
    "ra3.4xlarge": (2, 64),
    "ra3.16xlarge": (2, 128),
    "rg.large": (1, 16),
    "rg.xlarge": (1, 32),
    "rg.4xlarge": (2, 64),
    "rg.12xlarge": (2, 128),
}
"""Fewest and most nodes of the types that can be ordered; those of rg are taken from the ra3 type of the same size."""

PORTS = (range(5431, 5456), range(8191, 8216))
IDENTIFIER = re.compile(r"[a-z](?!.*--)[a-z0-9-]{0,62}(?<!-)")
KEPT_OUT = "'/', '@', '\"', ' ', '\\', '''"
PASSWORD_CASES = {"[A-Z]": "uppercase letter", "[a-z]": "lowercase letter", "[0-9]": "number"}


def invalid(text: str) -> AwsError:
    return AwsError("InvalidParameterValue", text)


def combination(text: str) -> AwsError:
    return AwsError("InvalidParameterCombination", text)


def check_new_cluster(call: Call) -> None:
    check_identifier(call.parameters["ClusterIdentifier"].lower(), "ClusterIdentifier")
    check_nodes(call.parameters["NodeType"], call.get("ClusterType"), call.get("NumberOfNodes"))
    check_user(call.parameters["MasterUsername"])
    check_login(call.get("MasterUserPassword"), bool(call.get("ManageMasterPassword")))
    check_database(call.get("DBName", "dev"))
    check_port(call.get("Port", 5439), call.parameters["NodeType"])
    if call.get("Encrypted") is False:  # the words are ours
        raise invalid("Unencrypted clusters cannot be created. Set Encrypted to true.")


def check_identifier(identifier: str, name: str) -> None:
    if not IDENTIFIER.fullmatch(identifier):
        raise invalid(
            f"The parameter {name} is not a valid identifier. Identifiers must begin with a letter; must contain only "
            "ASCII letters, digits, and hyphens; and must not end with a hyphen or contain two consecutive hyphens."
        )


def check_nodes(node_type: str, cluster_type: str | None, count: int | None) -> None:
    if node_type not in NODES:
        raise invalid(f"Invalid node type: {node_type}")
    fewest, most = NODES[node_type]
    if cluster_type not in (None, "single-node", "multi-node"):
        raise invalid("Invalid cluster type. Cluster type can be one of multi-node or single-node")
    if cluster_type == "single-node":
        if count is not None:
            raise invalid("Number of nodes must be not be supplied for cluster type single-node.")
        count = 1
    elif count is None or count < 2:
        raise combination("Number of nodes for cluster type multi-node must be greater than or equal to 2")
    if not fewest <= count <= most:  # the words are ours
        raise invalid(f"Number of nodes for node type {node_type} must be between {fewest} and {most}.")


def check_user(user: str) -> None:
    if not re.fullmatch(r"[a-z][a-z0-9_+.@-]{0,127}", user) or user == "public":
        raise invalid(f"The parameter MasterUsername is not a valid user name: {user}")  # the words are ours
    if user.upper() in RESERVED:
        raise invalid(f"The master username {user} is a reserved word.")  # the words are ours


def check_login(password: str | None, managed: bool) -> None:
    if managed and password is not None:
        raise combination("You can't specify MasterUserPassword together with ManageMasterPassword.")
    if password is None and not managed:
        raise combination("You must specify either MasterUserPassword or ManageMasterPassword.")
    if password is not None:
        check_password(password)


def check_password(password: str) -> None:
    refused = "The parameter MasterUserPassword is not a valid password"
    if len(password) < 8:
        raise invalid(f"{refused} because it is shorter than 8 characters.")
    if len(password) > 64:
        raise invalid(f"{refused} because it is longer than 64 characters.")
    if not re.fullmatch(r"[!-~]+", password) or set(password) & set("/@\"'\\"):
        raise invalid(f"{refused}. Only printable ASCII characters except for {KEPT_OUT} may be used.")
    for pattern, name in PASSWORD_CASES.items():
        if not re.search(pattern, password):
            raise invalid(f"The parameter MasterUserPassword must contain at least one {name}.")


def check_database(name: str) -> None:
    if name != name.lower():
        raise invalid("Only lowercase Database names are supported.")
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,63}", name) or name.upper() in RESERVED:
        raise invalid(f"The parameter DBName is not a valid database name: {name}")  # the words are ours


def check_port(port: int, what: str) -> None:
    if not any(port in ports for ports in PORTS):  # the words are ours
        raise invalid(f"Invalid port {port} for {what}. Valid ports are 5431-5455 and 8191-8215.")
