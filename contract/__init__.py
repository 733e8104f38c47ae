"""What the contract means: documents, specs, changes, pictures and judgements, as values."""

__version__ = "0.1.0"
