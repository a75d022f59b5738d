"""Make the data lake's surroundings on AWS, run the job that fills it, look at it, and remove what was made.

A bucket, a role and an application of EMR Serverless, which costs nothing while no job runs; with --on-ec2 a cluster
of EMR for each run of the job, which ends by itself. Shows first what it would do and what that costs, and asks.
"""

from __future__ import annotations

import sys
from argparse import SUPPRESS, ArgumentParser, RawDescriptionHelpFormatter
from pathlib import Path
from typing import TYPE_CHECKING

from infrastructure.command import WOULD_CHANGE, introduce, run_on
from warehouse.command import DONE, again

if TYPE_CHECKING:
    from argparse import Namespace

    from infrastructure.emr.overview import Overview
    from infrastructure.emr.stack import LakeStack
    from infrastructure.plan import Change

ABSENT, NOT_USABLE = 3, 4

EXAMPLE = """example:
  python infrastructure/lake.py plan
  python infrastructure/lake.py up
  python infrastructure/lake.py run
  python infrastructure/lake.py down --empty

exit codes:
  0  done             plan: nothing to do             status: a job can be run
  1  it failed        run: the job failed as well
  2  wrong usage      plan, down --dry-run: something would be done
  3                   status: there is nothing
  4                   status: something is there, but no job can be run, or "up" would put something right"""

JSON = """--json prints one object, with null for what is not known:
  stack, kind (serverless or ec2), account, region
  status (AWS's word in small letters, or absent), usable, made_by_this_project, facts (words and what they are)
  input, output, logs (s3:// folders), bucket, role_arn
  runs (the latest first, a list of {id, status, active, failed, started (ISO 8601, UTC), seconds, usd, detail, logs})
  to_repair (sentences: what up would put right), prices_read_on, config_file"""


def main() -> int:
    return run_on(make, options(), lambda stack, given: COMMANDS[given.command](stack, given))


def options() -> ArgumentParser:
    made = ArgumentParser(description=__doc__, epilog=EXAMPLE, formatter_class=RawDescriptionHelpFormatter)
    _common(made, None, default_ec2=False)
    commands = made.add_subparsers(dest="command", required=True, metavar="{plan,up,run,status,down}")
    planning = _command(commands, "plan", "show what up would do, and what it costs; exit code 2 where it would change")
    planning.add_argument("--print-policy", action="store_true", help="print the IAM policy that your user needs only")
    _yes(_command(commands, "up", "make what the job needs, or repair it, and fill in OUTPUT_DATA of dl.cfg"))
    running = _command(commands, "run", "upload the job, run it, and follow it to its end")
    _yes(running)
    which = running.add_mutually_exclusive_group()
    which.add_argument("--another", action="store_true", help="start one though one runs (else that is followed)")
    which.add_argument("--cancel", action="store_true", help="end the run that is active, and start none")
    looking = _command(commands, "status", "say what there is, what it costs, and how the latest runs went")
    looking.add_argument("--json", action="store_true", help="one JSON object and nothing else on standard output")
    looking.epilog = f"{looking.epilog}\n\n{JSON}"
    removing = _command(commands, "down", "end what runs and remove what up made; a bucket with data stays")
    _yes(removing)
    removing.add_argument(
        "--empty", action="store_true", help="remove the lake too, and the bucket if no more is in it"
    )
    removing.add_argument("--dry-run", action="store_true", help="show what would go only; exit code 2 where any does")
    return made


def _command(commands: object, name: str, what: str) -> ArgumentParser:
    made: ArgumentParser = commands.add_parser(  # type: ignore[attr-defined]  # argparse's own class for it is private
        name,
        help=what,
        description=f"{what[:1].upper()}{what[1:]}.",
        epilog=f"example:\n  python infrastructure/lake.py {name}",
        formatter_class=RawDescriptionHelpFormatter,
    )
    _common(made, SUPPRESS, default_ec2=SUPPRESS)
    return made


