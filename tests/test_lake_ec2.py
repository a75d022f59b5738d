"""EMR on EC2 as what runs the lake's job: made, repaired, looked at and removed; the page."""

from __future__ import annotations

import json
import signal
from typing import TYPE_CHECKING

import pytest
from infrastructure_stack import lines, signs
from lake_ec2 import SUMMARY, Lake, lake_on, started
from lake_scripts import BUCKET, lake_place
from moto.ec2.models import ec2_backends
from strict_aws import ACCOUNT, REGION
from strict_aws.asking import refusal, trust
from strict_aws.emr_step import Ended

from infrastructure import plan
from infrastructure.emr import bucket, compute, ec2_cluster, ec2_clusters
from infrastructure.errors import AwsFailed, NotOurs, Refused
from infrastructure.plan import Sign
from warehouse.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

    from lake_scripts import LakePlace
    from strict_aws import StrictAws
    from strict_aws.emr_clusters import Cluster


@pytest.fixture
def lake(aws: StrictAws, monkeypatch: pytest.MonkeyPatch) -> Lake:
    return lake_on(aws, monkeypatch)


def vpc(aws: StrictAws) -> str:
    found = aws.client("ec2").describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"]
    return str(found[0]["VpcId"])


def test_up_makes_the_roles_and_the_profile_and_again_changes_nothing(lake: Lake) -> None:
    stack = lake.stack()
    assert lines(ec2_cluster.plan_up(stack)) == [
        "+ IAM role sparkify-lake-ec2",
        "assumed by ec2.amazonaws.com, nobody else",
        f"+ policy read-input-write-lake: reads s3://udacity-dend/, writes s3://{BUCKET}/lake/",
        "+ policy read-what-emr-publishes: reads the scripts and libraries that EMR publishes",
        "+ IAM role sparkify-lake-emr",
        "assumed by elasticmapreduce.amazonaws.com, nobody else",
        "+ policy AmazonEMRServicePolicy_v2: what EMR needs, on what is tagged for it",
        f"+ policy start-instances-here: instances in {vpc(lake.aws)}, with our role",
        "+ instance profile sparkify-lake-ec2",
        "gives instances the role sparkify-lake-ec2",
    ]
    lake.up()
    made = lake.aws.snapshot()
    assert made["instance profiles"] == {"sparkify-lake-ec2": ["sparkify-lake-ec2"]}
    assert made["roles"]["sparkify-lake-emr"]["tags"]["dwh:kind"] == "lake"
    assert not made["roles"]["sparkify-lake-ec2"]["attached"]
    assert set(signs(ec2_cluster.plan_up(lake.stack()))) == {Sign.KEEP}
    assert compute.of(lake.stack()) is ec2_cluster


def test_without_up_nothing_is_started(lake: Lake) -> None:
    with pytest.raises(Refused, match=r"The roles of EMR on EC2 sparkify-lake are not as dl\.cfg has them"):
        ec2_cluster.run(lake.stack(), another=False)
    lake.up()
    with pytest.raises(Refused, match="Nothing was started"):
        ec2_cluster.run(lake.stack(input="s3://another/"), another=False)
    assert not lake.clusters


def test_groups_of_an_earlier_cluster_without_the_tag_are_made_usable(lake: Lake) -> None:
    stack, ec2 = lake.up(), lake.aws.client("ec2")
    group = ec2.create_security_group(GroupName="ElasticMapReduce-master", Description="-", VpcId=vpc(lake.aws))
    with pytest.raises(Refused):
        ec2_cluster.run(stack, another=False)
    lake.up()
    rights = lake.aws.snapshot()["roles"]["sparkify-lake-emr"]["inline"]["start-instances-here"]
    assert rights["Statement"][-1]["Resource"] == [f"arn:aws:ec2:{REGION}:{ACCOUNT}:security-group/{group['GroupId']}"]
    ec2_cluster.run(lake.stack(), another=False)
    assert "The job has succeeded." in lake.said.getvalue()
    assert set(signs(ec2_cluster.plan_up(lake.stack()))) == {Sign.KEEP}  # what EMR made itself is tagged


