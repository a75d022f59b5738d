"""status.py --check: each check fails for its own reason, and says what helps; what builds on it is skipped."""

from __future__ import annotations

import json
import socket
import threading
from contextlib import ExitStack, closing, contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from infrastructure_scripts import telling
from infrastructure_standing import EVERYTHING, Standing, ground
from strict_aws.states import Life, Phase

from infrastructure.checks import Result, Verdict, network, preflight
from local_redshift import embedded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from strict_aws import StrictAws

ROLE = "sparkify-redshift-s3"
ARN = f"arn:aws:iam::123456789012:role/{ROLE}"
READS = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"


@pytest.fixture
def here(aws: StrictAws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Standing]:
    with ground(aws, tmp_path, monkeypatch) as standing:
        yield standing


@pytest.fixture
def port() -> Iterator[int]:
    """A port of this machine where something takes connections, and says nothing."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        yield server.getsockname()[1]


def results(here: Standing, last: str = "login") -> dict[str, Result]:
    """Those of the checks, as far as ``last``: the later ones are not made."""
    found = {}
    for result in preflight(here.stack()):
        found[result.check] = result
        if result.check == last:
            break
    return found


def failed(found: dict[str, Result]) -> list[str]:
    return [name for name, result in found.items() if result.verdict is Verdict.FAILED]


@pytest.fixture
def ready(here: Standing, port: int) -> Standing:
    """A warehouse whose checks pass up to the login."""
    here.aws.endpoint = ("127.0.0.1", port)
    here.up()
    return here


class Case(NamedTuple):
    """What is broken, which check says so, and parts of what it says and advises."""

    damage: Callable[[Standing], object]
    check: str
    detail: str
    remedy: str = "infrastructure/setup.py"
    verdict: Verdict = Verdict.FAILED


def trust(service: str) -> Callable[[Standing], object]:
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": statement})
    return lambda here: here.aws.client("iam").update_assume_role_policy(RoleName=ROLE, PolicyDocument=document)


def without_policy(here: Standing) -> None:
    here.aws.client("iam").detach_role_policy(RoleName=ROLE, PolicyArn=READS)


def with_another_policy(here: Standing) -> None:
    without_policy(here)
    everything = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [everything]})
    here.aws.client("iam").put_role_policy(RoleName=ROLE, PolicyName="mine", PolicyDocument=document)


def without_role(here: Standing) -> None:
    without_policy(here)
    here.aws.client("iam").delete_role(RoleName=ROLE)


def attribute(name: str, value: object) -> Callable[[Standing], None]:
    return lambda here: setattr(here.cluster, name, value)


def configured(**values: str) -> Callable[[Standing], None]:
    return lambda here: here.configure(**values)


def adding(here: Standing) -> None:
    available = Phase("available", "Available", 100)
    here.cluster.life = Life(here.aws.clock, available, available)
    here.cluster.adding = frozenset({ARN})


def from_elsewhere(here: Standing) -> None:
    here.set("DWH_ADDRESS_URL", "http://127.0.0.1:9/")


def emptied(here: Standing) -> None:
    here.aws.client("s3").delete_object(Bucket="data", Key="song_data/A/song.json")


def refusing(service: str, operation: str, code: str, message: str) -> Callable[[Standing], None]:
    return lambda here: here.aws.fault(service, operation, code, message, 403)


S3_CASES = {
    "no bucket": Case(
        configured(LOG_DATA="s3://nowhere/log_data"),
        "bucket nowhere",
        "there is no bucket nowhere",
        "Look for a slip in LOG_DATA",
    ),
    "region given wrongly": Case(
        lambda here: here.place.configure(here.place.text.replace("\nREGION =", "\nREGION = eu-west-1")),
        "region of data",
        "the bucket is in us-west-2, and REGION in [S3] is eu-west-1",
        "Leave REGION in [S3] empty.",
    ),
    "a bucket that nobody may look at": Case(
        refusing("s3", "HeadBucket", "AccessDenied", "Forbidden"),
        "region of data",
        "S3 does not tell it",
        "",
        Verdict.SKIPPED,
    ),
    "nothing under a prefix": Case(
        emptied, "SONG_DATA", "nothing is at s3://data/song_data", "Check SONG_DATA in [S3]; capitals count."
    ),
    "a jsonpaths file of a longer name": Case(
        configured(LOG_JSONPATH="s3://data/log_json"),
        "LOG_JSONPATH",
        "nothing is at s3://data/log_json.",
        "Check LOG_JSONPATH",
    ),
    "no jsonpaths file": Case(
        configured(LOG_JSONPATH="auto"), "LOG_JSONPATH", "no file: COPY goes by", "", Verdict.SKIPPED
    ),
    "a bucket that only the role may list": Case(
        refusing("s3", "ListObjectsV2", "AccessDenied", "Access Denied"),
        "LOG_DATA",
        "you may not list s3://data/log_data, which is no harm",
        "",
        Verdict.SKIPPED,
    ),
}

CASES = {
    "paused": Case(
        lambda here: here.enter("paused", "Paused"), "available", "paused. It is paused", "infrastructure/resume.py"
    ),
    "still changing": Case(
        lambda here: here.enter("available", "Modifying"), "available", "AWS is still changing", "status.py"
    ),
    "no role": Case(without_role, "role", f"there is no role {ROLE}"),
    "a role for somebody else": Case(
        trust("ec2.amazonaws.com"), "role's trust", "it does not let redshift.amazonaws.com assume it"
    ),
    "a role without rights": Case(without_policy, "role's right to S3", "it has no policy that lets it read data"),
    "a role with rights of one's own": Case(
        with_another_policy, "role's right to S3", "whether mine lets it read data cannot be told", "", Verdict.SKIPPED
    ),
    "a role that was detached": Case(attribute("iam_roles_arn", []), "role attached", "does not have the role"),
    "a role that is being attached": Case(adding, "role attached", "AWS is still at it (adding)", "in a minute"),
    "another role in dwh.cfg": Case(configured(ARN=f"{ARN}-2"), "role in dwh.cfg", f"ARN is {ARN}-2, the role's is"),
    "an address that nobody tells": Case(
        from_elsewhere, "your address", "Your address is not known", "", Verdict.SKIPPED
    ),
    "an address that is not among the networks": Case(
        lambda here: (here.up(here.place.text, CIDR="198.41.0.0/24")),
        "your address",
        "52.95.4.1 is not let in",
        "Add it to CIDR in [NETWORK]",
    ),
    "not public": Case(attribute("publicly_accessible", False), "public access", "is not public: only machines"),
    "public against dwh.cfg": Case(configured(PUBLIC="no"), "public access", "is public, and PUBLIC in"),
    "another host": Case(configured(HOST="localhost"), "endpoint in dwh.cfg", "HOST is localhost, the endpoint is 127"),
    "another port": Case(configured(DB_PORT="5441"), "endpoint in dwh.cfg", "DB_PORT is 5441, the endpoint's is"),
}  # fmt: skip


def try_(here: Standing, case: Case) -> None:
    case.damage(here)
    found = results(here, case.check)[case.check]
    assert found.verdict is case.verdict, found
    assert case.detail in found.detail
    assert case.remedy in found.remedy
    assert bool(found.remedy) == (case.verdict is Verdict.FAILED)


@pytest.mark.parametrize("name", S3_CASES)
def test_a_check_of_the_data_fails_for_its_own_reason(here: Standing, name: str) -> None:
    here.fill_bucket()
    try_(here, S3_CASES[name])


@pytest.mark.parametrize("name", CASES)
def test_a_check_of_the_warehouse_fails_for_its_own_reason(ready: Standing, name: str) -> None:
    try_(ready, CASES[name])


def test_before_anything_is_made(here: Standing) -> None:
    here.fill_bucket()
    done = here.place.run("status.py", "--check")
    assert (done.returncode, done.stderr) == (1, "")
    lines = done.stdout.splitlines()
    assert "  ok       bucket data: in us-west-2" in lines
    assert "  FAILED   warehouse: there is no cluster sparkify in us-west-2." in lines
    assert any(
        line.startswith("           This makes it:") and line.endswith("infrastructure/setup.py") for line in lines
    )
    assert '  skipped  login: needs "warehouse"' in lines
    assert lines[-1] == "6 ok, 1 failed, 12 skipped."


@pytest.fixture(scope="module")
def database() -> Iterator[embedded.Connection]:
    with embedded.start(database_name=None) as parameters:
        yield parameters


@pytest.fixture
def whole(here: Standing, database: embedded.Connection) -> Standing:
    """A warehouse with a database behind its endpoint."""
    here.aws.endpoint = (database.host, database.port)
    here.fill_bucket()
    here.up()
    here.up(here.place.text)  # lets in on the endpoint's port, which is not the one that was asked for
    here.environment.setenv("DWH_DB_PASSWORD", "")
    here.aws.login = ("awsuser", database.password, "")
    here.place.secrets.append(database.password)
    return here


def test_everything_is_ok(whole: Standing) -> None:
    out = whole.place.succeed("status.py", "--check", DWH_DB_PASSWORD="")
    lines = out.splitlines()
    assert lines[-1] == "19 ok, 0 failed, 0 skipped."
    assert "  ok       login: as IAM:awsuser, database dev" in lines


def test_json(whole: Standing) -> None:
    found = json.loads(whole.place.succeed("status.py", "--check", "--json", DWH_DB_PASSWORD=""))
    assert found["ok"] is True
    assert found["checks"][0] == {
        "check": "credentials",
        "result": "ok",
        "detail": "account 123456789012, region us-west-2, as arn:aws:sts::123456789012:user/moto",
        "remedy": None,
    }
    assert {check["result"] for check in found["checks"]} == {"ok"}


def test_json_of_a_failure(whole: Standing) -> None:
    whole.enter("paused", "Paused")
    done = whole.place.run("status.py", "--check", "--json")
    assert (done.returncode, done.stderr) == (1, "")
    found = json.loads(done.stdout)
    (paused,) = [check for check in found["checks"] if check["result"] == "failed"]
    assert (found["ok"], paused["check"]) == (False, "available")
    assert "resume.py" in paused["remedy"]


def test_a_wrong_password(whole: Standing) -> None:
    whole.set("DWH_DB_PASSWORD", "Wrong#word1")
    whole.place.secrets.append("Wrong#word1")
    done = whole.place.run("status.py", "--check")
    assert done.returncode == 1
    assert "FAILED   login: No connection to 127.0.0.1:" in done.stdout
    assert "Check DB_USER and DB_PASSWORD." in done.stdout


def test_no_right_to_a_temporary_password(whole: Standing) -> None:
    whole.aws.fault("redshift", "GetClusterCredentialsWithIAM", "AccessDenied", "not authorized to perform", 403)
    found = results(whole)["login"]
    assert "AWS gave none" in found.detail
    assert "redshift:GetClusterCredentialsWithIAM" in found.remedy


def test_a_port_where_nothing_listens(here: Standing, port: int) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        here.aws.endpoint = taken.getsockname()
        here.up()
        found = results(here)
    assert "Connection refused" in found["port"].detail
    assert "Nothing listens there: DB_PORT is wrong, or the cluster is paused" in found["port"].remedy
    assert found["login"].detail == 'needs "port"'


def test_a_port_that_does_not_answer(here: Standing) -> None:
    here.environment.setattr(network, "CONNECT_SECONDS", 0.2)
    with full() as place:
        here.aws.endpoint = place
        here.up()
        found = results(here, "port")["port"]
    assert "timed out" in found.detail
    assert "the cluster's security group does not let your address in" in found.remedy


@contextmanager
def full() -> Iterator[tuple[str, int]]:
    """A port whose queue is full: Linux answers further connections as a firewall does, not at all."""
    with ExitStack() as stack:
        server = stack.enter_context(closing(socket.create_server(("127.0.0.1", 0), backlog=0)))
        place = server.getsockname()
        for _ in range(4):
            client = stack.enter_context(closing(socket.socket()))
            client.setblocking(False)
            client.connect_ex(place)
        yield place


def hang_up_on_the_first_query(server: socket.socket) -> None:
    """Let the check of the port in, then speak PostgreSQL's protocol as far as a login: no TLS, no password, ready."""
    server.accept()[0].close()
    settings = {"client_encoding": "UTF8", "DateStyle": "ISO, MDY", "server_version": "8.0.2"}
    told = [f"{name}\0{value}\0".encode() for name, value in settings.items()]
    client, _ = server.accept()
    with client:
        client.recv(8)  # SSLRequest
        client.sendall(b"N")
        client.recv(4096)
        client.sendall(b"R\0\0\0\x08\0\0\0\0")
        client.sendall(b"".join(b"S" + (len(one) + 4).to_bytes(4, "big") + one for one in told))
        client.sendall(b"Z\0\0\0\x05I")
        client.recv(4096)


