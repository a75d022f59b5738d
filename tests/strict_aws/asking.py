"""What tests ask of the stand-in over and over, by boto3 and over HTTP as a script does."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from collections.abc import Callable

    from strict_aws.server import StrictAws

PASSWORD = "Passw0rd"
READ_ONLY = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"


def trust(service: str = "redshift.amazonaws.com") -> str:
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def policy(*actions: str, resource: str | list[str] = "*", **more: object) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": resource, **more}
    return {"Version": "2012-10-17", "Statement": [statement]}


def client(aws: StrictAws, service: str) -> Any:
    """As a script has it: recorded, and met by faults."""
    return aws.client_as(aws.environment(), service)


def role(aws: StrictAws, name: str = "dwh", document: str | None = None) -> str:
    made = aws.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=document or trust())
    return str(made["Role"]["Arn"])


def group(aws: StrictAws, name: str = "dwh") -> str:
    return str(aws.client("ec2").create_security_group(GroupName=name, Description="dwh")["GroupId"])


def create(aws: StrictAws, **more: object) -> dict[str, Any]:
    """A cluster by good parameters, or by ``more``; a parameter that is None is left out."""
    parameters = {
        "ClusterIdentifier": "dwh",
        "NodeType": "ra3.large",
        "ClusterType": "multi-node",
        "NumberOfNodes": 2,
        "MasterUsername": "dwhuser",
        "MasterUserPassword": PASSWORD,
        **more,
    }
    given = {name: value for name, value in parameters.items() if value is not None}
    return client(aws, "redshift").create_cluster(**given)["Cluster"]  # type: ignore[no-any-return]


def describe(aws: StrictAws) -> dict[str, Any]:
    return client(aws, "redshift").describe_clusters(ClusterIdentifier="dwh")["Clusters"][0]  # type: ignore[no-any-return]


def available(aws: StrictAws, **more: object) -> dict[str, Any]:
    """A cluster that has become available."""
    create(aws, **more)
    return [describe(aws) for _ in range(aws.polls["creating"] + 2)][-1]


def states(aws: StrictAws, count: int) -> list[str]:
    """What so many describes say: status/availability."""
    seen = [describe(aws) for _ in range(count)]
    return [f"{one['ClusterStatus']}/{one['ClusterAvailabilityStatus']}" for one in seen]


def refusal(call: Callable[..., object], *arguments: object, **parameters: object) -> str:
    with pytest.raises(ClientError) as refused:
        call(*arguments, **parameters)
    error = refused.value.response["Error"]
    return f"{error['Code']}: {error['Message']}"


def workgroup(aws: StrictAws, **more: object) -> dict[str, Any]:
    """A workgroup in a namespace of the same name, as it is when made."""
    serverless = client(aws, "redshift-serverless")
    if not aws.namespaces:
        serverless.create_namespace(namespaceName="dwh", manageAdminPassword=True)
    parameters = {"workgroupName": "dwh", "namespaceName": "dwh", "baseCapacity": 8, **more}
    return serverless.create_workgroup(**parameters)["workgroup"]  # type: ignore[no-any-return]


def workgroup_states(aws: StrictAws, count: int) -> list[str]:
    serverless = client(aws, "redshift-serverless")
    return [serverless.get_workgroup(workgroupName="dwh")["workgroup"]["status"] for _ in range(count)]
