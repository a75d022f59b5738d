"""Keys and passwords taken out of whatever is shown."""

from __future__ import annotations

import re

# As COPY spells them, in CREDENTIALS strings and as options of their own: everything up to the quote or `;` goes.
_IN_STATEMENTS = re.compile(
    r"((?:aws_)?(?:secret_)?access_key(?:_id)?|(?:session_)?token|master_symmetric_key|password)(\s*=\s*|\s+'|\s*:\s*')[^;'\s]+",
    re.IGNORECASE,
)


def redact(text: str, *secrets: str) -> str:
    """``text`` without the given secrets and without the credentials that a COPY may carry.

    >>> redact("CREDENTIALS 'aws_access_key_id=AKIA1;aws_secret_access_key=x/y'")
    "CREDENTIALS 'aws_access_key_id=***;aws_secret_access_key=***'"
    >>> redact("SECRET_ACCESS_KEY 'x/y'"), redact("no entry for pw1 here", "pw1")
    ("SECRET_ACCESS_KEY '***'", 'no entry for *** here')
    """
    for secret in secrets:
        if secret:
            text = text.replace(secret, "***")
    return _IN_STATEMENTS.sub(r"\1\2***", text)
