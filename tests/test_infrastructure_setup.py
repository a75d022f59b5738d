"""setup.py as people run it: planned, agreed to, made, made again, interrupted, refused."""

from __future__ import annotations

import signal
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from infrastructure_scripts import LIMIT, PASSWORD, Place, place, telling, wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from strict_aws import StrictAws

READS = ("Describe", "Get", "List")
EXPIRED = "The security token included in the request is expired"
RETIRED = {"CLUSTER_NODE_TYPE": "dc2.large", "CLUSTER_NUM_NODES": "4"}


@pytest.fixture
def here(aws: StrictAws, tmp_path: Path) -> Iterator[Place]:
    with telling() as url:
        yield place(tmp_path, aws.environment(), url)


def cluster(aws: StrictAws) -> dict[str, Any]:
    return aws.snapshot()["clusters"]["sparkify"]  # type: ignore[no-any-return]


def writes(aws: StrictAws) -> list[str]:
    """The calls so far that change something; forgotten when told."""
    made = [call.operation for call in aws.calls if not call.operation.startswith(READS)]
    aws.calls.clear()
    return made


def test_it_plans_makes_and_then_has_nothing_to_do(aws: StrictAws, here: Place) -> None:
    empty, text = aws.snapshot(), here.text
    plan = here.succeed("setup.py", "--dry-run", code=2)
    assert (aws.snapshot(), here.text, writes(aws)) == (empty, text, [])
    for line in (
        "AWS account 123456789012, region us-west-2",
        "+ IAM role sparkify-redshift-s3",
        "+ security group sparkify-redshift",
        "+ cluster sparkify (2 x ra3.large, $1.09 an hour)",
        "Plan: 3 to add, 1 to change, 0 to remove, 0 left as they are.",
        "2 x ra3.large: $1.09 an hour, $26.06 a day, $792.78 a month of 730 h",
        "on demand, us-west-2, read on 2026-10-07",
    ):
        assert line in plan

    made = here.succeed("setup.py", "--yes")
    assert made.startswith(plan.partition("\nNothing was changed")[0])
    assert "cluster sparkify: creating" in made
    assert "It costs $1.09 an hour from now on" in made
    assert "infrastructure/pause.py" in made
    assert made.endswith("create_tables.py\n")
    host = cluster_host(aws)
    assert f"Endpoint: {host}:5439" in made
    arn = "arn:aws:iam::123456789012:role/sparkify-redshift-s3"
    assert here.text == text.replace("HOST =", f"HOST = {host}").replace("ARN =", f"ARN = {arn}")
    (group,) = [one for one, rules in aws.snapshot()["security groups"].items() if rules["name"] == "sparkify-redshift"]
    assert cluster(aws) == {
        "status": "available",
        "node_type": "ra3.large",
        "number_of_nodes": 2,
        "db_name": "dev",
        "port": 5439,
        "master_username": "awsuser",
        "publicly_accessible": True,
        "encrypted": True,
        "tags": [{"Key": "dwh:stack", "Value": "sparkify"}, {"Key": "dwh:kind", "Value": "cluster"}],
        "iam_roles_arn": [arn],
        "vpc_security_group_ids": [group],
        "default_iam_role_arn": arn,
        "master_password_secret_arn": None,
    }

    account, text = aws.snapshot(), here.text
    writes(aws)
    assert "Nothing to do." in here.succeed("setup.py")
    assert (aws.snapshot(), here.text, writes(aws)) == (account, text, [])


def cluster_host(aws: StrictAws) -> str:
    found = aws.client("redshift").describe_clusters(ClusterIdentifier="sparkify")["Clusters"][0]
    return str(found["Endpoint"]["Address"])


def test_nobody_agrees(aws: StrictAws, here: Place) -> None:
    empty, text = aws.snapshot(), here.text
    assert "Run it with --yes." in here.fail("setup.py")
    code, shown = here.talk("setup.py", answers=["y"])
    assert (code, "Nothing was changed." in shown) == (1, True)
    assert (aws.snapshot(), here.text, writes(aws)) == (empty, text, [])


