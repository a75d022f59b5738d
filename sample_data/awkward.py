"""Songs whose text trips loaders, spread over the popular end of every catalogue so that people play them too."""

from __future__ import annotations

from typing import NamedTuple

from sample_data.encoding import doubly_encoded

# Bytes of UTF-8. VARCHAR without a length holds 256: every text of the data fits.
LONGEST_TEXT = 256


class AwkwardSong(NamedTuple):
    """``location`` None is JSON null; numbers are JSON numbers, as real catalogues have them."""

    title: str | float
    artist: str | int
    location: str | int | None = ""


AWKWARD_SONGS = (
    AwkwardSong('Say "Maybe"', "The 'Quoted' Ones"),
    AwkwardSong("C:\\New\\Tables", "Back\\Slash"),  # \N and \T mean something to other loaders
    AwkwardSong("Either/Or", "North/South", "Either </or> Or"),
    AwkwardSong("Dance 💃🏽 All Night 🎶", "The 👩‍👩‍👧 Family Band"),  # outside the basic plane, joined by U+200D
    AwkwardSong("Über den Dächern — Où es-tu ?", "Señor Ångström", "Zürich"),
    AwkwardSong("Café", "Accent, Composed"),
    AwkwardSong("Cafe\N{COMBINING ACUTE ACCENT}", "Accent, Composed"),  # looks the same, is another string
    AwkwardSong("夜の列車", "東京レコード", "東京"),
    AwkwardSong("أغنية الليل", "شجرة الزيتون", "بيروت"),  # right to left
    AwkwardSong(1999, "Calendar Girls"),
    AwkwardSong(4.5, "The Decimal Points"),
    AwkwardSong("Room Not Found", 404, 90210),
    AwkwardSong("Line\nbreak", "Tab\tulator"),
    AwkwardSong("Don\x19t Stop", "Bell \x07 And The Controls", None),  # escaped control characters
    AwkwardSong("Lost In \N{REPLACEMENT CHARACTER} Translation", doubly_encoded("Björn Über")),
    AwkwardSong("<b>Bold</b> &amp; <script>alert('play')</script>", "<i>The Tags</i>"),
    AwkwardSong(
        "Linked",
        "Anchor & Sons",
        '<a href="http://example.com/artists?name=anchor&amp;sons" onmouseover="alert(1)">Anchor &amp; Sons</a>, '
        "<em>somewhere</em> on the coast",
    ),
    AwkwardSong("Robert'); DROP TABLE songs;--", "Little Tables"),
    AwkwardSong("100% %s {0} $1 :name ?", "The Placeholders"),
    AwkwardSong("a,b|c;d", "Comma, Pipe | Semicolon;"),
    AwkwardSong("NULL", "null"),
    AwkwardSong("\\N", "None Taken", "N/A"),
    AwkwardSong("  Leading And Trailing  ", " Blank ", " "),
    AwkwardSong("{'json': [1, 2]}", '{"artist":"inside"}'),
    AwkwardSong("Suite In Very Many Movements: " + "Andante, Then A Little Faster, " * 7, "Quartet"),
    AwkwardSong("Short", "The " + "Överlånga " * 20 + "Ørkester"),
    AwkwardSong("🎵" * 62, "Sixty-Two Notes"),  # 248 bytes in 62 characters
)
