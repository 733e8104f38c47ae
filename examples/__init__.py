"""Examples for those who test a front end against the mock server."""
