"""teardown.py as people run it: what goes, what stays, what is asked, and twice."""

from __future__ import annotations

import re
import signal
from argparse import Namespace
from typing import TYPE_CHECKING

import pytest
from infrastructure_scripts import LIMIT, Place, place, telling, wait_for
from infrastructure_stack import stack_on
from moto.redshift.models import redshift_backends
from strict_aws import ACCOUNT, REGION

from infrastructure.plan import carry_out
from infrastructure.settings import load
from infrastructure.setup import planned

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from strict_aws import StrictAws


@pytest.fixture
def here(aws: StrictAws, tmp_path: Path) -> Iterator[Place]:
    with telling() as url:
        yield place(tmp_path, aws.environment(), url)


@pytest.fixture
def standing(aws: StrictAws, here: Place, monkeypatch: pytest.MonkeyPatch) -> Place:
    """The same with everything that setup.py makes."""
    settings = load(here.config, here.environment)
    stack = stack_on(aws, monkeypatch, **vars(settings))
    given = Namespace(allow_anywhere=False, dry_run=False, yes=True)
    carry_out(planned(stack, given), stack.report)
    return here


def foreign_things(aws: StrictAws) -> None:
    """A role and a group of somebody else."""
    trust = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Principal": {"AWS": "*"}}]}'
    aws.client("iam").create_role(RoleName="theirs", AssumeRolePolicyDocument=trust)
    aws.client("ec2").create_security_group(GroupName="theirs", Description="theirs")


def test_the_account_is_afterwards_as_it_was_before(aws: StrictAws, here: Place) -> None:
    foreign_things(aws)
    account, text = aws.snapshot(), here.text
    here.succeed("setup.py", "--yes")
    made, filled = aws.snapshot(), here.text
    plan = here.succeed("teardown.py", "--dry-run", "--no-final-snapshot", code=2)
    for line in (
        "- cluster sparkify (2 x ra3.large, available)",
        "its data and its automatic backups are lost",
        "- security group sparkify-redshift",
        "- IAM role sparkify-redshift-s3",
        "HOST and ARN emptied",
    ):
        assert line in plan
    assert (aws.snapshot(), here.text) == (made, filled)
    gone = here.succeed("teardown.py", "--yes", "--no-final-snapshot")
    order = [gone.index(f"{what}: removed") for what in ("available)", "group sparkify-redshift", "redshift-s3")]
    assert order == sorted(order)
    assert "nothing of it is left that costs money" in gone
    assert (aws.snapshot(), here.text) == (account, text)
    assert "Nothing to do." in here.succeed("teardown.py")
    assert (aws.snapshot(), here.text) == (account, text)


def test_data_is_not_lost_by_yes_alone(aws: StrictAws, standing: Place) -> None:
    made = aws.snapshot()
    refused = standing.fail("teardown.py", "--yes")
    assert re.search(r"--final-snapshot sparkify-final-\d{8}-\d{4} keeps it, --no-final-snapshot does not", refused)
    assert "Run it with --yes" in standing.fail("teardown.py", "--no-final-snapshot")
    code, shown = standing.talk("teardown.py", answers=["none", "no"])
    assert (code, "Nothing was changed." in shown) == (1, True)
    code, shown = standing.talk("teardown.py", answers=["No Name!"])
    assert (code, "is no name of a snapshot" in shown) == (1, True)
    assert aws.snapshot() == made

    code, shown = standing.talk("teardown.py", answers=["", "yes"])
    assert code == 0, shown
    (kept,) = aws.snapshot()["cluster snapshots"]
    assert re.fullmatch(r"sparkify-final-\d{8}-\d{4}", kept)
    assert f"aws redshift delete-cluster-snapshot --snapshot-identifier {kept} --region us-west-2" in shown
    assert "$0.024 a GB-month" in shown
    assert aws.snapshot()["clusters"] == {}


@pytest.mark.parametrize("answers", [[signal.SIGINT], ["none", signal.SIGINT], ["none", "\x04"]])
def test_leaving_a_question_removes_nothing(
    aws: StrictAws, standing: Place, answers: list[str | signal.Signals]
) -> None:
    made = aws.snapshot()
    code, shown = standing.talk("teardown.py", answers=answers)
    assert code == 1
    assert "\r\nerror: Nothing was changed." in shown
    assert aws.snapshot() == made


