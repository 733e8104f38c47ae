"""A server that keeps the contract of `openapi/openapi.yaml`, and breaks it on request."""
