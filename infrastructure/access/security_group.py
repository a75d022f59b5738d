"""The security group of the warehouse: who may connect, made, repaired and removed."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from ipaddress import ip_network
from typing import TYPE_CHECKING, Any

from infrastructure.access import address, vpc
from infrastructure.access.ingress import Rule, rules
from infrastructure.errors import AwsFailed, NotOurs, Refused, doing, ignoring
from infrastructure.plan import IN_USE, Change, Sign
from infrastructure.stack import aws_tags, made_for, read_tags
from infrastructure.waiting import Passing, insist

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from infrastructure.stack import Stack

Group = dict[str, Any]  # as DescribeSecurityGroups has it

MISSING = "InvalidGroup.NotFound"
WIDEST = {4: 8, 6: 16}  # bits by IP version: the largest networks that one owner has
# Each look is POLL_SECONDS after the last: all of EC2 knows of a new group within seconds, the network interface of a
# deleted cluster goes within five minutes.
SPREADING = Passing(rf"\({MISSING}\)", "not visible everywhere yet", tries=12)
LETTING_GO = Passing(r"\(DependencyViolation\)", "still in use by a network interface that is going away", tries=30)
FREE = "A security group costs nothing."


def wanted_cidrs(stack: Stack, found: Mapping[str, Any]) -> dict[str, str]:
    """The networks that are to be let in, each with whose it is: those of CIDR in [NETWORK], else the caller's address.

    A private warehouse has no address that the caller's could reach: there it is the networks of its VPC.
    Raises WarehouseError where the caller's address is not known.
    """
    if stack.settings.cidrs:
        return dict.fromkeys(stack.settings.cidrs, "[NETWORK] CIDR")
    if stack.settings.public:
        return {address.mine(stack): "your address"}
    return dict.fromkeys(_networks(found), "its VPC")


def lets_in(stack: Stack, group_ids: Collection[str], network: str, port: int) -> bool | None:
    """Whether these groups let all of ``network`` (52.95.4.1 or 52.95.4.0/24) connect to ``port``.

    None where that is not known: no groups, or a rule for a prefix list, whose networks are not read. A rule for
    another group counts for nothing: it lets in private addresses of its members. Raises AwsFailed.
    """
    found = [rule for group_id in group_ids for rule in rules(stack, group_id)]
    if any(rule.covers(network, port) for rule in found):
        return True
    return None if not group_ids or any(rule.is_prefix_list and rule.opens(port) for rule in found) else False


def plan_up(stack: Stack, allow_anywhere: bool) -> list[Change]:
    """What makes the group, or makes its rules again what dwh.cfg says: it is ours alone, so every other rule goes.

    Sets ``stack.group_id``, now or when the change is made.
    Raises NotOurs, Refused (the whole internet is let in only where ``allow_anywhere``), WarehouseError, AwsFailed.
    """
    found = vpc.find(stack)
    wanted = wanted_cidrs(stack, found)
    _check_open(wanted, allow_anywhere)
    group, what = _find(stack, found["VpcId"]), _what(stack)
    if group is None:
        details = (f"in {found['VpcId']}", *(f"+ {_told(stack, cidr, whose)}" for cidr, whose in wanted.items()))
        return [Change(Sign.ADD, what, details, partial(_create, stack, found["VpcId"], wanted))]
    _adopt(stack, group)
    missing, extra = _differences(stack, wanted)
    if not missing and not extra:
        return [Change(Sign.KEEP, what, tuple(f"lets in {_told(stack, cidr, wanted[cidr])}" for cidr in wanted))]
    details = (*(f"+ {_told(stack, cidr, wanted[cidr])}" for cidr in missing), *(f"- {rule}" for rule in extra))
    return [Change(Sign.CHANGE, what, details, partial(_repair, stack, missing, extra))]


def kind_of(stack: Stack) -> str:
    """What our group was made for, in whichever VPC; empty where there is none. Raises AwsFailed."""
    given = (read_tags(group.get("Tags")) for group in _named(stack, {}))
    return next((made_for(tags) for tags in given if stack.owns(tags)), "")


def plan_down(stack: Stack, used: Collection[str] = ()) -> list[Change]:
    """What removes the group, in whichever VPC; a stranger's of the same name is shown as left, and so is one of
    ``used`` (ids). Raises AwsFailed.
    """
    return [_removal(stack, group, used) for group in _named(stack, {})]


def _removal(stack: Stack, group: Group, used: Collection[str]) -> Change:
    what, group_id = _what(stack), group["GroupId"]
    try:
        stack.check_ours(what, read_tags(group.get("Tags")), "")
    except NotOurs as error:
        return Change(Sign.KEEP, what, (error.message,))
    stack.stands(what)
    if group_id in used:
        return Change(Sign.KEEP, what, (IN_USE,))
    return Change(Sign.REMOVE, what, (group_id,), partial(_remove, stack, group_id))


def _what(stack: Stack) -> str:
    return f"security group {stack.group_name}"


def _told(stack: Stack, cidr: str, whose: str) -> str:
    return f"{cidr} on {stack.port} ({whose})"


def _check_open(wanted: Iterable[str], allow_anywhere: bool) -> None:
    """Raises Refused."""
    everyone = [network for network in map(ip_network, wanted) if network.prefixlen < WIDEST[network.version]]
    if everyone and not allow_anywhere:
        part = "a large part of the" if everyone[0].prefixlen else "the whole"
        raise Refused(
            f"CIDR in [NETWORK] of dwh.cfg is {everyone[0]}: that lets in {part} internet. Nothing was changed.",
            "Leave it empty (your own address alone), name your network, or run setup.py with --allow-anywhere.",
        )


def _networks(found: Mapping[str, Any]) -> list[str]:
    """The IPv4 networks of a VPC; one that was taken from it stays listed for a while."""
    blocks = found.get("CidrBlockAssociationSet", [])
    return [block["CidrBlock"] for block in blocks if block.get("CidrBlockState", {}).get("State") == "associated"] or [
        found["CidrBlock"]
    ]


def _find(stack: Stack, vpc_id: str) -> Group | None:
    return next(iter(_named(stack, {"vpc-id": vpc_id})), None)


def _named(stack: Stack, filters: Mapping[str, str]) -> list[Group]:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSecurityGroups.html"""
    wanted = [{"Name": name, "Values": [value]} for name, value in {"group-name": stack.group_name, **filters}.items()]
    with doing(f"looking for the {_what(stack)}"):
        pages = stack.account.client("ec2").get_paginator("describe_security_groups")
        return [group for page in pages.paginate(Filters=wanted) for group in page["SecurityGroups"]]