def _common(parser: ArgumentParser, default: str | None, *, default_ec2: object) -> None:
    """Both may stand before the command or behind it."""
    told = "the configuration (default: dl.cfg; without one, the values of data_lake/dl.cfg.example)"
    parser.add_argument("--config", type=Path, metavar="FILE", default=default, help=told)
    parser.add_argument("--on-ec2", action="store_true", default=default_ec2, help="EMR on EC2 instead of Serverless")


def _yes(parser: ArgumentParser) -> None:
    parser.add_argument("--yes", action="store_true", help="do not ask")


def make(file: Path | None, given: Namespace) -> LakeStack:
    from infrastructure.account import Account
    from infrastructure.emr.settings import load
    from infrastructure.emr.stack import LakeStack
    from infrastructure.report import Report

    settings = load(file, on_ec2=given.on_ec2)
    return LakeStack(settings, Account(settings), Report(settings.secrets))


def show_plan(stack: LakeStack, given: Namespace) -> int:
    from infrastructure import plan

    if given.print_policy:
        from infrastructure.emr import policy

        policy.write(stack)
        return DONE
    changes = introduced(stack)
    if not plan.differs(changes):
        stack.report.headline("Nothing to do.")
        return DONE
    stack.report.say("\nNothing was changed: this was the plan only.")
    stack.report.next_step("This does it:", _again(stack, "up"))
    return WOULD_CHANGE


def up(stack: LakeStack, given: Namespace) -> int:
    from infrastructure import plan

    changes = introduced(stack)
    if not plan.differs(changes):
        stack.report.headline("Nothing to do.")
    else:
        if not given.yes:
            plan.agree("Shall this be done?", stack.report, "--yes")
        stack.report.say()
        plan.carry_out(changes, stack.report)
        stack.report.headline("The job can be run.")
    stack.report.say(f"The lake: {stack.output}")
    stack.report.next_step("Next:", _again(stack, "run"))
    return DONE


def begin(stack: LakeStack) -> None:
    """The first lines. Raises Refused where dl.cfg means another account or region."""
    from infrastructure.emr.bucket import check_place

    introduce(stack)
    check_place(stack)


def introduced(stack: LakeStack) -> list[Change]:
    """What ``up`` would do, in the order in which it is made, after it has been shown with what it costs."""
    from infrastructure import plan
    from infrastructure.emr import bucket, compute, dl_cfg, source

    begin(stack)
    source.check_apart(stack)
    bucket.check_input(stack)
    changes = [*bucket.plan_up(stack), *compute.of(stack).plan_up(stack), *dl_cfg.plan_filled(stack)]
    plan.show(changes, stack.report)
    show_costs(stack)
    return changes


def show_costs(stack: LakeStack) -> None:
    from infrastructure import plan
    from infrastructure.emr import compute

    plan.show_costs(compute.of(stack).costs(stack), stack)


def run_job(stack: LakeStack, given: Namespace) -> int:
    from infrastructure.emr import compute

    runs_it = compute.of(stack)
    begin(stack)
    if given.cancel:
        if not compute.cancel_all(stack):
            stack.report.say("No run of the job is active: nothing to cancel.")
        return DONE
    if given.another:
        stack.again = "Run it without --another"  # which would start one more
    seen = runs_it.look(stack)
    starts = given.another or not any(one.active for one in seen.runs)
    if seen.exists and starts:
        ask_before_run(stack, given)
    runs_it.run(stack, another=given.another, agreed=starts)
    stack.report.say(f"The lake: {stack.output}")
    stack.report.next_step("When you are done:", _again(stack, "down"))
    return DONE


