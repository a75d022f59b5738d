"""New files take the old ones' places, one partition after the other.

All that a run makes lies in a folder of its own beside the tables until the run is complete; a crash before that leaves
the lake as it was. Publishing replaces file by file, each in one piece (``Files.replace``). A partition of one file,
which is what a partition is up to ``FILE_MB``, is so either the old or the new one for whoever reads; one of several
files is replaced within seconds, and a crash in between is mended by running again.
"""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from data_lake.job.files import joined

if TYPE_CHECKING:
    from collections.abc import Collection

    from data_lake.job.files import Files

AT_ONCE = 16  # files on their way: S3 takes its time for each


def publish(files: Files, staged: str, target: str, *, whole: bool) -> None:
    """Put the files of ``staged`` into ``target``: in each partition that they have, nothing else stays.

    ``whole`` says that partitions which ``staged`` lacks go as well. Raises OutputError.
    """
    moves = dict(_named(files.under(staged)))
    partitions = {_folder(new) for new in moves.values()}
    old = [file for file in files.under(target) if whole or _folder(file) in partitions]
    surplus = sorted(set(old) - set(moves.values()))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        # What is left over goes last: whenever this ends, no row is lost.
        list(pool.map(lambda move: files.replace(joined(staged, move[0]), joined(target, move[1])), moves.items()))
        list(pool.map(lambda file: files.delete(joined(target, file)), surplus))


def _named(staged: Collection[str]) -> list[tuple[str, str]]:
    """Spark's names (part-00003-<random>.snappy.parquet) and those in the lake, which are the same in every run."""
    named, numbers = [], dict[str, int]()
    for file in sorted(staged):
        folder, _, name = file.rpartition("/")
        if name.startswith((".", "_")):  # _SUCCESS
            continue
        number = numbers[folder] = numbers.get(folder, -1) + 1
        ending = re.sub(r"^[^.]*(\.c\d+)?", "", name)
        named.append((file, f"{folder}/part-{number:05d}{ending}".lstrip("/")))
    return named


def _folder(file: str) -> str:
    return file.rpartition("/")[0]
