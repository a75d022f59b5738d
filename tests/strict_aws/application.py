"""The WSGI layer: recorded, refused, answered here, or passed on to moto."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Any

from moto.backends import list_of_moto_modules
from moto.core.exceptions import ServiceException

from strict_aws import emr, emr_serverless_calls, identity, network, permissions, redshift, serverless_calls, wire
from strict_aws.wire import AwsError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from strict_aws.wire import Answer, Call
    from strict_aws.world import World

ANSWERS = {
    **{("redshift", name): answer for name, answer in redshift.ANSWERS.items()},
    **{("redshift-serverless", name): answer for name, answer in serverless_calls.ANSWERS.items()},
    **{("emr-serverless", name): answer for name, answer in emr_serverless_calls.ANSWERS.items()},
    **{("elasticmapreduce", name): answer for name, answer in emr.ANSWERS.items()},
}
"""Calls that are not moto's."""
MODULES = frozenset(list_of_moto_modules())
CHECKS = {**network.CHECKS, **redshift.CHECKS}


class Application:
    """AWS over plain HTTP."""

    def __init__(self, world: World, moto: Any) -> None:
        self.world = world
        self.moto = moto
        self.lock = threading.RLock()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        call, body = wire.read(environ)
        with self.lock:
            status, headers, answer = self.answer(call, environ, body)
        head = environ["REQUEST_METHOD"] == "HEAD"
        start_response(wire.reason(status), list(wire.headers(headers, answer, head=head)))
        return [b""] if head else [answer]

    def answer(self, call: Call, environ: dict[str, Any], body: bytes) -> Answer:
        try:
            principal = identity.authenticate(call, environ, body)
            if call.access_key != identity.OBSERVER.key:
                self.world.calls.append(call)
                for fault in list(self.world.faults):
                    fault.strike(call)
            permissions.check(self.world, principal, call)
            if (call.service, call.operation) in ANSWERS:
                return wire.answer(call, ANSWERS[call.service, call.operation](self.world, call))
            if check := CHECKS.get((call.service, call.operation)):
                check(self.world, call)
            return self.relay(call, environ)
        except ServiceException as error:
            return wire.answer(call, error)
        except Exception as error:
            logging.getLogger(__name__).exception("the stand-in for AWS failed at %s:%s", call.service, call.operation)
            return wire.answer(call, AwsError("StandInFailed", f"{type(error).__name__}: {error}", 400))

    def relay(self, call: Call, environ: dict[str, Any]) -> Answer:
        """What moto answers; where it has no answer, an error that names the call."""
        if call.service.replace("-", "") not in MODULES:
            return wire.answer(call, wire.unknown(call))
        started: list[Any] = []

        def start(status: str, headers: list[tuple[str, str]], _: object = None) -> None:
            started[:] = [int(status.split()[0]), dict(headers)]

        try:
            body = b"".join(self.moto(environ, start))
        except NotImplementedError:
            return wire.answer(call, wire.unknown(call))
        status, headers = started
        if status in (404, 500) and headers.get("Content-Type", "").startswith("text/html") and call.service != "s3":
            return wire.answer(call, wire.unknown(call))
        return status, headers, body
