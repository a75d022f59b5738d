"""What the stand-in knows beside moto's own state."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from moto.ec2.models import ec2_backends
from moto.iam.models import iam_backends
from moto.s3.models import s3_backends
from moto.secretsmanager.models import secretsmanager_backends

from strict_aws.emr_step import Ended, succeed
from strict_aws.states import POLLS, Clock
from strict_aws.wire import AwsError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from queue import Queue

    from strict_aws.emr_clusters import Cluster
    from strict_aws.emr_serverless import Application, JobRun
    from strict_aws.faults import Fault
    from strict_aws.serverless import Namespace, UsageLimit, Workgroup
    from strict_aws.wire import Call

ACCOUNT = "123456789012"
"""The one account that moto has."""


@dataclass(eq=False, repr=False)
class World:
    """Settings of the test, and the resources that moto lacks; cleared by ``reset``."""

    clock: Clock = field(default_factory=Clock)
    endpoint: tuple[str, int] | None = None
    login: tuple[str, str, str] | None = None
    """User, password and data source of the database behind the endpoint: what temporary credentials hand out."""
    propagation: int = 0
    """So many calls that name a new role are refused (a job run fails), since the service does not see it yet."""
    backups: bool = True
    """Whether AWS has a recent backup of each cluster; where not, only one with a manual snapshot can be paused."""
    faults: list[Fault] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    refused_roles: Counter[str] = field(default_factory=Counter)
    lingering: dict[str, int] = field(default_factory=dict)
    """Security groups whose cluster is gone but whose network interface is not: deletes still to be refused."""
    service_linked: bool = False
    namespaces: dict[tuple[str, str], Namespace] = field(default_factory=dict)
    workgroups: dict[tuple[str, str], Workgroup] = field(default_factory=dict)
    limits: dict[str, UsageLimit] = field(default_factory=dict)
    """By id."""
    namespace_snapshots: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    """By region and name."""
    linked: set[str] = field(default_factory=set)
    """Services whose own role the account has."""
    applications: dict[str, Application] = field(default_factory=dict)
    """By id, as job runs are."""
    job_runs: dict[str, JobRun] = field(default_factory=dict)
    tokens: dict[tuple[str, str, str], tuple[str, dict[str, Any]]] = field(default_factory=dict)
    """What was made by which request, by region, operation and client token."""
    outcome: tuple[str, str] = ("SUCCESS", "")
    """State and details in which job runs end that nobody executes."""
    scheduled: Queue[JobRun | None] | None = None
    """Where somebody waits for job runs to execute; each of them then ends when they say so."""
    emr_clusters: dict[str, Cluster] = field(default_factory=dict)
    """Of EMR on EC2, by id, the oldest first."""
    emr_step: Callable[[list[str]], Ended] = succeed
    """What the arguments of a step do on its cluster."""

    @property
    def polls(self) -> dict[str, int]:
        return self.clock.polls

    def clear(self) -> None:
        for name, value in vars(World()).items():
            setattr(self, name, value)

    def linger(self, groups: Iterable[str]) -> None:
        self.lingering |= dict.fromkeys(groups, self.polls.get("eni", POLLS["eni"]))


def roles() -> Any:
    """moto's IAM."""
    return iam_backends[ACCOUNT]["aws"]


def role_named(arn_or_name: str) -> Any:
    """The role, or None."""
    return next((role for role in roles().get_roles() if arn_or_name in (role.arn, role.name)), None)


def trusted_services(role: Any) -> set[str]:
    """The services that may assume a role."""
    statements = json.loads(role.assume_role_policy_document)["Statement"]
    found: set[str] = set()
    for statement in statements if isinstance(statements, list) else [statements]:
        principal = statement.get("Principal", {})
        services = principal.get("Service", []) if isinstance(principal, dict) else []
        if statement.get("Effect") == "Allow":
            found.update([services] if isinstance(services, str) else services)
    return found


def security_group(region: str, group: str) -> Any:
    """The group, or None."""
    return next((one for one in ec2_backends[ACCOUNT][region].describe_security_groups() if one.id == group), None)


def object_exists(bucket: str, key: str) -> bool:
    """Whether there is such an object; true as well of a bucket that is not there, which S3 says itself."""
    found = s3_backends[ACCOUNT]["aws"].buckets.get(bucket)
    return found is None or key in found.keys


def default_vpc(region: str) -> str:
    """Its id, empty where there is none."""
    return next((str(vpc.id) for vpc in ec2_backends[ACCOUNT][region].vpcs.values() if vpc.is_default), "")


def secret_arn(region: str, name: str) -> str:
    """The ARN of the secret of that name, with the six letters that AWS adds; invented for one that is not there."""
    secrets = secretsmanager_backends[ACCOUNT][region].secrets
    found = secrets.get(name) if name in secrets else None
    return str(found.arn) if found else f"arn:aws:secretsmanager:{region}:{ACCOUNT}:secret:{name}-AbCdEf"


def keep_secret(region: str, name: str, username: str, password: str) -> str:
    """A secret that Redshift manages: its ARN."""
    made: Any = secretsmanager_backends[ACCOUNT][region].create_secret(
        name=name,
        secret_string=json.dumps({"username": username, "password": password}),
        secret_binary=None,
        description="Redshift managed secret",
        tags=[{"Key": "aws:secretsmanager:owningService", "Value": "redshift"}],
        kms_key_id=None,
        client_request_token=None,
        replica_regions=[],
        force_overwrite=False,
    )
    return str(json.loads(made)["ARN"] if isinstance(made, str) else made["ARN"])


def forget_secret(region: str, arn: str) -> None:
    secretsmanager_backends[ACCOUNT][region].delete_secret(
        arn, recovery_window_in_days=None, force_delete_without_recovery=True
    )


def check_role(world: World, arn: str, services: set[str], code: str) -> None:
    """Refuses a role that is not there, that may not be assumed, or that has not spread yet."""
    role = role_named(arn)
    if role is not None and arn == role.arn and trusted_services(role) & services:
        if world.refused_roles[arn] >= world.propagation:
            return
        world.refused_roles[arn] += 1
    # the words are those of terraform-provider-aws issue 19113 and of re:Post
    text = f"The IAM role {arn} is not valid. The IAM role must delegate access to an Amazon Redshift account."
    raise AwsError(code, text)
