"""What a check is, what it works on, and what comes out of it."""

from __future__ import annotations

import os
from collections.abc import Callable  # noqa: TC003  a named tuple has it as a field
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from infrastructure import compute
from infrastructure.access import redshift_role
from infrastructure.settings import KEYS
from warehouse.command import again
from warehouse.config_file import Reader

if TYPE_CHECKING:
    from infrastructure.access.roles import Role
    from infrastructure.stack import Stack
    from infrastructure.state import State


class Verdict(StrEnum):
    OK = "ok"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Result:
    """``detail`` is what was seen or what went wrong, ``remedy`` the likely cause and what helps."""

    check: str
    verdict: Verdict
    detail: str = ""
    remedy: str = ""

    def as_json(self) -> dict[str, str | None]:
        return {
            "check": self.check,
            "result": self.verdict.value,
            "detail": self.detail or None,
            "remedy": self.remedy or None,
        }


class Skipped(Exception):
    """The check cannot tell; why is the message."""


class Scene:
    """What the checks look at, each thing asked of AWS once. Properties raise AwsFailed."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.heads: dict[str, tuple[int, str]] = {}  # of buckets: HTTP status and region

    @cached_property
    def state(self) -> State:
        compute.find_kind(self.stack)
        return compute.of(self.stack).look(self.stack)

    @cached_property
    def role(self) -> Role | None:
        return redshift_role.look(self.stack)

    @cached_property
    def reader(self) -> Reader:
        """dwh.cfg and the environment, for what only the load asks of them."""
        return Reader(self.stack.settings.file, KEYS, os.environ)

    @property
    def repair(self) -> str:
        """The remedy for whatever setup.py puts right."""
        return f"This puts it right: {self.run('setup.py')}"

    def run(self, script: str) -> str:
        return again(script, self.stack.settings.file)


class Check(NamedTuple):
    """``look`` returns what it saw; it raises WarehouseError where that is wrong, and Skipped where it cannot tell.

    ``after`` names the checks without which it makes no sense.
    """

    name: str
    look: Callable[[Scene], str]
    after: tuple[str, ...] = ()
