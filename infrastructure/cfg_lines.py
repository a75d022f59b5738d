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
    from collections.abc import Callable, Iterator

    from warehouse.config_file import Key

_BOM = "\ufeff"


class _Line(NamedTuple):
    """A line with a key, cut in pieces that make it up again; a section's header has no name."""

    number: int
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


def _parsed(text: str) -> list[_Line]:
    return list(_lines(text))


def _split(text: str) -> list[str]:
    """Lines with their ends, whichever they are; without the byte order mark."""
    return list(io.StringIO(text.removeprefix(_BOM), newline=""))


def _joined(text: str, lines: list[str]) -> str:
    return (_BOM if text.startswith(_BOM) else "") + "".join(lines)


def _lines(text: str) -> Iterator[_Line]:
    """Headers and keys. A line that is indented further than the key above it goes on with that key's value."""
    section, indent, below_key = "", 0, False
    for number, whole in enumerate(_split(text)):
        bare = whole.strip()
        if not bare or bare[0] in "#;":
            continue
        deep = len(whole) - len(whole.lstrip())
        if below_key and deep > indent:
            continue
        indent = deep
        start, end = whole[:deep], whole[len(whole.rstrip()) :]
        header = RawConfigParser.SECTCRE.match(bare)
        below_key = header is None
        if header:
            section = header["header"].upper()
            yield _Line(number, section, "", start + bare, "", "", end)
        elif match := RawConfigParser.OPTCRE_NV.match(bare):
            name, value = match["option"], match["value"] or ""
            sign = bare[len(name) : len(bare) - len(value)]
            yield _Line(number, section, name.upper(), start + name, sign, value, end)


def _spellings(lines: list[_Line], key: Key) -> list[_Line]:
    found = {(line.section, line.name): line for line in lines}
    places = ((section, name) for section in key.sections for name in key.names)
    return [found[place] for place in places if place in found]


def _replaced(text: str, line: _Line, value: str) -> str:
    lines = _split(text)
    written = _written(line, value)
    blank_end = re.sub(r"^[ \t]+", "", line.end) if not line.value else line.end
    lines[line.number] = f"{line.start}{_sign(line)}{written}".rstrip(" \t") + blank_end
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
    before, sign = re.fullmatch(r"(\s*)([=:]?)\s*", line.sign).groups()  # type: ignore[union-attr]
    return f"{before}{sign}{' ' if before or sign == ':' else ''}" if sign else " = "


def _added(text: str, lines: list[_Line], key: Key, value: str) -> str:
    """A line below the last key of the section; at the end of the file with its header where there is none."""
    split = _split(text)
    newline = next((re.sub(r"[^\r\n]", "", line) for line in split if line[-1] in "\r\n"), "\n")
    section = [line for line in lines if line.section == key.sections[0]]
    if section:
        last = section[-1]
        at = _end_of(split, lines, last)
        indent = re.match(r"\s*", last.start)[0]  # type: ignore[index]
        new = [f"{indent}{key.names[0]}{_sign(last) if not last.value and last.name else last.sign or ' = '}{value}"]
    else:
        at = len(split)
        new = [*([""] if split and split[-1].strip() else []), f"[{key.sections[0]}]", f"{key.names[0]} = {value}"]
    rest = [line + newline for line in new]
    if split and at == len(split) and split[-1][-1] not in "\r\n":  # a file without a newline at its end stays so
        split[-1] += newline
        rest[-1] = new[-1]
    return _joined(text, [*split[:at], *rest, *split[at:]])


def _end_of(split: list[str], lines: list[_Line], last: _Line) -> int:
    """Where what belongs to the line ends: its value may go on in lines below."""
    below = next((line.number for line in lines if line.number > last.number), len(split))
    going_on = [
        index for index in range(last.number + 1, below) if split[index].strip() and split[index].strip()[0] not in "#;"
    ]
    return max(going_on, default=last.number) + 1
