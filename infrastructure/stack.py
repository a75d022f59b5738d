"""One stack: its settings, the account it is in, its names and tag, what of it stands and what that costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from infrastructure.errors import NotOurs
from infrastructure.prices import Prices
from warehouse.cluster import named_by

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from decimal import Decimal
    from pathlib import Path

    from infrastructure.account import Account
    from infrastructure.cluster.node_types import Nodes
    from infrastructure.report import Report
    from infrastructure.settings import StackSettings
    from warehouse.aws import Access

STACK_TAG = "dwh:stack"
KIND_TAG = "dwh:kind"  # of the role and the group: what they were made for
REGION_TAG = "dwh:region"  # of the role, which has no region of its own: where the rest of its stack is
CLUSTER, SERVERLESS = "cluster", "serverless"
CLAIMED = "perhaps: HOST in dwh.cfg names it; while it runs, it costs money"


class OwnedSettings(Protocol):
    """What every stack is told: by dwh.cfg the warehouse, by dl.cfg the lake."""

    @property
    def file(self) -> Path: ...
    @property
    def access(self) -> Access: ...
    @property
    def wait_minutes(self) -> int: ...
    @property
    def poll_seconds(self) -> float: ...
    @property
    def prices(self) -> Mapping[str, Decimal]: ...
    @property
    def notices(self) -> tuple[str, ...]: ...
    @property
    def secrets(self) -> tuple[str, ...]: ...


class Words(NamedTuple):
    """How people are told of a stack: what it is, its configuration, and the commands."""

    thing: str
    file: str
    names: str  # the settings to choose anew where a name is taken
    status: str
    down: str


class Owned:
    """What was made under one name, and is known by its tag. Nothing is asked of AWS by making one."""

    words: Words
    kind: str
    again = "Run the same command again"  # what goes on with what a command has begun

    def __init__(self, name: str, settings: OwnedSettings, account: Account, report: Report) -> None:
        self.name = name
        self.account = account
        self.report = report
        self.settings = settings
        self.prices = Prices(account.region, settings.prices, self.words.file)
        self._standing: dict[str, str] = {}

    def arn_of_role(self, name: str) -> str:
        """The ARN that the account's role of this name has, or would have. Raises AwsFailed."""
        identity = self.account.identity
        return f"arn:{identity.partition}:iam::{identity.account}:role/{name}"

    def tags(self) -> dict[str, str]:
        """The tags of everything that we make."""
        return {STACK_TAG: self.name, KIND_TAG: self.kind}

    def owns(self, tags: Mapping[str, str]) -> bool:
        """Whether what has these tags was made for this stack."""
        return tags.get(STACK_TAG) == self.name

    def check_ours(self, what: str, tags: Mapping[str, str], remedy: str) -> None:
        """Raise NotOurs where ``what`` was not made for this stack: it is neither adopted nor deleted."""
        if self.owns(tags):
            return
        owner = tags.get(STACK_TAG)
        whose = f"belongs to the stack {owner}" if owner else "is there already and was not made by this project"
        raise NotOurs(f"{_capital(what)} {whose}; it is left alone.", remedy)

    def check_kind(self, what: str, tags: Mapping[str, str]) -> None:
        """Raise NotOurs where ``what`` was made for our other kind."""
        kind = made_for(tags)
        if kind != self.kind:
            thing, file, names, _, down = self.words
            raise NotOurs(
                f"{_capital(what)} was made for the {kind} {thing} {self.name}; this is to be a {self.kind} one.",
                f"Remove that one first ({down}), or choose {names} of {file}.",
            )

    def in_its_words(self, text: str) -> str:
        """What shared code says, which names the warehouse's file and commands, as it is for this stack."""
        return text

    def stands(self, what: str, costs: str = "free") -> None:
        """Remember that ``what`` exists, for the sentence after a failure."""
        self._standing[what] = costs

    def gone(self, what: str) -> None:
        self._standing.pop(what, None)

    def standing(self) -> str:
        """What exists now, as far as this run has seen, and what it costs; empty where nothing does."""
        if not self._standing:
            return ""
        return "There are now: " + ", ".join(f"{what} ({costs})" for what, costs in self._standing.items()) + "."


class Stack(Owned):
    """The warehouse, which setup, teardown and the others work on."""

    words = Words(
        "warehouse",
        "dwh.cfg",
        "another CLUSTER_IDENTIFIER in [CLUSTER] and another NAME in [IAM_ROLE]",
        "python infrastructure/status.py",
        "python infrastructure/teardown.py",
    )
    settings: StackSettings

    def __init__(self, settings: StackSettings, account: Account, report: Report) -> None:
        super().__init__(settings.identifier, settings, account, report)
        self.kind = SERVERLESS if settings.serverless else CLUSTER
        self.group_id = ""  # of the security group, once it is there
        self.port = settings.port  # that of the cluster, once it is seen: dwh.cfg does not change it
        self.nodes: Nodes | None = None  # of the cluster, once they are chosen or seen
        self._standing = _claimed(settings, account.region)

    @property
    def group_name(self) -> str:
        """The security group's name."""
        return f"{self.name}-redshift"

    @property
    def role_arn(self) -> str:
        return self.arn_of_role(self.settings.role_name)

    def absent(self, what: str) -> None:
        """AWS shows no ``what`` of ours: dwh.cfg's word for it counts no more; what was just ordered may yet appear."""
        if self._standing.get(what) == CLAIMED:
            self.gone(what)


def _claimed(settings: StackSettings, region: str) -> dict[str, str]:
    """What HOST in dwh.cfg says that there is, until AWS has told: a failure before that leaves it running."""
    told = named_by(settings.host)
    if told is None or told.name != settings.identifier or told.region not in {"", region}:
        return {}
    return {f"{'serverless workgroup' if told.serverless else 'cluster'} {told.name}": CLAIMED}


def made_for(tags: Mapping[str, str]) -> str:
    """What the role or the group with these tags was made for."""
    return tags.get(KIND_TAG, CLUSTER)


def aws_tags(tags: Mapping[str, str]) -> list[dict[str, str]]:
    """Tags as iam, ec2 and redshift take them."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def read_tags(tags: Iterable[Mapping[str, Any]] | None) -> dict[str, str]:
    """Tags as AWS answers them (``Key`` or ``key``), as a dictionary."""
    return {tag.get("Key", tag.get("key", "")): tag.get("Value", tag.get("value", "")) for tag in tags or ()}


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def money(amount: Decimal) -> str:
    """US dollars, to the cent.

    >>> from decimal import Decimal
    >>> money(Decimal("1585.56")), money(Decimal("0.543"))
    ('$1,585.56', '$0.54')
    """
    return f"${amount:,.2f}"
