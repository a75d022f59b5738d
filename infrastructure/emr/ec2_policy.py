"""The statements about EMR on EC2 in the least-privilege policy of whoever runs lake.py.

Which resources and conditions each action knows is AWS's table:
https://docs.aws.amazon.com/service-authorization/latest/reference/list_elasticmapreduce.html, list_ec2.html and
list_iam.html beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infrastructure.emr.ec2_roles import EC2, EMR, instance_role_name, managed_policy, service_role_name
from infrastructure.policy import ANYTHING, OF_A_ROLE, OWN_RIGHTS, allow, equals, ours, service_linked, to_be_ours

if TYPE_CHECKING:
    from infrastructure.emr.stack import LakeStack
    from infrastructure.policy import Place, Statement


def statements(stack: LakeStack, place: Place) -> list[Statement]:
    """What the roles, the profile, the clusters and a look at the network need; the bucket is not among it."""
    return [*_roles(stack, place), *_profile(stack, place), *_clusters(stack, place)]


def _roles(stack: LakeStack, place: Place) -> list[Statement]:
    service, instances = place.role(service_role_name(stack)), place.role(instance_role_name(stack))
    v2 = equals("iam:PolicyARN", managed_policy(place.partition))
    return [
        allow("MakeRepairAndRemoveTheRoles", "iam", f"{OF_A_ROLE} {OWN_RIGHTS}", [*service, *instances]),
        allow("GiveEmrItsPolicy", "iam", "AttachRolePolicy", service, v2),
        allow("GiveTheRoleToEmr", "iam", "PassRole", service, equals("iam:PassedToService", EMR)),
        allow("GiveTheRoleToInstances", "iam", "PassRole", instances, equals("iam:PassedToService", EC2)),
        # EMR makes a role that cleans up with the account's first cluster, by the right of whoever orders that.
        service_linked("FirstClusterOfTheAccount", place, EMR, "AWSServiceRoleForEMRCleanup"),
    ]


def _profile(stack: LakeStack, place: Place) -> list[Statement]:
    arn = f"arn:{place.partition}:iam::{place.account}:instance-profile/{instance_role_name(stack)}"
    actions = (
        "GetInstanceProfile CreateInstanceProfile TagInstanceProfile AddRoleToInstanceProfile "
        "RemoveRoleFromInstanceProfile DeleteInstanceProfile"
    )
    return [allow("MakeRepairAndRemoveTheProfile", "iam", actions, [arn])]


def _clusters(stack: LakeStack, place: Place) -> list[Statement]:
    """Ids are AWS's choice, so that the tag tells which are ours; it is seen by a look at each of the lake's name."""
    service, clusters = "elasticmapreduce", place.arn("elasticmapreduce", "cluster/*")
    return [
        allow("SeeTheNetwork", "ec2", "DescribeVpcs DescribeSubnets DescribeSecurityGroups", ANYTHING),
        allow("ListClusters", service, "ListClusters", ANYTHING),
        allow("OrderACluster", service, "RunJobFlow", ANYTHING, to_be_ours(stack)),
        allow("TagItAndLetItEnd", service, "AddTags PutAutoTerminationPolicy", clusters, to_be_ours(stack)),
        allow("SeeClusters", service, "DescribeCluster", clusters),
        allow("SeeAndEndOurs", service, "ListSteps ListInstanceGroups TerminateJobFlows", clusters, ours(stack)),
    ]
