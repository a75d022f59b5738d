"""What can go wrong in the job, and Spark's long answers as one sentence.

LakeError
├── InputError    what is to be read is missing, damaged, or not what it should be
└── OutputError   the lake's folder cannot be written, or holds what is not ours
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class LakeError(Exception):
    """``message`` says what happened, ``hint`` what to do about it."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class InputError(LakeError):
    """Names the file or folder that cannot be read."""


class OutputError(LakeError):
    """Names the folder that cannot be written."""


# What the causes of Spark's errors say -> what it means, and what helps. The first that fits counts.
_CAUSES = {
    r"NoSuchBucket|bucket does not exist|UnknownStoreException": (
        "the bucket does not exist",
        "Check the bucket's name; a new name takes some seconds until S3 knows it everywhere.",
    ),
    r"No AWS Credentials|NoAuthWithAWS|Unable to load (AWS )?credentials|NoAwsCredentials": (
        "no AWS credentials were found",
        "Set PROFILE or keys in [AWS] of dl.cfg, or run aws configure.",
    ),
    r"ExpiredToken|RequestExpired|token .{0,40}expired": (
        "the AWS credentials have expired",
        "Sign in again, then run it again.",
    ),
    r"InvalidAccessKeyId|SignatureDoesNotMatch|InvalidToken": (
        "AWS does not know these credentials",
        "Check KEY, SECRET and TOKEN in [AWS] of dl.cfg.",
    ),
    r"AccessDenied|Access Denied|AllAccessDisabled|Status Code: 403|Forbidden": (
        "S3 does not allow it, or AWS does not know these credentials",
        (
            "Whoever runs this needs s3:ListBucket and s3:GetObject on the input, and those with s3:PutObject and "
            "s3:DeleteObject on the output."
        ),
    ),
    r"PermanentRedirect|Status Code: 301|AuthorizationHeaderMalformed": (
        "the bucket is in another region",
        "Set REGION in [AWS] of dl.cfg to the bucket's region.",
    ),
    r"No FileSystem for scheme|ClassNotFoundException.*(S3A|s3a)": (
        "this Spark has no way to S3",
        "Set JARS in [LOCAL] of dl.cfg to the jars of hadoop-aws and the AWS SDK.",
    ),
    r"UnknownHostException|Unable to execute HTTP request|ConnectException|SdkClientException": (
        "S3 cannot be reached",
        "Is there a network? If AWS_ENDPOINT_URL is set, does a server listen there?",
    ),
    r"ZipException|incorrect (header|data) check|not (a|in) gzip|Unexpected end of (ZLIB )?input stream|"
    r"invalid (stored block|block type|bit length|literal|distance|code)": (
        "it is damaged: it cannot be decompressed",
        "Fetch it again, or take it out of the input.",
    ),
    r"No space left on device|DiskErrorException|not enough space": ("the disk is full", "Make room and run it again."),
    r"Permission denied|Mkdirs failed|AccessControlException|AccessDeniedException|Read-only file system": (
        "the folder's permissions do not allow it",
        "Change them, or choose another folder.",
    ),
    r"Not a directory|ParentNotDirectory|FileAlreadyExistsException": (
        "a file is where a folder should be",
        "Move it, or choose another folder.",
    ),
    r"Path does not exist|PATH_NOT_FOUND|FileNotFoundException|NoSuchKey": (
        "it is not there",
        "It vanished while it was read? Run it again; else check INPUT_DATA.",
    ),
    r"plays or more within one millisecond": (
        "too many plays have one and the same ts",
        "It must be wrong: look at it in the log files.",
    ),
    r"OutOfMemoryError|Container killed .* memory|GC overhead": (
        "Spark ran out of memory",
        "Give it more: spark-submit --driver-memory 4g --executor-memory 4g, or [EMR] in dl.cfg.",
    ),
    r"Illegal character in scheme|URISyntaxException|Wrong FS|Expected scheme-specific part": (
        "that is no address that Spark understands",
        "Write s3://bucket/prefix or a folder.",
    ),
}
_FILE = re.compile(
    r"(?:reading file|FAILED_READ_FILE[^']*?|Path does not exist:?|input path:?)\s+'?((?:file|s3\w?):[^\s,]+)"
)


@contextmanager
def doing(what: str, kind: type[LakeError] = LakeError) -> Iterator[None]:
    """Calls to Spark and to Hadoop's file systems as one sentence: ``what`` is what was being done ("reading x").

    Raises ``kind``.
    """
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        yield
    except (Py4JError, PySparkException) as error:
        raise _told(what, str(error), kind) from None


def _told(what: str, text: str, kind: type[LakeError]) -> LakeError:
    own = re.search(r"ArchiveError: (.*)", text)
    if own:
        return InputError(own[1].strip(), "Fetch it again, or unpack it and give the folder.")
    file = _FILE.search(text)
    where = f", at {file[1].rstrip('.')}" if file and file[1].rstrip(".") not in what else ""
    for pattern, (meaning, hint) in _CAUSES.items():
        if re.search(pattern, text):
            return kind(f"While {what}{where}: {meaning}.", hint)
    return kind(f"While {what}{where}, Spark said: {_shortest(text)}")


def _shortest(text: str) -> str:
    """The innermost cause of a Java exception, without the stack."""
    lines = [line.strip() for line in text.splitlines() if line.strip() and not re.match(r"\s+at |\s*\.\.\. \d+", line)]
    causes = [line.partition("Caused by: ")[2] for line in lines if line.startswith("Caused by: ")]
    return (causes[-1] if causes else " ".join(lines[:2]))[:500]
