"""What the analysts ask: one SELECT in Redshift's SQL for each question, to be run as it stands, in psql too.

Everything is aggregated in the warehouse: what comes back is a row for each day (and level) or week, or else at most
168 rows, of user agents 1,000, however many plays there are. Plays are grouped before anything is joined, counted
distinctly or ranked. Hours and weekdays come from start_time itself, not from the table time: on a hundred million
plays that saves a join of the two largest tables.

Most need the star schema alone, so that the lake answers them too. Those that read the staging tables see what the last
load staged. Times are UTC; weeks begin on Monday, weekdays count from Sunday = 0, as in Redshift. Shares are computed
as FLOAT: Redshift's NUMERIC loses digits, or overflows, where sums are multiplied and divided.
https://docs.aws.amazon.com/redshift/latest/dg/r_numeric_computations201.html
"""

# PLAYS

overview = """
SELECT played.plays, played.listeners, sessions.sessions, played.paid_plays, played.matched_plays,
       played.first_play, played.last_play
FROM (
    SELECT COUNT(*) AS plays, COUNT(DISTINCT user_id) AS listeners, COUNT(song_id) AS matched_plays,
           SUM(CASE WHEN level = 'paid' THEN 1 ELSE 0 END) AS paid_plays,
           MIN(start_time) AS first_play, MAX(start_time) AS last_play
    FROM songplays
) AS played
CROSS JOIN (
    SELECT COUNT(*) AS sessions
    FROM (SELECT user_id, session_id FROM songplays WHERE session_id IS NOT NULL GROUP BY 1, 2) AS session
) AS sessions
"""

plays_by_day = """
SELECT TRUNC(start_time) AS day, NULLIF(level, '') AS level, COUNT(*) AS plays
FROM songplays
GROUP BY 1, 2
ORDER BY 1, 2
"""

# A month has some weekdays four times and some five: plays_per_day divides by the days of that weekday on which
# anything was played, so that a day whose log is missing does not count.
plays_by_hour = """
WITH hourly AS (
    SELECT DATE_TRUNC('hour', start_time) AS began, COUNT(*) AS plays
    FROM songplays
    GROUP BY 1
)
SELECT clock.weekday, clock.hour, clock.plays, ROUND(clock.plays / CAST(weekdays.days AS FLOAT), 1) AS plays_per_day
FROM (
    SELECT EXTRACT(dayofweek FROM began) AS weekday, EXTRACT(hour FROM began) AS hour, SUM(plays) AS plays
    FROM hourly
    GROUP BY 1, 2
) AS clock
JOIN (
    SELECT EXTRACT(dayofweek FROM began) AS weekday, COUNT(DISTINCT TRUNC(began)) AS days
    FROM hourly
    GROUP BY 1
) AS weekdays
    ON weekdays.weekday = clock.weekday
ORDER BY clock.weekday, clock.hour
"""

# Listeners are counted of those alone that are among the first by their plays.
top_songs = """
WITH ranked AS (
    SELECT song_id, artist_id, RANK() OVER (ORDER BY COUNT(*) DESC) AS place
    FROM songplays
    WHERE song_id IS NOT NULL
    GROUP BY song_id, artist_id
), best AS (
    SELECT songplays.song_id, songplays.artist_id, COUNT(*) AS plays, COUNT(DISTINCT songplays.user_id) AS listeners
    FROM songplays
    JOIN ranked ON ranked.song_id = songplays.song_id AND ranked.artist_id = songplays.artist_id
    WHERE ranked.place <= 15
    GROUP BY songplays.song_id, songplays.artist_id
    ORDER BY plays DESC, listeners DESC, songplays.song_id
    LIMIT 15
)
SELECT songs.title, artists.name AS artist, best.plays, best.listeners
FROM best
JOIN songs ON songs.song_id = best.song_id
JOIN artists ON artists.artist_id = best.artist_id
ORDER BY best.plays DESC, best.listeners DESC, songs.title
"""