def test_retired_nodes_are_replaced_by_consent_alone(aws: StrictAws, here: Place) -> None:
    here.configure(**RETIRED)
    empty, text = aws.snapshot(), here.text
    refused = here.fail("setup.py", "--yes")
    for part in (
        "AWS makes no new dc2.large nodes",
        "nobody agreed to 3 x ra3.large ($1.63 an hour) in place of 4 x dc2.large",
        "REPLACE_RETIRED_NODES = yes",
        "CLUSTER_NODE_TYPE = ra3.large\nCLUSTER_NUM_NODES = 2",
    ):
        assert part in refused
    plan = here.succeed("setup.py", "--dry-run", code=2)
    assert "It would ask: AWS makes no new dc2 nodes: 3 x ra3.large ($1.63 an hour, $1,189.17 a month)" in plan
    assert "instead of 4 x dc2.large ($1.00 an hour)" in plan
    assert "+ cluster sparkify (3 x ra3.large, $1.63 an hour)" in plan
    assert (aws.snapshot(), here.text, writes(aws)) == (empty, text, [])

    code, shown = here.talk("setup.py", answers=["yes", "yes"])
    assert code == 0, shown
    assert (cluster(aws)["node_type"], cluster(aws)["number_of_nodes"]) == ("ra3.large", 3)
    again = here.succeed("setup.py", "--yes")
    assert "Nothing to do." in again
    assert "dc2" not in again


def test_create_cluster_itself_refuses_the_node_type(aws: StrictAws, here: Place) -> None:
    denied = "User: arn:aws:iam::123456789012:user/me is not authorized to perform: redshift:DescribeOrderable..."
    aws.fault("redshift", "DescribeOrderableClusterOptions", "AccessDenied", denied, 403, times=None)
    here.configure(**RETIRED)
    refused = here.fail("setup.py", "--yes")
    assert "nobody agreed to 3 x ra3.large" in refused
    assert "IAM role sparkify-redshift-s3 (free)" in refused
    assert "REPLACE_RETIRED_NODES = yes" in refused
    kept = {name: aws.snapshot()[name] for name in ("roles", "security groups")}
    made = here.succeed("setup.py", "--yes", DWH_REPLACE_RETIRED_NODES="yes")
    assert "is not known before it is ordered" in made
    assert "3 x ra3.large ($1.63 an hour, $1,189.17 a month) instead of 4 x dc2.large" in made
    assert cluster(aws)["number_of_nodes"] == 3
    assert {name: aws.snapshot()[name] for name in kept} == kept


def test_what_aws_lacks_today_it_has_tomorrow(aws: StrictAws, here: Place) -> None:
    no_nodes = "There is insufficient capacity for the requested node type"
    aws.fault("redshift", "CreateCluster", "InsufficientClusterCapacity", no_nodes)
    failed = here.fail("setup.py", "--yes")
    assert no_nodes in failed
    assert "There are now: IAM role sparkify-redshift-s3 (free)" in failed
    assert "try again later" in failed
    writes(aws)
    aws.propagation = 3
    aws.fault("redshift", "CreateCluster", "Throttling", "Rate exceeded")
    aws.fault("redshift", "DescribeClusters", "Throttling", "Rate exceeded", times=4, after=3)
    made = here.succeed("setup.py", "--yes")
    assert "waiting until Redshift sees the new role and group" in made
    assert set(writes(aws)) == {"CreateCluster"}


def test_the_token_expires_during_the_wait(aws: StrictAws, here: Place) -> None:
    aws.hold("creating")
    aws.fault("redshift", "DescribeClusters", "ExpiredToken", EXPIRED, 403, after=4)
    text = here.text
    failed = here.fail("setup.py", "--yes")
    for part in (
        EXPIRED,
        "The cluster goes on being created and costs $1.09 an hour as soon as it is available.",
        "Sign in again",
        "cluster sparkify ($1.09 an hour as soon as it is available)",
    ):
        assert part in failed
    assert here.text == text
    aws.release("creating")
    again = here.succeed("setup.py", "--yes")
    assert "~ wait until it is available: it is creating now" in again
    assert "HOST = sparkify." in here.text


def test_interrupted_and_killed_in_the_wait(aws: StrictAws, here: Place) -> None:
    aws.hold("creating")

    def is_creating() -> bool:
        return len([call for call in aws.calls if call.operation == "DescribeClusters"]) > 4

    code, _, err = here.interrupt("setup.py", "--yes", when=is_creating, by=signal.SIGINT)
    assert code == 1
    assert "Interrupted while waiting for the cluster sparkify. The cluster goes on being created and costs" in err
    assert "teardown.py" in err
    aws.calls.clear()
    code, *_ = here.interrupt("setup.py", "--yes", when=is_creating, by=signal.SIGKILL)
    assert code == -signal.SIGKILL
    aws.release("creating")
    here.succeed("setup.py", "--yes")
    assert "HOST = sparkify." in here.text


