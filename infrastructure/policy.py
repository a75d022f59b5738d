"""The least-privilege policy of whoever runs these scripts: what they call, on what this stack is, and nothing else.

Which resources and conditions each action knows is AWS's table:
https://docs.aws.amazon.com/service-authorization/latest/reference/list_redshift.html, list_redshift-serverless.html,
list_ec2.html, list_iam.html, list_secretsmanager.html and list_s3.html beside it.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, NamedTuple

from infrastructure.access.role_documents import SERVICES, managed_policy
from infrastructure.errors import AwsFailed
from infrastructure.settings import BUCKET, MANAGED
from infrastructure.stack import SERVERLESS, STACK_TAG
from warehouse.redaction import redact

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from infrastructure.stack import Owned, Stack

ANYTHING = ("*",)
BEWARE = (
    "Beware: with ROLE_POLICY = bucket that user writes the role's rights, and decides who assumes it: in the end that "
    "is every right in the account. With ROLE_POLICY = managed the role can get AmazonS3ReadOnlyAccess and no more."
)
OF_A_ROLE = (
    "GetRole CreateRole TagRole UpdateAssumeRolePolicy DeleteRole ListAttachedRolePolicies DetachRolePolicy "
    "ListRolePolicies DeleteRolePolicy"
)
"""What makes, repairs and removes a role, but for the rights that it has."""
OWN_RIGHTS = "GetRolePolicy PutRolePolicy"
NOBODY = "123456789012"  # the account of AWS's own examples

Statement = dict[str, object]
Condition = dict[str, dict[str, str | list[str]]]


class Place(NamedTuple):
    """Where the ARNs lie."""

    partition: str
    region: str
    account: str

    def arn(self, service: str, *names: str) -> list[str]:
        """ARNs of things in the region."""
        return [f"arn:{self.partition}:{service}:{self.region}:{self.account}:{name}" for name in names]

    def role(self, name: str) -> list[str]:
        return [f"arn:{self.partition}:iam::{self.account}:role/{name}"]


def document(stack: Stack, account: str, partition: str = "aws") -> dict[str, object]:
    """The policy that setup, status, pause, resume, teardown and the login need for the stack as dwh.cfg has it now.

    ``account`` is its twelve digits.
    """
    place = Place(partition, stack.account.region, account)
    compute = _serverless if stack.kind == SERVERLESS else _cluster
    statements = [*_role(stack, place), *_network(stack, place), *compute(stack, place), *_buckets(stack, place)]
    if not stack.settings.password:
        statements += _secret(stack, place)
    return {"Version": "2012-10-17", "Statement": statements}


def write(stack: Stack) -> None:
    """As ``show``."""
    beware = BEWARE if stack.settings.role_policy == BUCKET else ""
    show(stack, lambda account, partition: document(stack, account, partition), beware)


def show(stack: Owned, document: Callable[[str, str], dict[str, object]], beware: str) -> None:
    """The policy as JSON on stdout; on stderr how to use it. Without credentials or network for a made-up account."""
    try:
        account, _, partition = stack.account.identity
    except AwsFailed as error:
        account, partition = NOBODY, "aws"
        why = redact(error.message, *stack.settings.secrets)
        print(f"{why}\nSo the policy has the account {NOBODY}: replace it by yours.", file=sys.stderr)
    print(json.dumps(document(account, partition), indent=2))
    if beware:
        print(beware, file=sys.stderr)
    name = f"{stack.name}-operator"
    print(
        "Save that as policy.json, and have somebody who may do so give it to the user of these scripts:\n"
        f"  aws iam create-policy --policy-name {name} --policy-document file://policy.json\n"
        f"  aws iam attach-user-policy --user-name USER --policy-arn arn:{partition}:iam::{account}:policy/{name}",
        file=sys.stderr,
    )


def allow(
    sid: str, service: str, actions: str, resources: Iterable[str], condition: Condition | None = None
) -> Statement:
    """A statement; ``actions`` are names without the service, separated by blanks."""
    allowed: Statement = {
        "Sid": sid,
        "Effect": "Allow",
        "Action": [f"{service}:{action}" for action in actions.split()],
        "Resource": list(resources),
    }
    return allowed | ({"Condition": condition} if condition else {})


def equals(key: str, *values: str) -> Condition:
    return {"StringEquals": {key: values[0] if len(values) == 1 else list(values)}}


def ours(stack: Owned) -> Condition:
    return equals(f"aws:ResourceTag/{STACK_TAG}", stack.name)


def to_be_ours(stack: Owned) -> Condition:
    return equals(f"aws:RequestTag/{STACK_TAG}", stack.name)


def nobody_elses(stack: Owned) -> Condition:
    """What is tagged as it is made has no tag yet; another stack's has one."""
    return to_be_ours(stack) | {"StringEqualsIfExists": {f"aws:ResourceTag/{STACK_TAG}": stack.name}}


def _role(stack: Stack, place: Place) -> list[Statement]:
    role = place.role(stack.settings.role_name)
    return [
        allow("MakeRepairAndRemoveTheRole", "iam", OF_A_ROLE, role),
        _rights(stack, place, role),
        allow("GiveTheRoleToRedshift", "iam", "PassRole", role, equals("iam:PassedToService", *SERVICES[stack.kind])),
        service_linked("FirstClusterOfTheAccount", place, "redshift.amazonaws.com", "AWSServiceRoleForRedshift"),
    ]


def service_linked(sid: str, place: Place, service: str, role: str) -> Statement:
    """A service makes a role of its own with the first thing of it in an account, by the right of whoever makes that.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/using-service-linked-roles.html
    """
    arns = place.role(f"aws-service-role/{service}/{role}")
    return allow(sid, "iam", "CreateServiceLinkedRole", arns, equals("iam:AWSServiceName", service))


