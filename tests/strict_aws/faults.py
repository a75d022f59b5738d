"""Errors that a test asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from strict_aws.wire import AwsError

if TYPE_CHECKING:
    from strict_aws.wire import Call


@dataclass
class Fault:
    """The next ``times`` calls of an operation end in an error, after ``after`` that do not; None is for ever."""

    service: str
    operation: str
    code: str
    message: str
    status: int = 400
    times: int | None = 1
    after: int = 0

    def strike(self, call: Call) -> None:
        """Raises AwsError when it is this call's turn."""
        if (self.service, self.operation) != (call.service, call.operation) or self.times == 0:
            return
        if self.after:
            self.after -= 1
            return
        if self.times is not None:
            self.times -= 1
        raise AwsError(self.code, self.message, self.status)
