"""Redshift Serverless as the warehouse: made, repaired, waited for and removed, each call over HTTP."""

from __future__ import annotations

import io
import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from strict_aws import ACCOUNT
from strict_aws.serverless import GONE
from strict_aws.states import Life, Phase

from infrastructure import compute, plan, serverless
from infrastructure.access import redshift_role, security_group
from infrastructure.account import Account
from infrastructure.errors import AwsFailed, NotOurs, Refused, StillWaiting, Stuck
from infrastructure.report import Report
from infrastructure.serverless import namespaces, workgroups
from infrastructure.settings import StackSettings, load
from infrastructure.stack import Stack
from warehouse.errors import ConfigError, WarehouseError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from strict_aws import StrictAws

    from infrastructure.plan import Change
    from infrastructure.state import State

PASSWORD = "Pa%ss#word1"
CONFIG = """\
[CLUSTER]
DB_PASSWORD =
CLUSTER_IDENTIFIER = sparkify
CLUSTER_TYPE = serverless
[NETWORK]
CIDR = 52.95.4.1/32
[SERVERLESS]
BASE_CAPACITY = 8
MAX_CAPACITY =
RPU_HOURS_A_DAY = 8
"""
OPERATION = "There is an operation running on the workgroup. Try deleting the workgroup again later."
NO_SNAPSHOT = (
    "Failed to update the RPU capacity for Serverless workgroup. Wait until at least one snapshot exists and retry."
)
HOST = f"sparkify.{ACCOUNT}.us-west-2.redshift-serverless.amazonaws.com"


@dataclass
class Operator:
    """Somebody at a folder with a dwh.cfg; every question to AWS is a run of its own, as with the scripts."""

    aws: StrictAws
    account: Account
    folder: Path
    group_id: str = ""
    said: io.StringIO = field(default_factory=io.StringIO)

    def configure(self, text: str = CONFIG, **values: object) -> None:
        for key, value in values.items():
            text, count = re.subn(rf"(?m)^{key} *=.*$", f"{key} = {value}", text)
            assert count == 1, key
        (self.folder / "dwh.cfg").write_text(text)

    def stack(self) -> Stack:
        settings = load(self.folder / "dwh.cfg")
        stack = Stack(settings, self.account, Report(settings.secrets, self.said))
        stack.group_id = self.group_id
        return stack

    def look(self) -> State:
        return serverless.look(self.stack())

    def plan(self, stack: Stack) -> list[Change]:
        """With role and group the first time."""
        before = (
            []
            if self.group_id
            else [*redshift_role.plan_up(stack), *security_group.plan_up(stack, allow_anywhere=False)]
        )
        return [*before, *serverless.plan_up(stack, _nobody_agrees)]

    def up(self) -> dict[str, str]:
        """What was done with each thing."""
        stack = self.stack()
        try:
            return self.carry_out(self.plan(stack))
        finally:
            self.group_id = stack.group_id

    def plan_down(self, snapshot: str = "") -> list[Change]:
        stack = self.stack()
        return [
            *serverless.plan_down(stack, snapshot),
            *security_group.plan_down(stack),
            *redshift_role.plan_down(stack),
        ]

    def down(self, snapshot: str = "") -> dict[str, str]:
        try:
            return self.carry_out(self.plan_down(snapshot))
        finally:
            self.group_id = ""

    def carry_out(self, changes: list[Change]) -> dict[str, str]:
        report = Report(stream=self.said)
        plan.show(changes, report)
        plan.carry_out(changes, report)
        return {change.what: str(change.sign) for change in changes}

    def client(self) -> Any:
        return self.aws.client("redshift-serverless")

    def called(self, operation: str) -> list[dict[str, Any]]:
        return [call.parameters for call in self.aws.calls if call.operation == operation]

    @property
    def output(self) -> str:
        return self.said.getvalue()


def _nobody_agrees(question: str) -> None:
    raise AssertionError(question)


