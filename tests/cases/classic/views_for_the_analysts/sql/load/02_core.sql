begin;
delete from core.plays;
insert into core.plays
select timestamp 'epoch' + ts/1000 * interval '1 second' as start_time, userid, level, song_id, sessionid
from landing.events e left join landing.songs s on s.title = e.song and s.artist_name = e.artist
where page = 'NextSong' and start_time >= '2018-11-01';

truncate core.calendar;
insert into core.calendar
select dateadd(day, n - 1, '2018-10-31')::date as day, extract(dayofweek from day) in (0, 6)
from (select row_number() over (order by start_time) as n from core.plays) numbers
where n <= 31;
commit;
