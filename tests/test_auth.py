"""Passwords: RFC 7677's own example, our client against our server, and everything that must be refused."""

from __future__ import annotations

import base64
import hashlib
import hmac

import pytest
from raw_client import md5_answer, scram_final

from local_redshift.errors import InvalidPassword, ProtocolViolation
from local_redshift.network.auth import Accounts, ScramExchange, Verifier, check_md5, saslprep

FIRST = b"n=,r=fyko+d2lbbFgONRv9qkxdawL"


def test_scram_gives_the_exchange_that_rfc_7677_prints() -> None:
    exchange = ScramExchange(_verifier_of_rfc_7677(), nonce="%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0")
    first = exchange.first(b"n,,n=user,r=rOprNGfwEbeRWgbNEkqO")
    assert first == b"r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"
    final = exchange.final(
        b"c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
    )
    assert final == b"v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="


def _verifier_of_rfc_7677() -> Verifier:
    salt = base64.b64decode("W22ZaJ0SNY7soEsUEjb6gQ==")
    salted = hashlib.pbkdf2_hmac("sha256", b"pencil", salt, 4096)
    client_key, server_key = (hmac.digest(salted, label, "sha256") for label in (b"Client Key", b"Server Key"))
    return Verifier("user", salt, hashlib.sha256(client_key).digest(), server_key, md5="")


@pytest.mark.parametrize(
    "password", ["pencil", "with:colon and blank", "pässwörd", "a\u00adb", "密码", "\u2168", "x" * 200]
)
def test_scram_lets_in_who_knows_the_password(password: str) -> None:
    exchange = ScramExchange(Verifier.of("awsuser", password))
    # the client normalises as well: a soft hyphen goes, a roman numeral becomes letters
    final, signature = scram_final(saslprep(password), FIRST, exchange.first(b"n,," + FIRST))
    assert exchange.final(final) == b"v=" + base64.b64encode(signature)


def test_scram_keeps_out_who_does_not() -> None:
    exchange = ScramExchange(Verifier.of("awsuser", "pencil"))
    final, _ = scram_final("Pencil", FIRST, exchange.first(b"n,," + FIRST))
    with pytest.raises(InvalidPassword, match=r'^password authentication failed for user "awsuser"$'):
        exchange.final(final)


@pytest.mark.parametrize(
    "client_first",
    [
        b"",
        b"n=,r=abc",  # no GS2 header
        b"p=tls-server-end-point,,n=,r=abc",  # channel binding, which needs TLS
        b"n,a=other,n=,r=abc",  # on behalf of somebody else
        b"n,,m=x,n=,r=abc",  # a mandatory extension
        b"n,,n=,r=",
        b"n,,n=,r=a b",
        b"n,,n=,r=\xff\xfe",
    ],
)
def test_a_malformed_first_message_is_refused(client_first: bytes) -> None:
    with pytest.raises(ProtocolViolation):
        ScramExchange(Verifier.of("awsuser", "pencil")).first(client_first)


def _replaced(final: bytes, old: bytes, new: bytes) -> bytes:
    assert old in final
    return final.replace(old, new)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"c=biws", b"c=eSws"),  # another GS2 header than the one at first
        (b"c=biws", b"c=***"),
        (b"r=fyko", b"r=fykO"),  # another nonce
        (b",p=", b",q="),
        (b",p=", b",p=AAAA"),  # a proof of the wrong length
    ],
)
def test_a_malformed_final_message_is_refused(old: bytes, new: bytes) -> None:
    exchange = ScramExchange(Verifier.of("awsuser", "pencil"))
    final, _ = scram_final("pencil", FIRST, exchange.first(b"n,," + FIRST))
    with pytest.raises(ProtocolViolation):
        exchange.final(_replaced(final, old, new))


def test_an_answer_cannot_be_used_twice() -> None:
    verifier = Verifier.of("awsuser", "pencil")
    final, _ = scram_final("pencil", FIRST, ScramExchange(verifier).first(b"n,," + FIRST))
    other = ScramExchange(verifier)
    other.first(b"n,," + FIRST)
    with pytest.raises(ProtocolViolation):
        other.final(final)


def test_md5_lets_in_who_knows_the_password_and_nobody_else() -> None:
    verifier, salt = Verifier.of("awsuser", "pencil"), b"\x01\x02\x03\x04"
    check_md5(verifier, salt, md5_answer("awsuser", "pencil", salt))
    for answer in (md5_answer("awsuser", "Pencil", salt), md5_answer("awsuser", "pencil", b"abcd"), "", "md5", "é"):
        with pytest.raises(InvalidPassword):
            check_md5(verifier, salt, answer)


def test_an_unknown_user_looks_like_a_known_one_and_never_gets_in() -> None:
    accounts = Accounts({"awsuser": "pencil"})
    unknown = accounts.verifier("nobody")
    assert unknown.salt == accounts.verifier("nobody").salt
    assert len(unknown.salt) == len(accounts.verifier("awsuser").salt)
    exchange = ScramExchange(unknown)
    final, _ = scram_final("pencil", FIRST, exchange.first(b"n,," + FIRST))
    with pytest.raises(InvalidPassword, match='user "nobody"'):
        exchange.final(final)


def test_no_secret_is_shown() -> None:
    verifier = Verifier.of("awsuser", "pencil")
    assert repr(verifier) == "Verifier(user='awsuser')"
    assert "pencil" not in repr(vars(Accounts({"awsuser": "pencil"})))


@pytest.mark.parametrize(
    ("password", "prepared"),
    [  # RFC 4013, section 3, and PostgreSQL's rule for what is forbidden
        ("I\u00adX", "IX"),
        ("user", "user"),
        ("USER", "USER"),
        ("\u00aa", "a"),
        ("\u2168", "IX"),
        ("a\u00a0b", "a b"),
        ("\u0007", "\u0007"),
        ("\u0627\u0031", "\u0627\u0031"),
        ("\u0627\u0031\u0628", "\u0627\u0031\u0628"),
        ("\u00ad", "\u00ad"),
    ],
)
def test_passwords_are_normalised_as_clients_do(password: str, prepared: str) -> None:
    assert saslprep(password) == prepared


def test_one_password_for_whatever_name() -> None:
    accounts = Accounts("pencil")
    assert "pencil" not in repr(vars(accounts))
    for user in ("awsuser", "anybody"):
        exchange = ScramExchange(accounts.verifier(user))
        final, signature = scram_final("pencil", FIRST, exchange.first(b"n,," + FIRST))
        assert exchange.final(final) == b"v=" + base64.b64encode(signature)
        check_md5(accounts.verifier(user), b"salt", md5_answer(user, "pencil", b"salt"))