@pytest.fixture(scope="module")
def account(aws_server: StrictAws) -> Iterator[Account]:
    """Its clients serve all tests, since making them takes longer than what they do."""
    with pytest.MonkeyPatch.context() as environment:
        for name, value in aws_server.environment().items():
            environment.setenv(name, value)
        yield Account(StackSettings())


@pytest.fixture
def operator(aws: StrictAws, account: Account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Operator:
    monkeypatch.setenv("DWH_POLL_SECONDS", "0.01")
    made = Operator(aws, account, tmp_path)
    made.configure()
    return made


def test_it_is_made_and_a_second_run_leaves_it(operator: Operator) -> None:
    done = operator.up()
    assert set(done.values()) == {"+"}
    assert len(done) == 5
    workgroup = operator.client().get_workgroup(workgroupName="sparkify")["workgroup"]
    [group] = workgroup["securityGroupIds"]
    assert operator.aws.snapshot()["security groups"][group]["name"] == "sparkify-redshift"
    assert (workgroup["baseCapacity"], workgroup["publiclyAccessible"], workgroup["port"]) == (8, True, 5439)
    [limit] = operator.client().list_usage_limits()["usageLimits"]
    assert (limit["amount"], limit["period"], limit["breachAction"]) == (8, "daily", "deactivate")
    before = operator.aws.snapshot()
    assert set(operator.up().values()) == {"="}
    assert operator.aws.snapshot() == before
    [secret] = before["secrets"]
    assert secret == "redshift!sparkify-awsuser"


def test_what_aws_is_told(operator: Operator) -> None:
    operator.up()
    [namespace], [workgroup] = operator.called("CreateNamespace"), operator.called("CreateWorkgroup")
    role = f"arn:aws:iam::{ACCOUNT}:role/sparkify-redshift-s3"
    tags = [{"key": "dwh:stack", "value": "sparkify"}, {"key": "dwh:kind", "value": "serverless"}]
    assert namespace == {
        "namespaceName": "sparkify",
        "adminUsername": "awsuser",
        "manageAdminPassword": True,
        "dbName": "dev",
        "iamRoles": [role],
        "defaultIamRoleArn": role,
        "tags": tags,
    }
    assert workgroup["tags"] == tags
    assert workgroup["baseCapacity"] == 8  # AWS's own default would cost 16 times as much
    assert not {"maxCapacity", "subnetIds"} & set(workgroup)


def test_the_password_of_dwh_cfg_is_used_and_never_shown(operator: Operator) -> None:
    operator.configure(DB_PASSWORD=PASSWORD)
    operator.up()
    [namespace] = operator.called("CreateNamespace")
    assert namespace["adminUserPassword"] == PASSWORD
    assert "manageAdminPassword" not in namespace
    assert operator.look().secret_arn == ""
    assert PASSWORD not in operator.output
    assert PASSWORD not in repr(operator.look())


def test_state_absent_and_available(operator: Operator) -> None:
    assert not operator.look().exists
    operator.up()
    state = operator.look()
    assert (state.status, state.available, state.host, state.port) == ("available", True, HOST, 5439)
    assert (state.size, str(state.per_hour), state.public) == ("8 RPU", "3.000", True)
    assert state.role_arns == (f"arn:aws:iam::{ACCOUNT}:role/sparkify-redshift-s3",)
    assert state.secret_arn.startswith("arn:aws:secretsmanager:us-west-2:")
    assert state.tags == {"dwh:stack": "sparkify", "dwh:kind": "serverless"}
    assert state.created
    assert state.group_ids


def test_the_wait_lasts_until_there_is_an_endpoint(operator: Operator) -> None:
    operator.up()
    assert "serverless workgroup sparkify: creating [" in operator.output
    assert operator.look().host == HOST


@pytest.mark.parametrize(
    ("workgroup", "namespace", "connectable"),
    [
        ({"status": "AVAILABLE", "endpoint": {"address": HOST}}, {"status": "AVAILABLE"}, True),
        ({"status": "AVAILABLE", "endpoint": {"address": HOST}}, {"status": "MODIFYING"}, False),
        ({"status": "MODIFYING", "endpoint": {"address": HOST}}, {"status": "AVAILABLE"}, False),
        ({"status": "AVAILABLE", "endpoint": {}}, {"status": "AVAILABLE"}, False),
        ({"status": "AVAILABLE"}, {"status": "AVAILABLE"}, False),
        (None, {"status": "AVAILABLE"}, False),
        ({"status": "AVAILABLE", "endpoint": {"address": HOST}}, None, False),
    ],
)
def test_available_is_when_everything_agrees(workgroup: Any, namespace: Any, connectable: bool) -> None:
    assert workgroups.is_available(workgroup, namespace) is connectable


@pytest.mark.parametrize("status", ["CREATING", "MODIFYING", "DELETING"])
def test_states_on_the_way(operator: Operator, status: str) -> None:
    operator.up()
    operator.aws.hold(status)
    operator.aws.workgroups["us-west-2", "sparkify"].enter(status)
    state = operator.look()
    assert (state.status, state.available, state.exists) == (status.lower(), False, True)


def test_the_namespace_is_busy(operator: Operator) -> None:
    operator.up()
    operator.aws.namespaces["us-west-2", "sparkify"].enter("MODIFYING")
    assert operator.look().status == "modifying"
    assert not operator.look().available


@pytest.mark.parametrize(
    ("drift", "parameter", "value", "line"),
    [
        ({"baseCapacity": 128}, "baseCapacity", 8, "base capacity: 128 -> 8 RPU, $3.00 an hour while queries run"),
        ({"maxCapacity": 64}, "maxCapacity", None, "maximum capacity: 64 RPU -> AWS's own"),
        ({"publiclyAccessible": False}, "publiclyAccessible", True, "gets a public address"),
        ({"port": 5440}, "port", 5439, "port: 5440 -> 5439"),
    ],
)
def test_drift_of_the_workgroup(
    operator: Operator, drift: dict[str, Any], parameter: str, value: object, line: str
) -> None:
    operator.up()
    operator.client().update_workgroup(workgroupName="sparkify", **drift)
    assert operator.up()["serverless workgroup sparkify"] == "~"
    assert f"      ~ {line}\n" in operator.output
    workgroup = operator.client().get_workgroup(workgroupName="sparkify")["workgroup"]
    assert workgroup.get(parameter) == value
    assert set(operator.up().values()) == {"="}


@pytest.mark.parametrize(
    ("public", "most", "told"),
    [
        ("yes", "", ["RPU: $3.00 an hour while queries run", "port 5439, public address, security group"]),
        ("no", "64", ["RPU, at most 64 RPU: $3.00 an hour while", "port 5439, no public address, security group"]),
    ],
)
def test_what_the_plan_of_a_workgroup_tells(operator: Operator, public: str, most: str, told: list[str]) -> None:
    operator.configure(CONFIG.replace("[NETWORK]", f"[NETWORK]\nPUBLIC = {public}"), MAX_CAPACITY=most)
    details = "\n".join(workgroups.plan_up(operator.stack()).details)
    assert f"base capacity 8 {told[0]}" in details
    assert told[1] in details
    assert "subnets of the default VPC" in details


def test_our_group_joins_those_that_are_there(operator: Operator) -> None:
    operator.up()
    ec2 = operator.aws.client("ec2")
    stranger = ec2.create_security_group(GroupName="theirs", Description="theirs")["GroupId"]
    operator.client().update_workgroup(workgroupName="sparkify", securityGroupIds=[stranger])
    assert operator.up()["serverless workgroup sparkify"] == "~"
    assert operator.look().group_ids == (stranger, operator.group_id)
    assert "+ security group sparkify-redshift" in operator.output


@pytest.mark.parametrize(
    ("before", "after", "order"),
    [
        ((8, 64), (128, 256), ["maxCapacity", "baseCapacity"]),  # a base above the maximum is refused
        ((128, 256), (8, 64), ["baseCapacity", "maxCapacity"]),  # a maximum below the base is refused
        ((8, 64), (128, ""), ["maxCapacity", "baseCapacity"]),
        ((128, 256), (8, ""), ["baseCapacity", "maxCapacity"]),
        ((8, ""), (16, 32), ["baseCapacity", "maxCapacity"]),
        ((8, ""), (16, ""), ["baseCapacity"]),
    ],
)
def test_capacities_change_in_an_order_that_aws_takes(
    operator: Operator, before: tuple[object, ...], after: tuple[object, ...], order: list[str]
) -> None:
    operator.configure(BASE_CAPACITY=before[0], MAX_CAPACITY=before[1])
    operator.up()
    operator.configure(BASE_CAPACITY=after[0], MAX_CAPACITY=after[1])
    assert operator.up()["serverless workgroup sparkify"] == "~"
    assert [next(key for key in call if key != "workgroupName") for call in operator.called("UpdateWorkgroup")] == order
    assert set(operator.up().values()) == {"="}
    assert f"base capacity: {before[0]} -> {after[0]} RPU, $" in operator.output


def test_a_capacity_waits_for_the_first_recovery_point(operator: Operator) -> None:
    operator.up()
    operator.configure(BASE_CAPACITY=16)
    operator.aws.fault("redshift-serverless", "UpdateWorkgroup", "ValidationException", NO_SNAPSHOT, times=3)
    operator.up()
    assert operator.look().size == "16 RPU"
    assert "waiting for its first recovery point" in operator.output


@pytest.mark.parametrize("kept", [[], ["theirs"]])
def test_a_role_that_is_missing_is_attached_beside_the_others(operator: Operator, kept: list[str]) -> None:
    operator.up()
    trust = operator.aws.client("iam").get_role(RoleName="sparkify-redshift-s3")["Role"]["AssumeRolePolicyDocument"]
    arns = [_role(operator, name, trust) for name in ["other", *kept]]
    operator.client().update_namespace(namespaceName="sparkify", iamRoles=arns, defaultIamRoleArn=arns[0])
    assert operator.up()["serverless namespace sparkify"] == "~"
    assert operator.look().role_arns == (*arns, operator.stack().role_arn)
    assert operator.look().raw["namespace"]["defaultIamRoleArn"] == operator.stack().role_arn


def _role(operator: Operator, name: str, trust: Any) -> str:
    made = operator.aws.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))
    return str(made["Role"]["Arn"])


