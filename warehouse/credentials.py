"""A password from AWS where dwh.cfg has none: the administrator's from Secrets Manager, else a temporary user's.

Whose it is decides who owns the tables that are made: the scripts say it on their first line.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from warehouse.aws import DEFAULT_REGION
from warehouse.errors import ConnectionFailed
from warehouse.redaction import redact
from warehouse.remedies import AWS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from warehouse.aws_errors import AwsFailed
    from warehouse.cluster import Cluster
    from warehouse.config import Settings

    Login = tuple[str, str]  # user and password
    Client = Callable[[str], Any]  # of a service

SECONDS = 900  # the shortest life of a password that AWS gives: it is used once, to connect
TIMEOUTS = {"connect_timeout": 10, "read_timeout": 30}  # seconds
DEFAULT_USER = "awsuser"  # as in dwh.cfg.example, whatever the administrator is called
DENIED = {"AccessDenied", "AccessDeniedException"}
REMEDIES = {
    r"^(Cluster|Resource)NotFound": (
        "Check HOST (or CLUSTER_IDENTIFIER), REGION in [AWS], and whether it is that account's: aws sts "
        "get-caller-identity. python infrastructure/setup.py makes one."
    ),
    **AWS,
}


class Service(NamedTuple):
    """How a cluster, or a serverless workgroup, is asked; ``grants`` are the rights that this takes."""

    administrator: Callable[[Client, str], tuple[str, str]]
    temporary: Callable[[Client, str, str], Login]
    grants: tuple[str, str]


def with_password(settings: Settings) -> Settings:
    """``settings`` with a user and a password that let us in; unchanged where a password is there, or needless.

    Raises ConnectionFailed, with AWS's words.
    """
    if settings.cluster is None or settings.password:
        return settings
    from warehouse.aws_errors import AwsFailed

    service = SERVERLESS if settings.cluster.serverless else PROVISIONED
    refused: list[AwsFailed] = []
    try:
        client = _clients(settings, settings.cluster)
        for way in (_as_administrator, _as_temporary_user):
            try:
                if made := way(settings, service, settings.cluster.name, client):
                    return made
            except AwsFailed as error:
                if error.code not in DENIED:
                    raise
                refused.append(error)
    except AwsFailed as error:
        refused.append(error)
    raise _without(settings, service, refused)


def _as_administrator(settings: Settings, service: Service, cluster: str, client: Client) -> Settings | None:
    """None where AWS does not keep the administrator's password, or DB_USER is somebody else.

    https://docs.aws.amazon.com/redshift/latest/mgmt/redshift-secrets-manager-integration.html
    """
    name, secret = service.administrator(client, cluster)
    if not secret or settings.user not in {"", DEFAULT_USER, name}:
        return None
    with _doing(f"reading the password of {name} from Secrets Manager"):
        text = client("secretsmanager").get_secret_value(SecretId=secret)["SecretString"]
    try:
        kept = json.loads(text)
        user, password = str(kept["username"]), str(kept["password"])
    except (ValueError, KeyError, TypeError):
        raise ConnectionFailed(
            f"The secret {secret} has no username and password in it.", "Set DB_PASSWORD, or correct the secret."
        ) from None
    return replace(settings, user=user, password=password, login_from="password from AWS Secrets Manager")


def _as_temporary_user(settings: Settings, service: Service, cluster: str, client: Client) -> Settings:
    user, password = service.temporary(client, cluster, settings.database)
    return replace(settings, user=user, password=password, login_from="temporary password from AWS")


def _cluster_administrator(client: Client, name: str) -> tuple[str, str]:
    """https://docs.aws.amazon.com/redshift/latest/APIReference/API_DescribeClusters.html"""
    with _doing(f"looking at the cluster {name}"):
        found = client("redshift").describe_clusters(ClusterIdentifier=name)["Clusters"][0]
    return found["MasterUsername"], found.get("MasterPasswordSecretArn", "")


def _cluster_user(client: Client, name: str, database: str) -> Login:
    """https://docs.aws.amazon.com/redshift/latest/APIReference/API_GetClusterCredentialsWithIAM.html"""
    with _doing(f"asking for a temporary password for the cluster {name}"):
        made = client("redshift").get_cluster_credentials_with_iam(
            ClusterIdentifier=name, DbName=database, DurationSeconds=SECONDS
        )
    return made["DbUser"], made["DbPassword"]


def _workgroup_administrator(client: Client, name: str) -> tuple[str, str]:
    """https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_GetNamespace.html"""
    with _doing(f"looking at the workgroup {name}"):
        namespace = client("redshift-serverless").get_workgroup(workgroupName=name)["workgroup"]["namespaceName"]
        found = client("redshift-serverless").get_namespace(namespaceName=namespace)["namespace"]
    return found.get("adminUsername", ""), found.get("adminPasswordSecretArn", "")


def _workgroup_user(client: Client, name: str, database: str) -> Login:
    """https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_GetCredentials.html"""
    with _doing(f"asking for a temporary password for the workgroup {name}"):
        made = client("redshift-serverless").get_credentials(
            workgroupName=name, dbName=database, durationSeconds=SECONDS
        )
    return made["dbUser"], made["dbPassword"]


PROVISIONED = Service(
    _cluster_administrator,
    _cluster_user,
    ("redshift:DescribeClusters and secretsmanager:GetSecretValue", "redshift:GetClusterCredentialsWithIAM"),
)
SERVERLESS = Service(
    _workgroup_administrator,
    _workgroup_user,
    (
        "redshift-serverless:GetWorkgroup, redshift-serverless:GetNamespace and secretsmanager:GetSecretValue",
        "redshift-serverless:GetCredentials",
    ),
)


def _clients(settings: Settings, cluster: Cluster) -> Client:
    """Clients where the cluster is: as its endpoint's name tells, before what dwh.cfg says. Raises AwsFailed."""
    from botocore.config import Config

    with _doing("reading the AWS credentials"):
        session = settings.access.session()
        region = cluster.region or session.region_name or DEFAULT_REGION
    return partial(session.client, region_name=region, config=Config(**TIMEOUTS))


@contextmanager
def _doing(what: str) -> Iterator[None]:
    from warehouse.aws_errors import doing

    with doing(what, REMEDIES):
        yield


def _without(settings: Settings, service: Service, refused: list[AwsFailed]) -> ConnectionFailed:
    words = " ".join(error.message for error in refused)
    last = refused[-1]
    secret, temporary = service.grants
    rights = (
        f"Your AWS user needs {secret}, or {temporary}; python infrastructure/setup.py --print-policy prints a policy "
        "with them."
    )
    remedy = rights if last.code in DENIED else last.hint
    return ConnectionFailed(
        redact(f"DB_PASSWORD is empty, and AWS gave none for {settings.host}. {words}", *settings.access.secrets),
        f"{remedy} Or set DB_PASSWORD, in dwh.cfg or as DWH_DB_PASSWORD in the environment.".lstrip(),
    )
