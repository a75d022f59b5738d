"""The policy that setup.py prints: what it says for which dwh.cfg, and how it is printed."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from io import StringIO
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from infrastructure_scripts import CLUSTER, Place, place
from operator_cycle import ROLE, actions
from strict_aws import ACCOUNT, REGION

from infrastructure import policy
from infrastructure.account import Account
from infrastructure.report import Report
from infrastructure.settings import StackSettings
from infrastructure.stack import Stack

if TYPE_CHECKING:
    from pathlib import Path

    from strict_aws import StrictAws

MOST = 6144  # characters of a managed policy, blanks not counted
SETTINGS = StackSettings(region=REGION)
KINDS = {
    "cluster": SETTINGS,
    "buckets": replace(SETTINGS, role_policy="bucket"),
    "password": replace(SETTINGS, password="Passw0rd"),
    "serverless": replace(SETTINGS, cluster_type="serverless", subnet_group="mine"),
    "subnets": replace(SETTINGS, subnet_group="mine"),
}


def document(settings: StackSettings, account: str = ACCOUNT, partition: str = "aws") -> dict[str, Any]:
    return policy.document(Stack(settings, Account(settings), Report((), StringIO())), account, partition)


@pytest.fixture(params=KINDS)
def printed(request: pytest.FixtureRequest) -> dict[str, Any]:
    return document(KINDS[request.param])


def test_it_is_a_policy(printed: dict[str, Any]) -> None:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html"""
    assert printed["Version"] == "2012-10-17"
    names = [statement["Sid"] for statement in printed["Statement"]]
    assert all(re.fullmatch(r"[A-Za-z0-9]+", name) for name in names)
    assert len(set(names)) == len(names)
    assert all(statement["Action"] and statement["Resource"] for statement in printed["Statement"])
    assert all(statement["Effect"] == "Allow" for statement in printed["Statement"])


def test_each_action_is_one_of_aws(printed: dict[str, Any]) -> None:
    """Its name is that of a call, or one of the few that stand for something else."""
    other_names = {"iam:PassRole", "s3:ListBucket"}
    session = boto3.Session("k", "s", region_name=REGION)
    services = {action.partition(":")[0] for action in actions(printed)}
    calls = {service: set(session.client(service).meta.service_model.operation_names) for service in services}
    for action in set(actions(printed)) - other_names:
        service, _, name = action.partition(":")
        assert name in calls[service], action


def test_what_is_not_confined_is_what_aws_cannot_confine(printed: dict[str, Any]) -> None:
    """https://docs.aws.amazon.com/service-authorization/latest/reference/ has no resources for these, or only looks."""
    everywhere = {
        action for statement in printed["Statement"] if "*" in statement["Resource"] for action in statement["Action"]
    }
    assert all(
        action.startswith(("ec2:Describe", "redshift:Describe"))
        or action == "secretsmanager:GetRandomPassword"
        or re.fullmatch(r"redshift-serverless:(List|Create|Update|Delete)UsageLimits?", action)
        or action == "redshift-serverless:ListSnapshots"
        for action in everywhere
    ), everywhere
    assert "*" not in "".join(actions(printed))


def test_arns_name_the_stack_the_account_and_the_partition() -> None:
    china = document(replace(SETTINGS, region="cn-north-1", identifier="music"), "210987654321", "aws-cn")
    arns = [arn for statement in china["Statement"] for arn in statement["Resource"] if arn != "*"]
    assert all(arn.startswith("arn:aws-cn:") for arn in arns)
    assert "arn:aws-cn:redshift:cn-north-1:210987654321:cluster:music" in arns
    assert "arn:aws-cn:redshift:cn-north-1:210987654321:dbname:music/dev" in arns
    assert f"arn:aws-cn:iam::210987654321:role/{ROLE}" in arns
    assert "arn:aws-cn:secretsmanager:cn-north-1:210987654321:secret:redshift!music-awsuser*" in arns
    assert "arn:aws-cn:s3:::udacity-dend" in arns


