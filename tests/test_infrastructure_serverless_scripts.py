"""The pages of infrastructure/ for a serverless warehouse, run as people run them."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest
from infrastructure_scripts import CLUSTER, place, telling
from strict_aws import ACCOUNT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from infrastructure_scripts import Place
    from strict_aws import StrictAws

HOST = f"sparkify.{ACCOUNT}.us-west-2.redshift-serverless.amazonaws.com"
SERVERLESS = (
    CLUSTER.replace("CLUSTER_TYPE = multi-node", "CLUSTER_TYPE = serverless") + "[SERVERLESS]\nBASE_CAPACITY = 8\n"
)


@pytest.fixture
def here(aws: StrictAws, tmp_path: Path) -> Iterator[Place]:
    with telling() as address_url:
        yield place(tmp_path, aws.environment(), address_url)


def test_the_whole_cycle(aws: StrictAws, here: Place) -> None:
    here.configure(SERVERLESS)
    before = aws.snapshot()
    said = here.succeed("setup.py", "--dry-run", code=2)
    assert "Plan: 5 to add, 1 to change, 0 to remove, 0 left as they are." in said
    assert "$3.00 an hour while queries run (8 RPU at $0.375)" in said
    assert aws.snapshot() == before

    said = here.succeed("setup.py", "--yes")
    assert "serverless workgroup sparkify: creating [" in said
    assert f"Endpoint: {HOST}:5439" in said
    assert f"HOST = {HOST}\n" in here.text
    assert "Nothing to do." in here.succeed("setup.py", "--serverless")

    here.configure(here.text, BASE_CAPACITY="16")
    assert "~ base capacity: 8 -> 16 RPU, $6.00 an hour" in here.succeed("setup.py", "--dry-run", code=2)
    here.succeed("setup.py", "--yes")
    assert "16 RPU" in here.succeed("status.py")
    here.configure(here.text, CLUSTER_TYPE="multi-node")  # what was made is found by its role
    assert "Not needed: the serverless workgroup sparkify is billed only while" in here.succeed("pause.py")
    assert "pause.py" not in here.succeed("resume.py")

    said = here.succeed("teardown.py", "--yes", "--final-snapshot", "sparkify-last")
    assert "its data is kept in the final snapshot sparkify-last: $0.024 a GB-month" in said
    assert "sparkify-last (2.0 GB, about $0.05 a month)" in said
    assert "aws redshift-serverless delete-snapshot --snapshot-name sparkify-last --region us-west-2" in said
    assert "HOST =\n" in here.text
    here.configure(here.text, CLUSTER_TYPE="serverless")
    assert "Nothing to do." in here.succeed("teardown.py", "--yes")
    assert "serverless workgroup sparkify: absent" in here.succeed("status.py", code=3)
    assert aws.snapshot() == {**before, "namespace snapshots": ["sparkify-last"]}


def _waits(aws: StrictAws) -> bool:
    operations = [call.operation for call in aws.calls]
    return "GetWorkgroup" in operations[operations.index("CreateWorkgroup") :] if aws.workgroups else False


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGINT])
def test_a_run_that_ends_in_the_wait(aws: StrictAws, here: Place, ending: int) -> None:
    here.configure(SERVERLESS)
    aws.hold("CREATING")
    code, _, err = here.interrupt("setup.py", "--yes", when=lambda: _waits(aws), by=ending)
    if ending == signal.SIGINT:
        assert "AWS goes on with it; once it is there, it costs $3.00 an hour while queries run" in err
        assert "There are now: " in err
        assert "serverless workgroup sparkify ($3.00 an hour while queries run)" in err
    assert code not in {0, 2}
    assert here.text == SERVERLESS
    assert "creating" in here.succeed("status.py", code=4)
    aws.release("CREATING")
    assert "Plan: 1 to add, 2 to change, 0 to remove, 3 left as they are." in here.succeed("setup.py", "--yes")
    assert f"HOST = {HOST}\n" in here.text


def test_a_namespace_without_a_workgroup(aws: StrictAws, here: Place) -> None:
    here.configure(SERVERLESS)
    before = aws.snapshot()
    aws.fault("redshift-serverless", "CreateWorkgroup", "InsufficientCapacityException", "None left.", times=None)
    err = here.fail("setup.py", "--yes")
    assert "While creating the serverless workgroup sparkify, AWS said: None left" in err
    assert "serverless namespace sparkify (storage only, $0.024 a GB-month of what is stored)" in err
    assert "a smaller BASE_CAPACITY" in err
    assert "incomplete" in here.succeed("status.py", code=4)
    here.succeed("teardown.py", "--yes", "--no-final-snapshot")
    assert aws.snapshot() == before


def test_a_cluster_of_that_name_is_there(aws: StrictAws, here: Place) -> None:
    here.succeed("setup.py", "--yes")
    before = aws.snapshot()
    assert "was made for the cluster" in here.fail("setup.py", "--serverless", "--yes")
    assert aws.snapshot() == before


def test_a_strangers_namespace(aws: StrictAws, here: Place) -> None:
    here.configure(SERVERLESS)
    aws.client("redshift-serverless").create_namespace(namespaceName="sparkify")
    before = aws.snapshot()
    err = here.fail("setup.py", "--yes")
    assert "Serverless namespace sparkify is there already and was not made by this project; it is left alone." in err
    assert "was not made by this project" in here.succeed("teardown.py", "--yes")
    assert aws.snapshot() == before
    assert here.text == SERVERLESS
