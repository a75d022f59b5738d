"""moto, without the seconds that each reset would take it to read AWS's machine images and managed policies again."""

from __future__ import annotations

import copy
import os
from functools import cache
from typing import TYPE_CHECKING, Any

os.environ.setdefault("MOTO_IAM_LOAD_MANAGED_POLICIES", "true")
os.environ.setdefault("MOTO_EC2_LOAD_DEFAULT_AMIS", "false")

from moto.core import errors
from moto.core.base_backend import BackendDict
from moto.core.model_instances import reset_model_data
from moto.iam.models import IAMBackend

if TYPE_CHECKING:
    from moto.core.exceptions import ServiceException

_read_policies = IAMBackend._init_aws_policies


@cache
def _policies_of(region: str, account: str) -> list[Any]:
    backend = IAMBackend.__new__(IAMBackend)
    backend.region_name, backend.account_id = region, account
    return list(_read_policies(backend))


def _policies(self: IAMBackend) -> list[Any]:
    return [copy.copy(policy) for policy in _policies_of(self.region_name, self.account_id)]


def install() -> None:
    IAMBackend._init_aws_policies = _policies  # type: ignore[method-assign]


def reset() -> None:
    """Every service of every region and account is empty again."""
    BackendDict.reset()
    reset_model_data()


def permit_code(error: ServiceException) -> None:
    """moto warns of a code that the service's model lacks, as the codes common to all services are."""
    if error.code not in errors.COMMON_ERROR_CODES:
        errors.COMMON_ERROR_CODES.append(error.code)
