"""The observing of an environment or a recording; only this code sends anything."""
