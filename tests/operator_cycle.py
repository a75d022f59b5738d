"""Everything that an operator does with a stack, in this process, with the rights of one policy: page after page."""

from __future__ import annotations

import json
import socket
from argparse import Namespace
from contextlib import contextmanager
from io import StringIO
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest
from infrastructure_scripts import telling

from infrastructure import pause, policy, resume, setup, status, teardown
from infrastructure.account import Account
from infrastructure.report import Report
from infrastructure.settings import load
from infrastructure.stack import Stack
from warehouse import config
from warehouse.credentials import with_password
from warehouse.errors import WarehouseError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from strict_aws import StrictAws

    Document = dict[str, Any]

BUCKET, KEY = "mine", "log/a.json"
ROLE = "sparkify-redshift-s3"
ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess"
CONFIG = f"""\
[CLUSTER]
HOST =
DB_PASSWORD =
CLUSTER_IDENTIFIER = sparkify
CLUSTER_TYPE = multi-node
CLUSTER_NODE_TYPE = ra3.large
CLUSTER_NUM_NODES = 2
DB_PORT = {{port}}
[IAM_ROLE]
NAME = {ROLE}
ARN =
ROLE_POLICY = managed
[S3]
LOG_DATA = s3://{BUCKET}/log
LOG_JSONPATH = auto
SONG_DATA = s3://{BUCKET}/log
[AWS]
REGION = us-west-2
POLL_SECONDS = 0
[NETWORK]
CIDR = 52.95.4.1/32
ADDRESS_URL = {{address_url}}
"""
NOTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}
BUCKET_POLICY = CONFIG.replace("= managed", "= bucket")
SERVERLESS = CONFIG.replace("= multi-node", "= serverless")


class Operator:
    """Somebody with a dwh.cfg, and AWS keys that may do what is printed for it; ``said`` is all that the pages told."""

    def __init__(self, aws: StrictAws, folder: Path, environment: dict[str, str], text: str) -> None:
        self.aws, self.environment, self.text = aws, environment, text
        self.file = folder / "dwh.cfg"
        self.file.write_text(text)
        self.said = StringIO()
        self._snapshots = count()
        self._account = Account(load(self.file, {}))  # its clients take long to make
        self._user = self._account.identity.arn.rpartition("/")[2]
        self.may(self.document())

    def document(self) -> Document:
        """What setup.py --print-policy prints."""
        return policy.document(self.stack(), self._account.identity.account)

    def may(self, document: Document) -> None:
        client = self.aws.client("iam")
        client.put_user_policy(UserName=self._user, PolicyName="policy", PolicyDocument=json.dumps(document))

    def stack(self) -> Stack:
        settings = load(self.file, {})
        return Stack(settings, self._account, Report(settings.secrets, self.said))

    def cycle(self) -> str:
        """All that was told until the end, or until the first page that failed."""
        self.aws.service_linked = False  # as before the account's first cluster
        self.said.seek(0)
        self.said.truncate()
        self.file.write_text(self.text)
        try:
            for step in (self.setup, self.drift, self.setup, self.look, self.log_in, self.rest, self.teardown):
                step()
        except WarehouseError as error:
            self.said.write(f"error: {error.message} {error.hint}\n")
        return self.said.getvalue()

    def setup(self) -> None:
        options = {"dry_run": False, "yes": True, "allow_anywhere": False, "print_policy": False}
        assert setup.setup(self.stack(), Namespace(**options)) == 0

    def look(self) -> None:
        for check in (False, True):
            status.status(self.stack(), Namespace(check=check, json=False))

    def log_in(self) -> None:
        """As the administrator, and as somebody who is not."""
        for environment in ({}, {"DWH_DB_USER": "analyst"}):
            found = with_password(config.load(self.file, environment))
            assert found.password
            self.said.write(f"login: {found.login_from}\n")

    def rest(self) -> None:
        pause.pause(self.stack(), Namespace())
        resume.resume(self.stack(), Namespace())

    def teardown(self) -> None:
        last = f"last-{next(self._snapshots)}"
        options = {"dry_run": False, "yes": True, "final_snapshot": last, "no_final_snapshot": False}
        assert teardown.teardown(self.stack(), Namespace(**options)) == 0

    def drift(self) -> None:
        """Somebody else has been at everything."""
        iam, ec2 = self.aws.client("iam"), self.aws.client("ec2")
        iam.attach_role_policy(RoleName=ROLE, PolicyArn=ADMIN)
        all_ = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
        for name in ("read-buckets", "more"):
            iam.put_role_policy(RoleName=ROLE, PolicyName=name, PolicyDocument=json.dumps(all_))
        trust = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
        iam.update_assume_role_policy(
            RoleName=ROLE, PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]})
        )
        named = [{"Name": "group-name", "Values": ["sparkify-redshift"]}]
        group = ec2.describe_security_groups(Filters=named)["SecurityGroups"][0]["GroupId"]
        ec2.authorize_security_group_ingress(
            GroupId=group, IpProtocol="tcp", FromPort=5439, ToPort=5439, CidrIp="0.0.0.0/0"
        )
        if self.stack().settings.serverless:
            self._drift_of_serverless()
        else:
            self._drift_of_the_cluster()

    def _drift_of_the_cluster(self) -> None:
        client, arn = self.aws.client("redshift"), self.stack().role_arn
        client.modify_cluster(ClusterIdentifier="sparkify", PubliclyAccessible=False)
        for _ in range(2):  # its time passes with the looks
            client.describe_clusters(ClusterIdentifier="sparkify")
        client.modify_cluster_iam_roles(ClusterIdentifier="sparkify", RemoveIamRoles=[arn])

    def _drift_of_serverless(self) -> None:
        client = self.aws.client("redshift-serverless")
        client.update_workgroup(workgroupName="sparkify", baseCapacity=16)
        client.get_workgroup(workgroupName="sparkify")  # its time passes with the looks
        client.update_namespace(namespaceName="sparkify", iamRoles=[])
        arn = client.get_workgroup(workgroupName="sparkify")["workgroup"]["workgroupArn"]
        limit = client.list_usage_limits(resourceArn=arn)["usageLimits"][0]
        client.update_usage_limit(usageLimitId=limit["usageLimitId"], amount=500)


@contextmanager
def operator(aws: StrictAws, folder: Path, text: str) -> Iterator[Operator]:
    """An operator in an account with a bucket; the endpoint of whatever is made leads to a port where nobody is."""
    aws.reset()
    for state in aws.polls:
        aws.polls[state] = 0
    port = closed_port()
    aws.endpoint = ("127.0.0.1", port)
    s3 = aws.client("s3")
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
    s3.put_object(Bucket=BUCKET, Key=KEY, Body=b"{}")
    with aws.enforce(NOTHING) as environment, telling() as url, pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        yield Operator(aws, folder, environment, text.format(port=port, address_url=url))


def closed_port() -> int:
    """One that Redshift could have."""
    for port in range(8191, 8216):
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)):
                return port
    raise AssertionError("somebody listens on each of Redshift's ports here")


def actions(document: Document) -> list[str]:
    return [action for statement in document["Statement"] for action in statement["Action"]]


def without(document: Document, action: str) -> Document:
    """The policy without one action."""
    left = [
        {**statement, "Action": [one for one in statement["Action"] if one != action]}
        for statement in document["Statement"]
    ]
    return {**document, "Statement": [statement for statement in left if statement["Action"]]}
