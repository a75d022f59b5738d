"""dwh.cfg filled in and blanked: every other byte stays, whatever the file looks like."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from infrastructure_stack import stack_on

from infrastructure import dwh_cfg, settings
from infrastructure.plan import Sign
from infrastructure.stack import Stack
from warehouse import config
from warehouse.errors import WarehouseError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from strict_aws import StrictAws

    Open = Callable[..., Stack]

HOST = "sparkify.abc123.us-west-2.redshift.amazonaws.com"
ARN = "arn:aws:iam::123456789012:role/sparkify-redshift-s3"
REST = f"\n\n[IAM_ROLE]\nARN = {ARN}"  # where a file has no such section

SHAPES = {  # name -> before, filled in, blanked again
    "plain": (
        "[CLUSTER]\nHOST=\nDB_USER=u\n\n[IAM_ROLE]\nARN=\n",
        f"[CLUSTER]\nHOST={HOST}\nDB_USER=u\n\n[IAM_ROLE]\nARN={ARN}\n",
        "[CLUSTER]\nHOST=\nDB_USER=u\n\n[IAM_ROLE]\nARN=\n",
    ),
    "blanks": (
        "[CLUSTER]\nHOST =\n\n[IAM_ROLE]\nARN = \n",
        f"[CLUSTER]\nHOST = {HOST}\n\n[IAM_ROLE]\nARN = {ARN}\n",
        "[CLUSTER]\nHOST =\n\n[IAM_ROLE]\nARN =\n",
    ),
    "colons": (
        "[CLUSTER]\nhost: old.example\n[IAM_ROLE]\narn :\n",
        f"[CLUSTER]\nhost: {HOST}\n[IAM_ROLE]\narn : {ARN}\n",
        "[CLUSTER]\nhost:\n[IAM_ROLE]\narn :\n",
    ),
    "quotes": (
        "[CLUSTER]\nHOST=''\n[IAM_ROLE]\nARN=\"arn:aws:iam::1:role/old\"\n",
        f"[CLUSTER]\nHOST='{HOST}'\n[IAM_ROLE]\nARN=\"{ARN}\"\n",
        "[CLUSTER]\nHOST=''\n[IAM_ROLE]\nARN=\"\"\n",
    ),
    "comments behind values": (
        "[CLUSTER]\nHOST = x  ; the endpoint\n[IAM_ROLE]\nARN='' # the role's\n",
        f"[CLUSTER]\nHOST = {HOST}  ; the endpoint\n[IAM_ROLE]\nARN='{ARN}' # the role's\n",
        "[CLUSTER]\nHOST = ; the endpoint\n[IAM_ROLE]\nARN='' # the role's\n",
    ),
    "a comment where the value goes": (
        "[CLUSTER]\nHOST = # the endpoint\n[IAM_ROLE]\nARN =# the role's\n",
        f"[CLUSTER]\nHOST = {HOST} # the endpoint\n[IAM_ROLE]\nARN ={ARN} # the role's\n",
        "[CLUSTER]\nHOST = # the endpoint\n[IAM_ROLE]\nARN =# the role's\n",
    ),
    "comments above, one of them a key": (
        "# mine\n[CLUSTER]\n#HOST = a\n;HOST = b\nDB_USER = u\nHOST = \n# behind\n[IAM_ROLE]\nARN=x\n",
        f"# mine\n[CLUSTER]\n#HOST = a\n;HOST = b\nDB_USER = u\nHOST = {HOST}\n# behind\n[IAM_ROLE]\nARN={ARN}\n",
        "# mine\n[CLUSTER]\n#HOST = a\n;HOST = b\nDB_USER = u\nHOST =\n# behind\n[IAM_ROLE]\nARN=\n",
    ),
    "only commented out": (
        "[CLUSTER]\nDB_USER=u\n#HOST=\n\n\n[IAM_ROLE]\n#ARN=\n",
        f"[CLUSTER]\nDB_USER=u\nHOST={HOST}\n#HOST=\n\n\n[IAM_ROLE]\nARN = {ARN}\n#ARN=\n",
        "[CLUSTER]\nDB_USER=u\nHOST=\n#HOST=\n\n\n[IAM_ROLE]\nARN =\n#ARN=\n",
    ),
    "keys missing": (
        "[CLUSTER]\nDB_USER = u\n\n\n[IAM_ROLE]\nNAME: x\n\n[S3]\nREGION=\n",
        f"[CLUSTER]\nDB_USER = u\nHOST = {HOST}\n\n\n[IAM_ROLE]\nNAME: x\nARN: {ARN}\n\n[S3]\nREGION=\n",
        "[CLUSTER]\nDB_USER = u\nHOST =\n\n\n[IAM_ROLE]\nNAME: x\nARN:\n\n[S3]\nREGION=\n",
    ),
    "keys missing below a value that goes on": (
        "[CLUSTER]\nHOST=\n[IAM_ROLE]\nNOTE = one\n  two\n  # three\n  ARN = no\n\n[S3]\n",
        f"[CLUSTER]\nHOST={HOST}\n[IAM_ROLE]\nNOTE = one\n  two\n  # three\n  ARN = no\nARN = {ARN}\n\n[S3]\n",
        "[CLUSTER]\nHOST=\n[IAM_ROLE]\nNOTE = one\n  two\n  # three\n  ARN = no\nARN =\n\n[S3]\n",
    ),
    "sections missing": ("[S3]\nREGION=\n", f"[S3]\nREGION=\n\n[CLUSTER]\nHOST = {HOST}{REST}\n", None),
    "nothing": ("", f"[CLUSTER]\nHOST = {HOST}{REST}\n", None),
    "a header alone": ("[CLUSTER]", f"[CLUSTER]\nHOST = {HOST}{REST}", None),
    "no newline at the end": (
        "[IAM_ROLE]\nARN=\n[CLUSTER]\nHOST=",
        f"[IAM_ROLE]\nARN={ARN}\n[CLUSTER]\nHOST={HOST}",
        "[IAM_ROLE]\nARN=\n[CLUSTER]\nHOST=",
    ),
    "no newline at the end, and a key to add": ("[CLUSTER]\nHOST=", f"[CLUSTER]\nHOST={HOST}{REST}", None),
    "DWH_ spellings in another section": (
        "[DWH]\nDWH_ENDPOINT=''\nDWH_ROLE_ARN=\nDWH_PORT=5439\n",
        f"[DWH]\nDWH_ENDPOINT='{HOST}'\nDWH_ROLE_ARN={ARN}\nDWH_PORT=5439\n",
        "[DWH]\nDWH_ENDPOINT=''\nDWH_ROLE_ARN=\nDWH_PORT=5439\n",
    ),
    "two spellings, the second in use": (
        "[CLUSTER]\nHOST=\nDWH_HOST=old\n[IAM_ROLE]\nARN=\n[DWH]\nDWH_ROLE_ARN=old\n",
        f"[CLUSTER]\nHOST=\nDWH_HOST={HOST}\n[IAM_ROLE]\nARN=\n[DWH]\nDWH_ROLE_ARN={ARN}\n",
        "[CLUSTER]\nHOST=\nDWH_HOST=\n[IAM_ROLE]\nARN=\n[DWH]\nDWH_ROLE_ARN=\n",
    ),
    "capitals and tabs": (
        "[cluster]\n\tHost\t=\told  \t\n\tdb_user = u\n[Iam_Role]\nArn = x\t\n",
        f"[cluster]\n\tHost\t=\t{HOST}  \t\n\tdb_user = u\n[Iam_Role]\nArn = {ARN}\t\n",
        None,
    ),
    "indented": (
        "  [CLUSTER]\n    DB_USER = u\n\n  [IAM_ROLE]\n    ARN =\n",
        f"  [CLUSTER]\n    DB_USER = u\n    HOST = {HOST}\n\n  [IAM_ROLE]\n    ARN = {ARN}\n",
        "  [CLUSTER]\n    DB_USER = u\n    HOST =\n\n  [IAM_ROLE]\n    ARN =\n",
    ),
    "a key without a value": (
        "[CLUSTER]\nHOST\n[IAM_ROLE]\nARN=\n",
        f"[CLUSTER]\nHOST = {HOST}\n[IAM_ROLE]\nARN={ARN}\n",
        "[CLUSTER]\nHOST =\n[IAM_ROLE]\nARN=\n",
    ),
    "an endpoint as the console shows it": (
        "[CLUSTER]\nHOST=old.abc.us-west-2.redshift.amazonaws.com:5431/dwh\n[IAM_ROLE]\nARN=\n",
        f"[CLUSTER]\nHOST={HOST}:5439/dwh\n[IAM_ROLE]\nARN={ARN}\n",
        "[CLUSTER]\nHOST=\n[IAM_ROLE]\nARN=\n",
    ),
    "another port": (
        "[CLUSTER]\nHOST=old\nDB_PORT='5440' # of old\n[IAM_ROLE]\nARN=\n",
        f"[CLUSTER]\nHOST={HOST}\nDB_PORT='5439' # of old\n[IAM_ROLE]\nARN={ARN}\n",
        "[CLUSTER]\nHOST=\nDB_PORT='5439' # of old\n[IAM_ROLE]\nARN=\n",
    ),
    "a password like a comment, and characters of many": (
        "[CLUSTER]\nHOST=\nDB_PASSWORD=Pa%(x)s#1;y=z\n[NOTES]\nä=\u2028ö\x0b\n[IAM_ROLE]\nARN=\n",
        f"[CLUSTER]\nHOST={HOST}\nDB_PASSWORD=Pa%(x)s#1;y=z\n[NOTES]\nä=\u2028ö\x0b\n[IAM_ROLE]\nARN={ARN}\n",
        "[CLUSTER]\nHOST=\nDB_PASSWORD=Pa%(x)s#1;y=z\n[NOTES]\nä=\u2028ö\x0b\n[IAM_ROLE]\nARN=\n",
    ),
}


@pytest.fixture
def open_stack(aws: StrictAws, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Open]:
    """The stack that tmp_path/dwh.cfg means, in that folder; the environment has nothing to say."""
    for name in [name for name in os.environ if name.startswith("DWH_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)

    def opened(text: str | None = None, **changes: object) -> Stack:
        file = tmp_path / "dwh.cfg"
        if text is not None:
            file.write_bytes(text.encode())
        stack = stack_on(aws, monkeypatch)
        given = replace(settings.load(), **{"role_name": "sparkify-redshift-s3", **changes})  # type: ignore[arg-type]
        return Stack(given, stack.account, stack.report)

    yield opened
    left = [path.name for path in tmp_path.iterdir() if path.name.startswith(".")]
    assert left == []  # no temporary file stays


@pytest.fixture
def cluster(aws: StrictAws) -> None:
    """The stack's cluster, available."""
    make(aws)


