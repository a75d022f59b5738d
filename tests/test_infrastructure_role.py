"""The role: made, kept, each drift repaired, a stranger's left alone, removed."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError
from infrastructure_stack import do, lines, said, signs, stack_on
from strict_aws import ACCOUNT

from infrastructure.access import redshift_role
from infrastructure.access.role_documents import (
    INLINE_POLICY,
    SERVICES,
    bucket_policy,
    managed_policy,
    same,
    trust_policy,
)
from infrastructure.errors import AwsFailed, NotOurs
from infrastructure.plan import Sign
from warehouse.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable

    from strict_aws import StrictAws

    from infrastructure.stack import Stack

NAME = "sparkify-redshift-s3"
WHAT = f"IAM role {NAME}"
MANAGED = managed_policy("aws")
ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess"
BUCKET = {"role_policy": "bucket", "buckets": ("songs", "logs")}
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": ["redshift.amazonaws.com"]}, "Action": "sts:AssumeRole"}
    ],
}


@pytest.fixture
def make(aws: StrictAws, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Stack]:
    return partial(stack_on, aws, monkeypatch)


def up(stack: Stack) -> list[str]:
    return do(stack, redshift_role.plan_up(stack))


def down(stack: Stack) -> list[str]:
    return do(stack, redshift_role.plan_down(stack))


def role(aws: StrictAws) -> dict[str, Any]:
    return aws.snapshot()["roles"][NAME]  # type: ignore[no-any-return]


def changes_nothing(aws: StrictAws, stack: Stack) -> None:
    before, count = aws.snapshot(), len(aws.calls)
    assert signs(redshift_role.plan_up(stack)) == [Sign.KEEP]
    assert aws.snapshot() == before
    assert not [call.operation for call in aws.calls[count:] if not call.operation.startswith(("Get", "List"))]


def test_it_is_made_as_ordered(aws: StrictAws, make: Callable[..., Stack]) -> None:
    stack = make()
    assert up(stack) == [
        f"+ {WHAT}",
        "assumed by redshift.amazonaws.com, nobody else",
        "+ policy AmazonS3ReadOnlyAccess: reads every bucket",
    ]
    assert role(aws) == {
        "trust": TRUST,
        "tags": {"dwh:stack": "sparkify", "dwh:kind": "cluster", "dwh:region": "us-west-2"},
        "attached": [MANAGED],
        "inline": {},
    }
    assert stack.role_arn == aws.client("iam").get_role(RoleName=NAME)["Role"]["Arn"]
    assert WHAT in stack.standing()


def test_a_plan_does_nothing(aws: StrictAws, make: Callable[..., Stack]) -> None:
    before, stack = aws.snapshot(), make()
    redshift_role.plan_up(stack)
    assert aws.snapshot() == before
    assert stack.standing() == ""


@pytest.mark.parametrize("settings", [{}, BUCKET, {"cluster_type": "serverless"}])
def test_run_again_it_is_kept(aws: StrictAws, make: Callable[..., Stack], settings: dict[str, Any]) -> None:
    up(make(**settings))
    again = make(**settings)
    changes_nothing(aws, again)
    assert WHAT in again.standing()
    assert redshift_role.tags(again) == {**again.tags(), "dwh:region": "us-west-2"}


def test_no_role_has_no_tags(make: Callable[..., Stack]) -> None:
    assert redshift_role.tags(make()) is None


def test_serverless_is_assumed_by_both_services(aws: StrictAws, make: Callable[..., Stack]) -> None:
    stack = make(cluster_type="serverless")
    assert "assumed by redshift-serverless.amazonaws.com and redshift.amazonaws.com, nobody else" in do(
        stack, redshift_role.plan_up(stack)
    )
    [statement] = role(aws)["trust"]["Statement"]
    assert sorted(statement["Principal"]["Service"]) == ["redshift-serverless.amazonaws.com", "redshift.amazonaws.com"]
    assert role(aws)["tags"]["dwh:kind"] == "serverless"


def test_the_policy_for_buckets(aws: StrictAws, make: Callable[..., Stack]) -> None:
    stack = make(**BUCKET)
    assert "+ policy read-buckets: reads songs, logs" in up(stack)
    assert role(aws)["attached"] == []
    [listing, reading] = role(aws)["inline"][INLINE_POLICY]["Statement"]
    assert listing["Resource"] == ["arn:aws:s3:::songs", "arn:aws:s3:::logs"]
    assert sorted(listing["Action"]) == ["s3:GetBucketLocation", "s3:ListBucket"]
    assert (reading["Action"], reading["Resource"]) == ("s3:GetObject", ["arn:aws:s3:::songs/*", "arn:aws:s3:::logs/*"])


def test_the_policy_for_buckets_reads_them_and_nothing_else(aws: StrictAws, make: Callable[..., Stack]) -> None:
    up(stack := make(**BUCKET))
    s3 = aws.client("s3")
    for bucket in ("songs", "logs", "other"):
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
        s3.put_object(Bucket=bucket, Key="a.json", Body=b"{}")
    as_role = aws.client_as(aws.assume(stack.role_arn), "s3")
    for bucket in ("songs", "logs"):
        assert as_role.list_objects_v2(Bucket=bucket)["KeyCount"] == 1
        assert as_role.get_object(Bucket=bucket, Key="a.json")["Body"].read() == b"{}"
        assert as_role.get_bucket_location(Bucket=bucket)["LocationConstraint"] == "us-west-2"
    attempts: list[Callable[[], object]] = [
        lambda: as_role.list_objects_v2(Bucket="other"),
        lambda: as_role.get_object(Bucket="other", Key="a.json"),
        lambda: as_role.put_object(Bucket="songs", Key="b.json", Body=b""),
        lambda: as_role.delete_object(Bucket="songs", Key="a.json"),
    ]
    for attempt in attempts:
        with pytest.raises(ClientError, match=r"AccessDenied|403"):
            attempt()


def test_it_can_be_switched_to_the_buckets_and_back(aws: StrictAws, make: Callable[..., Stack]) -> None:
    up(make())
    assert up(make(**BUCKET)) == [
        f"~ {WHAT}",
        "+ policy read-buckets: reads songs, logs",
        "- policy AmazonS3ReadOnlyAccess",
    ]
    assert (role(aws)["attached"], list(role(aws)["inline"])) == ([], [INLINE_POLICY])
    assert up(make()) == [
        f"~ {WHAT}",
        "+ policy AmazonS3ReadOnlyAccess: reads every bucket",
        "- policy read-buckets",
    ]
    assert (role(aws)["attached"], role(aws)["inline"]) == ([MANAGED], {})


def test_another_bucket_changes_the_policy(aws: StrictAws, make: Callable[..., Stack]) -> None:
    up(make(**BUCKET))
    assert up(make(role_policy="bucket", buckets=("new",))) == [f"~ {WHAT}", "~ policy read-buckets: reads new"]
    assert same(role(aws)["inline"][INLINE_POLICY], bucket_policy("aws", ("new",)))


def test_no_bucket_to_read(make: Callable[..., Stack]) -> None:
    with pytest.raises(ConfigError, match="names no bucket"):
        redshift_role.plan_up(make(role_policy="bucket", buckets=()))


DRIFTS: dict[str, tuple[Callable[[Any], object], str]] = {
    "its policy is gone": (
        lambda iam: iam.detach_role_policy(RoleName=NAME, PolicyArn=MANAGED),
        "+ policy AmazonS3ReadOnlyAccess: reads every bucket",
    ),
    "another was attached": (
        lambda iam: iam.attach_role_policy(RoleName=NAME, PolicyArn=ADMIN),
        "- policy AdministratorAccess",
    ),
    "one was written into it": (
        lambda iam: iam.put_role_policy(
            RoleName=NAME, PolicyName="more", PolicyDocument=json.dumps(bucket_policy("aws", ("more",)))
        ),
        "- policy more",
    ),
    "others may assume it": (
        lambda iam: iam.update_assume_role_policy(
            RoleName=NAME,
            PolicyDocument=json.dumps(TRUST).replace("redshift.amazonaws.com", f"arn:aws:iam::{ACCOUNT}:root"),
        ),
        "~ assumed by redshift.amazonaws.com, nobody else",
    ),
    "Redshift may not assume it": (
        lambda iam: iam.update_assume_role_policy(
            RoleName=NAME, PolicyDocument=json.dumps(TRUST).replace("redshift", "ec2")
        ),
        "~ assumed by redshift.amazonaws.com, nobody else",
    ),
}


@pytest.mark.parametrize("drift", DRIFTS)
def test_drift_is_told_and_repaired(aws: StrictAws, make: Callable[..., Stack], drift: str) -> None:
    up(stack := make())
    right = aws.snapshot()
    spoil, told = DRIFTS[drift]
    spoil(aws.client("iam"))
    assert aws.snapshot() != right
    assert up(stack) == [f"~ {WHAT}", told]
    assert aws.snapshot() == right


def test_more_policies_than_one_page_of_answers(aws: StrictAws, make: Callable[..., Stack]) -> None:
    up(stack := make())
    iam, right = aws.client("iam"), aws.snapshot()
    document = json.dumps(bucket_policy("aws", ("more",)))
    for number in range(120):
        iam.put_role_policy(RoleName=NAME, PolicyName=f"more{number:03}", PolicyDocument=document)
    assert len(up(stack)) == 1 + 120
    assert aws.snapshot() == right


def test_the_same_trust_written_otherwise_is_no_drift(aws: StrictAws, make: Callable[..., Stack]) -> None:
    up(stack := make())
    statement = {
        "Sid": "Redshift",
        "Action": ["sts:AssumeRole"],
        "Principal": {"Service": "redshift.amazonaws.com"},
        "Effect": "Allow",
    }
    written = {"Version": "2012-10-17", "Statement": statement}
    aws.client("iam").update_assume_role_policy(RoleName=NAME, PolicyDocument=json.dumps(written))
    changes_nothing(aws, stack)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"Statement": [{"Effect": "Allow"}]}, {"Statement": [{"Effect": "Deny"}]}),
        (trust_policy(SERVICES["cluster"]), trust_policy(SERVICES["serverless"])),
        (bucket_policy("aws", ("a",)), bucket_policy("aws", ("a", "b"))),
        (bucket_policy("aws", ("a",)), bucket_policy("aws-cn", ("a",))),
        (trust_policy(SERVICES["cluster"]), None),
        ({"Statement": {"Condition": {"StringEquals": {"a": "1"}}}}, {"Statement": {}}),
    ],
)
def test_documents_that_differ(one: object, other: object) -> None:
    assert not same(one, other)
    assert same(one, json.loads(json.dumps(one)))


def test_order_and_repetition_make_no_difference() -> None:
    assert same(bucket_policy("aws", ("a", "b")), bucket_policy("aws", ("b", "a")))
    assert same({"Action": ["a", "b", "a"]}, {"Action": ["b", "a"]})


def test_the_policy_of_another_partition() -> None:
    assert managed_policy("aws-cn") == "arn:aws-cn:iam::aws:policy/AmazonS3ReadOnlyAccess"


def strangers_role(aws: StrictAws, **tags: str) -> None:
    given = [{"Key": key.replace("_", ":"), "Value": value} for key, value in tags.items()]
    iam = aws.client("iam")
    iam.create_role(RoleName=NAME, AssumeRolePolicyDocument=json.dumps(TRUST), Tags=given)
    iam.attach_role_policy(RoleName=NAME, PolicyArn=ADMIN)


@pytest.mark.parametrize(
    ("tags", "words"),
    [
        ({}, "is there already and was not made by this project"),
        ({"team": "data"}, "is there already and was not made by this project"),
        ({"dwh_stack": "other"}, "belongs to the stack other"),
    ],
)
def test_a_strangers_role_is_neither_taken_nor_removed(
    aws: StrictAws, make: Callable[..., Stack], tags: dict[str, str], words: str
) -> None:
    strangers_role(aws, **tags)
    before, stack = aws.snapshot(), make()
    with pytest.raises(NotOurs, match=words) as refused:
        redshift_role.plan_up(stack)
    assert "[IAM_ROLE]" in refused.value.hint
    assert lines(redshift_role.plan_down(stack)) == [f"= {WHAT}", f"{WHAT} {words}; it is left alone."]
    down(stack)
    assert aws.snapshot() == before
    assert stack.standing() == ""


@pytest.mark.parametrize(("made", "asked"), [("multi-node", "serverless"), ("serverless", "single-node")])
def test_the_other_kind_is_refused(make: Callable[..., Stack], made: str, asked: str) -> None:
    up(stack := make(cluster_type=made))
    with pytest.raises(NotOurs, match=f"made for the {stack.kind} warehouse sparkify") as refused:
        redshift_role.plan_up(make(cluster_type=asked))
    assert "teardown.py" in refused.value.hint
    assert "CLUSTER_IDENTIFIER" in refused.value.hint


def test_it_is_removed_with_all_its_policies_and_only_once(aws: StrictAws, make: Callable[..., Stack]) -> None:
    before = aws.snapshot()
    up(stack := make(**BUCKET))
    aws.client("iam").attach_role_policy(RoleName=NAME, PolicyArn=ADMIN)
    assert down(stack) == [f"- {WHAT}"]
    assert aws.snapshot() == before
    assert stack.standing() == ""
    assert redshift_role.plan_down(stack) == []


def test_what_others_repair_meanwhile_is_no_error(aws: StrictAws, make: Callable[..., Stack]) -> None:
    up(stack := make())
    right = aws.snapshot()
    for spoil in ("another was attached", "one was written into it"):
        DRIFTS[spoil][0](aws.client("iam"))
    plan = redshift_role.plan_up(stack)
    assert up(make())[1:] == ["- policy AdministratorAccess", "- policy more"]
    do(stack, plan)
    assert aws.snapshot() == right


def test_what_others_remove_meanwhile_is_no_error(aws: StrictAws, make: Callable[..., Stack]) -> None:
    up(stack := make(**BUCKET))
    plan = redshift_role.plan_down(stack)
    aws.fault("iam", "DeleteRolePolicy", "NoSuchEntity", "The role policy with name read-buckets cannot be found.", 404)
    with pytest.raises(AwsFailed, match="DeleteConflict"):  # it is there in truth
        do(stack, plan)
    do(stack, plan)
    assert NAME not in aws.snapshot()["roles"]
    do(stack, plan)
    assert stack.standing() == ""


def test_policies_that_are_said_to_linger_are_waited_for(aws: StrictAws, make: Callable[..., Stack]) -> None:
    up(stack := make())
    words = "Cannot delete entity, must detach all policies first."
    aws.fault("iam", "DeleteRole", "DeleteConflict", words, 409, times=3)
    down(stack)
    assert NAME not in aws.snapshot()["roles"]
    assert f"{WHAT}: still said to have policies" in said(stack)


def test_an_instance_profile_keeps_it(aws: StrictAws, make: Callable[..., Stack]) -> None:
    """Somebody else's use of the role: AWS says what it is."""
    up(stack := make())
    words = "Cannot delete entity, must remove roles from instance profile first."
    aws.fault("iam", "DeleteRole", "DeleteConflict", words, 409, times=None)
    with pytest.raises(AwsFailed, match="must remove roles from instance profile first") as failed:
        down(stack)
    assert "take it away from that" in failed.value.hint
    assert "IAM role" in stack.standing()


