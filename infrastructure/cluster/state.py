"""A cluster as AWS describes it, what it costs as it is, and the waits until it is something else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from infrastructure.cluster.node_types import Nodes
from infrastructure.errors import AwsFailed, Stuck, doing
from infrastructure.meanings import Costs, meaning
from infrastructure.stack import money, read_tags
from infrastructure.state import State
from infrastructure.waiting import Seen, until
from warehouse.command import again

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from infrastructure.stack import Stack

MISSING = "ClusterNotFound"
BROKEN = frozenset(
    {
        "hardware-failure",
        "incompatible-hsm",
        "incompatible-network",
        "incompatible-parameters",
        "incompatible-restore",
        "storage-full",
    }
)
"""https://docs.aws.amazon.com/redshift/latest/mgmt/working-with-clusters.html#rs-mgmt-cluster-status"""

LOOKS_UNTIL_VISIBLE = 10  # how often what was just ordered may not be seen


def look(stack: Stack) -> State:
    """The cluster; one of ours is remembered. Raises AwsFailed."""
    state = _describe(stack)
    if stack.owns(state.tags):
        stands(stack, state)
    else:
        stack.absent(f"cluster {stack.name}")
    return state


def _describe(stack: Stack) -> State:
    """https://docs.aws.amazon.com/redshift/latest/APIReference/API_DescribeClusters.html. Raises AwsFailed."""
    try:
        with doing(f"looking at the cluster {stack.name}"):
            answer = stack.account.client("redshift").describe_clusters(ClusterIdentifier=stack.name)
    except AwsFailed as error:
        if error.code.startswith(MISSING):
            return State()
        raise
    return _state(stack, answer["Clusters"][0]) if answer["Clusters"] else State()


def nodes(found: Mapping[str, Any]) -> Nodes:
    """What a cluster is made of, from AWS's description."""
    return Nodes(found["NodeType"], found.get("NumberOfNodes", 1))


def per_hour(stack: Stack, size: Nodes) -> str:
    """What so many nodes cost, in words."""
    price = size.per_hour(stack.prices)
    return f"by the hour, no price known for {size.type}" if price is None else f"{money(price)} an hour"


def hourly(stack: Stack) -> str:
    """The same of the stack's own cluster."""
    return per_hour(stack, stack.nodes) if stack.nodes else "by the hour"


def costs_now(stack: Stack, state: State) -> str:
    """What it costs in the state it is in, in words."""
    if meaning(state).costs is Costs.STORAGE:
        return f"storage only, {stack.prices.storage}"
    price = per_hour(stack, nodes(state.raw))
    return f"{price} as soon as it is available" if state.status == "creating" else price


def stands(stack: Stack, state: State) -> None:
    """Remember the cluster, for what it costs and for the sentence after a failure."""
    stack.nodes = nodes(state.raw)
    stack.stands(f"cluster {stack.name}", "being deleted" if state.ending else costs_now(stack, state))


def check_ours(stack: Stack, state: State) -> None:
    """Raises NotOurs."""
    remedy = "Choose another CLUSTER_IDENTIFIER in [CLUSTER] of dwh.cfg."
    stack.check_ours(f"the cluster {stack.name}", state.tags, remedy)
    stands(stack, state)


def until_available(stack: Stack, goes_on: str) -> State:
    """Wait until one can connect, and until its roles are attached. Raises StillWaiting, Stuck."""
    return _wait(stack, _usable, "paused", goes_on)


def until_paused(stack: Stack, goes_on: str) -> State:
    """Raises StillWaiting, Stuck; that also where AWS gives the pausing up, and it runs on."""
    return _wait(stack, lambda state: state.status == "paused", "available", goes_on)


def until_gone(stack: Stack, goes_on: str) -> None:
    until(stack, f"cluster {stack.name}", lambda: _gone(look(stack)), goes_on)


def _wait(stack: Stack, done: Callable[[State], bool], start: str, goes_on: str) -> State:
    """Wait until ``done``. A cluster that is gone, broken or going does not lead there, nor one that is in the state
    ``start`` again, or for long.
    """
    seen: list[State] = []

    def one() -> Seen:
        state = look(stack)
        was_there = any(before.exists for before in seen)
        seen.append(state)
        if state.exists:
            stands(stack, state)
        elif was_there or len(seen) > LOOKS_UNTIL_VISIBLE:
            stack.gone(f"cluster {stack.name}")
            raise Stuck(f"The cluster {stack.name} is gone: somebody has deleted it meanwhile.")
        left = any(before.exists and before.status != start for before in seen)
        back = state.status == start and (left or len(seen) > LOOKS_UNTIL_VISIBLE)
        if state.ending or state.status in BROKEN or back:
            raise stuck(stack, state)
        return Seen(done(state), _shown(state))

    until(stack, f"cluster {stack.name}", one, goes_on)
    return seen[-1]


def stuck(stack: Stack, state: State) -> Stuck:
    """The error that no waiting mends this state; says what it means, and what to run."""
    told = meaning(state)
    if state.status == "available":
        return Stuck(
            f"The cluster {stack.name} is available again: AWS did not pause it, and it goes on costing money.",
            f"Try again in some minutes: {again('pause.py', stack.settings.file)}",
        )
    message = f"The cluster {stack.name} is {state.status}. {told.what}"
    return Stuck(message, f"{told.advice} {again(told.script, stack.settings.file)}")


def _usable(state: State) -> bool:
    return state.available and not any(
        role.get("ApplyStatus") in {"adding", "removing"} for role in state.raw.get("IamRoles", ())
    )


def _gone(state: State) -> Seen:
    return Seen(not state.exists, state.status)


def _shown(state: State) -> str:
    """The state in AWS's word, where that is the whole truth."""
    if not state.exists:
        return "ordered"
    return f"{state.status}, still being changed" if state.status.startswith("available") else state.status


def _state(stack: Stack, found: Mapping[str, Any]) -> State:
    endpoint = found.get("Endpoint") or {}
    status = str(found.get("ClusterStatus", "")).lower()
    size = nodes(found)
    return State(
        status=status,
        available=_available(status, found),
        host=endpoint.get("Address") or "",
        port=endpoint.get("Port") or 0,
        size=str(size),
        per_hour=size.per_hour(stack.prices),
        created=found.get("ClusterCreateTime"),
        public=bool(found.get("PubliclyAccessible")),
        role_arns=tuple(role["IamRoleArn"] for role in found.get("IamRoles", ())),
        group_ids=tuple(group["VpcSecurityGroupId"] for group in found.get("VpcSecurityGroups", ())),
        secret_arn=found.get("MasterPasswordSecretArn") or "",
        tags=read_tags(found.get("Tags")),
        raw=found,
    )


def _available(status: str, found: Mapping[str, Any]) -> bool:
    """The status alone may say so while AWS still changes something, or before there is an endpoint."""
    return (
        status.partition(",")[0] == "available"
        and found.get("ClusterAvailabilityStatus", "Available") in {"Available", ""}
        and not found.get("ModifyStatus")
        and bool((found.get("Endpoint") or {}).get("Address"))
    )
