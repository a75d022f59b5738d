"""The IAM role that Redshift assumes to read S3: made, repaired and removed."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from infrastructure.access.role_documents import (
    INLINE_POLICY,
    SERVICES,
    Document,
    bucket_policy,
    managed_policy,
    same,
    trust_policy,
)
from infrastructure.errors import AwsFailed, NotOurs, doing, ignoring
from infrastructure.plan import IN_USE, Change, Sign, Step, take_all
from infrastructure.settings import BUCKET
from infrastructure.stack import REGION_TAG, aws_tags, read_tags
from infrastructure.waiting import Passing, insist
from warehouse.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from infrastructure.stack import Stack

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


def tags(stack: Stack) -> dict[str, str] | None:
    """The role's tags, whoever made it; None where there is no role. Raises AwsFailed."""
    found = _find(stack)
    return None if found is None else read_tags(found.get("Tags"))


def look(stack: Stack) -> Role | None:
    """What the role consists of, whoever made it; inline policies other than ours by name alone. Raises AwsFailed."""
    found = _find(stack)
    return None if found is None else _read(stack, found)


def plan_up(stack: Stack) -> list[Change]:
    """What makes the role, or makes it again what dwh.cfg says; whatever else it may do is taken from it.

    Raises NotOurs where the name is taken, be it by our own other kind of warehouse; ConfigError, AwsFailed.
    """
    wanted, what = _wanted(stack), _what(stack)
    found = _find(stack)
    if found is None:
        steps = _repairs(stack, Role(wanted.trust), wanted)
        return [Change(Sign.ADD, what, (_assumed(stack), *_texts(steps)), partial(_create, stack, wanted))]
    _check(stack, found)
    stack.stands(what)
    steps = _repairs(stack, _read(stack, found), wanted)
    if not steps:
        return [Change(Sign.KEEP, what)]
    return [Change(Sign.CHANGE, what, _texts(steps), partial(take_all, steps))]


def plan_down(stack: Stack, used: Collection[str] = ()) -> list[Change]:
    """What removes the role; a stranger's of the same name is shown as left, and so is one of ``used`` (ARNs).
    Raises AwsFailed.
    """
    what = _what(stack)
    found = _find(stack)
    if found is None:
        return []
    given = read_tags(found.get("Tags"))
    try:
        stack.check_ours(what, given, "")
        _check_region(stack, given)
    except NotOurs as error:
        return [Change(Sign.KEEP, what, (error.message,))]
    stack.stands(what)
    if stack.role_arn in used:
        return [Change(Sign.KEEP, what, (IN_USE,))]
    return [Change(Sign.REMOVE, what, apply=partial(_remove, stack))]


def _what(stack: Stack) -> str:
    return f"IAM role {stack.settings.role_name}"


def _assumed(stack: Stack) -> str:
    return f"assumed by {' and '.join(SERVICES[stack.kind])}, nobody else"


def _texts(steps: list[Step]) -> tuple[str, ...]:
    return tuple(step.text for step in steps)


def _wanted(stack: Stack) -> Role:
    settings, partition = stack.settings, stack.account.identity.partition
    trust = trust_policy(stack.kind)
    if settings.role_policy != BUCKET:
        return Role(trust, managed=frozenset({managed_policy(partition)}))
    if not settings.buckets:
        raise ConfigError(
            f"{settings.file}: ROLE_POLICY is bucket, and [S3] names no bucket.",
            "Set LOG_DATA, LOG_JSONPATH and SONG_DATA to s3:// paths, or ROLE_POLICY = managed.",
        )
    return Role(trust, inline={INLINE_POLICY: bucket_policy(partition, settings.buckets)})


def _find(stack: Stack) -> dict[str, Any] | None:
    with ignoring(MISSING):
        return _see(stack)
    return None


def _see(stack: Stack) -> dict[str, Any]:
    """https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRole.html. Raises AwsFailed, also where none is."""
    with doing(f"looking at the {_what(stack)}"):
        role: dict[str, Any] = stack.account.client("iam").get_role(RoleName=stack.settings.role_name)["Role"]
    return role


def _check(stack: Stack, found: Mapping[str, Any]) -> None:
    """Raises NotOurs."""
    given = read_tags(found.get("Tags"))
    stack.check_ours(
        _what(stack), given, "Choose another NAME in [IAM_ROLE] of dwh.cfg: setup.py makes a role of that name."
    )
    _check_region(stack, given)
    stack.check_kind(_what(stack), given, "another CLUSTER_IDENTIFIER in [CLUSTER] and another NAME in [IAM_ROLE]")


def _check_region(stack: Stack, given: Mapping[str, str]) -> None:
    """Raises NotOurs where the role serves a warehouse of this name in another region: a role has none."""
    region = given.get(REGION_TAG, stack.account.region)
    if region != stack.account.region:
        raise NotOurs(
            f"{_what(stack)} serves the warehouse {stack.name} in {region}, which may still cost money; this is "
            f"{stack.account.region}.",
            f"Set REGION = {region} in [AWS] of dwh.cfg to go on with that one; or choose another CLUSTER_IDENTIFIER "
            "in [CLUSTER] and another NAME in [IAM_ROLE] to make one here.",
        )


def _read(stack: Stack, found: Mapping[str, Any]) -> Role:
    inline = {name: _inline(stack, name) if name == INLINE_POLICY else {} for name in _inline_names(stack)}
    return Role(found["AssumeRolePolicyDocument"], _attached(stack), inline)


