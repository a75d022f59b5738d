"""One key of a dwh.cfg changed, and every other byte left; configparser's own writer drops comments and capitals.

A file is read here as ``warehouse.config_file`` reads it: its keys in any of their spellings, a comment behind a
value, quotes around it. Text goes in and comes out with its line ends and its byte order mark.
"""

from __future__ import annotations

import io
import re
from configparser import RawConfigParser
from typing import TYPE_CHECKING, NamedTuple

from warehouse.config_file import unquote

if TYPE_CHECKING:
    from collections.abc import Callable

    from warehouse.config_file import Key

_BOM = "\ufeff"


class _Line(NamedTuple):
    """A line with a key, cut in pieces that make it up again; a section's header has no name."""

    number: int
    last: int  # where its value ends, which may go on below
    section: str
    name: str
    start: str  # the indentation and the key as it is written
    sign: str  # " = ", "=", ": "
    value: str  # with its quotes and the comment behind it
    end: str


def values(text: str, key: Key) -> list[str]:
    """What stands there for ``key``, in the order in which its spellings count."""
    return [unquote(line.value) for line in _spellings(_parsed(text), key)]


def put(text: str, key: Key, value: str) -> str:
    """``text`` with ``value`` for ``key``: in the line that counts, else in a new one of the key's first spelling.

    >>> from warehouse.config_file import Key
    >>> key = Key(("CLUSTER",), ("HOST", "DWH_HOST"), ())
    >>> put("[CLUSTER]\\ndwh_host : 'old' # mine\\n", key, "new")
    "[CLUSTER]\\ndwh_host : 'new' # mine\\n"
    """
    lines = _parsed(text)
    found = _spellings(lines, key)
    line = next((line for line in found if unquote(line.value)), found[0] if found else None)
    if line is None:
        return _added(text, lines, key, value)
    return _replaced(text, line, value) if unquote(line.value) != value else text


def blank(text: str, key: Key, ours: Callable[[str], bool]) -> str:
    """``text`` with every spelling of ``key`` emptied whose value is ``ours``."""
    for line in _spellings(_parsed(text), key):
        value = unquote(line.value)
        if value and ours(value):
            text = _replaced(text, line, "")
    return text


def _split(text: str) -> list[str]:
    """Lines with their ends, whichever they are; without the byte order mark."""
    return list(io.StringIO(text.removeprefix(_BOM), newline=""))


def _joined(text: str, lines: list[str]) -> str:
    return (_BOM if text.startswith(_BOM) else "") + "".join(lines)


def _parsed(text: str) -> list[_Line]:
    """Headers and keys. A line that is indented further than the key above it goes on with that key's value."""
    lines: list[_Line] = []
    section, indent = "", 0
    for number, whole in enumerate(_split(text)):
        bare = whole.strip()
        if not bare or bare[0] in "#;":
            continue
        deep = len(whole) - len(whole.lstrip())
        if lines and lines[-1].name and deep > indent:
            lines[-1] = lines[-1]._replace(last=number)
            continue
        indent = deep
        start, end = whole[:deep], whole[len(whole.rstrip()) :]
        if header := RawConfigParser.SECTCRE.match(bare):
            section = header["header"].upper()
            lines.append(_Line(number, number, section, "", start + bare, "", "", end))
        elif match := RawConfigParser.OPTCRE_NV.match(bare):
            name, value = match["option"], match["value"] or ""
            sign = bare[len(name) : len(bare) - len(value)]
            lines.append(_Line(number, number, section, name.upper(), start + name, sign, value, end))
    return lines


def _spellings(lines: list[_Line], key: Key) -> list[_Line]:
    found = {(line.section, line.name): line for line in lines}
    places = ((section, name) for section in key.sections for name in key.names)
    return [found[place] for place in places if place in found]


def _replaced(text: str, line: _Line, value: str) -> str:
    lines = _split(text)
    end = line.end if line.value else line.end.lstrip(" \t")  # blanks that stood for the value go
    lines[line.number] = f"{line.start}{_sign(line)}{_written(line, value)}".rstrip(" \t") + end
    return _joined(text, lines)


def _written(line: _Line, value: str) -> str:
    """The value between the quotes that are there, before the comment that is there."""
    quoted = re.fullmatch(r"""(["']).*?\1(\s*(?:[#;].*)?)""", line.value)
    if quoted:
        return f"{quoted[1]}{value}{quoted[1]}{quoted[2]}"
    comment = re.search(r"(^|\s+)[#;].*", line.value)
    behind = comment[0] if comment else ""
    if not value:
        return behind.lstrip()
    return value + (" " if behind[:1] in {"#", ";"} else "") + behind


def _sign(line: _Line) -> str:
    """What stands between a key and its value; where there is none yet, blanks as they are usual."""
    if line.value:
        return line.sign
    before, sign, _ = re.split(r"([=:])", line.sign) if line.sign else (" ", "=", "")
    return f"{before}{sign}{' ' if before or sign == ':' else ''}"


def _added(text: str, lines: list[_Line], key: Key, value: str) -> str:
    """A line below the last key of the section; at the end of the file with its header where there is none."""
    section, name = key.sections[0], key.names[0]
    above = next((line for line in reversed(lines) if line.section == section), None)
    if above:
        indentation = above.start[: len(above.start) - len(above.start.lstrip())]
        return _inserted(text, above.last + 1, [f"{indentation}{name}{_sign(above)}{value}"])
    split = _split(text)
    gap = [""] if split and split[-1].strip() else []
    return _inserted(text, len(split), [*gap, f"[{section}]", f"{name} = {value}"])


def _inserted(text: str, at: int, new: list[str]) -> str:
    """With the line ends of the file; one without a newline at its end stays so."""
    lines = _split(text)
    newline = next((line[len(line.rstrip("\r\n")) :] for line in lines if line[-1] in "\r\n"), "\n")
    inserted = [line + newline for line in new]
    if lines and at == len(lines) and lines[-1][-1] not in "\r\n":
        lines[-1] += newline
        inserted[-1] = new[-1]
    return _joined(text, [*lines[:at], *inserted, *lines[at:]])
