"""The stand-in for AWS is itself held to what AWS does: Redshift Serverless."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from strict_aws import ACCOUNT
from strict_aws.asking import PASSWORD, client, group, refusal, role, workgroup, workgroup_states

if TYPE_CHECKING:
    from strict_aws import StrictAws


def test_serverless_comes_and_goes(aws: StrictAws) -> None:
    serverless = client(aws, "redshift-serverless")
    sg = group(aws)
    assert "endpoint" not in workgroup(aws, securityGroupIds=[sg], tags=[{"key": "dwh:stack", "value": "dwh"}])
    assert workgroup_states(aws, 4) == ["CREATING"] * 3 + ["AVAILABLE"]
    made = serverless.get_workgroup(workgroupName="dwh")["workgroup"]
    assert made["endpoint"]["address"] == f"dwh.{ACCOUNT}.us-west-2.redshift-serverless.amazonaws.com"
    assert made["workgroupArn"].startswith(f"arn:aws:redshift-serverless:us-west-2:{ACCOUNT}:workgroup/")
    tags = serverless.list_tags_for_resource(resourceArn=made["workgroupArn"])["tags"]
    assert tags == [{"key": "dwh:stack", "value": "dwh"}]
    secret = serverless.get_namespace(namespaceName="dwh")["namespace"]["adminPasswordSecretArn"]
    assert ":secret:redshift!dwh-admin-" in secret
    assert refusal(serverless.delete_namespace, namespaceName="dwh").startswith("ConflictException")
    assert refusal(client(aws, "ec2").delete_security_group, GroupId=sg).startswith("DependencyViolation")
    serverless.delete_workgroup(workgroupName="dwh")
    assert workgroup_states(aws, 2) == ["DELETING"] * 2
    gone = refusal(serverless.get_workgroup, workgroupName="dwh")
    assert gone == "ResourceNotFoundException: Serverless workgroup dwh not found."
    serverless.delete_namespace(namespaceName="dwh")
    assert [one["status"] for one in serverless.list_namespaces()["namespaces"]] == ["DELETING"]
    assert serverless.list_namespaces()["namespaces"]
    assert serverless.list_namespaces()["namespaces"] == []
    assert aws.snapshot()["secrets"] == []


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"workgroupName": "Dwh"}, "ValidationException: 1 validation error detected: Value 'Dwh' at 'workgroupName'"),
        ({"baseCapacity": 12}, "ValidationException: The base capacity 12"),
        ({"baseCapacity": 520}, "ValidationException: The base capacity 520"),
        ({"maxCapacity": 4}, "ValidationException: The maximum capacity 4"),
        ({"namespaceName": "none"}, "ResourceNotFoundException: Serverless namespace none not found."),
        ({"securityGroupIds": ["sg-1"]}, "ValidationException: VPC Security group sg-1 does not exist in VPC vpc-"),
        ({"subnetIds": ["subnet-1"]}, "ValidationException"),
        ({"port": 80}, "ValidationException: Invalid port 80"),
    ],
)
def test_what_create_workgroup_refuses(aws: StrictAws, parameters: dict[str, object], expected: str) -> None:
    assert refusal(workgroup, aws, **parameters).startswith(expected)
    assert aws.client("redshift-serverless").list_workgroups()["workgroups"] == []


def test_serverless_conflicts(aws: StrictAws) -> None:
    serverless = client(aws, "redshift-serverless")
    workgroup(aws, baseCapacity=4)
    assert refusal(workgroup, aws).startswith("ConflictException")
    assert refusal(workgroup, aws, workgroupName="second").startswith("ConflictException")
    assert refusal(serverless.create_namespace, namespaceName="dwh").startswith("ConflictException")
    assert refusal(serverless.update_workgroup, workgroupName="dwh", maxCapacity=8).startswith("ConflictException")
    both = {"manageAdminPassword": True, "adminUsername": "ada", "adminUserPassword": PASSWORD}
    assert refusal(serverless.create_namespace, namespaceName="two", **both).startswith("ValidationException")
    missing = f"arn:aws:iam::{ACCOUNT}:role/missing"
    refused = refusal(serverless.create_namespace, namespaceName="two", iamRoles=[missing])
    assert refused.startswith("ValidationException: The IAM role")


def test_serverless_changes_one_thing_at_a_time(aws: StrictAws) -> None:
    serverless = client(aws, "redshift-serverless")
    workgroup(aws)
    workgroup_states(aws, 4)
    refused = refusal(serverless.update_workgroup, workgroupName="dwh", maxCapacity=16, publiclyAccessible=True)
    assert refused.startswith("ValidationException: Can't update multiple configurations at the same time")
    serverless.update_workgroup(workgroupName="dwh", maxCapacity=16)
    assert workgroup_states(aws, 2) == ["MODIFYING", "AVAILABLE"]
    assert serverless.get_workgroup(workgroupName="dwh")["workgroup"]["maxCapacity"] == 16
    arn = role(aws)
    serverless.update_namespace(namespaceName="dwh", iamRoles=[arn], defaultIamRoleArn=arn)
    described = serverless.get_namespace(namespaceName="dwh")["namespace"]
    assert (described["status"], described["defaultIamRoleArn"]) == ("MODIFYING", arn)
    assert described["iamRoles"] == [f"IamRole(applyStatus=in-sync, iamRoleArn={arn})"]


def test_usage_limits(aws: StrictAws) -> None:
    serverless = client(aws, "redshift-serverless")
    arn = workgroup(aws)["workgroupArn"]
    asked = {"resourceArn": arn, "usageType": "serverless-compute", "amount": 10}
    made = serverless.create_usage_limit(**asked, period="daily", breachAction="deactivate")["usageLimit"]
    assert (made["amount"], made["breachAction"]) == (10, "deactivate")
    assert refusal(serverless.create_usage_limit, **asked, period="daily").startswith("ConflictException")
    assert refusal(serverless.create_usage_limit, **{**asked, "amount": 0}).startswith("ValidationException")
    serverless.update_usage_limit(usageLimitId=made["usageLimitId"], amount=20)
    assert [one["amount"] for one in serverless.list_usage_limits(resourceArn=arn)["usageLimits"]] == [20]
    serverless.delete_usage_limit(usageLimitId=made["usageLimitId"])
    assert serverless.list_usage_limits()["usageLimits"] == []
    none = refusal(serverless.delete_usage_limit, usageLimitId=made["usageLimitId"])
    assert none.startswith("ResourceNotFoundException")


def test_serverless_credentials(aws: StrictAws) -> None:
    serverless = client(aws, "redshift-serverless")
    assert refusal(serverless.get_credentials, workgroupName="dwh").startswith("ResourceNotFoundException")
    workgroup(aws)
    aws.login = ("IAM:ada", "secret", "")
    given = serverless.get_credentials(workgroupName="dwh", dbName="dwh")
    assert (given["dbUser"], given["dbPassword"]) == ("IAM:ada", "secret")


def test_regions_are_apart(aws: StrictAws) -> None:
    workgroup(aws)
    elsewhere = aws.client("redshift-serverless", "eu-central-1")
    assert elsewhere.list_workgroups()["workgroups"] == []
    made = elsewhere.create_namespace(namespaceName="dwh")["namespace"]
    assert made["namespaceArn"].startswith(f"arn:aws:redshift-serverless:eu-central-1:{ACCOUNT}:namespace/")


def test_a_workgroup_is_held_like_a_cluster(aws: StrictAws) -> None:
    aws.hold("creating")
    workgroup(aws)
    assert workgroup_states(aws, 6) == ["CREATING"] * 6
    aws.release("creating")
    assert workgroup_states(aws, 1) == ["AVAILABLE"]


def test_a_workgroup_needs_three_zones(aws: StrictAws) -> None:
    subnets = [one["SubnetId"] for one in aws.client("ec2").describe_subnets()["Subnets"]]
    assert refusal(workgroup, aws, subnetIds=subnets[:2]).startswith("ValidationException: Redshift Serverless needs")
    assert workgroup(aws, subnetIds=subnets[:3])["subnetIds"] == subnets[:3]