@pytest.mark.parametrize(
    "drift", [{"amount": 100}, {"breachAction": "log"}, {"amount": 1, "breachAction": "emit-metric"}]
)
def test_drift_of_the_usage_limit(operator: Operator, drift: dict[str, Any]) -> None:
    operator.up()
    [limit] = operator.client().list_usage_limits()["usageLimits"]
    operator.client().update_usage_limit(usageLimitId=limit["usageLimitId"], **drift)
    assert operator.up()["usage limit of the serverless workgroup sparkify"] == "~"
    assert operator.client().list_usage_limits()["usageLimits"] == [limit]


def test_a_usage_limit_that_somebody_deleted_is_made_again_and_another_is_left(operator: Operator) -> None:
    operator.up()
    [limit] = operator.client().list_usage_limits()["usageLimits"]
    operator.client().delete_usage_limit(usageLimitId=limit["usageLimitId"])
    arn = limit["resourceArn"]
    operator.client().create_usage_limit(resourceArn=arn, usageType="serverless-compute", amount=50, period="monthly")
    assert operator.up()["usage limit of the serverless workgroup sparkify"] == "+"
    assert sorted(one["amount"] for one in operator.client().list_usage_limits()["usageLimits"]) == [8, 50]


def test_half_made_by_a_run_that_ended_early(operator: Operator) -> None:
    operator.aws.fault(
        "redshift-serverless", "CreateWorkgroup", "InsufficientCapacityException", "No capacity.", times=2
    )  # twice: boto3 tries again by itself
    stack = operator.stack()
    with pytest.raises(AwsFailed, match="While creating the serverless workgroup sparkify, AWS said") as failed:
        plan.carry_out(operator.plan(stack), stack.report)
    assert "no capacity free" in failed.value.hint
    assert "serverless namespace sparkify (storage only, $0.024 a GB-month of what is stored)" in stack.standing()
    assert "workgroup" not in stack.standing()
    assert (operator.look().status, operator.look().exists) == ("incomplete", True)
    done = operator.up()
    assert done["serverless namespace sparkify"] == "="
    assert done["serverless workgroup sparkify"] == done["usage limit of the serverless workgroup sparkify"] == "+"
    assert operator.look().available