def test_down_ends_what_runs_and_leaves_nothing_but_emrs_groups(lake: Lake) -> None:
    before = lake.aws.snapshot()
    stack = lake.up()
    cluster = started(lake, stack)
    removal = [*ec2_cluster.plan_down(lake.stack()), *bucket.plan_down(lake.stack(), empty=True)]
    told = lines(removal)
    assert told[0] == f"- EMR cluster {cluster.id}"
    assert [line for line in told if line.startswith("=")] == [
        f"= security group {name} ({group})" for group, name in sorted(emr_groups(lake).items(), key=lambda one: one[1])
    ]
    plan.carry_out(removal, stack.report)
    after = lake.aws.snapshot()
    for group in emr_groups(lake):
        del after["security groups"][group]
    assert after == before
    assert ec2_cluster.plan_down(lake.stack()) == []


def emr_groups(lake: Lake) -> dict[str, str]:
    groups = lake.aws.snapshot()["security groups"]
    return {name: one["name"] for name, one in groups.items() if one["name"].startswith("ElasticMapReduce")}


def test_a_profile_that_was_tampered_with_is_put_right(lake: Lake) -> None:
    stack, iam = lake.up(), lake.aws.client("iam")
    profile = {"InstanceProfileName": "sparkify-lake-ec2"}
    iam.create_role(RoleName="admin", AssumeRolePolicyDocument=trust("ec2.amazonaws.com"))
    iam.remove_role_from_instance_profile(**profile, RoleName="sparkify-lake-ec2")
    iam.add_role_to_instance_profile(**profile, RoleName="admin")
    assert lines(ec2_cluster.plan_up(stack))[-3:] == [
        "~ instance profile sparkify-lake-ec2",
        "- role admin",
        "+ role sparkify-lake-ec2",
    ]
    seen = ec2_cluster.look(stack)
    assert (seen.status, seen.usable) == ("incomplete", False)
    assert seen.differences == ("The instance profile sparkify-lake-ec2 is not as dl.cfg has it.",)
    lake.up()
    assert lake.aws.snapshot()["instance profiles"] == {"sparkify-lake-ec2": ["sparkify-lake-ec2"]}


def test_strangers_things_of_our_names_are_neither_taken_nor_removed(lake: Lake) -> None:
    iam = lake.aws.client("iam")
    iam.create_instance_profile(InstanceProfileName="sparkify-lake-ec2")
    with pytest.raises(NotOurs, match="instance profile sparkify-lake-ec2 is there already"):
        ec2_cluster.plan_up(lake.stack())
    seen = ec2_cluster.look(lake.stack())
    assert (seen.exists, seen.ours, seen.usable) == (True, False, False)
    assert signs(ec2_cluster.plan_down(lake.stack())) == [Sign.KEEP]


def test_look_tells_nothing_ready_and_the_latest_runs(lake: Lake) -> None:
    seen = ec2_cluster.look(lake.stack())
    assert (seen.status, seen.exists, seen.differences) == ("absent", False, ())
    stack = lake.up()
    for _ in range(ec2_clusters.LATEST + 1):
        started(lake, stack)
    seen = ec2_cluster.look(stack)
    assert (seen.status, seen.usable, seen.facts["size"]) == ("ready", True, "3 x m5.xlarge, emr-7.13.0")
    assert [run.id for run in seen.runs] == [one.id for one in reversed(lake.clusters)][: ec2_clusters.LATEST]
    assert all(run.usd and run.logs and run.started for run in seen.runs)


def test_a_subnet_of_ones_own_is_the_only_one_that_emr_may_use(lake: Lake) -> None:
    subnet = lake.aws.client("ec2").describe_subnets()["Subnets"][-1]["SubnetId"]
    stack = lake.up(subnet=subnet)
    rights = lake.aws.snapshot()["roles"]["sparkify-lake-emr"]["inline"]["start-instances-here"]
    assert rights["Statement"][1]["Resource"] == [f"arn:aws:ec2:{REGION}:{ACCOUNT}:subnet/{subnet}"]
    ec2_cluster.run(stack, another=False)
    assert lake.calls("RunJobFlow")[0]["Instances"]["Ec2SubnetId"] == subnet


