"""The public music data set gives exactly the numbers that it must."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from real_numbers import STAR
from scripts import project as make_project

if TYPE_CHECKING:
    from pathlib import Path

    from scripts import Project

USERS = "SELECT COUNT(*) FROM (SELECT DISTINCT user_id, first_name, last_name, gender, level FROM staging_events {}) u"
MATCHED = "SELECT COUNT(*) FROM staging_events e JOIN staging_songs s ON {} WHERE e.page = 'NextSong'"


@pytest.fixture(scope="module")
def project(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Project:
    made = make_project(tmp_path_factory.mktemp("project"), real_data)
    made.succeed("create_tables.py")
    made.succeed("etl.py")
    return made


# What must come out, and what people measured on real Redshift clusters with the same data.
NUMBERS: list[tuple[str, list[tuple[object, ...]]]] = [
    ("SELECT COUNT(*), COUNT(user_id) FROM staging_events", [(8056, 8056 - 286)]),
    ("SELECT COUNT(*) FROM staging_events WHERE page = 'NextSong'", [(6820,)]),
    ("SELECT DISTINCT auth FROM staging_events WHERE user_id IS NULL", [("Logged Out",)]),
    ("SELECT COUNT(DISTINCT page) FROM staging_events", [(13,)]),
    ("SELECT COUNT(*), COUNT(DISTINCT song_id) FROM staging_songs", [(14896, 14896)]),
    *STAR,
    (MATCHED.format("e.song = s.title AND e.artist = s.artist_name"), [(333,)]),
    (MATCHED.format("e.song = s.title AND e.artist = s.artist_name AND e.length = s.duration"), [(319,)]),
    (MATCHED.format("e.song = s.title"), [(1144,)]),
    (MATCHED.format("e.artist = s.artist_name"), [(9957,)]),
    (USERS.format("WHERE page = 'NextSong'"), [(104,)]),
    (USERS.format("WHERE user_id IS NOT NULL"), [(105,)]),
    (USERS.format(""), [(107,)]),
    (
        (
            "SELECT COUNT(*) FROM (SELECT DISTINCT artist_id, artist_name, artist_location, artist_latitude, "
            "artist_longitude FROM staging_songs) a"
        ),
        [(10025,)],
    ),
    ("SELECT COUNT(DISTINCT ts) FROM staging_events", [(8023,)]),
    (
        (
            "SELECT MAX(OCTET_LENGTH(artist_name)), MAX(OCTET_LENGTH(title)), MAX(OCTET_LENGTH(artist_location)) "
            "FROM staging_songs"
        ),
        [(177, 173, 176)],
    ),
]


@pytest.fixture(scope="module")
def answers(project: Project) -> dict[str, list[tuple[object, ...]]]:
    queries = [sql for sql, _ in NUMBERS]
    return dict(zip(queries, project.query_all(*queries), strict=True))


@pytest.mark.parametrize(("sql", "expected"), NUMBERS)
def test_numbers(answers: dict[str, list[tuple[object, ...]]], sql: str, expected: list[tuple[object, ...]]) -> None:
    assert answers[sql] == expected


def test_a_second_run_changes_nothing(project: Project) -> None:
    everything = [f"SELECT * FROM {table} ORDER BY 1" for table in ("songplays", "users", "songs", "artists", "time")]
    before = project.query_all(*everything)
    said = project.succeed("etl.py")
    assert "6,820 songplays were there already" in said
    assert project.query_all(*everything) == before


@pytest.mark.parametrize("tens", ["0123", "3210"], ids=["forwards", "backwards"])
def test_ten_days_at_a_time_is_the_same_as_at_once(
    project: Project, tmp_path: Path, real_data: Path, tens: str
) -> None:
    parts = make_project(tmp_path, real_data)
    parts.succeed("create_tables.py")
    for ten in tens:
        parts.configure(f"[S3]\nLOG_DATA = s3://udacity-dend/log_data/2018/11/2018-11-{ten}\n")
        parts.succeed("etl.py")
    plays = "SELECT start_time, user_id, level, song_id, artist_id, session_id, location, user_agent FROM songplays"
    everything = (plays, *(f"SELECT * FROM {table}" for table in ("users", "songs", "artists", "time")))
    for mine, theirs in zip(parts.query_all(*everything), project.query_all(*everything), strict=True):
        assert sorted(mine, key=repr) == sorted(theirs, key=repr)
