"""The final snapshot that teardown may keep the data in, of a cluster and of a namespace alike."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from infrastructure.errors import Refused

if TYPE_CHECKING:
    from infrastructure.stack import Stack


def offered_name(stack: Stack) -> str:
    """A name for it, such as sparkify-final-20261122-0912 (UTC)."""
    return f"{stack.name}-final-{datetime.now(UTC):%Y%m%d-%H%M}"


def line(stack: Stack, snapshot: str) -> str:
    """Its line in the plan."""
    return f"its data is kept in the final snapshot {snapshot}: {stack.prices.storage} until you delete it"


def taken(snapshot: str) -> Refused:
    """The error that there is one of that name already."""
    return Refused(
        f"There is a snapshot {snapshot} already, so nothing was removed.",
        "Choose another name: python infrastructure/teardown.py --final-snapshot NAME",
    )