def test_a_snapshot_of_that_name_is_there(aws: StrictAws, standing: Place) -> None:
    aws.client("redshift").create_cluster_snapshot(SnapshotIdentifier="last", ClusterIdentifier="sparkify")
    made = aws.snapshot()
    assert "There is a snapshot last already" in standing.fail("teardown.py", "--yes", "--final-snapshot", "last")
    assert aws.snapshot() == made
    gone = standing.succeed("teardown.py", "--yes", "--final-snapshot", "last-2")
    assert aws.snapshot()["cluster snapshots"] == ["last", "last-2"]
    assert "  last\n" in gone
    assert "snapshot-identifier last-2 --region us-west-2\n" in gone


def test_in_the_middle_of_its_creation(aws: StrictAws, here: Place) -> None:
    aws.hold("creating")
    here.interrupt("setup.py", "--yes", when=lambda: saw(aws, "CreateCluster"), by=signal.SIGKILL)
    with here.running("teardown.py", "--yes", "--no-final-snapshot") as process:
        wait_for(lambda: saw(aws, "DeleteCluster", "DeleteCluster"), process)
        aws.release("creating")
        gone, err = process.communicate(timeout=LIMIT)
    assert (process.returncode, err) == (0, "")
    assert "cluster sparkify: creating, not yet to be deleted" in gone
    assert aws.snapshot()["clusters"] == {}
    assert "sparkify-redshift-s3" not in aws.snapshot()["roles"]


def saw(aws: StrictAws, *operations: str) -> bool:
    """Whether there were such calls, one after another."""
    names = iter([call.operation for call in aws.calls])
    return all(operation in names for operation in operations)


def test_interrupted_it_goes_on_where_it_ended(aws: StrictAws, standing: Place) -> None:
    aws.hold("deleting")
    aws.polls["eni"] = 3
    deleting = ("DeleteCluster", "DescribeClusters", "DescribeClusters")
    code, _, err = standing.interrupt(
        "teardown.py", "--yes", "--no-final-snapshot", when=lambda: saw(aws, *deleting), by=signal.SIGINT
    )
    assert code == 1
    assert "The cluster goes on being deleted; once it is gone, it costs nothing any more." in err
    assert "The cluster sparkify is being deleted. Nothing was changed." in standing.fail("setup.py", "--yes")
    aws.calls.clear()
    with standing.running("teardown.py", "--yes") as process:
        wait_for(lambda: saw(aws, *["DescribeClusters"] * 6), process)
        aws.release("deleting")
        out, err = process.communicate(timeout=LIMIT)
    assert (process.returncode, err) == (0, "")
    assert "it is being deleted already: waits until it is gone" in out
    assert "still in use" in out
    assert aws.snapshot()["clusters"] == {}
    assert "sparkify-redshift-s3" not in aws.snapshot()["roles"]


def test_everything_but_the_cluster_is_gone_already(aws: StrictAws, standing: Place) -> None:
    aws.client("iam").detach_role_policy(
        RoleName="sparkify-redshift-s3", PolicyArn="arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
    )
    aws.client("iam").delete_role(RoleName="sparkify-redshift-s3")
    standing.succeed("teardown.py", "--yes", "--no-final-snapshot")
    assert aws.snapshot()["clusters"] == {}


def test_denied_rights(aws: StrictAws, standing: Place) -> None:
    aws.fault("redshift", "DeleteCluster", "AccessDenied", "User: me is not authorized to perform: it", 403)
    made = aws.snapshot()
    failed = standing.fail("teardown.py", "--yes", "--no-final-snapshot")
    assert "It is not deleted, and costs $1.09 an hour." in failed
    assert "--print-policy" in failed
    assert aws.snapshot() == made


def test_a_warehouse_of_another_region_is_not_forgotten(aws: StrictAws, standing: Place) -> None:
    """REGION was changed: the role is the same one everywhere."""
    made, filled = aws.snapshot(), standing.text
    for script in (("teardown.py", "--yes", "--no-final-snapshot"), ("setup.py", "--yes")):
        failed = standing.fail(*script, AWS_DEFAULT_REGION="us-east-1")
        assert "HOST in dwh.cfg is sparkify in region us-west-2" in failed
        assert "set REGION = us-west-2" in failed
    standing.configure(filled, HOST="")
    gone = standing.succeed("teardown.py", "--yes", "--no-final-snapshot", AWS_DEFAULT_REGION="us-east-1")
    assert "serves the warehouse sparkify in us-west-2, which may still cost money" in gone
    assert "serves the warehouse" in standing.fail("setup.py", "--yes", AWS_DEFAULT_REGION="us-east-1")
    assert aws.snapshot() == made