def test_a_run_that_ended_in_the_wait_is_taken_up(operator: Operator) -> None:
    operator.aws.hold("CREATING")
    operator.aws.fault(
        "redshift-serverless",
        "GetWorkgroup",
        "ExpiredTokenException",
        "The security token included is expired",
        after=4,
    )
    with pytest.raises(StillWaiting, match=r"AWS goes on with it; once it is there, it costs \$3.00 an hour") as ended:
        operator.up()
    assert "Sign in again" in ended.value.hint
    assert operator.look().status == "creating"
    changes = operator.plan(operator.stack())
    assert ("~ is creating: waits until one can connect",) in [change.details for change in changes]
    operator.aws.release("CREATING")
    operator.carry_out(changes)
    assert operator.look().available
    assert set(operator.up().values()) == {"="}
    assert len(operator.called("CreateWorkgroup")) == 1


@pytest.mark.parametrize(
    ("operation", "change"),
    [("UpdateWorkgroup", {"BASE_CAPACITY": 16}), ("CreateWorkgroup", {}), ("CreateNamespace", {})],
)
def test_aws_is_busy_for_a_while(operator: Operator, operation: str, change: dict[str, object]) -> None:
    if change:
        operator.up()
        operator.configure(CONFIG, **change)
    operator.aws.fault("redshift-serverless", operation, "ConflictException", OPERATION, times=3)
    operator.up()
    assert set(operator.up().values()) == {"="}
    assert "another operation is running" in operator.output


