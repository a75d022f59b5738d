"""The policy that lake.py prints suffices for everything, each action of it is needed, and it ends at what is ours."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from io import StringIO
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import ClientError
from lake_operator import OURS, ROLE, operator, order
from lake_scripts import BUCKET, INPUT, LakePlace, lake_place, make_bucket
from operator_cycle import ADMIN, actions, without
from strict_aws import ACCOUNT, REGION
from strict_aws.asking import policy as allowing
from strict_aws.asking import trust

from infrastructure.account import Account
from infrastructure.emr import policy
from infrastructure.emr.settings import EmrSettings
from infrastructure.emr.stack import LakeStack
from infrastructure.report import Report
from warehouse.aws import Access

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from strict_aws import StrictAws

    Document = dict[str, Any]

MOST = 6144  # characters of a managed policy, blanks not counted
EMR = "emr-serverless.amazonaws.com"
OTHERS = {"dwh:stack": "other", "dwh:kind": "lake"}
SETTINGS = EmrSettings(access=Access(region=REGION))
KINDS = {
    "serverless": SETTINGS,
    "ec2": replace(SETTINGS, on_ec2=True),
    "bucket": replace(SETTINGS, output="s3://mine/teams/lake/"),
}
REFUSED = re.compile(r"^error:|not authorized|Access Denied|AccessDenied", re.MULTILINE)


@pytest.mark.parametrize("on_ec2", [False, True], ids=["serverless", "ec2"])
def test_it_suffices_for_lake_py(aws: StrictAws, tmp_path: Path, on_ec2: bool) -> None:
    with operator(aws, tmp_path, on_ec2=on_ec2) as somebody:
        before, text = aws.snapshot(), somebody.file.read_text()
        said = somebody.cycle()
        assert not REFUSED.search(said), said
        for words in ("The job can be run.", "The job has succeeded.", "- policy AdministratorAccess", "Removed."):
            assert words in said
        after = aws.snapshot()
        assert {what for what in before if before[what] != after[what]} <= {"security groups"}
        assert somebody.file.read_text() == text


def test_each_action_is_needed(aws: StrictAws, tmp_path: Path) -> None:
    """On EMR Serverless; those for EMR on EC2 are tried in test_lake_ec2_policy.py."""
    with operator(aws, tmp_path) as somebody:
        before, document = aws.snapshot(), somebody.document()
        wanted, needless = actions(document), []
        assert len(wanted) > 30
        for action in wanted:
            somebody.may(without(document, action))
            if not REFUSED.search(somebody.cycle()):
                needless.append(action)
            somebody.may(document)
            somebody.do("down", "--yes", "--empty")
            assert aws.snapshot() == before, action
        assert needless == []


class Neighbour:
    """Another lake in the same account, and what one would do to it."""

    def __init__(self, aws: StrictAws) -> None:
        emr = aws.client("emr-serverless")
        made = emr.create_application(name="other", releaseLabel="emr-7.13.0", type="SPARK", tags=OTHERS)
        self.application, self.arn = str(made["applicationId"]), str(made["arn"])
        aws.client("iam").create_role(RoleName="other-job", AssumeRolePolicyDocument=trust(EMR))
        self.run = str(emr.start_job_run(**order(self.application, "other-job"), tags=OTHERS)["jobRunId"])
        make_bucket(aws, "theirs").put_object(Bucket="theirs", Key="lake/a", Body=b"")

    def attempts(self, own: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Service, method, arguments: on the neighbour's things, or too much on one's ``own`` application."""
        it, new = {"applicationId": self.application}, {"releaseLabel": "emr-7.13.0", "type": "SPARK"}
        public = {"PublicAccessBlockConfiguration": {"BlockPublicAcls": False}}
        yield "emr-serverless", "create_application", new
        yield "emr-serverless", "create_application", {**new, "tags": OTHERS}
        yield "emr-serverless", "update_application", it
        yield "emr-serverless", "stop_application", it
        yield "emr-serverless", "delete_application", it
        yield "emr-serverless", "start_job_run", order(self.application)
        yield "emr-serverless", "start_job_run", order(own, "other-job")
        yield "emr-serverless", "cancel_job_run", {**it, "jobRunId": self.run}
        yield "emr-serverless", "tag_resource", {"resourceArn": self.arn, "tags": OURS}
        yield "emr-serverless", "untag_resource", {"resourceArn": self.arn, "tagKeys": ["dwh:stack"]}
        yield "iam", "get_role", {"RoleName": "other-job"}
        yield "iam", "delete_role", {"RoleName": "other-job"}
        yield "iam", "attach_role_policy", {"RoleName": ROLE, "PolicyArn": ADMIN}
        anything = json.dumps(allowing("*"))
        yield "iam", "put_role_policy", {"RoleName": "other-job", "PolicyName": "x", "PolicyDocument": anything}
        yield "iam", "create_role", {"RoleName": "third", "AssumeRolePolicyDocument": trust(EMR)}
        yield "iam", "create_service_linked_role", {"AWSServiceName": "spot.amazonaws.com"}
        yield "s3", "list_objects_v2", {"Bucket": "theirs"}
        yield "s3", "get_object", {"Bucket": "theirs", "Key": "lake/a"}
        yield "s3", "delete_objects", {"Bucket": "theirs", "Delete": {"Objects": [{"Key": "lake/a"}]}}
        yield "s3", "delete_bucket", {"Bucket": "theirs"}
        yield "s3", "put_public_access_block", {"Bucket": "theirs", **public}
        yield "s3", "put_object", {"Bucket": INPUT, "Key": "log_data/a.json", "Body": b""}
        yield "s3", "get_object", {"Bucket": BUCKET, "Key": "lake/songs/a.parquet"}
        yield "s3", "put_object", {"Bucket": BUCKET, "Key": "lake/songs/a.parquet", "Body": b""}


