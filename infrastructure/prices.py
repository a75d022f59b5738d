"""What things cost: a dated table, which [PRICES] in dwh.cfg and dl.cfg overrides.

On demand, USD, us-east-1, as https://aws.amazon.com/redshift/pricing/ and the public price list gave them on the day
of READ_ON; https://aws.amazon.com/emr/pricing/ and https://aws.amazon.com/ec2/pricing/on-demand/ for the lake.
us-west-2 has the same; other regions are dearer by up to half.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from warehouse.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

READ_ON = "2026-10-07"
REGIONS = ("us-east-1", "us-west-2")  # where the table holds
HOURS_A_MONTH = 730

NODE_TYPE = r"[a-z]+\d*[a-z]*\.\w+"
RPU_HOUR, STORAGE = "rpu_hour", "storage_gb_month"
VCPU_HOUR, MEMORY_HOUR, S3_STORAGE = "vcpu_hour", "memory_gb_hour", "s3_gb_month"
TABLE = {
    # an hour and node
    "ra3.large": Decimal("0.543"),
    "ra3.xlplus": Decimal("1.086"),
    "ra3.4xlarge": Decimal("3.26"),
    "ra3.16xlarge": Decimal("13.04"),
    "rg.large": Decimal("0.3801"),
    "rg.xlarge": Decimal("0.7602"),
    "rg.4xlarge": Decimal("3.0427"),
    "rg.12xlarge": Decimal("9.128"),
    "dc2.large": Decimal("0.25"),
    "dc2.8xlarge": Decimal("4.80"),
    RPU_HOUR: Decimal("0.375"),
    STORAGE: Decimal("0.024"),
    # EMR Serverless on x86
    VCPU_HOUR: Decimal("0.052624"),
    MEMORY_HOUR: Decimal("0.0057785"),
    # an hour and EC2 instance, EMR's surcharge included: EC2's price and a quarter of it
    "m5.xlarge": Decimal("0.24"),
    "m5.2xlarge": Decimal("0.48"),
    "m5.4xlarge": Decimal("0.96"),
    "r5.xlarge": Decimal("0.315"),
    "r5.2xlarge": Decimal("0.63"),
    "r5.4xlarge": Decimal("1.26"),
    S3_STORAGE: Decimal("0.023"),
}

_NAMES = (RPU_HOUR, STORAGE, VCPU_HOUR, MEMORY_HOUR, S3_STORAGE)


def read(file: Path, section: Mapping[str, str]) -> dict[str, Decimal]:
    """The section [PRICES] of ``file``: node and instance types (``RA3.LARGE = 0.6``), ``RPU_HOUR``, ``VCPU_HOUR``...

    Raises ConfigError.
    """
    given = {name.lower(): text for name, text in section.items() if text}
    for name, text in given.items():
        if name not in _NAMES and not re.fullmatch(NODE_TYPE, name):
            raise ConfigError(
                f"{file}: [PRICES] has {name.upper()}, which is no price.",
                f"There are those of node types (RA3.LARGE, M5.XLARGE), {', '.join(_NAMES[:-1]).upper()} and "
                f"{_NAMES[-1].upper()}.",
            )
        if not re.fullmatch(r"\d+(\.\d+)?", text):
            raise ConfigError(f"{file}: [PRICES] {name.upper()} is {text!r}, not a number of US dollars such as 0.543.")
    return {name: Decimal(text) for name, text in given.items()}


@dataclass(frozen=True)
class Prices:
    """Prices for one region; ``overrides`` are those that ``file`` (dwh.cfg, dl.cfg) has, named as in TABLE."""

    region: str
    overrides: Mapping[str, Decimal]
    file: str = "dwh.cfg"

    def of(self, what: str) -> Decimal | None:
        """USD an hour of a node type, an RPU, a vCPU..., or a month of a stored gigabyte; None where nobody told."""
        return self.overrides.get(what, TABLE.get(what))

    def cluster(self, node_type: str, nodes: int) -> Decimal | None:
        """USD an hour of a whole cluster."""
        price = self.of(node_type)
        return None if price is None else price * nodes

    def workers(self, vcpu_hours: Decimal, memory_gb_hours: Decimal) -> Decimal:
        """USD for what EMR Serverless workers used, or may use."""
        return vcpu_hours * self.known(VCPU_HOUR) + memory_gb_hours * self.known(MEMORY_HOUR)

    @property
    def storage(self) -> str:
        """The price of stored data, in words."""
        return f"${self.known(STORAGE)} a GB-month"

    @property
    def source(self) -> str:
        """Where the prices come from, for the line below them."""
        where = self.region if self.region in REGIONS else f"us-east-1 (those of {self.region} differ)"
        own = f", [PRICES] of {self.file} before them" if self.overrides else ""
        return f"on demand, {where}, read on {READ_ON}{own}; without taxes, data transfer and backups"

    def known(self, what: str) -> Decimal:
        """USD for something that the table has, as ``of``."""
        return self.overrides.get(what, TABLE[what])
