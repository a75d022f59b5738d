create or replace view mart.daily as
select c.day, c.is_weekend, count(p.start_time) as plays, count(distinct p.user_id) as users
from core.calendar as c
left join core.plays as p on p.start_time::date = c.day
group by c.day, c.is_weekend;
