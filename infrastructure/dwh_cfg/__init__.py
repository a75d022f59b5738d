"""dwh.cfg filled in after setup and blanked after teardown: the lines of HOST, DB_PORT and ARN, and no other byte.

A password is never written.
"""

from __future__ import annotations

import os
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from infrastructure import compute
from infrastructure.dwh_cfg import lines as cfg_lines
from infrastructure.dwh_cfg.file import check_writable, read, write
from infrastructure.plan import Change, Sign
from infrastructure.settings import KEYS
from warehouse import config
from warehouse.cluster import named_by
from warehouse.command import ROOT, shown
from warehouse.config_file import Reader, Value
from warehouse.errors import ConfigError, WarehouseError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from infrastructure.stack import Stack

EXAMPLE = ROOT / "dwh.cfg.example"
_MINIMAL = f"""\
[CLUSTER]
HOST =

[IAM_ROLE]
ARN =

[S3]
LOG_DATA = {config.Settings.log_data}
LOG_JSONPATH = {config.Settings.log_jsonpath}
SONG_DATA = {config.Settings.song_data}
"""
Values = dict[str, str]  # setting (a key of KEYS) -> what is to stand there


def plan_filled(stack: Stack) -> Change:
    """What writes the endpoint and the role's ARN into dwh.cfg, as far as they are known yet.

    Raises AwsFailed; ``apply`` also WarehouseError where the file cannot be written: that holds the values.
    """
    file = stack.settings.file
    sign = Sign.CHANGE if file.exists() else Sign.ADD
    values = _wanted(stack)
    details = _beside(file, ("host", "port", "arn"))
    if values is None:
        later = "HOST, DB_PORT and ARN are filled in when the cluster is available"
        replaced = _replaced(_text(stack), {"host": "", "arn": stack.role_arn})
        return Change(sign, shown(file), (later, *replaced, *details), lambda: _fill(stack))
    old = _text(stack)
    if file.exists() and _filled(old, values) == old:
        return Change(Sign.KEEP, shown(file), details)
    differing = _differing(old, values)
    return Change(sign, shown(file), (*_lines(differing), *_replaced(old, differing), *details), lambda: _fill(stack))


def _replaced(text: str, values: Values) -> tuple[str, ...]:
    """What somebody may want to keep elsewhere: a HOST and an ARN that are there and give way to ``values``."""
    there = {setting: _first(text, setting) for setting in ("host", "arn") if setting in values}
    return tuple(
        f"{KEYS[setting].names[0]} = {value} stands there now and is replaced"
        for setting, value in there.items()
        if value and value != values[setting]
    )


def plan_blanked(stack: Stack, settings: tuple[str, ...] = ("host", "arn")) -> Change:
    """What empties HOST and ARN (those of ``settings``) where they are this stack's. Raises as ``plan_filled`` does."""
    file = stack.settings.file
    if not file.exists():
        return Change(Sign.KEEP, shown(file), ("there is no such file",))
    host = compute.of(stack).look(stack).host
    old = read(file)
    new = _blanked(old, stack, host, settings)
    left = [value for value in cfg_lines.values(new, KEYS["host"]) if value and "host" in settings]
    notes = tuple(f"HOST = {value} stays: it is not that of {stack.name}" for value in left)
    emptied = [
        KEYS[setting].names[0]
        for setting in ("host", "arn")
        if cfg_lines.values(old, KEYS[setting]) != cfg_lines.values(new, KEYS[setting])
    ]
    if not emptied:
        return Change(Sign.KEEP, shown(file), (*notes, *_in_environment(("host", "arn"))))
    details = (f"{' and '.join(emptied)} emptied", *notes, *_beside(file, ("host", "arn")))
    return Change(Sign.CHANGE, shown(file), details, lambda: _blank(stack, host, settings))


def _fill(stack: Stack) -> None:
    values = _wanted(stack)
    if values is None:
        raise WarehouseError(
            f"{shown(stack.settings.file)} cannot be filled in: {stack.name} has no endpoint yet.",
            "Run the same command again when python infrastructure/status.py shows it as available.",
        )
    try:
        new = _filled(_text(stack), values)
        write(stack.settings.file, new, partial(_prove, values))
    except (OSError, ConfigError) as error:
        raise _unwritten(stack.settings.file, error, values) from None


def _blank(stack: Stack, host: str, settings: tuple[str, ...]) -> None:
    """Once more from the file, which may have been edited since the plan."""
    file = stack.settings.file
    try:
        new = _blanked(read(file), stack, host, settings)
        write(file, new, partial(_prove, {}))
    except (OSError, ConfigError) as error:
        raise _unwritten(file, error, {"host": "", "arn": ""}) from None


