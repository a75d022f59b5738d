"""Everything that an operator does with a lake, in this process, by one policy: command after command."""

from __future__ import annotations

import json
from contextlib import contextmanager
from io import StringIO
from typing import TYPE_CHECKING, Any

import pytest
from lake_scripts import BUCKET, INPUT, LAKE, make_bucket
from operator_cycle import ADMIN, NOTHING
from strict_aws import ACCOUNT, REGION
from strict_aws.asking import policy as allowing
from strict_aws.asking import trust

from infrastructure import lake
from infrastructure.account import Account
from infrastructure.emr import policy
from infrastructure.emr.settings import load
from infrastructure.emr.stack import LakeStack
from infrastructure.report import Report
from warehouse.errors import WarehouseError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from strict_aws import StrictAws

    Document = dict[str, Any]

ROLE = "sparkify-lake-job"
OURS = {"dwh:stack": "sparkify-lake", "dwh:kind": "lake"}


class Operator:
    """Somebody with a dl.cfg, and AWS keys that may do what is printed for it; ``said`` is all that lake.py told."""

    def __init__(self, aws: StrictAws, folder: Path, environment: dict[str, str], *, on_ec2: bool) -> None:
        self.aws, self.environment, self.on_ec2 = aws, environment, on_ec2
        self.file = folder / "dl.cfg"
        self.file.write_text(LAKE.replace("[AWS]", f"[AWS]\nREGION = {REGION}\nPOLL_SECONDS = 0"))
        self.said = StringIO()
        self._account = Account(load(self.file, {}))  # its clients take long to make
        self._user = self._account.identity.arn.rpartition("/")[2]
        self.may(self.document())

    def document(self) -> Document:
        """What lake.py plan --print-policy prints."""
        return policy.document(self.stack(), ACCOUNT)

    def may(self, document: Document) -> None:
        client = self.aws.client("iam")
        client.put_user_policy(UserName=self._user, PolicyName="policy", PolicyDocument=json.dumps(document))

    def stack(self) -> LakeStack:
        settings = load(self.file, {}, on_ec2=self.on_ec2)
        return LakeStack(settings, self._account, Report(settings.secrets, self.said))

    def do(self, *words: str) -> None:
        given = lake.options().parse_args([*words])
        lake.COMMANDS[given.command](self.stack(), given)

    def cycle(self) -> str:
        """All that was told until the end, or until the first command that failed."""
        self.aws.linked.clear()  # as before the account's first application
        self.aws.release("running")
        self.said.seek(0)
        self.said.truncate()
        try:
            self.do("up", "--yes")
            self.do("run", "--yes")
            self.drift()
            self.do("up", "--yes")
            self.do("status")
            self.leave_a_run()
            self.do("down", "--yes", "--empty")
        except WarehouseError as error:
            self.said.write(f"\nerror: {error.message} {error.hint}\n")
        return self.said.getvalue()

    def drift(self) -> None:
        """Somebody else has been at everything."""
        iam, name = self.aws.client("iam"), "sparkify-lake-emr" if self.on_ec2 else ROLE
        iam.attach_role_policy(RoleName=name, PolicyArn=ADMIN)
        for inline in ("read-input-write-lake", "more"):
            iam.put_role_policy(RoleName=name, PolicyName=inline, PolicyDocument=json.dumps(allowing("s3:*")))
        iam.update_assume_role_policy(RoleName=name, PolicyDocument=trust("ec2.amazonaws.com"))
        self.aws.client("s3").delete_public_access_block(Bucket=BUCKET)
        for one in self.aws.applications.values():
            one.members["maximumCapacity"] = {"cpu": "8 vCPU", "memory": "32 GB"}

    def leave_a_run(self) -> None:
        """One that is active when all is taken down."""
        self.aws.hold("running")
        for one in self.aws.applications.values():
            if one.state != "TERMINATED":
                self.aws.client("emr-serverless").start_job_run(**order(one.id), tags=OURS)


def order(application: str, role: str = ROLE) -> dict[str, Any]:
    driver = {"sparkSubmit": {"entryPoint": f"s3://{BUCKET}/lake/_jobs/etl.py"}}
    return {
        "applicationId": application,
        "executionRoleArn": f"arn:aws:iam::{ACCOUNT}:role/{role}",
        "jobDriver": driver,
    }


@contextmanager
def operator(aws: StrictAws, folder: Path, *, on_ec2: bool = False) -> Iterator[Operator]:
    """An operator in an account with the input's bucket, where states of EMR Serverless do not last."""
    for state in () if on_ec2 else aws.polls:
        aws.polls[state] = 0
    make_bucket(aws, INPUT)
    with aws.enforce(NOTHING) as environment, pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        yield Operator(aws, folder, environment, on_ec2=on_ec2)
