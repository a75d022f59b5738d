"""Orders to EMR Serverless: each given again, with the same token, as long as nobody knows whether AWS has it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from infrastructure.errors import AwsFailed, doing
from infrastructure.waiting import PASSING, Seen, until

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from infrastructure.emr.stack import LakeStack

NOT_FOUND = "ResourceNotFoundException"
# An application that is just being created or is stopping takes no orders:
# https://github.com/aws-solutions-library-samples/guidance-for-clickstream-analytics-on-aws/issues/60
CHANGING = re.compile(r"\b(CREATING|STOPPING)\b")


def client(stack: LakeStack) -> Any:
    return stack.account.client("emr-serverless")


def order(stack: LakeStack, what: str, doing_what: str, call: Callable[[], Mapping[str, Any]]) -> Mapping[str, Any]:
    """What AWS answers to ``call``, which is made again while no answer comes, and while the application is changing.

    ``what`` is being waited for; a ``call`` that makes something has a clientToken, by which AWS knows it again.
    Raises AwsFailed; StillWaiting where no answer comes at all.
    """
    answers: list[Mapping[str, Any]] = []
    refused: list[AwsFailed] = []

    def attempt() -> Seen:
        try:
            with doing(doing_what):
                answers.append(call())
        except AwsFailed as error:
            if PASSING.search(error.code):
                raise
            if CHANGING.search(error.message):
                return Seen(False, "busy with a change")
            refused.append(error)
        return Seen(True, "")

    until(stack, what, attempt, f"Whether AWS has begun {doing_what} is not known: {stack.words.status} tells.")
    if refused:
        raise refused[0]
    return answers[0]
