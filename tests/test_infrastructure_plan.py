"""The plan as people see it, who agrees to it, and what a report never shows."""

from __future__ import annotations

import os
import pty
from io import StringIO
from typing import TYPE_CHECKING

import pytest

from infrastructure.account import Account
from infrastructure.errors import NotOurs, Refused
from infrastructure.plan import Change, Sign, agree, carry_out, differs, show
from infrastructure.report import Report, elapsed
from infrastructure.settings import StackSettings
from infrastructure.stack import Stack, aws_tags, read_tags

if TYPE_CHECKING:
    from collections.abc import Iterator


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def said() -> StringIO:
    return StringIO()


@pytest.fixture
def report(said: StringIO) -> Report:
    return Report(("s3cr[e]t",), said)


def test_the_plan_shows_what_is_added_changed_removed_and_left(report: Report, said: StringIO) -> None:
    changes = [
        Change(Sign.ADD, "IAM role r", ("policy p", "tags t")),
        Change(Sign.CHANGE, "security group g"),
        Change(Sign.REMOVE, "cluster c"),
        Change(Sign.KEEP, "dwh.cfg"),
        Change(Sign.KEEP, "[red]brackets[/red] :smile: are no markup"),
    ]
    show(changes, report)
    assert said.getvalue() == (
        "  + IAM role r\n      policy p\n      tags t\n  ~ security group g\n  - cluster c\n  = dwh.cfg\n"
        "  = [red]brackets[/red] :smile: are no markup\n"
        "\nPlan: 1 to add, 1 to change, 1 to remove, 2 left as they are.\n"
    )
    assert differs(changes)
    assert not differs(changes[3:])
    assert not differs([])


def test_it_is_carried_out_in_order(report: Report, said: StringIO) -> None:
    done: list[str] = []
    carry_out(
        [
            Change(Sign.ADD, "role", apply=lambda: done.append("role")),
            Change(Sign.KEEP, "group", apply=lambda: done.append("kept")),
            Change(Sign.CHANGE, "cluster", apply=lambda: done.append("cluster")),
            Change(Sign.REMOVE, "old", apply=lambda: done.append("old")),
        ],
        report,
    )
    assert done == ["role", "cluster", "old"]
    assert said.getvalue() == "  role: added\n  cluster: changed\n  old: removed\n"


def test_it_stops_at_the_first_failure(report: Report, said: StringIO) -> None:
    def fail() -> None:
        raise Refused("No.")

    with pytest.raises(Refused):
        carry_out([Change(Sign.ADD, "role", apply=fail), Change(Sign.ADD, "group", apply=fail)], report)
    assert said.getvalue() == ""


@pytest.fixture
def keyboard(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """What is written into it is typed on the terminal that this process reads from."""
    typing, reading = pty.openpty()
    with os.fdopen(reading, "r") as terminal:
        monkeypatch.setattr("sys.stdin", terminal)
        yield typing
    os.close(typing)


@pytest.mark.parametrize("answer", ["yes", " YES "])
def test_yes(keyboard: int, answer: str, report: Report, said: StringIO) -> None:
    os.write(keyboard, f"{answer}\n".encode())
    agree("Shall this be done?", report, "--yes")
    assert said.getvalue() == "\nShall this be done? Only yes is taken for yes.\n"


@pytest.mark.parametrize("answer", ["y\n", "\n", "no\n", "yes please\n", "\x04"])
def test_anything_else_is_no(keyboard: int, answer: str, report: Report) -> None:
    os.write(keyboard, answer.encode())
    with pytest.raises(Refused) as caught:
        agree("Shall this be done?", report, "--yes")
    assert caught.value.message == "Nothing was changed."


def test_nobody_to_ask(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    for stdin in (StringIO("yes\n"), None):
        monkeypatch.setattr("sys.stdin", stdin)
        with pytest.raises(Refused) as caught:
            agree("Shall this be done?", report, "--yes")
        assert caught.value.message.endswith("There is no terminal to ask on, so nothing was changed.")
        assert caught.value.hint == "Run it with --yes."


def test_no_secret_is_said(report: Report, said: StringIO) -> None:
    report.say("a s3cr[e]t b")
    report.done("made s3cr[e]t", 0.1)
    report.headline("s3cr[e]t")
    report.next_step("Next s3cr[e]t:", "psql s3cr[e]t")
    with report.waiting("s3cr[e]t") as tell:
        tell("s3cr[e]t")
    assert "s3cr" not in said.getvalue()
    assert said.getvalue().count("***") == 7


def test_a_terminal_has_a_clock_and_colours() -> None:
    said = Terminal()
    report = Report((), said)
    with report.waiting("cluster sparkify") as tell:
        tell("creating")
    assert "cluster sparkify: creating [0s elapsed]" in said.getvalue()
    report.headline("Ready.")
    assert "\x1b[" in said.getvalue()


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0s"), (59.9, "59s"), (60, "1m00s"), (130, "2m10s"), (3599, "59m59s"), (3600, "1h00m"), (7384, "2h03m")],
)
def test_elapsed(seconds: float, text: str) -> None:
    assert elapsed(seconds) == text


def test_steps_tell_their_time_from_a_second_on(report: Report, said: StringIO) -> None:
    report.done("role: added", 0.4)
    report.done("cluster: added", 130)
    assert said.getvalue() == "  role: added\n  cluster: added  2m10s\n"


def stack() -> Stack:
    settings = StackSettings()
    return Stack(settings, Account(settings), Report((), StringIO()))


def test_what_stands_and_costs() -> None:
    made = stack()
    assert made.standing() == ""
    made.stands("IAM role r")
    made.stands("cluster c", "$1.09 an hour")
    assert made.standing() == "There are now: IAM role r (free), cluster c ($1.09 an hour)."
    made.stands("cluster c", "storage only")
    made.gone("IAM role r")
    made.gone("IAM role r")
    assert made.standing() == "There are now: cluster c (storage only)."


@pytest.mark.parametrize(
    ("tags", "words"),
    [
        ({}, "is there already and was not made by this project; it is left alone."),
        ({"owner": "me"}, "is there already and was not made by this project; it is left alone."),
        ({"dwh:stack": "other"}, "belongs to the stack other; it is left alone."),
    ],
)
def test_what_is_not_ours(tags: dict[str, str], words: str) -> None:
    with pytest.raises(NotOurs) as caught:
        stack().check_ours("the cluster c", tags, "Choose another name.")
    assert (caught.value.message, caught.value.hint) == (f"The cluster c {words}", "Choose another name.")


def test_what_is_ours() -> None:
    made = stack()
    made.check_ours("the cluster c", read_tags(aws_tags(made.tags())), "")
    made.check_ours("the namespace c", read_tags([{"key": "dwh:stack", "value": "sparkify"}]), "")
    assert read_tags(None) == {}
