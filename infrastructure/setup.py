"""Make on AWS what dwh.cfg asks for, or repair it: an IAM role, a security group, a cluster; then fill in dwh.cfg.

Shows first what it would do and what that costs, and asks. Run again, it changes only what differs.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from infrastructure.command import WOULD_CHANGE, introduce, parser, run
from warehouse.command import DONE, again

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from infrastructure.compute import Agree
    from infrastructure.plan import Change
    from infrastructure.stack import Stack


def main() -> int:
    return run(options(), setup)


def options() -> ArgumentParser:
    made = parser(__doc__, "python infrastructure/setup.py --dry-run")
    made.add_argument("--dry-run", action="store_true", help="show the plan only; exit code 2 where it would change")
    made.add_argument("--yes", action="store_true", help="do not ask (that agrees to no other node type)")
    made.add_argument("--serverless", action="store_true", help="Redshift Serverless instead of a cluster")
    made.add_argument("--print-policy", action="store_true", help="print the IAM policy that your user needs, no more")
    made.add_argument("--allow-anywhere", action="store_true", help="let a CIDR of 0.0.0.0/0 or ::/0 in")
    return made


def setup(stack: Stack, given: Namespace) -> int:
    from infrastructure import compute, plan, policy

    if given.print_policy:
        policy.write(stack)
        return DONE
    introduce(stack)
    compute.check_place(stack)
    changes = planned(stack, given)
    plan.show(changes, stack.report)
    plan.show_costs(compute.of(stack).costs(stack), stack)
    if not plan.differs(changes):
        stack.report.headline("Nothing to do.")
        return advise(stack)
    if given.dry_run:
        stack.report.say("\nNothing was changed: --dry-run.")
        return WOULD_CHANGE
    if not given.yes:
        plan.agree("Shall this be done?", stack.report, "--yes")
    stack.report.say()
    plan.carry_out(changes, stack.report)
    stack.report.headline("The warehouse is ready.")
    return advise(stack)


def planned(stack: Stack, given: Namespace) -> list[Change]:
    """Everything, in the order in which it is made: the cluster needs the role and the group."""
    from infrastructure import compute, dwh_cfg
    from infrastructure.access import redshift_role, security_group

    role = redshift_role.plan_up(stack)
    compute.see_port(stack)
    return [
        *role,
        *security_group.plan_up(stack, given.allow_anywhere),
        *compute.of(stack).plan_up(stack, consent(stack, given)),
        dwh_cfg.plan_filled(stack),
    ]


def consent(stack: Stack, given: Namespace) -> Agree:
    """How somebody agrees to what dwh.cfg does not say: by typing it. --yes is no answer to such a question."""
    from infrastructure import plan
    from infrastructure.errors import Refused

    def ask(question: str) -> None:
        if given.dry_run:
            stack.report.say(f"It would ask: {question}", "yellow")
        elif given.yes:
            raise Refused(question)
        else:
            plan.agree(question, stack.report, "a terminal")

    return ask


def advise(stack: Stack) -> int:
    """Where it is, what it costs from now on, and what to run next."""
    from infrastructure import compute
    from infrastructure.stack import CLUSTER, money

    state, report, file = compute.of(stack).look(stack), stack.report, stack.settings.file
    report.say(f"Endpoint: {state.host}:{state.port}")
    if stack.kind == CLUSTER:
        price = f"{money(state.per_hour)} an hour" if state.per_hour is not None else "money"
        report.say(f"It costs {price} from now on, used or not.")
        report.next_step("Pause it when you stop:", again("pause.py", file))
    report.next_step("Next:", again("../create_tables.py", file))
    return DONE


if __name__ == "__main__":
    sys.exit(main())
