"""A stand-in for AWS as strict as AWS: moto's server with a thin layer before it, over plain HTTP.

``StrictAws.start()`` listens on 127.0.0.1; whatever has its ``environment()`` (a script in a process of its own, say)
takes it for AWS. The layer adds what moto is too kind for: states that last, an endpoint only when there is one,
CreateCluster's rules, groups in use, IAM policies with resources and passed roles, Redshift Serverless, EMR on EC2 and
EMR Serverless (whose job runs ../local_spark.py executes), and errors that a test asks for. What neither has answers
NotImplementedByStandIn and names the call.
"""

from __future__ import annotations

from strict_aws.server import REGION, StrictAws
from strict_aws.wire import AwsError, Call
from strict_aws.world import ACCOUNT

__all__ = ["ACCOUNT", "REGION", "AwsError", "Call", "StrictAws"]
