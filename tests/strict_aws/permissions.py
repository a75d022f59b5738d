"""What each call needs to be allowed: its action on its resource, the roles that it passes, the tags that it makes.

Source: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from strict_aws import emr_rights, emr_serverless_rights
from strict_aws.clusters import backend
from strict_aws.policies import Need, allowed, documents
from strict_aws.wire import AwsError
from strict_aws.world import ACCOUNT, object_exists, role_named, secret_arn, security_group

if TYPE_CHECKING:
    from strict_aws.wire import Call
    from strict_aws.world import World

LINKED_ROLE = f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/redshift.amazonaws.com/AWSServiceRoleForRedshift"
FREE = {("sts", "GetCallerIdentity")}
S3_ACTIONS = {
    "ListBuckets": "ListAllMyBuckets",
    "ListObjects": "ListBucket",
    "ListObjectsV2": "ListBucket",
    "ListObjectVersions": "ListBucketVersions",
    "HeadBucket": "ListBucket",
    "HeadObject": "GetObject",
    "CreateMultipartUpload": "PutObject",
    "UploadPart": "PutObject",
    "CompleteMultipartUpload": "PutObject",
    "CopyObject": "PutObject",
    "DeleteObjects": "DeleteObject",
    "GetPublicAccessBlock": "GetBucketPublicAccessBlock",
    "PutPublicAccessBlock": "PutBucketPublicAccessBlock",
    "DeletePublicAccessBlock": "PutBucketPublicAccessBlock",
    "GetBucketEncryption": "GetEncryptionConfiguration",
    "PutBucketEncryption": "PutEncryptionConfiguration",
    "DeleteBucketEncryption": "PutEncryptionConfiguration",
    "GetBucketLifecycleConfiguration": "GetLifecycleConfiguration",
    "PutBucketLifecycleConfiguration": "PutLifecycleConfiguration",
    "DeleteBucketLifecycle": "PutLifecycleConfiguration",
    "DeleteBucketTagging": "PutBucketTagging",
    "ListMultipartUploads": "ListBucketMultipartUploads",
    "ListParts": "ListMultipartUploadParts",
}
"""Operations whose action has another name."""
KEEPING = ("CreateSecret", "TagResource", "DescribeSecret", "UpdateSecret", "RotateSecret")
SECRET_ACTIONS = {
    "CreateCluster": KEEPING,
    "CreateNamespace": KEEPING,
    "DeleteCluster": ("DeleteSecret",),
    "DeleteNamespace": ("DeleteSecret",),
}
"""What Redshift does with a managed secret by the caller's right.

