"""status.py: what there is, what it costs, whether it fits dwh.cfg and this machine; for people and for programs."""

from __future__ import annotations

import json
import re
from argparse import Namespace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from infrastructure_scripts import telling
from infrastructure_standing import EVERYTHING, Standing, ground

from infrastructure import status
from infrastructure.meanings import MEANINGS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from strict_aws import StrictAws

ROLE = "sparkify-redshift-s3"
ARN = f"arn:aws:iam::123456789012:role/{ROLE}"


@pytest.fixture
def here(aws: StrictAws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Standing]:
    with ground(aws, tmp_path, monkeypatch) as standing:
        yield standing


def told(here: Standing) -> tuple[int, str]:
    """Exit code and lines."""
    code = status.status(here.stack(), Namespace(check=False, json=False))
    return code, here.said.getvalue()


def read(here: Standing) -> dict[str, Any]:
    """The JSON object."""
    status.status(here.stack(), Namespace(check=False, json=True))
    found: dict[str, Any] = json.loads(here.said.getvalue())
    return found


def test_before_anything_is_made(here: Standing) -> None:
    out = here.place.succeed("status.py", code=3)
    assert "account 123456789012, region us-west-2" in out
    assert "cluster sparkify: absent" in out
    assert "This makes it:" in out
    assert "infrastructure/setup.py" in out
    found = json.loads(here.place.succeed("status.py", "--json", code=3))
    assert (found["status"], found["available"], found["host"], found["to_repair"]) == ("absent", False, None, [])


def test_a_warehouse_that_is_ready(here: Standing) -> None:
    here.up()
    out = here.place.succeed("status.py")
    host = here.look().host
    for line in (
        "cluster sparkify: available",
        "  size      2 x ra3.large",
        f"  endpoint  {host}:5439",
        "  access    public",
        "  price     $1.09 an hour, and $0.024 a GB-month of what is stored",
        "  address   52.95.4.1 is let in on port 5439",
        f"  role      {ROLE}, attached",
    ):
        assert line in out.splitlines()
    assert re.search(r"created   \d{4}-\d\d-\d\d \d\d:\d\d UTC, \d+s ago", out)
    assert "create_tables.py" in out.splitlines()[-1]


def test_json_is_all_that_stands_on_standard_output(here: Standing) -> None:
    here.up()
    found = json.loads(here.place.succeed("status.py", "--json"))
    assert found["created"].endswith("Z")
    assert abs(datetime.now(UTC) - datetime.fromisoformat(found["created"])) < timedelta(minutes=5)
    expected = {
        "stack": "sparkify",
        "kind": "cluster",
        "account": "123456789012",
        "region": "us-west-2",
        "status": "available",
        "available": True,
        "made_by_this_project": True,
        "size": "2 x ra3.large",
        "port": 5439,
        "public": True,
        "usd_per_hour": 1.086,
        "usd_per_storage_gb_month": 0.024,
        "pays_for": "hours",
        "config_file": "dwh.cfg",
        "config_differences": [],
        "your_address": "52.95.4.1",
        "your_address_let_in": True,
        "role_arn": ARN,
        "role_made_by_this_project": True,
        "role_attached": True,
        "to_repair": [],
    }
    assert {key: found[key] for key in expected} == expected


def test_help_names_every_key_and_every_exit_code(here: Standing) -> None:
    text = here.place.succeed("status.py", "--help")
    for key in read(here):
        assert re.search(rf"\b{key}\b", text), key
    for code in "01234":
        assert re.search(rf"(?m)^  {code}  ", text)


def test_every_state_has_a_meaning_and_a_next_step(here: Standing) -> None:
    here.up()
    for state in [name for name in MEANINGS if name not in {"absent", "available", "incomplete"}]:
        here.enter(state)
        code, out = told(here)
        assert (code, read(here)["status"]) == (4, state)
        assert f"cluster sparkify: {state}\n  {MEANINGS[state].what}\n" in out
        assert out.rstrip().endswith(MEANINGS[state].script)


def test_a_state_that_is_not_known(here: Standing) -> None:
    here.up()
    here.enter("some-state-of-tomorrow")
    code, out = told(here)
    assert code == 4
    assert "AWS calls it some-state-of-tomorrow." in out


@pytest.mark.parametrize(
    ("state", "script"),
    [
        ("paused", "resume.py"),
        ("creating", "status.py"),
        ("deleting", "teardown.py"),
        ("hardware-failure", "teardown.py"),
    ],
)
def test_the_next_script(here: Standing, state: str, script: str) -> None:
    here.up()
    here.enter(state)
    assert told(here)[1].rstrip().endswith(f"infrastructure/{script}")


