"""A server that keeps the contract of an OpenAPI spec, and breaks it on request."""
