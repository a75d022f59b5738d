"""What each state of a cluster or workgroup means, what it costs meanwhile, and what to do next: one table.

https://docs.aws.amazon.com/redshift/latest/mgmt/working-with-clusters.html#rs-mgmt-cluster-status
https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_Workgroup.html
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from infrastructure.state import ABSENT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from infrastructure.state import State


class Costs(Enum):
    """What is paid for in a state, besides backups."""

    NOTHING = "nothing"
    STORAGE = "storage"
    HOURS = "hours"


class Meaning(NamedTuple):
    """``advice`` says what to do; ``script`` (of this folder, or of the one above) does it."""

    what: str
    advice: str
    script: str
    costs: Costs = Costs.HOURS


_AGAIN = "Look again in a minute:"
_HELP = "AWS support has to help; if the data can be loaded again, remove it and make it anew:"

MEANINGS: Mapping[str, Meaning] = {
    ABSENT: Meaning("There is none.", "This makes it:", "setup.py", Costs.NOTHING),
    "available": Meaning("It runs and takes connections.", "Create the tables and load them:", "../create_tables.py"),
    "creating": Meaning("AWS is making it, which takes some minutes.", _AGAIN, "status.py"),
    "pausing": Meaning("It is being paused: connections are closed, a snapshot is taken.", _AGAIN, "status.py"),
    "incomplete": Meaning(
        "Its namespace is there, with its data, and no workgroup to connect to.",
        "This makes the workgroup:",
        "setup.py",
        Costs.STORAGE,
    ),
    "paused": Meaning(
        "It is paused: nobody can connect, the data is kept.", "This starts it:", "resume.py", Costs.STORAGE
    ),
    "resuming": Meaning("It is starting again, which takes some minutes.", _AGAIN, "status.py"),
    "modifying": Meaning("AWS is changing it.", _AGAIN, "status.py"),
    "resizing": Meaning("AWS is changing its size; meanwhile one can only read.", _AGAIN, "status.py"),
    "cancelling-resize": Meaning("AWS is taking a change of size back.", _AGAIN, "status.py"),
    "rebooting": Meaning("It is restarting; connections are closed.", _AGAIN, "status.py"),
    "renaming": Meaning("AWS is giving it another name.", _AGAIN, "status.py"),
    "rotating-keys": Meaning("AWS is changing its encryption keys.", _AGAIN, "status.py"),
    "updating-hsm": Meaning("AWS is updating its key store (HSM).", _AGAIN, "status.py"),
    "final-snapshot": Meaning("It is being removed; the final snapshot is being taken.", _AGAIN, "status.py"),
    "deleting": Meaning("It is being removed.", "To see it gone, and the rest with it:", "teardown.py"),
    "storage-full": Meaning("Its storage is full: delete rows or tables, or give it more nodes.", _AGAIN, "status.py"),
    "hardware-failure": Meaning("Its hardware failed.", _HELP, "teardown.py"),
    "incompatible-hsm": Meaning("It cannot reach its key store (HSM).", _HELP, "teardown.py"),
    "incompatible-network": Meaning(
        "It cannot be in its network: the VPC or the subnets were changed, or have no free address.",
        _HELP,
        "teardown.py",
    ),
    "incompatible-parameters": Meaning("Its parameter group does not fit it.", _HELP, "teardown.py"),
    "incompatible-restore": Meaning("It could not be restored from the snapshot.", _HELP, "teardown.py"),
}
_SETTLING = Meaning("It runs, and AWS is still changing something about it.", _AGAIN, "status.py")


def meaning(state: State) -> Meaning:
    """The table's row; AWS adds words to some states ("available, resize-cleanup"), and new states some day."""
    if state.status == "available" and not state.available:
        return _SETTLING
    known = MEANINGS.get(state.status) or MEANINGS.get(state.status.partition(",")[0])
    return known or Meaning(f"AWS calls it {state.status}.", _AGAIN, "status.py")
