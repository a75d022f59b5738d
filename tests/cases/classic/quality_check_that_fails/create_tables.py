from db import execute

execute(
    "drop table if exists staging_events",
    "drop table if exists users",
    "drop table if exists guests",
    """create table staging_events (artist text, auth text, firstname text, gender text, item int, lastname text, length float,
       level text, location text, method text, page text, registration float, session int, song text, status int,
       ts bigint, agent text, userid int)""",
    "create table users (user_id int, name text)",
    "create table guests (user_id int, name text)",
)
