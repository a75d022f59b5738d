"""What things cost, by the table or by [PRICES] of dwh.cfg."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from infrastructure import settings
from infrastructure.prices import HOURS_A_MONTH, READ_ON, RPU_HOUR, STORAGE, Prices, read
from infrastructure.stack import money
from warehouse.errors import ConfigError

FILE = Path("dwh.cfg")
HOUR = Decimal("0.543")


@pytest.mark.parametrize(
    ("overrides", "what", "price"),
    [
        ({}, "ra3.large", HOUR),
        ({"RA3.LARGE": "0.6"}, "ra3.large", Decimal("0.6")),
        ({"ra3.large": "1"}, "ra3.large", Decimal(1)),
        ({"RPU_HOUR": "0.45"}, RPU_HOUR, Decimal("0.45")),
        ({"STORAGE_GB_MONTH": "0.03"}, STORAGE, Decimal("0.03")),
        ({"RA3.LARGE": ""}, "ra3.large", HOUR),
        ({}, "ra9.huge", None),
        ({"RA9.HUGE": "9"}, "ra9.huge", Decimal(9)),
    ],
)
def test_prices(overrides: dict[str, str], what: str, price: Decimal | None) -> None:
    assert Prices("us-west-2", read(FILE, overrides)).of(what) == price


def test_prices_come_from_the_file(tmp_path: Path) -> None:
    file = tmp_path / "dwh.cfg"
    file.write_text("[PRICES]\nra3.large = '0.6'  # mine\n")
    assert Prices("us-west-2", settings.load(file, {}).prices).cluster("ra3.large", 2) == Decimal("1.2")


@pytest.mark.parametrize("given", ["0,6", "free", "-1", "$1", "1e3"])
def test_a_price_that_is_none(given: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read(FILE, {"RA3.LARGE": given})
    assert (
        caught.value.message == f"dwh.cfg: [PRICES] RA3.LARGE is {given!r}, not a number of US dollars such as 0.543."
    )


def test_a_name_that_is_none() -> None:
    with pytest.raises(ConfigError) as caught:
        read(FILE, {"RPUHOUR": "1"})
    assert caught.value.message == "dwh.cfg: [PRICES] has RPUHOUR, which is no price."


def test_money_lines() -> None:
    """As README says: two nodes ra3.large, an hour, a day, a month."""
    two, four = (Prices("us-west-2", {}).cluster("ra3.large", nodes) or Decimal(0) for nodes in (2, 4))
    assert [money(two), money(two * 24), money(two * HOURS_A_MONTH)] == ["$1.09", "$26.06", "$792.78"]
    assert money(four * HOURS_A_MONTH) == "$1,585.56"
    assert Prices("us-west-2", {}).cluster("ra9.huge", 2) is None


def test_where_prices_come_from() -> None:
    end = f"read on {READ_ON}; without taxes, data transfer and backups"
    assert Prices("us-west-2", {}).source == f"on demand, us-west-2, {end}"
    assert "those of eu-central-1 differ" in Prices("eu-central-1", {}).source
    assert "[PRICES] of dwh.cfg before them" in Prices("us-west-2", {RPU_HOUR: Decimal(1)}).source