def make(aws: StrictAws, host: str = HOST, port: int = 5439) -> None:
    aws.endpoint = (host, port)
    redshift = aws.client("redshift")
    redshift.create_cluster(
        ClusterIdentifier="sparkify", NodeType="ra3.large", MasterUsername="awsuser", ManageMasterPassword=True,
        NumberOfNodes=2,
    )  # fmt: skip
    while "Endpoint" not in redshift.describe_clusters(ClusterIdentifier="sparkify")["Clusters"][0]:
        pass


def fill(stack: Stack) -> str:
    change = dwh_cfg.plan_filled(stack)
    assert change.apply is not None
    change.apply()
    return stack.settings.file.read_bytes().decode()


def blank(stack: Stack) -> str:
    change = dwh_cfg.plan_blanked(stack)
    assert change.apply is not None
    change.apply()
    return stack.settings.file.read_bytes().decode()


@pytest.mark.parametrize(
    ("newline", "start"), [("\n", ""), ("\r\n", "\ufeff")], ids=["newlines", "Windows newlines and a byte order mark"]
)
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.usefixtures("cluster")
def test_every_other_byte_stays(open_stack: Open, shape: str, newline: str, start: str) -> None:
    if "\n" not in SHAPES[shape][0]:
        newline = "\n"  # there is none to keep
    before, filled, blanked = (None if text is None else start + text.replace("\n", newline) for text in SHAPES[shape])
    stack = open_stack(before)
    assert fill(stack) == filled
    read = config.load(stack.settings.file, {"DWH_DB_USER": "u", "DWH_LOG_DATA": "s3://b/l", "DWH_SONG_DATA": "s3://b/s",
                                             "DWH_LOG_JSONPATH": "auto"})  # fmt: skip
    assert (read.host, read.port, read.arn) == (HOST, 5439, ARN)
    assert dwh_cfg.plan_filled(stack).sign is Sign.KEEP
    if blanked is not None:
        assert blank(stack) == blanked
        assert dwh_cfg.plan_blanked(stack).sign is Sign.KEEP
        fill(stack)
        assert blank(stack) == blanked