def test_a_conflict_that_stays_is_told(operator: Operator) -> None:
    operator.aws.fault("redshift-serverless", "CreateWorkgroup", "ConflictException", "The name is reserved.")
    with pytest.raises(AwsFailed, match=r"The name is reserved \(ConflictException\)"):
        operator.up()


def test_the_role_spreads_slowly(operator: Operator) -> None:
    operator.aws.propagation = 3
    operator.up()
    assert operator.look().available
    assert "the role is not known to Redshift yet" in operator.output


def test_a_role_that_is_refused_for_good_ends_the_wait(operator: Operator) -> None:
    operator.aws.propagation = 1000
    with pytest.raises(AwsFailed, match="must delegate access to an Amazon Redshift account"):
        operator.up()


def test_the_account_afterwards_is_the_one_before(operator: Operator) -> None:
    before = operator.aws.snapshot()
    operator.up()
    done = operator.down()
    assert list(done)[:3] == [
        "serverless workgroup sparkify",
        "usage limit of the serverless workgroup sparkify",
        "serverless namespace sparkify",
    ]
    assert operator.aws.snapshot() == before
    assert operator.plan_down() == []
    assert not operator.look().exists
    assert not operator.called("DeleteNamespace")[0].get("finalSnapshotName")


def test_the_final_snapshot(operator: Operator) -> None:
    operator.up()
    operator.down("sparkify-final")
    assert operator.called("DeleteNamespace") == [{"namespaceName": "sparkify", "finalSnapshotName": "sparkify-final"}]
    assert "kept in the final snapshot sparkify-final: $0.024 a GB-month" in operator.output


