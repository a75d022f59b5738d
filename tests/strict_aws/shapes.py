"""What a request must look like by the service's own model, in the words that AWS has for it.

Source: the patterns, lengths and ranges of botocore's models, of which botocore itself checks few.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from moto.core.utils import get_service_model

from strict_aws.wire import AwsError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from strict_aws.wire import Call


def check(call: Call) -> None:
    """Raises AwsError (ValidationException) that lists everything that does not fit."""
    shape = get_service_model(call.service).operation_model(call.operation).input_shape
    found = list(_errors(shape, call.parameters, ""))
    if found:
        count = f"{len(found)} validation error{'s' if len(found) > 1 else ''} detected: "
        raise AwsError("ValidationException", count + "; ".join(found))


def _errors(shape: Any, value: Any, place: str) -> Iterator[str]:
    if shape.type_name == "structure":
        for name in shape.required_members:
            if name not in value:
                yield _constraint(None, _join(place, name), "Member must not be null")
        for name, one in value.items():
            yield from _errors(shape.members[name], one, _join(place, name))
    elif shape.type_name == "list":
        for number, one in enumerate(value, 1):
            yield from _errors(shape.member, one, f"{place}.{number}.member")
    elif shape.type_name == "map":
        for key, one in value.items():
            yield from _errors(shape.key, key, place)
            yield from _errors(shape.value, one, f"{place}.{key}.member")
    else:
        yield from (_constraint(value, place, words) for words in _scalar(shape, value))


def _scalar(shape: Any, value: Any) -> Iterator[str]:
    known = shape.metadata
    text = shape.type_name == "string"
    size = len(value) if text else value
    if "enum" in known and value not in known["enum"]:
        yield f"Member must satisfy enum value set: [{', '.join(known['enum'])}]"
    if "pattern" in known and not re.fullmatch(known["pattern"], value):
        yield f"Member must satisfy regular expression pattern: {known['pattern']}"
    if "min" in known and size < known["min"]:
        yield f"Member must have {'length' if text else 'value'} greater than or equal to {known['min']}"
    if "max" in known and size > known["max"]:
        yield f"Member must have {'length' if text else 'value'} less than or equal to {known['max']}"


def _constraint(value: Any, place: str, words: str) -> str:
    shown = "null" if value is None else f"'{value}'"
    return f"Value {shown} at '{place}' failed to satisfy constraint: {words}"


def _join(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name
