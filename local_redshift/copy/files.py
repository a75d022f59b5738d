"""Which objects a COPY reads: those under a key prefix, those of a manifest; and its jsonpaths file.

https://docs.aws.amazon.com/redshift/latest/dg/copy-parameters-data-source-s3.html
https://docs.aws.amazon.com/redshift/latest/dg/loading-data-files-using-manifest.html
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from local_redshift.copy.jsonpaths import read_jsonpaths
from local_redshift.copy.objects import DETAIL, S3Object, split_url
from local_redshift.errors import RedshiftError

if TYPE_CHECKING:
    from local_redshift.copy.jsonpaths import Path
    from local_redshift.copy.objects import ObjectStore

_LARGEST = 64 * 1024 * 1024
_ARGUMENTS = {"auto", "auto ignorecase", "noshred"}


def matching_objects(store: ObjectStore, source: str, *, manifest: bool, columnar: bool = False) -> list[S3Object]:
    """The objects to load; those of a ``columnar`` load's manifest with the length that it must promise.

    Raises RedshiftError where there are none.
    """
    bucket, key = split_url(source)
    if manifest:
        return _manifest_objects(store, bucket, key, columnar=columnar)
    found = store.matching(bucket, key)
    if not found:
        raise _no_prefix(key, f"Bucket {bucket} holds no key that begins with '{key}'; case matters, * is no pattern.")
    return found


def jsonpaths(store: ObjectStore, argument: str) -> tuple[Path, ...] | None:
    """The paths that JSON 's3://...' names; None for 'auto' and its like."""
    if argument in _ARGUMENTS:
        return None
    if not argument.lower().startswith("s3://"):
        raise RedshiftError(
            f"JSON '{argument}' is not supported: it takes 'auto', 'auto ignorecase', 'noshred' or 's3://jsonpaths_file'"
        )
    bucket, key = split_url(argument)
    found = store.find(bucket, key)
    if found is None:
        raise _no_prefix(key, f"The jsonpaths file {argument} must be one exact key.")
    return read_jsonpaths(_content(store, found), argument)


def _content(store: ObjectStore, item: S3Object) -> bytes:
    content = next(iter(store.read([item], _LARGEST)))
    if content is None:
        raise RedshiftError(f"{item.url} is larger than {_LARGEST} bytes: it is no jsonpaths file and no manifest")
    return content


def _manifest_objects(store: ObjectStore, bucket: str, key: str, *, columnar: bool) -> list[S3Object]:
    found = store.find(bucket, key)
    if found is None:
        raise RedshiftError(
            "COPY with MANIFEST parameter requires full path of an S3 object.",
            detail=DETAIL.format(error="The manifest does not exist", context=f"s3://{bucket}/{key}"),
        )
    url = f"s3://{bucket}/{key}"
    objects = []
    for number, entry in enumerate(_entries(_content(store, found), url), start=1):
        if not isinstance(entry, dict) or not isinstance(entry.get("url"), str):
            raise _bad_manifest(url, f"entry {number} has no url")
        item = store.find(*split_url(entry["url"]))
        if item is not None:
            objects.append(item._replace(promised=_promised_length(entry, url)) if columnar else item)
        elif entry.get("mandatory") is True:
            raise _no_prefix(split_url(entry["url"])[1], f"{entry['url']} is mandatory in the manifest {url}.")
    if not objects:
        raise RedshiftError(f"None of the files of the manifest {url} exists", routine="pg_throw")
    return objects


def _promised_length(entry: dict[str, Any], url: str) -> int:
    meta = entry.get("meta")
    if not isinstance(meta, dict):
        raise _bad_entry("File entry does not have 'meta' key.", entry, url)
    length = meta.get("content_length")
    if not isinstance(length, int) or isinstance(length, bool):
        raise _bad_entry("File entry does not have 'content_length' key.", entry, url)
    return length


def _bad_entry(message: str, entry: dict[str, Any], url: str) -> RedshiftError:
    return RedshiftError(
        message,
        detail=f"The entry of {entry['url']} in the manifest {url}, code 15003",
        hint='Columnar files need {"url": "s3://bucket/key", "meta": {"content_length": bytes of the file}}.',
        routine="pg_throw",
    )


def _entries(content: bytes, url: str) -> list[Any]:
    try:
        document = json.loads(content.decode("utf-8"))
    except UnicodeDecodeError:
        raise _bad_manifest(url, "it is not UTF-8") from None
    except json.JSONDecodeError as error:
        raise _bad_manifest(url, f"{error.msg} at line {error.lineno}, column {error.colno}") from None
    entries = document.get("entries") if isinstance(document, dict) else None
    if not isinstance(entries, list):
        raise _bad_manifest(url, 'it must hold an object with an array "entries"')
    return entries


def _bad_manifest(url: str, reason: str) -> RedshiftError:
    return RedshiftError(
        f"The manifest {url} cannot be used: {reason}",
        hint='A manifest reads {"entries": [{"url": "s3://bucket/key", "mandatory": true}]}.',
    )


def _no_prefix(key: str, hint: str) -> RedshiftError:
    message = f"The specified S3 prefix '{key}' does not exist"
    return RedshiftError(message, detail=DETAIL.format(error=message, context=""), hint=hint, routine="pg_throw")
