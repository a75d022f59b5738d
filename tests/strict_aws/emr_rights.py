"""The two roles of a cluster of EMR on EC2: what RunJobFlow asks of them, what EC2 lets the one do, what the other may.

https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-iam-service-roles.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto.ec2.models import ec2_backends
from moto.s3.models import s3_backends

from strict_aws.emr_step import Ended
from strict_aws.policies import Need, allowed, of_role
from strict_aws.wire import AwsError
from strict_aws.world import ACCOUNT, default_vpc, role_named, roles, trusted_services

if TYPE_CHECKING:
    from collections.abc import Iterator

    from strict_aws.emr_clusters import Cluster
    from strict_aws.wire import Call
    from strict_aws.world import World

GROUPS = ("ElasticMapReduce-master", "ElasticMapReduce-slave")
FOR_USE = "for-use-with-amazon-emr-managed-policies"
SERVICE, INSTANCES = "elasticmapreduce.amazonaws.com", "ec2.amazonaws.com"
CALLS = ("DescribeSubnets", "DescribeSecurityGroups", "DescribeVpcs", "DescribeImages")
"""Some of those by which EMR looks round."""


def _refusal(text: str, code: str = "ValidationException") -> AwsError:
    return AwsError(code, text)


def check_roles(world: World, call: Call) -> None:
    """The words about the profile: https://github.com/hashicorp/terraform-provider-aws/pull/3027 and its successors."""
    if not call.get("ServiceRole"):
        raise _refusal("ServiceRole is required for creating cluster")
    if not call.get("JobFlowRole"):
        raise _refusal("InstanceProfile is required for creating cluster")
    service = role_named(call.parameters["ServiceRole"])
    if service is None or SERVICE not in trusted_services(service):
        raise _refusal(f"Invalid ServiceRole: {call.get('ServiceRole')}.")  # the words are ours
    name = call.parameters["JobFlowRole"].rpartition("/")[2]
    profile = roles().instance_profiles.get(name)
    unseen = profile is not None and world.refused_roles[name] < world.propagation
    if unseen:
        world.refused_roles[name] += 1
    # EMR takes only a profile that is named as its role is.
    if profile is None or unseen or [one.name for one in profile.roles] not in ([], [name]):
        raise _refusal(f"Invalid InstanceProfile: {call.get('JobFlowRole')}.")
    if not profile.roles or INSTANCES not in trusted_services(profile.roles[0]):
        raise _refusal(f"Failed to authorize instance profile {call.get('JobFlowRole')}", "AccessDeniedException")


def subnet_of(call: Call) -> Any:
    """The subnet that is asked for, else one of the default VPC's; the words of the second are AWS's."""
    subnets = {one.id: one for one in ec2_backends[ACCOUNT][call.region].describe_subnets()}
    wanted = call.get("Instances", {}).get("Ec2SubnetId")
    if wanted:
        if wanted not in subnets:
            raise _refusal("The supplied ec2SubnetId is not valid.")
        return subnets[wanted]
    here = [one for one in subnets.values() if one.vpc_id == default_vpc(call.region)]
    if not here:
        type_ = call.parameters["Instances"]["InstanceGroups"][0]["InstanceType"]
        raise _refusal(f"Subnet is required : The specified instance type {type_} can only be used in a VPC.")
    return here[0]


def needs(world: World, call: Call) -> list[Need]:
    """Of who calls: https://docs.aws.amazon.com/service-authorization/latest/reference/list_elasticmapreduce.html.

    The account's first cluster makes a role that cleans up; tags and a time limit are actions of their own.
    """
    action, start = f"elasticmapreduce:{call.operation}", f"arn:aws:elasticmapreduce:{call.region}:{ACCOUNT}:cluster/"
    if call.operation == "ListClusters":
        return [Need(action)]
    if call.operation == "RunJobFlow":  # of which AWS knows no resource
        return _to_start(world, call, action, f"{start}new")
    ids = call.get("JobFlowIds") or [call.get("ClusterId")]
    known = {one: world.emr_clusters[one].tags for one in ids if one in world.emr_clusters}
    return [Need(action, f"{start}{one}", _tags("Resource", known.get(one, {}))) for one in ids]


def _to_start(world: World, call: Call, action: str, new: str) -> list[Need]:
    asked = _tags("Request", {tag["Key"]: tag.get("Value", "") for tag in call.get("Tags", [])})
    found = [Need(action, "*", asked)]
    if call.get("Tags"):
        found.append(Need("elasticmapreduce:AddTags", new, asked))
    if call.get("AutoTerminationPolicy"):
        found.append(Need("elasticmapreduce:PutAutoTerminationPolicy", new, asked))
    for name, service in (("ServiceRole", SERVICE), ("JobFlowRole", INSTANCES)):
        role = role_named(call.get(name, "").rpartition("/")[2])
        found += [Need("iam:PassRole", role.arn, {"iam:PassedToService": [service]})] if role else []
    if SERVICE not in world.linked:
        arn = f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/{SERVICE}/AWSServiceRoleForEMRCleanup"
        found.append(Need("iam:CreateServiceLinkedRole", arn, {"iam:AWSServiceName": [SERVICE]}))
    return found


