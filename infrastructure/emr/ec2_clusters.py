"""Clusters of EMR on EC2, one for each run of the job: ordered, looked for and ended.

https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-overview.html#emr-overview-cluster-lifecycle
"""

from __future__ import annotations

import uuid
from functools import partial
from typing import TYPE_CHECKING, Any

from infrastructure.emr.ec2_network import FOR_USE
from infrastructure.emr.ec2_roles import instance_role_name, service_role_name
from infrastructure.errors import AwsFailed, doing
from infrastructure.stack import aws_tags, read_tags
from infrastructure.waiting import UNANSWERED, Passing, Seen, insist, until

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from infrastructure.emr.stack import LakeStack
    from infrastructure.emr.upload import Job

Cluster = dict[str, Any]  # as DescribeCluster has it

ACTIVE = ("STARTING", "BOOTSTRAPPING", "RUNNING", "WAITING", "TERMINATING")
ENDED = ("TERMINATED", "TERMINATED_WITH_ERRORS")
LATEST = 5  # how many are told of
RUN_TAG = "dwh:run"  # of a cluster: which order made it
LEAST_IDLE = 60  # seconds
# https://github.com/hashicorp/terraform-provider-aws/pull/3027: what IAM has just made, EMR sees some seconds later.
SPREADING = Passing(
    r"Invalid InstanceProfile|Failed to authorize instance profile|Invalid ServiceRole",
    "its roles are not known to EMR yet",
    tries=12,
)


def title(cluster: Mapping[str, Any]) -> str:
    return f"EMR cluster {cluster['Id']}"


def request(stack: LakeStack, job: Job, run: str) -> dict[str, Any]:
    """The parameters of RunJobFlow: a cluster that runs the job and ends, however the job ends.

    https://docs.aws.amazon.com/emr/latest/APIReference/API_RunJobFlow.html
    """
    settings = stack.settings
    instances: dict[str, Any] = {
        "InstanceGroups": [
            _group("MASTER", settings.instance_type, 1),
            _group("CORE", settings.instance_type, settings.instances - 1),
        ],
        "KeepJobFlowAliveWhenNoSteps": False,
        "TerminationProtected": False,
    }
    if settings.subnet:
        instances["Ec2SubnetId"] = settings.subnet
    return {
        "Name": stack.name,
        "ReleaseLabel": settings.release,
        "LogUri": stack.logs_url,
        "Applications": [{"Name": "Spark"}],
        # One executor fills each core instance: nobody else is on the cluster.
        "Configurations": [{"Classification": "spark", "Properties": {"maximizeResourceAllocation": "true"}}],
        "Instances": instances,
        "Steps": [_step(stack, job)],
        "ServiceRole": service_role_name(stack),
        "JobFlowRole": instance_role_name(stack),
        # A second net, for an idle cluster whose step was lost: https://github.com/aws/aws-sdk/issues/605 has both.
        "AutoTerminationPolicy": {"IdleTimeout": max(settings.idle_minutes * 60, LEAST_IDLE)},
        "Tags": aws_tags({**stack.tags(), **FOR_USE, RUN_TAG: run}),
    }


def _group(role: str, instance_type: str, count: int) -> dict[str, Any]:
    return {"InstanceRole": role, "InstanceType": instance_type, "InstanceCount": count, "Market": "ON_DEMAND"}


def _step(stack: LakeStack, job: Job) -> dict[str, Any]:
    """The driver runs on the primary instance, so that the step's log is its own; EMR knows no time limit for a step.

    https://docs.aws.amazon.com/emr/latest/ReleaseGuide/emr-commandrunner.html
    """
    limit = ["timeout", "--kill-after=60", f"{stack.settings.job_minutes}m"]
    spark = ["spark-submit", "--deploy-mode", "client", "--py-files", job.package, job.entry_point]
    arguments = ["--input", stack.input, "--output", stack.output]
    return {
        "Name": stack.name,
        "ActionOnFailure": "TERMINATE_CLUSTER",
        "HadoopJarStep": {"Jar": "command-runner.jar", "Args": [*limit, *spark, *arguments]},
    }


