"""Requests and answers in each service's own protocol, by botocore's models and moto's parsers and serialisers."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from botocore.exceptions import UnknownServiceError
from moto.core.exceptions import ServiceException
from moto.core.model import OperationModel
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import Request
from moto.core.routing import get_service_router
from moto.core.serialize import XFormedAttributePicker, get_serializer_class
from moto.core.utils import get_service_model

from strict_aws.quick_moto import permit_code

if TYPE_CHECKING:
    from collections.abc import Iterable

Answer = tuple[int, dict[str, str], bytes]
"""Status, headers and body."""

UNKNOWN = "NotImplementedByStandIn"
S3_TEXTS = {"AccessDenied": "Access Denied"}
NAMES = {"elasticmapreduce": "emr"}
"""What botocore calls a service whose signing name is another."""
READ_WHOLE = {"ListObjects", "ListObjectsV2", "CopyObject", "DeleteObjects"}
"""Calls of S3's of which more than bucket and key decides; no other body of S3's is read here."""


class AwsError(ServiceException):
    """An error of AWS: its code, its words and, where it is not the one of the model, the HTTP status."""

    def __init__(self, code: str, message: str, status: int | None = None) -> None:
        super().__init__(code, message)
        self.status = status


@dataclass(frozen=True)
class Call:
    """One call as the service understands it; parameters are named and nested as in boto3."""

    service: str
    operation: str
    parameters: dict[str, Any]
    region: str = field(default="", compare=False)
    access_key: str | None = field(default=None, compare=False, repr=False)

    def get(self, name: str, default: Any = None) -> Any:
        return self.parameters.get(name, default)


def read(environ: dict[str, Any]) -> tuple[Call, bytes]:
    """The call and its body; the request can be read again after it."""
    body = _body(environ)
    environ["wsgi.input"] = io.BytesIO(body)
    request = Request(dict(environ))
    access_key, region, service = _credential_scope(request.headers.get("Authorization", ""))
    operation, parameters = _operation(service, request)
    environ["wsgi.input"] = io.BytesIO(body)
    return Call(service, operation, parameters, region, access_key), body


def _body(environ: dict[str, Any]) -> bytes:
    if environ.pop("HTTP_TRANSFER_ENCODING", "").lower() == "chunked":
        body: bytes = environ["wsgi.input"].read()
        environ["CONTENT_LENGTH"] = str(len(body))
        return body
    return environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))  # type: ignore[no-any-return]


def _credential_scope(authorization: str) -> tuple[str | None, str, str]:
    """Access key, region and service; a request without a signature is one for S3."""
    _, found, rest = authorization.partition("Credential=")
    if not found:
        return None, "us-east-1", "s3"
    key, _, region, service, *_ = rest.partition(",")[0].split("/")
    return key, region, service


def _operation(service: str, request: Request) -> tuple[str, dict[str, Any]]:
    try:
        model, places = _model(service, request)
    except Exception:  # botocore has no model of it: the server behind answers, or nobody
        named = _named(request)
        return named or f"{request.method} {request.path}", {}
    if service == "s3" and model.name not in READ_WHOLE:
        return model.name, places
    parsed = PROTOCOL_PARSERS[model.service_model.protocol](model).parse(
        {
            "method": request.method,
            "values": request.values,
            "headers": request.headers,
            "body": request.data,
            "url_path": request.path,
            "url_params": places,
        }
    )
    return model.name, _plain(parsed)


def _model(service: str, request: Request) -> tuple[Any, dict[str, Any]]:
    """The operation, and what the path says (where a protocol tells the operation by method and path)."""
    model = get_service_model(NAMES.get(service, service))
    if not model.protocol.startswith("rest-"):
        return model.operation_model(_named(request)), {}
    found, places = get_service_router(service).match(request)
    return found, dict(places)


def _named(request: Request) -> str:
    return request.headers.get("X-Amz-Target", "").rpartition(".")[2] or request.values.get("Action", "")


def _plain(value: Any) -> Any:
    """Without the members that were not sent."""
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items() if one is not None}
    return [_plain(one) for one in value] if isinstance(value, list) else value


def answer(call: Call, result: object) -> Answer:
    """A result (a dictionary, or objects with the members as attributes) or an AwsError, as the service writes it."""
    if call.service == "s3":
        return _s3_error(result)
    try:
        service = get_service_model(NAMES.get(call.service, call.service))
    except UnknownServiceError:  # a signing name that botocore files under another: its services all speak JSON
        return 400, {"Content-Type": "application/x-amz-json-1.1"}, json.dumps(_json_error(result)).encode()
    try:
        model = service.operation_model(call.operation)
    except Exception:
        model = OperationModel({}, service)
    if isinstance(result, ServiceException):
        permit_code(result)
    serializer = get_serializer_class(call.service, service.protocol)(
        operation_model=model, value_picker=XFormedAttributePicker()
    )
    done = serializer.serialize(result)
    body = done["body"]
    status = getattr(result, "status", None) if isinstance(result, AwsError) else None
    return status or done["status_code"], dict(done["headers"]), body.encode() if isinstance(body, str) else body


def _json_error(error: object) -> dict[str, str]:
    if not isinstance(error, AwsError):
        raise TypeError(f"an unknown service answers errors alone, not {error!r}")
    return {"__type": error.code, "message": error.message}


def _s3_error(error: object) -> Answer:
    if not isinstance(error, AwsError):
        raise TypeError(f"S3 answers errors alone here, not {error!r}")
    message = S3_TEXTS.get(error.code, error.message)
    body = (
        f"<?xml version='1.0'?>\n<Error><Code>{escape(error.code)}</Code><Message>{escape(message)}</Message></Error>"
    )
    return error.status or 400, {"Content-Type": "application/xml"}, body.encode()


def unknown(call: Call) -> AwsError:
    text = f"{call.service}:{call.operation} is built neither in moto nor in the stand-in for AWS"
    return AwsError(UNKNOWN, text, 400)


def reason(status: int) -> str:
    return f"{status} {'OK' if status < 300 else 'Error'}"


def headers(pairs: dict[str, str], body: bytes, *, head: bool) -> Iterable[tuple[str, str]]:
    """With the length of the body; that of a HEAD is the length of what a GET would bring."""
    if head:
        return [(name, str(value)) for name, value in pairs.items()]
    kept = [(name, str(value)) for name, value in pairs.items() if name.lower() not in ("content-length", "status")]
    return [*kept, ("Content-Length", str(len(body))), ("x-amzn-requestid", "00000000-0000-0000-0000-000000000000")]
