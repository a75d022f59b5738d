"""sample_data/: the same options make the same bytes, and the data has what the rest of the project relies on."""

from __future__ import annotations

import filecmp
import json
import os
import subprocess
import sys
import tracemalloc
from collections import Counter, defaultdict
from contextlib import closing
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg2
import pytest
from clients import dsn

from local_redshift import embedded
from sample_data.awkward import AWKWARD_SONGS, LONGEST_TEXT
from sample_data.bucket import BUCKET, RECORD
from sample_data.catalogue import Catalogue
from sample_data.generate import main
from sample_data.scenario import Scenario
from sample_data.simulation import Simulation

if TYPE_CHECKING:
    from collections.abc import Sequence

COMMITTED = Path(__file__).parent.parent / "sample_data" / "s3"
DEFAULT = Scenario()
Record = dict[str, Any]


@pytest.fixture(scope="module")
def events() -> list[Record]:
    files = sorted((COMMITTED / BUCKET / "log_data").rglob("*.json"))
    return [json.loads(line) for file in files for line in file.read_text(encoding="ascii").split("\n")]


@pytest.fixture(scope="module")
def songs() -> list[Record]:
    return [json.loads(file.read_bytes()) for file in (COMMITTED / BUCKET / "song_data").rglob("*.json")]


@pytest.fixture(scope="module")
def sessions(events: list[Record]) -> dict[int, list[Record]]:
    by_session = defaultdict(list)
    for event in events:
        by_session[event["sessionId"]].append(event)
    return by_session


def plays(events: list[Record]) -> list[Record]:
    return [event for event in events if event["page"] == "NextSong"]


def files(root: Path) -> list[Path]:
    return sorted(path.relative_to(root) for path in root.rglob("*") if path.is_file())


def small(output: Path, *more: str) -> Sequence[str]:
    return ["--output", str(output), "--events", "300", "--songs", "40", "--days", "3", *more]


# The committed files


def test_committed_files_are_what_the_generator_makes(tmp_path: Path) -> None:
    assert main(["--output", str(tmp_path)]) == 0
    assert files(tmp_path) == files(COMMITTED)
    _, different, unreadable = filecmp.cmpfiles(
        tmp_path, COMMITTED, [str(path) for path in files(COMMITTED)], shallow=False
    )
    assert (different, unreadable) == ([], [])


def test_bytes_depend_on_nothing_around(tmp_path: Path) -> None:
    """Another process, hash seed, time zone and locale."""
    strange = {**os.environ, "PYTHONHASHSEED": "12345", "TZ": "Pacific/Chatham", "LC_ALL": "C", "PYTHONUTF8": "0"}
    arguments = small(tmp_path / "strange")
    subprocess.run([sys.executable, "-m", "sample_data.generate", *arguments], env=strange, check=True)
    assert main(small(tmp_path / "here")) == 0
    names = [str(path) for path in files(tmp_path / "here")]
    assert filecmp.cmpfiles(tmp_path / "here", tmp_path / "strange", names, shallow=False)[0] == names


def test_another_seed_makes_other_data() -> None:
    assert list(Simulation(Scenario(events=50, seed=1)).events()) != list(
        Simulation(Scenario(events=50, seed=2)).events()
    )


def test_committed_data_is_light() -> None:
    sizes = [(COMMITTED / path).stat().st_size for path in files(COMMITTED)]
    assert sum(sizes) < 2.2e6
    assert len(sizes) < 1000


def test_layout() -> None:
    logs = files(COMMITTED / BUCKET / "log_data")
    assert len(logs) == DEFAULT.days
    assert logs[0] == Path("2018/11/2018-11-01-events.json")
    for path in files(COMMITTED / BUCKET / "song_data"):
        assert path.name[:2] == "TR"
        assert "".join(path.parts[:3]) == path.name[2:5]
    for path in files(COMMITTED / BUCKET):
        assert (COMMITTED / BUCKET / path).read_bytes().endswith(b"}") or path.name == "log_json_path.json"


def test_jsonpaths_name_the_fields_of_an_event_in_order(events: list[Record]) -> None:
    paths = json.loads((COMMITTED / BUCKET / "log_json_path.json").read_bytes())
    assert paths == {"jsonpaths": [f"$['{field}']" for field in events[0]]}
    assert {tuple(event) for event in events} == {tuple(events[0])}


# Events


