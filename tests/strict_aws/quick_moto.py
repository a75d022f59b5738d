"""moto, without the seconds that each reset would take it to read AWS's machine images and managed policies again."""

from __future__ import annotations

import os
from itertools import chain
from typing import TYPE_CHECKING, Any

os.environ.setdefault("MOTO_IAM_LOAD_MANAGED_POLICIES", "true")
os.environ.setdefault("MOTO_EC2_LOAD_DEFAULT_AMIS", "false")

from moto.core import errors
from moto.core.base_backend import BackendDict
from moto.core.model_instances import reset_model_data
from moto.iam.models import IAMBackend, iam_backends

if TYPE_CHECKING:
    from moto.core.exceptions import ServiceException

_read_policies = IAMBackend._init_aws_policies
_policies_of: dict[str, list[Any]] = {}


def _policies(self: IAMBackend) -> list[Any]:
    """Read once an account, for the partition that the tests are in: moto has a backend for each."""
    if self.region_name != "aws":
        return []
    if self.account_id not in _policies_of:
        _policies_of[self.account_id] = list(_read_policies(self))
    return list(_policies_of[self.account_id])


def install() -> None:
    IAMBackend._init_aws_policies = _policies  # type: ignore[method-assign]


def reset() -> None:
    """Every service of every region and account is empty again."""
    iam_backends.clear()  # before moto makes each of its backends anew only to drop them
    for policy in chain.from_iterable(_policies_of.values()):
        policy.attachment_count = 0
    BackendDict.reset()
    reset_model_data()


def permit_code(error: ServiceException) -> None:
    """moto warns of a code that the service's model lacks, as the codes common to all services are."""
    if error.code not in errors.COMMON_ERROR_CODES:
        errors.COMMON_ERROR_CODES.append(error.code)
