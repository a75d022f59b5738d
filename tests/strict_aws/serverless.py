"""Redshift Serverless, which moto lacks: namespaces, workgroups, usage limits, credentials and tags, in memory.

Source: https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/Welcome.html
"""

from __future__ import annotations

import re
import secrets
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from moto.ec2.models import ec2_backends

from strict_aws.states import Life, Phase
from strict_aws.wire import AwsError
from strict_aws.world import ACCOUNT, check_role, default_vpc, forget_secret, keep_secret, security_group

if TYPE_CHECKING:
    from strict_aws.wire import Call
    from strict_aws.world import World

AVAILABLE = Phase("AVAILABLE")
GONE = Phase("GONE")
SERVICES = {"redshift.amazonaws.com", "redshift-serverless.amazonaws.com"}
PORTS = (range(5431, 5456), range(8191, 8216))
# https://docs.aws.amazon.com/redshift/latest/mgmt/serverless-capacity.html
BASE_CAPACITIES = {4, *range(8, 513, 8), *range(544, 1025, 32)}


def invalid(text: str) -> AwsError:
    return AwsError("ValidationException", text)


def conflict(text: str) -> AwsError:
    return AwsError("ConflictException", text)


def missing(kind: str, name: str) -> AwsError:
    return AwsError("ResourceNotFoundException", f"Serverless {kind} {name} not found.")


@dataclass
class Resource:
    """A namespace or a workgroup; ``members`` are the fixed parts of its description."""

    region: str
    name: str
    members: dict[str, Any]
    life: Life
    tags: dict[str, str] = field(default_factory=dict)
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    created: datetime = field(default_factory=lambda: datetime.now(UTC))
    kind = ""

    @property
    def arn(self) -> str:
        return f"arn:aws:redshift-serverless:{self.region}:{ACCOUNT}:{self.kind}/{self.id}"

    def enter(self, status: str, *then: Phase) -> None:
        self.life = Life(self.life.clock, Phase(status, polls=self.life.clock.polls[status.lower()]), *then)

    def require(self) -> None:
        if self.life.phase is not AVAILABLE:  # the words are ours
            text = f"There is an operation running on the {self.kind}. Try to run this operation again later."
            raise conflict(text)

    def describe(self) -> dict[str, Any]:
        return {
            **self.members,
            f"{self.kind}Name": self.name,
            f"{self.kind}Id": self.id,
            f"{self.kind}Arn": self.arn,
            "creationDate": self.created,
            "status": self.life.phase.status,
        }


@dataclass
class Namespace(Resource):
    kind = "namespace"

    def describe(self) -> dict[str, Any]:
        """Roles come back as AWS writes them: the text of an object, not the ARN alone."""
        described = super().describe()
        roles = [f"IamRole(applyStatus=in-sync, iamRoleArn={arn})" for arn in self.members["iamRoles"]]
        return {**described, "iamRoles": roles}

    def keep_password(self) -> None:
        user = self.members["adminUsername"]
        secret = f"redshift!{self.name}-{user}"
        self.members["adminPasswordSecretArn"] = keep_secret(self.region, secret, user, secrets.token_urlsafe(32))

    def forget_password(self) -> None:
        if arn := self.members.pop("adminPasswordSecretArn", None):
            forget_secret(self.region, arn)


@dataclass
class Workgroup(Resource):
    kind = "workgroup"
    endpoint: tuple[str, int] | None = None
    born: bool = False

    def describe(self) -> dict[str, Any]:
        described = super().describe()
        if self.born:
            address = f"{self.name}.{ACCOUNT}.{self.region}.redshift-serverless.amazonaws.com"
            address, port = self.endpoint or (address, self.members["port"])
            described["endpoint"] = {"address": address, "port": port}
        return described


@dataclass
class UsageLimit:
    region: str
    members: dict[str, Any]
    id: str = field(default_factory=lambda: str(uuid.uuid4()))

    def describe(self) -> dict[str, Any]:
        arn = f"arn:aws:redshift-serverless:{self.region}:{ACCOUNT}:usagelimit/{self.id}"
        return {**self.members, "usageLimitId": self.id, "usageLimitArn": arn}


def check_name(name: str, kind: str) -> None:
    if not re.fullmatch(r"[a-z0-9-]{3,64}", name):
        text = f"Value '{name}' at '{kind}Name' failed to satisfy constraint: Member must satisfy regular expression "
        raise invalid(f"1 validation error detected: {text}pattern: [a-z0-9-]+ with a length of 3 to 64")


def check_namespace(world: World, call: Call) -> None:
    password, managed = call.get("adminUserPassword"), call.get("manageAdminPassword")
    if managed and password is not None:
        raise invalid("You can't use adminUserPassword if manageAdminPassword is true.")
    if not managed and bool(password) != bool(call.get("adminUsername")):
        raise invalid("You must specify both adminUsername and adminUserPassword.")  # the words are ours
    roles = call.get("iamRoles", [])
    for arn in roles:
        check_role(world, arn, SERVICES, "ValidationException")
    default = call.get("defaultIamRoleArn")
    if default and default not in roles and call.operation == "CreateNamespace":
        # https://github.com/hashicorp/terraform-provider-aws/issues/28980
        raise invalid("The list of customer IAM roles must contain the default IAM role.")
    if default is not None and not roles and call.operation == "UpdateNamespace":
        # https://github.com/hashicorp/terraform-provider-aws/issues/39268
        raise invalid("To change the default IAM role, you must specify the entire list of IAM roles.")


def check_workgroup(call: Call, base: int | None, most: int | None) -> None:
    if base is not None and base not in BASE_CAPACITIES:  # the words are ours
        raise invalid(
            f"The base capacity {base} is not valid. Use 4, or a multiple of 8 from 8 to 512, or of 32 to 1024."
        )
    if most is not None and base is not None and most < base:  # the words are ours
        raise invalid(f"The maximum capacity {most} must not be less than the base capacity {base}.")
    port = call.get("port", 5439)
    if not any(port in ports for ports in PORTS):  # the words are ours
        raise invalid(f"Invalid port {port}. Valid ports are 5431-5455 and 8191-8215.")
    _check_network(call)


def _check_network(call: Call) -> None:
    """Subnets in three zones of one VPC (by itself AWS takes those of the default VPC), and groups of that VPC."""
    asked = call.get("subnetIds")
    subnets = ec2_backends[ACCOUNT][call.region].describe_subnets()
    vpc = next((one.vpc_id for one in subnets if one.id in asked), "") if asked else default_vpc(call.region)
    zones = {one.id: one.availability_zone for one in subnets if one.vpc_id == vpc}
    if len({zones.get(one) for one in asked or zones} - {None}) < 3 or not set(asked or zones) <= set(zones):
        raise invalid(
            "Redshift Serverless needs subnets of one VPC, in three Availability Zones."
        )  # the words are ours
    for group in call.get("securityGroupIds", []):
        found = security_group(call.region, group)
        if found is None or found.vpc_id != vpc:  # the words are those of pulumi-aws-native issue 614
            raise invalid(f"VPC Security group {group} does not exist in VPC {vpc}")


def one_change(call: Call, *groups: frozenset[str]) -> None:
    """AWS changes one thing in one request; parameters of a group belong together."""
    name = next(key for key in call.parameters if key.endswith("Name"))
    changed = set(call.parameters) - {name, "namespaceName", "workgroupName"}
    if len(changed) > 1 and not any(changed <= group for group in groups):
        what = "namespace" if call.operation == "UpdateNamespace" else "workgroup"
        raise invalid(f"Can't update multiple configurations at the same time for {what}.")
