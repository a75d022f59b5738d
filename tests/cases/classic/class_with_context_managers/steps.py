"""Each step yields its statements; a step is a transaction."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Table:
    name: str
    columns: str
    attributes: str = ""

    @property
    def create(self):
        return f"CREATE TABLE {self.name} ({self.columns}) {self.attributes}"

    @property
    def drop(self):
        return f"DROP TABLE IF EXISTS {self.name} CASCADE"


STAGING_EVENTS = Table(
    "staging_events",
    """
    artist varchar(max), auth varchar(max), firstname varchar(max), gender varchar(1), iteminsession int,
    lastname varchar(max), length double precision, level varchar(4), location varchar(max), method varchar(8),
    page varchar(32), registration double precision, sessionid bigint, song varchar(max), status int, ts timestamp,
    useragent varchar(max), userid bigint
    """,
    "BACKUP NO DISTSTYLE EVEN",
)
STAGING_SONGS = Table(
    "staging_songs",
    """
    artist_id varchar(max), artist_latitude double precision, artist_location varchar(max),
    artist_longitude double precision, artist_name varchar(max), duration double precision, num_songs int,
    song_id varchar(max), title varchar(max), year int
    """,
    "BACKUP NO DISTSTYLE EVEN",
)
USERS = Table(
    "users",
    "user_id bigint, first_name varchar(64), last_name varchar(64), gender varchar(1), level varchar(4), "
    "primary key (user_id)",
    "DISTSTYLE ALL",
)
ARTISTS = Table(
    "artists",
    "artist_id varchar(18), name varchar(512), location varchar(512), latitude float8, longitude float8, "
    "primary key (artist_id)",
    "DISTSTYLE ALL",
)
SONGS = Table(
    "songs",
    "song_id varchar(18), title varchar(512), artist_id varchar(18), year int, duration float8, primary key (song_id), "
    "foreign key (artist_id) references artists (artist_id)",
    "DISTSTYLE ALL",
)
TIME = Table(
    "time",
    "start_time timestamp, hour smallint, day smallint, week smallint, month smallint, year smallint, "
    "weekday smallint, primary key (start_time)",
    "DISTSTYLE KEY DISTKEY (start_time) COMPOUND SORTKEY (year, month, day, hour)",
)
SONGPLAYS = Table(
    "songplays",
    """
    songplay_id bigint identity(0, 1), start_time timestamp not null, user_id bigint not null, level varchar(4),
    song_id varchar(18), artist_id varchar(18), session_id bigint, location varchar(128), user_agent varchar(512),
    primary key (songplay_id),
    foreign key (start_time) references time (start_time),
    foreign key (user_id) references users (user_id),
    foreign key (song_id) references songs (song_id),
    foreign key (artist_id) references artists (artist_id)
    """,
    "DISTKEY (start_time) SORTKEY (start_time)",
)

ALL = (STAGING_EVENTS, STAGING_SONGS, USERS, ARTISTS, SONGS, TIME, SONGPLAYS)


class DropTables:
    def statements(self, **_):
        return [table.drop for table in reversed(ALL)]


class CreateTables:
    def statements(self, **_):
        return [table.create for table in ALL]


class Stage:
    def statements(self, *, role, region, events, events_paths, songs):
        yield (
            f"COPY staging_events FROM '{events}' IAM_ROLE '{role}' REGION AS '{region}' "
            f"FORMAT JSON AS '{events_paths}' TIMEFORMAT 'epochmillisecs' COMPUPDATE OFF STATUPDATE OFF"
        )
        yield (
            f"COPY staging_songs FROM '{songs}' IAM_ROLE '{role}' REGION AS '{region}' "
            "FORMAT JSON AS 'auto' COMPUPDATE OFF STATUPDATE OFF"
        )


class Transform:
    def statements(self, **_):
        yield """
            INSERT INTO users
            SELECT userid, firstname, lastname, gender, level
            FROM (
                SELECT *, ROW_NUMBER() OVER (PARTITION BY userid ORDER BY ts DESC) AS latest
                FROM staging_events
                WHERE page = 'NextSong'
            ) AS ranked
            WHERE latest = 1
        """
        yield """
            INSERT INTO artists
            SELECT artist_id, artist_name, artist_location, artist_latitude, artist_longitude
            FROM (
                SELECT *, ROW_NUMBER() OVER (PARTITION BY artist_id ORDER BY year DESC, song_id) AS latest
                FROM staging_songs
            ) AS ranked
            WHERE latest = 1
        """
        yield "INSERT INTO songs SELECT song_id, title, artist_id, NULLIF(year, 0), duration FROM staging_songs"
        yield """
            INSERT INTO time
            SELECT DISTINCT ts, DATE_PART(hour, ts), DATE_PART(day, ts), DATE_PART(week, ts), DATE_PART(month, ts),
                   DATE_PART(year, ts), DATE_PART(dow, ts)
            FROM staging_events WHERE page = 'NextSong'
        """
        yield """
            INSERT INTO songplays (start_time, user_id, level, song_id, artist_id, session_id, location, user_agent)
            SELECT e.ts, e.userid, e.level, s.song_id, s.artist_id, e.sessionid, e.location, e.useragent
            FROM staging_events AS e
            LEFT OUTER JOIN staging_songs AS s
                ON TRIM(e.song) = TRIM(s.title) AND TRIM(e.artist) = TRIM(s.artist_name) AND e.length = s.duration
            WHERE e.page = 'NextSong'
        """
