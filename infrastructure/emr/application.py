"""The application of EMR Serverless that job runs are started in: its capacity, and when it stops by itself.

https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/applications.html#application-states
"""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING, Any, NamedTuple

from infrastructure.emr.orders import NOT_FOUND, client, order
from infrastructure.errors import AwsFailed, Stuck, doing, ignoring
from infrastructure.waiting import Seen, until

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from infrastructure.emr.stack import LakeStack

TERMINATED = "TERMINATED"
READY = ("CREATED", "STARTING", "STARTED", "STOPPED")  # a job run may be started: it starts by itself
AT_REST = ("CREATED", "STOPPED")  # it may be changed and deleted
LOOKS_UNTIL_VISIBLE = 10  # how often what was just made may not be found
IDLE = "free while no job runs"
ARCHITECTURE = "X86_64"


class Difference(NamedTuple):
    """A parameter of UpdateApplication that is not as dl.cfg has it, and the line that shows it."""

    parameter: str
    line: str


def title(stack: LakeStack) -> str:
    return f"EMR Serverless application {stack.name}"


def named(stack: LakeStack) -> list[Mapping[str, Any]]:
    """All of the lake's name, ours before others, the oldest first: AWS lets several have one name. Raises AwsFailed.

    https://docs.aws.amazon.com/emr-serverless/latest/APIReference/API_ListApplications.html
    """
    with doing(f"looking for the {title(stack)}"):
        pages = client(stack).get_paginator("list_applications").paginate()
        listed = [one for page in pages for one in page["applications"] if one["state"] != TERMINATED]
    found = (get(stack, one["id"]) for one in listed if one.get("name") == stack.name)
    there = [one for one in found if one]
    return sorted(there, key=lambda one: (not is_ours(stack, one), one["createdAt"], one["applicationId"]))


def get(stack: LakeStack, identifier: str) -> Mapping[str, Any] | None:
    """As AWS describes it, None where there is no such application, or no longer. Raises AwsFailed.

    https://docs.aws.amazon.com/emr-serverless/latest/APIReference/API_Application.html
    """
    try:
        with doing(f"looking for the {title(stack)}"):
            one: Mapping[str, Any] = client(stack).get_application(applicationId=identifier)["application"]
    except AwsFailed as error:
        if error.code == NOT_FOUND:
            return None
        raise
    return None if one["state"] == TERMINATED else one


def is_ours(stack: LakeStack, application: Mapping[str, Any]) -> bool:
    return stack.owns(application.get("tags", {}))


def ours(stack: LakeStack) -> list[Mapping[str, Any]]:
    """The lake's, of which the first counts; there are more where two runs of ``up`` met.

    Raises AwsFailed; NotOurs where only somebody else's has that name.
    """
    found = named(stack)
    if found:
        stack.check_ours(f"the {title(stack)}", found[0].get("tags", {}), f"Set {stack.words.names} of dl.cfg.")
    return [one for one in found if is_ours(stack, one)]


def wanted(stack: LakeStack) -> dict[str, Any]:
    """The parameters of CreateApplication and UpdateApplication that dl.cfg decides on.

    https://docs.aws.amazon.com/emr-serverless/latest/APIReference/API_CreateApplication.html
    """
    settings = stack.settings
    return {
        "releaseLabel": settings.release,
        "architecture": ARCHITECTURE,
        "initialCapacity": {},
        "maximumCapacity": {"cpu": f"{settings.max_vcpu} vCPU", "memory": f"{settings.max_memory_gb} GB"},
        "autoStartConfiguration": {"enabled": True},
        "autoStopConfiguration": {"enabled": True, "idleTimeoutMinutes": settings.idle_minutes},
    }


def _capacity(given: Mapping[str, str] | None) -> str:
    amounts = [re.sub(r"(\d+).*", r"\1", (given or {}).get(name, "")) for name in ("cpu", "memory")]
    return f"{amounts[0]} vCPU, {amounts[1]} GB" if all(amounts) else "unlimited"


def _stops(given: Mapping[str, Any] | None) -> str:
    settings = given or {}  # AWS's own defaults
    minutes = settings.get("idleTimeoutMinutes", 15)
    return f"after {minutes} minutes without a job" if settings.get("enabled", True) else "never"


