"""The printed policy suffices for everything, each action of it is needed, and what belongs to others is denied."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError
from infrastructure_scripts import Place, telling
from operator_cycle import (
    ADMIN,
    BUCKET,
    BUCKET_POLICY,
    CONFIG,
    KEY,
    ROLE,
    SERVERLESS,
    Operator,
    actions,
    operator,
    without,
)
from strict_aws import REGION

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from strict_aws import StrictAws

S3_READ = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
# Borne rather than refused. What the full policy says, and nobody does without the action:
LOST = {
    # The role reads the buckets, not the operator, so that the check only tells what it cannot tell.
    "s3:ListBucket": "ok       LOG_DATA: s3://mine/log/a.json",
    # Whoever may not read the administrator's password gets a temporary user's.
    "secretsmanager:GetSecretValue": "login: password from AWS Secrets Manager",
}
OURS = {"key": "dwh:stack", "value": "sparkify"}
OTHER_TAGS = [{"Key": "dwh:stack", "Value": "other"}]
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "redshift.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    }
)


@pytest.mark.parametrize(("text", "things"), [(CONFIG, 3), (SERVERLESS, 5)], ids=["cluster", "serverless"])
def test_it_suffices_for_the_scripts(aws: StrictAws, tmp_path: Path, text: str, things: int) -> None:
    """``things``: the role and the group, and the cluster; or namespace, workgroup and usage limit."""
    with operator(aws, tmp_path, text) as somebody, telling("52.95.4.2") as elsewhere:
        before = aws.snapshot()
        here = Place(tmp_path, somebody.environment, [])
        assert f"Plan: {things} to add, 1 to change" in here.succeed("setup.py", "--yes")
        assert "Nothing to do." in here.succeed("setup.py")
        somebody.drift()
        assert f"Plan: 0 to add, {things} to change" in here.succeed("setup.py", "--yes")
        moved = here.succeed("setup.py", "--yes", DWH_CIDR="", DWH_ADDRESS_URL=elsewhere)
        assert "+ 52.95.4.2/32 on" in moved
        assert "- 52.95.4.1/32 on" in moved
        here.succeed("status.py")
        assert "not authorized" not in here.run("status.py", "--check").stdout
        here.succeed("pause.py")
        here.succeed("resume.py")
        assert "not authorized" not in here.succeed("teardown.py", "--yes", "--final-snapshot", "last")
        after = aws.snapshot()
    changed = {what for what in before if before[what] != after[what]}
    assert len(changed) == 1
    assert "snapshots" in changed.pop()


def needless(somebody: Operator, candidates: Iterable[str]) -> list[str]:
    """The actions without which nothing is refused or lost."""
    document = somebody.document()
    full = somebody.cycle()
    assert "not authorized" not in full
    assert "error:" not in full
    found = []
    for action in candidates:
        somebody.may(without(document, action))
        said = somebody.cycle()
        refused = f"is not authorized to perform: {action} " in said
        lost = action in LOST and LOST[action] in full and LOST[action] not in said
        found += [] if refused or lost else [action]
        somebody.may(document)
        somebody.teardown()
    return found


def test_each_action_for_a_cluster_is_needed(aws: StrictAws, tmp_path: Path) -> None:
    with operator(aws, tmp_path, CONFIG) as somebody:
        wanted = actions(somebody.document())
        assert len(wanted) > 40
        assert needless(somebody, wanted) == []


@pytest.mark.parametrize(
    ("text", "more"),
    [(SERVERLESS, 17), (BUCKET_POLICY, 2)],
    ids=["serverless", "a policy for the buckets"],
)
def test_and_so_is_each_that_is_otherwise(aws: StrictAws, tmp_path: Path, text: str, more: int) -> None:
    """What the policy for a cluster has as well has been tried with that."""
    with operator(aws, tmp_path, CONFIG) as somebody:
        tried = actions(somebody.document())
    with operator(aws, tmp_path, text) as somebody:
        wanted = set(actions(somebody.document())) - set(tried)
        assert len(wanted) == more
        assert needless(somebody, sorted(wanted)) == []


class Neighbour:
    """Another stack in the same account, and what one would do to it."""

    def __init__(self, aws: StrictAws) -> None:
        iam, ec2, redshift = aws.client("iam"), aws.client("ec2"), aws.client("redshift")
        role = iam.create_role(RoleName="other-role", AssumeRolePolicyDocument=TRUST, Tags=OTHER_TAGS)
        self.role: str = role["Role"]["Arn"]
        tags = [{"ResourceType": "security-group", "Tags": OTHER_TAGS}]
        self.group: str = ec2.create_security_group(GroupName="o", Description="o", TagSpecifications=tags)["GroupId"]
        made = redshift.create_cluster(
            ClusterIdentifier="other",
            NodeType="ra3.large",
            NumberOfNodes=2,
            MasterUsername="awsuser",
            ManageMasterPassword=True,
            Tags=OTHER_TAGS,
        )
        self.secret: str = made["Cluster"]["MasterPasswordSecretArn"]
        other = [{"key": "dwh:stack", "value": "other"}]
        serverless = aws.client("redshift-serverless")
        serverless.create_namespace(namespaceName="other", adminUsername="a", adminUserPassword="Passw0rd", tags=other)
        serverless.create_workgroup(workgroupName="other", namespaceName="other", baseCapacity=8, tags=other)
        described = serverless.get_namespace(namespaceName="other")["namespace"]
        self.namespace: str = described["namespaceArn"]
        for _ in range(9):  # its time passes with the looks
            redshift.describe_clusters(ClusterIdentifier="other")
            serverless.get_workgroup(workgroupName="other")

    def attempts(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Service, method, arguments: on the neighbour's things, or too much on one's own."""
        order = {"NodeType": "ra3.large", "MasterUsername": "u", "MasterUserPassword": "Passw0rd"}
        rule = {"IpProtocol": "tcp", "FromPort": 5439, "ToPort": 5439, "CidrIp": "0.0.0.0/0"}
        anything = json.dumps(
            {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
        )
        group = {"GroupName": "x", "Description": "x"}
        other = {"ResourceType": "security-group", "Tags": OTHER_TAGS}
        yield "redshift", "delete_cluster", {"ClusterIdentifier": "other", "SkipFinalClusterSnapshot": True}
        yield "redshift", "pause_cluster", {"ClusterIdentifier": "other"}
        yield "redshift", "modify_cluster", {"ClusterIdentifier": "other", "MasterUserPassword": "Passw0rd"}
        yield "redshift", "modify_cluster_iam_roles", {"ClusterIdentifier": "other", "AddIamRoles": [self.role]}
        yield "redshift", "get_cluster_credentials_with_iam", {"ClusterIdentifier": "other", "DbName": "dev"}
        yield "redshift", "get_cluster_credentials_with_iam", {"ClusterIdentifier": "sparkify", "DbName": "secret"}
        yield "redshift", "get_cluster_credentials", {"ClusterIdentifier": "sparkify", "DbUser": "awsuser"}
        yield "redshift", "create_cluster", {"ClusterIdentifier": "third", **order}
        yield "redshift", "create_cluster", {"ClusterIdentifier": "sparkify", **order, "IamRoles": [self.role]}
        snapshot = {"ClusterIdentifier": "other", "SnapshotIdentifier": "x"}
        yield "redshift", "create_cluster_snapshot", snapshot
        yield "redshift", "reboot_cluster", {"ClusterIdentifier": "sparkify"}
        yield "redshift-serverless", "delete_workgroup", {"workgroupName": "other"}
        yield "redshift-serverless", "delete_namespace", {"namespaceName": "other"}
        yield "redshift-serverless", "update_workgroup", {"workgroupName": "other", "baseCapacity": 512}
        yield "redshift-serverless", "get_credentials", {"workgroupName": "other"}
        yield "redshift-serverless", "create_namespace", {"namespaceName": "third"}
        passed = {"iamRoles": [self.role], "tags": [OURS]}
        yield "redshift-serverless", "create_namespace", {"namespaceName": "third", **passed}
        yield "redshift-serverless", "tag_resource", {"resourceArn": self.namespace, "tags": [OURS]}
        yield "iam", "delete_role", {"RoleName": "other-role"}
        yield "iam", "update_assume_role_policy", {"RoleName": "other-role", "PolicyDocument": TRUST}
        yield "iam", "attach_role_policy", {"RoleName": "other-role", "PolicyArn": S3_READ}
        yield "iam", "attach_role_policy", {"RoleName": ROLE, "PolicyArn": ADMIN}
        yield "iam", "put_role_policy", {"RoleName": ROLE, "PolicyName": "x", "PolicyDocument": anything}
        yield "iam", "create_role", {"RoleName": "third", "AssumeRolePolicyDocument": TRUST}
        yield "iam", "create_service_linked_role", {"AWSServiceName": "spot.amazonaws.com"}
        yield "iam", "create_user", {"UserName": "me-too"}
        yield "iam", "put_user_policy", {"UserName": "me", "PolicyName": "x", "PolicyDocument": anything}
        yield "ec2", "authorize_security_group_ingress", {"GroupId": self.group, **rule}
        yield "ec2", "revoke_security_group_ingress", {"GroupId": self.group, **rule}
        yield "ec2", "delete_security_group", {"GroupId": self.group}
        yield "ec2", "create_security_group", group
        yield "ec2", "create_security_group", {**group, "TagSpecifications": [other]}
        yield "ec2", "create_tags", {"Resources": [self.group], "Tags": [{"Key": "dwh:stack", "Value": "sparkify"}]}
        yield "secretsmanager", "get_secret_value", {"SecretId": self.secret}
        yield "secretsmanager", "delete_secret", {"SecretId": self.secret}
        yield "s3", "list_objects_v2", {"Bucket": "theirs"}
        yield "s3", "get_object", {"Bucket": BUCKET, "Key": KEY}
        yield "s3", "put_object", {"Bucket": BUCKET, "Key": KEY, "Body": b""}


@pytest.mark.parametrize("text", [CONFIG, SERVERLESS], ids=["cluster", "serverless"])
def test_what_is_not_ours_is_denied(aws: StrictAws, tmp_path: Path, text: str) -> None:
    with operator(aws, tmp_path, text) as somebody:
        somebody.setup()
        neighbour = Neighbour(aws)
        before = aws.snapshot()
        for service, method, arguments in neighbour.attempts():
            with pytest.raises(ClientError) as caught:
                getattr(aws.client_as(somebody.environment, service), method)(**arguments)
            assert caught.value.response["Error"]["Code"] in {
                "AccessDenied",
                "AccessDeniedException",
                "UnauthorizedOperation",
            }, (method, arguments, caught.value)
        assert aws.snapshot() == before


def reads(aws: StrictAws, environment: dict[str, str], bucket: str) -> bool:
    """Whether these credentials list a bucket, read a file of it and tell its region: all of that, or none."""
    client, refusals = aws.client_as(environment, "s3"), []
    for method, more in (("list_objects_v2", {}), ("get_object", {"Key": KEY}), ("get_bucket_location", {})):
        try:
            getattr(client, method)(Bucket=bucket, **more)
        except ClientError as error:
            refusals.append(error.response["Error"]["Code"])
    assert refusals in ([], ["AccessDenied"] * 3)
    return not refusals


@pytest.mark.parametrize(("text", "theirs"), [(BUCKET_POLICY, False), (CONFIG, True)], ids=["bucket", "managed"])
def test_what_the_role_reads(aws: StrictAws, tmp_path: Path, text: str, theirs: bool) -> None:
    """The buckets in [S3] alone with ROLE_POLICY = bucket; every one with AmazonS3ReadOnlyAccess; it writes none."""
    with operator(aws, tmp_path, text) as somebody:
        s3 = aws.client("s3")
        s3.create_bucket(Bucket="theirs", CreateBucketConfiguration={"LocationConstraint": REGION})
        s3.put_object(Bucket="theirs", Key=KEY, Body=b"secret")
        somebody.setup()
        role = aws.assume(somebody.stack().role_arn)
        assert reads(aws, role, BUCKET)
        assert reads(aws, role, "theirs") is theirs
        for bucket in (BUCKET, "theirs"):
            with pytest.raises(ClientError, match="AccessDenied"):
                aws.client_as(role, "s3").put_object(Bucket=bucket, Key="new", Body=b"")