def test_a_port_that_is_not_the_usual_one(open_stack: Open, aws: StrictAws) -> None:
    make(aws, port=5440)
    rest = f"[IAM_ROLE]\nARN={ARN}\n"
    assert fill(open_stack(f"[CLUSTER]\nHOST=\n{rest}")) == f"[CLUSTER]\nHOST={HOST}\nDB_PORT={5440}\n{rest}"
    assert fill(open_stack(f"[DWH]\nDWH_PORT : 5439\nHOST=\n{rest}")) == f"[DWH]\nDWH_PORT : 5440\nHOST={HOST}\n{rest}"
    assert fill(open_stack(f"[CLUSTER]\nHOST=x:5431/d\n{rest}")) == f"[CLUSTER]\nHOST={HOST}:5440/d\n{rest}"


def test_the_plan_shows_what_will_stand_there(open_stack: Open, aws: StrictAws) -> None:
    stack = open_stack("[CLUSTER]\nHOST=\nDB_PORT=5440\n")
    change = dwh_cfg.plan_filled(stack)
    assert (change.sign, change.what) == (Sign.CHANGE, "dwh.cfg")
    assert change.details == ("HOST, DB_PORT and ARN are filled in when the cluster is available",)
    make(aws)
    change = dwh_cfg.plan_filled(stack)
    assert change.details == (f"[CLUSTER] HOST = {HOST}", "[CLUSTER] DB_PORT = 5439", f"[IAM_ROLE] ARN = {ARN}")
    assert stack.settings.file.read_text() == "[CLUSTER]\nHOST=\nDB_PORT=5440\n"


