"""What to do about an answer of AWS: what helps here, beside what helps with any call."""

from __future__ import annotations

from warehouse.remedies import AWS, Remedies

# Pattern of the code (after ^) or of the message -> what helps; the first that fits counts.
REMEDIES: Remedies = {
    **AWS,
    r"^InsufficientCapacityException": (
        "AWS has no capacity free just now: try again later, or set a smaller BASE_CAPACITY in [SERVERLESS] of dwh.cfg "
        "or another REGION."
    ),
    r"^InsufficientClusterCapacity": (
        "AWS has no such nodes free just now: try again later, or set another CLUSTER_NODE_TYPE, fewer nodes or "
        "another REGION."
    ),
    r"QuotaExceeded|LimitExceeded": (
        "Your account's quota is reached: delete what you do not need, or ask for more of that service's at "
        "https://console.aws.amazon.com/servicequotas/home."
    ),
    r"^InvalidClusterState|^ConflictException|^InvalidCluster.*State": (
        "It is busy with something else: python infrastructure/status.py shows with what. Try again when that is done."
    ),
    r"^OptInRequired|^SubscriptionRequired|not subscribed": (
        "This account is not ready for that service: open https://console.aws.amazon.com/ once and finish the sign-up."
    ),
    r"^ClusterSubnetGroupNotFound": (
        "Check SUBNET_GROUP in [NETWORK] of dwh.cfg, and REGION in [AWS]: aws redshift describe-cluster-subnet-groups "
        "lists them."
    ),
    r"^InvalidSubnetID|ec2SubnetId": (
        "Check SUBNET_ID in [EMR] of dl.cfg, and REGION in [AWS]: a subnet lies in one region."
    ),
    r"release label": "Check RELEASE in [EMR] of dl.cfg; AWS has the list at https://docs.aws.amazon.com/emr/latest/ReleaseGuide.",
    r"Instance type .* not supported": (
        "Set another INSTANCE_TYPE in [EMR] of dl.cfg: EMR takes most of xlarge and larger, such as m5.xlarge."
    ),
    r"^InvalidVpcID": "Check VPC_ID in [NETWORK] of dwh.cfg, and REGION in [AWS]: a VPC lies in one region.",
    r"^DeleteConflict": (
        "Something of yours uses it, as AWS says: take it away from that, then run the same command again."
    ),
    r"^DependencyViolation": (
        "Something still uses it; after a cluster is gone that takes AWS some minutes. Run the same command again then."
    ),
}