def start(stack: LakeStack, job: Job) -> Cluster:
    """Order a cluster. Raises AwsFailed, StillWaiting.

    RunJobFlow knows no token by which an order given twice counts once: after a lost answer, and after botocore's own
    second attempt, the tag tells what was made.
    """
    run, answers = uuid.uuid4().hex, list[str]()
    parameters = request(stack, job, run)
    ordered = "an EMR cluster"
    stack.stands(ordered, f"perhaps: it was being ordered; {stack.words.status} tells")

    def order() -> None:
        with doing("ordering the EMR cluster"):
            answers.append(stack.account.client("emr").run_job_flow(**parameters)["JobFlowId"])

    try:
        insist(stack, ordered, order, (SPREADING,), f"{stack.words.status} tells whether AWS has begun to make it.")
    except AwsFailed as error:
        if not UNANSWERED.search(error.code):
            stack.gone(ordered)
            raise
        answers += [cluster["Id"] for cluster in _of_run(stack, run)]
        if not answers:
            raise
    stack.gone(ordered)
    stack.stands(title({"Id": answers[0]}), "it costs money until it ends by itself")
    terminate(stack, [twin for twin in _of_run(stack, run) if twin["Id"] != answers[0]])
    return describe(stack, answers[0])


def _of_run(stack: LakeStack, run: str) -> list[Cluster]:
    return [cluster for cluster in active(stack) if read_tags(cluster.get("Tags")).get(RUN_TAG) == run]


def describe(stack: LakeStack, identifier: str) -> Cluster:
    """https://docs.aws.amazon.com/emr/latest/APIReference/API_DescribeCluster.html; raises AwsFailed."""
    with doing(f"looking at the EMR cluster {identifier}"):
        found: Cluster = stack.account.client("emr").describe_cluster(ClusterId=identifier)["Cluster"]
    return found


def active(stack: LakeStack) -> list[Cluster]:
    """Ours that have not ended, the newest first. Raises AwsFailed."""
    return list(_ours(stack, ACTIVE))


def latest(stack: LakeStack) -> list[Cluster]:
    """Ours, the last few, the newest first; AWS forgets them after two months. Raises AwsFailed."""
    return [cluster for cluster, _ in zip(_ours(stack, (*ACTIVE, *ENDED)), range(LATEST), strict=False)]


def _ours(stack: LakeStack, states: Sequence[str]) -> Iterator[Cluster]:
    """Names are not unique, and the list has no tags.

    https://docs.aws.amazon.com/emr/latest/APIReference/API_ListClusters.html
    """
    pages = stack.account.client("emr").get_paginator("list_clusters").paginate(ClusterStates=list(states))
    with doing("looking for EMR clusters"):
        for page in pages:
            for one in page["Clusters"]:
                cluster = describe(stack, one["Id"]) if one["Name"] == stack.name else {}
                if cluster and stack.owns(read_tags(cluster.get("Tags"))):
                    yield cluster


def step(stack: LakeStack, cluster: Mapping[str, Any]) -> dict[str, Any]:
    """Its one step. Raises AwsFailed.

    https://docs.aws.amazon.com/emr/latest/APIReference/API_ListSteps.html
    """
    with doing(f"looking at the step of the {title(cluster)}"):
        steps = stack.account.client("emr").list_steps(ClusterId=cluster["Id"])["Steps"]
    return dict(steps[0]) if steps else {}


def groups(stack: LakeStack, cluster: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Its instance groups. Raises AwsFailed.

    https://docs.aws.amazon.com/emr/latest/APIReference/API_ListInstanceGroups.html
    """
    with doing(f"looking at the instances of the {title(cluster)}"):
        found = stack.account.client("emr").list_instance_groups(ClusterId=cluster["Id"])
    return list(found["InstanceGroups"])


def terminate(stack: LakeStack, clusters: Sequence[Mapping[str, Any]]) -> None:
    """Order their end, and wait for it. Raises AwsFailed, StillWaiting.

    https://docs.aws.amazon.com/emr/latest/APIReference/API_TerminateJobFlows.html
    """
    for cluster in clusters:
        with doing(f"ending the {title(cluster)}"):
            stack.account.client("emr").terminate_job_flows(JobFlowIds=[cluster["Id"]])
    goes_on = "AWS goes on ending it; its instances cost money until then."
    for cluster in clusters:
        until(stack, title(cluster), partial(_ending, stack, cluster["Id"]), goes_on)
        stack.gone(title(cluster))


def _ending(stack: LakeStack, identifier: str) -> Seen:
    state = describe(stack, identifier)["Status"]["State"]
    return Seen(state in ENDED, str(state).lower())
