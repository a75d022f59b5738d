-- users: the level of their last event
INSERT INTO dim_user
SELECT u."user", u.first_name, u.last_name, u.gender, u.level
FROM stage_log u
WHERE u.page = 'NextSong'
  AND u.ts = (SELECT MAX(l.ts) FROM stage_log l WHERE l."user" = u."user" AND l.page = 'NextSong')
  AND u."user" IS NOT NULL
;
-- artists, songs
INSERT INTO dim_artist SELECT DISTINCT artist_id, artist_name, artist_location, artist_latitude, artist_longitude FROM stage_song;
INSERT INTO dim_song   SELECT DISTINCT song_id, title, artist_id, year, duration FROM stage_song;
-- the fact
INSERT INTO fact_songplay (start_time, user_key, level, song_key, artist_key, session, location, user_agent)
SELECT TIMESTAMP 'epoch' + l.ts / 1000 * INTERVAL '1 second'
,      l."user"
,      l.level
,      s.song_id
,      s.artist_id
,      l.session
,      l.location
,      l.user_agent
FROM   stage_log l
LEFT   JOIN stage_song s
ON     s.title = l.song AND s.artist_name = l.artist AND s.duration = l.length
WHERE  l.page = 'NextSong'
;
INSERT INTO dim_time
SELECT start_time
,      EXTRACT(hr FROM start_time)
,      EXTRACT(d FROM start_time)
,      EXTRACT(w FROM start_time)
,      EXTRACT(mons FROM start_time)
,      EXTRACT(yrs FROM start_time)
,      TRIM(TO_CHAR(start_time, 'Day'))
FROM   fact_songplay
GROUP  BY start_time
;
