"""What can go wrong on AWS; every one ends as a sentence or two and exit code 1.

WarehouseError
├── AwsFailed       a call failed: AWS's words and code, or why there was no answer
├── NotOurs         something has our name and was not made by us: it is neither adopted nor deleted
├── Refused         nothing was changed, because nobody agreed to it
└── StillWaiting    the wait ended (Ctrl-C, time, an expired token) and AWS goes on by itself
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from infrastructure.remedies import remedy_for
from warehouse.errors import WarehouseError

if TYPE_CHECKING:
    from collections.abc import Iterator


class AwsFailed(WarehouseError):
    """A call that AWS refused or did not answer; ``code`` is AWS's (``AccessDenied``), or the exception's name."""

    def __init__(self, message: str, code: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.code = code


class NotOurs(WarehouseError):
    """Something with our name and without our tag."""


class Refused(WarehouseError):
    """Nobody agreed to the plan."""


class StillWaiting(WarehouseError):
    """AWS has not got there yet, and goes on without us."""


@contextmanager
def doing(what: str) -> Iterator[None]:
    """Calls to AWS as one sentence: ``what`` is what was being done ("creating the cluster sparkify").

    Raises AwsFailed.
    """
    try:
        yield
    except ClientError as error:
        code, message = code_of(error), error.response.get("Error", {}).get("Message") or str(error)
        operation = error.operation_name
        raise AwsFailed(
            f"While {what}, AWS said: {message.rstrip('.')} ({code}).", code, remedy_for(code, message, operation)
        ) from None
    except BotoCoreError as error:
        code, message = type(error).__name__, re.sub(r"\s+", " ", str(error)).rstrip(".")
        raise AwsFailed(f"While {what}: {message}.", code, remedy_for(code, message, "")) from None


def code_of(error: ClientError) -> str:
    """AWS's code; where a proxy or a stand-in gives none, that of the HTTP status."""
    code = str(error.response.get("Error", {}).get("Code") or "")
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
    if code in {"", "Unknown", "401", "403"} and status in {401, 403}:
        return "AccessDenied"
    return code or f"HTTP {status}"
