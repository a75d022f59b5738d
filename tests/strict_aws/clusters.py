"""A provisioned cluster with the states that AWS takes it through; moto's has none."""

from __future__ import annotations

import secrets
import uuid
from typing import TYPE_CHECKING, Any

from moto.redshift.models import Cluster as MotoCluster
from moto.redshift.models import redshift_backends

from strict_aws.states import Life, Phase
from strict_aws.wire import AwsError
from strict_aws.world import ACCOUNT, forget_secret, keep_secret

if TYPE_CHECKING:
    from strict_aws.wire import Call
    from strict_aws.world import World

AVAILABLE = Phase("available", "Available")
SETTLING = Phase("available", "Modifying", 1)
"""The trap: the status says available one describe before the cluster is."""
PAUSED = Phase("paused", "Paused")
GONE = Phase("gone")
BUSY = "There is an operation running on the Cluster. Please try to {} it at a later time."
CONCURRENT = "The Cluster is being modified by a concurrent operation. Please check the Cluster's status and try again."


class Cluster(MotoCluster):
    """Attributes are the members of the API's Cluster; moto's serialiser picks them by name."""

    world: World
    life: Life
    born = False
    default_iam_role_arn: str | None = None
    master_password_secret_arn: str | None = None
    cluster_namespace_arn: str
    adding: frozenset[str] = frozenset()

    @classmethod
    def adopt(cls, made: Any, world: World) -> Cluster:
        """Moto's new cluster, as one that is being created."""
        made.__class__ = cls
        made.world = world
        made.cluster_namespace_arn = f"arn:aws:redshift:{made.region}:{ACCOUNT}:namespace:{uuid.uuid4()}"
        made.adding = frozenset(made.iam_roles_arn)
        made.enter("creating", "Modifying", SETTLING, AVAILABLE)
        return made  # type: ignore[no-any-return]

    def enter(self, status: str, availability: str, *then: Phase) -> None:
        self.life = Life(self.world.clock, Phase(status, availability, self.world.polls[status]), *then)

    def see(self) -> None:
        """One describe looks at it."""
        phase = self.life.see()
        self.born |= phase.status == "available"
        if self.life.settled:
            self.adding = frozenset()
        if phase is GONE:
            self.bury()

    def bury(self) -> None:
        backend = self.redshift_backend
        backend.delete_automated_snapshots(self.cluster_identifier)
        del backend.clusters[self.cluster_identifier]
        self.world.linger(self.vpc_security_group_ids)
        self.forget_password()

    def require(self, *phases: Phase, otherwise: str) -> None:
        """Raises InvalidClusterState unless the last describe could have shown one of the phases."""
        if self.life.phase not in phases:
            raise AwsError("InvalidClusterState", otherwise)

    def manage_password(self) -> None:
        """Redshift makes the secret, and deletes it with the cluster."""
        password = f"{secrets.token_urlsafe(24)}aA1"
        name = f"redshift!{self.cluster_identifier}-{self.master_username}"
        self.master_user_password = password
        self.master_password_secret_arn = keep_secret(self.region, name, self.master_username, password)

    def forget_password(self) -> None:
        if self.master_password_secret_arn:
            forget_secret(self.region, self.master_password_secret_arn)
            self.master_password_secret_arn = None

    @property
    def cluster_status(self) -> str:
        return self.life.phase.status

    @property
    def cluster_availability_status(self) -> str:
        return self.life.phase.availability

    @property
    def cluster_create_time(self) -> Any:
        return self.create_time if self.born else None

    @property
    def endpoint(self) -> dict[str, str | int] | None:  # type: ignore[override]
        if not self.born:
            return None
        address, port = self.world.endpoint or (self.address, self.port)
        return {"Address": address, "Port": port}

    @property
    def iam_roles(self) -> list[dict[str, str]]:
        return [
            {"IamRoleArn": arn, "ApplyStatus": "adding" if arn in self.adding else "in-sync"}
            for arn in self.iam_roles_arn
        ]


def backend(region: str) -> Any:
    """moto's Redshift of a region."""
    return redshift_backends[ACCOUNT][region]


def clusters(world: World, region: str) -> dict[str, Cluster]:
    """By identifier; those that moto restored from a snapshot begin their life here."""
    everyone = backend(region).clusters
    for one in everyone.values():
        if not isinstance(one, Cluster):
            Cluster.adopt(one, world)
    return everyone  # type: ignore[no-any-return]


def cluster(world: World, call: Call) -> Cluster:
    """The one that the call names; raises ClusterNotFound."""
    identifier = call.parameters["ClusterIdentifier"].lower()
    try:
        return clusters(world, call.region)[identifier]
    except KeyError:
        raise AwsError("ClusterNotFound", f"Cluster {identifier} not found.") from None
