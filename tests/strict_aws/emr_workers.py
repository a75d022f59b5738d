"""How large the workers of a Spark job are, by what spark-submit is told, and what they use.

Source: https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/jobs-spark.html#spark-defaults and
https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/app-behavior.html#worker-configs
"""

from __future__ import annotations

import math
import re
import shlex
from itertools import pairwise

MEMORY = {1: (2, 8), 2: (4, 16), 4: (8, 30), 8: (16, 60), 16: (32, 120)}
"""vCPU of a worker: the least and the most GB that it can have."""
DEFAULTS = {
    "spark.driver.cores": "4",
    "spark.driver.memory": "14g",
    "spark.executor.cores": "4",
    "spark.executor.memory": "14g",
    "spark.executor.instances": "3",
}
FLAGS = {
    "--driver-cores": "spark.driver.cores",
    "--driver-memory": "spark.driver.memory",
    "--executor-cores": "spark.executor.cores",
    "--executor-memory": "spark.executor.memory",
    "--num-executors": "spark.executor.instances",
}
OVERHEAD = 0.1
DISK = 20  # GB that come with a worker, unbilled


def configuration(parameters: str) -> dict[str, str]:
    """The sizes, with Spark's defaults on EMR Serverless for those that spark-submit is not told."""
    words = shlex.split(parameters)
    found = dict(DEFAULTS)
    for word, value in pairwise(words):
        if word in FLAGS:
            found[FLAGS[word]] = value
        if word == "--conf" and "=" in value:
            name, _, text = value.partition("=")
            found[name] = text
    return found


def workers(parameters: str) -> list[tuple[str, int, int, int]]:
    """Kind, number, vCPU and GB of the driver and of the executors that are asked for at first."""
    known = configuration(parameters)
    sizes = {kind: (int(known[f"spark.{kind}.cores"]), _gigabytes(known, kind)) for kind in ("driver", "executor")}
    return [("driver", 1, *sizes["driver"]), ("executor", int(known["spark.executor.instances"]), *sizes["executor"])]


def _gigabytes(known: dict[str, str], kind: str) -> int:
    """Memory and Spark's overhead, to the next whole GB."""
    memory = _megabytes(known[f"spark.{kind}.memory"])
    overhead = known.get(f"spark.{kind}.memoryOverhead")
    more = _megabytes(overhead) if overhead else max(memory * OVERHEAD, 384)
    return math.ceil((memory + more) / 1024)


def _megabytes(text: str) -> float:
    found = re.fullmatch(r"(\d+)([mg]?)b?", text.lower())
    if not found:
        raise ValueError(f"not a size of memory: {text}")
    return int(found[1]) * (1024 if found[2] == "g" else 1)


def misfit(parameters: str) -> str | None:
    """What is wrong with the workers' sizes; the words are ours."""
    for kind, _, cores, memory in workers(parameters):
        least, most = MEMORY.get(cores, (0, 0))
        if not least <= memory <= most:
            allowed = f"{least} to {most} GB" if most else f"no memory, but {', '.join(map(str, MEMORY))} vCPU have"
            return f"Worker configuration of the {kind} is refused: {cores} vCPU can have {allowed}, not {memory} GB."
    return None


def hours(parameters: str, seconds: int) -> dict[str, float]:
    """What driver and executors use together in so many seconds."""
    asked = workers(parameters)
    scale = seconds / 3600
    return {
        "vCPUHour": round(sum(count * cores for _, count, cores, _ in asked) * scale, 3),
        "memoryGBHour": round(sum(count * memory for _, count, _, memory in asked) * scale, 3),
        "storageGBHour": round(sum(count for _, count, _, _ in asked) * DISK * scale, 3),
    }
