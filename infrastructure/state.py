"""What AWS says of the warehouse now, a cluster or a serverless workgroup alike."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003  a dataclass has it as a field
from dataclasses import dataclass, field
from datetime import datetime  # noqa: TC003
from decimal import Decimal  # noqa: TC003
from typing import Any

ABSENT = "absent"


@dataclass(frozen=True)
class State:
    """``status`` is AWS's word in small letters (available, creating, pausing, paused, resuming, modifying, deleting,
    final-snapshot, ...) or ``absent``.

    ``available`` is true when everything AWS tells agrees that one can connect. ``per_hour`` is USD by the table while
    it runs (None: no price known; for serverless while queries run). ``raw`` is AWS's own description.
    """

    status: str = ABSENT
    available: bool = False
    host: str = ""
    port: int = 0
    size: str = ""
    per_hour: Decimal | None = None
    created: datetime | None = None
    public: bool = False
    role_arns: tuple[str, ...] = ()
    group_ids: tuple[str, ...] = ()
    secret_arn: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def exists(self) -> bool:
        return self.status != ABSENT

    @property
    def ending(self) -> bool:
        """Whether it is being deleted, and nothing stops that."""
        return self.status in {"deleting", "final-snapshot"}
