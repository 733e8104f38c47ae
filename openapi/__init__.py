"""The contract: interface documents, the spec made from them, what its words mean, its review."""
