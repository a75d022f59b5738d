"""The namespace of a serverless warehouse: its data, its administrator and its roles."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from infrastructure import final_snapshot
from infrastructure.errors import NotOurs
from infrastructure.plan import Change, Sign
from infrastructure.serverless.calls import (
    AVAILABLE,
    DELETING,
    NOT_OURS,
    check_usable,
    client,
    create,
    delete,
    found,
    insist_on,
    name_of,
    own_tags,
    snapshots,
    tags,
    until_usable,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from infrastructure.stack import Stack


def title(stack: Stack) -> str:
    return f"serverless namespace {stack.name}"


def get(stack: Stack) -> Mapping[str, Any] | None:
    """AWS's description, None where there is none. Raises AwsFailed, ConfigError.

    https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_Namespace.html
    """
    name = name_of(stack)
    answer = found(f"looking for the {title(stack)}", lambda: client(stack).get_namespace(namespaceName=name))
    return answer["namespace"] if answer else None


def role_arns(namespace: Mapping[str, Any]) -> tuple[str, ...]:
    """The roles' ARNs, which AWS wraps in the text of an object.

    >>> role_arns({"iamRoles": ["IamRole(applyStatus=in-sync, iamRoleArn=arn:aws:iam::1:role/a)"]})
    ('arn:aws:iam::1:role/a',)
    """
    wrapped = re.compile(r"iamRoleArn=(.+?)(, \w+=.*)?\)$")
    roles = namespace.get("iamRoles", ())
    return tuple(match[1] if (match := wrapped.search(role)) else role for role in roles)


def storage(stack: Stack) -> str:
    """What the data costs: https://aws.amazon.com/redshift/pricing/ (managed storage)"""
    return f"storage only, {stack.prices.storage} of what is stored"


def plan_up(stack: Stack) -> Change:
    """The namespace made, or our role in it again. Raises AwsFailed, NotOurs, Refused."""
    namespace, what, arn = get(stack), title(stack), stack.role_arn
    if namespace is None:
        return Change(Sign.ADD, what, _details(stack), lambda: _create(stack))
    check_usable(stack, what, namespace["namespaceArn"], namespace["status"])
    stack.stands(what, storage(stack))
    if arn not in role_arns(namespace) or not namespace.get("defaultIamRoleArn"):
        return Change(Sign.CHANGE, what, (f"+ role {arn}, which becomes the default",), lambda: _add_role(stack))
    if namespace["status"] != AVAILABLE:
        state = namespace["status"].lower()
        return Change(Sign.CHANGE, what, (f"~ is {state}: waits until it is available",), lambda: wait(stack))
    return Change(Sign.KEEP, what, _fixed(stack, namespace))


def plan_down(stack: Stack, namespace: Mapping[str, Any], snapshot: str) -> Change:
    """The namespace removed, with its data; left where it is not ours.

    Raises AwsFailed; Refused where a snapshot has that name already.
    """
    what = title(stack)
    try:
        stack.check_ours(what, tags(stack, namespace["namespaceArn"]), NOT_OURS)
    except NotOurs as error:
        return Change(Sign.KEEP, what, (error.message,))
    stack.stands(what, storage(stack))
    if namespace["status"] == DELETING:
        return Change(Sign.REMOVE, what, ("is being deleted already",), lambda: _delete(stack, ""))
    if snapshot in {one["snapshotName"] for one in snapshots(stack)}:
        raise final_snapshot.taken(snapshot)
    details = [
        final_snapshot.line(stack, snapshot)
        if snapshot
        else "its data and its recovery points are lost: no final snapshot"
    ]
    if namespace.get("adminPasswordSecretArn"):
        details.append("its administrator's password in Secrets Manager goes with it")
    return Change(Sign.REMOVE, what, tuple(details), lambda: _delete(stack, snapshot))


def wait(stack: Stack) -> None:
    """Until it is available. Raises AwsFailed, StillWaiting, Stuck."""
    until_usable(stack, title(stack), get, _is_available, f"AWS goes on with it; it costs {storage(stack)}.")


def _is_available(namespace: Mapping[str, Any] | None) -> bool:
    return namespace is not None and namespace["status"] == AVAILABLE


def _details(stack: Stack) -> tuple[str, ...]:
    settings = stack.settings
    password = "that of dwh.cfg" if settings.password else "kept by AWS in Secrets Manager"
    return (
        f"database {settings.database}, administrator {settings.user}, password {password}",
        f"encrypted, role {stack.role_arn}",
    )


def _fixed(stack: Stack, namespace: Mapping[str, Any]) -> tuple[str, ...]:
    """Where dwh.cfg says otherwise than what was made and stays."""
    settings = stack.settings
    pairs = (
        ("DB_NAME", settings.database, "database", namespace.get("dbName")),
        ("DB_USER", settings.user, "administrator", namespace.get("adminUsername")),
    )
    fixed = [
        f"{key} in dwh.cfg is {wanted}, the {what} of the namespace {there}: that is settled when it is made"
        for key, wanted, what, there in pairs
        if there and there != wanted
    ]
    if settings.password and namespace.get("adminPasswordSecretArn"):
        fixed.append("AWS keeps the administrator's password in Secrets Manager: leave DB_PASSWORD in dwh.cfg empty")
    return tuple(fixed)


def _create(stack: Stack) -> None:
    """https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_CreateNamespace.html"""
    settings, what = stack.settings, title(stack)
    password = {"adminUserPassword": settings.password} if settings.password else {"manageAdminPassword": True}
    create(
        stack,
        what,
        storage(stack),
        lambda: client(stack).create_namespace(
            namespaceName=name_of(stack),
            adminUsername=settings.user,
            **password,
            dbName=settings.database,
            iamRoles=[stack.role_arn],
            defaultIamRoleArn=stack.role_arn,
            tags=own_tags(stack),
        ),
        get,
        "namespaceArn",
    )
    wait(stack)


def _add_role(stack: Stack) -> None:
    """Our role beside those that are there.

    https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_UpdateNamespace.html
    """
    wait(stack)
    there, what = role_arns(get(stack) or {}), title(stack)
    insist_on(
        stack,
        what,
        f"attaching the role to the {what}",
        lambda: client(stack).update_namespace(
            namespaceName=name_of(stack),
            iamRoles=list(dict.fromkeys([*there, stack.role_arn])),
            defaultIamRoleArn=stack.role_arn,
        ),
    )
    wait(stack)


def _delete(stack: Stack, snapshot: str) -> None:
    """https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_DeleteNamespace.html"""
    last = {"finalSnapshotName": snapshot} if snapshot else {}
    delete(
        stack,
        title(stack),
        get,
        lambda: client(stack).delete_namespace(namespaceName=name_of(stack), **last),
        "AWS goes on deleting it.",
    )
    if snapshot:
        stack.stands(f"snapshot {snapshot}", stack.prices.storage)