def test_two_runs_at_once_make_one_role(aws: StrictAws, make: Callable[..., Stack]) -> None:
    one, other = make(), make(**BUCKET)
    plan = redshift_role.plan_up(one)
    up(other)
    do(one, plan)
    assert (role(aws)["attached"], role(aws)["inline"]) == ([MANAGED], {})
    changes_nothing(aws, one)


def test_a_stranger_who_came_first_is_left_alone(aws: StrictAws, make: Callable[..., Stack]) -> None:
    plan = redshift_role.plan_up(stack := make())
    strangers_role(aws)
    before = aws.snapshot()
    with pytest.raises(NotOurs):
        do(stack, plan)
    assert aws.snapshot() == before
    assert stack.standing() == ""


def test_a_new_role_is_waited_for(aws: StrictAws, make: Callable[..., Stack]) -> None:
    plan = redshift_role.plan_up(stack := make())
    words = f"The role with name {NAME} cannot be found."
    aws.fault("iam", "AttachRolePolicy", "NoSuchEntity", words, 404, times=2)
    aws.fault("iam", "GetRole", "NoSuchEntity", words, 404, times=2)
    do(stack, plan)
    assert role(aws)["attached"] == [MANAGED]
    assert f"{WHAT}: not visible everywhere yet" in said(stack)


