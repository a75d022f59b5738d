"""What the analysts ask: one SELECT in Redshift's SQL for each question, to be run as it stands, in psql too.

Everything is aggregated in the warehouse: what comes back is a few dozen rows, however many plays there are. Plays are
scanned once a question and grouped before anything is joined or ranked. Hours and weekdays come from start_time itself,
not from the table time: on a hundred million plays that saves a join of the two largest tables.

Most need the star schema alone, so that the lake answers them too. Those that read the staging tables see what the last
load staged. Times are UTC; weeks begin on Monday, weekdays count from Sunday = 0, as in Redshift.
"""

# PLAYS

overview = """
SELECT SUM(plays) AS plays, COUNT(DISTINCT user_id) AS listeners, COUNT(*) AS sessions,
       SUM(paid_plays) AS paid_plays, SUM(matched_plays) AS matched_plays,
       MIN(first_play) AS first_play, MAX(last_play) AS last_play
FROM (
    SELECT user_id, session_id, COUNT(*) AS plays, COUNT(song_id) AS matched_plays,
           SUM(CASE WHEN level = 'paid' THEN 1 ELSE 0 END) AS paid_plays,
           MIN(start_time) AS first_play, MAX(start_time) AS last_play
    FROM songplays
    GROUP BY user_id, session_id
) AS session
"""

plays_by_day = """
SELECT TRUNC(start_time) AS day, level, COUNT(*) AS plays
FROM songplays
GROUP BY 1, 2
ORDER BY 1, 2
"""

# A month has some weekdays four times and some five: plays_per_day divides by the days of that weekday.
plays_by_hour = """
WITH hourly AS (
    SELECT TRUNC(start_time) AS day, EXTRACT(dayofweek FROM start_time) AS weekday,
           EXTRACT(hour FROM start_time) AS hour, COUNT(*) AS plays
    FROM songplays
    GROUP BY 1, 2, 3
)
SELECT hourly.weekday, hourly.hour, SUM(hourly.plays) AS plays,
       ROUND(SUM(hourly.plays) / CAST(MAX(weekdays.days) AS FLOAT), 1) AS plays_per_day
FROM hourly
JOIN (SELECT weekday, COUNT(DISTINCT day) AS days FROM hourly GROUP BY weekday) AS weekdays
    ON weekdays.weekday = hourly.weekday
GROUP BY hourly.weekday, hourly.hour
ORDER BY hourly.weekday, hourly.hour
"""

top_songs = """
SELECT songs.title, artists.name AS artist, top.plays, top.listeners
FROM (
    SELECT song_id, artist_id, COUNT(*) AS plays, COUNT(DISTINCT user_id) AS listeners
    FROM songplays
    WHERE song_id IS NOT NULL
    GROUP BY song_id, artist_id
    ORDER BY plays DESC, listeners DESC, song_id
    LIMIT 15
) AS top
JOIN songs ON songs.song_id = top.song_id
JOIN artists ON artists.artist_id = top.artist_id
ORDER BY top.plays DESC, top.listeners DESC, songs.title
"""

top_artists = """
SELECT artists.name AS artist, artists.location, top.plays, top.songs, top.listeners
FROM (
    SELECT artist_id, COUNT(*) AS plays, COUNT(DISTINCT song_id) AS songs, COUNT(DISTINCT user_id) AS listeners
    FROM songplays
    WHERE artist_id IS NOT NULL
    GROUP BY artist_id
    ORDER BY plays DESC, listeners DESC, artist_id
    LIMIT 15
) AS top
JOIN artists ON artists.artist_id = top.artist_id
ORDER BY top.plays DESC, top.listeners DESC, artists.name
"""

# LISTENERS: new on the day, or in the week, of their first play; returning on every later one

listeners_by_day = """
SELECT day, COUNT(*) AS listeners,
       SUM(CASE WHEN day = first_day THEN 1 ELSE 0 END) AS new_listeners,
       SUM(CASE WHEN day > first_day THEN 1 ELSE 0 END) AS returning_listeners
FROM (
    SELECT user_id, day, MIN(day) OVER (PARTITION BY user_id) AS first_day
    FROM (SELECT DISTINCT user_id, TRUNC(start_time) AS day FROM songplays WHERE user_id IS NOT NULL) AS active
) AS dated
GROUP BY day
ORDER BY day
"""

