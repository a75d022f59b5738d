"""A plan in the manner of terraform's: what is added, changed, removed and left, seen before it is done."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable  # noqa: TC003  a dataclass has it as a field
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from infrastructure.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from infrastructure.report import Report
    from infrastructure.stack import Owned


class Sign(StrEnum):
    ADD = "+"
    CHANGE = "~"
    REMOVE = "-"
    KEEP = "="


_STYLES = {Sign.ADD: "green", Sign.CHANGE: "yellow", Sign.REMOVE: "red", Sign.KEEP: ""}


IN_USE = "what is left above uses it"  # why a part of ours is kept


@dataclass(frozen=True)
class Change:
    """One thing of the plan; ``apply`` does it, and has nothing to do where the thing is kept.

    ``what`` names the thing ("IAM role sparkify-redshift-s3"), ``details`` are lines below it.
    """

    sign: Sign
    what: str
    details: tuple[str, ...] = ()
    apply: Callable[[], None] | None = None


class Step(NamedTuple):
    """One repair of a thing: its line in the plan, and the call."""

    text: str
    take: Callable[[], None]


def take_all(steps: Iterable[Step]) -> None:
    for step in steps:
        step.take()


def differs(changes: Sequence[Change]) -> bool:
    return any(change.sign is not Sign.KEEP for change in changes)


def show(changes: Sequence[Change], report: Report) -> None:
    """The plan, and its summary in one line."""
    for change in changes:
        report.say(f"  {change.sign} {change.what}", _STYLES[change.sign])
        for detail in change.details:
            report.say(f"      {detail}")
    counts = {sign: sum(change.sign is sign for change in changes) for sign in Sign}
    report.say(
        f"\nPlan: {counts[Sign.ADD]} to add, {counts[Sign.CHANGE]} to change, {counts[Sign.REMOVE]} to remove, "
        f"{counts[Sign.KEEP]} left as they are."
    )


def show_costs(lines: Iterable[str], stack: Owned) -> None:
    """What it costs, below the plan, and where the prices come from."""
    stack.report.say("\nCosts:")
    for line in lines:
        stack.report.say(f"  {line}")
    stack.report.say(f"  ({stack.prices.source})")


def carry_out(changes: Sequence[Change], report: Report) -> None:
    """Do what the plan says, in its order; each step says when it is done."""
    past = {Sign.ADD: "added", Sign.CHANGE: "changed", Sign.REMOVE: "removed"}
    for change in changes:
        if change.sign is Sign.KEEP or change.apply is None:
            continue
        started = time.monotonic()
        change.apply()
        report.done(f"{change.what}: {past[change.sign]}", time.monotonic() - started)


def agree(question: str, report: Report, flag: str) -> None:
    """Go on if a person types ``yes``. Raises Refused where they do not, or where there is nobody to ask."""
    if not (sys.stdin and sys.stdin.isatty()):
        raise Refused(f"{question} There is no terminal to ask on, so nothing was changed.", f"Run it with {flag}.")
    report.say(f"\n{question} Only yes is taken for yes.")
    if typed("> ").lower() != "yes":
        raise Refused("Nothing was changed.")


def typed(prompt: str) -> str:
    """What a person types. Raises Refused for Ctrl-D and Ctrl-C, which agree to nothing."""
    try:
        return input(prompt).strip()
    except (EOFError, KeyboardInterrupt):
        print()
        raise Refused("Nothing was changed.") from None
