"""The server itself: sockets, workers, limits, who may call, and reloading."""
