"""The stand-in for AWS is itself held to what AWS does: errors on the wire, and what a test can ask and see."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from strict_aws import Call
from strict_aws.asking import client, create, group, policy, refusal, role

if TYPE_CHECKING:
    from strict_aws import StrictAws


@pytest.mark.parametrize(
    ("service", "operation", "call"),
    [
        ("redshift", "DescribeClusters", "describe_clusters"),
        ("ec2", "DescribeVpcs", "describe_vpcs"),
        ("iam", "ListRoles", "list_roles"),
        ("sts", "GetCallerIdentity", "get_caller_identity"),
        ("secretsmanager", "ListSecrets", "list_secrets"),
        ("redshift-serverless", "ListWorkgroups", "list_workgroups"),
        ("s3", "ListBuckets", "list_buckets"),
    ],
)
def test_faults_speak_each_services_protocol(aws: StrictAws, service: str, operation: str, call: str) -> None:
    aws.fault(service, operation, "ExpiredToken", "The security token <has> expired", 403, times=2, after=1)
    asked = getattr(client(aws, service), call)
    asked()
    getattr(aws.client(service), call)()  # the test's own calls are spared
    for _ in range(2):
        assert refusal(asked) == "ExpiredToken: The security token <has> expired"
    asked()
    assert [one.operation for one in aws.calls] == [operation] * 4


def test_throttling_is_retried_by_botocore(aws: StrictAws) -> None:
    aws.fault("redshift", "DescribeClusters", "Throttling", "Rate exceeded")
    assert client(aws, "redshift").describe_clusters()["Clusters"] == []
    assert len(aws.calls) == 2


def test_calls_are_recorded_with_their_parameters(aws: StrictAws) -> None:
    client(aws, "redshift-serverless").create_namespace(namespaceName="dwh", tags=[{"key": "a", "value": "b"}])
    client(aws, "ec2").describe_security_groups(Filters=[{"Name": "tag:a", "Values": ["b"]}])
    client(aws, "s3").create_bucket(Bucket="lake", CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
    assert aws.calls == [
        Call("redshift-serverless", "CreateNamespace", {"namespaceName": "dwh", "tags": [{"key": "a", "value": "b"}]}),
        Call("ec2", "DescribeSecurityGroups", {"Filters": [{"Name": "tag:a", "Values": ["b"]}]}),
        Call("s3", "CreateBucket", {"Bucket": "lake"}),
    ]


@pytest.mark.parametrize(
    ("service", "call"),
    [
        ("redshift", "describe_events"),
        ("redshift-serverless", "list_recovery_points"),
        ("service-quotas", "list_services"),
    ],
)
def test_what_nobody_built_says_so(aws: StrictAws, service: str, call: str) -> None:
    operation = call.title().replace("_", "")
    refused = refusal(getattr(client(aws, service), call))
    assert refused.startswith("NotImplementedByStandIn: ")
    assert operation in refused


def test_snapshots_compare_accounts(aws: StrictAws) -> None:
    before = aws.snapshot()
    assert before == aws.snapshot()
    iam, sg, arn = aws.client("iam"), group(aws), role(aws)
    seen = [before, aws.snapshot()]
    iam.put_role_policy(RoleName="dwh", PolicyName="p", PolicyDocument=json.dumps(policy("s3:GetObject")))
    seen.append(aws.snapshot())
    rule = {"IpProtocol": "tcp", "FromPort": 5439, "ToPort": 5439, "IpRanges": [{"CidrIp": "52.95.4.1/32"}]}
    aws.client("ec2").authorize_security_group_ingress(GroupId=sg, IpPermissions=[rule])
    seen.append(aws.snapshot())
    create(aws, IamRoles=[arn])
    seen.append(aws.snapshot())
    assert all(one != two for one, two in pairwise(seen))
    aws.reset()
    assert aws.snapshot()["roles"] == before["roles"] == {}


def test_a_process_of_its_own_sees_it(aws: StrictAws) -> None:
    create(aws)
    script = "import boto3; print(boto3.client('redshift').describe_clusters()['Clusters'][0]['ClusterIdentifier'])"
    environment = {"PATH": os.environ["PATH"], **aws.environment()}
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.stdout, done.stderr) == ("dwh\n", "")