listeners_by_week = """
SELECT week, COUNT(*) AS listeners,
       SUM(CASE WHEN week = first_week THEN 1 ELSE 0 END) AS new_listeners,
       SUM(CASE WHEN week > first_week THEN 1 ELSE 0 END) AS returning_listeners
FROM (
    SELECT user_id, week, MIN(week) OVER (PARTITION BY user_id) AS first_week
    FROM (
        SELECT DISTINCT user_id, CAST(DATE_TRUNC('week', start_time) AS DATE) AS week
        FROM songplays
        WHERE user_id IS NOT NULL
    ) AS active
) AS dated
GROUP BY week
ORDER BY week
"""

# The cohorts of the last twelve weeks. A week in which nobody of a cohort came back is a row with 0.
retention = """
WITH active AS (
    SELECT DISTINCT user_id, CAST(DATE_TRUNC('week', start_time) AS DATE) AS week
    FROM songplays
    WHERE user_id IS NOT NULL
), dated AS (
    SELECT user_id, week, MIN(week) OVER (PARTITION BY user_id) AS cohort
    FROM active
), counted AS (
    SELECT cohort, week, COUNT(*) AS listeners
    FROM dated
    GROUP BY cohort, week
)
SELECT cohort.cohort, DATEDIFF(day, cohort.cohort, weeks.week) / 7 AS weeks_later,
       NVL(counted.listeners, 0) AS listeners, cohort.listeners AS cohort_listeners,
       ROUND(100.0 * NVL(counted.listeners, 0) / cohort.listeners, 1) AS percent
FROM (SELECT cohort, listeners FROM counted WHERE week = cohort) AS cohort
JOIN (SELECT DISTINCT week FROM active) AS weeks ON weeks.week >= cohort.cohort
LEFT JOIN counted ON counted.cohort = cohort.cohort AND counted.week = weeks.week
WHERE cohort.cohort > (SELECT MAX(week) - 7 * 12 FROM active)
ORDER BY 1, 2
"""

places = """
SELECT location, COUNT(*) AS plays, COUNT(DISTINCT user_id) AS listeners,
       ROUND(100.0 * COUNT(*) / SUM(COUNT(*)) OVER (), 1) AS percent
FROM songplays
GROUP BY location
ORDER BY plays DESC, location
LIMIT 15
"""

# Each listener counts once, with the user agent that most of their plays came from.
user_agents = """
SELECT user_agent, SUM(plays) AS plays, SUM(CASE WHEN choice = 1 THEN 1 ELSE 0 END) AS listeners
FROM (
    SELECT user_agent, plays, ROW_NUMBER() OVER (PARTITION BY user_id ORDER BY plays DESC, user_agent) AS choice
    FROM (
        SELECT user_id, user_agent, COUNT(*) AS plays
        FROM songplays
        WHERE user_id IS NOT NULL
        GROUP BY user_id, user_agent
    ) AS used
) AS ranked
GROUP BY user_agent
ORDER BY plays DESC, user_agent
LIMIT 1000
"""

# FREE AND PAID: the level is that of each play, so someone who changed counts on both sides

free_and_paid = """
SELECT level, COUNT(DISTINCT user_id) AS listeners, COUNT(*) AS sessions, SUM(plays) AS plays,
       ROUND(SUM(plays) / CAST(COUNT(DISTINCT user_id) AS FLOAT), 1) AS plays_per_listener,
       ROUND(SUM(plays) / CAST(COUNT(*) AS FLOAT), 1) AS plays_per_session
FROM (
    SELECT level, user_id, session_id, COUNT(*) AS plays
    FROM songplays
    WHERE user_id IS NOT NULL
    GROUP BY level, user_id, session_id
) AS session
GROUP BY level
ORDER BY level
"""

