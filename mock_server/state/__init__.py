"""What outlives one request: in memory or in Redis."""
