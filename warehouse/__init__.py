"""What the scripts share: configuration, connection, running statements, saying what happened."""