def test_a_server_that_hangs_up(here: Standing) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        here.aws.endpoint = server.getsockname()
        here.up()
        thread = threading.Thread(target=hang_up_on_the_first_query, args=(server,), daemon=True)
        thread.start()
        found = results(here)["login"]
        thread.join(30)
    assert found.verdict is Verdict.FAILED
    assert "let in, but no answer came" in found.detail


def test_a_name_that_nobody_knows(here: Standing) -> None:
    here.aws.endpoint = ("sparkify.invalid", 5439)
    here.up()
    found = results(here)
    assert failed(found)[-1] == "host name"
    assert "sparkify.invalid: " in found["host name"].detail
    assert "your DNS does not know it" in found["host name"].remedy
    assert found["port"].detail == 'needs "host name"'


def test_a_bucket_in_another_region(here: Standing) -> None:
    here.fill_bucket("far", "eu-central-1")
    here.place.configure(EVERYTHING.replace("s3://data", "s3://far"))
    found = results(here)["region of far"]
    assert found.detail == "the bucket is in eu-central-1, and COPY looks in the cluster's, us-west-2."
    assert found.remedy == "Set REGION = eu-central-1 in [S3]."
    here.place.configure(here.place.text.replace("\nREGION =", "\nREGION = eu-central-1"))
    assert results(here)["region of far"].detail == "eu-central-1, as REGION in [S3] says"


