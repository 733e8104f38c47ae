"""An environment or a recording, observed: the only code that sends anything."""