def test_a_snapshot_of_that_name_is_there(operator: Operator) -> None:
    operator.up()
    operator.down("sparkify-final")
    operator.up()
    with pytest.raises(Refused, match="There is a snapshot sparkify-final already, so nothing was removed"):
        operator.down("sparkify-final")
    assert operator.look().available


def test_usage_limits_that_outlive_the_workgroup_are_removed(operator: Operator) -> None:
    operator.up()
    changes = operator.plan_down()
    kept = dict(operator.aws.limits)
    changes[0].apply and changes[0].apply()
    operator.aws.limits = kept
    operator.carry_out(changes[1:])
    assert operator.aws.limits == {}


@pytest.mark.parametrize("operation", ["DeleteWorkgroup", "DeleteNamespace"])
def test_a_removal_waits_for_what_is_going_on(operator: Operator, operation: str) -> None:
    operator.up()
    operator.aws.fault("redshift-serverless", operation, "ConflictException", OPERATION, times=3)
    operator.down()
    assert not operator.look().exists


def test_a_removal_in_the_middle_of_its_creation(operator: Operator) -> None:
    before = operator.aws.snapshot()
    operator.aws.hold("CREATING")
    operator.aws.fault("redshift-serverless", "GetWorkgroup", "ExpiredTokenException", "expired", after=3)
    with pytest.raises(StillWaiting):
        operator.up()
    assert operator.look().status == "creating"
    operator.aws.release("CREATING")
    operator.down()
    assert operator.aws.snapshot() == before


@pytest.mark.parametrize("operation", ["DeleteWorkgroup", "DeleteNamespace"])
def test_a_removal_after_one_that_ended_early(operator: Operator, operation: str) -> None:
    before = operator.aws.snapshot()
    operator.up()
    operator.aws.fault("redshift-serverless", operation, "AccessDeniedException", "not authorized to perform", 400)
    with pytest.raises(AwsFailed, match="not authorized"):
        operator.down()
    operator.down()
    assert operator.aws.snapshot() == before


def test_what_is_being_removed_already_is_waited_for(operator: Operator) -> None:
    operator.up()
    operator.client().delete_workgroup(workgroupName="sparkify")
    assert "is being deleted already" in str(operator.plan_down()[0].details)
    operator.down()
    assert not operator.look().exists
    assert operator.called("DeleteWorkgroup") == []


def test_a_namespace_that_is_being_removed_is_not_ordered_to_go_again(operator: Operator) -> None:
    operator.up()
    operator.client().delete_workgroup(workgroupName="sparkify")
    while operator.aws.workgroups:
        serverless.look(operator.stack())
    operator.client().delete_namespace(namespaceName="sparkify")
    operator.aws.calls.clear()
    operator.down()
    assert not operator.look().exists
    assert operator.called("DeleteNamespace") == []


def test_what_somebody_removed_meanwhile_is_gone(operator: Operator) -> None:
    operator.up()
    changes = operator.plan_down()
    operator.aws.workgroups.clear()
    operator.aws.namespaces.clear()
    operator.carry_out(changes)
    assert not operator.look().exists


def test_setup_while_it_is_being_deleted(operator: Operator) -> None:
    operator.up()
    operator.aws.hold("DELETING")
    operator.client().delete_workgroup(workgroupName="sparkify")
    with pytest.raises(Refused, match=r"The serverless workgroup sparkify is being deleted\. Nothing was changed"):
        operator.up()


@pytest.mark.parametrize("tags", [[], [{"key": "dwh:stack", "value": "somebody-elses"}]])
@pytest.mark.parametrize("with_workgroup", [True, False])
def test_a_strangers_is_neither_adopted_nor_deleted(
    operator: Operator, tags: list[dict[str, str]], with_workgroup: bool
) -> None:
    client = operator.client()
    client.create_namespace(namespaceName="sparkify", tags=tags)
    if with_workgroup:
        client.create_workgroup(workgroupName="sparkify", namespaceName="sparkify", baseCapacity=8, tags=tags)
    before = operator.aws.snapshot()
    with pytest.raises(NotOurs, match="left alone"):
        operator.plan(operator.stack())
    assert set(operator.down().values()) == {"="}
    assert operator.aws.snapshot() == before


