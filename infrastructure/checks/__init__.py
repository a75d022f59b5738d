"""The preflight of ``status.py --check``: what the load needs, tried in turn, with a remedy for each failure.

``preflight`` has the table; ``s3``, ``role`` and ``network`` the checks themselves.
"""

from __future__ import annotations

from infrastructure.checks.preflight import preflight, tell
from infrastructure.checks.result import Result, Verdict

__all__ = ["Result", "Verdict", "preflight", "tell"]
