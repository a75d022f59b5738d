"""An IAM role of a stack: made as it is ordered, repaired and removed.

What the warehouse's is, ``access.redshift_role`` says; what the lake's is, ``emr.role``.
"""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from infrastructure.access.role_documents import Document, same
from infrastructure.errors import AwsFailed, NotOurs, doing, ignoring
from infrastructure.plan import IN_USE, Change, Sign, Step, take_all
from infrastructure.stack import REGION_TAG, aws_tags, read_tags
from infrastructure.waiting import Passing, insist

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from infrastructure.stack import Owned

MISSING = "NoSuchEntity"
# What one part of IAM was told, the others know within seconds; each look is POLL_SECONDS after the last.
SPREADING = Passing(rf"\({MISSING}\)", "not visible everywhere yet", tries=12)
LETTING_GO = Passing(r"\(DeleteConflict\)", "still said to have policies", tries=12)
FREE = "A role costs nothing."


class Role(NamedTuple):
    """What a role consists of: who may assume it, and what it may do."""

    trust: Document
    managed: frozenset[str] = frozenset()  # ARNs of the policies attached
    inline: Mapping[str, Document] = {}


class Order(NamedTuple):
    """A role as it is to be. ``rights`` tells of each policy of ours, by its last name, what it allows."""

    name: str
    role: Role
    purpose: str
    rights: Mapping[str, str]
    remedy: str  # where the name is taken

    @property
    def what(self) -> str:
        return _what(self.name)

    @property
    def assumed(self) -> str:
        services = [
            service for statement in self.role.trust["Statement"] for service in statement["Principal"]["Service"]
        ]
        return f"assumed by {' and '.join(services)}, nobody else"


def tags(stack: Owned, name: str) -> dict[str, str] | None:
    """The role's tags, whoever made it; None where there is no role. Raises AwsFailed."""
    found = _find(stack, name)
    return None if found is None else read_tags(found.get("Tags"))


def look(stack: Owned, name: str, ours: Collection[str]) -> Role | None:
    """What the role consists of, whoever made it; inline policies that are not ``ours`` by name alone.

    Raises AwsFailed.
    """
    found = _find(stack, name)
    return None if found is None else _read(stack, found, ours)


def plan_up(stack: Owned, order: Order) -> list[Change]:
    """What makes the role, or makes it again as ordered; whatever else it may do is taken from it.

    Raises NotOurs where the name is taken, be it by a stack of ours of another kind; AwsFailed.
    """
    found = _find(stack, order.name)
    if found is None:
        steps = _repairs(stack, Role(order.role.trust), order)
        return [Change(Sign.ADD, order.what, (order.assumed, *_texts(steps)), partial(_create, stack, order))]
    _check(stack, order, found)
    stack.stands(order.what)
    steps = _repairs(stack, _read(stack, found, order.role.inline), order)
    if not steps:
        return [Change(Sign.KEEP, order.what)]
    return [Change(Sign.CHANGE, order.what, _texts(steps), partial(take_all, steps))]


def plan_down(stack: Owned, name: str, used: Collection[str] = ()) -> list[Change]:
    """What removes the role; a stranger's of the same name is shown as left, and so is one of ``used`` (ARNs).
    Raises AwsFailed.
    """
    what = _what(name)
    found = _find(stack, name)
    if found is None:
        return []
    given = read_tags(found.get("Tags"))
    try:
        stack.check_ours(what, given, "")
        check_region(stack, _what(name), given)
    except NotOurs as error:
        return [Change(Sign.KEEP, what, (error.message,))]
    stack.stands(what)
    if stack.arn_of_role(name) in used:
        return [Change(Sign.KEEP, what, (IN_USE,))]
    return [Change(Sign.REMOVE, what, apply=partial(_remove, stack, name))]


def _what(name: str) -> str:
    return f"IAM role {name}"


def _texts(steps: list[Step]) -> tuple[str, ...]:
    return tuple(step.text for step in steps)


def _find(stack: Owned, name: str) -> dict[str, Any] | None:
    with ignoring(MISSING):
        return _see(stack, name)
    return None


def _see(stack: Owned, name: str) -> dict[str, Any]:
    """https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRole.html. Raises AwsFailed, also where none is."""
    with doing(f"looking at the {_what(name)}"):
        role: dict[str, Any] = stack.account.client("iam").get_role(RoleName=name)["Role"]
    return role


def _check(stack: Owned, order: Order, found: Mapping[str, Any]) -> None:
    """Raises NotOurs."""
    given = read_tags(found.get("Tags"))
    stack.check_ours(order.what, given, order.remedy)
    check_region(stack, order.what, given)
    stack.check_kind(order.what, given)


def check_region(stack: Owned, what: str, given: Mapping[str, str]) -> None:
    """Raises NotOurs where this serves a stack of this name in another region: what IAM has is in none."""
    region, words = given.get(REGION_TAG, stack.account.region), stack.words
    if region != stack.account.region:
        raise NotOurs(
            f"{what} serves the {words.thing} {stack.name} in {region}, which may still cost money; this is "
            f"{stack.account.region}.",
            f"Set REGION = {region} in [AWS] of {words.file} to go on with that one; or choose {words.names} to make "
            "one here.",
        )


def _read(stack: Owned, found: Mapping[str, Any], ours: Collection[str]) -> Role:
    name = found["RoleName"]
    inline = {policy: _inline(stack, name, policy) if policy in ours else {} for policy in _inline_names(stack, name)}
    return Role(found["AssumeRolePolicyDocument"], _attached(stack, name), inline)


