import csv
import sys
from pathlib import Path

folder = Path(sys.argv[1])
expected = {
    'top_songs': [['title', 'artist', 'count'], ["You're The One", 'Dwight Yoakam', '37'],
                  ['Catch You Baby (Steve Pitron & Max Sanna Radio Edit)', 'Lonnie Gordon', '9'],
                  ["I CAN'T GET STARTED", 'Ron Carter', '9'],
                  ["Nothin' On You [feat. Bruno Mars] (Album Version)", 'B.o.B', '8'],
                  ["Hey Daddy (Daddy's Home)", 'Usher featuring Jermaine Dupri', '6']],
    'busiest_hours': [['hour', 'count'], ['17', '39'], ['15', '25'], ['18', '25']],
    'levels': [['level', 'plays', 'percent', 'average_session', 'exact'], ['free', '58', '18', '502', '502.4'],
               ['paid', '261', '81', '634', '634.03']],
    'artists_with_two_names': [['count'], ['426']],
    'cities': [['city', 'state', 'plays'], ['San Francisco-Oakland-Hayward', 'CA', '41'],
               ['Sacramento--Roseville--Arden-Arcade', 'CA', '17']],
}
for name, rows in expected.items():
    with open(folder / f'{name}.csv', newline='', encoding='utf-8') as file:
        found = list(csv.reader(file))
    assert found == rows, (name, found)
with open(folder / 'users_of_both_levels.csv', newline='') as file:
    found = list(csv.reader(file))
assert [row[0] for row in found[1:]] == ['15', '16', '29', '36', '49', '80', '85', '88'], found
assert found[0] == ['user_id', '?column?'], found
with open(folder / 'songs.csv', newline='', encoding='utf-8') as file:
    assert sum(1 for _ in csv.reader(file)) == 14896
print('verified')
