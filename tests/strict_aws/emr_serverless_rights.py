"""What each call of EMR Serverless needs to be allowed.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_emr-serverless.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from strict_aws.emr_serverless import SERVICE, by_arn
from strict_aws.emr_serverless_calls import LINKED
from strict_aws.policies import Need
from strict_aws.world import ACCOUNT

if TYPE_CHECKING:
    from strict_aws.wire import Call
    from strict_aws.world import World

LINKED_ROLE = f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/{LINKED}/AWSServiceRoleForAmazonEMRServerless"


def needs(world: World, call: Call) -> list[Need]:
    """AWS knows no resource of CreateApplication and ListApplications; ids are its choice, so that no policy has one.

    Tags that a call asks for are an action of their own, the role of a job run is passed, and the account's first
    application makes the service's own role.
    """
    resource, asked = _resource(call), _tags("Request", call.get("tags", {}))
    one = by_arn(world, resource)
    found = [
        Need(f"emr-serverless:{call.operation}", resource, {**asked, **_tags("Resource", one.tags if one else {})})
    ]
    if call.get("tags") and call.operation != "TagResource":
        new = _arn(call, "new") if resource == "*" else f"{resource}/jobruns/new"
        found.append(Need("emr-serverless:TagResource", new, {**asked, **_tags("Resource", {})}))
    if call.operation == "CreateApplication" and LINKED not in world.linked:
        found.append(Need("iam:CreateServiceLinkedRole", LINKED_ROLE, {"iam:AWSServiceName": [LINKED]}))
    if role := call.get("executionRoleArn"):
        found.append(Need("iam:PassRole", role, {"iam:PassedToService": [SERVICE]}))
    return found


def _resource(call: Call) -> str:
    if "resourceArn" in call.parameters:
        return str(call.get("resourceArn"))
    if "applicationId" not in call.parameters:
        return "*"
    application = _arn(call, call.parameters["applicationId"])
    return f"{application}/jobruns/{call.get('jobRunId')}" if "jobRunId" in call.parameters else application


def _arn(call: Call, application: str) -> str:
    return f"arn:aws:emr-serverless:{call.region}:{ACCOUNT}:/applications/{application}"


def _tags(kind: str, tags: dict[str, str]) -> dict[str, list[str]]:
    """As condition keys; the one that ends in the slash says that there are no others."""
    return {f"aws:{kind}Tag/": [], **{f"aws:{kind}Tag/{key}": [value] for key, value in tags.items()}}