def make_groups(cluster: Cluster) -> None:
    """EMR's own security groups, once a VPC; they stay when their cluster goes."""
    ec2 = ec2_backends[ACCOUNT][cluster.region]
    for name in GROUPS:
        if _group(cluster, name) is None:
            tags = {key: value for key, value in cluster.tags.items() if key == FOR_USE}
            ec2.create_security_group(name, f"EMR's {name}", vpc_id=cluster.subnet.vpc_id, tags=tags)


def refused_by_ec2(cluster: Cluster) -> str:
    """What EMR says when the service role may not do something that it needs; empty where it may do all.

    The words begin as in https://github.com/terraform-aws-modules/terraform-aws-emr/issues/3
    """
    role = role_named(cluster.asked["ServiceRole"])
    for need in _service_needs(cluster):
        if not allowed(need, of_role(role)):
            return (
                f"Service role {role.arn} has insufficient EC2 permissions. EC2 Message: You are not authorized to "
                f"perform this operation. User: {role.arn} is not authorized to perform: {need.action} on resource: "
                f"{need.resource}"
            )
    return ""


def _service_needs(cluster: Cluster) -> Iterator[Need]:
    start = f"arn:aws:ec2:{cluster.region}:{ACCOUNT}:"
    vpc = f"{start}vpc/{cluster.subnet.vpc_id}"
    inside = {"ec2:Vpc": [vpc]}
    given = _tags("Request", cluster.tags)
    yield from (Need(f"ec2:{name}") for name in CALLS)
    for name in GROUPS:
        group = _group(cluster, name)
        if group is None:
            yield Need("ec2:CreateSecurityGroup", vpc, _tags("Resource", _tags_of(cluster, cluster.subnet.vpc_id)))
            yield Need("ec2:CreateSecurityGroup", f"{start}security-group/new", given)
            made = {**given, "ec2:CreateAction": ["CreateSecurityGroup"]}
            yield Need("ec2:CreateTags", f"{start}security-group/new", made)
        has = _tags("Resource", cluster.tags if group is None else _tags_of(cluster, group.id))
        arn = f"{start}security-group/{group.id if group else 'new'}"
        yield Need("ec2:AuthorizeSecurityGroupIngress", arn, {**has, **inside})
        yield Need("ec2:RunInstances", arn, {**has, **inside})
    subnet = _tags("Resource", _tags_of(cluster, cluster.subnet.id))
    yield Need("ec2:RunInstances", f"{start}subnet/{cluster.subnet.id}", {**subnet, **inside})
    for kind in ("instance", "volume"):
        yield Need("ec2:RunInstances", f"{start}{kind}/new", given)
        yield Need("ec2:CreateTags", f"{start}{kind}/new", {**given, "ec2:CreateAction": ["RunInstances"]})
    yield Need("iam:PassRole", _instance_role(cluster).arn, {"iam:PassedToService": [INSTANCES]})
    yield Need("ec2:TerminateInstances", f"{start}instance/new", _tags("Resource", cluster.tags))


def run(cluster: Cluster) -> Ended:
    """What the step's command does, with the rights of the EC2 role to fetch it."""
    arguments = cluster.asked["Steps"][0]["HadoopJarStep"]["Args"]
    if "Spark" not in [one["Name"] for one in cluster.asked.get("Applications", [])]:
        return Ended(1, stderr='Cannot run program "spark-submit": error=2, No such file or directory\n')
    for url in (one for one in arguments if one.startswith("s3://") and one.endswith((".py", ".zip"))):
        bucket, _, key = url.removeprefix("s3://").partition("/")
        if not instances_may(cluster, "s3:GetObject", f"arn:aws:s3:::{bucket}/{key}"):
            return Ended(1, stderr=f"AccessDenied: {url}\n")
        if s3_backends[ACCOUNT]["aws"].get_object(bucket, key) is None:
            return Ended(1, stderr=f"java.io.FileNotFoundException: No such file or directory: {url}\n")
    return cluster.world.emr_step(arguments)


def instances_may(cluster: Cluster, action: str, resource: str) -> bool:
    return allowed(Need(action, resource), of_role(_instance_role(cluster)))


def _instance_role(cluster: Cluster) -> Any:
    return role_named(cluster.asked["JobFlowRole"].rpartition("/")[2])


def _group(cluster: Cluster, name: str) -> Any:
    groups = ec2_backends[ACCOUNT][cluster.region].describe_security_groups()
    return next((one for one in groups if (one.name, one.vpc_id) == (name, cluster.subnet.vpc_id)), None)


def _tags_of(cluster: Cluster, resource: str) -> dict[str, str]:
    found = ec2_backends[ACCOUNT][cluster.region].describe_tags(filters={"resource-id": [resource]})
    return {tag["key"]: tag["value"] for tag in found}


def _tags(kind: str, tags: dict[str, str]) -> dict[str, list[str]]:
    """As condition keys; the one that ends in the slash says that there are no others."""
    return {f"aws:{kind}Tag/": [], **{f"aws:{kind}Tag/{key}": [value] for key, value in tags.items()}}
