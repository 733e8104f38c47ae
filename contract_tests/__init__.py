"""An environment, judged by the contract of `openapi/openapi.yaml`."""
