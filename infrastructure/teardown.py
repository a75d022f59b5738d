"""Remove from AWS what setup.py made, in order: the cluster, its security group, its role; then blank dwh.cfg.

Shows first what goes, and asks. What was not made by setup.py is left alone. Run again, it goes on where it ended.
"""

from __future__ import annotations

import re
import sys
from argparse import ArgumentTypeError
from typing import TYPE_CHECKING

from infrastructure.command import WOULD_CHANGE, introduce, parser, run
from warehouse.command import DONE

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable, Iterator

    from infrastructure.plan import Change
    from infrastructure.stack import Stack
    from infrastructure.state import State


def main() -> int:
    return run(options(), teardown)


def options() -> ArgumentParser:
    made = parser(__doc__, "python infrastructure/teardown.py --no-final-snapshot")
    made.add_argument(
        "--dry-run", action="store_true", help="show what would go only; exit code 2 where something does"
    )
    made.add_argument("--yes", action="store_true", help="do not ask (but say what is to become of the data)")
    data = made.add_mutually_exclusive_group()
    data.add_argument(
        "--final-snapshot",
        metavar="NAME",
        type=snapshot_name,
        help="keep the data in this snapshot, which costs storage",
    )
    data.add_argument("--no-final-snapshot", action="store_true", help="the data may be lost")
    return made


def teardown(stack: Stack, given: Namespace) -> int:
    from infrastructure import compute, plan

    introduce(stack)
    compute.check_place(stack)
    compute.find_kind(stack)
    snapshot = choose_snapshot(stack, given)
    changes = planned(stack, snapshot)
    plan.show(changes, stack.report)
    if not plan.differs(changes):
        stack.report.headline("Nothing to do.")
        return remains(stack)
    if given.dry_run:
        stack.report.say("\nNothing was removed: --dry-run.")
        return WOULD_CHANGE
    if not given.yes:
        plan.agree("Shall this be removed?", stack.report, "--yes")
    before = compute.of(stack).look(stack)
    had_data = before.exists and bool(before.raw.get("namespace", True))
    stack.report.say()
    plan.carry_out(changes, stack.report)
    stack.report.headline("Removed.")
    return remains(stack, snapshot if had_data else "")


def planned(stack: Stack, snapshot: str) -> list[Change]:
    """Everything, in the order in which AWS lets it go."""
    from infrastructure import compute, dwh_cfg
    from infrastructure.access import redshift_role, security_group
    from infrastructure.plan import Sign

    state = compute.of(stack).look(stack)
    computes = list(left_alone(lambda: compute.of(stack).plan_down(stack, snapshot)))
    stays = any(change.sign is Sign.KEEP for change in computes)
    role = redshift_role.plan_down(stack, state.role_arns if stays else ())
    emptied = {"host": not stays, "arn": all(change.sign is not Sign.KEEP for change in role)}
    return [
        *computes,
        *security_group.plan_down(stack, state.group_ids if stays else ()),
        *role,
        *(() if stays else other_roles(stack, state)),
        dwh_cfg.plan_blanked(stack, tuple(setting for setting, goes in emptied.items() if goes)),
    ]


def other_roles(stack: Stack, state: State) -> Iterator[Change]:
    """Roles that the warehouse has beside that of dwh.cfg, such as the one of an earlier NAME."""
    from infrastructure.plan import Change, Sign

    for arn in state.role_arns:
        if arn != stack.role_arn:
            why = f"attached to the {stack.kind}, and NAME in [IAM_ROLE] of dwh.cfg is another: it is free, and stays"
            yield Change(Sign.KEEP, f"IAM role {arn.rpartition('/')[2]}", (why,))


def left_alone(plan_down: Callable[[], list[Change]]) -> Iterator[Change]:
    """What a part removes; a stranger's thing with its name is shown as left."""
    from infrastructure.errors import NotOurs
    from infrastructure.plan import Change, Sign

    try:
        yield from plan_down()
    except NotOurs as error:
        yield Change(Sign.KEEP, error.message)


def choose_snapshot(stack: Stack, given: Namespace) -> str:
    """The final snapshot's name, empty for none. Nobody loses data without having said so. Raises Refused."""
    from infrastructure import final_snapshot
    from infrastructure.errors import Refused

    if given.final_snapshot or given.no_final_snapshot or not has_data(stack):
        return given.final_snapshot or ""
    offered = final_snapshot.offered_name(stack)
    if given.dry_run:
        stack.report.say("It would ask whether to keep the data; the plan has the snapshot that it would offer.")
        return offered
    if not (sys.stdin and sys.stdin.isatty()):
        raise Refused(
            "What is to become of the data was not said, so nothing was removed.",
            f"--final-snapshot {offered} keeps it, --no-final-snapshot does not.",
        )
    stack.report.say("\nThe name of a final snapshot that keeps the data, or none to lose it.")
    return typed_name(offered)


def typed_name(offered: str) -> str:
    """What is typed, ``offered`` for nothing, empty for none. Raises Refused."""
    from infrastructure.errors import Refused
    from infrastructure.plan import typed

    answer = typed(f"[{offered}] > ") or offered
    try:
        return "" if answer.lower() == "none" else snapshot_name(answer)
    except ArgumentTypeError as error:
        raise Refused("Nothing was removed.", str(error)) from None


def snapshot_name(text: str) -> str:
    """https://docs.aws.amazon.com/redshift/latest/APIReference/API_DeleteCluster.html; raises ArgumentTypeError."""
    if not re.fullmatch(r"[a-z](?!.*--)([a-z0-9-]{0,253}[a-z0-9])?", text):
        wanted = "letters a to z, digits and single hyphens; a letter first, no hyphen at the end"
        raise ArgumentTypeError(f"{text!r} is no name of a snapshot: {wanted}")
    return text


def has_data(stack: Stack) -> bool:
    """Whether there is something of ours whose data can still be kept."""
    from infrastructure import compute

    state = compute.of(stack).look(stack)
    return stack.owns(state.tags) and not state.ending


def remains(stack: Stack, snapshot: str = "") -> int:
    """Say what is left and costs. Raises WarehouseError where the final snapshot ``snapshot`` is not among it."""
    from infrastructure import snapshots
    from infrastructure.compute import title
    from warehouse.cluster import named_by
    from warehouse.errors import WarehouseError

    kept = snapshots.show_remaining(stack)
    told = named_by(stack.settings.host)
    if told and told.name != stack.name:
        where = f"{told.name} in {told.region}"
        stack.report.say(f"HOST in dwh.cfg is {where}: that was not touched, and may cost money.", "yellow")
    if snapshot and kept is None:
        price = stack.prices.storage
        stack.report.say(f"The final snapshot {snapshot} was ordered: it costs {price} until it is deleted.", "yellow")
    if snapshot and kept is not None and snapshot not in kept:
        raise WarehouseError(
            f"The {title(stack)} is gone, and the final snapshot {snapshot} was not made: somebody else deleted it "
            "first, or AWS failed to."
        )
    return DONE


if __name__ == "__main__":
    sys.exit(main())