def test_buckets_in_two_regions(here: Standing) -> None:
    here.fill_bucket()
    here.fill_bucket("far", "eu-central-1")
    here.configure(SONG_DATA="s3://far/song_data")
    assert "their buckets have to be in one region" in results(here)["region of far"].remedy


def test_another_address_than_at_setup(here: Standing) -> None:
    here.up()
    with telling("52.95.4.9") as url:
        here.set("DWH_ADDRESS_URL", url)
        found = results(here)["your address"]
    assert found.detail == "52.95.4.9 is not let in on port 5439."
    assert "Perhaps your address has changed, or a VPN is on or off." in found.remedy
    assert found.remedy.endswith("infrastructure/setup.py")


@pytest.mark.parametrize("serverless", [False, True])
def test_a_role_that_reads_only_the_buckets(here: Standing, serverless: bool) -> None:
    text = EVERYTHING.replace("[IAM_ROLE]", "[IAM_ROLE]\nROLE_POLICY = bucket")
    here.up(text, CLUSTER_TYPE="serverless" if serverless else "multi-node")
    found = results(here)
    assert found["role's right to S3"].detail == "read-buckets: data"
    assert found["role attached"].detail == "in-sync"
    assert ("redshift-serverless.amazonaws.com" in found["role's trust"].detail) == serverless
    here.configure(SONG_DATA="s3://more/song_data")
    assert results(here)["role's right to S3"].detail == "it has no policy that lets it read data, more."


