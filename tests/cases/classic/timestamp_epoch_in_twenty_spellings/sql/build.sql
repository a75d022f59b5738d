CREATE SCHEMA IF NOT EXISTS stage;
SET search_path TO stage;

CREATE TABLE events (
    artist varchar, auth varchar, first_name varchar, gender varchar, item_in_session int, last_name varchar,
    length double precision, level varchar, location varchar, method varchar, page varchar, registration varchar,
    session_id bigint, song varchar, status smallint, ts bigint, user_agent varchar, user_id varchar(18)
);

COPY events FROM '{events}' IAM_ROLE '{role}' JSON '{paths}' REGION 'us-west-2' COMPUPDATE OFF;

CREATE TABLE moments AS
SELECT ts,
       -- bigint / integer is bigint: the milliseconds are gone
       timestamp 'epoch' + ts/1000 * interval '1 second' AS dropped_01,
       TIMESTAMP 'epoch' + (ts / 1000) * INTERVAL '1 second' AS dropped_02,
       TIMESTAMP 'epoch' + ts/1000*INTERVAL '1 Second ' AS dropped_03,
       timestamp 'epoch' + ts::bigint/1000 * interval '1 second' AS dropped_04,
       timestamp 'epoch' + cast(ts AS bigint)/1000 * interval '1 second' AS dropped_05,
       timestamp 'epoch' + (ts/1000)::int * interval '1 seconds' AS dropped_06,
       (timestamp 'epoch' + ts::int8/1000 * interval '1 sec')::timestamp AS dropped_07,
       '1970-01-01'::timestamp + ts/1000 * interval '1 second' AS dropped_08,
       '1970-01-01'::date + ts/1000 * interval '1 second' AS dropped_09,
       dateadd(s, ts/1000, '19700101') AS dropped_10,
       DATEADD(second, CAST(ts/1000 AS INTEGER), timestamp 'epoch') AS dropped_11,
       -- and these keep them
       timestamp 'epoch' + ts * interval '0.001 seconds' AS kept_01,
       timestamp 'epoch' + ts/1000.0 * interval '1 second' AS kept_02,
       timestamp 'epoch' + ts::float/1000 * interval '001 second' AS kept_03,
       timestamp 'epoch' + interval '0.001 second' * ts AS kept_04,
       date_add('ms', ts, '1970-01-01') AS kept_05,
       dateadd(ms, ts, '1970-01-01') AS kept_06,
       DATEADD(millisecond, ts, timestamp '1970-01-01 00:00:00') AS kept_07,
       dateadd('msec', ts::bigint, 'epoch'::timestamp) AS kept_08,
       timestamp 'epoch' + ts * interval '1 millisecond' AS kept_09,
       trunc(kept_09) AS day
  FROM events
 WHERE page = 'NextSong';
