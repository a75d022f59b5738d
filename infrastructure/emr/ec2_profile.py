"""The instance profile, by which EC2 instances have a role.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_switch-role-ec2_instance-profiles.html
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from infrastructure.access.roles import FREE, MISSING, SPREADING, check_region
from infrastructure.emr.ec2_roles import REMEDY, instance_role_name
from infrastructure.errors import NotOurs, doing, ignoring
from infrastructure.plan import Change, Sign, Step, take_all
from infrastructure.stack import REGION_TAG, aws_tags, read_tags
from infrastructure.waiting import insist

if TYPE_CHECKING:
    from infrastructure.emr.stack import LakeStack


def title(stack: LakeStack) -> str:
    return f"instance profile {instance_role_name(stack)}"


def plan_up(stack: LakeStack) -> Change:
    """What makes it, or gives it the role of its name and no other. Raises NotOurs, AwsFailed."""
    what, found = title(stack), _find(stack)
    if found is None:
        details = (f"gives instances the role {instance_role_name(stack)}",)
        return Change(Sign.ADD, what, details, partial(_create, stack))
    _check(stack, found)
    stack.stands(what)
    steps = _repairs(stack, found)
    if not steps:
        return Change(Sign.KEEP, what)
    return Change(Sign.CHANGE, what, tuple(step.text for step in steps), partial(take_all, steps))


def plan_down(stack: LakeStack) -> list[Change]:
    """What removes it, to be done before its role goes; a stranger's is shown as left. Raises AwsFailed."""
    what, found = title(stack), _find(stack)
    if found is None:
        return []
    try:
        _check(stack, found, "")
    except NotOurs as error:
        return [Change(Sign.KEEP, what, (error.message,))]
    stack.stands(what)
    return [Change(Sign.REMOVE, what, apply=partial(_remove, stack))]


def _check(stack: LakeStack, found: dict[str, Any], remedy: str = REMEDY) -> None:
    """Raises NotOurs; also where it serves the lake of this name in another region: a profile has none, as a role."""
    given = read_tags(found.get("Tags"))
    stack.check_ours(f"the {title(stack)}", given, remedy)
    check_region(stack, f"The {title(stack)}", given)


def _find(stack: LakeStack) -> dict[str, Any] | None:
    """https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetInstanceProfile.html"""
    name = instance_role_name(stack)
    with ignoring(MISSING), doing(f"looking at the {title(stack)}"):
        found: dict[str, Any] = stack.account.client("iam").get_instance_profile(InstanceProfileName=name)
        return dict(found["InstanceProfile"])
    return None


def _repairs(stack: LakeStack, found: dict[str, Any]) -> list[Step]:
    """It can have one role only, so that a wrong one goes first."""
    has, wanted = [role["RoleName"] for role in found["Roles"]], instance_role_name(stack)
    steps = [Step(f"- role {name}", partial(_take, stack, name)) for name in has if name != wanted]
    return steps if wanted in has else [*steps, Step(f"+ role {wanted}", partial(_give, stack))]


def _create(stack: LakeStack) -> None:
    """https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateInstanceProfile.html"""
    with ignoring("EntityAlreadyExists"), doing(f"creating the {title(stack)}"):
        stack.account.client("iam").create_instance_profile(
            InstanceProfileName=instance_role_name(stack),
            Tags=aws_tags({**stack.tags(), REGION_TAG: stack.account.region}),
        )
    stack.stands(title(stack))
    insist(stack, title(stack), lambda: _complete(stack), (SPREADING,), FREE)


def _complete(stack: LakeStack) -> None:
    """What is there now made ours and whole: another run, or a call whose answer was lost, may have made it."""
    name = instance_role_name(stack)
    with doing(f"looking at the {title(stack)}"):
        found = stack.account.client("iam").get_instance_profile(InstanceProfileName=name)["InstanceProfile"]
    _check(stack, found)
    take_all(_repairs(stack, found))


def _give(stack: LakeStack) -> None:
    """https://docs.aws.amazon.com/IAM/latest/APIReference/API_AddRoleToInstanceProfile.html"""
    name = instance_role_name(stack)
    with doing(f"giving the {title(stack)} its role"):
        stack.account.client("iam").add_role_to_instance_profile(InstanceProfileName=name, RoleName=name)


def _take(stack: LakeStack, role: str) -> None:
    name = instance_role_name(stack)
    with ignoring(MISSING), doing(f"taking the role {role} from the {title(stack)}"):
        stack.account.client("iam").remove_role_from_instance_profile(InstanceProfileName=name, RoleName=role)


def _remove(stack: LakeStack) -> None:
    """https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteInstanceProfile.html: only without a role."""
    for role in (_find(stack) or {"Roles": []})["Roles"]:
        _take(stack, role["RoleName"])
    with ignoring(MISSING), doing(f"deleting the {title(stack)}"):
        stack.account.client("iam").delete_instance_profile(InstanceProfileName=instance_role_name(stack))
    stack.gone(title(stack))