# Parameter -> what people call it, and its value in words: what AWS answers differs in spelling from what it was told.
IN_WORDS: Mapping[str, tuple[str, Callable[[Any], str]]] = {
    "releaseLabel": ("release", str),
    "architecture": ("processors", lambda given: given or ARCHITECTURE),
    "initialCapacity": ("workers kept ready", lambda given: "some, which cost money all the time" if given else "none"),
    "maximumCapacity": ("maximum capacity", _capacity),
    "autoStartConfiguration": ("starts by itself", lambda given: "yes" if (given or {}).get("enabled", True) else "no"),
    "autoStopConfiguration": ("stops by itself", _stops),
}


def in_words(described: Mapping[str, Any]) -> dict[str, str]:
    """What people call a parameter -> its value in words, of an application or of what is wanted."""
    return {name: words(described.get(parameter)) for parameter, (name, words) in IN_WORDS.items()}


def differences(stack: LakeStack, application: Mapping[str, Any]) -> list[Difference]:
    """What is not as dl.cfg has it."""
    there, here = in_words(application), in_words(wanted(stack))
    return [
        Difference(parameter, f"{name}: {there[name]} -> {here[name]}")
        for parameter, (name, _) in IN_WORDS.items()
        if there[name] != here[name]
    ]


def create(stack: LakeStack) -> None:
    """Make it and wait until job runs can be started. Raises AwsFailed, StillWaiting, Stuck."""
    token, what = str(uuid.uuid4()), title(stack)
    made = order(
        stack,
        what,
        f"creating the {what}",
        lambda: client(stack).create_application(
            name=stack.name,
            type="SPARK",
            clientToken=token,
            tags=stack.tags(),
            **{name: value for name, value in wanted(stack).items() if value},
        ),
    )
    stack.stands(what, IDLE)
    wait(stack, made["applicationId"])


def update(stack: LakeStack, identifier: str) -> None:
    """Stop it and put it right. Raises AwsFailed, StillWaiting, Stuck.

    https://docs.aws.amazon.com/emr-serverless/latest/APIReference/API_UpdateApplication.html
    """
    wait(stack, identifier)
    stop(stack, identifier)
    token, what, there = str(uuid.uuid4()), title(stack), get(stack, identifier) or {}
    differing = {difference.parameter for difference in differences(stack, there)}
    changes = {name: value for name, value in wanted(stack).items() if name in differing}
    if changes:
        order(
            stack,
            what,
            f"changing the {what}",
            lambda: client(stack).update_application(applicationId=identifier, clientToken=token, **changes),
        )


def wait(stack: LakeStack, identifier: str) -> None:
    """Until a job run can be started. Raises AwsFailed, StillWaiting, Stuck."""
    unseen: list[None] = []

    def look() -> Seen:
        one = get(stack, identifier)
        if one is None:
            unseen.append(None)
            if len(unseen) > LOOKS_UNTIL_VISIBLE:
                raise Stuck(f"The {title(stack)} is gone: somebody has deleted it meanwhile.")
            return Seen(False, "not visible yet")
        return Seen(one["state"] in READY, one["state"].lower())

    until(stack, title(stack), look, f"AWS goes on with it; it is {IDLE}.")


def stop(stack: LakeStack, identifier: str) -> None:
    """Until it may be changed or deleted, or is gone. Raises AwsFailed, StillWaiting.

    https://docs.aws.amazon.com/emr-serverless/latest/APIReference/API_StopApplication.html
    """

    def look() -> Seen:
        one = get(stack, identifier)
        if one is None or one["state"] in AT_REST:
            return Seen(True, "")
        state = one["state"].lower()
        if one["state"] in READY:
            try:
                with doing(f"stopping the {title(stack)}"):
                    client(stack).stop_application(applicationId=identifier)
            except AwsFailed as error:
                if error.code != "ValidationException":  # meanwhile it stops by itself, or a job run still ends
                    raise
                return Seen(False, f"{state} ({error.message})")
        return Seen(False, state)

    until(stack, title(stack), look, f"It is {IDLE}.")


def delete(stack: LakeStack, identifier: str) -> None:
    """Stop it, delete it, and wait until it is gone. Raises AwsFailed, StillWaiting.

    https://docs.aws.amazon.com/emr-serverless/latest/APIReference/API_DeleteApplication.html
    """
    stop(stack, identifier)
    what = title(stack)
    with ignoring(NOT_FOUND):
        order(stack, what, f"deleting the {what}", lambda: client(stack).delete_application(applicationId=identifier))
    until(stack, what, lambda: Seen(get(stack, identifier) is None, "being deleted"), "AWS goes on deleting it.")
    stack.gone(what)
