drop schema if exists mart cascade;
drop schema if exists core cascade;
drop schema if exists landing cascade;
create schema landing;
create schema core;
create schema if not exists mart;
