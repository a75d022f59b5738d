drop table if exists events;
drop table if exists plays;
drop table if exists sessions;
drop table if exists users_by_quarter;
drop table if exists level_changes;
drop table if exists pages;
drop table if exists totals;

create table events (
    artist varchar(256), auth varchar(16), first_name varchar(32), gender varchar(1), item int, last_name varchar(32),
    length float, level varchar(8), location varchar(64), method varchar(8), page varchar(32), registration float,
    session_id int distkey, song varchar(256), status int, ts timestamp sortkey, user_agent varchar(256), user_id int
);

-- the log has times to the millisecond
copy events from '{LOG_DATA}' iam_role '{ARN}' json '{LOG_JSONPATH}' timeformat 'epochmillisecs';
analyze events;