https://docs.aws.amazon.com/redshift/latest/mgmt/redshift-secrets-manager-integration.html; which call needs which is
our reading.
"""
LOOKS = (
    "DescribeAccountAttributes",
    "DescribeAddresses",
    "DescribeAvailabilityZones",
    "DescribeInternetGateways",
    "DescribeSecurityGroups",
    "DescribeSubnets",
    "DescribeVpcs",
)
"""What Redshift asks of EC2 by the right of who makes a cluster or workgroup, as AmazonRedshiftFullAccess has it."""


def check(world: World, principal: Any, call: Call) -> None:
    """Raises AwsError for the first need that no policy of the principal allows."""
    if principal is None or (call.service, call.operation) in FREE:
        return
    policies = documents(principal)
    for need in needs(world, call):
        if not allowed(need, policies):
            raise denied(principal.arn, need, call)


def denied(who: str, need: Need, call: Call) -> AwsError:
    text = (
        f"User: {who} is not authorized to perform: {need.action} on resource: {need.resource} "
        f"because no identity-based policy allows the {need.action} action"
    )
    if call.service == "ec2":
        return AwsError("UnauthorizedOperation", f"You are not authorized to perform this operation. {text}", 403)
    if call.service == "emr-serverless" and need.action == "iam:CreateServiceLinkedRole":
        # https://github.com/aws-solutions-library-samples/guidance-for-clickstream-analytics-on-aws/issues/226
        return AwsError("ValidationException", f"Access denied when calling CreateServiceLinkedRole operation. {text}")
    if call.service == "emr-serverless":
        return AwsError("AccessDeniedException", text, 403)
    if call.service in ("secretsmanager", "redshift-serverless", "elasticmapreduce"):
        return AwsError("AccessDeniedException", text, 400)
    return AwsError("AccessDenied", text, 403)


def needs(world: World, call: Call) -> list[Need]:
    """In the order in which AWS looks: the call itself first."""
    return RESOURCES[call.service](world, call) if call.service in RESOURCES else [_action(call)]


def _action(call: Call, resource: str = "*", context: dict[str, list[str]] | None = None) -> Need:
    return Need(f"{call.service}:{call.operation}", resource, context or {})


def _passed(arns: list[str], *services: str) -> list[Need]:
    return [Need("iam:PassRole", arn, {"iam:PassedToService": list(services)}) for arn in dict.fromkeys(arns) if arn]


def _redshift(world: World, call: Call) -> list[Need]:
    resource = _redshift_resource(call)
    one = backend(call.region).clusters.get(call.get("ClusterIdentifier", "").lower())
    context = _tags("Resource", {tag["Key"]: tag["Value"] for tag in one.tags}) if one else {}
    found = [_action(call, resource, {**context, **_asked_tags(call)})]
    if call.get("Tags") and call.operation.startswith("Create") and call.operation != "CreateTags":
        found.append(Need("redshift:CreateTags", resource))
    if call.operation == "GetClusterCredentials" and call.get("AutoCreate"):
        found.append(Need("redshift:CreateClusterUser", resource))
    passed = [*call.get("IamRoles", []), *call.get("AddIamRoles", []), call.get("DefaultIamRoleArn", "")]
    found += _passed(passed, "redshift.amazonaws.com")
    if call.operation == "DeleteCluster" and (name := call.get("FinalClusterSnapshotIdentifier")):
        snapshot = f"arn:aws:redshift:{call.region}:{ACCOUNT}:snapshot:{call.get('ClusterIdentifier')}/{name}"
        found.append(Need("redshift:CreateClusterSnapshot", snapshot))
    if call.operation == "CreateCluster":
        found += [Need(f"ec2:{action}") for action in LOOKS]
    if call.operation == "CreateCluster" and not world.service_linked:
        named = {"iam:AWSServiceName": ["redshift.amazonaws.com"]}
        found.append(Need("iam:CreateServiceLinkedRole", LINKED_ROLE, named))
    return found + _secret(call, _managed_by_cluster(call))


def _redshift_resource(call: Call) -> str:
    start = f"arn:aws:redshift:{call.region}:{ACCOUNT}:"
    identifier = call.get("ClusterIdentifier", "").lower()
    if call.operation.startswith("Describe"):
        return "*"
    if call.get("ResourceName"):
        return str(call.get("ResourceName"))
    if call.get("SnapshotIdentifier"):
        return f"{start}snapshot:{identifier or '*'}/{call.get('SnapshotIdentifier')}"
    if call.operation == "GetClusterCredentials":
        return f"{start}dbuser:{identifier}/{call.get('DbUser')}"
    if call.operation == "GetClusterCredentialsWithIAM":
        return f"{start}dbname:{identifier}/{call.get('DbName', '*')}"
    return f"{start}cluster:{identifier}" if identifier else "*"


def _managed_by_cluster(call: Call) -> str | None:
    """The name of the secret that the call makes or deletes."""
    identifier = call.get("ClusterIdentifier", "").lower()
    if call.operation == "CreateCluster" and call.get("ManageMasterPassword"):
        return f"redshift!{identifier}-{call.get('MasterUsername')}"
    one = backend(call.region).clusters.get(identifier)
    kept = getattr(one, "master_password_secret_arn", None)
    return f"redshift!{identifier}-{one.master_username}" if kept else None


def _secret(call: Call, name: str | None) -> list[Need]:
    actions = SECRET_ACTIONS.get(call.operation, ()) if name else ()
    found = [Need(f"secretsmanager:{action}", secret_arn(call.region, name or "")) for action in actions]
    return [*found, *([Need("secretsmanager:GetRandomPassword")] if actions == KEEPING else [])]


def _serverless(world: World, call: Call) -> list[Need]:
    resource = _serverless_resource(world, call)
    asked = _tags("Request", {tag["key"]: tag["value"] for tag in call.get("tags", [])})
    has = [one.tags for one in (*world.namespaces.values(), *world.workgroups.values()) if one.arn == resource]
    found = [_action(call, resource, {**asked, **(_tags("Resource", has[0]) if has else {})})]
    if call.get("tags") and call.operation != "TagResource":
        found.append(Need("redshift-serverless:TagResource", resource, asked))
    if call.operation == "CreateWorkgroup":
        found += [Need(f"ec2:{action}") for action in LOOKS]
    if call.get("finalSnapshotName"):
        found.append(Need("redshift-serverless:CreateSnapshot", resource))
    passed = [*call.get("iamRoles", []), call.get("defaultIamRoleArn", "")]
    found += _passed(passed, "redshift.amazonaws.com", "redshift-serverless.amazonaws.com")
    namespace = world.namespaces.get((call.region, call.get("namespaceName", "")))
    user = namespace.members["adminUsername"] if namespace else call.get("adminUsername", "admin")
    managed = call.get("manageAdminPassword") or (namespace and "adminPasswordSecretArn" in namespace.members)
    return found + _secret(call, f"redshift!{call.get('namespaceName')}-{user}" if managed else None)


def _serverless_resource(world: World, call: Call) -> str:
    """Ids are AWS's choice, so that a new resource has one that no policy can know."""
    start = f"arn:aws:redshift-serverless:{call.region}:{ACCOUNT}:"
    if call.operation.startswith("List") and call.operation != "ListTagsForResource":
        return "*"
    if "resourceArn" in call.parameters:
        return str(call.parameters["resourceArn"])
    if "usageLimitId" in call.parameters:
        return "*"
    if "workgroupName" in call.parameters:
        workgroup = world.workgroups.get((call.region, call.parameters["workgroupName"]))
        return workgroup.arn if workgroup else f"{start}workgroup/new"
    namespace = world.namespaces.get((call.region, call.get("namespaceName", "")))
    return namespace.arn if namespace else f"{start}namespace/new"


