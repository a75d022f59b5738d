create view mart.listeners as
with activity as (
    select user_id, count(*) as plays, count(distinct trunc(start_time)) as days_active, max(start_time) as last_seen
    from core.plays
    group by 1
)
select user_id, plays, days_active, last_seen, plays::float / days_active as plays_a_day, plays > 500 as is_power_user
from activity;

grant usage on schema mart to public;
grant select on all tables in schema mart to public;