def test_interrupted_and_killed_before_the_wait(aws: StrictAws, here: Place) -> None:
    def is_past() -> bool:
        return any(call.operation == "CreateSecurityGroup" for call in aws.calls)

    aws.hold("creating")  # however late the signal comes, the run is not over
    code, _, err = here.interrupt("setup.py", "--yes", when=is_past, by=signal.SIGINT)
    assert code == 1
    assert "Interrupted" in err
    assert "There are now: IAM role sparkify-redshift-s3 (free)" in err
    aws.release("creating")
    here.succeed("teardown.py", "--yes", "--no-final-snapshot")
    aws.calls.clear()
    aws.hold("creating")
    here.interrupt("setup.py", "--yes", when=is_past, by=signal.SIGKILL)
    aws.release("creating")
    here.succeed("setup.py", "--yes")
    assert "HOST = sparkify." in here.text
    assert cluster(aws)["status"] == "available"


def test_several_at_once(aws: StrictAws, here: Place) -> None:
    empty, text = aws.snapshot(), here.text
    assert all_at_once(here, "setup.py", "--yes") == [(0, "")] * 3
    assert cluster(aws)["status"] == "available"
    assert all_at_once(here, "teardown.py", "--yes", "--no-final-snapshot") == [(0, "")] * 3
    assert (aws.snapshot(), here.text) == (empty, text)


def all_at_once(here: Place, *command: str) -> list[tuple[int, str]]:
    """Exit code and stderr of three processes."""
    with ExitStack() as stack:
        processes = [stack.enter_context(here.running(*command)) for _ in range(3)]
        errors = [process.communicate(timeout=LIMIT)[1] for process in processes]
    return [(process.returncode, error) for process, error in zip(processes, errors, strict=True)]


def test_no_secret_is_in_the_process_list(aws: StrictAws, here: Place) -> None:
    here.configure(f"{here.text}\n[AWS]\nKEY = {here.environment['AWS_ACCESS_KEY_ID']}\nSECRET = {here.secrets[1]}\n")
    aws.hold("creating")
    with here.running("setup.py", "--yes") as process:
        wait_for(lambda: any(call.operation == "CreateCluster" for call in aws.calls), process)
        shown = Path(f"/proc/{process.pid}/cmdline").read_bytes().decode()
        aws.release("creating")
        out, err = process.communicate(timeout=LIMIT)
    assert process.returncode == 0, err
    assert not [secret for secret in here.secrets if secret in shown + out + err]


def test_a_strangers_cluster(aws: StrictAws, here: Place) -> None:
    redshift = aws.client("redshift")
    redshift.create_cluster(
        ClusterIdentifier="sparkify",
        NodeType="ra3.large",
        NumberOfNodes=2,
        MasterUsername="other",
        MasterUserPassword=PASSWORD,
    )
    redshift.get_waiter("cluster_available").wait(WaiterConfig={"Delay": 0, "MaxAttempts": 20})
    account, text = aws.snapshot(), here.text
    failed = here.fail("setup.py", "--yes")
    assert "The cluster sparkify is there already and was not made by this project; it is left alone." in failed
    assert "CLUSTER_IDENTIFIER" in failed
    assert (aws.snapshot(), here.text, writes(aws)) == (account, text, [])
    left = here.succeed("teardown.py", "--yes")
    assert "= The cluster sparkify is there already" in left
    assert "Nothing to do." in left
    assert (aws.snapshot(), here.text, writes(aws)) == (account, text, [])


def test_wrong_usage_and_help(here: Place) -> None:
    assert here.run("setup.py", "--config", "missing.cfg").returncode == 2
    assert here.run("teardown.py", "--final-snapshot", "9lives").returncode == 2
    assert here.run("teardown.py", "--final-snapshot", "last", "--no-final-snapshot").returncode == 2
    assert "--dry-run" in here.succeed("setup.py", "--help")
    here.configure(CLUSTER_NODE_TYPE="ra3.16xlarge", CLUSTER_TYPE="single-node", CLUSTER_NUM_NODES="1")
    assert "comes in clusters of 2 nodes and more" in here.fail("setup.py", "--dry-run")


def test_another_port_in_dwh_cfg_locks_nobody_out(aws: StrictAws, here: Place) -> None:
    here.succeed("setup.py", "--yes")
    before, text = aws.snapshot(), here.text
    here.configure(text, DB_PORT="5440")
    told = here.succeed("setup.py", "--yes")
    assert "port: dwh.cfg says 5440, the cluster has 5439: left as it is" in told
    assert (aws.snapshot(), here.text) == (before, text)
