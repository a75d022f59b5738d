"""The rules of a security group that let traffic in."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import TYPE_CHECKING, Any

from infrastructure.errors import doing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from infrastructure.stack import Stack

ALL = "-1"  # AWS's word for every protocol, and its number for every port


@dataclass(frozen=True)
class Rule:
    """One rule for one source: a network, a prefix list (``pl-...``) or another group (``sg-...``)."""

    rule_id: str
    protocol: str  # tcp, udp, icmp, a number, or -1 for all
    first: int  # port
    last: int
    source: str

    def __str__(self) -> str:
        """As the plan shows it: ``0.0.0.0/0 on 5439``."""
        if self.protocol == ALL or self.first == -1:
            ports = "everything" if self.protocol == ALL else self.protocol
            return f"{self.source} on {ports}"
        ports = str(self.first) if self.first == self.last else f"{self.first}-{self.last}"
        return f"{self.source} on {ports}{'' if self.protocol == 'tcp' else '/' + self.protocol}"

    @property
    def network(self) -> str:
        """The network that is let in; empty for a prefix list and a group."""
        return "" if self.source.startswith(("pl-", "sg-")) else str(ip_network(self.source, strict=False))

    @property
    def is_prefix_list(self) -> bool:
        return self.source.startswith("pl-")

    def is_just(self, port: int) -> bool:
        """Whether it opens this TCP port and nothing else."""
        return (self.protocol, self.first, self.last) == ("tcp", port, port)

    def opens(self, port: int) -> bool:
        """Whether TCP to this port is among what it opens."""
        return self.protocol == ALL or (self.protocol in {"tcp", "6"} and self.first <= port <= self.last)

    def covers(self, network: str, port: int) -> bool:
        """Whether it lets all of this network connect to the port."""
        if not self.network or not self.opens(port):
            return False
        inner, outer = ip_network(network), ip_network(self.network)
        if isinstance(inner, IPv4Network) and isinstance(outer, IPv4Network):
            return inner.subnet_of(outer)
        return isinstance(inner, IPv6Network) and isinstance(outer, IPv6Network) and inner.subnet_of(outer)


def rules(stack: Stack, group_id: str) -> list[Rule]:
    """What a group lets in; nothing where there is no such group. Raises AwsFailed.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSecurityGroupRules.html
    """
    filters = [{"Name": "group-id", "Values": [group_id]}]
    with doing(f"reading the rules of the security group {group_id}"):
        pages = stack.account.client("ec2").get_paginator("describe_security_group_rules")
        found = [rule for page in pages.paginate(Filters=filters) for rule in page["SecurityGroupRules"]]
    return [_rule(rule) for rule in found if not rule.get("IsEgress")]


def _rule(rule: Mapping[str, Any]) -> Rule:
    source = (
        rule.get("CidrIpv4")
        or rule.get("CidrIpv6")
        or rule.get("PrefixListId")
        or rule.get("ReferencedGroupInfo", {}).get("GroupId", "sg-unknown")
    )
    first, last = int(rule.get("FromPort", -1)), int(rule.get("ToPort", -1))
    return Rule(rule["SecurityGroupRuleId"], str(rule["IpProtocol"]), first, last, source)
