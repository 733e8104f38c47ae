"""Between browser and environment: calls go on to an upstream, and its answers are judged."""
