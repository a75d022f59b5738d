"""What can go wrong on AWS; every one ends as a sentence or two and exit code 1.

WarehouseError
├── AwsFailed       a call failed: AWS's words and code, or why there was no answer
├── NotOurs         something has our name and was not made by us: it is neither adopted nor deleted
├── Refused         nothing was changed: nobody agreed to it, or it cannot be done as things are
├── Stuck           something is in a state that no waiting mends
├── JobFailed       the lake's job ran on AWS and did not succeed
└── StillWaiting    the wait ended (Ctrl-C, time, an expired token) and AWS goes on by itself
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from infrastructure.remedies import REMEDIES
from warehouse import aws_errors
from warehouse.aws_errors import AwsFailed
from warehouse.errors import WarehouseError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["AwsFailed", "JobFailed", "NotOurs", "Refused", "StillWaiting", "Stuck", "doing", "ignoring"]


class NotOurs(WarehouseError):
    """Something with our name and without our tag."""


class Refused(WarehouseError):
    """Nobody agreed to it, or it cannot be done as things are."""


class Stuck(WarehouseError):
    """AWS will not get there: broken, being deleted, or gone."""


class JobFailed(WarehouseError):
    """The lake's job failed or was cancelled: why, and where its logs are."""


class StillWaiting(WarehouseError):
    """AWS has not got there yet, and goes on without us."""


@contextmanager
def doing(what: str) -> Iterator[None]:
    """As ``aws_errors.doing``, with what helps infrastructure as well. Raises AwsFailed."""
    with aws_errors.doing(what, REMEDIES):
        yield


@contextmanager
def ignoring(*codes: str) -> Iterator[None]:
    """Calls that AWS may refuse with one of these codes, since there is nothing left to do."""
    try:
        yield
    except AwsFailed as error:
        if error.code not in codes:
            raise
