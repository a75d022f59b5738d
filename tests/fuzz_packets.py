"""Random packets from a seed: what a broken, a hostile or a confused client may send, connection by connection."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from raw_client import (
    FLUSH,
    PROTOCOL_3_0,
    SYNC,
    TERMINATE,
    bind,
    close,
    describe,
    execute,
    message,
    parse,
    query,
    startup,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

_KINDS = b"QPBDECSHXFdcfpRZ\0\xff!"
_LENGTHS = (-(1 << 31), -1, 0, 1, 3, 4, 5, 255, 65536, 1 << 24, (1 << 26) + 1, (1 << 31) - 1)
_NAMES = ("", "", "s", "p", "é", "a" * 200)
_STATEMENTS = (
    "SELECT 1", "SELECT i, s FROM shared ORDER BY i", "SELECT $1 + 1", "SELECT $1, $2, $9", "", ";", "SELECT 1; SELECT",
    "BEGIN", "COMMIT", "ROLLBACK", "INSERT INTO scratch VALUES (1)", "INSERT INTO scratch VALUES ($1)", "SELEC",
    "SELECT 1 / 0", "COPY scratch FROM STDIN", "COPY scratch FROM 's3://nowhere/x' IAM_ROLE 'x' JSON 'auto'",
    "DECLARE c CURSOR FOR SELECT i FROM shared", "FETCH 2 FROM c", "CLOSE c", "SET application_name TO 'fuzz'",
    "CREATE TEMP TABLE mine (i INT)", "SELECT i FROM shared WHERE i < $1", "SELECT '\U0001f3b5'", "SHOW ALL",
    "SELECT * FROM shared a, shared b, shared c ORDER BY 1, 2, 3, 4, 5, 6", "DELETE FROM scratch", "SELECT NULL::DATE",
    "UPDATE scratch SET i = 2", "TRUNCATE scratch", "CREATE TABLE new (i INT)", "DROP TABLE new", "LOCK scratch",
)  # fmt: skip
_VALUES = (None, b"", b"1", b"-7", b"x", b"\0\0\0\1", b"\xff\xfe", b"2018-11-04", b"9" * 400, b"\0" * 8, b"1e400", b"'")
_OIDS = (0, 16, 20, 21, 23, 25, 700, 701, 1043, 1082, 1114, 1184, 1700, 2249, 4294967295)


def conversation(random: Random, count: int) -> bytes:
    """What a client that has logged in sends: ``count`` packets, one after another, whether it gets answers or not."""
    return b"".join(_packet(random) for _ in range(count))


def beginning(random: Random) -> bytes:
    """What a client sends that never gets to log in."""
    forms: tuple[Callable[[], bytes], ...] = (
        lambda: random.randbytes(random.randrange(64)),
        lambda: struct.pack("!i", random.choice(_LENGTHS)) + random.randbytes(random.randrange(32)),
        lambda: struct.pack("!ii", 8, random.choice((80877102, 80877103, 80877104, random.getrandbits(31)))),
        lambda: struct.pack("!iii", 16, 80877102, random.getrandbits(31)) + random.randbytes(4),
        lambda: _damaged(random, startup({"user": "awsuser", "database": "dev", "options": "-c x=\\"})),
        lambda: startup({"user": "awsuser", "database": "dev"}, random.choice((0, 2 << 16, PROTOCOL_3_0 + 99, -1))),
        lambda: startup({"user": random.choice(_NAMES), "": "x", "replication": "on"}),
        lambda: startup({"user": "awsuser", "database": "dev"}) + _password(random),
        lambda: startup({"user": "awsuser", "client_protocol_version": "2"}) + message(b"p", random.randbytes(20)),
        lambda: startup({"user": "awsuser", "database": "dev"}) + _packet(random),
    )
    return random.choice(forms)()


def _password(random: Random) -> bytes:
    mechanism = random.choice((b"SCRAM-SHA-256\0", b"SCRAM-SHA-256-PLUS\0", b"", b"PLAIN\0", b"SCRAM-SHA-256"))
    first = random.choice((b"n,,n=,r=abc", b"y,,n=,r=" + random.randbytes(8), b"p=tls,,n=,r=a", b""))
    return message(b"p", mechanism + struct.pack("!i", random.choice((len(first), -1, 1 << 30))) + first)


def _packet(random: Random) -> bytes:
    packet = random.choice(_PACKETS)(random)
    return _damaged(random, packet) if random.random() < 0.2 else packet


def _damaged(random: Random, packet: bytes) -> bytes:
    damaged = bytearray(packet)
    match random.randrange(5):
        case 0:
            damaged[random.randrange(len(damaged))] = random.randrange(256)
        case 1:
            del damaged[random.randrange(len(damaged)) :]
        case 2:
            damaged[1:5] = struct.pack("!i", random.choice(_LENGTHS))
        case 3:  # the right length around the wrong content
            body = bytes(damaged[5:])
            cut = random.randrange(len(body) + 1)
            damaged[:] = message(packet[:1], body[:cut] + random.randbytes(random.randrange(8)))
        case _:
            damaged += random.randbytes(random.randrange(1, 8))
    return bytes(damaged)


def _name(random: Random) -> str:
    return random.choice(_NAMES)


def _parse(random: Random) -> bytes:
    oids = tuple(random.choice(_OIDS) for _ in range(random.randrange(4)))
    return parse(random.choice(_STATEMENTS), _name(random), oids)


def _bind(random: Random) -> bytes:
    values = [random.choice(_VALUES) for _ in range(random.randrange(4))]
    formats, results = (tuple(random.choice((0, 1, 1, 7, -1)) for _ in range(random.randrange(3))) for _ in range(2))
    return bind(*values, portal=_name(random), name=_name(random), formats=formats, result_formats=results)


def _series(random: Random) -> bytes:
    """In the right order, so that what comes after Bind is reached."""
    sql, value = random.choice(_STATEMENTS), random.choice(_VALUES)
    values = [value] if "$" in sql else []
    formats = (random.choice((0, 1)),)
    series = parse(sql, oids=(random.choice(_OIDS),) * len(values)) + bind(*values, formats=formats * len(values))
    return series + describe(b"P") + execute(limit=random.choice((0, 1, 2))) + execute(limit=1) + SYNC


_PACKETS: tuple[Callable[[Random], bytes], ...] = (
    lambda random: query(random.choice(_STATEMENTS)),
    lambda random: query(random.choice(_STATEMENTS)),
    _parse,
    _bind,
    _series,
    _series,
    lambda random: describe(random.choice((b"S", b"P", b"X", b"")), _name(random)),
    lambda random: close(random.choice((b"S", b"P", b"\0")), _name(random)),
    lambda random: execute(_name(random), random.choice((0, 1, -1, 2**31 - 1))),
    lambda random: random.choice((SYNC, SYNC, SYNC, FLUSH)),
    lambda random: message(random.choice((b"d", b"c", b"f", b"F")), random.randbytes(random.randrange(9))),
    lambda random: message(bytes([random.choice(_KINDS)]), random.randbytes(random.randrange(40))),
    lambda random: query(random.choice(_STATEMENTS)).replace(b"\0", b"", 1)[:-1] + b"\0",
    lambda random: TERMINATE if random.random() < 0.1 else SYNC,
)
