"""The stand-in's server and what a test says to it."""

from __future__ import annotations

import json
import os
import threading
import uuid
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import make_server

from strict_aws import quick_moto
from strict_aws.account import snapshot
from strict_aws.application import Application
from strict_aws.faults import Fault
from strict_aws.identity import OBSERVER, OPERATOR, Keys
from strict_aws.world import World, roles

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

REGION = "us-west-2"


class Handler(MotoRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, *_: object) -> None:
        """Nothing: the calls are recorded."""


class StrictAws(World):
    """AWS on 127.0.0.1, over plain HTTP, for this process and for those that have its ``environment``."""

    def __init__(self) -> None:
        super().__init__()
        quick_moto.install()
        moto = DomainDispatcherApplication(create_backend_app)
        self._application = Application(self, moto)
        self._server = make_server("127.0.0.1", 0, self._application, threaded=True, request_handler=Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    @classmethod
    def start(cls) -> StrictAws:
        made = cls()
        made._thread.start()
        return made

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def reset(self) -> None:
        """An empty account, and the settings as they are at the start."""
        with self._application.lock:
            self.clear()
            quick_moto.reset()

    def environment(self, keys: Keys = OPERATOR) -> dict[str, str]:
        """Variables for a process that shall see this AWS, and no other."""
        return {
            "AWS_ENDPOINT_URL": self.url,
            **keys.environment(),
            "AWS_DEFAULT_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_MAX_ATTEMPTS": "2",
            "AWS_RETRY_MODE": "standard",
        }

    def client(self, service: str, region: str = REGION) -> Any:
        """A client of the test's own: its calls meet no fault and are not recorded."""
        return _client(self.url, service, region, OBSERVER.key, OBSERVER.secret, None, 1)

    def client_as(self, environment: Mapping[str, str], service: str, region: str = REGION) -> Any:
        """A client with the keys of an ``environment``, as a script has it."""
        key, secret = environment["AWS_ACCESS_KEY_ID"], environment["AWS_SECRET_ACCESS_KEY"]
        return _client(self.url, service, region, key, secret, environment.get("AWS_SESSION_TOKEN"), 2)

    def fault(
        self,
        service: str,
        operation: str,
        code: str,
        message: str,
        status: int = 400,
        *,
        times: int | None = 1,
        after: int = 0,
    ) -> None:
        """The next calls of an operation end in this error; see Fault."""
        self.faults.append(Fault(service, operation, code, message, status, times, after))

    def hold(self, state: str) -> None:
        """The state lasts until it is released, for clusters and serverless alike (``creating``, ``deleting``...)."""
        self.clock.held.add(state.lower())

    def release(self, state: str) -> None:
        self.clock.held.discard(state.lower())

    @contextmanager
    def enforce(self, policy: Mapping[str, Any] | str) -> Iterator[dict[str, str]]:
        """The environment of an IAM user who may do what ``policy`` allows, and nothing else."""
        name = f"user-{uuid.uuid4().hex[:8]}"
        document = policy if isinstance(policy, str) else json.dumps(policy)
        iam = roles()
        iam.create_user("us-east-1", name)
        iam.put_user_policy(name, "policy", document)
        key = iam.create_access_key(name)
        try:
            yield self.environment(Keys(key.access_key_id, key.secret_access_key))
        finally:
            if name in iam.users:
                iam.delete_access_key_by_name(key.access_key_id)
                iam.delete_user_policy(name, "policy")
                iam.delete_user(name)

    def assume(self, role_arn: str) -> dict[str, str]:
        """The environment of temporary credentials that may do what the role may."""
        made = self.client("sts").assume_role(RoleArn=role_arn, RoleSessionName="stand-in")["Credentials"]
        keys = Keys(made["AccessKeyId"], made["SecretAccessKey"])
        return {**self.environment(keys), "AWS_SESSION_TOKEN": made["SessionToken"]}

    def snapshot(self, region: str = REGION) -> dict[str, Any]:
        """The account; see account.snapshot."""
        return snapshot(self, self.client, region)


@cache
def _session() -> Any:
    return boto3.Session()


@cache
def _client(url: str, service: str, region: str, key: str, secret: str, token: str | None, attempts: int) -> Any:
    """Kept, since a client takes longer to make than a test does."""
    config = Config(retries={"total_max_attempts": attempts, "mode": "standard"}, s3={"addressing_style": "path"})
    return _session().client(
        service,
        region,
        endpoint_url=url,
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        aws_session_token=token,
        config=config,
    )
