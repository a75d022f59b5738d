"""What ``lake.py status`` tells: what there is, what ``up`` would put right, the latest runs; as lines and as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, Any

from infrastructure import prices
from infrastructure.emr import bucket, compute
from infrastructure.errors import NotOurs, Refused
from infrastructure.plan import Change, Sign
from infrastructure.report import elapsed
from infrastructure.stack import money
from warehouse.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infrastructure.emr.compute import Look, Run
    from infrastructure.emr.stack import LakeStack


@dataclass(frozen=True)
class Overview:
    """``changes`` are what ``up`` would see; ``taken`` is the sentence of what is in ``up``'s way."""

    stack: LakeStack
    look: Look
    changes: tuple[Change, ...]
    taken: str = ""

    @property
    def exists(self) -> bool:
        """Whether something stands, be it the bucket alone, or somebody else's in its place."""
        return self.look.exists or bool(self.stack.standing())

    @property
    def usable(self) -> bool:
        return self.look.usable and not self.repairs and not self.taken

    @property
    def repairs(self) -> list[str]:
        """What ``up`` would do, a sentence each."""
        return [
            f"{change.what}: {'is missing' if change.sign is Sign.ADD else '; '.join(change.details)}"
            for change in self.changes
            if change.sign is not Sign.KEEP
        ]


def gather(stack: LakeStack) -> Overview:
    """Ask AWS everything. Raises AwsFailed, ConfigError."""
    look = compute.of(stack).look(stack)
    try:
        changes = (*bucket.plan_up(stack), *compute.of(stack).plan_up(stack))
    except (NotOurs, Refused, ConfigError) as error:  # a bucket that is gone, say: what runs is told all the same
        return Overview(stack, look, (), error.message)
    return Overview(stack, look, changes)


def lines(seen: Overview) -> Iterator[tuple[str, str]]:
    """What can be told of it: a word, and what it is."""
    stack = seen.stack
    yield from seen.look.facts.items()
    yield "input", stack.input
    yield "lake", stack.output
    yield "logs", stack.logs_url
    for number, one in enumerate(seen.look.runs):
        yield ("" if number else "runs"), told(one)


def told(one: Run) -> str:
    """A run in one line, such as ``00fabc: success, began 2026-11-22 10:00 UTC, ran 3m12s, $0.04``."""
    parts = [one.status]
    if one.started is not None:
        parts.append(f"began {one.started.astimezone(UTC):%Y-%m-%d %H:%M} UTC")
    if one.seconds is not None:
        parts.append(f"{'running for' if one.active else 'ran'} {elapsed(one.seconds)}")
    if one.usd is not None:
        parts.append(f"at most {money(one.usd)} so far" if one.active else money(one.usd))
    if one.failed and one.detail:
        parts.append(one.detail)
    return f"{one.id}: {', '.join(parts)}"


def as_json(seen: Overview) -> dict[str, Any]:
    """What ``lake.py status --json`` prints; names stay as they are, new ones may come."""
    stack, look = seen.stack, seen.look
    return {
        "stack": stack.name,
        "kind": "ec2" if stack.settings.on_ec2 else "serverless",
        "account": stack.account.identity.account,
        "region": stack.account.region,
        "status": look.status,
        "usable": seen.usable,
        "made_by_this_project": look.ours if look.exists else None,
        "facts": dict(look.facts),
        "input": stack.input,
        "output": stack.output,
        "logs": stack.logs_url,
        "bucket": stack.bucket,
        "role_arn": stack.role_arn,
        "runs": [_run(one) for one in look.runs],
        "to_repair": [*([seen.taken] if seen.taken else []), *seen.repairs],
        "prices_read_on": prices.READ_ON,
        "config_file": str(stack.settings.file),
    }


def _run(one: Run) -> dict[str, Any]:
    return {
        "id": one.id,
        "status": one.status,
        "active": one.active,
        "failed": one.failed,
        "started": one.started.astimezone(UTC).isoformat().replace("+00:00", "Z") if one.started else None,
        "seconds": one.seconds,
        "usd": float(one.usd) if one.usd is not None else None,
        "detail": one.detail or None,
        "logs": one.logs or None,
    }
