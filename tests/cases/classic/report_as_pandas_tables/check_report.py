import pandas as pd

hours = pd.read_csv('hours.csv')
assert hours.values.tolist() == [[16, 542], [18, 498], [17, 494]], hours

weekdays = pd.read_csv('weekdays.csv')
plays = weekdays.groupby('weekday').plays.sum().to_dict()
assert plays == {'Sun': 396, 'Mon': 1014, 'Tue': 1071, 'Wed': 1364, 'Thu': 1052, 'Fri': 1295, 'Sat': 628}, plays
assert weekdays.groupby('level').plays.sum().to_dict() == {'free': 1229, 'paid': 5591}

# a quoted alias comes back in lower case, as on the cluster
songs = pd.read_csv('songs.csv')
assert list(songs.columns) == ['song', 'artist', 'plays'], songs.columns
assert songs.plays[0] == 37 and songs.song[0] == "You're The One", songs

listeners = pd.read_csv('listeners.csv', parse_dates=['first_play'])
assert listeners.plays.is_monotonic_decreasing and listeners.place.tolist()[0] == 1
assert (listeners.first_play.dt.microsecond == 796000).all()

daily = pd.read_csv('daily.csv', parse_dates=['day'])
assert len(daily) == 30 and daily.plays.sum() == 6820
print('the report is right')