def test_the_plan_says_what_gives_way(open_stack: Open, aws: StrictAws) -> None:
    """Nobody else may know the address of the cluster that stood there."""
    stack = open_stack("[CLUSTER]\nHOST='old.example' # mine\n[IAM_ROLE]\nARN=arn:aws:iam::1:role/old\n")
    gives_way = (
        "HOST = old.example stands there now and is replaced",
        "ARN = arn:aws:iam::1:role/old stands there now and is replaced",
    )
    assert dwh_cfg.plan_filled(stack).details[1:] == gives_way
    make(aws)
    assert dwh_cfg.plan_filled(stack).details == (f"[CLUSTER] HOST = {HOST}", f"[IAM_ROLE] ARN = {ARN}", *gives_way)


@pytest.mark.usefixtures("cluster")
def test_the_environment_goes_before_the_file_and_is_named(open_stack: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    stack = open_stack("[CLUSTER]\nHOST=\n")
    monkeypatch.setenv("DWH_ENDPOINT", "elsewhere")
    monkeypatch.setenv("DWH_ROLE_ARN", "")
    said = ("DWH_ENDPOINT in the environment goes before it", "DWH_ROLE_ARN in the environment goes before it")
    assert dwh_cfg.plan_filled(stack).details[-2:] == said
    assert fill(stack) == f"[CLUSTER]\nHOST={HOST}{REST}\n"
    assert dwh_cfg.plan_filled(stack).details == said
    assert dwh_cfg.plan_blanked(stack).details[-2:] == said


@pytest.mark.usefixtures("cluster")
def test_mode_and_link_stay(open_stack: Open, tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    target = tmp_path / "kept" / "mine.cfg"
    target.write_text("[CLUSTER]\nHOST=\n[IAM_ROLE]\nARN=\n")
    target.chmod(0o640)
    if os.geteuid() == 0:
        os.chown(target, 65534, 65534)
    owner = target.stat().st_uid
    (tmp_path / "dwh.cfg").symlink_to("kept/mine.cfg")
    fill(open_stack())
    assert (tmp_path / "dwh.cfg").is_symlink()
    assert target.read_text() == f"[CLUSTER]\nHOST={HOST}\n[IAM_ROLE]\nARN={ARN}\n"
    assert (target.stat().st_mode & 0o7777, target.stat().st_uid) == (0o640, owner)
    assert [path.name for path in target.parent.iterdir()] == ["mine.cfg"]


@pytest.mark.usefixtures("cluster")
def test_a_file_that_is_read_only(open_stack: Open) -> None:
    stack = open_stack("[CLUSTER]\nHOST=\n")
    stack.settings.file.chmod(0o444)
    change = dwh_cfg.plan_filled(stack)
    assert "it is read-only: the values will be shown, to be written by hand" in change.details
    refused(stack)
    assert stack.settings.file.read_text() == "[CLUSTER]\nHOST=\n"


@pytest.mark.usefixtures("cluster")
def test_a_folder_that_is_read_only(open_stack: Open, tmp_path: Path) -> None:
    stack = open_stack("[CLUSTER]\nHOST=\n")
    stack.settings.file.chmod(0o666)
    tmp_path.chmod(0o555)
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)  # root writes everywhere
    try:
        refused(stack)
    finally:
        os.seteuid(user)
        tmp_path.chmod(0o755)
    assert stack.settings.file.read_text() == "[CLUSTER]\nHOST=\n"


@pytest.mark.usefixtures("cluster")
def test_a_file_that_was_broken_while_the_cluster_was_made(open_stack: Open) -> None:
    stack = open_stack("[CLUSTER]\nHOST=\n")
    change = dwh_cfg.plan_filled(stack)
    stack.settings.file.write_text("[CLUSTER]\nHOST=\nHOST=\n")
    assert change.apply is not None
    with pytest.raises(WarehouseError, match=r"left as it is: dwh.cfg, line 3: HOST stands there twice") as caught:
        change.apply()
    assert HOST in caught.value.hint
    stack.settings.file.write_bytes(b"\xff")
    with pytest.raises(WarehouseError, match=r"left as it is: dwh.cfg is not UTF-8") as caught:
        change.apply()
    assert HOST in caught.value.hint


@pytest.mark.usefixtures("cluster")
def test_what_would_be_read_otherwise_is_not_written(open_stack: Open) -> None:
    text = "[DWH]\nHOST=a\n[dwh]\nDB_USER=u\n"  # the second stands for the first
    stack = open_stack(text)
    assert "read otherwise" in refused(stack)
    assert stack.settings.file.read_text() == text


def refused(stack: Stack) -> str:
    """The sentence; the values are in its hint, so that nothing is lost."""
    change = dwh_cfg.plan_filled(stack)
    assert change.apply is not None
    with pytest.raises(WarehouseError) as caught:
        change.apply()
    assert "dwh.cfg was left as it is: " in caught.value.message
    assert caught.value.hint.splitlines() == [
        "Write by hand:", f"[CLUSTER] HOST = {HOST}", "[CLUSTER] DB_PORT = 5439", f"[IAM_ROLE] ARN = {ARN}"
    ]  # fmt: skip
    return caught.value.message


def test_there_is_no_endpoint_yet(open_stack: Open) -> None:
    change = dwh_cfg.plan_filled(open_stack("[CLUSTER]\nHOST=\n"))
    assert change.apply is not None
    with pytest.raises(WarehouseError, match="has no endpoint yet"):
        change.apply()


@pytest.mark.usefixtures("cluster")
def test_a_new_file_is_the_example_filled_in(open_stack: Open) -> None:
    stack = open_stack()
    change = dwh_cfg.plan_filled(stack)
    assert (change.sign, change.what) == (Sign.ADD, "dwh.cfg")
    example = dwh_cfg.EXAMPLE.read_text()
    assert fill(stack) == example.replace("\nHOST =\n", f"\nHOST = {HOST}\n").replace("\nARN =\n", f"\nARN = {ARN}\n")
    assert stack.settings.file.stat().st_mode & 0o777 == 0o600


@pytest.mark.usefixtures("cluster")
def test_a_new_file_finds_what_was_made_with_other_settings(open_stack: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    stack = open_stack(database="dwh", user="chief", password="S3cret/not/for/files", role_name="reader", nodes=3)
    monkeypatch.setattr(stack.account, "region", "us-west-2")
    assert "S3cret" not in fill(stack)
    made = settings.load()
    assert (made.identifier, made.region, made.database, made.user) == ("sparkify", "us-west-2", "dwh", "chief")
    assert (made.role_name, made.nodes, made.arn) == ("reader", 3, stack.role_arn)


@pytest.mark.usefixtures("cluster")
def test_where_there_is_no_example(open_stack: Open, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(dwh_cfg, "EXAMPLE", tmp_path / "nowhere")
    stack = open_stack()
    fill(stack)
    read = config.load(stack.settings.file, {})
    assert (read.host, read.user, read.arn, read.log_data) == (HOST, "awsuser", ARN, "s3://udacity-dend/log_data")


# Teardown: the cluster is there while it is planned, or gone already.


def test_another_cluster_stays(open_stack: Open) -> None:
    other = "other.abc123.us-west-2.redshift.amazonaws.com"
    stack = open_stack(f"[CLUSTER]\nHOST={other}\n[IAM_ROLE]\nARN={ARN}\n")
    change = dwh_cfg.plan_blanked(stack)
    assert change.details == ("ARN emptied", f"HOST = {other} stays: it is not that of sparkify")
    assert blank(stack) == f"[CLUSTER]\nHOST={other}\n[IAM_ROLE]\nARN=\n"
    change = dwh_cfg.plan_blanked(stack)
    assert (change.sign, change.details) == (Sign.KEEP, (f"HOST = {other} stays: it is not that of sparkify",))


@pytest.mark.parametrize(
    "host",
    [
        "sparkify.abc123.us-east-1.redshift.amazonaws.com",  # of the same name, in another region
        "sparkify.example.com",
        "127.0.0.1",
    ],
)
def test_a_stranger_s_host_stays(open_stack: Open, host: str) -> None:
    assert dwh_cfg.plan_blanked(open_stack(f"[CLUSTER]\nHOST={host}\n")).sign is Sign.KEEP


def test_the_endpoint_that_the_cluster_has_is_its_own(open_stack: Open, aws: StrictAws) -> None:
    make(aws, "127.0.0.1", 5555)
    stack = open_stack("[CLUSTER]\nHOST=127.0.0.1\nDB_PORT=5555\n[IAM_ROLE]\nARN=\n")
    change = dwh_cfg.plan_blanked(stack)
    assert change.details == ("HOST emptied",)
    aws.reset()  # what came before it in the plan
    assert change.apply is not None
    change.apply()
    assert stack.settings.file.read_text() == "[CLUSTER]\nHOST=\nDB_PORT=5555\n[IAM_ROLE]\nARN=\n"


def test_when_the_cluster_is_gone_its_host_is_known_by_name(open_stack: Open) -> None:
    stack = open_stack(f"[CLUSTER]\nHOST='{HOST.upper()}'\n[IAM_ROLE]\nARN=arn:aws:iam::1:role/theirs\n")
    assert blank(stack) == "[CLUSTER]\nHOST=''\n[IAM_ROLE]\nARN=arn:aws:iam::1:role/theirs\n"


def test_no_file_has_nothing_to_blank(open_stack: Open) -> None:
    stack = open_stack()
    assert dwh_cfg.plan_blanked(stack).sign is Sign.KEEP
    assert not stack.settings.file.exists()


def test_blanking_a_read_only_file_says_what_to_empty(open_stack: Open) -> None:
    stack = open_stack(f"[CLUSTER]\nHOST={HOST}\n")
    stack.settings.file.chmod(0o444)
    change = dwh_cfg.plan_blanked(stack)
    assert change.apply is not None
    with pytest.raises(WarehouseError, match="left as it is: it is read-only") as caught:
        change.apply()
    assert caught.value.hint == "Write by hand:\n[CLUSTER] HOST =\n[IAM_ROLE] ARN ="
