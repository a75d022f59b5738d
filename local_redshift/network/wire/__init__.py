"""Messages of the PostgreSQL protocol, version 3.0: bytes in, bytes out; no sockets, no SQL."""
