"""The IAM role that Redshift assumes to read S3: what dwh.cfg orders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infrastructure.access import roles
from infrastructure.access.role_documents import (
    INLINE_POLICY,
    MANAGED_POLICY,
    SERVICES,
    bucket_policy,
    managed_policy,
    trust_policy,
)
from infrastructure.access.roles import Order, Role
from infrastructure.settings import BUCKET
from warehouse.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Collection

    from infrastructure.plan import Change
    from infrastructure.stack import Stack


def tags(stack: Stack) -> dict[str, str] | None:
    """As ``roles.tags``, which raises AwsFailed."""
    return roles.tags(stack, stack.settings.role_name)


def look(stack: Stack) -> Role | None:
    """As ``roles.look``, which raises AwsFailed."""
    return roles.look(stack, stack.settings.role_name, {INLINE_POLICY})


def plan_up(stack: Stack) -> list[Change]:
    """As ``roles.plan_up``, which raises NotOurs and AwsFailed; ConfigError."""
    return roles.plan_up(stack, _order(stack))


def plan_down(stack: Stack, used: Collection[str] = ()) -> list[Change]:
    """As ``roles.plan_down``, which raises AwsFailed."""
    return roles.plan_down(stack, stack.settings.role_name, used)


def _order(stack: Stack) -> Order:
    return Order(
        stack.settings.role_name,
        _role(stack),
        f"Amazon Redshift reads S3 with it (stack {stack.name}, infrastructure/setup.py)",
        {MANAGED_POLICY: "reads every bucket", INLINE_POLICY: f"reads {', '.join(stack.settings.buckets)}"},
        "Choose another NAME in [IAM_ROLE] of dwh.cfg: setup.py makes a role of that name.",
    )


def _role(stack: Stack) -> Role:
    settings, partition = stack.settings, stack.account.identity.partition
    trust = trust_policy(SERVICES[stack.kind])
    if settings.role_policy != BUCKET:
        return Role(trust, managed=frozenset({managed_policy(partition)}))
    if not settings.buckets:
        raise ConfigError(
            f"{settings.file}: ROLE_POLICY is bucket, and [S3] names no bucket.",
            "Set LOG_DATA, LOG_JSONPATH and SONG_DATA to s3:// paths, or ROLE_POLICY = managed.",
        )
    return Role(trust, inline={INLINE_POLICY: bucket_policy(partition, settings.buckets)})
