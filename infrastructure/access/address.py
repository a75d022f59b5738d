"""The address that this machine has on the internet, as a network of one."""

from __future__ import annotations

import ipaddress
from http.client import HTTPException
from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.request import urlopen

from warehouse.errors import WarehouseError

if TYPE_CHECKING:
    from infrastructure.stack import Stack

TIMEOUT = 5.0  # seconds
MOST = 100  # bytes; an IPv6 address has at most 45
HINT = "Set CIDR in [NETWORK] of dwh.cfg to it, such as 52.95.4.1/32."


def mine(stack: Stack) -> str:
    """The caller's public address ("52.95.4.1/32", or an IPv6 /128), as the page at ADDRESS_URL tells it.

    No call of AWS's API returns it; https://checkip.amazonaws.com is AWS's own page for that.
    Raises WarehouseError where the page does not answer, or with anything but a public address.
    """
    url = stack.settings.address_url
    page = url.split("/")[2].rpartition("@")[2]
    text = _ask(url, page)
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        raise _unknown(f"{page} answered {text[:40]!r}, which is no address") from None
    if not address.is_global:
        raise _unknown(f"{page} answered {address}, which is not a public address")
    return str(ipaddress.ip_network(address))


def _ask(url: str, page: str) -> str:
    try:
        with urlopen(url, timeout=TIMEOUT) as answer:  # noqa: S310  the settings take http and https only
            content: bytes = answer.read(MOST)
    except HTTPError as error:
        error.close()
        raise _unknown(f"{page} answered {error.code} {error.reason}") from None
    except (OSError, HTTPException, ValueError) as error:
        raise _unknown(f"{page} did not answer ({getattr(error, 'reason', error)})") from None
    return content.decode("ascii", "replace").strip()


def _unknown(why: str) -> WarehouseError:
    return WarehouseError(f"Your address is not known: {why}.", HINT)
