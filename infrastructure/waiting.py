"""Waiting for AWS: look again and again, with a clock, and say what goes on where the wait ends early."""

from __future__ import annotations

import re
import time
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from infrastructure.errors import AwsFailed, StillWaiting
from infrastructure.report import elapsed

if TYPE_CHECKING:
    from collections.abc import Callable

    from infrastructure.stack import Owned

# A wait of minutes outlives what passes by itself, some times in a row.
PASSING = re.compile(
    r"Throttl|RequestLimitExceeded|TooManyRequests|ServiceUnavailable|InternalFailure|InternalServer|InternalError"
    r"|EndpointConnection|ConnectTimeout|ReadTimeout|ConnectionClosed|HTTPClientError|HTTP 5"
)
PASSING_IN_A_ROW = 10
# Without an answer, or with one that nobody can read, AWS may have taken the order; the last of botocore's own attempts
# (refused at the door) tells nothing of the one before it.
UNANSWERED = re.compile(
    r"Timeout|Connection|HTTPClientError|ResponseParser|ResponseStreaming|ServiceUnavailable|Internal|HTTP 5"
)


class Seen(NamedTuple):
    """What one look saw: whether the wait is over, and the state in AWS's words."""

    over: bool
    state: str


def until(stack: Owned, what: str, look: Callable[[], Seen], goes_on: str, minutes: int = 0) -> None:
    """Look every POLL_SECONDS until ``look`` says that it is over, at most WAIT_MINUTES long and ``minutes`` more.

    ``what`` is shown ("cluster sparkify"); ``goes_on`` is the sentence about what AWS does on its own, and what that
    costs, where we stop looking: by Ctrl-C, after the time, or as AWS answers no more (the token has expired, say).
    Raises StillWaiting; and whatever ``look`` raises for a state that is not waited for.
    """
    started = time.monotonic()
    with stack.report.waiting(what) as tell:
        try:
            while True:
                seen = _patiently(look, goes_on, stack.settings.poll_seconds)
                if seen.over:
                    return
                tell(seen.state)
                waited = time.monotonic() - started
                if waited >= (stack.settings.wait_minutes + minutes) * 60:
                    raise StillWaiting(
                        f"After {elapsed(waited)} the {what} is still {seen.state}. {goes_on}",
                        f"{stack.again} to go on waiting, or {stack.words.status} to look; "
                        "WAIT_MINUTES in [AWS] makes the wait longer.",
                    )
                time.sleep(stack.settings.poll_seconds)
        except KeyboardInterrupt:
            raise StillWaiting(
                f"Interrupted while waiting for the {what}. {goes_on}",
                f"{stack.again} to go on waiting, {stack.words.status} to look, or {stack.words.down} to remove it.",
            ) from None


def _patiently(look: Callable[[], Seen], goes_on: str, pause: float) -> Seen:
    for attempt in range(1, PASSING_IN_A_ROW + 1):
        try:
            return look()
        except AwsFailed as error:
            if attempt == PASSING_IN_A_ROW or not PASSING.search(error.code):
                raise StillWaiting(f"{error.message} {goes_on}", error.hint) from None
        time.sleep(pause)
    raise AssertionError("the last attempt returns or raises")


class Passing(NamedTuple):
    """A refusal that ends by itself: a pattern of AWS's words, what to show meanwhile, and how often to try again at
    most (0: as long as WAIT_MINUTES says).
    """

    pattern: str
    state: str
    tries: int = 0


def insist(
    stack: Owned, what: str, call: Callable[[], object], passing: tuple[Passing, ...], goes_on: str = ""
) -> None:
    """Make a call, again every POLL_SECONDS while AWS refuses it for a reason that passes; ``what`` and ``goes_on``
    as for ``until``.

    Raises what ``call`` raises for any other reason, or in the end; StillWaiting.
    """
    refusals: Counter[str] = Counter()
    refused: list[AwsFailed] = []

    def attempt() -> Seen:
        try:
            call()
        except AwsFailed as error:
            for reason in passing:
                if re.search(reason.pattern, error.message) and (
                    not reason.tries or refusals[reason.state] < reason.tries
                ):
                    refusals[reason.state] += 1
                    return Seen(False, reason.state)
            refused.append(error)
        return Seen(True, "")

    until(stack, what, attempt, goes_on)
    if refused:
        raise refused[0]
