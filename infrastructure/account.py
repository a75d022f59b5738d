"""Which account, in which region, as whom: the boto3 session that dwh.cfg or dl.cfg means, and its clients."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from infrastructure.errors import doing
from warehouse.aws import DEFAULT_REGION

if TYPE_CHECKING:
    import boto3

    from warehouse.aws import Access


class Identity(NamedTuple):
    account: str  # twelve digits
    arn: str  # of the user or the assumed role
    partition: str  # aws, aws-cn, aws-us-gov


class _Settings(Protocol):
    @property
    def access(self) -> Access: ...


class Account:
    """Clients of one session, each made once. Keys that are told go before a profile, that before boto3's own chain."""

    def __init__(self, settings: _Settings) -> None:
        self._access = settings.access
        self._clients: dict[str, Any] = {}

    def client(self, service: str) -> Any:
        """The client of ``service`` (iam, ec2, redshift, ...) in the stack's region. Raises AwsFailed."""
        if service not in self._clients:
            with doing(f"preparing to talk to {service}"):
                self._clients[service] = self._session.client(service, region_name=self.region)
        return self._clients[service]

    @cached_property
    def region(self) -> str:
        region: str = self._access.region or self._session.region_name or DEFAULT_REGION
        return region

    @cached_property
    def identity(self) -> Identity:
        """Who we are: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html"""
        with doing("asking AWS who you are"):
            answer = self.client("sts").get_caller_identity()
        return Identity(answer["Account"], answer["Arn"], answer["Arn"].split(":")[1])

    @cached_property
    def _session(self) -> boto3.Session:
        with doing("reading the AWS credentials"):
            return self._access.session()