def test_a_warehouse_of_another_account_is_not_forgotten(aws: StrictAws, standing: Place) -> None:
    standing.configure(standing.text.replace("123456789012", "210987654321"))
    made, filled = aws.snapshot(), standing.text
    failed = standing.fail("teardown.py", "--yes", "--no-final-snapshot")
    assert "of account 210987654321; this is region us-west-2 of account 123456789012" in failed
    assert (aws.snapshot(), standing.text) == (made, filled)


def test_a_cluster_that_lost_its_tags_keeps_what_it_uses(aws: StrictAws, standing: Place) -> None:
    redshift_backends[ACCOUNT][REGION].clusters["sparkify"].tags = []
    made, filled = aws.snapshot(), standing.text
    left = standing.succeed("teardown.py", "--yes", "--no-final-snapshot")
    assert left.count("what is left above uses it") == 2
    assert "The cluster sparkify is left (available), and costs $1.09 an hour while it runs." in left
    assert "nothing of it is left" not in left
    assert (aws.snapshot(), standing.text) == (made, filled)


def test_another_name_in_dwh_cfg(aws: StrictAws, standing: Place) -> None:
    """The stack's, then the role's: what is not found by them is told, and stays in dwh.cfg."""
    made, filled = aws.snapshot(), standing.text
    standing.configure(filled, CLUSTER_IDENTIFIER="sparkify-2")
    told = standing.succeed("teardown.py", "--yes")
    assert "IAM role sparkify-redshift-s3 belongs to the stack sparkify" in told
    assert "HOST in dwh.cfg is sparkify in us-west-2: that was not touched, and may cost money." in told
    assert aws.snapshot() == made
    assert standing.text == filled.replace("= sparkify\n", "= sparkify-2\n")
    standing.configure(filled, NAME="other")
    told = standing.succeed("teardown.py", "--yes", "--no-final-snapshot")
    assert "= IAM role sparkify-redshift-s3\n      attached to the cluster, and NAME in [IAM_ROLE]" in told
    assert aws.snapshot()["clusters"] == {}


def test_the_final_snapshot_that_somebody_else_prevented(aws: StrictAws, standing: Place) -> None:
    aws.hold("deleting")
    aws.client("redshift").delete_cluster(ClusterIdentifier="sparkify", SkipFinalClusterSnapshot=True)
    aws.calls.clear()
    with standing.running("teardown.py", "--yes", "--final-snapshot", "last") as process:
        wait_for(lambda: saw(aws, *["DescribeClusters"] * 6), process)
        aws.release("deleting")
        _, err = process.communicate(timeout=LIMIT)
    assert process.returncode == 1
    assert "The cluster sparkify is gone, and the final snapshot last was not made" in err


@pytest.mark.parametrize("signal_", [signal.SIGTERM, signal.SIGHUP])
def test_ended_from_outside_it_says_what_goes_on(aws: StrictAws, here: Place, signal_: signal.Signals) -> None:
    aws.hold("creating")
    waiting = ("CreateCluster", "DescribeClusters", "DescribeClusters")
    code, _, err = here.interrupt("setup.py", "--yes", when=lambda: saw(aws, *waiting), by=signal_)
    assert code == 1
    assert "The cluster goes on being created and costs $1.09 an hour as soon as it is available." in err


def test_what_nohup_lets_pass_is_let_pass(aws: StrictAws, here: Place) -> None:
    aws.hold("creating")
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # processes that are started inherit it
    try:
        process = here.start("setup.py", "--yes")
    finally:
        signal.signal(signal.SIGHUP, before)
    try:
        wait_for(lambda: saw(aws, "CreateCluster", "DescribeClusters"), process)
        process.send_signal(signal.SIGHUP)
        aws.release("creating")
        out, err = process.communicate(timeout=LIMIT)
    finally:
        process.kill()
    assert (process.returncode, err) == (0, "")
    assert "The warehouse is ready." in out