def test_a_network_that_is_not_there_is_told_with_the_setting(lake: Lake) -> None:
    with pytest.raises(AwsFailed) as refused:
        ec2_cluster.plan_up(lake.stack(subnet="subnet-0123456789abcdef0"))
    assert "Check SUBNET_ID in [EMR] of dl.cfg" in refused.value.hint
    for subnets in ec2_backends[ACCOUNT][REGION].subnets.values():
        subnets.clear()
    with pytest.raises(ConfigError, match=f"no default VPC with subnets in {REGION}") as missing:
        ec2_cluster.plan_up(lake.stack())
    assert "Set SUBNET_ID in [EMR] of dl.cfg" in missing.value.hint


def test_costs_are_told_before_and_not_made_up(lake: Lake) -> None:
    first, second, rest = ec2_cluster.costs(lake.stack(instances=10, job_minutes=50))
    assert first == (
        "a job run: at most about $2.40: about 10 minutes to start, and the job is stopped after 50 (JOB_MINUTES)"
    )
    assert second.startswith("while it runs: $2.40 an hour (10 x m5.xlarge at $0.24, EMR's part included)")
    assert rest == "while no job runs: nothing; the cluster ends by itself with its job"
    unknown = ec2_cluster.costs(lake.stack(instance_type="m7g.xlarge"))[0]
    assert "not known for 3 x m7g.xlarge: M7G.XLARGE in [PRICES] of dl.cfg may tell" in unknown
    ec2_cluster.run(lake.up(instance_type="m7g.xlarge"), another=False)
    assert "what it cost is not known" in lake.said.getvalue()


def test_aws_old_policy_cannot_be_attached(lake: Lake) -> None:
    iam = lake.aws.client("iam")
    iam.create_role(RoleName="old", AssumeRolePolicyDocument=trust("elasticmapreduce.amazonaws.com"))
    arn = "arn:aws:iam::aws:policy/service-role/AmazonElasticMapReduceRole"
    assert refusal(iam.attach_role_policy, RoleName="old", PolicyArn=arn).startswith("PolicyNotAttachable")


@pytest.fixture
def place(aws: StrictAws, tmp_path: Path) -> LakePlace:
    return lake_place(tmp_path, aws)


def test_the_page_from_plan_to_down(place: LakePlace, aws: StrictAws) -> None:
    aws.emr_step = lambda _: Ended(0, SUMMARY)
    assert "$0.72 an hour (3 x m5.xlarge" in place.lake("plan", "--on-ec2", code=2)
    assert "lake.py run --on-ec2" in place.lake("up", "--on-ec2", "--yes")
    assert "songplays 6820 rows" in place.lake("run", "--on-ec2", "--yes")
    told = json.loads(place.lake("status", "--on-ec2", "--json"))
    assert (told["kind"], told["usable"], [run["status"] for run in told["runs"]]) == ("ec2", True, ["terminated"])
    aws.emr_step = lambda _: Ended(1, "", "error: No files below s3://a/.\n")
    assert "No files below s3://a/." in place.lake_fails("run", "--on-ec2", "--yes")
    place.lake("down", "--on-ec2", "--yes", "--empty")
    place.lake("status", "--on-ec2", code=3)


def test_ctrl_c_says_that_the_cluster_goes_on(place: LakePlace, aws: StrictAws) -> None:
    place.lake("up", "--on-ec2", "--yes")
    aws.hold("running")
    code, _, said = place.interrupt(
        "lake.py", "run", "--on-ec2", "--yes", when=lambda: any(one.ready for one in running(aws)), by=signal.SIGINT
    )
    assert code == 1
    assert "goes on by itself; its cluster costs $0.72 an hour" in said
    assert "lake.py run --cancel" in said
    assert [one.state for one in running(aws)] == ["RUNNING"]
    assert "terminated" in place.lake("run", "--on-ec2", "--cancel")


def running(aws: StrictAws) -> list[Cluster]:
    return list(aws.emr_clusters.values())
