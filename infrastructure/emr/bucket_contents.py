"""What is in the lake's bucket: counted, and what is the lake's removed before the bucket itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from infrastructure.errors import doing
from infrastructure.prices import S3_STORAGE
from infrastructure.stack import money
from warehouse.errors import WarehouseError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infrastructure.emr.stack import LakeStack

COUNTED = 100  # pages of a thousand; more are not counted before the question, but removed


class Contents(NamedTuple):
    """Objects and their bytes, all versions; ``whole`` is false where there are more than were counted.

    ``others`` of them do not lie in the lake's place, such as ``example``.
    """

    objects: int = 0
    size: int = 0
    whole: bool = True
    others: int = 0
    example: str = ""

    def __str__(self) -> str:
        noun = "object" if self.objects == 1 else "objects"
        return f"{'' if self.whole else 'more than '}{self.objects:,} {noun}, {_bytes(self.size)}"


def count(stack: LakeStack) -> Contents:
    """Raises AwsFailed."""
    seen = Contents()
    for number, page in enumerate(_pages(stack)):
        if number == COUNTED:
            return seen._replace(whole=False)
        keys = [version["Key"] for version in page if not version["Key"].startswith(stack.output_prefix)]
        seen = Contents(
            seen.objects + len(page),
            seen.size + sum(version.get("Size", 0) for version in page),
            others=seen.others + len(keys),
            example=seen.example or next(iter(keys), ""),
        )
    return seen


def a_month(stack: LakeStack, contents: Contents) -> str:
    """What they cost as long as they stay, in words."""
    price = stack.prices.known(S3_STORAGE) * contents.size / 1024**3
    return ("" if contents.whole else "at least ") + money(price)


def remove(stack: LakeStack) -> None:
    """Every version of every object of the lake's, told as it goes; what others put beside the lake is left.

    Raises AwsFailed, WarehouseError where S3 keeps some.
    """
    deleted = 0
    with stack.report.waiting(f"S3 bucket {stack.bucket}") as tell:
        while page := next(_pages(stack, stack.output_prefix), None):
            _delete(stack, page)
            deleted += len(page)
            tell(f"{deleted:,} objects deleted")


def _pages(stack: LakeStack, prefix: str = "") -> Iterator[list[dict[str, Any]]]:
    """Versions of objects, and the marks of those that were deleted: at most a thousand a page.

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html
    """
    with doing(f"listing the S3 bucket {stack.bucket}"):
        pages = stack.account.client("s3").get_paginator("list_object_versions")
        for answer in pages.paginate(Bucket=stack.bucket, Prefix=prefix):
            if page := [*answer.get("Versions", ()), *answer.get("DeleteMarkers", ())]:
                yield page


def _delete(stack: LakeStack, page: list[dict[str, Any]]) -> None:
    """https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html"""
    keys = [{"Key": one["Key"], "VersionId": one["VersionId"]} for one in page]
    with doing(f"emptying the S3 bucket {stack.bucket}"):
        answer = stack.account.client("s3").delete_objects(Bucket=stack.bucket, Delete={"Objects": keys, "Quiet": True})
    if errors := answer.get("Errors"):
        first = errors[0]
        raise WarehouseError(
            f"S3 did not delete {len(errors):,} of the objects in the bucket {stack.bucket}, such as {first['Key']}: "
            f"{first['Message'].rstrip('.')} ({first['Code']})."
        )


def _bytes(size: float) -> str:
    """
    >>> _bytes(0), _bytes(2048), _bytes(5.5 * 1024**3)
    ('0 bytes', '2.0 kB', '5.5 GB')
    """
    if size < 1024:
        return f"{size:.0f} bytes"
    for unit in ("kB", "MB", "GB"):
        size /= 1024
        if size < 1024:
            return f"{size:.1f} {unit}"
    return f"{size / 1024:.1f} TB"