def _wanted(stack: Stack) -> Values | None:
    """What the file shall say; None while there is no endpoint."""
    state = compute.of(stack).look(stack)
    return {"host": state.host, "port": str(state.port), "arn": stack.role_arn} if state.host else None


def _text(stack: Stack) -> str:
    """The file's text; where there is none, that of a new one, which finds the same stack in the same region."""
    if stack.settings.file.exists():
        return read(stack.settings.file)
    settings = stack.settings
    text = read(EXAMPLE) if EXAMPLE.is_file() else _MINIMAL
    same = {
        "aws_region": stack.account.region,
        "identifier": settings.identifier,
        "cluster_type": settings.cluster_type,
        "node_type": settings.node_type,
        "nodes": str(settings.nodes),
        "role_name": settings.role_name,
        "database": settings.database,
        "user": settings.user,
    }
    for setting, value in same.items():
        text = cfg_lines.put(text, KEYS[setting], value)
    return text


def _filled(text: str, values: Values) -> str:
    for setting, value in _differing(text, values).items():
        text = cfg_lines.put(text, KEYS[setting], value)
    return text


def _differing(text: str, values: Values) -> Values:
    """What has to be written. A HOST with port and database behind it, as the console shows it, keeps them."""
    old = _first(text, "host")
    _, port, database = _endpoint(old)
    behind = (f":{values['port']}" if port else "") + (f"/{database}" if database else "")
    wanted = {**values, "host": values["host"] + behind}
    now = {
        "host": old,
        "port": _first(text, "port") or (values["port"] if port else str(config.Settings.port)),
        "arn": _first(text, "arn"),
    }
    return {setting: value for setting, value in wanted.items() if value != now[setting]}


def _blanked(text: str, stack: Stack, host: str, settings: tuple[str, ...]) -> str:
    ours: dict[str, Callable[[str], bool]] = {
        "host": lambda value: _is_ours(stack, _endpoint(value)[0], host),
        "arn": lambda value: value == stack.role_arn,
    }
    for setting in settings:
        text = cfg_lines.blank(text, KEYS[setting], ours[setting])
    return text


def _is_ours(stack: Stack, host: str, now: str) -> bool:
    """Whether ``host`` is the stack's: the endpoint it has ``now``, or by its name where it is gone already."""
    told = named_by(host)
    named = told and (told.name, told.region) == (stack.name, stack.account.region)
    return bool(named) or host.lower() == now.lower() != ""


def _first(text: str, setting: str) -> str:
    return next((value for value in cfg_lines.values(text, KEYS[setting]) if value), "")


def _endpoint(value: str) -> tuple[str, str, str]:
    """Host, port and database of a HOST; what is none is a stranger's."""
    with suppress(ConfigError):
        return config.endpoint(Value(value, "HOST"))
    return value, "", ""


def _prove(values: Mapping[str, str], file: Path) -> None:
    """Read the file as the scripts do. Raises ConfigError where they would read something else than ``values``."""
    reader = Reader(file, KEYS, {})
    host, port, _ = config.endpoint(reader.find("host"))
    told = {"host": host, "port": reader.text("port") or port or str(config.Settings.port), "arn": reader.text("arn")}
    wrong = [KEYS[setting].names[0] for setting, value in values.items() if told[setting] != value]
    if wrong:
        raise ConfigError(f"{' and '.join(wrong)} would be read otherwise than written.")


def _unwritten(file: Path, error: OSError | ConfigError, values: Values) -> WarehouseError:
    reason = error.message if isinstance(error, ConfigError) else (error.strerror or str(error))
    return WarehouseError(
        f"{shown(file)} was left as it is: {reason.rstrip('.')}.", "\n".join(("Write by hand:", *_lines(values)))
    )


def _lines(values: Values) -> list[str]:
    return [
        f"[{KEYS[setting].sections[0]}] {KEYS[setting].names[0]} = {value}".rstrip()
        for setting, value in values.items()
    ]


def _beside(file: Path, settings: tuple[str, ...]) -> tuple[str, ...]:
    """What whoever reads the plan should know beforehand."""
    try:
        check_writable(file.resolve())
    except PermissionError:
        return (*_in_environment(settings), "it is read-only: the values will be shown, to be written by hand")
    return _in_environment(settings)


def _in_environment(settings: tuple[str, ...]) -> tuple[str, ...]:
    variables = [variable for setting in settings for variable in KEYS[setting].variables if variable in os.environ]
    return tuple(f"{variable} in the environment goes before it" for variable in variables)
