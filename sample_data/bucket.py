"""The files of a data set under an s3 root: what lies where, and replacing an earlier result without touching others.

``ROOT/sample_data.json`` records the scenario that the files come from. File names are a function of the scenario,
so the record is all that is needed to find an earlier result's files again.
"""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from sample_data.catalogue import Catalogue
from sample_data.scenario import MILLISECONDS_A_DAY, Scenario, day_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from sample_data.simulation import Event

BUCKET = "udacity-dend"
RECORD = "sample_data.json"
_LINES_A_WRITE = 2_000
_SONGS_A_REPORT = 500

_LOG_FIELDS = (
    *("artist", "auth", "firstName", "gender", "itemInSession", "lastName", "length", "level", "location"),
    *("method", "page", "registration", "sessionId", "song", "status", "ts", "userAgent", "userId"),
)


class NotEmptyError(Exception):
    """The folder holds something and overwriting was not asked for."""


class Bucket:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / BUCKET
        self._record = root / RECORD

    def prepare(self, scenario: Scenario, *, overwrite: bool) -> None:
        """Makes the folder ready: an earlier result's files are removed, whatever else lies there stays.

        Raises NotEmptyError when the folder holds something and ``overwrite`` is false, OSError when it cannot be
        written.
        """
        if self.root.is_dir() and any(self.root.iterdir()):
            if not overwrite:
                raise NotEmptyError(f"{self.root} is not empty: name another folder, or add --overwrite")
            self._remove_earlier()
        self.root.mkdir(parents=True, exist_ok=True)
        self._record.write_text(json.dumps(scenario.to_record(), indent=2) + "\n", encoding="utf-8", newline="\n")

    def write_jsonpaths(self) -> None:
        """The file that tells COPY which field of an event fills which column."""
        self.folder.mkdir(parents=True, exist_ok=True)
        paths = {"jsonpaths": [f"$['{field}']" for field in _LOG_FIELDS]}
        text = json.dumps(paths, indent=2) + "\n"
        (self.folder / "log_json_path.json").write_text(text, encoding="utf-8", newline="\n")

    def write_songs(self, catalogue: Catalogue, done: Callable[[int], None]) -> None:
        """One file a song; ``done`` is told how many more there are, now and then."""
        made: set[Path] = set()
        for number in range(catalogue.size):
            path = self._song_path(catalogue, number)
            if path.parent not in made:
                path.parent.mkdir(parents=True, exist_ok=True)
                made.add(path.parent)
            path.write_bytes(catalogue.file(number))
            if number % _SONGS_A_REPORT == 0:
                done(min(_SONGS_A_REPORT, catalogue.size - number))

    def write_events(self, events: Iterable[Event], done: Callable[[int], None]) -> None:
        """One file a day, a line an event, no newline at the end; ``done`` as for songs."""
        midnight, path, lines = 0, self.folder, list[str]()
        for ts, line in events:
            if ts >= midnight or len(lines) >= _LINES_A_WRITE:
                _append(path, lines, done)
                if ts >= midnight:
                    path = self._log_path(ts)
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_bytes(b"")
                    midnight = (ts // MILLISECONDS_A_DAY + 1) * MILLISECONDS_A_DAY
                lines = []
            lines.append(line)
        _append(path, lines, done)

    def strangers(self, scenario: Scenario) -> list[Path]:
        """Files among the data that the scenario does not make: a loader would read them too."""
        ours = set(self._files(scenario))
        return sorted(path for path in self.folder.rglob("*") if path.is_file() and path not in ours)

    def _remove_earlier(self) -> None:
        try:
            earlier = Scenario.from_record(json.loads(self._record.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError, KeyError):
            return  # nothing of ours is known to lie here, so nothing may be removed
        folders = set[Path]()
        for path in self._files(earlier):
            path.unlink(missing_ok=True)
            folders.update(path.parents[: -len(self.folder.parents)])
        for folder in sorted(folders, reverse=True):
            with suppress(OSError):  # gone already, or somebody else's files are in it
                folder.rmdir()

    def _files(self, scenario: Scenario) -> Iterator[Path]:
        catalogue = Catalogue(scenario)
        yield self.folder / "log_json_path.json"
        yield from (self._song_path(catalogue, number) for number in range(scenario.songs))
        for day in range(scenario.days):
            yield self._log_path(scenario.begins + day * MILLISECONDS_A_DAY)

    def _song_path(self, catalogue: Catalogue, number: int) -> Path:
        return self.folder / "song_data" / catalogue.path(number)

    def _log_path(self, ts: int) -> Path:
        day = day_of(ts)
        return self.folder / "log_data" / f"{day:%Y}" / f"{day:%m}" / f"{day.isoformat()}-events.json"


def _append(path: Path, lines: list[str], done: Callable[[int], None]) -> None:
    if not lines:
        return
    with path.open("ab") as file:
        if file.tell():
            file.write(b"\n")
        file.write("\n".join(lines).encode("ascii"))
    done(len(lines))