def _adopt(stack: Stack, group: Group) -> None:
    """Raises NotOurs."""
    remedy = "Choose another CLUSTER_IDENTIFIER in dwh.cfg: the group is named after it."
    given = read_tags(group.get("Tags"))
    stack.check_ours(_what(stack), given, remedy)
    stack.check_kind(_what(stack), given)
    stack.group_id = group["GroupId"]
    stack.stands(_what(stack))


def _differences(stack: Stack, wanted: Iterable[str]) -> tuple[list[str], list[Rule]]:
    """The networks that are not let in yet, and the rules that let in others, or to other ports."""
    networks = {str(ip_network(cidr)): cidr for cidr in wanted}
    missing, extra = dict(networks), []
    for rule in rules(stack, stack.group_id):
        if rule.network in networks and rule.is_just(stack.port):
            missing.pop(rule.network, None)
        else:
            extra.append(rule)
    return list(missing.values()), extra


def _create(stack: Stack, vpc_id: str, wanted: Mapping[str, str]) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html"""
    try:
        with doing(f"creating the {_what(stack)}"):
            made = stack.account.client("ec2").create_security_group(
                GroupName=stack.group_name,
                Description=f"Who may connect to the Redshift warehouse {stack.name}",
                VpcId=vpc_id,
                TagSpecifications=[{"ResourceType": "security-group", "Tags": aws_tags(stack.tags())}],
            )
        stack.group_id = made["GroupId"]
        stack.stands(_what(stack))
    except AwsFailed as error:
        group = _find(stack, vpc_id) if error.code == "InvalidGroup.Duplicate" else None
        if group is None:
            raise
        _adopt(stack, group)  # another run made it, or this one by a call whose answer was lost
    insist(stack, _what(stack), lambda: _repair(stack, *_differences(stack, wanted)), (SPREADING,), FREE)


def _repair(stack: Stack, missing: Iterable[str], extra: Iterable[Rule]) -> None:
    """The right rules first, so that nobody is locked out on the way."""
    for cidr in missing:
        _authorize(stack, cidr)
    for rule in extra:
        _revoke(stack, rule)


def _authorize(stack: Stack, cidr: str) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AuthorizeSecurityGroupIngress.html"""
    note = f"infrastructure/setup.py, {datetime.now(UTC):%Y-%m-%d}"
    ranges = {"Ipv6Ranges": [{"CidrIpv6": cidr, "Description": note}]}
    if ip_network(cidr).version == 4:
        ranges = {"IpRanges": [{"CidrIp": cidr, "Description": note}]}
    port = stack.port
    with ignoring("InvalidPermission.Duplicate"), doing(f"letting {cidr} in by the {_what(stack)}"):
        stack.account.client("ec2").authorize_security_group_ingress(
            GroupId=stack.group_id,
            IpPermissions=[{"IpProtocol": "tcp", "FromPort": port, "ToPort": port, **ranges}],
        )


def _revoke(stack: Stack, rule: Rule) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RevokeSecurityGroupIngress.html"""
    gone = ("InvalidPermission.NotFound", "InvalidSecurityGroupRuleId.NotFound")
    with ignoring(*gone), doing(f"taking the rule for {rule} from the {_what(stack)}"):
        stack.account.client("ec2").revoke_security_group_ingress(
            GroupId=stack.group_id, SecurityGroupRuleIds=[rule.rule_id]
        )


def _remove(stack: Stack, group_id: str) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteSecurityGroup.html"""
    with ignoring(MISSING):
        insist(stack, _what(stack), lambda: _delete(stack, group_id), (LETTING_GO,), FREE)
    stack.gone(_what(stack))


def _delete(stack: Stack, group_id: str) -> None:
    with doing(f"deleting the {_what(stack)}"):
        stack.account.client("ec2").delete_security_group(GroupId=group_id)
