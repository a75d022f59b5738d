"""Who may connect: the caller's address, and the security group that lets it in."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from infrastructure_scripts import telling
from infrastructure_stack import do, lines, said, signs, stack_offline, stack_on

from infrastructure.access import address, security_group
from infrastructure.errors import AwsFailed, NotOurs, Refused
from infrastructure.plan import Sign
from warehouse.errors import ConfigError, WarehouseError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from strict_aws import StrictAws

    from infrastructure.stack import Stack

NAME = "sparkify-redshift"
WHAT = f"security group {NAME}"
MINE = "52.95.4.1"
HOME = {"cidrs": (f"{MINE}/32",)}
SERVERLESS = {"cluster_type": "serverless"}  # which takes the subnets of any VPC, without a subnet group
OURS = f"{MINE}/32 on 5439 ([NETWORK] CIDR)"


@pytest.fixture
def make(aws: StrictAws, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Stack]:
    return partial(stack_on, aws, monkeypatch)


def up(stack: Stack, allow_anywhere: bool = False) -> list[str]:
    return do(stack, security_group.plan_up(stack, allow_anywhere))


def down(stack: Stack) -> list[str]:
    return do(stack, security_group.plan_down(stack))


def groups(aws: StrictAws) -> dict[str, Any]:
    """The groups of our name, by id."""
    return {key: one for key, one in aws.snapshot()["security groups"].items() if one["name"] == NAME}


def let_in(aws: StrictAws, group_id: str) -> list[tuple[str, str, int, int]]:
    """The rules of a group: source, protocol, first and last port."""
    found = aws.client("ec2").describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [group_id]}])
    return sorted(
        (
            rule.get("CidrIpv4") or rule.get("CidrIpv6") or rule.get("PrefixListId") or "group",
            rule["IpProtocol"],
            rule["FromPort"],
            rule["ToPort"],
        )
        for rule in found["SecurityGroupRules"]
        if not rule["IsEgress"]
    )


def permission(protocol: str = "tcp", first: int = 5439, last: int = 5439, **source: Any) -> dict[str, Any]:
    return {"IpProtocol": protocol, "FromPort": first, "ToPort": last, **source}


def v4(cidr: str) -> dict[str, Any]:
    return {"IpRanges": [{"CidrIp": cidr}]}


def widen(aws: StrictAws, group_id: str, *permissions: dict[str, Any]) -> None:
    aws.client("ec2").authorize_security_group_ingress(GroupId=group_id, IpPermissions=list(permissions))


def default_vpc(aws: StrictAws) -> str:
    found = aws.client("ec2").describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])
    return str(found["Vpcs"][0]["VpcId"])


# --- the caller's address


@contextmanager
def answering(answer: bytes, *, silent: bool = False, endless: bool = False) -> Iterator[str]:
    """The URL of a server that sends these bytes to whoever connects.

    A ``silent`` one does not until the block has ended, an ``endless`` one does not hang up before.
    """
    ended = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            caller, _ = listener.accept()
            with caller:
                caller.recv(65536)
                if silent:
                    ended.wait(60)
                with suppress(ConnectionError):  # nobody reads on once it is clear that it is no address
                    caller.sendall(answer)
                if endless:
                    ended.wait(60)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
        finally:
            ended.set()
            thread.join(60)


def page(body: bytes, status: str = "200 OK") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body


@pytest.mark.parametrize(
    ("body", "network"),
    [
        (b"52.95.4.1\n", "52.95.4.1/32"),
        (b"  52.95.4.1\r\n", "52.95.4.1/32"),
        (b"2600:1f14::5\n", "2600:1f14::5/128"),
    ],
)
def test_an_address_is_a_network_of_one(body: bytes, network: str) -> None:
    with answering(page(body)) as url:
        assert address.mine(stack_offline(address_url=url)) == network


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (page(b"<!DOCTYPE html><html><body>Sign in to the hotel's network</body></html>"), "<!DOCTYPE html>"),
        (page(b""), "'', which is no address"),
        (page(b"52.95.4"), "'52.95.4', which is no address"),
        (page(b"52.95.4.1/16"), "which is no address"),
        (page(b"\xff\xfe\x00"), "which is no address"),
        (page(b"52.95.4.1 " * 1_000_000), "which is no address"),
        (page(b"10.0.0.5"), "10.0.0.5, which is not a public address"),
        (page(b"127.0.0.1"), "127.0.0.1, which is not a public address"),
        (page(b"fe80::1"), "fe80::1, which is not a public address"),
        (page(b"52.95.4.1", "503 Service Unavailable"), "answered 503 Service Unavailable"),
        (b"", " did not answer ("),
        (b"SSH-2.0-OpenSSH_9.2\r\n", " did not answer ("),
    ],
    ids=range(12),
)
def test_an_answer_that_is_no_address(answer: bytes, words: str) -> None:
    with answering(answer) as url, pytest.raises(WarehouseError) as failed:
        address.mine(stack_offline(address_url=url))
    assert failed.value.message.startswith("Your address is not known: 127.0.0.1:")
    assert words in failed.value.message
    assert len(failed.value.message) < 200
    assert "[NETWORK]" in failed.value.hint


def test_no_answer() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/"
        with pytest.raises(WarehouseError, match=r"did not answer .*refused"):
            address.mine(stack_offline(address_url=url))


def test_a_slow_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(address, "TIMEOUT", 0.2)
    with answering(page(b"52.95.4.1"), silent=True) as url, pytest.raises(WarehouseError, match="timed out"):
        address.mine(stack_offline(address_url=url))


def test_an_answer_without_end_is_not_read_to_its_end() -> None:
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n" + b"x" * 1000
    with answering(answer, endless=True) as url, pytest.raises(WarehouseError, match="which is no address"):
        address.mine(stack_offline(address_url=url))


def test_a_url_that_is_none() -> None:
    with pytest.raises(WarehouseError, match="Your address is not known"):
        address.mine(stack_offline(address_url="http://[nowhere/"))


# --- the group


def test_it_lets_in_the_callers_address_alone(aws: StrictAws, make: Callable[..., Stack]) -> None:
    with telling(MINE) as url:
        stack = make(address_url=url)
        assert up(stack) == [f"+ {WHAT}", f"in {default_vpc(aws)}", "+ 52.95.4.1/32 on 5439 (your address)"]
    [(group_id, group)] = groups(aws).items()
    assert stack.group_id == group_id
    assert group["vpc"] == default_vpc(aws)
    assert group["tags"] == {"dwh:stack": "sparkify", "dwh:kind": "cluster"}
    assert let_in(aws, group_id) == [("52.95.4.1/32", "tcp", 5439, 5439)]
    [rule] = group["in"][0]["IpRanges"]
    assert rule["Description"].startswith("infrastructure/setup.py, 20")
    assert [one["IpProtocol"] for one in group["out"]] == ["-1"]
    assert WHAT in stack.standing()


def test_a_plan_does_nothing(aws: StrictAws, make: Callable[..., Stack]) -> None:
    before, stack = aws.snapshot(), make(**HOME)
    security_group.plan_up(stack, False)
    assert aws.snapshot() == before
    assert (stack.standing(), stack.group_id) == ("", "")


def test_run_again_it_is_kept(aws: StrictAws, make: Callable[..., Stack]) -> None:
    up(make(**HOME))
    before, again = aws.snapshot(), make(**HOME)
    assert up(again) == [f"= {WHAT}", f"lets in {OURS}"]
    assert aws.snapshot() == before
    assert [again.group_id] == list(groups(aws))
    assert WHAT in again.standing()


def test_networks_of_both_families_and_another_port(aws: StrictAws, make: Callable[..., Stack]) -> None:
    settings: dict[str, Any] = {"cidrs": ("52.95.4.0/24", "2600:1f14::/64"), "port": 5440}
    up(stack := make(**settings))
    assert let_in(aws, stack.group_id) == [("2600:1f14::/64", "tcp", 5440, 5440), ("52.95.4.0/24", "tcp", 5440, 5440)]
    assert signs(security_group.plan_up(make(**settings), False)) == [Sign.KEEP]


def test_a_new_address_takes_the_place_of_the_old(aws: StrictAws, make: Callable[..., Stack]) -> None:
    up(make(**HOME))
    with telling("52.95.4.9") as url:
        assert up(stack := make(address_url=url)) == [
            f"~ {WHAT}",
            "+ 52.95.4.9/32 on 5439 (your address)",
            "- 52.95.4.1/32 on 5439",
        ]
    assert let_in(aws, stack.group_id) == [("52.95.4.9/32", "tcp", 5439, 5439)]


def test_another_port_takes_the_place_of_the_old(aws: StrictAws, make: Callable[..., Stack]) -> None:
    up(make(**HOME))
    stack = make(**HOME, port=5440)
    assert up(stack)[1:] == [f"+ {MINE}/32 on 5440 ([NETWORK] CIDR)", f"- {MINE}/32 on 5439"]
    assert let_in(aws, stack.group_id) == [(f"{MINE}/32", "tcp", 5440, 5440)]


def test_rights_are_given_before_others_are_taken(aws: StrictAws, make: Callable[..., Stack]) -> None:
    up(make(**HOME))
    aws.calls.clear()
    up(make(cidrs=("52.95.4.9/32",)))
    changing = [call.operation for call in aws.calls if not call.operation.startswith("Describe")]
    assert changing == ["AuthorizeSecurityGroupIngress", "RevokeSecurityGroupIngress"]


WIDER = {
    "0.0.0.0/0 on 5439": permission(**v4("0.0.0.0/0")),
    "::/0 on 5439": permission(Ipv6Ranges=[{"CidrIpv6": "::/0"}]),
    f"{MINE}/32 on 0-65535": permission("tcp", 0, 65535, **v4(f"{MINE}/32")),
    f"{MINE}/32 on 22": permission("tcp", 22, 22, **v4(f"{MINE}/32")),
    f"{MINE}/32 on 5439/udp": permission("udp", 5439, 5439, **v4(f"{MINE}/32")),
    "10.0.0.0/8 on everything": {"IpProtocol": "-1", **v4("10.0.0.0/8")},
    "10.0.0.0/8 on icmp": permission("icmp", -1, -1, **v4("10.0.0.0/8")),
    "pl-0123abcd on 5439": permission(PrefixListIds=[{"PrefixListId": "pl-0123abcd"}]),
}


def test_wider_rules_are_told_and_revoked(aws: StrictAws, make: Callable[..., Stack]) -> None:
    up(stack := make(**HOME))
    right = aws.snapshot()
    widen(aws, stack.group_id, *WIDER.values())
    assert len(let_in(aws, stack.group_id)) == 1 + len(WIDER)
    first, *told = up(stack)
    assert first == f"~ {WHAT}"
    assert sorted(told) == sorted(f"- {rule}" for rule in WIDER)
    assert aws.snapshot() == right


def test_a_rule_for_another_group_is_revoked(aws: StrictAws, make: Callable[..., Stack]) -> None:
    up(stack := make(**HOME))
    other = aws.client("ec2").create_security_group(GroupName="other", Description="x")["GroupId"]
    widen(aws, stack.group_id, permission(UserIdGroupPairs=[{"GroupId": other}]))
    assert up(stack) == [f"~ {WHAT}", f"- {other} on 5439"]
    assert let_in(aws, stack.group_id) == [(f"{MINE}/32", "tcp", 5439, 5439)]


def test_a_rule_that_is_gone_is_made_again(aws: StrictAws, make: Callable[..., Stack]) -> None:
    up(stack := make(**HOME))
    aws.client("ec2").revoke_security_group_ingress(
        GroupId=stack.group_id, IpPermissions=[permission(**v4(f"{MINE}/32"))]
    )
    assert up(stack) == [f"~ {WHAT}", f"+ {OURS}"]
    assert let_in(aws, stack.group_id) == [(f"{MINE}/32", "tcp", 5439, 5439)]


@pytest.mark.parametrize("everyone", ["0.0.0.0/0", "::/0"])
def test_the_whole_internet_only_where_that_is_said(aws: StrictAws, make: Callable[..., Stack], everyone: str) -> None:
    stack, before = make(cidrs=(f"{MINE}/32", everyone)), aws.snapshot()
    with pytest.raises(Refused, match=f"{everyone}: that lets in the whole internet") as refused:
        security_group.plan_up(stack, False)
    assert "--allow-anywhere" in refused.value.hint
    assert aws.snapshot() == before
    up(stack, allow_anywhere=True)
    assert (everyone, "tcp", 5439, 5439) in let_in(aws, stack.group_id)


def test_an_unknown_address_changes_nothing(aws: StrictAws, make: Callable[..., Stack]) -> None:
    up(make(**HOME))
    before = aws.snapshot()
    with answering(page(b"<html>")) as url, pytest.raises(WarehouseError, match="Your address is not known"):
        up(make(address_url=url))
    assert aws.snapshot() == before


# --- the VPC


def test_a_vpc_of_ones_own(aws: StrictAws, make: Callable[..., Stack]) -> None:
    vpc = aws.client("ec2").create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    up(stack := make(**HOME, **SERVERLESS, vpc=vpc))
    assert groups(aws)[stack.group_id]["vpc"] == vpc


def test_the_vpc_of_the_subnet_group(aws: StrictAws, make: Callable[..., Stack]) -> None:
    ec2 = aws.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.1.1.0/24")["Subnet"]["SubnetId"]
    aws.client("redshift").create_cluster_subnet_group(
        ClusterSubnetGroupName="mine", Description="mine", SubnetIds=[subnet]
    )
    for also in ("", vpc):
        up(stack := make(**HOME, vpc=also, subnet_group="mine"))
        assert groups(aws)[stack.group_id]["vpc"] == vpc
    other = default_vpc(aws)
    with pytest.raises(ConfigError, match=f"SUBNET_GROUP mine lies in {vpc}, and VPC_ID is {other}"):
        up(make(**HOME, vpc=other, subnet_group="mine"))
    with pytest.raises(ConfigError, match=f"VPC_ID is {vpc}, and SUBNET_GROUP is empty") as refused:
        up(make(**HOME, vpc=vpc))
    assert "create-cluster-subnet-group" in refused.value.hint
    with pytest.raises(AwsFailed, match="looking for the subnet group gone") as failed:
        up(make(**HOME, subnet_group="gone"))
    assert "Check SUBNET_GROUP" in failed.value.hint


def test_a_private_warehouse_lets_in_its_vpc(aws: StrictAws, make: Callable[..., Stack]) -> None:
    """Nobody is asked for an address there."""
    ec2 = aws.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    ec2.associate_vpc_cidr_block(VpcId=vpc, CidrBlock="10.2.0.0/16")
    stack = make(**SERVERLESS, public=False, vpc=vpc, address_url="http://127.0.0.1:1/")
    assert up(stack)[2:] == ["+ 10.1.0.0/16 on 5439 (its VPC)", "+ 10.2.0.0/16 on 5439 (its VPC)"]
    up(own := make(**SERVERLESS, public=False, vpc=vpc, cidrs=("10.1.5.0/24",)))
    assert let_in(aws, own.group_id) == [("10.1.5.0/24", "tcp", 5439, 5439)]


def test_no_default_vpc(aws: StrictAws, make: Callable[..., Stack]) -> None:
    ec2 = aws.client("ec2")
    for subnet in ec2.describe_subnets()["Subnets"]:
        ec2.delete_subnet(SubnetId=subnet["SubnetId"])
    ec2.delete_vpc(VpcId=default_vpc(aws))
    with pytest.raises(ConfigError, match="no default VPC in us-west-2") as failed:
        security_group.plan_up(make(**HOME), False)
    assert "VPC_ID and SUBNET_GROUP in [NETWORK]" in failed.value.hint
    assert security_group.plan_down(make(**HOME)) == []


def test_a_vpc_that_is_not_there(make: Callable[..., Stack]) -> None:
    with pytest.raises(AwsFailed, match="looking at the VPC vpc-0123") as failed:
        security_group.plan_up(make(**HOME, vpc="vpc-0123"), False)
    assert "VPC_ID" in failed.value.hint


# --- strangers


@pytest.mark.parametrize(
    ("tags", "words"),
    [
        ({}, "is there already and was not made by this project"),
        ({"dwh:stack": "other"}, "belongs to the stack other"),
    ],
)
def test_a_strangers_group_is_neither_taken_nor_removed(
    aws: StrictAws, make: Callable[..., Stack], tags: dict[str, str], words: str
) -> None:
    ec2 = aws.client("ec2")
    group_id = ec2.create_security_group(GroupName=NAME, Description="x")["GroupId"]
    if tags:
        ec2.create_tags(Resources=[group_id], Tags=[{"Key": key, "Value": value} for key, value in tags.items()])
    before, stack = aws.snapshot(), make(**HOME)
    with pytest.raises(NotOurs, match=words) as refused:
        security_group.plan_up(stack, False)
    assert "CLUSTER_IDENTIFIER" in refused.value.hint
    assert lines(security_group.plan_down(stack)) == [f"= {WHAT}", f"Security group {NAME} {words}; it is left alone."]
    down(stack)
    assert aws.snapshot() == before
    assert (stack.standing(), stack.group_id) == ("", "")


def test_a_stranger_who_came_first_is_left_alone(aws: StrictAws, make: Callable[..., Stack]) -> None:
    plan = security_group.plan_up(stack := make(**HOME), False)
    aws.client("ec2").create_security_group(GroupName=NAME, Description="x")
    before = aws.snapshot()
    with pytest.raises(NotOurs):
        do(stack, plan)
    assert aws.snapshot() == before


# --- others at the same time, and what takes its time


def test_two_runs_at_once_make_one_group(aws: StrictAws, make: Callable[..., Stack]) -> None:
    plan = security_group.plan_up(stack := make(**HOME), False)
    up(make(cidrs=("52.95.4.9/32",)))
    do(stack, plan)
    [group_id] = groups(aws)
    assert stack.group_id == group_id
    assert let_in(aws, group_id) == [(f"{MINE}/32", "tcp", 5439, 5439)]


def test_what_others_repair_meanwhile_is_no_error(aws: StrictAws, make: Callable[..., Stack]) -> None:
    up(make(cidrs=("52.95.4.9/32",)))
    plan = security_group.plan_up(stack := make(**HOME), False)
    up(make(**HOME))
    do(stack, plan)
    assert let_in(aws, stack.group_id) == [(f"{MINE}/32", "tcp", 5439, 5439)]


def test_a_new_group_is_waited_for(aws: StrictAws, make: Callable[..., Stack]) -> None:
    plan = security_group.plan_up(stack := make(**HOME), False)
    words = "The security group 'sg-1' does not exist"
    aws.fault("ec2", "AuthorizeSecurityGroupIngress", "InvalidGroup.NotFound", words, times=2)
    do(stack, plan)
    assert let_in(aws, stack.group_id) == [(f"{MINE}/32", "tcp", 5439, 5439)]
    assert f"{WHAT}: not visible everywhere yet" in said(stack)


def test_a_run_that_broke_off_is_finished_by_the_next(aws: StrictAws, make: Callable[..., Stack]) -> None:
    words = "You are not authorized to perform this operation."
    aws.fault("ec2", "AuthorizeSecurityGroupIngress", "UnauthorizedOperation", words, 403)
    with pytest.raises(AwsFailed, match=r"letting 52\.95\.4\.1/32 in") as failed:
        up(stack := make(**HOME))
    assert "--print-policy" in failed.value.hint
    assert list(groups(aws)) == [stack.group_id]
    assert WHAT in stack.standing()
    assert up(stack) == [f"~ {WHAT}", f"+ {OURS}"]


# --- taken down


def test_it_is_removed_and_only_once(aws: StrictAws, make: Callable[..., Stack]) -> None:
    before = aws.snapshot()
    up(stack := make(**HOME))
    assert down(stack) == [f"- {WHAT}", stack.group_id]
    assert aws.snapshot() == before
    assert stack.standing() == ""
    assert security_group.plan_down(stack) == []


def test_it_is_removed_from_the_vpc_that_dwh_cfg_no_longer_names(aws: StrictAws, make: Callable[..., Stack]) -> None:
    vpc = aws.client("ec2").create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    before = aws.snapshot()
    up(make(**HOME, **SERVERLESS, vpc=vpc))
    up(make(**HOME, **SERVERLESS))
    stack = make(**HOME, **SERVERLESS)
    assert signs(security_group.plan_down(stack)) == [Sign.REMOVE, Sign.REMOVE]
    down(stack)
    assert aws.snapshot() == before


def test_somebody_else_removed_it(aws: StrictAws, make: Callable[..., Stack]) -> None:
    up(stack := make(**HOME))
    plan = security_group.plan_down(stack)
    aws.client("ec2").delete_security_group(GroupId=stack.group_id)
    do(stack, plan)
    assert stack.standing() == ""


def test_the_network_interface_of_a_deleted_cluster_is_waited_for(aws: StrictAws, make: Callable[..., Stack]) -> None:
    up(stack := make(**HOME))
    words = f"resource {stack.group_id} has a dependent object"
    aws.fault("ec2", "DeleteSecurityGroup", "DependencyViolation", words, times=3)
    down(stack)
    assert groups(aws) == {}
    assert f"{WHAT}: still in use by a network interface that is going away" in said(stack)


def test_a_group_that_stays_in_use_ends_in_a_sentence(aws: StrictAws, make: Callable[..., Stack]) -> None:
    up(stack := make(**HOME))
    words = f"resource {stack.group_id} has a dependent object"
    aws.fault("ec2", "DeleteSecurityGroup", "DependencyViolation", words, times=None)
    with pytest.raises(AwsFailed, match=f"While deleting the {WHAT}, AWS said: {words}") as failed:
        down(stack)
    assert "Something still uses it" in failed.value.hint
    assert WHAT in stack.standing()


# --- is an address let in?


LETS_IN: list[tuple[dict[str, Any], str, bool | None]] = [
    (permission(**v4(f"{MINE}/32")), MINE, True),
    (permission(**v4(f"{MINE}/32")), f"{MINE}/32", True),
    (permission(**v4("52.95.0.0/16")), MINE, True),
    (permission(**v4("52.95.0.0/16")), "52.0.0.0/8", False),
    (permission(**v4("52.95.4.9/32")), MINE, False),
    (permission("tcp", 5000, 6000, **v4("0.0.0.0/0")), MINE, True),
    (permission("tcp", 22, 22, **v4("0.0.0.0/0")), MINE, False),
    (permission("udp", 5439, 5439, **v4("0.0.0.0/0")), MINE, False),
    ({"IpProtocol": "-1", **v4("0.0.0.0/0")}, MINE, True),
    (permission(Ipv6Ranges=[{"CidrIpv6": "::/0"}]), MINE, False),
    (permission(Ipv6Ranges=[{"CidrIpv6": "2600::/16"}]), "2600:1f14::5/128", True),
    (permission(PrefixListIds=[{"PrefixListId": "pl-0123abcd"}]), MINE, None),
    (permission("tcp", 22, 22, PrefixListIds=[{"PrefixListId": "pl-0123abcd"}]), MINE, False),
]


def test_who_is_let_in(aws: StrictAws, make: Callable[..., Stack]) -> None:
    ec2, stack = aws.client("ec2"), make()
    closed = ec2.create_security_group(GroupName="closed", Description="x")["GroupId"]
    for number, (rule, network, inside) in enumerate(LETS_IN):
        group_id = ec2.create_security_group(GroupName=f"open{number}", Description="x")["GroupId"]
        widen(aws, group_id, rule)
        assert security_group.lets_in(stack, [closed, group_id], network, 5439) is inside, rule
        assert security_group.lets_in(stack, [closed], network, 5439) is False


def test_who_is_let_in_by_nothing(make: Callable[..., Stack]) -> None:
    assert security_group.lets_in(make(), [], MINE, 5439) is None
    assert security_group.lets_in(make(), ["sg-0123456789abcdef0"], MINE, 5439) is False


def test_members_of_a_group_are_not_the_caller(aws: StrictAws, make: Callable[..., Stack]) -> None:
    group_id = aws.client("ec2").create_security_group(GroupName="own", Description="x")["GroupId"]
    widen(aws, group_id, permission(UserIdGroupPairs=[{"GroupId": group_id}]))
    assert security_group.lets_in(make(), [group_id], MINE, 5439) is False


@pytest.mark.parametrize("wide", ["0.0.0.0/1", "128.0.0.0/7", "2000::/3"])
def test_most_of_the_internet_is_asked_for_as_well(make: Callable[..., Stack], wide: str) -> None:
    with pytest.raises(Refused, match=f"{wide}: that lets in a large part of the internet"):
        security_group.plan_up(make(cidrs=(wide,)), False)
    assert security_group.plan_up(make(cidrs=("10.0.0.0/8",)), False)


def test_a_group_of_the_other_kind_is_not_taken(make: Callable[..., Stack]) -> None:
    up(make(**HOME))
    with pytest.raises(NotOurs, match="was made for the cluster warehouse sparkify; this is to be a serverless one"):
        up(make(**HOME, cluster_type="serverless"))