def _attached(stack: Stack) -> frozenset[str]:
    with doing(f"listing the policies of the {_what(stack)}"):
        pages = stack.account.client("iam").get_paginator("list_attached_role_policies")
        answers = pages.paginate(RoleName=stack.settings.role_name)
        return frozenset(policy["PolicyArn"] for answer in answers for policy in answer["AttachedPolicies"])


def _inline_names(stack: Stack) -> list[str]:
    with doing(f"listing the inline policies of the {_what(stack)}"):
        pages = stack.account.client("iam").get_paginator("list_role_policies")
        return [name for answer in pages.paginate(RoleName=stack.settings.role_name) for name in answer["PolicyNames"]]


def _inline(stack: Stack, name: str) -> Document:
    with doing(f"reading the policy {name} of the {_what(stack)}"):
        answer = stack.account.client("iam").get_role_policy(RoleName=stack.settings.role_name, PolicyName=name)
    document: Document = answer["PolicyDocument"]
    return document


def _repairs(stack: Stack, there: Role, wanted: Role) -> list[Step]:
    """What leads from one to the other; rights are given before others are taken."""
    steps = []
    if not same(there.trust, wanted.trust):
        steps.append(Step(f"~ {_assumed(stack)}", partial(_trust, stack, wanted.trust)))
    steps += [
        Step(f"+ policy {_short(arn)}: reads every bucket", partial(_attach, stack, arn))
        for arn in sorted(wanted.managed - there.managed)
    ]
    for name, document in wanted.inline.items():
        if not same(there.inline.get(name), document):
            text = f"{'~' if name in there.inline else '+'} policy {name}: reads {', '.join(stack.settings.buckets)}"
            steps.append(Step(text, partial(_put, stack, name, document)))
    steps += [
        Step(f"- policy {_short(arn)}", partial(_detach, stack, arn)) for arn in sorted(there.managed - wanted.managed)
    ]
    extra = sorted(there.inline.keys() - wanted.inline.keys())
    return steps + [Step(f"- policy {name}", partial(_delete_inline, stack, name)) for name in extra]


def _short(arn: str) -> str:
    return arn.rpartition("/")[2]


def _create(stack: Stack, wanted: Role) -> None:
    """https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html"""
    there = Role(wanted.trust)
    try:
        with doing(f"creating the {_what(stack)}"):
            stack.account.client("iam").create_role(
                RoleName=stack.settings.role_name,
                AssumeRolePolicyDocument=json.dumps(wanted.trust),
                Description=f"Amazon Redshift reads S3 with it (stack {stack.name}, infrastructure/setup.py)",
                Tags=aws_tags({**stack.tags(), REGION_TAG: stack.account.region}),
            )
    except AwsFailed as error:
        if error.code != "EntityAlreadyExists":
            raise
        there = _made_meanwhile(stack)
    stack.stands(_what(stack))
    steps = _repairs(stack, there, wanted)
    _once_visible(stack, lambda: take_all(steps))
    _once_visible(stack, lambda: _see(stack))


def _made_meanwhile(stack: Stack) -> Role:
    """The role that another run made, or this one by a call whose answer was lost. Raises NotOurs."""
    found = _see(stack)
    _check(stack, found)
    return _read(stack, found)


def _once_visible(stack: Stack, work: Callable[[], object]) -> None:
    insist(stack, _what(stack), work, (SPREADING,), FREE)


def _trust(stack: Stack, document: Document) -> None:
    with doing(f"repairing who may assume the {_what(stack)}"):
        stack.account.client("iam").update_assume_role_policy(
            RoleName=stack.settings.role_name, PolicyDocument=json.dumps(document)
        )


def _attach(stack: Stack, arn: str) -> None:
    with doing(f"attaching the policy {_short(arn)} to the {_what(stack)}"):
        stack.account.client("iam").attach_role_policy(RoleName=stack.settings.role_name, PolicyArn=arn)


def _put(stack: Stack, name: str, document: Document) -> None:
    with doing(f"writing the policy {name} of the {_what(stack)}"):
        stack.account.client("iam").put_role_policy(
            RoleName=stack.settings.role_name, PolicyName=name, PolicyDocument=json.dumps(document)
        )


def _detach(stack: Stack, arn: str) -> None:
    with ignoring(MISSING), doing(f"detaching the policy {_short(arn)} from the {_what(stack)}"):
        stack.account.client("iam").detach_role_policy(RoleName=stack.settings.role_name, PolicyArn=arn)


def _delete_inline(stack: Stack, name: str) -> None:
    with ignoring(MISSING), doing(f"deleting the policy {name} of the {_what(stack)}"):
        stack.account.client("iam").delete_role_policy(RoleName=stack.settings.role_name, PolicyName=name)


def _remove(stack: Stack) -> None:
    """https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRole.html: only without policies."""
    with ignoring(MISSING):
        for arn in _attached(stack):
            _detach(stack, arn)
        for name in _inline_names(stack):
            _delete_inline(stack, name)
        insist(stack, _what(stack), lambda: _delete(stack), (LETTING_GO,), FREE)
    stack.gone(_what(stack))


def _delete(stack: Stack) -> None:
    with doing(f"deleting the {_what(stack)}"):
        stack.account.client("iam").delete_role(RoleName=stack.settings.role_name)