def ask_before_run(stack: LakeStack, given: Namespace) -> None:
    """The price, and whether it is worth that. Raises Refused; ConfigError where a bucket is missing."""
    from infrastructure import plan
    from infrastructure.emr import bucket, source

    source.check_apart(stack)
    bucket.check_input(stack)
    bucket.check_there(stack)
    stack.report.say(f"The job reads {stack.input} and writes {stack.output}.")
    for name in source.missing(stack):
        stack.report.say(f"There is no {name} in {stack.input}: the job would cost some minutes, and fail.", "yellow")
    show_costs(stack)
    if not given.yes:
        plan.agree("Shall it be run?", stack.report, "--yes")
    stack.report.say()


def status(stack: LakeStack, given: Namespace) -> int:
    from infrastructure.emr.bucket import check_place
    from infrastructure.emr.overview import as_json, gather

    if given.json:
        import json

        check_place(stack)
        seen = gather(stack)
        stack.report.say(json.dumps(as_json(seen), indent=2))
    else:
        begin(stack)
        seen = gather(stack)
        show(seen)
    return DONE if seen.usable else NOT_USABLE if seen.exists else ABSENT


def show(seen: Overview) -> None:
    """The state, a line for each thing that can be told about it, and the next command."""
    from infrastructure.emr import compute
    from infrastructure.emr.overview import lines

    stack, report = seen.stack, seen.stack.report
    style = "green" if seen.usable else "yellow" if seen.exists else ""
    report.say(f"\n{compute.of(stack).title(stack)}: {seen.look.status}", style)
    told = list(lines(seen))
    width = max(len(name) for name, _ in told)
    for name, text in told:
        report.say(f"  {name:<{width}}  {text}")
    if seen.taken:
        report.say(seen.taken, "yellow")
        return
    show_costs(stack)
    report.say()
    for run in compute.under_way_elsewhere(stack):
        report.say(f"The {run} of the other kind is active as well, and costs money: run --cancel ends it.", "yellow")
    if seen.exists:
        for sentence in seen.repairs:
            report.say(sentence, "yellow")
    next_one = "run" if seen.usable else "up"
    report.next_step("This runs the job:" if seen.usable else "This makes it ready:", _again(stack, next_one))


def down(stack: LakeStack, given: Namespace) -> int:
    from infrastructure import plan

    begin(stack)
    changes = planned_removal(stack, empty=given.empty)
    plan.show(changes, stack.report)
    if not plan.differs(changes):
        stack.report.headline("Nothing to do.")
        return DONE
    if given.dry_run:
        stack.report.say("\nNothing was removed: --dry-run.")
        return WOULD_CHANGE
    if not given.yes:
        plan.agree("Shall this be removed?", stack.report, "--yes")
    stack.report.say()
    plan.carry_out(changes, stack.report)
    stack.report.headline("Removed.")
    kept = [change for change in changes if change.sign is plan.Sign.KEEP]
    stack.report.say("What stays:" if kept else "Nothing of it is left that costs money.")
    for change in kept:
        stack.report.say(f"  {change.what}: {'; '.join(change.details)}")
    return DONE


def planned_removal(stack: LakeStack, *, empty: bool) -> list[Change]:
    """Everything, in the order in which AWS lets it go: what runs, its roles, the bucket."""
    from infrastructure.emr import bucket, compute, dl_cfg
    from infrastructure.plan import Sign

    buckets = bucket.plan_down(stack, empty=empty)
    stays = any(change.sign is Sign.KEEP for change in buckets)
    return [*compute.plan_all_down(stack), *buckets, *([] if stays else dl_cfg.plan_blanked(stack))]


def _again(stack: LakeStack, command: str) -> str:
    """The command that goes on from here, with the same configuration and kind."""
    from data_lake.settings import DEFAULT_FILE

    file = stack.settings.file
    flags = ["--on-ec2"] if stack.settings.on_ec2 else []
    return again("lake.py", None if file == DEFAULT_FILE else file, command, *flags)


COMMANDS = {"plan": show_plan, "up": up, "run": run_job, "status": status, "down": down}


if __name__ == "__main__":
    sys.exit(main())
