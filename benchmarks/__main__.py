"""All benchmarks, one after another: ``python -m benchmarks``. Exit code 1 when one of them fails."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

_SCRIPTS = ("copy_json.py", "copy_csv.py", "etl_run.py", "fetch_rows.py", "lake_run.py", "report_run.py")


def main() -> int:
    codes = [
        subprocess.run([sys.executable, str(Path(__file__).with_name(script))], check=False).returncode  # noqa: S603
        for script in _SCRIPTS
    ]
    return max(codes)


if __name__ == "__main__":
    sys.exit(main())
