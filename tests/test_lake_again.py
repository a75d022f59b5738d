"""Loading again, and in parts: as in the warehouse after the same loads."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

from lake_spark import SOCKETS, Lake, in_warehouse
from scripts import event, small_project, song
from scripts import project as make_project

from warehouse.config import SAMPLE_DATA

if TYPE_CHECKING:
    from pathlib import Path

    from scripts import Project

pytest_plugins = ["lake_fixtures"]
pytestmark = SOCKETS
SAMPLE = SAMPLE_DATA / "udacity-dend"
DAY = 86_400_000
FIRST = 1541030400000  # 2018-11-01, midnight
ELENA = song()
OTHER = song("SOAAAAA00000000001", artist_id="ARAAAAA0000000001", artist_name="Ann", title="Again", duration=100.5)
LATER = song("SOBBBBB00000000002", artist_id="ARBBBBB0000000002", artist_name="Ben", title="Before", duration=200.25)

UNDATED = song("SOCCCCC00000000003", artist_id="ARBBBBB0000000002", artist_name="Ben", title="Some day", year=None)


def play(of: dict[str, object], ts: int, user: int = 7, **more: Any) -> dict[str, object]:
    return event(ts, user, artist=of["artist_name"], song=of["title"], length=of["duration"], **more)


SECOND_DAY = [
    play(LATER, FIRST + DAY + 1, 8, sessionId=900),  # its song is not there in the first load
    play(ELENA, FIRST + DAY + 2, 7, level="paid", itemInSession=9),
    event(FIRST + DAY + 3, 8, page="Home"),
]
LOADS: list[tuple[dict[str, list[dict[str, object]]], list[dict[str, object]]]] = [
    (
        {
            "2018-11-01": [
                play(ELENA, FIRST + 796),
                play(LATER, FIRST + 796, 8),
                # Skipped within a millisecond: two plays that only their songs tell apart.
                play(ELENA, FIRST + 5, itemInSession=3),
                play(OTHER, FIRST + 5, itemInSession=4),
                {**play(ELENA, FIRST + 6), "userId": ""},
                play(ELENA, FIRST + 7),
                play(ELENA, FIRST + 7),  # delivered twice
            ],
            "2018-11-02": SECOND_DAY,
        },
        [ELENA, {**OTHER, "year": 1999}, UNDATED],
    ),
    (
        {
            "2018-10-31": [play(OTHER, FIRST - 1, 7, level="free", lastName="Maiden")],  # late, and of another month
            "2018-11-02": SECOND_DAY,
            "2018-11-03": [
                play(ELENA, FIRST + 2 * DAY, 7, level="paid"),  # a song of the earlier load
                play(LATER, FIRST + 2 * DAY, 9),
                play(ELENA, FIRST + 2 * DAY + 1, 8, level="paid"),
            ],
        },
        [{**OTHER, "year": 2001, "artist_location": None, "artist_latitude": None}, LATER],
    ),
]


def put(project: Project, days: dict[str, list[dict[str, object]]], songs: list[dict[str, object]]) -> None:
    """The bucket holds this and nothing else."""
    for folder in ("log_data", "song_data"):
        shutil.rmtree(project.s3_root / "udacity-dend" / folder, ignore_errors=True)
    for day, events in days.items():
        project.put_events(day, events)
    project.put_songs(*songs)


def test_two_loads_are_those_of_the_warehouse(lake: Lake, tmp_path: Path) -> None:
    project = small_project(tmp_path)
    project.succeed("create_tables.py")
    bucket = project.s3_root / "udacity-dend"
    numbers = "SELECT songplay_id, start_time, user_id FROM songplays"
    numbered: list[set[tuple[Any, ...]]] = [set()]
    for days, songs in LOADS:
        put(project, days, songs)
        project.succeed("etl.py")
        lake.load(bucket)
        assert lake.everything() == in_warehouse(project)
        numbered.append(set(lake.query(numbers)))
        assert numbered[-2] < numbered[-1]  # what else is loaded does not change a play's number
    # ... which is what must come out: nothing twice, the latest level, a song's year as it is now.
    assert lake.query("SELECT COUNT(*), COUNT(DISTINCT songplay_id), COUNT(song_id) FROM songplays") == [(12, 12, 11)]
    assert lake.query("SELECT last_name, level FROM users WHERE user_id = 7") == [("Koch", "paid")]
    assert lake.query(f"SELECT year FROM songs WHERE song_id = '{OTHER['song_id']}'") == [(2001,)]
    assert sorted(lake.files("songs")) == [
        "year=0/part-00000.snappy.parquet",
        "year=2001/part-00000.snappy.parquet",
        "year=__HIVE_DEFAULT_PARTITION__/part-00000.snappy.parquet",
    ]
    assert {name.rpartition("/")[0] for name in lake.files("songplays")} == {"year=2018/month=10", "year=2018/month=11"}

    before = lake.files()
    lake.load(bucket)
    assert lake.files() == before

    # --replace: as if there had been the second load alone.
    lake.load(bucket, replace=True)
    (tmp_path / "alone").mkdir()
    alone = make_project(tmp_path / "alone", project.s3_root)
    alone.succeed("create_tables.py")
    alone.succeed("etl.py")
    assert lake.everything() == in_warehouse(alone)


def test_a_song_that_is_deleted_by_replace_leaves_no_partition(lake: Lake, tmp_path: Path) -> None:
    project = small_project(tmp_path)
    put(project, {"2018-11-01": [play(ELENA, FIRST)]}, [ELENA, {**OTHER, "year": 1999}])
    lake.load(project.s3_root / "udacity-dend")
    put(project, {"2018-12-01": [play(ELENA, FIRST + 30 * DAY)]}, [ELENA])
    lake.load(project.s3_root / "udacity-dend", replace=True)
    assert sorted(name for name in lake.files() if not name.startswith("_")) == [
        "artists/part-00000.snappy.parquet",
        "songplays/year=2018/month=12/part-00000.snappy.parquet",
        "songs/year=0/part-00000.snappy.parquet",
        "time/year=2018/month=12/part-00000.snappy.parquet",
        "users/part-00000.snappy.parquet",
    ]


def test_the_sample_data_again_is_the_same_files(sample_lake: Lake, copied_lake: Lake) -> None:
    copied_lake.load(SAMPLE)
    assert copied_lake.files() == sample_lake.files()


def test_two_parts_of_the_sample_data_are_those_of_the_warehouse(lake: Lake, tmp_path: Path) -> None:
    """The days overlap; the songs come in halves, the plays of both in either."""
    days = sorted((SAMPLE / "log_data").rglob("*.json"))
    songs = sorted((SAMPLE / "song_data").rglob("*.json"))
    (tmp_path / "here").mkdir()
    for number, (some_days, some_songs) in enumerate([(days[:25], songs[::2]), (days[20:], songs[1::2])]):
        part = tmp_path / f"part{number}" / "udacity-dend"
        for folder, files in (("log_data", some_days), ("song_data", some_songs)):
            (part / folder).mkdir(parents=True)
            for file in files:
                shutil.copy(file, part / folder / file.name)
        shutil.copy(SAMPLE / "log_json_path.json", part)
        project = make_project(tmp_path / "here", part.parent)
        if not number:
            project.succeed("create_tables.py")
        project.succeed("etl.py")
        lake.load(part)
    assert lake.everything() == in_warehouse(project)
    assert lake.query("SELECT COUNT(*), COUNT(DISTINCT songplay_id) FROM songplays") == [(3235, 3235)]