def _attached(stack: Owned, name: str) -> frozenset[str]:
    with doing(f"listing the policies of the {_what(name)}"):
        pages = stack.account.client("iam").get_paginator("list_attached_role_policies")
        answers = pages.paginate(RoleName=name)
        return frozenset(policy["PolicyArn"] for answer in answers for policy in answer["AttachedPolicies"])


def _inline_names(stack: Owned, name: str) -> list[str]:
    with doing(f"listing the inline policies of the {_what(name)}"):
        pages = stack.account.client("iam").get_paginator("list_role_policies")
        return [policy for answer in pages.paginate(RoleName=name) for policy in answer["PolicyNames"]]


def _inline(stack: Owned, name: str, policy: str) -> Document:
    with doing(f"reading the policy {policy} of the {_what(name)}"):
        answer = stack.account.client("iam").get_role_policy(RoleName=name, PolicyName=policy)
    document: Document = answer["PolicyDocument"]
    return document


def _repairs(stack: Owned, there: Role, order: Order) -> list[Step]:
    """What leads from one to the other; rights are given before others are taken."""
    wanted, name, steps = order.role, order.name, []
    if not same(there.trust, wanted.trust):
        steps.append(Step(f"~ {order.assumed}", partial(_trust, stack, name, wanted.trust)))
    steps += [
        Step(f"+ policy {_short(arn)}: {order.rights[_short(arn)]}", partial(_attach, stack, name, arn))
        for arn in sorted(wanted.managed - there.managed)
    ]
    for policy, document in wanted.inline.items():
        if not same(there.inline.get(policy), document):
            text = f"{'~' if policy in there.inline else '+'} policy {policy}: {order.rights[policy]}"
            steps.append(Step(text, partial(_put, stack, name, policy, document)))
    steps += [
        Step(f"- policy {_short(arn)}", partial(_detach, stack, name, arn))
        for arn in sorted(there.managed - wanted.managed)
    ]
    extra = sorted(there.inline.keys() - wanted.inline.keys())
    return steps + [Step(f"- policy {policy}", partial(_delete_inline, stack, name, policy)) for policy in extra]


def _short(arn: str) -> str:
    return arn.rpartition("/")[2]


def _create(stack: Owned, order: Order) -> None:
    """https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html"""
    there = Role(order.role.trust)
    try:
        with doing(f"creating the {order.what}"):
            stack.account.client("iam").create_role(
                RoleName=order.name,
                AssumeRolePolicyDocument=json.dumps(order.role.trust),
                Description=order.purpose,
                Tags=aws_tags({**stack.tags(), REGION_TAG: stack.account.region}),
            )
    except AwsFailed as error:
        if error.code != "EntityAlreadyExists":
            raise
        there = _made_meanwhile(stack, order)
    stack.stands(order.what)
    steps = _repairs(stack, there, order)
    _once_visible(stack, order.name, lambda: take_all(steps))
    _once_visible(stack, order.name, lambda: _see(stack, order.name))


def _made_meanwhile(stack: Owned, order: Order) -> Role:
    """The role that another run made, or this one by a call whose answer was lost. Raises NotOurs."""
    found = _see(stack, order.name)
    _check(stack, order, found)
    return _read(stack, found, order.role.inline)


def _once_visible(stack: Owned, name: str, work: Callable[[], object]) -> None:
    insist(stack, _what(name), work, (SPREADING,), FREE)


def _trust(stack: Owned, name: str, document: Document) -> None:
    with doing(f"repairing who may assume the {_what(name)}"):
        stack.account.client("iam").update_assume_role_policy(RoleName=name, PolicyDocument=json.dumps(document))


def _attach(stack: Owned, name: str, arn: str) -> None:
    with doing(f"attaching the policy {_short(arn)} to the {_what(name)}"):
        stack.account.client("iam").attach_role_policy(RoleName=name, PolicyArn=arn)


def _put(stack: Owned, name: str, policy: str, document: Document) -> None:
    with doing(f"writing the policy {policy} of the {_what(name)}"):
        stack.account.client("iam").put_role_policy(
            RoleName=name, PolicyName=policy, PolicyDocument=json.dumps(document)
        )


def _detach(stack: Owned, name: str, arn: str) -> None:
    with ignoring(MISSING), doing(f"detaching the policy {_short(arn)} from the {_what(name)}"):
        stack.account.client("iam").detach_role_policy(RoleName=name, PolicyArn=arn)


def _delete_inline(stack: Owned, name: str, policy: str) -> None:
    with ignoring(MISSING), doing(f"deleting the policy {policy} of the {_what(name)}"):
        stack.account.client("iam").delete_role_policy(RoleName=name, PolicyName=policy)


def _remove(stack: Owned, name: str) -> None:
    """https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRole.html: only without policies."""
    with ignoring(MISSING):
        for arn in _attached(stack, name):
            _detach(stack, name, arn)
        for policy in _inline_names(stack, name):
            _delete_inline(stack, name, policy)
        insist(stack, _what(name), lambda: _delete(stack, name), (LETTING_GO,), FREE)
    stack.gone(_what(name))


def _delete(stack: Owned, name: str) -> None:
    with doing(f"deleting the {_what(name)}"):
        stack.account.client("iam").delete_role(RoleName=name)