def test_our_namespace_stays_below_a_strangers_workgroup(operator: Operator) -> None:
    operator.up()
    operator.aws.workgroups["us-west-2", "sparkify"].tags.clear()
    changes = serverless.plan_down(operator.stack(), "")
    assert [change.sign for change in changes] == ["=", "="]
    assert changes[1].details == ("its workgroup is not ours",)


def test_names_that_serverless_does_not_have(operator: Operator) -> None:
    operator.configure(CLUSTER_IDENTIFIER="ab")
    with pytest.raises(ConfigError, match="CLUSTER_IDENTIFIER is ab: names in Redshift Serverless have 3 to 64"):
        operator.look()


@pytest.mark.parametrize("by", ["VPC_ID", "SUBNET_GROUP"])
@pytest.mark.parametrize("zones", ["abc", "aab"])
def test_subnets_of_a_vpc_of_ones_own(operator: Operator, zones: str, by: str) -> None:
    vpc, subnets = _network(operator, zones)
    text = CONFIG.replace("[NETWORK]\n", f"[NETWORK]\nVPC_ID = {vpc}\n")
    if by == "SUBNET_GROUP":
        operator.aws.client("redshift").create_cluster_subnet_group(
            ClusterSubnetGroupName="mine", Description="mine", SubnetIds=subnets
        )
        text = text.replace("[NETWORK]\n", "[NETWORK]\nSUBNET_GROUP = mine\n")
    operator.configure(text)
    if zones != "abc":
        with pytest.raises(ConfigError, match="subnets in 2 availability zones: Redshift Serverless needs 3"):
            operator.plan(operator.stack())
        return
    operator.up()
    assert operator.called("CreateWorkgroup")[0]["subnetIds"] == subnets
    assert set(operator.up().values()) == {"="}


def test_a_vpc_without_subnets(operator: Operator) -> None:
    vpc, _ = _network(operator, "")
    operator.configure(CONFIG.replace("[NETWORK]\n", f"[NETWORK]\nVPC_ID = {vpc}\n"))
    with pytest.raises(ConfigError, match=f"The VPC {vpc} has subnets in 0 availability zones"):
        operator.plan(operator.stack())


def _network(operator: Operator, zones: str) -> tuple[str, list[str]]:
    """A VPC with a subnet in each zone: its id, and those of its subnets."""
    ec2 = operator.aws.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    made = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=f"us-west-2{zone}")
        for number, zone in enumerate(zones)
    ]
    return vpc, sorted(one["Subnet"]["SubnetId"] for one in made)


def test_what_was_settled_when_it_was_made_is_told(operator: Operator) -> None:
    operator.up()
    operator.configure(
        CONFIG.replace("DB_PASSWORD =", f"DB_NAME = sales\nDB_USER = somebody\nDB_PASSWORD = {PASSWORD}")
    )
    assert set(operator.up().values()) == {"="}
    assert "DB_NAME in dwh.cfg is sales, the database of the namespace dev" in operator.output
    assert "DB_USER in dwh.cfg is somebody, the administrator of the namespace awsuser" in operator.output
    assert "leave DB_PASSWORD in dwh.cfg empty" in operator.output


def test_costs(operator: Operator) -> None:
    operator.configure(RPU_HOURS_A_DAY=20)
    text = "\n".join(serverless.costs(operator.stack()))
    for said in (
        "$3.00 an hour while queries run (8 RPU at $0.375)",
        "at most about $7.50 a day, $232.50 a month: the usage limit is 20 RPU-hours a day",
        "storage only, $0.024 a GB-month",
        "128 RPU, $48.00 an hour; the least is 4, $1.50",
        "MAX_CAPACITY in [SERVERLESS] of dwh.cfg can bound that",
    ):
        assert said in text
    operator.configure(CONFIG + "[PRICES]\nRPU_HOUR = 0.5\n", MAX_CAPACITY=64)
    text = "\n".join(serverless.costs(operator.stack()))
    assert "$4.00 an hour while queries run (8 RPU at $0.5)" in text
    assert "at most 64, $32.00 an hour" in text


