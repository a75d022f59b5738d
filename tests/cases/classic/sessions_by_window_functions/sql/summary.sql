create table users_by_quarter as
select quarter, count(*) as users, sum(plays) as plays
from (select user_id, count(*) as plays, ntile(4) over (order by count(*) desc, user_id) as quarter from plays group by user_id)
group by quarter;

create table pages as
select page, count(*) as hits, ratio_to_report(count(*)) over () as share, dense_rank() over (order by count(*) desc) as place
from events
group by page;

create table totals as
select (select median(plays) from sessions) as median_plays,
       (select percentile_cont(0.9) within group (order by plays) from sessions) as ninety_percent,
       (select share from pages where page = 'NextSong') as share_of_next_song;