top_artists = """
WITH ranked AS (
    SELECT artist_id, RANK() OVER (ORDER BY COUNT(*) DESC) AS place
    FROM songplays
    WHERE artist_id IS NOT NULL
    GROUP BY artist_id
), best AS (
    SELECT songplays.artist_id, COUNT(*) AS plays, COUNT(DISTINCT songplays.song_id) AS songs,
           COUNT(DISTINCT songplays.user_id) AS listeners
    FROM songplays
    JOIN ranked ON ranked.artist_id = songplays.artist_id
    WHERE ranked.place <= 15
    GROUP BY songplays.artist_id
    ORDER BY plays DESC, listeners DESC, songplays.artist_id
    LIMIT 15
)
SELECT artists.name AS artist, artists.location, best.plays, best.songs, best.listeners
FROM best
JOIN artists ON artists.artist_id = best.artist_id
ORDER BY best.plays DESC, best.listeners DESC, artists.name
"""

# LISTENERS: new on the day, or in the week, of their first play; returning on every later one. Without window
# functions, which would sort all of them.

listeners_by_day = """
WITH active AS (
    SELECT user_id, TRUNC(start_time) AS day
    FROM songplays
    WHERE user_id IS NOT NULL
    GROUP BY 1, 2
)
SELECT seen.day, seen.listeners, NVL(arrived.listeners, 0) AS new_listeners,
       seen.listeners - NVL(arrived.listeners, 0) AS returning_listeners
FROM (SELECT day, COUNT(*) AS listeners FROM active GROUP BY day) AS seen
LEFT JOIN (
    SELECT day, COUNT(*) AS listeners
    FROM (SELECT user_id, MIN(day) AS day FROM active GROUP BY user_id) AS debut
    GROUP BY day
) AS arrived
    ON arrived.day = seen.day
ORDER BY seen.day
"""

listeners_by_week = """
WITH active AS (
    SELECT user_id, CAST(DATE_TRUNC('week', start_time) AS DATE) AS week
    FROM songplays
    WHERE user_id IS NOT NULL
    GROUP BY 1, 2
)
SELECT seen.week, seen.listeners, NVL(arrived.listeners, 0) AS new_listeners,
       seen.listeners - NVL(arrived.listeners, 0) AS returning_listeners
FROM (SELECT week, COUNT(*) AS listeners FROM active GROUP BY week) AS seen
LEFT JOIN (
    SELECT week, COUNT(*) AS listeners
    FROM (SELECT user_id, MIN(week) AS week FROM active GROUP BY user_id) AS debut
    GROUP BY week
) AS arrived
    ON arrived.week = seen.week
ORDER BY seen.week
"""

# The cohorts of the last twelve weeks. A week in which nobody of a cohort came back is a row with 0.
retention = """
WITH active AS (
    SELECT user_id, CAST(DATE_TRUNC('week', start_time) AS DATE) AS week
    FROM songplays
    WHERE user_id IS NOT NULL
    GROUP BY 1, 2
), arrived AS (
    SELECT user_id, MIN(week) AS cohort
    FROM active
    GROUP BY user_id
    HAVING MIN(week) > (SELECT MAX(week) - 7 * 12 FROM active)
), counted AS (
    SELECT arrived.cohort, active.week, COUNT(*) AS listeners
    FROM arrived
    JOIN active ON active.user_id = arrived.user_id
    GROUP BY arrived.cohort, active.week
)
SELECT cohort.cohort, DATEDIFF(day, cohort.cohort, weeks.week) / 7 AS weeks_later,
       NVL(counted.listeners, 0) AS listeners, cohort.listeners AS cohort_listeners,
       ROUND(100 * CAST(NVL(counted.listeners, 0) AS FLOAT) / cohort.listeners, 1) AS percent_of_cohort
FROM (SELECT cohort, listeners FROM counted WHERE week = cohort) AS cohort
JOIN (SELECT week FROM active GROUP BY week) AS weeks ON weeks.week >= cohort.cohort
LEFT JOIN counted ON counted.cohort = cohort.cohort AND counted.week = weeks.week
ORDER BY 1, 2
"""