@pytest.mark.parametrize("work", [serverless.pause, serverless.resume])
def test_there_is_nothing_to_pause(operator: Operator, work: Callable[[Stack], None]) -> None:
    operator.up()
    before = operator.aws.snapshot()
    work(operator.stack())
    assert "Not needed: the serverless workgroup sparkify is billed only while queries run" in operator.output
    assert operator.aws.snapshot() == before


def test_its_kind_is_found_by_its_role_or_its_host(operator: Operator) -> None:
    operator.up()
    operator.configure(CLUSTER_TYPE="multi-node")
    assert _kind_found(operator) == "serverless"
    operator.aws.reset()
    assert _kind_found(operator) == "cluster"
    operator.configure(CONFIG.replace("DB_PASSWORD", f"HOST = {HOST}\nDB_PASSWORD"), CLUSTER_TYPE="multi-node")
    assert _kind_found(operator) == "serverless"


def _kind_found(operator: Operator) -> str:
    stack = operator.stack()
    compute.find_kind(stack)
    return stack.kind


def test_errors_are_sentences(operator: Operator) -> None:
    operator.aws.fault("redshift-serverless", "GetNamespace", "AccessDeniedException", "not authorized to perform", 400)
    with pytest.raises(WarehouseError, match="While looking for the serverless namespace sparkify, AWS said") as failed:
        operator.look()
    assert "--print-policy" in failed.value.hint


@pytest.mark.parametrize(("what", "operation"), [("namespace", "CreateNamespace"), ("workgroup", "CreateWorkgroup")])
def test_another_run_made_it_meanwhile(operator: Operator, what: str, operation: str) -> None:
    changes = operator.plan(operator.stack())
    operator.up()
    operator.carry_out([change for change in changes if f"serverless {what} sparkify" == change.what])
    assert len(operator.called(operation)) == 2
    tags = [{"key": "dwh:stack", "value": "other"}]
    arn = next(iter(operator.aws.snapshot()[f"{what}s"].values()))[f"{what}Arn"]
    operator.client().tag_resource(resourceArn=arn, tags=tags)
    with pytest.raises(NotOurs):
        operator.carry_out([change for change in changes if f"serverless {what} sparkify" == change.what])


@pytest.mark.parametrize("what", ["namespace", "workgroup"])
def test_no_answer_to_the_order(operator: Operator, what: str) -> None:
    operator.aws.fault("redshift-serverless", f"Create{what.title()}", "InternalServerException", "Oops", 500, times=2)
    stack = operator.stack()
    with pytest.raises(AwsFailed):
        plan.carry_out(operator.plan(stack), stack.report)
    assert f"serverless {what} sparkify (perhaps: AWS did not answer; " in stack.standing()


@pytest.mark.parametrize(("what", "wait"), [("namespace", namespaces.wait), ("workgroup", workgroups.wait)])
def test_somebody_deletes_it_while_it_is_waited_for(
    operator: Operator, what: str, wait: Callable[[Stack], None]
) -> None:
    operator.up()
    (one,) = getattr(operator.aws, f"{what}s").values()
    stack = operator.stack()
    one.life = Life(operator.aws.clock, Phase("MODIFYING", polls=2), GONE)
    with pytest.raises(Stuck, match=f"The serverless {what} sparkify is gone: somebody has deleted it"):
        wait(stack)
    with pytest.raises(Stuck, match=f"The serverless {what} sparkify is gone"):
        wait(stack)


def test_its_kind_is_found_by_its_group_where_the_role_is_gone(operator: Operator) -> None:
    operator.up()
    operator.carry_out(redshift_role.plan_down(operator.stack()))
    operator.configure(CLUSTER_TYPE="multi-node")
    assert _kind_found(operator) == "serverless"
