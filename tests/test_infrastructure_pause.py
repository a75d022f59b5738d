"""pause.py and resume.py: the cluster stops costing by the hour, and starts again."""

from __future__ import annotations

import signal
from argparse import Namespace
from typing import TYPE_CHECKING

import pytest
from infrastructure_scripts import telling
from infrastructure_standing import Standing, ground

from infrastructure import pause, resume
from warehouse.errors import WarehouseError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from strict_aws import StrictAws

    from infrastructure.stack import Stack

    Page = Callable[[Stack, Namespace], None]

CONCURRENT = "The Cluster is being modified by a concurrent operation. Please check the Cluster's status and try again."


@pytest.fixture
def empty(aws: StrictAws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Standing]:
    with ground(aws, tmp_path, monkeypatch) as standing:
        yield standing


@pytest.fixture
def here(empty: Standing) -> Standing:
    """With a cluster."""
    empty.up()
    empty.aws.calls.clear()
    return empty


def called(here: Standing, operation: str) -> int:
    return sum(call.operation == operation for call in here.aws.calls)


def test_paused_and_resumed_and_each_once_more(here: Standing) -> None:
    text = here.place.text
    out = here.place.succeed("pause.py")
    assert "cluster sparkify: pausing" in out
    assert "Paused: it costs storage only, $0.024 a GB-month of what is stored." in out
    assert out.rstrip().endswith("infrastructure/resume.py")
    assert here.look().status == "paused"
    assert "paused already" in here.place.succeed("pause.py")
    assert called(here, "PauseCluster") == 1
    out = here.place.succeed("resume.py")
    assert "cluster sparkify: resuming" in out
    assert "Running: $1.09 an hour from now on, until it is paused again." in out
    assert "etl.py" in out.splitlines()[-2]
    assert out.rstrip().endswith("infrastructure/pause.py")
    assert here.look().available
    assert here.place.text == text
    assert "running already" in here.place.succeed("resume.py")
    assert called(here, "ResumeCluster") == 1


def test_ctrl_c_in_the_wait_says_that_it_goes_on(here: Standing) -> None:
    here.aws.hold("pausing")
    code, _, errors = here.place.interrupt(
        "pause.py", when=lambda: called(here, "DescribeClusters") > 3, by=signal.SIGINT
    )
    assert code == 1
    assert "Interrupted while waiting for the cluster sparkify. The cluster goes on being paused" in errors
    assert "There are now: " in errors
    here.aws.release("pausing")
    assert "Paused: " in switched(here, pause.pause)
    assert called(here, "PauseCluster") == 1


def test_ctrl_c_while_it_resumes_says_that_it_costs(here: Standing) -> None:
    switched(here, pause.pause)
    here.aws.hold("resuming")
    here.aws.calls.clear()

    def waits() -> bool:
        operations = [call.operation for call in here.aws.calls]
        return "ResumeCluster" in operations and operations[-1] == "DescribeClusters"

    code, _, errors = here.place.interrupt("resume.py", when=waits, by=signal.SIGINT)
    assert code == 1
    assert "Interrupted while waiting" in errors
    assert "$1.09 an hour" in errors
    here.aws.release("resuming")
    assert "Running: " in switched(here, resume.resume)


def test_a_token_that_expires_in_the_wait(here: Standing) -> None:
    here.aws.hold("pausing")
    here.aws.fault("redshift", "DescribeClusters", "ExpiredToken", "The security token is expired", 403, after=4)
    errors = here.place.fail("pause.py")
    assert "The security token is expired (ExpiredToken). The cluster goes on being paused" in errors
    assert "Sign in again" in errors


def test_no_capacity_to_resume(here: Standing) -> None:
    switched(here, pause.pause)
    here.aws.fault("redshift", "ResumeCluster", "InsufficientClusterCapacity", "There is insufficient capacity.")
    errors = here.place.fail("resume.py")
    assert "There is insufficient capacity (InsufficientClusterCapacity)." in errors
    assert "AWS has no such nodes free just now: try again later" in errors
    assert "cluster sparkify (storage only, $0.024 a GB-month)" in errors
    assert here.look().status == "paused"
    assert "Running: " in switched(here, resume.resume)