def _ec2(world: World, call: Call) -> list[Need]:
    start = f"arn:aws:ec2:{call.region}:{ACCOUNT}:"
    if call.operation == "CreateSecurityGroup":
        group = f"{start}security-group/new"
        found = [_action(call, group, _asked_tags(call)), _action(call, f"{start}vpc/{call.get('VpcId', 'default')}")]
        return [*found, *_tagging(call, group)]
    if call.operation in ("CreateTags", "DeleteTags"):
        kinds = {"sg": "security-group", "sgr": "security-group-rule"}
        split = [(one.partition("-")[0], one) for one in call.get("Resources", [])]
        context: dict[str, list[str]] = {"ec2:CreateAction": []}
        return [_action(call, f"{start}{kinds.get(kind, kind)}/{one}", context) for kind, one in split]
    group = call.get("GroupId")
    if not group or call.operation.startswith("Describe"):
        return [_action(call)]
    found = security_group(call.region, group)
    has = {tag["key"]: tag["value"] for tag in found.get_tags()} if found else {}
    rules = f"{start}security-group-rule/new"
    return [_action(call, f"{start}security-group/{group}", _tags("Resource", has)), *_tagging(call, rules)]


def _tagging(call: Call, resource: str) -> list[Need]:
    """The tags that a call of EC2's asks for are an action of their own."""
    context = {**_asked_tags(call), "ec2:CreateAction": [call.operation]}
    return [Need("ec2:CreateTags", resource, context)] if call.get("TagSpecifications") else []