def test_a_stranger_s_cluster_is_checked_as_well(ready: Standing) -> None:
    ready.cluster.tags = []
    assert results(ready, "warehouse")["warehouse"].detail.endswith("which was not made by this project")


@pytest.mark.parametrize(
    ("environment", "remedy"),
    [
        ({"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}, "No AWS credentials were found"),
        ({"AWS_ACCESS_KEY_ID": "AKIAUNKNOWNUNKNOWN12"}, "AWS does not know these keys"),
    ],
)
def test_credentials_that_do_not_work(here: Standing, environment: dict[str, Any], remedy: str) -> None:
    done = here.place.run("status.py", "--check", **environment)
    assert (done.returncode, done.stderr) == (1, "")
    assert "  FAILED   credentials: While asking AWS who you are" in done.stdout
    assert remedy in done.stdout
    assert done.stdout.rstrip().endswith("0 ok, 1 failed, 18 skipped.")


def test_rights_that_lack_are_named(here: Standing) -> None:
    here.up()
    here.aws.fault(
        "redshift", "DescribeClusters", "AccessDenied", "not authorized to perform: redshift:DescribeClusters", 403
    )
    found = results(here, "warehouse")["warehouse"]
    assert "redshift:DescribeClusters" in found.detail
    assert "--print-policy" in found.remedy
