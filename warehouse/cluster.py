"""Which cluster or workgroup, in which region: as the name of its endpoint tells."""

from __future__ import annotations

import re
from typing import NamedTuple

_CLUSTER = r"(?P<cluster>[a-z][a-z0-9-]*)\.[a-z0-9]+\.(?P<region>[a-z0-9-]+)\.redshift\.amazonaws\.com(\.cn)?"
_WORKGROUP = (
    r"(?P<workgroup>[a-z0-9-]+)\.(?P<account>\d{12})\.(?P<region>[a-z0-9-]+)"
    r"\.redshift-serverless\.amazonaws\.com(\.cn)?"
)


class Cluster(NamedTuple):
    """``name`` is the cluster's identifier, or the workgroup's where ``serverless``; an empty region is not known."""

    name: str
    region: str
    serverless: bool = False


def named_by(host: str) -> Cluster | None:
    """The one that ``host`` names; None where it is none of Redshift's names (a tunnel, a DNS alias).

    https://docs.aws.amazon.com/redshift/latest/mgmt/connecting-from-psql.html and
    https://docs.aws.amazon.com/redshift/latest/mgmt/serverless-connecting.html

    >>> named_by("sparkify.abc123.us-west-2.redshift.amazonaws.com")
    Cluster(name='sparkify', region='us-west-2', serverless=False)
    >>> named_by("wg.123456789012.cn-north-1.redshift-serverless.amazonaws.com.cn")
    Cluster(name='wg', region='cn-north-1', serverless=True)
    >>> named_by("127.0.0.1")
    """
    host = host.lower().rstrip(".")
    if match := re.fullmatch(_CLUSTER, host):
        return Cluster(match["cluster"], match["region"])
    if match := re.fullmatch(_WORKGROUP, host):
        return Cluster(match["workgroup"], match["region"], serverless=True)
    return None
