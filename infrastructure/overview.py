"""Everything that status.py tells, gathered once: for people as lines, for programs as one JSON object."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from infrastructure import compute, prices
from infrastructure.access import address, redshift_role, security_group
from infrastructure.meanings import Costs, meaning
from infrastructure.report import elapsed
from infrastructure.serverless import usage_limits
from infrastructure.stack import SERVERLESS, money
from warehouse.errors import WarehouseError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from infrastructure.meanings import Meaning
    from infrastructure.stack import Stack
    from infrastructure.state import State

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Overview:
    """What there is, what it costs, and what of it does not fit dwh.cfg or this machine's address.

    ``address`` is the caller's, empty where nobody told; ``let_in`` is None where it cannot be told, and
    ``unknown`` says why. ``role_ours`` is None where there is no role of that name. ``limits`` are the usage limits of
    a serverless workgroup, as AWS describes them. ``now`` is in UTC.
    """

    stack: Stack
    state: State
    now: datetime
    address: str = ""
    let_in: bool | None = None
    unknown: str = ""
    role_ours: bool | None = None
    limits: Sequence[Mapping[str, Any]] = ()

    @property
    def meaning(self) -> Meaning:
        return meaning(self.state)

    @property
    def ours(self) -> bool:
        return self.stack.owns(self.state.tags)

    @property
    def age(self) -> timedelta | None:
        return self.now - self.state.created if self.state.created else None

    @property
    def at_most(self) -> Decimal | None:
        """USD since it was created, as if it had never been paused; AWS does not tell the pauses.

        None where there is no price, and for serverless, which is paid for while queries run.
        """
        if self.age is None or self.state.per_hour is None or self.stack.kind == SERVERLESS:
            return None
        hours = Decimal(self.age / timedelta(hours=1))
        return max(self.state.per_hour * hours, Decimal(0)).quantize(CENT)

    @property
    def role_attached(self) -> bool:
        return self.stack.role_arn in self.state.role_arns

    @property
    def differences(self) -> list[str]:
        """What dwh.cfg says otherwise than AWS, a sentence each."""
        role = role_difference(self.stack) if self.state.exists else ""
        return [*endpoint_differences(self.stack, self.state), *([role] if role else [])]

    @property
    def repairs(self) -> list[str]:
        """What setup.py would put right, a sentence each."""
        if not (self.state.exists and self.ours):
            return []
        found = self.differences if self.state.host else []
        if self.let_in is False and not self.stack.settings.cidrs:
            found.append(f"Your address {shown(self.address)} is not let in on port {self.state.port}.")
        if self.role_ours is None:
            found.append(f"There is no role {self.stack.settings.role_name}.")
        elif self.state.available and not self.role_attached:
            found.append(f"The role {self.stack.settings.role_name} is not attached to it.")
        if self.stack.kind == SERVERLESS and self.state.available and not self.limits:
            found.append("No usage limit bounds what it costs.")
        return found


def gather(stack: Stack) -> Overview:
    """Ask AWS; changes nothing. Raises AwsFailed, ConfigError."""
    compute.find_kind(stack)
    state = compute.of(stack).look(stack)
    tags = redshift_role.tags(stack)
    mine, let_in, unknown = _reach(stack, state)
    role_ours = None if tags is None else stack.owns(tags)
    limits = _limits(stack, state) if stack.kind == SERVERLESS else []
    return Overview(stack, state, datetime.now(UTC), mine, let_in, unknown, role_ours, limits)


def _limits(stack: Stack, state: State) -> list[Mapping[str, Any]]:
    arn = state.raw.get("workgroup", {}).get("workgroupArn")
    return usage_limits.all_of(stack, arn) if arn else []


def _reach(stack: Stack, state: State) -> tuple[str, bool | None, str]:
    """The caller's address, whether it is let in, and why that is not known; a service that does not answer here
    is no reason to keep the rest back.
    """
    if not state.exists or not state.public:
        return "", None, ""
    mine = ""
    try:
        mine = address.mine(stack)
        let_in = security_group.lets_in(stack, state.group_ids, mine, state.port)
        return mine, let_in, "" if let_in is not None else "its rules name no addresses"
    except WarehouseError as error:
        return mine, None, error.message


def endpoint_differences(stack: Stack, state: State) -> Iterator[str]:
    """What HOST and DB_PORT in dwh.cfg say otherwise than AWS, a sentence each."""
    settings = stack.settings
    if settings.host.lower() != state.host.lower():
        there = f"the endpoint is {state.host}" if state.host else "there is no endpoint"
        yield f"HOST is {settings.host or 'empty'}, {there}."
    if state.port and settings.port != state.port:
        yield f"DB_PORT is {settings.port}, the endpoint's is {state.port}."


def role_difference(stack: Stack) -> str:
    """What ARN in dwh.cfg says otherwise than AWS; empty where it does not."""
    given = stack.settings.arn
    agrees = given in {stack.role_arn, "default"}
    return "" if agrees else f"ARN is {given or 'empty'}, the role's is {stack.role_arn}."


def lines(seen: Overview) -> Iterator[tuple[str, str]]:
    """Name and text of each line that has something to tell."""
    state = seen.state
    told = {
        "size": state.size,
        "endpoint": f"{state.host}:{state.port}" if state.host else "",
        "access": ("public" if state.public else "from within its VPC only") if state.exists else "",
        "version": _version(state),
        "created": _created(seen),
        "storage": _storage(state),
        "price": _price(seen),
        "so far": _so_far(seen),
        "address": _address(seen),
        "role": _role(seen),
        "password": f"kept by AWS: {state.secret_arn}" if state.secret_arn else "",
    }
    return ((name, text) for name, text in told.items() if text)


def _version(state: State) -> str:
    parts = (state.raw.get(key) for key in ("ClusterVersion", "ClusterRevisionNumber"))
    return ".".join(part for part in parts if part)


def _created(seen: Overview) -> str:
    if seen.age is None or seen.state.created is None:
        return ""
    seconds = seen.age.total_seconds()
    ago = elapsed(seconds) if seen.age.days < 2 else f"{seen.age.days} days"
    return f"{seen.state.created.astimezone(UTC):%Y-%m-%d %H:%M} UTC, {ago} ago"


def _storage(state: State) -> str:
    """What it can hold, which is not what is stored: AWS tells that on the cluster alone."""
    capacity = state.raw.get("TotalStorageCapacityInMegaBytes")
    return f"up to {capacity / 1_000_000:,.1f} TB" if capacity else ""


def _price(seen: Overview) -> str:
    """What it costs now."""
    costs = seen.meaning.costs
    if costs is Costs.NOTHING:
        return ""
    storage = f"{seen.stack.prices.storage} of what is stored"
    if costs is Costs.STORAGE:
        return f"storage only, {storage}"
    if seen.state.per_hour is None:
        return f"an hour: not known ([PRICES] in dwh.cfg may tell it); and {storage}"
    while_ = " while queries run" if seen.stack.kind == SERVERLESS else ""
    return f"{money(seen.state.per_hour)} an hour{while_}, and {storage}"


def _so_far(seen: Overview) -> str:
    if seen.stack.kind == SERVERLESS and seen.state.exists:
        bounds = " and ".join(_bound(seen, limit) for limit in seen.limits)
        return f"not known, it depends on the queries; {bounds or 'NO usage limit bounds it'}"
    if seen.at_most is None:
        return ""
    return f"at most {money(seen.at_most)}, as if it had never been paused, and what is stored"


def _bound(seen: Overview, limit: Mapping[str, Any]) -> str:
    """A usage limit in words; amounts are RPU-hours.

    https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_UsageLimit.html
    """
    price = seen.stack.prices.of(prices.RPU_HOUR)
    worth = f" ({money(limit['amount'] * price)})" if price is not None else ""
    return f"the {limit['period']} usage limit is {limit['amount']} RPU-hours{worth}, then: {limit['breachAction']}"


def shown(network: str) -> str:
    """A network of one as its address.

    >>> shown("52.95.4.1/32"), shown("2600:1f14::1/128")
    ('52.95.4.1', '2600:1f14::1')
    """
    return re.sub(r"/(32|128)$", "", network)


def _address(seen: Overview) -> str:
    where = shown(seen.address) or "yours"
    if seen.let_in is not None:
        return f"{where} is {'' if seen.let_in else 'not '}let in on port {seen.state.port}"
    return f"{where}: whether it is let in is not known: {seen.unknown}" if seen.unknown else ""


def _role(seen: Overview) -> str:
    name = seen.stack.settings.role_name
    if seen.role_ours is None:
        return f"there is no {name}" if seen.state.exists else ""
    attached = "" if not seen.state.exists else ", attached" if seen.role_attached else ", not attached"
    return f"{name}{attached}" + ("" if seen.role_ours else ", not made by this project")


def as_json(seen: Overview) -> dict[str, Any]:
    """What ``status.py --json`` prints; names stay as they are, new ones may come."""
    stack, state = seen.stack, seen.state
    return {
        "stack": stack.name,
        "kind": stack.kind,
        "account": stack.account.identity.account,
        "region": stack.account.region,
        "status": state.status,
        "available": state.available,
        "meaning": seen.meaning.what,
        "made_by_this_project": seen.ours if state.exists else None,
        "size": state.size or None,
        "version": _version(state) or None,
        "host": state.host or None,
        "port": state.port or None,
        "public": state.public if state.exists else None,
        "created": state.created.astimezone(UTC).isoformat().replace("+00:00", "Z") if state.created else None,
        "age_seconds": int(seen.age.total_seconds()) if seen.age is not None else None,
        "usd_per_hour": _number(state.per_hour),
        "usd_so_far_at_most": _number(seen.at_most),
        "usd_per_storage_gb_month": _number(stack.prices.of(prices.STORAGE)),
        "usage_limits": [
            {"rpu_hours": limit["amount"], "period": limit["period"], "action": limit["breachAction"]}
            for limit in seen.limits
        ],
        "pays_for": seen.meaning.costs.value,
        "prices_read_on": prices.READ_ON,
        "storage_capacity_mb": state.raw.get("TotalStorageCapacityInMegaBytes") or None,
        "config_file": str(stack.settings.file),
        "config_differences": seen.differences,
        "your_address": shown(seen.address) or None,
        "your_address_let_in": seen.let_in,
        "your_address_unknown": seen.unknown or None,
        "role": stack.settings.role_name,
        "role_arn": stack.role_arn if seen.role_ours is not None else None,
        "role_made_by_this_project": seen.role_ours,
        "role_attached": seen.role_attached if state.exists else None,
        "secret_arn": state.secret_arn or None,
        "to_repair": seen.repairs,
    }


def _number(amount: Decimal | None) -> float | None:
    return None if amount is None else float(amount)
