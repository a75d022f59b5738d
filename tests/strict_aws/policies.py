"""IAM policy documents: does one allow an action on a resource?

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from moto.iam.models import Policy


@dataclass(frozen=True)
class Need:
    """An action on a resource; ``context`` are the condition keys that are known of it.

    A key that ends in a slash stands for all that begin so: those not in the context are known to be absent.
    """

    action: str
    resource: str = "*"
    context: dict[str, list[str]] = field(default_factory=dict)


def allowed(need: Need, documents: list[dict[str, Any]]) -> bool:
    """Some statement allows it and none denies it."""
    effects = {one["Effect"] for document in documents for one in _list(document["Statement"]) if _fits(need, one)}
    return effects == {"Allow"}


def documents(principal: Any) -> list[dict[str, Any]]:
    """The inline and attached policies of a user or of an assumed role, as moto's access control collects them."""
    return [json.loads(_text(policy)) for policy in principal.collect_policies()]


def of_role(role: Any) -> list[dict[str, Any]]:
    """The inline and attached policies of a role, for what a service does with it."""
    return [json.loads(_text(policy)) for policy in (*role.policies.values(), *role.managed_policies.values())]


def _text(policy: Any) -> str:
    if isinstance(policy, Policy):
        return str(next(version for version in policy.versions if version.is_default).document)
    return str(policy if isinstance(policy, str) else policy["policy_document"])


def _fits(need: Need, statement: dict[str, Any]) -> bool:
    if "NotAction" in statement:
        action = not _matches(statement["NotAction"], need.action, re.IGNORECASE)
    else:
        action = _matches(statement["Action"], need.action, re.IGNORECASE)
    if "NotResource" in statement:
        resource = not _matches(statement["NotResource"], need.resource)
    else:
        resource = _matches(statement["Resource"], need.resource)
    return action and resource and holds(need.context, statement.get("Condition", {}))


def holds(context: dict[str, list[str]], conditions: dict[str, dict[str, Any]]) -> bool:
    """Conditions on keys that the stand-in does not know of count as met."""
    return all(
        _compare(operator, _list(wanted), context.get(key, []))
        for operator, keys in conditions.items()
        for key, wanted in keys.items()
        if key in context or f"{key.partition('/')[0]}/" in context
    )


def _compare(operator: str, wanted: list[str], actual: list[str]) -> bool:
    if operator.endswith("IfExists") and not actual:
        return True
    kind = operator.removesuffix("IfExists").rpartition(":")[2]
    if kind in ("StringLike", "ArnLike", "ArnEquals"):
        return any(_matches(wanted, value) for value in actual)
    if kind == "StringEquals":
        return bool(set(wanted) & set(actual))
    if kind in ("StringNotEquals", "ArnNotEquals"):
        return not set(wanted) & set(actual)
    raise NotImplementedError(f"the stand-in for AWS does not know the condition operator {operator}")


def _matches(patterns: str | list[str], value: str, flags: int = 0) -> bool:
    return any(_pattern(pattern, flags).fullmatch(value) for pattern in _list(patterns))


@cache
def _pattern(text: str, flags: int) -> re.Pattern[str]:
    return re.compile(re.escape(text).replace(r"\*", ".*").replace(r"\?", "."), flags)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
