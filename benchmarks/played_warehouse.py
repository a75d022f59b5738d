"""A warehouse of any number of plays, filled within the engine: through files and COPY it would take an hour.

Two years of plays, as a growing music service has them: a few listeners play most, those who pay most of all; they
change between the plans; half of the plays match a song, few songs are played a lot; the staging tables hold the whole
catalogue and the last month, as after a monthly load. The same number of plays gives the same warehouse.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

if TYPE_CHECKING:
    from pathlib import Path

_DAYS = 730
_PLAYS_A_SESSION = 6.46  # on average, as `session` below makes them

# u: an even number from 0 to 1 for a number, another one for each salt.
_SETUP = """
CREATE TEMP MACRO u(number, salt) AS hash(number * 31 + salt) / 18446744073709551616.0;
CREATE TEMP MACRO song_of(play) AS CAST(floor({songs} * pow(u(play, 11), 4)) AS INTEGER);
CREATE TEMP TABLE session AS
SELECT *, CAST(1 + floor(-ln(1 - u(session_id, 4)) * CASE level WHEN 'paid' THEN 25 ELSE 3 END) AS INTEGER) AS plays
FROM (
    SELECT *, CASE WHEN u(user_id, 5) < 0.2 AND (CAST(epoch(began) AS BIGINT) // 8000000 + user_id) % 3 > 0
                   THEN 'paid' ELSE 'free' END AS level
    FROM (
        SELECT CAST(s AS INTEGER) AS session_id,
               CAST(1 + floor({listeners} * (0.2 + 0.8 * s / {sessions}) * pow(u(s, 1), 3)) AS INTEGER) AS user_id,
               date_trunc('milliseconds', TIMESTAMP '2017-01-02' + to_seconds({days} * 86400.0 * s / {sessions})
                                          + to_seconds(86400 * u(s, 2))) AS began
        FROM range({sessions}) AS t(s)
    )
)
"""

_TABLES = {
    "songplays (songplay_id, start_time, user_id, level, song_id, artist_id, session_id, location, user_agent)": """
SELECT play, start_time, user_id, level,
       CASE WHEN matched THEN 'SO' || lpad(CAST(song_of(play) AS VARCHAR), 16, '0') END,
       CASE WHEN matched THEN 'AR' || lpad(CAST(song_of(play) % {artists} AS VARCHAR), 16, '0') END,
       session_id, 'Place ' || CAST(floor(400 * pow(u(user_id, 6), 3)) AS INTEGER) || ', CA',
       '"Mozilla/5.0 (Windows NT 6.' || user_id % 4 || '; WOW64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/'
           || CAST(30 + floor(40 * u(user_id, 7 + session_id % 2)) AS INTEGER) || '.0.'
           || CAST(floor(100 * u(user_id, 9)) AS INTEGER) || ' Safari/537.36"'
FROM (
    SELECT session_id * 1000::BIGINT + nth AS play, began + nth * INTERVAL 240 SECOND AS start_time,
           u(session_id * 1000::BIGINT + nth, 10) < 0.5 AS matched, *
    FROM session, unnest(range(plays)) AS t(nth)
)""",
    "songs (song_id, title, artist_id, year, duration)": """
SELECT 'SO' || lpad(CAST(n AS VARCHAR), 16, '0'), 'Song ' || n,
       'AR' || lpad(CAST(n % {artists} AS VARCHAR), 16, '0'), 2000, 100 + n % 300 + 0.5
FROM range({songs}) AS t(n)""",
    "artists (artist_id, name)": """
SELECT 'AR' || lpad(CAST(n AS VARCHAR), 16, '0'), 'Artist ' || n
FROM range({artists}) AS t(n)""",
    "staging_songs (song_id, title, artist_name, artist_id, year, duration)": """
SELECT songs.song_id, songs.title, artists.name, artists.artist_id, songs.year, songs.duration
FROM public.songs JOIN public.artists USING (artist_id)""",
    "staging_events (ts, user_id, level, session_id, page, artist, song, length)": """
SELECT start_time, user_id, level, session_id, 'NextSong', coalesce(artists.name, 'Nobody ' || songplay_id % 5000),
       coalesce(songs.title, 'Nothing ' || songplay_id % 50000), coalesce(songs.duration, 200)
FROM public.songplays LEFT JOIN public.songs USING (song_id) LEFT JOIN public.artists
    ON artists.artist_id = songplays.artist_id
WHERE start_time >= {staged_from}
UNION ALL
SELECT start_time + INTERVAL 1 SECOND, user_id, level, session_id,
       ['Home', 'Logout', 'Help', 'Settings', 'Error', CASE level WHEN 'paid' THEN 'Downgrade' ELSE 'Upgrade' END,
        CASE level WHEN 'paid' THEN 'Submit Downgrade' ELSE 'Submit Upgrade' END]
           [CAST(1 + floor(7 * pow(u(songplay_id, 12), 3)) AS INTEGER)], NULL, NULL, NULL
FROM public.songplays
WHERE start_time >= {staged_from} AND u(songplay_id, 13) < 0.2""",
}


def fill(file: Path, plays: int) -> int:
    """Fill the empty tables of a warehouse's file with about so many plays; returns how many they are."""
    sizes = {
        "sessions": max(1, round(plays / _PLAYS_A_SESSION)),
        "listeners": max(10, plays // 1000),
        "songs": max(100, plays // 100),
        "artists": max(10, plays // 1000),
        "days": _DAYS,
        "staged_from": "(SELECT max(start_time) - INTERVAL 30 DAY FROM public.songplays)",
    }
    with duckdb.connect() as database:
        # The warehouse knows the sequence behind IDENTITY by the name of its database.
        database.execute(f"ATTACH '{file}' AS dev; USE dev")
        database.execute(_SETUP.format(**sizes))
        for table, select in _TABLES.items():
            database.execute(f"INSERT INTO public.{table} {select.format(**sizes)}")
        [(filled,)] = database.execute("SELECT count(*) FROM public.songplays").fetchall()
    return int(filled)
