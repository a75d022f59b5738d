"""The operator's rights for EMR on EC2: enough, none to spare, and none over what is not ours."""

from __future__ import annotations

import json
from io import StringIO
from typing import TYPE_CHECKING, Any

import pytest
from lake_ec2 import Lake, lake_on, started, uploaded
from strict_aws import ACCOUNT, REGION
from strict_aws.asking import policy, refusal, trust

from infrastructure import plan
from infrastructure.account import Account
from infrastructure.emr import bucket, ec2_cluster, ec2_clusters, ec2_policy
from infrastructure.emr.settings import EmrSettings
from infrastructure.emr.stack import LakeStack
from infrastructure.errors import AwsFailed
from infrastructure.policy import Place
from infrastructure.report import Report
from warehouse.aws import Access

if TYPE_CHECKING:
    from strict_aws import StrictAws


@pytest.fixture
def lake(aws: StrictAws, monkeypatch: pytest.MonkeyPatch) -> Lake:
    return lake_on(aws, monkeypatch)


BUCKET_RIGHTS = policy("s3:*")["Statement"][0]
"""What the bucket needs is not the business of these statements."""


def operator(without: str = "") -> dict[str, Any]:
    """The policy of whoever runs lake.py, perhaps without one action."""
    found = _statements()
    for one in found:
        one["Action"] = [action for action in one["Action"] if action != without]
    return {"Version": "2012-10-17", "Statement": [one for one in (*found, BUCKET_RIGHTS) if one["Action"]]}


def life(lake: Lake, document: dict[str, Any]) -> None:
    """All that the page does with EMR on EC2, by somebody with this policy: made, repaired, run, cancelled, removed."""
    with lake.aws.enforce(document) as keys:
        access = Access(key=keys["AWS_ACCESS_KEY_ID"], secret=keys["AWS_SECRET_ACCESS_KEY"])
        stack = LakeStack(
            EmrSettings(access=access, on_ec2=True, poll_seconds=0.01), Account(EmrSettings(access=access)), _mute()
        )
        plan.carry_out([*bucket.plan_up(stack), *ec2_cluster.plan_up(stack)], stack.report)
        tamper(lake)
        plan.carry_out(ec2_cluster.plan_up(stack), stack.report)
        ec2_cluster.run(stack, another=False)
        started(lake, stack)
        assert len(ec2_cluster.look(stack).runs) == 2
        ec2_cluster.cancel(stack)
        plan.carry_out(ec2_cluster.plan_down(stack), stack.report)


def _mute() -> Report:
    return Report(stream=StringIO())


def tamper(lake: Lake) -> None:
    iam, role = lake.aws.client("iam"), {"RoleName": "sparkify-lake-emr"}
    iam.update_assume_role_policy(**role, PolicyDocument=trust("ec2.amazonaws.com"))
    iam.attach_role_policy(**role, PolicyArn="arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess")
    iam.put_role_policy(**role, PolicyName="more", PolicyDocument=json.dumps(policy("s3:*")))
    profile = {"InstanceProfileName": "sparkify-lake-ec2"}
    iam.remove_role_from_instance_profile(**profile, RoleName="sparkify-lake-ec2")


def test_the_operators_policy_is_enough(lake: Lake) -> None:
    life(lake, operator())


def _statements() -> list[Any]:
    settings = EmrSettings(access=Access(region=REGION))
    return list(ec2_policy.statements(LakeStack(settings, Account(settings), _mute()), Place("aws", REGION, ACCOUNT)))


@pytest.mark.parametrize("action", sorted({action for one in _statements() for action in one["Action"]}))
def test_the_operators_policy_has_nothing_to_spare(lake: Lake, action: str) -> None:
    with pytest.raises(AwsFailed, match=f"not authorized to perform: {action} "):
        life(lake, operator(action))


def test_the_operators_policy_ends_at_what_is_ours(lake: Lake) -> None:
    stack = lake.up()
    parameters = ec2_clusters.request(stack, uploaded(stack), "run")
    strange = {**parameters, "Tags": [tag for tag in parameters["Tags"] if tag["Key"] != "dwh:stack"]}
    theirs = lake.aws.client("emr").run_job_flow(**strange)["JobFlowId"]
    with lake.aws.enforce(operator()) as keys:
        emr, iam = lake.aws.client_as(keys, "emr"), lake.aws.client_as(keys, "iam")
        assert refusal(emr.run_job_flow, **strange).startswith("AccessDenied")
        assert refusal(emr.terminate_job_flows, JobFlowIds=[theirs]).startswith("AccessDenied")
        assert refusal(iam.get_role, RoleName="admin").startswith("AccessDenied")
        admin = "arn:aws:iam::aws:policy/AdministratorAccess"
        assert refusal(iam.attach_role_policy, RoleName="sparkify-lake-emr", PolicyArn=admin).startswith("AccessDenied")
        emr.run_job_flow(**parameters)
