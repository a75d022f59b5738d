"""EMR on EC2: clusters that start, run their step and end, the refusals of RunJobFlow, and the logs that stay.

Source: https://docs.aws.amazon.com/emr/latest/APIReference/Welcome.html; the words of errors are AWS's where a public
log has them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from strict_aws import emr_rights
from strict_aws.emr_clusters import ACTIVE, Cluster, invalid
from strict_aws.emr_serverless import RELEASES
from strict_aws.wire import AwsError

if TYPE_CHECKING:
    from strict_aws.wire import Call
    from strict_aws.world import World

PAGE = 50
TYPES = re.compile(r"[mrc][5-7][a-z]*\.\d*xlarge")


def run_job_flow(world: World, call: Call) -> dict[str, Any]:
    """Refused at once for what can be seen at once; what EC2 refuses comes with the first describes."""
    _check_release(call.get("ReleaseLabel", ""))
    _check_instances(call)
    emr_rights.check_roles(world, call)
    subnet = emr_rights.subnet_of(call)
    idle = call.get("AutoTerminationPolicy", {}).get("IdleTimeout", 60)
    if not 60 <= idle <= 604800:
        raise invalid("IdleTimeout must be between 60 and 604800 seconds.")  # the words are ours
    made = Cluster(world, call.region, call.parameters, subnet)
    world.emr_clusters[made.id] = made
    world.linked.add(emr_rights.SERVICE)
    made.start()
    return {"JobFlowId": made.id, "ClusterArn": made.arn}


def _check_release(label: str) -> None:
    if label not in RELEASES:
        raise invalid(f"The supplied release label is invalid: {label}.")


def _check_instances(call: Call) -> None:
    groups = call.get("Instances", {}).get("InstanceGroups", [])
    if [one["InstanceRole"] for one in groups].count("MASTER") != 1:
        raise invalid("Exactly one instance group of the role MASTER is required.")  # the words are ours
    for one in groups:
        if not TYPES.fullmatch(one["InstanceType"]):
            raise invalid(f"Instance type '{one['InstanceType']}' is not supported.")


def describe_cluster(world: World, call: Call) -> dict[str, Any]:
    one = _cluster(world, call)
    one.see()
    return {"Cluster": one.describe()}


def list_clusters(world: World, call: Call) -> dict[str, Any]:
    """Newest first, without tags, in pages; a look at one by this is no step of its life."""
    wanted = call.get("ClusterStates")
    found = [
        one.summary()
        for one in reversed(world.emr_clusters.values())
        if one.region == call.region and (not wanted or one.state in wanted)
    ]
    return _paged("Clusters", found, call)


def list_steps(world: World, call: Call) -> dict[str, Any]:
    return _paged("Steps", [_cluster(world, call).describe_step()], call)


def list_instance_groups(world: World, call: Call) -> dict[str, Any]:
    return _paged("InstanceGroups", _cluster(world, call).instance_groups(), call)


def _paged(name: str, found: list[dict[str, Any]], call: Call) -> dict[str, Any]:
    first = int(call.get("Marker", 0))
    more = {"Marker": str(first + PAGE)} if len(found) > first + PAGE else {}
    return {name: found[first : first + PAGE], **more}


def terminate_job_flows(world: World, call: Call) -> dict[str, Any]:
    found = [_known(world, call.region, one) for one in call.get("JobFlowIds", [])]
    if any(one.protected for one in found):
        raise invalid("Could not shut down one or more job flows since they are termination protected.")
    for one in found:
        if one.state in ACTIVE:
            one.terminate()
    return {}


def _cluster(world: World, call: Call) -> Cluster:
    return _known(world, call.region, call.get("ClusterId"))


def _known(world: World, region: str, identifier: str) -> Cluster:
    one = world.emr_clusters.get(identifier)
    if one is None or one.region != region:
        raise AwsError("InvalidRequestException", f"Cluster id '{identifier}' is not valid.")
    return one


ANSWERS = {
    "RunJobFlow": run_job_flow,
    "DescribeCluster": describe_cluster,
    "ListClusters": list_clusters,
    "ListSteps": list_steps,
    "ListInstanceGroups": list_instance_groups,
    "TerminateJobFlows": terminate_job_flows,
}
