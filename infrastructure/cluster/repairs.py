"""A cluster that is there, made again what dwh.cfg says as far as that neither costs more nor loses anything."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from infrastructure.cluster import node_types, pausing
from infrastructure.cluster import state as cluster_state
from infrastructure.errors import AwsFailed, Refused, StillWaiting, doing
from infrastructure.plan import Change, Sign, Step, take_all
from infrastructure.waiting import UNANSWERED, Passing, insist

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infrastructure.stack import Stack
    from infrastructure.state import State

BUSY = Passing(r"\(InvalidClusterState", "busy with another change")


def plan(stack: Stack, state: State) -> Change:
    """What brings it back: awake, with our role and group, public or not. Raises Refused, Stuck."""
    _check_mendable(stack, state)
    what = f"cluster {stack.name} ({state.size}, {cluster_state.hourly(stack)})"
    steps, left = [*_waking(stack, state), *_changes(stack, state)], tuple(_left(stack, state))
    if not steps:
        return Change(Sign.KEEP, what, left)
    return Change(Sign.CHANGE, what, (*(step.text for step in steps), *left), partial(take_all, steps))


def wake(stack: Stack) -> None:
    """https://docs.aws.amazon.com/redshift/latest/APIReference/API_ResumeCluster.html, and the wait.

    Raises AwsFailed (also where AWS has no nodes free), StillWaiting, Stuck.
    """
    price = cluster_state.hourly(stack)

    def call() -> None:
        with doing(f"resuming the cluster {stack.name}"):
            stack.account.client("redshift").resume_cluster(ClusterIdentifier=stack.name)

    goes_on = f"Perhaps it is being resumed, and then costs {price}."
    try:
        insist(stack, f"cluster {stack.name}", call, (pausing.SETTLING,), goes_on)
    except AwsFailed as error:
        if UNANSWERED.search(error.code):
            stack.stands(f"cluster {stack.name}", f"perhaps being resumed: AWS did not answer; then {price}")
            raise
        raise AwsFailed(f"{error.message} It stays paused with its data.", error.code, error.hint) from None
    except StillWaiting:
        stack.stands(f"cluster {stack.name}", f"perhaps being resumed; then {price}")
        raise
    _until_available(stack, "resumed")


def _check_mendable(stack: Stack, state: State) -> None:
    if state.ending:
        raise Refused(
            f"The cluster {stack.name} is being deleted. Nothing was changed.",
            "Run the same command again when python infrastructure/status.py shows it as absent.",
        )
    if state.status in cluster_state.BROKEN:
        raise cluster_state.stuck(stack, state)


def _waking(stack: Stack, state: State) -> Iterator[Step]:
    if state.status == "paused":
        yield Step("~ resume it: it is paused", partial(wake, stack))
    elif state.status == "pausing":
        yield Step("~ resume it, once it is paused: it is pausing now", partial(_pause_and_wake, stack))
    elif not state.available:
        word = "being changed" if state.status.startswith("available") else state.status
        yield Step(f"~ wait until it is available: it is {word} now", partial(_until_available, stack, "changed"))


def _changes(stack: Stack, state: State) -> Iterator[Step]:
    arn = stack.role_arn
    if arn not in state.role_arns:
        yield Step(f"+ role {arn}", partial(_attach, stack, AddIamRoles=[arn], DefaultIamRoleArn=arn))
    elif not state.raw.get("DefaultIamRoleArn"):
        yield Step(f"~ default role: {arn}", partial(_attach, stack, DefaultIamRoleArn=arn))
    if not stack.group_id or stack.group_id not in state.group_ids:
        yield Step(f"+ security group {stack.group_name}", partial(_join, stack, state.group_ids))
    if state.public != stack.settings.public:
        word = "public" if stack.settings.public else "reached from within its VPC only"
        yield Step(f"~ {word}", partial(_modify, stack, PubliclyAccessible=stack.settings.public))


def _left(stack: Stack, state: State) -> Iterator[str]:
    """What differs and stays, since a change of it costs money, or the data."""
    settings, found = stack.settings, state.raw
    asked = node_types.Nodes(settings.node_type, settings.nodes)
    size = cluster_state.nodes(found)
    pairs: list[tuple[str, Any, Any]] = [
        ("database", settings.database, found.get("DBName")),
        ("administrator", settings.user, found.get("MasterUsername")),
        ("port", settings.port, state.port),
        ("encrypted", True, found.get("Encrypted")),
    ]
    if size not in {asked, node_types.successor(asked)}:
        yield f"nodes: dwh.cfg says {asked}, the cluster has {size}: left as it is (a resize costs)"
    for arn in state.role_arns:
        if arn != stack.role_arn:
            yield f"role {arn}: attached as well, left as it is"
    for name, mine, there in pairs:
        if there not in (None, 0, "") and mine != there:
            yield f"{name}: dwh.cfg says {mine}, the cluster has {there}: left as it is"


def _attach(stack: Stack, **roles: Any) -> None:
    """https://docs.aws.amazon.com/redshift/latest/APIReference/API_ModifyClusterIamRoles.html"""
    _changed(stack, f"attaching the role to the cluster {stack.name}", "modify_cluster_iam_roles", roles)


def _join(stack: Stack, groups: tuple[str, ...]) -> None:
    """Our group beside those that are there; its id is known only once it is made."""
    _modify(stack, VpcSecurityGroupIds=[*groups, stack.group_id])


def _modify(stack: Stack, **settings: Any) -> None:
    """https://docs.aws.amazon.com/redshift/latest/APIReference/API_ModifyCluster.html"""
    _changed(stack, f"changing the cluster {stack.name}", "modify_cluster", settings)


def _changed(stack: Stack, doing_what: str, operation: str, arguments: dict[str, Any]) -> None:
    def call() -> None:
        with doing(doing_what):
            getattr(stack.account.client("redshift"), operation)(ClusterIdentifier=stack.name, **arguments)

    _until_available(stack, "changed")
    insist(stack, f"cluster {stack.name}", call, (BUSY,), "It was not changed yet.")
    _until_available(stack, "changed")


def _pause_and_wake(stack: Stack) -> None:
    cluster_state.until_paused(stack, pausing.GOES_ON)
    wake(stack)


def _until_available(stack: Stack, word: str) -> None:
    goes_on = f"The cluster goes on being {word} and costs {cluster_state.hourly(stack)}."
    cluster_state.until_available(stack, goes_on)
