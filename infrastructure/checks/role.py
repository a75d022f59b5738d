"""May the cluster read S3? The role, who may assume it, what it may do, and whether the cluster has it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from infrastructure.access import role_documents as documents
from infrastructure.checks.result import Skipped
from infrastructure.compute import title
from infrastructure.overview import role_difference
from warehouse.errors import WarehouseError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from infrastructure.access.roles import Role
    from infrastructure.checks.result import Scene

# AWS's policies that read any bucket, by the ends of their ARNs.
READ_ANY = frozenset({documents.MANAGED_POLICY, "AmazonS3FullAccess", "ReadOnlyAccess", "AdministratorAccess"})


def there(scene: Scene) -> str:
    if scene.role is None:
        raise WarehouseError(f"there is no role {scene.stack.settings.role_name}.", scene.repair)
    return scene.stack.role_arn


def trusted(scene: Scene) -> str:
    """That Redshift may assume it.

    https://docs.aws.amazon.com/redshift/latest/mgmt/authorizing-redshift-service.html
    """
    wanted = documents.SERVICES[scene.stack.kind]
    missing = [service for service in wanted if service not in _trusted(_role(scene).trust)]
    if missing:
        raise WarehouseError(f"it does not let {' and '.join(missing)} assume it.", scene.repair)
    return " and ".join(wanted)


def reads(scene: Scene) -> str:
    """That its policies let it read the buckets in [S3], as far as AWS's and ours are concerned."""
    role, stack = _role(scene), scene.stack
    any_ = sorted(READ_ANY & {arn.rpartition("/")[2] for arn in role.managed})
    if any_:
        return f"{', '.join(any_)}: every bucket"
    buckets = ", ".join(stack.settings.buckets)
    wanted = documents.bucket_policy(stack.account.identity.partition, stack.settings.buckets)
    if documents.same(role.inline.get(documents.INLINE_POLICY, {}), wanted):
        return f"{documents.INLINE_POLICY}: {buckets}"
    others = sorted({arn.rpartition("/")[2] for arn in role.managed} | (role.inline.keys() - {documents.INLINE_POLICY}))
    if others:
        raise Skipped(f"whether {', '.join(others)} lets it read {buckets} cannot be told from here")
    raise WarehouseError(f"it has no policy that lets it read {buckets}.", scene.repair)


def attached(scene: Scene) -> str:
    """That the cluster has it, and that AWS is through with that (in-sync).

    https://docs.aws.amazon.com/redshift/latest/APIReference/API_ClusterIamRole.html
    """
    if scene.stack.role_arn not in scene.state.role_arns:
        raise WarehouseError(f"the {title(scene.stack)} does not have the role.", scene.repair)
    apply = _apply_status(scene.state.raw, scene.stack.role_arn)
    if apply and apply != "in-sync":
        raise WarehouseError(f"AWS is still at it ({apply}).", "Look again in a minute.")
    return "in-sync" if apply else "it is"


def configured(scene: Scene) -> str:
    """That COPY names it."""
    wrong = role_difference(scene.stack)
    if wrong:
        raise WarehouseError(wrong, scene.repair)
    return scene.stack.settings.arn


def _role(scene: Scene) -> Role:
    if scene.role is None:
        raise Skipped("there is no role")
    return scene.role


def _trusted(trust: Mapping[str, Any]) -> set[str]:
    """The services that a trust policy lets assume the role."""
    found: set[str] = set()
    for statement in _list(trust.get("Statement", [])):
        principal = statement.get("Principal", {})
        actions = {action.lower() for action in _list(statement.get("Action", []))}
        assumed = statement.get("Effect") == "Allow" and actions & {"sts:assumerole", "sts:*", "*"}
        if assumed and isinstance(principal, dict):
            found.update(_list(principal.get("Service", [])))
    return found


def _apply_status(raw: Mapping[str, Any], arn: str) -> str:
    """in-sync, adding or removing; empty where AWS does not tell. Of a namespace it tells it in a text.

    >>> _apply_status({"namespace": {"iamRoles": ["IamRole(applyStatus=in-sync, iamRoleArn=arn:a)"]}}, "arn:a")
    'in-sync'
    """
    for one in raw.get("IamRoles", ()):
        if one.get("IamRoleArn") == arn:
            return str(one.get("ApplyStatus") or "")
    texts = (text for text in raw.get("namespace", {}).get("iamRoles", ()) if f"={arn}" in text)
    return next((match[1] for text in texts if (match := re.search(r"applyStatus=([\w-]+)", text))), "")


def _list(value: Any) -> list[Any]:
    """A policy may have one thing where it could have a list."""
    return value if isinstance(value, list) else [value]
