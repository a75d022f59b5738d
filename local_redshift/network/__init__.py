"""What travels: sockets, TLS, logging in, and the messages of PostgreSQL's protocol 3; no SQL."""
