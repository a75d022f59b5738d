"""The stand-in for AWS is itself held to what AWS does: clusters, their roles and their security groups."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING

import pytest
from strict_aws import ACCOUNT
from strict_aws.asking import READ_ONLY, available, client, create, describe, group, refusal, role, states, trust

if TYPE_CHECKING:
    from strict_aws import StrictAws


def test_a_cluster_is_created_in_time(aws: StrictAws) -> None:
    made = create(aws, ClusterIdentifier="DWH", Tags=[{"Key": "dwh:stack", "Value": "dwh"}])
    assert (made["ClusterIdentifier"], made["ClusterStatus"], made["Encrypted"]) == ("dwh", "creating", True)
    first, *_ = (describe(aws) for _ in range(3))
    assert first["ClusterAvailabilityStatus"] == "Modifying"
    assert not {"Endpoint", "ClusterCreateTime"} & set(first)
    fourth = describe(aws)
    assert (fourth["ClusterStatus"], fourth["ClusterAvailabilityStatus"]) == ("available", "Modifying")
    fifth = describe(aws)
    assert (fifth["ClusterStatus"], fifth["ClusterAvailabilityStatus"]) == ("available", "Available")
    assert fifth["Endpoint"]["Address"].startswith("dwh.")
    assert fifth["Endpoint"]["Address"].endswith(".us-west-2.redshift.amazonaws.com")
    assert fifth["Endpoint"]["Port"] == 5439
    assert fifth["Tags"] == [{"Key": "dwh:stack", "Value": "dwh"}]


def test_the_endpoint_and_the_length_of_states_are_the_tests(aws: StrictAws) -> None:
    aws.endpoint = ("127.0.0.1", 45439)
    aws.polls["creating"] = 0
    create(aws)
    assert describe(aws)["Endpoint"] == {"Address": "127.0.0.1", "Port": 45439}


def test_a_held_state_lasts_until_it_is_released(aws: StrictAws) -> None:
    aws.hold("creating")
    create(aws)
    assert set(states(aws, 8)) == {"creating/Modifying"}
    aws.release("creating")
    assert states(aws, 2) == ["available/Modifying", "available/Available"]


def test_pause_and_resume(aws: StrictAws) -> None:
    redshift = client(aws, "redshift")
    available(aws)
    assert redshift.pause_cluster(ClusterIdentifier="dwh")["Cluster"]["ClusterStatus"] == "pausing"
    assert states(aws, 4) == ["pausing/Modifying", "pausing/Modifying", "paused/Paused", "paused/Paused"]
    for change in ({"PubliclyAccessible": True}, {"NumberOfNodes": 4, "ClusterType": "multi-node"}):
        assert refusal(redshift.modify_cluster, ClusterIdentifier="dwh", **change).startswith("InvalidClusterState: ")
    assert refusal(redshift.pause_cluster, ClusterIdentifier="dwh").startswith("InvalidClusterState: ")
    redshift.resume_cluster(ClusterIdentifier="dwh")
    assert states(aws, 3) == ["paused/Paused", *["resuming/Modifying"] * 2]
    assert states(aws, 2) == ["available/Modifying", "available/Available"]
    assert refusal(redshift.resume_cluster, ClusterIdentifier="dwh").startswith("InvalidClusterState: ")


@pytest.mark.parametrize("operation", ["pause_cluster", "resume_cluster", "delete_cluster", "modify_cluster_iam_roles"])
def test_a_cluster_that_is_being_created_can_only_be_described(aws: StrictAws, operation: str) -> None:
    create(aws)
    more = {"SkipFinalClusterSnapshot": True} if operation == "delete_cluster" else {}
    for _ in range(4):
        describe(aws)  # the fourth says available, and the cluster is not
    refused = refusal(getattr(client(aws, "redshift"), operation), ClusterIdentifier="dwh", **more)
    assert refused.startswith("InvalidClusterState: ")


def test_a_cluster_is_deleted_in_time(aws: StrictAws) -> None:
    available(aws)
    client(aws, "redshift").delete_cluster(ClusterIdentifier="dwh", SkipFinalClusterSnapshot=True)
    assert states(aws, 2) == ["deleting/Unavailable"] * 2
    assert refusal(describe, aws) == "ClusterNotFound: Cluster dwh not found."
    assert aws.client("redshift").describe_clusters()["Clusters"] == []


def test_a_paused_cluster_is_not_deleted(aws: StrictAws) -> None:
    redshift = client(aws, "redshift")
    available(aws)
    redshift.pause_cluster(ClusterIdentifier="dwh")
    states(aws, 3)
    delete = partial(redshift.delete_cluster, ClusterIdentifier="dwh", FinalClusterSnapshotIdentifier="last")
    assert refusal(delete).startswith("InvalidClusterState: There is an operation running on the Cluster.")
    redshift.resume_cluster(ClusterIdentifier="dwh")
    states(aws, 5)
    delete()
    assert states(aws, 3) == ["final-snapshot/Unavailable", *["deleting/Unavailable"] * 2]
    assert refusal(describe, aws).startswith("ClusterNotFound")
    assert aws.snapshot()["cluster snapshots"] == ["last"]
    assert refusal(redshift.describe_cluster_snapshots, ClusterIdentifier="dwh").startswith("ClusterNotFound")
    assert len(redshift.describe_cluster_snapshots(SnapshotType="manual")["Snapshots"]) == 1
    redshift.restore_from_cluster_snapshot(ClusterIdentifier="dwh", SnapshotIdentifier="last")
    assert states(aws, 5)[::4] == ["creating/Modifying", "available/Available"]


def test_a_pause_needs_a_backup(aws: StrictAws) -> None:
    redshift = client(aws, "redshift")
    available(aws)
    aws.backups = False
    refused = refusal(redshift.pause_cluster, ClusterIdentifier="dwh")
    assert refused.startswith("InvalidClusterState: You can't pause cluster dwh because no recently available backup")
    redshift.create_cluster_snapshot(ClusterIdentifier="dwh", SnapshotIdentifier="one")
    redshift.pause_cluster(ClusterIdentifier="dwh")
    states(aws, 3)
    refused = refusal(redshift.create_cluster_snapshot, ClusterIdentifier="dwh", SnapshotIdentifier="two")
    assert refused.startswith("InvalidClusterState: ")
    both = {"ClusterIdentifier": "dwh", "SnapshotIdentifier": "one"}
    assert refusal(redshift.describe_cluster_snapshots, **both).startswith("InvalidParameterCombination: ")


def test_deleting_needs_one_choice_of_a_snapshot(aws: StrictAws) -> None:
    redshift = client(aws, "redshift")
    available(aws)
    assert refusal(redshift.delete_cluster, ClusterIdentifier="dwh").startswith("InvalidParameterCombination: Final")
    both = {"SkipFinalClusterSnapshot": True, "FinalClusterSnapshotIdentifier": "last"}
    assert refusal(redshift.delete_cluster, ClusterIdentifier="dwh", **both).startswith("InvalidParameterCombination")
    redshift.create_cluster_snapshot(ClusterIdentifier="dwh", SnapshotIdentifier="last")
    taken = refusal(redshift.delete_cluster, ClusterIdentifier="dwh", FinalClusterSnapshotIdentifier="last")
    assert taken.startswith("ClusterSnapshotAlreadyExists")
    assert describe(aws)["ClusterStatus"] == "available"


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"NodeType": "dc2.large"}, "InvalidParameterValue: Invalid node type: dc2.large"),
        ({"NodeType": "ds2.xlarge"}, "InvalidParameterValue: Invalid node type: ds2.xlarge"),
        ({"NodeType": "dc1.large"}, "InvalidParameterValue: Invalid node type: dc1.large"),
        ({"NodeType": "ra4.large"}, "InvalidParameterValue: Invalid node type: ra4.large"),
        ({"ClusterType": "single-node"}, "InvalidParameterValue: Number of nodes must be not be supplied"),
        ({"NumberOfNodes": 1}, "InvalidParameterCombination: Number of nodes for cluster type multi-node must be"),
        ({"NumberOfNodes": None}, "InvalidParameterCombination: Number of nodes for cluster type multi-node must be"),
        ({"NumberOfNodes": 17}, "InvalidParameterValue: Number of nodes for node type ra3.large"),
        (
            {"NodeType": "ra3.16xlarge", "ClusterType": "single-node", "NumberOfNodes": None},
            "InvalidParameterValue: Number of nodes for node type ra3.16xlarge must be between 2 and 128",
        ),
        ({"ClusterIdentifier": "my_dwh"}, "InvalidParameterValue: The parameter ClusterIdentifier is not a valid"),
        ({"ClusterIdentifier": "dwh-"}, "InvalidParameterValue: The parameter ClusterIdentifier is not a valid"),
        ({"ClusterIdentifier": "d--wh"}, "InvalidParameterValue: The parameter ClusterIdentifier is not a valid"),
        ({"ClusterIdentifier": "1dwh"}, "InvalidParameterValue: The parameter ClusterIdentifier is not a valid"),
        ({"ClusterIdentifier": "d" * 64}, "InvalidParameterValue: The parameter ClusterIdentifier is not a valid"),
        ({"MasterUsername": "public"}, "InvalidParameterValue: The parameter MasterUsername"),
        ({"MasterUsername": "DwhUser"}, "InvalidParameterValue: The parameter MasterUsername"),
        ({"MasterUsername": "user"}, "InvalidParameterValue: The master username user is a reserved word"),
        ({"MasterUserPassword": "Pass0rd"}, "InvalidParameterValue: The parameter MasterUserPassword is not a valid"),
        ({"MasterUserPassword": "P0" * 33}, "InvalidParameterValue: The parameter MasterUserPassword is not a valid"),
        ({"MasterUserPassword": "Passw0rd/"}, "InvalidParameterValue: The parameter MasterUserPassword is not a"),
        ({"MasterUserPassword": "Passw0 rd"}, "InvalidParameterValue: The parameter MasterUserPassword is not a"),
        ({"MasterUserPassword": "passw0rd"}, "InvalidParameterValue: The parameter MasterUserPassword must contain"),
        ({"MasterUserPassword": "Password"}, "InvalidParameterValue: The parameter MasterUserPassword must contain"),
        ({"MasterUserPassword": "PASSW0RD"}, "InvalidParameterValue: The parameter MasterUserPassword must contain"),
        ({"MasterUserPassword": None}, "InvalidParameterCombination: "),
        ({"ManageMasterPassword": True}, "InvalidParameterCombination: "),
        ({"DBName": "DWH"}, "InvalidParameterValue: Only lowercase Database names are supported."),
        ({"DBName": "select"}, "InvalidParameterValue: The parameter DBName"),
        ({"Port": 5430}, "InvalidParameterValue: Invalid port 5430"),
        ({"Port": 8216}, "InvalidParameterValue: Invalid port 8216"),
        ({"Encrypted": False}, "InvalidParameterValue: Unencrypted clusters cannot be created"),
        ({"VpcSecurityGroupIds": ["sg-1"]}, "InvalidParameterValue: VPC Security group sg-1 does not exist in"),
        ({"ClusterSubnetGroupName": "nowhere"}, "ClusterSubnetGroupNotFoundFault: Subnet group nowhere not found."),
        ({"IamRoles": [f"arn:aws:iam::{ACCOUNT}:role/none"]}, "InvalidParameterValue: The IAM role arn:aws:iam::"),
        ({"IamRoles": ["dwh"]}, "InvalidParameterValue: The IAM role dwh is not valid. The IAM role must delegate"),
    ],
)
def test_what_create_cluster_refuses(aws: StrictAws, parameters: dict[str, object], expected: str) -> None:
    assert refusal(create, aws, **parameters).startswith(expected)
    assert aws.client("redshift").describe_clusters()["Clusters"] == []


def test_what_create_cluster_takes(aws: StrictAws) -> None:
    create(aws, ClusterIdentifier="a", ClusterType="single-node", NumberOfNodes=None, Port=8215)
    create(aws, ClusterIdentifier="b1-c", NodeType="rg.12xlarge", MasterUserPassword="P4$sword" * 8, Port=5431)
    assert refusal(create, aws, ClusterIdentifier="A") == "ClusterAlreadyExists: Cluster already exists"


def test_roles_must_trust_redshift_and_have_spread(aws: StrictAws) -> None:
    stranger = role(aws, "stranger", trust("ec2.amazonaws.com"))
    words = "The IAM role must delegate access to an Amazon Redshift account."
    refused = refusal(create, aws, IamRoles=[stranger])
    assert refused == f"InvalidParameterValue: The IAM role {stranger} is not valid. {words}"
    aws.propagation = 2
    arn = role(aws)
    for _ in range(2):
        assert refusal(create, aws, IamRoles=[arn]).endswith(words)
    made = create(aws, IamRoles=[arn], DefaultIamRoleArn=arn)
    assert (made["IamRoles"], made["DefaultIamRoleArn"]) == ([{"IamRoleArn": arn, "ApplyStatus": "adding"}], arn)
    aws.polls["creating"] = 0
    states(aws, 4)
    assert describe(aws)["IamRoles"] == [{"IamRoleArn": arn, "ApplyStatus": "in-sync"}]


def test_roles_come_and_go(aws: StrictAws) -> None:
    redshift = client(aws, "redshift")
    arn, other = role(aws), role(aws, "other")
    available(aws, IamRoles=[arn])
    redshift.modify_cluster_iam_roles(ClusterIdentifier="dwh", AddIamRoles=[other], RemoveIamRoles=[arn])
    assert states(aws, 3) == ["modifying/Modifying", "available/Modifying", "available/Available"]
    assert describe(aws)["IamRoles"] == [{"IamRoleArn": other, "ApplyStatus": "in-sync"}]
    missing = f"arn:aws:iam::{ACCOUNT}:role/missing"
    refused = refusal(redshift.modify_cluster_iam_roles, ClusterIdentifier="dwh", AddIamRoles=[missing])
    assert refused.startswith("InvalidParameterValue: The IAM role")


def test_a_change_takes_time(aws: StrictAws) -> None:
    available(aws)
    sg = group(aws)
    client(aws, "redshift").modify_cluster(ClusterIdentifier="dwh", VpcSecurityGroupIds=[sg], PubliclyAccessible=True)
    assert states(aws, 3) == ["modifying/Modifying", "available/Modifying", "available/Available"]
    assert [one["VpcSecurityGroupId"] for one in describe(aws)["VpcSecurityGroups"]] == [sg]
    assert describe(aws)["PubliclyAccessible"] is True


def test_a_managed_password_is_a_secret_that_goes_with_the_cluster(aws: StrictAws) -> None:
    arn = available(aws, MasterUserPassword=None, ManageMasterPassword=True)["MasterPasswordSecretArn"]
    assert ":secret:redshift!dwh-dwhuser-" in arn
    secret = json.loads(aws.client("secretsmanager").get_secret_value(SecretId=arn)["SecretString"])
    assert (secret["username"], len(secret["password"]) >= 8) == ("dwhuser", True)
    client(aws, "redshift").delete_cluster(ClusterIdentifier="dwh", SkipFinalClusterSnapshot=True)
    states(aws, 2)
    assert aws.snapshot()["secrets"] == ["redshift!dwh-dwhuser"]
    assert refusal(describe, aws).startswith("ClusterNotFound")
    assert aws.snapshot()["secrets"] == []


@pytest.mark.parametrize(("node", "kinds"), [("dc2.large", 0), ("ra3.large", 2), ("ra3.16xlarge", 1), ("rg.xlarge", 2)])
def test_what_can_be_ordered(aws: StrictAws, node: str, kinds: int) -> None:
    options = client(aws, "redshift").describe_orderable_cluster_options(NodeType=node)["OrderableClusterOptions"]
    assert [one["NodeType"] for one in options] == [node] * kinds


def test_temporary_credentials(aws: StrictAws) -> None:
    redshift = client(aws, "redshift")
    ask = {"ClusterIdentifier": "dwh", "DbName": "dwh"}
    assert refusal(redshift.get_cluster_credentials_with_iam, **ask).startswith("ClusterNotFound")
    available(aws)
    assert len(redshift.get_cluster_credentials_with_iam(**ask)["DbPassword"]) > 20
    aws.login = ("ada", "secret", "")
    given = redshift.get_cluster_credentials_with_iam(**ask)
    assert (given["DbUser"], given["DbPassword"]) == ("IAM:ada", "secret")
    assert redshift.get_cluster_credentials(**ask, DbUser="ada")["DbUser"] == "IAM:ada"
    refused = refusal(redshift.get_cluster_credentials_with_iam, **ask, DurationSeconds=60)
    assert refused.startswith("InvalidParameterValue")


def test_a_security_group_in_use_stays(aws: StrictAws) -> None:
    ec2 = client(aws, "ec2")
    sg = group(aws)
    aws.polls["eni"] = 2
    available(aws, VpcSecurityGroupIds=[sg])
    used = f"DependencyViolation: resource {sg} has a dependent object"
    assert refusal(ec2.delete_security_group, GroupId=sg) == used
    client(aws, "redshift").delete_cluster(ClusterIdentifier="dwh", SkipFinalClusterSnapshot=True)
    states(aws, 2)
    assert refusal(ec2.delete_security_group, GroupId=sg) == used
    assert refusal(describe, aws).startswith("ClusterNotFound")
    assert [refusal(ec2.delete_security_group, GroupId=sg) for _ in range(2)] == [used, used]
    ec2.delete_security_group(GroupId=sg)
    assert refusal(ec2.delete_security_group, GroupId=sg).startswith("InvalidGroup.NotFound")


def test_the_default_security_group_stays(aws: StrictAws) -> None:
    (default,) = aws.snapshot()["security groups"]
    assert refusal(client(aws, "ec2").delete_security_group, GroupId=default).startswith("CannotDelete")
    assert list(aws.snapshot()["security groups"]) == [default]


@pytest.mark.parametrize("document", ["{", "[]", '{"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole"}]}'])
def test_a_trust_document_is_read(aws: StrictAws, document: str) -> None:
    iam = client(aws, "iam")
    refused = refusal(iam.create_role, RoleName="r", AssumeRolePolicyDocument=document)
    assert refused.startswith("MalformedPolicyDocument")
    role(aws)
    refused = refusal(iam.update_assume_role_policy, RoleName="dwh", PolicyDocument=document)
    assert refused.startswith("MalformedPolicyDocument")


def test_roles_and_their_policies(aws: StrictAws) -> None:
    iam = client(aws, "iam")
    available(aws, IamRoles=[role(aws)])
    for _ in range(2):
        iam.attach_role_policy(RoleName="dwh", PolicyArn=READ_ONLY)
    assert refusal(iam.delete_role, RoleName="dwh").startswith("DeleteConflict")
    iam.detach_role_policy(RoleName="dwh", PolicyArn=READ_ONLY)
    iam.delete_role(RoleName="dwh")
