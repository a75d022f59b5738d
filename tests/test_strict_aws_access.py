"""The stand-in for AWS is itself held to what AWS does: who may do what, by keys, signatures and policies."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from strict_aws import ACCOUNT
from strict_aws.asking import PASSWORD, READ_ONLY, available, create, group, policy, refusal, role, trust, workgroup

if TYPE_CHECKING:
    from strict_aws import StrictAws


def test_keys_and_signatures(aws: StrictAws) -> None:
    unknown = {**aws.environment(), "AWS_ACCESS_KEY_ID": "AKIANOBODY"}
    forged = {**aws.environment(), "AWS_SECRET_ACCESS_KEY": "wrong"}
    assert refusal(aws.client_as(unknown, "sts").get_caller_identity).startswith("InvalidClientTokenId")
    assert refusal(aws.client_as(unknown, "ec2").describe_vpcs).startswith("AuthFailure")
    assert refusal(aws.client_as(unknown, "s3").list_buckets).startswith("InvalidAccessKeyId")
    assert refusal(aws.client_as(unknown, "secretsmanager").list_secrets).startswith("UnrecognizedClientException")
    assert refusal(aws.client_as(forged, "redshift").describe_clusters).startswith("SignatureDoesNotMatch")
    assert refusal(aws.client_as(forged, "redshift-serverless").list_workgroups).startswith("InvalidSignatureException")


def test_a_user_is_held_to_the_policy(aws: StrictAws) -> None:
    cluster = f"arn:aws:redshift:us-west-2:{ACCOUNT}:cluster:dwh"
    available(aws)
    with aws.enforce(policy("redshift:PauseCluster", resource=cluster)) as environment:
        redshift = aws.client_as(environment, "redshift")
        refused = refusal(redshift.resume_cluster, ClusterIdentifier="dwh")
        arn = aws.client_as(environment, "sts").get_caller_identity()["Arn"]
        assert refused == (
            f"AccessDenied: User: {arn} is not authorized to perform: redshift:ResumeCluster on resource: {cluster} "
            "because no identity-based policy allows the redshift:ResumeCluster action"
        )
        assert refusal(redshift.pause_cluster, ClusterIdentifier="other").startswith("AccessDenied")
        redshift.pause_cluster(ClusterIdentifier="dwh")
        assert refusal(aws.client_as(environment, "ec2").describe_vpcs).startswith("UnauthorizedOperation")
        json_service = aws.client_as(environment, "redshift-serverless")
        assert refusal(json_service.list_workgroups).startswith("AccessDeniedException")
    assert refusal(redshift.describe_clusters).startswith("InvalidClientTokenId")


CREATION = (
    "redshift:CreateCluster",
    "redshift:CreateTags",
    "iam:PassRole",
    "iam:CreateServiceLinkedRole",
    "secretsmanager:CreateSecret",
    "secretsmanager:TagResource",
    "secretsmanager:DescribeSecret",
    "secretsmanager:RotateSecret",
    "secretsmanager:UpdateSecret",
    "secretsmanager:GetRandomPassword",
    "ec2:DescribeVpcs",
    "ec2:DescribeSubnets",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeAddresses",
    "ec2:DescribeAvailabilityZones",
    "ec2:DescribeAccountAttributes",
    "ec2:DescribeInternetGateways",
)


@pytest.mark.parametrize("left_out", [None, *CREATION])
def test_what_creating_a_cluster_needs(aws: StrictAws, left_out: str | None) -> None:
    arn = role(aws)
    parameters: dict[str, Any] = {
        "ClusterIdentifier": "dwh",
        "NodeType": "ra3.large",
        "NumberOfNodes": 2,
        "MasterUsername": "dwhuser",
        "ManageMasterPassword": True,
        "IamRoles": [arn],
        "Tags": [{"Key": "a", "Value": "b"}],
    }
    with aws.enforce(policy(*(one for one in CREATION if one != left_out))) as environment:
        redshift = aws.client_as(environment, "redshift")
        if left_out is None:
            redshift.create_cluster(**parameters)
        else:
            assert f"not authorized to perform: {left_out} on" in refusal(redshift.create_cluster, **parameters)


@pytest.mark.parametrize(("service", "allowed"), [("redshift.amazonaws.com", True), ("ec2.amazonaws.com", False)])
def test_roles_are_passed_to_the_services_of_the_policy(aws: StrictAws, service: str, allowed: bool) -> None:
    arn = role(aws)
    available(aws)
    passing = policy("iam:PassRole", resource=arn, Condition={"StringEquals": {"iam:PassedToService": service}})
    document = policy("redshift:ModifyClusterIamRoles")
    document["Statement"] += passing["Statement"]
    with aws.enforce(document) as environment:
        change = aws.client_as(environment, "redshift").modify_cluster_iam_roles
        if allowed:
            change(ClusterIdentifier="dwh", AddIamRoles=[arn])
        else:
            assert f"iam:PassRole on resource: {arn}" in refusal(change, ClusterIdentifier="dwh", AddIamRoles=[arn])


def test_tags_at_creation_need_their_own_actions(aws: StrictAws) -> None:
    tags = [{"Key": "a", "Value": "b"}]
    specification = [{"ResourceType": "security-group", "Tags": tags}]
    with aws.enforce(policy("iam:CreateRole", "ec2:CreateSecurityGroup")) as environment:
        iam, ec2 = aws.client_as(environment, "iam"), aws.client_as(environment, "ec2")
        refused = refusal(iam.create_role, RoleName="r", AssumeRolePolicyDocument=trust(), Tags=tags)
        assert f"iam:TagRole on resource: arn:aws:iam::{ACCOUNT}:role/r" in refused
        refused = refusal(ec2.create_security_group, GroupName="g", Description="g", TagSpecifications=specification)
        assert "ec2:CreateTags on resource" in refused
        iam.create_role(RoleName="r", AssumeRolePolicyDocument=trust())


def test_a_deny_wins(aws: StrictAws) -> None:
    document = policy("iam:*")
    document["Statement"].append({"Effect": "Deny", "Action": "iam:Delete*", "Resource": "*"})
    role(aws)
    with aws.enforce(document) as environment:
        iam = aws.client_as(environment, "iam")
        iam.get_role(RoleName="dwh")
        assert refusal(iam.delete_role, RoleName="dwh").startswith("AccessDenied")


def test_a_role_reads_only_its_bucket(aws: StrictAws) -> None:
    s3 = aws.client("s3")
    for bucket in ("mine", "yours"):
        s3.create_bucket(Bucket=f"{bucket}-bucket", CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
        s3.put_object(Bucket=f"{bucket}-bucket", Key="a/b c", Body=b"text")
    arn = role(aws)
    mine = "arn:aws:s3:::mine-bucket"
    document = policy("s3:GetObject", "s3:ListBucket", resource=[mine, f"{mine}/*"])
    aws.client("iam").put_role_policy(RoleName="dwh", PolicyName="p", PolicyDocument=json.dumps(document))
    s3 = aws.client_as(aws.assume(arn), "s3")
    assert s3.get_object(Bucket="mine-bucket", Key="a/b c")["Body"].read() == b"text"
    assert s3.head_object(Bucket="mine-bucket", Key="a/b c")["ContentLength"] == 4
    assert s3.list_objects_v2(Bucket="mine-bucket")["KeyCount"] == 1
    assert refusal(s3.put_object, Bucket="mine-bucket", Key="x", Body=b"") == "AccessDenied: Access Denied"
    assert refusal(s3.get_object, Bucket="yours-bucket", Key="a/b c").startswith("AccessDenied")
    assert refusal(s3.list_objects_v2, Bucket="yours-bucket").startswith("AccessDenied")
    assert refusal(s3.list_buckets).startswith("AccessDenied")
    aws.client("iam").attach_role_policy(RoleName="dwh", PolicyArn=READ_ONLY)
    assert s3.get_object(Bucket="yours-bucket", Key="a/b c")["Body"].read() == b"text"


OURS = {"StringEquals": {"aws:ResourceTag/dwh:stack": "dwh"}}


def test_a_condition_on_a_tag_keeps_strangers_things_out(aws: StrictAws) -> None:
    ec2 = aws.client("ec2")
    ours, stranger = group(aws), group(aws, "stranger")
    ec2.create_tags(Resources=[ours], Tags=[{"Key": "dwh:stack", "Value": "dwh"}])
    with aws.enforce(policy("ec2:DeleteSecurityGroup", Condition=OURS)) as environment:
        ec2 = aws.client_as(environment, "ec2")
        assert refusal(ec2.delete_security_group, GroupId=stranger).startswith("UnauthorizedOperation")
        ec2.delete_security_group(GroupId=ours)


def test_a_serverless_tag_is_a_condition_too(aws: StrictAws) -> None:
    workgroup(aws, tags=[{"key": "dwh:stack", "value": "other"}])
    with aws.enforce(policy("redshift-serverless:GetCredentials", Condition=OURS)) as environment:
        serverless = aws.client_as(environment, "redshift-serverless")
        assert refusal(serverless.get_credentials, workgroupName="dwh").startswith("AccessDeniedException")
        arn = aws.workgroups["us-west-2", "dwh"].arn
        tags = [{"key": "dwh:stack", "value": "dwh"}]
        aws.client("redshift-serverless").tag_resource(resourceArn=arn, tags=tags)
        serverless.get_credentials(workgroupName="dwh")


@pytest.mark.parametrize("stack", ["dwh", "other"])
def test_a_condition_on_the_tags_asked_for(aws: StrictAws, stack: str) -> None:
    document = policy("ec2:CreateSecurityGroup", "ec2:CreateTags")
    asked = {"StringEquals": {"aws:RequestTag/dwh:stack": "dwh"}}
    document["Statement"][0]["Resource"] = f"arn:aws:ec2:*:{ACCOUNT}:security-group/*"
    document["Statement"][0]["Condition"] = asked
    document["Statement"] += policy("ec2:CreateSecurityGroup", resource=f"arn:aws:ec2:*:{ACCOUNT}:vpc/*")["Statement"]
    specification = [{"ResourceType": "security-group", "Tags": [{"Key": "dwh:stack", "Value": stack}]}]
    with aws.enforce(document) as environment:
        make = aws.client_as(environment, "ec2").create_security_group
        if stack == "dwh":
            make(GroupName="g", Description="g", TagSpecifications=specification)
        else:
            refused = refusal(make, GroupName="g", Description="g", TagSpecifications=specification)
            assert refused.startswith("UnauthorizedOperation")


def test_a_final_snapshot_is_an_action_of_its_own(aws: StrictAws) -> None:
    available(aws)
    with aws.enforce(policy("redshift:DeleteCluster")) as environment:
        delete = aws.client_as(environment, "redshift").delete_cluster
        refused = refusal(delete, ClusterIdentifier="dwh", FinalClusterSnapshotIdentifier="last")
        assert "redshift:CreateClusterSnapshot on resource" in refused
        delete(ClusterIdentifier="dwh", SkipFinalClusterSnapshot=True)


def test_redshifts_own_role_is_made_once(aws: StrictAws) -> None:
    create(aws)
    with aws.enforce(policy("redshift:CreateCluster", "ec2:Describe*")) as environment:
        aws.client_as(environment, "redshift").create_cluster(
            ClusterIdentifier="second",
            NodeType="ra3.large",
            ClusterType="single-node",
            MasterUsername="dwhuser",
            MasterUserPassword=PASSWORD,
        )
