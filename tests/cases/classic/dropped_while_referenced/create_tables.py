import configparser
import psycopg2

config = configparser.ConfigParser()
config.read('dwh.cfg')

TABLES = {
    'users': 'user_id int primary key, first_name varchar, last_name varchar, gender char(1), level varchar(4)',
    'songs': 'song_id varchar(18) primary key, title varchar, artist_id varchar(18), year int, duration float',
    'songplays': 'songplay_id int identity(0,1) primary key, user_id int references users(user_id), '
                 'song_id varchar(18) references songs(song_id)',
}

conn = psycopg2.connect("host={} dbname={} user={} password={} port={}".format(*config['CLUSTER'].values()))
cur = conn.cursor()
for name in TABLES:
    cur.execute('DROP TABLE IF EXISTS ' + name)
for name, columns in TABLES.items():
    cur.execute('CREATE TABLE {} ({})'.format(name, columns))
conn.commit()
conn.close()
