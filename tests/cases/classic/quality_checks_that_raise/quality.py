import logging
import sys

from create_tables import connect

CHECKS = [
    ('events staged', 'SELECT COUNT(*) FROM staging_events', 8056),
    ('one song a file', 'SELECT COUNT(*) - COUNT(DISTINCT song_id) FROM songs', 0),
    ('plays without a user', 'SELECT COUNT(*) FROM songplays WHERE user_id IS NULL', 0),
    ('plays without a time', 'SELECT COUNT(*) FROM songplays WHERE start_time IS NULL', 0),
    ('users twice', 'SELECT COUNT(*) FROM (SELECT user_id FROM users GROUP BY user_id HAVING COUNT(*) > 1)', 0),
    ('artists twice', 'SELECT COUNT(*) FROM (SELECT artist_id FROM artists GROUP BY 1 HAVING COUNT(*) > 1) AS a', 0),
    ('plays of strangers', 'SELECT COUNT(*) FROM songplays p LEFT JOIN users u ON p.user_id = u.user_id WHERE u.user_id IS NULL', 0),
    ('plays out of time', 'SELECT COUNT(*) FROM songplays WHERE start_time NOT IN (SELECT start_time FROM time)', 0),
    ('levels', "SELECT COUNT(*) FROM users WHERE level NOT IN ('free', 'paid')", 0),
    ('weekdays', 'SELECT COUNT(DISTINCT weekday) FROM time WHERE weekday BETWEEN 0 AND 6', 7),
    ('plays of known songs', 'SELECT COUNT(song_id) FROM songplays', None),
]


def main():
    conn = connect()
    cur = conn.cursor()
    failed = []
    for name, sql, expected in CHECKS:
        cur.execute(sql)
        (found,) = cur.fetchone()
        passed = found > 0 if expected is None else found == expected
        cur.execute('INSERT INTO quality_log (check_name, found, passed, checked_at) VALUES (%s, %s, %s, SYSDATE)', (name, found, passed))
        logging.info('%-22s %6d %s', name, found, 'ok' if passed else 'FAILED')
        if not passed:
            failed.append(name)
    conn.commit()
    conn.close()
    if failed:
        raise ValueError(f"Data quality check failed: {', '.join(failed)}")


if __name__ == '__main__':
    sys.exit(main())