# A change shows with the next play after it.
level_changes = """
SELECT CAST(DATE_TRUNC('week', start_time) AS DATE) AS week,
       SUM(CASE WHEN level_before = 'free' AND level = 'paid' THEN 1 ELSE 0 END) AS upgrades,
       SUM(CASE WHEN level_before = 'paid' AND level = 'free' THEN 1 ELSE 0 END) AS downgrades
FROM (
    SELECT start_time, level, LAG(level) OVER (PARTITION BY user_id ORDER BY start_time, songplay_id) AS level_before
    FROM songplays
) AS play
GROUP BY 1
ORDER BY 1
"""

# Of the sessions in which a listener changed the plan: how many of them had seen a page before they did. Beside it, how
# many sessions of the same plan without a change saw it.
before_changes = """
WITH changes AS (
    SELECT user_id, session_id, level, MIN(ts) AS changed_at
    FROM staging_events
    WHERE page IN ('Submit Upgrade', 'Submit Downgrade')
    GROUP BY user_id, session_id, level
), visits AS (
    SELECT visit.user_id, visit.session_id, visit.level, visit.page,
           CASE WHEN changes.changed_at IS NULL THEN 0 ELSE 1 END AS changed
    FROM (
        SELECT user_id, session_id, level, page, MIN(ts) AS first_seen
        FROM staging_events
        WHERE user_id IS NOT NULL AND page NOT IN ('Submit Upgrade', 'Submit Downgrade')
        GROUP BY user_id, session_id, level, page
    ) AS visit
    LEFT JOIN changes
        ON changes.user_id = visit.user_id AND changes.session_id = visit.session_id AND changes.level = visit.level
    WHERE changes.changed_at IS NULL OR visit.first_seen < changes.changed_at
), sessions AS (
    SELECT level, SUM(changed) AS changing, SUM(1 - changed) AS other
    FROM (SELECT level, user_id, session_id, MAX(changed) AS changed FROM visits GROUP BY 1, 2, 3) AS session
    GROUP BY level
    HAVING SUM(changed) > 0
)
SELECT CASE sessions.level WHEN 'free' THEN 'upgrade' ELSE 'downgrade' END AS change, seen.page,
       seen.changing AS before_change, sessions.changing AS changes,
       ROUND(100.0 * seen.changing / sessions.changing, 1) AS percent_before_change,
       ROUND(100.0 * seen.other / NULLIF(sessions.other, 0), 1) AS percent_of_other_sessions
FROM (SELECT level, page, SUM(changed) AS changing, SUM(1 - changed) AS other FROM visits GROUP BY level, page) AS seen
JOIN sessions ON sessions.level = seen.level
ORDER BY 1 DESC, 5 DESC, 6 DESC, 2
"""

# SESSIONS: from the start of the first play to that of the last, since nothing tells when the last one ended

session_lengths = """
WITH session AS (
    SELECT DATEDIFF(second, MIN(start_time), MAX(start_time)) / 60.0 AS minutes, COUNT(*) AS plays
    FROM songplays
    GROUP BY user_id, session_id
)
SELECT bucket.from_minutes, bucket.length, COUNT(session.minutes) AS sessions, NVL(SUM(session.plays), 0) AS plays,
       MAX(middle.median_minutes) AS median_minutes
FROM (
    SELECT 0 AS from_minutes, 15 AS to_minutes, 'under 15 min' AS length
    UNION ALL SELECT 15, 30, '15 to 30 min'
    UNION ALL SELECT 30, 60, '30 to 60 min'
    UNION ALL SELECT 60, 120, '1 to 2 h'
    UNION ALL SELECT 120, 240, '2 to 4 h'
    UNION ALL SELECT 240, 480, '4 to 8 h'
    UNION ALL SELECT 480, 1000000000, '8 h and more'
) AS bucket
CROSS JOIN (SELECT ROUND(MEDIAN(minutes), 1) AS median_minutes FROM session) AS middle
LEFT JOIN session ON session.minutes >= bucket.from_minutes AND session.minutes < bucket.to_minutes
GROUP BY bucket.from_minutes, bucket.length
ORDER BY bucket.from_minutes
"""

