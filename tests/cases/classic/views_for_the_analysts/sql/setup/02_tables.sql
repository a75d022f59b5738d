set search_path = landing, public;
create table events (
    artist varchar, auth varchar, firstname varchar, gender varchar, iteminsession int, lastname varchar, length float,
    level varchar, location varchar, method varchar, page varchar, registration float, sessionid int, song varchar,
    status int, ts bigint, useragent varchar, userid int
);
create table songs (song_id varchar, title varchar, artist_id varchar, artist_name varchar, duration float, year int);

set search_path to core;
create table plays (start_time timestamp not null, user_id int not null, level varchar(4), song_id varchar, session_id int);
create table calendar (day date not null, is_weekend bool) diststyle all;
comment on table plays is 'one row a song that was played';
comment on column calendar.day is 'UTC';