def test_counts(events: list[Record], songs: list[Record]) -> None:
    assert len(events) == DEFAULT.events
    assert len(songs) == DEFAULT.songs
    assert len({song["song_id"] for song in songs}) == DEFAULT.songs


def test_events_lie_in_the_file_of_their_day_in_order() -> None:
    moments = []
    for file in sorted((COMMITTED / BUCKET / "log_data").rglob("*.json")):
        lines = [json.loads(line) for line in file.read_bytes().split(b"\n")]
        days = {datetime.fromtimestamp(line["ts"] / 1000, UTC).date() for line in lines}
        assert days == {date.fromisoformat(file.name.removesuffix("-events.json"))}
        moments += [line["ts"] for line in lines]
    assert moments == sorted(moments)


def test_sessions_are_numbered_without_gaps_and_move_forward(sessions: dict[int, list[Record]]) -> None:
    for session in sessions.values():
        assert [event["itemInSession"] for event in session] == list(range(len(session)))
        assert all(earlier["ts"] < later["ts"] for earlier, later in pairwise(session))
        assert len({event["userId"] for event in session} - {""}) <= 1


def test_nobody_listens_twice_at_once(sessions: dict[int, list[Record]]) -> None:
    spans = defaultdict(list)
    for session in sessions.values():
        for user in {event["userId"] for event in session} - {""}:
            spans[user].append((session[0]["ts"], session[-1]["ts"]))
    assert all(first[1] < second[0] for user in spans.values() for first, second in pairwise(sorted(user)))


def test_levels_change_where_somebody_submits_it(events: list[Record], sessions: dict[int, list[Record]]) -> None:
    levels: dict[str, str] = {}
    changes: Counter[str] = Counter()
    for event in events:
        if not event["userId"]:
            continue
        assert levels.setdefault(event["userId"], event["level"]) == event["level"]
        if event["page"] in {"Submit Upgrade", "Submit Downgrade"}:
            changes[event["page"]] += 1
            levels[event["userId"]] = "paid" if event["page"] == "Submit Upgrade" else "free"
    assert changes["Submit Upgrade"] >= 5
    assert changes["Submit Downgrade"] >= 3
    assert set(Counter(play["level"] for play in plays(events))) == {"free", "paid"}


def test_logged_out_events_know_nobody(events: list[Record]) -> None:
    logged_out = [event for event in events if event["auth"] == "Logged Out"]
    assert logged_out == [event for event in events if event["userId"] == ""]
    assert {event["page"] for event in logged_out} == {"Home", "Login", "About", "Help"}
    unknown = ("artist", "firstName", "gender", "lastName", "length", "location", "registration", "song", "userAgent")
    assert {event[field] for event in logged_out for field in unknown} == {None}


def test_pages_methods_and_statuses_as_the_service_has_them(events: list[Record]) -> None:
    assert {(event["page"], event["method"], event["status"]) for event in events} == {
        ("NextSong", "PUT", 200),
        ("Home", "GET", 200),
        ("Login", "PUT", 307),
        ("Logout", "PUT", 307),
        ("Settings", "GET", 200),
        ("Save Settings", "PUT", 307),
        ("Upgrade", "GET", 200),
        ("Submit Upgrade", "PUT", 307),
        ("Downgrade", "GET", 200),
        ("Submit Downgrade", "PUT", 307),
        ("Help", "GET", 200),
        ("About", "GET", 200),
        ("Error", "GET", 404),
    }


def test_registration_is_a_float_before_the_first_event(events: list[Record]) -> None:
    for event in events:
        if event["userId"]:
            assert isinstance(event["registration"], float)
            assert event["registration"] <= event["ts"]


def test_two_plays_share_a_moment_now_and_then(events: list[Record]) -> None:
    played = plays(events)
    assert 1 <= len(played) - len({play["ts"] for play in played}) < 20
    assert {play["ts"] % 1000 for play in played} == {296, 796}


# Matches, rhythm, text


def test_most_plays_match_a_song_and_some_do_not(events: list[Record], songs: list[Record]) -> None:
    known = {(str(song["title"]), str(song["artist_name"]), song["duration"]) for song in songs}
    matches = [(play["song"], play["artist"], play["length"]) in known for play in plays(events)]
    assert 0.6 < sum(matches) / len(matches) < 0.8
    titles = {str(song["title"]) for song in songs}
    assert any(play["song"] in titles for play, match in zip(plays(events), matches, strict=True) if not match)