plays_per_session = """
WITH session AS (
    SELECT COUNT(*) AS plays
    FROM songplays
    GROUP BY user_id, session_id
)
SELECT bucket.from_plays, bucket.plays_per_session, COUNT(session.plays) AS sessions,
       NVL(SUM(session.plays), 0) AS plays, MAX(middle.median_plays) AS median_plays
FROM (
    SELECT 1 AS from_plays, 1 AS to_plays, '1' AS plays_per_session
    UNION ALL SELECT 2, 5, '2 to 5'
    UNION ALL SELECT 6, 10, '6 to 10'
    UNION ALL SELECT 11, 20, '11 to 20'
    UNION ALL SELECT 21, 50, '21 to 50'
    UNION ALL SELECT 51, 100, '51 to 100'
    UNION ALL SELECT 101, 1000000000, 'over 100'
) AS bucket
CROSS JOIN (SELECT MEDIAN(plays) AS median_plays FROM session) AS middle
LEFT JOIN session ON session.plays BETWEEN bucket.from_plays AND bucket.to_plays
GROUP BY bucket.from_plays, bucket.plays_per_session
ORDER BY bucket.from_plays
"""

# THE CATALOGUE

catalogue_played = """
SELECT 'songs' AS catalogue, (SELECT COUNT(*) FROM songs) AS listed, COUNT(DISTINCT song_id) AS played
FROM songplays
UNION ALL
SELECT 'artists', (SELECT COUNT(*) FROM artists), COUNT(DISTINCT artist_id)
FROM songplays
ORDER BY 1 DESC
"""

matched_by_week = """
SELECT CAST(DATE_TRUNC('week', start_time) AS DATE) AS week, COUNT(*) AS plays,
       COUNT(song_id) AS matched_plays, COUNT(*) - COUNT(song_id) AS unmatched_plays,
       ROUND(100.0 * COUNT(song_id) / COUNT(*), 1) AS percent_matched
FROM songplays
GROUP BY 1
ORDER BY 1
"""

# In the order in which a play fails to be matched: by its spelling, its artist, its title, its length. UTF-8 that was
# encoded twice shows as Ã and something after it.
why_unmatched = """
SELECT CASE WHEN catalogue_song.title IS NOT NULL THEN 'matched'
            WHEN play.artist LIKE '%Ã%' OR play.song LIKE '%Ã%' THEN 'the log garbles its name'
            WHEN catalogue_artist.artist_name IS NULL THEN 'the artist is not in the catalogue'
            WHEN catalogue_title.title IS NULL THEN 'the artist is in it, with other titles'
            ELSE 'the title is in it, with another length' END AS match,
       SUM(play.plays) AS plays,
       ROUND(100.0 * SUM(play.plays) / SUM(SUM(play.plays)) OVER (), 1) AS percent
FROM (
    SELECT artist, song, length, COUNT(*) AS plays
    FROM staging_events
    WHERE page = 'NextSong'
    GROUP BY artist, song, length
) AS play
LEFT JOIN (SELECT DISTINCT artist_name FROM staging_songs) AS catalogue_artist
    ON catalogue_artist.artist_name = play.artist
LEFT JOIN (SELECT DISTINCT artist_name, title FROM staging_songs) AS catalogue_title
    ON catalogue_title.artist_name = play.artist AND catalogue_title.title = play.song
LEFT JOIN (SELECT DISTINCT artist_name, title, duration FROM staging_songs) AS catalogue_song
    ON catalogue_song.artist_name = play.artist AND catalogue_song.title = play.song
    AND catalogue_song.duration = play.length
GROUP BY 1
ORDER BY plays DESC, 1
"""

wanted_artists = """
SELECT play.artist, play.plays, play.songs, play.listeners
FROM (
    SELECT artist, COUNT(*) AS plays, COUNT(DISTINCT song) AS songs, COUNT(DISTINCT user_id) AS listeners
    FROM staging_events
    WHERE page = 'NextSong' AND artist IS NOT NULL
    GROUP BY artist
) AS play
LEFT JOIN (SELECT DISTINCT artist_name FROM staging_songs) AS catalogue_artist
    ON catalogue_artist.artist_name = play.artist
WHERE catalogue_artist.artist_name IS NULL AND play.artist NOT LIKE '%Ã%'
ORDER BY play.plays DESC, play.listeners DESC, play.artist
LIMIT 15
"""

QUESTIONS = {name: sql for name, sql in globals().items() if isinstance(sql, str) and not name.startswith("_")}
