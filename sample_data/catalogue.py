"""The catalogue: every song is a function of the scenario and its number, so a catalogue of any size takes no memory.

Numbers are ranks of popularity: song 0 is the hit. Songs numbered past the end of the catalogue are played as well;
they have no file.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from sample_data.awkward import AWKWARD_SONGS
from sample_data.encoding import json_text
from sample_data.places import ARTIST_PLACES
from sample_data.weighted import choose
from sample_data.words import ADJECTIVES, FIRST_NAMES, LAST_NAMES, NOUNS, VERBS

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

    from sample_data.scenario import Scenario

SONGS_A_FOLDER = 25
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_FOLDERS = len(_LETTERS) ** 3
_ID_SPACE = 16**11
_AWKWARD_FROM, _AWKWARD_EVERY = 9, 4
_TWIN_EVERY = 97
_CACHED = 20_000


class Artist(NamedTuple):
    artist_id: str
    name: str | int
    location: str | int | None
    latitude: float | None
    longitude: float | None
    renamed: bool = False  # appears under a second name, from another place


class Song(NamedTuple):
    song_id: str
    title: str | float
    artist: Artist
    duration: float
    year: int


class Catalogue:
    def __init__(self, scenario: Scenario) -> None:
        self.size = scenario.songs
        self._scenario = scenario
        self._artists = max(1, scenario.songs * 2 // 3)
        self._offset = int(scenario.randomness("identifiers").random() * _ID_SPACE)
        self._artist = lru_cache(_CACHED)(self._new_artist)

    def path(self, number: int) -> str:
        """Where the song's file lies: ``A/B/C/TRABC....json``, the folders being letters 3 to 5 of its name."""
        folders = min(_FOLDERS, -(-self.size // SONGS_A_FOLDER))
        one, rest = divmod(number % folders, len(_LETTERS) ** 2)
        two, three = divmod(rest, len(_LETTERS))
        folder = _LETTERS[one] + _LETTERS[two] + _LETTERS[three]
        return f"{'/'.join(folder)}/{self._identifier(f'TR{folder}', number, letters=2)}.json"

    def file(self, number: int) -> bytes:
        """The song's file: one JSON object, UTF-8 as it is, no newline at the end."""
        song = self.song(number)
        fields = {
            "artist_id": song.artist.artist_id,
            "artist_latitude": song.artist.latitude,
            "artist_location": song.artist.location,
            "artist_longitude": song.artist.longitude,
            "artist_name": song.artist.name,
            "duration": song.duration,
            "num_songs": 1,
            "song_id": song.song_id,
            "title": song.title,
            "year": song.year,
        }
        pairs = (f'"{key}":{json_text(value, ascii_only=False)}' for key, value in fields.items())
        return f"{{{','.join(pairs)}}}".encode()

    def song(self, number: int) -> Song:
        """The song of that rank; beyond ``size``, one that the catalogue lacks."""
        if number % _TWIN_EVERY == _TWIN_EVERY - 1:  # the same recording, entered twice
            return self.song(number - 1)._replace(song_id=self._identifier("SO", number))
        rng = self._scenario.randomness(f"song {number}")
        duration = round((70 + 110 * (rng.random() + rng.random() + rng.random())) * 100_000) / 100_000
        year = 0 if rng.random() < 0.3 else 2018 - int(55 * rng.random() * rng.random())
        title, artist = self._title_and_artist(number, rng)
        return Song(self._identifier("SO", number), title, artist, duration, year)

    def _title_and_artist(self, number: int, rng: random.Random) -> tuple[str | float, Artist]:
        which, remainder = divmod(number - _AWKWARD_FROM, _AWKWARD_EVERY)
        if not remainder and 0 <= which < len(AWKWARD_SONGS):
            awkward = AWKWARD_SONGS[which]
            artist = self._artist(self._artists + which)
            return awkward.title, artist._replace(name=awkward.artist, location=awkward.location)
        # The least of three: a few artists with many songs, many with one.
        artist = self._artist(int(min(rng.random(), rng.random(), rng.random()) * self._artists))
        if artist.renamed and rng.random() < 0.5:
            guest = self._artist(int(rng.random() * self._artists))
            artist = artist._replace(
                name=f"{artist.name} feat. {guest.name}", location="", latitude=None, longitude=None
            )
        return choose(_TITLES, rng.random())(rng), artist

    def _new_artist(self, number: int) -> Artist:
        rng = self._scenario.randomness(f"artist {number}")
        place, latitude, longitude = choose(ARTIST_PLACES, rng.random() * rng.random())
        if rng.random() < 0.45:
            place, latitude, longitude = "", None, None
        name = choose(_ARTIST_NAMES, rng.random())(rng)
        renamed = rng.random() < 0.15
        return Artist(self._identifier("AR", number), name, place, latitude, longitude, renamed)

    def _identifier(self, prefix: str, number: int, letters: int = 5) -> str:
        """Letters, then 11 hexadecimal digits that no other thing of the kind has: an odd factor never collides."""
        unique = (number * 0x9E3779B97F5 + self._offset) % _ID_SPACE
        scrambled = unique * 0x2545F4914F6CDD1D % 2**64 >> 32
        drawn = "".join(_LETTERS[scrambled // len(_LETTERS) ** place % len(_LETTERS)] for place in range(letters))
        return f"{prefix}{drawn}{unique:011X}"


def popularity(size: int) -> list[float]:
    """Running totals of 1 / (rank + 12): a hit is played a lot, the long tail now and then."""
    return list(accumulate(1 / (rank + 12) for rank in range(size)))


def _any(words: tuple[str, ...], rng: random.Random) -> str:
    return choose(words, rng.random()).capitalize()


def _several(words: tuple[str, ...], rng: random.Random) -> str:
    word = _any(words, rng)
    if word.endswith(("s", "x", "ch", "sh")):
        return f"{word}es"
    return f"{word[:-1]}ies" if word.endswith("y") and word[-2] not in "aeiou" else f"{word}s"


def _person(rng: random.Random) -> str:
    return f"{choose(FIRST_NAMES[choose('FM', rng.random())], rng.random())} {choose(LAST_NAMES, rng.random())}"


_TITLES: tuple[Callable[[random.Random], str], ...] = (
    lambda rng: f"{_any(ADJECTIVES, rng)} {_any(NOUNS, rng)}",
    lambda rng: f"{_any(ADJECTIVES, rng)} {_any(NOUNS, rng)}",
    lambda rng: f"{_any(VERBS, rng)} The {_any(NOUNS, rng)}",
    lambda rng: f"{_any(VERBS, rng)} My {_any(ADJECTIVES, rng)} {_any(NOUNS, rng)}",
    lambda rng: f"{_any(NOUNS, rng)} Of The {_any(NOUNS, rng)}",
    lambda rng: f"{_any(NOUNS, rng)} & {_any(NOUNS, rng)}",
    lambda rng: f"{_any(ADJECTIVES, rng)} {_any(NOUNS, rng)} (Album Version)",
    lambda rng: f"Don't {_any(VERBS, rng)} The {_any(NOUNS, rng)}",
    lambda rng: f"{_any(NOUNS, rng)} (Live)",
    lambda rng: _any(NOUNS, rng),
    lambda rng: choose(("Intro", "Outro", "Interlude", "Untitled"), rng.random()),
)
_ARTIST_NAMES: tuple[Callable[[random.Random], str], ...] = (
    lambda rng: f"The {_any(ADJECTIVES, rng)} {_several(NOUNS, rng)}",
    lambda rng: f"{_any(ADJECTIVES, rng)} {_any(NOUNS, rng)}",
    lambda rng: f"{_any(NOUNS, rng)} {_any(NOUNS, rng)}",
    lambda rng: f"{_any(NOUNS, rng)} & The {_several(NOUNS, rng)}",
    lambda rng: f"DJ {_any(NOUNS, rng)}",
    _person,
    lambda rng: f"{_person(rng)} Trio",
)
