"""The checks in their order, each after those that it builds on."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from infrastructure.checks import network, role, s3
from infrastructure.checks.result import Check, Result, Scene, Skipped, Verdict
from infrastructure.compute import title
from infrastructure.meanings import meaning
from warehouse.command import to_paste
from warehouse.errors import WarehouseError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infrastructure.report import Report
    from infrastructure.stack import Stack

CREDENTIALS, EXISTS, AVAILABLE, ROLE = "credentials", "warehouse", "available", "role"
CONFIG, NAME, PORT = "endpoint in dwh.cfg", "host name", "port"

_SHOWN = {
    Verdict.OK: ("ok", "green"),
    Verdict.FAILED: ("FAILED", "red"),
    Verdict.SKIPPED: ("skipped", "yellow"),
}


def preflight(stack: Stack) -> Iterator[Result]:
    """Each check's result as soon as it is there; changes nothing."""
    scene, causes = Scene(stack), dict[str, str]()
    for check in table(scene):
        cause = next((causes[name] for name in check.after if name in causes), "")
        result = Result(check.name, Verdict.SKIPPED, f'needs "{cause}"') if cause else _carried_out(check, scene)
        if result.verdict is not Verdict.OK:
            causes[check.name] = cause or check.name
        yield result


def table(scene: Scene) -> list[Check]:
    """Every check; for S3 as many as dwh.cfg has buckets and paths there."""
    return [
        Check(CREDENTIALS, credentials),
        *_s3_checks(scene),
        Check(EXISTS, exists, (CREDENTIALS,)),
        Check(AVAILABLE, available, (EXISTS,)),
        Check(ROLE, role.there, (EXISTS,)),
        Check("role's trust", role.trusted, (ROLE,)),
        Check("role's right to S3", role.reads, (ROLE,)),
        Check("role attached", role.attached, (ROLE,)),
        Check("role in dwh.cfg", role.configured, (ROLE,)),
        Check("your address", network.let_in, (EXISTS,)),
        Check("public access", network.public, (EXISTS,)),
        Check(CONFIG, network.configured, (EXISTS, AVAILABLE)),
        Check(NAME, network.resolved, (CONFIG,)),
        Check(PORT, network.reached, (NAME,)),
        Check("login", network.logged_in, (PORT,)),
    ]


def _s3_checks(scene: Scene) -> Iterator[Check]:
    for bucket in scene.stack.settings.buckets:
        there = f"bucket {bucket}"
        yield Check(there, partial(s3.bucket, bucket=bucket), (CREDENTIALS,))
        yield Check(f"region of {bucket}", partial(s3.region, bucket=bucket), (there,))
    for setting in s3.PATHS:
        path = s3.path(scene, setting)
        after = f"bucket {s3.split(path)[0]}" if path else CREDENTIALS
        yield Check(setting.upper(), partial(s3.objects, setting=setting), (after,))


def _carried_out(check: Check, scene: Scene) -> Result:
    try:
        return Result(check.name, Verdict.OK, check.look(scene))
    except Skipped as reason:
        return Result(check.name, Verdict.SKIPPED, str(reason))
    except WarehouseError as error:
        hint = to_paste(error.hint, scene.stack.settings.file)
        return Result(check.name, Verdict.FAILED, error.message, hint)


def tell(result: Result, report: Report) -> None:
    """One line, and below a failure what helps."""
    word, style = _SHOWN[result.verdict]
    report.say(f"  {word:<8} {result.check}" + (f": {result.detail}" if result.detail else ""), style)
    for line in result.remedy.splitlines():
        report.say(f"           {line}")


def credentials(scene: Scene) -> str:
    account = scene.stack.account
    return f"account {account.identity.account}, region {account.region}, as {account.identity.arn}"


def exists(scene: Scene) -> str:
    state, stack = scene.state, scene.stack
    if not state.exists:
        hint = f"This makes it: {scene.run('setup.py')}"
        raise WarehouseError(f"there is no {title(stack)} in {stack.account.region}.", hint)
    return f"{title(stack)}, {state.size}" + ("" if stack.owns(state.tags) else ", which was not made by this project")


def available(scene: Scene) -> str:
    means = meaning(scene.state)
    if scene.state.available:
        return means.what
    raise WarehouseError(f"{scene.state.status}. {means.what}", f"{means.advice} {scene.run(means.script)}")
