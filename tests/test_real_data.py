"""The public music data set gives exactly the numbers that it must."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
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
    ("SELECT COUNT(*), COUNT(song_id), COUNT(artist_id) FROM songplays", [(6820, 319, 319)]),
    ("SELECT COUNT(DISTINCT songplay_id) FROM songplays", [(6820,)]),
    ("SELECT level, COUNT(*) FROM songplays GROUP BY level ORDER BY level", [("free", 1229), ("paid", 5591)]),
    ("SELECT level, COUNT(*) FROM users GROUP BY level ORDER BY level", [("free", 74), ("paid", 22)]),
    ("SELECT COUNT(*), COUNT(DISTINCT user_id) FROM users", [(96, 96)]),
    ("SELECT COUNT(*), COUNT(DISTINCT song_id) FROM songs", [(14896, 14896)]),
    ("SELECT COUNT(*), COUNT(DISTINCT artist_id) FROM artists", [(9553, 9553)]),
    ("SELECT COUNT(*), COUNT(DISTINCT start_time) FROM time", [(6813, 6813)]),
    ("SELECT COUNT(*) FROM time WHERE EXTRACT(ms FROM start_time) = 796", [(6813,)]),
    (
        (
            "SELECT s.title, a.name, COUNT(*) FROM songplays p JOIN songs s ON s.song_id = p.song_id "
            "JOIN artists a ON a.artist_id = p.artist_id GROUP BY 1, 2 ORDER BY 3 DESC, 1 LIMIT 3"
        ),
        [
            ("You're The One", "Dwight Yoakam", 37),
            ("Catch You Baby (Steve Pitron & Max Sanna Radio Edit)", "Lonnie Gordon", 9),
            ("I CAN'T GET STARTED", "Ron Carter", 9),
        ],
    ),
    (
        (
            "SELECT t.hour, COUNT(*) FROM songplays p JOIN time t ON t.start_time = p.start_time "
            "GROUP BY 1 ORDER BY 2 DESC LIMIT 3"
        ),
        [(16, 542), (18, 498), (17, 494)],
    ),
    (
        (
            "SELECT t.weekday, COUNT(*) FROM songplays p JOIN time t ON t.start_time = p.start_time "
            "GROUP BY 1 ORDER BY 1"
        ),
        [(0, 396), (1, 1014), (2, 1071), (3, 1364), (4, 1052), (5, 1295), (6, 628)],
    ),
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
    # Every key of the fact finds its dimension, though Redshift checks none.
    (
        (
            "SELECT COUNT(*) FROM songplays p JOIN users u ON u.user_id = p.user_id "
            "JOIN time t ON t.start_time = p.start_time"
        ),
        [(6820,)],
    ),
    (
        (
            "SELECT COUNT(*) FROM songplays p JOIN songs s ON s.song_id = p.song_id "
            "JOIN artists a ON a.artist_id = p.artist_id AND a.artist_id = s.artist_id"
        ),
        [(319,)],
    ),
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
