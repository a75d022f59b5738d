"""How many workers of which size a Spark job may have: a driver and its executors, within the application's capacity.

https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/app-behavior.html (supported worker configurations)
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass

# vCPU -> least and most GB of memory, in steps of one GB; largest first. Those of 8 and 16 vCPU, which
# have wider steps, do nothing better here.
SIZES = {4: (8, 30), 2: (4, 16), 1: (2, 8)}
GOOD = 4  # workers: the driver, and the three executors that EMR Serverless gives every job to begin with
PARTITIONS = 8  # of a shuffle, for each core: Spark's own 200 are too few for many, and it puts small ones together
OVERHEAD = 8  # the part of a worker's memory that is not the JVM's: Python, and what Spark keeps off its heap


@dataclass(frozen=True)
class Workers:
    """Workers of one size, one of which is the driver; ``memory_gb`` is a whole worker's."""

    vcpu: int
    memory_gb: int
    count: int

    @property
    def executors(self) -> int:
        return self.count - 1

    @property
    def overhead_gb(self) -> int:
        return -(-self.memory_gb // OVERHEAD)

    def __str__(self) -> str:
        """
        >>> str(Workers(4, 16, 4))
        'a driver and up to 3 executors of 4 vCPU and 16 GB'
        """
        return f"a driver and up to {self.executors} executors of {self.vcpu} vCPU and {self.memory_gb} GB"

    def spark_settings(self) -> dict[str, str]:
        """https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/jobs-spark.html

        By themselves jobs ask for executors beyond the maximum capacity, and are refused them again and again.
        """
        heap, overhead = f"{self.memory_gb - self.overhead_gb}g", f"{self.overhead_gb}g"
        return {
            "spark.driver.cores": str(self.vcpu),
            "spark.driver.memory": heap,
            "spark.driver.memoryOverhead": overhead,
            "spark.executor.cores": str(self.vcpu),
            "spark.executor.memory": heap,
            "spark.executor.memoryOverhead": overhead,
            "spark.dynamicAllocation.maxExecutors": str(self.executors),
            "spark.sql.shuffle.partitions": str(max(200, PARTITIONS * self.executors * self.vcpu)),
        }


def fitting(max_vcpu: int, max_memory_gb: int) -> Workers:
    """The largest size of which GOOD fit; of the smallest they do in the least that dl.cfg takes (4 vCPU, 16 GB).

    >>> fitting(16, 64)
    Workers(vcpu=4, memory_gb=16, count=4)
    >>> fitting(4, 16), fitting(64, 16)
    (Workers(vcpu=1, memory_gb=4, count=4), Workers(vcpu=2, memory_gb=4, count=4))
    """
    counts = {vcpu: min(max_vcpu // vcpu, max_memory_gb // least) for vcpu, (least, _) in SIZES.items()}
    vcpu = next(size for size, count in counts.items() if count >= GOOD)
    memory = min(SIZES[vcpu][1], max_memory_gb // counts[vcpu])
    return Workers(vcpu, memory, counts[vcpu])


def told(parameters: str) -> Workers | None:
    """The workers that a job run was started with, by its sparkSubmitParameters; None where those are not ours.

    >>> told(shlex.join(f"--conf={name}={value}" for name, value in Workers(4, 16, 4).spark_settings().items()))
    Workers(vcpu=4, memory_gb=16, count=4)
    >>> told("--conf spark.driver.cores=4")
    """
    settings = dict(word.removeprefix("--conf=").split("=", 1) for word in shlex.split(parameters) if "=" in word)
    try:
        memory = sum(int(settings[f"spark.driver.{part}"].rstrip("g")) for part in ("memory", "memoryOverhead"))
        executors = int(settings["spark.dynamicAllocation.maxExecutors"])
        return Workers(int(settings["spark.driver.cores"]), memory, executors + 1)
    except (KeyError, ValueError):
        return None
