"""What the scripts have in common as commands: the option, the first line, the exit code."""

from __future__ import annotations

import argparse
import os
import re
import shlex
import shutil
import sys
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING

from warehouse import config
from warehouse.credentials import with_password
from warehouse.errors import WarehouseError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

QUERY_EDITOR = "https://console.aws.amazon.com/sqlworkbench/home"
ROOT = Path(__file__).resolve().parent.parent
DONE, FAILED = 0, 1  # wrong usage is 2, as argparse has it


def run(
    work: Callable[[config.Settings], None], description: str, example: str, arguments: Sequence[str] | None = None
) -> int:
    """Read the command line and the configuration, do the work, and return the exit code."""
    options = parser(description, example, "without one, the laptop")
    file = file_of(options, options.parse_args(arguments))
    return ended(lambda: work(with_password(config.use(file))), file)


def parser(description: str, example: str, without_file: str) -> argparse.ArgumentParser:
    """A command line with ``--config``; ``without_file`` tells its help what happens where there is no dwh.cfg."""
    made = argparse.ArgumentParser(
        description=description, epilog=f"example:\n  {example}", formatter_class=argparse.RawDescriptionHelpFormatter
    )
    made.add_argument(
        "--config", type=Path, metavar="FILE", help=f"the configuration (default: dwh.cfg; {without_file})"
    )
    return made


def file_of(options: argparse.ArgumentParser, given: argparse.Namespace) -> Path | None:
    """What ``--config`` names; wrong usage where it is not there."""
    file: Path | None = given.config
    if file is not None and not file.is_file():
        options.error(f"there is no file {file}")
    return file


def ended(work: Callable[[], int | None], file: Path | None) -> int:
    """Do the work and return the exit code. Whatever a user can cause ends as a sentence on stderr."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # as stderr has it: names of files may be of any language
    try:
        return work() or DONE
    except WarehouseError as error:
        return _failed(WarehouseError(to_paste(error.message, file), to_paste(error.hint, file)))
    except KeyboardInterrupt:
        return _failed(WarehouseError("Interrupted."))
    except BrokenPipeError:
        # Whoever read our output has gone; without this Python complains once more when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED


def where(settings: config.Settings) -> str:
    """One line: what the script is about to work on."""
    if not settings.on_laptop:
        given = f" ({settings.login_from})" if settings.login_from else ""
        return f"On {settings.host}, database {settings.database}, as {settings.user}{given}"
    root = settings.s3_root
    data = "S3" if root is None else "the sample data" if root.resolve() == config.SAMPLE_DATA else shown(root)
    place = f"the laptop, in {shown(settings.local_database)}, with {data}"
    return f"On {place}" if settings.file else f"No dwh.cfg here: on {place}"


def again(script: str, file: Path | None, *arguments: str) -> str:
    """The command that runs another script (relative to this one's folder) with the same configuration."""
    return _command((Path(sys.argv[0]).resolve().parent / script).resolve(), file, *arguments)


def to_paste(text: str, file: Path | None) -> str:
    """``text`` with every ``python infrastructure/...`` in it as it is to be typed here, for the same configuration."""
    return re.sub(r"\bpython (infrastructure/\w+\.py)", lambda match: _command(ROOT / match[1], file), text)


def _command(script: Path, file: Path | None, *arguments: str) -> str:
    other = ["--config", str(file)] if file not in {None, config.DEFAULT_FILE} else []
    return shlex.join([python(), shown(script), *other, *arguments])


def look(settings: config.Settings) -> str:
    """The command that opens the warehouse to look at it; where AWS gave the password, the page that needs none."""
    if settings.on_laptop:
        return shlex.join([python(), "-m", "local_redshift", "--database", shown(settings.local_database)])
    if settings.login_from:
        return QUERY_EDITOR
    return (
        f'psql "host={settings.host} port={settings.port} dbname={settings.database} user={settings.user} '
        f'sslmode={settings.sslmode}"'
    )


def pictures(file: Path | None) -> str:
    """The command that makes the report of the song plays, with the same configuration."""
    return _command(ROOT / "analysis" / "report.py", file)


def python() -> str:
    """This interpreter as people would type it here: its path, unless its environment is the active one."""
    active = shutil.which("python")
    here = Path(sys.executable)
    return "python" if active and Path(active).parent == here.parent else shown(here)


def shown(path: Path) -> str:
    """A path as people would type it here."""
    return str(path.relative_to(Path.cwd())) if path.is_absolute() and path.is_relative_to(Path.cwd()) else str(path)


def _failed(error: WarehouseError) -> int:
    from rich.console import Console

    console = Console(stderr=True, highlight=False, markup=False, emoji=False)
    console.print(f"error: {error.message}", style="red", soft_wrap=True)
    if error.hint:
        console.print(error.hint, soft_wrap=True)
    return FAILED
