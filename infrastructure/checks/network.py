"""Can this machine reach the cluster and log in, as the scripts do?"""

from __future__ import annotations

import ipaddress
import socket
from typing import TYPE_CHECKING

from infrastructure.access import address, security_group
from infrastructure.checks.result import Skipped
from infrastructure.compute import title
from infrastructure.overview import endpoint_differences, shown
from warehouse import config
from warehouse.errors import WarehouseError
from warehouse.remedies import CONNECTING, remedy

if TYPE_CHECKING:
    from infrastructure.checks.result import Scene

CONNECT_SECONDS = 3.0
UNKNOWN_NAME = (
    "The name is AWS's own, and your DNS does not know it: that of a new warehouse takes some minutes; or there is no "
    "network here, or a VPN that must be on or off."
)


def let_in(scene: Scene) -> str:
    """That a security group has a rule for the caller's address and the port."""
    state = scene.state
    if not state.public:
        raise Skipped("it is not public, so your address on the internet does not matter")
    try:
        mine = address.mine(scene.stack)
    except WarehouseError as error:
        raise Skipped(error.message) from None
    known = security_group.lets_in(scene.stack, state.group_ids, mine, state.port)
    if known is None:
        raise Skipped("the security group's rules name no addresses")
    if known:
        return f"{shown(mine)} is let in on port {state.port}"
    advice = f"Add it to CIDR in [NETWORK]. {scene.repair}" if scene.stack.settings.cidrs else scene.repair
    raise WarehouseError(
        f"{shown(mine)} is not let in on port {state.port}.",
        f"Perhaps your address has changed, or a VPN is on or off. {advice}",
    )


def public(scene: Scene) -> str:
    """That the cluster is as public as dwh.cfg wants it.

    https://docs.aws.amazon.com/redshift/latest/mgmt/managing-clusters-vpc.html
    """
    wanted, is_ = scene.stack.settings.public, scene.state.public
    if wanted == is_:
        return "yes" if is_ else "no, as PUBLIC = no has it: only machines of its VPC reach it"
    what = title(scene.stack)
    if wanted:
        raise WarehouseError(f"the {what} is not public: only machines of its VPC reach it.", scene.repair)
    raise WarehouseError(f"the {what} is public, and PUBLIC in [NETWORK] is no.", scene.repair)


def configured(scene: Scene) -> str:
    """That HOST and DB_PORT are those of the endpoint."""
    wrong = list(endpoint_differences(scene.stack, scene.state))
    if wrong:
        raise WarehouseError(" ".join(wrong), scene.repair)
    return f"{scene.state.host}:{scene.state.port}"


def resolved(scene: Scene) -> str:
    """That the endpoint's name has an address."""
    host = scene.state.host
    try:
        found = socket.getaddrinfo(host, scene.state.port, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        raise WarehouseError(f"{host}: {error.strerror}.", UNKNOWN_NAME) from None
    addresses = dict.fromkeys(str(one[4][0]) for one in found)
    private = all(ipaddress.ip_address(one).is_private for one in addresses)
    return ", ".join(addresses) + (" (private: reached from within its network alone)" if private else "")


def reached(scene: Scene) -> str:
    """That something takes a TCP connection there."""
    place = (scene.state.host, scene.state.port)
    try:
        socket.create_connection(place, CONNECT_SECONDS).close()
    except OSError as error:
        reason = "timed out" if isinstance(error, TimeoutError) else error.strerror or str(error)
        raise WarehouseError(f"no connection to {place[0]}:{place[1]}: {reason}.", remedy(CONNECTING, reason)) from None
    return f"{place[0]}:{place[1]} takes connections"


def logged_in(scene: Scene) -> str:
    """That the scripts get in, and get an answer."""
    import psycopg2

    from warehouse.connection import connect

    try:
        with connect(config.load(scene.stack.settings.file)) as warehouse, warehouse.connection.cursor() as cursor:
            cursor.execute("select 1")
            info = warehouse.connection.info
            return f"as {info.user}, database {info.dbname}"
    except psycopg2.Error as error:
        raise WarehouseError(f"let in, but no answer came: {' '.join(str(error).split())}.", "Try again.") from None
