from etl import connection

with connection() as conn, conn.cursor() as cur:
    cur.execute("""
        drop table if exists users;
        drop table if exists songplays;
        drop table if exists time;
        create table users (user_id int not null distkey sortkey, first_name varchar(64), last_name varchar(64),
                            gender char(1), level varchar(8), plays int default 0);
        create table songplays (songplay_key varchar(64) not null, start_time timestamp sortkey, user_id int distkey,
                                level varchar(8), session_id int, song varchar(256), artist varchar(256));
        create table time (start_time timestamp, hour int2, day int2, week int2, month int2, year int2, weekday int2);
    """)
