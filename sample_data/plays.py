"""What is played: mostly songs of the catalogue, but also songs it lacks and songs it spells otherwise."""

from __future__ import annotations

from bisect import bisect_right
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from sample_data.awkward import LONGEST_TEXT
from sample_data.catalogue import Catalogue, Song, popularity
from sample_data.encoding import doubly_encoded, json_text
from sample_data.weighted import Weighted

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

    from sample_data.scenario import Scenario

_UNKNOWN_SONGS = 0.25
_CACHED = 40_000


class Play(NamedTuple):
    """Artist, length and song as JSON text, and how long it lasts in milliseconds."""

    artist: str
    length: str
    song: str
    lasts: int


NO_PLAY = Play("null", "null", "null", 0)


class Plays:
    def __init__(self, scenario: Scenario) -> None:
        self.catalogue = Catalogue(scenario)
        self._popularity = popularity(scenario.songs)
        self._play = lru_cache(_CACHED)(self._new_play)

    def pick(self, rng: random.Random) -> Play:
        number = bisect_right(self._popularity, rng.random() * self._popularity[-1])
        unknown = rng.random() < _UNKNOWN_SONGS
        return self._play(number + self.catalogue.size * unknown, _SPELLINGS.pick(rng.random()))

    def _new_play(self, number: int, spelling: Callable[[Song], Song]) -> Play:
        """Logs have text even where catalogues have numbers."""
        catalogued = self.catalogue.song(number)
        song = spelling(catalogued)
        if len(str(song.title).encode()) > LONGEST_TEXT:
            song = catalogued
        return Play(
            json_text(str(song.artist.name), ascii_only=True),
            json_text(song.duration, ascii_only=True),
            json_text(str(song.title), ascii_only=True),
            int(song.duration * 1000),
        )


def _as_catalogued(song: Song) -> Song:
    return song


def _another_edit(song: Song) -> Song:
    return song._replace(duration=round(song.duration * 100_000 + 300_000) / 100_000)


def _another_title(song: Song) -> Song:
    return song._replace(title=f"{song.title} (Radio Edit)")


def _another_encoding(song: Song) -> Song:
    return song._replace(title=doubly_encoded(f"{song.title} – Remix"))


_SPELLINGS = Weighted({_as_catalogued: 95, _another_edit: 2.5, _another_title: 1.5, _another_encoding: 1})