def test_there_is_nothing_to_pause(here: Standing) -> None:
    here.configure(CLUSTER_IDENTIFIER="other")
    errors = here.place.fail("pause.py")
    assert "There is no cluster other" in errors
    assert "infrastructure/setup.py makes" in errors


def test_commands_can_be_pasted_from_any_folder(here: Standing) -> None:
    """Of a remedy, and of the next step: with the same configuration, whatever its name."""
    here.configure(CLUSTER_IDENTIFIER="other", NAME="other")
    elsewhere = here.place.folder / "her dwh's.cfg"
    here.place.config.rename(elsewhere)
    refused_ = here.place.fail("pause.py", "--config", elsewhere.name)
    absent = here.place.succeed("status.py", "--config", elsewhere.name, code=3)
    for text in (refused_.splitlines()[1], absent.splitlines()[-1].partition("This makes it:")[2]):
        command = text.partition(" makes it")[0].strip()
        assert command.startswith("python ")
        done = here.place.shell(f"{command} --dry-run")
        assert done.returncode == 2, done.stdout + done.stderr
        assert "+ cluster other" in done.stdout


def switched(here: Standing, page: Page) -> str:
    """What the page says, in this process."""
    page(here.stack(), Namespace())
    return here.said.getvalue()


def refused(here: Standing, page: Page) -> str:
    """The sentences that it ends with."""
    with pytest.raises(WarehouseError) as caught:
        page(here.stack(), Namespace())
    return f"{caught.value.message}\n{caught.value.hint}"


def test_pausing_while_aws_is_busy_with_it(here: Standing) -> None:
    here.enter("modifying", "Modifying")
    errors = refused(here, pause.pause)
    assert CONCURRENT[:-1] in errors
    assert "status.py shows with what" in errors


@pytest.mark.parametrize("page", [pause.pause, resume.resume])
def test_what_cannot_be_switched(here: Standing, page: Page) -> None:
    here.enter("deleting")
    assert "is being deleted" in refused(here, page)
    here.cluster.tags = []
    assert "The cluster sparkify is there already and was not made by this project; it is left alone." in refused(
        here, page
    )
    here.configure(CLUSTER_IDENTIFIER="other")
    assert "There is no cluster other" in refused(here, page)
    assert called(here, "PauseCluster") + called(here, "ResumeCluster") == 0


def test_resuming_one_that_is_broken(here: Standing) -> None:
    here.enter("hardware-failure")
    assert "Its hardware failed." in refused(here, resume.resume)


def test_resuming_from_another_address(here: Standing) -> None:
    switched(here, pause.pause)
    with telling("52.95.4.9") as url:
        here.set("DWH_ADDRESS_URL", url)
        out = switched(here, resume.resume)
    assert "Your address 52.95.4.9 is not let in on port 5439." in out
    assert out.rstrip().endswith("infrastructure/setup.py")


def test_resuming_with_a_dwh_cfg_that_names_another_host(here: Standing) -> None:
    here.configure(HOST="old.abc.us-west-2.redshift.amazonaws.com")
    out = switched(here, resume.resume)
    assert "HOST is old.abc.us-west-2.redshift.amazonaws.com, the endpoint is sparkify." in out
    assert out.rstrip().endswith("infrastructure/setup.py")


def test_serverless_has_nothing_to_pause(empty: Standing) -> None:
    empty.configure(CLUSTER_TYPE="serverless")
    assert "There is no serverless workgroup sparkify in us-west-2." in refused(empty, pause.pause)
    empty.up(CLUSTER_TYPE="serverless")
    sentence = "Not needed: the serverless workgroup sparkify is billed only while queries run"
    assert sentence in switched(empty, pause.pause)
    out = switched(empty, resume.resume)
    assert sentence in out
    assert "pause.py" not in out
