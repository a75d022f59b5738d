create table plays distkey (session_id) as
select ts as start_time, user_id, session_id, item, song, artist, level,
       datediff(seconds, lag(ts) over (partition by session_id order by ts, item), ts) as gap_seconds,
       lead(song, 1) over (partition by session_id order by ts, item) as next_song,
       sum(1) over (order by ts, session_id, item rows unbounded preceding) as running_total
from events
where page = 'NextSong';

create table sessions as
select session_id, user_id, count(*) as plays, min(start_time) as began, max(start_time) as ended,
       max(first_song) as first_song, max(last_song) as last_song,
       listagg(distinct level, ',') within group (order by level) as levels, max(path) as path
from (
    select p.*, first_value(song) over (partition by p.session_id order by start_time, item
                                        rows between unbounded preceding and unbounded following) as first_song,
           last_value(song) over (partition by p.session_id order by start_time, item
                                  rows between unbounded preceding and unbounded following) as last_song,
           e.path
    from plays p
    join (select session_id, listagg(page, ' > ') within group (order by ts, item) as path from events group by session_id) e
      on e.session_id = p.session_id
)
group by 1, 2;

create table level_changes as
select user_id, ts as changed_at, previous_level, level as new_level
from (select user_id, ts, level, lag(level) over (partition by user_id order by ts, item) as previous_level
      from events where user_id is not null)
where previous_level <> level;