places = """
SELECT location, SUM(plays) AS plays, COUNT(user_id) AS listeners,
       ROUND(100 * CAST(SUM(plays) AS FLOAT) / SUM(SUM(plays)) OVER (), 1) AS percent_of_plays
FROM (
    SELECT NULLIF(location, '') AS location, user_id, COUNT(*) AS plays
    FROM songplays
    GROUP BY 1, 2
) AS heard
GROUP BY location
ORDER BY plays DESC, location
LIMIT 15
"""

# Each listener counts once, with the user agent that most of their plays came from. The last two columns are the same
# in every row: what all user agents have, those beyond the thousand included.
user_agents = """
SELECT user_agent, SUM(plays) AS plays, SUM(chosen) AS listeners,
       SUM(SUM(plays)) OVER () AS all_plays, SUM(SUM(chosen)) OVER () AS all_listeners
FROM (
    SELECT user_agent, plays,
           CASE WHEN user_id IS NOT NULL
                     AND ROW_NUMBER() OVER (PARTITION BY user_id ORDER BY plays DESC, user_agent) = 1
                THEN 1 ELSE 0 END AS chosen
    FROM (
        SELECT user_id, user_agent, COUNT(*) AS plays
        FROM songplays
        GROUP BY user_id, user_agent
    ) AS used
) AS ranked
GROUP BY user_agent
ORDER BY plays DESC, user_agent
LIMIT 1000
"""

# FREE AND PAID: the level is that of each play, so someone who changed counts on both sides

free_and_paid = """
SELECT level, COUNT(DISTINCT user_id) AS listeners, COUNT(session_id) AS sessions, SUM(plays) AS plays,
       ROUND(SUM(plays) / CAST(COUNT(DISTINCT user_id) AS FLOAT), 1) AS plays_per_listener,
       ROUND(SUM(CASE WHEN session_id IS NOT NULL THEN plays END)
             / CAST(NULLIF(COUNT(session_id), 0) AS FLOAT), 1) AS plays_per_session
FROM (
    SELECT NULLIF(level, '') AS level, user_id, session_id, COUNT(*) AS plays
    FROM songplays
    WHERE user_id IS NOT NULL
    GROUP BY 1, 2, 3
) AS session
GROUP BY level
ORDER BY level
"""

# A change shows with the first play after it. A session on one level is put in order as a whole, by its first play:
# there are far fewer sessions than plays, and one left open elsewhere, still on the old level, is no change back. Only
# of sessions that have both levels each play is. Other levels, and plays without a session, are passed over.
level_changes = """
WITH sessions AS (
    SELECT user_id, session_id, MIN(level) AS level, MAX(level) AS other_level, MIN(start_time) AS start_time
    FROM songplays
    WHERE level IN ('free', 'paid') AND user_id IS NOT NULL AND session_id IS NOT NULL
    GROUP BY user_id, session_id
), parts AS (
    SELECT user_id, session_id, level, start_time
    FROM sessions
    WHERE level = other_level
    UNION ALL
    SELECT songplays.user_id, songplays.session_id, songplays.level, songplays.start_time
    FROM songplays
    JOIN (SELECT user_id, session_id FROM sessions WHERE level <> other_level) AS mixed
        ON mixed.user_id = songplays.user_id AND mixed.session_id = songplays.session_id
    WHERE songplays.level IN ('free', 'paid')
), changed AS (
    SELECT CAST(DATE_TRUNC('week', start_time) AS DATE) AS week,
           SUM(CASE WHEN level_before = 'free' AND level = 'paid' THEN 1 ELSE 0 END) AS upgrades,
           SUM(CASE WHEN level_before = 'paid' AND level = 'free' THEN 1 ELSE 0 END) AS downgrades
    FROM (
        SELECT start_time, level,
               LAG(level) OVER (PARTITION BY user_id ORDER BY start_time, session_id, level) AS level_before
        FROM parts
    ) AS followed
    GROUP BY 1
)
SELECT weeks.week, NVL(changed.upgrades, 0) AS upgrades, NVL(changed.downgrades, 0) AS downgrades
FROM (SELECT CAST(DATE_TRUNC('week', start_time) AS DATE) AS week FROM songplays GROUP BY 1) AS weeks
LEFT JOIN changed ON changed.week = weeks.week
ORDER BY weeks.week
"""

