"""The least-privilege policy of whoever runs lake.py: what that calls, on what this lake is, and nothing else.

Which resources and conditions each action knows is AWS's table:
https://docs.aws.amazon.com/service-authorization/latest/reference/list_emr-serverless.html,
list_s3.html and list_iam.html beside it; those for EMR on EC2 are in ``ec2_policy``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infrastructure.emr import ec2_policy, role
from infrastructure.emr.stack import JOBS, LOGS
from infrastructure.policy import (
    ANYTHING,
    OF_A_ROLE,
    OWN_RIGHTS,
    Place,
    allow,
    equals,
    nobody_elses,
    ours,
    service_linked,
    show,
    to_be_ours,
)

if TYPE_CHECKING:
    from infrastructure.emr.stack import LakeStack
    from infrastructure.policy import Statement

BEWARE = (
    "Beware: that user writes the rights of the job's role, and decides who assumes it: in the end that is every right "
    "in the account."
)


def write(stack: LakeStack) -> None:
    """As ``policy.show``."""
    show(stack, lambda account, partition: document(stack, account, partition), BEWARE)


def document(stack: LakeStack, account: str, partition: str = "aws") -> dict[str, object]:
    """The policy that plan, up, run, status and down need for the lake as dl.cfg has it now, for its kind.

    ``account`` is its twelve digits.
    """
    place = Place(partition, stack.account.region, account)
    runs_it = ec2_policy.statements if stack.settings.on_ec2 else _serverless
    return {"Version": "2012-10-17", "Statement": [*_buckets(stack, place), *runs_it(stack, place)]}


def _buckets(stack: LakeStack, place: Place) -> list[Statement]:
    """A bucket of the lake's own is made and removed; of somebody's only the lake's place in it is written to."""
    output = stack.output_of(place.account)
    bucket = output.split("/")[2]
    own = _s3(place, bucket)
    making = [
        allow(
            "MakeAndRemoveTheBucket",
            "s3",
            "CreateBucket GetBucketTagging PutBucketTagging GetBucketPublicAccessBlock PutBucketPublicAccessBlock "
            "ListBucketVersions DeleteBucket",
            own,
        ),
        allow("EmptyTheBucket", "s3", "DeleteObjectVersion", _s3(place, f"{bucket}/*")),
    ]
    below = output.removeprefix("s3://")
    return [
        allow("SeeTheBuckets", "s3", "ListBucket", sorted({*own, *_s3(place, stack.input_bucket)})),
        *(making if bucket == stack.own_bucket(place.account) else []),
        allow("UploadTheJob", "s3", "PutObject", _s3(place, f"{below}{JOBS}*")),
        allow("ReadItsLogs", "s3", "GetObject", _s3(place, f"{below}{LOGS}*")),
    ]


def _s3(place: Place, name: str) -> list[str]:
    return [f"arn:{place.partition}:s3:::{name}"]


def _serverless(stack: LakeStack, place: Place) -> list[Statement]:
    """Ids of applications are AWS's choice, so that the tag tells which are ours; what has our name is looked at."""
    service, everything = "emr-serverless", place.arn("emr-serverless", "/applications/*")
    jobs = place.role(stack.role_name)
    return [
        allow("MakeRepairAndRemoveTheRole", "iam", f"{OF_A_ROLE} {OWN_RIGHTS}", jobs),
        allow("GiveTheRoleToTheJob", "iam", "PassRole", jobs, equals("iam:PassedToService", role.SERVICE)),
        service_linked(
            "FirstApplicationOfTheAccount",
            place,
            "ops.emr-serverless.amazonaws.com",
            "AWSServiceRoleForAmazonEMRServerless",
        ),
        allow("FindApplications", service, "ListApplications", ANYTHING),  # of which AWS knows no resource
        allow("SeeApplicationsAndTheirJobRuns", service, "GetApplication ListJobRuns GetJobRun", everything),
        allow("MakeTheApplication", service, "CreateApplication", ANYTHING, to_be_ours(stack)),
        allow("TagWhatIsMade", service, "TagResource", everything, nobody_elses(stack)),
        allow(
            "RunTheJobChangeAndRemoveOurs",
            service,
            "StartJobRun CancelJobRun UpdateApplication StopApplication DeleteApplication",
            everything,
            ours(stack),
        ),
    ]
