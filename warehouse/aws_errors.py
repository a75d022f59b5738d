"""What goes wrong with a call to AWS, as a sentence with AWS's words."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from warehouse.errors import WarehouseError
from warehouse.remedies import AWS, remedy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from warehouse.remedies import Remedies


class AwsFailed(WarehouseError):
    """A call that AWS refused or did not answer; ``code`` is AWS's (``AccessDenied``), or the exception's name."""

    def __init__(self, message: str, code: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.code = code


@contextmanager
def doing(what: str, remedies: Remedies = AWS) -> Iterator[None]:
    """Calls to AWS as one sentence: ``what`` is what was being done ("creating the cluster sparkify").

    Raises AwsFailed.
    """
    try:
        yield
    except ClientError as error:
        code, message = code_of(error), error.response.get("Error", {}).get("Message") or str(error)
        hint = remedy(remedies, f"{code} {message}")
        otherwise = f"The call was {error.operation_name}; what stands in dwh.cfg goes into it."
        raise AwsFailed(f"While {what}, AWS said: {message.rstrip('.')} ({code}).", code, hint or otherwise) from None
    # ValueError: AWS_ENDPOINT_URL without http://. OSError: a credential_process that is not there.
    except (BotoCoreError, ResponseParserError, ValueError, OSError) as error:
        code, message = type(error).__name__, re.sub(r"\s+", " ", str(error)).rstrip(".")
        raise AwsFailed(f"While {what}: {message}.", code, remedy(remedies, f"{code} {message}")) from None


def code_of(error: ClientError) -> str:
    """AWS's code; where a proxy or a stand-in gives none, that of the HTTP status."""
    code = str(error.response.get("Error", {}).get("Code") or "")
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
    if code in {"", "Unknown", "401", "403"} and status in {401, 403}:
        return "AccessDenied"
    if re.fullmatch(r"5\d\d", code):  # of a page in HTML, which botocore takes the status from
        return f"HTTP {code}"
    return code or f"HTTP {status}"