@pytest.mark.parametrize(
    ("kind", "has", "lacks"),
    [
        ("cluster", {"iam:AttachRolePolicy", "redshift:CreateCluster"}, {"iam:PutRolePolicy"}),
        ("buckets", {"iam:PutRolePolicy"}, {"iam:AttachRolePolicy"}),
        ("password", set(), {"secretsmanager:GetSecretValue", "redshift:GetClusterCredentialsWithIAM"}),
        ("serverless", {"redshift-serverless:CreateWorkgroup"}, {"redshift:CreateCluster"}),
        ("serverless", {"redshift:DescribeClusterSubnetGroups"}, set()),
        ("subnets", {"redshift:DescribeClusterSubnetGroups"}, set()),
        ("cluster", set(), {"redshift:DescribeClusterSubnetGroups"}),
    ],
)
def test_dwh_cfg_decides(kind: str, has: set[str], lacks: set[str]) -> None:
    found = set(actions(document(KINDS[kind])))
    assert has <= found
    assert not lacks & found


@pytest.mark.parametrize(
    ("kind", "services"),
    [
        ("cluster", "redshift.amazonaws.com"),
        ("serverless", ["redshift-serverless.amazonaws.com", "redshift.amazonaws.com"]),
    ],
)
def test_the_role_is_for_redshift_alone(kind: str, services: object) -> None:
    passed = [one for one in document(KINDS[kind])["Statement"] if "iam:PassRole" in one["Action"]]
    assert [one["Condition"] for one in passed] == [{"StringEquals": {"iam:PassedToService": services}}]
    assert [one["Resource"] for one in passed] == [[f"arn:aws:iam::{ACCOUNT}:role/{ROLE}"]]


def test_a_vpc_of_ones_own_is_named() -> None:
    assert f"arn:aws:ec2:{REGION}:{ACCOUNT}:vpc/vpc-1" in str(document(replace(SETTINGS, vpc="vpc-1")))


@pytest.mark.parametrize("cluster_type", ["multi-node", "serverless"])
def test_it_fits_into_a_managed_policy(cluster_type: str) -> None:
    """With the longest names as well. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"""
    longest = replace(
        SETTINGS,
        cluster_type=cluster_type,
        region="ap-northeast-1",
        identifier=63 * "i",
        role_name=64 * "r",
        database=64 * "d",
        user=128 * "u",
        buckets=(63 * "a", 63 * "b", 63 * "c"),
        subnet_group=255 * "s",
        vpc="vpc-0123456789abcdef0",
    )
    for settings in (replace(SETTINGS, cluster_type=cluster_type), longest):
        assert len(re.sub(r"\s", "", json.dumps(document(settings, partition="aws-us-gov")))) <= MOST


# as people print it


@pytest.fixture
def at(aws: StrictAws, tmp_path: Path) -> Place:
    return place(tmp_path, aws.environment(), "http://127.0.0.1:9/")


def test_print_policy(aws: StrictAws, at: Place) -> None:
    before = aws.snapshot()
    done = at.run("setup.py", "--print-policy")
    settings = replace(SETTINGS, password="set", buckets=("udacity-dend",))
    assert (done.returncode, json.loads(done.stdout)) == (0, document(settings))
    assert f"policy-arn arn:aws:iam::{ACCOUNT}:policy/sparkify-operator" in done.stderr
    assert "--policy-document file://policy.json" in done.stderr
    assert [call.operation for call in aws.calls] == ["GetCallerIdentity"]
    assert aws.snapshot() == before
    assert at.text == CLUSTER


@pytest.mark.parametrize(("role_policy", "warns"), [("managed", False), ("bucket", True)])
def test_it_says_what_the_right_to_write_a_policy_means(at: Place, role_policy: str, warns: bool) -> None:
    told = at.run("setup.py", "--print-policy", DWH_ROLE_POLICY=role_policy).stderr
    assert ("that is every right in the account" in told) is warns


def test_print_policy_for_serverless(at: Place) -> None:
    printed = json.loads(at.run("setup.py", "--print-policy", "--serverless").stdout)
    assert "redshift-serverless:CreateWorkgroup" in actions(printed)


def test_it_can_be_made_a_policy_as_it_is_printed(aws: StrictAws, at: Place) -> None:
    text = at.run("setup.py", "--print-policy").stdout
    made = aws.client("iam").create_policy(PolicyName="sparkify-operator", PolicyDocument=text)["Policy"]
    assert made["Arn"] == f"arn:aws:iam::{ACCOUNT}:policy/sparkify-operator"


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}, "Unable to locate credentials"),
        ({"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}, "Could not connect to the endpoint URL"),
    ],
)
def test_without_credentials_or_network(at: Place, environment: dict[str, str], words: str) -> None:
    done = at.run("setup.py", "--print-policy", **environment)
    assert done.returncode == 0
    assert words in done.stderr
    assert "the policy has the account 123456789012: replace it by yours" in done.stderr
    assert actions(json.loads(done.stdout))
