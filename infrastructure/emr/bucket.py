"""The bucket that the lake is in: made, closed to the public, and removed; somebody's own is used as it is."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from infrastructure.emr import bucket_contents
from infrastructure.emr.bucket_contents import a_month
from infrastructure.emr.compute import DENIED
from infrastructure.errors import AwsFailed, NotOurs, Refused, doing, ignoring
from infrastructure.plan import Change, Sign, Step, take_all
from infrastructure.prices import S3_STORAGE
from infrastructure.stack import aws_tags, read_tags
from infrastructure.waiting import Passing, insist
from warehouse.aws import REGION
from warehouse.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from infrastructure.emr.bucket_contents import Contents
    from infrastructure.emr.stack import LakeStack

REGION_HEADER = "x-amz-bucket-region"
NOT_PUBLIC = dict.fromkeys(("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True)
# A name that was just deleted is taken for some time: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html
BUSY = Passing(r"\(OperationAborted\)", "its name is still busy")
# The logs of a job that was just ended may come late.
WRITTEN = Passing(r"\(BucketNotEmpty\)", "something is still being written into it", tries=12)
FREE = "An empty bucket costs nothing."


class Bucket(NamedTuple):
    """What S3 tells of a bucket. ``readable`` is false for one that we may not look at."""

    exists: bool
    readable: bool = True
    region: str = ""
    tags: Mapping[str, str] = {}
    public_access: Mapping[str, bool] = {}  # what is blocked of it


def look(stack: LakeStack) -> Bucket:
    """What there is, whoever made it. Raises AwsFailed."""
    owner = {"ExpectedBucketOwner": stack.account.identity.account} if stack.bucket_is_ours_to_make else {}
    status, region = _head(stack, stack.bucket, **owner)  # a name that others can guess, they may have taken before us
    if status != 200:
        return Bucket(status != 404, readable=False, region=region)
    tags = _tags(stack) if stack.bucket_is_ours_to_make else {}  # whose bucket it is may not let us see its tags
    return Bucket(True, True, region, tags, _public_access(stack) if stack.owns(tags) else {})


def check_place(stack: LakeStack) -> None:
    """Raise Refused where dl.cfg was filled in for this lake in another region or account."""
    told = re.fullmatch(rf"{stack.name}-(\d{{12}})-({REGION})", stack.bucket)
    here = (stack.account.identity.account, stack.account.region)
    if told and told.groups() != here:
        raise Refused(
            f"OUTPUT_DATA in dl.cfg is the lake's in region {told[2]} of account {told[1]}; this is region {here[1]} "
            f"of account {here[0]}. Nothing was changed: what is there may cost money.",
            f"To go on with that one, set REGION = {told[2]} in [AWS] of dl.cfg and use its account. If it is not "
            "yours any more, empty OUTPUT_DATA.",
        )


def check_input(stack: LakeStack) -> None:
    """Raise ConfigError where the bucket of INPUT_DATA does not exist; who may not look at it is told nothing."""
    if _head(stack, stack.input_bucket)[0] == 404:
        raise ConfigError(f"There is no bucket {stack.input_bucket}.", "Look for a slip in INPUT_DATA of dl.cfg.")


def check_there(stack: LakeStack) -> None:
    """Raise Refused where there is no bucket to write to; NotOurs where somebody took its name: code would go there."""
    bucket = look(stack)
    if not bucket.exists:
        raise Refused(f"There is no {_what(stack)} yet.", "python infrastructure/lake.py up makes it.")
    _check_usable(stack, bucket)


def plan_up(stack: LakeStack) -> list[Change]:
    """What makes the bucket, or closes it again. Raises ConfigError, Refused where it cannot be ours, AwsFailed."""
    bucket, what = look(stack), _what(stack)
    if not bucket.exists:
        if not stack.bucket_is_ours_to_make:
            raise ConfigError(
                f"There is no bucket {stack.bucket}, which OUTPUT_DATA names.",
                "Look for a slip, or empty OUTPUT_DATA in dl.cfg: then a bucket of the lake's own is made.",
            )
        details = ("closed to the public, encrypted by S3", f"data in it costs {_price(stack)} a GB-month")
        return [Change(Sign.ADD, what, details, partial(_create, stack))]
    _check_usable(stack, bucket)
    if not stack.owns(bucket.tags):
        return [Change(Sign.KEEP, what, ("not made by this project: used, and left as it is", *_abroad(stack, bucket)))]
    stack.stands(what, f"{_price(stack)} a GB-month of data in it")
    steps = _repairs(stack, bucket)
    if not steps:
        return [Change(Sign.KEEP, what)]
    return [Change(Sign.CHANGE, what, tuple(step.text for step in steps), partial(take_all, steps))]


def plan_down(stack: LakeStack, *, empty: bool) -> list[Change]:
    """What removes the bucket if we made it, with the lake if ``empty``; one that holds data stays otherwise.

    A stranger's is shown as left, and so is what lies beside the lake. Raises AwsFailed.
    """
    bucket, what = look(stack), _what(stack)
    if not stack.bucket_is_ours_to_make:
        return [*([Change(Sign.KEEP, what, _strangers(stack))] if bucket.exists else []), *_left_behind(stack)]
    if not bucket.exists:
        return []
    if not stack.owns(bucket.tags):
        return [Change(Sign.KEEP, what, _strangers(stack))]
    stack.stands(what, f"{_price(stack)} a GB-month of data in it")
    contents = bucket_contents.count(stack)
    if not contents.objects:
        return [Change(Sign.REMOVE, what, (), partial(_empty_and_remove if empty else _remove, stack))]
    costs = f"{contents}: {a_month(stack, contents)} a month"
    if not empty:
        return [Change(Sign.KEEP, what, (f"{costs}; down --empty deletes it with the data",))]
    if contents.others:
        return _plan_emptying(stack, contents, costs)
    lost = f"{contents}: the lake's data, code and logs are lost"
    return [Change(Sign.REMOVE, what, (lost,), partial(_empty_and_remove, stack))]


def _plan_emptying(stack: LakeStack, contents: Contents, costs: str) -> list[Change]:
    """The lake goes; what was put beside it stays, and the bucket with it."""
    others = f"{contents.others:,} of them are not the lake's, such as {contents.example}"
    kept = Change(Sign.KEEP, _what(stack), (f"{costs}; {others}: they stay, and cost money",))
    if contents.objects == contents.others:
        return [kept]
    lost = (f"{contents.objects - contents.others:,} of them: the lake's data, code and logs are lost",)
    return [kept, Change(Sign.REMOVE, f"lake in {stack.output}", lost, partial(bucket_contents.remove, stack))]


def _left_behind(stack: LakeStack) -> list[Change]:
    """The bucket that we made, where OUTPUT_DATA names another by now: it stays, with what it costs."""
    home = stack.at_home()
    try:
        if not home.owns(look(home).tags):
            return []
        contents = bucket_contents.count(home)
    except AwsFailed as error:
        if not DENIED.search(error.code):  # whoever writes to somebody's bucket need not see ours
            raise
        return []
    why = f"{contents}: {a_month(home, contents)} a month; OUTPUT_DATA names another: empty that, then down --empty"
    return [Change(Sign.KEEP, _what(home), (f"made by an earlier run of up; {why} deletes it",))]


def _what(stack: LakeStack) -> str:
    return f"S3 bucket {stack.bucket}"


def _price(stack: LakeStack) -> str:
    return f"${stack.prices.known(S3_STORAGE)}"


def _strangers(stack: LakeStack) -> tuple[str, ...]:
    stays = "not made by this project: it stays, with the lake, its code and its logs in it"
    if not stack.output_prefix or stack.input.startswith(stack.output):
        return (stays, f"delete by hand what you do not need in {stack.output}: more than the lake may be there")
    return (stays, f"aws s3 rm --recursive {stack.output} deletes those, and whatever else is there")


def _check_usable(stack: LakeStack, bucket: Bucket) -> None:
    """Raises Refused, NotOurs."""
    if bucket.readable:
        return
    if stack.bucket_is_ours_to_make:
        raise NotOurs(
            f"There is an {_what(stack)} that is not this account's, or that you may not look at; it is left alone.",
            "Choose another NAME in [EMR] of dl.cfg.",
        )
    raise Refused(
        f"You may not look at the {_what(stack)}: it is somebody else's, or you lack rights (s3:ListBucket).",
        "OUTPUT_DATA in dl.cfg names it. Left empty, a bucket of the lake's own is made.",
    )


def _abroad(stack: LakeStack, bucket: Bucket) -> tuple[str, ...]:
    here = stack.account.region
    if bucket.region in {"", here}:
        return ()
    return (f"it is in {bucket.region}, the job in {here}: what goes between them costs money",)


def _repairs(stack: LakeStack, bucket: Bucket) -> list[Step]:
    if bucket.public_access == NOT_PUBLIC:
        return []
    return [Step("~ closed to the public", lambda: _close(stack))]


def _head(stack: LakeStack, bucket: str, **owner: str) -> tuple[int, str]:
    """HTTP status and region, which S3 tells also to those who may not read. Raises AwsFailed.

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html
    """
    from botocore.exceptions import ClientError

    with doing(f"looking at the bucket {bucket}"):
        try:
            answer = stack.account.client("s3").head_bucket(Bucket=bucket, **owner)
        except ClientError as error:
            answer = error.response
            if answer["ResponseMetadata"]["HTTPStatusCode"] not in {403, 404}:
                raise
    about = answer["ResponseMetadata"]
    return about["HTTPStatusCode"], about["HTTPHeaders"].get(REGION_HEADER, "")


def _tags(stack: LakeStack) -> dict[str, str]:
    with ignoring("NoSuchTagSet"), doing(f"reading the tags of the {_what(stack)}"):
        return read_tags(stack.account.client("s3").get_bucket_tagging(Bucket=stack.bucket)["TagSet"])
    return {}


def _public_access(stack: LakeStack) -> dict[str, bool]:
    with (
        ignoring("NoSuchPublicAccessBlockConfiguration"),
        doing(f"looking whether the {_what(stack)} is closed to the public"),
    ):
        answer = stack.account.client("s3").get_public_access_block(Bucket=stack.bucket)
        blocked: dict[str, bool] = answer["PublicAccessBlockConfiguration"]
        return blocked
    return {}


def _create(stack: LakeStack) -> None:
    """https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html"""
    # An order whose answer was lost, or another run, has made it a moment ago.
    with ignoring("BucketAlreadyOwnedByYou"):
        insist(stack, _what(stack), lambda: _order(stack), (BUSY,), FREE)
    stack.stands(_what(stack), f"{_price(stack)} a GB-month of data in it")
    try:
        _tag(stack)
    except BaseException:
        _withdraw(stack)  # without its tag nobody would know that it is ours
        raise
    _close(stack)


def _order(stack: LakeStack) -> None:
    region = stack.account.region
    place = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    with doing(f"creating the {_what(stack)}"):
        stack.account.client("s3").create_bucket(Bucket=stack.bucket, **place)


def _tag(stack: LakeStack) -> None:
    with doing(f"tagging the {_what(stack)}"):
        tags = aws_tags(stack.tags())
        stack.account.client("s3").put_bucket_tagging(Bucket=stack.bucket, Tagging={"TagSet": tags})


def _withdraw(stack: LakeStack) -> None:
    with doing(f"deleting the {_what(stack)} again"):
        stack.account.client("s3").delete_bucket(Bucket=stack.bucket)
    stack.gone(_what(stack))


def _close(stack: LakeStack) -> None:
    """https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html"""
    with doing(f"closing the {_what(stack)} to the public"):
        stack.account.client("s3").put_public_access_block(
            Bucket=stack.bucket, PublicAccessBlockConfiguration=NOT_PUBLIC
        )


def _remove(stack: LakeStack) -> None:
    """One that was empty when it was looked at. Raises Refused where it is not any more: nobody agreed to that."""
    try:
        with ignoring("NoSuchBucket"):
            _delete(stack)
    except AwsFailed as error:
        if error.code != "BucketNotEmpty":
            raise
        raise Refused(
            f"The {_what(stack)} was empty, and something has been put into it meanwhile: it stays.",
            f"{stack.words.down} --empty deletes it with the data.",
        ) from None
    stack.gone(_what(stack))


def _empty_and_remove(stack: LakeStack) -> None:
    def work() -> None:
        bucket_contents.remove(stack)
        _delete(stack)

    with ignoring("NoSuchBucket"):
        insist(stack, _what(stack), work, (WRITTEN,), "What is left in it costs money.")
    stack.gone(_what(stack))


def _delete(stack: LakeStack) -> None:
    """https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucket.html: only an empty one."""
    with doing(f"deleting the {_what(stack)}"):
        stack.account.client("s3").delete_bucket(Bucket=stack.bucket)