def _asked_tags(call: Call) -> dict[str, list[str]]:
    tags = [tag for one in call.get("TagSpecifications", []) for tag in one["Tags"]] or call.get("Tags", [])
    return _tags("Request", {tag["Key"]: tag.get("Value", "") for tag in tags})


def _tags(kind: str, tags: dict[str, str]) -> dict[str, list[str]]:
    """As condition keys; the one that ends in the slash says that there are no others."""
    return {f"aws:{kind}Tag/": [], **{f"aws:{kind}Tag/{key}": [value] for key, value in tags.items()}}


def _iam(world: World, call: Call) -> list[Need]:
    name = call.get("RoleName")
    if "InstanceProfileName" in call.parameters:
        return _instance_profile(call)
    if call.operation == "CreateServiceLinkedRole":
        return [_action(call, LINKED_ROLE, {"iam:AWSServiceName": [call.get("AWSServiceName")]})]
    if name is None:
        return [_action(call, str(call.get("PolicyArn", "*")))]
    role = role_named(name)
    arn = role.arn if role else f"arn:aws:iam::{ACCOUNT}:role{call.get('Path', '/')}{name}"
    context = {"iam:PolicyARN": [call.get("PolicyArn")]} if call.get("PolicyArn") else {}
    if role:
        context |= _tags("Resource", {tag["Key"]: tag["Value"] for tag in role.tags})
    found = [_action(call, arn, {**context, **_asked_tags(call)})]
    return [*found, *([Need("iam:TagRole", arn)] if call.operation == "CreateRole" and call.get("Tags") else [])]


def _instance_profile(call: Call) -> list[Need]:
    profile = f"arn:aws:iam::{ACCOUNT}:instance-profile/{call.get('InstanceProfileName')}"
    found = [_action(call, profile, _asked_tags(call))]
    if call.operation == "CreateInstanceProfile" and call.get("Tags"):
        found.append(Need("iam:TagInstanceProfile", profile))
    role = role_named(call.get("RoleName", "")) if call.operation == "AddRoleToInstanceProfile" else None
    return found + _passed([role.arn] if role else [], emr_rights.INSTANCES)


def _secretsmanager(world: World, call: Call) -> list[Need]:
    wanted = call.get("SecretId", call.get("Name"))
    if not wanted:
        return [_action(call)]
    return [_action(call, wanted if wanted.startswith("arn:") else secret_arn(call.region, wanted))]


def _sts(world: World, call: Call) -> list[Need]:
    return [_action(call, call.get("RoleArn", "*"))]


def _s3(world: World, call: Call) -> list[Need]:
    """A list has the prefix that it asks for as a condition key; each key of many that are deleted is a need."""
    bucket, key = call.get("Bucket"), call.get("Key")
    action = f"s3:{S3_ACTIONS.get(call.operation, call.operation)}"
    place = "*" if bucket is None else f"arn:aws:s3:::{bucket}"
    if call.operation == "DeleteObjects":
        given = call.get("Delete")["Objects"]
        return [Need(action + ("Version" if "VersionId" in one else ""), f"{place}/{one['Key']}") for one in given]
    if action == "s3:ListBucket":
        return [Need(action, place, {"s3:prefix": [call.get("Prefix", "")]})]
    found = [Need(action, place if key is None else f"{place}/{key}")]
    if call.operation in ("HeadObject", "GetObject") and not object_exists(bucket, key):
        # Who may not list a bucket is not told what is not in it: https://github.com/ceph/ceph/pull/68577
        found.append(Need("s3:ListBucket", place, {"s3:prefix": [key]}))
    if source := call.get("CopySource"):
        found.append(Need("s3:GetObject", f"arn:aws:s3:::{unquote(source).lstrip('/')}"))
    return found


RESOURCES = {
    "redshift": _redshift,
    "redshift-serverless": _serverless,
    "emr-serverless": emr_serverless_rights.needs,
    "elasticmapreduce": emr_rights.needs,
    "ec2": _ec2,
    "iam": _iam,
    "secretsmanager": _secretsmanager,
    "sts": _sts,
    "s3": _s3,
}
