import sys

import psycopg2

import settings

CREATE = """
create table users(
	userid integer not null distkey sortkey,
	username char(8),
	firstname varchar(30),
	lastname varchar(30),
	city varchar(30),
	state char(2),
	likesports boolean,
	likejazz boolean);

create table venue(
	venueid smallint not null distkey sortkey,
	venuename varchar(100),
	venuecity varchar(30),
	venuestate char(2),
	venueseats integer);

create table category(
	catid smallint not null distkey sortkey,
	catgroup varchar(10),
	catname varchar(10),
	catdesc varchar(50));

create table date(
	dateid smallint not null distkey sortkey,
	caldate date not null,
	day character(3) not null,
	week smallint not null,
	month character(5) not null,
	qtr character(5) not null,
	year smallint not null,
	holiday boolean default('N'));

create table event(
	eventid integer not null distkey,
	venueid smallint not null,
	catid smallint not null,
	dateid smallint not null sortkey,
	eventname varchar(200),
	starttime timestamp);

create table listing(
	listid integer not null distkey,
	sellerid integer not null,
	eventid integer not null,
	dateid smallint not null  sortkey,
	numtickets smallint not null,
	priceperticket decimal(8,2),
	totalprice decimal(8,2),
	listtime timestamp);

create table sales(
	salesid integer not null,
	listid integer not null distkey,
	sellerid integer not null,
	buyerid integer not null,
	eventid integer not null,
	dateid smallint not null sortkey,
	qtysold smallint not null,
	pricepaid decimal(8,2),
	commission decimal(8,2),
	saletime timestamp);

create table answers(question smallint, eventname varchar(200), total decimal(12,2));
"""

COPY = """
copy users from '{bucket}/users_pipe.txt' credentials 'aws_iam_role={role}' delimiter '|' region 'us-west-2' escape null as '\\\\N';
copy venue from '{bucket}/venue_pipe.txt' credentials 'aws_iam_role={role}' delimiter '|' region 'us-west-2' null as 'NULL';
copy category from '{bucket}/category_pipe.txt' credentials 'aws_iam_role={role}' delimiter '|' region 'us-west-2';
copy date from '{bucket}/date2008_pipe.txt' credentials 'aws_iam_role={role}' delimiter '|' region 'us-west-2';
copy event from '{bucket}/allevents_pipe.txt' credentials 'aws_iam_role={role}' delimiter '|' timeformat 'YYYY-MM-DD HH:MI:SS' region 'us-west-2';
copy listing from '{bucket}/listings_pipe.txt.gz' credentials 'aws_iam_role={role}' delimiter '|' gzip region 'us-west-2';
copy sales from '{bucket}/sales_tab.txt' credentials 'aws_iam_role={role}' delimiter '\\t' timeformat 'MM/DD/YYYY HH:MI:SS' region 'us-west-2';
"""

conn = psycopg2.connect(host=settings.HOST, port=settings.PORT, database=settings.DATABASE, user=settings.USER, password=settings.PASSWORD)
conn.autocommit = True
cur = conn.cursor()
if '--create' in sys.argv:
    cur.execute(CREATE)
else:
    for statement in COPY.format(bucket=settings.BUCKET, role=settings.ROLE).strip().split('\n'):
        cur.execute(statement)
        print(conn.notices[-1].strip())
conn.close()
