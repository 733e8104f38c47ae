"""The spec: YAML with places, references, operations, members, and what its keywords mean."""
