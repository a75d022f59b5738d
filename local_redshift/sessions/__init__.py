"""One client's state, and carrying its statements out on the engine; no sockets."""
