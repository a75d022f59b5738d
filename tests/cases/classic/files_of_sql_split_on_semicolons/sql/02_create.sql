/* ------------------------------------------------------------------
   Staging: the columns are in the order of log_json_path.json
   ------------------------------------------------------------------ */
CREATE TABLE stage_log
(
	"artist"        VARCHAR(500)
,	"auth"          VARCHAR(50)
,	"first_name"    VARCHAR(50)
,	"gender"        VARCHAR(1)
,	"item"          INTEGER
,	"last_name"     VARCHAR(50)
,	"length"        NUMERIC(20, 8)
,	"level"         VARCHAR(10)
,	"location"      VARCHAR(500)
,	"method"        VARCHAR(10)
,	"page"          VARCHAR(50)
,	"registration"  VARCHAR(50)
,	"session"       INTEGER
,	"song"          VARCHAR(500)
,	"status"        INTEGER
,	"ts"            BIGINT
,	"user_agent"    VARCHAR(500)
,	"user"          INTEGER        -- a reserved word, hence the quotes
);

CREATE TABLE stage_song
(
	num_songs         INTEGER
,	artist_id         VARCHAR(50)
,	artist_latitude   NUMERIC(12, 8)
,	artist_longitude  NUMERIC(12, 8)
,	artist_location   VARCHAR(500)
,	artist_name       VARCHAR(500)
,	song_id           VARCHAR(50)
,	title             VARCHAR(500)
,	duration          NUMERIC(20, 8)
,	year              INTEGER
);

/* Dimensions /* nested */ */
CREATE TABLE dim_user   ( user_key INTEGER NOT NULL, first_name VARCHAR(50), last_name VARCHAR(50)
                        , gender VARCHAR(1), level VARCHAR(10), PRIMARY KEY (user_key) ) DISTSTYLE ALL;
CREATE TABLE dim_artist ( artist_key VARCHAR(50) NOT NULL, name VARCHAR(500), location VARCHAR(500)
                        , latitude NUMERIC(12, 8), longitude NUMERIC(12, 8), PRIMARY KEY (artist_key) ) DISTSTYLE ALL;
CREATE TABLE dim_song   ( song_key VARCHAR(50) NOT NULL, title VARCHAR(500), artist_key VARCHAR(50), year INTEGER
                        , duration NUMERIC(20, 8), PRIMARY KEY (song_key)
                        , FOREIGN KEY (artist_key) REFERENCES dim_artist (artist_key) ) DISTSTYLE ALL;
CREATE TABLE dim_time   ( start_time TIMESTAMP NOT NULL, hour INTEGER, day INTEGER, week INTEGER, month INTEGER
                        , year INTEGER, weekday VARCHAR(9), PRIMARY KEY (start_time) ) DISTSTYLE ALL;
CREATE TABLE fact_songplay
(
	songplay_key  INTEGER IDENTITY(0, 1)
,	start_time    TIMESTAMP   REFERENCES dim_time
,	user_key      INTEGER     REFERENCES dim_user (user_key)
,	level         VARCHAR(10)
,	song_key      VARCHAR(50) REFERENCES dim_song (song_key)
,	artist_key    VARCHAR(50) REFERENCES dim_artist (artist_key)
,	session       INTEGER
,	location      VARCHAR(500)
,	user_agent    VARCHAR(500)
)
DISTSTYLE EVEN
SORTKEY (start_time)
;
