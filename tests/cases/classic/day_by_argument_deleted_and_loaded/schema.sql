create table if not exists plays (
    day date not null encode az64,
    start_time timestamp not null encode az64,
    session_id int encode az64,
    item int encode az64,
    user_id int encode az64,
    level varchar(4) encode bytedict,
    song varchar(512) encode zstd,
    artist varchar(512) encode zstd,
    primary key (session_id, item)
)
distkey (user_id)
compound sortkey (day, start_time);

create table if not exists loads (
    day date primary key,
    plays bigint,
    loaded_at timestamp default sysdate
)
diststyle all;
