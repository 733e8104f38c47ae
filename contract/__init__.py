"""What the contract means: documents, specs, changes, pictures and judgements, as values."""