def test_days_and_weeks_have_a_rhythm(events: list[Record]) -> None:
    moments = [datetime.fromtimestamp(play["ts"] / 1000, UTC) for play in plays(events)]
    hours, weekdays = Counter(moment.hour for moment in moments), Counter(moment.weekday() for moment in moments)
    assert len(hours) == 24
    assert sum(hours[hour] for hour in (16, 17, 18, 19)) > 3 * sum(hours[hour] for hour in (2, 3, 4, 5))
    assert weekdays[4] > 1.5 * weekdays[6]


def test_new_listeners_every_week_and_earlier_ones_return(events: list[Record]) -> None:
    first: dict[str, int] = {}
    returned: Counter[int] = Counter()
    for event in events:
        week = (event["ts"] - DEFAULT.begins) // (7 * 86_400_000)
        if event["userId"] and first.setdefault(event["userId"], week) < week:
            returned[week] += 1
    assert set(first.values()) == set(range(DEFAULT.days // 7))
    assert set(returned) == set(range(1, DEFAULT.days // 7))


def test_awkward_text_is_there_and_is_played(events: list[Record], songs: list[Record]) -> None:
    catalogued = {(song["title"], song["artist_name"], song["artist_location"]) for song in songs}
    assert catalogued >= set(AWKWARD_SONGS)
    played = {(play["song"], play["artist"]) for play in plays(events)}
    assert played >= {(str(song.title), str(song.artist)) for song in AWKWARD_SONGS}


def test_no_text_is_longer_than_a_plain_varchar(events: list[Record], songs: list[Record]) -> None:
    lengths = [len(str(value).encode()) for record in (*events, *songs) for value in record.values()]
    assert 240 < max(lengths) <= LONGEST_TEXT


@pytest.mark.parametrize(
    "wanted",
    [
        rb"\/",  # escaped slashes
        rb"\ud83d\udc83",  # a character outside the basic plane
        rb"\u0301",  # a combining accent
        rb"\u0019",  # a control character
        rb"\n",
        rb"\\T",
        rb"\"Maybe\"",
        rb"\u00c3\u00b6",  # doubly encoded
        b'"userAgent":"\\"Mozilla',
        b'"userAgent":"Mozilla',
    ],
)
def test_spelling_in_the_logs(wanted: bytes) -> None:
    logs = b"".join(path.read_bytes() for path in (COMMITTED / BUCKET / "log_data").rglob("*.json"))
    assert wanted in logs


def test_songs_are_utf8_as_they_are_and_numbers_stay_numbers(songs: list[Record]) -> None:
    text = b"".join(path.read_bytes() for path in (COMMITTED / BUCKET / "song_data").rglob("*.json"))
    assert "💃🏽".encode() in text
    assert b'"title":1999,' in text
    assert b'"title":4.5,' in text
    assert b'"artist_name":404,' in text
    assert {type(song["artist_location"]) for song in songs} == {str, int, type(None)}


def test_recordings_entered_twice_and_artists_renamed(songs: list[Record]) -> None:
    recordings = Counter((song["title"], song["artist_name"], song["duration"]) for song in songs)
    assert max(recordings.values()) == 2
    names = defaultdict(set)
    for song in songs:
        names[song["artist_id"]].add((song["artist_name"], song["artist_location"], song["artist_latitude"]))
    assert sum(len(versions) > 1 for versions in names.values()) >= 5


def test_copy_loads_all_of_it_to_the_letter(songs: list[Record], events: list[Record]) -> None:
    with embedded.start(s3_root=COMMITTED) as server:
        connection = psycopg2.connect(dsn(server))
        with closing(connection), connection.cursor() as cursor:
            cursor.execute("CREATE TABLE songs (song_id VARCHAR(18), title VARCHAR, artist_name VARCHAR)")
            cursor.execute(f"COPY songs FROM 's3://{BUCKET}/song_data' IAM_ROLE default FORMAT AS JSON 'auto'")
            cursor.execute("SELECT song_id, title, artist_name FROM songs")
            assert set(cursor) == {(song["song_id"], str(song["title"]), str(song["artist_name"])) for song in songs}
            cursor.execute("CREATE TABLE events (artist VARCHAR, ts BIGINT, sessionid INT, iteminsession INT)")
            cursor.execute(
                f"COPY events FROM 's3://{BUCKET}/log_data' IAM_ROLE default FORMAT AS JSON 'auto ignorecase'"
            )
            cursor.execute("SELECT sessionid, iteminsession, ts, artist FROM events ORDER BY 1, 2")
            fields = ("sessionId", "itemInSession", "ts", "artist")
            assert cursor.fetchall() == sorted(tuple(event[field] for field in fields) for event in events)


# Any size


@pytest.mark.parametrize(("events", "songs", "days"), [(1, 1, 1), (5, 2, 40), (3_000, 10, 1), (20_000, 3, 2)])
def test_exactly_as_many_events_within_the_period(events: int, songs: int, days: int) -> None:
    scenario = Scenario(events=events, songs=songs, days=days, start=date(2024, 2, 28))
    moments = [ts for ts, _ in Simulation(scenario).events()]
    assert len(moments) == events
    assert scenario.begins <= min(moments)
    assert max(moments) < scenario.ends


def test_song_files_of_a_large_catalogue_are_distinct() -> None:
    catalogue = Catalogue(Scenario(songs=1_000_000))
    numbers = range(0, 1_000_000, 97)
    assert len({catalogue.path(number)[-16:] for number in numbers}) == len(numbers)
    assert catalogue.path(999_999).count("/") == 3


def test_memory_is_a_fraction_of_the_data() -> None:
    """Neither the events nor one day of them are held."""
    scenario = Scenario(events=40_000, songs=50, days=4)
    written = 0
    tracemalloc.start()
    try:
        for _, line in Simulation(scenario).events():
            written += len(line)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert written > 400 * scenario.events
    assert peak < written / scenario.days / 2


# The command


def test_refuses_a_folder_that_holds_something(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    assert main(small(tmp_path)) == 1
    assert capsys.readouterr().err == f"{tmp_path} is not empty: name another folder, or add --overwrite\n"
    assert files(tmp_path) == [Path("notes.txt")]


def test_overwriting_replaces_the_earlier_result_and_nothing_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(small(tmp_path, "--days", "9")) == 0
    mine = tmp_path / BUCKET / "log_data" / "2018" / "11" / "mine.json"
    mine.write_text("{}")
    assert main(small(tmp_path, "--overwrite")) == 0
    assert f"1 other files lie there and would be loaded too, such as {mine}" in capsys.readouterr().out
    mine.unlink()
    assert main(small(tmp_path / "fresh")) == 0
    assert files(tmp_path / "fresh" / BUCKET) == files(tmp_path / BUCKET)


def test_overwriting_without_a_record_removes_nothing(tmp_path: Path) -> None:
    stranger = tmp_path / BUCKET / "log_data" / "2018" / "11" / "2018-11-30-events.json"
    stranger.parent.mkdir(parents=True)
    stranger.write_text("{}")
    (tmp_path / RECORD).write_text('{"events": "many"}')
    assert main(small(tmp_path, "--overwrite")) == 0
    assert stranger.read_text() == "{}"


def test_names_the_next_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(small(tmp_path)) == 0
    out = capsys.readouterr().out
    assert "300 events of 3 days from 2018-11-01 and 40 songs" in out
    assert f"next: export DWH_S3_ROOT={tmp_path} && python create_tables.py && python etl.py\n" in out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--events", "0"], "events must be 1 or more, not 0"),
        (["--songs", "-1"], "songs must be 1 or more, not -1"),
        (["--days", "many"], "'many' is not a whole number"),
        (["--start", "yesterday"], "'yesterday' is not a date like 2018-11-01"),
        (["--start", "1960-01-01"], "the days must lie between 1971-01-01 and 9000-01-01"),
        (["--days", "9999999999"], "the days must lie between 1971-01-01 and 9000-01-01"),
    ],
)
def test_wrong_usage(arguments: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["--output", str(tmp_path / "new"), *arguments])
    assert stopped.value.code == 2
    assert message in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


def test_a_folder_that_cannot_be_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    assert main(small(tmp_path / "file" / "below")) == 1
    assert "cannot write" in capsys.readouterr().err


def test_ctrl_c_says_how_to_go_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(self: Simulation) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Simulation, "events", interrupted)
    assert main(small(tmp_path)) == 1
    assert "run it again with --overwrite" in capsys.readouterr().err
    monkeypatch.undo()
    assert main(small(tmp_path, "--overwrite")) == 0
