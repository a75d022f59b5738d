"""What the pages have in common as commands: the options, the account on the first line, the sentence at the end."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING, TypeVar

from warehouse import command
from warehouse.errors import WarehouseError
from warehouse.redaction import redact

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable
    from pathlib import Path

    from infrastructure.stack import Owned, Stack

Made = TypeVar("Made", bound="Owned")

WOULD_CHANGE = 2  # the exit code of --dry-run where there is something to do
WITHOUT_FILE = "without one, the values of dwh.cfg.example"


def parser(description: str, example: str) -> ArgumentParser:
    return command.parser(description, example, WITHOUT_FILE)


def run(options: ArgumentParser, work: Callable[[Stack, Namespace], int | None]) -> int:
    """As ``run_on``, on the warehouse that dwh.cfg tells of."""
    return run_on(_warehouse, options, work)


def run_on(
    make: Callable[[Path | None, Namespace], Made],
    options: ArgumentParser,
    work: Callable[[Made, Namespace], int | None],
) -> int:
    """Read the command line and the configuration, ``make`` the stack of it, do the work, and return the exit code.

    A failure is told with what exists by then and costs, and so is an end by SIGTERM (a cancelled CI job) or SIGHUP.
    """
    for ending in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(ending) is not signal.SIG_IGN:  # as nohup has it
            signal.signal(ending, signal.default_int_handler)
    given = options.parse_args()
    file = command.file_of(options, given)

    def start() -> int | None:
        stack = make(file, given)
        try:
            return work(stack, given)
        except KeyboardInterrupt:
            raise _told(stack, WarehouseError("Interrupted.")) from None
        except WarehouseError as error:
            raise _told(stack, error) from None

    return command.ended(start, file)


def _told(stack: Owned, error: WarehouseError) -> WarehouseError:
    """The failure with what exists by then, in the stack's words and without secrets."""
    hint = "\n".join(part for part in (stack.standing(), error.hint) if part)
    message, hint = (redact(stack.in_its_words(text), *stack.settings.secrets) for text in (error.message, hint))
    return WarehouseError(message, hint)


def _warehouse(file: Path | None, given: Namespace) -> Stack:
    from infrastructure.account import Account
    from infrastructure.report import Report
    from infrastructure.settings import load
    from infrastructure.stack import Stack

    settings = load(file, serverless=getattr(given, "serverless", False))
    return Stack(settings, Account(settings), Report(settings.secrets))


def introduce(stack: Owned) -> None:
    """The first lines: whose account, where, as whom, and what of the configuration was read otherwise than written."""
    identity = stack.account.identity
    stack.report.say(f"AWS account {identity.account}, region {stack.account.region}, as {identity.arn}")
    if identity.arn.endswith(":root"):
        stack.report.say("These are the root user's keys: make an IAM user or role for this instead.", "yellow")
    for notice in stack.settings.notices:
        stack.report.say(notice, "yellow")
