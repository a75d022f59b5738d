"""Where the files of COPY and UNLOAD are: a bucket seen through S3's eyes, whatever holds it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from local_redshift.errors import FeatureNotSupported, RedshiftError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from local_redshift.copy.credentials import Credentials

DETAIL = """
  -----------------------------------------------
  error:  {error}
  code:      8001
  context:   {context}
  location:  s3_utility
  -----------------------------------------------"""


class S3Object(NamedTuple):
    bucket: str
    key: str
    size: int | None = None  # bytes; a folder is listed without, since asking takes longer than reading
    promised: int | None = None  # bytes, as the manifest of a columnar load says

    @property
    def url(self) -> str:
        return f"s3://{self.bucket}/{self.key}"


class ObjectStore(Protocol):
    """What COPY and UNLOAD need of S3."""

    def matching(self, bucket: str, prefix: str) -> list[S3Object]:
        """The objects whose key begins with ``prefix``, in the binary order of their keys.

        Raises RedshiftError with S3's message for a bucket that does not exist or may not be read.
        """
        ...

    def find(self, bucket: str, key: str) -> S3Object | None:
        """The object of exactly this key, None if there is none."""
        ...

    def read(self, objects: Sequence[S3Object], most: int) -> Iterator[bytes | None]:
        """The contents of objects, in order; None for one of ``most`` bytes or more, which is to be fetched."""
        ...

    def fetch(self, item: S3Object, target: Path) -> None:
        """Make a large object readable at ``target``, by a download or a link."""
        ...

    def put(self, source: Path, item: S3Object) -> None:
        """Make a file an object, in the place of another if there is one; it is seen whole or not at all."""
        ...

    def remove(self, item: S3Object) -> None:
        """Delete an object; one that is not there does no harm."""
        ...


def open_store(s3_root: Path | None, credentials: Credentials | None, region: str | None) -> ObjectStore:
    """S3 itself, or the folder that stands for it: there, keys and regions mean nothing."""
    if s3_root is not None:
        from local_redshift.copy.root import FolderStore

        return FolderStore(s3_root)
    from local_redshift.copy.s3 import BucketStore

    return BucketStore(credentials, region)


def split_url(url: str) -> tuple[str, str]:
    """``s3://bucket/key`` -> bucket, key. Raises FeatureNotSupported for another kind of source."""
    scheme, separator, rest = url.partition("://")
    if not separator:
        raise RedshiftError(f"The source '{url}' is not a valid S3 location: it must begin with s3://")
    if scheme.lower() != "s3":
        raise FeatureNotSupported(f"COPY from {scheme}:// is not built in the local warehouse: s3:// is")
    bucket, _, key = rest.partition("/")
    if not bucket:
        raise RedshiftError(f"The source '{url}' names no bucket: it must read s3://bucket/prefix")
    return bucket, key


def detail_block(error: str, code: int, context: str, location: str, query: int) -> str:
    """The DETAIL of an error that Redshift's nodes raise."""
    line = f"  {'-' * 47}"
    fields = {"code": code, "context": context, "query": query, "location": location}
    rest = [f"  {f'{name}:':<11}{text}" for name, text in fields.items()]
    return "\n".join(["", line, f"  error:  {error}", *rest, line])


def service_error(message: str, status: int, code: str, context: str) -> RedshiftError:
    """An error of S3 as Redshift words it.

    https://docs.aws.amazon.com/redshift/latest/dg/s3serviceexception-error.html
    """
    text = f"S3ServiceException:{message},Status {status},Error {code}"
    return RedshiftError(text, detail=DETAIL.format(error=text, context=context), routine="pg_throw")


def no_bucket(bucket: str, hint: str | None = None) -> RedshiftError:
    error = service_error("The specified bucket does not exist", 404, "NoSuchBucket", f"Listing bucket={bucket}")
    error.hint = hint
    return error
