"""A run of the lake's job as lake.py status tells of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from infrastructure.emr.compute import Run
from infrastructure.emr.overview import told

STARTED = datetime(2026, 11, 22, 12, 0, tzinfo=timezone(timedelta(hours=2)))
RUNNING = Run("00f1", "running", active=True, started=STARTED, seconds=192.4, usd=Decimal("0.0646"))
ENDED = replace(RUNNING, status="success", active=False)


@pytest.mark.parametrize(
    ("run", "line"),
    [
        (RUNNING, "00f1: running, began 2026-11-22 10:00 UTC, running for 3m12s, at most $0.06 so far"),
        (ENDED, "00f1: success, began 2026-11-22 10:00 UTC, ran 3m12s, $0.06"),
        (
            replace(ENDED, status="failed", failed=True, detail="No such bucket", usd=None),
            "00f1: failed, began 2026-11-22 10:00 UTC, ran 3m12s, No such bucket",
        ),
        (Run("00f2", "queued", active=True), "00f2: queued"),
        (
            replace(ENDED, started=STARTED.astimezone(UTC), seconds=None),
            "00f1: success, began 2026-11-22 10:00 UTC, $0.06",
        ),
    ],
)
def test_a_run_in_one_line(run: Run, line: str) -> None:
    assert told(run) == line
