"""One refused call, at each place where it can come: what the last sentences say of the warehouse and its costs."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

import pytest
from infrastructure_standing import Standing, ground

from infrastructure import pause, resume, setup, status, teardown
from infrastructure.errors import AwsFailed, StillWaiting

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from strict_aws import StrictAws

PAGES = {
    "setup": (setup.setup, Namespace(print_policy=False, allow_anywhere=False, dry_run=False, yes=True)),
    "pause": (pause.pause, Namespace()),
    "resume": (resume.resume, Namespace()),
    "status": (status.status, Namespace(check=False, json=False)),
    "teardown": (
        teardown.teardown,
        Namespace(dry_run=False, yes=True, final_snapshot="last", no_final_snapshot=False),
    ),
}
CLAIMED = "(perhaps: HOST in dwh.cfg names it; while it runs, it costs money)"
RUNS = "cluster sparkify ($1.09 an hour)"
STORED = "serverless namespace sparkify (storage only, $0.024 a GB-month"
DENIED = "User: me is not authorized to perform it"


@pytest.fixture
def empty(aws: StrictAws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Standing]:
    with ground(aws, tmp_path, monkeypatch) as standing:
        yield standing


def failed(here: Standing, page: str) -> str:
    """What a page says that there is, after it failed."""
    work, given = PAGES[page]
    stack = here.stack()
    with pytest.raises((AwsFailed, StillWaiting)):
        work(stack, given)
    return stack.standing()


@pytest.mark.parametrize(
    ("page", "service", "operation", "after", "told"),
    [
        ("setup", "iam", "GetRole", 0, f"cluster sparkify {CLAIMED}"),
        ("pause", "iam", "GetRole", 0, f"cluster sparkify {CLAIMED}"),
        ("resume", "redshift", "DescribeClusters", 0, f"cluster sparkify {CLAIMED}"),
        ("status", "redshift", "DescribeClusters", 0, f"cluster sparkify {CLAIMED}"),
        ("teardown", "redshift", "DescribeClusters", 0, f"cluster sparkify {CLAIMED}"),
        ("setup", "ec2", "DescribeSecurityGroups", 0, RUNS),
        ("pause", "redshift", "DescribeClusters", 1, RUNS),
        ("status", "iam", "GetRole", 1, RUNS),
        ("teardown", "ec2", "DescribeSecurityGroups", 0, RUNS),
    ],
)
def test_a_cluster_is_not_forgotten(
    empty: Standing, page: str, service: str, operation: str, after: int, told: str
) -> None:
    empty.up()
    empty.aws.fault(service, operation, "AccessDenied", DENIED, 403, times=None, after=after)
    assert told in failed(empty, page)


@pytest.mark.parametrize(
    ("page", "service", "operation", "after", "told"),
    [
        ("pause", "iam", "GetRole", 0, f"serverless workgroup sparkify {CLAIMED}"),
        ("status", "iam", "GetRole", 1, f"serverless workgroup sparkify ($3.00 an hour while queries run), {STORED}"),
    ],
)
def test_a_workgroup_is_not_forgotten(
    empty: Standing, page: str, service: str, operation: str, after: int, told: str
) -> None:
    empty.up(CLUSTER_TYPE="serverless")
    empty.aws.fault(service, operation, "AccessDenied", DENIED, 403, times=None, after=after)
    assert told in failed(empty, page)


def test_what_aws_does_not_show_is_not_claimed(empty: Standing) -> None:
    empty.up()
    empty.aws.client("redshift").delete_cluster(ClusterIdentifier="sparkify", SkipFinalClusterSnapshot=True)
    while empty.look().exists:
        pass
    empty.aws.fault("ec2", "DescribeSecurityGroups", "UnauthorizedOperation", DENIED, 403, times=None)
    assert failed(empty, "teardown") == "There are now: IAM role sparkify-redshift-s3 (free)."


def test_another_cluster_of_dwh_cfg_is_not_claimed(empty: Standing) -> None:
    empty.up()
    for host in ("other.abc.us-west-2.redshift.amazonaws.com", "sparkify.abc.eu-west-1.redshift.amazonaws.com", ""):
        empty.configure(HOST=host)
        assert empty.stack().standing() == ""


def test_the_final_snapshot_is_told_where_aws_lists_none(empty: Standing) -> None:
    empty.up()
    empty.aws.fault("redshift", "DescribeClusterSnapshots", "AccessDenied", DENIED, 403, times=None)
    work, given = PAGES["teardown"]
    assert work(empty.stack(), given) == 0
    assert "is not known: While listing" in empty.said.getvalue()
    assert "The final snapshot last was ordered: it costs $0.024 a GB-month" in empty.said.getvalue()


def test_resumed_without_a_look_at_the_rules(empty: Standing) -> None:
    empty.up()
    empty.aws.fault("ec2", "DescribeSecurityGroupRules", "UnauthorizedOperation", DENIED, 403, times=None)
    work, given = PAGES["resume"]
    work(empty.stack(), given)
    assert "Whether your address is let in is not known: While reading the rules" in empty.said.getvalue()
