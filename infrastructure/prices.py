"""What things cost: a dated table, which [PRICES] in dwh.cfg overrides.

On demand, USD, us-east-1, as https://aws.amazon.com/redshift/pricing/ and the public price list gave them on the day
of READ_ON. us-west-2 has the same; other regions are dearer by up to half.
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
}


_NAME = rf"{NODE_TYPE}|{RPU_HOUR}|{STORAGE}"


def read(file: Path, section: Mapping[str, str]) -> dict[str, Decimal]:
    """The section [PRICES] of ``file``: node types (``RA3.LARGE = 0.6``), ``RPU_HOUR``, ``STORAGE_GB_MONTH``.

    Raises ConfigError.
    """
    given = {name.lower(): text for name, text in section.items() if text}
    for name, text in given.items():
        if not re.fullmatch(_NAME, name):
            raise ConfigError(
                f"{file}: [PRICES] has {name.upper()}, which is no price.",
                "There are those of node types (RA3.LARGE), RPU_HOUR and STORAGE_GB_MONTH.",
            )
        if not re.fullmatch(r"\d+(\.\d+)?", text):
            raise ConfigError(f"{file}: [PRICES] {name.upper()} is {text!r}, not a number of US dollars such as 0.543.")
    return {name: Decimal(text) for name, text in given.items()}


@dataclass(frozen=True)
class Prices:
    """Prices for one region; ``overrides`` are those that dwh.cfg has, named as in TABLE."""

    region: str
    overrides: Mapping[str, Decimal]

    def of(self, what: str) -> Decimal | None:
        """USD an hour of a node type or an RPU, or USD a month of a gigabyte; None where nobody told."""
        return self.overrides.get(what, TABLE.get(what))

    def cluster(self, node_type: str, nodes: int) -> Decimal | None:
        """USD an hour of a whole cluster."""
        price = self.of(node_type)
        return None if price is None else price * nodes

    @property
    def storage(self) -> str:
        """The price of stored data, in words."""
        return f"${self.of(STORAGE)} a GB-month"

    @property
    def source(self) -> str:
        """Where the prices come from, for the line below them."""
        where = self.region if self.region in REGIONS else f"us-east-1 (those of {self.region} differ)"
        own = ", [PRICES] of dwh.cfg before them" if self.overrides else ""
        return f"on demand, {where}, read on {READ_ON}{own}; without taxes, data transfer and backups"
