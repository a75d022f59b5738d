"""No DB_PASSWORD: AWS is asked for one, over HTTP, and the warehouse lets us in with it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from scripts import project

from local_redshift import embedded
from warehouse import command, config
from warehouse.connection import connect
from warehouse.credentials import with_password
from warehouse.errors import ConfigError, ConnectionFailed
from warehouse.remedies import STATEMENTS, remedy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from scripts import Project
    from strict_aws import StrictAws

    Load = Callable[..., config.Settings]

SECRET, TEMPORARY = "password from AWS Secrets Manager", "temporary password from AWS"
DENIED = "User: arn:aws:iam::123456789012:user/me is not authorized to perform: it"


@pytest.fixture(scope="module")
def place() -> Iterator[embedded.Connection]:
    """A warehouse with the sample data, which stands in for the endpoint: any user with its password is let in."""
    with embedded.start(s3_root=config.SAMPLE_DATA, database_name=None) as parameters:
        yield parameters


@pytest.fixture
def account(aws: StrictAws, place: embedded.Connection, monkeypatch: pytest.MonkeyPatch) -> StrictAws:
    """An account whose temporary passwords fit the warehouse; this process takes it for AWS."""
    aws.login = ("sparkify", place.password, "")
    for name in [name for name in os.environ if name.startswith(("AWS_", "DWH_"))]:
        monkeypatch.delenv(name)
    for name, value in aws.environment().items():
        monkeypatch.setenv(name, value)
    return aws


@pytest.fixture
def load(place: embedded.Connection, tmp_path: Path) -> Load:
    """Settings whose HOST is a tunnel to the cluster sparkify; keys of [CLUSTER] may be given."""

    def loaded(**keys: object) -> config.Settings:
        (tmp_path / "dwh.cfg").write_text(tunnel(place, **keys))
        return config.load(tmp_path / "dwh.cfg", {})

    return loaded


def tunnel(place: embedded.Connection, **keys: object) -> str:
    values = {"HOST": place.host, "DB_PORT": place.port, "DB_PASSWORD": "", "CLUSTER_IDENTIFIER": "sparkify", **keys}
    return "[CLUSTER]\n" + "".join(f"{key} = {value}\n" for key, value in values.items())


def cluster(aws: StrictAws, password: str = "", user: str = "awsuser", region: str = "us-west-2") -> None:
    """The cluster sparkify; ``password`` is what Secrets Manager keeps for the administrator, if any."""
    login = {"ManageMasterPassword": True} if password else {"MasterUserPassword": "Unknown0toUs"}
    redshift = aws.client("redshift", region)
    made = redshift.create_cluster(
        ClusterIdentifier="sparkify", NodeType="ra3.large", NumberOfNodes=2, MasterUsername=user, **login
    )["Cluster"]
    keep(aws, made.get("MasterPasswordSecretArn"), user, password, region)


def workgroup(aws: StrictAws, password: str = "", user: str = "awsuser") -> None:
    """The same, serverless."""
    login = {"manageAdminPassword": True} if password else {"adminUserPassword": "Unknown0toUs"}
    serverless = aws.client("redshift-serverless")
    made = serverless.create_namespace(namespaceName="data", adminUsername=user, dbName="dev", **login)["namespace"]
    while serverless.get_namespace(namespaceName="data")["namespace"]["status"] != "AVAILABLE":
        pass
    serverless.create_workgroup(workgroupName="sparkify", namespaceName="data", baseCapacity=8)
    keep(aws, made.get("adminPasswordSecretArn"), user, password)


def keep(aws: StrictAws, secret: str | None, user: str, password: str, region: str = "us-west-2") -> None:
    if secret:
        kept = json.dumps({"username": user, "password": password})
        aws.client("secretsmanager", region).put_secret_value(SecretId=secret, SecretString=kept)


KINDS: dict[str, Callable[..., None]] = {"multi-node": cluster, "serverless": workgroup}


def current_user(settings: config.Settings) -> str:
    with connect(settings) as warehouse, warehouse.connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        row = cursor.fetchone()
    assert row
    return f"{row[0]} ({warehouse.settings.login_from})"


def refusal(settings: config.Settings) -> str:
    with pytest.raises(ConnectionFailed) as caught:
        with_password(settings)
    return f"{caught.value.message}\n{caught.value.hint}"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("user", ["", "awsuser", "chief"])
def test_the_administrator_s_password_is_in_secrets_manager(
    account: StrictAws, place: embedded.Connection, load: Load, kind: str, user: str
) -> None:
    KINDS[kind](account, place.password, user="chief")
    assert current_user(load(DB_USER=user, CLUSTER_TYPE=kind)) == f"chief ({SECRET})"


@pytest.mark.parametrize("kind", KINDS)
def test_no_secret_is_kept(account: StrictAws, load: Load, kind: str) -> None:
    KINDS[kind](account)
    assert current_user(load(CLUSTER_TYPE=kind)) == f"IAM:sparkify ({TEMPORARY})"


@pytest.mark.parametrize("kind", KINDS)
def test_db_user_is_somebody_else(account: StrictAws, place: embedded.Connection, load: Load, kind: str) -> None:
    KINDS[kind](account, place.password, user="chief")
    assert current_user(load(DB_USER="analyst", CLUSTER_TYPE=kind)) == f"IAM:sparkify ({TEMPORARY})"


def test_a_password_is_used_and_aws_is_not_asked(account: StrictAws, place: embedded.Connection, load: Load) -> None:
    assert current_user(load(DB_USER="u", DB_PASSWORD=place.password)) == "u ()"
    assert account.calls == []


def test_settings_that_need_nothing_stay_as_they_are(load: Load) -> None:
    for settings in (config.Settings(), load(DB_USER="u", DB_PASSWORD="p")):
        assert with_password(settings) is settings


@pytest.mark.parametrize(
    ("host", "service", "region"),
    [
        ("sparkify.abc123.eu-west-1.redshift.amazonaws.com", "redshift", "eu-west-1"),
        ("dwh.example.com", "redshift", "eu-central-1"),
        ("sparkify.123456789012.eu-west-1.redshift-serverless.amazonaws.com", "redshift-serverless", "eu-west-1"),
    ],
)
def test_the_endpoint_s_name_tells_the_region_before_dwh_cfg(
    account: StrictAws, load: Load, host: str, service: str, region: str
) -> None:
    role = "[IAM_ROLE]\nARN = default\n[S3]\nLOG_DATA=s3://b/l\nLOG_JSONPATH=auto\nSONG_DATA=s3://b/s\n"
    settings = load(HOST=host, DB_USER=f"\n[AWS]\nREGION = eu-central-1\n{role}")
    refusal(settings)
    assert {(call.service, call.region) for call in account.calls} == {(service, region)}


def test_without_any_region_it_is_the_one_where_setup_makes_things(
    account: StrictAws, place: embedded.Connection, load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster(account, place.password)
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    assert current_user(load()) == f"awsuser ({SECRET})"


def test_a_name_that_tells_no_region_leaves_it_to_boto3(
    account: StrictAws, load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    refusal(load())
    assert {call.region for call in account.calls} == {"eu-central-1"}


@pytest.mark.parametrize(
    ("kind", "operation", "parameter"),
    [
        ("multi-node", "GetClusterCredentialsWithIAM", "DurationSeconds"),
        ("serverless", "GetCredentials", "durationSeconds"),
    ],
)
def test_a_temporary_password_lives_as_short_as_aws_lets_it(
    account: StrictAws, load: Load, kind: str, operation: str, parameter: str
) -> None:
    KINDS[kind](account)
    with_password(load(CLUSTER_TYPE=kind))
    (call,) = [call for call in account.calls if call.operation == operation]
    assert call.parameters[parameter] == 900


# What one may do.

ONE_WAY_EACH = {
    "multi-node": (
        ("redshift:DescribeClusters", "secretsmanager:GetSecretValue"),
        ("redshift:GetClusterCredentialsWithIAM",),
    ),
    "serverless": (
        ("redshift-serverless:GetWorkgroup", "redshift-serverless:GetNamespace", "secretsmanager:GetSecretValue"),
        ("redshift-serverless:GetCredentials",),
    ),
}


def allow(*actions: str) -> dict[str, object]:
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": actions, "Resource": "*"}]}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("way", "expected"), [(0, f"awsuser ({SECRET})"), (1, f"IAM:sparkify ({TEMPORARY})")])
def test_the_rights_of_one_way_are_enough(
    account: StrictAws,
    place: embedded.Connection,
    load: Load,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    way: int,
    expected: str,
) -> None:
    KINDS[kind](account, place.password)
    with account.enforce(allow(*ONE_WAY_EACH[kind][way])) as environment:
        become(environment, monkeypatch)
        assert current_user(load(CLUSTER_TYPE=kind)) == expected


@pytest.mark.parametrize("kind", KINDS)
def test_without_any_right_all_are_named(
    account: StrictAws, place: embedded.Connection, load: Load, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    KINDS[kind](account, place.password)
    with account.enforce(allow("s3:ListBucket")) as environment:
        become(environment, monkeypatch)
        said = refusal(load(CLUSTER_TYPE=kind))
    assert said.startswith(f"DB_PASSWORD is empty, and AWS gave none for {place.host}. While looking at the ")
    assert "While asking for a temporary password for the " in said
    assert said.count("is not authorized to perform") == 2
    for way in ONE_WAY_EACH[kind]:
        assert all(action in said for action in way)
    assert "set DB_PASSWORD" in said


def become(environment: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)


def test_a_secret_that_may_not_be_read(account: StrictAws, place: embedded.Connection, load: Load) -> None:
    cluster(account, place.password)
    account.fault("secretsmanager", "GetSecretValue", "AccessDeniedException", DENIED)
    assert current_user(load()) == f"IAM:sparkify ({TEMPORARY})"


# What goes wrong, one sentence each.


def test_an_unknown_cluster(account: StrictAws, load: Load) -> None:
    said = refusal(load())
    assert "While looking at the cluster sparkify, AWS said: Cluster sparkify not found (ClusterNotFound)." in said
    assert "Check HOST (or CLUSTER_IDENTIFIER), REGION in [AWS]" in said
    assert [call.operation for call in account.calls] == ["DescribeClusters"]


def test_an_unknown_workgroup(account: StrictAws, load: Load) -> None:
    said = refusal(load(CLUSTER_TYPE="serverless"))
    assert "While looking at the workgroup sparkify, AWS said: " in said
    assert "Check HOST" in said


def test_an_expired_token(account: StrictAws, load: Load) -> None:
    cluster(account)
    text = "The security token included in the request is expired"
    account.fault("redshift", "GetClusterCredentialsWithIAM", "ExpiredToken", text, 403)
    said = refusal(load())
    assert f"AWS said: {text} (ExpiredToken)." in said
    assert "Sign in again" in said


def test_no_credentials(account: StrictAws, load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    said = refusal(load())
    assert "Unable to locate credentials" in said
    assert "PROFILE (or KEY and SECRET) in [AWS] of dwh.cfg" in said
    assert account.calls == []


def test_keys_that_aws_does_not_know(account: StrictAws, load: Load) -> None:
    said = refusal(load(DB_USER="\n[AWS]\nKEY = AKIAUNKNOWNUNKNOWN00\nSECRET = not/the/secret"))
    assert "AWS does not know these keys" in said
    assert "not/the/secret" not in said


def test_a_secret_that_is_not_that_of_the_key(account: StrictAws, load: Load) -> None:
    key = account.environment()["AWS_ACCESS_KEY_ID"]
    said = refusal(load(DB_USER=f"\n[AWS]\nKEY = {key}\nSECRET = not/the/secret"))
    assert "The secret is not that of the key" in said
    assert "not/the/secret" not in said


def test_keys_in_dwh_cfg_go_before_the_environment(
    account: StrictAws, place: embedded.Connection, load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster(account, place.password)
    keys = account.environment()
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAUNKNOWNUNKNOWN00")
    section = f"\n[AWS]\nKEY = {keys['AWS_ACCESS_KEY_ID']}\nSECRET = '{keys['AWS_SECRET_ACCESS_KEY']}'"
    assert current_user(load(DB_USER=section)) == f"awsuser ({SECRET})"


@pytest.mark.usefixtures("account")
def test_a_profile_that_is_not_there(load: Load) -> None:
    said = refusal(load(DB_USER="\n[AWS]\nPROFILE = nobody"))
    assert "The config profile (nobody) could not be found" in said
    assert "Check PROFILE" in said


@pytest.mark.usefixtures("account")
def test_half_a_pair_of_keys(load: Load) -> None:
    with pytest.raises(ConfigError, match="only one of KEY and SECRET"):
        load(DB_USER="\n[AWS]\nKEY = AKIA")


@pytest.mark.usefixtures("account")
def test_aws_cannot_be_reached(load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    assert "AWS cannot be reached" in refusal(load())


@pytest.mark.parametrize("kept", ["s3cret, plain", '{"username": "awsuser", "pass": "s3cret"}', '["s3cret"]'])
def test_a_secret_of_another_shape(account: StrictAws, load: Load, kept: str) -> None:
    cluster(account, "to be replaced")
    found = account.client("redshift").describe_clusters(ClusterIdentifier="sparkify")["Clusters"][0]
    account.client("secretsmanager").put_secret_value(SecretId=found["MasterPasswordSecretArn"], SecretString=kept)
    said = refusal(load())
    assert "has no username and password in it" in said
    assert "s3cret" not in said


def test_a_password_that_does_not_fit(account: StrictAws, load: Load) -> None:
    cluster(account, "Rotated/away/1")
    with pytest.raises(ConnectionFailed) as caught, connect(load()):
        pass
    assert f"as awsuser ({SECRET}): password authentication failed" in caught.value.message
    assert "CLUSTER_IDENTIFIER" in caught.value.hint
    assert "Rotated" not in caught.value.message + caught.value.hint


# Secrets, and what it costs those who need none.


def test_the_password_does_not_show(account: StrictAws, place: embedded.Connection, load: Load) -> None:
    cluster(account, place.password)
    before = dict(os.environ)
    settings = with_password(load())
    assert settings.password == place.password
    assert place.password not in repr(settings)
    assert place.password not in command.where(settings) + command.look(settings)
    assert dict(os.environ) == before


def test_boto3_is_imported_for_this_alone(place: embedded.Connection, tmp_path: Path) -> None:
    (tmp_path / "dwh.cfg").write_text(tunnel(place, DB_USER="u", DB_PASSWORD=place.password))
    code = (
        "import sys\nfrom warehouse import config\nfrom warehouse.connection import connect\n"
        "with connect(config.use()): print([name for name in ('boto3', 'botocore') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_who_may_not_drop_a_table_learns_whose_password_was_used() -> None:
    assert "first line" in remedy(STATEMENTS, "must be owner of relation songplays")


# The scripts.


@pytest.fixture
def scripts(account: StrictAws, place: embedded.Connection, tmp_path: Path) -> Project:
    made = project(tmp_path, config.SAMPLE_DATA)
    made.configure(tunnel(place))
    return made


def ran(scripts: Project, script: str, code: int, **environment: str) -> str:
    """What the script said; no secret is among it."""
    done = scripts.run(script, **environment)
    said = done.stdout + done.stderr
    assert done.returncode == code, said
    assert "Traceback" not in said
    return said


@pytest.mark.parametrize(
    ("managed", "who"), [(True, f"awsuser ({SECRET})"), (False, f"IAM:sparkify ({TEMPORARY})")], ids=["secret", "IAM"]
)
def test_the_scripts_say_whose_password_it_is(
    account: StrictAws, scripts: Project, place: embedded.Connection, managed: bool, who: str
) -> None:
    cluster(account, place.password if managed else "")
    for script in ("create_tables.py", "etl.py"):
        said = ran(scripts, script, 0)
        assert said.startswith(f"On 127.0.0.1, database dev, as {who}\n")
        assert place.password not in said
    assert command.QUERY_EDITOR in said


def test_the_scripts_fail_with_a_sentence(account: StrictAws, scripts: Project, place: embedded.Connection) -> None:
    cluster(account, place.password)
    account.fault("redshift", "DescribeClusters", "AccessDenied", DENIED, 403)
    account.fault("redshift", "GetClusterCredentialsWithIAM", "AccessDenied", DENIED, 403)
    said = ran(scripts, "create_tables.py", 1)
    assert said.startswith("error: DB_PASSWORD is empty, and AWS gave none for 127.0.0.1. While looking at the cluster")
    for secret in (place.password, account.environment()["AWS_SECRET_ACCESS_KEY"]):
        assert secret not in said