# Of the pages, plays aside, that were seen in a session before its listener changed the level: which part each has.
# Beside it, the part that it has in the sessions on that level without a change. Visits are compared with visits, since
# of two sessions the longer has seen more of every page.
before_changes = """
WITH changes AS (
    SELECT user_id, session_id, level, MIN(ts) AS changed_at
    FROM staging_events
    WHERE user_id IS NOT NULL
        AND ((level = 'free' AND page = 'Submit Upgrade') OR (level = 'paid' AND page = 'Submit Downgrade'))
    GROUP BY user_id, session_id, level
), visits AS (
    SELECT event.level, event.page,
           SUM(CASE WHEN event.ts < changes.changed_at THEN 1 ELSE 0 END) AS before_change,
           SUM(CASE WHEN changes.changed_at IS NULL THEN 1 ELSE 0 END) AS other
    FROM staging_events AS event
    LEFT JOIN changes
        ON changes.user_id = event.user_id AND changes.session_id = event.session_id AND changes.level = event.level
    WHERE event.user_id IS NOT NULL AND event.page NOT IN ('NextSong', 'Submit Upgrade', 'Submit Downgrade')
    GROUP BY event.level, event.page
)
SELECT CASE visits.level WHEN 'free' THEN 'upgrade' ELSE 'downgrade' END AS change, counted.changes, visits.page,
       visits.before_change AS visits_before_change,
       ROUND(100 * CAST(visits.before_change AS FLOAT)
             / NULLIF(SUM(visits.before_change) OVER (PARTITION BY visits.level), 0), 1) AS percent_before_change,
       ROUND(100 * CAST(visits.other AS FLOAT)
             / NULLIF(SUM(visits.other) OVER (PARTITION BY visits.level), 0), 1) AS percent_of_other_visits
FROM visits
JOIN (SELECT level, COUNT(*) AS changes FROM changes GROUP BY level) AS counted ON counted.level = visits.level
WHERE visits.before_change + visits.other > 0
ORDER BY 1 DESC, 4 DESC, 6 DESC, 3
"""

# SESSIONS: from the start of the first play to that of the last, since nothing tells when the last one ended. A session
# is given its class by CASE: to join it to a class by < and >= would be a nested loop on Redshift.

session_lengths = """
WITH session AS (
    SELECT DATEDIFF(second, MIN(start_time), MAX(start_time)) / 60.0 AS minutes, COUNT(*) AS plays
    FROM songplays
    WHERE session_id IS NOT NULL
    GROUP BY user_id, session_id
), counted AS (
    SELECT CASE WHEN minutes < 15 THEN 0 WHEN minutes < 30 THEN 15 WHEN minutes < 60 THEN 30 WHEN minutes < 120 THEN 60
                WHEN minutes < 240 THEN 120 WHEN minutes < 480 THEN 240 ELSE 480 END AS from_minutes,
           COUNT(*) AS sessions, SUM(plays) AS plays
    FROM session
    GROUP BY 1
)
SELECT bucket.from_minutes, bucket.length, NVL(counted.sessions, 0) AS sessions, NVL(counted.plays, 0) AS plays,
       middle.median_minutes
FROM (
    SELECT 0 AS from_minutes, 'under 15 min' AS length
    UNION ALL SELECT 15, '15 to 30 min'
    UNION ALL SELECT 30, '30 to 60 min'
    UNION ALL SELECT 60, '1 to 2 h'
    UNION ALL SELECT 120, '2 to 4 h'
    UNION ALL SELECT 240, '4 to 8 h'
    UNION ALL SELECT 480, '8 h and more'
) AS bucket
CROSS JOIN (SELECT ROUND(MEDIAN(minutes), 1) AS median_minutes FROM session) AS middle
LEFT JOIN counted ON counted.from_minutes = bucket.from_minutes
ORDER BY bucket.from_minutes
"""