def test_what_is_not_ours_is_denied(aws: StrictAws, tmp_path: Path) -> None:
    with operator(aws, tmp_path) as somebody:
        somebody.do("up", "--yes")
        (own,) = aws.applications
        neighbour = Neighbour(aws)
        before = aws.snapshot()
        for service, method, arguments in neighbour.attempts(own):
            with pytest.raises(ClientError) as caught:
                getattr(aws.client_as(somebody.environment, service), method)(**arguments)
            code = caught.value.response["Error"]["Code"]
            assert code in {"AccessDenied", "AccessDeniedException"}, (method, arguments, caught.value)
        assert aws.snapshot() == before


# what it says for which dl.cfg


def document(settings: EmrSettings, account: str = ACCOUNT, partition: str = "aws") -> Document:
    return policy.document(LakeStack(settings, Account(settings), Report((), StringIO())), account, partition)


@pytest.fixture(params=KINDS)
def printed(request: pytest.FixtureRequest) -> Document:
    return document(KINDS[request.param])


def test_it_is_a_policy(printed: Document) -> None:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html"""
    assert printed["Version"] == "2012-10-17"
    names = [statement["Sid"] for statement in printed["Statement"]]
    assert all(re.fullmatch(r"[A-Za-z0-9]+", name) for name in names)
    assert len(set(names)) == len(names)
    assert all(statement["Action"] and statement["Resource"] for statement in printed["Statement"])


def test_each_action_is_one_of_aws(printed: Document) -> None:
    """Its name is that of a call, or one of the few that stand for something else."""
    other_names = {
        "iam:PassRole",
        "s3:ListBucket",
        "s3:ListBucketVersions",
        "s3:DeleteObjectVersion",
        "s3:GetBucketPublicAccessBlock",
        "s3:PutBucketPublicAccessBlock",
    }
    session = boto3.Session("k", "s", region_name=REGION)
    for action in set(actions(printed)) - other_names:
        service, _, name = action.partition(":")
        client = session.client("emr" if service == "elasticmapreduce" else service)
        assert name in client.meta.service_model.operation_names, action


def test_what_is_not_confined_is_what_aws_cannot_confine(printed: Document) -> None:
    """There AWS has no resources; what makes something must give it our tag."""
    makes = {"emr-serverless:CreateApplication", "elasticmapreduce:RunJobFlow"}
    for statement in printed["Statement"]:
        if statement["Resource"] != ["*"]:
            assert "*" not in statement["Resource"]
            continue
        for action in statement["Action"]:
            assert re.search(r":(Describe|List)[A-Za-z]+$", action) or action in makes, action
        if makes & set(statement["Action"]):
            assert statement["Condition"] == {"StringEquals": {"aws:RequestTag/dwh:stack": "sparkify-lake"}}


def test_arns_name_the_lake_the_account_and_the_partition() -> None:
    settings = replace(SETTINGS, name="music", access=Access(region="cn-north-1"))
    china = document(settings, "210987654321", "aws-cn")
    arns = [arn for statement in china["Statement"] for arn in statement["Resource"] if arn != "*"]
    assert all(arn.startswith("arn:aws-cn:") for arn in arns)
    assert "arn:aws-cn:iam::210987654321:role/music-job" in arns
    assert "arn:aws-cn:emr-serverless:cn-north-1:210987654321:/applications/*" in arns
    assert "arn:aws-cn:s3:::music-210987654321-cn-north-1" in arns
    assert "arn:aws-cn:s3:::music-210987654321-cn-north-1/lake/_jobs/*" in arns
    assert "arn:aws-cn:s3:::udacity-dend" in arns


def test_the_role_is_for_emr_serverless_alone() -> None:
    passed = [one for one in document(SETTINGS)["Statement"] if "iam:PassRole" in one["Action"]]
    assert [one["Condition"] for one in passed] == [{"StringEquals": {"iam:PassedToService": EMR}}]
    assert [one["Resource"] for one in passed] == [[f"arn:aws:iam::{ACCOUNT}:role/{ROLE}"]]


def test_a_bucket_of_somebody_is_not_changed() -> None:
    mine = document(KINDS["bucket"])
    assert {one for one in actions(mine) if one.startswith("s3:")} == {"s3:ListBucket", "s3:PutObject", "s3:GetObject"}
    assert "arn:aws:s3:::mine/teams/lake/_logs/*" in str(mine)


@pytest.mark.parametrize("on_ec2", [False, True])
def test_it_fits_into_a_managed_policy(on_ec2: bool) -> None:
    """With the longest names as well. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"""
    longest = replace(
        SETTINGS,
        access=Access(region="ap-northeast-1"),
        name=35 * "n",
        input=f"s3://{63 * 'i'}/",
        output=f"s3://{63 * 'o'}/{500 * 'p'}/",
        on_ec2=on_ec2,
    )
    for settings in (replace(longest, output=""), longest):
        assert len(re.sub(r"\s", "", json.dumps(document(settings, partition="aws-us-gov")))) <= MOST


# as people print it


@pytest.fixture
def at(aws: StrictAws, tmp_path: Path) -> LakePlace:
    return lake_place(tmp_path, aws)


@pytest.mark.parametrize("flags", [(), ("--on-ec2",)])
def test_print_policy(aws: StrictAws, at: LakePlace, flags: tuple[str, ...]) -> None:
    before = aws.snapshot()
    done = at.try_lake("plan", "--print-policy", *flags)
    assert (done.returncode, json.loads(done.stdout)) == (0, document(replace(SETTINGS, on_ec2=bool(flags))))
    assert f"policy-arn arn:aws:iam::{ACCOUNT}:policy/sparkify-lake-operator" in done.stderr
    assert "in the end that is every right in the account" in done.stderr
    assert [call.operation for call in aws.calls] == ["GetCallerIdentity"]
    aws.client("iam").create_policy(PolicyName="sparkify-lake-operator", PolicyDocument=done.stdout)
    assert aws.snapshot() == before


def test_without_credentials(at: LakePlace) -> None:
    done = at.try_lake("plan", "--print-policy", AWS_ACCESS_KEY_ID="", AWS_SECRET_ACCESS_KEY="")
    assert done.returncode == 0
    assert "Unable to locate credentials" in done.stderr
    assert "the policy has the account 123456789012: replace it by yours" in done.stderr
    assert actions(json.loads(done.stdout))
