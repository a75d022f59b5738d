"""Say what there is on AWS, what it costs, and whether it can be reached. Changes nothing."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from infrastructure.command import introduce, parser, run
from warehouse.command import DONE, FAILED, again

if TYPE_CHECKING:
    from argparse import Namespace

    from infrastructure.overview import Overview
    from infrastructure.stack import Stack

ABSENT, NOT_AVAILABLE = 3, 4

EPILOG = """
exit codes:
  0  available                       with --check: every check is ok or was skipped
  1  it could not be found out       with --check: one failed
  2  wrong usage
  3  absent: there is nothing
  4  there, but not available: being created, paused, ...

--json prints one object, with null for what does not apply:
  stack, kind (cluster or serverless), account, region
  status (AWS's word in small letters, or absent), available, meaning, made_by_this_project
  size, version, host, port, public, created (ISO 8601, UTC), age_seconds
  usd_per_hour (while it runs), usd_so_far_at_most (as if never paused), usd_per_storage_gb_month,
  usage_limits (serverless: a list of {rpu_hours, period, action}),
  pays_for (hours, storage or nothing: now), prices_read_on, storage_capacity_mb
  config_file, config_differences (sentences)
  your_address, your_address_let_in (true, false, null: not known), your_address_unknown (why)
  role, role_arn, role_made_by_this_project, role_attached, secret_arn
  to_repair (sentences: what setup.py would put right)
--check --json prints one object: ok, and checks, a list of {check, result, detail, remedy};
  result is ok, failed or skipped."""


def main() -> int:
    options = parser(__doc__, "python infrastructure/status.py --check")
    options.epilog = f"{options.epilog}\n{EPILOG}"
    options.add_argument(
        "--check", action="store_true", help="try everything that the load needs, from credentials to a login"
    )
    options.add_argument("--json", action="store_true", help="one JSON object and nothing else on standard output")
    return run(options, status)


def status(stack: Stack, given: Namespace) -> int:
    if given.check:
        return check(stack, as_json=given.json)
    if not given.json:
        introduce(stack)
    from infrastructure.overview import as_json, gather

    seen = gather(stack)
    if given.json:
        _print_json(stack, as_json(seen))
    else:
        show(seen)
    return DONE if seen.state.available else NOT_AVAILABLE if seen.state.exists else ABSENT


def show(seen: Overview) -> None:
    """The state, a line for each thing that can be told about it, and the next command."""
    from infrastructure.compute import title
    from infrastructure.overview import lines

    report, state = seen.stack.report, seen.state
    style = "green" if state.available else "yellow" if state.exists else ""
    report.say(f"\n{title(seen.stack)}: {state.status}", style)
    report.say(f"  {seen.meaning.what}")
    if state.exists and not seen.ours:
        report.say("  It was not made by this project, which neither changes nor removes it.", "yellow")
    report.say()
    for name, text in lines(seen):
        report.say(f"  {name:<9} {text}")
    if state.exists:
        report.say(f"\nPrices: {seen.stack.prices.source}.")
    _advise(seen)


def _advise(seen: Overview) -> None:
    report, file = seen.stack.report, seen.stack.settings.file
    if seen.repairs:
        for sentence in seen.repairs:
            report.say(sentence, "yellow")
        report.next_step("This puts it right:", again("setup.py", file))
        return
    for sentence in seen.differences:
        report.say(f"In {file}: {sentence}", "yellow")
    if seen.ours or not seen.state.exists:
        report.next_step(seen.meaning.advice, again(seen.meaning.script, file))


def check(stack: Stack, *, as_json: bool) -> int:
    """The preflight, told line by line as it goes."""
    from infrastructure.checks import Verdict, preflight, tell

    results = []
    if not as_json:
        for notice in stack.settings.notices:
            stack.report.say(notice, "yellow")
    for result in preflight(stack):
        results.append(result)
        if not as_json:
            tell(result, stack.report)
    failed = sum(result.verdict is Verdict.FAILED for result in results)
    if as_json:
        _print_json(stack, {"ok": not failed, "checks": [result.as_json() for result in results]})
    else:
        done = sum(result.verdict is Verdict.OK for result in results)
        skipped = len(results) - done - failed
        stack.report.say(f"\n{done} ok, {failed} failed, {skipped} skipped.", "red" if failed else "green")
    return FAILED if failed else DONE


def _print_json(stack: Stack, told: object) -> None:
    import json

    stack.report.say(json.dumps(told, indent=2))


if __name__ == "__main__":
    sys.exit(main())
