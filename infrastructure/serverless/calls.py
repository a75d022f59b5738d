"""Calls to Redshift Serverless: its client, what it has and whose that is, and calls that it takes only later."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from infrastructure.errors import AwsFailed, Refused, Stuck, doing, ignoring
from infrastructure.stack import read_tags
from infrastructure.waiting import UNANSWERED, Passing, Seen, insist, until
from warehouse.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from infrastructure.stack import Stack

AVAILABLE, DELETING = "AVAILABLE", "DELETING"
NOT_FOUND = "ResourceNotFoundException"
LOOKS_UNTIL_VISIBLE = 10  # how often what was just made may not be found
NOT_OURS = "Set another CLUSTER_IDENTIFIER in dwh.cfg."

# The words are AWS's, as public reports give them: Redshift Serverless makes one change at a time, changes a capacity
# only once there is a first recovery point (some minutes after creation), and learns of a new role with delay.
PASSING = (
    Passing(r"operation running", "another operation is running"),
    Passing(r"at least one snapshot exists", "waiting for its first recovery point"),
    Passing(r"IAM role .* not valid", "the role is not known to Redshift yet", tries=12),
)


def name_of(stack: Stack) -> str:
    """The name of the namespace and of the workgroup. Raises ConfigError where Redshift Serverless has no such name.

    https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_CreateNamespace.html
    """
    if not re.fullmatch(r"[a-z0-9-]{3,64}", stack.name):
        raise ConfigError(
            f"CLUSTER_IDENTIFIER is {stack.name}: names in Redshift Serverless have 3 to 64 characters.",
            "Set a longer one in [CLUSTER] of dwh.cfg, such as sparkify.",
        )
    return stack.name


def client(stack: Stack) -> Any:
    return stack.account.client("redshift-serverless")


def found(what: str, call: Callable[[], Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """What ``call`` answers, None where AWS knows no such thing; ``what`` as for ``doing``. Raises AwsFailed."""
    try:
        with doing(what):
            return call()
    except AwsFailed as error:
        if error.code == NOT_FOUND:
            return None
        raise


def tags(stack: Stack, arn: str) -> dict[str, str]:
    answer = found(f"reading the tags of {arn}", lambda: client(stack).list_tags_for_resource(resourceArn=arn))
    return read_tags(answer["tags"]) if answer else {}


def own_tags(stack: Stack) -> list[dict[str, str]]:
    """The tags of what we make, as Redshift Serverless takes them."""
    return [{"key": key, "value": value} for key, value in stack.tags().items()]


def snapshots(stack: Stack) -> list[Mapping[str, Any]]:
    """Of all namespaces, also of those that are gone. Raises AwsFailed.

    https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_ListSnapshots.html
    """
    with doing("listing the snapshots of serverless namespaces"):
        pages = client(stack).get_paginator("list_snapshots").paginate()
        return [snapshot for page in pages for snapshot in page["snapshots"]]


def insist_on(stack: Stack, what: str, doing_what: str, call: Callable[[], object]) -> None:
    """Make a call as soon as Redshift Serverless takes it; ``what`` is being waited for. Raises AwsFailed."""

    def attempt() -> None:
        with doing(doing_what):
            call()

    insist(stack, what, attempt, PASSING, f"Whether AWS has begun {doing_what} is not known.")


def create(
    stack: Stack,
    what: str,
    costs: str,
    call: Callable[[], object],
    look: Callable[[Stack], Mapping[str, Any] | None],
    arn: str,
) -> None:
    """As ``insist_on``, where another run may have made it meanwhile, or this one by a call whose answer was lost:
    ``look`` shows it then, and ``arn`` is the key of its ARN there. Raises also NotOurs, Refused.
    """
    try:
        insist_on(stack, what, f"creating the {what}", call)
    except AwsFailed as error:
        if UNANSWERED.search(error.code):
            stack.stands(what, f"perhaps: AWS did not answer; {costs}")
        there = look(stack) if error.code == "ConflictException" else None
        if not there:
            raise
        check_usable(stack, what, there[arn], there["status"])
    stack.stands(what, costs)


def delete(
    stack: Stack,
    what: str,
    look: Callable[[Stack], Mapping[str, Any] | None],
    call: Callable[[], object],
    goes_on: str,
) -> None:
    """Make the call unless AWS deletes it already, and wait until ``look`` finds nothing any more.

    Raises AwsFailed, StillWaiting.
    """

    def order() -> None:
        there = look(stack)
        if there and there["status"] != DELETING:
            call()

    with ignoring(NOT_FOUND):
        insist_on(stack, what, f"deleting the {what}", order)
    until(stack, what, lambda: Seen(look(stack) is None, "deleting"), goes_on)
    stack.gone(what)


def until_usable(
    stack: Stack,
    what: str,
    look: Callable[[Stack], Mapping[str, Any] | None],
    usable: Callable[[Mapping[str, Any] | None], bool],
    goes_on: str,
) -> None:
    """Wait until what ``look`` finds is ``usable``. Raises AwsFailed, StillWaiting, Stuck."""
    seen: list[str] = []

    def one() -> Seen:
        there = look(stack)
        seen.append(there["status"] if there else "")
        _check_coming(stack, what, seen)
        return Seen(usable(there), seen[-1].lower() or "not visible yet")

    until(stack, what, one, goes_on)


def _check_coming(stack: Stack, what: str, statuses: Sequence[str]) -> None:
    """Raise Stuck where it went away, is going, or never came; ``statuses`` are those of all looks, empty for none."""
    if statuses[-1] == DELETING:
        raise Stuck(f"The {what} is being deleted: somebody else does that.")
    if not statuses[-1] and (any(statuses) or len(statuses) > LOOKS_UNTIL_VISIBLE):
        stack.gone(what)
        raise Stuck(f"The {what} is gone: somebody has deleted it meanwhile.")


def check_usable(stack: Stack, what: str, arn: str, status: str) -> None:
    """Raises NotOurs where somebody else made it, Refused where it is on its way out."""
    stack.check_ours(what, tags(stack, arn), NOT_OURS)
    if status == DELETING:
        raise Refused(
            f"The {what} is being deleted. Nothing was changed.",
            "Run the same command again when python infrastructure/status.py shows it as absent.",
        )
