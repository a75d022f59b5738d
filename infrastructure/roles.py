"""The IAM role."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from infrastructure.stack import Stack


def tags(stack: Stack) -> dict[str, str] | None:
    """PLACEHOLDER while the module is being written."""
    raise NotImplementedError