def test_available_while_aws_still_changes_something_is_not_available(here: Standing) -> None:
    here.up()
    here.enter("available", "Modifying")
    code, out = told(here)
    assert code == 4
    assert "It runs, and AWS is still changing something about it." in out


def test_a_resize_that_is_being_cleaned_up_is_available(here: Standing) -> None:
    here.up()
    here.enter("available, resize-cleanup", "Available")
    assert told(here)[0] == 0


def test_money_since_creation_is_an_upper_bound(here: Standing) -> None:
    here.up()
    here.cluster.create_time = datetime.now(UTC) - timedelta(hours=100)
    _, out = told(here)
    assert "so far    at most $108.60, as if it had never been paused" in out
    assert "4 days ago" in out
    found = read(here)
    assert (found["usd_so_far_at_most"], found["age_seconds"] // 60) == (108.6, 6000)


def test_paused_costs_storage_only(here: Standing) -> None:
    here.up()
    here.enter("paused", "Paused")
    code, out = told(here)
    assert code == 4
    assert "price     storage only, $0.024 a GB-month of what is stored" in out
    assert read(here)["pays_for"] == "storage"


def test_prices_of_ones_own(here: Standing) -> None:
    here.up(EVERYTHING + "\n[PRICES]\nRA3.LARGE = 0.7\nSTORAGE_GB_MONTH = 0.03\n")
    _, out = told(here)
    assert "$1.40 an hour, and $0.03 a GB-month" in out
    assert "[PRICES] of dwh.cfg before them" in out


def test_a_node_type_without_a_price(here: Standing) -> None:
    here.up()
    here.cluster.node_type = "ra9.large"
    _, out = told(here)
    assert "price     an hour: not known ([PRICES] in dwh.cfg may tell it)" in out
    assert "so far" not in out
    assert (read(here)["usd_per_hour"], read(here)["usd_so_far_at_most"]) == (None, None)


def test_capacity_where_aws_tells_it(here: Standing) -> None:
    here.up()
    here.environment.setattr(type(here.cluster), "total_storage_capacity_in_mega_bytes", 16_000_000)
    assert "storage   up to 16.0 TB" in told(here)[1]
    assert read(here)["storage_capacity_mb"] == 16_000_000


def test_the_secret_s_arn_is_told_to_the_letter(here: Standing) -> None:
    here.up(DB_PASSWORD="")
    arn = here.look().secret_arn
    assert ":secret:" in arn
    assert f"password  kept by AWS: {arn}" in told(here)[1]
    assert read(here)["secret_arn"] == arn


def test_another_address_than_at_setup(here: Standing) -> None:
    here.up()
    with telling("52.95.4.9") as url:
        here.set("DWH_ADDRESS_URL", url)
        code, out = told(here)
        found = read(here)
    assert code == 0
    assert "address   52.95.4.9 is not let in on port 5439" in out
    assert out.rstrip().endswith("infrastructure/setup.py")
    assert found["your_address_let_in"] is False
    assert found["to_repair"] == ["Your address 52.95.4.9 is not let in on port 5439."]


def test_another_address_than_the_networks_in_dwh_cfg_is_no_repair_of_setup_s(here: Standing) -> None:
    here.up(CIDR="198.41.0.0/24")
    found = read(here)
    assert (found["your_address_let_in"], found["to_repair"]) == (False, [])
    assert "address   52.95.4.1 is not let in on port 5439" in told(here)[1]


def test_an_address_that_nobody_tells(here: Standing) -> None:
    here.up()
    here.set("DWH_ADDRESS_URL", "http://127.0.0.1:9/")
    code, out = told(here)
    found = read(here)
    assert code == 0
    assert "address   yours: whether it is let in is not known: Your address is not known" in out
    assert (found["your_address"], found["your_address_let_in"]) == (None, None)
    assert "did not answer" in found["your_address_unknown"]


def test_rules_that_may_not_be_read(here: Standing) -> None:
    here.up()
    here.aws.fault("ec2", "DescribeSecurityGroupRules", "UnauthorizedOperation", "You are not authorized", 403)
    code, out = told(here)
    assert code == 0
    assert "address   52.95.4.1: whether it is let in is not known" in out
    assert "You are not authorized" in out


DIFFERENCES: list[tuple[dict[str, str], str]] = [
    ({"HOST": "other.example"}, r"HOST is other\.example, the endpoint is sparkify\."),
    ({"HOST": ""}, r"HOST is empty, the endpoint is sparkify\."),
    ({"DB_PORT": "5440"}, r"DB_PORT is 5440, the endpoint's is 5439\."),
    (
        {"ARN": "arn:aws:iam::123456789012:role/x"},
        rf"ARN is arn:aws:iam::123456789012:role/x, the role's is {ARN}\.",
    ),
    ({"ARN": ""}, rf"ARN is empty, the role's is {ARN}\."),
]


def test_dwh_cfg_that_says_otherwise(here: Standing) -> None:
    here.up()
    filled = here.place.text
    for changes, sentence in DIFFERENCES:
        here.place.configure(filled, **changes)
        code, out = told(here)
        assert code == 0
        assert re.search(sentence, out)
        assert out.rstrip().endswith("infrastructure/setup.py")
        (difference,) = read(here)["config_differences"]
        assert re.match(sentence, difference)


def test_host_of_a_warehouse_that_is_gone(here: Standing) -> None:
    here.place.configure(HOST="old.abc.us-west-2.redshift.amazonaws.com")
    code, out = told(here)
    assert code == 3
    assert "HOST is old.abc.us-west-2.redshift.amazonaws.com, there is no endpoint." in out


def test_a_role_that_is_gone(here: Standing) -> None:
    here.up()
    iam = here.aws.client("iam")
    iam.detach_role_policy(RoleName=ROLE, PolicyArn="arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess")
    iam.delete_role(RoleName=ROLE)
    _, out = told(here)
    assert f"There is no role {ROLE}." in out
    assert read(here)["role_arn"] is None


def test_a_role_that_was_detached(here: Standing) -> None:
    here.up()
    here.cluster.iam_roles_arn = []
    _, out = told(here)
    assert f"role      {ROLE}, not attached" in out
    assert read(here)["to_repair"] == [f"The role {ROLE} is not attached to it."]


def test_a_stranger_s_cluster_of_that_name_is_shown_and_no_more(here: Standing) -> None:
    here.up()
    here.cluster.tags = []
    code, out = told(here)
    assert code == 0
    assert "It was not made by this project, which neither changes nor removes it." in out
    assert "infrastructure/" not in out
    assert read(here)["made_by_this_project"] is False


def test_serverless(here: Standing) -> None:
    here.up(CLUSTER_TYPE="serverless")
    code, out = told(here)
    assert code == 0
    assert "serverless workgroup sparkify: available" in out
    assert "price     $3.00 an hour while queries run, and" in out
    assert "not known, it depends on the queries; the daily usage limit is 8 RPU-hours ($3.00), then: deactivate" in out
    found = read(here)
    assert (found["kind"], found["usd_so_far_at_most"]) == ("serverless", None)
    assert found["usage_limits"] == [{"rpu_hours": 8, "period": "daily", "action": "deactivate"}]


def test_serverless_without_a_limit(here: Standing) -> None:
    here.up(CLUSTER_TYPE="serverless")
    here.aws.limits.clear()
    _, out = told(here)
    assert "NO usage limit bounds it" in out
    assert read(here)["to_repair"] == ["No usage limit bounds what it costs."]


def test_a_serverless_warehouse_is_found_whatever_dwh_cfg_says_of_its_kind(here: Standing) -> None:
    here.up(CLUSTER_TYPE="serverless")
    here.configure(CLUSTER_TYPE="multi-node")
    assert read(here)["kind"] == "serverless"


NO_CREDENTIALS = {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}


@pytest.mark.parametrize(
    ("options", "environment", "words"),
    [
        ((), NO_CREDENTIALS, "No AWS credentials were found: set PROFILE"),
        (("--json",), {"AWS_ACCESS_KEY_ID": "AKIAUNKNOWNUNKNOWN12"}, "AWS does not know these keys"),
        ((), {"AWS_SECRET_ACCESS_KEY": "wrong"}, "The secret is not that of the key"),
    ],
)
def test_credentials_that_do_not_work(
    here: Standing, options: tuple[str, ...], environment: dict[str, str], words: str
) -> None:
    done = here.place.run("status.py", *options, **environment)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("error: While ")
    assert words in done.stderr


def test_an_expired_token(here: Standing) -> None:
    here.aws.fault(
        "sts", "GetCallerIdentity", "ExpiredToken", "The security token included in the request is expired", 403
    )
    assert "Sign in again" in here.place.fail("status.py")


def test_a_configuration_that_is_not_there_is_wrong_usage(here: Standing) -> None:
    assert here.place.run("status.py", "--config", "nowhere.cfg").returncode == 2
