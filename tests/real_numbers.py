"""What the star schema of the public data set must hold, whoever computes it: Redshift SQL, and its rows."""

from __future__ import annotations

STAR: list[tuple[str, list[tuple[object, ...]]]] = [
    ("SELECT COUNT(*), COUNT(song_id), COUNT(artist_id) FROM songplays", [(6820, 319, 319)]),
    ("SELECT COUNT(DISTINCT songplay_id) FROM songplays", [(6820,)]),
    ("SELECT level, COUNT(*) FROM songplays GROUP BY level ORDER BY level", [("free", 1229), ("paid", 5591)]),
    ("SELECT level, COUNT(*) FROM users GROUP BY level ORDER BY level", [("free", 74), ("paid", 22)]),
    ("SELECT COUNT(*), COUNT(DISTINCT user_id) FROM users", [(96, 96)]),
    ("SELECT COUNT(*), COUNT(DISTINCT song_id) FROM songs", [(14896, 14896)]),
    ("SELECT COUNT(*), COUNT(DISTINCT artist_id) FROM artists", [(9553, 9553)]),
    ("SELECT COUNT(*), COUNT(DISTINCT start_time) FROM time", [(6813, 6813)]),
    ("SELECT COUNT(*) FROM time WHERE EXTRACT(ms FROM start_time) % 1000 = 796", [(6813,)]),
    (
        (
            "SELECT s.title, a.name, COUNT(*) FROM songplays p JOIN songs s ON s.song_id = p.song_id "
            "JOIN artists a ON a.artist_id = p.artist_id GROUP BY 1, 2 ORDER BY 3 DESC, 1 LIMIT 3"
        ),
        [
            ("You're The One", "Dwight Yoakam", 37),
            ("Catch You Baby (Steve Pitron & Max Sanna Radio Edit)", "Lonnie Gordon", 9),
            ("I CAN'T GET STARTED", "Ron Carter", 9),
        ],
    ),
    (
        (
            "SELECT t.hour, COUNT(*) FROM songplays p JOIN time t ON t.start_time = p.start_time "
            "GROUP BY 1 ORDER BY 2 DESC LIMIT 3"
        ),
        [(16, 542), (18, 498), (17, 494)],
    ),
    (
        (
            "SELECT t.weekday, COUNT(*) FROM songplays p JOIN time t ON t.start_time = p.start_time "
            "GROUP BY 1 ORDER BY 1"
        ),
        [(0, 396), (1, 1014), (2, 1071), (3, 1364), (4, 1052), (5, 1295), (6, 628)],
    ),
    # Every key of the fact finds its dimension, though Redshift checks none.
    (
        (
            "SELECT COUNT(*) FROM songplays p JOIN users u ON u.user_id = p.user_id "
            "JOIN time t ON t.start_time = p.start_time"
        ),
        [(6820,)],
    ),
    (
        (
            "SELECT COUNT(*) FROM songplays p JOIN songs s ON s.song_id = p.song_id "
            "JOIN artists a ON a.artist_id = p.artist_id AND a.artist_id = s.artist_id"
        ),
        [(319,)],
    ),
]
