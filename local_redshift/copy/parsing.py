"""What COPY and UNLOAD are read with: tokens one by one, and the authorisation that both take.

https://docs.aws.amazon.com/redshift/latest/dg/copy-parameters-authorization.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from local_redshift.copy.credentials import AUTHORIZATION, authorize
from local_redshift.copy.tokens import tokenize
from local_redshift.errors import FeatureNotSupported, SyntaxError_

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from local_redshift.copy.credentials import Credentials
    from local_redshift.copy.options import Values
    from local_redshift.copy.tokens import Token


class OptionReader:
    """Reads the tokens of ``source``; ``command`` is what messages call the statement."""

    def __init__(self, source: str, command: str) -> None:
        self._tokens = tokenize(source)
        self._command = command
        self._at = 0
        self._authorization: dict[str, str] = {}
        self._options: Values = {}

    @property
    def _next(self) -> Token:
        return self._tokens[self._at]

    def _take(self) -> Token:
        token = self._next
        self._at += token.kind != "end"
        return token

    def _took(self, *texts: str) -> bool:
        """Take the next token if it is one of these keywords or signs."""
        token = self._next
        found = token.keyword in texts or (token.kind == "sign" and token.text in texts)
        self._at += found
        return found

    def _expect(self, text: str) -> None:
        if not self._took(text):
            raise unexpected(self._next)

    def _ends(self) -> bool:
        self._took(";")
        return self._next.kind == "end"

    def _string(self) -> str:
        self._took("AS")
        if self._next.kind != "string":
            raise unexpected(self._next)
        return self._take().text

    def _name(self) -> str:
        token = self._take()
        if token.kind not in {"word", "quoted"}:
            raise unexpected(token)
        return token.text.lower()

    def _names(self) -> tuple[str, ...]:
        """Names between parentheses, the first of which is taken already."""
        names = [self._name()]
        while self._took(","):
            names.append(self._name())
        self._expect(")")
        return tuple(names)

    def _number(self) -> int:
        self._took("AS")
        token = self._take()
        if not token.text.isdigit():
            raise unexpected(token)
        return int(token.text)

    def _switch(self, *others: str) -> str:
        token = self._next
        return self._take().keyword if token.keyword in {"ON", "OFF", "TRUE", "FALSE", *others} else "ON"

    def _read_option(
        self,
        word: Token,
        kinds: Mapping[str, str],
        not_built: Collection[str],
        readers: Mapping[str, Callable[[], str | int | bool]],
    ) -> None:
        """Keep the option ``word`` with its value, read as its kind is; each may be written once."""
        name = word.keyword
        if name in not_built:
            raise FeatureNotSupported(f"{self._command} with {name} is not built in the local warehouse")
        if name not in kinds:
            raise unexpected(word)
        if name in self._options:
            raise redundant(word)
        self._options[name] = readers[kinds[name]]()

    def _took_authorization(self, token: Token) -> bool:
        word = "CREDENTIALS" if token.keyword == "WITH" and self._took("CREDENTIALS") else token.keyword
        if word not in AUTHORIZATION:
            return False
        if word in self._authorization:
            raise redundant(token)
        default = word == "IAM_ROLE" and self._took("DEFAULT")
        self._authorization[word] = "default" if default else self._string()
        return True

    def _credentials(self) -> Credentials | None:
        return authorize(self._authorization, self._command)


def unexpected(token: Token) -> SyntaxError_:
    if token.kind == "end":
        return SyntaxError_("syntax error at end of input", position=token.position)
    return SyntaxError_(f'syntax error at or near "{token.source}"', position=token.position)


def redundant(token: Token) -> SyntaxError_:
    return SyntaxError_(f"conflicting or redundant options: {token.keyword}", position=token.position)
