"""Stacks in this process: dwh.cfg's settings as arguments, the stand-in for AWS behind real boto3."""

from __future__ import annotations

from functools import cache
from io import StringIO
from typing import TYPE_CHECKING, Any

from infrastructure.account import Account
from infrastructure.plan import Change, Sign, carry_out
from infrastructure.report import Report
from infrastructure.settings import StackSettings
from infrastructure.stack import Stack

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pytest
    from strict_aws import StrictAws


def stack_on(aws: StrictAws, monkeypatch: pytest.MonkeyPatch, **settings: Any) -> Stack:
    """A stack on ``aws``, which is what this process takes for AWS from now on; its report writes into a text."""
    for name, value in aws.environment().items():
        monkeypatch.setenv(name, value)
    given = StackSettings(**{"poll_seconds": 0.01, **settings})
    return Stack(given, _account(aws.url), Report(given.secrets, StringIO()))


@cache
def _account(url: str) -> Account:
    """Its clients take long to make, and serve all stacks of a test run."""
    return Account(StackSettings())


def stack_offline(**settings: Any) -> Stack:
    """A stack that asks AWS nothing."""
    given = StackSettings(**{"region": "us-west-2", **settings})
    return Stack(given, Account(given), Report(given.secrets, StringIO()))


def said(stack: Stack) -> str:
    """What the stack's report has written so far."""
    stream = stack.report.console.file
    assert isinstance(stream, StringIO)
    return stream.getvalue()


def do(stack: Stack, changes: Sequence[Change]) -> list[str]:
    """Carry out a plan; what it said, a line each."""
    carry_out(changes, stack.report)
    return lines(changes)


def lines(changes: Sequence[Change]) -> list[str]:
    """A plan as it is shown, without the summary."""
    return [line for change in changes for line in (f"{change.sign} {change.what}", *change.details)]


def signs(changes: Sequence[Change]) -> list[Sign]:
    return [change.sign for change in changes]