plays_per_session = """
WITH session AS (
    SELECT COUNT(*) AS plays
    FROM songplays
    WHERE session_id IS NOT NULL
    GROUP BY user_id, session_id
), counted AS (
    SELECT CASE WHEN plays < 2 THEN 1 WHEN plays < 6 THEN 2 WHEN plays < 11 THEN 6 WHEN plays < 21 THEN 11
                WHEN plays < 51 THEN 21 WHEN plays < 101 THEN 51 ELSE 101 END AS from_plays,
           COUNT(*) AS sessions, SUM(plays) AS plays
    FROM session
    GROUP BY 1
)
SELECT bucket.from_plays, bucket.plays_per_session, NVL(counted.sessions, 0) AS sessions,
       NVL(counted.plays, 0) AS plays, middle.median_plays
FROM (
    SELECT 1 AS from_plays, '1' AS plays_per_session
    UNION ALL SELECT 2, '2 to 5'
    UNION ALL SELECT 6, '6 to 10'
    UNION ALL SELECT 11, '11 to 20'
    UNION ALL SELECT 21, '21 to 50'
    UNION ALL SELECT 51, '51 to 100'
    UNION ALL SELECT 101, 'over 100'
) AS bucket
CROSS JOIN (SELECT MEDIAN(plays) AS median_plays FROM session) AS middle
LEFT JOIN counted ON counted.from_plays = bucket.from_plays
ORDER BY bucket.from_plays
"""

# THE CATALOGUE

catalogue_played = """
SELECT 'songs' AS catalogue, listed.listed, played.played
FROM (SELECT COUNT(*) AS listed FROM songs) AS listed
CROSS JOIN (
    SELECT COUNT(*) AS played
    FROM (SELECT song_id FROM songplays WHERE song_id IS NOT NULL GROUP BY song_id) AS song
) AS played
UNION ALL
SELECT 'artists', listed.listed, played.played
FROM (SELECT COUNT(*) AS listed FROM artists) AS listed
CROSS JOIN (
    SELECT COUNT(*) AS played
    FROM (SELECT artist_id FROM songplays WHERE artist_id IS NOT NULL GROUP BY artist_id) AS artist
) AS played
ORDER BY 1 DESC
"""

matched_by_week = """
SELECT CAST(DATE_TRUNC('week', start_time) AS DATE) AS week, COUNT(*) AS plays,
       COUNT(song_id) AS matched_plays, COUNT(*) - COUNT(song_id) AS unmatched_plays,
       ROUND(100 * CAST(COUNT(song_id) AS FLOAT) / COUNT(*), 1) AS percent_matched
FROM songplays
GROUP BY 1
ORDER BY 1
"""

# In the order in which a play fails to be matched: by its spelling, its artist, its title, its length. UTF-8 that was
# encoded twice shows as Ã, Â or â and something that is not ASCII after it: JOÃO is a name, JoÃ£o is not. The pattern
# holds whether a bracket matches a character or a byte.
why_unmatched = """
SELECT CASE WHEN catalogue_song.title IS NOT NULL THEN 'matched'
            WHEN play.artist IS NULL OR play.song IS NULL OR play.length IS NULL THEN 'the log does not say what it is'
            WHEN play.artist ~ '(Ã|Â|â)[^ -~]' OR play.song ~ '(Ã|Â|â)[^ -~]' THEN 'the log garbles its name'
            WHEN catalogue_artist.artist_name IS NULL THEN 'the artist is not in the catalogue'
            WHEN catalogue_title.title IS NULL THEN 'the artist is in it, with other titles'
            ELSE 'the title is in it, with another length' END AS match,
       SUM(play.plays) AS plays,
       ROUND(100 * CAST(SUM(play.plays) AS FLOAT) / SUM(SUM(play.plays)) OVER (), 1) AS percent_of_plays
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
WHERE catalogue_artist.artist_name IS NULL AND play.artist !~ '(Ã|Â|â)[^ -~]'
ORDER BY play.plays DESC, play.listeners DESC, play.artist
LIMIT 15
"""

QUESTIONS = {name: sql for name, sql in globals().items() if isinstance(sql, str) and not name.startswith("_")}