def _rights(stack: Stack, place: Place, role: list[str]) -> Statement:
    """What may be given to the role: with AWS's policy that alone; else whatever an inline policy says (see BEWARE)."""
    if stack.settings.role_policy == MANAGED:
        allowed = equals("iam:PolicyARN", managed_policy(place.partition))
        return allow("LetTheRoleReadS3AndNoMore", "iam", "AttachRolePolicy", role, allowed)
    return allow("LetTheRoleReadTheBuckets", "iam", OWN_RIGHTS, role)


def _network(stack: Stack, place: Place) -> list[Statement]:
    """https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/supported-iam-actions-tagging.html"""
    groups = place.arn("ec2", "security-group/*")
    subnets = allow("SeeTheSubnetGroup", "redshift", "DescribeClusterSubnetGroups", ANYTHING)
    return [
        *([subnets] if stack.settings.subnet_group else []),
        # EC2 knows no resources for these; Redshift asks the rest of them by the right of whoever makes a cluster.
        # https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonRedshiftFullAccess.html
        allow(
            "SeeTheNetwork",
            "ec2",
            "DescribeVpcs DescribeSecurityGroups DescribeSecurityGroupRules DescribeSubnets DescribeAccountAttributes "
            "DescribeAddresses DescribeAvailabilityZones DescribeInternetGateways",
            ANYTHING,
        ),
        allow("MakeTheSecurityGroup", "ec2", "CreateSecurityGroup", groups, to_be_ours(stack)),
        allow("MakeItInTheVpc", "ec2", "CreateSecurityGroup", place.arn("ec2", f"vpc/{stack.settings.vpc or '*'}")),
        allow("TagItWhenItIsMade", "ec2", "CreateTags", groups, equals("ec2:CreateAction", "CreateSecurityGroup")),
        allow(
            "ChangeAndRemoveOurSecurityGroup",
            "ec2",
            "AuthorizeSecurityGroupIngress RevokeSecurityGroupIngress DeleteSecurityGroup",
            groups,
            ours(stack),
        ),
    ]


def _cluster(stack: Stack, place: Place) -> list[Statement]:
    name = stack.name
    login = allow(
        "TemporaryLogin",
        "redshift",
        "GetClusterCredentialsWithIAM",
        place.arn("redshift", f"dbname:{name}/{stack.settings.database}"),
    )
    return [
        allow(
            "SeeClusters",
            "redshift",
            "DescribeClusters DescribeOrderableClusterOptions DescribeClusterSnapshots",
            ANYTHING,
        ),
        allow(
            "MakeRunPauseAndRemoveTheCluster",
            "redshift",
            "CreateCluster CreateTags ModifyCluster ModifyClusterIamRoles PauseCluster ResumeCluster DeleteCluster",
            place.arn("redshift", f"cluster:{name}"),
        ),
        allow(
            "FinalSnapshotAndBackupBeforePause",
            "redshift",
            "CreateClusterSnapshot",
            place.arn("redshift", f"snapshot:{name}/*"),
        ),
        *([] if stack.settings.password else [login]),
    ]


def _serverless(stack: Stack, place: Place) -> list[Statement]:
    """The names of namespace and workgroup are not in their ARNs, so that the tag tells which are ours.

    What is only looked for may not be there, and then has no tag. The ARNs say no more than the region and the
    account, since each action is for one kind of thing anyway, and a policy must not be long.
    """
    service = "redshift-serverless"
    here = place.arn(service, "*")
    login = allow("TemporaryLogin", service, "GetCredentials", here, ours(stack))
    return [
        allow("SeeNamespacesAndWorkgroups", service, "GetNamespace GetWorkgroup ListTagsForResource", here),
        allow("MakeNamespaceAndWorkgroup", service, "CreateNamespace CreateWorkgroup", here, to_be_ours(stack)),
        allow("TagThemWhenTheyAreMade", service, "TagResource", here, nobody_elses(stack)),
        allow(
            "ChangeAndRemoveOurs",
            service,
            "UpdateNamespace UpdateWorkgroup DeleteNamespace DeleteWorkgroup",
            here,
            ours(stack),
        ),
        # AWS knows neither resources nor tags for these.
        allow(
            "LimitTheUsageAndSeeSnapshots",
            service,
            "ListUsageLimits CreateUsageLimit UpdateUsageLimit DeleteUsageLimit ListSnapshots",
            ANYTHING,
        ),
        allow("FinalSnapshot", service, "CreateSnapshot", here),
        *([] if stack.settings.password else [login]),
    ]


def _secret(stack: Stack, place: Place) -> list[Statement]:
    """What Redshift does by the caller's right to keep the administrator's password, and what reads it.

    https://docs.aws.amazon.com/redshift/latest/mgmt/redshift-secrets-manager-integration.html
    """
    return [
        allow(
            "AdministratorsPasswordIsKeptByAws",
            "secretsmanager",
            "CreateSecret TagResource DescribeSecret UpdateSecret RotateSecret DeleteSecret GetSecretValue",
            place.arn("secretsmanager", f"secret:redshift!{stack.name}-{stack.settings.user}*"),
        ),
        allow("AndMadeByAws", "secretsmanager", "GetRandomPassword", ANYTHING),
    ]


def _buckets(stack: Stack, place: Place) -> list[Statement]:
    arns = [f"arn:{place.partition}:s3:::{bucket}" for bucket in stack.settings.buckets]
    return [allow("CheckTheBuckets", "s3", "ListBucket", arns)] if arns else []
