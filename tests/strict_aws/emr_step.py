"""What a step's command does on a cluster of EMR on EC2."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Ended:
    """How a command ended, and what it wrote."""

    code: int = 0
    stdout: str = ""
    stderr: str = ""


def succeed(_: list[str]) -> Ended:
    return Ended()