def test_a_role_that_stays_unseen_ends_in_what_aws_says(aws: StrictAws, make: Callable[..., Stack]) -> None:
    plan = redshift_role.plan_up(stack := make())
    words = f"The role with name {NAME} cannot be found."
    aws.fault("iam", "AttachRolePolicy", "NoSuchEntity", words, 404, times=None)
    with pytest.raises(AwsFailed, match=f"attaching the policy AmazonS3ReadOnlyAccess to the {WHAT}.*{words}"):
        do(stack, plan)
    assert WHAT in stack.standing()


def test_a_run_that_broke_off_is_finished_by_the_next(aws: StrictAws, make: Callable[..., Stack]) -> None:
    stack = make()
    aws.fault("iam", "AttachRolePolicy", "AccessDenied", "User is not authorized to perform: iam:AttachRolePolicy", 403)
    with pytest.raises(AwsFailed) as failed:
        up(stack)
    assert "--print-policy" in failed.value.hint
    assert WHAT in stack.standing()
    again = make()
    up(again)
    changes_nothing(aws, again)


def test_a_creation_that_is_denied_is_told_as_such(aws: StrictAws, make: Callable[..., Stack]) -> None:
    aws.fault("iam", "CreateRole", "AccessDenied", "not authorized to perform: iam:CreateRole", 403)
    stack = make()
    with pytest.raises(AwsFailed, match=r"While creating the IAM role .*iam:CreateRole"):
        up(stack)
    assert stack.standing() == ""
    assert [call.operation for call in aws.calls if call.service == "iam"][-1] == "CreateRole"
