"""Waiting for AWS: what is shown, what passes, and what is said where the wait ends early."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING

import pytest

from infrastructure.account import Account
from infrastructure.errors import AwsFailed, Refused, StillWaiting
from infrastructure.report import Report
from infrastructure.settings import StackSettings
from infrastructure.stack import Stack
from infrastructure.waiting import PASSING_IN_A_ROW, Passing, Seen, insist, until

if TYPE_CHECKING:
    from collections.abc import Callable

COSTS = "The cluster goes on being created and costs $1.09 an hour."
DONE = Seen(True, "available")
SEEN = Seen(False, "creating")


def make(wait_minutes: int = 60) -> tuple[Stack, StringIO]:
    settings, said = StackSettings(poll_seconds=0.0, wait_minutes=wait_minutes), StringIO()
    return Stack(settings, Account(settings), Report((), said)), said


def script(*steps: Seen | BaseException) -> Callable[[], Seen]:
    """Each look sees the next step, or fails with it."""
    left = list(steps)

    def look() -> Seen:
        step = left.pop(0)
        if isinstance(step, BaseException):
            raise step
        return step

    return look


def failed(code: str) -> AwsFailed:
    return AwsFailed(f"While looking, AWS said: No ({code}).", code, "Do something.")


def test_it_looks_until_it_is_over() -> None:
    stack, said = make()
    until(stack, "cluster sparkify", script(SEEN, SEEN, Seen(False, "modifying"), DONE), COSTS)
    assert [line.partition(" [")[0] for line in said.getvalue().splitlines()] == [
        "  cluster sparkify: creating",
        "  cluster sparkify: modifying",
    ]


def test_what_is_over_already_shows_nothing() -> None:
    stack, said = make()
    until(stack, "cluster sparkify", script(DONE), COSTS)
    assert said.getvalue() == ""


@pytest.mark.parametrize(
    "code",
    [
        "Throttling",
        "ThrottledException",
        "RequestLimitExceeded",
        "TooManyRequestsException",
        "ServiceUnavailable",
        "DependentServiceUnavailableFault",
        "InternalFailure",
        "InternalServerException",
        "InternalError",
        "HTTP 502",
        "EndpointConnectionError",
        "ConnectTimeoutError",
        "ReadTimeoutError",
        "ConnectionClosedError",
        "HTTPClientError",
    ],
)
def test_what_passes_is_borne(code: str) -> None:
    stack, _ = make()
    borne = [failed(code)] * (PASSING_IN_A_ROW - 1)
    until(stack, "cluster sparkify", script(*borne, SEEN, *borne, DONE), COSTS)


def test_not_for_ever() -> None:
    stack, _ = make()
    with pytest.raises(StillWaiting) as caught:
        until(stack, "cluster sparkify", script(SEEN, *[failed("Throttling")] * PASSING_IN_A_ROW), COSTS)
    assert caught.value.message == f"While looking, AWS said: No (Throttling). {COSTS}"


@pytest.mark.parametrize("code", ["ExpiredToken", "AccessDenied", "ClusterNotFound"])
def test_what_does_not_pass_ends_it_and_says_what_goes_on(code: str) -> None:
    stack, _ = make()
    with pytest.raises(StillWaiting) as caught:
        until(stack, "cluster sparkify", script(SEEN, failed(code), DONE), COSTS)
    assert caught.value.message == f"While looking, AWS said: No ({code}). {COSTS}"
    assert caught.value.hint == "Do something."


def test_what_the_look_decides_is_left_as_it_is() -> None:
    stack, _ = make()
    with pytest.raises(Refused, match="broken"):
        until(stack, "cluster sparkify", script(SEEN, Refused("It is broken."), DONE), COSTS)


def test_ctrl_c() -> None:
    stack, _ = make()
    with pytest.raises(StillWaiting) as caught:
        until(stack, "cluster sparkify", script(SEEN, KeyboardInterrupt()), COSTS)
    assert caught.value.message == f"Interrupted while waiting for the cluster sparkify. {COSTS}"
    for script_ in ("Run the same command again", "status.py", "teardown.py"):
        assert script_ in caught.value.hint


def test_it_ends_when_the_time_is_up() -> None:
    stack, _ = make(wait_minutes=0)
    with pytest.raises(StillWaiting) as caught:
        until(stack, "cluster sparkify", script(SEEN, DONE), COSTS)
    assert caught.value.message == f"After 0s the cluster sparkify is still creating. {COSTS}"
    assert "WAIT_MINUTES in [AWS]" in caught.value.hint


UNSEEN = Passing(r"not valid", "the role is not visible yet", tries=2)
BUSY = Passing(r"busy", "busy")


def calls(*steps: Exception | None) -> tuple[Callable[[], None], list[Exception | None]]:
    left = list(steps)

    def call() -> None:
        step = left.pop(0)
        if step is not None:
            raise step

    return call, left


def refused(words: str) -> AwsFailed:
    return AwsFailed(f"AWS said: {words}.", "InvalidParameterValue", "")


def test_a_call_is_made_again_while_it_is_refused_for_what_passes() -> None:
    stack, said = make()
    call, left = calls(refused("not valid"), refused("busy"), refused("not valid"), *[refused("busy")] * 5, None)
    insist(stack, "cluster sparkify", call, (UNSEEN, BUSY), COSTS)
    assert left == []
    assert "the role is not visible yet" in said.getvalue()


def test_so_often_and_no_more() -> None:
    stack, _ = make()
    call, left = calls(*[refused("not valid")] * 3, None)
    with pytest.raises(AwsFailed, match="not valid"):
        insist(stack, "cluster sparkify", call, (UNSEEN, BUSY), COSTS)
    assert left == [None]


def test_another_refusal_counts_at_once() -> None:
    stack, _ = make()
    call, left = calls(refused("busy"), refused("no such thing"), None)
    with pytest.raises(AwsFailed, match="no such thing"):
        insist(stack, "cluster sparkify", call, (UNSEEN, BUSY), COSTS)
    assert left == [None]
